// SPDX-License-Identifier: MIT
//
// The steps of one act, from gate to observers: see bus.hpp. `advance` is a state machine over
// operation::phase, so that an act that waited goes on where it stopped. What an act does is in
// core/acts.

#include "bus/bus.hpp"

#include <utility>

namespace confab::bus {

using core::act_of;
using core::commit_result;
using core::event_box;
using core::gate_result;
using core::operation;
using core::phase;

namespace {

bool final(const event_box &event) noexcept { return (event.head.flags & CONFAB_EVENT_FINAL) != 0; }

} // namespace

// Fills in what every event has, and asks the core's own rules. False when the act ends here.
bool bus::pass_gate(operation &op) {
  switch (act_of(op.type()).gate(w, op)) {
  case gate_result::go:
    return true;
  case gate_result::refused:
    end_refused(op, CONFAB_OUTCOME_REFUSED);
    return false;
  case gate_result::nothing:
    last_ = {ending::how::committed, 0, op.event.head.seq};
    return false;
  }
  return false;
}

bus::progress bus::advance(operation &op) {
  if (op.at == phase::gate) {
    op.event.head.seq = ++w.seq;
    op.event.head.time = w.now;
    ++w.counters.events_total;
    if (!pass_gate(op))
      return progress::done;
    op.at = phase::judge;
  }
  if (op.at == phase::judge) {
    if (hooks.wants(op.type()) && !judge(op, op.event))
      return progress::done;
    op.at = phase::judge_extra;
  }
  if (op.at == phase::judge_extra) {
    if (op.extra && !judge(op, *op.extra))
      return progress::done;
    op.at = phase::ask;
  }
  if (op.at == phase::ask) {
    if (ask(op) == progress::parked)
      return progress::parked;
    if (op.refused()) {
      end_refused(op, CONFAB_OUTCOME_REFUSED);
      return progress::done;
    }
    op.at = phase::commit;
  }
  return commit(op);
}

// TRANSFORM, POLICY and OVERRIDE of one event. False when the act ends here.
bool bus::judge(operation &op, event_box &event) {
  if (&event == &op.event && hooks.wants(op.type(), CONFAB_STAGE_TRANSFORM) && transform(op) &&
      !final(event) && !pass_gate(op)) // what a filter wrote is checked like what a client wrote
    return false;
  if (!hooks.wants(event.head.type, CONFAB_STAGE_POLICY) || policy(op, event, true))
    return true;
  end_refused(op, CONFAB_OUTCOME_DENIED);
  return false;
}

// True when something was rewritten.
bool bus::transform(operation &op) {
  bool rewritten = false;
  hooks.enter();
  for (hook *h : hooks.at(op.type(), CONFAB_STAGE_TRANSFORM)) {
    if (h->dead || !interested(*h, op.event))
      continue;
    // The handler keeps the event as it was given; what it sets shows in the next one's.
    event_box given = op.event;
    confab_call with = make_call(op, given, CONFAB_STAGE_TRANSFORM);
    const confab_verdict verdict = call(*h, with);
    if (verdict != CONFAB_PASS)
      failed(*h, op.event, verdict);
    if (with.rewrote) {
      ++h->stats.rewritten_total;
      op.event.head.flags |= CONFAB_EVENT_REWRITTEN;
      rewritten = true;
    }
    with.text.clear(w.mem);
  }
  hooks.leave();
  return rewritten;
}

// False when the event is denied and stays so.
bool bus::policy(operation &op, event_box &event, bool may_override) {
  bool denied = false;
  hooks.enter();
  for (hook *h : hooks.at(event.head.type, CONFAB_STAGE_POLICY)) {
    if (h->dead || !interested(*h, event))
      continue;
    confab_call with = make_call(op, event, CONFAB_STAGE_POLICY);
    denied = denied_by(with, *h, call(*h, with)) && !final(event);
    with.text.clear(w.mem);
    if (denied)
      break;
  }
  hooks.leave();
  return !denied || (may_override && overridden(op, event));
}

bool bus::overridden(operation &op, event_box &event) {
  bool lifted = false;
  hooks.enter();
  for (hook *h : hooks.at(event.head.type, CONFAB_STAGE_OVERRIDE)) {
    if (h->dead || !interested(*h, event))
      continue;
    confab_call with = make_call(op, event, CONFAB_STAGE_OVERRIDE);
    with.outcome = CONFAB_OUTCOME_DENIED;
    const confab_verdict verdict = call(*h, with);
    if (verdict == CONFAB_ALLOW) {
      ++h->stats.allowed_total;
      op.lifted_by = hook_table::id(*h);
      op.lift_reason.swap(with.text);
      lifted = true;
    } else if (verdict != CONFAB_PASS) {
      failed(*h, event, verdict);
    }
    with.text.clear(w.mem);
    if (lifted)
      break;
  }
  hooks.leave();
  return lifted;
}

// The host's answer, where the act needs one.
bus::progress bus::ask(operation &op) {
  const std::uint32_t kind = act_of(op.type()).request(w, op);
  if (kind == 0 || op.granted || op.refused() || !op.origin)
    return progress::done;
  if (!w.host.request) {
    if (kind != CONFAB_REQUEST_PASSWORD)
      core::refuse(op, kind == CONFAB_REQUEST_OPER ? CONFAB_REFUSED_NO_OPERATOR_HERE
                                                   : CONFAB_REFUSED_NOT_OPERATOR);
    return progress::done;
  }
  if (parked_count >= w.limits().parked_max) {
    core::refuse(op, CONFAB_REFUSED_BUSY);
    return progress::done;
  }
  request &open = requests_.create();
  open.conn = core::world::id(*op.origin);
  const std::string_view name = op.type() == CONFAB_EVENT_OPER ? core::view(op.event.oper.name)
                                : op.actor                     ? op.actor->is.nick()
                                                               : std::string_view{};
  const confab_request question{sizeof(confab_request),        kind,
                                decltype(requests_)::id(open), open.conn,
                                op.event.head.actor,           core::str(name),
                                core::str(op.secret)};
  ++call_depth_;
  const confab_status answer = w.host.request(w.host.ctx, &question);
  --call_depth_;
  if (answer == CONFAB_PARKED) {
    op.request = question.id;
    return progress::parked;
  }
  requests_.destroy(open);
  if (answer < 0)
    core::refuse(op, CONFAB_REFUSED_BAD_PASSWORD);
  else if (answer != CONFAB_OK) {
    w.log(CONFAB_LOG_ERROR, "host.request", "the request callback answered no status",
          op.event.head.origin, 0);
    core::refuse(op, CONFAB_REFUSED_BAD_PASSWORD);
  }
  return progress::done;
}

bus::progress bus::commit(operation &op) {
  const core::act &does = act_of(op.type());
  // While it waited the world went on: what the gate checked may no longer hold.
  if (op.resumed && !op.begun) {
    op.resumed = false;
    if (!pass_gate(op))
      return progress::done;
  }
  if (does.commit(w, op) == commit_result::more)
    return progress::parked;
  last_ = {ending::how::committed, 0, op.event.head.seq};
  if (op.origin)
    op.origin->speaks->answered(*op.origin, op);
  observe(op, CONFAB_OUTCOME_COMMITTED);
  return progress::done;
}

// Tells the origin, unless the denial is a silent one.
void bus::end_refused(operation &op, std::uint32_t outcome) noexcept {
  last_ = {ending::how::denied, op.why.code, op.event.head.seq};
  if (op.origin) {
    if (op.why.visibility == CONFAB_DENIAL_ERROR)
      op.origin->speaks->refused(*op.origin, op);
    else if (op.why.visibility == CONFAB_DENIAL_SHADOW)
      shadow(op);
  }
  observe(op, outcome);
}

// The origin alone sees its act as if it had happened.
void bus::shadow(operation &op) noexcept {
  const bool unseen_by_sender = op.type() == CONFAB_EVENT_MESSAGE && !op.origin->echo;
  if (op.actor && !unseen_by_sender)
    w.to_conn(op, *op.origin);
  op.origin->speaks->answered(*op.origin, op);
}

void bus::observe(operation &op, std::uint32_t outcome) noexcept {
  if (op.extra)
    observe_event(op, *op.extra, outcome);
  observe_event(op, op.event, outcome);
}

void bus::observe_event(operation &op, event_box &event, std::uint32_t outcome) noexcept {
  const bool row = event.head.type == CONFAB_EVENT_QUERY && event.query.phase == CONFAB_QUERY_ROW;
  if (w.limits().events_max != 0 && !row && event.head.type != CONFAB_EVENT_LINE_IN)
    record(op, event, outcome);
  if (!hooks.wants(event.head.type, CONFAB_STAGE_OBSERVE))
    return;
  hooks.enter();
  for (hook *h : hooks.at(event.head.type, CONFAB_STAGE_OBSERVE)) {
    if (h->dead || !interested(*h, event))
      continue;
    confab_call with = make_call(op, event, CONFAB_STAGE_OBSERVE);
    with.outcome = outcome;
    call(*h, with); // its verdict means nothing here
  }
  hooks.leave();
}

} // namespace confab::bus
