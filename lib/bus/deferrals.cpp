// SPDX-License-Identifier: MIT
//
// Acts that wait for an answer: the tokens that handlers take, the host's questions, and how their
// answers take effect. An answer is noted at once and applied in its turn; so nothing moves under a
// handler. How acts stand behind each other is waiting.cpp's.

#include "bus/bus.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace confab::bus {

using core::judging;
using core::operation;

namespace {

constexpr confab_time ms_ns = 1'000'000;

// Who somebody proved to be is one word of lines, or it is not known.
bool identity_legal(std::string_view identity) noexcept {
  return identity.size() <= 255 && !identity.starts_with(':') && text::utf8_valid(identity) &&
         std::none_of(identity.begin(), identity.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == ',' || c == '!';
         });
}

} // namespace

question *bus::question_of(const operation &op) noexcept {
  if (deferral *d = deferrals_.find(op.waits_for))
    return d;
  return requests_.find(op.waits_for);
}

void bus::destroy_deferral(deferral &d) noexcept {
  w.timers.cancel(d.clock);
  plugged.undeferred(d.owner);
  d.text.clear(w.mem);
  while (replacement *r = d.replacements) {
    d.replacements = r->next;
    r->text.clear(w.mem);
    w.mem.destroy(r);
  }
  deferrals_.destroy(d);
}

void bus::destroy_question(question &q) noexcept {
  if (q.answered)
    for (question **link = &answered_; *link; link = &(*link)->next)
      if (*link == &q) {
        *link = q.next;
        if (answered_end_ == &q)
          for (answered_end_ = answered_; answered_end_ && answered_end_->next;)
            answered_end_ = answered_end_->next;
        break;
      }
  if (q.of_host)
    requests_.destroy(static_cast<request &>(q));
  else
    destroy_deferral(static_cast<deferral &>(q));
}

// Notes that there is an answer: it takes effect when drain comes to it.
void bus::note_answer(question &q) noexcept {
  q.answered = true;
  q.next = nullptr;
  (answered_end_ ? answered_end_->next : answered_) = &q;
  answered_end_ = &q;
}

// --- handlers
// --------------------------------------------------------------------------------------

confab_status bus::defer(confab_call &call, std::uint32_t wait_ms, confab_id &token) {
  if (call.stage != CONFAB_STAGE_POLICY || !call.may_wait)
    return CONFAB_ERR_STAGE;
  const std::uint32_t most = w.limits().deferral_ms_max;
  if (wait_ms > most)
    return CONFAB_ERR_ARG;
  if (parked_count >= w.limits().parked_max || call.op->judged.deferrals >= deferrals_per_act_max)
    return CONFAB_ERR_LIMIT;
  deferral &d = deferrals_.create();
  if (deferral *first = std::exchange(call.token, nullptr)) {
    call.by->stats.cancelled_total += first->alive() ? 1 : 0;
    destroy_question(*first);
  }
  d.hook = hook_table::id(*call.by);
  d.owner = call.by->is.owner;
  plugged.deferred(d.owner);
  d.fails_open = call.by->fails_open();
  d.event = call.event;
  d.since = w.now;
  d.deadline = w.now + confab_time{wait_ms != 0 ? wait_ms : most} * ms_ns;
  w.timers.arm(d.clock, d.deadline);
  call.token = &d;
  token = id(d);
  return CONFAB_OK;
}

// The handler took a token and then answered otherwise.
void bus::give_back(confab_call &with) noexcept {
  deferral *d = std::exchange(with.token, nullptr);
  if (!d)
    return;
  drop_token(*d, CONFAB_CANCELLED_VERDICT);
  destroy_question(*d);
}

// It ends without an answer, unless it has one. Of a channel that went its holder is told when that
// takes effect, or here when that will not be.
void bus::drop_token(deferral &d, std::uint32_t why) noexcept {
  if (d.answered && d.said == deferral::answer::channel_gone)
    why = CONFAB_CANCELLED_CHANNEL;
  else if (!d.alive())
    return;
  d.said = deferral::answer::dropped;
  if (hook *h = hooks.find(d.hook))
    ++h->stats.cancelled_total;
  tell_cancelled(d, why);
}

// Who holds the token learns that it is dead.
void bus::tell_cancelled(const deferral &d, std::uint32_t why) noexcept {
  if (hook *h = hooks.find(d.hook))
    tell_cancelled(*h, d, why);
}

void bus::tell_cancelled(hook &h, const deferral &d, std::uint32_t why) noexcept {
  if (!h.is.cancelled)
    return;
  const confab_id token = id(d);
  as_handler(h.is.owner, [&] { (void)h.is.cancelled(h.is.ctx, handle, token, why); });
}

