// SPDX-License-Identifier: MIT
//
// The service at work: who is of which class, and what classes, bans, switches and the protection
// against attacks make of an act. Acts ask here; the rules themselves are in rules.hpp, what was
// configured in config.hpp. Operators of the server are bound by none of it but by what keeps
// somebody from registering (spec chat-sdk §4.4).

#pragma once

#include "core/service/config.hpp"
#include "core/world.hpp"

namespace confab::core {

// What is null while nobody configured anything.
inline const kept_class *class_of(const world &w, const conn *c) noexcept {
  return c && c->class_number != 0 ? &w.service->classes[c->class_number - 1U] : nullptr;
}
// Of several sessions the first counts.
inline const kept_class *class_of(const world &w, const user &who) noexcept {
  return class_of(w, who.sessions);
}
bool barred(const world &w, const user &who, class_bar from) noexcept;

// Puts the connection, whose user is known, into its class, with that class's bounds.
void take_class(world &w, conn &c) noexcept;
// Sets the bounds anew: its user became an operator, or is none any more.
void refresh_bounds(world &w, const user &who) noexcept;

// May the connection of the act register? CONFAB_REFUSED_*, or NONE; `reason` is for its user.
std::uint32_t refusal_to_register(const world &w, const operation &op,
                                  std::string_view &reason) noexcept;
// May the user change its nick now?
std::uint32_t refusal_to_rename(const world &w, const operation &op, const user &who) noexcept;
// May it make a channel, or enter one that users made?
std::uint32_t refusal_to_make(const world &w, const user &who) noexcept;
bool enters_dynamic(const world &w, const user &who) noexcept;

// The ranks, of those, that the user can have in a channel at all.
std::uint32_t ranks_possible(const world &w, const user &who, std::uint32_t ranks) noexcept;
// Does it enter as owner because it is an operator of the server?
bool owns_as_operator(const world &w, const user &who, const channel *where) noexcept;
// How many channels it may be in.
std::uint32_t channels_max_of(const world &w, const user &who) noexcept;

// How many members the channel takes; 0: no bound of its own. The most that its users may set; 0:
// any number.
std::uint32_t members_max_of(const world &w, const channel &where) noexcept;
std::uint32_t limit_max_of(const world &w, const channel *where) noexcept;

// Does the account belong to what the property ACCOUNT names: that account ("name@domain" or
// "DOMAIN\name"), its whole domain, or a mask of accounts?
bool account_belongs(std::string_view account, std::string_view group) noexcept;

// The origin has done that: what it says next waits.
void delay_after(world &w, const operation &op, protected_act what) noexcept;

// A registered channel that is empty, and was not to be there before somebody comes: only its name
// is taken.
inline bool is_inactive(const channel &where) noexcept {
  return where.roster.empty() && where.has(CONFAB_CMODE_REGISTERED) &&
         (where.standing & standing_autostart) == 0;
}

// Puts a configuration in the place of the one before, and makes, changes and frees registered
// channels as it says. Throws bad_alloc; nothing changed then.
void apply_service(world &w, service_config &config);

} // namespace confab::core
