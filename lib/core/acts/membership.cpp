// SPDX-License-Identifier: MIT
//
// Entering and leaving channels: JOIN, PART, KICK and INVITE in neutral words. Who gets in is
// decided in entry.cpp.

#include "core/acts/entry.hpp"
#include "core/service/service.hpp"

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

// A roster grows by half, not by double: its pointers are most of what a membership costs.
void reserve_roster(channel &where) {
  const std::size_t size = where.roster.size();
  if (size == where.roster.capacity())
    where.roster.reserve(std::max<std::size_t>(4, size + size / 2));
}

member &add_member(world &w, user &who, channel &where, std::uint8_t ranks) noexcept {
  member &m = w.members.create(); // reserved before
  m.who = who.index;
  m.of = where.index;
  m.session = who.sessions;
  m.next_of_user = who.memberships;
  m.position = static_cast<std::uint32_t>(where.roster.size());
  m.joined_s = static_cast<std::uint32_t>(w.unix_s());
  m.ranks = ranks;
  where.roster.push_back(&m);
  w.listing.refresh(where);
  who.memberships = m.index;
  ++who.membership_count;
  return m;
}

void forget_invite(user &who, const channel &where) noexcept {
  const auto at = std::find(who.invites.begin(), who.invites.end(), world::id(where));
  if (at != who.invites.end())
    who.invites.erase(at);
}

// The clone's parent is told of it: to whom that is of use is its encoders' business.
void tell_of_clone(world &w, const operation &op, channel &parent, const channel &clone) noexcept {
  operation told(w.mem);
  told.event = make_event(CONFAB_EVENT_CHANNEL_OPEN);
  told.event.head.time = op.event.head.time;
  told.event.channel.channel = world::id(clone);
  told.event.channel.name = str(clone.name());
  told.event.channel.parent = world::id(parent);
  w.to_channel(told, parent, {.ranks = ranks_stage});
}

// A second event that must pass, where the JOIN makes its channel.
void prepare_opening(world &w, operation &op, const entry &how) {
  if (how.where)
    return w.mem.destroy(std::exchange(op.extra, nullptr));
  if (!op.extra && w.bus->wants(CONFAB_EVENT_CHANNEL_OPEN))
    op.extra = w.mem.create<event_box>(make_event(CONFAB_EVENT_CHANNEL_OPEN));
  if (!op.extra)
    return;
  const confab_event_join &e = op.event.join;
  confab_event_channel &opens = op.extra->channel;
  opens.name = e.name;
  opens.parent = how.parent ? world::id(*how.parent) : 0;
  const bool own = (e.flags & CONFAB_JOIN_OPENING) != 0;
  opens.modes = opening_modes(w, op, how);
  opens.limit = how.parent ? how.parent->limit : own ? e.limit : 0;
  if (how.parent) {
    char buffer[256];
    opens.name = str(op.keep(clone_name(w, *how.parent, how.clone, buffer, sizeof buffer)));
  }
}

} // namespace

channel &add_channel(world &w, std::string_view name) {
  w.channel_names.reserve();
  owned_str title(w.mem, name);
  channel *where = nullptr;
  try {
    where = &w.channels.create(w.mem);
  } catch (...) {
    title.clear(w.mem);
    throw;
  }
  where->title.swap(title);
  where->created_s = w.unix_s();
  where->modes = w.default_channel_modes;
  w.channel_names.insert(*where);
  w.listing.add(*where);
  return *where;
}

gate_result gate_join(world &w, operation &op) {
  confab_event_join &e = op.event.join;
  user *who = op.actor;
  if (!who)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  e.user = world::id(*who);
  const bool opens_free = (e.flags & CONFAB_JOIN_OPENING) != 0 &&
                          (e.modes >> CONFAB_CMODE_MIC_ONLY & 1U) != 0 &&
                          free_name_legal(w, view(e.name));
  if (!channel_legal(w, view(e.name)) && !opens_free && !w.find_channel(view(e.name)))
    return refuse(op,
                  free_name_legal(w, view(e.name)) && op.event.head.protocol == CONFAB_PROTOCOL_MIC
                      ? CONFAB_REFUSED_NO_SUCH_CHANNEL
                      : CONFAB_REFUSED_BAD_NAME);
  const entry how = decide_entry(w, op, *who);
  e.channel = how.where ? world::id(*how.where) : 0;
  e.member = how.already ? world::id(*how.already) : 0;
  if (how.code != CONFAB_REFUSED_NONE)
    return refuse(op, how.code);
  if (how.already)
    return gate_result::nothing;
  // Asked anew each time: the name may have been rewritten, or the channel made meanwhile.
  prepare_opening(w, op, how);
  return gate_result::go;
}

