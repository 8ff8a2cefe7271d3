// SPDX-License-Identifier: MIT
//
// Look-ups, delivery and dooming: see world.hpp. Delivery is where the library spends its time
// under load: one encoding per variant, then one range per connection. Nothing in it throws; a
// connection whose output cannot be kept is doomed, which needs no memory.

#include "core/world.hpp"

#include <cassert>
#include <new>
#include <utility>

namespace confab::core {

world::world(memory &from, settings &&with, text::hash_key key, const confab_host &h)
    : mem(from), set(std::move(with)), host(h), conns(from), users(from), channels(from),
      members(from), user_names(from, key, static_cast<text::casemap>(set.values.casemap)),
      channel_names(from, key, static_cast<text::casemap>(set.values.casemap)), whowas(&from),
      blocks(from), timers(set.values.now), added(from, key), now(set.values.now),
      unix_offset(static_cast<std::int64_t>(static_cast<std::uint64_t>(set.values.unix_ns) -
                                            set.values.now)),
      dirty(&from) {}

world::~world() {
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
      try {
        bytes = blocks.append(seen);
      } catch (const std::bad_alloc &) {
        return doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
      }
    }
  }
  if (std::uint64_t{bytes.len} + c.out.bytes() > limits().output_backlog_bytes_max)
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
void world::deliver(conn &c, Encode &&encode) noexcept {
  assert(c.variant < variants_max);
  cached &entry = encoded_[c.variant];
  if (entry.epoch != epoch_) {
    entry = cached{epoch_, {}, false};
    try {
      const std::string_view bytes = encode(*c.speaks, c.variant);
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
void world::to_roster(channel &where, std::uint32_t ranks, const conn *except,
                      Encode &&encode) noexcept {
  // Members and connections lie apart in memory: ask for them before they are needed.
  constexpr std::size_t ahead = 8;
  const std::size_t count = where.roster.size();
  member *const *roster = where.roster.data();
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 2 * ahead < count)
      __builtin_prefetch(roster[i + 2 * ahead]);
    if (i + ahead < count)
      __builtin_prefetch(roster[i + ahead]->session, 1);
    if (ranks != 0 && (roster[i]->ranks & ranks) == 0)
      continue;
    conn *c = roster[i]->session;
    if (!c)
      continue;
    if (c != except)
      deliver(*c, encode);
    while (c->siblings) {
      c = c->next_of_user;
      if (c != except)
        deliver(*c, encode);
    }
  }
}

template <class Encode>
void world::to_sessions(user &who, const conn *except, Encode &&encode) noexcept {
  for (conn *c = who.sessions; c; c = c->next_of_user)
    if (c != except)
      deliver(*c, encode);
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

void world::to_channel(const operation &op, channel &where, std::uint32_t ranks,
                       const conn *except) noexcept {
  begin();
  to_roster(where, ranks, except, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_conn(const operation &op, conn &c) noexcept {
  begin();
  deliver(c, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_user(const operation &op, user &who, const conn *except) noexcept {
  begin();
  to_sessions(who, except, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::to_peers(const operation &op, user &who, bool self) noexcept {
  begin();
  ++mark;
  const auto once = [&](user &peer) {
    if (peer.mark == mark)
      return;
    peer.mark = mark;
    to_sessions(peer, nullptr, [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
  };
  if (self)
    once(who);
  else
    who.mark = mark;
  for (member *m = first_membership(who); m; m = next_membership(*m))
    for (member *other : channel_of(*m).roster)
      once(user_of(*other));
}

void world::to_users_with_mode(const operation &op, std::uint32_t mode) noexcept {
  begin();
  for (std::uint32_t i = users.first(); i != users.none; i = users.next(i))
    if (users.at(i).modes & mode)
      to_sessions(users.at(i), nullptr,
                  [&](dialect &d, std::uint16_t v) { return d.encode(v, op); });
}

void world::flush_modes() noexcept {
  if (modes.count == 0)
    return;
  blocks.rewind();
  ++epoch_;
  const auto encode = [&](dialect &d, std::uint16_t v) { return d.encode_modes(v, modes); };
  if (modes.only)
    deliver(*modes.only, encode);
  else if (modes.where)
    to_roster(*modes.where, 0, nullptr, encode);
  else if (modes.subject)
    to_sessions(*modes.subject, nullptr, encode);
  for (std::size_t i = 0; i < modes.count; ++i)
    modes.changes[i].value.clear(mem);
  modes.count = 0;
  modes.actor = modes.subject = nullptr;
  modes.where = nullptr;
  modes.only = nullptr;
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

void world::log(std::uint32_t level, std::string_view event, std::string_view text,
                confab_id conn_id, confab_id subject) const noexcept {
  if (!host.log)
    return;
  const confab_log_record record{
      sizeof(confab_log_record), level, str(event), str(text), conn_id, subject};
  host.log(host.ctx, &record);
}

} // namespace confab::core
