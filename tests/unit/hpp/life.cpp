// SPDX-License-Identifier: MIT
//
// How an engine ends: early, inside its own handlers and callbacks, before and after what it used;
// and what is said to who uses it afterwards. Mirrors confab/cpp/life.hpp and library.hpp.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <functional>
#include <memory>
#include <vector>

using hpp_test::chat;
using hpp_test::contains;

namespace {

// The status of a confab::error, or OK.
confab_status thrown_by(const std::function<void()> &run) {
  try {
    run();
    return CONFAB_OK;
  } catch (const confab::closed_engine &closed) {
    CHECK(std::string_view(closed.what()) == "this engine is closed");
    return closed.status();
  }
}

} // namespace

TEST_CASE("hpp: a closed engine says so") {
  chat c;
  const confab::conn_id ann = c.client("ann");
  const confab::subscription hook =
      c.engine.on<confab::message>(confab::observe, [](confab::call &, const confab::message &) {});
  REQUIRE(c.engine.is_open());
  c.engine.destroy();
  c.engine.destroy();
  REQUIRE_FALSE(c.engine.is_open());

  CHECK(c.engine.feed(ann, 0, "PING 1\r\n").status == CONFAB_ERR_STATE);
  CHECK(c.engine.tick(0) == CONFAB_ERR_STATE);
  CHECK(c.engine.flush() == CONFAB_ERR_STATE);
  CHECK(c.engine.closed(ann, 0) == CONFAB_ERR_STATE);
  CHECK(c.engine.resolve(confab::token{}, confab::failed) == CONFAB_ERR_STATE);
  CHECK(c.engine.deadline() == CONFAB_TIME_NEVER);
  CHECK_FALSE(c.engine.off(hook));

  const std::vector<std::function<void()>> calls = {
      [&] { (void)c.open(); },
      [&] { (void)c.engine.stats(); },
      [&] { (void)c.engine.metrics(); },
      [&] { (void)c.engine.find_user("ann"); },
      [&] { (void)c.engine.hook_stats(hook); },
      [&] { (void)c.engine.take_output(ann); },
      [&] { (void)c.engine.next_event(); },
      [&] { (void)c.engine.users().begin(); },
      [&] { (void)c.engine.last_error(); },
      [&] { c.engine.configure(confab::options{}); },
      [&] { c.engine.submit(confab::commands::nick(confab::user_id{}, "bob")); },
      [&] {
        c.engine.on<confab::join>(confab::observe, [](confab::call &, const confab::join &) {});
      },
      [&] {
        c.engine.add_command({.verb = "X"},
                             [](confab::engine_ref, const confab::used_command &) {});
      },
  };
  for (const std::function<void()> &call : calls) {
    CHECK(thrown_by(call) == CONFAB_ERR_STATE);
  }
}

TEST_CASE("hpp: a handler frees its engine") {
  auto owner = std::make_unique<confab::engine>();
  confab::engine &engine = *owner;
  std::shared_ptr<int> token = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = token;
  int calls = 0;
  engine.on<confab::registration>(
      confab::observe, [&, keep = token](confab::call &call, const confab::registration &) {
        owner.reset();                                     // the object is gone,
        CHECK(call.engine().find_user("ann").has_value()); // what called is not
        CHECK(keep != nullptr);
        ++calls;
      });
  const confab::conn_id ann = engine.open(confab::conn_options{}, 0);
  token.reset(); // the handler alone has it
  const confab::fed fed = engine.feed(ann, 0, "NICK ann\r\nUSER ann 0 * :Ann\r\nPING 1\r\n");
  CHECK(fed.status == CONFAB_OK);
  CHECK(calls == 1);
  CHECK(owner == nullptr);
  CHECK(watched.expired());
}

TEST_CASE("hpp: a handler frees the engine under a view of it") {
  auto owner = std::make_unique<confab::engine>();
  confab::user_options bot;
  bot.nick = confab::str("bot");
  const confab::user_id user = owner->create_user(bot);
  owner->on<confab::nick>(confab::policy, [&](confab::call &, const confab::nick &) {
    owner.reset();
    return confab::deny("no");
  });
  confab::engine_ref view = *owner; // the outermost call is a view's
  CHECK(view.try_submit(confab::commands::nick(user, "tob")).status == CONFAB_ERR_DENIED);
  CHECK(owner == nullptr);
}

