// SPDX-License-Identifier: MIT
//
// CREATE (draft §5.3; spec ircx §5.2): the name, the modes and their values as one value. Nothing
// of a line with a mistake is done: a creator must not get half a channel. Whether the channel
// exists, and what then, and who may open one with which mode, is decided by the core.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/modes.hpp"
#include "proto/ircx/names.hpp"
#include "proto/ircx/numerics.hpp"

#include <cstdint>
#include <string_view>

namespace confab::ircx {

inline constexpr std::size_t key_bytes_limit = 31;

struct create_command {
  std::string_view channel; // as written
  bool has_modes = false;   // without modes the server's defaults apply, with some exactly those
  bool only_new = false;    // `c`: 926 if it exists
  bool force_clone = false; // `e`
  visibility state = visibility::public_;
  std::uint32_t flags = 0; // 1 << channel_mode, of those without a value; not p, h, s, c, e
  std::uint32_t limit = 0; // 0: none
  std::string_view key;    // empty: none

  bool has(channel_mode mode) const noexcept {
    return (flags >> static_cast<unsigned>(mode) & 1U) != 0;
  }
};

enum class create_error : std::uint8_t {
  none,
  too_few,       // 461: no name
  missing_value, // 461: `l` or `k` without its value
  bad_limit,     // 461, as for MODE +l
  bad_key,       // 906: empty, too long, with a space or a comma
  bad_name,      // 403: `name` says why
  unknown_mode,  // 472: `letter`; capitals and signs are unknown too (Q198819)
  contradiction, // 900: a clone that is cloneable; two limits, two keys
  too_many       // 901: more values than letters that take one
};

struct create_fault {
  create_error error = create_error::none;
  char letter = '\0'; // unknown_mode, contradiction, and of a value
  name_error name = name_error::none;
};

// IRCERR_*; 0 where the numeric is one of plain IRC (461, 403, 472).
numeric numeric_of(create_error error) noexcept;

// Reads `CREATE channel [modes [values]]`. `l` and `k` take their values in the order in which they
// stand; a `+` in front is tolerated. Of p, h and s the last one counts, as on Microsoft's servers
// (spec §5.2).
create_fault parse_create(const irc::message &m, std::size_t channel_bytes_max,
                          create_command &out) noexcept;

} // namespace confab::ircx
