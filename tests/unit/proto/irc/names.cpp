// SPDX-License-Identifier: MIT
//
// proto/irc/names: each class of names byte for byte against the RFC's list, written out here a
// second time, and every bound at n-1, n and n+1. The public vectors for hosts and userhosts are
// run in conformance/parser_vectors.cpp.
#include "proto/irc/names.hpp"

#include "support/catch.hpp"

#include <string>

using namespace confab;

namespace {

constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view digits = "0123456789";
constexpr std::string_view special = "[]\\`_^{|}";

bool among(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

std::string cleaned(std::string_view in, std::size_t bytes_max = 10) {
  std::string out(bytes_max, '#');
  out.resize(irc::username_clean(in, out.data(), bytes_max));
  return out;
}

std::string completed(std::string_view in) {
  std::string out(in.size() + 4, '#');
  out.resize(irc::mask_complete(in, out.data(), out.size()));
  return out;
}

std::string split(std::string_view source) {
  const irc::userhost parts = irc::split_userhost(source);
  return std::string(parts.nick) + " | " + std::string(parts.user) + " | " +
         std::string(parts.host);
}

} // namespace

TEST_CASE("names: a nick begins with a letter or special, then has digits and hyphens too",
          "[irc]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool first = among(c, letters) || among(c, special);
    CAPTURE(i);
    CHECK(irc::nick_valid(std::string(1, c), 9) == first);
    CHECK(irc::nick_valid(std::string("a") + c, 9) == (first || among(c, digits) || c == '-'));
    CHECK(irc::nick_valid(std::string("a") + c + "b", 9) ==
          (first || among(c, digits) || c == '-'));
  }
}

TEST_CASE("names: a nick has one byte at least and bytes_max at most", "[irc]") {
  CHECK_FALSE(irc::nick_valid("", 9));
  CHECK_FALSE(irc::nick_valid("a", 0));
  CHECK(irc::nick_valid("abcdefgh", 9));
  CHECK(irc::nick_valid("abcdefghi", 9));
  CHECK_FALSE(irc::nick_valid("abcdefghij", 9));
}

TEST_CASE("names: a channel begins with its type and holds no separator", "[irc]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool good = !among(c, std::string_view(" ,\a\0\r\n", 6));
    CAPTURE(i);
    CHECK(irc::channel_name_valid(std::string("#a") + c, 50, "#&") == good);
    CHECK(irc::channel_name_valid(std::string("#") + c + "a", 50, "#&") == good);
    CHECK(irc::channel_name_valid(c + std::string("a"), 50, "#&") == (c == '#' || c == '&'));
  }
  // A type that is a separator is still none inside a name.
  CHECK_FALSE(irc::channel_name_valid(",a", 50, ","));
}

TEST_CASE("names: a channel has one byte at least and bytes_max at most", "[irc]") {
  CHECK_FALSE(irc::channel_name_valid("", 50, "#&"));
  CHECK(irc::channel_name_valid("#", 50, "#&"));
  CHECK_FALSE(irc::channel_name_valid("#", 0, "#&"));
  CHECK_FALSE(irc::channel_name_valid("#a", 50, ""));
  CHECK(irc::channel_name_valid("#" + std::string(48, 'x'), 50, "#&"));
  CHECK(irc::channel_name_valid("#" + std::string(49, 'x'), 50, "#&"));
  CHECK_FALSE(irc::channel_name_valid("#" + std::string(50, 'x'), 50, "#&"));
  CHECK(irc::channel_name_valid("#\xf0\x9f\x98\x80", 5, "#&"));
}

TEST_CASE("names: a user name keeps what can be shown", "[irc]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool kept = among(c, letters) || among(c, digits) || among(c, "-._~[]{}^|");
    CAPTURE(i);
    CHECK(cleaned(std::string("a") + c + "b") == (kept ? std::string("a") + c + "b" : "ab"));
  }
}

TEST_CASE("names: a user name is cut, and never empty", "[irc]") {
  CHECK(cleaned("abcdefghi") == "abcdefghi");
  CHECK(cleaned("abcdefghij") == "abcdefghij");
  CHECK(cleaned("abcdefghijk") == "abcdefghij");
  CHECK(cleaned("@@@@@@@@@@@@ab") == "ab");
  CHECK(cleaned("") == "user");
  CHECK(cleaned("\xf0\x9f\x98\x80") == "user");
  CHECK(cleaned("\xff", 4) == "user");
  CHECK(cleaned("\xff", 3) == "use");
  CHECK(cleaned("abc", 0).empty());
  CHECK(cleaned("", 0).empty());
  std::string in_place = "a@b@c";
  in_place.resize(irc::username_clean(in_place, in_place.data(), in_place.size()));
  CHECK(in_place == "abc");
}

