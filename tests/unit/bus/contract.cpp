// SPDX-License-Identifier: MIT
//
// The contract of handlers and what comes of breaking it: failures, budgets of time, circuit
// breakers, shadow hooks; what a hook is interested in; chains of causes; counters, and the text
// that shows them. Time that handlers take is the fake host's clock, so nothing here waits.
#include "support/catch.hpp"
#include "unit/bus/hooked.hpp"

#include <sstream>

using namespace confab;
using namespace confab::test;

namespace {

constexpr auto flags_of = [](std::uint32_t flags) {
  return [flags](confab_hook &h) { h.flags = flags; };
};

// A scene whose host has a clock that handlers move.
struct timed : scene {
  timed() : timed(setup{}) {}
  explicit timed(setup with) : scene(clocked(std::move(with))) {}

  static setup clocked(setup with) {
    with.clock = true;
    return with;
  }
  listener &slow(std::uint64_t us, const std::function<void(confab_hook &)> &tweak = {}) {
    return on(
        CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
        [this, us](confab_call *, const confab_event *) {
          host.clock_ns += us * 1000;
          return CONFAB_PASS;
        },
        tweak);
  }
};

} // namespace

TEST_CASE("a failing handler denies, or with FAIL_OPEN passes; both are counted and told") {
  for (const bool open : {false, true}) {
    scene s;
    s.watch_hooks();
    listener &l = s.on(
        CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
        [](confab_call *c, const confab_event *) -> confab_verdict {
          ignore(confab_call_deny(c, CONFAB_REFUSED_BANNED, CONFAB_STR("secret plan"),
                                  CONFAB_DENIAL_SHADOW));
          return 77;
        },
        flags_of(open ? CONFAB_HOOK_FAIL_OPEN : 0));
    s.say(s.ann, "PRIVMSG #x :hello");
    CHECK(has(s.read(s.bob), "hello") == open);
    const std::string told = s.read(s.ann);
    CHECK(has(told, "404 ann #x") == !open);
    CHECK_FALSE(has(told, "secret plan")); // what it said before it failed does not count
    REQUIRE(s.failures.size() == 1);
    CHECK(s.failures[0].kind == CONFAB_FAILURE_VERDICT);
    CHECK(s.failures[0].verdict == 77);
    CHECK(s.failures[0].hook == l.id);
    CHECK(s.failures[0].type == CONFAB_EVENT_MESSAGE);
    CHECK(s.failures[0].about != 0);
    CHECK(s.counts(l).failed_total == 1);
    CHECK(s.counts(l).denied_total == 0); // that was its policy, not its answer
  }
}

TEST_CASE("an observer's answer is ignored, its error is a failure") {
  scene s;
  s.watch_hooks();
  confab_verdict answer = CONFAB_DENY;
  listener &l = s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE,
                     [&](confab_call *, const confab_event *) { return answer; });
  for (const confab_verdict v : {CONFAB_PASS, CONFAB_DENY, CONFAB_DEFER, CONFAB_ALLOW}) {
    answer = v;
    s.say(s.ann, "PRIVMSG #x :hello");
    CHECK(has(s.read(s.bob), "hello"));
  }
  CHECK(s.failures.empty());
  for (const confab_verdict v : {-1, 4, 77}) {
    answer = v;
    s.say(s.ann, "PRIVMSG #x :hello");
    CHECK(has(s.read(s.bob), "hello"));
  }
  CHECK(s.failures.size() == 3);
  CHECK(s.counts(l).failed_total == 3);
}

