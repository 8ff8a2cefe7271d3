// SPDX-License-Identifier: MIT
//
// proto/ircx/names: what a target is by its first character, extended nicks and channels both ways
// with every bound at n-1, n and n+1, the hex aliases of plain clients, names that only look like
// channels.
#include "proto/ircx/names.hpp"

#include "lines.hpp"

#include <utility>

using namespace confab;
using ircx::name_error;
using ircx::object_kind;

namespace {

std::string decoded_nick(std::string_view written, std::size_t bytes_max = 31) {
  std::string out(written.size() + 1, '#');
  std::size_t length = 0;
  const name_error error = ircx::decode_nick(written, bytes_max, out.data(), length);
  if (error != name_error::none)
    return "error: " + std::string(ircx::reason(error));
  out.resize(length);
  return out;
}

name_error nick_error(std::string_view written, std::size_t bytes_max = 31) {
  std::string out(written.size() + 1, '#');
  std::size_t length = 77;
  const name_error error = ircx::decode_nick(written, bytes_max, out.data(), length);
  CHECK((error == name_error::none) == (length != 77));
  return error;
}

std::string encoded(bool (*encode)(std::string_view, char *, std::size_t, std::size_t &) noexcept,
                    std::string_view name, std::size_t size = 100) {
  std::string out(size, '#');
  std::size_t used = 0;
  if (!encode(name, out.data(), size, used)) {
    CHECK(used == 0);
    return "(none)";
  }
  out.resize(used);
  return out;
}

std::string decoded_channel(std::string_view written) {
  std::string out(written.size(), '#');
  out.resize(ircx::decode_channel(written, out.data()));
  return out;
}

name_error channel_error(std::string_view written) { return ircx::check_channel(written, 200); }

} // namespace

TEST_CASE("names: the first character says what a target is", "[ircx]") {
  const std::pair<std::string_view, object_kind> rows[] = {
      {"", object_kind::none},
      {"*", object_kind::network},
      {"*a", object_kind::none},
      {"$", object_kind::this_server},
      {"$irc.example", object_kind::server},
      {"%", object_kind::last_channel},
      {"'", object_kind::self},
      {"%#Zo\xc3\xab", object_kind::extended_channel},
      {"%&here", object_kind::extended_channel},
      {"%a", object_kind::none},
      {"#a", object_kind::channel},
      {"&a", object_kind::channel},
      {"0", object_kind::none},
      {"0DEADBEEF", object_kind::oid},
      {"0deadbeef", object_kind::oid},
      {"0DEADBEE", object_kind::none},
      {"0DEADBEEFF", object_kind::none},
      {"0DEADBEEG", object_kind::none},
      {"'Zo\xc3\xab", object_kind::extended_nick},
      {"^5A6F", object_kind::nick_alias},
      {"^5A6", object_kind::nick},
      {"^xy", object_kind::nick},
      {"^", object_kind::nick},
      {"anna", object_kind::nick},
      {"}x{", object_kind::nick},
      {"~a", object_kind::none},
      {"1a", object_kind::none},
      {"\xef\xbc\x83"
       "a",
       object_kind::none}};
  for (const auto &[object, kind] : rows) {
    CAPTURE(std::string(object));
    CHECK(ircx::classify(object) == kind);
  }
}

TEST_CASE("names: an ordinary nick is itself, backslash and all", "[ircx]") {
  CHECK(decoded_nick("anna") == "anna");
  CHECK(decoded_nick("foo\\bar") == "foo\\bar");
  CHECK(nick_error("") == name_error::empty);
  CHECK(nick_error("1anna") == name_error::bad_character);
  CHECK(nick_error("Zo\xc3\xab") == name_error::bad_character);
  CHECK(nick_error(std::string(31, 'a')) == name_error::none);
  CHECK(nick_error(std::string(32, 'a')) == name_error::too_long);
}

TEST_CASE("names: an extended nick is unquoted UTF-8", "[ircx]") {
  CHECK(decoded_nick("'Zo\xc3\xab") == "Zo\xc3\xab");
  CHECK(decoded_nick("'Mr.\\bSmith\\cJr") == "Mr. Smith,Jr");
  CHECK(decoded_nick("'123abc") == "123abc");
  CHECK(decoded_nick("'-x") == "-x");
  CHECK(decoded_nick("'a'b") == "a'b");
  CHECK(decoded_nick("'x\xed\xa0\xbd\xed\xb8\x80") == "x\xf0\x9f\x98\x80");
  CHECK(nick_error("'") == name_error::prefix_only);
  CHECK(nick_error("'\xff") == name_error::malformed_utf8);
  CHECK(nick_error("'a\xed\xa0\xbd") == name_error::malformed_utf8);
  CHECK(nick_error("'" + std::string(30, 'a')) == name_error::none);
  CHECK(nick_error("'" + std::string(31, 'a')) == name_error::too_long);
}

