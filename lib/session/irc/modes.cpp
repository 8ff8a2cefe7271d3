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

const mode_letter *find_channel_letter(char letter) noexcept {
  const auto at = std::find_if(channel_table.begin(), channel_table.end(),
                               [&](const mode_letter &row) { return row.letter == letter; });
  return at == channel_table.end() ? nullptr : &*at;
}

char letter_of(core::mode_kind kind, std::uint32_t mode) noexcept {
  if (kind == core::mode_kind::user_mode) {
    for (const user_letter &row : user_table)
      if (row.mode == mode)
        return row.letter;
    return 0;
  }
  if (kind == core::mode_kind::rank && mode == CONFAB_RANK_OWNER)
    mode = CONFAB_RANK_OPERATOR;
  for (const mode_letter &row : channel_table)
    if (is_of(row.type, kind) && row.mode == mode)
      return row.letter;
  return 0;
}

std::uint32_t find_user_letter(char letter) noexcept {
  for (const user_letter &row : user_table)
    if (row.letter == letter)
      return row.mode;
  return 0;
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