TEST_CASE("a call that takes too long is a failure, and its answer does not count") {
  timed s({false, [](confab_engine_options &o) { o.hook_call_us_max = 1000; }});
  s.watch_hooks();
  listener &at_bound = s.slow(1000);
  s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(has(s.read(s.bob), "hello"));
  CHECK(s.failures.empty());
  listener &over = s.slow(1001);
  s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(s.read(s.bob).empty());
  REQUIRE(s.failures.size() == 1);
  CHECK(s.failures[0].kind == CONFAB_FAILURE_CALL_TIME);
  CHECK(s.failures[0].hook == over.id);
  CHECK(s.failures[0].time_ns == 1'001'000);
  CHECK(s.counts(at_bound).time_ns_total == 2'000'000);
  CHECK(s.counts(over).time_ns_max == 1'001'000);
  // Its own budget stands over the engine's.
  CHECK(confab_hook_remove(s.engine, over.id) == CONFAB_OK);
  s.slow(5000, [](confab_hook &h) { h.call_us_max = 5000; });
  s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(has(s.read(s.bob), "hello"));
}

TEST_CASE("calls within a second have a budget together; then the policy decides till it is over") {
  timed s({false, [](confab_engine_options &o) { o.hook_second_us_max = 2500; }});
  s.watch_hooks();
  listener &l = s.slow(1000, flags_of(CONFAB_HOOK_FAIL_OPEN));
  for (int i = 0; i < 6; ++i)
    s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(l.calls == 3); // the third went over
  CHECK(s.counts(l).bypassed_total == 3);
  REQUIRE(s.failures.size() == 1);
  CHECK(s.failures[0].kind == CONFAB_FAILURE_SECOND_TIME);
  const std::string got = s.read(s.bob);
  CHECK(std::count(got.begin(), got.end(), '\n') == 6); // nothing was lost: it fails open
  s.host.clock_ns += 1'000'000'000;
  s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(l.calls == 4);
  CHECK(s.states.empty()); // that is no reason for the circuit breaker
}

TEST_CASE("without a clock no time is measured and no budget holds") {
  scene s({false, [](confab_engine_options &o) { o.hook_call_us_max = 1; }});
  listener &l = s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                     [](confab_call *, const confab_event *) { return CONFAB_PASS; });
  s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(has(s.read(s.bob), "hello"));
  const confab_hook_stats c = s.counts(l);
  CHECK(c.calls_total == 1);
  CHECK(c.time_ns_total == 0);
  CHECK(c.time_counts[0] == 0);
}

TEST_CASE("the circuit breaker opens, tries again, and closes") {
  for (const bool open : {false, true}) {
    scene s({false, [](confab_engine_options &o) {
               o.hook_failures_max = 3;
               o.hook_retry_ms = 1000;
             }});
    s.watch_hooks();
    confab_verdict answer = 77;
    listener &l = s.on(
        CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
        [&](confab_call *, const confab_event *) { return answer; },
        flags_of(open ? CONFAB_HOOK_FAIL_OPEN : 0));
    for (int i = 0; i < 5; ++i)
      s.say(s.ann, "PRIVMSG #x :hello");
    CHECK(l.calls == 3);
    CHECK(s.counts(l).bypassed_total == 2);
    CHECK(s.counts(l).state == CONFAB_HOOK_OPEN);
    const std::string got = s.read(s.bob);
    CHECK(std::count(got.begin(), got.end(), '\n') == (open ? 5 : 0));
    // One call after the time; it fails, so it stays open.
    CHECK(s.wait_ms(1000) == CONFAB_OK);
    s.say(s.ann, "PRIVMSG #x :hello\r\nPRIVMSG #x :hello");
    CHECK(l.calls == 4);
    // The next one succeeds.
    CHECK(s.wait_ms(1000) == CONFAB_OK);
    answer = CONFAB_PASS;
    s.read_all();
    s.say(s.ann, "PRIVMSG #x :hello\r\nPRIVMSG #x :hello");
    CHECK(l.calls == 6);
    CHECK(has(s.read(s.bob), "hello"));
    CHECK(s.counts(l).state == CONFAB_HOOK_CLOSED);
    CHECK(s.counts(l).opened_total == 2);
    CHECK(s.states == std::vector<std::uint32_t>{CONFAB_HOOK_OPEN, CONFAB_HOOK_HALF_OPEN,
                                                 CONFAB_HOOK_OPEN, CONFAB_HOOK_HALF_OPEN,
                                                 CONFAB_HOOK_CLOSED});
  }
}

