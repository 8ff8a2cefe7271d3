// SPDX-License-Identifier: MIT
//
// How coroutine handlers end without an answer: by their client, deadline, hook and engine, while
// they wait and while they run; each once, and never to be resumed. And what they may await.
// Mirrors confab/cpp/task_promise.hpp; what they answer is in task.cpp.
#include "support/catch.hpp"

#include "unit/hpp/coroutine.hpp"

#include <coroutine>
#include <memory>
#include <optional>

using hpp_test::asking_tea;
using hpp_test::contains;
using hpp_test::counted;
using namespace std::chrono_literals;

namespace {

// Nobody waits any more, and what was waiting has ended once.
void check_ended(asking_tea &c, int how_many = 1) {
  CHECK(c.frames.alive == 0);
  CHECK(c.frames.ended == how_many);
  for (confab::pending<std::string> &end : c.ends) {
    CHECK_FALSE(end.set("too late"));
  }
  CHECK(c.resumed == 0);
}

} // namespace

TEST_CASE("hpp: a coroutine ends where its client goes") {
  asking_tea c;
  c.ask_about_messages();
  c.ann_says("hello");
  CHECK(c.engine.closed(c.ann, c.now) == CONFAB_OK);
  check_ended(c);
}

TEST_CASE("hpp: a coroutine ends at its deadline") {
  asking_tea c;
  c.ask_about_messages({.fail_open = true, .wait = 100ms});
  c.ann_says("hello");
  CHECK(c.engine.tick(c.now + 200'000'000) == CONFAB_OK);
  check_ended(c);
  CHECK(contains(c.bob_hears(), "hello")); // its policy
}

TEST_CASE("hpp: all coroutines of a hook end with it, and no others") {
  asking_tea c;
  const confab::subscription first = c.ask_about_messages({.fail_open = true});
  c.ann_says("from ann");
  c.says(c.bob, "PRIVMSG #tea :from bob\r\n");
  CHECK(c.frames.alive == 2);
  const confab::subscription second = c.ask_about_messages({.priority = 1});
  c.says(c.client("eve", "#tea"), "PRIVMSG #tea :from eve\r\n");
  CHECK(c.frames.alive == 3);
  CHECK(c.engine.off(first)); // now the second is asked about nothing more: it came later
  CHECK(c.frames.alive == 1);
  CHECK(contains(c.bob_hears(), "from ann"));
  CHECK(c.engine.off(second));
  check_ended(c, 3);
}

TEST_CASE("hpp: of many coroutines each ends alone") {
  asking_tea c;
  c.ask_about_messages();
  std::vector<confab::conn_id> conns;
  for (const char *nick : {"c0", "c1", "c2", "c3"}) {
    conns.push_back(c.client(nick, "#tea"));
    c.says(conns.back(), "PRIVMSG #tea :hello\r\n");
  }
  CHECK(c.engine.closed(conns[1], c.now) == CONFAB_OK); // in the middle
  CHECK(c.engine.closed(conns[3], c.now) == CONFAB_OK); // the last
  CHECK(c.engine.closed(conns[0], c.now) == CONFAB_OK); // the first
  CHECK(c.frames.alive == 1);
  CHECK(c.ends[2].set("pass"));
  CHECK(contains(c.bob_hears(), ":c2!"));
  c.ann_says("hello");
  CHECK(c.ends[4].set("pass"));
  CHECK(c.frames.ended == 5);
}

TEST_CASE("hpp: coroutines end with their engine") {
  asking_tea c;
  c.ask_about_messages();
  c.ann_says("hello");
  c.says(c.bob, "PRIVMSG #tea :hello\r\n");
  c.engine.destroy();
  check_ended(c, 2);
}

TEST_CASE("hpp: whoever wants is told why a coroutine ended") {
  asking_tea c;
  std::vector<std::uint32_t> why;
  const auto wait = [&](confab::act<confab::message>) -> confab::task {
    const counted here(c.frames);
    co_await std::suspend_always{};
    co_return confab::pass;
  };
  const auto told = [&](confab::engine_ref, confab::token, std::uint32_t reason) {
    CHECK(c.frames.alive == 0); // it is gone already
    why.push_back(reason);
    if (reason == CONFAB_CANCELLED_ORIGIN) {
      throw std::runtime_error("goes no further");
    }
  };
  confab::subscription hook =
      c.engine.on<confab::message>(confab::policy, confab::deferring(wait, told));
  c.ann_says("hello");
  CHECK(c.engine.off(hook));
  hook =
      c.engine.on<confab::message>(confab::policy, confab::deferring(wait, told), {.shadow = true});
  c.ann_says("hello"); // a shadow's answers change nothing: it waits for none
  CHECK(c.engine.off(hook));
  c.engine.on<confab::message>(confab::policy, confab::deferring(wait, told));
  c.ann_says("hello");
  CHECK(c.engine.closed(c.ann, c.now) == CONFAB_OK);
  CHECK(why == std::vector<std::uint32_t>{CONFAB_CANCELLED_REMOVED, CONFAB_CANCELLED_VERDICT,
                                          CONFAB_CANCELLED_ORIGIN});
  CHECK(c.host.texts == std::vector<std::string>{"goes no further"});
}

