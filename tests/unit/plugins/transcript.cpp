// SPDX-License-Identifier: MIT
//
// The plugin transcript: what is recorded, of which channels, where to, what is kept over a
// restart, and that nobody is recorded without being told. How files are written is tested in
// files.cpp.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"
#include "support/safe_name.hpp"

#include <nlohmann/json.hpp>

extern "C" const confab_plugin_entry confab_plugin_transcript;

using namespace confab::test;

namespace {

constexpr std::string_view told = ":What is said in this channel is recorded.\r\n";

struct recording : with_plugin {
  recording() : with_plugin(confab_plugin_transcript) {}
  explicit recording(const setup &with) : with_plugin(confab_plugin_transcript, with) {}

  settings_list in(const std::string &below, const settings_list &more = {}) const {
    settings_list out{{"directory", at.path + below}};
    out.insert(out.end(), more.begin(), more.end());
    return out;
  }
  // Adds it, and begins with a channel; what was said about that is read.
  void begin(const settings_list &more = {}, std::string_view command = "START CHANNEL=#x") {
    REQUIRE(add(in("", more)) == CONFAB_OK);
    (void)tell(command);
    read_all();
  }
  // The transcript of #x without times, after the plugin has written all.
  std::string ended(const std::string &folder = "%23x") {
    REQUIRE(remove() == CONFAB_OK);
    std::istringstream lines(at.text(folder));
    std::string out, line;
    while (std::getline(lines, line))
      out += (line.starts_with("# ") ? line : line.substr(line.find(' ') + 1)) + "\n";
    return out;
  }
  scratch_directory at;
};

} // namespace

TEST_CASE("a transcript holds what happens in a channel, as it was said in the end") {
  recording f;
  f.begin();
  f.say(f.ann, "PRIVMSG #x :hello");
  f.say(f.bob, "NOTICE #x :a notice");
  f.say(f.bob, "PRIVMSG #x :\x01"
               "ACTION waves\x01");
  f.say(f.cat, "JOIN #X");
  f.say(f.ann, "TOPIC #x :tea at five");
  f.say(f.ann, "TOPIC #x :");
  f.say(f.ann, "MODE #x +mlk 9 secret");
  f.say(f.ann, "MODE #x +v bob");
  f.say(f.ann, "MODE #x +b dan!*@*");
  f.say(f.ann, "PRIVMSG @#x :only us");
  f.say(f.ann, "MODE #x -m");
  f.say(f.bob, "NICK robert");
  f.say(f.cat, "PART #x :off");
  f.say(f.cat, "JOIN #x secret");
  f.say(f.ann, "KICK #x cat :enough");
  f.say(f.bob, "QUIT :night");
  f.say(f.ann, "PRIVMSG cat :private");
  f.say(f.ann, "JOIN #y\r\nPRIVMSG #y :elsewhere");
  CHECK(f.ended() == "# #x, times in UTC\n"
                     "* recording begins\n"
                     "-the server- What is said in this channel is recorded.\n"
                     "<ann> hello\n"
                     "-bob- a notice\n"
                     "* bob waves\n"
                     "* cat (cat@192.0.2.1) joins\n"
                     "* ann sets the topic: tea at five\n"
                     "* ann clears the topic\n"
                     "* ann sets moderated\n"
                     "* ann sets limit 9\n"
                     "* ann sets key\n"
                     "* ann makes bob voice\n"
                     "* ann adds ban dan!*@*\n"
                     "<ann> (to operators) only us\n"
                     "* ann clears moderated\n"
                     "* bob is now called robert\n"
                     "* cat (cat@192.0.2.1) leaves: off\n"
                     "* cat (cat@192.0.2.1) joins\n"
                     "* ann removes cat: enough\n"
                     "* robert (bob@192.0.2.1) quits: Quit: night\n");
  CHECK(f.at.files() == std::vector<std::string>{"%23x", "recording.json"});
  CHECK(f.broken().empty());
}

