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
    if (op.extra) {
      const confab_event_channel named = op.extra->channel;
      op.extra->head = op.event.head; // who, whence and when
      op.extra->head.struct_size = named.head.struct_size;
      op.extra->head.type = named.head.type;
      op.extra->head.flags = named.head.flags;
      op.extra->head.seq = ++w.seq;
      if (!judge(op, *op.extra))
        return progress::done;
    }
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

// Calls `each` for the handlers that want the event, in order, until it answers false. By index:
// a handler that subscribes may move the list, though the list does not change before the end.
template <class Each>
void bus::dispatch(const event_box &event, std::uint32_t stage, Each &&each) noexcept {
  const auto &list = hooks.at(event.head.type, stage);
  hooks.enter();
  for (std::size_t i = 0; i < list.size(); ++i)
    if (hook &h = *list[i]; !h.dead && interested(h, event) && !each(h))
      break;
  hooks.leave();
  hooks_changed();
}

// True when something was rewritten.
bool bus::transform(operation &op) {
  bool rewritten = false;
  dispatch(op.event, CONFAB_STAGE_TRANSFORM, [&](hook &h) {
    // The handler keeps the event as it was given; what it sets shows in the next one's.
    event_box given = op.event;
    confab_call with = make_call(op, given, CONFAB_STAGE_TRANSFORM);
    const confab_verdict verdict = call(h, with);
    if (verdict != CONFAB_PASS) {
      failed(h, op.event, verdict);
      op.event = given; // what it set before it failed does not count
    } else if (with.rewrote) {
      ++h.stats.rewritten_total;
      op.event.head.flags |= CONFAB_EVENT_REWRITTEN;
      rewritten = true;
    }
    with.text.clear(w.mem);
    return true;
  });
  return rewritten;
}

// False when the event is denied and stays so.
bool bus::policy(operation &op, event_box &event, bool may_override) {
  bool denied = false;
  dispatch(event, CONFAB_STAGE_POLICY, [&](hook &h) {
    confab_call with = make_call(op, event, CONFAB_STAGE_POLICY);
    denied = denied_by(with, h, call(h, with));
    with.text.clear(w.mem);
    return !denied;
  });
  return !denied || (may_override && overridden(op, event));
}

bool bus::overridden(operation &op, event_box &event) {
  bool lifted = false;
  dispatch(event, CONFAB_STAGE_OVERRIDE, [&](hook &h) {
    confab_call with = make_call(op, event, CONFAB_STAGE_OVERRIDE);
    with.outcome = CONFAB_OUTCOME_DENIED;
    const confab_verdict verdict = call(h, with);
    if (verdict == CONFAB_ALLOW) {
      ++h.stats.allowed_total;
      op.lifted_by = hook_table::id(h);
      op.lift_reason.swap(with.text);
      lifted = true;
    } else if (verdict != CONFAB_PASS) {
      failed(h, event, verdict);
    }
    with.text.clear(w.mem);
    return !lifted;
  });
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
    core::refuse(op, core::refusal_by_host(op));
  else if (answer != CONFAB_OK) {
    w.log(CONFAB_LOG_ERROR, "host.request", "the request callback answered no status",
          op.event.head.origin, 0);
    core::refuse(op, core::refusal_by_host(op));
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
  if (op.origin)
    op.origin->speaks->answered(*op.origin, op);
  observe(op, CONFAB_OUTCOME_COMMITTED);
  last_ = {ending::how::committed, 0, op.event.head.seq}; // after what observers submitted
  return progress::done;
}

// Tells the origin, unless the denial is a silent one.
void bus::end_refused(operation &op, std::uint32_t outcome) noexcept {
  if (op.origin) {
    // Who is kept from registering is always told: a connection that waits for nothing helps
    // nobody.
    const bool registering =
        op.type() == CONFAB_EVENT_REGISTER || op.type() == CONFAB_EVENT_AUTHENTICATE;
    if (op.why.visibility == CONFAB_DENIAL_ERROR || registering)
      op.origin->speaks->refused(*op.origin, op);
    else if (op.why.visibility == CONFAB_DENIAL_SHADOW)
      shadow(op);
  }
  observe(op, outcome);
  last_ = {ending::how::denied, op.why.code, op.event.head.seq}; // after what observers submitted
}

// The origin alone sees its act as if it had happened.
void bus::shadow(operation &op) noexcept {
  if (op.type() == CONFAB_EVENT_QUERY)
    return core::pretend_answer(op);
  // An invitation and a kill are shown to their subject, a message to a sender who wants its echo.
  const bool unseen_by_sender = op.type() == CONFAB_EVENT_INVITE ||
                                op.type() == CONFAB_EVENT_KILL ||
                                (op.type() == CONFAB_EVENT_MESSAGE && !op.origin->echo);
  if (core::changes_mode(op))
    core::pretend_mode(w, op);
  else if (op.actor && !unseen_by_sender)
    w.to_conn(op, *op.origin);
  op.origin->speaks->answered(*op.origin, op);
}

void bus::observe(operation &op, std::uint32_t outcome) noexcept {
  if (op.extra && op.extra->head.seq != 0) // else it never came to that
    observe_event(op, *op.extra, outcome);
  observe_event(op, op.event, outcome);
}

void bus::observe_event(operation &op, event_box &event, std::uint32_t outcome) noexcept {
  const bool line =
      event.head.type == CONFAB_EVENT_LINE_IN || event.head.type == CONFAB_EVENT_LINE_OUT;
  if (w.limits().events_max != 0 && !line)
    record(op, event, outcome);
  if (!hooks.wants(event.head.type, CONFAB_STAGE_OBSERVE))
    return;
  dispatch(event, CONFAB_STAGE_OBSERVE, [&](hook &h) {
    confab_call with = make_call(op, event, CONFAB_STAGE_OBSERVE);
    with.outcome = outcome;
    call(h, with); // its verdict means nothing here
    return true;
  });
}

} // namespace confab::bus
