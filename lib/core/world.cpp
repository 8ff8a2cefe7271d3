// SPDX-License-Identifier: MIT
//
// Look-ups, delivery and dooming: see world.hpp. Delivery is where the library spends its time
// under load: one encoding per variant, then one range per connection. Nothing in it throws; a
// connection whose output cannot be kept is doomed, which needs no memory.

#include "core/world.hpp"

#include "core/rights.hpp"
#include "core/service/config.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace confab::core {

world::world(memory &from, settings &&with, text::hash_key key, const confab_host &h)
    : mem(from), set(std::move(with)), host(h), conns(from), users(from), channels(from),
      members(from), user_names(from, key, static_cast<text::casemap>(set.values.casemap)),
      channel_names(from, key, static_cast<text::casemap>(set.values.casemap)), whowas(&from),
      blocks(from), timers(set.values.now), added(from, key), server_access(from),
      network_access(from), addresses(from, key), failed_proofs(from, key), now(set.values.now),
      unix_offset(static_cast<std::int64_t>(static_cast<std::uint64_t>(set.values.unix_ns) -
                                            set.values.now)),
      dirty(&from) {}

world::~world() {
  mem.destroy(service);
  server_access.clear(mem);
  network_access.clear(mem);
  for (mode_change &change : modes.changes)
    change.value.clear(mem);
  for (former_user &former : whowas)
    former.was.text.clear(mem);
  for (owned_str &text : set.texts)
    text.clear(mem);
}

member *world::find_member(const user &who, const channel &where) noexcept {
  for (member *m = first_membership(who); m; m = next_membership(*m))
    if (m->of == where.index)
      return m;
  return nullptr;
}

member *world::first_membership(const user &who) noexcept {
  return who.memberships == user::none ? nullptr : &members.at(who.memberships);
}

member *world::next_membership(const member &m) noexcept {
  return m.next_of_user == user::none ? nullptr : &members.at(m.next_of_user);
}

void world::begin() noexcept {
  flush_modes();
  blocks.rewind();
  ++epoch_;
}

void world::push(conn &c, wire::range bytes) noexcept {
  if (c.closing)
    return;
  if ((watch_output >> c.index % 64 & 1U) != 0) [[unlikely]] {
    std::string_view seen = bytes.view();
    if (!bus->line_out(c, seen))
      return;
    if (seen.data() != bytes.view().data()) {
      if (c.framed && !wire::whole_frames(seen))
        return log(CONFAB_LOG_ERROR, "conn.line_out", "what a filter wrote is no frame", id(c), 0);
      try {
        bytes = blocks.append(seen);
      } catch (const std::bad_alloc &) {
        return doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
      }
    }
  }
  if (std::uint64_t{bytes.len} + c.out.bytes() > output_max(c))
    return doom(c, CONFAB_DISCONNECT_OVERFLOW, "SendQ exceeded");
  if (!c.out.push(mem, bytes))
    return doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  ++counters.deliveries_total;
  list_dirty(c);
}

void world::list_dirty(conn &c) noexcept {
  if (c.dirty)
    return;
  c.dirty = true;
  dirty.push_back(&c);
}

template <class Encode>
void world::deliver(conn &c, std::uint8_t manner, Encode &&encode) noexcept {
  const auto variant = static_cast<std::uint16_t>(c.variant | manner);
  assert(variant < variants_max);
  cached &entry = encoded_[variant];
  if (entry.epoch != epoch_) {
    entry = cached{epoch_, {}, false};
    try {
      const std::string_view bytes = encode(*c.speaks, variant);
      if (!bytes.empty())
        entry.bytes = blocks.append(bytes);
    } catch (const std::bad_alloc &) {
      entry.failed = true;
    }
  }
  if (entry.failed)
    doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  else if (entry.bytes.len > 0)
    push(c, entry.bytes);
}

template <class Encode>
void world::to_roster(channel &where, const audience &whom, Encode &&encode) noexcept {
  each_listener(where, whom, [&](conn &c, const member &m) { deliver(c, m.manner, encode); });
}

