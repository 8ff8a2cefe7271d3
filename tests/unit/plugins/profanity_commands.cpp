// SPDX-License-Identifier: MIT
//
// What operators can say to the profanity filter, with every mistake, and that only they can. What
// lists do is in profanity.cpp.

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

using namespace confab::test;

extern "C" const confab_plugin_entry confab_plugin_profanity;

namespace {

struct administered : plugged {
  administered() { ignore(add(confab_plugin_profanity, {{"mode", "enforce"}, {"scopes", ""}})); }
};

} // namespace

TEST_CASE("profanity: operators administer it by EXTMSG, others do not") {
  administered p;
  CHECK(has(p.heard(p.ann, p.ann, "EXTMSG profanity ADD LIST=rude REPLY=Be nice to each other."),
            "Done."));
  CHECK(has(p.heard(p.ann, p.ann, "EXTMSG PROFANITY :add list=RUDE bword=darn"), "Done."));
  CHECK(has(p.heard(p.ann, p.ann, "EXTMSG profanity SET CHANNELS=rude"), "Done."));
  CHECK(has(p.heard(p.ann, p.ann, "PRIVMSG #x :darn"), "Be nice to each other."));
  CHECK(has(p.heard(p.ann, p.ann, "EXTMSG profanity STATUS"), "1 blocked"));
  p.heard(p.bob, p.bob, "EXTMSG profanity REMOVE LIST=rude BWORD=darn");
  p.heard(p.bob, p.bob, "EXTMSG profanity SET MODE=shadow");
  CHECK(p.heard(p.bob, p.ann, "PRIVMSG #x :darn").empty());
}

TEST_CASE("profanity: each entry can be added once, and removed") {
  administered p;
  for (const char *key : {"BWORD", "REG", "RE2", "GWORD", "GREG"}) {
    const std::string line = " LIST=default " + std::string(key) + "=some [wW]ord s*";
    INFO(key);
    CHECK(p.tell("ADD" + line) == "Done.\n");
    CHECK(has(p.tell("DUMP LIST=default"), std::string(key) + "=some [wW]ord s*\n"));
    CHECK(has(p.tell("ADD" + line), "in the list already"));
    CHECK(p.tell("REMOVE" + line) == "Done.\n");
    CHECK(has(p.tell("REMOVE" + line), "is not in the list"));
  }
  CHECK(p.tell("ADD LIST=default RE2=a(b") == "Nothing changed: 'a(b': missing ): a(b.\n");
  CHECK(p.tell("ADD LIST=default REG=[z-a]") ==
        "Nothing changed: '[z-a]': invalid character class range: z-a.\n");
  CHECK(p.tell("ADD LIST=default BWORD=") ==
        "Nothing changed: an entry is 1 to 128 bytes of UTF-8.\n");
}

TEST_CASE("profanity: every place can be given a list") {
  administered p;
  REQUIRE(p.tell("ADD LIST=f") == "Done.\n");
  for (const char *where : {"CHANNELS", "PRIVATE", "NICKNAMES", "CHANNELNAMES", "TOPICS", "QUIT",
                            "PART", "KICK", "AWAY"}) {
    INFO(where);
    CHECK(p.tell("SET " + std::string(where) + "=f") == "Done.\n");
    CHECK(has(p.tell("DUMP"), std::string(where) + "=f\n"));
    CHECK(has(p.tell("REMOVE LIST=f"), "set another list there first"));
    CHECK(p.tell("SET " + std::string(where) + "=none") ==
          "Nothing changed: there is no list 'none'.\n");
    CHECK(p.tell("SET " + std::string(where) + "=") == "Done.\n");
    CHECK_FALSE(has(p.tell("DUMP"), std::string(where) + "=f\n"));
  }
  CHECK(p.tell("SET DYNAMIC=f") == "Done.\n");
  CHECK(has(p.tell("DUMP"), "CHANNELS=f\n"));
  CHECK(p.tell("SET DYNAMIC=") == "Done.\n");
  CHECK(p.tell("SET CHANNEL=#c LIST=f") == "Done.\n");
  CHECK(has(p.tell("DUMP"), "CHANNEL=#c LIST=f\n"));
  CHECK(has(p.tell("REMOVE LIST=f"), "it holds in #c"));
  CHECK(p.tell("SET CHANNEL=#C LIST=") == "Done.\n");
  CHECK(p.tell("REMOVE LIST=f") == "Done.\n");
}