TEST_CASE("what was refused is not recorded, and what a filter wrote is") {
  recording f;
  f.begin();
  f.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM, [](confab_call *c, const confab_event *) {
    ignore(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("rewritten")));
    return CONFAB_PASS;
  });
  f.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *, const confab_event *e) {
    return e->actor == f.user("bob") ? CONFAB_DENY : CONFAB_PASS;
  });
  f.on(CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY,
       [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  f.say(f.ann, "PRIVMSG #x :original");
  f.say(f.bob, "PRIVMSG #x :refused");
  f.say(f.cat, "JOIN #x");
  CHECK_FALSE(has(f.read(f.cat), told));
  const std::string text = f.ended();
  CHECK(has(text, "<ann> rewritten\n"));
  CHECK_FALSE(has(text, "original"));
  CHECK_FALSE(has(text, "bob"));
  CHECK_FALSE(has(text, "cat"));
}

TEST_CASE("a transcript of JSON lines has one object for each event") {
  recording f;
  f.begin({{"format", "json"}});
  f.say(f.ann, "PRIVMSG #x :a \"quote\" and \xff no UTF-8");
  f.say(f.ann, "PRIVMSG @#x :us");
  f.say(f.ann, "MODE #x +o bob");
  f.say(f.ann, "NICK anna");
  f.say(f.ann, "KICK #x bob :out");
  f.say(f.ann, "QUIT :bye");
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(f.at.files("%23x") == std::vector<std::string>{"2023-11-14.0001.jsonl"});
  std::istringstream lines(f.at.text("%23x"));
  std::vector<nlohmann::json> all;
  for (std::string line; std::getline(lines, line);)
    all.push_back(nlohmann::json::parse(line));
  REQUIRE(all.size() == 8);
  for (const auto &one : all) {
    CHECK(one.at("time") == "2023-11-14T22:13:20.000Z");
    CHECK(one.at("channel") == "#x");
  }
  CHECK(all[0].at("event") == "start");
  CHECK(all[1].at("event") == "notice");
  CHECK_FALSE(all[1].contains("nick"));
  CHECK(all[2].at("event") == "message");
  CHECK(all[2].at("nick") == "ann");
  CHECK(all[2].at("from") == "ann@192.0.2.1");
  CHECK(all[2].at("text") == "a \"quote\" and \xef\xbf\xbd no UTF-8");
  CHECK(all[3].at("only") == "operator");
  CHECK(all[4].at("event") == "rank");
  CHECK(all[4].at("target") == "bob");
  CHECK(all[4].at("rank") == "operator");
  CHECK(all[4].at("set") == true);
  CHECK(all[5].at("event") == "nick");
  CHECK(all[5].at("new_nick") == "anna");
  CHECK(all[6].at("event") == "kick");
  CHECK(all[6].at("target") == "bob");
  CHECK(all[7].at("event") == "quit");
  CHECK(all[7].at("text") == "Quit: bye");
}

TEST_CASE("plain text shows control bytes and what is no UTF-8, and does not send them on") {
  recording f;
  f.begin();
  f.say(f.ann, "PRIVMSG #x :\x1b[2J\x02"
               "bold\xff\x7f");
  const std::string text = f.ended();
  CHECK(has(text, "<ann> \\x1b[2J\\x02"
                  "bold\xef\xbf\xbd\\x7f\n"));
}

TEST_CASE("members are told when recording begins and ends, and whoever joins") {
  recording f;
  REQUIRE(f.add(f.in("")) == CONFAB_OK);
  CHECK(f.tell("START CHANNEL=#x") == "#x is recorded from now on\n");
  for (const confab_id conn : {f.ann, f.bob}) {
    const std::string out = f.read(conn);
    CHECK(has(out, "NOTICE #x " + std::string(told)));
    CHECK(has(out, ":confab.local MODE #x +T\r\n"));
  }
  CHECK(f.read(f.cat).empty());
  const std::string joined = f.ask(f.cat, "JOIN #x");
  CHECK(has(joined, "NOTICE cat :#x: What is said in this channel is recorded.\r\n"));
  CHECK_FALSE(has(f.read(f.bob), "recorded"));
  CHECK(has(f.ask(f.cat, "MODE #x"), " 324 cat #x +"));
  CHECK(f.tell("STOP CHANNEL=#x") == "#x is no longer recorded\n");
  const std::string out = f.read(f.bob);
  CHECK(has(out, "NOTICE #x :What is said in this channel is no longer recorded.\r\n"));
  CHECK(has(out, ":confab.local MODE #x -T\r\n"));
  f.read_all();
  f.say(f.bob, "PRIVMSG #x :free");
  f.say(f.cat, "PART #x\r\nJOIN #x");
  CHECK_FALSE(has(f.read(f.cat), "recorded"));
  CHECK_FALSE(has(f.ended(), "free"));
}

TEST_CASE("each session of a user is told, and who speaks from outside") {
  recording f;
  f.begin({{"notice", "Big ears here"}});
  const confab_id second = f.open();
  REQUIRE(confab_conn_attach(f.engine, second, f.now, f.user("cat")) == CONFAB_OK);
  f.say(f.ann, "MODE #x -n");
  f.read_all();
  f.say(f.cat, "PRIVMSG #x :from outside");
  CHECK(has(f.read(f.cat), "NOTICE cat :#x: Big ears here\r\n"));
  f.say(f.cat, "JOIN #x");
  CHECK(has(f.read(f.cat), "NOTICE cat :#x: Big ears here\r\n"));
  CHECK(has(f.read(second), "NOTICE cat :#x: Big ears here\r\n"));
  f.say(f.cat, "PRIVMSG #x :from inside");
  CHECK_FALSE(has(f.read(f.cat), "Big ears"));
}

TEST_CASE("the mode of a recorded channel says the truth, and only the server sets it") {
  recording f;
  f.begin();
  CHECK(has(f.ask(f.ann, "MODE #x"), "T"));
  CHECK(has(f.ask(f.ann, "MODE #x -T"), "only the server sets it"));
  CHECK(has(f.ask(f.ann, "MODE #x"), "T"));
  f.say(f.bob, "JOIN #y");
  CHECK(has(f.ask(f.bob, "MODE #y +T"), "only the server sets it"));
  f.promote(f.bob);
  CHECK(has(f.ask(f.bob, "MODE #y +T"), "only the server sets it"));
  CHECK_FALSE(has(f.ask(f.bob, "MODE #y"), "T"));
  // A channel that ends and opens again is marked again.
  f.say(f.ann, "PART #x");
  f.say(f.bob, "PART #x");
  CHECK(f.channel("#x") == 0);
  const std::string out = f.ask(f.cat, "JOIN #x");
  CHECK(has(out, "MODE #x +T"));
  CHECK(has(out, "is recorded."));
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK_FALSE(has(f.ask(f.cat, "MODE #x"), "T"));
}

TEST_CASE("all spellings of a channel are one channel and one file, and no others are") {
  for (const std::uint32_t casemap : {CONFAB_CASEMAP_ASCII, CONFAB_CASEMAP_RFC1459}) {
    recording f({.push = false, .tweak = [&](confab_engine_options &o) { o.casemap = casemap; }});
    REQUIRE(f.add(f.in("")) == CONFAB_OK);
    CHECK(f.tell("START CHANNEL=#ROOM[1]") == "#ROOM[1] will be recorded when it is open\n");
    f.say(f.cat, "JOIN #Room[1]");
    CHECK(has(f.read(f.cat), "is recorded."));
    f.say(f.cat, "PART #room[1]");
    f.say(f.cat, "JOIN #room{1}");
    const bool same = casemap == CONFAB_CASEMAP_RFC1459;
    CHECK(has(f.read(f.cat), "is recorded.") == same);
    REQUIRE(f.remove() == CONFAB_OK);
    CHECK(f.at.files() ==
          std::vector<std::string>{same ? "%23room%7b1%7d" : "%23room%5b1%5d", "recording.json"});
  }
}

TEST_CASE("START ALL and STOP ALL hold for all channels, and for those to come") {
  recording f;
  f.say(f.cat, "JOIN #y");
  f.begin({}, "START ALL");
  CHECK(f.tell("STATUS CHANNEL=#nowhere") ==
        "#nowhere is recorded in " + f.at.path + "/%23nowhere\n");
  CHECK(f.tell("START CHANNEL=#x") == "#x is recorded already\n");
  CHECK(f.tell("STOP CHANNEL=#y") == "#y is no longer recorded\n");
  CHECK(has(f.read(f.cat), "no longer recorded"));
  CHECK(f.tell("STOP CHANNEL=#y") == "#y is not recorded\n");
  CHECK(has(f.tell("STATUS"), "All channels are recorded, except:\n#y\n"));
  f.say(f.cat, "PRIVMSG #y :unheard");
  f.say(f.bob, "JOIN #z");
  CHECK(has(f.read(f.bob), "#z: What is said"));
  f.say(f.bob, "PRIVMSG #z :heard");
  CHECK(f.tell("START ALL") == "All channels are recorded from now on\n");
  CHECK(has(f.read(f.cat), told));
  CHECK_FALSE(has(f.read(f.bob), told)); // those who know are not told again
  CHECK(f.tell("STOP ALL") == "Nothing is recorded any more\n");
  CHECK(has(f.read(f.bob), "no longer recorded"));
  CHECK(has(f.tell("STATUS"), "Nothing is recorded\n"));
  CHECK(f.stats().hooks == 1); // the guard of the mode: the rest costs nothing now
  CHECK_FALSE(has(f.ended("%23y"), "unheard"));
  CHECK(has(f.at.text("%23z"), "<bob> heard\n"));
  CHECK(has(f.at.text("%23x"), "* recording ends\n"));
}

TEST_CASE(
    "Q193263: what is recorded is on disk when START is answered, and again after a restart") {
  recording f;
  f.begin();
  const std::string saved = f.at.one("recording.json");
  CHECK(nlohmann::json::parse(saved).at("channels") == nlohmann::json::array({"%23x"}));
  CHECK(f.tell("START CHANNEL=#\xff\xe4") == "#\xff\xe4 will be recorded when it is open\n");
  // Nothing is said at the end: another program, with the same directory, finds it.
  scratch_directory copy;
  std::filesystem::copy(f.at.path, copy.path, std::filesystem::copy_options::recursive);
  recording g;
  REQUIRE(g.add({{"directory", copy.path}}) == CONFAB_OK);
  CHECK(has(g.read(g.bob), told)); // those who are there when it comes are told
  CHECK(has(g.tell("STATUS"), "Recorded:\n#x #\xff\xe4\n"));
  g.say(g.bob, "PRIVMSG #x :after");
  REQUIRE(g.remove() == CONFAB_OK);
  CHECK(has(copy.text("%23x"), "<bob> after\n"));
}

TEST_CASE("Q202112: the directory changes while the server runs, and the change is kept") {
  recording f;
  f.begin();
  f.say(f.ann, "PRIVMSG #x :first");
  CHECK(f.tell("SET DIRECTORY=" + f.at.path + "/b/") ==
        "Transcripts go to " + f.at.path + "/b from now on\n");
  f.say(f.ann, "PRIVMSG #x :second");
  CHECK(f.tell("SET DIRECTORY=" + f.at.path) ==
        "Transcripts go to " + f.at.path + " from now on\n");
  f.say(f.ann, "PRIVMSG #x :third");
  CHECK(has(f.tell("SET DIRECTORY=" + f.at.path + "/b"), "/b from now on"));
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(has(f.at.text("%23x"), "<ann> first\n"));
  CHECK(has(f.at.text("%23x"), "<ann> third\n"));
  CHECK(has(f.at.text("b/%23x"), "<ann> second\n"));
  CHECK_FALSE(has(f.at.text("%23x"), "second"));

  REQUIRE(f.add(f.in("")) == CONFAB_OK);
  CHECK(has(f.tell("STATUS"), "Transcripts go to " + f.at.path + "/b\n"));
  REQUIRE(f.configure(f.in("", {{"format", "json"}})) == CONFAB_OK); // the host says the same
  CHECK(has(f.tell("STATUS"), "Transcripts go to " + f.at.path + "/b\n"));
  REQUIRE(f.configure(f.in("/c")) == CONFAB_OK); // the host says another
  CHECK(has(f.tell("STATUS"), "Transcripts go to " + f.at.path + "/c\n"));
  f.say(f.ann, "PRIVMSG #x :fourth");
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(has(f.at.text("c/%23x"), "<ann> fourth\n"));
  CHECK(has(f.at.one("c/recording.json"), "%23x"));
}

TEST_CASE("Q242106: a bad directory is refused in every way it can be named, and changes nothing") {
  recording f;
  std::ofstream(f.at.path + "/file") << "x";
  for (const std::string bad : {"relative", "\\", ".", "", "/proc/none"}) {
    CAPTURE(bad);
    CHECK(f.add({{"directory", bad}}) == CONFAB_ERR_ARG);
  }
  CHECK(f.add({{"directory", f.at.path + "/file"}}) == CONFAB_ERR_ARG);
  CHECK(f.logged("/file is not a directory"));
  CHECK(f.add() == CONFAB_ERR_ARG); // it has to be given
  CHECK(f.stats().plugins == 0);
  CHECK(f.stats().hooks == 0);
  CHECK(f.additions() == 0);

  f.begin();
  CHECK(f.tell("SET DIRECTORY=relative") ==
        "Nothing changed: \"relative\" is no absolute path: it must begin with /\n");
  CHECK(f.tell("SET DIRECTORY=") ==
        "Nothing changed: \"\" is no absolute path: it must begin with /\n");
  CHECK(f.tell("SET DIRECTORY=" + f.at.path + "/file") ==
        "Nothing changed: " + f.at.path + "/file is not a directory\n");
  CHECK(f.configure({{"directory", "/proc/none"}}) == CONFAB_ERR_ARG);
  CHECK(f.logged("/proc/none cannot be made"));
  CHECK(has(f.tell("STATUS"), "Transcripts go to " + f.at.path + "\n"));
  REQUIRE(f.configure(f.in("", {{"set_directory", "no"}})) == CONFAB_OK);
  CHECK(f.tell("SET DIRECTORY=" + f.at.path + "/b") ==
        "The directory is set by the server's configuration only\n");
  f.say(f.ann, "PRIVMSG #x :still here");
  CHECK(has(f.ended(), "<ann> still here\n"));
}

TEST_CASE("what is kept and damaged is refused, not forgotten") {
  for (const char *bad : {"", "{", "[]", "{\"version\":2}", "{\"version\":1,\"all\":3}",
                          "{\"version\":1,\"all\":false,\"channels\":[\"#x\"],\"directory\":\"%\"}",
                          "{\"version\":1,\"all\":false,\"channels\":[],\"directory\":\"x/y\"}"}) {
    CAPTURE(bad);
    recording f;
    std::ofstream(f.at.path + "/recording.json") << bad;
    CHECK(f.add(f.in("")) == CONFAB_ERR_ARG);
    CHECK(f.logged("recording.json is damaged"));
    CHECK(f.at.one("recording.json") == bad);
    CHECK(f.additions() == 0);
  }
  recording f; // the directory that an operator had set is gone
  std::ofstream(f.at.path + "/recording.json")
      << R"({"version":1,"all":true,"except":[],"directory":"%2fproc%2fnone"})";
  CHECK(f.add(f.in("")) == CONFAB_ERR_ARG);
  CHECK(f.logged("/proc/none cannot be made"));
}

TEST_CASE("what cannot be saved does not happen, and the answer says why") {
  recording f;
  REQUIRE(f.add(f.in("")) == CONFAB_OK);
  std::filesystem::create_directory(f.at.path + "/recording.json.new"); // in the way
  CHECK(has(f.tell("START CHANNEL=#x"), "Nothing changed: "));
  CHECK(has(f.tell("STATUS"), "Nothing is recorded\n"));
  CHECK(f.read(f.bob).empty());
  CHECK(f.stats().hooks == 1);
  std::filesystem::remove(f.at.path + "/recording.json.new");
  CHECK(f.tell("START CHANNEL=#x") == "#x is recorded from now on\n");
  std::filesystem::create_directory(f.at.path + "/recording.json.new");
  CHECK(has(f.tell("STOP ALL"), "Nothing changed: "));
  CHECK(has(f.tell("SET DIRECTORY=" + f.at.path + "/b"), "Nothing changed: "));
  f.say(f.ann, "PRIVMSG #x :as before");
  CHECK(has(f.ended(), "<ann> as before\n"));
}

TEST_CASE("operators rule transcripts in-band, and others do not") {
  recording f;
  REQUIRE(f.add(f.in("")) == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "EXTMSG transcript START CHANNEL=#x"), " 481 "));
  f.promote(f.ann);
  CHECK(has(f.ask(f.ann, "EXTMSG transcript start channel=#x"),
            "NOTICE ann :#x is recorded from now on\r\n"));
  CHECK(has(f.ask(f.ann, "EXTMSG transcript STATUS CHANNEL=#X"),
            "#X is recorded in " + f.at.path + "/%23x\r\n"));
  const std::string status = f.ask(f.ann, "EXTMSG transcript STATUS");
  CHECK(has(status, "Transcripts go to " + f.at.path + "\r\n"));
  CHECK(has(status, " 0 lost; 0 notices not delivered\r\n"));
  CHECK(has(status, "Recorded:\r\n"));
  CHECK(has(f.ask(f.ann, "EXTMSG transcript STOP CHANNEL=#x"), "#x is no longer recorded"));
  for (const char *wrong : {"", "START", "STOP", "START #x", "START EVERYTHING", "SET", "SET X=/a",
                            "STATUS #x", "JUMP", "START CHANNEL", "SET DIRECTORY"}) {
    CAPTURE(wrong);
    CHECK(has(f.tell(wrong), "START CHANNEL=#name | START ALL"));
  }
  CHECK(f.tell("START CHANNEL=") == "That is no name of a channel\n");
  CHECK(f.tell("START CHANNEL=#a,#b") == "That is no name of a channel\n");
  CHECK(f.tell("START CHANNEL=#a b") == "That is no name of a channel\n");
  CHECK(f.tell("START CHANNEL=#" + std::string(200, 'x')) == "That is no name of a channel\n");
}

