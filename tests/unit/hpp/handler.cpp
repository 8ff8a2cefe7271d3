// SPDX-License-Identifier: MIT
//
// The event bus from C++: what a handler of each stage gets and can do, what its failures become,
// and how long it lives. Mirrors confab/cpp/handler.hpp, call.hpp, verdict.hpp and events.hpp.
// The bus itself is tested where it lives; what must not compile, in tests/abi/compile_fail.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

using hpp_test::chat;
using hpp_test::contains;

namespace {

// Two members of #tea.
struct tea : chat {
  confab::conn_id ann = client("ann", "#tea");
  confab::conn_id bob = client("bob", "#tea");

  tea() { (void)hears(ann); }

  // What bob hears when ann says something to the channel.
  std::string bob_hears(std::string_view text) {
    says(ann, "PRIVMSG #tea :" + std::string(text) + "\r\n");
    return hears(bob);
  }
};

} // namespace

TEST_CASE("hpp: an event shows what was said, by whom and to whom") {
  tea c;
  std::size_t calls = 0;
  c.engine.on<confab::message>(confab::observe,
                               [&](confab::observe_call &, const confab::message &m) {
                                 ++calls;
                                 REQUIRE(m.text() == "hello");
                                 REQUIRE(m.name() == "#tea");
                                 REQUIRE(m.kind() == CONFAB_MESSAGE_PRIVMSG);
                                 REQUIRE(m.actor() == c.user("ann"));
                                 REQUIRE(m.origin() == c.ann);
                                 REQUIRE(m.channel() == c.channel("#tea"));
                                 REQUIRE_FALSE(m.user().has_value());
                                 REQUIRE(m.protocol() == CONFAB_PROTOCOL_IRC);
                                 REQUIRE_FALSE(m.from_host());
                                 REQUIRE_FALSE(m.rewritten());
                                 REQUIRE(m.seq() > 0);
                               });
  (void)c.bob_hears("hello");
  REQUIRE(calls == 1);
}

TEST_CASE("hpp: transform replaces a text, and the original stays readable") {
  tea c;
  const confab::subscription shout = c.engine.on<confab::message>(
      confab::transform,
      [](confab::transform_call<confab::message> &call, const confab::message &m) {
        call.set_text(std::string(m.text()) + "!");
        REQUIRE(m.text() == "hello"); // the handler's own view does not move
        REQUIRE(call.event().text() == "hello!");
      });
  std::string original;
  confab::subscription changed_by;
  c.engine.on<confab::message>(confab::observe, [&](confab::call &call, const confab::message &m) {
    REQUIRE(m.rewritten());
    original = call.original(CONFAB_FIELD_TEXT).text;
    changed_by = call.original(CONFAB_FIELD_TEXT).changed_by;
  });
  REQUIRE(contains(c.bob_hears("hello"), "PRIVMSG #tea :hello!\r\n"));
  REQUIRE(original == "hello");
  REQUIRE(changed_by == shout);
  REQUIRE(c.engine.stats(shout)->rewritten_total == 1);
}

TEST_CASE("hpp: a text that may not be set is a failure and changes nothing") {
  tea c;
  c.engine.on<confab::message>(
      confab::transform, [](auto &call, const confab::message &) { call.set_text("a\r\nQUIT"); });
  std::size_t failures = 0;
  c.engine.on<confab::hook_failed>(
      confab::observe, [&](confab::call &, const confab::hook_failed &) { ++failures; });
  REQUIRE(contains(c.bob_hears("hello"), "PRIVMSG #tea :hello\r\n"));
  REQUIRE(failures == 1);
}

TEST_CASE("hpp: policy denies with a literal, or with a text made up on the spot") {
  tea c;
  c.engine.on<confab::message>(
      confab::policy, [](confab::policy_call &call, const confab::message &m) {
        if (m.text() == "one") {
          return confab::deny("not one", CONFAB_REFUSED_CANNOT_SEND);
        }
        return m.text() == "two" ? call.deny("not " + std::string(m.text())) : call.pass();
      });
  REQUIRE(c.bob_hears("one").empty());
  REQUIRE(contains(c.hears(c.ann), "not one"));
  REQUIRE(c.bob_hears("two").empty());
  REQUIRE(contains(c.hears(c.ann), "not two"));
  REQUIRE(contains(c.bob_hears("three"), "three"));
}