TEST_CASE(
    "successes between failures keep the circuit breaker closed; 0 failures: it never opens") {
  scene s({false, [](confab_engine_options &o) { o.hook_failures_max = 2; }});
  s.watch_hooks();
  int n = 0;
  listener &l =
      s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
           [&](confab_call *, const confab_event *) { return n++ % 2 ? CONFAB_PASS : 77; });
  for (int i = 0; i < 10; ++i)
    s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(l.calls == 10);
  CHECK(s.states.empty());
  scene never({false, [](confab_engine_options &o) { o.hook_failures_max = 0; }});
  listener &bad = never.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                           [](confab_call *, const confab_event *) { return 77; });
  for (int i = 0; i < 100; ++i)
    never.say(never.ann, "PRIVMSG #x :hello");
  CHECK(bad.calls == 100);
}

TEST_CASE("a handler of failures that fails does not go on for ever") {
  scene s;
  for (const std::uint32_t type :
       {CONFAB_EVENT_HOOK_FAILED, CONFAB_EVENT_HOOK_STATE, CONFAB_EVENT_HOOK_SHADOW})
    s.on(type, CONFAB_STAGE_OBSERVE, [](confab_call *c, const confab_event *) {
      ignore(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("x"))); // misuse
      return 77;
    });
  s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
       [](confab_call *, const confab_event *) { return 77; });
  for (int i = 0; i < 20; ++i)
    CHECK(s.say(s.ann, "PRIVMSG #x :hello") == CONFAB_OK);
  CHECK(s.broken() == "");
}

TEST_CASE("trying what one's stage may only read is counted and told, and does nothing") {
  scene s;
  s.watch_hooks();
  listener &l =
      s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, [](confab_call *c, const confab_event *) {
        CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("mine")) == CONFAB_ERR_STAGE);
        CHECK(confab_call_set_number(c, CONFAB_FIELD_SET, 1) == CONFAB_ERR_STAGE);
        CHECK(confab_call_override(c, CONFAB_STR("mine")) == CONFAB_ERR_STAGE);
        return CONFAB_PASS;
      });
  s.say(s.ann, "TOPIC #x :yours");
  CHECK(has(s.read(s.bob), "TOPIC #x :yours"));
  CHECK(s.counts(l).misused_total == 3);
  CHECK(s.counts(l).failed_total == 0);
  REQUIRE(s.failures.size() == 3);
  CHECK(s.failures[0].kind == CONFAB_FAILURE_STAGE);
  CHECK(s.failures[0].status == CONFAB_ERR_STAGE);
}

