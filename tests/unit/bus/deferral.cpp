// SPDX-License-Identifier: MIT
//
// Handlers that take their time: an act waits and goes on, is denied, rewritten, expires, or ends
// with its origin, its channel or its hook; order is kept per origin while others go on; what was
// true when it began is checked again; every bound holds, and every token dies exactly once.
#include "support/catch.hpp"
#include "unit/bus/hooked.hpp"

using namespace confab;
using namespace confab::test;

namespace {

// A scene in which messages that begin with "wait" are deferred.
struct waiting : scene {
  waiting() : waiting(setup{}) {}
  explicit waiting(const setup &with) : scene(with) {}

  listener &defer(std::uint32_t type = CONFAB_EVENT_MESSAGE,
                  const std::function<void(confab_hook &)> &tweak = {}, std::uint32_t ms = 0) {
    return on(
        type, CONFAB_STAGE_POLICY,
        [this, ms](confab_call *c, const confab_event *e) -> confab_verdict {
          if (e->type == CONFAB_EVENT_MESSAGE &&
              string_of(reinterpret_cast<const confab_event_message *>(e)->text).rfind("wait", 0) !=
                  0)
            return CONFAB_PASS;
          confab_id token = 0;
          deferred = confab_call_defer(c, ms, &token);
          if (deferred != CONFAB_OK)
            return CONFAB_PASS;
          tokens.push_back(token);
          return CONFAB_DEFER;
        },
        tweak);
  }
  confab_status pass(std::size_t i) {
    return confab_deferral_resolve(engine, tokens.at(i), CONFAB_PASS, 0, {}, 0);
  }
  confab_status deny(std::size_t i, std::string_view text = {},
                     std::uint32_t visibility = CONFAB_DENIAL_ERROR) {
    return confab_deferral_resolve(engine, tokens.at(i), CONFAB_DENY, CONFAB_REFUSED_CANNOT_SEND,
                                   str_of(text), visibility);
  }

  std::vector<confab_id> tokens;
  confab_status deferred = CONFAB_OK;
};

} // namespace

TEST_CASE("a deferred message waits, then everybody gets it") {
  waiting w;
  listener &l = w.defer();
  w.watch(CONFAB_EVENT_MESSAGE);
  w.say(w.ann, "PRIVMSG #x :wait for it");
  CHECK(w.read(w.bob).empty());
  REQUIRE(w.tokens.size() == 1);
  CHECK(w.log.empty()); // it has not ended
  CHECK(w.stats().parked == 1);
  CHECK(w.stats().deferrals == 1);
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "PRIVMSG #x :wait for it"));
  CHECK(has(w.read(w.ann), "PRIVMSG #x :wait for it"));
  REQUIRE(w.log.size() == 1);
  CHECK(w.log[0].outcome == CONFAB_OUTCOME_COMMITTED);
  CHECK(w.stats().parked == 0);
  CHECK(w.stats().deferrals == 0);
  CHECK(l.cancelled.empty());
  CHECK(w.counts(l).deferred_total == 1);
  CHECK(w.pass(0) == CONFAB_ERR_STALE_ID);
  CHECK(w.stats().tokens_misused_total == 1);
}

TEST_CASE("a deferred message is denied: with an error, in silence, in shadow") {
  for (const std::uint32_t visibility :
       {CONFAB_DENIAL_ERROR, CONFAB_DENIAL_SILENT, CONFAB_DENIAL_SHADOW}) {
    waiting w;
    listener &l = w.defer();
    w.watch(CONFAB_EVENT_MESSAGE);
    w.say(w.ann, "PRIVMSG #x :wait for it");
    CHECK(w.deny(0, "no such luck", visibility) == CONFAB_OK);
    const std::string told = w.read(w.ann);
    CHECK(has(told, "404 ann #x :no such luck") == (visibility == CONFAB_DENIAL_ERROR));
    CHECK(has(told, "PRIVMSG #x :wait") == (visibility == CONFAB_DENIAL_SHADOW));
    CHECK(w.read(w.bob).empty());
    REQUIRE(w.log.size() == 1);
    CHECK(w.log[0].outcome == CONFAB_OUTCOME_DENIED);
    CHECK(w.log[0].code == CONFAB_REFUSED_CANNOT_SEND);
    CHECK(w.log[0].text == "no such luck");
    CHECK(w.broken() == "");
    CHECK(l.calls == 1);
    w.say(w.ann, "PRIVMSG #x :and on");
    CHECK(has(w.read(w.bob), "and on"));
  }
}