TEST_CASE("hpp: silent and shadow denials tell the sender nothing, and observers all") {
  tea c;
  c.engine.on<confab::message>(confab::policy, [](confab::call &, const confab::message &m) {
    return m.text() == "quiet" ? confab::deny_silent("quietly") : confab::deny_shadow("alone");
  });
  std::vector<std::pair<std::uint32_t, std::string>> outcomes;
  c.engine.on<confab::message>(
      confab::observe, [&](confab::observe_call &call, const confab::message &) {
        const confab_outcome outcome = call.outcome();
        REQUIRE(outcome.outcome == CONFAB_OUTCOME_DENIED);
        outcomes.emplace_back(outcome.visibility, confab::view(outcome.text));
      });
  REQUIRE(c.bob_hears("quiet").empty());
  REQUIRE(c.bob_hears("anything").empty());
  REQUIRE(c.hears(c.ann).empty());
  REQUIRE(outcomes == std::vector<std::pair<std::uint32_t, std::string>>{
                          {CONFAB_DENIAL_SILENT, "quietly"}, {CONFAB_DENIAL_SHADOW, "alone"}});
}

TEST_CASE("hpp: override sees a denial and may lift it, for a reason") {
  tea c;
  const confab::subscription rule =
      c.engine.on<confab::message>(confab::policy, [](confab::call &, const confab::message &) {
        return confab::deny("closed", CONFAB_REFUSED_CANNOT_SEND);
      });
  c.engine.on<confab::message>(
      confab::override,
      [&](confab::override_call &call, const confab::message &m) -> confab::override_verdict {
        REQUIRE(call.outcome().code == CONFAB_REFUSED_CANNOT_SEND);
        if (m.text() == "literal") {
          return confab::allow("a literal reason");
        }
        return m.text() == "made" ? call.allow("a reason, " + std::string(m.text())) : call.pass();
      });
  std::vector<std::string> reasons;
  c.engine.on<confab::message>(confab::observe,
                               [&](confab::observe_call &call, const confab::message &) {
                                 reasons.emplace_back(confab::view(call.outcome().override_reason));
                                 REQUIRE(confab::subscription(call.outcome().hook) == rule);
                               });
  REQUIRE(contains(c.bob_hears("literal"), "literal"));
  REQUIRE(contains(c.bob_hears("made"), "made"));
  REQUIRE(c.bob_hears("neither").empty());
  REQUIRE(reasons == std::vector<std::string>{"a literal reason", "a reason, made", ""});
}

TEST_CASE("hpp: an exception fails closed, or open where the subscription says so") {
  tea c;
  const auto throws = [](confab::call &, const confab::message &) -> confab::policy_verdict {
    throw std::runtime_error("a bug");
  };
  confab_verdict verdict = 0;
  c.engine.on<confab::hook_failed>(
      confab::observe,
      [&](confab::call &, const confab::hook_failed &failed) { verdict = failed.verdict(); });

  const confab::subscription open =
      c.engine.on<confab::message>(confab::policy, throws, {.fail_open = true});
  REQUIRE(contains(c.bob_hears("hello"), "hello"));
  REQUIRE(verdict == -1);
  REQUIRE(c.engine.stats(open)->failed_total == 1);

  c.engine.on<confab::message>(confab::policy, throws);
  REQUIRE(c.bob_hears("hello").empty());
}

TEST_CASE("hpp: an interest narrows a subscription and orders it") {
  tea c;
  (void)c.client("cat", "#milk");
  std::string order;
  const auto note = [&](char letter) {
    return [&order, letter](confab::call &, const confab::message &) { order += letter; };
  };
  c.engine.on<confab::message>(confab::observe, note('a'));
  c.engine.on<confab::message>(confab::observe, note('b'), {.priority = 5});
  c.engine.on<confab::message>(confab::observe, note('c'), {.within = c.channel("#tea")});
  c.engine.on<confab::message>(confab::observe, note('d'), {.within = c.channel("#milk")});
  (void)c.bob_hears("hello");
  REQUIRE(order == "bac");
}

