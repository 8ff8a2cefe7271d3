// SPDX-License-Identifier: MIT
//
// Subscriptions from C++: what an interest selects and bounds, what one can learn of a hook, and
// the chain of causes. Mirrors confab/cpp/interest.hpp, walk.hpp and the figures of
// engine_view.hpp. The bus itself is tested where it lives.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <stdexcept>
#include <vector>

using hpp_test::chat;
using hpp_test::contains;
using namespace std::chrono_literals;

namespace {

// Two members of #tea.
struct tea : chat {
  confab::conn_id ann = client("ann", "#tea");
  confab::conn_id bob = client("bob", "#tea");

  tea() { (void)hears(ann); }
  explicit tea(confab::engine made) : chat(std::move(made)) { (void)hears(ann); }

  std::string bob_hears(std::string_view text) {
    says(ann, "PRIVMSG #tea :" + std::string(text) + "\r\n");
    return hears(bob);
  }
};

// A host whose clock moves only when it is told to.
struct clocked : confab::pull_host {
  confab_time time = 0;
  confab_status clock(confab_time &now) override {
    now = time;
    return CONFAB_OK;
  }
};

} // namespace

TEST_CASE("hpp: an interest in origins tells clients from the host and from handlers") {
  tea c;
  std::string seen;
  const auto note = [&](char letter) {
    return [&seen, letter](confab::call &, const confab::topic &) { seen += letter; };
  };
  c.engine.on<confab::topic>(confab::observe, note('c'), {.origins = CONFAB_EVENT_FROM_CLIENT});
  c.engine.on<confab::topic>(confab::observe, note('h'), {.origins = CONFAB_EVENT_FROM_HOST});
  c.engine.on<confab::topic>(confab::observe, note('i'), {.origins = CONFAB_EVENT_FROM_HANDLER});
  c.engine.on<confab::topic>(
      confab::observe, note('b'),
      {.origins = std::uint32_t{CONFAB_EVENT_FROM_CLIENT} | CONFAB_EVENT_FROM_HOST});
  c.engine.on<confab::message>(confab::observe, [&](confab::call &call, const confab::message &m) {
    REQUIRE(m.from_client());
    call.engine().submit(confab::commands::topic({}, c.channel("#tea"), "from a handler"));
  });
  c.says(c.ann, "TOPIC #tea :from a client\r\n");
  REQUIRE(seen == "cb");
  c.engine.submit(confab::commands::topic({}, c.channel("#tea"), "from the host"));
  REQUIRE(seen == "cbhb");
  (void)c.bob_hears("go on");
  REQUIRE(seen == "cbhbi");
}

TEST_CASE("hpp: an interest in text leaves out what has none") {
  tea c;
  std::size_t calls = 0;
  c.engine.on<confab::any_event>(confab::observe,
                                 [&](confab::call &, const confab::any_event &) { ++calls; },
                                 {.has_text = true});
  c.says(c.ann, "TOPIC #tea :\r\nMODE #tea +m\r\n");
  REQUIRE(calls == 0);
  c.says(c.ann, "TOPIC #tea :milk first\r\n");
  REQUIRE(calls == 1);
}

TEST_CASE("hpp: an interest in one connection's raw output leaves out all others") {
  tea c;
  std::vector<confab::conn_id> conns;
  for (int i = 0; i < 70; ++i) { // more than any shortcut tells apart
    conns.push_back(c.client("guest" + std::to_string(i), "#tea"));
  }
  (void)c.hears(c.bob);
  std::vector<confab::conn_id> seen;
  const confab::subscription hook = c.engine.on<confab::line_out>(
      confab::observe,
      [&](confab::call &, const confab::line_out &line) { seen.push_back(line.conn()); },
      {.within = conns[3]});
  REQUIRE(contains(c.bob_hears("hello"), "hello"));
  REQUIRE(seen == std::vector<confab::conn_id>{conns[3]});

  c.engine.on<confab::line_out>(
      confab::policy, [](confab::call &, const confab::line_out &) { return confab::deny(); },
      {.within = conns[69]});
  (void)c.bob_hears("hello again");
  REQUIRE(seen.size() == 2);
  REQUIRE(contains(c.hears(conns[68]), "hello again"));
  REQUIRE_FALSE(contains(c.hears(conns[69]), "hello again"));

  REQUIRE(c.engine.off(hook));
  (void)c.bob_hears("goodbye");
  REQUIRE(seen.size() == 2);
}

