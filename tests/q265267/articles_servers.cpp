// SPDX-License-Identifier: MIT
//
// What broke in the server before between servers, by article. Engines are not linked; what servers
// said to each other then, a host or a bridge says now: it makes users who are elsewhere, gives
// them rights and nicks, and describes channels. Each test is named after its article; articles.txt
// lists all of them.
#include "support/catch.hpp"
#include "unit/bus/plugged.hpp"

#include <bit>

using namespace confab::test;

namespace {

confab_id elsewhere(engine_fixture &chat, std::string_view nick, confab_status *status = nullptr) {
  confab_user_options who = confab_user_options_init();
  who.nick = str_of(nick);
  confab_id user = 0;
  const confab_status made = confab_user_create(chat.engine, &who, &user);
  if (status)
    *status = made;
  return user;
}

confab_status gives(engine_fixture &chat, confab_id user, std::uint32_t mode, std::uint32_t set,
                    std::uint16_t flags) {
  confab_event_user_change e;
  CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_USER_CHANGE);
  e.head.flags = flags;
  e.user = user;
  e.what = CONFAB_USER_MODE;
  e.mode = mode;
  e.set = set;
  return confab_command_submit(chat.engine, &e.head, nullptr);
}

} // namespace

TEST_CASE("Q216963: rights that are given to somebody elsewhere are judged like anybody's words") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  const confab_id far = elsewhere(chat, "far"), gone = elsewhere(chat, "gone");
  REQUIRE(far != 0);
  REQUIRE(confab_user_quit(chat.engine, gone, CONFAB_STR("split")) == CONFAB_OK);
  constexpr auto known = static_cast<unsigned>(std::bit_width(unsigned{CONFAB_UMODE_MIC_ONLY}));
  for (const std::uint16_t flags : {std::uint16_t{0}, std::uint16_t{CONFAB_EVENT_FORCED}})
    for (const std::uint32_t set : {0U, 1U, 2U, UINT32_MAX})
      for (unsigned i = 0; i < 34; ++i) {
        const std::uint32_t mode = i < 32 ? std::uint32_t{1} << i : i == 32 ? 0 : UINT32_MAX;
        INFO("mode " << mode << ", set " << set << ", flags " << flags);
        const std::string before = chat.dump();
        CHECK(gives(chat, gone, mode, set, flags) == CONFAB_ERR_STALE_ID);
        CHECK(chat.dump() == before);
        const confab_status given = gives(chat, far, mode, set, flags);
        if (i >= known) { // no such mode, or several
          CHECK(given == CONFAB_ERR_DENIED);
          CHECK(chat.dump() == before);
        }
        CHECK(chat.broken().empty());
      }
  CHECK(gives(chat, far, CONFAB_UMODE_OPERATOR, 1, CONFAB_EVENT_FORCED) == CONFAB_OK);
  confab_user_info info{};
  info.struct_size = sizeof info;
  REQUIRE(confab_user_get(chat.engine, far, &info) == CONFAB_OK);
  CHECK((info.modes & CONFAB_UMODE_OPERATOR) != 0);
  ignore(chat.say(ann, "WHOIS far"));
  CHECK(has(chat.read(ann), " 313 ann far "));
}

TEST_CASE("Q162395: a nick that two sides have stays with who had it, and the other is told") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann"), far = elsewhere(chat, "far");
  REQUIRE(far != 0);
  const std::string before = chat.dump();
  confab_status made = CONFAB_OK;
  for (const std::string_view nick : {"ann", "ANN", "far"}) {
    CHECK(elsewhere(chat, nick, &made) == 0);
    CHECK(made == CONFAB_ERR_EXISTS);
  }
  for (const std::uint16_t flags : {std::uint16_t{0}, std::uint16_t{CONFAB_EVENT_FORCED}}) {
    confab_event_nick e;
    CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_NICK);
    e.head.flags = flags;
    e.head.actor = e.user = far;
    e.nick = CONFAB_STR("ann");
    CHECK(confab_command_submit(chat.engine, &e.head, nullptr) == CONFAB_ERR_EXISTS);
  }
  CHECK(chat.dump() == before);
  const confab_id her = chat.user("ann");
  ignore(chat.say(ann, "NICK far"));
  CHECK(has(chat.read(ann), " 433 ann far "));
  CHECK(chat.user("ann") == her);
  CHECK(chat.user("far") == far);
}

