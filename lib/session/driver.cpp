// SPDX-License-Identifier: MIT
//
// Driving an engine: see driver.hpp. Input: frame, throttle, dialect. Time: one timer a connection,
// for whichever of its waits is over first. Connections end in bus::end_conn; here they only get
// there and go.

#include "session/driver.hpp"

#include "proto/mic/frame.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

namespace confab::session {

using core::conn;
using core::conn_state;

namespace {

constexpr confab_time ms = 1'000'000;
// "::1" becomes "0::1": a word of a line must not begin with a colon, in any protocol of lines.
void assign_host(core::memory &from, core::owned_str &to, std::string_view host) {
  to.assign(from, host);
  if (!host.starts_with(':'))
    return;
  char zeroed[256] = {'0'};
  host = host.substr(0, sizeof zeroed - 1);
  host.copy(zeroed + 1, host.size());
  to.assign(from, {zeroed, host.size() + 1});
}

using core::command_cost;

// What the queue holds of the `bytes` that a host counts: it does not see the ends of lines where
// each is a message. None when there are not so many, or they end inside a message.
std::optional<std::uint32_t> in_queue(const conn &c, std::size_t bytes) noexcept {
  if (!c.by_message())
    return bytes <= c.out.bytes() ? std::optional(static_cast<std::uint32_t>(bytes)) : std::nullopt;
  intake::output_walk messages(c);
  std::string_view message;
  std::size_t seen = 0;
  while (seen < bytes && messages.next(message))
    seen += message.size();
  return seen == bytes ? std::optional(messages.passed()) : std::nullopt;
}

} // namespace

driver::driver(core::memory &from, core::settings &&with, text::hash_key key,
               const confab_host &host)
    : w(from, std::move(with), key, host), bus(w), irc_(w), mic_(w), opening_(w, irc_, mic_),
      handing_out_(&from) {}

driver::~driver() {
  for (std::uint32_t i = w.conns.first(); i != decltype(w.conns)::none; i = w.conns.next(i)) {
    bus.cancel(w.conns.at(i).acts);
    remove(w.conns.at(i));
  }
  for (std::uint32_t i = w.users.first(); i != decltype(w.users)::none; i = w.users.next(i)) {
    core::user &who = w.users.at(i);
    who.is.text.clear(w.mem);
    who.away.clear(w.mem);
    who.leave_reason.clear(w.mem);
    who.account.clear(w.mem);
    core::forget_access(w, who);
    w.mem.destroy(who.paced);
  }
  for (std::uint32_t i = w.channels.first(); i != decltype(w.channels)::none;
       i = w.channels.next(i)) {
    core::channel &where = w.channels.at(i);
    where.access.clear(w.mem);
    for (core::owned_str *text : {&where.title, &where.topic, &where.topic_by, &where.key})
      text->clear(w.mem);
  }
}

bool driver::advance(confab_time now) noexcept {
  if (now < w.now)
    return false;
  w.now = now;
  bus.refill();
  return true;
}

confab_status driver::finish() noexcept {
  bool all = bus.drain();
  while (all && w.pump_list) {
    conn &c = *std::exchange(w.pump_list, w.pump_list->next_pump);
    c.pump_listed = false;
    std::string_view nothing;
    pump(c, nothing);
    all = bus.drain();
  }
  if (w.defect)
    return CONFAB_ERR_INTERNAL;
  if (std::exchange(w.out_of_memory, false))
    return CONFAB_ERR_NOMEM;
  return all ? CONFAB_OK : CONFAB_AGAIN;
}

confab_time driver::deadline() const noexcept {
  if (!w.dirty.empty() || w.pump_list || bus.waiting())
    return w.now;
  return w.timers.deadline();
}

// --- opening and input
// -----------------------------------------------------------------------------

confab_status driver::open(const conn_terms &terms, confab_time now, confab_id &out) {
  if (!advance(now))
    return CONFAB_ERR_ARG;
  if (w.conns.size() >= w.limits().conns_max)
    return CONFAB_ERR_LIMIT;
  const std::size_t room = std::size_t{w.conns.slots()} + w.conns.chunk_slots;
  for (auto *list : {&w.dirty, &handing_out_})
    list->reserve(list->capacity() >= room ? 0 : room + room / 2);
  conn &c = w.conns.create(w.mem);
  c.speaks = &opening_;
  try {
    assign_host(w.mem, c.address, terms.address);
    if (w.counts_addresses) {
      w.addresses.add(c.address.view());
      c.counted = true;
    }
    if (terms.hostname != terms.address)
      assign_host(w.mem, c.hostname, terms.hostname);
    opening_.open(c);
  } catch (...) {
    remove(c);
    throw;
  }
  c.ctx = terms.ctx;
  c.flags = terms.flags;
  c.trust = static_cast<std::uint8_t>(terms.trust);
  c.protocols = static_cast<std::uint8_t>(terms.protocols);
  c.code_page = static_cast<std::uint16_t>(terms.code_page);
  c.port = static_cast<std::uint16_t>(terms.port);
  c.datagram_address = terms.datagram_address;
  c.datagram_port = terms.datagram_port;
  c.opened = c.last_heard = c.tokens_at = now;
  c.tokens = w.limits().commands_burst_max * command_cost;
  ++w.counters.conns_unregistered;
  ++w.counters.conns_total;
  arm(c);
  out = core::world::id(c);
  core::operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_CONNECT);
  op.event.connect.address = core::str(c.address.view());
  op.event.connect.hostname = core::str(c.host());
  op.event.connect.secure = (c.flags & CONFAB_CONN_SECURE) != 0 ? 1 : 0;
  op.event.connect.trust = c.trust;
  op.event.head.origin = out;
  op.event.head.protocol = opening_.protocol(c);
  op.origin = &c;
  const bool denied = bus.submit_command(std::move(op)).ended == bus::ending::how::denied;
  const confab_status done = finish();
  if (!denied && done != CONFAB_ERR_NOMEM)
    return done;
  // Nothing was said: it goes as silently as it came.
  out = 0;
  (void)closed(c, now, "Access denied");
  return denied ? CONFAB_ERR_DENIED : done;
}

