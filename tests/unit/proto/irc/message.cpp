// SPDX-License-Identifier: MIT
//
// proto/irc/message: the edges of the grammar that the public vectors leave open (those are run in
// conformance/parser_vectors.cpp): spaces, the fifteenth parameter, what counts as a verb, odd
// bytes, and tags with their escapes. Writing is tested in line_writer.cpp.
#include "proto/irc/message.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using irc::parse_result;

namespace {

parse_result result_of(std::string_view line) {
  irc::message message;
  return irc::parse(line, message);
}

std::vector<std::string> params_of(std::string_view line) {
  irc::message message;
  REQUIRE(irc::parse(line, message) == parse_result::ok);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < message.param_count; ++i)
    out.emplace_back(message.param(i));
  return out;
}

using strings = std::vector<std::string>;

// n parameters p1 p2 ..., each with a space before it.
std::string numbered(int n) {
  std::string out;
  for (int i = 1; i <= n; ++i)
    out += " p" + std::to_string(i);
  return out;
}

std::string unescape(std::string_view raw) {
  std::string out(raw.size(), '#');
  out.resize(irc::tag_unescape(raw, out.data()));
  return out;
}

} // namespace

TEST_CASE("message: nothing and spaces are empty lines", "[irc]") {
  CHECK(result_of({}) == parse_result::empty);
  CHECK(result_of("") == parse_result::empty);
  CHECK(result_of(" ") == parse_result::empty);
  CHECK(result_of(std::string(512, ' ')) == parse_result::empty);
}

TEST_CASE("message: tags or a source alone miss the verb", "[irc]") {
  for (const std::string_view line : {"@", "@ ", "@a", "@a=b  ", ":", ": ", ":src", ":src  ",
                                      "  :src", "@a :src", "@a :src ", "@ :"}) {
    CAPTURE(std::string(line));
    CHECK(result_of(line) == parse_result::missing_verb);
  }
  irc::message message;
  irc::parse("@a=b :src ", message);
  CHECK(message.tags == "a=b");
  CHECK(message.source == "src");
  CHECK(message.verb.empty());
  CHECK(message.param_count == 0);
}

TEST_CASE("message: a verb is letters or three digits", "[irc]") {
  for (const std::string_view line : {"a", "PRIVMSG", "pRiVmSg x", "001", "999 x", ":s 433 *"}) {
    CAPTURE(std::string(line));
    CHECK(result_of(line) == parse_result::ok);
  }
  for (const std::string_view line :
       {"0", "12", "1234", "12a", "a1", "JO-IN", "JOIN,", "JOIN\t", "\xc3\xa9", ":s ::", ":s :JOIN",
        "@a @b", " @a JOIN", "JOIN: #a", "-", "\x01"}) {
    CAPTURE(std::string(line));
    CHECK(result_of(line) == parse_result::bad_verb);
  }
  CHECK(result_of(std::string_view("A\0B", 3)) == parse_result::bad_verb);
  CHECK(result_of(std::string_view("12\0", 3)) == parse_result::bad_verb);
}

TEST_CASE("message: a bad verb comes with the other parts", "[irc]") {
  irc::message message;
  CHECK(irc::parse("@t :s FOO-1 a :b c", message) == parse_result::bad_verb);
  CHECK(message.tags == "t");
  CHECK(message.source == "s");
  CHECK(message.verb == "FOO-1");
  CHECK(message.param(0) == "a");
  CHECK(message.param(1) == "b c");
}

TEST_CASE("message: runs of spaces separate as one", "[irc]") {
  CHECK(params_of("  JOIN   #a   key  ") == strings{"#a", "key"});
  CHECK(params_of(":s    JOIN #a") == strings{"#a"});
  CHECK(params_of("@t    :s    JOIN #a") == strings{"#a"});
  CHECK(params_of("A  :  b  ") == strings{"  b  "});
  CHECK(params_of("A b\tc") == strings{"b\tc"});
  CHECK(params_of("A ").empty());
}

TEST_CASE("message: a colon counts only in front", "[irc]") {
  CHECK(params_of("A b:c :d:e") == strings{"b:c", "d:e"});
  CHECK(params_of("A :") == strings{""});
  CHECK(params_of("A ::") == strings{":"});
  CHECK(params_of("A : :b") == strings{" :b"});
  irc::message message;
  irc::parse("A b", message);
  CHECK_FALSE(message.trailing);
  irc::parse("A :b", message);
  CHECK(message.trailing);
  irc::parse("A b", message);
  CHECK_FALSE(message.trailing);
}

TEST_CASE("message: tags count only at the very start", "[irc]") {
  irc::message message;
  CHECK(irc::parse("A @b", message) == parse_result::ok);
  CHECK(message.tags.empty());
  CHECK(message.param(0) == "@b");
  CHECK(irc::parse("@a@b;c A", message) == parse_result::ok);
  CHECK(message.tags == "a@b;c");
  CHECK(irc::parse("@ A", message) == parse_result::ok);
  CHECK(message.tags.empty());
}

TEST_CASE("message: the fifteenth parameter takes the rest", "[irc]") {
  CHECK(params_of("A" + numbered(14)).size() == 14);
  CHECK(params_of("A" + numbered(14) + "  ").size() == 14);
  const strings fifteen = params_of("A" + numbered(15));
  REQUIRE(fifteen.size() == 15);
  CHECK(fifteen[14] == "p15");
  const strings sixteen = params_of("A" + numbered(16) + " :x  y ");
  REQUIRE(sixteen.size() == 15);
  CHECK(sixteen[13] == "p14");
  CHECK(sixteen[14] == "p15 p16 :x  y ");
  const strings colon = params_of("A" + numbered(14) + "   :x y");
  REQUIRE(colon.size() == 15);
  CHECK(colon[14] == "x y");
  CHECK(params_of("A" + numbered(500)).size() == 15);
}

