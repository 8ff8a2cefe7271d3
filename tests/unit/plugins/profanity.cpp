// SPDX-License-Identifier: MIT
//
// The profanity filter in an engine: every scope and action, shadow mode, exceptions, settings, and
// what it keeps on disk. Its commands are in profanity_commands.cpp, its matching in
// profanity_find.cpp.

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_profanity;

namespace {

const confab_plugin_entry &entry = confab_plugin_profanity;

setting_list with(setting_list more = {}) {
  setting_list all{{"mode", "enforce"}, {"words", "darn\nheck"}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

setting_list everywhere(const char *action) {
  return with(
      {{"action", action},
       {"scopes", "channels\nprivate\nnicknames\nchannelnames\ntopics\nquit\npart\nkick\naway"},
       {"reply", "Mind your words."}});
}

} // namespace

TEST_CASE("profanity blocks what its words are in, whoever is told, and says so") {
  plugged p;
  REQUIRE(p.add(entry, with({{"reply", "Mind your words."}})) == CONFAB_OK);
  const std::string answer = p.heard(p.ann, p.ann, "PRIVMSG #x :well, DARN!");
  CHECK(has(answer, "Mind your words."));
  CHECK_FALSE(has(answer, "PRIVMSG"));
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :d\xd0\xb0rn").empty());
  CHECK(p.heard(p.bob, p.cat, "PRIVMSG bob :heck").empty());
  CHECK(p.heard(p.bob, p.ann, "NOTICE #x :heck").empty());
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :darnel"), "darnel"));
  CHECK(p.tell("STATUS") == "enforce: 1 lists, 2 entries; 5 judged, 4 hit, 0 excepted, 4 blocked, "
                            "0 masked, 0 replaced.\n");
}

TEST_CASE("profanity masks each character that can be seen, and keeps spaces") {
  plugged p;
  REQUIRE(p.add(entry, with({{"action", "mask"}, {"words", "darn\nheck no\n*flip*"}})) ==
          CONFAB_ERR_ARG); // twice the same setting
  REQUIRE(p.add(entry, {{"mode", "enforce"},
                        {"action", "mask"},
                        {"reply", "Masked."},
                        {"words", "darn\nheck no\n*flip*"}}) == CONFAB_OK);
  const std::pair<const char *, const char *> cases[] = {
      {"oh darn it", ":oh **** it"},
      {"DARN darn", ":**** ****"},
      {"heck   no!", ":****   **!"},
      {"an unflippable thing", ":an *********** thing"},
      {"d\xe2\x80\x8b\xd0\xb0rn\xcc\x81.", ":****."},
      {"darnflipdarn", ":************"},
  };
  for (const auto &[said, heard] : cases) {
    INFO(said);
    CHECK(has(p.heard(p.bob, p.ann, std::string("PRIVMSG #x :") + said), heard));
  }
  CHECK(has(p.heard(p.ann, p.ann, "PRIVMSG #x :darn"), "Masked."));
}

TEST_CASE("profanity hides a text of nothing but words, however many those are") {
  plugged::setup with_long_lines;
  with_long_lines.tweak = [](confab_engine_options &o) { o.line_bytes_max = 16384; };
  plugged p(with_long_lines);
  std::string text;
  for (int i = 0; i < 6000; ++i)
    text += "x ";
  REQUIRE(p.add(entry, {{"mode", "enforce"}, {"action", "mask"}, {"words", "x\n+x"}}) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :x"), ":x")); // an exception
  CHECK_FALSE(has(p.heard(p.bob, p.ann, "PRIVMSG #x :" + text), " x"));
}

TEST_CASE("profanity replaces, or masks where the replacement has no room") {
  plugged p;
  REQUIRE(p.add(entry, with({{"action", "replace"}, {"replacement", "[gone]"}})) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :oh darn, heck!"), ":oh [gone], [gone]!"));
  p.say(p.ann, "JOIN #y");
  std::string topic = "darn";
  while (topic.size() + 5 <= 390)
    topic += " darn";
  CHECK(p.tell("SET TOPICS=default") == "Done.\n");
  const std::string heard = p.heard(p.bob, p.ann, "TOPIC #x :" + topic);
  CHECK(has(heard, "TOPIC"));
  CHECK_FALSE(has(heard, "darn"));
}

TEST_CASE("profanity holds in every scope: what can be refused is refused") {
  plugged p;
  p.say(p.cat, "JOIN #x");
  REQUIRE(p.add(entry, everywhere("block")) == CONFAB_OK);
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :darn").empty());
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG bob :darn").empty());
  CHECK(p.heard(p.bob, p.ann, "TOPIC #x :darn").empty());
  CHECK(has(p.heard(p.ann, p.ann, "NICK darn-ann"), "Mind your words."));
  CHECK(p.user("ann") != 0);
  CHECK(has(p.heard(p.ann, p.ann, "JOIN #darn"), "Mind your words."));
  CHECK(p.channel("#darn") == 0);
  CHECK(p.heard(p.bob, p.ann, "INVITE bob #darn").empty());
  CHECK(has(p.heard(p.ann, p.ann, "AWAY :darn"), "Mind your words."));
  CHECK_FALSE(has(p.heard(p.bob, p.bob, "WHOIS ann"), "darn"));
  const confab_id newcomer = p.open();
  p.say(newcomer, "NICK heck\r\nUSER h 0 * :h");
  CHECK(p.user("heck") == 0);
}

TEST_CASE("profanity judges the texts that IRCX channels have, and what is said while knocking") {
  plugged p;
  p.say(p.ann, "IRCX");
  REQUIRE(p.add(entry, everywhere("block")) == CONFAB_OK);
  const auto value = [&](const char *name) {
    confab_str out{};
    CHECK(confab_property_get(p.engine, p.channel("#x"), confab_str_of(name), &out) == CONFAB_OK);
    return string_of(out);
  };
  for (const char *name : {"ONJOIN", "ONPART", "SUBJECT"}) {
    INFO(name);
    p.say(p.ann, "PROP #x " + std::string(name) + " :darn it");
    CHECK(value(name).empty());
    p.say(p.ann, "PROP #x " + std::string(name) + " :be nice");
    CHECK(value(name) == "be nice");
  }
  p.say(p.ann, "PROP #x LANGUAGE :heck"); // a word for programs
  CHECK(value("LANGUAGE") == "heck");
  p.say(p.ann, "MODE #x +iuo bob"); // operators of plain IRC are shown what is said
  CHECK(p.heard(p.bob, p.cat, "KNOCK #x :let me in, darn").empty());
  CHECK(has(p.heard(p.bob, p.cat, "KNOCK #x :let me in"), "let me in"));
  REQUIRE(p.remove() == CONFAB_OK);
  REQUIRE(p.add(entry, everywhere("mask")) == CONFAB_OK);
  p.say(p.ann, "PROP #x ONJOIN :darn it");
  CHECK(value("ONJOIN") == "**** it");
  const confab_id dan = p.enter("dan");
  const auto judged = [&] {
    const std::string status = p.tell("STATUS");
    return status.substr(status.find(';'), status.find("judged") - status.find(';'));
  };
  const std::string before = judged();
  confab_event_knock silent;
  CONFAB_COMMAND_INIT(&silent, CONFAB_EVENT_KNOCK);
  silent.head.actor = p.user("dan");
  silent.channel = p.channel("#x");
  CHECK(confab_command_submit(p.engine, &silent.head, nullptr) == CONFAB_OK);
  CHECK(judged() == before);
  CHECK(p.wait_ms(31'000) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, dan, "KNOCK #x :heck, let me in"), ":****, let me in"));
}

TEST_CASE("profanity lets everybody leave, without the words") {
  plugged p;
  p.say(p.cat, "JOIN #x");
  REQUIRE(p.add(entry, everywhere("block")) == CONFAB_OK);
  const std::string part = p.heard(p.bob, p.cat, "PART #x :darn you");
  CHECK(has(part, "PART #x"));
  CHECK_FALSE(has(part, "darn"));
  p.say(p.cat, "JOIN #x");
  const std::string kick = p.heard(p.bob, p.ann, "KICK #x cat :heck no");
  CHECK(has(kick, "KICK #x cat"));
  CHECK_FALSE(has(kick, "heck"));
  p.say(p.cat, "JOIN #x");
  const std::string quit = p.heard(p.bob, p.cat, "QUIT :darn");
  CHECK(has(quit, "QUIT"));
  CHECK_FALSE(has(quit, "darn"));
}

TEST_CASE("profanity masks in every scope that has a text, and refuses names all the same") {
  plugged p;
  p.say(p.cat, "JOIN #x");
  REQUIRE(p.add(entry, everywhere("mask")) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.ann, "TOPIC #x :a darn topic"), ":a **** topic"));
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG bob :darn"), ":****"));
  CHECK(has(p.heard(p.bob, p.cat, "PART #x :darn you"), ":**** you"));
  p.say(p.cat, "JOIN #x");
  CHECK(has(p.heard(p.bob, p.ann, "KICK #x cat :heck no"), ":**** no"));
  p.say(p.ann, "AWAY :heck");
  CHECK(has(p.heard(p.bob, p.bob, "WHOIS ann"), ":****"));
  CHECK(has(p.heard(p.ann, p.ann, "NICK heck"), "Mind your words."));
  CHECK(has(p.heard(p.ann, p.ann, "JOIN #heck"), "Mind your words."));
  p.say(p.cat, "JOIN #x");
  CHECK(has(p.heard(p.bob, p.cat, "QUIT :oh darn"), "oh ****"));
}

TEST_CASE("profanity in shadow mode finds and counts, and changes nothing") {
  for (const char *action : {"block", "mask", "replace"}) {
    plugged p;
    p.watch(CONFAB_EVENT_HOOK_SHADOW);
    REQUIRE(p.add(entry, {{"words", "darn"},
                          {"action", action},
                          {"reply", "Mind."},
                          {"scopes", "channels\nquit"}}) == CONFAB_OK);
    INFO(action);
    CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :oh darn"), ":oh darn"));
    CHECK_FALSE(has(p.heard(p.ann, p.ann, "PRIVMSG #x :darn"), "Mind."));
    CHECK(p.log.size() == 2);
    CHECK(has(p.tell("STATUS"), "shadow: 1 lists, 1 entries; 2 judged, 2 hit"));
    CHECK(p.tell("SET MODE=enforce") == "Done.\n");
    CHECK_FALSE(has(p.heard(p.bob, p.ann, "PRIVMSG #x :oh darn"), "darn"));
    CHECK(p.tell("SET MODE=SHADOW") == "Done.\n");
    CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :oh darn"), "darn"));
  }
}

TEST_CASE("profanity: exceptions, shared or a list's own") {
  plugged p;
  REQUIRE(p.add(entry, {{"mode", "enforce"}, {"words", "*cunt*\n+scunthorpe\n+*hunt*"}}) ==
          CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :Scunthorpe United"), "Scunthorpe"));
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :Scunthorpe, cunt").empty());
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :scunthorpe-cunt").empty());
  CHECK(p.tell("ADD LIST=strict\n") != "Done.\n");
  CHECK(p.tell("ADD LIST=strict") == "Done.\n");
  CHECK(p.tell("ADD LIST=strict REG=*cunt*") == "Done.\n");
  CHECK(p.tell("SET CHANNEL=#x LIST=strict") == "Done.\n");
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :Scunthorpe"), "Scunthorpe")); // the default's
  CHECK(p.tell("ADD LIST=strict GWORD=x") ==
        "Nothing changed: it shares the exceptions of the default list.\n");
  CHECK(p.tell("SET LIST=strict EXCEPTIONS=own") == "Done.\n");
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :Scunthorpe").empty());
  CHECK(p.tell("ADD LIST=strict GREG=scun*") == "Done.\n");
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :Scunthorpe"), "Scunthorpe"));
  CHECK(has(p.tell("SET LIST=strict EXCEPTIONS=default"), "remove them first"));
  CHECK(has(p.tell("SET LIST=default EXCEPTIONS=default"), "its own"));
}

TEST_CASE("profanity: a channel with a list of its own, under any spelling of its name") {
  plugged::setup with_mapping;
  with_mapping.tweak = [](confab_engine_options &o) { o.casemap = CONFAB_CASEMAP_RFC1459; };
  plugged p(with_mapping);
  p.say(p.ann, "JOIN #y{");
  p.say(p.bob, "JOIN #y{");
  REQUIRE(p.add(entry, with()) == CONFAB_OK);
  p.tell("ADD LIST=soft ACTION=mask");
  p.tell("ADD LIST=soft BWORD=darn");
  CHECK(p.tell("SET CHANNEL=#Y[ LIST=soft") == "Done.\n");
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #y{ :darn heck"), ":**** heck"));
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :darn").empty());
  CHECK(p.tell("SET CHANNEL=#y{ LIST=") == "Done.\n");
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #y{ :darn").empty());
}

TEST_CASE("profanity reads leet and look-alikes as its settings say, also later") {
  plugged p;
  setting_list settings = with({{"leet", "no"}, {"look_alikes", "no"}});
  REQUIRE(p.add(entry, settings) == CONFAB_OK);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :d4rn"), "d4rn"));
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :d\xd0\xb0rn"), "rn"));
  settings[2].second = settings[3].second = "yes";
  REQUIRE(p.configure(settings) == CONFAB_OK);
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :d4rn").empty());
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :d\xd0\xb0rn").empty());
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :h3ck").empty());
  CHECK(p.tell("ADD LIST=default BWORD=slut") == "Done.\n");
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :5lut!").empty());
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :s1ut!").empty());
}

TEST_CASE("profanity: nothing that is not in a scope is looked at") {
  plugged p;
  REQUIRE(p.add(entry, with({{"scopes", ""}})) == CONFAB_OK);
  CHECK(p.hooks_of(p.plugin) == 0);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :darn"), "darn"));
  p.tell("SET PRIVATE=default");
  CHECK(p.hooks_of(p.plugin) == 2); // of messages and of what is said while knocking
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :darn"), "darn"));
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG bob :darn").empty());
  p.tell("SET PRIVATE=");
  CHECK(p.hooks_of(p.plugin) == 0);
}

TEST_CASE("profanity keeps its lists on disk, changed or not at all") {
  const scratch_folder folder;
  const std::string state = folder.path + "/state.json";
  const setting_list settings{{"words", "darn"}, {"state", state}};
  std::string dumped;
  {
    plugged p;
    REQUIRE(p.add(entry, settings) == CONFAB_OK);
    p.tell("SET MODE=enforce");
    p.tell("ADD LIST=other ACTION=replace WITH=**");
    p.tell("SET LIST=other REPLY=Not here, please.");
    p.tell("ADD LIST=other RE2=b+ad{2}");
    p.tell("ADD LIST=default GREG=darn?");
    p.tell("SET CHANNEL=#X LIST=other");
    p.tell("SET QUIT=other");
    dumped = p.tell("DUMP") + p.tell("DUMP LIST=default") + p.tell("DUMP LIST=other");
    CHECK(p.finish() == "");
  }
  CHECK_FALSE(std::filesystem::exists(state + ".new"));
  plugged p;
  REQUIRE(p.add(entry, {{"words", "other words"}, {"state", state}}) == CONFAB_OK);
  CHECK(p.tell("DUMP") + p.tell("DUMP LIST=default") + p.tell("DUMP LIST=other") == dumped);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :bbadd"), ":**"));

  // What cannot be saved does not happen.
  const std::string before = folder.read("state.json");
  std::filesystem::create_directory(state + ".new");
  CHECK(has(p.tell("ADD LIST=default BWORD=heck"), "Nothing changed: "));
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG bob :heck"), "heck"));
  CHECK(folder.read("state.json") == before);
  std::filesystem::remove(state + ".new");
  CHECK(p.tell("ADD LIST=default BWORD=heck") == "Done.\n");
  CHECK(folder.read("state.json") != before);
}

TEST_CASE(
    "profanity does not begin with a state that it does not understand, and leaves it alone") {
  const scratch_folder folder;
  for (const char *bad :
       {"", "{", "[]", R"({"version":2})", R"({"version":1})", "\xff",
        R"({"version":1,"mode":"shadow","lists":[{"name":"x"}],"scopes":{},"channels":{}})",
        R"({"version":1,"mode":"shadow","lists":[],"scopes":{"quit":"none"},"channels":{}})",
        R"({"version":1,"mode":"shadow","lists":[{"name":"default","action":"block","reply":"",)"
        R"("replacement":"","own_exceptions":true,"words":[],"wildcards":[],"expressions":["(x"],)"
        R"("good_words":[],"good_wildcards":[]}],"scopes":{},"channels":{}})"}) {
    plugged p;
    INFO(bad);
    CHECK(p.add(entry, {{"state", folder.write("bad.json", bad)}}) == CONFAB_ERR_ARG);
    CHECK(folder.read("bad.json") == bad);
    CHECK(p.logged("bad.json"));
  }
  plugged p;
  CHECK(p.add(entry, {{"state", "relative.json"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"state", folder.path}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"state", folder.path + "/no/such/folder.json"}}) == CONFAB_ERR_ARG);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :darn"), "darn"));
}

TEST_CASE("profanity takes words from a file") {
  const scratch_folder folder;
  plugged p;
  const std::string file = folder.write(
      "words", "; a comment\r\n\ndarn  \r\nheck\nheck\n*flip*\n/b[ae]d/\n+flipchart\n");
  REQUIRE(p.add(entry, {{"mode", "enforce"}, {"words", "from-setting"}, {"words_file", file}}) ==
          CONFAB_OK);
  for (const char *bad : {"darn", "heck", "unflip", "abed", "from-setting"}) {
    INFO(bad);
    CHECK(p.heard(p.bob, p.ann, std::string("PRIVMSG #x :") + bad).empty());
  }
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :flipchart"), "flipchart"));
  const auto fails = [&](const std::string &path) {
    return p.add(entry, {{"words_file", path}}, "other") == CONFAB_ERR_ARG;
  };
  CHECK(fails(folder.path + "/none"));
  CHECK(fails("relative"));
  CHECK(fails(folder.write("bad", "fine\n/(x/\n")));
  CHECK(p.logged("missing ): (x"));
  CHECK(fails(folder.write("large", std::string((1U << 20) + 1, '\n'))));
  std::string many;
  for (int i = 0; i < 5000; ++i)
    many += std::to_string(i) + "\n";
  CHECK(fails(folder.write("many", many)));
}

TEST_CASE("profanity: settings that cannot be") {
  plugged p;
  CHECK(p.add(entry, {{"mode", "loud"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"action", "kick"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"scopes", "channels\nmoon"}}) == CONFAB_ERR_ARG);
  CHECK(p.logged("'moon'"));
  CHECK(p.add(entry, {{"words", "ok\n/(/"}}) == CONFAB_ERR_ARG);
  CHECK(p.add(entry, {{"on_failure", "explode"}}) == CONFAB_ERR_ARG);
  REQUIRE(p.add(entry, with()) == CONFAB_OK);
  CHECK(p.configure({{"words", "other"}, {"mode", "enforce"}}) == CONFAB_ERR_STATE); // fixed
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :darn").empty());
}

TEST_CASE("profanity: the mode of the settings holds when it changes, and else what was said") {
  plugged p;
  setting_list settings = with();
  REQUIRE(p.add(entry, settings) == CONFAB_OK);
  CHECK(p.tell("SET MODE=shadow") == "Done.\n");
  REQUIRE(p.configure(settings) == CONFAB_OK);
  CHECK(has(p.tell("STATUS"), "shadow:"));
  settings[0].second = "shadow";
  REQUIRE(p.configure(settings) == CONFAB_OK);
  settings[0].second = "enforce";
  settings.push_back({"on_failure", "open"});
  REQUIRE(p.configure(settings) == CONFAB_OK);
  CHECK(has(p.tell("STATUS"), "enforce:"));
}

TEST_CASE("profanity: two instances, gone at any moment") {
  plugged p;
  REQUIRE(p.add(entry, with(), "one") == CONFAB_OK);
  const confab_id one = p.plugin;
  REQUIRE(p.add(entry, {{"mode", "enforce"}, {"words", "flip"}, {"action", "mask"}}, "two") ==
          CONFAB_OK);
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :darn").empty());
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :flip"), ":****"));
  // From inside a handler of somebody else, in the middle of a message.
  p.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
      [&](confab_call *c, const confab_event *) {
        ignore(confab_plugin_remove(confab_call_engine(c), one, 0));
        return CONFAB_PASS;
      },
      [](confab_hook &h) { h.priority = 10; });
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :darn"), "darn"));
  CHECK(p.released == 1);
  CHECK(has(p.heard(p.bob, p.ann, "PRIVMSG #x :darn flip"), ":darn ****"));
  CHECK(p.finish() == "");
  CHECK(p.released == 2);
}