TEST_CASE("hpp: a shadow hook changes nothing, and its verdict is an event") {
  tea c;
  const confab::subscription hook = c.engine.on<confab::message>(
      confab::policy,
      [](confab::call &, const confab::message &) {
        return confab::deny_silent("would not", CONFAB_REFUSED_CANNOT_SEND);
      },
      {.shadow = true});
  std::size_t told = 0;
  c.engine.on<confab::hook_shadow>(confab::observe,
                                   [&](confab::call &, const confab::hook_shadow &shadow) {
                                     ++told;
                                     REQUIRE(shadow.hook() == hook);
                                     REQUIRE(shadow.judged_type() == CONFAB_EVENT_MESSAGE);
                                     REQUIRE(shadow.verdict() == CONFAB_DENY);
                                     REQUIRE(shadow.code() == CONFAB_REFUSED_CANNOT_SEND);
                                     REQUIRE(shadow.visibility() == CONFAB_DENIAL_SILENT);
                                     REQUIRE(shadow.text() == "would not");
                                     REQUIRE(shadow.about() > 0);
                                   });
  REQUIRE(contains(c.bob_hears("hello"), "hello"));
  REQUIRE(told == 1);
  REQUIRE(c.engine.stats(hook)->denied_total == 1);
}

TEST_CASE("hpp: a circuit breaker opens, lets through what its policy says, and closes again") {
  tea c;
  bool broken = true;
  const confab::subscription hook = c.engine.on<confab::message>(
      confab::policy,
      [&](confab::call &, const confab::message &) -> confab::policy_verdict {
        if (broken) {
          throw std::runtime_error("a bug");
        }
        return confab::pass;
      },
      {.fail_open = true, .failures_max = 2, .retry = 100ms});
  std::vector<std::pair<std::uint32_t, std::uint32_t>> states;
  c.engine.on<confab::hook_state>(confab::observe,
                                  [&](confab::call &, const confab::hook_state &state) {
                                    REQUIRE(state.hook() == hook);
                                    states.emplace_back(state.state(), state.failures());
                                  });
  (void)c.bob_hears("one");
  (void)c.bob_hears("two");
  REQUIRE(c.engine.stats(hook)->state == CONFAB_HOOK_OPEN);
  REQUIRE(contains(c.bob_hears("three"), "three"));
  REQUIRE(c.engine.stats(hook)->bypassed_total == 1);

  broken = false;
  c.now = 200'000'000;
  REQUIRE(c.engine.tick(c.now) == CONFAB_OK);
  REQUIRE(contains(c.bob_hears("four"), "four"));
  REQUIRE(states == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{CONFAB_HOOK_OPEN, 2},
                                                                         {CONFAB_HOOK_HALF_OPEN, 2},
                                                                         {CONFAB_HOOK_CLOSED, 0}});
}