TEST_CASE("shadow hooks are called and counted, and change nothing") {
  scene s;
  std::vector<confab_event_hook_shadow> told;
  std::vector<std::string> texts;
  s.on(CONFAB_EVENT_HOOK_SHADOW, CONFAB_STAGE_OBSERVE, [&](confab_call *, const confab_event *e) {
    told.push_back(*reinterpret_cast<const confab_event_hook_shadow *>(e));
    texts.push_back(string_of(told.back().text));
    return CONFAB_PASS;
  });
  listener &writes = s.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
      [](confab_call *c, const confab_event *) {
        CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("masked")) == CONFAB_OK);
        return CONFAB_PASS;
      },
      flags_of(CONFAB_HOOK_SHADOW));
  listener &denies = s.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [](confab_call *c, const confab_event *) {
        ignore(confab_call_deny(c, CONFAB_REFUSED_CANNOT_SEND, CONFAB_STR("would not"),
                                CONFAB_DENIAL_SILENT));
        return CONFAB_DENY;
      },
      flags_of(CONFAB_HOOK_SHADOW));
  listener &defers = s.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [](confab_call *c, const confab_event *) {
        confab_id token = 0;
        CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        return CONFAB_DEFER;
      },
      flags_of(CONFAB_HOOK_SHADOW));
  listener &breaks = s.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [](confab_call *, const confab_event *) { return 77; }, flags_of(CONFAB_HOOK_SHADOW));
  s.say(s.ann, "PRIVMSG #x :hello");
  CHECK(has(s.read(s.bob), "PRIVMSG #x :hello"));
  REQUIRE(told.size() == 3);
  CHECK(told[0].hook == writes.id);
  CHECK(told[0].verdict == CONFAB_PASS);
  CHECK(texts[0] == "masked");
  CHECK(told[1].hook == denies.id);
  CHECK(told[1].verdict == CONFAB_DENY);
  CHECK(told[1].code == CONFAB_REFUSED_CANNOT_SEND);
  CHECK(told[1].visibility == CONFAB_DENIAL_SILENT);
  CHECK(texts[1] == "would not");
  CHECK(told[2].verdict == CONFAB_DEFER);
  CHECK(defers.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_VERDICT});
  CHECK(s.counts(denies).denied_total == 1);
  CHECK(s.counts(writes).rewritten_total == 0);
  CHECK(s.counts(breaks).failed_total == 1);
  CHECK(s.stats().deferrals == 0);
  // In OVERRIDE it lifts nothing.
  s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
       [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  s.on(
      CONFAB_EVENT_TOPIC, CONFAB_STAGE_OVERRIDE,
      [](confab_call *, const confab_event *) { return CONFAB_ALLOW; },
      flags_of(CONFAB_HOOK_SHADOW));
  s.say(s.ann, "TOPIC #x :t");
  CHECK(s.read(s.bob).empty());
  REQUIRE(told.size() == 4);
  CHECK(told[3].verdict == CONFAB_ALLOW);
}

TEST_CASE("lifting one denial silences nobody: those behind still judge") {
  scene s;
  std::vector<std::string> denials;
  const auto deny = [](const char *text) {
    return [text](confab_call *c, const confab_event *) {
      ignore(confab_call_deny(c, CONFAB_REFUSED_POLICY, confab_str_of(text), CONFAB_DENIAL_ERROR));
      return CONFAB_DENY;
    };
  };
  s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, deny("first"));
  s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, deny("second"));
  bool lift_second = false;
  s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_OVERRIDE, [&](confab_call *c, const confab_event *) {
    confab_outcome o{};
    o.struct_size = sizeof o;
    ignore(confab_call_outcome(c, &o));
    denials.push_back(string_of(o.text));
    return denials.back() == "first" || lift_second ? CONFAB_ALLOW : CONFAB_PASS;
  });
  s.say(s.ann, "TOPIC #x :t");
  CHECK(denials == std::vector<std::string>{"first", "second"});
  CHECK(has(s.read(s.ann), "second"));
  lift_second = true;
  s.say(s.ann, "TOPIC #x :t");
  CHECK(has(s.read(s.bob), "TOPIC #x :t"));
}

TEST_CASE("a hook is not called for what it does not want") {
  scene s;
  const auto count = [](confab_call *, const confab_event *) { return CONFAB_PASS; };
  const auto from = [](std::uint32_t origins) {
    return [origins](confab_hook &h) { h.origins = origins; };
  };
  listener &clients =
      s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, count, from(CONFAB_EVENT_FROM_CLIENT));
  listener &host =
      s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, count, from(CONFAB_EVENT_FROM_HOST));
  listener &handlers =
      s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, count, from(CONFAB_EVENT_FROM_HANDLER));
  listener &engines =
      s.on(CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_OBSERVE, count, from(CONFAB_EVENT_FROM_ENGINE));
  listener &texts =
      s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, count, flags_of(CONFAB_HOOK_HAS_TEXT));
  s.say(s.ann, "TOPIC #x :one\r\nTOPIC #x :");
  CHECK(clients.calls == 2);
  CHECK(host.calls == 0);
  CHECK(texts.calls == 1);
  confab_event_topic t{};
  t.head.struct_size = sizeof t;
  t.head.type = CONFAB_EVENT_TOPIC;
  t.name = CONFAB_STR("#x");
  t.text = CONFAB_STR("two");
  CHECK(confab_command_submit(s.engine, &t.head, nullptr) == CONFAB_OK);
  CHECK(host.calls == 1);
  s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *) {
    CHECK(confab_command_submit(confab_call_engine(c), &t.head, nullptr) == CONFAB_QUEUED);
    return CONFAB_PASS;
  });
  s.say(s.bob, "PRIVMSG #x :go");
  CHECK(handlers.calls == 1);
  CHECK(host.calls == 1);
  CHECK(clients.calls == 2);
  s.say(s.cat, "QUIT");
  CHECK(engines.calls == 0);
  CHECK(s.end(s.bob) == CONFAB_OK);
  CHECK(engines.calls == 1);
  // A type without a text has none.
  listener &kicks =
      s.on(CONFAB_EVENT_INVITE, CONFAB_STAGE_POLICY, count, flags_of(CONFAB_HOOK_HAS_TEXT));
  s.enter("dan");
  s.say(s.ann, "INVITE dan #x");
  CHECK(kicks.calls == 0);
}

