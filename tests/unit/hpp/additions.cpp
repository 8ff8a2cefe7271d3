// SPDX-License-Identifier: MIT
//
// Commands and timers of a program's own, and lines for one connection. Mirrors
// confab/cpp/additions.hpp; what additions mean is tested in unit/bus.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <memory>
#include <stdexcept>

using hpp_test::chat;
using hpp_test::contains;
using namespace std::chrono_literals;

TEST_CASE("hpp: a command gets its parameters and answers") {
  chat c;
  const confab::addition_id roll = c.engine.add_command(
      {.verb = "ROLL", .help = "ROLL <sides>", .params_min = 1, .params_max = 2},
      [](confab::engine_ref engine, const confab::used_command &used) {
        CHECK(used.params() == 2);
        CHECK(used.param(2).empty());
        engine.notice(used.origin(),
                      std::string(used.param(0)).append(" and ").append(used.param(1)));
      });
  const confab::conn_id ann = c.client("ann");
  c.says(ann, "ROLL six times\r\n");
  CHECK(contains(c.hears(ann), ":six and times\r\n"));
  c.says(ann, "ROLL\r\n");
  CHECK(contains(c.hears(ann), " 461 "));
  CHECK(confab::view(c.engine.get(roll).value().name) == "ROLL");
  CHECK(c.engine.get(roll)->calls_total == 1);

  CHECK(c.engine.remove(roll));
  CHECK_FALSE(c.engine.remove(roll));
  CHECK_FALSE(c.engine.get(roll).has_value());
  c.says(ann, "ROLL six times\r\n");
  CHECK(contains(c.hears(ann), " 421 "));
}

TEST_CASE("hpp: a command that throws has failed") {
  chat c;
  const confab::addition_id bad =
      c.engine.add_command({.verb = "BAD"}, [](confab::engine_ref, const confab::used_command &) {
        throw std::runtime_error("boom");
      });
  const confab::conn_id ann = c.client("ann");
  c.says(ann, "BAD\r\n");
  CHECK(c.engine.get(bad)->failed_total == 1);
}

TEST_CASE("hpp: a command that cannot be added leaves nothing behind") {
  chat c;
  const auto held = std::make_shared<int>(0);
  const auto run = [held](confab::engine_ref, const confab::used_command &) {};
  CHECK_THROWS_AS(c.engine.add_command({.verb = "PRIVMSG"}, run), confab::error);
  CHECK(held.use_count() == 2); // this one, and run's
  c.engine.add_command({.verb = "MINE"}, run);
  CHECK(held.use_count() == 3);
  c.engine.destroy();
  CHECK(held.use_count() == 2);
}

TEST_CASE("hpp: timers run when their time has come, until they are removed") {
  chat c;
  int once = 0, often = 0;
  c.engine.add_timer({.delay = 100ms, .name = "once"},
                     [&](confab::engine_ref, confab::timer_id) { ++once; });
  const confab::timer_id beat = c.engine.add_timer(
      {.delay = 100ms, .interval = 100ms}, [&](confab::engine_ref engine, confab::timer_id self) {
        if (++often == 3) {
          CHECK(engine.remove(self));
        }
      });
  for (int tenth = 1; tenth <= 10; ++tenth) {
    REQUIRE(c.engine.tick(static_cast<confab_time>(tenth) * 120'000'000) == CONFAB_OK);
  }
  CHECK(once == 1);
  CHECK(often == 3);
  CHECK_FALSE(c.engine.remove(beat));
  CHECK_THROWS_AS(c.engine.add_timer({.delay = -1ms}, [](confab::engine_ref, confab::timer_id) {}),
                  confab::error);
}

TEST_CASE("hpp: a notice to nobody is an error") {
  chat c;
  const confab::conn_id ann = c.client("ann");
  c.engine.notice(ann, "for you alone");
  REQUIRE(c.engine.flush() == CONFAB_OK);
  CHECK(contains(c.hears(ann), "NOTICE ann :for you alone\r\n"));
  REQUIRE(c.engine.closed(ann, 0) == CONFAB_OK);
  CHECK_THROWS_AS(c.engine.notice(ann, "too late"), confab::error);
}
