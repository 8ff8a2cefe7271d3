// SPDX-License-Identifier: MIT
//
// Handlers that take their time, from C++: the token, the answers, what may be done to an act while
// it waits, and how a holder learns that its token is dead. Mirrors confab/cpp/waiting.hpp, the
// defer functions of call.hpp and confab::deferring. What waiting means to the engine is tested in
// unit/bus; what must not compile, in tests/abi/compile_fail.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <ranges>
#include <stdexcept>
#include <vector>

using hpp_test::chat;
using hpp_test::contains;
using namespace std::chrono_literals;

namespace {

// What a filter keeps: it outlives the engine, whose end is the end of its tokens too.
struct kept {
  std::vector<confab::token> tokens;
  std::vector<std::pair<confab::token, std::uint32_t>> ends;
};

// Two members of #tea, and a filter that defers every message and keeps its tokens.
struct slow_tea : kept, chat {
  confab::conn_id ann = client("ann", "#tea");
  confab::conn_id bob = client("bob", "#tea");

  slow_tea() : slow_tea(confab::options{}) {}
  explicit slow_tea(const confab::options &options) : chat(confab::engine(options)) {
    (void)hears(ann);
  }

  confab::subscription defer_messages(const confab::interest &where = {}) {
    return engine.on<confab::message>(
        confab::policy,
        confab::deferring(
            [this](confab::policy_call &call, const confab::message &) {
              tokens.push_back(call.defer());
              return confab::deferred;
            },
            [this](confab::engine_ref, confab::token dead, std::uint32_t why) {
              ends.emplace_back(dead, why);
            }),
        where);
  }
  // What bob has heard since.
  std::string bob_hears() {
    confab::checked(engine.flush());
    return hears(bob);
  }
};

} // namespace

TEST_CASE("hpp: a message waits until its token is resolved") {
  slow_tea c;
  const confab::subscription hook = c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(c.bob_hears().empty());
  REQUIRE(c.tokens.size() == 1);
  REQUIRE(c.engine.stats().deferrals == 1);
  REQUIRE(confab::subscription(c.engine.get(c.tokens[0])->hook) == hook);

  REQUIRE(c.engine.resolve(c.tokens[0], confab::pass) == CONFAB_OK);
  REQUIRE(contains(c.bob_hears(), "PRIVMSG #tea :hello\r\n"));
  REQUIRE(c.engine.resolve(c.tokens[0], confab::pass) == CONFAB_ERR_STALE_ID);
  REQUIRE_FALSE(c.engine.get(c.tokens[0]).has_value());
  REQUIRE(c.engine.stats(hook)->deferred_total == 1);
  REQUIRE(c.ends.empty());
}

TEST_CASE("hpp: a token is denied with a literal, a bare word, or a text made up on the spot") {
  slow_tea c;
  c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :one\r\nPRIVMSG #tea :two\r\nPRIVMSG #tea :three\r\n"
                "PRIVMSG #tea :four\r\n");
  REQUIRE(c.engine.resolve(c.tokens.at(0), confab::deny("not one", CONFAB_REFUSED_CANNOT_SEND)) ==
          CONFAB_OK);
  REQUIRE(c.tokens.size() == 2); // what came behind it had waited for its turn
  const std::string made = "not " + std::to_string(2);
  REQUIRE(c.engine.resolve(c.tokens.at(1), confab::denial{made}) == CONFAB_OK);
  REQUIRE(c.engine.resolve(c.tokens.at(2), confab::denial{.visibility = CONFAB_DENIAL_SILENT}) ==
          CONFAB_OK);
  REQUIRE(c.engine.resolve(c.tokens.at(3), confab::deny()) == CONFAB_OK);
  REQUIRE(c.bob_hears().empty());
  const std::string heard = c.hears(c.ann);
  REQUIRE(contains(heard, "not one"));
  REQUIRE(contains(heard, "not 2"));
  REQUIRE(std::ranges::count(heard, '\n') == 3);
}