TEST_CASE("subscribing has its errors") {
  scene s;
  const auto fails = [&](const std::function<void(confab_hook &)> &tweak) {
    s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, {}, tweak);
    return s.last;
  };
  CHECK(fails([](confab_hook &h) { h.flags = 1U << 3; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.origins = CONFAB_EVENT_FINAL; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.space = 1; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.type = CONFAB_EVENT_TYPE_END; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.stage = CONFAB_STAGE_COUNT; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.name = {nullptr, 2}; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.protocols = 1U << 30; }) == CONFAB_ERR_ARG);
  CHECK(fails([](confab_hook &h) { h.call = nullptr; }) == CONFAB_ERR_ARG);
  CHECK(fails([&](confab_hook &h) { h.scope = s.ann + 5; }) == CONFAB_ERR_STALE_ID);
  for (const listener &l : s.listeners)
    CHECK(l.released == 0);
}

TEST_CASE("names and numbers can be rewritten; the core looks them up and checks them anew") {
  scene s;
  std::function<void(confab_call *)> writes;
  for (std::uint16_t type = 1; type < CONFAB_EVENT_TYPE_END; ++type)
    if (type != CONFAB_EVENT_LINE_IN && type != CONFAB_EVENT_LINE_OUT)
      s.on(type, CONFAB_STAGE_TRANSFORM, [&](confab_call *c, const confab_event *) {
        if (writes)
          writes(c);
        return CONFAB_PASS;
      });
  const auto try_it = [&](const char *line, std::function<void(confab_call *)> how) {
    s.read_all();
    writes = std::move(how);
    s.say(s.ann, line);
    writes = nullptr;
    return s.read(s.ann) + s.read(s.bob) + s.read(s.cat);
  };
  const auto set = [](std::uint32_t field, const char *value) {
    return [=](confab_call *c) { ignore(confab_call_set(c, field, confab_str_of(value))); };
  };
  const auto number = [](std::uint32_t field, std::uint64_t value) {
    return [=](confab_call *c) { ignore(confab_call_set_number(c, field, value)); };
  };
  s.say(s.ann, "JOIN #y");
  s.say(s.cat, "JOIN #y");
  CHECK(has(try_it("PRIVMSG #x :a", set(CONFAB_FIELD_NAME, "cat")), "PRIVMSG cat :a"));
  CHECK(has(try_it("PRIVMSG cat :a", set(CONFAB_FIELD_NAME, "#y")), "PRIVMSG #y :a"));
  CHECK(has(try_it("PRIVMSG #x :a", set(CONFAB_FIELD_NAME, "nobody")), "401 ann nobody"));
  CHECK(has(try_it("PRIVMSG #x :a", number(CONFAB_FIELD_KIND, CONFAB_MESSAGE_NOTICE)),
            "NOTICE #x :a"));
  CHECK(has(try_it("MODE #x +v bob", number(CONFAB_FIELD_RANK, CONFAB_RANK_OPERATOR)),
            "MODE #x +o bob"));
  CHECK(has(try_it("MODE #x +v bob",
                   [](confab_call *c) {
                     ignore(confab_call_set_number(c, CONFAB_FIELD_RANK, CONFAB_RANK_OPERATOR));
                     ignore(confab_call_set_number(c, CONFAB_FIELD_SET, 0));
                   }),
            "MODE #x -o bob"));
  CHECK(has(try_it("MODE #x +v bob", number(CONFAB_FIELD_RANK, 3)), " 4"));
  CHECK(has(try_it("MODE #x +s", number(CONFAB_FIELD_MODE, CONFAB_CMODE_PRIVATE)), "MODE #x +p"));
  CHECK(has(try_it("MODE #x +v bob", set(CONFAB_FIELD_NICK, "ann")), "MODE #x +v ann"));
  CHECK(has(try_it("TOPIC #x :t", set(CONFAB_FIELD_NAME, "#y")), "TOPIC #y :t"));
  s.enter("dan");
  CHECK(has(try_it("INVITE dan #x", set(CONFAB_FIELD_NICK, "cat")), "INVITE cat #x"));
  CHECK(has(try_it("MODE #x +b a!*@*", set(CONFAB_FIELD_NAME, "#y")), "MODE #y +b a!*@*"));
  CHECK(has(try_it("WHOIS bob", set(CONFAB_FIELD_NAME, "cat")), " 311 ann cat "));
  CHECK(has(try_it("KICK #x bob",
                   [](confab_call *c) {
                     ignore(confab_call_set(c, CONFAB_FIELD_NAME, CONFAB_STR("#y")));
                     ignore(confab_call_set(c, CONFAB_FIELD_NICK, CONFAB_STR("cat")));
                   }),
            "KICK #y cat"));
  CHECK(has(try_it("PART #x", set(CONFAB_FIELD_NAME, "#y")), "PART #y"));
  CHECK(has(try_it("AWAY :gone", number(CONFAB_FIELD_SET, 0)), " 305 "));
  writes = [](confab_call *c) {
    CHECK(confab_call_set_number(c, CONFAB_FIELD_KIND, std::uint64_t{UINT32_MAX} + 1) ==
          CONFAB_ERR_ARG);
    CHECK(confab_call_set_number(c, CONFAB_FIELD_RANK, 1) == CONFAB_ERR_ARG);
    CHECK(confab_call_set_number(c, CONFAB_FIELD_TEXT, 1) == CONFAB_ERR_ARG);
  };
  s.say(s.ann, "PRIVMSG #x :a");
  CHECK(s.broken() == "");
}