TEST_CASE("hpp: a coroutine removes its own hook before it waits") {
  asking_tea c;
  confab::subscription hook;
  hook = c.engine.on<confab::message>(
      confab::policy,
      [&, kept = std::make_shared<int>(7)](confab::act<confab::message> m) -> confab::task {
        const counted here(c.frames);
        CHECK(m.engine().off(hook));
        co_await std::suspend_always{};
        co_return kept ? confab::pass : confab::pass;
      });
  c.ann_says("hello");
  CHECK(c.bob_hears().empty()); // its policy: closed
  check_ended(c);
}

TEST_CASE("hpp: a coroutine removes its own hook after it waited, and goes on to its next wait") {
  asking_tea c;
  confab::subscription hook;
  const auto kept = std::make_shared<int>(7);
  std::vector<std::string> said;
  hook = c.engine.on<confab::message>(confab::policy,
                                      [&, kept](confab::act<confab::message> m) -> confab::task {
                                        const counted here(c.frames);
                                        confab::answer<std::string> what;
                                        c.ends.push_back(what.pending());
                                        const std::string then = co_await what;
                                        CHECK(c.engine.off(hook));
                                        CHECK_FALSE(m.waits());
                                        CHECK_THROWS_AS(m->text(), confab::error);
                                        CHECK_THROWS_AS(m.set_text("x"), confab::error);
                                        m.engine().notice(c.ann, "still here"); // the engine is
                                        said.push_back(then + std::to_string(*kept));
                                        if (then == "throw") {
                                          throw std::runtime_error("threw after its hook");
                                        }
                                        if (then == "wait") {
                                          co_await std::suspend_never{}; // which would not wait
                                          said.emplace_back("came back");
                                        }
                                        co_return confab::pass;
                                      });
  SECTION("it answers, in vain") {
    c.ann_says("hello");
    CHECK(c.answer("answer"));
  }
  SECTION("it throws") {
    c.ann_says("hello");
    CHECK(c.answer("throw"));
    CHECK(c.host.texts == std::vector<std::string>{"threw after its hook"});
  }
  SECTION("it waits") {
    c.ann_says("hello");
    CHECK(c.answer("wait"));
  }
  CHECK(c.bob_hears().empty());
  CHECK(contains(c.ann_hears(), "still here"));
  CHECK(said.size() == 1);
  CHECK(kept.use_count() == 1); // nor is the handler there any more
  check_ended(c);
}

TEST_CASE("hpp: a coroutine ends its engine") {
  hpp_test::logging host;
  hpp_test::counts frames;
  std::deque<confab::pending<bool>> ends;
  auto owner = std::make_unique<confab::engine>(confab::options{}, host);
  const auto kept = std::make_shared<int>(0);
  bool before = false;
  bool throws = false;
  std::optional<std::string> outlived;
  owner->on<confab::nick>(confab::policy, [&, kept](confab::act<confab::nick> n) -> confab::task {
    const counted here(frames);
    if (before) {
      owner.reset();
      CHECK(n->new_nick() == "tob");
    }
    confab::answer<bool> what;
    ends.push_back(what.pending());
    if (co_await what) {
      owner.reset();
      outlived = n->new_nick(); // the engine lasts until this waits or ends
      CHECK(n.engine().find_user("bot").has_value());
    }
    if (throws) {
      throw std::runtime_error("threw after the end");
    }
    (void)co_await what;
    CHECK(false);
    co_return confab::pass;
  });
  confab::user_options bot;
  bot.nick = confab::str("bot");
  const confab::user_id user = owner->create_user(bot);
  const auto rename = [&] {
    confab::engine_ref view = *owner;
    CHECK(view.submit(confab::commands::nick(user, "tob")).status == CONFAB_PARKED);
  };
  SECTION("before it waits") {
    before = true;
    rename();
  }
  SECTION("after it waited") {
    rename();
    CHECK(ends.front().set(true));
    CHECK(outlived == "tob");
  }
  SECTION("after it waited, and throws") {
    throws = true;
    rename();
    CHECK(ends.front().set(true));
    CHECK(host.texts == std::vector<std::string>{"threw after the end"});
  }
  CHECK(owner == nullptr);
  CHECK(kept.use_count() == 1);
  CHECK(frames.alive == 0);
  CHECK(frames.ended == 1);
}

