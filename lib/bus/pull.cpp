// SPDX-License-Identifier: MIT
//
// The pull queue: observed events with their outcomes, kept for hosts that poll. It has a bound;
// the oldest go first, and how many went is told.

#include "bus/bus.hpp"

#include <utility>

namespace confab::bus {

void bus::record(const core::operation &op, const core::event_box &event,
                 std::uint32_t outcome) noexcept {
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