TEST_CASE("later acts of the origin wait in order, others go on") {
  waiting w;
  w.defer();
  w.say(w.ann, "PRIVMSG #x :wait 1\r\nPRIVMSG #x :two\r\nTOPIC #x :three\r\nPING four");
  w.say(w.bob, "PRIVMSG #x :from bob");
  CHECK(has(w.read(w.ann), "from bob"));
  CHECK(w.read(w.bob).empty());
  CHECK(w.pass(0) == CONFAB_OK);
  const std::string got = w.read(w.bob);
  const std::size_t one = got.find("wait 1"), two = got.find("two"), three = got.find("three");
  REQUIRE(three != std::string::npos);
  CHECK(one < two);
  CHECK(two < three);
  CHECK(has(w.read(w.ann), "PONG confab.local :four"));
}

TEST_CASE(
    "acts without a connection keep their order by user, and the server's own wait for none") {
  waiting w;
  w.defer();
  confab_user_options o = confab_user_options_init();
  o.nick = CONFAB_STR("bot");
  confab_id bot = 0;
  REQUIRE(confab_user_create(w.engine, &o, &bot) == CONFAB_OK);
  const auto say = [&](confab_id actor, std::string_view text) {
    confab_event_message m{};
    m.head.struct_size = sizeof m;
    m.head.type = CONFAB_EVENT_MESSAGE;
    m.head.flags = CONFAB_EVENT_FORCED;
    m.head.actor = actor;
    m.kind = CONFAB_MESSAGE_PRIVMSG;
    m.name = CONFAB_STR("#x");
    m.text = str_of(text);
    return confab_command_submit(w.engine, &m.head, nullptr);
  };
  CHECK(say(bot, "wait a") == CONFAB_PARKED);
  CHECK(say(bot, "b") == CONFAB_PARKED); // behind it
  CHECK(say(0, "wait c") == CONFAB_PARKED);
  CHECK(say(0, "d") == CONFAB_OK);
  CHECK(has(w.read(w.bob), ":confab.local PRIVMSG #x :d"));
  CHECK(w.pass(1) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "wait c"));
  CHECK(w.pass(0) == CONFAB_OK);
  const std::string got = w.read(w.bob);
  CHECK(got.find("wait a") < got.find(":b\r\n"));
  CHECK(w.stats().parked == 0);
  // What waits of a user who goes is cancelled.
  CHECK(say(bot, "wait e") == CONFAB_PARKED);
  CHECK(say(bot, "f") == CONFAB_PARKED);
  w.watch(CONFAB_EVENT_MESSAGE);
  confab_event_disconnect end{};
  end.head.struct_size = sizeof end;
  end.head.type = CONFAB_EVENT_DISCONNECT;
  end.head.actor = bot;
  CHECK(confab_command_submit(w.engine, &end.head, nullptr) == CONFAB_OK);
  REQUIRE(w.log.size() == 2);
  CHECK(w.log[0].outcome == CONFAB_OUTCOME_CANCELLED);
  CHECK(w.log[1].outcome == CONFAB_OUTCOME_CANCELLED);
  CHECK(w.pass(2) == CONFAB_ERR_STALE_ID);
  CHECK(w.broken() == "");
}

