// SPDX-License-Identifier: MIT
//
// topic_mangler: what survives of a topic, its commands and who may use them. Topics come as bytes,
// and not all of those are characters.

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_topic_mangler;

namespace {

std::string topic(const plugged &p) {
  confab_channel_info info{};
  info.struct_size = sizeof info;
  ignore(confab_channel_get(p.engine, p.channel("#x"), &info));
  return string_of(info.topic);
}

} // namespace

TEST_CASE("topic_mangler keeps letters and digits of any script, and spaces") {
  plugged p;
  REQUIRE(p.add(confab_plugin_topic_mangler) == CONFAB_OK);
  const std::pair<const char *, const char *> cases[] = {
      {"Hello, World 42!", "Hello World 42"},
      {"plain", "plain"},
      {"Gr\xc3\xbc\xc3\x9f Gott; \xd0\xbc\xd0\xb8\xd1\x80!",
       "Gr\xc3\xbc\xc3\x9f Gott \xd0\xbc\xd0\xb8\xd1\x80"},
      {"\xe4\xbd\xa0\xe5\xa5\xbd\xef\xbc\x81", "\xe4\xbd\xa0\xe5\xa5\xbd"}, // !, full width
      {"\xf0\x9d\x93\xaa\xf0\x9f\x98\x80"
       "b",
       "\xf0\x9d\x93\xaa"
       "b"}, // a letter, a face
      {"\x02"
       "bold\x03"
       "4 red",
       "bold4 red"},
      {"a\xff"
       "b\xc3",
       "ab"},                                         // no characters
      {"\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80z", "z"}, // nor these
  };
  for (const auto &[said, kept] : cases) {
    INFO(said);
    CHECK(has(p.heard(p.bob, p.ann, std::string("TOPIC #x :") + said), kept));
    CHECK(topic(p) == kept);
  }
}

TEST_CASE("topic_mangler: nothing that survives clears the topic, and clearing stays") {
  plugged p;
  REQUIRE(p.add(confab_plugin_topic_mangler) == CONFAB_OK);
  p.say(p.ann, "TOPIC #x :first");
  p.say(p.ann, "TOPIC #x :!!!");
  CHECK(topic(p).empty());
  p.say(p.ann, "TOPIC #x :");
  CHECK(topic(p).empty());
}

TEST_CASE("topic_mangler: ON, OFF and STATUS, for operators only") {
  plugged p;
  REQUIRE(p.add(confab_plugin_topic_mangler) == CONFAB_OK);
  p.say(p.ann, "TOPIC #x :a!b");
  CHECK(has(p.heard(p.ann, p.ann, "EXTMSG topic_mangler STATUS"),
            "Topics are rewritten; 1 changed so far."));
  CHECK(has(p.heard(p.ann, p.ann, "EXTMSG topic_mangler :off"), "Topics are left alone; 1"));
  p.say(p.ann, "TOPIC #x :c!d");
  CHECK(topic(p) == "c!d");
  CHECK(p.tell("ON") == "Topics are rewritten; 1 changed so far.\n");
  p.say(p.ann, "TOPIC #x :e!f");
  CHECK(topic(p) == "ef");
  CHECK(p.tell("perhaps") == "Say ON, OFF or STATUS.\n");
  CHECK(p.tell("") == "Say ON, OFF or STATUS.\n");

  const std::string refused = p.heard(p.bob, p.bob, "EXTMSG topic_mangler OFF");
  CHECK_FALSE(refused.empty());
  CHECK_FALSE(has(refused, "Topics are"));
  CHECK(p.tell("STATUS") == "Topics are rewritten; 2 changed so far.\n");
}

TEST_CASE("topic_mangler: the setting, two instances, and the end") {
  plugged p;
  REQUIRE(p.add(confab_plugin_topic_mangler, {{"on", "no"}}) == CONFAB_OK);
  p.say(p.ann, "TOPIC #x :a!b");
  CHECK(topic(p) == "a!b");
  CHECK(p.add(confab_plugin_topic_mangler, {{"on", "maybe"}}, "other") == CONFAB_ERR_ARG);
  REQUIRE(p.add(confab_plugin_topic_mangler, {}, "other") == CONFAB_OK);
  p.say(p.ann, "TOPIC #x :c!d");
  CHECK(topic(p) == "cd");
  CHECK(p.configure({{"on", "no"}}) == CONFAB_ERR_STATE);
  REQUIRE(p.remove() == CONFAB_OK);
  p.say(p.ann, "TOPIC #x :e!f");
  CHECK(topic(p) == "e!f");
  CHECK(p.finish() == "");
  CHECK(p.released == 2);
}