confab_status driver::feed(conn &c, confab_time now, std::string_view bytes,
                           std::size_t &consumed) {
  consumed = 0;
  if (!advance(now))
    return CONFAB_ERR_ARG;
  std::string_view fresh = bytes;
  if (c.state == conn_state::closing)
    fresh = {};
  else if (c.by_message() && !bytes.empty() && !room_for(c, bytes.size())) {
    const confab_status done = finish();
    return done >= 0 ? CONFAB_AGAIN : done;
  }
  pump(c, fresh);
  // What could not be read yet is kept, up to the bound; the rest stays with the host.
  if (!fresh.empty() && !c.closing && !c.doomed) {
    const std::size_t most = w.input_max(c);
    const std::size_t part = c.by_message() // there is room for all of it
                                 ? fresh.size()
                                 : std::min(fresh.size(), most - std::min(most, intake::kept(c)));
    try {
      intake::keep(w.mem, c, fresh.substr(0, part), c.by_message());
      fresh.remove_prefix(part);
    } catch (const std::bad_alloc &) {
      w.doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
    }
    if (!fresh.empty() && (c.throttled || c.held_until > now))
      end_flood(c);
  }
  if (c.doomed || c.state == conn_state::closing)
    fresh = {};
  consumed = bytes.size() - fresh.size();
  c.bytes_in += consumed;
  w.counters.bytes_in_total += consumed;
  const confab_status done = finish(); // AGAIN here is about work, which the deadline tells of
  return done >= 0 ? (fresh.empty() ? CONFAB_OK : CONFAB_AGAIN) : done;
}

bool driver::input_wanted(const conn &c) const noexcept {
  return c.state != conn_state::closing && !c.doomed &&
         intake::kept(c) < (c.by_message() ? 1 : w.input_max(c));
}

