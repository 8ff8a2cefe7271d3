// SPDX-License-Identifier: MIT
//
// What is not done at once: acts that were submitted inside handlers, acts that wait, acts behind
// them, and connections that must end. Each queue has a bound; what does not fit is refused as busy
// or, where memory ends, ends its connection. What they wait for is in deferrals.cpp.

#include "bus/bus.hpp"

#include <cassert>
#include <utility>

namespace confab::bus {

using core::conn;
using core::conn_state;
using core::lane;
using core::operation;

bus::bus(core::world &world)
    : w(world), hooks(world.mem), added(*this), plugged(*this), requests_(world.mem),
      deferrals_(world.mem), rewritten_output_(&world.mem) {
  w.bus = this;
}

bus::~bus() {
  const auto empty = [&](lane &l) {
    w.mem.destroy(std::exchange(l.parked, nullptr));
    while (l.waiting)
      w.mem.destroy(std::exchange(l.waiting, l.waiting->next));
  };
  for (std::uint32_t i = deferrals_.first(); i != decltype(deferrals_)::none;
       i = deferrals_.next(i)) {
    deferral &d = deferrals_.at(i);
    if (d.op && !lane_of(*d.op))
      w.mem.destroy(d.op);
    destroy_question(d);
  }
  for (std::uint32_t i = w.conns.first(); i != decltype(w.conns)::none; i = w.conns.next(i))
    empty(w.conns.at(i).acts);
  for (std::uint32_t i = w.users.first(); i != decltype(w.users)::none; i = w.users.next(i))
    empty(w.users.at(i).acts);
  while (queue_)
    w.mem.destroy(std::exchange(queue_, queue_->next));
  while (seen_)
    w.mem.destroy(std::exchange(seen_, seen_->next));
  w.mem.destroy(pulled_);
}

// --- submitting
// ------------------------------------------------------------------------------------

// The acts of one connection keep their order, and those of a user that acts without one; acts of
// the server itself wait for nobody.
lane *bus::lane_of(const operation &op) noexcept {
  if (op.origin)
    return &op.origin->acts;
  return op.actor ? &op.actor->acts : nullptr;
}

// Notes what led to the act. False when the chain grows too long.
bool bus::link_causes(operation &op, bool always) {
  if (!inside_.event || (!always && call_depth_ == 0 && !inside_.causes))
    return true;
  if (inside_.causes && inside_.causes->count >= w.limits().causes_max)
    return false;
  op.caused_by({inside_.event->head.seq, inside_.hook, inside_.event->head.type}, inside_.causes);
  return true;
}

void bus::submit(operation &&op) {
  if (op.origin && op.origin->state == conn_state::closing)
    return; // what it said before its end does not outlive it
  op.event.head.flags |= call_depth_ > 0 ? CONFAB_EVENT_FROM_HANDLER
                         : op.origin     ? CONFAB_EVENT_FROM_CLIENT
                                         : CONFAB_EVENT_FROM_ENGINE;
  if (op.origin) {
    op.event.head.origin = core::world::id(*op.origin);
    op.event.head.protocol = op.origin->speaks->protocol(*op.origin);
  }
  if (op.actor)
    op.event.head.actor = core::world::id(*op.actor);
  if (!link_causes(op, false))
    return refuse_early(op, CONFAB_REFUSED_LIMIT);
  if (call_depth_ > 0)
    return enqueue(std::move(op));
  if (wait_behind(op))
    return;
  if (running_)
    return enqueue(std::move(op));
  run_now(op);
  drain();
}

ending bus::submit_command(operation &&op) {
  if (op.type() != CONFAB_EVENT_CONNECT) // that is the client's own
    op.event.head.flags |= call_depth_ > 0 ? CONFAB_EVENT_FROM_HANDLER : CONFAB_EVENT_FROM_HOST;
  else
    op.event.head.flags |= CONFAB_EVENT_FROM_CLIENT;
  if (!link_causes(op, false)) {
    w.log(CONFAB_LOG_ERROR, "bus.causes", "handlers answer each other without end", 0,
          inside_.hook);
    return {ending::how::too_deep, 0, 0};
  }
  if (running_ || call_depth_ > 0)
    enqueue(std::move(op));
  else if (!wait_behind(op))
    run_now(op);
  return last_; // before what follows it runs
}

// Ends an act that never got to the gate.
void bus::refuse_early(operation &op, std::uint32_t code) noexcept {
  op.event.head.seq = ++w.seq;
  op.event.head.time = w.now;
  core::refuse(op, code);
  end_refused(op, CONFAB_OUTCOME_REFUSED);
}

// An act whose origin waits for an earlier one goes behind that.
bool bus::wait_behind(operation &op) {
  lane *l = lane_of(op);
  if (!l || !l->blocked())
    return false;
  if (l->waiting_count >= w.limits().waiting_max) {
    refuse_early(op, CONFAB_REFUSED_BUSY);
    return true;
  }
  append(*l, held(std::move(op)));
  last_ = {ending::how::parked, 0, 0};
  return true;
}

void bus::append(lane &to, operation *op) noexcept {
  op->next = nullptr;
  (to.waiting_end ? to.waiting_end->next : to.waiting) = op;
  to.waiting_end = op;
  ++to.waiting_count;
}

// Moves an operation to the heap, with texts of its own. Throws bad_alloc.
operation *bus::held(operation &&op) {
  operation *kept = w.mem.create<operation>(std::move(op));
  try {
    kept->own();
  } catch (...) {
    w.mem.destroy(kept);
    throw;
  }
  return kept;
}

void bus::enqueue(operation &&op) {
  operation *kept = held(std::move(op));
  (queue_end_ ? queue_end_->next : queue_) = kept;
  queue_end_ = kept;
  ++queued_;
  last_ = {ending::how::queued, 0, 0};
}

void bus::notify(core::event_box event) noexcept {
  if (!hooks.wants(event.head) && w.limits().events_max == 0 && !w.follower)
    return;
  try {
    operation op(w.mem);
    event.head.flags |= CONFAB_EVENT_FROM_ENGINE;
    op.event = event;
    if (link_causes(op, true))
      enqueue(std::move(op));
    else
      w.log(CONFAB_LOG_ERROR, "bus.causes", "handlers answer each other without end", 0,
            inside_.hook);
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
  }
}

// --- running
// ---------------------------------------------------------------------------------------

bus::progress bus::guarded_advance(operation &op) noexcept {
  running_ = true;
  const inside before = std::exchange(inside_, inside{0, 0, &op.event, op.causes});
  progress made = progress::done;
  try {
    made = advance(op);
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
    last_ = {ending::how::no_memory, 0, op.event.head.seq};
    if (op.origin)
      w.doom(*op.origin, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  } catch (...) {
    w.defect = true;
  }
  inside_ = before;
  running_ = false;
  return made;
}

// It should wait, and there is no memory for that: nobody can answer it any more.
void bus::give_up(question *open, conn *origin) noexcept {
  w.out_of_memory = true;
  last_ = {ending::how::no_memory, 0, 0};
  if (open && !open->of_host)
    drop_token(static_cast<deferral &>(*open), CONFAB_CANCELLED_ORIGIN);
  if (open)
    destroy_question(*open);
  if (origin)
    w.doom(*origin, CONFAB_DISCONNECT_NOMEM, "Out of memory");
}

// An operation that lies with its submitter: it moves to the heap only if it must wait.
void bus::run_now(operation &op) noexcept {
  if (guarded_advance(op) == progress::done)
    return;
  question *open = question_of(op);
  conn *origin = op.origin;
  try {
    hold(held(std::move(op)));
  } catch (const std::bad_alloc &) {
    give_up(open, origin);
  }
}

void bus::run_held(operation *op) noexcept {
  op->next = nullptr;
  if (guarded_advance(*op) == progress::done)
    return w.mem.destroy(op);
  try {
    op->own();
    hold(op);
  } catch (const std::bad_alloc &) {
    give_up(question_of(*op), op->origin);
    drop(op, CONFAB_OUTCOME_CANCELLED);
  }
}

void bus::hold(operation *op) noexcept {
  last_ = {ending::how::parked, 0, op->event.head.seq};
  op->resumed = true;
  if (question *open = question_of(*op))
    open->op = op;
  if (lane *l = lane_of(*op))
    l->parked = op;
  ++parked_count;
}

// Finds origin and actor again after a wait. False when they are gone.
bool bus::rebind(operation &op) noexcept {
  const confab_event &head = op.event.head;
  op.origin = head.origin != 0 ? w.conns.find(head.origin) : nullptr;
  op.actor = head.actor != 0 ? w.users.find(head.actor) : nullptr;
  if (head.origin != 0 && (!op.origin || op.origin->state == conn_state::closing))
    return false;
  return head.actor == 0 || op.actor;
}

void bus::drop(operation *op, std::uint32_t outcome) noexcept {
  if (op->event.head.seq == 0) { // it never began
    op->event.head.seq = ++w.seq;
    op->event.head.time = w.now;
  }
  observe(*op, outcome);
  w.mem.destroy(op);
}

void bus::output_drained(conn &c) noexcept {
  if (c.acts.parked && c.acts.parked->begun)
    resume(c.acts);
}

void bus::time_came(conn &c) noexcept {
  operation *op = c.acts.parked;
  if (!op || op->waits_until == 0 || op->waits_until > w.now)
    return;
  op->waits_until = 0;
  resume(c.acts);
}

// Goes on with what waited, and with what waited behind it.
void bus::resume(lane &from) noexcept {
  operation *op = std::exchange(from.parked, nullptr);
  conn *c = op->origin;
  --parked_count;
  run_held(op);
  while (!from.parked && from.waiting && !(c && c->doomed)) {
    op = std::exchange(from.waiting, from.waiting->next);
    if (!from.waiting)
      from.waiting_end = nullptr;
    --from.waiting_count;
    run_held(op);
  }
  w.flush_modes();
  if (c && !from.parked)
    w.list_pump(*c);
}

// Forgets what waits: observers and the holder of the token are told.
void bus::cancel(lane &l) noexcept {
  if (operation *op = std::exchange(l.parked, nullptr)) {
    --parked_count;
    if (question *open = question_of(*op)) {
      if (!open->of_host)
        drop_token(static_cast<deferral &>(*open), CONFAB_CANCELLED_ORIGIN);
      destroy_question(*open);
    }
    drop(op, CONFAB_OUTCOME_CANCELLED);
  }
  while (l.waiting)
    drop(std::exchange(l.waiting, l.waiting->next), CONFAB_OUTCOME_CANCELLED);
  l.waiting_end = nullptr;
  l.waiting_count = 0;
}

// --- ends
// ------------------------------------------------------------------------------------------

void bus::end_conn(conn &c) noexcept {
  cancel(c.acts);
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_DISCONNECT);
  op.event.head.origin = core::world::id(c);
  op.event.head.protocol = c.speaks->protocol(c);
  op.event.head.actor = c.who ? core::world::id(*c.who) : 0;
  op.event.disconnect.text = core::str(c.close_reason.view());
  op.event.disconnect.kind = c.close_kind;
  op.event.disconnect.last = c.who && c.who->session_count == 1 && !c.who->persistent ? 1 : 0;
  op.event.head.flags |= c.close_kind == CONFAB_DISCONNECT_QUIT   ? CONFAB_EVENT_FROM_CLIENT
                         : c.close_kind == CONFAB_DISCONNECT_HOST ? CONFAB_EVENT_FROM_HOST
                                                                  : CONFAB_EVENT_FROM_ENGINE;
  if (op.event.disconnect.last != 0)
    cancel(c.who->acts);
  op.origin = &c;
  op.actor = c.who;
  const bool registered = c.state == conn_state::registered;
  if (guarded_advance(op) == progress::parked)
    assert(false); // the end of a connection waits for nobody
  const std::string_view reason = core::view(op.event.disconnect.text);
  if (reason != c.close_reason.view())
    try { // a filter rewrote it: the host is told what others saw
      c.close_reason.assign(w.mem, reason);
    } catch (const std::bad_alloc &) {
      w.out_of_memory = true;
    }
  if (registered || c.close_kind != CONFAB_DISCONNECT_CLOSED)
    w.log(CONFAB_LOG_INFO, "conn.closed", c.close_kind == CONFAB_DISCONNECT_QUIT ? "quit" : reason,
          op.event.head.origin, op.event.head.actor);
  if (!c.closing && c.close_kind != CONFAB_DISCONNECT_CLOSED)
    c.speaks->farewell(c, reason);
  c.state = conn_state::closing;
  c.closing = true;
  c.waits_since = w.now;
  w.list_dirty(c); // so that the flush comes by and closes it
  if (!c.pumping) {
    c.input.clear(w.mem);
    c.frames.clear(w.mem);
  }
  if (c.close_kind == CONFAB_DISCONNECT_OVERFLOW || c.close_kind == CONFAB_DISCONNECT_NOMEM)
    c.out.clear(w.mem, w.blocks);
}

void bus::end_user(core::user &who) noexcept {
  cancel(who.acts);
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_DISCONNECT);
  op.event.head.actor = core::world::id(who);
  core::owned_str reason; // outlives the user
  reason.swap(who.leave_reason);
  op.event.disconnect.text = core::str(reason.view());
  op.event.disconnect.kind = who.leave_kind;
  op.event.disconnect.last = 1;
  op.event.head.flags |= CONFAB_EVENT_FROM_HOST;
  op.actor = &who;
  guarded_advance(op);
  reason.clear(w.mem);
}

