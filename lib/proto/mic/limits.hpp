// SPDX-License-Identifier: MIT
//
// The bounds of spec/mic.md §1.5, in characters unless the name says bytes. They are what clients
// of the time were built for; the engine's own bounds come from its options, and the narrower one
// holds. Where a bound is only for cutting what others wrote, property.hpp says so.

#pragma once

#include <cstddef>

namespace confab::mic {

inline constexpr std::size_t body_bytes_max = 2000; // of SENDMSG, SENDWHISPER, SENDUSER
inline constexpr std::size_t whisper_targets_max = 10;
inline constexpr std::size_t query_conditions_max = 5;
inline constexpr std::size_t query_terms_max = 3 * query_conditions_max - 1;
inline constexpr std::size_t properties_max = 15; // in one frame

inline constexpr std::size_t counted_units_max = 255; // what a length byte can say

inline constexpr std::size_t alias_max = 23;
inline constexpr std::size_t user_name_max = 63;
inline constexpr std::size_t password_max = 31;
inline constexpr std::size_t away_max = 63;
inline constexpr std::size_t reason_max = 63;
inline constexpr std::size_t keyword_max = 31;
inline constexpr std::size_t topic_max = 95;
inline constexpr std::size_t channel_name_max = 200;
inline constexpr std::size_t channel_name_mic_only_max = 63;
inline constexpr std::size_t package_name_max = 31;
inline constexpr std::size_t channels_of_user_max = 10;

inline constexpr unsigned ping_seconds_least = 15;
inline constexpr unsigned ping_seconds_usual = 90;
inline constexpr unsigned ping_seconds_most = 3600;

} // namespace confab::mic
