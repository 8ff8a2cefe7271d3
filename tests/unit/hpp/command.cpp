// SPDX-License-Identifier: MIT
//
// Commands from C++: how they are filled in, and that each does what its name says. Mirrors
// confab/cpp/command.hpp and the submits of engine_ref.hpp. What the engine makes of a command is
// tested elsewhere.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

using hpp_test::chat;
using hpp_test::contains;
namespace commands = confab::commands;

TEST_CASE("hpp: a command begins empty, with its size, type and actor") {
  const confab::command<confab::kick> kick(confab::user_id(7));
  REQUIRE(kick.head.struct_size == sizeof(confab_event_kick));
  REQUIRE(kick.head.type == CONFAB_EVENT_KICK);
  REQUIRE(kick.head.space == 0);
  REQUIRE(kick.head.flags == 0);
  REQUIRE(kick.head.actor == 7);
  REQUIRE(kick.channel == 0);
  REQUIRE(kick.text.len == 0);
}

TEST_CASE("hpp: commands act") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  const confab::conn_id bob = c.client("bob");
  const confab::user_id ann_user = c.user("ann");
  const confab::user_id bob_user = c.user("bob");
  (void)c.hears(ann);

  const confab::submitted joined = c.engine.submit(commands::join(bob_user, "#tea"));
  REQUIRE(joined.status == CONFAB_OK);
  REQUIRE(joined.seq > 0);
  const confab::channel_id tea = c.channel("#tea");
  REQUIRE(c.engine.find_member(tea, bob_user).has_value());

  REQUIRE(c.engine.submit(commands::say(bob_user, tea, "one lump")).seq > joined.seq);
  c.engine.submit(commands::say(bob_user, ann_user, "or two", CONFAB_MESSAGE_NOTICE));
  c.engine.submit(commands::topic(ann_user, tea, "milk first"));
  c.engine.submit(commands::nick(bob_user, "rob"));
  REQUIRE(c.engine.flush() == CONFAB_OK);
  const std::string heard = c.hears(ann);
  REQUIRE(contains(heard, "PRIVMSG #tea :one lump"));
  REQUIRE(contains(heard, "NOTICE ann :or two"));
  REQUIRE(contains(heard, "NICK"));
  REQUIRE(confab::view(c.engine.get(tea)->topic) == "milk first");
  REQUIRE(c.engine.find_user("rob") == bob_user);

  c.engine.submit(commands::kick(ann_user, tea, bob_user, "no sugar"));
  REQUIRE_FALSE(c.engine.find_member(tea, bob_user).has_value());
  c.engine.submit(commands::part(ann_user, tea, "enough"));
  REQUIRE_FALSE(c.engine.find_channel("#tea").has_value());
  c.engine.submit(commands::quit(bob_user, "bye"));
  REQUIRE_FALSE(c.engine.get(bob_user).has_value());
  REQUIRE(c.engine.flush() == CONFAB_OK);
  REQUIRE(contains(c.hears(bob), "no sugar"));
}

TEST_CASE("hpp: a refused command throws, or answers with its status") {
  chat c;
  (void)c.client("ann", "#tea");
  (void)c.client("bob", "#tea");
  const auto kick = commands::kick(c.user("bob"), c.channel("#tea"), c.user("ann"));
  REQUIRE(c.engine.try_submit(kick).status == CONFAB_ERR_DENIED);
  try {
    c.engine.submit(kick);
    FAIL("nothing was thrown");
  } catch (const confab::error &thrown) {
    REQUIRE(thrown.status() == CONFAB_ERR_DENIED);
  }
  REQUIRE(c.engine.get(c.channel("#tea"))->members == 2);
}

TEST_CASE("hpp: a user needs no connection") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  confab::user_options options;
  options.nick = confab::str("kettle");
  const confab::user_id kettle = c.engine.create_user(options);
  c.engine.submit(commands::join(kettle, "#tea"));
  c.engine.submit(commands::say(kettle, c.channel("#tea"), "boiling"));
  REQUIRE(c.engine.flush() == CONFAB_OK);
  REQUIRE(contains(c.hears(ann), "PRIVMSG #tea :boiling"));
  REQUIRE(c.engine.get(kettle)->sessions == 0);
  REQUIRE_THROWS_AS(c.engine.create_user(options), confab::error);
}

TEST_CASE("hpp: a command of one's own making") {
  chat c;
  (void)c.client("ann", "#tea");
  confab::command<confab::channel_change> command(c.user("ann"));
  command.channel = c.channel("#tea").raw();
  command.mode = CONFAB_CMODE_LIMIT;
  command.set = 1;
  command.value = confab::str("12");
  c.engine.submit(command);
  REQUIRE(c.engine.get(c.channel("#tea"))->limit == 12);
}