TEST_CASE("hpp: what a coroutine's answer leads to ends the engine") {
  auto owner = std::make_unique<confab::engine>();
  std::deque<confab::pending<bool>> ends;
  hpp_test::counts frames;
  int lost = 0;
  const auto subscribe = [&](confab::engine_ref engine) {
    engine.on<confab::nick>(confab::policy,
                            confab::deferring(
                                [&](confab::act<confab::nick>) -> confab::task {
                                  const counted here(frames);
                                  confab::answer<bool> what;
                                  ends.push_back(what.pending());
                                  (void)co_await what;
                                  co_return confab::pass;
                                },
                                [&](confab::engine_ref here, confab::token, std::uint32_t why) {
                                  lost += why == CONFAB_CANCELLED_ENGINE ? 1 : 0;
                                  CHECK_FALSE(
                                      here.off(confab::subscription(1))); // a call into what ends
                                }));
  };
  const auto rename = [&](std::string nick) {
    confab::user_options options;
    options.nick = confab::str(nick);
    const confab::user_id user = owner->create_user(options);
    return owner->submit(confab::commands::nick(user, nick + "2")).status;
  };
  // What a timer or a handler is given counts its calls, too.
  SECTION("subscribed by a timer") {
    owner->add_timer({}, [&](confab::engine_ref engine, confab::timer_id) { subscribe(engine); });
    REQUIRE(owner->tick(20'000'000) == CONFAB_OK);
  }
  SECTION("subscribed by a handler") {
    confab::subscription once;
    once = owner->on<confab::nick>(confab::observe, [&](confab::call &call, const confab::nick &) {
      subscribe(call.engine());
      CHECK(call.engine().off(once));
    });
    REQUIRE(rename("first") == CONFAB_OK);
  }
  owner->on<confab::nick>(confab::observe,
                          [&](confab::call &, const confab::nick &) { owner.reset(); });
  REQUIRE(rename("bot") == CONFAB_PARKED);
  REQUIRE(rename("bit") == CONFAB_PARKED);
  CHECK(ends.at(0).set(true));
  CHECK(owner == nullptr);
  CHECK(frames.ended == 2);
  CHECK(lost == 1); // of the other one
  CHECK_FALSE(ends.at(1));
}

TEST_CASE("hpp: whoever decides in a coroutine's place leaves it waiting, in vain") {
  asking_tea c;
  bool stale = false;
  c.engine.on<confab::message>(confab::policy, [&](confab::act<confab::message> m) -> confab::task {
    const counted here(c.frames);
    confab::answer<std::string> what;
    c.ends.push_back(what.pending());
    (void)co_await what;
    stale = !m.waits();
    CHECK_THROWS_AS(m.event(), confab::error);
    co_return confab::pass;
  });
  c.ann_says("hello");
  CHECK(c.engine.resolve(*c.engine.tokens().begin(), confab::deny("an operator")) == CONFAB_OK);
  CHECK(c.frames.alive == 1);
  CHECK(c.answer("pass"));
  CHECK(stale);
  CHECK(c.bob_hears().empty());
  CHECK(c.frames.ended == 1);
}

TEST_CASE("hpp: an act that outlives its coroutine says so") {
  asking_tea c;
  std::optional<confab::act<confab::message>> kept;
  c.engine.on<confab::message>(confab::policy, [&](confab::act<confab::message> m) -> confab::task {
    kept.emplace(std::move(m));
    CHECK((*kept)->text() == "hello");
    CHECK_FALSE(m.waits()); // it was moved from
    co_await std::suspend_always{};
    co_return confab::pass;
  });
  c.ann_says("hello");
  CHECK((*kept)->text() == "hello");
  CHECK(c.engine.closed(c.ann, c.now) == CONFAB_OK);
  CHECK_FALSE(kept->waits());
  CHECK_THROWS_AS(kept->event(), confab::error);
  CHECK_THROWS_AS(kept->engine(), confab::error);
  CHECK_THROWS_AS(kept->set_text("x"), confab::error);
}