TEST_CASE("message: a missing parameter reads as an empty one", "[irc]") {
  irc::message message;
  irc::parse("A" + numbered(15), message);
  irc::parse("B c", message);
  CHECK(message.param_count == 1);
  CHECK(message.param(0) == "c");
  const std::vector<std::size_t> past{1, 14, 15, 16, 255, 256, static_cast<std::size_t>(-1)};
  for (const std::size_t i : past)
    CHECK(message.param(i).empty());
}

TEST_CASE("message: any byte but a space is part of a word", "[irc]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (c == ' ')
      continue;
    // At each place of a word, since words are scanned eight bytes at a time.
    for (std::size_t at = 1; at < 20; ++at) {
      std::string word(20, 'x');
      word[at] = c;
      const std::string line = "A " + word + " z";
      CAPTURE(i, at);
      REQUIRE(params_of(line) == strings{word, "z"});
    }
  }
}

TEST_CASE("message: words of every length end at their space", "[irc]") {
  for (std::size_t first = 1; first <= 40; ++first)
    for (std::size_t second = 1; second <= 40; ++second) {
      const std::string a(first, '!'), b(second, '\xa0');
      REQUIRE(params_of("A " + a + " " + b) == strings{a, b});
    }
}

TEST_CASE("message: views lie within the line", "[irc]") {
  const std::string line = "@t=1;u :nick!u@h PRIVMSG #chan :hello there";
  irc::message message;
  irc::parse(line, message);
  CHECK(message.tags.data() == line.data() + 1);
  CHECK(message.source.data() == line.data() + 8);
  CHECK(message.verb.data() == line.data() + 17);
  CHECK(message.param(0).data() == line.data() + 25);
  CHECK(message.param(1).data() + message.param(1).size() == line.data() + line.size());
}

TEST_CASE("tags: the reader gives each tag in its turn", "[irc]") {
  irc::tag_reader reader("a;b=;c=d=e;;+x.y/z=1;");
  irc::tag tag;
  const auto is_next = [&](std::string_view key, std::string_view value, bool has_value) {
    return reader.next(tag) && tag.key == key && tag.raw_value == value &&
           tag.has_value == has_value;
  };
  CHECK(is_next("a", "", false));
  CHECK(is_next("b", "", true));
  CHECK(is_next("c", "d=e", true));
  CHECK(is_next("+x.y/z", "1", true));
  CHECK_FALSE(reader.next(tag));
  CHECK_FALSE(reader.next(tag));
  CHECK(tag.key == "+x.y/z");
}

TEST_CASE("tags: nothing and semicolons hold no tag", "[irc]") {
  irc::tag tag;
  for (const std::string_view tags : {"", ";", ";;;;"}) {
    irc::tag_reader reader(tags);
    CHECK_FALSE(reader.next(tag));
  }
  irc::tag_reader no_key("=v");
  REQUIRE(no_key.next(tag));
  CHECK(tag.key.empty());
  CHECK(tag.raw_value == "v");
}

TEST_CASE("tags: of several with one key the last is found", "[irc]") {
  irc::tag tag;
  CHECK(irc::find_tag("a=1;b=2;a=3;c", "a", tag));
  CHECK(tag.raw_value == "3");
  CHECK(irc::find_tag("a=1;a", "a", tag));
  CHECK_FALSE(tag.has_value);
  CHECK_FALSE(irc::find_tag("a=1;+b=2;v/c=3", "b", tag));
  CHECK_FALSE(irc::find_tag("a=1;+b=2;v/c=3", "c", tag));
  CHECK_FALSE(irc::find_tag("A=1", "a", tag));
  CHECK(tag.key == "a");
}

TEST_CASE("tags: escapes are undone one by one", "[irc]") {
  CHECK(unescape("") == "");
  CHECK(unescape("plain") == "plain");
  CHECK(unescape("\\:\\s\\\\\\r\\n") == "; \\\r\n");
  CHECK(unescape("\\\\n\\\\s") == "\\n\\s");
  CHECK(unescape("\\a\\1\\=") == "a1=");
  CHECK(unescape("a\\") == "a");
  CHECK(unescape("\\") == "");
  CHECK(unescape("a\\\\") == "a\\");
  std::string in_place = "\\s\\sx";
  in_place.resize(irc::tag_unescape(in_place, in_place.data()));
  CHECK(in_place == "  x");
}

TEST_CASE("tags: escaping is bounded and whole", "[irc]") {
  const std::string_view value("; \\\r\n\0a", 7);
  const std::string_view escaped = "\\:\\s\\\\\\r\\n\\sa";
  std::string out(escaped.size() + 2, '#');
  std::size_t used = 2;
  REQUIRE(irc::tag_escape(value, out.data(), out.size(), used));
  CHECK(used == out.size());
  CHECK(out == "##" + std::string(escaped));
  for (std::size_t size = 2; size < out.size(); ++size) {
    used = 2;
    CAPTURE(size);
    CHECK_FALSE(irc::tag_escape(value, out.data(), size, used));
    CHECK(used == 2);
  }
  CHECK(irc::tag_escape("", out.data(), 2, used));
  CHECK(used == 2);
}

TEST_CASE("tags: every byte but NUL survives escaping", "[irc]") {
  for (int i = 1; i < 256; ++i) {
    const std::string value(3, static_cast<char>(i));
    std::string out(6, '#');
    std::size_t used = 0;
    REQUIRE(irc::tag_escape(value, out.data(), out.size(), used));
    out.resize(used);
    CAPTURE(i, out);
    CHECK(out.find_first_of("; \r\n") == std::string::npos);
    CHECK(unescape(out) == value);
  }
}