TEST_CASE("names: each byte of an extended nick has its place", "[ircx]") {
  for (int i = 0; i < 128; ++i) {
    const char c = static_cast<char>(i);
    const bool never = i < 32 || i == 127 || c == ' ' || c == ',' || c == '!' || c == '@';
    const bool first = c == '-' || (c >= '0' && c <= '9') || c >= 'A';
    CAPTURE(i);
    CHECK((nick_error(std::string("'a") + c + "z") == name_error::none) == !never);
    CHECK((nick_error(std::string("'") + c + "z") == name_error::none) == (first && !never));
  }
  // What an escape stands for is no way around the first place.
  CHECK(nick_error("'\\bz") == name_error::bad_character);
  CHECK(nick_error("'\\cz") == name_error::bad_character);
}

TEST_CASE("names: nobody can look like the alias of another", "[ircx]") {
  CHECK(nick_error("^5A6F") == name_error::reserved_alias);
  CHECK(nick_error("^5a") == name_error::reserved_alias);
  CHECK(nick_error("'^5A6F") == name_error::reserved_alias);
  CHECK(nick_error("^5A6") == name_error::none);
  CHECK(nick_error("^5G") == name_error::none);
  CHECK(nick_error("^") == name_error::none);
}

TEST_CASE("names: a nick is written as its session can read it", "[ircx]") {
  CHECK(encoded(ircx::encode_nick, "anna") == "anna");
  CHECK(encoded(ircx::encode_nick, "foo\\bar") == "foo\\bar");
  CHECK(encoded(ircx::encode_nick, "Zo\xc3\xab") == "'Zo\xc3\xab");
  CHECK(encoded(ircx::encode_nick, "Mr. Smith") == "'Mr.\\bSmith");
  CHECK(encoded(ircx::encode_nick, "1\\2") == "'1\\\\2");
  CHECK(encoded(ircx::encode_nick, "anna", 3) == "(none)");
  CHECK(encoded(ircx::encode_nick, "1 2", 4) == "(none)");
  CHECK(encoded(ircx::encode_nick, "1 2", 5) == "'1\\b2");
  CHECK(encoded(ircx::encode_nick, "1", 0) == "(none)");
}

