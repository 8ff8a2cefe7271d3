// SPDX-License-Identifier: MIT
//
// proto/irc/line_writer: each part, the bound at n-1, n and n+1, what becomes of bytes that would
// end a line, and misuse (asserted with assertions on, harmless without). Random calls against the
// same laws are in property/irc_grammar.cpp; reading is tested in message.cpp.
#include "proto/irc/message.hpp"

#include "support/catch.hpp"

#include <array>
#include <csignal>
#include <functional>
#include <limits>
#include <string>

#include <sys/wait.h>
#include <unistd.h>

using namespace confab;

namespace {

// A writer with a buffer of its own.
struct fixture {
  explicit fixture(std::size_t line_bytes_max = 512, std::size_t tag_bytes = 600)
      : buffer(line_bytes_max + tag_bytes, '#'),
        writer(buffer.data(), buffer.size(), line_bytes_max) {}
  std::string finish() { return std::string(writer.finish()); }

  std::string buffer;
  irc::line_writer writer;
};

// Whether the misuse in `act` stops a program that has assertions, and not one that has none.
bool stops_debug_only(const std::function<void()> &act) {
  const pid_t child = fork();
  if (child == 0) {
    // Catch2 has a handler for the signal that is expected here, and assert has a message for it.
    std::signal(SIGABRT, SIG_DFL);
    close(STDERR_FILENO);
    act();
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
#ifdef NDEBUG
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
#else
  return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
#endif
}

} // namespace

TEST_CASE("line_writer: parts come out in the order of the grammar", "[irc]") {
  fixture f;
  f.writer.tag("time", "2020-01-01T00:00:00.000Z").tag("a", "x y;").tag("b").source("irc.example");
  f.writer.numeric(5).param("nick").number(42).text("are supported");
  CHECK(f.finish() == "@time=2020-01-01T00:00:00.000Z;a=x\\sy\\:;b :irc.example 005 nick 42 "
                      ":are supported\r\n");
  CHECK_FALSE(f.writer.cut());
}

TEST_CASE("line_writer: source, tags and parameters may be missing", "[irc]") {
  CHECK(fixture().writer.verb("PING").finish() == "PING\r\n");
  CHECK(fixture().writer.source(":s@").verb("PING").finish() == "::s@ PING\r\n");
  fixture no_source;
  no_source.writer.tag("a").verb("PING").text("");
  CHECK(no_source.finish() == "@a PING :\r\n");
  fixture colon;
  colon.writer.source("s").verb("A").param("b").text(":c");
  CHECK(colon.finish() == ":s A b ::c\r\n");
}

TEST_CASE("line_writer: numbers are written in full", "[irc]") {
  fixture f;
  f.writer.numeric(1).number(0).number(std::numeric_limits<std::uint64_t>::max());
  CHECK(f.finish() == "001 0 18446744073709551615\r\n");
  CHECK(fixture().writer.numeric(999).finish() == "999\r\n");
  CHECK(fixture().writer.numeric(433).finish() == "433\r\n");
}

TEST_CASE("line_writer: finishing twice changes nothing", "[irc]") {
  fixture f;
  f.writer.verb("A").param("b");
  const std::string once = f.finish();
  CHECK(f.finish() == once);
  CHECK_FALSE(f.writer.fits(0));
}

TEST_CASE("line_writer: a text is cut so that the line has its limit", "[irc]") {
  // "A :" and CR LF take five bytes.
  for (const std::size_t limit : {std::size_t{16}, std::size_t{512}, std::size_t{2048}}) {
    for (const std::size_t over : {std::size_t{0}, std::size_t{1}, std::size_t{100}}) {
      fixture f(limit);
      f.writer.verb("A").text(std::string(limit - 5 + over, 'x'));
      CAPTURE(limit, over);
      CHECK(f.finish() == "A :" + std::string(limit - 5, 'x') + "\r\n");
      CHECK(f.writer.cut() == (over > 0));
    }
    fixture under(limit);
    under.writer.verb("A").text(std::string(limit - 6, 'x'));
    CHECK(under.finish().size() == limit - 1);
    CHECK_FALSE(under.writer.cut());
  }
}

TEST_CASE("line_writer: the default limit is RFC 1459's", "[irc]") {
  std::array<char, 600> buffer{};
  irc::line_writer writer(buffer.data(), buffer.size());
  CHECK(writer.verb("A").text(std::string(600, 'x')).finish().size() == 512);
}

TEST_CASE("line_writer: a cut never divides a character", "[irc]") {
  const std::string euro = "\xe2\x82\xac";
  std::string text;
  for (int i = 0; i < 10; ++i)
    text += euro;
  for (std::size_t room = 0; room < 31; ++room) {
    fixture f(5 + room);
    f.writer.verb("A").text(text);
    CAPTURE(room);
    CHECK(f.finish() == "A :" + text.substr(0, room / 3 * 3) + "\r\n");
    CHECK(f.writer.cut() == (room < 30));
  }
}

TEST_CASE("line_writer: what follows a cut is left out", "[irc]") {
  fixture f(16);
  f.writer.verb("A").param(std::string(20, 'x')).param("y").number(1).text("z");
  CHECK(f.finish() == "A " + std::string(12, 'x') + "\r\n");
  CHECK(f.writer.cut());
  // Two bytes would be left after the cut, enough for " y".
  fixture gap(9);
  gap.writer.verb("A").param("xx\xf0\x9f\x98\x80").param("y");
  CHECK(gap.finish() == "A xx\r\n");
  CHECK_FALSE(gap.writer.fits(0));
}

TEST_CASE("line_writer: a parameter that has no room leaves nothing behind", "[irc]") {
  for (const std::size_t limit : {std::size_t{3}, std::size_t{4}}) {
    fixture middle(limit);
    CHECK(middle.writer.verb("A").param("x").finish() == "A\r\n");
    CHECK(middle.writer.cut());
    fixture text(limit);
    CHECK(text.writer.verb("A").text("x").finish() == "A\r\n");
    CHECK(text.writer.cut());
  }
  CHECK(fixture(5).writer.verb("A").param("x").finish() == "A x\r\n");
  CHECK(fixture(5).writer.verb("A").text("x").finish() == "A :\r\n");
  CHECK(fixture(6).writer.verb("A").text("x").finish() == "A :x\r\n");
  CHECK(fixture(6).writer.verb("A").param("\xe2\x82\xac").finish() == "A\r\n");
  CHECK(fixture(7).writer.verb("A").param("\xe2\x82\xac").finish() == "A \xe2\x82\xac\r\n");
}

TEST_CASE("line_writer: fits tells what has room", "[irc]") {
  fixture f(16);
  CHECK(f.writer.fits(14));
  CHECK_FALSE(f.writer.fits(15));
  f.writer.verb("ABCD").param("xx");
  CHECK(f.writer.fits(7));
  CHECK_FALSE(f.writer.fits(8));
  f.writer.param("123456");
  CHECK(f.writer.fits(0));
  CHECK_FALSE(f.writer.fits(1));
  CHECK(f.finish() == "ABCD xx 123456\r\n");
  CHECK_FALSE(f.writer.cut());
}

TEST_CASE("line_writer: a source or verb without room gives the line up", "[irc]") {
  fixture source(16);
  source.writer.tag("a").source(std::string(20, 's')).verb("A").text("b");
  CHECK(source.finish().empty());
  CHECK(source.writer.cut());
  fixture verb(8);
  verb.writer.source("abc").verb("DEF").param("x");
  CHECK(verb.finish().empty());
  CHECK(fixture(10).writer.source("abc").verb("DEF").finish() == ":abc DEF\r\n");
  CHECK(fixture(2).writer.verb("A").finish().empty());
}

TEST_CASE("line_writer: bytes that end a line become spaces in a text", "[irc]") {
  fixture f;
  f.writer.verb("A").text(std::string_view("a\rb\nc\0d\r\nQUIT :x", 16));
  CHECK(f.finish() == "A :a b c d  QUIT :x\r\n");
}

TEST_CASE("line_writer: a line end is found at every place of a text", "[irc]") {
  for (const char end : {'\r', '\n', '\0'})
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = end;
      fixture f;
      f.writer.verb("A").text(text);
      text[at] = ' ';
      CAPTURE(static_cast<int>(end), at);
      CHECK(f.finish() == "A :" + text + "\r\n");
    }
}