TEST_CASE("a rewrite on passing is judged by all the others, and checked by the core") {
  waiting w;
  std::vector<std::string> judged;
  const auto note = [&](confab_call *, const confab_event *e) {
    judged.push_back(string_of(reinterpret_cast<const confab_event_message *>(e)->text));
    return judged.back() == "bad" ? CONFAB_DENY : CONFAB_PASS;
  };
  w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, note);
  listener &l = w.defer();
  w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, note);
  w.say(w.ann, "PRIVMSG #x :wait one");
  CHECK(judged == std::vector<std::string>{"wait one"});
  CHECK(confab_deferral_set(w.engine, w.tokens[0], CONFAB_FIELD_TEXT, CONFAB_STR("good")) ==
        CONFAB_OK);
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(judged == std::vector<std::string>{"wait one", "good", "good"});
  CHECK(has(w.read(w.bob), "PRIVMSG #x :good"));
  CHECK(l.calls == 1); // who rewrote is not asked again
  // A rewrite that another filter refuses.
  w.say(w.ann, "PRIVMSG #x :wait two");
  CHECK(confab_deferral_set(w.engine, w.tokens[1], CONFAB_FIELD_TEXT, CONFAB_STR("bad")) ==
        CONFAB_OK);
  CHECK(w.pass(1) == CONFAB_OK);
  CHECK(w.read(w.bob).empty());
  CHECK(has(w.read(w.ann), "404 ann #x"));
  // One that the core refuses: nobody has that name.
  w.say(w.ann, "PRIVMSG #x :wait three");
  CHECK(confab_deferral_set(w.engine, w.tokens[2], CONFAB_FIELD_NAME, CONFAB_STR("#nowhere")) ==
        CONFAB_OK);
  CHECK(w.pass(2) == CONFAB_OK);
  CHECK(has(w.read(w.ann), "403 ann #nowhere"));
  // And one to another target.
  w.say(w.ann, "PRIVMSG #x :wait four");
  CHECK(confab_deferral_set(w.engine, w.tokens[3], CONFAB_FIELD_NAME, CONFAB_STR("cat")) ==
        CONFAB_OK);
  CHECK(w.pass(3) == CONFAB_OK);
  CHECK(has(w.read(w.cat), "PRIVMSG cat :wait four"));
  CHECK(w.read(w.bob).empty());
}

TEST_CASE("setting a text of a token has the bounds of any text") {
  waiting w;
  w.defer();
  w.say(w.ann, "PRIVMSG #x :wait");
  const confab_id token = w.tokens.at(0);
  const auto set = [&](std::uint32_t field, std::string_view text) {
    return confab_deferral_set(w.engine, token, field, str_of(text));
  };
  CHECK(set(CONFAB_FIELD_TEXT, "two\nlines") == CONFAB_ERR_ARG);
  CHECK(set(CONFAB_FIELD_TEXT, std::string(512, 'x')) == CONFAB_OK);
  CHECK(set(CONFAB_FIELD_TEXT, std::string(513, 'x')) == CONFAB_ERR_TOO_LONG);
  CHECK(set(CONFAB_FIELD_MASK, "x") == CONFAB_ERR_ARG);
  CHECK(confab_deferral_set(w.engine, token, CONFAB_FIELD_TEXT, {nullptr, 3}) == CONFAB_ERR_ARG);
  CHECK(confab_deferral_set(w.engine, token ^ 1U << 31, CONFAB_FIELD_TEXT, CONFAB_STR("x")) ==
        CONFAB_ERR_STALE_ID);
  CHECK(confab_deferral_set(w.engine, w.ann, CONFAB_FIELD_TEXT, CONFAB_STR("x")) == CONFAB_ERR_ARG);
  CHECK(set(CONFAB_FIELD_TEXT, "last") == CONFAB_OK); // the last one counts
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "PRIVMSG #x :last"));
}