operation *bus::pop_queue() noexcept {
  operation *op = std::exchange(queue_, queue_->next);
  if (!queue_)
    queue_end_ = nullptr;
  --queued_;
  op->next = nullptr;
  return op;
}

// Whom it is about may be gone: it is told all the same.
void bus::run_notice() noexcept {
  operation *op = pop_queue();
  if (op->type() == CONFAB_EVENT_NONE) {
    send_reply(*op);
    return w.mem.destroy(op);
  }
  rebind(*op);
  run_held(op);
}

void bus::tell(conn &to, std::uint32_t number, std::string_view params, std::string_view text) {
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_NONE);
  op.event.reply.conn = core::world::id(to);
  op.event.reply.number = number;
  op.event.reply.params = core::str(params);
  op.event.reply.text = core::str(text);
  if (running_ || call_depth_ > 0)
    enqueue(std::move(op));
  else
    send_reply(op);
}

void bus::send_reply(const operation &op) noexcept {
  const core::event_reply &e = op.event.reply;
  conn *to = w.conns.find(e.conn);
  if (to && to->state != conn_state::closing)
    to->speaks->told(*to, e.number, core::view(e.params), core::view(e.text));
}

// Its turn has come; or it goes behind what its origin waits for.
void bus::run_queued(operation *op) noexcept {
  if (!rebind(*op))
    return drop(op, CONFAB_OUTCOME_CANCELLED);
  lane *l = lane_of(*op);
  if (!l || !l->blocked())
    return run_held(op);
  if (l->waiting_count < w.limits().waiting_max)
    return append(*l, op);
  refuse_early(*op, CONFAB_REFUSED_BUSY);
  w.mem.destroy(op);
}