// Can a message of that size be taken whole? One that never could, and one too many of a client
// that is throttled, end the connection: then it is taken and dropped.
bool driver::room_for(conn &c, std::size_t message_bytes) noexcept {
  const std::size_t most = w.input_max(c);
  if (message_bytes >
      std::max<std::size_t>(most, c.framed ? mic::frame_bytes_max : w.limits().line_bytes_max)) {
    end_flood(c);
    return true;
  }
  const auto fits = [&] {
    return intake::kept(c) == 0 || intake::kept(c) + message_bytes + 1 <= most;
  };
  if (fits())
    return true;
  std::string_view nothing;
  pump(c, nothing);
  if (!fits() && c.throttled)
    end_flood(c);
  return fits() || c.doomed;
}

void driver::end_flood(conn &c) noexcept {
  w.tell_limit(c, CONFAB_LIMIT_INPUT);
  w.doom(c, CONFAB_DISCONNECT_FLOOD, "Excess Flood");
}

// A peer that leaves its output unread is not asked for more: half the backlog is for what others
// say to it, and nobody is closed for having asked much at once.
bool driver::backed_up(const conn &c) const noexcept { return c.out.bytes() > w.output_max(c) / 2; }

// Reads lines until there are none, or until the connection must wait.
void driver::pump(conn &c, std::string_view &fresh) noexcept {
  if (c.pumping)
    return;
  c.pumping = true;
  if (!c.clock.armed()) // it waited without a limit and may have become a user meanwhile
    arm(c);
  try {
    const std::size_t line_max = w.limits().line_bytes_max - 2; // without CR LF
    while (c.state != conn_state::closing && !c.doomed && !c.acts.blocked() &&
           (intake::kept(c) > 0 || !fresh.empty()) && take_token(c) && !backed_up(c)) {
      std::string_view message;
      const intake::got got = intake::next(w.mem, c, fresh, line_max, message);
      if (c.input.skipped() > w.limits().input_backlog_bytes_max)
        end_flood(c);
      if (got == intake::got::none)
        break;
      handle(c, got, message);
    }
    // Before this returns the host's bytes may go: the head of a line must be kept. It is under the
    // line limit.
    if (!fresh.empty() && !c.acts.blocked() && !c.throttled && c.held_until <= w.now && !c.doomed &&
        !backed_up(c) && c.state != conn_state::closing) {
      intake::keep(w.mem, c, fresh, false);
      fresh = {};
    }
  } catch (const std::bad_alloc &) {
    w.doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  } catch (...) {
    w.defect = true;
  }
  w.flush_modes();
  c.pumping = false;
  if (c.state == conn_state::closing)
    intake::clear(w.mem, c);
}

void driver::handle(conn &c, intake::got got, std::string_view message) {
  c.last_heard = w.now;
  c.ping_sent = false;
  const conn_state before = c.state;
  if (w.limits().commands_burst_max != 0)
    c.tokens -= command_cost;
  if (got == intake::got::bad)
    c.speaks->receive_too_long(c, message);
  else
    bus.line(c, message);
  w.flush_modes();
  bus.drain();
  if (c.state != before || c.state == conn_state::open) // it may have begun what has a deadline
    arm(c);
}

// A token bucket: commands_burst_max at once, commands_per_second_max in the long run.
bool driver::take_token(conn &c) noexcept {
  if (c.held_until > w.now)
    return arm(c), false;
  c.held_until = 0;
  const std::uint32_t burst = w.limits().commands_burst_max;
  if (burst == 0)
    return true;
  refill_tokens(c);
  if (c.tokens >= command_cost) {
    c.throttled = false;
    return true;
  }
  if (!c.throttled) {
    c.throttled = true;
    w.tell_limit(c, CONFAB_LIMIT_COMMANDS);
    arm(c);
  }
  return false;
}