TEST_CASE("Q159329: a wrong mark of one channel is told with its place, and nothing else suffers") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  REQUIRE(confab_service_set(chat.engine, CONFAB_STR(R"({"channels":[{"name":"#lobby",)"
                                                     R"("autostart":true}]})")) == CONFAB_OK);
  ignore(chat.say(ann, "JOIN #lobby"));
  chat.read_all();
  const std::string before = chat.dump();
  for (const std::string_view mark : {"2", "-1", "\"yes\"", "null", "[]", "{}", "1.5"}) {
    INFO(mark);
    const std::string text =
        R"({"channels":[{"name":"#lobby"},{"name":"#two","autostart":)" + std::string(mark) + "}]}";
    CHECK(confab_service_set(chat.engine, str_of(text)) == CONFAB_ERR_ARG);
    confab_error_info error{};
    error.struct_size = sizeof error;
    REQUIRE(confab_engine_last_error(chat.engine, &error) == CONFAB_OK);
    CHECK(has(string_of(error.text), "channels[1].autostart"));
    CHECK(chat.dump() == before);
  }
  ignore(chat.say(ann, "PRIVMSG #lobby :still here\r\nPING x"));
  CHECK(has(chat.read(ann), " PONG "));
}

TEST_CASE("Q193381: who was built for an older version is taken, and for a newer is told so") {
  pluggable chat;
  fake_plugin older, newer;
  older.entry.abi_minor_least = 0;
  older.entry.id = "org.example.older";
  newer.entry.abi_minor_least = CONFAB_ABI_MINOR + 1;
  newer.entry.id = "org.example.newer";
  CHECK(chat.plug("older", {}, &older.entry) == CONFAB_OK);
  CHECK(chat.plug("newer", {}, &newer.entry) == CONFAB_ERR_UNSUPPORTED);
  confab_error_info error{};
  error.struct_size = sizeof error;
  REQUIRE(confab_engine_last_error(chat.engine, &error) == CONFAB_OK);
  INFO(string_of(error.text));
  CHECK(has(string_of(error.text), "newer"));
  CHECK(chat.states() == std::vector<std::uint32_t>{CONFAB_PLUGIN_LOADED, CONFAB_PLUGIN_REFUSED});
  ignore(chat.say(chat.ann, "PING x"));
  CHECK(has(chat.read(chat.ann), " PONG "));
}

TEST_CASE("Q198817: a key keeps operators out like anybody, or nobody who is to own the channel") {
  engine_fixture chat;
  const confab_id boss = chat.enter("boss"), ann = chat.enter("ann");
  REQUIRE(gives(chat, chat.user("boss"), CONFAB_UMODE_OPERATOR, 1, CONFAB_EVENT_FORCED) ==
          CONFAB_OK);
  chat.read_all();
  for (const bool dynamic : {false, true}) { // which says nothing of registered channels
    const std::string text = std::string(R"({"operator_owns_dynamic":)") +
                             (dynamic ? "true" : "false") +
                             R"(,"channels":[{"name":"#shut","key":"sesame"},)"
                             R"({"name":"#ours","key":"sesame","operator_owns":true}]})";
    REQUIRE(confab_service_set(chat.engine, str_of(text)) == CONFAB_OK);
    for (const confab_id who : {boss, ann}) {
      ignore(chat.say(who, "JOIN #shut"));
      CHECK(has(chat.read(who), " 475 "));
      ignore(chat.say(who, "JOIN #shut sesame"));
      CHECK(has(chat.read(who), " 366 "));
    }
    ignore(chat.say(ann, "JOIN #ours"));
    CHECK(has(chat.read(ann), " 475 "));
    ignore(chat.say(boss, "JOIN #ours"));
    CHECK(has(chat.read(boss), ":@boss"));
    ignore(chat.say(boss, "PART #shut,#ours"));
    ignore(chat.say(ann, "PART #shut"));
    chat.read_all();
  }
}

TEST_CASE("Q235619: nobody makes for himself what would be a clone of a registered channel") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  ignore(chat.say(ann, "JOIN #squat1"));
  REQUIRE(confab_service_set(chat.engine,
                             CONFAB_STR(R"({"channels":[{"name":"#lobby","modes":["cloneable"],)"
                                        R"("limit":1},{"name":"#squat","autostart":true,)"
                                        R"("modes":["cloneable"],"limit":1}]})")) == CONFAB_OK);
  chat.read_all();
  for (const std::string_view name : {"#lobby1", "#lobby99", "#LOBBY7", "#squat2"}) {
    INFO(name);
    ignore(chat.say(ann, "JOIN " + std::string(name)));
    CHECK(has(chat.read(ann), " 403 "));
    CHECK(chat.channel(name) == 0);
  }
  ignore(chat.say(ann, "JOIN #lobby"));
  CHECK(has(chat.read(ann), " 366 ann #lobby "));
  // A channel that was there before is no clone, and no one is led there.
  const confab_id bob = chat.enter("bob"), cat = chat.enter("cat");
  ignore(chat.say(bob, "JOIN #squat"));
  ignore(chat.say(cat, "JOIN #squat"));
  CHECK(has(chat.read(cat), " JOIN #squat2\r\n"));
  CHECK(chat.read(ann).empty());
  CHECK(chat.broken().empty());
}