bool bus::drain() noexcept {
  if (draining_ || running_ || call_depth_ > 0)
    return true;
  draining_ = true;
  bool all = work();
  while (!in_line_ && w.modes.count != 0) { // the changes of one command go out as one line
    w.flush_modes();
    all = work(); // who sees the line go out may answer and submit
  }
  draining_ = false;
  return all;
}

// Does what is to be done, in its order. False when the budget ends before that.
bool bus::work() noexcept {
  for (;;) {
    if (queue_ && (queue_->event.head.flags & CONFAB_EVENT_FINAL) != 0) {
      run_notice(); // it tells of what is past: before anybody goes
    } else if (conn *c = w.doomed_conns) {
      w.doomed_conns = c->next_doomed;
      end_conn(*c);
    } else if (core::user *who = w.doomed_users) {
      w.doomed_users = who->next_doomed;
      end_user(*who);
    } else if (answered_) {
      settle_answers();
    } else if (added.pending()) {
      if (budget_ == 0)
        return false;
      --budget_;
      added.settle();
    } else if (plugged.pending()) {
      plugged.settle();
    } else if (queue_) {
      if (budget_ == 0)
        return false;
      --budget_;
      run_queued(pop_queue());
    } else {
      return true;
    }
  }
}

void bus::line(conn &c, std::string_view text, std::uint32_t flags) {
  if (!hooks.wants(CONFAB_EVENT_LINE_IN)) {
    in_line_ = true;
    try {
      if (flags == 0)
        c.speaks->receive(c, text);
      else
        c.speaks->receive_datagram(c, text);
    } catch (...) {
      in_line_ = false;
      throw;
    }
    in_line_ = false;
    return;
  }
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_LINE_IN);
  op.event.head.flags |= flags;
  op.event.line.conn = core::world::id(c);
  op.event.line.text = core::str(text);
  op.origin = &c;
  op.actor = c.who;
  submit(std::move(op));
}

} // namespace confab::bus