TEST_CASE("hpp: a subscriber to everything tells the types apart") {
  tea c;
  std::vector<std::uint16_t> types;
  std::string topic;
  c.engine.on<confab::any_event>(confab::observe,
                                 [&](confab::call &, const confab::any_event &event) {
                                   types.push_back(event.event_type());
                                   if (const auto change = event.as<confab::topic>()) {
                                     topic = change->text();
                                   }
                                 });
  c.says(c.ann, "TOPIC #tea :milk first\r\n");
  REQUIRE(types == std::vector<std::uint16_t>{CONFAB_EVENT_TOPIC});
  REQUIRE(topic == "milk first");
}

TEST_CASE("hpp: what a handler submits happens after its event") {
  tea c;
  confab_status status = 0;
  c.engine.on<confab::message>(confab::observe, [&](confab::call &call, const confab::message &m) {
    if (!m.from_host()) {
      status = call.engine()
                   .submit(confab::commands::say(c.user("bob"), c.channel("#tea"), "indeed"))
                   .status;
    }
  });
  (void)c.bob_hears("hello");
  REQUIRE(status == CONFAB_QUEUED);
  REQUIRE(contains(c.hears(c.ann), "PRIVMSG #tea :indeed"));
}

TEST_CASE("hpp: the engine owns a handler until it can no longer be called") {
  const auto token = std::make_shared<int>(0);
  const auto held = [token](confab::call &, const confab::message &) { ++*token; };
  REQUIRE(token.use_count() == 2);
  {
    tea c;
    const confab::subscription first = c.engine.on<confab::message>(confab::observe, held);
    c.engine.on<confab::message>(confab::observe, held);
    REQUIRE(token.use_count() == 4);
    (void)c.bob_hears("hello");
    REQUIRE(*token == 2);

    REQUIRE(c.engine.off(first));
    REQUIRE(token.use_count() == 3);
    REQUIRE_FALSE(c.engine.off(first));
    (void)c.bob_hears("hello");
    REQUIRE(*token == 3);
  }
  REQUIRE(token.use_count() == 2);
}

TEST_CASE("hpp: a handler may unsubscribe itself, and lives until it returns") {
  tea c;
  const auto token = std::make_shared<int>(0);
  const std::weak_ptr<int> watch = token;
  confab::subscription self;
  self = c.engine.on<confab::message>(
      confab::observe, [held = token, &self](confab::call &call, const confab::message &) {
        REQUIRE(call.engine().off(self));
        ++*held; // still there
      });
  REQUIRE(token.use_count() == 2);
  (void)c.bob_hears("hello");
  (void)c.bob_hears("hello");
  REQUIRE(*token == 1);
  REQUIRE(watch.use_count() == 1);
}

TEST_CASE("hpp: a subscription that fails leaves nothing behind") {
  tea c;
  const confab::channel_id gone = c.channel("#tea");
  c.says(c.ann, "PART #tea\r\n");
  c.says(c.bob, "PART #tea\r\n");
  const auto token = std::make_shared<int>(0);
  REQUIRE_THROWS_AS(
      c.engine.on<confab::message>(
          confab::observe, [token](confab::call &, const confab::message &) {}, {.within = gone}),
      confab::error);
  REQUIRE(token.use_count() == 1);
  REQUIRE(c.engine.stats().hooks == 0);
}

TEST_CASE("hpp: what an exception says is in the host's log") {
  struct logging : confab::pull_host {
    confab_status log(const confab_log_record &record) override {
      if (confab::view(record.event) == "handler.threw") {
        said.emplace_back(confab::view(record.text));
      }
      return CONFAB_OK;
    }
    std::vector<std::string> said;
  };
  logging host;
  chat c{confab::engine(confab::options{}, host)};
  c.engine.on<confab::topic>(confab::observe, [](confab::call &, const confab::topic &t) {
    if (t.text() == "number") {
      throw 17; // NOLINT: no std::exception
    }
    throw std::runtime_error(std::string(t.text()) == "lines" ? "one\ntwo" : "boom");
  });
  c.engine.add_command({.verb = "BAD"}, [](confab::engine_ref, const confab::used_command &) {
    throw std::runtime_error("a command");
  });
  const confab::conn_id ann = c.client("ann", "#tea");
  c.says(ann, "TOPIC #tea :one\r\nTOPIC #tea :lines\r\nTOPIC #tea :number\r\nBAD\r\n");
  CHECK(host.said == std::vector<std::string>{"boom", "an exception, whose text cannot be shown",
                                              "an exception that is no std::exception",
                                              "a command"});
}
