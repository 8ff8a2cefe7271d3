// SPDX-License-Identifier: MIT
//
// message_filter: whole words without case, its settings, and its life. It is the file that people
// copy: what is tested here is what it shows.

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_message_filter;

namespace {

const confab_plugin_entry &entry = confab_plugin_message_filter;

} // namespace

TEST_CASE("message_filter refuses whole words, without case, in channels and to users") {
  plugged p;
  REQUIRE(p.add(entry, {{"words", "spam\nham and eggs"}}) == CONFAB_OK);
  for (const char *bad : {"spam", "SPAM!", "some sPaM here", "(spam)", "spammy spam",
                          "ham and eggs", "Ham And Eggs, please"}) {
    INFO(bad);
    CHECK(p.heard(p.bob, p.ann, std::string("PRIVMSG #x :") + bad).empty());
    CHECK(has(p.heard(p.cat, p.cat, std::string("PRIVMSG bob :") + bad),
              "Please choose other words."));
  }
  for (const char *good : {"spammy", "xspam", "spam\xc3\xa9", "ham", "ham  and eggs", "hello"}) {
    INFO(good);
    CHECK(has(p.heard(p.bob, p.ann, std::string("PRIVMSG #x :") + good), good));
  }
}

TEST_CASE("message_filter says what its setting says, and takes new settings at once") {
  plugged p;
  REQUIRE(p.add(entry, {{"words", "spam"}, {"reply", "No adverts."}}) == CONFAB_OK);
  CHECK(has(p.heard(p.ann, p.ann, "PRIVMSG #x :spam"), "No adverts."));
  REQUIRE(p.configure({{"words", "ham"}}) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :spam"), "spam"));
  CHECK(has(p.heard(p.ann, p.ann, "PRIVMSG #x :ham"), "Please choose other words."));
  CHECK(p.configure({{"reply", "no words"}}) == CONFAB_ERR_ARG);
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :ham").empty());
}

TEST_CASE("message_filter does not begin without words, or with too many") {
  plugged p;
  CHECK(p.add(entry) == CONFAB_ERR_ARG);
  CHECK(p.plugin == 0);
  std::string many = "w0";
  for (int i = 1; i <= 1000; ++i)
    many += "\nw" + std::to_string(i);
  CHECK(p.add(entry, {{"words", many}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"words", "x"}, {"reply", std::string(201, 'r')}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"words", "x"}, {"colour", "red"}}) == CONFAB_ERR_NOT_FOUND);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :w1"), "w1"));
  CHECK(p.released == 0);
}

TEST_CASE("message_filter: two instances judge by their own words, and one goes alone") {
  plugged p;
  REQUIRE(p.add(entry, {{"words", "spam"}}, "one") == CONFAB_OK);
  const confab_id one = p.plugin;
  REQUIRE(p.add(entry, {{"words", "ham"}}, "two") == CONFAB_OK);
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :spam").empty());
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :ham").empty());
  REQUIRE(confab_plugin_remove(p.engine, one, 0) == CONFAB_OK);
  CHECK(p.released == 1);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :spam"), "spam"));
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :ham").empty());
  CHECK(p.finish() == "");
  CHECK(p.released == 2);
}
