// SPDX-License-Identifier: MIT
//
// The table of rights and the predicate of visibility: see rights.hpp. An owner may all that an
// operator may, and an operator all that a voiced member may, because each right names its least
// rank.

#include "core/rights.hpp"

#include "text/mask.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace confab::core {

namespace {

// By right: the least rank that has it.
constexpr std::array<std::uint32_t, 9> least_rank{
    CONFAB_RANK_VOICE,    // speak_moderated
    CONFAB_RANK_OPERATOR, // set_topic
    CONFAB_RANK_OPERATOR, // invite_guarded
    CONFAB_RANK_OPERATOR, // kick
    CONFAB_RANK_OPERATOR, // change_modes
    CONFAB_RANK_OPERATOR, // change_lists
    CONFAB_RANK_OPERATOR, // give_voice
    CONFAB_RANK_OPERATOR, // give_operator
    CONFAB_RANK_OWNER     // give_owner
};

bool share_a_channel(world &w, const user &a, const user &b) noexcept {
  for (member *m = w.first_membership(a); m; m = w.next_membership(*m))
    if (w.find_member(b, w.channel_of(*m)))
      return true;
  return false;
}

} // namespace

std::uint32_t ranks_with(right wanted) noexcept {
  return at_least(least_rank[static_cast<std::size_t>(wanted)]);
}

bool may(const member *m, right wanted) noexcept {
  return m && (m->ranks & ranks_with(wanted)) != 0;
}

bool outranked(const member *actor, const member &target) noexcept {
  constexpr std::uint32_t guarded = CONFAB_RANK_OWNER;
  return (target.ranks & guarded) != 0 && (!actor || (actor->ranks & guarded) == 0);
}

right right_to_give(std::uint32_t rank) noexcept {
  if (rank == CONFAB_RANK_VOICE)
    return right::give_voice;
  return rank == CONFAB_RANK_OWNER ? right::give_owner : right::give_operator;
}

bool visible(world &w, const user *viewer, const user &subject) noexcept {
  if (!viewer || viewer == &subject || is_operator(viewer))
    return true;
  return (subject.modes & CONFAB_UMODE_INVISIBLE) == 0 || share_a_channel(w, *viewer, subject);
}

bool visible(world &w, const user *viewer, const channel &subject) noexcept {
  const bool hidden = subject.has(CONFAB_CMODE_SECRET) || subject.has(CONFAB_CMODE_PRIVATE);
  return !hidden || !viewer || is_operator(viewer) || w.find_member(*viewer, subject);
}

bool visible(world &w, const user *viewer, const member &subject) noexcept {
  const channel &where = w.channel_of(subject);
  if (!viewer || subject.who == viewer->index || is_operator(viewer) ||
      w.find_member(*viewer, where))
    return true;
  return visible(w, viewer, where) && (w.user_of(subject).modes & CONFAB_UMODE_INVISIBLE) == 0;
}

bool permitted(world &w, const user *who, std::uint32_t permission, confab_id subject) noexcept {
  if (!who || permission == CONFAB_PERMIT_HOST)
    return false;
  const auto ranked = [&](std::uint32_t ranks) {
    const channel *where = w.channels.find(subject);
    const member *m = where ? w.find_member(*who, *where) : nullptr;
    return m && (ranks == 0 || (m->ranks & ranks) != 0);
  };
  switch (permission) {
  case CONFAB_PERMIT_USER:
  case CONFAB_PERMIT_ANY:
    return true;
  case CONFAB_PERMIT_SELF:
    return world::id(*who) == subject || is_operator(who);
  case CONFAB_PERMIT_MEMBER:
    return ranked(0);
  case CONFAB_PERMIT_VOICE:
    return ranked(at_least(CONFAB_RANK_VOICE));
  case CONFAB_PERMIT_CHANNEL_OPERATOR:
    return ranked(at_least(CONFAB_RANK_OPERATOR));
  case CONFAB_PERMIT_OWNER:
    return ranked(at_least(CONFAB_RANK_OWNER));
  default:
    return is_operator(who);
  }
}

bool property_allowed(world &w, const user *viewer, confab_id subject, const addition &property,
                      bool write) noexcept {
  const auto &is = property.as<confab_property_spec>();
  if (!viewer)
    return true;
  if (write)
    return permitted(w, viewer, is.write, subject);
  if (is_operator(viewer)) // sees what members see
    return is.read != CONFAB_PERMIT_HOST;
  const channel *where = w.channels.find(subject);
  const user *who = w.users.find(subject);
  return ((where && visible(w, viewer, *where)) || (who && visible(w, viewer, *who))) &&
         permitted(w, viewer, is.read, subject);
}

bool on_list(world &w, const channel &where, std::uint32_t list, const user &who) noexcept {
  const auto &entries = where.lists[list];
  if (entries.empty())
    return false;
  const auto matches = [&](std::string_view source) {
    return std::any_of(entries.begin(), entries.end(), [&](const list_entry &entry) {
      return text::mask_match(w.casemap(), entry.mask.view(), source);
    });
  };
  const std::string_view source = who.is.source();
  const std::string_view front = source.substr(0, source.size() - who.is.hostname().size());
  // An address that is only claimed may count against a user, and grants nothing: to the other
  // lists it is not there, nor is the host that is the same address.
  const bool grants = list != CONFAB_LIST_BAN;
  const bool hostless = grants && who.host_claimed;
  if (matches(hostless ? front : source))
    return true;
  for (const conn *c = who.sessions; c; c = c->next_of_user) {
    if (grants && c->trust == CONFAB_TRUST_CLAIMED)
      continue;
    const std::string_view address = c->address.view();
    char buffer[512];
    if ((address == who.is.hostname() && !hostless) ||
        front.size() + address.size() > sizeof buffer)
      continue;
    std::memcpy(buffer, front.data(), front.size());
    std::memcpy(buffer + front.size(), address.data(), address.size());
    if (matches({buffer, front.size() + address.size()}))
      return true;
  }
  return false;
}

bool banned(world &w, const channel &where, const user &who) noexcept {
  return on_list(w, where, CONFAB_LIST_BAN, who) && !on_list(w, where, CONFAB_LIST_EXCEPTION, who);
}

bool invited(const user &who, const channel &where) noexcept {
  return std::find(who.invites.begin(), who.invites.end(), world::id(where)) != who.invites.end();
}

} // namespace confab::core