TEST_CASE("profanity: lists change what they do") {
  administered p;
  CHECK(p.tell("ADD LIST=f ACTION=mask EXCEPTIONS=own REPLY=a b  c") == "Done.\n");
  CHECK(has(p.tell("DUMP LIST=f"), "LIST=f ACTION=mask EXCEPTIONS=own "));
  CHECK(has(p.tell("DUMP LIST=f"), "LIST=f REPLY=a b  c\n"));
  CHECK(p.tell("SET LIST=f ACTION=replace WITH=[a word]") == "Done.\n");
  CHECK(has(p.tell("DUMP LIST=f"), "LIST=f ACTION=replace EXCEPTIONS=own "));
  CHECK(has(p.tell("DUMP LIST=f"), "LIST=f WITH=[a word]\n"));
  CHECK(p.tell("SET LIST=f REPLY=") == "Done.\n");
  CHECK(has(p.tell("DUMP LIST=f"), "LIST=f REPLY=\n"));
  CHECK(p.tell("SET LIST=f EXCEPTIONS=default") == "Done.\n");
}

TEST_CASE("profanity: a long DUMP comes in pages") {
  administered p;
  for (int i = 0; i < 150; ++i)
    REQUIRE(p.tell("ADD LIST=default BWORD=w" + std::to_string(i)) == "Done.\n");
  const std::string first = p.tell("DUMP LIST=default");
  CHECK(has(first, "BWORD=w96\nMore: DUMP LIST=default FROM=100\n"));
  const std::string second = p.tell("DUMP LIST=default FROM=100");
  CHECK(second.starts_with("LIST=default BWORD=w97\n"));
  CHECK(has(second, "BWORD=w149\nEnd of DUMP.\n"));
  CHECK(p.tell("DUMP LIST=default FROM=9999") == "End of DUMP.\n");
  CHECK(p.tell("DUMP FROM=x") == "FROM is the number of a line\n");
  CHECK(p.tell("DUMP LIST=none") == "there is no list 'none'\n");
}

TEST_CASE("profanity: mistakes are answered, and change nothing") {
  administered p;
  const std::string before = p.tell("DUMP") + p.tell("DUMP LIST=default");
  const std::pair<const char *, const char *> cases[] = {
      {"", "Commands are "},
      {"HELP", "Commands are "},
      {"ADD", "ADD LIST=name"},
      {"ADD darn", "'darn' is not KEY=value."},
      {"ADD LIST=default", "there is a list 'default' already"},
      {"ADD LIST=", "a list is named by"},
      {"ADD LIST=a.b", "a list is named by"},
      {"ADD LIST=f COLOUR=red", "'COLOUR' is not known here"},
      {"ADD LIST=f ACTION=kick", "ACTION is block, mask or replace"},
      {"ADD LIST=f EXCEPTIONS=none", "EXCEPTIONS is own or default"},
      {"ADD LIST=none BWORD=x", "there is no list 'none'"},
      {"REMOVE", "REMOVE LIST=name"},
      {"REMOVE LIST=default", "the default list stays"},
      {"REMOVE LIST=none", "there is no list 'none'"},
      {"REMOVE LIST=none BWORD=x", "there is no list 'none'"},
      {"REMOVE LIST=default ACTION=mask", "'ACTION' is not known here"},
      {"SET", "SET one of"},
      {"SET MODE=off", "MODE is shadow or enforce"},
      {"SET COLOUR=red", "'COLOUR' cannot be set"},
      {"SET QUIT=default PART=default", "SET one of"},
      {"SET LIST=none ACTION=mask", "there is no list 'none'"},
      {"SET LIST=default BWORD=x", "'BWORD' is not known here"},
      {"SET CHANNEL=#x", "SET CHANNEL=#name LIST=name"},
      {"SET CHANNEL=#x LIST=none", "there is no list 'none'"},
      {"SET CHANNEL= LIST=default", "a channel's name is"},
      {"SET CHANNEL=#x LIST=", "no list is set for that channel"},
      {"DUMP COLOUR=red", "'COLOUR' is not known here"},
  };
  for (const auto &[said, answer] : cases) {
    INFO(said);
    const std::string answered = p.tell(said);
    CHECK(has(answered, answer));
    CHECK(std::count(answered.begin(), answered.end(), '\n') == 1);
  }
  CHECK(p.tell("DUMP") + p.tell("DUMP LIST=default") == before);
}