template <class Each>
void world::each_listener(channel &where, const audience &whom, Each &&each) noexcept {
  // Members and connections lie apart in memory: ask for them before they are needed.
  constexpr std::size_t ahead = 8;
  const std::size_t count = where.roster.size();
  member *const *roster = where.roster.data();
  const std::uint32_t also = whom.also ? whom.also->index : user::none;
  const std::uint32_t but = whom.but ? whom.but->index : user::none;
  const bool deaf = whom.from && user_lists > 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 2 * ahead < count)
      __builtin_prefetch(roster[i + 2 * ahead]);
    if (i + ahead < count)
      __builtin_prefetch(roster[i + ahead]->session, 1);
    const member &m = *roster[i];
    if (((whom.ranks != 0 && (m.ranks & whom.ranks) == 0) || (m.ranks & whom.without) != 0) &&
        m.who != also)
      continue;
    conn *c = m.session;
    if (!c || m.who == but || (deaf && denies(*this, users.at(m.who), *whom.from)))
      continue;
    if (c != whom.except)
      each(*c, m);
    while (c->siblings) {
      c = c->next_of_user;
      if (c != whom.except)
        each(*c, m);
    }
  }
}

template <class Encode>
void world::to_sessions(user &who, const conn *except, std::uint8_t manner,
                        Encode &&encode) noexcept {
  for (conn *c = who.sessions; c; c = c->next_of_user)
    if (c != except)
      deliver(*c, manner, encode);
}

void world::send(conn &c, std::string_view bytes) noexcept {
  flush_modes();
  blocks.rewind();
  try {
    if (!bytes.empty())
      push(c, blocks.append(bytes));
  } catch (const std::bad_alloc &) {
    doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  }
}

