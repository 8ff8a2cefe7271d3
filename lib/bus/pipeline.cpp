// SPDX-License-Identifier: MIT
//
// The steps of one act, from gate to observers: see bus.hpp. `advance` is a state machine over
// operation::phase, so that an act that waited goes on where it stopped. What an act does is in
// core/acts; how handlers are called, and what their answers mean, in calls.cpp.

#include "bus/bus.hpp"

#include <utility>

namespace confab::bus {

using core::act_of;
using core::commit_result;
using core::event_box;
using core::gate_result;
using core::judging;
using core::operation;
using core::phase;

namespace {

bool final(const event_box &event) noexcept { return (event.head.flags & CONFAB_EVENT_FINAL) != 0; }

// Did the hook judge the act before it began to wait?
bool judged_before(const judging &stopped, const hook &h) noexcept {
  switch (stopped.goes_on) {
  case judging::how::fresh:
    return false;
  case judging::how::rewritten:
    return h.order == stopped.order;
  default:
    return h.is.priority > stopped.priority ||
           (h.is.priority == stopped.priority && h.order <= stopped.order);
  }
}

} // namespace

// Asks the core's own rules. False when the act ends here. What handlers have seen ends for
// observers too, though it may be so already, or the channel that it would open be there.
bool bus::pass_gate(operation &op) {
  const bool opened = op.extra && op.extra->head.seq != 0;
  event_box opening = opened ? *op.extra : event_box{};
  const gate_result said = act_of(op.type()).gate(w, op);
  if (opened && (!op.extra || said == gate_result::nothing)) {
    w.mem.destroy(std::exchange(op.extra, nullptr));
    observe_event(op, opening, CONFAB_OUTCOME_CANCELLED);
  }
  switch (said) {
  case gate_result::go:
    return true;
  case gate_result::refused:
    end_refused(op, CONFAB_OUTCOME_REFUSED);
    return false;
  case gate_result::nothing:
    if (op.at != phase::gate)
      observe(op, CONFAB_OUTCOME_COMMITTED);
    last_ = {ending::how::committed, 0, op.event.head.seq};
    return false;
  }
  return false;
}

bus::progress bus::advance(operation &op) {
  for (;;)
    switch (op.at) {
    case phase::gate:
      op.event.head.seq = ++w.seq;
      op.event.head.time = w.now;
      ++w.counters.events_total;
      if (!pass_gate(op))
        return progress::done;
      op.at = phase::judge;
      break;
    case phase::judge:
      if (hooks.wants(op.event.head) || op.judged.goes_on != judging::how::fresh)
        if (const ruling r = judge(op, op.event); r != ruling::go)
          return r == ruling::parked ? progress::parked : progress::done;
      op.at = phase::judge_extra;
      break;
    case phase::judge_extra:
      if (op.extra) {
        if (op.extra->head.seq == 0)
          begin_extra(op);
        if (const ruling r = judge(op, *op.extra); r != ruling::go)
          return r == ruling::parked ? progress::parked : progress::done;
      }
      op.at = phase::ask;
      break;
    case phase::ask:
      if (ask(op) == progress::parked)
        return progress::parked;
      if (op.refused()) {
        end_refused(op, CONFAB_OUTCOME_REFUSED);
        return progress::done;
      }
      op.at = phase::commit;
      break;
    case phase::commit:
      // While it waited the world went on: what the gate checked may no longer hold, and what was
      // there may have to be made, which its own filters have not seen yet.
      if (op.resumed && !op.begun) {
        op.resumed = false;
        if (!pass_gate(op))
          return progress::done;
        if (op.extra && op.extra->head.seq == 0) {
          op.at = phase::judge_extra;
          break;
        }
      }
      return commit(op);
    }
}

// The second event of an act has its own number, and all else from the first.
void bus::begin_extra(operation &op) noexcept {
  const confab_event_channel named = op.extra->channel;
  op.extra->head = op.event.head;
  op.extra->head.struct_size = named.head.struct_size;
  op.extra->head.type = named.head.type;
  op.extra->head.flags |= named.head.flags;
  op.extra->head.seq = ++w.seq;
}

// TRANSFORM, POLICY and OVERRIDE of one event, or what is left of them after a wait.
bus::ruling bus::judge(operation &op, event_box &event) {
  const judging::how goes_on = op.judged.goes_on;
  if (goes_on == judging::how::fresh) {
    if (hooks.wants(event.head, CONFAB_STAGE_TRANSFORM) && transform(op, event) && !final(event) &&
        !pass_gate(op)) // what a filter wrote is checked like what a client wrote
      return ruling::ended;
  } else {
    if (goes_on == judging::how::denied && !overridden(op, event)) {
      end_refused(op, op.judged.outcome);
      return ruling::ended;
    }
    op.judged.outcome = 0;
    const bool opens = &event == op.extra;
    if (!pass_gate(op)) // while it waited the world went on
      return ruling::ended;
    if (opens && !op.extra) { // somebody else opened the channel
      op.judged = judging{0, 0, judging::how::fresh, op.judged.deferrals, 0};
      return ruling::go;
    }
  }
  const ruling r =
      hooks.wants(event.head, CONFAB_STAGE_POLICY) ? policy(op, event, !final(event)) : ruling::go;
  if (r != ruling::parked)
    op.judged = judging{0, 0, judging::how::fresh, op.judged.deferrals, 0};
  if (r == ruling::ended)
    end_refused(op, CONFAB_OUTCOME_DENIED);
  return r;
}

// Calls `each` for the handlers that want the event, in order, until it answers false. By index,
// and through the table each time: a handler that subscribes may move the list, though the list
// does not change before the end.
template <class Each>
void bus::dispatch(const event_box &event, std::uint32_t stage, Each &&each) noexcept {
  hooks.enter();
  clock_at_ = clock_now();
  const std::size_t count = hooks.at(event.head, stage).size();
  for (std::size_t i = 0; i < count; ++i) {
    hook &h = *hooks.at(event.head, stage)[i];
    if (!h.dead && !h.paused && interested(h, event) && !each(h))
      break;
  }
  hooks.leave();
  hooks_changed();
}

// True when something was rewritten.
bool bus::transform(operation &op, event_box &event) {
  bool rewritten = false;
  dispatch(event, CONFAB_STAGE_TRANSFORM, [&](hook &h) {
    // The handler keeps the event as it was given; what it sets shows in the next one's.
    const event_box given = event;
    const auto by = op.rewritten ? op.rewritten->by : decltype(op.rewritten->by){};
    confab_call with = make_call(op, event, CONFAB_STAGE_TRANSFORM);
    with.given = &given;
    const answer a = consult(h, with);
    if (with.rewrote && a.own && !h.shadow()) {
      ++h.stats.rewritten_total;
      event.head.flags |= CONFAB_EVENT_REWRITTEN;
      rewritten = true;
    } else if (with.rewrote) { // what it set before it failed, or as a shadow, does not count
      event = given;
      op.rewritten->by = by;
    }
    with.text.clear(w.mem);
    return true;
  });
  return rewritten;
}

// A denial that is lifted does not end it: the handlers behind the one that denied still judge.
bus::ruling bus::policy(operation &op, event_box &event, bool may_wait) {
  ruling result = ruling::go;
  const judging stopped = op.judged;
  dispatch(event, CONFAB_STAGE_POLICY, [&](hook &h) {
    if (judged_before(stopped, h))
      return true;
    confab_call with = make_call(op, event, CONFAB_STAGE_POLICY);
    with.may_wait = may_wait;
    answer a = consult(h, with);
    if (a.verdict == CONFAB_DEFER && h.dead) // it removed itself: its policy decides
      a.verdict = h.fails_open() ? CONFAB_PASS : CONFAB_DENY;
    if (a.verdict == CONFAB_DEFER) {
      op.waits_for = id(*std::exchange(with.token, nullptr));
      op.judged.priority = h.is.priority;
      op.judged.order = h.order;
      ++op.judged.deferrals;
      result = ruling::parked;
    } else {
      give_back(with); // before a handler that lifts the denial can remove the token's hook
      if (a.verdict == CONFAB_DENY && !final(event)) {
        deny(op, with, h);
        result = overridden(op, event) ? ruling::go : ruling::ended;
      }
    }
    with.text.clear(w.mem);
    return result == ruling::go;
  });
  return result;
}

bool bus::overridden(operation &op, event_box &event) {
  if (!hooks.wants(event.head, CONFAB_STAGE_OVERRIDE))
    return false;
  bool lifted = false;
  dispatch(event, CONFAB_STAGE_OVERRIDE, [&](hook &h) {
    confab_call with = make_call(op, event, CONFAB_STAGE_OVERRIDE);
    with.outcome = op.judged.outcome != 0 ? op.judged.outcome
                                          : static_cast<std::uint32_t>(CONFAB_OUTCOME_DENIED);
    if (consult(h, with).verdict == CONFAB_ALLOW) {
      op.lifted_by = hook_table::id(h);
      op.lift_reason.clear(w.mem);
      op.lift_reason.swap(with.text);
      lifted = true;
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
      core::refuse(op, kind == CONFAB_REQUEST_OPER      ? CONFAB_REFUSED_NO_OPERATOR_HERE
                       : kind == CONFAB_REQUEST_PACKAGE ? CONFAB_REFUSED_NO_MECHANISM
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
  const bool packages = op.type() == CONFAB_EVENT_AUTHENTICATE;
  const confab_request question{sizeof(confab_request),
                                kind,
                                decltype(requests_)::id(open),
                                open.conn,
                                op.event.head.actor,
                                core::str(name),
                                core::str(op.secret),
                                packages ? op.event.authenticate.mechanism : confab_str{},
                                packages ? op.event.authenticate.step : 0,
                                0};
  ++call_depth_;
  const confab_status said = w.host.request(w.host.ctx, &question);
  --call_depth_;
  if (said == CONFAB_PARKED) {
    op.waits_for = question.id;
    return progress::parked;
  }
  destroy_question(open);
  if (said < 0)
    core::refuse(op, core::refusal_by_host(op));
  else if (said != CONFAB_OK) {
    w.log(CONFAB_LOG_ERROR, "host.request", "the request callback answered no status",
          op.event.head.origin, 0);
    core::refuse(op, core::refusal_by_host(op));
  } else {
    op.granted = true;
  }
  return progress::done;
}

bus::progress bus::commit(operation &op) {
  if (w.follower && !op.begun)
    w.follower->about_to(op);
  const commit_result made = act_of(op.type()).commit(w, op);
  if (made == commit_result::more)
    return progress::parked;
  if (made == commit_result::later) { // of an act that came by a connection
    core::conn_timer &clock = op.origin->clock;
    if (!clock.armed() || clock.due > op.waits_until)
      w.timers.arm(clock, op.waits_until);
    return progress::parked;
  }
  if (made == commit_result::refused) {
    end_refused(op, CONFAB_OUTCOME_REFUSED);
    return progress::done;
  }
  if (op.origin)
    op.origin->speaks->answered(*op.origin, op);
  observe(op, CONFAB_OUTCOME_COMMITTED);
  last_ = {ending::how::committed, 0, op.event.head.seq}; // after what observers submitted
  return progress::done;
}

// Tells the origin, unless the denial is a silent one.
void bus::end_refused(operation &op, std::uint32_t outcome) noexcept {
  if (op.origin && op.type() == CONFAB_EVENT_CONNECT) {
    op.origin->closing = true; // nothing was said: it goes as silently as it came
    const std::string_view why = op.why.text.view();
    w.doom(*op.origin, CONFAB_DISCONNECT_DENIED, why.empty() ? "Access denied" : why);
  } else if (op.origin) {
    // Who is kept from registering is always told: a connection that waits for nothing helps
    // nobody.
    if (op.type() == CONFAB_EVENT_AUTHENTICATE)
      core::proof_failed(w, op);
    const bool registering =
        op.type() == CONFAB_EVENT_REGISTER || op.type() == CONFAB_EVENT_AUTHENTICATE;
    if (op.why.visibility == CONFAB_DENIAL_ERROR || registering)
      op.origin->speaks->refused(*op.origin, op);
    else if (op.why.visibility == CONFAB_DENIAL_SHADOW)
      shadow(op);
    else if (op.type() == CONFAB_EVENT_QUERY && op.origin->framed)
      core::pretend_answer(op); // its client counts answers: one must come
  }
  if (outcome == CONFAB_OUTCOME_REFUSED)
    core::kept_out(w, op);
  observe(op, outcome);
  last_ = {ending::how::denied, op.why.code, op.event.head.seq}; // after what observers submitted
}

// The origin alone sees its act as if it had happened.
void bus::shadow(operation &op) noexcept {
  if (op.type() == CONFAB_EVENT_QUERY)
    return core::pretend_answer(op);
  // An invitation and a kill are shown to their subject, a knock to those inside, a message to a
  // sender who wants its echo.
  const bool speaks = op.type() == CONFAB_EVENT_MESSAGE;
  const bool unseen_by_sender =
      op.type() == CONFAB_EVENT_INVITE || op.type() == CONFAB_EVENT_KILL ||
      op.type() == CONFAB_EVENT_KNOCK ||
      (speaks && (!op.origin->echo || op.event.message.kind == CONFAB_MESSAGE_WALLOPS));
  if (core::changes_mode(op))
    core::pretend_mode(w, op);
  else if (op.actor && !unseen_by_sender)
    op.origin->speaks->pretend(*op.origin, op);
  op.origin->speaks->answered(*op.origin, op);
}

void bus::observe(operation &op, std::uint32_t outcome) noexcept {
  switch (outcome) {
  case CONFAB_OUTCOME_DENIED:
    ++w.counters.denied_total;
    break;
  case CONFAB_OUTCOME_REFUSED:
    ++w.counters.refused_total;
    break;
  case CONFAB_OUTCOME_EXPIRED:
    ++w.counters.expired_total;
    break;
  case CONFAB_OUTCOME_CANCELLED:
    ++w.counters.cancelled_total;
    break;
  default:
    break;
  }
  if (op.extra && op.extra->head.seq != 0) // else it never came to that
    observe_event(op, *op.extra, outcome);
  observe_event(op, op.event, outcome);
}

void bus::observe_event(operation &op, event_box &event, std::uint32_t outcome) noexcept {
  const bool line = event.head.space == 0 && (event.head.type == CONFAB_EVENT_LINE_IN ||
                                              event.head.type == CONFAB_EVENT_LINE_OUT);
  if (w.limits().events_max != 0 && !line)
    record(op, event, outcome);
  if (w.follower)
    w.follower->ended(op, event, outcome);
  if (!hooks.wants(event.head, CONFAB_STAGE_OBSERVE))
    return;
  dispatch(event, CONFAB_STAGE_OBSERVE, [&](hook &h) {
    confab_call with = make_call(op, event, CONFAB_STAGE_OBSERVE);
    with.outcome = outcome;
    consult(h, with); // its verdict means nothing here
    return true;
  });
}

// Short ways for what cannot wait: rows of answers, and raw output.

bool bus::row_allowed(const operation &op, const core::query_row &row) {
  if (!hooks.wants(CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY))
    return true;
  operation of_row(w.mem);
  of_row.event = op.event;
  of_row.event.query.phase = CONFAB_QUERY_ROW;
  of_row.event.query.user = row.who ? core::world::id(*row.who) : 0;
  of_row.event.query.channel = row.where ? core::world::id(*row.where) : 0;
  return policy(of_row, of_row.event, false) == ruling::go;
}

bool bus::line_out(core::conn &c, std::string_view &bytes) noexcept {
  if (!hooks.wants_output(core::world::id(c), c.speaks->protocol(c)))
    return true;
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_LINE_OUT);
  op.event.head.flags |= CONFAB_EVENT_FROM_ENGINE;
  op.event.head.seq = ++w.seq;
  op.event.head.time = w.now;
  op.event.head.protocol = c.speaks->protocol(c);
  op.event.line.conn = core::world::id(c);
  op.event.line.text = core::str(bytes);
  bool allowed = true;
  try {
    if (hooks.wants(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_TRANSFORM) && transform(op, op.event)) {
      rewritten_output_.assign(core::view(op.event.line.text));
      bytes = rewritten_output_;
    }
    allowed = !hooks.wants(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_POLICY) ||
              policy(op, op.event, false) == ruling::go;
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
    allowed = false;
  }
  observe_event(op, op.event, allowed ? CONFAB_OUTCOME_COMMITTED : CONFAB_OUTCOME_DENIED);
  return allowed;
}

} // namespace confab::bus