TEST_CASE("hpp: what waits can be passed with another text") {
  slow_tea c;
  c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :damn\r\n");
  const std::string clean = std::string(4, '*');
  REQUIRE(c.engine.resolve(c.tokens.at(0), confab::rewritten{clean}) == CONFAB_OK);
  REQUIRE(contains(c.bob_hears(), "PRIVMSG #tea :****\r\n"));
  REQUIRE(c.tokens.size() == 1); // who rewrote it does not judge it again
}

TEST_CASE("hpp: an act that waits shows itself, and takes what its type can be given") {
  slow_tea c;
  c.now = 1'000'000'000;
  REQUIRE(c.engine.tick(c.now) == CONFAB_OK);
  std::vector<confab::token> tokens;
  const confab::subscription hook = c.engine.on<confab::kick>(
      confab::policy, [&](confab::policy_call &call, const confab::kick &) {
        tokens.push_back(call.defer(250ms));
        return confab::deferred;
      });
  c.says(c.ann, "KICK #tea bob :rude\r\n");
  auto waiting = c.engine.waiting<confab::kick>(tokens.at(0)).value();
  REQUIRE(waiting.which() == tokens[0]);
  REQUIRE(waiting.hook() == hook);
  REQUIRE(waiting.since() == c.now);
  REQUIRE(waiting.deadline() == c.now + 250'000'000);
  REQUIRE(waiting.event().text() == "rude");
  REQUIRE(waiting.event().nick() == "bob");

  waiting.set_text("too rude");
  REQUIRE_THROWS_AS(waiting.set_text("a\r\nQUIT"), confab::error);
  waiting.pass();
  REQUIRE(contains(c.bob_hears(), "KICK #tea bob :too rude\r\n"));

  REQUIRE_THROWS_AS(waiting.pass(), confab::error);
  REQUIRE_THROWS_AS(waiting.set_text("late"), confab::error);
  REQUIRE_THROWS_AS(waiting.event(), confab::error);
  REQUIRE_FALSE(c.engine.waiting<confab::kick>(tokens[0]).has_value());
}

TEST_CASE("hpp: an act that waits is denied through its handle, too") {
  slow_tea c;
  c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  c.engine.waiting(c.tokens.at(0)).value().deny({.text = "no, " + std::string("ann")});
  REQUIRE(c.bob_hears().empty());
  REQUIRE(contains(c.hears(c.ann), "no, ann"));
}

TEST_CASE("hpp: an act that waits is no act of another type") {
  slow_tea c;
  c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE_THROWS_AS(c.engine.waiting<confab::topic>(c.tokens.at(0)), confab::error);
  REQUIRE(c.engine.waiting<confab::message>(c.tokens.at(0)).has_value());
}

TEST_CASE("hpp: all that waits is a range of tokens") {
  slow_tea c;
  c.defer_messages();
  REQUIRE(c.engine.tokens().begin() == c.engine.tokens().end());
  c.says(c.ann, "PRIVMSG #tea :from ann\r\n");
  c.says(c.bob, "PRIVMSG #tea :from bob\r\n");
  std::vector<std::string> texts;
  for (const confab::token token : c.engine.tokens()) {
    texts.emplace_back(c.engine.waiting<confab::message>(token)->event().text());
  }
  std::ranges::sort(texts);
  REQUIRE(texts == std::vector<std::string>{"from ann", "from bob"});
}

TEST_CASE("hpp: whoever deferred learns that its token is dead, and why") {
  slow_tea c;
  const confab::subscription hook = c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  c.says(c.bob, "PRIVMSG #tea :hello\r\n");
  REQUIRE(c.engine.closed(c.ann, c.now) == CONFAB_OK);
  REQUIRE(c.engine.off(hook));
  REQUIRE(c.ends == std::vector<std::pair<confab::token, std::uint32_t>>{
                        {c.tokens.at(0), CONFAB_CANCELLED_ORIGIN},
                        {c.tokens.at(1), CONFAB_CANCELLED_REMOVED}});
}

