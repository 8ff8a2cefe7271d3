// SPDX-License-Identifier: MIT
//
// text/utf8: all code points through an encoder of the test's own, all byte pairs and triples
// against how many of them RFC 3629 §4 has, and cuts at every place of texts good and bad.
// Nothing here depends on how the library tells a sequence.
#include "text/utf8.hpp"

#include "support/catch.hpp"

#include <cstdint>
#include <string>

using namespace confab;

namespace {

std::string encode(std::uint32_t code) {
  std::string out;
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0U | code >> 6U);
    put(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    put(0xe0U | code >> 12U);
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  } else {
    put(0xf0U | code >> 18U);
    put(0x80U | (code >> 12U & 0x3fU));
    put(0x80U | (code >> 6U & 0x3fU));
    put(0x80U | (code & 0x3fU));
  }
  return out;
}

// Whether cutting `s` at `n` would divide a well-formed sequence, told by reading from the start.
bool divides(std::string_view s, std::size_t n) {
  std::size_t at = 0;
  while (at < n) {
    const std::size_t length = text::utf8_sequence(s.substr(at));
    at += length == 0 ? 1 : length;
  }
  return at != n;
}

} // namespace

TEST_CASE("utf8: every code point is well formed, surrogates and beyond are not", "[text]") {
  std::uint32_t wrong = 0;
  for (std::uint32_t code = 0; code <= 0x1fffff; ++code) {
    const bool scalar = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
    const std::string s = encode(code);
    wrong += text::utf8_valid(s) != scalar ? 1 : 0;
    wrong += text::utf8_sequence(s) != (scalar ? s.size() : 0) ? 1 : 0;
  }
  CHECK(wrong == 0);
}

TEST_CASE("utf8: no other bytes are well formed", "[text]") {
  // Counting is enough: the test above shows that all real sequences are taken.
  std::size_t ones = 0, twos = 0, threes = 0;
  for (unsigned a = 0; a < 256; ++a) {
    ones += text::utf8_sequence(std::string{static_cast<char>(a)}) == 1 ? 1 : 0;
    for (unsigned b = 0; b < 256; ++b)
      twos += text::utf8_sequence(std::string{static_cast<char>(a), static_cast<char>(b)}) == 2;
  }
  for (unsigned a = 0xc0; a < 256; ++a)
    for (unsigned bc = 0; bc < 0x10000; ++bc) {
      const char s[] = {static_cast<char>(a), static_cast<char>(bc >> 8U), static_cast<char>(bc)};
      threes += text::utf8_sequence({s, 3}) == 3;
    }
  CHECK(ones == 0x80);
  CHECK(twos == 0x800 - 0x80);
  CHECK(threes == 0x10000 - 0x800 - 0x800);
}

TEST_CASE("utf8: four bytes at the edges of each byte's range", "[text]") {
  const std::string edges("\x00\x7f\x80\x8f\x90\xbf\xc0\xff", 8);
  std::size_t fours = 0;
  for (unsigned a = 0xf0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b)
      for (const char c : edges)
        for (const char d : edges)
          fours += text::utf8_sequence(
                       std::string{static_cast<char>(a), static_cast<char>(b), c, d}) == 4;
  // 0x100 pairs of the first two bytes stand for U+10000..U+10FFFF, each with four good edges
  // twice.
  CHECK(fours == 0x100 * 4 * 4);
}

TEST_CASE("utf8: known bad texts", "[text]") {
  const std::string_view bad[] = {"\x80",
                                  "\xbf",
                                  "\xc0\x80",
                                  "\xc1\xbf",
                                  "\xe0\x80\x80",
                                  "\xe0\x9f\xbf",
                                  "\xed\xa0\x80",
                                  "\xed\xbf\xbf",
                                  "\xf0\x80\x80\x80",
                                  "\xf0\x8f\xbf\xbf",
                                  "\xf4\x90\x80\x80",
                                  "\xf5\x80\x80\x80",
                                  "\xfe",
                                  "\xff",
                                  "\xc3",
                                  "\xe2\x82",
                                  "\xf0\x9f\x98",
                                  "\xc3(",
                                  "\xe2(\xa1",
                                  "\xf0\x9f(\x80"};
  for (const std::string_view s : bad) {
    CAPTURE(std::string(s));
    CHECK_FALSE(text::utf8_valid(s));
    CHECK(text::utf8_sequence(s) == 0);
  }
  CHECK(text::utf8_sequence("") == 0);
  CHECK(text::utf8_sequence("\xc3\xa9\xc3\xa9") == 2);
}

TEST_CASE("utf8: a bad byte is found at every place of a long text", "[text]") {
  CHECK(text::utf8_valid(""));
  CHECK(text::utf8_valid(std::string_view("a\0b", 3)));
  for (const std::string &unit :
       {std::string("a"), encode(0xe9), encode(0x20ac), encode(0x1f600)}) {
    for (std::size_t count = 1; count <= 20; ++count) {
      std::string s;
      for (std::size_t i = 0; i < count; ++i)
        s += unit;
      REQUIRE(text::utf8_valid(s));
      for (std::size_t at = 0; at < s.size(); ++at) {
        std::string broken = s;
        broken[at] = '\xff';
        CAPTURE(unit, count, at);
        CHECK_FALSE(text::utf8_valid(broken));
      }
      if (unit.size() > 1)
        CHECK_FALSE(text::utf8_valid(std::string_view(s).substr(0, s.size() - 1)));
    }
  }
}

TEST_CASE("utf8: a cut goes back to the start of a character", "[text]") {
  const std::string s = "a" + encode(0xe9) + encode(0x20ac) + encode(0x1f600) + "z";
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11};
  for (std::size_t n = 0; n < std::size(expected); ++n) {
    CAPTURE(n);
    CHECK(text::utf8_cut(s, n) == expected[n]);
  }
  CHECK(text::utf8_cut(s, 12) == 11);
  CHECK(text::utf8_cut(s, static_cast<std::size_t>(-1)) == 11);
  CHECK(text::utf8_cut("", 0) == 0);
  CHECK(text::utf8_cut("", 5) == 0);
}

TEST_CASE("utf8: bytes that are no UTF-8 are cut where asked", "[text]") {
  CHECK(text::utf8_cut("\x80\x80\x80\x80\x80\x80", 5) == 5);
  CHECK(text::utf8_cut("ab\xff\xff\xff", 3) == 3);
  CHECK(text::utf8_cut("ab\xe2\x82(", 3) == 3);
  CHECK(text::utf8_cut("ab\xe2\x82(", 4) == 4);
  CHECK(text::utf8_cut("\xc3\xa9\xa9\xa9", 2) == 2);
  CHECK(text::utf8_cut("\xc3\xa9\xa9\xa9", 3) == 3);
  CHECK(text::utf8_cut("\xed\xa0\x80x", 2) == 2);
}

TEST_CASE("utf8: a cut is the last place that divides nothing", "[text]") {
  // All texts of five pieces from good and bad ones, each at every length.
  const std::string pieces[] = {"a", encode(0xe9), encode(0x20ac), encode(0x1f600), "\x80", "\xe2"};
  std::size_t wrong = 0;
  for (unsigned code = 0; code < 6 * 6 * 6 * 6 * 6; ++code) {
    std::string s;
    for (unsigned rest = code, i = 0; i < 5; ++i, rest /= 6)
      s += pieces[rest % 6];
    for (std::size_t n = 0; n < s.size(); ++n) {
      std::size_t best = n;
      while (divides(s, best))
        --best;
      wrong += text::utf8_cut(s, n) != best ? 1 : 0;
    }
  }
  CHECK(wrong == 0);
}