void driver::refill_tokens(conn &c) noexcept {
  const std::uint64_t gained =
      (w.now - c.tokens_at) / ms * w.limits().commands_per_second_max; // thousandths
  if (gained == 0)
    return;
  const std::int64_t most =
      w.limits().commands_burst_max * command_cost; // which may have been lowered
  const auto room = static_cast<std::uint64_t>(most - std::min(most, c.tokens));
  c.tokens = std::min(most, c.tokens) + static_cast<std::int64_t>(std::min(gained, room));
  c.tokens_at = w.now;
}

// Datagrams spend the same tokens as what comes by the connection, but they do not wait for them.
bool driver::may_send_datagram(conn &c) noexcept {
  if (c.held_until > w.now)
    return false;
  if (w.limits().commands_burst_max == 0)
    return true;
  refill_tokens(c);
  if (c.tokens < command_cost)
    return false;
  c.tokens -= command_cost;
  return true;
}

confab_status driver::datagram(confab_time now, std::string_view address, std::string_view bytes) {
  if (!advance(now))
    return CONFAB_ERR_ARG;
  ++w.counters.datagrams_in_total;
  conn *c = mic_.sender_of(address, bytes);
  if (!c || !may_send_datagram(*c)) {
    ++w.counters.datagrams_dropped_total;
    return finish();
  }
  try {
    bus.line(*c, bytes, CONFAB_EVENT_DATAGRAM);
  } catch (const std::bad_alloc &) {
    ++w.counters.datagrams_dropped_total;
    w.out_of_memory = true;
  } catch (...) {
    w.defect = true;
  }
  w.flush_modes();
  return finish();
}

// --- time
// ------------------------------------------------------------------------------------------

confab_time driver::due(const conn &c) const noexcept {
  const confab_engine_options &o = w.limits();
  const auto after = [](confab_time from, std::uint32_t wait_ms) {
    const confab_time wait = wait_ms * ms;
    return wait == 0 || wait > CONFAB_TIME_NEVER - from ? CONFAB_TIME_NEVER : from + wait;
  };
  if (c.state == conn_state::closing)
    return c.waits_since + std::max<std::uint32_t>(1, o.close_linger_ms_max) * ms;
  confab_time first = c.held_until != 0 ? c.held_until : CONFAB_TIME_NEVER;
  if (c.acts.parked && c.acts.parked->waits_until != 0)
    first = std::min(first, c.acts.parked->waits_until);
  if (c.throttled) {
    const auto missing =
        static_cast<std::uint64_t>(command_cost - std::min(command_cost, c.tokens));
    first = std::min(
        first,
        c.tokens_at + (missing / std::max<std::uint32_t>(1, o.commands_per_second_max) + 1) * ms);
  }
  if (c.state == conn_state::open)
    return std::min({first, after(c.opened, o.registration_ms_max), c.speaks->deadline(c)});
  return std::min(first, c.ping_sent ? after(c.waits_since, o.ping_timeout_ms)
                                     : after(c.last_heard, o.ping_interval_ms));
}

void driver::arm(conn &c) noexcept { w.timers.arm(c.clock, due(c)); }

void driver::on_clock(conn &c) noexcept {
  // Whoever was heard meanwhile only has its timer set anew: that is cheaper than doing so at each
  // line.
  if (c.gone || due(c) > w.now)
    return c.gone ? void() : arm(c);
  if (c.state == conn_state::closing) {
    c.out.clear(w.mem, w.blocks);
    c.waits_since = w.now;
    return w.list_dirty(c);
  }
  bus.time_came(c);
  if (c.throttled || c.held_until != 0)
    w.list_pump(c);
  c.held_until = c.held_until > w.now ? c.held_until : 0;
  const confab_engine_options &o = w.limits();
  if (c.state == conn_state::open) {
    if (o.registration_ms_max != 0 && w.now - c.opened >= o.registration_ms_max * ms)
      w.doom(c, CONFAB_DISCONNECT_TIMEOUT, "Registration timed out");
    else if (w.now >= c.speaks->deadline(c))
      c.speaks->overdue(c);
  } else if (c.ping_sent) {
    if (o.ping_timeout_ms != 0 && w.now - c.waits_since >= o.ping_timeout_ms * ms)
      w.doom(c, CONFAB_DISCONNECT_TIMEOUT, "Ping timeout");
  } else if (o.ping_interval_ms != 0 && w.now - c.last_heard >= o.ping_interval_ms * ms) {
    c.ping_sent = true;
    c.waits_since = w.now;
    c.speaks->ping(c);
  }
  w.timers.arm(c.clock, std::max(due(c), w.now + ms));
}

