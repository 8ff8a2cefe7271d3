// SPDX-License-Identifier: MIT
//
// The plugin log_monitor: a line for each session that ends, to a file or to the host's log, and
// how operators turn that on and off. How files are written is tested in files.cpp.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"

extern "C" const confab_plugin_entry confab_plugin_log_monitor;

using namespace confab::test;

namespace {

struct logging : with_plugin {
  logging() : with_plugin(confab_plugin_log_monitor) {}
  scratch_directory at;
};

} // namespace

TEST_CASE("a session that ends is a line in the host's log: who, whence, how long, and how") {
  logging f;
  REQUIRE(f.add() == CONFAB_OK);
  const confab_id dan = f.open("198.51.100.7");
  f.enter(dan, "dan");
  ignore(f.wait_ms(61'250));
  f.say(dan, "NICK daniel");
  f.say(dan, "QUIT :my secret reason");
  CHECK(f.logged("logout nick=daniel from=dan@198.51.100.7 address=198.51.100.7 protocol=irc "
                 "seconds=61.250 why=quit"));
  CHECK_FALSE(f.logged("logout nick=dan "));
  f.end(f.open()); // never registered
  f.end(f.bob);    // here before the plugin: since it connected
  CHECK(f.logged("logout nick=bob from=bob@192.0.2.1 address=192.0.2.1 protocol=irc "
                 "seconds=61.250 why=closed"));
  f.promote(f.ann);
  f.say(f.ann, "KILL cat :go");
  CHECK(f.logged("logout nick=cat from=cat@192.0.2.1 address=192.0.2.1 protocol=irc "
                 "seconds=61.250 why=killed"));
  for (const std::string &text : f.host.logged_text)
    CHECK_FALSE((has(text, "logout") && has(text, "secret")));
}

TEST_CASE("sessions are logged to a file, each once, sessions of one user each alone") {
  logging f;
  REQUIRE(f.add({{"directory", f.at.path + "/audit"}}) == CONFAB_OK);
  const confab_id second = f.open("198.51.100.8");
  REQUIRE(confab_conn_attach(f.engine, second, f.now, f.user("ann")) == CONFAB_OK);
  ignore(f.wait_ms(1'000));
  f.end(second);
  f.say(f.ann, "QUIT");
  REQUIRE(f.remove() == CONFAB_OK); // writes what is queued
  CHECK(f.at.text("audit/logins") ==
        "2023-11-14T22:13:21.000Z logout nick=ann from=ann@192.0.2.1 address=198.51.100.8 "
        "protocol=irc seconds=1.000 why=closed\n"
        "2023-11-14T22:13:21.000Z logout nick=ann from=ann@192.0.2.1 address=192.0.2.1 "
        "protocol=ircv3 seconds=1.000 why=quit\n");
  CHECK_FALSE(f.logged("logout"));
}

TEST_CASE("operators turn logging of sessions on and off, and ask how it is") {
  logging f;
  REQUIRE(f.add({{"directory", f.at.path}}, "audit") == CONFAB_OK);
  CHECK(has(f.ask(f.bob, "EXTMSG audit OFF"), " 481 "));
  f.promote(f.ann);
  CHECK(has(f.ask(f.ann, "EXTMSG audit STATUS"),
            "Sessions are logged to " + f.at.path + "; 0 lines written, 0 waiting, 0 lost"));
  CHECK(has(f.ask(f.ann, "EXTMSG audit off"), "ON | OFF | STATUS"));
  CHECK(has(f.ask(f.ann, "EXTMSG audit OFF"), "Sessions are not logged"));
  f.say(f.bob, "QUIT");
  REQUIRE(f.configure({{"directory", f.at.path}, {"sync", "never"}}) == CONFAB_OK);
  CHECK(has(f.tell("STATUS"), "Sessions are not logged")); // the operator's word still holds
  CHECK(has(f.tell("ON"), "Sessions are logged to"));
  f.say(f.cat, "QUIT");
  REQUIRE(f.configure({{"directory", f.at.path}, {"enabled", "no"}}) == CONFAB_OK);
  CHECK(has(f.tell("STATUS"), "Sessions are not logged"));
  f.say(f.ann, "QUIT");
  CHECK(f.destroy().empty());
  CHECK(has(f.at.text("logins"), "nick=cat"));
  CHECK_FALSE(has(f.at.text("logins"), "nick=bob"));
  CHECK_FALSE(has(f.at.text("logins"), "nick=ann"));
}

TEST_CASE("a bad directory is refused with its reason, at first and later, and changes nothing") {
  logging f;
  CHECK(f.add({{"directory", "relative"}}) == CONFAB_ERR_ARG);
  CHECK(f.logged("\"relative\" is no absolute path"));
  CHECK(f.stats().plugins == 0);
  CHECK(f.stats().hooks == 0);
  CHECK(f.additions() == 0);
  REQUIRE(f.add({{"directory", f.at.path + "/a"}}) == CONFAB_OK);
  CHECK(f.configure({{"directory", "/proc/none"}}) == CONFAB_ERR_ARG);
  CHECK(f.logged("/proc/none cannot be made"));
  CHECK(f.configure({{"queue", "1"}}) == CONFAB_ERR_ARG);
  CHECK(f.configure({{"sync", "sometimes"}}) == CONFAB_ERR_ARG);
  CHECK(has(f.tell("STATUS"), f.at.path + "/a;"));
  f.say(f.bob, "QUIT");
  REQUIRE(f.configure({{"directory", f.at.path + "/b"}}) == CONFAB_OK);
  f.say(f.cat, "QUIT");
  REQUIRE(f.configure({}) == CONFAB_OK); // to the host's log; the file is complete
  CHECK(has(f.at.text("a/logins"), "nick=bob"));
  CHECK(has(f.at.text("b/logins"), "nick=cat"));
  CHECK(has(f.tell("STATUS"), "Sessions are logged to the server's log"));
  f.say(f.ann, "QUIT");
  CHECK(f.logged("logout nick=ann"));
}

TEST_CASE("two instances of the log monitor write into directories of their own") {
  logging f;
  REQUIRE(f.add({{"directory", f.at.path + "/a"}}, "one") == CONFAB_OK);
  confab_id second = 0;
  CHECK(f.add_to(f.engine, {{"directory", f.at.path + "/a"}}, "two", second) == CONFAB_ERR_ARG);
  CHECK(f.logged("/a is in use by another instance"));
  REQUIRE(f.add_to(f.engine, {{"directory", f.at.path + "/b"}}, "two", second) == CONFAB_OK);
  f.say(f.bob, "QUIT");
  REQUIRE(f.remove() == CONFAB_OK);
  CHECK(f.plugin_released == 1);
  f.say(f.cat, "QUIT");
  REQUIRE(confab_plugin_remove(f.engine, second, 0) == CONFAB_OK);
  CHECK(f.additions() == 0);
  CHECK(has(f.at.text("a/logins"), "nick=bob"));
  CHECK_FALSE(has(f.at.text("a/logins"), "nick=cat"));
  CHECK(has(f.at.text("b/logins"), "nick=bob"));
  CHECK(has(f.at.text("b/logins"), "nick=cat"));
  REQUIRE(f.add({{"directory", f.at.path + "/a"}}, "one") == CONFAB_OK); // it is free again
}

TEST_CASE("the log monitor tells the host's log what could not be written") {
  logging f;
  REQUIRE(f.add({{"directory", f.at.path}}) == CONFAB_OK);
  std::ofstream(f.at.path + "/logins") << "a file where a folder should be";
  f.say(f.bob, "QUIT");
  REQUIRE(soon([&] {
    ignore(f.wait_ms(1'000));
    return f.logged("lines were lost");
  }));
  CHECK(f.logged("Not a directory"));
  CHECK(has(f.tell("STATUS"), "0 lines written, 0 waiting, 1 lost"));
}
