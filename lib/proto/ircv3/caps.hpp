// SPDX-License-Identifier: MIT
//
// The IRCv3 capabilities that the server offers, in one table: name, bit, and what else follows
// from it. Negotiation itself (who asked for what) is the session's. Also the one value of a tag
// that needs a grammar: `time`.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace confab::ircv3 {

enum capability : std::uint32_t {
  cap_multi_prefix = 1U << 0,      // all ranks in NAMES and WHO
  cap_userhost_in_names = 1U << 1, // nick!user@host in NAMES
  cap_server_time = 1U << 2,       // the `time` tag
  cap_echo_message = 1U << 3       // the sender gets its own message, as others see it
};

struct capability_row {
  std::string_view name;
  std::uint32_t bit;
};

std::span<const capability_row> capabilities() noexcept;
// 0 when there is none of that name. Names are compared as they stand: capability-negotiation.
std::uint32_t find_capability(std::string_view name) noexcept;

// "2011-10-19T16:40:51.620Z" (server-time). `out` has room for 24 bytes; years 0 to 9999.
std::string_view format_time(std::int64_t unix_ns, char *out) noexcept;

} // namespace confab::ircv3