TEST_CASE("each member says who changed it last") {
  scene s;
  const auto write = [](std::uint32_t field, const char *value) {
    return [=](confab_call *c, const confab_event *) {
      ignore(confab_call_set(c, field, confab_str_of(value)));
      return CONFAB_PASS;
    };
  };
  listener &text =
      s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM, write(CONFAB_FIELD_TEXT, "b"));
  listener &name =
      s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM, write(CONFAB_FIELD_NAME, "cat"));
  s.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *e) {
    confab_str was{};
    confab_id by = 0;
    CHECK(confab_call_original(c, CONFAB_FIELD_TEXT, &was, &by) == CONFAB_OK);
    CHECK(string_of(was) == "a");
    CHECK(by == text.id);
    CHECK(confab_call_original(c, CONFAB_FIELD_NAME, &was, &by) == CONFAB_OK);
    CHECK(string_of(was) == "#x");
    CHECK(by == name.id);
    CHECK((e->flags & CONFAB_EVENT_REWRITTEN) != 0);
    return CONFAB_PASS;
  });
  s.say(s.ann, "PRIVMSG #x :a");
  CHECK(has(s.read(s.cat), "PRIVMSG cat :b"));
}

TEST_CASE("the chain of causes is told, and ends what handlers would do without end") {
  scene s({false, [](confab_engine_options &o) { o.causes_max = 4; }});
  std::vector<std::vector<std::uint64_t>> chains;
  std::vector<std::uint64_t> seqs;
  confab_status last = CONFAB_OK;
  confab_id self = 0;
  self = s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *e) {
            chains.emplace_back();
            seqs.push_back(e->seq);
            confab_cause cause{};
            cause.struct_size = sizeof cause;
            for (std::uint32_t i = 0; confab_call_cause(c, i, &cause) == CONFAB_OK; ++i) {
              chains.back().push_back(cause.seq);
              CHECK(cause.type == CONFAB_EVENT_TOPIC);
              CHECK(cause.hook == self);
            }
            CHECK(e->cause == (chains.back().empty() ? 0 : chains.back()[0]));
            confab_event_topic t{};
            t.head.struct_size = sizeof t;
            t.head.type = CONFAB_EVENT_TOPIC;
            t.name = CONFAB_STR("#x");
            last = confab_command_submit(confab_call_engine(c), &t.head, nullptr);
            return CONFAB_PASS;
          }).id;
  s.say(s.ann, "TOPIC #x :t");
  REQUIRE(chains.size() == 5);
  CHECK(last == CONFAB_ERR_LIMIT);
  CHECK(chains[4] == std::vector<std::uint64_t>{seqs[3], seqs[2], seqs[1], seqs[0]});
  CHECK(chains[0].empty());
}

