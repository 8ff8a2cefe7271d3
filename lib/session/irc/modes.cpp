// SPDX-License-Identifier: MIT
//
// The letters of the views: see modes.hpp. The tables are made when this is compiled: the letters
// of IRCX, or those that they have elsewhere, and what only clients without IRCX have: lists of
// exceptions and C, for which IRCX has no letters. A letter that stands in no row does not exist
// for that view.

#include "session/irc/modes.hpp"

#include "proto/ircx/modes.hpp"

#include <algorithm>
#include <array>

namespace confab::session {

namespace {

using ircx::channel_mode;

struct core_mode {
  channel_mode mode;
  std::uint32_t number; // CONFAB_LIST_*, CONFAB_CMODE_* or CONFAB_RANK_*
};

// All but create_only, which is no mode.
constexpr core_mode core_modes[] = {
    {channel_mode::ban, CONFAB_LIST_BAN},
    {channel_mode::key, CONFAB_CMODE_KEY},
    {channel_mode::limit, CONFAB_CMODE_LIMIT},
    {channel_mode::private_, CONFAB_CMODE_PRIVATE},
    {channel_mode::hidden, CONFAB_CMODE_HIDDEN},
    {channel_mode::secret, CONFAB_CMODE_SECRET},
    {channel_mode::moderated, CONFAB_CMODE_MODERATED},
    {channel_mode::no_external, CONFAB_CMODE_NO_EXTERNAL},
    {channel_mode::topic_locked, CONFAB_CMODE_TOPIC_LOCKED},
    {channel_mode::invite_only, CONFAB_CMODE_INVITE_ONLY},
    {channel_mode::knock, CONFAB_CMODE_KNOCK},
    {channel_mode::no_format, CONFAB_CMODE_NO_FORMAT},
    {channel_mode::no_whisper, CONFAB_CMODE_NO_WHISPER},
    {channel_mode::auditorium, CONFAB_CMODE_AUDITORIUM},
    {channel_mode::auth_only, CONFAB_CMODE_AUTH_ONLY},
    {channel_mode::cloneable, CONFAB_CMODE_CLONEABLE},
    {channel_mode::clone, CONFAB_CMODE_CLONE},
    {channel_mode::registered, CONFAB_CMODE_REGISTERED},
    {channel_mode::service, CONFAB_CMODE_SERVICE},
    {channel_mode::mic_only, CONFAB_CMODE_MIC_ONLY},
    {channel_mode::owner, CONFAB_RANK_OWNER},
    {channel_mode::host, CONFAB_RANK_OPERATOR},
    {channel_mode::voice, CONFAB_RANK_VOICE},
};

constexpr const core_mode *find_core(channel_mode mode) noexcept {
  for (const core_mode &row : core_modes)
    if (row.mode == mode)
      return &row;
  return nullptr;
}

constexpr mode_type type_of(ircx::letter_type type) noexcept {
  switch (type) {
  case ircx::letter_type::list:
    return mode_type::a_list;
  case ircx::letter_type::always:
    return mode_type::b_always;
  case ircx::letter_type::when_set:
    return mode_type::c_when_set;
  case ircx::letter_type::flag:
    return mode_type::d_flag;
  case ircx::letter_type::rank:
    break;
  }
  return mode_type::rank;
}

// Rows of one view, in a table of fixed size.
template <class Row, std::size_t Size>
struct rows {
  std::array<Row, Size> all{};
  std::size_t count = 0;

