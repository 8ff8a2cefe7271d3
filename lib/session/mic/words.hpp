// SPDX-License-Identifier: MIT
//
// The mode and flag words of MIC (spec mic §5) over the core's neutral modes: one table for
// channels and one for users, read in both directions. Bits without a meaning in the core are kept
// with the channel (channel::marks) and shown to clients of MIC alone.

#pragma once

#include "core/world.hpp"

#include <cstdint>
#include <span>

namespace confab::session {

struct word_bit {
  std::uint32_t bit;  // of the word
  std::uint32_t mode; // CONFAB_CMODE_* or CONFAB_UMODE_*
};

std::span<const word_bit> channel_mode_bits() noexcept;
std::span<const word_bit> channel_flag_bits() noexcept;
std::span<const word_bit> user_mode_bits() noexcept;

// Bits that the core has no mode for: of the mode word, and of the flag word.
inline constexpr std::uint32_t marked_modes = 0xb400, marked_flags = 0x0028;
constexpr std::uint32_t marks_of(std::uint32_t modes, std::uint32_t flags) noexcept {
  return (modes & marked_modes) | (flags & marked_flags) << 16U;
}

// The words of a channel; the first also of one whose modes were `modes`.
std::uint32_t channel_mode_word(std::uint64_t modes, std::uint32_t marks) noexcept;
inline std::uint32_t channel_mode_word(const core::channel &where) noexcept {
  return channel_mode_word(where.modes, where.marks);
}
std::uint32_t channel_flag_word(const core::channel &where) noexcept;
// The other way: 1 << CONFAB_CMODE_* of what a client asks for a channel that it makes.
std::uint64_t modes_of_words(std::uint32_t modes, std::uint32_t flags) noexcept;

std::uint32_t user_mode_word(const core::user &who, bool of_mic) noexcept;
// A member's, if it had these ranks; in a channel of these modes.
std::uint32_t member_mode_word(const core::user &who, const core::channel &where,
                               std::uint32_t ranks, std::uint32_t refuses, bool of_mic) noexcept;

// Does a session of the user speak MIC?
bool speaks_mic(const core::user &who) noexcept;
inline std::uint32_t member_mode_word(core::world &w, const core::member &m) noexcept {
  const core::user &who = w.user_of(m);
  return member_mode_word(who, w.channel_of(m), m.ranks, m.refuses, speaks_mic(who));
}

} // namespace confab::session