TEST_CASE("resolving has its errors, and changes nothing then") {
  waiting w;
  w.defer();
  w.say(w.ann, "PRIVMSG #x :wait");
  const confab_id token = w.tokens.at(0);
  const auto resolve = [&](confab_verdict v, std::uint32_t code, confab_str text,
                           std::uint32_t visibility) {
    return confab_deferral_resolve(w.engine, token, v, code, text, visibility);
  };
  CHECK(resolve(CONFAB_ALLOW, 0, {}, 0) == CONFAB_ERR_ARG);
  CHECK(resolve(CONFAB_DEFER, 0, {}, 0) == CONFAB_ERR_ARG);
  CHECK(resolve(77, 0, {}, 0) == CONFAB_ERR_ARG);
  CHECK(resolve(CONFAB_PASS, CONFAB_REFUSED_POLICY, {}, 0) == CONFAB_ERR_ARG);
  CHECK(resolve(CONFAB_DENY, 0, {}, 0) == CONFAB_ERR_ARG);
  CHECK(resolve(CONFAB_DENY, CONFAB_REFUSED_END, {}, 0) == CONFAB_ERR_ARG);
  CHECK(resolve(CONFAB_DENY, CONFAB_REFUSED_POLICY, {}, 3) == CONFAB_ERR_ARG);
  CHECK(resolve(CONFAB_DENY, CONFAB_REFUSED_POLICY, CONFAB_STR("a\rb"), 0) == CONFAB_ERR_ARG);
  const std::string longest(512, 'x');
  CHECK(resolve(CONFAB_DENY, CONFAB_REFUSED_POLICY, str_of(longest + "x"), 0) ==
        CONFAB_ERR_TOO_LONG);
  CHECK(confab_deferral_resolve(w.engine, w.ann, CONFAB_PASS, 0, {}, 0) == CONFAB_ERR_ARG);
  CHECK(confab_deferral_resolve(nullptr, token, CONFAB_PASS, 0, {}, 0) == CONFAB_ERR_ARG);
  CHECK(w.stats().deferrals == 1);
  CHECK(resolve(CONFAB_DENY, CONFAB_REFUSED_POLICY, str_of(longest), 0) == CONFAB_OK);
  CHECK(w.stats().deferrals == 0);
}

TEST_CASE("nobody answers in time: the hook's policy decides") {
  for (const bool open : {false, true}) {
    waiting w;
    listener &l = w.defer(
        CONFAB_EVENT_MESSAGE,
        [&](confab_hook &h) { h.flags = open ? std::uint32_t{CONFAB_HOOK_FAIL_OPEN} : 0U; }, 200);
    w.watch(CONFAB_EVENT_MESSAGE);
    w.watch_hooks();
    w.say(w.ann, "PRIVMSG #x :wait");
    CHECK(confab_engine_deadline(w.engine) <= w.now + 217'000'000); // a slot of the wheel late
    CHECK(w.wait_ms(199) == CONFAB_OK);
    CHECK(w.stats().deferrals == 1);
    CHECK(w.wait_ms(20) == CONFAB_OK);
    CHECK(w.stats().deferrals == 0);
    CHECK(has(w.read(w.bob), "wait") == open);
    CHECK(has(w.read(w.ann), "404 ann #x") == !open);
    REQUIRE(w.log.size() == 1);
    CHECK(w.log[0].outcome == (open ? CONFAB_OUTCOME_COMMITTED : CONFAB_OUTCOME_EXPIRED));
    CHECK(l.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_EXPIRED});
    REQUIRE(w.failures.size() == 1);
    CHECK(w.failures[0].kind == CONFAB_FAILURE_EXPIRED);
    CHECK(w.failures[0].hook == l.id);
    CHECK(w.counts(l).expired_total == 1);
    CHECK(w.stats().expired_total == (open ? 0 : 1));
    CHECK(w.pass(0) == CONFAB_ERR_STALE_ID); // late
  }
}

TEST_CASE("an expired denial can be lifted, and the handlers behind still judge") {
  waiting w;
  w.defer(CONFAB_EVENT_MESSAGE, {}, 50);
  listener &behind = w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                          [](confab_call *, const confab_event *) { return CONFAB_PASS; });
  std::uint32_t outcome = 0;
  w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OVERRIDE, [&](confab_call *c, const confab_event *) {
    confab_outcome o{};
    o.struct_size = sizeof o;
    CHECK(confab_call_outcome(c, &o) == CONFAB_OK);
    outcome = o.outcome;
    CHECK(confab_call_override(c, CONFAB_STR("patience")) == CONFAB_OK);
    return CONFAB_ALLOW;
  });
  w.say(w.ann, "PRIVMSG #x :wait");
  CHECK(w.wait_ms(100) == CONFAB_OK);
  CHECK(outcome == CONFAB_OUTCOME_EXPIRED);
  CHECK(has(w.read(w.bob), "PRIVMSG #x :wait"));
  CHECK(behind.calls == 1);
}

