// SPDX-License-Identifier: MIT
//
// channel_block: patterns in a file, reading it again, and files that cannot be. What a file says
// is data of the tests; there is none beside them.

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_channel_block;

namespace {

const confab_plugin_entry &entry = confab_plugin_channel_block;

bool opens(plugged &p, const std::string &name) {
  p.say(p.cat, "JOIN " + name);
  const bool open = p.channel(name) != 0;
  p.say(p.cat, "PART " + name);
  p.read_all();
  return open;
}

} // namespace

TEST_CASE("channel_block refuses names and patterns of its file") {
  plugged::setup with_mapping;
  with_mapping.tweak = [](confab_engine_options &o) { o.casemap = CONFAB_CASEMAP_RFC1459; };
  plugged p(with_mapping);
  const scratch_folder folder;
  const std::string file =
      folder.write("blocked", "; a comment\r\n\n#Warez  \r\n#mp3*\n*free?stuff*\n#a{b");
  REQUIRE(p.add(entry, {{"file", file}}) == CONFAB_OK);
  for (const char *name :
       {"#warez", "#WAREZ", "#mp3", "#mp3-2", "#my-free-stuff-here", "#free.stuff", "#A[B"}) {
    INFO(name);
    CHECK_FALSE(opens(p, name));
  }
  for (const char *name : {"#warez2", "#mp", "#freestuff", "#;", "#chat"}) {
    INFO(name);
    CHECK(opens(p, name));
  }
  CHECK(has(p.heard(p.cat, p.cat, "JOIN #warez"), "This channel may not be opened here."));
}

TEST_CASE("channel_block leaves alone what the administration registered") {
  plugged p;
  const scratch_folder folder;
  REQUIRE(p.add(entry, {{"file", folder.write("blocked", "#kept\n#auto\n")}}) == CONFAB_OK);
  REQUIRE(
      confab_service_set(p.engine, CONFAB_STR(R"({"channels":[{"name":"#kept"},{"name":"#auto",)"
                                              R"("autostart":true}]})")) == CONFAB_OK);
  p.say(p.cat, "JOIN #kept\r\nJOIN #auto");
  confab_user_info cat{};
  cat.struct_size = sizeof cat;
  REQUIRE(confab_user_get(p.engine, p.user("cat"), &cat) == CONFAB_OK);
  CHECK(cat.channels == 2);
}

TEST_CASE("channel_block compares names as the engine does") {
  plugged::setup with_mapping;
  with_mapping.tweak = [](confab_engine_options &o) { o.casemap = CONFAB_CASEMAP_ASCII; };
  plugged p(with_mapping);
  const scratch_folder folder;
  REQUIRE(p.add(entry, {{"file", folder.write("blocked", "#A{b\n")}}) == CONFAB_OK);
  CHECK_FALSE(opens(p, "#a{B"));
  CHECK(opens(p, "#a[b"));
}

TEST_CASE("channel_block: who is in a channel already stays, and others may come") {
  plugged p;
  const scratch_folder folder;
  REQUIRE(p.add(entry, {{"file", folder.write("blocked", "#x\n")}}) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.cat, "JOIN #x"), "JOIN"));
}

TEST_CASE("channel_block reads its file again when it is configured, or keeps the old one") {
  plugged p;
  const scratch_folder folder;
  const std::string file = folder.write("blocked", "#one\n");
  REQUIRE(p.add(entry, {{"file", file}, {"reply", "Not that one."}}) == CONFAB_OK);
  CHECK(has(p.heard(p.cat, p.cat, "JOIN #one"), "Not that one."));
  folder.write("blocked", "#two\n");
  CHECK_FALSE(opens(p, "#one"));
  REQUIRE(p.configure({{"file", file}}) == CONFAB_OK);
  CHECK(opens(p, "#one"));
  CHECK_FALSE(opens(p, "#two"));
  CHECK(p.configure({{"file", folder.path + "/none"}}) == CONFAB_ERR_ARG);
  CHECK_FALSE(opens(p, "#two"));
}

TEST_CASE("channel_block does not begin with a file that cannot be read") {
  plugged p;
  const scratch_folder folder;
  CHECK(p.add(entry) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"file", "relative"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"file", folder.path + "/none"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"file", folder.path}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"file", folder.write("large", std::string((1U << 20) + 1, 'x'))}}) ==
        CONFAB_ERR_ARG);
  std::string many;
  for (int i = 0; i <= 10000; ++i)
    many += "#" + std::to_string(i) + "\n";
  CHECK(p.add(entry, {{"file", folder.write("many", many)}}) == CONFAB_ERR_ARG);
  CHECK(p.logged("more than 10000 names"));
  CHECK(opens(p, "#1"));
  many.resize(many.size() - 7); // 10000 of them
  REQUIRE(p.add(entry, {{"file", folder.write("many", many)}}) == CONFAB_OK);
  CHECK_FALSE(opens(p, "#1"));
}

TEST_CASE("channel_block: hostile patterns take no time, and instances are apart") {
  plugged p;
  const scratch_folder folder;
  std::string stars = "#";
  for (int i = 0; i < 40; ++i)
    stars += "a*";
  REQUIRE(p.add(entry, {{"file", folder.write("stars", stars + "b\n")}}) == CONFAB_OK);
  const confab_id first = p.plugin;
  CHECK(opens(p, "#" + std::string(45, 'a')));
  REQUIRE(p.add(entry, {{"file", folder.write("other", "#two\n")}}, "other") == CONFAB_OK);
  CHECK_FALSE(opens(p, "#two"));
  REQUIRE(p.remove() == CONFAB_OK);
  CHECK(opens(p, "#two"));
  CHECK_FALSE(opens(p, "#" + std::string(45, 'a') + "b"));
  REQUIRE(confab_plugin_remove(p.engine, first, 0) == CONFAB_OK);
  CHECK(p.finish() == "");
  CHECK(p.released == 2);
}