namespace {

// A coroutine of the program's own, which its awaiter owns; it ends by going on with that one.
struct lazy {
  struct promise_type {
    lazy get_return_object() {
      return lazy(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct back {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> ended) noexcept {
        return ended.promise().then;
      }
      void await_resume() noexcept {}
    };
    back final_suspend() noexcept { return {}; }
    void return_value(std::string given) { value = std::move(given); }
    void unhandled_exception() { throw; }
    std::coroutine_handle<> then;
    std::string value;
  };
  explicit lazy(std::coroutine_handle<promise_type> made) : self(made) {}
  lazy(lazy &&other) noexcept : self(std::exchange(other.self, nullptr)) {}
  lazy &operator=(lazy &&) = delete;
  ~lazy() {
    if (self) {
      self.destroy();
    }
  }
  struct awaiter {
    std::coroutine_handle<promise_type> of;
    bool await_ready() { return false; }
    std::coroutine_handle<> await_suspend(std::coroutine_handle<> then) {
      of.promise().then = then;
      return of;
    }
    std::string await_resume() { return std::move(of.promise().value); }
  };
  awaiter operator co_await() && { return {self}; }
  std::coroutine_handle<promise_type> self;
};

// What a free operator makes an awaiter of: one that decides in the last moment not to wait.
struct hesitant {
  bool throws = false;
};
struct hesitant_awaiter {
  hesitant what;
  bool await_ready() { return false; }
  bool await_suspend(std::coroutine_handle<>) {
    if (what.throws) {
      throw std::runtime_error("could not wait");
    }
    return false;
  }
  int await_resume() { return 17; }
};
hesitant_awaiter operator co_await(hesitant what) { return {what}; }

} // namespace

TEST_CASE("hpp: a coroutine awaits whatever can be awaited") {
  asking_tea c;
  int got = 0;
  const auto ask = [&]() -> lazy {
    const counted here(c.frames);
    confab::answer<std::string> what;
    c.ends.push_back(what.pending());
    co_return co_await what + "!";
  };
  c.engine.on<confab::message>(confab::policy, [&](confab::act<confab::message> m) -> confab::task {
    const counted here(c.frames);
    got = co_await hesitant{};
    CHECK(c.engine.stats().deferrals == 0); // it did not wait
    const std::string said = co_await ask();
    CHECK(m->text() == "hello");
    got += co_await hesitant{};
    try {
      (void)co_await hesitant{true};
    } catch (const std::runtime_error &) {
      ++got;
    }
    const std::string and_then = co_await ask();
    const std::string with = said + and_then;
    co_return confab::rewritten{.text = with};
  });
  SECTION("to its end") {
    c.ann_says("hello");
    CHECK(c.frames.alive == 2);
    CHECK(c.answer("so"));
    CHECK(got == 35);
    CHECK(c.answer("be it"));
    CHECK(contains(c.bob_hears(), "PRIVMSG #tea :so!be it!\r\n"));
    CHECK(c.frames.ended == 3);
  }
  SECTION("until it is destroyed, with what it awaits") {
    c.ann_says("hello");
    CHECK(c.answer("so"));
    CHECK(c.engine.closed(c.ann, c.now) == CONFAB_OK);
    CHECK(c.frames.ended == 3);
    CHECK_FALSE(c.ends.front());
  }
  CHECK(c.frames.alive == 0);
}

TEST_CASE("hpp: a coroutine whose first run takes too long does not wait") {
  struct slow : hpp_test::logging {
    confab_status clock(confab_time &time) override {
      time = spent;
      return CONFAB_OK;
    }
    confab_time spent = 0;
  };
  slow host;
  hpp_test::counts frames;
  hpp_test::chat c{confab::engine(confab::options{}, host)};
  const confab::subscription hook =
      c.engine.on<confab::topic>(confab::policy,
                                 [&](confab::act<confab::topic>) -> confab::task {
                                   const counted here(frames);
                                   host.spent += 10'000'000;
                                   co_await std::suspend_always{};
                                   co_return confab::pass;
                                 },
                                 {.call_max = 1ms});
  const confab::conn_id ann = c.client("ann", "#tea");
  c.says(ann, "TOPIC #tea :new\r\n");
  CHECK(frames.alive == 0);
  CHECK(frames.ended == 1);
  CHECK(c.engine.hook_stats(hook)->failed_total == 1);
}