TEST_CASE("hpp: a host with a clock has its handlers measured, and held to their budgets") {
  clocked host;
  tea c{confab::engine(confab::options{}, host)};
  const auto takes = [&host](confab_time ns) {
    return [&host, ns](confab::call &, const confab::message &) {
      host.time += ns;
      return confab::policy_verdict(confab::pass);
    };
  };
  const confab::subscription brisk =
      c.engine.on<confab::message>(confab::policy, takes(1000), {.priority = 2, .call_max = 10us});
  const confab::subscription slow = c.engine.on<confab::message>(
      confab::policy, takes(20'000), {.priority = 1, .fail_open = true, .call_max = 10us});
  const confab::subscription busy = c.engine.on<confab::message>(
      confab::policy, takes(600'000), {.fail_open = true, .call_max = 1s, .second_max = 1ms});
  std::vector<std::pair<confab::subscription, std::uint32_t>> failures;
  c.engine.on<confab::hook_failed>(confab::observe,
                                   [&](confab::call &, const confab::hook_failed &failed) {
                                     failures.emplace_back(failed.hook(), failed.kind());
                                     REQUIRE(failed.failed_type() == CONFAB_EVENT_MESSAGE);
                                     REQUIRE(failed.about() > 0);
                                     REQUIRE(failed.verdict() == CONFAB_PASS);
                                     REQUIRE(failed.status() == CONFAB_OK);
                                     REQUIRE(failed.time_ns() > 10'000);
                                   });
  for (int i = 0; i < 3; ++i) {
    REQUIRE(contains(c.bob_hears("hello"), "hello"));
  }
  const std::uint32_t late = CONFAB_FAILURE_CALL_TIME;
  REQUIRE(failures ==
          std::vector<std::pair<confab::subscription, std::uint32_t>>{
              {slow, late}, {slow, late}, {busy, CONFAB_FAILURE_SECOND_TIME}, {slow, late}});
  REQUIRE(c.engine.stats(brisk)->time_ns_total == 3000);
  REQUIRE(c.engine.stats(brisk)->time_counts[2] == 3); // over 512 and up to 1024 ns
  REQUIRE(c.engine.stats(busy)->bypassed_total == 1);
}

TEST_CASE("hpp: a host without a clock bounds no time") {
  confab::pull_host host;
  tea c{confab::engine(confab::options{}, host)};
  const confab::subscription hook = c.engine.on<confab::message>(
      confab::policy, [](confab::call &, const confab::message &) { return confab::pass; },
      {.call_max = 1us});
  (void)c.bob_hears("hello");
  REQUIRE(c.engine.stats(hook)->time_ns_total == 0);
  REQUIRE(c.engine.stats(hook)->time_counts[0] == 0);
}

TEST_CASE("hpp: an interest that cannot be is refused, and the handler goes") {
  tea c;
  const auto token = std::make_shared<int>(0);
  const auto handler = [token](confab::call &, const confab::message &) {};
  const auto refused = [&](const confab::interest &where) {
    REQUIRE_THROWS_AS(c.engine.on<confab::message>(confab::observe, handler, where), confab::error);
    REQUIRE(token.use_count() == 2);
    REQUIRE(c.engine.stats().hooks == 0);
  };
  refused({.origins = 1u << 31});
  refused({.protocols = 1u << 31});
  refused({.call_max = -1us});
  refused({.second_max = std::chrono::microseconds(1LL << 32)});
  refused({.retry = std::chrono::hours(10'000)});
  REQUIRE_THROWS_AS(c.engine.on<confab::custom>(confab::custom_type{4000, 1}, confab::observe,
                                                [](confab::call &, const confab::custom &) {}),
                    confab::error);
}

TEST_CASE("hpp: hooks are a range, and each says what it is") {
  tea c;
  const auto handler = [](confab::call &, const confab::topic &) {};
  std::string name = "the first";
  const confab::subscription first = c.engine.on<confab::topic>(confab::observe, handler,
                                                                {.priority = -7,
                                                                 .within = c.channel("#tea"),
                                                                 .has_text = true,
                                                                 .fail_open = true,
                                                                 .shadow = true,
                                                                 .name = name});
  name = "overwritten";
  const confab::subscription second = c.engine.on<confab::topic>(confab::observe, handler);
  std::vector<confab::subscription> seen;
  for (const confab::subscription hook : c.engine.hooks()) {
    seen.push_back(hook);
  }
  REQUIRE(seen == std::vector<confab::subscription>{first, second});

  const confab_hook_info info = c.engine.get(first).value();
  REQUIRE(info.space == 0);
  REQUIRE(info.type == CONFAB_EVENT_TOPIC);
  REQUIRE(info.stage == CONFAB_STAGE_OBSERVE);
  REQUIRE(info.priority == -7);
  REQUIRE(info.flags == (CONFAB_HOOK_FAIL_OPEN | CONFAB_HOOK_SHADOW | CONFAB_HOOK_HAS_TEXT));
  REQUIRE(info.scope == c.channel("#tea").raw());
  REQUIRE(confab::view(info.name) == "the first");

  REQUIRE(c.engine.off(first));
  REQUIRE_FALSE(c.engine.get(first).has_value());
  REQUIRE_FALSE(c.engine.stats(first).has_value());
}

TEST_CASE("hpp: all figures are one text") {
  tea c;
  c.engine.on<confab::message>(confab::policy,
                               [](confab::call &, const confab::message &) { return confab::pass; },
                               {.name = "a \"filter\""});
  (void)c.bob_hears("hello");
  const std::string text(c.engine.metrics());
  REQUIRE(contains(text, "# TYPE "));
  REQUIRE(contains(text, "a \\\"filter\\\""));
  REQUIRE(text.back() == '\n');
}

TEST_CASE("hpp: an event tells the whole chain that led to it") {
  tea c;
  const confab::subscription first = c.engine.on<confab::message>(
      confab::observe, [&](confab::call &call, const confab::message &m) {
        REQUIRE(call.causes().begin() == call.causes().end());
        REQUIRE(m.cause() == 0);
        call.engine().submit(confab::commands::topic({}, c.channel("#tea"), "because"));
      });
  const confab::subscription second =
      c.engine.on<confab::topic>(confab::observe, [&](confab::call &call, const confab::topic &) {
        call.engine().submit(
            confab::commands::kick({}, c.channel("#tea"), c.user("bob"), "because of that"));
      });
  std::vector<std::pair<std::uint32_t, confab::subscription>> chain;
  c.engine.on<confab::kick>(confab::observe,
                            [&](confab::observe_call &call, const confab::kick &kick) {
                              REQUIRE(kick.from_handler());
                              for (const confab_cause &cause : call.causes()) {
                                REQUIRE((!chain.empty() || cause.seq == kick.cause()));
                                chain.emplace_back(cause.type, confab::subscription(cause.hook));
                              }
                            });
  (void)c.bob_hears("hello");
  REQUIRE(chain == std::vector<std::pair<std::uint32_t, confab::subscription>>{
                       {CONFAB_EVENT_TOPIC, second}, {CONFAB_EVENT_MESSAGE, first}});
}
