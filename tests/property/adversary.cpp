// SPDX-License-Identifier: MIT
//
// Everybody misbehaves at once: hooks deny, defer, rewrite, fail, throw, take too long, remove
// themselves and each other, subscribe, submit, resolve, end the very subjects of their events and
// call what they must not; clients say sense and noise in any split; the host sends in part, fails,
// jumps in time, answers late or never. After every step a checker walks the whole state and a
// model compares events and tokens; at the end every byte is back and everybody was released once.
// What single cases must answer is in tests/unit. CONFAB_PROPERTY_SECONDS says how long to go on,
// and CONFAB_PROPERTY_SEED where to begin.
#include "property/bus_model.hpp"
#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/engine_fixture.hpp"

#include <confab/confab.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

struct adversary;

struct handler {
  adversary *of = nullptr;
  confab_id id = 0;
  confab_hook is{};
  bool removed = false;
  unsigned released = 0;
  std::uint64_t calls = 0;
  std::vector<confab_id> gone = {}; // tokens that died with it, and nobody tells it
};

struct adversary {
  adversary(std::uint64_t seed, bool push);
  adversary(const adversary &) = delete;
  adversary &operator=(const adversary &) = delete;
  ~adversary() {
    chat.host.inside = nullptr;
    ignore(confab_engine_destroy(chat.engine)); // before the handlers go
    chat.engine = nullptr;
  }

  void step();
  void finish();

  void settle();
  void drive();
  void speak();
  void let_out();
  void act_as_host();
  void submit();
  void subscribe(confab_id scope);
  template <class Event>
  void subscribe_throwing();
  void record();
  void unsubscribe();
  void remove(handler &h);
  void resolve();
  void resolve_token();
  void set_token_text();
  void misuse();
  void destroy_subjects(const confab_event *event);
  void query(confab_call *call);
  confab_id any_id();
  confab_id any_token();
  void meddle(const confab_event *event);
  void check_interest(const handler &by, const confab_event *event);
  void check_outcome(const confab_outcome &how);
  void told_cancelled(handler &by, confab_id token, std::uint32_t why);
  confab_verdict answer(handler &by, confab_call *call, const confab_event *event);
  confab_verdict judge(handler &by, confab_call *call);
  confab_verdict defer(handler &by, confab_call *call);
  void note(bool ok, const char *what) {
    if (!ok && problem.empty())
      problem = what;
  }

  chooser pick;
  engine_fixture chat;
  std::vector<std::unique_ptr<handler>> handlers;
  std::vector<confab_id> ids;    // that were alive once
  std::vector<confab_id> tokens; // the same
  bus_model model;
  unsigned may_submit = 0; // a handler that submits for ever would be the budget's business
  std::uint64_t calls = 0;
  std::string problem;
};

engine_fixture::setup make_setup(bool push) {
  return {push,
          [](confab_engine_options &o) {
            o.events_max = 8;
            o.deferral_ms_max = 500;
            o.waiting_max = 6;
            o.causes_max = 5;
            o.hook_call_us_max = 300;
            o.hook_second_us_max = 5000;
            o.hook_failures_max = 3;
            o.hook_retry_ms = 200;
            o.output_backlog_bytes_max = 16384;
            o.input_backlog_bytes_max = 1024;
            o.channels_max = 5;
            o.users_max = 12;
            o.members_per_channel_max = 6;
            o.list_entries_max = 3;
            o.whowas_entries_max = 3;
            o.parked_max = 6;
            o.queued_max = 40;
            o.hooks_max = 20;
            o.flags = CONFAB_ENGINE_PASSWORD_REQUIRED;
            o.commands_burst_max = 40;
            o.commands_per_second_max = 20;
            o.registration_ms_max = 60'000;
          },
          true};
}

