// SPDX-License-Identifier: MIT
//
// The plugin session_monitor: that it counts what there is, by protocol and by address, whoever
// ends how, and tells operators.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"

extern "C" const confab_plugin_entry confab_plugin_session_monitor;

using namespace confab::test;

namespace {

struct monitored : with_plugin {
  monitored() : with_plugin(confab_plugin_session_monitor) {}
};

} // namespace

TEST_CASE("sessions are counted now, at most and in all, with how long they lasted") {
  monitored f;
  REQUIRE(f.add() == CONFAB_OK); // ann, bob and cat are there already
  CHECK(f.tell("STATUS") == "all: 3 now, 3 at most, 3 in all; none has ended\n"
                            "protocol=irc: 2 now, 2 at most, 2 in all; none has ended\n"
                            "protocol=ircv3: 1 now, 1 at most, 1 in all; none has ended\n"
                            "address=192.0.2.1: 3 now, 3 at most, 3 in all; none has ended\n");
  const confab_id dan = f.open("198.51.100.7");
  ignore(f.wait_ms(1'000)); // not registered: it does not count
  CHECK(has(f.tell("STATUS"), "all: 3 now"));
  f.enter(dan, "dan");
  CHECK(has(f.tell("STATUS"), "all: 4 now, 4 at most, 4 in all"));
  ignore(f.wait_ms(2'000));
  f.end(dan);
  ignore(f.wait_ms(3'000));
  f.say(f.cat, "QUIT :bye");
  CHECK(f.tell("STATUS") ==
        "all: 2 now, 4 at most, 4 in all; lasted 2.0 to 6.0 s, 4.0 s on average\n"
        "protocol=irc: 1 now, 3 at most, 3 in all; lasted 2.0 to 6.0 s, 4.0 s on average\n"
        "protocol=ircv3: 1 now, 1 at most, 1 in all; none has ended\n"
        "address=192.0.2.1: 2 now, 3 at most, 3 in all; lasted 6.0 to 6.0 s, 6.0 s on average\n"
        "address=198.51.100.7: 0 now, 1 at most, 1 in all; lasted 2.0 to 2.0 s, 2.0 s on "
        "average\n");
  f.end(f.open()); // never registered
  CHECK(has(f.tell("STATUS"), "all: 2 now, 4 at most, 4 in all"));
}

TEST_CASE(
    "a session that the host attached, and a user without one, are counted as what they are") {
  monitored f;
  REQUIRE(f.add() == CONFAB_OK);
  const confab_id second = f.open();
  REQUIRE(confab_conn_attach(f.engine, second, f.now, f.user("ann")) == CONFAB_OK);
  ignore(f.wait_ms(1'000));
  f.end(second);
  CHECK(has(f.tell("STATUS"),
            "all: 3 now, 4 at most, 4 in all; lasted 1.0 to 1.0 s, 1.0 s on average"));
  confab_user_options bot = confab_user_options_init();
  bot.nick = CONFAB_STR("bot");
  confab_id id = 0;
  REQUIRE(confab_user_create(f.engine, &bot, &id) == CONFAB_OK);
  confab_event_disconnect end;
  CONFAB_COMMAND_INIT(&end, CONFAB_EVENT_DISCONNECT);
  end.head.actor = id;
  REQUIRE(confab_command_submit(f.engine, &end.head, nullptr) == CONFAB_OK);
  CHECK(has(f.tell("STATUS"), "all: 3 now, 4 at most, 4 in all"));
}

TEST_CASE("SESSIONS answers operators with numerics, and others not at all") {
  monitored f;
  REQUIRE(f.add() == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "SESSIONS"), " 481 "));
  CHECK(has(f.ask(f.bob, "EXTMSG session_monitor STATUS"), " 481 "));
  f.promote(f.ann);
  CHECK(f.ask(f.ann, "SESSIONS") ==
        ":confab.local 297 ann all 3 3 3 :none has ended\r\n"
        ":confab.local 297 ann protocol=irc 2 2 2 :none has ended\r\n"
        ":confab.local 297 ann protocol=ircv3 1 1 1 :none has ended\r\n"
        ":confab.local 297 ann address=192.0.2.1 3 3 3 :none has ended\r\n"
        ":confab.local 298 ann :End of SESSIONS\r\n");
  CHECK(has(f.ask(f.ann, "SESSIONS now"), " 461 "));
  CHECK(has(f.ask(f.ann, "HELP SESSIONS"), "Shows how many sessions there are"));
  CHECK(has(f.ask(f.ann, "EXTMSG session_monitor STATUS"), "all: 3 now, 3 at most, 3 in all"));
  CHECK(has(f.ask(f.ann, "EXTMSG session_monitor RESET"), "NOTICE ann :STATUS\r\n"));
  CHECK(has(f.ask(f.ann, "VERSION"), " SESSIONS "));
}

TEST_CASE("at most so many addresses are counted alone; the rest are others") {
  monitored f;
  REQUIRE(f.add({{"addresses", "2"}, {"announce", "no"}}) == CONFAB_OK);
  CHECK_FALSE(has(f.ask(f.bob, "VERSION"), " SESSIONS "));
  const auto come = [&](std::string_view address, std::string_view nick) {
    const confab_id conn = f.open(address);
    f.enter(conn, nick);
    return conn;
  };
  const confab_id dan = come("198.51.100.1", "dan");
  const confab_id eve = come("::1", "eve");
  CHECK(has(f.tell("STATUS"), "others: 1 now, 1 at most, 1 in all"));
  CHECK_FALSE(has(f.tell("STATUS"), "::1"));
  f.end(dan); // makes room: the next one is counted alone, and dan's past is among the others'
  const confab_id fay = come("::2", "fay");
  CHECK(has(f.tell("STATUS"), "address=0::2: 1 now, 1 at most, 1 in all"));
  CHECK(has(f.tell("STATUS"), "others: 1 now, 1 at most, 2 in all; lasted 0.0"));
  f.end(eve);
  f.end(fay);
  CHECK(has(f.tell("STATUS"), "others: 0 now, 1 at most, 2 in all"));
  CHECK(has(f.tell("STATUS"), "all: 3 now, 5 at most, 6 in all"));
  f.promote(f.ann);
  CHECK(has(f.ask(f.ann, "SESSIONS"), " 297 ann address=0::2 0 1 1 :"));
}

TEST_CASE("the session monitor comes and goes at any moment, once in an engine") {
  monitored f;
  CHECK(f.add({{"addresses", "0"}}) == CONFAB_ERR_ARG);
  CHECK(f.add({{"announce", "maybe"}}) == CONFAB_ERR_ARG);
  CHECK(f.add({{"unknown", "1"}}) == CONFAB_ERR_NOT_FOUND);
  REQUIRE(f.add() == CONFAB_OK);
  confab_id second = 0;
  CHECK(f.add_to(f.engine, {}, "other", second) == CONFAB_ERR_EXISTS);
  CHECK(f.configure({{"addresses", "5"}}) == CONFAB_ERR_STATE);
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(f.stats().hooks == 0);
  CHECK(f.additions() == 0);
  f.end(f.cat);
  REQUIRE(f.add() == CONFAB_OK);
  CHECK(has(f.tell("STATUS"), "all: 2 now, 2 at most, 2 in all"));
  CHECK(f.destroy().empty());
  CHECK(f.plugin_released == 2);
}

TEST_CASE("the session monitor leaves nothing when a numeric of its own is taken") {
  monitored f;
  confab_numeric_spec spec = confab_numeric_spec_init();
  spec.number = 298;
  spec.name = CONFAB_STR("RPL_OTHER");
  REQUIRE(confab_numeric_add(f.engine, &spec, nullptr) == CONFAB_OK);
  CHECK(f.add() == CONFAB_ERR_EXISTS);
  CHECK(f.logged("cannot add a numeric"));
  CHECK(f.additions() == 1);
  CHECK(f.stats().hooks == 0);
  CHECK(f.broken().empty());
}
