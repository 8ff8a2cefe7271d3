// SPDX-License-Identifier: MIT
//
// ACCESS (draft §5.1; spec ircx §5.1, §11): the five levels and the parser of the command. The
// lists, who may change them, and what one makes of a user are the core's business.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/names.hpp"
#include "proto/ircx/numerics.hpp"
#include "text/access_mask.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::ircx {

// In the order in which 804 lists them and in which they are tried (draft §5.1.4).
enum class access_level : std::uint8_t { owner, host, voice, grant, deny };
inline constexpr std::size_t access_levels = 5;

std::string_view name(access_level level) noexcept;                            // "OWNER"
std::optional<access_level> find_access_level(std::string_view name) noexcept; // without case
// Only channels have ranks to give.
constexpr bool gives_rank(access_level level) noexcept { return level <= access_level::voice; }

enum class access_verb : std::uint8_t { list, add, remove, clear };

// In minutes; what expires later than this is a mistake. 2^32 seconds, as the clients have it.
inline constexpr std::uint32_t access_minutes_max = 71'582'788;

struct access_command {
  std::string_view object; // as typed
  object_kind kind = object_kind::none;
  access_verb verb = access_verb::list;
  std::optional<access_level> level; // CLEAR without one means all
  std::uint32_t minutes = 0;         // 0: never expires
  std::string_view reason;
  // The completed mask, for ADD and DELETE.
  std::string_view mask() const noexcept { return {mask_bytes.data(), mask_length}; }

  std::array<char, text::mask_bytes_limit> mask_bytes;
  std::size_t mask_length = 0;
};

enum class access_error : std::uint8_t {
  none,
  too_few,     // 461: no object; ADD without level; DELETE without level or mask
  too_many,    // 901
  bad_verb,    // 900
  bad_level,   // 903: unknown, or a rank on what is no channel
  bad_mask,    // 906
  bad_timeout, // 906: too large a number
  no_object    // 924: nothing that has a name like this
};

numeric numeric_of(access_error error) noexcept; // IRCERR_*, or 0 for the 461 of plain IRC

// Reads `ACCESS object [LIST | ADD level [mask [minutes] [reason]] | DELETE level mask | CLEAR
// [level]]`. Both the draft's example and Microsoft's control leave the minutes out and give a
// reason: what follows the mask and is no number begins the reason, which then goes to the end of
// the line (spec §5.1).
access_error parse_access(const irc::message &m, access_command &out) noexcept;

} // namespace confab::ircx