adversary::adversary(std::uint64_t seed, bool push) : pick(seed), chat(make_setup(push)) {
  chat.host.on_send = [this](confab_id, std::size_t offered, std::size_t &accepted) {
    switch (pick.below(12)) {
    case 0:
      accepted = pick.below(offered + 1);
      return static_cast<confab_status>(CONFAB_OK);
    case 1:
      accepted = 0;
      return static_cast<confab_status>(CONFAB_OK);
    case 2:
      accepted = pick.one_in(4) ? offered + 1 : offered;
      return static_cast<confab_status>(CONFAB_OK);
    case 3:
      return static_cast<confab_status>(pick.one_in(4) ? CONFAB_ERR_STATE : CONFAB_OK);
    default:
      return static_cast<confab_status>(CONFAB_OK);
    }
  };
  chat.host.on_request = [this](const confab_request &r) {
    ids.push_back(r.id);
    const std::size_t what = pick.below(8);
    return static_cast<confab_status>(what == 0   ? CONFAB_ERR_DENIED
                                      : what == 1 ? 77
                                      : what < 5  ? CONFAB_PARKED
                                                  : CONFAB_OK);
  };
  chat.host.inside = [this] {
    if (chat.engine && pick.one_in(4))
      misuse();
  };
  record();
}

// One observer that nobody removes: it sees how everything ends.
void adversary::record() {
  for (const std::uint32_t type : {0U, std::uint32_t{CONFAB_EVENT_LINE_IN}}) {
    confab_hook hook = confab_hook_init();
    hook.type = static_cast<std::uint16_t>(type);
    hook.stage = CONFAB_STAGE_OBSERVE;
    hook.priority = -100;
    hook.ctx = this;
    hook.call = [](void *ctx, confab_call *call, const confab_event *event) -> confab_verdict {
      auto &self = *static_cast<adversary *>(ctx);
      confab_outcome how{};
      how.struct_size = sizeof how;
      self.note(confab_call_outcome(call, &how) == CONFAB_OK, "no outcome");
      self.check_outcome(how);
      self.model.ended(event, how);
      return CONFAB_PASS;
    };
    confab_id id = 0;
    note(confab_hook_add(chat.engine, &hook, &id) == CONFAB_OK, "no recorder");
  }
}

// Who denied it may deny: a POLICY handler that is no shadow; and where nobody answered in time it
// was one that fails closed.
void adversary::check_outcome(const confab_outcome &how) {
  const auto by = std::find_if(handlers.begin(), handlers.end(),
                               [&](const auto &h) { return h->id == how.hook; });
  if (how.hook == 0 || by == handlers.end())
    return;
  const confab_hook &is = (*by)->is;
  note(is.stage == CONFAB_STAGE_POLICY, "a denial by a hook of another stage");
  note((is.flags & CONFAB_HOOK_SHADOW) == 0, "a denial by a shadow hook");
  note(how.outcome != CONFAB_OUTCOME_EXPIRED || (is.flags & CONFAB_HOOK_FAIL_OPEN) == 0,
       "what a hook that fails open deferred expired");
}

confab_id adversary::any_id() {
  if (pick.one_in(12))
    return pick.one_in(2) ? 0 : pick.bits();
  return ids.empty() ? 0 : pick.of(ids);
}

// What must be refused, in a handler and in a callback alike.
void adversary::misuse() {
  confab_engine *e = chat.engine;
  const confab_id id = any_id();
  std::size_t n = 0;
  confab_id out = 0;
  const confab_event *event = nullptr;
  confab_str text{};
  switch (pick.below(11)) {
  case 8:
    return note(confab_metrics_text(e, &text) == CONFAB_ERR_REENTRANT, "metrics inside");
  case 9:
    return note(confab_conn_sent(e, id, 0) == CONFAB_ERR_REENTRANT, "sent inside");
  case 10:
    return note(confab_conn_attach(e, id, chat.now, id) == CONFAB_ERR_REENTRANT, "attach inside");
  case 0:
    return note(confab_engine_flush(e) == CONFAB_ERR_REENTRANT, "flush inside");
  case 1:
    return note(confab_engine_tick(e, chat.now + 5) == CONFAB_ERR_REENTRANT, "tick inside");
  case 2:
    return note(confab_conn_feed(e, id, chat.now, "x\n", 2, &n) == CONFAB_ERR_REENTRANT,
                "feed inside");
  case 3:
    return note(confab_conn_close(e, id, chat.now, CONFAB_STR("x")) == CONFAB_ERR_REENTRANT,
                "close inside");
  case 4:
    return note(confab_conn_closed(e, id, chat.now, CONFAB_STR("x")) == CONFAB_ERR_REENTRANT,
                "closed inside");
  case 5:
    return note(confab_conn_open(e, nullptr, chat.now, &out) == CONFAB_ERR_REENTRANT,
                "open inside");
  case 6:
    return note(confab_event_next(e, &event, nullptr, nullptr) == CONFAB_ERR_REENTRANT,
                "event_next inside");
  default:
    return note(confab_engine_destroy(e) == CONFAB_ERR_REENTRANT, "destroy inside");
  }
}

