// SPDX-License-Identifier: MIT
//
// Mode letters and rank prefixes of the three views (spec ircx §19.2), over the core's neutral
// words: one table for each view that decoding, rendering and ISUPPORT all read, and behind its
// rows those of modes that were added. All three are made of the one table of letters in
// proto/ircx/modes.hpp; nobody compares letters anywhere else.

#pragma once

#include "core/added.hpp"
#include "core/modes.hpp"
#include "session/irc/view.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace confab::session {

inline constexpr view views[] = {view::irc, view::v3, view::ircx};

// What a letter takes (modern.ircdocs.horse, CHANMODES): A a mask, or nothing to list; B always a
// value; C a value when set; D none; rank a nick.
enum class mode_type : std::uint8_t { a_list, b_always, c_when_set, d_flag, rank };

struct mode_letter {
  char letter;
  mode_type type;
  std::uint32_t mode; // CONFAB_LIST_*, CONFAB_CMODE_* or CONFAB_RANK_*
};

// The view's own. Those of a type stand in the order in which ISUPPORT and 324 show them.
std::span<const mode_letter> channel_letters(view v) noexcept;
mode_letter letter_of_added(const core::addition &mode) noexcept;
// Nothing when there is no such letter.
std::optional<mode_letter> find_channel_letter(view v, const core::registry &added,
                                               char letter) noexcept;
// 0: the view has none, or the mode is gone.
char letter_of(view v, const core::registry &added, core::mode_kind kind,
               std::uint32_t mode) noexcept;
template <class Each>
void each_channel_letter(view v, const core::registry &added, Each &&each) {
  for (const mode_letter &row : channel_letters(v))
    each(row);
  for (const core::addition *mode : added.channel_modes)
    if (mode && !mode->dead)
      each(letter_of_added(*mode));
}

// The letter is shown when the user has one of the modes, and stands for the first of them.
struct user_letter {
  char letter;
  std::uint32_t mode;  // CONFAB_UMODE_*, or 0: IRCX is on, which nobody sets
  std::uint32_t shown; // for which it is shown
};

std::span<const user_letter> user_letters(view v) noexcept;
// 0: none.
std::uint32_t find_user_letter(view v, const core::registry &added, char letter) noexcept;
template <class Each>
void each_user_letter(view v, const core::registry &added, Each &&each) {
  for (const user_letter &row : user_letters(v))
    each(row);
  for (const core::addition *mode : added.user_modes)
    if (mode && !mode->dead)
      each(user_letter{static_cast<char>(mode->as<confab_mode_spec>().letter), mode->number,
                       mode->number});
}

// Ranks from the highest down. In plain IRC an owner is `@`: the letter q means other things to
// other servers, and a prefix that is not announced would become part of the nick (spec ircx
// §19.1).
struct rank_prefix {
  char prefix;
  char letter;
  std::uint32_t ranks; // CONFAB_RANK_* bits that show as this
};

std::span<const rank_prefix> rank_prefixes(view v) noexcept;
// Writes the prefixes of a member, the highest or all of them; returns how many. `out` holds two.
std::size_t write_prefixes(view v, std::uint32_t ranks, bool all, char *out) noexcept;
// The rank that a prefix stands for, or 0; and the prefix of a rank and all above it.
std::uint32_t rank_of_prefix(view v, char prefix) noexcept;
char prefix_of_rank(view v, std::uint32_t rank) noexcept;

} // namespace confab::session
