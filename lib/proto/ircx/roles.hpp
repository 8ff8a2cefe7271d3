// SPDX-License-Identifier: MIT
//
// Who acts, in the words of the IRCX draft (§4.1; spec ircx §1.2), as bits: a viewer or actor has
// all that apply to him, and a rule is a mask of those it lets through.
// How the core's ranks and user modes become these bits is the session's business, and so is
// whether an operator counts as an owner.

#pragma once

#include <cstdint>

namespace confab::ircx {

enum role : std::uint8_t {
  role_outsider = 1U << 0U, // not in the channel
  role_member = 1U << 1U,
  role_voice = 1U << 2U,
  role_host = 1U << 3U,
  role_owner = 1U << 4U,
  role_sysop = 1U << 5U,
  role_manager = 1U << 6U, // a sysop manager, "admin"
  role_server = 1U << 7U   // the server itself, its configuration and its services
};

using role_set = std::uint8_t;

inline constexpr role_set roles_none = 0;
inline constexpr role_set roles_stage = role_host | role_owner; // spec ircx §14.1
inline constexpr role_set roles_inside = role_member | role_voice | roles_stage;
inline constexpr role_set roles_operator = role_sysop | role_manager;

constexpr bool has_any(role_set who, role_set wanted) noexcept { return (who & wanted) != 0; }

} // namespace confab::ircx
