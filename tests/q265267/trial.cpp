// SPDX-License-Identifier: MIT
//
// The hooks of one cell: the handler under test, one behind it, one that denies where OVERRIDE is
// tested, and one that lifts. See verdicts.hpp for what they do.
#include "q265267/verdicts.hpp"

#include <algorithm>

using namespace confab::test;

namespace q265267 {

namespace {

// What is done in the end: what a watching hook would write is not.
intent meant_by(const scene &s, const verdict &v, const rewrite *with) {
  intent out = s.a.what;
  const bool client = s.c.by == origin_kind::client;
  if (with && (v.flags & CONFAB_HOOK_SHADOW) == 0)
    change(out, with->field, client && with->said ? with->said : with->value, with->number);
  return out;
}

confab_verdict under_test(trial &t, confab_call *call, armed &) {
  t.seq = confab_call_event(call)->seq;
  return t.v.answer(t, call);
}
confab_verdict bystander(trial &, confab_call *, armed &) { return CONFAB_PASS; }
confab_verdict denies_first(trial &, confab_call *call, armed &) {
  ignore(
      confab_call_deny(call, CONFAB_REFUSED_POLICY, CONFAB_STR("not today"), CONFAB_DENIAL_ERROR));
  return CONFAB_DENY;
}
confab_verdict lifts(trial &, confab_call *, armed &) { return CONFAB_ALLOW; }

} // namespace

trial::trial(scene &scene_, const verdict &verdict_, std::uint32_t stage_, const rewrite *with_)
    : s(scene_), v(verdict_), stage(stage_), with(with_), what(scene_.a.what),
      meant(meant_by(scene_, verdict_, with_)) {}

void trial::note(bool ok, const std::string &text) {
  if (!ok && problem.empty())
    problem = text;
}

bool trial::is_act(const confab_event *event) const {
  if (event->type != s.a.type || event->space != (s.a.is(act_custom) ? s.space : 0))
    return false;
  if (event->space != 0)
    return true;
  if (event->type == CONFAB_EVENT_QUERY) {
    const auto &q = *reinterpret_cast<const confab_event_query *>(event);
    return q.kind == s.a.what.kind &&
           q.phase == (s.a.is(act_row) ? CONFAB_QUERY_ROW : CONFAB_QUERY_ASK);
  }
  if (event->type == CONFAB_EVENT_LINE_OUT)
    return reinterpret_cast<const confab_event_line *>(event)->conn == s.conn_of_bob();
  confab_id hook = 0;
  if (event->type == CONFAB_EVENT_HOOK_FAILED)
    hook = reinterpret_cast<const confab_event_hook_failed *>(event)->hook;
  else if (event->type == CONFAB_EVENT_HOOK_STATE)
    hook = reinterpret_cast<const confab_event_hook_state *>(event)->hook;
  else if (event->type == CONFAB_EVENT_HOOK_SHADOW)
    hook = reinterpret_cast<const confab_event_hook_shadow *>(event)->hook;
  return hook == 0 || std::find(s.helpers.begin(), s.helpers.end(), hook) != s.helpers.end();
}

// Each hook acts once: at the act itself.
confab_verdict CONFAB_CALL trial::call(void *ctx, confab_call *call, const confab_event *event) {
  auto &self = *static_cast<armed *>(ctx);
  trial &t = *self.of;
  t.note(self.released == 0, "a released handler was called");
  if (t.tripping)
    return &self == t.handler            ? t.v.answer(t, call)
           : self.answer == denies_first ? CONFAB_DENY
                                         : CONFAB_PASS;
  if (self.acted || !t.is_act(event))
    return CONFAB_PASS;
  ++self.calls;
  self.acted = true;
  return self.answer(t, call, self);
}

armed &trial::add(std::uint32_t at, std::int16_t priority,
                  confab_verdict (*answer)(trial &, confab_call *, armed &),
                  const std::function<void(confab_hook &)> &tweak) {
  armed &made = hooks.emplace_back();
  made.of = this;
  made.answer = answer;
  confab_hook hook = confab_hook_init();
  hook.space = s.a.is(act_custom) ? s.space : std::uint16_t{0};
  hook.type = s.a.type;
  hook.stage = static_cast<std::uint16_t>(at);
  hook.priority = priority;
  hook.ctx = &made;
  hook.call = call;
  hook.cancelled = [](void *ctx, confab_engine *, confab_id which, std::uint32_t reason) {
    trial &t = *static_cast<armed *>(ctx)->of;
    ++t.cancels;
    t.cancelled_why = reason;
    t.note(which == t.token, "another's token was cancelled");
    return static_cast<confab_status>(CONFAB_OK);
  };
  hook.release = [](void *ctx) {
    ++static_cast<armed *>(ctx)->released;
    return static_cast<confab_status>(CONFAB_OK);
  };
  if (tweak)
    tweak(hook);
  note(confab_hook_add(s.engine, &hook, &made.id) == CONFAB_OK, "a hook could not be added");
  return made;
}

void trial::arm() {
  if (v.is(verdict_plugin))
    plugin = s.plugs("judge");
  if (v.is(verdict_cpp))
    arm_cpp();
  else
    handler = &add(stage, 5, under_test, [&](confab_hook &hook) {
      hook.flags = v.flags;
      hook.owner = plugin;
      if (v.is(verdict_bypassed))
        hook.type = 0; // so that something else can stop it
      if (v.tweak)
        v.tweak(hook);
    });
  next = &add(stage, -5, bystander, {});
  if (stage == CONFAB_STAGE_OVERRIDE)
    add(CONFAB_STAGE_POLICY, 0, denies_first, {});
  if (v.is(verdict_lifted))
    add(CONFAB_STAGE_OVERRIDE, 0, lifts, {});
  if (v.is(verdict_bypassed))
    trip();
}

void trial::arm_cpp() {
  handler = &hooks.emplace_back();
  handler->of = this;
  note(add_throwing(*this, stage, (v.flags & CONFAB_HOOK_FAIL_OPEN) != 0, handler->id),
       "no handler could be added");
}

// Something else happens at which the handler is stopped.
void trial::trip() {
  armed *denier = nullptr;
  if (stage == CONFAB_STAGE_OVERRIDE)
    denier = &add(CONFAB_STAGE_POLICY, 0, denies_first, [](confab_hook &hook) { hook.type = 0; });
  tripping = true;
  intent other;
  other.type = CONFAB_EVENT_MESSAGE;
  other.kind = CONFAB_MESSAGE_PRIVMSG;
  other.name = "#y";
  other.text = "something else";
  s.server_does(other);
  tripping = false;
  if (denier)
    note(confab_hook_remove(s.engine, denier->id) == CONFAB_OK, "remove failed");
  s.read_all();
  s.log.clear();
  note(!handler->acted, "it was not stopped");
}

std::string trial::value() const {
  if (s.a.type != CONFAB_EVENT_LINE_IN)
    return s.a.is(act_output) ? s.c.others->instead : with->value;
  return s.raw(meant); // that a client would say
}

void trial::set_text() {
  note(confab_deferral_set(s.engine, token, with->field, str_of(value())) == CONFAB_OK,
       "a text of the waiting act could not be set");
}

void trial::disarm() {
  for (armed &hook : hooks)
    if (hook.released == 0 && hook.id != 0)
      ignore(confab_hook_remove(s.engine, hook.id));
  for (const armed &hook : hooks)
    note(hook.released == 1, "a handler was not released once");
}

bool trial::token_alive() const {
  confab_deferral_info info{};
  info.struct_size = sizeof info;
  return token != 0 && confab_deferral_get(s.engine, token, &info) == CONFAB_OK;
}

confab_status trial::resolve(confab_verdict verdict, std::uint32_t visibility, const char *text) {
  return confab_deferral_resolve(s.engine, token, verdict,
                                 verdict == CONFAB_DENY ? CONFAB_REFUSED_POLICY : 0,
                                 confab_str_of(text), visibility);
}

} // namespace q265267