TEST_CASE("line_writer: other bytes stay as they are", "[irc]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (c == '\r' || c == '\n' || c == '\0')
      continue;
    fixture f;
    f.writer.verb("A").text(std::string(3, c));
    CAPTURE(i);
    CHECK(f.finish() == "A :" + std::string(3, c) + "\r\n");
  }
}

TEST_CASE("line_writer: a line has room beside its tags", "[irc]") {
  fixture f(16, 8);
  f.writer.tag("a", "12").tag("b").verb("A").text(std::string(99, 'x'));
  CHECK(f.finish() == "@a=12;b A :" + std::string(11, 'x') + "\r\n");
}

TEST_CASE("line_writer: a tag that does not fit is left out whole", "[irc]") {
  const auto written = [](std::size_t tag_bytes, std::string_view key, std::string_view value) {
    fixture f(16, tag_bytes);
    f.writer.tag(key, value).verb("A");
    return f.finish();
  };
  CHECK(written(6, "k", "vv") == "@k=vv A\r\n");
  CHECK(written(5, "k", "vv") == "A\r\n");
  CHECK(written(4, "k", "vv") == "A\r\n");
  CHECK(written(3, "k", "vv") == "A\r\n");
  CHECK(written(3, "k", "") == "@k A\r\n");
  CHECK(written(2, "k", "") == "A\r\n");
  CHECK(written(0, "k", "") == "A\r\n");
  CHECK(written(6, "k", ";") == "@k=\\: A\r\n");
  CHECK(written(5, "k", ";") == "A\r\n");
  fixture later(16, 6);
  later.writer.tag("long", "value").tag("k", "v").verb("A");
  CHECK(later.writer.cut());
  CHECK(later.finish() == "@k=v A\r\n");
}