TEST_CASE("filters that answer each other's failures end too") {
  scene s({false, [](confab_engine_options &o) {
             o.causes_max = 8;
             o.hook_failures_max = 0;
           }});
  unsigned failures = 0;
  s.on(CONFAB_EVENT_HOOK_FAILED, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *) {
    ++failures;
    confab_event_topic t{};
    t.head.struct_size = sizeof t;
    t.head.type = CONFAB_EVENT_TOPIC;
    t.name = CONFAB_STR("#x");
    ignore(confab_command_submit(confab_call_engine(c), &t.head, nullptr));
    return CONFAB_PASS;
  });
  s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
       [](confab_call *, const confab_event *) { return 77; });
  CHECK(s.say(s.ann, "TOPIC #x :t") == CONFAB_OK);
  CHECK(failures <= 8);
  CHECK(failures > 1);
}

TEST_CASE("calls are counted by the time they took") {
  timed s;
  const std::uint64_t ns[] = {0, 1, 256, 257, 512, 513, 1'000'000, 60'000'000'000};
  const std::size_t bucket[] = {0, 0, 0, 1, 1, 2, 12, CONFAB_HOOK_TIMES - 1};
  std::size_t i = 0;
  listener &l = s.on(
      CONFAB_EVENT_TOPIC, CONFAB_STAGE_OBSERVE,
      [&](confab_call *, const confab_event *) {
        s.host.clock_ns += ns[i];
        return CONFAB_PASS;
      },
      [](confab_hook &h) {
        h.call_us_max = UINT32_MAX;
        h.second_us_max = UINT32_MAX;
      });
  for (; i < std::size(ns); ++i) {
    const std::uint64_t before = s.counts(l).time_counts[bucket[i]];
    s.say(s.ann, "TOPIC #x :t");
    INFO(ns[i]);
    CHECK(s.counts(l).time_counts[bucket[i]] == before + 1);
  }
}

TEST_CASE("hooks can be walked and looked at") {
  scene s;
  listener &a = s.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, {}, [&](confab_hook &h) {
    h.name = CONFAB_STR("alpha");
    h.priority = -3;
    h.flags = CONFAB_HOOK_SHADOW;
    h.scope = s.channel("#x");
  });
  listener &b = s.on(0, CONFAB_STAGE_OBSERVE, {});
  std::vector<confab_id> walked;
  for (confab_id id = 0; confab_hook_next(s.engine, id, &id) == CONFAB_OK;)
    walked.push_back(id);
  CHECK(walked == std::vector<confab_id>{a.id, b.id});
  confab_hook_info info{};
  info.struct_size = sizeof info;
  REQUIRE(confab_hook_get(s.engine, a.id, &info) == CONFAB_OK);
  CHECK(string_of(info.name) == "alpha");
  CHECK(info.priority == -3);
  CHECK(info.stage == CONFAB_STAGE_POLICY);
  CHECK(info.type == CONFAB_EVENT_TOPIC);
  CHECK(info.flags == CONFAB_HOOK_SHADOW);
  CHECK(info.scope == s.channel("#x"));
  CHECK(confab_hook_remove(s.engine, a.id) == CONFAB_OK);
  CHECK(confab_hook_get(s.engine, a.id, &info) == CONFAB_ERR_STALE_ID);
  CHECK(confab_hook_get(s.engine, s.ann, &info) == CONFAB_ERR_ARG);
  confab_id next = 0;
  CHECK(confab_hook_next(s.engine, a.id, &next) == CONFAB_ERR_STALE_ID);
  CHECK(confab_hook_next(s.engine, 0, nullptr) == CONFAB_ERR_ARG);
  info.struct_size = 4;
  CHECK(confab_hook_get(s.engine, b.id, &info) == CONFAB_ERR_STRUCT);
}

