// SPDX-License-Identifier: MIT
//
// Handlers that are coroutines: what they answer, with and without waiting, what they may read
// meanwhile, and what becomes of their failures. Mirrors confab/cpp/task.hpp, act.hpp and
// answer.hpp. How they end is in task_end.cpp; what must not compile, in tests/abi/compile_fail.
#include "support/catch.hpp"

#include "unit/hpp/coroutine.hpp"

#include <stdexcept>

using hpp_test::asking_tea;
using hpp_test::contains;
using hpp_test::counted;
using namespace std::chrono_literals;

TEST_CASE("hpp: a coroutine that need not wait is a handler like any other") {
  asking_tea c;
  const confab::subscription hook = c.engine.on<confab::message>(
      confab::policy, [&](confab::act<confab::message> m) -> confab::task {
        const counted here(c.frames);
        const std::string text(m->text());
        if (text == "literal") {
          co_return confab::deny("by a literal", CONFAB_REFUSED_CANNOT_SEND);
        }
        if (text == "own") { // the text is this coroutine's own
          const std::string why = "by " + text + " words, long enough to be on the heap";
          co_return confab::denial{.text = why};
        }
        if (text == "failed") {
          co_return confab::failed;
        }
        co_return confab::pass;
      });
  c.ann_says("hello");
  CHECK(contains(c.bob_hears(), "PRIVMSG #tea :hello\r\n"));
  c.ann_says("literal");
  c.ann_says("own");
  c.ann_says("failed");
  CHECK(c.bob_hears().empty());
  const std::string told = c.ann_hears();
  CHECK(contains(told, "by a literal"));
  CHECK(contains(told, "by own words, long enough to be on the heap"));

  const confab_hook_stats stats = c.engine.hook_stats(hook).value();
  CHECK(stats.calls_total == 4);
  CHECK(stats.passed_total == 1);
  CHECK(stats.denied_total == 2);
  CHECK(stats.failed_total == 1);
  CHECK(stats.deferred_total == 0); // no token was taken
  CHECK(c.frames.ended == 4);
  CHECK(c.frames.alive == 0);
}

TEST_CASE("hpp: a coroutine waits, and then passes, denies, rewrites or fails") {
  asking_tea c;
  const confab::subscription hook = c.ask_about_messages();
  const auto say = [&](std::string_view answer) {
    c.ann_says("hello");
    CHECK(c.ends.size() == 1);
    CHECK(c.bob_hears().empty());
    CHECK(c.engine.stats().deferrals == 1);
    CHECK(c.frames.alive == 1);
    CHECK(c.answer(std::string(answer)));
    CHECK(c.engine.stats().deferrals == 0);
    CHECK(c.frames.alive == 0);
  };
  say("pass");
  CHECK(contains(c.bob_hears(), "PRIVMSG #tea :hello\r\n"));
  say("not here, which is a text on the heap");
  CHECK(c.bob_hears().empty());
  CHECK(contains(c.ann_hears(), "not here, which is a text on the heap"));
  say("=goodbye, which is a text on the heap");
  CHECK(contains(c.bob_hears(), "PRIVMSG #tea :goodbye, which is a text on the heap\r\n"));
  say("fail");
  CHECK(c.bob_hears().empty());
  say("throw");
  CHECK(c.bob_hears().empty());
  CHECK(c.host.texts == std::vector<std::string>{"threw after waiting"});
  CHECK(c.engine.hook_stats(hook)->deferred_total == 5);
  CHECK(c.engine.hook_stats(hook)->cancelled_total == 0);
  CHECK(c.frames.ended == 5);
}

TEST_CASE("hpp: a coroutine that fails open passes what it failed to judge") {
  asking_tea c;
  c.ask_about_messages({.fail_open = true});
  for (const char *how : {"fail", "throw", "=two\r\nlines"}) {
    c.ann_says(how[0] == '=' ? "not rewritten" : how);
    CHECK(c.answer(how));
    CHECK(contains(c.bob_hears(), how[0] == '=' ? "not rewritten" : how));
  }
  CHECK(c.host.texts == std::vector<std::string>{"threw after waiting", "CONFAB_ERR_ARG"});
}