TEST_CASE("the list of recorded channels is bounded, and so is the answer about it") {
  recording f;
  std::string names;
  for (int i = 0; i < 4095; ++i)
    names += (i == 0 ? "\"" : ",\"") + confab::plugins::spelled("#" + std::to_string(i)) + "\"";
  std::ofstream(f.at.path + "/recording.json")
      << "{\"version\":1,\"all\":false,\"directory\":\"%\",\"channels\":[" << names << "]}";
  REQUIRE(f.add(f.in("")) == CONFAB_OK);
  CHECK(f.tell("START CHANNEL=#x") == "#x is recorded from now on\n");
  CHECK(f.tell("START CHANNEL=#y") == "Too many channels are named: use ALL\n");
  const std::string status = f.tell("STATUS");
  CHECK(std::count(status.begin(), status.end(), '\n') == 14);
  CHECK(has(status, " more\n"));
}

TEST_CASE(
    "two instances record the same channel, each in its own directory and with its own mode") {
  recording f;
  REQUIRE(f.add(f.in("/a"), "one") == CONFAB_OK);
  confab_id second = 0;
  CHECK(f.add_to(f.engine, f.in("/a", {{"mode_letter", "J"}}), "two", second) == CONFAB_ERR_ARG);
  CHECK(f.logged("/a is in use by another instance"));
  CHECK(f.add_to(f.engine, f.in("/b"), "two", second) == CONFAB_ERR_EXISTS); // the letter
  CHECK(f.logged("cannot add the mode"));
  REQUIRE(f.add_to(f.engine, f.in("/b", {{"mode_letter", "J"}}), "two", second) == CONFAB_OK);
  f.promote(f.ann);
  f.say(f.ann, "EXTMSG one START ALL");
  f.say(f.ann, "EXTMSG two START CHANNEL=#x");
  CHECK(has(f.ask(f.ann, "MODE #x"), "T"));
  CHECK(has(f.ask(f.ann, "MODE #x"), "J"));
  f.say(f.bob, "PRIVMSG #x :twice");
  REQUIRE(f.remove() == CONFAB_OK);
  f.say(f.bob, "PRIVMSG #x :once");
  REQUIRE(confab_plugin_remove(f.engine, second, 0) == CONFAB_OK);
  CHECK(f.additions() == 0);
  CHECK(f.stats().hooks == 0);
  CHECK(has(f.at.text("a/%23x"), "<bob> twice\n"));
  CHECK_FALSE(has(f.at.text("a/%23x"), "once"));
  CHECK(has(f.at.text("b/%23x"), "<bob> once\n"));
}