TEST_CASE("the metrics are well formed and true") {
  timed s;
  s.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [&](confab_call *, const confab_event *) {
        s.host.clock_ns += 300;
        return CONFAB_DENY;
      },
      [](confab_hook &h) { h.name = CONFAB_STR("say \"no\"\\"); });
  s.say(s.ann, "PRIVMSG #x :hello");
  confab_str text{};
  REQUIRE(confab_metrics_text(s.engine, &text) == CONFAB_OK);
  const std::string all = string_of(text);
  CHECK(has(all, "\nconfab_users 3\n"));
  CHECK(has(all, "\nconfab_denied_total 1\n"));
  CHECK(has(all, ",name=\"say \\\"no\\\"\\\\\",stage=\"policy\",event=\"message\"} 1\n"));
  CHECK(has(all, ",le=\"0.000000256\"} 0\n"));
  CHECK(has(all, ",le=\"0.000000512\"} 1\n"));
  CHECK(has(all, ",le=\"+Inf\"} 1\n"));
  CHECK(has(all, "confab_hook_call_seconds_sum{"));
  // Every line is a comment or a sample; families stand together and are told of once.
  std::istringstream lines(all);
  std::string line, family;
  std::vector<std::string> families;
  while (std::getline(lines, line)) {
    INFO(line);
    if (line.rfind("# HELP ", 0) == 0) {
      family = line.substr(7, line.find(' ', 7) - 7);
      CHECK(std::find(families.begin(), families.end(), family) == families.end());
      families.push_back(family);
    } else if (line.rfind("# TYPE ", 0) != 0) {
      CHECK(line.rfind(family, 0) == 0);
      CHECK(line.find(' ') != std::string::npos);
    }
  }
  CHECK(families.size() > 30);
  CHECK(confab_metrics_text(s.engine, nullptr) == CONFAB_ERR_ARG);
}

TEST_CASE("what is said to all operators is said nowhere, whatever ids its command had") {
  scene chat;
  confab_event_message command;
  CONFAB_COMMAND_INIT(&command, CONFAB_EVENT_MESSAGE);
  command.kind = CONFAB_MESSAGE_WALLOPS;
  command.text = CONFAB_STR("hello");
  command.target = command.context = chat.channel("#x");
  command.context_name = CONFAB_STR("#x"); // it might go while the command waits
  listener &saw =
      chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [](confab_call *, const confab_event *e) {
        const auto &m = *reinterpret_cast<const confab_event_message *>(e);
        CHECK(m.target == 0);
        CHECK(m.context == 0);
        CHECK(m.context_name.len == 0);
        return CONFAB_PASS;
      });
  CHECK(confab_command_submit(chat.engine, &command.head, nullptr) == CONFAB_OK);
  CHECK(saw.calls == 1);
}
