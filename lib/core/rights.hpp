// SPDX-License-Identifier: MIT
//
// Who may do what, in one table of ranks and rights, and who may see whom, in one predicate. Every
// act and every query asks here; nothing else compares ranks or looks at secrecy.

#pragma once

#include "core/world.hpp"

namespace confab::core {

enum class right : std::uint8_t {
  speak_moderated, // in a moderated channel, or under a ban
  set_topic,       // where it is locked
  invite_guarded,  // to an invite-only channel
  kick,
  change_modes,
  change_lists,
  give_voice,
  give_operator,
  give_owner
};

// The rank and all above it, as a mask.
constexpr std::uint32_t at_least(std::uint32_t rank) noexcept {
  constexpr std::uint32_t all = CONFAB_RANK_VOICE | CONFAB_RANK_OPERATOR | CONFAB_RANK_OWNER;
  return rank == 0 ? 0 : all & ~(rank - 1);
}

// The ranks that give the right, as a mask.
std::uint32_t ranks_with(right wanted) noexcept;
// Does the member's rank give the right? Null (not a member) has none.
bool may(const member *m, right wanted) noexcept;
// May `actor` act on `target` at all: nobody acts on a higher rank.
bool outranked(const member *actor, const member &target) noexcept;
// The right to give or take a rank.
right right_to_give(std::uint32_t rank) noexcept;

// Acts without a user are the server's own; forced ones were vouched for by the host.
inline bool unchecked(const operation &op) noexcept {
  return !op.actor || (op.event.head.flags & CONFAB_EVENT_FORCED) != 0;
}
inline bool is_operator(const user *who) noexcept {
  return who && (who->modes & CONFAB_UMODE_OPERATOR) != 0;
}

// The one predicate: may `viewer` (null: the server) learn of the subject by asking?
bool visible(world &w, const user *viewer, const user &subject) noexcept;
bool visible(world &w, const user *viewer, const channel &subject) noexcept;
bool visible(world &w, const user *viewer, const member &subject) noexcept;

// May the user do what asks for that CONFAB_PERMIT_*, of a user or channel where it is about one?
bool permitted(world &w, const user *who, std::uint32_t permission, confab_id subject) noexcept;
// The one predicate of properties: may `viewer` (null: the server) read one, or change it?
bool property_allowed(world &w, const user *viewer, confab_id subject, const addition &property,
                      bool write) noexcept;

// Does an entry of the list match the user, by what others see of it or by its address? An address
// that was only claimed (CONFAB_TRUST_CLAIMED) matches bans alone.
bool on_list(world &w, const channel &where, std::uint32_t list, const user &who) noexcept;
// On the ban list, and not on the exceptions.
bool banned(world &w, const channel &where, const user &who) noexcept;
bool invited(const user &who, const channel &where) noexcept;

} // namespace confab::core
