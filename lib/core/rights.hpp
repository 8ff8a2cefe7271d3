// SPDX-License-Identifier: MIT
//
// Who may do what, in one table of ranks and rights, and who may see whom, in one predicate. Every
// act and every query asks here; nothing else compares ranks or looks at secrecy.

#pragma once

#include "core/access_rules.hpp"
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

// Operators and owners of a channel: the stage of an auditorium (IRCX draft §8.1.12).
inline constexpr std::uint32_t ranks_stage = CONFAB_RANK_OPERATOR | CONFAB_RANK_OWNER;
constexpr bool on_stage(const member &m) noexcept { return (m.ranks & ranks_stage) != 0; }

// The ranks that give the right, as a mask.
std::uint32_t ranks_with(right wanted) noexcept;
// Does the member's rank give the right? Null (not a member) has none.
bool may(const member *m, right wanted) noexcept;
// May `actor` act on `target` at all: nobody acts on a higher rank.
bool outranked(const member *actor, const member &target) noexcept;
// The right to give or take a rank.
right right_to_give(std::uint32_t rank) noexcept;
// What a member with `ranks` has after one of them is given or taken: OPERATOR and OWNER take each
// other's place.
std::uint32_t ranks_after(std::uint32_t ranks, std::uint32_t rank, bool set) noexcept;

// May the user set or clear the core's mode of a channel that exists: CONFAB_REFUSED_*, or NONE.
// Null for `m`: it is no member.
std::uint32_t refusal_of_mode(const user *who, const member *m, std::uint32_t mode) noexcept;
// May the user make a channel with that mode?
bool may_open_with(const user *who, std::uint32_t mode) noexcept;
// What excludes a mode that is set: the modes that it clears.
std::uint64_t modes_excluded_by(std::uint32_t mode) noexcept;

// Acts without a user are the server's own; forced ones were vouched for by the host.
inline bool unchecked(const operation &op) noexcept {
  return !op.actor || (op.event.head.flags & CONFAB_EVENT_FORCED) != 0;
}
inline bool is_operator(const user *who) noexcept {
  return who && (who->modes & (CONFAB_UMODE_OPERATOR | CONFAB_UMODE_ADMINISTRATOR)) != 0;
}
inline bool is_administrator(const user *who) noexcept {
  return who && (who->modes & CONFAB_UMODE_ADMINISTRATOR) != 0;
}

// What the actor says is dropped in silence (IRCX draft §7.2).
inline bool gagged(const operation &op) noexcept {
  return op.actor && (op.actor->modes & CONFAB_UMODE_GAG) != 0 && !unchecked(op);
}

// The one predicate: may `viewer` (null: the server) learn of the subject by asking?
bool visible(world &w, const user *viewer, const user &subject) noexcept;
bool visible(world &w, const user *viewer, const channel &subject) noexcept;
bool visible(world &w, const user *viewer, const member &subject) noexcept;
// Is a user's being there told to who asks about that very user? Being invisible hides it from
// lists only; the asker did not name the channel, so a hidden one is not told.
bool told_with_user(world &w, const user *viewer, const member &subject) noexcept;

// How much of a channel it is.
enum class sight : std::uint8_t {
  nothing,   // that it exists is not told
  name_only, // its name and how many are in it
  by_name,   // all, to who knows its name
  all
};
sight sight_of(world &w, const user *viewer, const channel &subject) noexcept;

// In an auditorium the floor sees the stage and itself.
bool sees(world &w, const member &viewer, const member &subject) noexcept;
// Is `viewer` told that `subject` comes, goes and is called otherwise?
bool hears_of(world &w, const member &viewer, const member &subject) noexcept;
// All who are told that `m` comes or goes, and who hear what it says.
audience told_of(world &w, const member &m) noexcept;
audience hearing(world &w, const channel &where, const member *speaker) noexcept;
// Does the listener's own list keep the speaker from its ear?
bool denies(world &w, const user &listener, const user &speaker) noexcept;

// Does a completed mask (text/access_mask.hpp) match what everybody sees of the user?
bool face_matches(const world &w, std::string_view mask, const user &who) noexcept;
// May the user do what asks for that CONFAB_PERMIT_*, of a user or channel where it is about one?
bool permitted(world &w, const user *who, std::uint32_t permission, confab_id subject) noexcept;
// The one predicate of properties: may `viewer` (null: the server) read one, or change it?
bool property_allowed(world &w, const user *viewer, confab_id subject, const addition &property,
                      bool write) noexcept;

// What a list makes of the user: see access_rules.hpp. An exception takes a ban's force.
access_verdict judge(world &w, const access_list &list, const user &who) noexcept;
// The same of somebody who is about to become a user. Null: who comes by no connection.
access_verdict judge(world &w, const access_list &list, const confab_event_register &newcomer,
                     const conn *by) noexcept;

// Does an entry of the list match the user, by what others see of it or by its address? An address
// that was only claimed (CONFAB_TRUST_CLAIMED) matches bans alone.
bool matched(world &w, const access_list &list, std::uint32_t which, const user &who) noexcept;
// On the ban list, and on none that outweighs it.
bool banned(world &w, const channel &where, const user &who) noexcept;
bool invited(const user &who, const channel &where) noexcept;

} // namespace confab::core