TEST_CASE("hpp: a handler may be an object that has both functions") {
  struct counting {
    int *deferred;
    int *dead;
    confab::policy_verdict operator()(confab::policy_call &call, const confab::message &) {
      (void)call.defer(10ms);
      ++*deferred;
      return call.deferred();
    }
    void cancelled(confab::engine_ref, confab::token, std::uint32_t why) {
      *dead += why == CONFAB_CANCELLED_EXPIRED ? 1 : 0;
      throw std::runtime_error("goes no further");
    }
  };
  slow_tea c;
  int deferred = 0;
  int dead = 0;
  c.engine.on<confab::message>(confab::policy, counting{&deferred, &dead}, {.fail_open = true});
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(deferred == 1);
  REQUIRE(c.engine.tick(c.now + 1'000'000'000) == CONFAB_OK);
  REQUIRE(dead == 1);
  REQUIRE(contains(c.bob_hears(), "hello")); // its policy
}

TEST_CASE(
    "hpp: a deferral without a token is a failure, and a token without a deferral is given back") {
  slow_tea c;
  const confab::subscription bare =
      c.engine.on<confab::message>(confab::policy, [](confab::call &, const confab::message &) {
        return confab::policy_verdict(confab::deferred);
      });
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(c.bob_hears().empty());
  REQUIRE(c.engine.stats(bare)->failed_total == 1);
  REQUIRE(c.engine.off(bare));

  confab::token token;
  const confab::subscription undecided = c.engine.on<confab::message>(
      confab::policy, [&](confab::policy_call &call, const confab::message &) {
        token = call.defer();
        return confab::pass;
      });
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(contains(c.bob_hears(), "hello"));
  REQUIRE(c.engine.stats(undecided)->cancelled_total == 1);
  REQUIRE(c.engine.resolve(token, confab::pass) == CONFAB_ERR_STALE_ID);
}

TEST_CASE("hpp: when too many wait, a handler fails, or asks first and decides") {
  confab::options options;
  options.parked_max = 1;
  slow_tea c(options);
  c.defer_messages();
  c.says(c.ann, "PRIVMSG #tea :the first\r\n");
  c.says(c.bob, "PRIVMSG #tea :the second\r\n");
  REQUIRE(c.tokens.size() == 1);
  REQUIRE_FALSE(c.hears(c.bob).empty()); // refused: it failed closed

  confab_status status = CONFAB_OK;
  c.engine.on<confab::nick>(
      confab::policy,
      [&](confab::policy_call &call, const confab::nick &) -> confab::policy_verdict {
        confab::token token(1);
        status = call.try_defer(token);
        REQUIRE_FALSE(token);
        return confab::pass;
      });
  c.says(c.bob, "NICK rob\r\n");
  REQUIRE(status == CONFAB_ERR_LIMIT);
  REQUIRE(c.engine.find_user("rob").has_value());
}

TEST_CASE("hpp: a wait that is no wait is refused") {
  slow_tea c;
  std::vector<confab_status> refused;
  c.engine.on<confab::message>(
      confab::policy, [&](confab::policy_call &call, const confab::message &) {
        for (const std::chrono::milliseconds wait : {-1ms, std::chrono::milliseconds(1LL << 40)}) {
          try {
            (void)call.defer(wait);
          } catch (const confab::error &thrown) {
            refused.push_back(thrown.status());
          }
        }
        return confab::pass;
      });
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(refused == std::vector<confab_status>{CONFAB_ERR_ARG, CONFAB_ERR_ARG});
}

TEST_CASE("hpp: a token is resolved from inside another handler, after its event") {
  slow_tea c;
  c.defer_messages();
  c.engine.on<confab::nick>(confab::observe, [&](confab::call &call, const confab::nick &) {
    REQUIRE(call.engine().resolve(c.tokens.at(0), confab::pass) == CONFAB_OK);
  });
  c.says(c.ann, "PRIVMSG #tea :hello\r\n");
  REQUIRE(c.bob_hears().empty());
  c.says(c.bob, "NICK rob\r\n");
  const std::string heard = c.bob_hears();
  REQUIRE(contains(heard, "PRIVMSG #tea :hello"));
  REQUIRE(heard.find("NICK") < heard.find("PRIVMSG"));
}
