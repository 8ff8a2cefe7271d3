// SPDX-License-Identifier: MIT
//
// text/quoting: the table of escapes byte for byte and both ways, masks whose wildcards stay
// wildcards, surrogate pairs, and the lines of a greeting. The table is written out here a second
// time, after the draft's §3.
#include "text/quoting.hpp"

#include "text/mask.hpp"
#include "text/utf8.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;

namespace {

std::string quoted(std::string_view raw, text::quoting where = text::quoting::name) {
  std::string out(2 * raw.size(), '#');
  std::size_t used = 0;
  REQUIRE(text::quote(raw, where, out.data(), out.size(), used));
  out.resize(used);
  return out;
}

std::string unquoted(std::string_view from) {
  std::string out(from.size(), '#');
  out.resize(text::unquote(from, out.data()));
  return out;
}

std::string masked(std::string_view mask) {
  std::string out(mask.size(), '#');
  const auto bytes = text::unquote_mask(mask, out.data());
  if (!bytes)
    return "(none)";
  out.resize(*bytes);
  return out;
}

std::string normalised(std::string_view in) {
  std::string out(in);
  const auto bytes = text::normalise_utf8(out, out.data());
  if (!bytes)
    return "(none)";
  out.resize(*bytes);
  return out;
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  text::greeting_lines lines(text);
  for (std::string_view line; lines.next(line);)
    out.emplace_back(line);
  return out;
}

} // namespace

TEST_CASE("Q218955: an escaped tab is a tab and no bell", "[ircx]") {
  CHECK(unquoted("a\\tb") == "a\tb");
  CHECK(quoted("a\tb") == "a\\tb");
  CHECK(quoted("a\ab") == "a\ab");
}

TEST_CASE("quoting: the table holds for every byte", "[ircx]") {
  const std::string_view bytes(" ,\\\r\n\t\0", 7), letters = "bc\\rnt0";
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const std::size_t at = bytes.find(c);
    const bool escaped = at != std::string_view::npos;
    CAPTURE(i);
    const std::string written = escaped ? std::string("\\") + letters[at] : std::string(1, c);
    CHECK(quoted(std::string(1, c)) == written);
    CHECK(unquoted(written) == std::string(1, c));
    // In a blob, which is the last parameter, spaces and commas need no quoting.
    CHECK(quoted(std::string(1, c), text::quoting::payload) ==
          (c == ' ' || c == ',' ? std::string(1, c) : written));
    // As a letter behind a backslash.
    const std::size_t letter = letters.find(c);
    CHECK(
        unquoted(std::string("\\") + c) ==
        (letter == std::string_view::npos ? std::string("\\") + c : std::string(1, bytes[letter])));
  }
}

TEST_CASE("quoting: what is no escape stays as it is", "[ircx]") {
  CHECK(unquoted("\\") == "\\");
  CHECK(unquoted("a\\") == "a\\");
  CHECK(unquoted("\\x\\B\\ ") == "\\x\\B\\ ");
  CHECK(unquoted("\\\\b") == "\\b");
  CHECK(unquoted("\\\\\\b") == "\\ ");
  CHECK(unquoted("").empty());
}

TEST_CASE("quoting: all pairs of bytes come back", "[ircx]") {
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const std::string raw{static_cast<char>(a), static_cast<char>(b)};
      for (const auto where : {text::quoting::name, text::quoting::payload})
        if (unquoted(quoted(raw, where)) != raw)
          FAIL("bytes " << a << ' ' << b);
    }
}

TEST_CASE("quoting: what does not fit changes nothing", "[ircx]") {
  std::string out(8, '#');
  std::size_t used = 3;
  CHECK_FALSE(text::quote("ab cd", text::quoting::name, out.data(), 8, used));
  CHECK(used == 3);
  CHECK(text::quote("ab c", text::quoting::name, out.data(), 8, used));
  CHECK(out == "###ab\\bc");
  CHECK(used == 8);
  CHECK(text::quote("", text::quoting::name, out.data(), 8, used));
  CHECK_FALSE(text::quote("a", text::quoting::name, out.data(), 8, used));
}