const core::event_box &bus::event_of(const deferral &d) noexcept {
  if (!d.op)
    return *d.event; // its handler still runs
  return d.op->at == core::phase::judge_extra ? *d.op->extra : d.op->event;
}

const deferral *bus::find_deferral(confab_id token) const noexcept {
  const deferral *d = deferrals_.find(token);
  return d && d->alive() ? d : nullptr;
}

const deferral *bus::deferral_after(confab_id token) const noexcept {
  std::uint32_t i = token == 0 ? deferrals_.first() : deferrals_.next(core::id_index(token));
  while (i != decltype(deferrals_)::none && !deferrals_.at(i).alive())
    i = deferrals_.next(i);
  return i == decltype(deferrals_)::none ? nullptr : &deferrals_.at(i);
}

// The living deferral that whoever runs may decide; else counts the misuse and says why not.
deferral *bus::own_deferral(confab_id token, confab_status &status) noexcept {
  deferral *d = deferrals_.find(token);
  if (d && !d->alive())
    d = nullptr;
  const bool others = d && in_handler() && inside_.owner != 0 && inside_.owner != d->owner;
  status = !d ? CONFAB_ERR_STALE_ID : others ? CONFAB_ERR_DENIED : CONFAB_OK;
  if (status == CONFAB_OK)
    return d;
  ++w.counters.tokens_misused_total;
  if (hook *h = hooks.find(inside_.hook))
    misused(*h, inside_.event, CONFAB_FAILURE_TOKEN, status);
  return nullptr;
}

confab_status bus::resolve_deferral(confab_id token, confab_verdict verdict, std::uint32_t code,
                                    std::string_view text, std::uint32_t visibility) {
  confab_status status = CONFAB_OK;
  deferral *d = own_deferral(token, status);
  if (!d)
    return status;
  if (verdict == CONFAB_DENY) {
    d->text.assign(w.mem, text);
    d->code = code;
    d->visibility = visibility;
  }
  decide(*d, verdict == CONFAB_DENY ? deferral::answer::deny : deferral::answer::pass);
  return CONFAB_OK;
}

confab_status bus::replace_deferred(confab_id token, std::uint32_t field, std::string_view value) {
  confab_status status = CONFAB_OK;
  deferral *d = own_deferral(token, status);
  if (!d)
    return status;
  for (replacement *r = d->replacements; r; r = r->next)
    if (r->field == field) {
      r->text.assign(w.mem, value);
      return CONFAB_OK;
    }
  core::owned_str text(w.mem, value);
  replacement *r = nullptr;
  try {
    r = w.mem.create<replacement>();
  } catch (...) {
    text.clear(w.mem);
    throw;
  }
  r->field = field;
  r->text.swap(text);
  r->next = d->replacements;
  d->replacements = r;
  return CONFAB_OK;
}

void bus::decide(deferral &d, deferral::answer said) noexcept {
  w.timers.cancel(d.clock);
  d.said = said;
  note_answer(d);
}

void bus::on_timer(core::timer &t) noexcept {
  if (t.kind == core::timer_kind::addition)
    return added.on_timer(*static_cast<addition_timer &>(t).owner);
  if (t.kind == core::timer_kind::plugin)
    return plugged.on_timer(*static_cast<plugin_timer &>(t).owner);
  deferral &d = *static_cast<deferral_timer &>(t).owner;
  decide(d, deferral::answer::expired);
  if (hook *h = hooks.find(d.hook)) {
    ++h->stats.expired_total;
    failed(*h, &event_of(d), CONFAB_FAILURE_EXPIRED, CONFAB_DEFER, 0);
  }
  tell_cancelled(d, CONFAB_CANCELLED_EXPIRED);
}

void bus::channel_gone(confab_id channel) noexcept {
  if (deferrals_.size() == 0)
    return;
  for (std::uint32_t i = deferrals_.first(); i != decltype(deferrals_)::none;
       i = deferrals_.next(i)) {
    deferral &d = deferrals_.at(i);
    if (!d.op || !d.alive() || d.op->type() == CONFAB_EVENT_JOIN) // a join makes it anew
      continue;
    const auto ids = core::info_of(d.op->event.head).ids;
    if (std::any_of(ids.begin(), ids.end(), [&](std::uint16_t offset) {
          return core::id_of(d.op->event, offset) == channel;
        }))
      decide(d, deferral::answer::channel_gone);
  }
}

