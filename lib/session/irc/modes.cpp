// SPDX-License-Identifier: MIT
//
// The letters of plain IRC: see modes.hpp. Rows of a kind are in the order in which ISUPPORT and
// 324 show them.
// A letter that stands in no row does not exist for plain clients.

#include "session/irc/modes.hpp"

#include <algorithm>
#include <array>

namespace confab::session {

namespace {

constexpr std::array<mode_letter, 14> channel_table{{
    {'b', mode_type::a_list, CONFAB_LIST_BAN},
    {'e', mode_type::a_list, CONFAB_LIST_EXCEPTION},
    {'I', mode_type::a_list, CONFAB_LIST_INVITE},
    {'k', mode_type::b_always, CONFAB_CMODE_KEY},
    {'l', mode_type::c_when_set, CONFAB_CMODE_LIMIT},
    {'C', mode_type::d_flag, CONFAB_CMODE_NO_CTCP},
    {'i', mode_type::d_flag, CONFAB_CMODE_INVITE_ONLY},
    {'m', mode_type::d_flag, CONFAB_CMODE_MODERATED},
    {'n', mode_type::d_flag, CONFAB_CMODE_NO_EXTERNAL},
    {'p', mode_type::d_flag, CONFAB_CMODE_PRIVATE},
    {'s', mode_type::d_flag, CONFAB_CMODE_SECRET},
    {'t', mode_type::d_flag, CONFAB_CMODE_TOPIC_LOCKED},
    {'o', mode_type::rank, CONFAB_RANK_OPERATOR},
    {'v', mode_type::rank, CONFAB_RANK_VOICE},
}};

constexpr std::array<user_letter, 3> user_table{
    {{'i', CONFAB_UMODE_INVISIBLE}, {'o', CONFAB_UMODE_OPERATOR}, {'w', CONFAB_UMODE_WALLOPS}}};

constexpr std::array<rank_prefix, 2> prefix_table{
    {{'@', 'o', CONFAB_RANK_OPERATOR | CONFAB_RANK_OWNER}, {'+', 'v', CONFAB_RANK_VOICE}}};

bool is_of(mode_type type, core::mode_kind kind) noexcept {
  switch (kind) {
  case core::mode_kind::list:
    return type == mode_type::a_list;
  case core::mode_kind::rank:
    return type == mode_type::rank;
  default:
    return type != mode_type::a_list && type != mode_type::rank;
  }
}

} // namespace

std::span<const mode_letter> channel_letters() noexcept { return channel_table; }
std::span<const user_letter> user_letters() noexcept { return user_table; }
std::span<const rank_prefix> rank_prefixes() noexcept { return prefix_table; }

mode_letter letter_of_added(const core::addition &mode) noexcept {
  const auto &is = mode.as<confab_mode_spec>();
  return {static_cast<char>(is.letter),
          is.value == CONFAB_MODE_ALWAYS     ? mode_type::b_always
          : is.value == CONFAB_MODE_WHEN_SET ? mode_type::c_when_set
                                             : mode_type::d_flag,
          mode.number};
}

std::optional<mode_letter> find_channel_letter(const core::registry &added, char letter) noexcept {
  std::optional<mode_letter> found;
  each_channel_letter(added, [&](const mode_letter &row) {
    if (row.letter == letter)
      found = row;
  });
  return found;
}

char letter_of(const core::registry &added, core::mode_kind kind, std::uint32_t mode) noexcept {
  char letter = 0;
  if (kind == core::mode_kind::user_mode) {
    each_user_letter(added, [&](const user_letter &row) {
      if (row.mode == mode)
        letter = row.letter;
    });
    return letter;
  }
  if (kind == core::mode_kind::rank && mode == CONFAB_RANK_OWNER)
    mode = CONFAB_RANK_OPERATOR;
  each_channel_letter(added, [&](const mode_letter &row) {
    if (is_of(row.type, kind) && row.mode == mode)
      letter = row.letter;
  });
  return letter;
}

std::uint32_t find_user_letter(const core::registry &added, char letter) noexcept {
  std::uint32_t found = 0;
  each_user_letter(added, [&](const user_letter &row) {
    if (row.letter == letter)
      found = row.mode;
  });
  return found;
}

std::size_t write_prefixes(std::uint32_t ranks, bool all, char *out) noexcept {
  std::size_t count = 0;
  for (const rank_prefix &row : prefix_table)
    if ((ranks & row.ranks) != 0 && (all || count == 0))
      out[count++] = row.prefix;
  return count;
}

std::uint32_t rank_of_prefix(char prefix) noexcept {
  for (const rank_prefix &row : prefix_table)
    if (row.prefix == prefix)
      return row.ranks & ~(row.ranks - 1); // the lowest of those that show as it
  return 0;
}

} // namespace confab::session