commit_result commit_join(world &w, operation &op) {
  confab_event_join &e = op.event.join;
  user &who = *op.actor;
  const entry how = decide_entry(w, op, who);
  if (how.code != CONFAB_REFUSED_NONE || how.already) // the clones filled up meanwhile
    return not_done(op, how.code != 0 ? how.code : std::uint32_t{CONFAB_REFUSED_ALREADY_IN});
  w.members.reserve();
  channel &where = how.where ? *how.where : open_channel(w, op, how);
  try {
    reserve_roster(where);
  } catch (...) {
    if (!how.where)
      drop_channel(w, where);
    throw;
  }
  op.made = !how.where;
  member &m = add_member(w, who, where, static_cast<std::uint8_t>(how.ranks));
  m.manner = op.member_manner;
  forget_invite(who, where);
  e.channel = world::id(where);
  e.member = world::id(m);
  e.ranks = how.ranks;
  const std::string_view asked = view(e.name);
  e.name = str(where.name());
  if (op.extra) {
    op.extra->channel.channel = e.channel;
    op.extra->channel.name = e.name;
  }
  if (op.made && how.parent)
    tell_of_clone(w, op, *how.parent, where);
  audience others = told_of(w, m);
  others.but = &who;
  w.to_channel(op, where, others);
  if (how.ranks != 0 && where.roster.size() > 1) {
    const std::uint32_t top = how.ranks & ~(how.ranks >> 1U); // one bit: ranks of an entry are one
    try {
      announce_mode(w, op,
                    {mode_kind::rank, true, top, 0, m.ranks, e.member, {w.mem, who.is.nick()}});
    } catch (const std::bad_alloc &) { // they see it when they next ask
      w.out_of_memory = true;
    }
  }
  op.redirected_from = text::equal(w.casemap(), asked, where.name()) ? std::string_view{} : asked;
  for (conn *c = who.sessions; c; c = c->next_of_user)
    try {
      c->speaks->entered(*c, op, m);
    } catch (const std::bad_alloc &) { // it is done: only that session cannot be told
      w.doom(*c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
    }
  delay_after(w, op, protected_act::join);
  return commit_result::done;
}

gate_result gate_part(world &w, operation &op) {
  confab_event_part &e = op.event.part;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (!m)
    return refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
  e.user = world::id(*op.actor);
  e.member = world::id(*m);
  return gate_result::go;
}

commit_result commit_part(world &w, operation &op) {
  channel &where = *w.channels.find(op.event.part.channel);
  op.event.part.name = str(op.keep(where.name())); // the channel may end with this
  member &m = *w.members.find(op.event.part.member);
  w.to_channel(op, where, told_of(w, m));
  for (conn *c = op.actor->sessions; c; c = c->next_of_user)
    c->speaks->left(*c, m);
  remove_member(w, m);
  return commit_result::done;
}

gate_result gate_kick(world &w, operation &op) {
  confab_event_kick &e = op.event.kick;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *actor = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  const bool free = unchecked(op) || is_administrator(op.actor);
  if (!free && !actor)
    return refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
  if (!free && !may(actor, right::kick))
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  const user *who = resolve_user(w, op, e.user, e.nick);
  if (!who)
    return gate_result::refused;
  const member *target = w.find_member(*who, *where);
  if (!target)
    return refuse(op, CONFAB_REFUSED_TARGET_NOT_MEMBER);
  if (!free && outranked(actor, *target))
    return refuse(op, CONFAB_REFUSED_OWNER_NEEDED);
  if (!unchecked(op) && is_administrator(who) && who != op.actor)
    return refuse(op, CONFAB_REFUSED_FORBIDDEN);
  e.member = world::id(*target);
  return gate_result::go;
}

commit_result commit_kick(world &w, operation &op) {
  channel &where = *w.channels.find(op.event.kick.channel);
  op.event.kick.name = str(op.keep(where.name()));
  member &m = *w.members.find(op.event.kick.member);
  const audience whom = told_of(w, m);
  w.to_channel(op, where, whom);
  // Who did it sees that it is done, though nobody else is told who goes, or from outside.
  const member *by = op.actor ? w.find_member(*op.actor, where) : nullptr;
  if (op.actor && op.actor != &w.user_of(m) &&
      (!by || (whom.ranks != 0 && (by->ranks & whom.ranks) == 0)))
    w.to_user(op, *op.actor, nullptr);
  remove_member(w, m);
  return commit_result::done;
}

gate_result gate_invite(world &w, operation &op) {
  confab_event_invite &e = op.event.invite;
  if (gagged(op))
    return gate_result::nothing;
  const user *guest = resolve_user(w, op, e.user, e.nick);
  if (!guest)
    return gate_result::refused;
  // Over MIC it need not exist: spec mic §3.8.
  if (e.head.protocol == CONFAB_PROTOCOL_MIC && e.name.len > 0 && !w.channels.find(e.channel) &&
      !w.find_channel(view(e.name))) {
    e.channel = 0;
    return op.actor && denies(w, *guest, *op.actor) ? gate_result::nothing : gate_result::go;
  }
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *actor = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (!unchecked(op) && !actor)
    return refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
  if (w.find_member(*guest, *where))
    return refuse(op, CONFAB_REFUSED_ALREADY_MEMBER);
  const bool guarded = where->has(CONFAB_CMODE_INVITE_ONLY);
  if (!unchecked(op) && guarded && !may(actor, right::invite_guarded))
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  return op.actor && denies(w, *guest, *op.actor) ? gate_result::nothing : gate_result::go;
}

commit_result commit_invite(world &w, operation &op) {
  user &guest = *w.users.find(op.event.invite.user);
  if (const channel *where = w.channels.find(op.event.invite.channel)) {
    guest.invites.reserve(guest.invites.size() + 1);
    forget_invite(guest, *where);
    // Channels that ended leave their ids behind: they go first.
    std::erase_if(guest.invites, [&](confab_id id) { return !w.channels.find(id); });
    if (guest.invites.size() >= w.limits().invites_per_user_max)
      guest.invites.erase(guest.invites.begin());
    guest.invites.push_back(world::id(*where));
  }
  w.to_user(op, guest, nullptr);
  delay_after(w, op, protected_act::invitation);
  return commit_result::done;
}

} // namespace confab::core