TEST_CASE("names: an alias is the hex of each byte", "[ircx]") {
  CHECK(encoded(ircx::encode_alias, "Zo\xc3\xab") == "^5A6FC3AB");
  CHECK(encoded(ircx::encode_alias, "Zo\xc3\xab", 8) == "(none)");
  CHECK(encoded(ircx::encode_alias, "Zo\xc3\xab", 9) == "^5A6FC3AB");
  std::string out(8, '#');
  CHECK(ircx::decode_alias("^5a6Fc3AB", out.data()) == 4);
  CHECK(out.substr(0, 4) == "Zo\xc3\xab");
  for (const std::string_view bad : {"", "^", "^5", "^5A6", "^5G", "5A", "'5A"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(ircx::is_alias(bad));
    CHECK(ircx::decode_alias(bad, out.data()) == 0);
  }
}

TEST_CASE("names: an alias comes back for every byte, and its limit holds the longest nick",
          "[ircx]") {
  for (int i = 0; i < 256; ++i) {
    const std::string alias = encoded(ircx::encode_alias, std::string(1, static_cast<char>(i)));
    char out = '#';
    CAPTURE(i, alias);
    REQUIRE(ircx::decode_alias(alias, &out) == 1);
    CHECK(out == static_cast<char>(i));
  }
  CHECK(1 + 2 * ircx::nick_bytes_limit <= ircx::alias_bytes_limit);
}

TEST_CASE("names: a session with UTF-8 sees only what it can show", "[ircx]") {
  CHECK(ircx::can_show_decoded("Zo\xc3\xab"));
  CHECK(ircx::can_show_decoded("a.b"));
  for (const std::string_view bad :
       {"",   "a b", "a,b", "a*", "a?", "#a", "&a",   "%a",    "$a",    "'a",
        "~a", ".a",  "+a",  ":a", "1a", "-a", "a\nb", "a\x7f", "a\xff", "a!b"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(ircx::can_show_decoded(bad));
  }
}

TEST_CASE("names: channels of both kinds", "[ircx]") {
  CHECK(channel_error("#a") == name_error::none);
  CHECK(channel_error("&a") == name_error::none);
  CHECK(channel_error("%#Caf\xc3\xa9\\bBleu") == name_error::none);
  CHECK(channel_error("%&x") == name_error::none);
  CHECK(channel_error("") == name_error::empty);
  CHECK(channel_error("a") == name_error::no_prefix);
  CHECK(channel_error("%a") == name_error::no_prefix);
  CHECK(channel_error("%") == name_error::no_prefix);
  CHECK(channel_error("#") == name_error::none);
  CHECK(channel_error("%#") == name_error::none);
  CHECK(channel_error("%#\xff") == name_error::malformed_utf8);
  CHECK(channel_error("#\xff") == name_error::none); // code pages of old clients
  CHECK(channel_error("#" + std::string(199, 'a')) == name_error::none);
  CHECK(channel_error("#" + std::string(200, 'a')) == name_error::too_long);
  CHECK(channel_error("%#" + std::string(198, 'a')) == name_error::none);
  CHECK(channel_error("%#" + std::string(199, 'a')) == name_error::too_long);
}

TEST_CASE("names: each byte of a channel has its place", "[ircx]") {
  for (int i = 0; i < 128; ++i) {
    const char c = static_cast<char>(i);
    const bool stop = std::string_view(" ,\a\0\r\n", 6).find(c) != std::string_view::npos;
    CAPTURE(i);
    CHECK((channel_error(std::string("#a") + c) == name_error::none) == (!stop && c != '\\'));
    CHECK((channel_error(std::string("%#a") + c) == name_error::none) == !stop);
  }
}

TEST_CASE("Q182026: a name that only looks like a channel is refused, and told why", "[ircx]") {
  for (const std::string_view name :
       {"\xef\xbc\x83room", "\xef\xbc\x86room", "\xef\xb9\x9froom", "\xef\xb9\xa0room",
        "\xe2\x99\xafroom", "\x81\x94room", "\xa3\xa3room", "%\xef\xbc\x83room",
        "\xef\xbc\x85#room", "\xef\xbc\x85\xef\xbc\x83room", "\xef\xb9\xaa\xef\xbc\x86room"}) {
    CAPTURE(std::string(name));
    CHECK(channel_error(name) == name_error::lookalike);
  }
  CHECK(ircx::reason(name_error::lookalike).find("one-byte") != std::string_view::npos);
  CHECK(channel_error("\xef\xbc\x85room") == name_error::no_prefix);
  CHECK(channel_error("\xef\xbc\x84room") == name_error::no_prefix);
}

TEST_CASE("names: a channel is decoded to its prefix and text, and written again", "[ircx]") {
  CHECK(decoded_channel("#a") == "#a");
  CHECK(decoded_channel("%#Caf\xc3\xa9\\bBleu") == "#Caf\xc3\xa9 Bleu");
  CHECK(decoded_channel("%&a\\\\b") == "&a\\b");
  CHECK(encoded(ircx::encode_channel, "#Caf\xc3\xa9 Bleu") == "%#Caf\xc3\xa9\\bBleu");
  CHECK(encoded(ircx::encode_channel, "#a", 2) == "(none)");
  CHECK(encoded(ircx::encode_channel, "#a", 3) == "%#a");
  CHECK(ircx::is_plain_channel("#lobby"));
  CHECK_FALSE(ircx::is_plain_channel("#caf\xc3\xa9 bleu"));
  CHECK_FALSE(ircx::is_plain_channel("#a\\b"));
  CHECK_FALSE(ircx::is_plain_channel("#"));
  CHECK_FALSE(ircx::is_plain_channel("lobby"));
}

TEST_CASE("names: each reason is another sentence", "[ircx]") {
  std::string all;
  for (int i = 1; i <= static_cast<int>(name_error::reserved_alias); ++i) {
    const std::string text(ircx::reason(static_cast<name_error>(i)));
    CAPTURE(i);
    CHECK(text.size() > 10);
    CHECK(all.find(text) == std::string::npos);
    all += text;
  }
  CHECK(ircx::reason(name_error::none).empty());
}