TEST_CASE("the end of an engine writes all that was queued, and every setting is checked") {
  recording f;
  for (const settings_list &bad :
       {settings_list{{"format", "xml"}}, settings_list{{"notice", ""}},
        settings_list{{"mode_letter", "zz"}}, settings_list{{"file_bytes", "-1"}},
        settings_list{{"keep_files", "many"}}, settings_list{{"keep_age", "old"}},
        settings_list{{"sync", "maybe"}}, settings_list{{"queue", "1k"}},
        settings_list{{"file_daily", "2"}}})
    CHECK(f.add(f.in("", bad)) == CONFAB_ERR_ARG);
  CHECK(f.add(f.in("", {{"mode_letter", "n"}})) == CONFAB_ERR_EXISTS); // the core's
  f.begin({{"file_bytes", "1k"}, {"keep_files", "3"}, {"sync", "always"}, {"file_daily", "no"}});
  for (int i = 0; i < 200; ++i)
    f.say(f.bob, "PRIVMSG #x :number " + std::to_string(i));
  CHECK(f.destroy().empty());
  CHECK(f.plugin_released == 1);
  const std::vector<std::string> files = f.at.files("%23x");
  REQUIRE(files.size() == 3);
  CHECK(has(f.at.one("%23x/" + files.back()), "<bob> number 199\n"));
  for (const std::string &name : files)
    CHECK(std::filesystem::file_size(f.at.path + "/%23x/" + name) <= 1024);
}