TEST_CASE("hpp: a callback of the host frees the engine") {
  struct leaving : confab::push_host {
    confab_status send(confab::conn_id, void *, std::span<const confab_slice> slices,
                       std::size_t &accepted) override {
      owner->reset();
      for (const confab_slice &slice : slices) {
        accepted += slice.len;
      }
      return CONFAB_OK;
    }
    std::unique_ptr<confab::engine> *owner = nullptr;
  };
  auto host = std::make_unique<leaving>();
  std::unique_ptr<confab::engine> owner;
  host->owner = &owner;
  owner = std::make_unique<confab::engine>(confab::options{}, std::move(host));
  const confab::conn_id ann = owner->open(confab::conn_options{}, 0);
  REQUIRE(owner->feed(ann, 0, "NICK ann\r\nUSER ann 0 * :Ann\r\n").status == CONFAB_OK);
  CHECK(owner->flush() == CONFAB_OK);
  CHECK(owner == nullptr);
}

TEST_CASE("hpp: a deferred answer frees the engine") {
  auto owner = std::make_unique<confab::engine>();
  confab::token waiting;
  owner->on<confab::nick>(confab::policy, [&](confab::policy_call &call, const confab::nick &) {
    waiting = call.defer();
    return call.deferred();
  });
  owner->on<confab::nick>(confab::observe,
                          [&](confab::call &, const confab::nick &) { owner.reset(); });
  confab::user_options bot;
  bot.nick = confab::str("bot");
  const confab::user_id user = owner->create_user(bot);
  REQUIRE(owner->submit(confab::commands::nick(user, "tob")).status == CONFAB_PARKED);
  owner->waiting<confab::nick>(waiting).value().pass();
  CHECK(owner == nullptr);
}

TEST_CASE("hpp: an engine takes another's place inside its own handler") {
  chat c;
  c.engine.on<confab::registration>(
      confab::observe,
      [&](confab::call &, const confab::registration &) { c.engine = confab::engine(); });
  const confab::conn_id ann = c.open();
  CHECK(c.engine.feed(ann, 0, "NICK ann\r\nUSER ann 0 * :Ann\r\n").status == CONFAB_OK);
  CHECK(c.engine.is_open());
  CHECK_FALSE(c.engine.find_user("ann").has_value());
  CHECK(c.client("bob"));
}

TEST_CASE("hpp: who decides fails, and the handler's policy holds") {
  for (const bool fail_open : {false, true}) {
    chat c;
    confab::token waiting;
    c.engine.on<confab::message>(confab::policy,
                                 [&](confab::policy_call &call, const confab::message &) {
                                   waiting = call.defer();
                                   return call.deferred();
                                 },
                                 {.fail_open = fail_open});
    const confab::conn_id ann = c.client("ann"), bob = c.client("bob");
    c.says(ann, "PRIVMSG bob :hello\r\n");
    REQUIRE(c.engine.resolve(waiting, confab::failed) == CONFAB_OK);
    REQUIRE(c.engine.flush() == CONFAB_OK);
    CHECK(contains(c.hears(bob), "hello") == fail_open);
    CHECK(c.engine.resolve(waiting, confab::failed) == CONFAB_ERR_STALE_ID);
  }
}

TEST_CASE("hpp: a library of another ABI is refused in words") {
  using confab::detail::library_fits;
  STATIC_REQUIRE(library_fits(CONFAB_ABI_MAJOR, CONFAB_ABI_MINOR));
  STATIC_REQUIRE_FALSE(library_fits(CONFAB_ABI_MAJOR, CONFAB_ABI_MINOR - 1));
  STATIC_REQUIRE_FALSE(library_fits(CONFAB_ABI_MAJOR + 1, CONFAB_ABI_MINOR));
  const confab::other_library older(CONFAB_ABI_MAJOR, CONFAB_ABI_MINOR - 1);
  CHECK(contains(older.what(), "libconfab is older than this program"));
  CHECK(older.status() == CONFAB_ERR_UNSUPPORTED);
  const confab::other_library newer(CONFAB_ABI_MAJOR, CONFAB_ABI_MINOR + 1);
  CHECK(contains(newer.what(), "newer"));
}
