// SPDX-License-Identifier: MIT
//
// The plugin slowmode: who must wait, how long, what is said about it, and every way around it that
// somebody would try. What modes and slots are in general is tested with the bus.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"

extern "C" const confab_plugin_entry confab_plugin_slowmode;

using namespace confab::test;

namespace {

// Time passes before it is used, so that those who are there did not just join.
struct slow : with_plugin {
  explicit slow(const settings_list &settings = {}) : with_plugin(confab_plugin_slowmode) {
    added = add(settings);
    ignore(wait_ms(3'600'000));
    read_all();
  }
  // "" when it was said, else the text of the refusal.
  std::string speak(confab_id conn, std::string_view line = "PRIVMSG #x :hi") {
    const std::string out = ask(conn, line);
    const std::size_t at = out.find(" 404 ");
    if (at == std::string::npos)
      return out;
    const std::size_t text = out.find(" :", at) + 2;
    return out.substr(text, out.find("\r\n", text) - text);
  }
  confab_status added;
};

} // namespace

TEST_CASE("a member of a slow channel speaks once in so many seconds") {
  slow f;
  REQUIRE(f.added == CONFAB_OK);
  CHECK(f.speak(f.bob).empty());
  CHECK(f.speak(f.bob).empty());
  CHECK(has(f.ask(f.ann, "MODE #x +W 30"), "MODE #x +W 30"));
  CHECK(f.speak(f.bob).empty());
  CHECK(f.speak(f.bob) == "Slow mode: wait 30 more seconds before you speak again");
  ignore(f.wait_ms(28'500));
  CHECK(f.speak(f.bob) == "Slow mode: wait 2 more seconds before you speak again");
  ignore(f.wait_ms(1'000));
  CHECK(f.speak(f.bob, "NOTICE #x :hi").empty()); // never answered
  CHECK_FALSE(has(f.read(f.ann), "NOTICE"));
  CHECK(f.speak(f.bob) == "Slow mode: wait 1 more second before you speak again");
  ignore(f.wait_ms(500));
  (void)f.read(f.ann);
  CHECK(f.speak(f.bob, "NOTICE #x :now").empty());
  CHECK(has(f.read(f.ann), ":now"));
  CHECK(f.speak(f.bob) == "Slow mode: wait 30 more seconds before you speak again");
  CHECK(f.speak(f.bob, "PRIVMSG ann :elsewhere").empty());
  CHECK(has(f.ask(f.ann, "MODE #x -W"), "MODE #x -W"));
  CHECK(f.speak(f.bob).empty());
  CHECK(f.broken().empty());
}

TEST_CASE("operators, voiced members and the host are exempt from slow mode") {
  slow f;
  REQUIRE(f.added == CONFAB_OK);
  f.say(f.ann, "MODE #x +W 30");
  CHECK_FALSE(has(f.speak(f.ann), "Slow"));
  CHECK_FALSE(has(f.speak(f.ann), "Slow"));
  CHECK(f.speak(f.bob).empty());
  CHECK(has(f.speak(f.bob), "wait 30"));
  f.say(f.ann, "MODE #x +v bob");
  CHECK_FALSE(has(f.speak(f.bob), "Slow"));
  f.say(f.ann, "MODE #x -v bob");
  CHECK(has(f.speak(f.bob), "wait 30"));

  confab_event_message m;
  CONFAB_COMMAND_INIT(&m, CONFAB_EVENT_MESSAGE);
  m.kind = CONFAB_MESSAGE_PRIVMSG;
  m.target = f.channel("#x");
  m.text = CONFAB_STR("said by the host");
  CHECK(confab_command_submit(f.engine, &m.head, nullptr) == CONFAB_OK);
  m.head.actor = f.user("bob");
  CHECK(confab_command_submit(f.engine, &m.head, nullptr) == CONFAB_ERR_DENIED);
  m.head.flags = CONFAB_EVENT_FORCED;
  CHECK(confab_command_submit(f.engine, &m.head, nullptr) == CONFAB_OK);
}

TEST_CASE("leaving and coming back, or speaking from outside, is no way around slow mode") {
  slow f;
  REQUIRE(f.added == CONFAB_OK);
  f.say(f.ann, "MODE #x +W-n 30");
  CHECK(f.speak(f.bob).empty());
  f.say(f.bob, "PART #x");
  CHECK(f.speak(f.bob) == "Slow mode: only members may speak in this channel");
  f.say(f.bob, "JOIN #x");
  CHECK(has(f.speak(f.bob), "wait 30"));
  ignore(f.wait_ms(30'000));
  CHECK(f.speak(f.bob).empty());

  REQUIRE(f.configure({{"joining_counts", "no"}}) == CONFAB_OK);
  f.say(f.bob, "PART #x\r\nJOIN #x");
  CHECK(f.speak(f.bob).empty());
  CHECK(has(f.speak(f.bob), "wait 30"));
}

TEST_CASE("what another filter refuses costs no time in slow mode") {
  slow f;
  REQUIRE(f.added == CONFAB_OK);
  f.say(f.ann, "MODE #x +W 30");
  listener &other = f.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                         [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  CHECK_FALSE(f.speak(f.bob).empty());
  CHECK(other.calls == 1);
  REQUIRE(confab_hook_remove(f.engine, other.id) == CONFAB_OK);
  CHECK(f.speak(f.bob).empty());
}

TEST_CASE("slow mode takes a number of seconds within its bounds, from operators") {
  slow f(settings_list{{"longest", "60s"}});
  REQUIRE(f.added == CONFAB_OK);
  for (const char *bad : {"0", "61", "1.5", "-3", "+3", "x", "07", "999999999999", "1x"}) {
    CAPTURE(bad);
    CHECK(has(f.ask(f.ann, std::string("MODE #x +W ") + bad), "Slow mode takes 1 to 60 seconds"));
  }
  CHECK(has(f.ask(f.bob, "MODE #x +W 5"), " 482 "));
  CHECK_FALSE(has(f.ask(f.ann, "MODE #x"), "W"));
  CHECK(has(f.ask(f.ann, "MODE #x +W 60"), "+W 60"));
  CHECK(has(f.ask(f.ann, "MODE #x +W 1"), "+W 1"));
  REQUIRE(f.configure({{"longest", "2m"}}) == CONFAB_OK);
  CHECK(has(f.ask(f.ann, "MODE #x +W 120"), "+W 120"));
}

TEST_CASE("slow mode is refused with bad settings, and comes and goes whole") {
  slow f;
  REQUIRE(f.added == CONFAB_OK);
  confab_id second = 0;
  CHECK(f.add_to(f.engine, {{"letter", "X"}}, "other", second) == CONFAB_ERR_EXISTS);
  CHECK(f.configure({{"letter", "X"}}) == CONFAB_ERR_STATE);
  CHECK(f.configure({{"longest", "0s"}}) == CONFAB_ERR_ARG);
  CHECK(f.configure({{"longest", "1000000s"}}) == CONFAB_ERR_ARG);
  f.say(f.ann, "MODE #x +W 30");
  CHECK(f.speak(f.bob).empty());
  CHECK(has(f.speak(f.bob), "wait 30"));
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(f.plugin_released == 1);
  CHECK(f.stats().hooks == 0);
  CHECK(f.additions() == 0);
  CHECK(f.speak(f.bob).empty());
  CHECK_FALSE(has(f.ask(f.ann, "MODE #x"), "W"));

  for (const char *bad : {"ab", "", "o", "n", "1", " "}) {
    CAPTURE(bad);
    CHECK(f.add({{"letter", bad}}) < 0);
    CHECK(f.stats().plugins == 0);
    CHECK(f.additions() == 0);
    CHECK(f.stats().hooks == 0);
  }
  REQUIRE(f.add({{"letter", "S"}}) == CONFAB_OK);
  CHECK(has(f.ask(f.ann, "MODE #x +S 9"), "+S 9"));
  CHECK(f.speak(f.bob).empty());
  CHECK(f.destroy().empty()); // with data on a member
}

TEST_CASE("slow mode bounds two channels and two engines each alone") {
  slow f, g;
  for (slow *one : {&f, &g})
    one->say(one->ann, "MODE #x +W 30");
  f.say(f.bob, "JOIN #y");
  f.say(f.bob, "MODE #y +W 10");
  CHECK(f.speak(f.bob).empty());
  CHECK(g.speak(g.bob).empty());
  CHECK(has(f.speak(f.bob), "wait 30"));
  CHECK(f.speak(f.bob, "PRIVMSG #y :hi").empty()); // its operator
  CHECK(has(g.speak(g.bob), "wait 30"));
}
