// SPDX-License-Identifier: MIT
//
// Entering and leaving channels: JOIN, PART, KICK and INVITE in neutral words. The order of a
// join's checks is the order in which modern servers refuse: banned, invite only, key, limit.

#include "core/acts/acts.hpp"

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

gate_result check_entry(world &w, operation &op, const user &who, const channel &where) {
  const bool welcome = invited(who, where);
  if (!welcome && banned(w, where, who))
    return refuse(op, CONFAB_REFUSED_BANNED);
  if (where.has(CONFAB_CMODE_INVITE_ONLY) && !welcome &&
      !on_list(w, where, CONFAB_LIST_INVITE, who))
    return refuse(op, CONFAB_REFUSED_INVITE_ONLY);
  if (where.has(CONFAB_CMODE_KEY) && where.key.view() != view(op.event.join.key))
    return refuse(op, CONFAB_REFUSED_BAD_KEY);
  if (where.has(CONFAB_CMODE_LIMIT) && !welcome && where.roster.size() >= where.limit)
    return refuse(op, CONFAB_REFUSED_CHANNEL_FULL);
  return gate_result::go;
}

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
  return *where;
}

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
  who.memberships = m.index;
  ++who.membership_count;
  return m;
}

void forget_invite(user &who, const channel &where) noexcept {
  const auto at = std::find(who.invites.begin(), who.invites.end(), world::id(where));
  if (at != who.invites.end())
    who.invites.erase(at);
}

} // namespace

gate_result gate_join(world &w, operation &op) {
  confab_event_join &e = op.event.join;
  user *who = op.actor;
  if (!who)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  e.user = world::id(*who);
  if (!channel_legal(w, view(e.name)))
    return refuse(op, CONFAB_REFUSED_BAD_NAME);
  const channel *where = w.find_channel(view(e.name));
  e.channel = where ? world::id(*where) : 0;
  if (const member *already = where ? w.find_member(*who, *where) : nullptr) {
    e.member = world::id(*already);
    return gate_result::nothing;
  }
  if (who->membership_count >= w.limits().channels_per_user_max)
    return refuse(op, CONFAB_REFUSED_TOO_MANY_CHANNELS);
  if (where && where->roster.size() >= w.limits().members_per_channel_max)
    return refuse(op, CONFAB_REFUSED_CHANNEL_FULL);
  if (!where && w.channels.size() >= w.limits().channels_max)
    return refuse(op, CONFAB_REFUSED_LIMIT);
  // Asked anew each time: the name may have been rewritten, or the channel made meanwhile.
  if (where)
    w.mem.destroy(std::exchange(op.extra, nullptr));
  else if (!op.extra && w.bus->wants(CONFAB_EVENT_CHANNEL_OPEN))
    op.extra = w.mem.create<event_box>(make_event(CONFAB_EVENT_CHANNEL_OPEN));
  if (op.extra)
    op.extra->channel.name = e.name;
  return where && !unchecked(op) ? check_entry(w, op, *who, *where) : gate_result::go;
}

commit_result commit_join(world &w, operation &op) {
  confab_event_join &e = op.event.join;
  user &who = *op.actor;
  w.members.reserve();
  channel *where = w.find_channel(view(e.name));
  const bool fresh = where == nullptr;
  if (fresh)
    where = &add_channel(w, view(e.name));
  try {
    reserve_roster(*where);
  } catch (...) {
    if (fresh)
      destroy_channel(w, *where);
    throw;
  }
  member &m = add_member(w, who, *where, fresh ? CONFAB_RANK_OPERATOR : 0);
  forget_invite(who, *where);
  e.channel = world::id(*where);
  e.member = world::id(m);
  e.name = str(where->name());
  if (op.extra) {
    op.extra->channel.channel = e.channel;
    op.extra->channel.name = e.name;
  }
  w.to_channel(op, *where, 0, nullptr);
  for (conn *c = who.sessions; c; c = c->next_of_user)
    try {
      c->speaks->entered(*c, *where);
    } catch (const std::bad_alloc &) { // it is done: only that session cannot be told
      w.doom(*c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
    }
  return commit_result::done;
}

gate_result gate_part(world &w, operation &op) {
  confab_event_part &e = op.event.part;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (!m)
    return refuse(op, CONFAB_REFUSED_NOT_MEMBER);
  e.user = world::id(*op.actor);
  e.member = world::id(*m);
  return gate_result::go;
}

commit_result commit_part(world &w, operation &op) {
  channel &where = *w.channels.find(op.event.part.channel);
  op.event.part.name = str(op.keep(where.name())); // the channel may end with this
  w.to_channel(op, where, 0, nullptr);
  remove_member(w, *w.members.find(op.event.part.member));
  return commit_result::done;
}

gate_result gate_kick(world &w, operation &op) {
  confab_event_kick &e = op.event.kick;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *actor = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (!unchecked(op) && !actor)
    return refuse(op, CONFAB_REFUSED_NOT_MEMBER);
  if (!unchecked(op) && !may(actor, right::kick))
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  const user *who = resolve_user(w, op, e.user, e.nick);
  if (!who)
    return gate_result::refused;
  const member *target = w.find_member(*who, *where);
  if (!target)
    return refuse(op, CONFAB_REFUSED_TARGET_NOT_MEMBER);
  if (!unchecked(op) && outranked(actor, *target))
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  e.member = world::id(*target);
  return gate_result::go;
}

commit_result commit_kick(world &w, operation &op) {
  channel &where = *w.channels.find(op.event.kick.channel);
  op.event.kick.name = str(op.keep(where.name()));
  w.to_channel(op, where, 0, nullptr);
  remove_member(w, *w.members.find(op.event.kick.member));
  return commit_result::done;
}

gate_result gate_invite(world &w, operation &op) {
  confab_event_invite &e = op.event.invite;
  const user *guest = resolve_user(w, op, e.user, e.nick);
  if (!guest)
    return gate_result::refused;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *actor = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (!unchecked(op) && !actor)
    return refuse(op, CONFAB_REFUSED_NOT_MEMBER);
  if (w.find_member(*guest, *where))
    return refuse(op, CONFAB_REFUSED_ALREADY_MEMBER);
  const bool guarded = where->has(CONFAB_CMODE_INVITE_ONLY);
  if (!unchecked(op) && guarded && !may(actor, right::invite_guarded))
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  return gate_result::go;
}

commit_result commit_invite(world &w, operation &op) {
  user &guest = *w.users.find(op.event.invite.user);
  const channel &where = *w.channels.find(op.event.invite.channel);
  guest.invites.reserve(guest.invites.size() + 1);
  forget_invite(guest, where);
  // Channels that ended leave their ids behind: they go first.
  std::erase_if(guest.invites, [&](confab_id id) { return !w.channels.find(id); });
  if (guest.invites.size() >= w.limits().invites_per_user_max)
    guest.invites.erase(guest.invites.begin());
  guest.invites.push_back(world::id(where));
  w.to_user(op, guest, nullptr);
  return commit_result::done;
}

} // namespace confab::core
