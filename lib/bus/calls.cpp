// SPDX-License-Identifier: MIT
//
// Calling handlers: what they are given, what they may take, what their verdicts mean, and what
// happens when they break their contract. Every failure is counted and told; a handler that fails
// again and again is not called for a while (its circuit breaker is open), and its policy decides
// in its place.

#include "bus/bus.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace confab::bus {

using core::event_box;
using core::operation;

namespace {

constexpr std::uint64_t second_ns = 1'000'000'000, ms_ns = 1'000'000, us_ns = 1'000;

// Events about handlers: a handler of these that fails tells nobody, or it would never end.
bool about_hooks(const event_box *event) noexcept {
  return event && event->head.space == 0 &&
         (event->head.type == CONFAB_EVENT_HOOK_FAILED ||
          event->head.type == CONFAB_EVENT_HOOK_STATE ||
          event->head.type == CONFAB_EVENT_HOOK_SHADOW);
}

bool legal(const confab_call &with, confab_verdict verdict) noexcept {
  switch (with.stage) {
  case CONFAB_STAGE_TRANSFORM:
    return verdict == CONFAB_PASS;
  case CONFAB_STAGE_POLICY:
    return verdict == CONFAB_PASS || verdict == CONFAB_DENY ||
           (verdict == CONFAB_DEFER && with.token);
  case CONFAB_STAGE_OVERRIDE:
    return verdict == CONFAB_PASS || verdict == CONFAB_ALLOW;
  default: // OBSERVE: ignored, but an error is one
    return verdict >= CONFAB_PASS && verdict <= CONFAB_ALLOW;
  }
}

// confab_hook_stats.time_counts: 256 ns, 512 ns, ...
std::size_t time_bucket(std::uint64_t took_ns) noexcept {
  const auto bits = std::bit_width(took_ns > 0 ? (took_ns - 1) >> 8 : 0);
  return std::min<std::size_t>(static_cast<std::size_t>(bits), CONFAB_HOOK_TIMES - 1);
}

} // namespace

confab_call bus::make_call(operation &op, event_box &event, std::uint32_t stage) noexcept {
  return {this,
          &op,
          &event,
          &event,
          nullptr,
          stage,
          0,
          false,
          false,
          CONFAB_REFUSED_POLICY,
          CONFAB_DENIAL_ERROR,
          {},
          nullptr};
}

confab_time bus::clock_now() const noexcept {
  confab_time now = 0;
  if (!w.host.clock || w.host.clock(w.host.ctx, &now) != CONFAB_OK)
    return clock_at_;
  return now;
}

confab_verdict bus::call(hook &h, confab_call &with, std::uint64_t &took_ns) noexcept {
  const confab_time began = clock_at_;
  ++h.stats.calls_total;
  ++call_depth_;
  const confab_verdict verdict = h.is.call(h.is.ctx, &with, &with.given->head);
  --call_depth_;
  if (w.host.clock) {
    clock_at_ = clock_now();
    took_ns = clock_at_ > began ? clock_at_ - began : 0;
    h.stats.time_ns_total += took_ns;
    h.stats.time_ns_max = std::max(h.stats.time_ns_max, took_ns);
    ++h.stats.time_counts[time_bucket(took_ns)];
  }
  return verdict;
}

// May it be called now, as far as its record goes?
bool bus::callable(hook &h) noexcept {
  if (h.stats.state == CONFAB_HOOK_OPEN) {
    if (w.now < h.open_until)
      return false;
    set_state(h, CONFAB_HOOK_HALF_OPEN);
  }
  if (h.overspent && clock_at_ - h.window_began < second_ns)
    return false;
  h.overspent = false;
  return true;
}

bus::answer bus::consult(hook &h, confab_call &with) noexcept {
  const bool closed = with.stage == CONFAB_STAGE_POLICY && !h.fails_open() && !h.shadow();
  const answer by_policy{closed ? CONFAB_DENY : CONFAB_PASS, false};
  with.by = &h;
  const inside before =
      std::exchange(inside_, inside{hook_table::id(h), h.is.owner, with.event, with.op->causes});
  answer given = by_policy;
  if (!callable(h)) {
    ++h.stats.bypassed_total;
  } else {
    std::uint64_t took_ns = 0;
    const confab_verdict verdict = call(h, with, took_ns);
    if (kept_contract(h, with, verdict, took_ns)) {
      given = {verdict, true};
      if (h.shadow() && (verdict != CONFAB_PASS || with.rewrote)) {
        tell_shadow(h, with, verdict);
        given.verdict = CONFAB_PASS;
      }
    } else { // nor does it have a say in how its denial looks
      with.code = CONFAB_REFUSED_POLICY;
      with.visibility = CONFAB_DENIAL_ERROR;
      with.text.clear(w.mem);
    }
  }
  inside_ = before;
  return given;
}

// Counts what it answered; false when that does not count.
bool bus::kept_contract(hook &h, confab_call &with, confab_verdict verdict,
                        std::uint64_t took_ns) noexcept {
  if (!legal(with, verdict)) {
    failed(h, with.event, CONFAB_FAILURE_VERDICT, verdict, 0);
    return false;
  }
  if (w.host.clock) {
    const std::uint32_t call_us = limit_of(h.is.call_us_max, w.limits().hook_call_us_max);
    if (call_us != 0 && took_ns > call_us * us_ns) {
      failed(h, with.event, CONFAB_FAILURE_CALL_TIME, verdict, took_ns);
      return false;
    }
    if (clock_at_ - h.window_began >= second_ns) {
      h.window_began = clock_at_;
      h.window_ns = 0;
    }
    h.window_ns += took_ns;
    const std::uint32_t second_us = limit_of(h.is.second_us_max, w.limits().hook_second_us_max);
    if (second_us != 0 && h.window_ns > second_us * us_ns && !h.overspent) {
      h.overspent = true; // this answer still counts; the next calls of this second do not come
      failed(h, with.event, CONFAB_FAILURE_SECOND_TIME, verdict, h.window_ns);
    }
  }
  succeeded(h);
  if (with.stage == CONFAB_STAGE_OBSERVE || verdict == CONFAB_PASS)
    ++h.stats.passed_total;
  else if (verdict == CONFAB_DENY)
    ++h.stats.denied_total;
  else if (verdict == CONFAB_DEFER)
    ++h.stats.deferred_total;
  else
    ++h.stats.allowed_total;
  return true;
}