TEST_CASE("the origin goes: its acts are cancelled and the holder is told") {
  waiting w;
  listener &l = w.defer();
  w.watch(CONFAB_EVENT_MESSAGE);
  w.say(w.ann, "PRIVMSG #x,bob :wait");
  CHECK(w.end(w.ann, "gone") == CONFAB_OK);
  REQUIRE(w.log.size() == 2); // the one that waited, and the one behind it
  CHECK(w.log[0].outcome == CONFAB_OUTCOME_CANCELLED);
  CHECK(w.log[1].outcome == CONFAB_OUTCOME_CANCELLED);
  CHECK(l.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_ORIGIN});
  CHECK(w.pass(0) == CONFAB_ERR_STALE_ID);
  CHECK(has(w.read(w.bob), "QUIT :gone"));
  CHECK(w.stats().parked == 0);
  CHECK(w.broken() == "");
}

TEST_CASE("the channel goes: acts about it end, a join makes it anew") {
  waiting w;
  listener &l = w.defer(CONFAB_EVENT_TOPIC);
  w.say(w.ann, "TOPIC #x :new");
  w.say(w.bob, "PART #x");
  confab_event_kick kick{};
  kick.head.struct_size = sizeof kick;
  kick.head.type = CONFAB_EVENT_KICK;
  kick.name = CONFAB_STR("#x");
  kick.nick = CONFAB_STR("ann");
  CHECK(confab_command_submit(w.engine, &kick.head, nullptr) == CONFAB_OK);
  CHECK(w.channel("#x") == 0);
  CHECK(l.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_CHANNEL});
  CHECK(has(w.read(w.ann), "403 ann #x"));
  CHECK(w.stats().deferrals == 0);
  // Joins that wait for a channel that goes and comes.
  w.say(w.bob, "JOIN #y");
  listener &joins = w.defer(CONFAB_EVENT_JOIN);
  listener &opens = w.on(CONFAB_EVENT_CHANNEL_OPEN, CONFAB_STAGE_POLICY, {});
  w.say(w.ann, "JOIN #y");
  w.say(w.bob, "PART #y");
  CHECK(w.channel("#y") == 0);
  CHECK(joins.cancelled.empty());
  CHECK(opens.calls == 0);
  CHECK(w.pass(1) == CONFAB_OK);
  CHECK(opens.calls == 1); // its filters see that it is made, though it was there at first
  CHECK(has(w.read(w.ann), "JOIN #y"));
  CHECK(w.broken() == "");
}

TEST_CASE("a hook is removed: what it deferred is decided by its policy") {
  for (const bool open : {false, true}) {
    waiting w;
    listener &l = w.defer(CONFAB_EVENT_MESSAGE, [&](confab_hook &h) {
      h.flags = open ? std::uint32_t{CONFAB_HOOK_FAIL_OPEN} : 0U;
    });
    l.on_cancelled = [&](confab_engine *e, confab_id, std::uint32_t) {
      CHECK(confab_hook_remove(e, l.id) == CONFAB_ERR_STALE_ID); // it is going already
      CHECK(confab_engine_flush(e) == CONFAB_ERR_REENTRANT);
    };
    w.say(w.ann, "PRIVMSG #x :wait");
    w.say(w.bob, "PRIVMSG #x :wait too");
    CHECK(confab_hook_remove(w.engine, l.id) == CONFAB_OK);
    CHECK(has(w.read(w.bob), "PRIVMSG #x :wait\r\n") == open);
    CHECK(has(w.read(w.ann), "wait too") == open);
    CHECK(l.cancelled == std::vector<std::uint32_t>(2, CONFAB_CANCELLED_REMOVED));
    CHECK(l.released == 1);
    CHECK(w.stats().deferrals == 0);
    CHECK(w.stats().parked == 0);
  }
}

TEST_CASE("what changed meanwhile is checked again before it happens") {
  waiting w;
  w.defer();
  w.say(w.bob, "PRIVMSG #x :wait");
  w.say(w.ann, "MODE #x +m");
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "404 bob #x"));
  w.say(w.ann, "MODE #x -m");
  w.say(w.bob, "PRIVMSG #x :wait");
  w.say(w.ann, "KICK #x bob");
  CHECK(w.pass(1) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "404 bob #x"));
}

