// SPDX-License-Identifier: MIT
//
// The plugin transcript, and what only IRCX has or plugins do: access levels, lists that are not a
// channel's, wishes of members, messages for programs, and a channel that is emptied at once. What
// all protocols have is in transcript.cpp.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"

extern "C" const confab_plugin_entry confab_plugin_transcript;

using namespace confab::test;

namespace {

// Everything is recorded; ann, an administrator, and bob speak IRCX.
struct recording : with_plugin {
  recording() : with_plugin(confab_plugin_transcript) {
    promote(ann);
    for (const confab_id conn : {ann, bob})
      ignore(say(conn, "IRCX"));
    REQUIRE(add({{"directory", at.path}}) == CONFAB_OK);
    (void)tell("START ALL");
    read_all();
  }
  // What #x's transcript has after its beginning, without times.
  std::string ended() {
    REQUIRE(remove() == CONFAB_OK);
    std::istringstream lines(at.text("%23x"));
    std::string out, line;
    while (std::getline(lines, line))
      if (!line.starts_with("# "))
        out += line.substr(line.find(' ') + 1) + "\n";
    const std::string_view begins = "What is said in this channel is recorded.\n";
    const std::size_t at_begin = out.find(begins);
    return at_begin == std::string::npos ? out : out.substr(at_begin + begins.size());
  }
  scratch_directory at;
};

} // namespace

TEST_CASE("a transcript names access levels, and says when a list is cleared") {
  recording f;
  f.say(f.ann, "ACCESS #x ADD DENY dan!*@*");
  f.say(f.ann, "ACCESS #x ADD GRANT eve!*@*");
  f.say(f.ann, "ACCESS #x ADD VOICE fay!*@*");
  f.say(f.ann, "ACCESS #x ADD HOST gil!*@*");
  f.say(f.ann, "ACCESS #x DELETE GRANT eve!*@*");
  f.say(f.ann, "ACCESS #x CLEAR DENY");
  f.say(f.ann, "ACCESS #x CLEAR");
  CHECK(f.ended() == "* ann adds ban dan!*@*\n"
                     "* ann adds grant eve!*@*\n"
                     "* ann adds voice fay!*@*\n"
                     "* ann adds operator gil!*@*\n"
                     "* ann removes grant eve!*@*\n"
                     "* ann clears ban\n"
                     "* ann clears all lists\n");
}

TEST_CASE("a transcript is of channels: lists of users and of the server are in none") {
  recording f;
  f.say(f.bob, "ACCESS bob ADD DENY dan!*@*");
  f.say(f.ann, "ACCESS $ ADD DENY eve!*@*");
  f.say(f.ann, "ACCESS * ADD DENY fay!*@*");
  CHECK(f.ended().empty());
  CHECK(f.at.files() == std::vector<std::string>{"%23x", "recording.json"});
}

TEST_CASE("a transcript names every mode of the core, and leaves out what a member wants spared") {
  recording f;
  f.say(f.ann, "MODE #x +u");
  f.say(f.ann, "MODE #x +h");
  f.say(f.ann, "MODE #x -h");
  confab_event_member_change wish;
  CONFAB_COMMAND_INIT(&wish, CONFAB_EVENT_MEMBER_CHANGE);
  wish.head.actor = wish.user = f.user("bob");
  wish.channel = f.channel("#x");
  wish.rank = CONFAB_MEMBER_NO_WHISPER;
  wish.set = 1;
  CHECK(confab_command_submit(f.engine, &wish.head, nullptr) == CONFAB_OK);
  confab_event_member_change rank = wish;
  rank.head.actor = f.user("ann");
  rank.head.flags = CONFAB_EVENT_FORCED;
  rank.rank = CONFAB_RANK_OWNER;
  CHECK(confab_command_submit(f.engine, &rank.head, nullptr) == CONFAB_OK);
  CHECK(f.ended() == "* ann sets knock\n"
                     "* ann sets hidden\n"
                     "* ann clears hidden\n"
                     "* ann makes bob owner\n");
}

TEST_CASE("a transcript has what is said, and neither whispers nor messages for programs") {
  recording f;
  f.say(f.ann, "DATA #x CB3D :octets");
  f.say(f.ann, "WHISPER #x bob :between us");
  f.say(f.ann, "PRIVMSG #x :to all");
  CHECK(f.ended() == "<ann> to all\n");
}

TEST_CASE("a transcript says that a channel was emptied, and by whom") {
  recording f;
  confab_event_kill e;
  CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_KILL);
  e.head.actor = f.user("ann");
  e.channel = f.channel("#x");
  e.text = CONFAB_STR("late");
  CHECK(confab_command_submit(f.engine, &e.head, nullptr) == CONFAB_OK);
  CHECK(f.channel("#x") == 0);
  f.say(f.ann, "KILL bob :not of a channel");
  CHECK(f.ended() == "* ann empties the channel: late\n");
}