confab_status driver::tick(confab_time now) {
  if (!advance(now))
    return CONFAB_ERR_ARG;
  while (core::timer *t = w.timers.expire(now))
    if (t->kind == core::timer_kind::conn)
      on_clock(*static_cast<core::conn_timer *>(t)->owner);
    else
      bus.on_timer(*t);
  return finish();
}

// --- output
// ----------------------------------------------------------------------------------------

confab_status driver::flush() {
  bus.refill();
  const confab_status before = finish();
  handing_out_.swap(w.dirty); // what becomes dirty meanwhile has its turn in the next flush
  const std::size_t count = handing_out_.size();
  for (std::size_t i = 0; i < count; ++i) {
    constexpr std::size_t ahead = 6; // connections lie apart in memory: ask before they are needed
    if (i + ahead < count) {
      const char *soon = reinterpret_cast<const char *>(handing_out_[i + ahead]);
      __builtin_prefetch(soon, 1);
      __builtin_prefetch(soon + sizeof(core::conn_head), 1);
    }
    conn &c = *handing_out_[i];
    c.dirty = false;
    if (c.gone)
      remove(c);
    else
      hand_out(c);
  }
  handing_out_.clear();
  const confab_status after = finish();
  return before < 0 ? before : after;
}

std::size_t driver::show(const conn &c, std::span<confab_slice> slices) noexcept {
  std::size_t count = 0;
  const auto put = [&](std::string_view bytes) { slices[count++] = {bytes.data(), bytes.size()}; };
  if (c.by_message()) {
    intake::output_walk messages(c);
    std::string_view message;
    while (count < slices.size() && messages.next(message))
      put(message);
  } else {
    while (count < slices.size() && count < c.out.size())
      put(c.out.slice(static_cast<std::uint32_t>(count)));
  }
  return count;
}

void driver::hand_out(conn &c) noexcept {
  if (w.host.send) {
    push_out(c);
  } else if (c.out.bytes() > 0) {
    if (c.signalled)
      c.out.consolidate(
          w.mem, w.blocks); // not read since the last flush: it must not pin what others share
    else if (w.host.output_pending)
      w.host.output_pending(w.host.ctx, core::world::id(c), c.ctx);
    c.signalled = true;
  }
  if (c.state == conn_state::closing && c.out.bytes() == 0)
    finish_close(c);
  else if (c.state == conn_state::closing)
    arm(c);
}

void driver::push_out(conn &c) noexcept {
  constexpr std::size_t slices_max = 64;
  while (c.out.bytes() > 0) {
    std::array<confab_slice, slices_max> slices;
    const std::size_t count = show(c, slices);
    std::size_t offered = 0, accepted = 0;
    for (std::size_t i = 0; i < count; ++i)
      offered += slices[i].len;
    const confab_status status =
        w.host.send(w.host.ctx, core::world::id(c), c.ctx, slices.data(), count, &accepted);
    if (status > 0)
      w.log(CONFAB_LOG_ERROR, "host.send", "CONFAB_ERR_CALLBACK: send answered no status",
            core::world::id(c), 0);
    const std::optional<std::uint32_t> taken = in_queue(c, accepted);
    if (status < 0 || accepted > offered || !taken) {
      c.out.clear(w.mem, w.blocks);
      c.closing = true;
      return w.doom(c, CONFAB_DISCONNECT_CLOSED, "Write error");
    }
    consumed(c, *taken, accepted);
    if (accepted < offered)
      return c.out.consolidate(w.mem, w.blocks);
  }
  bus.output_drained(c);
}