TEST_CASE("a nick that is taken while its claim waits is refused") {
  waiting w;
  w.defer(CONFAB_EVENT_NICK);
  w.say(w.ann, "NICK dan");
  const confab_id conn = w.enter("dan");
  CHECK(conn != 0);
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(has(w.read(w.ann), "433 ann dan"));
  CHECK(w.broken() == "");
}

TEST_CASE("two handlers defer one after the other; each is asked once") {
  waiting w;
  listener &first = w.defer();
  listener &second = w.defer();
  w.say(w.ann, "PRIVMSG #x :wait");
  CHECK(w.tokens.size() == 1);
  CHECK(w.pass(0) == CONFAB_OK);
  REQUIRE(w.tokens.size() == 2);
  CHECK(w.read(w.bob).empty());
  CHECK(w.pass(1) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "wait"));
  CHECK(first.calls == 1);
  CHECK(second.calls == 1);
}

TEST_CASE("handlers that rewrite and defer each other's texts come to an end") {
  waiting w;
  w.defer();
  w.defer();
  w.say(w.ann, "PRIVMSG #x :wait");
  std::size_t rounds = 0;
  for (; rounds < 100 && w.stats().deferrals == 1; ++rounds) {
    ignore(confab_deferral_set(w.engine, w.tokens.back(), CONFAB_FIELD_TEXT,
                               str_of("wait " + std::to_string(rounds))));
    ignore(w.pass(w.tokens.size() - 1));
  }
  CHECK(rounds < 100);
  CHECK(w.deferred == CONFAB_ERR_LIMIT);
  CHECK(w.stats().parked == 0);
}

TEST_CASE("a token is answered inside its own handler, or given back") {
  waiting w;
  confab_id token = 0;
  int how = 0;
  listener &l = w.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [&](confab_call *c, const confab_event *) -> confab_verdict {
        CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        confab_engine *e = confab_call_engine(c);
        if (how == 1) // a second one: the first is dead
          CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        if (how == 2)
          return CONFAB_PASS;
        CHECK(confab_deferral_set(e, token, CONFAB_FIELD_TEXT, CONFAB_STR("at once")) == CONFAB_OK);
        CHECK(confab_deferral_resolve(e, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
        return CONFAB_DEFER;
      });
  for (how = 0; how < 3; ++how) {
    w.say(w.ann, "PRIVMSG #x :hello");
    CHECK(has(w.read(w.bob), how == 2 ? "hello" : "at once"));
    CHECK(w.stats().deferrals == 0);
    CHECK(confab_deferral_resolve(w.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_ERR_STALE_ID);
  }
  CHECK(l.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_VERDICT});
}

TEST_CASE("DEFER without a token, or where nothing can wait, is a failure") {
  waiting w;
  w.watch_hooks();
  listener &l = w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                     [](confab_call *, const confab_event *) { return CONFAB_DEFER; });
  w.say(w.ann, "PRIVMSG #x :hello");
  CHECK(has(w.read(w.ann), "404 ann #x"));
  REQUIRE(w.failures.size() == 1);
  CHECK(w.failures[0].kind == CONFAB_FAILURE_VERDICT);
  CHECK(w.failures[0].verdict == CONFAB_DEFER);
  CHECK(confab_hook_remove(w.engine, l.id) == CONFAB_OK);
  w.failures.clear();
  for (const std::uint32_t type : {CONFAB_EVENT_DISCONNECT, CONFAB_EVENT_LINE_OUT})
    w.defer(type);
  w.say(w.bob, "QUIT :bye");
  CHECK(w.deferred == CONFAB_ERR_STAGE);
  CHECK(has(w.read(w.ann), "QUIT :Quit: bye"));
  REQUIRE_FALSE(w.failures.empty());
  CHECK(w.failures[0].kind == CONFAB_FAILURE_STAGE);
  CHECK(w.failures[0].status == CONFAB_ERR_STAGE);
  for (const std::uint32_t stage :
       {CONFAB_STAGE_TRANSFORM, CONFAB_STAGE_OVERRIDE, CONFAB_STAGE_OBSERVE}) {
    confab_status status = CONFAB_OK;
    w.on(CONFAB_EVENT_TOPIC, stage, [&](confab_call *c, const confab_event *) {
      confab_id token = 0;
      status = confab_call_defer(c, 0, &token);
      CHECK(token == 0);
      return CONFAB_PASS;
    });
    if (stage == CONFAB_STAGE_OVERRIDE)
      w.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
           [](confab_call *, const confab_event *) { return CONFAB_DENY; });
    w.say(w.ann, "TOPIC #x :t");
    CHECK(status == CONFAB_ERR_STAGE);
  }
}