TEST_CASE("line_writer: tags keep to the limit of message-tags", "[irc]") {
  // '@', the key, '=' and the space take four bytes.
  fixture exact(16, 10000);
  exact.writer.tag("k", std::string(irc::tags_bytes_limit - 4, 'v')).verb("A");
  CHECK(exact.finish().size() == irc::tags_bytes_limit + 3);
  fixture over(16, 10000);
  over.writer.tag("k", std::string(irc::tags_bytes_limit - 3, 'v')).verb("A");
  CHECK(over.finish() == "A\r\n");
}

TEST_CASE("line_writer: a small buffer lowers the limit", "[irc]") {
  std::array<char, 8> buffer{};
  irc::line_writer writer(buffer.data(), buffer.size());
  CHECK(writer.tag("a").verb("A").text("12345").finish() == "A :123\r\n");
}

TEST_CASE("line_writer: fifteen parameters fit, as many as a reader takes", "[irc]") {
  fixture f;
  f.writer.verb("A");
  std::string expected = "A";
  for (int i = 0; i < 14; ++i) {
    f.writer.param("p");
    expected += " p";
  }
  f.writer.text("last one");
  CHECK(f.finish() == expected + " :last one\r\n");
}

TEST_CASE("line_writer: misuse stops a debug build", "[irc]") {
  CHECK(stops_debug_only([] { fixture().writer.verb("A").param(""); }));
  CHECK(stops_debug_only([] { fixture().writer.verb("A").param(":a"); }));
  CHECK(stops_debug_only([] { fixture().writer.verb("A").param("a b"); }));
  CHECK(stops_debug_only([] { fixture().writer.verb("A").text("a").param("b"); }));
  CHECK(stops_debug_only([] { fixture().writer.param("a"); }));
  CHECK(stops_debug_only([] { fixture().writer.verb("A").source("s"); }));
  CHECK(stops_debug_only([] { fixture().writer.source("s").tag("a"); }));
  CHECK(stops_debug_only([] { fixture().writer.tag("").verb("A"); }));
  CHECK(stops_debug_only([] { fixture().writer.tag("a=b").verb("A"); }));
  CHECK(stops_debug_only([] { fixture().writer.source("").verb("A"); }));
  CHECK(stops_debug_only([] { fixture().writer.verb(""); }));
  CHECK(stops_debug_only([] { fixture().writer.verb("@a"); }));
  CHECK(stops_debug_only([] { fixture().writer.verb(":a"); }));
  CHECK(stops_debug_only([] { fixture().writer.source("a b").verb("A"); }));
  CHECK(stops_debug_only([] { fixture().writer.source("s").finish(); }));
  CHECK(stops_debug_only([] { fixture().writer.numeric(1000); }));
  CHECK(stops_debug_only([] { fixture f(1, 0); }));
}

#ifdef NDEBUG
TEST_CASE("line_writer: misuse shifts no parameter in a release build", "[irc]") {
  const auto middle = [](std::string_view s) {
    fixture f;
    f.writer.source("s").verb("A").param("x").param(s).param("y");
    return f.finish();
  };
  CHECK(middle("") == ":s A x :\r\n");
  CHECK(middle(":a") == ":s A x ::a\r\n");
  CHECK(middle("a b") == ":s A x :a b\r\n");
  CHECK(middle("a\nb") == ":s A x :a b\r\n");
  fixture words;
  words.writer.source("a b\r\nc").verb("A B");
  CHECK(words.finish() == ":a_b__c A_B\r\n");
  CHECK(fixture().writer.source("").verb("A").finish() == "A\r\n");
  CHECK(fixture().writer.source("s").verb("").finish().empty());
  fixture tags;
  tags.writer.tag("a=b").tag("").tag("c d").tag("e;f").tag("g\r\n").tag(":h").verb("A");
  CHECK(tags.finish() == "@:h A\r\n");
  fixture order;
  order.writer.param("a").verb("A").source("s").tag("t").text("b").text("c").param("d");
  CHECK(order.finish() == "A :b\r\n");
  CHECK(fixture().writer.finish().empty());
  CHECK(fixture().writer.source("s").finish().empty());
  fixture many;
  many.writer.verb("A");
  for (int i = 0; i < 20; ++i)
    many.writer.param("p");
  CHECK(many.finish().size() == 1 + 15 * 2 + 2);
  CHECK(many.writer.cut());
  fixture tiny(1, 0);
  CHECK(tiny.writer.verb("A").text("b").finish().empty());
}
#endif