void world::to_channel(const operation &op, channel &where, const audience &whom) noexcept {
  begin();
  to_roster(where, whom, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_datagrams(const operation &op, channel &where, const audience &whom) noexcept {
  each_listener(where, whom, [&](conn &c, const member &m) {
    if (c.datagram_port != 0 && !c.closing)
      c.speaks->to_datagram(c, op, m);
  });
}

void world::send_datagram(conn &c, std::uint16_t port, std::string_view frame) noexcept {
  if ((watch_output >> c.index % 64 & 1U) != 0) {
    const std::string_view before = frame;
    if (!bus->line_out(c, frame))
      return;
    if (frame.data() != before.data() && !wire::whole_frames(frame))
      return log(CONFAB_LOG_ERROR, "conn.line_out", "what a filter wrote is no frame", id(c), 0);
  }
  if (host.datagram(host.ctx, id(c), c.ctx, port, frame.data(), frame.size()) >= 0)
    ++counters.datagrams_out_total;
}

void world::to_member(const operation &op, const member &m, const conn *except) noexcept {
  begin();
  to_sessions(user_of(m), except, m.manner,
              [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_conn(const operation &op, conn &c, std::uint8_t manner) noexcept {
  begin();
  deliver(c, manner, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_user(const operation &op, user &who, const conn *except) noexcept {
  begin();
  to_sessions(who, except, 0, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_peers(const operation &op, user &who, bool self) noexcept {
  begin();
  ++mark;
  const auto encode = [&](dialect &d, std::uint16_t v) { return d.encode(v, op); };
  const auto once = [&](user &peer) {
    if (peer.mark == mark)
      return;
    peer.mark = mark;
    for (conn *c = peer.sessions; c; c = c->next_of_user)
      if (!c->by_channel)
        deliver(*c, 0, encode);
  };
  if (self)
    once(who);
  else
    who.mark = mark;
  for (member *m = first_membership(who); m; m = next_membership(*m))
    for (member *other : channel_of(*m).roster)
      if (hears_of(*this, *other, *m))
        once(user_of(*other));
  if (by_channel > 0)
    to_each_channel(op, who, self);
}

void world::to_each_channel(const operation &op, user &who, bool self) noexcept {
  const auto encode = [&](dialect &d, std::uint16_t v) { return d.encode(v, op); };
  for (member *m = first_membership(who); m; m = next_membership(*m)) {
    begin();
    told_in = m;
    for (member *other : channel_of(*m).roster)
      if (other->session && (self || other->who != who.index) && hears_of(*this, *other, *m))
        for (conn *c = other->session; c; c = c->next_of_user)
          if (c->by_channel)
            deliver(*c, other->manner, encode);
    told_in = nullptr;
  }
  if (!self || who.memberships != user::none)
    return;
  begin();
  for (conn *c = who.sessions; c; c = c->next_of_user)
    if (c->by_channel)
      deliver(*c, 0, encode);
}

void world::to_users_with_mode(const operation &op, std::uint32_t mode) noexcept {
  begin();
  for (std::uint32_t i = users.first(); i != users.none; i = users.next(i))
    if (mode == 0 || (users.at(i).modes & mode) != 0)
      to_sessions(users.at(i), nullptr, 0,
                  [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::flush_modes() noexcept {
  if (modes.count == 0)
    return;
  blocks.rewind();
  ++epoch_;
  const auto encode = [&](dialect &d, std::uint16_t v) { return d.encode_modes(v, modes); };
  if (modes.only) {
    const member *m =
        modes.where && modes.only->who ? find_member(*modes.only->who, *modes.where) : nullptr;
    deliver(*modes.only, m ? m->manner : std::uint8_t{0}, encode);
  } else if (modes.where) {
    to_roster(*modes.where, modes.whom, encode);
    if (modes.actor && !find_member(*modes.actor, *modes.where)) // who did it from outside
      to_sessions(*modes.actor, nullptr, 0, encode);
  } else if (modes.subject)
    to_sessions(*modes.subject, nullptr, 0, encode);
  for (std::size_t i = 0; i < modes.count; ++i)
    modes.changes[i].value.clear(mem);
  modes.count = 0;
  modes.actor = modes.subject = nullptr;
  modes.where = nullptr;
  modes.only = nullptr;
  modes.whom = {};
  modes.manner = 0;
}

void world::doom(conn &c, std::uint32_t kind, std::string_view reason) noexcept {
  if (kind == CONFAB_DISCONNECT_NOMEM)
    out_of_memory = true;
  if (kind == CONFAB_DISCONNECT_OVERFLOW || kind == CONFAB_DISCONNECT_NOMEM)
    c.closing = true; // what could not be queued whole must not be followed by anything
  if (c.doomed || c.state == conn_state::closing)
    return;
  if (kind == CONFAB_DISCONNECT_OVERFLOW)
    tell_limit(c, CONFAB_LIMIT_OUTPUT);
  c.doomed = true;
  c.close_kind = static_cast<std::uint8_t>(kind);
  try {
    c.close_reason.assign(mem, reason);
  } catch (const std::bad_alloc &) {
    out_of_memory = true; // it ends without a reason
  }
  c.next_doomed = doomed_conns;
  doomed_conns = &c;
}

void world::tell_limit(const conn &c, std::uint32_t limit) noexcept {
  event_box told = make_event(CONFAB_EVENT_RATE_LIMIT);
  told.head.actor = c.who ? id(*c.who) : 0;
  told.rate_limit.conn = id(c);
  told.rate_limit.limit = limit;
  bus->notify(told);
}

void world::doom_sessions(user &who, std::uint32_t kind, std::string_view reason) noexcept {
  if (!who.sessions)
    doom(who, kind, reason);
  for (conn *c = who.sessions; c; c = c->next_of_user)
    doom(*c, kind, reason);
}

void world::doom(user &who, std::uint32_t kind, std::string_view reason) noexcept {
  if (who.doomed)
    return;
  who.doomed = true;
  who.leave_kind = static_cast<std::uint8_t>(kind);
  try {
    who.leave_reason.assign(mem, reason);
  } catch (const std::bad_alloc &) {
    out_of_memory = true; // it leaves without a reason
  }
  who.next_doomed = doomed_users;
  doomed_users = &who;
}

void world::list_pump(conn &c) noexcept {
  if (c.pump_listed)
    return;
  c.pump_listed = true;
  c.next_pump = pump_list;
  pump_list = &c;
}

void world::hold(conn &c, std::uint32_t wait_ms) noexcept {
  c.held_until = std::max(c.held_until, now) + confab_time{wait_ms} * 1'000'000;
}

void world::log(std::uint32_t level, std::string_view event, std::string_view text,
                confab_id conn_id, confab_id subject) const noexcept {
  if (!host.log)
    return;
  const confab_log_record record{
      sizeof(confab_log_record), level, str(event), str(text), conn_id, subject};
  host.log(host.ctx, &record);
}

} // namespace confab::core
