// SPDX-License-Identifier: MIT
//
// What is not done at once: acts that were submitted inside handlers, acts that wait for the host
// or for output to drain, acts behind them, and connections that must end. Each queue has a bound;
// what does not fit is refused as busy or, where memory ends, ends its connection.

#include "bus/bus.hpp"

#include <cassert>
#include <utility>

namespace confab::bus {

using core::conn;
using core::conn_state;
using core::operation;

bus::bus(core::world &world)
    : w(world), hooks(world.mem), requests_(world.mem), rewritten_output_(&world.mem) {
  w.bus = this;
}

bus::~bus() {
  for (std::uint32_t i = w.conns.first(); i != decltype(w.conns)::none; i = w.conns.next(i)) {
    conn &c = w.conns.at(i);
    w.mem.destroy(std::exchange(c.parked, nullptr));
    while (c.waiting)
      w.mem.destroy(std::exchange(c.waiting, c.waiting->next));
  }
  while (queue_)
    w.mem.destroy(std::exchange(queue_, queue_->next));
  while (seen_)
    w.mem.destroy(std::exchange(seen_, seen_->next));
  w.mem.destroy(pulled_);
}

// --- submitting
// ------------------------------------------------------------------------------------

void bus::submit(operation &&op) {
  if (op.origin && op.origin->state == conn_state::closing)
    return; // what it said before its end does not outlive it
  op.event.head.cause = cause_;
  if (op.origin) {
    op.event.head.origin = core::world::id(*op.origin);
    op.event.head.protocol = op.origin->speaks->protocol();
  }
  if (op.actor)
    op.event.head.actor = core::world::id(*op.actor);
  if (wait_behind(op))
    return;
  if (running_ || call_depth_ > 0)
    return enqueue(std::move(op));
  run_now(op);
  drain();
}

ending bus::submit_command(operation &&op) {
  op.event.head.cause = cause_;
  if (running_ || call_depth_ > 0)
    enqueue(std::move(op));
  else
    run_now(op);
  return last_; // before what follows it runs
}

// An act whose connection waits for an earlier one goes behind that.
bool bus::wait_behind(operation &op) {
  conn *c = op.origin;
  if (!c || (!c->parked && !c->waiting))
    return false;
  operation *held = w.mem.create<operation>(std::move(op));
  try {
    held->own();
  } catch (...) {
    w.mem.destroy(held);
    throw;
  }
  operation **end = &c->waiting;
  while (*end)
    end = &(*end)->next;
  *end = held;
  ++c->waiting_count;
  return true;
}

void bus::enqueue(operation &&op) {
  operation *held = w.mem.create<operation>(std::move(op));
  try {
    held->own();
  } catch (...) {
    w.mem.destroy(held);
    throw;
  }
  (queue_end_ ? queue_end_->next : queue_) = held;
  queue_end_ = held;
  ++queued_;
  last_ = {ending::how::queued, 0, 0};
}

void bus::notify(core::event_box event) noexcept {
  if (!hooks.wants(event.head.type) && w.limits().events_max == 0)
    return;
  try {
    operation op(w.mem);
    event.head.cause = cause_;
    op.event = event;
    enqueue(std::move(op));
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
  }
}

// --- running
// ---------------------------------------------------------------------------------------

bus::progress bus::guarded_advance(operation &op) noexcept {
  running_ = true;
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
  running_ = false;
  return made;
}

// An operation that lies with its submitter: it moves to the heap only if it must wait.
void bus::run_now(operation &op) noexcept {
  if (guarded_advance(op) == progress::done)
    return;
  operation *held = nullptr;
  try {
    held = w.mem.create<operation>(std::move(op));
    held->own();
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
    last_ = {ending::how::no_memory, 0, 0};
    conn &origin = held ? *held->origin : *op.origin;
    if (request *open = requests_.find(held ? held->request : op.request))
      requests_.destroy(*open);
    w.mem.destroy(held);
    return w.doom(origin, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  }
  hold(held);
}

void bus::run_held(operation *op) noexcept {
  op->next = nullptr;
  if (guarded_advance(*op) == progress::parked)
    hold(op);
  else
    w.mem.destroy(op);
}

void bus::hold(operation *op) noexcept {
  last_ = {ending::how::parked, 0, op->event.head.seq};
  op->resumed = true;
  op->origin->parked = op;
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

// --- answers
// ---------------------------------------------------------------------------------------

confab_status bus::resolve(confab_id id, bool granted, std::string_view text) {
  request *open = requests_.find(id);
  if (!open || open->resolved)
    return CONFAB_ERR_STALE_ID;
  conn *c = w.conns.find(open->conn);
  if (!c || !c->parked || c->parked->request != id)
    return CONFAB_ERR_STALE_ID;
  if (!granted) {
    core::owned_str said(w.mem, text);
    core::refuse(*c->parked, core::refusal_by_host(*c->parked));
    c->parked->why.text.swap(said);
  }
  c->parked->granted = granted;
  open->resolved = true;
  open->next = resolved_;
  resolved_ = open;
  return CONFAB_OK;
}

void bus::settle_answers() noexcept {
  while (request *open = resolved_) {
    resolved_ = open->next;
    conn *c = w.conns.find(open->conn);
    requests_.destroy(*open);
    if (c && c->parked)
      resume(*c);
  }
}

void bus::output_drained(conn &c) noexcept {
  if (c.parked && c.parked->begun)
    resume(c);
}

// Goes on with what waited, and with what waited behind it.
void bus::resume(conn &c) noexcept {
  operation *op = std::exchange(c.parked, nullptr);
  --parked_count;
  op->request = 0;
  run_held(op);
  while (!c.parked && c.waiting && !c.doomed) {
    op = std::exchange(c.waiting, c.waiting->next);
    --c.waiting_count;
    run_held(op);
  }
  w.flush_modes();
  if (!c.parked)
    w.list_pump(c);
}

void bus::cancel(conn &c) noexcept {
  if (operation *op = std::exchange(c.parked, nullptr)) {
    --parked_count;
    if (request *open = requests_.find(op->request))
      if (!open->resolved)
        requests_.destroy(*open);
    drop(op, CONFAB_OUTCOME_CANCELLED);
  }
  while (c.waiting) {
    operation *op = std::exchange(c.waiting, c.waiting->next);
    drop(op, CONFAB_OUTCOME_CANCELLED);
  }
  c.waiting_count = 0;
}

// --- ends
// ------------------------------------------------------------------------------------------

void bus::end_conn(conn &c) noexcept {
  cancel(c);
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_DISCONNECT);
  op.event.head.origin = core::world::id(c);
  op.event.head.protocol = c.speaks->protocol();
  op.event.head.actor = c.who ? core::world::id(*c.who) : 0;
  op.event.disconnect.text = core::str(c.close_reason.view());
  op.event.disconnect.kind = c.close_kind;
  op.event.disconnect.last = c.who && c.who->session_count == 1 && !c.who->persistent ? 1 : 0;
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
  if (!c.pumping)
    c.input.clear(w.mem);
  if (c.close_kind == CONFAB_DISCONNECT_OVERFLOW || c.close_kind == CONFAB_DISCONNECT_NOMEM)
    c.out.clear(w.mem, w.blocks);
}

void bus::end_user(core::user &who) noexcept {
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_DISCONNECT);
  op.event.head.actor = core::world::id(who);
  core::owned_str reason; // outlives the user
  reason.swap(who.leave_reason);
  op.event.disconnect.text = core::str(reason.view());
  op.event.disconnect.kind = who.leave_kind;
  op.event.disconnect.last = 1;
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
  rebind(*op);
  run_held(op);
}

bool bus::drain() noexcept {
  if (draining_ || running_ || call_depth_ > 0)
    return true;
  draining_ = true;
  bool all = true;
  for (;;) {
    if (queue_ && (queue_->event.head.flags & CONFAB_EVENT_FINAL) != 0) {
      run_notice(); // it tells of what is past: before anybody goes
    } else if (conn *c = w.doomed_conns) {
      w.doomed_conns = c->next_doomed;
      end_conn(*c);
    } else if (core::user *who = w.doomed_users) {
      w.doomed_users = who->next_doomed;
      end_user(*who);
    } else if (resolved_) {
      settle_answers();
    } else if (queue_) {
      if (budget_ == 0) {
        all = false;
        break;
      }
      --budget_;
      operation *op = pop_queue();
      if (!rebind(*op)) {
        drop(op, CONFAB_OUTCOME_CANCELLED);
      } else if (op->origin && (op->origin->parked || op->origin->waiting)) {
        operation **end = &op->origin->waiting;
        while (*end)
          end = &(*end)->next;
        *end = op;
        ++op->origin->waiting_count;
      } else {
        run_held(op);
      }
    } else {
      break;
    }
  }
  if (!in_line_) // the changes of one command go out as one line
    w.flush_modes();
  draining_ = false;
  return all;
}

void bus::line(conn &c, std::string_view text) {
  if (!hooks.wants(CONFAB_EVENT_LINE_IN)) {
    in_line_ = true;
    try {
      c.speaks->receive(c, text);
    } catch (...) {
      in_line_ = false;
      throw;
    }
    in_line_ = false;
    return;
  }
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_LINE_IN);
  op.event.line.conn = core::world::id(c);
  op.event.line.text = core::str(text);
  op.origin = &c;
  op.actor = c.who;
  submit(std::move(op));
}

} // namespace confab::bus