TEST_CASE("rows of an answer cannot wait") {
  waiting w;
  w.on(CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY,
       [&](confab_call *c, const confab_event *e) -> confab_verdict {
         if (reinterpret_cast<const confab_event_query *>(e)->phase != CONFAB_QUERY_ROW)
           return CONFAB_PASS;
         confab_id token = 0;
         w.deferred = confab_call_defer(c, 0, &token);
         return CONFAB_PASS;
       });
  w.say(w.ann, "NAMES #x");
  CHECK(w.deferred == CONFAB_ERR_STAGE);
  CHECK(has(w.read(w.ann), "353 ann = #x :"));
}

TEST_CASE("the bounds: acts in the engine, acts behind one, and how long") {
  waiting w({false, [](confab_engine_options &o) {
               o.parked_max = 2;
               o.waiting_max = 2;
               o.deferral_ms_max = 1000;
             }});
  w.defer();
  w.say(w.ann, "PRIVMSG #x :wait");
  w.say(w.bob, "PRIVMSG #x :wait");
  w.say(w.cat, "PRIVMSG ann :wait");
  CHECK(w.deferred == CONFAB_ERR_LIMIT);
  CHECK(has(w.read(w.ann), "PRIVMSG ann :wait")); // the handler chose to pass it
  CHECK(w.tokens.size() == 2);
  // Acts behind one: the command's first target is waited for, two more wait, the rest is busy.
  CHECK(w.pass(0) == CONFAB_OK);
  w.read_all();
  w.say(w.ann, "PRIVMSG #x,bob,cat,bob,cat :wait on");
  CHECK(has(w.read(w.ann), "404 ann bob")); // BUSY, by the act that does not fit
  CHECK(w.stats().parked == 2);
  CHECK(w.wait_ms(1100) == CONFAB_OK);
  CHECK(w.broken() == "");
  // How long.
  waiting v({false, [](confab_engine_options &o) { o.deferral_ms_max = 1000; }});
  v.defer(CONFAB_EVENT_MESSAGE, {}, 1001);
  v.say(v.ann, "PRIVMSG #x :wait");
  CHECK(v.deferred == CONFAB_ERR_ARG);
}

TEST_CASE("every act that can wait does, and goes on") {
  struct {
    std::uint32_t type;
    const char *line, *shows;
  } const acts[] = {{CONFAB_EVENT_NICK, "NICK dan", "NICK dan"},
                    {CONFAB_EVENT_USER_CHANGE, "AWAY :gone", " 306 "},
                    {CONFAB_EVENT_JOIN, "JOIN #new", "JOIN #new"},
                    {CONFAB_EVENT_CHANNEL_OPEN, "JOIN #new", "JOIN #new"},
                    {CONFAB_EVENT_PART, "PART #x", "PART #x"},
                    {CONFAB_EVENT_KICK, "KICK #x bob", "KICK #x bob"},
                    {CONFAB_EVENT_INVITE, "INVITE cat #x", " 341 "},
                    {CONFAB_EVENT_TOPIC, "TOPIC #x :new", "TOPIC #x :new"},
                    {CONFAB_EVENT_MEMBER_CHANGE, "MODE #x +v bob", "MODE #x +v bob"},
                    {CONFAB_EVENT_CHANNEL_CHANGE, "MODE #x +s", "MODE #x +s"},
                    {CONFAB_EVENT_ACCESS, "MODE #x +b z!*@*", "MODE #x +b z!*@*"},
                    {CONFAB_EVENT_OPER, "OPER root pw", " 381 "},
                    {CONFAB_EVENT_QUERY, "WHOIS bob", " 318 "},
                    {CONFAB_EVENT_LINE_IN, "TOPIC #x :new", "TOPIC #x :new"}};
  for (const auto &a : acts) {
    waiting w;
    w.defer(a.type);
    w.say(w.ann, a.line);
    INFO(a.line);
    CHECK_FALSE(has(w.read(w.ann), a.shows));
    std::string shown;
    for (std::size_t i = 0; i < w.tokens.size(); ++i) { // NAMES after a JOIN waits in its turn
      CHECK(w.pass(i) == CONFAB_OK);
      shown += w.read(w.ann);
    }
    CHECK_FALSE(w.tokens.empty());
    CHECK(has(shown, a.shows));
    CHECK(w.stats().parked == 0);
    CHECK(w.broken() == "");
  }
}