void bus::remove_hook(hook &h) noexcept {
  hooks.enter(); // it must outlive what its holder does when told
  const confab_id which = hook_table::id(h);
  hooks.remove(h);
  for (std::uint32_t i = deferrals_.first(); i != decltype(deferrals_)::none;
       i = deferrals_.next(i))
    if (deferral &d = deferrals_.at(i); d.hook == which && d.op && d.alive()) {
      ++h.stats.cancelled_total;
      decide(d, deferral::answer::removed);
      tell_cancelled(h, d, CONFAB_CANCELLED_REMOVED);
    } else if (d.hook == which && d.answered && d.said == deferral::answer::channel_gone) {
      ++h.stats.cancelled_total; // it would be told in its turn, which comes too late
      tell_cancelled(h, d, CONFAB_CANCELLED_CHANNEL);
    }
  hooks.leave();
  hooks_changed();
}

void bus::remove_owned(confab_id owner) noexcept {
  hooks.each_owned(owner, [&](hook &h) { remove_hook(h); });
}

void bus::end() noexcept {
  for (std::uint32_t i = deferrals_.first(); i != decltype(deferrals_)::none;
       i = deferrals_.next(i))
    drop_token(deferrals_.at(i), CONFAB_CANCELLED_ENGINE);
  plugged.end();
  added.end();
}

// --- taking effect
// ---------------------------------------------------------------------------------

// Says in the operation how judging goes on. When memory runs out it is denied.
void bus::apply(deferral &d, operation &op) noexcept {
  const auto refuse_as = [&](std::uint32_t outcome, std::uint32_t code, std::uint32_t visibility) {
    op.judged.goes_on = judging::how::denied;
    op.judged.outcome = static_cast<std::uint8_t>(outcome);
    op.why.code = code;
    op.why.visibility = visibility;
    op.why.hook = d.hook;
    op.why.text.clear(w.mem);
    op.why.text.swap(d.text);
    op.lifted_by = 0;
    op.lift_reason.clear(w.mem);
  };
  op.judged.goes_on = judging::how::passed;
  switch (d.said) {
  case deferral::answer::deny:
    return refuse_as(CONFAB_OUTCOME_DENIED, d.code, d.visibility);
  case deferral::answer::expired:
    return d.fails_open
               ? void()
               : refuse_as(CONFAB_OUTCOME_EXPIRED, CONFAB_REFUSED_BUSY, CONFAB_DENIAL_ERROR);
  case deferral::answer::removed:
    return d.fails_open
               ? void()
               : refuse_as(CONFAB_OUTCOME_DENIED, CONFAB_REFUSED_POLICY, CONFAB_DENIAL_ERROR);
  case deferral::answer::channel_gone:
    op.judged.goes_on = judging::how::rewritten; // the gate says what that means for the act
    if (hook *h = hooks.find(d.hook))
      ++h->stats.cancelled_total;
    return tell_cancelled(d, CONFAB_CANCELLED_CHANNEL);
  default:
    break;
  }
  if (!d.replacements)
    return;
  core::event_box &event = op.at == core::phase::judge_extra ? *op.extra : op.event;
  try {
    for (replacement *r = d.replacements; r; r = r->next)
      rewrite(op, event, *core::find_field(event, r->field), r->text.view(), d.hook);
    event.head.flags |= CONFAB_EVENT_REWRITTEN;
    op.judged.goes_on = judging::how::rewritten;
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true;
    refuse_as(CONFAB_OUTCOME_DENIED, CONFAB_REFUSED_BUSY, CONFAB_DENIAL_ERROR);
  }
}

// `said` is OK, AGAIN or negative.
confab_status bus::resolve(confab_id id, confab_status said, std::string_view text) {
  request *open = requests_.find(id);
  if (!open || open->answered || !open->op)
    return CONFAB_ERR_STALE_ID;
  operation &op = *open->op;
  const bool proves = op.type() == CONFAB_EVENT_AUTHENTICATE;
  if (said == CONFAB_AGAIN && !(proves && op.event.authenticate.step > 0))
    return CONFAB_ERR_ARG; // only a package has more to say
  if (said == CONFAB_OK && proves && !identity_legal(text))
    return CONFAB_ERR_ARG;
  if (said < 0) {
    core::owned_str why(w.mem, text);
    core::refuse(op, core::refusal_by_host(op));
    op.why.text.swap(why);
  } else {
    op.answer = op.keep(text);
  }
  op.granted = said >= 0;
  op.unfinished = said == CONFAB_AGAIN;
  note_answer(*open);
  return CONFAB_OK;
}

void bus::settle_answers() noexcept {
  while (question *q = answered_) {
    answered_ = q->next;
    if (!answered_)
      answered_end_ = nullptr;
    q->answered = false; // it is in no list any more
    operation *op = q->op;
    if (!q->of_host)
      apply(static_cast<deferral &>(*q), *op);
    destroy_question(*q);
    op->waits_for = 0;
    if (core::lane *from = lane_of(*op)) {
      resume(*from);
    } else {
      --parked_count;
      run_held(op);
    }
  }
}

} // namespace confab::bus