  constexpr void add(const Row &row) noexcept { all[count++] = row; }
  constexpr std::span<const Row> view() const noexcept { return {all.data(), count}; }
};

using channel_rows = rows<mode_letter, 32>;
using user_rows = rows<user_letter, 8>;
using prefix_rows = rows<rank_prefix, 3>;

constexpr channel_rows ircx_channel_rows() noexcept {
  channel_rows out;
  for (const ircx::mode_letter &row : ircx::table::channel_letters)
    if (const core_mode *is = find_core(row.mode))
      out.add({row.letter, type_of(row.type), is->number});
  return out;
}

// In plain IRC lists come first, then what takes a value, then flags by their letters, then ranks.
constexpr channel_rows plain_channel_rows(bool owners) noexcept {
  channel_rows out;
  for (const ircx::mode_letter &row : ircx::table::channel_letters) {
    const core_mode *is = find_core(row.mode);
    if (is && row.plain_letter != '\0' && (owners || row.mode != channel_mode::owner))
      out.add({row.plain_letter, type_of(row.type), is->number});
  }
  out.add({'e', mode_type::a_list, CONFAB_LIST_EXCEPTION});
  out.add({'I', mode_type::a_list, CONFAB_LIST_INVITE});
  out.add({'C', mode_type::d_flag, CONFAB_CMODE_NO_CTCP});
  const auto before = [](const mode_letter &a, const mode_letter &b) {
    if (a.type != b.type)
      return a.type < b.type;
    return a.type == mode_type::d_flag ? a.letter < b.letter : a.mode < b.mode;
  };
  // Owners before operators, the others by their numbers.
  const auto in_order = [&](const mode_letter &a, const mode_letter &b) {
    return a.type == mode_type::rank && b.type == mode_type::rank ? a.mode > b.mode : before(a, b);
  };
  std::sort(out.all.begin(), out.all.begin() + static_cast<std::ptrdiff_t>(out.count), in_order);
  return out;
}

constexpr std::uint32_t user_mode_of(ircx::user_mode mode) noexcept {
  switch (mode) {
  case ircx::user_mode::administrator:
    return CONFAB_UMODE_ADMINISTRATOR;
  case ircx::user_mode::sysop:
    return CONFAB_UMODE_OPERATOR;
  case ircx::user_mode::invisible:
    return CONFAB_UMODE_INVISIBLE;
  case ircx::user_mode::wallops:
    return CONFAB_UMODE_WALLOPS;
  case ircx::user_mode::server_notices:
    return CONFAB_UMODE_SERVER_NOTICES;
  case ircx::user_mode::gag:
    return CONFAB_UMODE_GAG;
  case ircx::user_mode::ircx:
    break;
  }
  return 0;
}

constexpr user_rows make_user_rows(bool plain) noexcept {
  user_rows out;
  for (const ircx::user_letter &row : ircx::table::user_letters) {
    const std::uint32_t mode = user_mode_of(row.mode);
    if (!plain)
      out.add({row.letter, mode, mode});
    else if (row.plain_letter == row.letter) // an administrator is an operator to plain clients
      out.add({row.letter, mode,
               mode == CONFAB_UMODE_OPERATOR ? mode | CONFAB_UMODE_ADMINISTRATOR : mode});
  }
  return out;
}

// Ranks that share a prefix are one row.
constexpr prefix_rows make_prefix_rows(char ircx::rank_prefix::*column) noexcept {
  prefix_rows out;
  for (const ircx::rank_prefix &row : ircx::table::rank_prefixes) {
    const std::uint32_t rank = find_core(row.rank)->number;
    if (out.count > 0 && out.all[out.count - 1].prefix == row.*column) {
      out.all[out.count - 1].letter = row.letter;
      out.all[out.count - 1].ranks |= rank;
    } else {
      out.add({row.*column, row.letter, rank});
    }
  }
  return out;
}

// By view.
constexpr std::array<channel_rows, 3> channel_tables{plain_channel_rows(false),
                                                     plain_channel_rows(true), ircx_channel_rows()};
constexpr std::array<user_rows, 3> user_tables{make_user_rows(true), make_user_rows(true),
                                               make_user_rows(false)};
constexpr std::array<prefix_rows, 3> prefix_tables{
    make_prefix_rows(&ircx::rank_prefix::plain_prefix),
    make_prefix_rows(&ircx::rank_prefix::v3_prefix), make_prefix_rows(&ircx::rank_prefix::prefix)};

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

std::span<const mode_letter> channel_letters(view v) noexcept {
  return channel_tables[static_cast<std::size_t>(v)].view();
}
std::span<const user_letter> user_letters(view v) noexcept {
  return user_tables[static_cast<std::size_t>(v)].view();
}
std::span<const rank_prefix> rank_prefixes(view v) noexcept {
  return prefix_tables[static_cast<std::size_t>(v)].view();
}

mode_letter letter_of_added(const core::addition &mode) noexcept {
  const auto &is = mode.as<confab_mode_spec>();
  return {static_cast<char>(is.letter),
          is.value == CONFAB_MODE_ALWAYS     ? mode_type::b_always
          : is.value == CONFAB_MODE_WHEN_SET ? mode_type::c_when_set
                                             : mode_type::d_flag,
          mode.number};
}

std::optional<mode_letter> find_channel_letter(view v, const core::registry &added,
                                               char letter) noexcept {
  std::optional<mode_letter> found;
  each_channel_letter(v, added, [&](const mode_letter &row) {
    if (row.letter == letter)
      found = row;
  });
  return found;
}

char letter_of(view v, const core::registry &added, core::mode_kind kind,
               std::uint32_t mode) noexcept {
  char letter = 0;
  if (kind == core::mode_kind::user_mode) {
    each_user_letter(v, added, [&](const user_letter &row) {
      if ((row.shown & mode) != 0)
        letter = row.letter;
    });
    return letter;
  }
  if (kind == core::mode_kind::rank && mode == CONFAB_RANK_OWNER && v == view::irc)
    mode = CONFAB_RANK_OPERATOR;
  each_channel_letter(v, added, [&](const mode_letter &row) {
    if (is_of(row.type, kind) && row.mode == mode)
      letter = row.letter;
  });
  return letter;
}

std::uint32_t find_user_letter(view v, const core::registry &added, char letter) noexcept {
  std::uint32_t found = 0;
  each_user_letter(v, added, [&](const user_letter &row) {
    if (row.letter == letter)
      found = row.mode;
  });
  return found;
}

std::size_t write_prefixes(view v, std::uint32_t ranks, bool all, char *out) noexcept {
  std::size_t count = 0;
  for (const rank_prefix &row : rank_prefixes(v))
    if ((ranks & row.ranks) != 0 && (all || count == 0))
      out[count++] = row.prefix;
  return count;
}

std::uint32_t rank_of_prefix(view v, char prefix) noexcept {
  for (const rank_prefix &row : rank_prefixes(v))
    if (row.prefix == prefix)
      return row.ranks & ~(row.ranks - 1); // the lowest of those that show as it
  return 0;
}

char prefix_of_rank(view v, std::uint32_t rank) noexcept {
  for (const rank_prefix &row : rank_prefixes(v))
    if ((row.ranks & rank) != 0)
      return row.prefix;
  return '\0';
}

} // namespace confab::session