// The host took so many bytes, which are `queued` in the queue: the peer's input may go on.
void driver::consumed(conn &c, std::uint32_t queued, std::size_t bytes) noexcept {
  c.out.consume(w.mem, w.blocks, queued);
  c.bytes_out += bytes;
  w.counters.bytes_out_total += bytes;
  if (intake::kept(c) > 0 && !backed_up(c))
    w.list_pump(c);
}

confab_status driver::writable(conn &c) {
  bus.refill();
  hand_out(c);
  return finish();
}

confab_status driver::sent(conn &c, std::size_t bytes) {
  const std::optional<std::uint32_t> taken = in_queue(c, bytes);
  if (!taken)
    return CONFAB_ERR_ARG;
  bus.refill();
  consumed(c, *taken, bytes);
  if (c.out.bytes() == 0) {
    c.signalled = false;
    if (c.state == conn_state::closing)
      w.list_dirty(c);
    else
      bus.output_drained(c);
  }
  return finish();
}

// --- ends
// ------------------------------------------------------------------------------------------

confab_status driver::close(conn &c, confab_time now, std::string_view why) {
  if (!advance(now))
    return CONFAB_ERR_ARG;
  w.doom(c, CONFAB_DISCONNECT_HOST, why.empty() ? "Closed by the server" : why);
  return finish();
}

confab_status driver::closed(conn &c, confab_time now, std::string_view why) {
  if (!advance(now))
    return CONFAB_ERR_ARG;
  c.closing = true;
  w.doom(c, CONFAB_DISCONNECT_CLOSED, why.empty() ? "Connection closed" : why);
  bus.drain();
  remove(c);
  return finish();
}

confab_status driver::attach(conn &c, confab_time now, core::user &who) {
  if (c.state != conn_state::open || c.doomed || c.acts.blocked())
    return CONFAB_ERR_STATE;
  if (!advance(now))
    return CONFAB_ERR_ARG;
  core::link_session(w, c, who);
  arm(c);
  bus.together([&] { // or a filter's act could end the user in the middle
    c.speaks->welcome(c);
    for (core::member *m = w.first_membership(who); m; m = w.next_membership(*m))
      c.speaks->resumed(c, *m);
  });
  if (w.out_of_memory)
    w.doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  return finish();
}

void driver::finish_close(conn &c) noexcept {
  const confab_id id = core::world::id(c);
  void *ctx = c.ctx;
  w.added.object_gone(id);
  w.conns.disown(c);
  if (w.host.close)
    w.host.close(w.host.ctx, id, ctx, core::str(c.close_reason.view()));
  remove(c);
}

// Frees a connection, or leaves that to the flush that still has it on its list.
void driver::remove(conn &c) noexcept {
  w.added.object_gone(core::world::id(c));
  unlink_pump(c);
  w.timers.cancel(c.clock);
  c.speaks->close(c);
  c.out.clear(w.mem, w.blocks);
  intake::clear(w.mem, c);
  if (std::exchange(c.counted, false))
    w.addresses.remove(c.address.view());
  for (core::owned_str *text : {&c.address, &c.hostname, &c.close_reason})
    text->clear(w.mem);
  if (!c.dirty)
    return w.conns.destroy(c);
  c.closing = true;
  if (!c.gone)
    w.conns.disown(c);
  c.gone = true;
}

void driver::unlink_pump(conn &c) noexcept {
  if (!c.pump_listed)
    return;
  conn **link = &w.pump_list;
  while (*link != &c)
    link = &(*link)->next_pump;
  *link = c.next_pump;
  c.pump_listed = false;
}

void driver::shut() noexcept {
  for (std::uint32_t i = w.conns.first(); i != decltype(w.conns)::none; i = w.conns.next(i)) {
    conn &c = w.conns.at(i);
    if (!c.gone && w.host.close)
      w.host.close(w.host.ctx, core::world::id(c), c.ctx, CONFAB_STR("The engine ends"));
  }
}

} // namespace confab::session
