// SPDX-License-Identifier: MIT
//
// Operators of two kinds, as plugins tell them apart: what is for administrators is not for other
// operators of the server. What each permission means for properties is in properties.cpp, for
// commands in additions.cpp.
#include "support/catch.hpp"
#include "unit/bus/plugged.hpp"

using namespace confab::test;

TEST_CASE("a plugin and a command may be for administrators only") {
  pluggable chat;
  const auto gives = [&](std::uint32_t mode) {
    confab_event_user_change e{};
    CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_USER_CHANGE);
    e.user = chat.ann_user();
    e.what = CONFAB_USER_MODE;
    e.mode = mode;
    e.set = 1;
    CHECK(confab_command_submit(chat.engine, &e.head, nullptr) == CONFAB_OK);
    chat.read_all();
  };
  chat.fake.entry.message_permission = CONFAB_PERMIT_ADMINISTRATOR;
  REQUIRE(chat.plug() == CONFAB_OK);
  thing &t = chat.command(
      "BOSS", [](confab_command_spec &s) { s.permission = CONFAB_PERMIT_ADMINISTRATOR; });
  REQUIRE(chat.last == CONFAB_OK);
  for (const bool server_operator : {false, true}) {
    INFO("an operator: " << server_operator);
    if (server_operator)
      gives(CONFAB_UMODE_OPERATOR);
    chat.say(chat.ann, "EXTMSG fake :x");
    CHECK(has(chat.read(chat.ann), " 481 ann "));
    chat.say(chat.ann, "BOSS");
    CHECK(has(chat.read(chat.ann), " 481 ann "));
  }
  CHECK(chat.fake.heard == 0);
  CHECK(chat.info(t.id).calls_total == 0);
  gives(CONFAB_UMODE_ADMINISTRATOR);
  chat.say(chat.ann, "EXTMSG fake :x\r\nBOSS");
  CHECK(chat.fake.heard == 1);
  CHECK(chat.info(t.id).calls_total == 1);
}