TEST_CASE("hpp: a coroutine that throws before it waits has failed") {
  asking_tea c;
  const confab::subscription hook = c.engine.on<confab::message>(
      confab::policy, [&](confab::act<confab::message> m) -> confab::task {
        const counted here(c.frames);
        if (m->text() == "after a text was set") {
          m.set_text("changed");
        }
        throw std::runtime_error("threw at once");
        co_return confab::pass;
      });
  c.ann_says("hello");
  c.ann_says("after a text was set");
  CHECK(c.bob_hears().empty());
  CHECK(c.engine.hook_stats(hook)->failed_total == 2);
  CHECK(c.engine.stats().deferrals == 0);
  CHECK(c.host.texts == std::vector<std::string>{"threw at once", "threw at once"});
  CHECK(c.frames.ended == 2);
}

TEST_CASE("hpp: a coroutine rewrites without waiting, too") {
  asking_tea c;
  c.engine.on<confab::message>(confab::policy, [](confab::act<confab::message> m) -> confab::task {
    const std::string with(m->text().size(), '*');
    co_return confab::rewritten{.text = with};
  });
  c.engine.on<confab::topic>(confab::policy, [](confab::act<confab::topic> t) -> confab::task {
    t.set_text("set");
    if (t->text() == "no") {
      co_return confab::deny("denied after it was set");
    }
    co_return confab::pass;
  });
  c.ann_says("damn");
  CHECK(contains(c.bob_hears(), "PRIVMSG #tea :****\r\n"));
  c.says(c.ann, "TOPIC #tea :yes\r\n");
  CHECK(contains(c.bob_hears(), "TOPIC #tea :set\r\n"));
  c.says(c.ann, "TOPIC #tea :no\r\n");
  CHECK(c.bob_hears().empty());
  CHECK(contains(c.ann_hears(), "denied after it was set"));
}

TEST_CASE("hpp: the event of an act is there before and while it waits, never a copy") {
  asking_tea c;
  std::vector<std::string> read;
  c.engine.on<confab::kick>(confab::policy, [&](confab::act<confab::kick> k) -> confab::task {
    read.emplace_back(k->text());
    CHECK(k.original(CONFAB_FIELD_TEXT).text == "rude");
    CHECK(k.causes().begin() == k.causes().end());
    CHECK(k.waits());
    confab::answer<std::string> what;
    c.ends.push_back(what.pending());
    const std::string first = co_await what;
    CHECK(k.waits());
    CHECK_THROWS_AS(k.original(CONFAB_FIELD_TEXT), confab::error);
    CHECK_THROWS_AS(k.causes(), confab::error);
    read.emplace_back(k->text());
    CHECK(k->nick() == "bob");
    k.set_text(first);
    CHECK_THROWS_AS(k.set_text("a\r\nQUIT"), confab::error);
    c.ends.push_back(what.pending());
    k.set_text(first + co_await what);
    read.emplace_back(k.event().text());
    co_return confab::pass;
  });
  c.says(c.ann, "KICK #tea bob :rude\r\n");
  c.ann_says("something else"); // waits behind it
  CHECK(c.answer("too "));
  CHECK(c.answer("bad"));
  CHECK(contains(c.bob_hears(), "KICK #tea bob :too bad\r\n"));
  CHECK(read == std::vector<std::string>{"rude", "rude", "rude"});
}

TEST_CASE("hpp: a coroutine may judge every type, and be a member function") {
  struct judge {
    confab::task operator()(confab::act<confab::any_event> any) { return look(std::move(any), 1); }
    confab::task look(confab::act<confab::any_event> any, int by) {
      if (const auto nick = any->as<confab::nick>()) {
        *seen += by;
      }
      co_await std::suspend_never{};
      co_return confab::pass;
    }
    int *seen;
  };
  asking_tea c;
  int seen = 0;
  c.engine.on<confab::any_event>(confab::policy, judge{&seen});
  c.says(c.bob, "NICK rob\r\n");
  CHECK(seen == 1);
  CHECK(c.engine.find_user("rob").has_value());
}