void bus::set_state(hook &h, std::uint32_t state) noexcept {
  h.stats.state = state;
  event_box told = core::make_event(CONFAB_EVENT_HOOK_STATE);
  told.hook_state.hook = hook_table::id(h);
  told.hook_state.state = state;
  told.hook_state.failures = h.failures;
  notify(told);
}

void bus::succeeded(hook &h) noexcept {
  h.failures = 0;
  if (h.stats.state != CONFAB_HOOK_CLOSED)
    set_state(h, CONFAB_HOOK_CLOSED);
}

// A handler broke its contract: that is counted and seen, and after a while it is left alone.
void bus::failed(hook &h, const event_box *about, std::uint32_t kind, confab_verdict verdict,
                 std::uint64_t took_ns) noexcept {
  ++h.stats.failed_total;
  if (!about_hooks(about)) {
    w.log(CONFAB_LOG_ERROR, "hook.failed", "a handler broke its contract",
          about ? about->head.origin : 0, hook_table::id(h));
    event_box told = core::make_event(CONFAB_EVENT_HOOK_FAILED);
    told.hook_failed.hook = hook_table::id(h);
    told.hook_failed.kind = kind;
    told.hook_failed.type = about ? about->head.type : 0;
    told.hook_failed.about = about ? about->head.seq : 0;
    told.hook_failed.verdict = verdict;
    told.hook_failed.time_ns = took_ns;
    notify(told);
  }
  if (kind == CONFAB_FAILURE_SECOND_TIME)
    return; // that has its own end
  ++h.failures;
  const std::uint32_t most = limit_of(h.is.failures_max, w.limits().hook_failures_max);
  if (h.stats.state == CONFAB_HOOK_HALF_OPEN || (most != 0 && h.failures >= most)) {
    h.open_until = w.now + limit_of(h.is.retry_ms, w.limits().hook_retry_ms) * ms_ns;
    ++h.stats.opened_total;
    set_state(h, CONFAB_HOOK_OPEN);
  }
}

void bus::misused(hook &h, const event_box *about, std::uint32_t kind,
                  confab_status status) noexcept {
  ++h.stats.misused_total;
  if (about_hooks(about))
    return;
  event_box told = core::make_event(CONFAB_EVENT_HOOK_FAILED);
  told.hook_failed.hook = hook_table::id(h);
  told.hook_failed.kind = kind;
  told.hook_failed.type = about ? about->head.type : 0;
  told.hook_failed.about = about ? about->head.seq : 0;
  told.hook_failed.status = status;
  notify(told);
}

void bus::tell_shadow(hook &h, const confab_call &with, confab_verdict verdict) noexcept {
  if (about_hooks(with.event))
    return;
  event_box told = core::make_event(CONFAB_EVENT_HOOK_SHADOW);
  told.hook_shadow.hook = hook_table::id(h);
  told.hook_shadow.type = with.event->head.type;
  told.hook_shadow.about = with.event->head.seq;
  told.hook_shadow.verdict = verdict;
  told.hook_shadow.text = core::str(with.text.view());
  if (verdict == CONFAB_DENY) {
    told.hook_shadow.code = with.code;
    told.hook_shadow.visibility = with.visibility;
  } else if (const core::event_field *text = core::find_field(*with.event, CONFAB_FIELD_TEXT);
             text && with.rewrote) {
    told.hook_shadow.text = core::field_of(*with.event, *text);
  }
  notify(told);
}

// Records a denial in the operation; an earlier one that was lifted gives way to it.
void bus::deny(operation &op, confab_call &with, hook &h) noexcept {
  core::refusal &why = op.why;
  why.code = with.code;
  why.visibility = with.visibility;
  why.hook = hook_table::id(h);
  why.text.clear(w.mem);
  why.text.swap(with.text);
  op.lifted_by = 0;
  op.lift_reason.clear(w.mem);
}

void bus::rewrite(operation &op, event_box &event, const core::event_field &field,
                  std::string_view value, confab_id by) {
  const auto fields = core::info_of(event.head).fields;
  core::rewriting &record = op.begin_rewrite();
  core::field_of(event, field) = core::str(op.keep(value));
  for (const std::uint16_t offset : field.ids)
    if (offset != 0)
      core::id_of(event, offset) = 0; // the new name's is looked up anew
  record.by[static_cast<std::size_t>(&field - fields.data())] = by;
}

void bus::rewrite(operation &op, event_box &event, const core::event_number &number,
                  std::uint64_t value, confab_id by) {
  const core::event_info &info = core::info_of(event.head);
  core::rewriting &record = op.begin_rewrite();
  auto *at = reinterpret_cast<std::byte *>(&event) + number.offset;
  if (number.bytes == sizeof(std::uint32_t))
    *reinterpret_cast<std::uint32_t *>(at) = static_cast<std::uint32_t>(value);
  else
    *reinterpret_cast<std::uint64_t *>(at) = value;
  record.by[info.fields.size() + static_cast<std::size_t>(&number - info.numbers.data())] = by;
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

} // namespace confab::bus
