// SPDX-License-Identifier: MIT
//
// Calling handlers: what they are given, what their verdicts mean, and what happens when they break
// their contract. Rows of answers and raw output have short ways of their own here, because they
// cannot wait.

#include "bus/bus.hpp"

#include <utility>

namespace confab::bus {

using core::event_box;
using core::operation;

confab_call bus::make_call(operation &op, event_box &event, std::uint32_t stage) noexcept {
  return {this, &op, &event, nullptr, stage, 0, false, CONFAB_REFUSED_POLICY, CONFAB_DENIAL_ERROR,
          {}};
}

confab_verdict bus::call(hook &h, confab_call &with) noexcept {
  with.by = &h;
  ++h.stats.calls_total;
  ++call_depth_;
  const std::uint64_t cause = std::exchange(cause_, with.event->head.seq);
  const confab_verdict verdict = h.is.call(h.is.ctx, &with, &with.event->head);
  cause_ = cause;
  --call_depth_;
  return verdict;
}

// A handler that answers what its stage does not have broke its contract: that is seen, and in
// POLICY it counts as a denial unless the hook was registered to fail open.
void bus::failed(hook &h, const event_box &event, confab_verdict verdict) noexcept {
  ++h.stats.failed_total;
  w.log(CONFAB_LOG_ERROR, "hook.failed", "a handler answered what its stage does not have",
        event.head.origin, hook_table::id(h));
  if (event.head.type == CONFAB_EVENT_HOOK_FAILED)
    return; // or a broken observer of failures would never end
  event_box told = core::make_event(CONFAB_EVENT_HOOK_FAILED);
  told.hook_failed.hook = hook_table::id(h);
  told.hook_failed.type = event.head.type;
  told.hook_failed.verdict = verdict;
  notify(told);
}

// What a POLICY handler's answer means; records a denial in the operation.
bool bus::denied_by(confab_call &with, hook &h, confab_verdict verdict) noexcept {
  if (verdict == CONFAB_PASS)
    return false;
  if (verdict != CONFAB_DENY) {
    failed(h, *with.event, verdict);
    if ((h.is.flags & CONFAB_HOOK_FAIL_OPEN) != 0)
      return false;
  }
  ++h.stats.denied_total;
  if ((with.event->head.flags & CONFAB_EVENT_FINAL) != 0)
    return false; // it cannot be refused
  core::refusal &why = with.op->why;
  why.code = with.code;
  why.visibility = with.visibility;
  why.hook = hook_table::id(h);
  why.text.clear(w.mem);
  why.text.swap(with.text);
  return true;
}

bool bus::row_allowed(const operation &op, const core::query_row &row) {
  if (!hooks.wants(CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY))
    return true;
  operation of_row(w.mem);
  of_row.event = op.event;
  of_row.event.query.phase = CONFAB_QUERY_ROW;
  of_row.event.query.user = row.who ? core::world::id(*row.who) : 0;
  of_row.event.query.channel = row.where ? core::world::id(*row.where) : 0;
  return policy(of_row, of_row.event, false);
}

bool bus::line_out(core::conn &c, std::string_view &bytes) noexcept {
  operation op(w.mem);
  op.event = core::make_event(CONFAB_EVENT_LINE_OUT);
  op.event.head.seq = ++w.seq;
  op.event.head.time = w.now;
  op.event.head.protocol = c.speaks->protocol();
  op.event.line.conn = core::world::id(c);
  op.event.line.text = core::str(bytes);
  bool allowed = true;
  try {
    if (hooks.wants(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_TRANSFORM) && transform(op)) {
      rewritten_output_.assign(core::view(op.event.line.text));
      bytes = rewritten_output_;
    }
    allowed =
        !hooks.wants(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_POLICY) || policy(op, op.event, true);
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
    allowed = false;
  }
  observe_event(op, op.event, allowed ? CONFAB_OUTCOME_COMMITTED : CONFAB_OUTCOME_DENIED);
  return allowed;
}

void bus::fill_outcome(const operation &op, std::uint32_t outcome,
                       confab_outcome &out) const noexcept {
  out.outcome = outcome;
  out.code = op.why.code;
  out.visibility = op.why.visibility;
  out.text = core::str(op.why.text.view());
  out.hook = op.why.hook;
  out.override_hook = op.lifted_by;
  out.override_reason = core::str(op.lift_reason.view());
}

// --- the pull queue
// --------------------------------------------------------------------------------

void bus::record(const operation &op, const event_box &event, std::uint32_t outcome) noexcept {
  if (seen_count_ >= w.limits().events_max && seen_) {
    observed *oldest = std::exchange(seen_, seen_->next);
    if (!seen_)
      seen_end_ = nullptr;
    w.mem.destroy(oldest);
    --seen_count_;
    ++lost_;
  }
  observed *entry = nullptr;
  try {
    entry = w.mem.create<observed>(w.mem);
    entry->op.event = event;
    entry->op.own();
    entry->op.why.code = op.why.code;
    entry->op.why.visibility = op.why.visibility;
    entry->op.why.hook = op.why.hook;
    entry->op.why.text.assign(w.mem, op.why.text.view());
    entry->op.lifted_by = op.lifted_by;
    entry->op.lift_reason.assign(w.mem, op.lift_reason.view());
  } catch (const std::bad_alloc &) {
    w.mem.destroy(entry);
    w.out_of_memory = true;
    ++lost_;
    return;
  }
  entry->outcome = outcome;
  (seen_end_ ? seen_end_->next : seen_) = entry;
  seen_end_ = entry;
  ++seen_count_;
}

confab_status bus::next_event(const confab_event **event, confab_outcome *out,
                              std::uint64_t *lost) noexcept {
  w.mem.destroy(std::exchange(pulled_, nullptr));
  if (lost)
    *lost = std::exchange(lost_, 0);
  if (!seen_)
    return CONFAB_END;
  pulled_ = std::exchange(seen_, seen_->next);
  if (!seen_)
    seen_end_ = nullptr;
  --seen_count_;
  *event = &pulled_->op.event.head;
  if (out)
    fill_outcome(pulled_->op, pulled_->outcome, *out);
  return CONFAB_OK;
}

} // namespace confab::bus