TEST_CASE("hpp: what a coroutine's act queries and submits") {
  asking_tea c;
  c.engine.on<confab::message>(confab::policy, [&](confab::act<confab::message> m) -> confab::task {
    CHECK(m.engine().find_user("bob").has_value());
    confab::answer<std::string> what;
    c.ends.push_back(what.pending());
    (void)co_await what;
    m.engine().notice(m->origin(), "judged");
    co_return confab::deny();
  });
  c.ann_says("hello");
  CHECK(c.answer(""));
  CHECK(contains(c.ann_hears(), "NOTICE ann :judged"));
}

TEST_CASE("hpp: a coroutine that goes on inside another handler answers after its event") {
  asking_tea c;
  c.ask_about_messages();
  c.engine.on<confab::nick>(confab::observe, [&](confab::call &, const confab::nick &) {
    CHECK(c.answer("pass"));
    CHECK(c.frames.alive == 0);
  });
  c.ann_says("hello");
  c.says(c.bob, "NICK rob\r\n");
  const std::string heard = c.bob_hears();
  CHECK(heard.find("NICK") < heard.find("PRIVMSG #tea :hello"));
  CHECK(contains(heard, "PRIVMSG #tea :hello"));
}

TEST_CASE("hpp: where too many wait, or nothing can, a coroutine does not") {
  confab::options options;
  options.parked_max = 1;
  asking_tea c(options);
  const confab::subscription hook = c.ask_about_messages({.fail_open = true});
  c.ann_says("the first");
  c.says(c.bob, "PRIVMSG #tea :the second\r\n");
  CHECK(c.frames.ended == 1);
  CHECK_FALSE(c.ends.at(1));                           // it is gone
  CHECK(c.engine.hook_stats(hook)->denied_total == 1); // BUSY: a filter is not passed by that
  CHECK(c.engine.hook_stats(hook)->failed_total == 0);
  CHECK(c.answer("pass"));
  CHECK(c.engine.off(hook));
  c.ends.clear();

  const confab::subscription lines = c.engine.on<confab::line_out>(
      confab::policy, [&](confab::act<confab::line_out>) -> confab::task {
        const counted here(c.frames);
        co_await std::suspend_always{};
        co_return confab::pass;
      });
  const int ended = c.frames.ended;
  c.says(c.ann, "PING 1\r\n");
  CHECK(c.engine.hook_stats(lines)->failed_total > 0);
  CHECK(c.frames.ended > ended);
  CHECK(c.frames.alive == 0);
  CHECK(c.host.texts.back() == "CONFAB_ERR_STAGE");
}

TEST_CASE("hpp: how long a coroutine may take is its subscription's") {
  asking_tea c;
  c.now = 1'000'000'000;
  REQUIRE(c.engine.tick(c.now) == CONFAB_OK);
  c.ask_about_messages({.wait = 250ms});
  c.ann_says("hello");
  const confab::token token = *c.engine.tokens().begin();
  CHECK(c.engine.get(token)->deadline == c.now + 250'000'000);
  CHECK_THROWS_AS(c.engine.on<confab::message>(
                      confab::policy,
                      [](confab::call &, const confab::message &) { return confab::pass; },
                      {.wait = 1ms}),
                  confab::error);
  CHECK_THROWS_AS(c.ask_about_messages({.wait = -1ms}), confab::error);
}

TEST_CASE("hpp: either end of an answer may come and go first") {
  asking_tea c;
  const auto wait = [&](confab::answer<std::string> &on) -> std::string {
    return on.await_ready() ? on.await_resume() : "nothing";
  };
  confab::pending<std::string> end;
  CHECK_FALSE(end);
  CHECK_FALSE(end.set("nobody waits"));
  {
    confab::answer<std::string> first;
    end = first.pending();
    CHECK(end);
    CHECK(end.set("before it was awaited"));
    CHECK_FALSE(end.set("again"));
    CHECK(wait(first) == "before it was awaited");
    CHECK(wait(first) == "nothing");

    confab::pending<std::string> old = first.pending();
    end = first.pending(); // only the last one counts
    CHECK_FALSE(old);
    old = std::move(end);
    CHECK(old);
    CHECK_FALSE(end);
    confab::answer<std::string> second;
    old = second.pending(); // the first has nobody to answer it any more
    CHECK(old.set("second"));
    CHECK(wait(first) == "nothing");
    CHECK(wait(second) == "second");
    end = second.pending();
  }
  CHECK_FALSE(end);
  CHECK_FALSE(end.set("it is gone"));
}
