// SPDX-License-Identifier: MIT
//
// Mode letters and rank prefixes of plain IRC, over the core's neutral words: one table that
// decoding, rendering and ISUPPORT all read, and behind its rows those of modes that were added.
// Another dialect has a table of its own; nobody compares letters anywhere else.

#pragma once

#include "core/added.hpp"
#include "core/modes.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace confab::session {

// What a letter takes (modern.ircdocs.horse, CHANMODES): A a mask, or nothing to list; B always a
// value; C a value when set; D none; rank a nick.
enum class mode_type : std::uint8_t { a_list, b_always, c_when_set, d_flag, rank };

struct mode_letter {
  char letter;
  mode_type type;
  std::uint32_t mode; // CONFAB_LIST_*, CONFAB_CMODE_* or CONFAB_RANK_*
};

// The dialect's own.
std::span<const mode_letter> channel_letters() noexcept;
mode_letter letter_of_added(const core::addition &mode) noexcept;
// Nothing when there is no such letter.
std::optional<mode_letter> find_channel_letter(const core::registry &added, char letter) noexcept;
// 0: a mode that is gone.
char letter_of(const core::registry &added, core::mode_kind kind, std::uint32_t mode) noexcept;
template <class Each>
void each_channel_letter(const core::registry &added, Each &&each) {
  for (const mode_letter &row : channel_letters())
    each(row);
  for (const core::addition *mode : added.channel_modes)
    if (mode && !mode->dead)
      each(letter_of_added(*mode));
}

struct user_letter {
  char letter;
  std::uint32_t mode; // CONFAB_UMODE_*
};

std::span<const user_letter> user_letters() noexcept;
// 0: none.
std::uint32_t find_user_letter(const core::registry &added, char letter) noexcept;
template <class Each>
void each_user_letter(const core::registry &added, Each &&each) {
  for (const user_letter &row : user_letters())
    each(row);
  for (const core::addition *mode : added.user_modes)
    if (mode && !mode->dead)
      each(user_letter{static_cast<char>(mode->as<confab_mode_spec>().letter), mode->number});
}

// Ranks from the highest down: what a plain client sees. An owner is `@` here: the letter q means
// other things to other servers, and a prefix that is not announced would become part of the nick
// (spec ircx §19.1).
struct rank_prefix {
  char prefix;
  char letter;
  std::uint32_t ranks; // CONFAB_RANK_* bits that show as this
};

std::span<const rank_prefix> rank_prefixes() noexcept;
// Writes the prefixes of a member, the highest or all of them; returns how many. `out` holds two.
std::size_t write_prefixes(std::uint32_t ranks, bool all, char *out) noexcept;
// The rank that a prefix stands for, or 0.
std::uint32_t rank_of_prefix(char prefix) noexcept;

} // namespace confab::session