TEST_CASE("a flood that the disk does not keep up with costs lines, and never the server's time") {
  recording f;
  f.begin({{"queue", "16k"}, {"sync", "always"}});
  const std::string line = "PRIVMSG #x :" + std::string(400, 'x');
  for (int i = 0; i < 20'000; ++i) {
    f.say(f.bob, line);
    if (i % 100 == 0)
      f.read_all(); // or ann would be closed, and that be a line, too
  }
  const std::string text = f.ended();
  std::istringstream lines(text);
  std::size_t kept = 0, lost = 0;
  for (std::string one; std::getline(lines, one);)
    if (one.starts_with("<bob> x"))
      ++kept;
    else if (one.ends_with(" lost"))
      lost += std::stoul(one.substr(2));
  CHECK(kept + lost == 20'000);
  CHECK(kept > 0);
}

TEST_CASE("an engine without room for notices tells later, and everybody") {
  recording f({.push = false, .tweak = [](confab_engine_options &o) { o.queued_max = 3; }});
  for (int i = 0; i < 10; ++i)
    f.say(f.ann, "JOIN #r" + std::to_string(i));
  REQUIRE(f.add(f.in("")) == CONFAB_OK);
  f.read_all();
  (void)f.tell("START ALL");
  std::string heard;
  REQUIRE(soon([&] {
    ignore(f.wait_ms(1'000));
    heard += f.read(f.ann);
    return has(heard, "MODE #r9 +T");
  }));
  for (int i = 0; i < 10; ++i)
    CHECK(has(heard, "NOTICE #r" + std::to_string(i) + " " + std::string(told)));
  CHECK(has(f.tell("STATUS"), "0 notices not delivered"));
}

TEST_CASE("a transcript is removed at any moment, from inside its own engine's acts, too") {
  recording f;
  f.begin({}, "START ALL");
  confab_id target = f.plugin;
  f.on(CONFAB_EVENT_PART, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    ignore(confab_plugin_remove(confab_call_engine(c), target, 0));
    return CONFAB_PASS;
  });
  f.say(f.bob, "PRIVMSG #x :before");
  f.say(f.bob, "PART #x :and it goes");
  f.say(f.ann, "PRIVMSG #x :after");
  CHECK(f.plugin_released == 1);
  CHECK(has(f.at.text("%23x"), "<bob> before\n"));
  CHECK_FALSE(has(f.at.text("%23x"), "after"));
  CHECK(f.broken().empty());
  CHECK(f.destroy().empty());
}