// --- handlers
// --------------------------------------------------------------------------------------

void adversary::query(confab_call *call) {
  (void)chat.broken().size(); // a walk through everything: const, so legal
  confab_str text{};
  confab_id by = 0;
  ignore(confab_call_original(call, static_cast<std::uint32_t>(pick.below(12)), &text, &by));
  confab_outcome outcome{};
  outcome.struct_size = sizeof outcome;
  ignore(confab_call_outcome(call, &outcome));
  note(confab_call_engine(call) == chat.engine, "another engine");
  note(confab_call_event(call) != nullptr, "no event");
}

confab_verdict adversary::defer(handler &by, confab_call *call) {
  const auto wait_ms = static_cast<std::uint32_t>(pick.below(600));
  confab_id token = 0, second = 0;
  const confab_status status = confab_call_defer(call, wait_ms, &token);
  note((token != 0) == (status == CONFAB_OK), "a token without success");
  note(status != CONFAB_ERR_STALE_ID && status != CONFAB_ERR_REENTRANT, "defer answered wrongly");
  if (status != CONFAB_OK)
    return pick.one_in(4) ? CONFAB_DEFER : CONFAB_PASS;
  const auto deadline_of = [&](confab_id of) {
    confab_deferral_info info{};
    info.struct_size = sizeof info;
    note(confab_deferral_get(chat.engine, of, &info) == CONFAB_OK, "a token that is dead");
    note(info.hook == by.id, "another hook's token");
    return info.deadline;
  };
  model.took(token, deadline_of(token));
  tokens.push_back(token);
  if (pick.one_in(6)) // resolved before it waits
    resolve_token();
  if (pick.one_in(6) && confab_call_defer(call, 0, &second) == CONFAB_OK) {
    if (model.alive(token))
      model.spent(token); // it gave the first back
    token = second;
    model.took(token, deadline_of(token));
    tokens.push_back(token);
  }
  if (pick.one_in(8))
    remove(by);
  if (by.removed && model.alive(token))
    by.gone.push_back(token); // nobody is left to be told
  return pick.one_in(5) ? CONFAB_PASS : CONFAB_DEFER;
}

confab_verdict adversary::judge(handler &by, confab_call *call) {
  if (by.is.stage == CONFAB_STAGE_TRANSFORM && pick.one_in(3)) {
    const std::string text = pick.one_in(3)   ? random_nick(pick)
                             : pick.one_in(2) ? random_channel(pick)
                                              : random_bytes(pick, 60);
    ignore(confab_call_set(call, static_cast<std::uint32_t>(1 + pick.below(10)), str_of(text)));
    ignore(confab_call_set_number(call, static_cast<std::uint32_t>(15 + pick.below(7)),
                                  pick.below(10)));
  }
  if (pick.one_in(8))
    ignore(confab_call_deny(call, static_cast<std::uint32_t>(pick.below(CONFAB_REFUSED_END + 1)),
                            CONFAB_STR("because"), static_cast<std::uint32_t>(pick.below(4))));
  if (pick.one_in(8))
    ignore(confab_call_override(call, CONFAB_STR("no matter")));
  if (pick.one_in(by.is.stage == CONFAB_STAGE_POLICY ? 4 : 60))
    return defer(by, call);
  static constexpr confab_verdict verdicts[] = {
      CONFAB_DENY, CONFAB_DENY, CONFAB_ALLOW, CONFAB_ALLOW, CONFAB_DEFER, 77, -1};
  return pick.one_in(20) ? pick.of(verdicts) : CONFAB_PASS;
}

// Everybody whom the event is about goes: who acts, and the channel.
void adversary::destroy_subjects(const confab_event *event) {
  if (pick.one_in(2) && event->actor != 0)
    ignore(confab_user_quit(chat.engine, event->actor, CONFAB_STR("ended by a handler")));
  const std::vector<confab_id> channels = chat.channels();
  if (channels.empty())
    return;
  const confab_id where = pick.of(channels);
  confab_id member = 0;
  std::vector<confab_id> whom;
  while (confab_channel_member_next(chat.engine, where, member, &member) == CONFAB_OK)
    whom.push_back(member);
  for (const confab_id m : whom) {
    confab_member_info info{};
    info.struct_size = sizeof info;
    note(confab_member_get(chat.engine, m, &info) == CONFAB_OK, "a member of the walk is dead");
    ignore(confab_channel_kick(chat.engine, 0, where, info.user, CONFAB_STR("all out")));
  }
}

