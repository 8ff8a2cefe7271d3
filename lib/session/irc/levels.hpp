// SPDX-License-Identifier: MIT
//
// IRCX's access levels and the core's lists, in one table that reading and showing share. The two
// orders differ: the draft's is that in which levels are tried, the core's numbers are older.
// Lists that plain IRC alone has are no levels.

#pragma once

#include "proto/ircx/access.hpp"

#include <confab/event.h>

#include <algorithm>
#include <array>

namespace confab::session {

inline constexpr std::array<std::uint32_t, ircx::access_levels> lists_by_level{
    CONFAB_LIST_OWNER, CONFAB_LIST_OPERATOR, CONFAB_LIST_VOICE, CONFAB_LIST_GRANT, CONFAB_LIST_BAN};

constexpr std::uint32_t list_of(ircx::access_level level) noexcept {
  return lists_by_level[static_cast<std::size_t>(level)];
}

// "DENY"; `*` for all of them, and for a list that is no level.
inline std::string_view level_name(std::uint32_t list) noexcept {
  const auto at = std::find(lists_by_level.begin(), lists_by_level.end(), list);
  return at == lists_by_level.end()
             ? std::string_view("*")
             : ircx::name(static_cast<ircx::access_level>(at - lists_by_level.begin()));
}

} // namespace confab::session