TEST_CASE("quoting: a mask keeps its wildcards and its literal ones apart", "[ircx]") {
  CHECK(masked("*a\\bb?") == "*a b?");
  CHECK(masked("a\\*b\\?c") == "a\\*b\\?c");
  CHECK(masked("a\\\\b") == "a\\b");
  CHECK(masked("a\\cb\\x\\") == "a,b\\x\\");
  CHECK(masked("\\\\\\*") == "\\\\*");
  CHECK(text::mask_match(text::casemap::ascii, masked("\\\\\\*"), "\\*"));
  CHECK_FALSE(text::mask_match(text::casemap::ascii, masked("\\\\\\*"), "\\x"));
  CHECK(text::mask_match(text::casemap::ascii, masked("gro\\bb?r"), "gro bar"));
}

TEST_CASE("quoting: a mask that the matcher could not say is refused", "[ircx]") {
  CHECK(masked("a\\\\*") == "(none)");
  CHECK(masked("a\\\\?b") == "(none)");
  CHECK(masked("a\\\\x*") == "a\\x*");
}

TEST_CASE("quoting: pairs of surrogates become one character", "[ircx]") {
  CHECK(normalised("a\xed\xa0\xbd\xed\xb8\x80z") == "a\xf0\x9f\x98\x80z"); // U+1F600
  CHECK(normalised("\xed\xa0\x80\xed\xb0\x80") == "\xf0\x90\x80\x80");     // U+10000
  CHECK(normalised("\xed\xaf\xbf\xed\xbf\xbf") == "\xf4\x8f\xbf\xbf");     // U+10FFFF
  CHECK(normalised("Zo\xc3\xab\xf0\x9f\x98\x80") == "Zo\xc3\xab\xf0\x9f\x98\x80");
  CHECK(normalised("").empty());
}

TEST_CASE("quoting: lone surrogates and other ill-formed bytes are refused", "[ircx]") {
  for (const std::string_view bad : {"\xed\xa0\xbd", "\xed\xb8\x80", "\xed\xb8\x80\xed\xa0\xbd",
                                     "\xed\xa0\xbd\xed\xa0\xbd", "\xed\xa0\xbd\xed\xb8",
                                     "\xed\xa0\xbd"
                                     "a\xed\xb8\x80",
                                     "\xff", "\xc0\x80", "\xe2\x82"}) {
    CAPTURE(std::string(bad));
    CHECK(normalised(bad) == "(none)");
  }
}

TEST_CASE("quoting: every character beyond U+FFFF survives as a pair", "[ircx]") {
  for (std::uint32_t c = 0x10000; c <= 0x10ffff; c += 251) {
    const std::uint32_t high = 0xd800 + ((c - 0x10000) >> 10U), low = 0xdc00 + (c & 0x3ffU);
    std::string pair;
    for (const std::uint32_t half : {high, low})
      for (const std::uint32_t byte :
           {0xe0U | half >> 12U, 0x80U | (half >> 6U & 0x3fU), 0x80U | (half & 0x3fU)})
        pair.push_back(static_cast<char>(byte));
    const std::string real{
        static_cast<char>(0xf0U | c >> 18U), static_cast<char>(0x80U | (c >> 12U & 0x3fU)),
        static_cast<char>(0x80U | (c >> 6U & 0x3fU)), static_cast<char>(0x80U | (c & 0x3fU))};
    if (!text::utf8_valid(real) || normalised(pair) != real)
      FAIL("character " << c);
  }
  SUCCEED();
}

TEST_CASE("quoting: a greeting has lines, and no empty ones", "[ircx]") {
  using list = std::vector<std::string>;
  CHECK(lines_of("one") == list{"one"});
  CHECK(lines_of("one\\ntwo\\n\\nthree\\n") == list{"one", "two", "three"});
  CHECK(lines_of("").empty());
  CHECK(lines_of("\\n\\n").empty());
  CHECK(lines_of("a\\tb\\\\c") == list{"a\\tb\\\\c"});
  CHECK(lines_of("a\\") == list{"a\\"});
}