TEST_CASE("names: a userhost splits at its first separators", "[irc]") {
  CHECK(split("") == " |  | ");
  CHECK(split("n!u@h") == "n | u | h");
  CHECK(split("irc.example.com") == "irc.example.com |  | ");
  CHECK(split("!u@h") == " | u | h");
  CHECK(split("n!@") == "n |  | ");
  CHECK(split("@") == " |  | ");
  CHECK(split("!") == " |  | ");
  CHECK(split("n!u!v@h") == "n | u!v | h");
  CHECK(split("n!u@h@i") == "n | u | h@i");
  CHECK(split("n@h!u") == "n |  | h!u");
}

TEST_CASE("names: labels of a host have their characters and lengths", "[irc]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const bool edge = among(c, letters) || among(c, digits);
    CAPTURE(i);
    CHECK(irc::hostname_valid(std::string("a.") + c + "b") == (edge));
    CHECK(irc::hostname_valid(std::string("a.b") + c) == (edge || c == '.'));
    CHECK(irc::hostname_valid(std::string("a.b") + c + "c") == (edge || c == '-' || c == '.'));
  }
  CHECK(irc::hostname_valid(std::string(62, 'a') + ".b"));
  CHECK(irc::hostname_valid(std::string(63, 'a') + ".b"));
  CHECK_FALSE(irc::hostname_valid(std::string(64, 'a') + ".b"));
  CHECK_FALSE(irc::hostname_valid("b." + std::string(64, 'a')));
}

TEST_CASE("names: a host has a dot, no empty label, and 253 bytes at most", "[irc]") {
  for (const std::string_view bad : {".", "..", "a..", ".a", "a..b", "a...", "-.a", "a.-"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(irc::hostname_valid(bad));
  }
  CHECK(irc::hostname_valid("127.0.0.1"));
  CHECK_FALSE(irc::hostname_valid("::1"));
  CHECK_FALSE(irc::hostname_valid(std::string_view("a.b\0", 4)));
  std::string longest;
  for (int i = 0; i < 126; ++i)
    longest += "a.";
  CHECK(irc::hostname_valid(longest));
  CHECK(irc::hostname_valid(longest + "a"));
  CHECK(irc::hostname_valid(longest + "a."));
  CHECK_FALSE(irc::hostname_valid(longest + "aa"));
  CHECK_FALSE(irc::hostname_valid(longest + "aa."));
}

TEST_CASE("names: an incomplete mask is completed by what it looks like", "[irc]") {
  CHECK(completed("nick") == "nick!*@*");
  CHECK(completed("u@h") == "*!u@h");
  CHECK(completed("nick!u") == "nick!u@*");
  CHECK(completed("n!u@h") == "n!u@h");
  CHECK(completed("a.b.c") == "*!*@a.b.c");
  CHECK(completed("2001:db8::1") == "*!*@2001:db8::1");
  CHECK(completed("*.example.com") == "*!*@*.example.com");
  CHECK(completed("a.b!c") == "a.b!c@*");
  CHECK(completed("u@a.b") == "*!u@a.b");
  CHECK(completed("*") == "*!*@*");
  CHECK(completed("a@b!c") == "*!a@b!c");
}

TEST_CASE("names: empty parts of a mask become stars", "[irc]") {
  CHECK(completed("!") == "*!*@*");
  CHECK(completed("@") == "*!*@*");
  CHECK(completed("!@") == "*!*@*");
  CHECK(completed("!u@h") == "*!u@h");
  CHECK(completed("n!@h") == "n!*@h");
  CHECK(completed("n!u@") == "n!u@*");
  CHECK(completed("@h") == "*!*@h");
  CHECK(completed("n!") == "n!*@*");
}

TEST_CASE("names: a mask with spaces or control bytes, or none, is refused", "[irc]") {
  CHECK(completed("").empty());
  for (int i = 0; i < 256; ++i) {
    CAPTURE(i);
    CHECK(completed(std::string("a") + static_cast<char>(i)).empty() == (i <= 32 || i == 127));
  }
}

TEST_CASE("names: a mask that does not fit writes nothing", "[irc]") {
  std::string out(8, '#');
  CHECK(irc::mask_complete("nick", out.data(), 7) == 0);
  CHECK(out == "########");
  CHECK(irc::mask_complete("nick", out.data(), 8) == 8);
  CHECK(out == "nick!*@*");
  CHECK(irc::mask_complete("nick", nullptr, 0) == 0);
}

TEST_CASE("names: completing twice is completing once", "[irc]") {
  // All words of six pieces that decide how a mask is read.
  constexpr std::string_view pieces = "a!@.:*";
  for (unsigned code = 0; code < 6 * 6 * 6 * 6 * 6 * 6; ++code) {
    std::string in;
    for (unsigned rest = code, i = 0; i < 6; ++i, rest /= 6)
      in.push_back(pieces[rest % 6]);
    const std::string once = completed(in);
    REQUIRE_FALSE(once.empty());
    REQUIRE(completed(once) == once);
  }
}
