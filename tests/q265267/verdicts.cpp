// SPDX-License-Identifier: MIT
//
// The table of verdicts: see verdicts.hpp. Handlers first, then what the host does while an act
// waits, then the rows.
#include "q265267/verdicts.hpp"

using namespace confab::test;

namespace q265267 {

namespace {

constexpr std::uint32_t T = 1U << CONFAB_STAGE_TRANSFORM, P = 1U << CONFAB_STAGE_POLICY,
                        O = 1U << CONFAB_STAGE_OVERRIDE, B = 1U << CONFAB_STAGE_OBSERVE;
constexpr std::uint32_t every = T | P | O | B;
constexpr ends C = ends::committed, E = ends::error;

// --- handlers
// ---------------------------------------------------------------------------------------

confab_verdict passes(trial &, confab_call *) { return CONFAB_PASS; }
confab_verdict says_deny(trial &, confab_call *) { return CONFAB_DENY; }
confab_verdict says_77(trial &, confab_call *) { return 77; }

template <std::uint32_t Visibility>
confab_verdict denies(trial &t, confab_call *call) {
  t.note(confab_call_deny(call, CONFAB_REFUSED_POLICY, CONFAB_STR("not today"), Visibility) ==
             CONFAB_OK,
         "confab_call_deny failed");
  return CONFAB_DENY;
}

confab_verdict allows(trial &t, confab_call *call) {
  const confab_status wanted =
      t.stage == CONFAB_STAGE_OVERRIDE ? static_cast<confab_status>(CONFAB_OK) : CONFAB_ERR_STAGE;
  t.note(confab_call_override(call, CONFAB_STR("may")) == wanted, "confab_call_override");
  return CONFAB_ALLOW;
}

confab_verdict rewrites(trial &t, confab_call *call) {
  const rewrite &w = *t.with;
  const confab_status status = w.field < CONFAB_FIELD_KIND
                                   ? confab_call_set(call, w.field, str_of(t.value()))
                                   : confab_call_set_number(call, w.field, w.number);
  t.note(status == CONFAB_OK, "a member could not be set");
  return CONFAB_PASS;
}

confab_verdict is_slow(trial &t, confab_call *call) {
  if (t.stage == CONFAB_STAGE_TRANSFORM) // what it sets does not count
    ignore(confab_call_set(call, CONFAB_FIELD_TEXT, CONFAB_STR("too late")));
  t.s.host.clock_ns += 5'000'000;
  return CONFAB_PASS;
}

confab_verdict removes_itself(trial &t, confab_call *) {
  t.note(confab_hook_remove(t.s.engine, t.handler->id) == CONFAB_OK, "it cannot remove itself");
  t.note(confab_hook_remove(t.s.engine, t.handler->id) == CONFAB_ERR_STALE_ID, "removed twice");
  return CONFAB_PASS;
}

confab_verdict removes_itself_and_denies(trial &t, confab_call *call) {
  (void)removes_itself(t, call);
  return denies<CONFAB_DENIAL_ERROR>(t, call);
}

confab_verdict is_removed(trial &t, confab_call *, armed &) {
  t.note(false, "a removed handler was called");
  return CONFAB_PASS;
}

confab_verdict removes_the_next(trial &t, confab_call *) {
  t.next->answer = is_removed;
  t.note(confab_hook_remove(t.s.engine, t.next->id) == CONFAB_OK, "it cannot remove another");
  return CONFAB_PASS;
}

confab_verdict is_added(trial &t, confab_call *call, armed &) {
  // The rows of an answer are events with the number of the question.
  t.note(t.s.a.is(act_row) || confab_call_event(call)->seq != t.seq,
         "it was called for the event that added it");
  return CONFAB_PASS;
}

confab_verdict adds_another(trial &t, confab_call *) {
  for (const std::int16_t priority : {std::int16_t{9}, std::int16_t{-9}})
    t.add(t.stage, priority, is_added, {});
  return CONFAB_PASS;
}

confab_verdict goes_on(trial &t, confab_call *) {
  t.s.follow(t.v.then, t.what);
  return CONFAB_PASS;
}

confab_verdict goes_on_and_denies(trial &t, confab_call *call) {
  t.s.follow(t.v.then, t.what);
  return denies<CONFAB_DENIAL_ERROR>(t, call);
}

confab_verdict unloads_itself(trial &t, confab_call *) {
  t.note(confab_plugin_remove(t.s.engine, t.plugin, 0) == CONFAB_OK, "it cannot unload itself");
  return CONFAB_PASS;
}

confab_verdict unloads_itself_and_denies(trial &t, confab_call *call) {
  (void)unloads_itself(t, call);
  return denies<CONFAB_DENIAL_ERROR>(t, call);
}

confab_verdict drives(trial &t, confab_call *) {
  confab_engine *e = t.s.engine;
  const confab_time now = t.s.now;
  const confab_id conn = t.s.origin_conn;
  std::size_t n = 0;
  confab_id id = 0;
  const confab_event *event = nullptr;
  confab_str text{};
  const confab_conn_options conn_options = confab_conn_options_init();
  const confab_user_options user_options = confab_user_options_init();
  const confab_engine_options options = confab_engine_options_init();
  const confab_status answers[] = {
      confab_engine_flush(e),
      confab_engine_tick(e, now),
      confab_engine_configure(e, &options),
      confab_engine_clock_set(e, now, 0),
      confab_conn_open(e, &conn_options, now, &id),
      confab_conn_feed(e, conn, now, "x\r\n", 3, &n),
      confab_conn_sent(e, conn, 0),
      confab_conn_writable(e, conn),
      confab_conn_close(e, conn, now, {}),
      confab_conn_closed(e, conn, now, {}),
      confab_conn_attach(e, conn, now, 0),
      confab_user_create(e, &user_options, &id),
      confab_event_next(e, &event, nullptr, nullptr),
      confab_metrics_text(e, &text),
      confab_engine_destroy(e),
  };
  for (const confab_status answer : answers)
    t.note(answer == CONFAB_ERR_REENTRANT, "a drive function ran inside a handler");
  return CONFAB_PASS;
}

// --- handlers that defer
// ----------------------------------------------------------------------------

confab_verdict defers(trial &t, confab_call *call) {
  t.note(confab_call_defer(call, 100, &t.token) == CONFAB_OK && t.token_alive(), "no token");
  return CONFAB_DEFER;
}

confab_verdict defers_in_vain(trial &t, confab_call *call) {
  t.note(confab_call_defer(call, 100, &t.token) == CONFAB_ERR_STAGE && t.token == 0,
         "what cannot wait was deferred");
  return CONFAB_DEFER;
}

confab_verdict defers_and_passes(trial &t, confab_call *call) {
  (void)defers(t, call);
  return CONFAB_PASS;
}

confab_verdict defers_and_denies(trial &t, confab_call *call) {
  (void)defers(t, call);
  return denies<CONFAB_DENIAL_ERROR>(t, call);
}

confab_verdict takes_two_tokens(trial &t, confab_call *call) {
  (void)defers(t, call);
  const confab_id first = t.token;
  (void)defers(t, call);
  t.note(confab_deferral_resolve(t.s.engine, first, CONFAB_PASS, 0, {}, 0) == CONFAB_ERR_STALE_ID,
         "the first token lives");
  return CONFAB_DEFER;
}

confab_verdict answers_itself(trial &t, confab_call *call) {
  (void)defers(t, call);
  t.note(t.resolve(CONFAB_PASS, 0, "") == CONFAB_OK, "it cannot resolve its own token");
  t.note(!t.token_alive(), "the token lives");
  return CONFAB_DEFER;
}

confab_verdict defers_and_removes_itself(trial &t, confab_call *call) {
  (void)defers(t, call);
  return removes_itself(t, call) == CONFAB_PASS ? CONFAB_DEFER : CONFAB_PASS;
}

confab_verdict defers_and_goes_on(trial &t, confab_call *call) {
  (void)defers(t, call);
  t.s.follow(t.v.then, t.what);
  return CONFAB_DEFER;
}

// --- what becomes of what they deferred
// -------------------------------------------------------------

void is_allowed(trial &t) {
  t.note(t.resolve(CONFAB_PASS, 0, "") == CONFAB_OK, "resolve failed");
  t.note(t.resolve(CONFAB_PASS, 0, "") == CONFAB_ERR_STALE_ID, "resolved twice");
}

template <std::uint32_t Visibility>
void is_denied(trial &t) {
  t.note(t.resolve(CONFAB_DENY, Visibility, "not today") == CONFAB_OK, "resolve failed");
}

void is_rewritten(trial &t) {
  t.set_text();
  is_allowed(t);
}

void expires(trial &t) { ignore(t.s.wait_ms(150)); }

void loses_origin(trial &t) {
  t.s.follow(aftermath::hang_up, t.what);
  t.note(t.resolve(CONFAB_PASS, 0, "") == CONFAB_ERR_STALE_ID, "the token outlives the origin");
}

void loses_channel(trial &t) {
  if (!t.v.is(verdict_in_handler))
    t.s.follow(aftermath::empty, t.what);
  if (t.token_alive()) // it was not about that channel
    ignore(t.resolve(CONFAB_PASS, 0, ""));
}

void loses_hook(trial &t) {
  t.note(confab_hook_remove(t.s.engine, t.handler->id) == CONFAB_OK, "remove failed");
  t.note(!t.token_alive(), "the token outlives the hook");
}

void loses_plugin(trial &t) {
  t.note(confab_plugin_remove(t.s.engine, t.plugin, 0) == CONFAB_OK, "unload failed");
  t.note(!t.token_alive(), "the token outlives the plugin");
}

void drains_and_is_allowed(trial &t) {
  t.note(confab_plugin_remove(t.s.engine, t.plugin, 1000) == CONFAB_OK, "unload failed");
  is_allowed(t);
}

void drains_and_expires(trial &t) {
  t.note(confab_plugin_remove(t.s.engine, t.plugin, 50) == CONFAB_OK, "unload failed");
  t.note(t.token_alive(), "it does not drain");
  ignore(t.s.wait_ms(80));
}

void speaks_and_is_allowed(trial &t) {
  t.s.follow(aftermath::speak, t.what);
  is_allowed(t);
}

void speaks_and_is_denied(trial &t) {
  t.s.follow(aftermath::speak, t.what);
  is_denied<CONFAB_DENIAL_ERROR>(t);
}

// The second handler defers too: the act waits twice.
confab_verdict defers_next(trial &t, confab_call *call, armed &) { return defers(t, call); }
confab_verdict defers_before_another(trial &t, confab_call *call) {
  t.next->answer = defers_next;
  return defers(t, call);
}
void is_allowed_twice(trial &t) {
  const confab_id first = t.token;
  t.note(t.resolve(CONFAB_PASS, 0, "") == CONFAB_OK, "resolve failed");
  t.note(t.token != first && t.token_alive(), "the second handler was not asked");
  is_allowed(t);
}

void tiny_call(confab_hook &hook) { hook.call_us_max = 1000; }
void trips_soon(confab_hook &hook) { hook.failures_max = 1; }
void tiny_second(confab_hook &hook) {
  hook.call_us_max = 1'000'000;
  hook.second_us_max = 1000;
}

constexpr std::uint32_t open = CONFAB_HOOK_FAIL_OPEN, watching = CONFAB_HOOK_SHADOW;
constexpr std::uint32_t why = verdict_told_why, waits = verdict_waits, takes = verdict_defers,
                        inside = verdict_in_handler;

std::vector<verdict> answered_at_once() {
  return {
      {"passes", every, {C, C, E, C}, passes},
      {"rewrites", T, {C}, rewrites, verdict_rewrites},
      {"denies with an error", P, {C, E}, denies<CONFAB_DENIAL_ERROR>, why},
      {"denies in silence", P, {C, ends::silent}, denies<CONFAB_DENIAL_SILENT>},
      {"denies in shadow", P, {C, ends::shadow}, denies<CONFAB_DENIAL_SHADOW>},
      {"denies, and that is lifted", P, {C, C}, denies<CONFAB_DENIAL_ERROR>, verdict_lifted},
      {"denies in silence, and that is lifted",
       P,
       {C, C},
       denies<CONFAB_DENIAL_SILENT>,
       verdict_lifted},
      {"denies where nothing can be denied", T | O | B, {C, E, E, C}, says_deny},
      {"allows", every, {C, E, C, C}, allows},
      {"cannot wait", P, {C, E}, defers_in_vain, verdict_no_wait},
  };
}

std::vector<verdict> failing() {
  return {
      {"fails", every, {C, E, E, C}, says_77},
      {"fails open", every, {C, C, E, C}, says_77, 0, open},
      {"fails, and that is lifted", P, {C, C}, says_77, verdict_lifted},
      {"is slow", every, {C, E, E, C}, is_slow, 0, 0, aftermath::none, nullptr, 0, tiny_call},
      {"is slow, open",
       every,
       {C, C, E, C},
       is_slow,
       0,
       open,
       aftermath::none,
       nullptr,
       0,
       tiny_call},
      {"has spent its second",
       every,
       {C, E, E, C},
       is_slow,
       verdict_bypassed,
       0,
       aftermath::none,
       nullptr,
       0,
       tiny_second},
      {"has spent its second, open",
       every,
       {C, C, E, C},
       is_slow,
       verdict_bypassed,
       open,
       aftermath::none,
       nullptr,
       0,
       tiny_second},
      {"has an open breaker",
       every,
       {C, E, E, C},
       says_77,
       verdict_bypassed,
       0,
       aftermath::none,
       nullptr,
       0,
       trips_soon},
      {"has an open breaker, open",
       every,
       {C, C, E, C},
       says_77,
       verdict_bypassed,
       open,
       aftermath::none,
       nullptr,
       0,
       trips_soon},
      {"throws", every, {C, E, E, C}, says_77, verdict_cpp},
      {"throws, open", every, {C, C, E, C}, says_77, verdict_cpp, open},
      {"watches, and would deny", every, {C, C, E, C}, says_deny, 0, watching},
      {"watches, and would defer",
       P,
       {C, C},
       defers,
       takes,
       watching,
       aftermath::none,
       nullptr,
       CONFAB_CANCELLED_VERDICT},
      {"watches, and would rewrite", T, {C}, rewrites, verdict_rewrites, watching},
  };
}

std::vector<verdict> meddling() {
  return {
      {"removes itself", every, {C, C, E, C}, removes_itself},
      {"removes itself and denies", P, {C, E}, removes_itself_and_denies, why},
      {"removes the next handler", every, {C, C, E, C}, removes_the_next},
      {"adds handlers", every, {C, C, E, C}, adds_another},
      {"ends the origin", every, {C, C, E, C}, goes_on, inside, 0, aftermath::quit},
      {"ends the origin and denies",
       P,
       {C, E},
       goes_on_and_denies,
       inside | why,
       0,
       aftermath::quit},
      {"empties the channel", every, {C, C, E, C}, goes_on, inside, 0, aftermath::empty},
      {"empties the channel and denies",
       P,
       {C, E},
       goes_on_and_denies,
       inside | why,
       0,
       aftermath::empty},
      {"does it again", every, {C, C, E, C}, goes_on, inside, 0, aftermath::again},
      {"does it again and denies",
       P,
       {C, E},
       goes_on_and_denies,
       inside | why,
       0,
       aftermath::again},
      {"unloads its own plugin", every, {C, C, E, C}, unloads_itself, verdict_plugin},
      {"unloads its own plugin and denies",
       P,
       {C, E},
       unloads_itself_and_denies,
       verdict_plugin | why},
      {"drives the engine", every, {C, C, E, C}, drives},
  };
}

std::vector<verdict> deferred() {
  using aft = aftermath;
  return {
      {"defers: allowed", P, {C, C}, defers, waits, 0, aft::none, is_allowed},
      {"defers: denied",
       P,
       {C, E},
       defers,
       waits | why,
       0,
       aft::none,
       is_denied<CONFAB_DENIAL_ERROR>},
      {"defers: denied in silence",
       P,
       {C, ends::silent},
       defers,
       waits,
       0,
       aft::none,
       is_denied<CONFAB_DENIAL_SILENT>},
      {"defers: denied in shadow",
       P,
       {C, ends::shadow},
       defers,
       waits,
       0,
       aft::none,
       is_denied<CONFAB_DENIAL_SHADOW>},
      {"defers: denied, and that is lifted",
       P,
       {C, C},
       defers,
       waits | verdict_lifted,
       0,
       aft::none,
       is_denied<CONFAB_DENIAL_ERROR>},
      {"defers: rewritten", P, {C, C}, defers, waits | verdict_texts, 0, aft::none, is_rewritten},
      {"defers: expired",
       P,
       {C, ends::expired},
       defers,
       waits,
       0,
       aft::none,
       expires,
       CONFAB_CANCELLED_EXPIRED},
      {"defers: expired, open",
       P,
       {C, C},
       defers,
       waits,
       open,
       aft::none,
       expires,
       CONFAB_CANCELLED_EXPIRED},
      {"defers: expired, and that is lifted",
       P,
       {C, C},
       defers,
       waits | verdict_lifted,
       0,
       aft::none,
       expires,
       CONFAB_CANCELLED_EXPIRED},
      {"defers: origin gone",
       P,
       {C, ends::cancelled},
       defers,
       waits,
       0,
       aft::hang_up,
       loses_origin,
       CONFAB_CANCELLED_ORIGIN},
      {"defers: channel gone",
       P,
       {C, ends::late},
       defers,
       waits,
       0,
       aft::empty,
       loses_channel,
       CONFAB_CANCELLED_CHANNEL},
      {"defers: hook removed",
       P,
       {C, E},
       defers,
       waits,
       0,
       aft::none,
       loses_hook,
       CONFAB_CANCELLED_REMOVED},
      {"defers: hook removed, open",
       P,
       {C, C},
       defers,
       waits,
       open,
       aft::none,
       loses_hook,
       CONFAB_CANCELLED_REMOVED},
      {"defers: plugin unloaded",
       P,
       {C, E},
       defers,
       waits | verdict_plugin,
       0,
       aft::none,
       loses_plugin,
       CONFAB_CANCELLED_REMOVED},
      {"defers: plugin unloaded, open",
       P,
       {C, C},
       defers,
       waits | verdict_plugin,
       open,
       aft::none,
       loses_plugin,
       CONFAB_CANCELLED_REMOVED},
      {"defers: allowed while its plugin drains",
       P,
       {C, C},
       defers,
       waits | verdict_plugin,
       0,
       aft::none,
       drains_and_is_allowed},
      {"defers: its plugin drains too long",
       P,
       {C, E},
       defers,
       waits | verdict_plugin,
       0,
       aft::none,
       drains_and_expires,
       CONFAB_CANCELLED_REMOVED},
      {"defers: allowed after more was said",
       P,
       {C, C},
       defers,
       waits,
       0,
       aft::speak,
       speaks_and_is_allowed},
      {"defers: denied after more was said",
       P,
       {C, E},
       defers,
       waits | why,
       0,
       aft::speak,
       speaks_and_is_denied},
      {"defers, and so does the next",
       P,
       {C, C},
       defers_before_another,
       waits,
       0,
       aft::none,
       is_allowed_twice},
      {"takes two tokens", P, {C, C}, takes_two_tokens, waits, 0, aft::none, is_allowed},
      {"defers and resolves at once", P, {C, C}, answers_itself, takes},
      {"defers and passes",
       P,
       {C, C},
       defers_and_passes,
       takes,
       0,
       aft::none,
       nullptr,
       CONFAB_CANCELLED_VERDICT},
      {"defers and denies",
       P,
       {C, E},
       defers_and_denies,
       takes | why,
       0,
       aft::none,
       nullptr,
       CONFAB_CANCELLED_VERDICT},
      {"defers and removes itself", P, {C, E}, defers_and_removes_itself, takes},
      {"defers and removes itself, open", P, {C, C}, defers_and_removes_itself, takes, open},
      {"defers and ends the origin",
       P,
       {C, ends::cancelled},
       defers_and_goes_on,
       takes | inside,
       0,
       aft::quit,
       nullptr,
       CONFAB_CANCELLED_ORIGIN},
      {"defers and empties the channel",
       P,
       {C, ends::late},
       defers_and_goes_on,
       takes | inside,
       0,
       aft::empty,
       loses_channel,
       CONFAB_CANCELLED_CHANNEL},
  };
}

} // namespace

const std::vector<verdict> &verdicts() {
  static const std::vector<verdict> all = [] {
    std::vector<verdict> out;
    for (const auto &part : {answered_at_once(), failing(), meddling(), deferred()})
      out.insert(out.end(), part.begin(), part.end());
    return out;
  }();
  return all;
}

} // namespace q265267
