// SPDX-License-Identifier: MIT
//
// The plugin custom_command: what ISLOCAL answers, to whom, and that it comes and goes without
// leaving anything. What added commands are in general is tested with the bus.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"

extern "C" const confab_plugin_entry confab_plugin_custom_command;

using namespace confab::test;

namespace {

struct islocal : with_plugin {
  islocal() : with_plugin(confab_plugin_custom_command) {}
};

} // namespace

TEST_CASE("ISLOCAL says whether a user is connected here") {
  islocal f;
  CHECK(has(f.ask(f.bob, "ISLOCAL ann"), " 421 "));
  REQUIRE(f.add() == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "ISLOCAL ann"), "NOTICE bob :ann is connected here with 1 session\r\n"));
  CHECK(has(f.ask(f.bob, "islocal ANN"), "ann is connected here with 1 session\r\n"));
  CHECK(has(f.ask(f.bob, "ISLOCAL dan"), "Nobody here is called dan\r\n"));

  const confab_id second = f.open();
  REQUIRE(confab_conn_attach(f.engine, second, f.now, f.user("ann")) == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "ISLOCAL ann"), "ann is connected here with 2 sessions\r\n"));

  confab_user_options bot = confab_user_options_init();
  bot.nick = CONFAB_STR("bot");
  confab_id id = 0;
  REQUIRE(confab_user_create(f.engine, &bot, &id) == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "ISLOCAL bot"), "bot is not connected here\r\n"));
}

TEST_CASE("ISLOCAL takes one nick, from those who are registered, and has help") {
  islocal f;
  REQUIRE(f.add() == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "ISLOCAL"), " 461 bob ISLOCAL "));
  CHECK(has(f.ask(f.bob, "ISLOCAL ann bob"), " 461 bob ISLOCAL "));
  CHECK(has(f.ask(f.bob, "HELP ISLOCAL"), "Says whether that user is connected to this server."));
  CHECK(has(f.ask(f.open(), "ISLOCAL ann"), " 451 "));
  CHECK(has(f.ask(f.bob, "ISLOCAL :"), "Whom do you mean?\r\n"));
  const std::string longest(400, 'x');
  CHECK(has(f.ask(f.bob, "ISLOCAL " + longest),
            "Nobody here is called " + longest.substr(0, 64) + "\r\n"));
}

TEST_CASE("ISLOCAL has no settings, takes no messages, and is there once") {
  islocal f;
  CHECK(f.add({{"verb", "X"}}) == CONFAB_ERR_NOT_FOUND);
  REQUIRE(f.add() == CONFAB_OK);
  confab_id second = 0;
  CHECK(f.add_to(f.engine, {}, "other", second) == CONFAB_ERR_EXISTS);
  CHECK(f.tell("STATUS") == "(failed)");
  CHECK(f.configure({}) == CONFAB_ERR_STATE);

  hooked elsewhere; // another engine has its own
  REQUIRE(f.add_to(elsewhere.engine, {}, {}, second) == CONFAB_OK);
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(f.plugin_released == 1);
  CHECK(has(f.ask(f.bob, "ISLOCAL ann"), " 421 "));
  REQUIRE(f.add() == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "ISLOCAL ann"), "is connected here"));
  CHECK(elsewhere.destroy().empty());
  CHECK(f.destroy().empty());
  CHECK(f.plugin_released == 3);
}

TEST_CASE("ISLOCAL is refused where its verb is taken, and leaves nothing") {
  islocal f;
  confab_command_spec spec = confab_command_spec_init();
  spec.verb = CONFAB_STR("ISLOCAL");
  spec.run = [](void *, confab_engine *, const confab_event_command *) -> confab_status {
    return CONFAB_OK;
  };
  confab_id taken = 0;
  REQUIRE(confab_command_add(f.engine, &spec, &taken) == CONFAB_OK);
  const std::size_t before = f.additions();
  CHECK(f.add() == CONFAB_ERR_EXISTS);
  CHECK(f.additions() == before);
  CHECK(f.stats().plugins == 0);
  REQUIRE(confab_addition_remove(f.engine, taken) == CONFAB_OK);
  CHECK(f.add() == CONFAB_OK);
}