// What may be done inside any handler, and inside a notice of a dead token.
void adversary::meddle(const confab_event *event) {
  if (pick.one_in(6))
    misuse();
  if (may_submit > 0 && pick.one_in(4)) {
    --may_submit;
    submit();
  }
  if (event && may_submit > 0 && pick.one_in(40)) {
    --may_submit;
    destroy_subjects(event);
  }
  if (pick.one_in(10))
    subscribe(pick.one_in(4) ? any_id() : 0);
  if (pick.one_in(40))
    subscribe_throwing<confab::message>();
  if (pick.one_in(30))
    unsubscribe();
  if (pick.one_in(10))
    resolve();
  if (pick.one_in(6))
    resolve_token();
  if (pick.one_in(10))
    set_token_text();
  if (pick.one_in(12))
    chat.host.clock_ns += pick.below(600'000);
}

// It is called only for what it wants.
void adversary::check_interest(const handler &by, const confab_event *event) {
  note(by.is.type == 0 || by.is.type == event->type, "another type");
  note(by.is.origins == 0 || (by.is.origins & event->flags) != 0, "another origin");
  note(by.is.protocols == 0 || (by.is.protocols & event->protocol) != 0, "another protocol");
  if ((by.is.flags & CONFAB_HOOK_HAS_TEXT) == 0)
    return;
  const auto &box = *reinterpret_cast<const confab::core::event_box *>(event);
  const confab::core::event_field *text = confab::core::find_field(box, CONFAB_FIELD_TEXT);
  note(text && confab::core::field_of(box, *text).len > 0, "an event without text");
}

confab_verdict adversary::answer(handler &by, confab_call *call, const confab_event *event) {
  ++calls;
  ++by.calls;
  note(!by.removed, "a removed handler was called");
  note(by.released == 0, "a released handler was called");
  note(event->type > 0 && event->type < CONFAB_EVENT_TYPE_END, "no type");
  note(event->seq > 0, "no number");
  model.called(event);
  check_interest(by, event);
  for (const confab_id id : {event->origin, event->actor})
    if (id != 0)
      ids.push_back(id);
  if (pick.one_in(20))
    query(call);
  meddle(event);
  if (pick.one_in(40) && !by.removed)
    remove(by);
  return judge(by, call);
}

void adversary::told_cancelled(handler &by, confab_id token, std::uint32_t why) {
  note(by.released == 0, "a released handler was told of its token");
  note(!by.removed || why == CONFAB_CANCELLED_REMOVED || why == CONFAB_CANCELLED_CHANNEL,
       "a removed handler was told of its token");
  note(confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_ERR_STALE_ID,
       "a token lives while its death is told");
  model.cancelled(token, why);
  if (why != CONFAB_CANCELLED_ENGINE)
    meddle(nullptr);
}

// --- subscribing
// -----------------------------------------------------------------------------------

void adversary::subscribe(confab_id scope) {
  auto made = std::make_unique<handler>();
  made->of = this;
  confab_hook &hook = made->is = confab_hook_init();
  hook.type = static_cast<std::uint16_t>(pick.one_in(3) ? 0 : pick.below(CONFAB_EVENT_TYPE_END));
  hook.stage = static_cast<std::uint16_t>(pick.one_in(3) ? CONFAB_STAGE_POLICY + 0
                                                         : pick.below(CONFAB_STAGE_COUNT));
  hook.priority = static_cast<std::int16_t>(pick.below(5));
  hook.flags = static_cast<std::uint32_t>(pick.one_in(2) ? CONFAB_HOOK_FAIL_OPEN : 0) |
               (pick.one_in(6) ? std::uint32_t{CONFAB_HOOK_SHADOW} : 0) |
               (pick.one_in(6) ? std::uint32_t{CONFAB_HOOK_HAS_TEXT} : 0);
  hook.protocols = pick.one_in(6) ? std::uint32_t{CONFAB_PROTOCOL_IRC} : 0;
  hook.origins = pick.one_in(6) ? std::uint32_t{CONFAB_EVENT_FROM_CLIENT} : 0;
  hook.call_us_max = pick.one_in(4) ? 100 : 0;
  hook.failures_max = pick.one_in(4) ? 1 : 0;
  hook.scope = scope;
  hook.ctx = made.get();
  hook.call = [](void *ctx, confab_call *call, const confab_event *event) -> confab_verdict {
    auto &self = *static_cast<handler *>(ctx);
    return self.of->answer(self, call, event);
  };
  hook.cancelled = [](void *ctx, confab_engine *, confab_id token, std::uint32_t why) {
    auto &self = *static_cast<handler *>(ctx);
    self.of->told_cancelled(self, token, why);
    return static_cast<confab_status>(CONFAB_OK);
  };
  hook.release = [](void *ctx) -> confab_status {
    auto &self = *static_cast<handler *>(ctx);
    ++self.released;
    self.of->note(self.released == 1, "a handler was released twice");
    self.of->misuse();
    return CONFAB_OK;
  };
  if (confab_hook_add(chat.engine, &hook, &made->id) == CONFAB_OK)
    handlers.push_back(std::move(made));
}

// The same through the C++ wrapper: handlers that throw now and then.
template <class Event>
void adversary::subscribe_throwing() {
  auto made = std::make_unique<handler>();
  made->of = this;
  handler *self = made.get();
  const std::shared_ptr<void> held(nullptr, [self](void *) { ++self->released; });
  const auto act = [self, held](auto &call, const Event &) {
    adversary &of = *self->of;
    const confab_event *event = confab_call_event(call.raw());
    ++of.calls;
    ++self->calls;
    of.note(!self->removed && self->released == 0, "a dead handler was called");
    of.model.called(event);
    of.meddle(event);
    if (of.pick.one_in(3))
      throw std::runtime_error("a handler that throws");
  };
  confab::engine_ref engine(chat.engine);
  confab::interest where;
  where.fail_open = pick.one_in(2);
  const std::size_t stage = pick.below(CONFAB_STAGE_COUNT);
  try {
    made->id =
        stage == CONFAB_STAGE_TRANSFORM
            ? engine
                  .on<Event>(
                      confab::transform, [act](auto &c, const Event &e) { act(c, e); }, where)
                  .raw()
        : stage == CONFAB_STAGE_POLICY
            ? engine
                  .on<Event>(
                      confab::policy,
                      [act](confab::policy_call &c, const Event &e) -> confab::policy_verdict {
                        act(c, e);
                        return c.pass();
                      },
                      where)
                  .raw()
        : stage == CONFAB_STAGE_OVERRIDE
            ? engine
                  .on<Event>(
                      confab::override,
                      [act](confab::override_call &c, const Event &e) -> confab::override_verdict {
                        act(c, e);
                        return c.pass();
                      },
                      where)
                  .raw()
            : engine
                  .on<Event>(
                      confab::observe, [act](auto &c, const Event &e) { act(c, e); }, where)
                  .raw();
  } catch (const confab::error &) { // no room for it
    self->removed = true;
  }
  made->is.stage = static_cast<std::uint16_t>(stage);
  handlers.push_back(std::move(made));
}

void adversary::remove(handler &h) {
  const bool before = std::exchange(h.removed, true); // others may try inside the call
  const confab_status status = confab_hook_remove(chat.engine, h.id);
  note(status == (before ? CONFAB_ERR_STALE_ID : CONFAB_OK), "remove answered wrongly");
}

void adversary::unsubscribe() {
  if (!handlers.empty())
    if (handler &h = *pick.of(handlers); h.id != 0)
      remove(h);
}

void adversary::resolve() {
  static constexpr confab_status answers[] = {CONFAB_OK, CONFAB_OK, CONFAB_ERR_DENIED,
                                              CONFAB_PARKED};
  ignore(confab_request_resolve(chat.engine, any_id(), pick.of(answers), CONFAB_STR("so be it")));
}

// --- tokens
// ---------------------------------------------------------------------------------------

// Mostly one that was given lately: dead or alive, anybody's.
confab_id adversary::any_token() {
  if (tokens.empty() || pick.one_in(12))
    return any_id();
  const std::size_t lately = std::min<std::size_t>(tokens.size(), 8);
  return tokens[tokens.size() - 1 - pick.below(lately)];
}

void adversary::resolve_token() {
  const confab_id token = any_token();
  const bool deny = pick.one_in(3);
  const bool alive = model.alive(token);
  // The act may end inside the call; so the model hears of it first.
  confab_deferral_info info{};
  info.struct_size = sizeof info;
  const bool there = confab_deferral_get(chat.engine, token, &info) == CONFAB_OK;
  note(!there || alive, "a token that died is alive");
  if (there)
    model.spent(token);
  const confab_status status = confab_deferral_resolve(
      chat.engine, token, deny ? CONFAB_DENY : CONFAB_PASS, deny ? CONFAB_REFUSED_POLICY + 0 : 0,
      deny ? CONFAB_STR("after all") : confab_str{},
      deny ? static_cast<std::uint32_t>(pick.below(3)) : 0);
  const bool named = confab_id_kind(token) == CONFAB_KIND_DEFERRAL;
  note(there ? status >= 0 : status == (named ? CONFAB_ERR_STALE_ID : CONFAB_ERR_ARG),
       "resolve answered wrongly");
}

void adversary::set_token_text() {
  const std::string text = pick.one_in(3) ? random_bytes(pick, 60) : random_channel(pick);
  const confab_id token = any_token();
  const confab_status status = confab_deferral_set(
      chat.engine, token, static_cast<std::uint32_t>(pick.below(12)), str_of(text));
  note(status == CONFAB_OK || status == CONFAB_ERR_ARG || status == CONFAB_ERR_STALE_ID ||
           status == CONFAB_ERR_TOO_LONG,
       "a text of a token was answered wrongly");
  note(status != CONFAB_OK || model.alive(token), "a text of a dead token was set");
}

// --- commands of the host
// --------------------------------------------------------------------------

union any_command {
  confab_event head;
  confab_event_disconnect disconnect;
  confab_event_nick nick;
  confab_event_user_change user_change;
  confab_event_message message;
  confab_event_join join;
  confab_event_part part;
  confab_event_kick kick;
  confab_event_invite invite;
  confab_event_topic topic;
  confab_event_member_change member_change;
  confab_event_channel_change channel_change;
  confab_event_access access;
  confab_event_kill kill;
  char bytes[512];
};

void adversary::submit() {
  const std::string nick = random_nick(pick), name = random_channel(pick), value = "7";
  const auto small = [&] { return static_cast<std::uint32_t>(pick.below(9)); };
  any_command c;
  std::memset(&c, 0, sizeof c);
  c.head.struct_size = 512;
  c.head.type = static_cast<std::uint16_t>(pick.below(CONFAB_EVENT_TYPE_END + 1));
  const confab_id actor = any_id(), subject = any_id(), place = any_id();
  switch (c.head.type) {
  case CONFAB_EVENT_DISCONNECT:
    c.disconnect.text = str_of(nick);
    break;
  case CONFAB_EVENT_NICK:
    c.nick.nick = str_of(nick);
    break;
  case CONFAB_EVENT_USER_CHANGE:
    c.user_change.user = subject;
    c.user_change.what = small();
    c.user_change.mode = small();
    c.user_change.set = small() & 1;
    c.user_change.text = str_of(pick.one_in(4) ? std::string_view("a b!") : nick);
    break;
  case CONFAB_EVENT_MESSAGE:
    c.message.kind = small();
    c.message.ranks_min = pick.one_in(2) ? 0 : small();
    c.message.target = pick.one_in(2) ? 0 : subject;
    c.message.name = str_of(pick.one_in(2) ? name : nick);
    c.message.text = str_of(value);
    break;
  case CONFAB_EVENT_JOIN:
    c.join.name = str_of(name);
    break;
  case CONFAB_EVENT_PART:
    c.part.name = str_of(name);
    break;
  case CONFAB_EVENT_KICK:
    c.kick = {c.head,
              pick.one_in(2) ? place : 0,
              0,
              pick.one_in(2) ? subject : 0,
              str_of(name),
              str_of(nick),
              str_of(value)};
    break;
  case CONFAB_EVENT_INVITE:
    c.invite.name = str_of(name);
    c.invite.nick = str_of(nick);
    break;
  case CONFAB_EVENT_TOPIC:
    c.topic.name = str_of(name);
    c.topic.text = str_of(nick);
    break;
  case CONFAB_EVENT_MEMBER_CHANGE:
    c.member_change.name = str_of(name);
    c.member_change.nick = str_of(nick);
    c.member_change.rank = small();
    c.member_change.set = small() & 1;
    break;
  case CONFAB_EVENT_CHANNEL_CHANGE:
    c.channel_change.name = str_of(name);
    c.channel_change.mode = small() + (pick.one_in(8) ? 30 : 0);
    c.channel_change.set = small() & 1;
    c.channel_change.value = str_of(pick.one_in(4) ? std::string_view("a b") : value);
    break;
  case CONFAB_EVENT_ACCESS:
    c.access.name = str_of(name);
    c.access.list = small();
    c.access.set = small() & 1;
    c.access.mask = str_of(pick.one_in(4) ? std::string_view("a b") : nick);
    break;
  case CONFAB_EVENT_KILL:
    c.kill.user = pick.one_in(2) ? subject : 0;
    c.kill.nick = str_of(nick);
    c.kill.text = str_of(value);
    break;
  default:
    break;
  }
  c.head.flags = pick.one_in(2) ? CONFAB_EVENT_FORCED : 0;
  c.head.actor = pick.one_in(4) ? 0 : actor;
  const bool tail = c.head.type == 0 || c.head.type >= CONFAB_EVENT_TYPE_END;
  std::uint64_t seq = 0;
  const confab_status status = confab_command_submit(chat.engine, &c.head, &seq);
  note(status != CONFAB_ERR_INTERNAL && status != CONFAB_ERR_NOMEM, "submit broke");
  note(!tail || status == CONFAB_ERR_ARG || status == CONFAB_ERR_REENTRANT, "no such type");
}

// --- the host
// --------------------------------------------------------------------------------------

void adversary::speak() {
  const std::vector<confab_id> conns = chat.conns();
  if (conns.empty())
    return;
  const confab_id conn = pick.of(conns);
  std::string bytes;
  for (std::size_t i = 1 + pick.below(3); i > 0; --i) {
    bytes += random_line(pick);
    bytes += pick.one_in(10) ? "" : pick.one_in(2) ? "\r\n" : "\n";
  }
  while (!bytes.empty()) {
    const std::size_t part = pick.one_in(2) ? bytes.size() : 1 + pick.below(bytes.size());
    const std::vector<char> copy(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
    std::size_t consumed = 0;
    const confab_status status =
        confab_conn_feed(chat.engine, conn, chat.now, copy.data(), copy.size(), &consumed);
    note(status == CONFAB_OK || status == CONFAB_AGAIN, "feed failed");
    note(consumed <= part, "more was consumed than given");
    if (status != CONFAB_OK)
      return;
    bytes.erase(0, part);
  }
}

void adversary::let_out() {
  ignore(confab_engine_flush(chat.engine));
  for (const confab_id conn : chat.conns()) {
    if (pick.one_in(3))
      ignore(confab_conn_writable(chat.engine, conn));
    std::array<confab_slice, 3> slices;
    std::size_t count = 0, bytes = 0;
    if (confab_conn_output(chat.engine, conn, slices.data(), slices.size(), &count) != CONFAB_OK)
      continue;
    for (std::size_t i = 0; i < count; ++i)
      bytes += slices[i].len;
    const bool part = pick.one_in(3); // which may end inside a message
    if (part)
      bytes = pick.below(bytes + 1);
    const confab_status sent = confab_conn_sent(chat.engine, conn, bytes);
    note(sent >= 0 || (part && chat.host.by_message.contains(conn)), "sent was refused");
  }
}

void adversary::act_as_host() {
  const std::vector<confab_id> conns = chat.conns(), users = chat.users();
  confab_id out = 0;
  confab_user_options options = confab_user_options_init();
  const std::string nick = random_nick(pick);
  options.nick = str_of(nick);
  switch (pick.below(6)) {
  case 0:
    if (!conns.empty())
      note(chat.end(pick.of(conns), "gone") == CONFAB_OK, "closed failed");
    return;
  case 1:
    if (!conns.empty())
      ignore(confab_conn_close(chat.engine, pick.of(conns), chat.now, CONFAB_STR("enough")));
    return;
  case 2:
    if (!conns.empty() && !users.empty())
      ignore(confab_conn_attach(chat.engine, pick.of(conns), chat.now, pick.of(users)));
    return;
  case 3:
    ignore(confab_user_create(chat.engine, &options, &out));
    return;
  case 4:
    return resolve();
  default:
    chat.wait_ms(pick.one_in(6) ? pick.below(200'000) : pick.below(300));
  }
}

void adversary::drive() {
  const confab_event *event = nullptr;
  confab_outcome outcome{};
  outcome.struct_size = sizeof outcome;
  std::uint64_t lost = 0;
  switch (pick.below(24)) {
  case 16:
  case 17:
    return resolve_token();
  case 20:
  case 21:
  case 22:
    return subscribe(pick.one_in(4) ? any_id() : 0);
  case 23:
    return ignore(chat.wait_ms(pick.below(400)));
  case 18:
    return set_token_text();
  case 19:
    return subscribe_throwing<confab::join>();
  case 0:
    if (chat.conns().size() < 12)
      ids.push_back(chat.open("192.0.2.7", pick.one_in(3) ? CONFAB_CONN_MESSAGES : 0,
                              static_cast<std::uint32_t>(pick.below(3))));
    if (!pick.one_in(4)) // most of them mean it
      ignore(chat.say(ids.empty() ? 0 : ids.back(),
                      "NICK " + random_nick(pick) + "\r\nUSER u 0 * :Real\r\nJOIN #a"));
    return;
  case 1:
  case 2:
    return act_as_host();
  case 3:
  case 4:
    return submit();
  case 5:
    return subscribe(pick.one_in(3) ? any_id() : 0);
  case 6:
    return unsubscribe();
  case 7:
  case 8:
    return let_out();
  case 9:
    while (confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_OK)
      note(event->seq > 0 && outcome.outcome > 0, "a pulled event is empty");
    return;
  default:
    return speak();
  }
}

void adversary::step() {
  may_submit = 6;
  drive();
  for (const auto &list : {chat.conns(), chat.users(), chat.channels()})
    if (!list.empty())
      ids.push_back(pick.of(list));
  for (auto *list : {&ids, &tokens})
    if (list->size() > 400)
      list->erase(list->begin(), list->begin() + 200);
  settle();
  for (const auto &h : handlers) {
    confab_hook_stats counts{};
    counts.struct_size = sizeof counts;
    if (!h->removed && confab_hook_stats_get(chat.engine, h->id, &counts) == CONFAB_OK)
      note(counts.calls_total == h->calls, "calls are counted wrongly");
  }
  model.at_rest(chat);
  if (problem.empty())
    problem = model.problem.empty() ? chat.broken() : model.problem;
}

// Tokens of handlers that removed themselves before they answered.
void adversary::settle() {
  for (const auto &h : handlers)
    for (const confab_id token : std::exchange(h->gone, {}))
      if (model.alive(token))
        model.spent(token);
}

void adversary::finish() {
  may_submit = 0;
  for (const confab_id conn : chat.conns())
    ignore(chat.end(conn));
  for (const confab_id user : chat.users())
    ignore(confab_user_quit(chat.engine, user, {}));
  // What handlers deferred of the server's own acts; and what the next ones defer of them then.
  for (int i = 0; i < 40 && chat.stats().deferrals > 0; ++i)
    ignore(chat.wait_ms(1000));
  settle();
  model.at_end();
  if (problem.empty())
    problem = model.problem;
  const std::string left = chat.destroy();
  if (problem.empty())
    problem = left;
  for (const auto &h : handlers)
    note(h->released == 1, "a handler was not released once");
}

} // namespace

TEST_CASE("whatever hooks, clients and host do, the state holds and all memory returns") {
  const auto until = std::chrono::steady_clock::now() + property_seconds(20);
  const std::uint64_t first = property_seed();
  std::uint64_t seed = first, steps = 0, calls = 0, events = 0;
  bus_model::counts seen;
  do {
    INFO("seed " << seed);
    adversary run(seed, seed % 2 == 0);
    REQUIRE(run.chat.created == CONFAB_OK);
    for (unsigned i = 0; i < 600; ++i, ++steps) {
      run.step();
      INFO("step " << i);
      REQUIRE(run.problem == "");
    }
    events += run.chat.stats().events_total;
    run.finish();
    REQUIRE(run.problem == "");
    calls += run.calls;
    seen.add(run.model.seen);
    ++seed;
  } while (std::chrono::steady_clock::now() < until);
  std::printf("note: %llu seeds, %llu steps, %llu events, %llu calls of handlers; %s\n",
              seed - first + 0ULL, steps + 0ULL, events + 0ULL, calls + 0ULL, seen.text().c_str());
  CHECK(calls > 0);
  CHECK(seen.committed * seen.denied * seen.refused * seen.expired * seen.cancelled > 0);
  CHECK(seen.resolved * seen.tokens_cancelled > 0);
}