TEST_CASE("a connection and its registration wait for a handler") {
  waiting w;
  w.defer(CONFAB_EVENT_CONNECT);
  const confab_id conn = w.open();
  REQUIRE(w.tokens.size() == 1);
  w.say(conn, "NICK dan\r\nUSER dan 0 * :Dan");
  CHECK(w.read(conn).empty());
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(has(w.read(conn), " 001 dan "));
  // Denied later: it goes as silently as it came.
  const confab_id other = w.open();
  w.say(other, "NICK eve\r\nUSER eve 0 * :Eve");
  CHECK(w.deny(1) == CONFAB_OK);
  ignore(confab_engine_flush(w.engine));
  CHECK(w.host.written[other].empty());
  CHECK(w.host.closed.count(other) == 1);
  waiting v;
  v.defer(CONFAB_EVENT_REGISTER);
  const confab_id third = v.open();
  v.say(third, "NICK fay\r\nUSER fay 0 * :Fay\r\nJOIN #x");
  CHECK(v.user("fay") == 0);
  CHECK(v.pass(0) == CONFAB_OK);
  const std::string greeting = v.read(third);
  CHECK(greeting.find(" 001 fay ") < greeting.find("JOIN #x"));
}

TEST_CASE("tokens can be walked and looked at") {
  waiting w;
  listener &l = w.defer();
  w.say(w.ann, "PRIVMSG #x :wait a");
  w.say(w.bob, "PRIVMSG #x :wait b");
  std::vector<confab_id> walked;
  for (confab_id id = 0; confab_deferral_next(w.engine, id, &id) == CONFAB_OK;)
    walked.push_back(id);
  CHECK(walked == w.tokens);
  confab_deferral_info info{};
  info.struct_size = sizeof info;
  REQUIRE(confab_deferral_get(w.engine, w.tokens[1], &info) == CONFAB_OK);
  CHECK(info.hook == l.id);
  CHECK(info.since == w.now);
  CHECK(info.deadline == w.now + 30'000'000'000);
  CHECK(string_of(reinterpret_cast<const confab_event_message *>(info.event)->text) == "wait b");
  CHECK(w.pass(0) == CONFAB_OK);
  CHECK(confab_deferral_get(w.engine, w.tokens[0], &info) == CONFAB_ERR_STALE_ID);
  CHECK(confab_deferral_get(w.engine, w.ann, &info) == CONFAB_ERR_ARG);
  confab_id next = 0;
  CHECK(confab_deferral_next(w.engine, w.tokens[0], &next) == CONFAB_ERR_STALE_ID);
  CHECK(confab_deferral_next(w.engine, w.tokens[1], &next) == CONFAB_END);
  CHECK(confab_deferral_next(w.engine, 0, nullptr) == CONFAB_ERR_ARG);
}

TEST_CASE("the engine ends with acts waiting: holders are told, everything is freed") {
  waiting w;
  listener &l = w.defer();
  w.say(w.ann, "PRIVMSG #x,bob :wait");
  confab_event_message m{};
  m.head.struct_size = sizeof m;
  m.head.type = CONFAB_EVENT_MESSAGE;
  m.kind = CONFAB_MESSAGE_NOTICE;
  m.name = CONFAB_STR("#x");
  m.text = CONFAB_STR("wait, says the server");
  CHECK(confab_command_submit(w.engine, &m.head, nullptr) == CONFAB_PARKED);
  CHECK(w.destroy() == "");
  CHECK(l.cancelled == std::vector<std::uint32_t>(2, CONFAB_CANCELLED_ENGINE));
  CHECK(l.released == 1);
}
