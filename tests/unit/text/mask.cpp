// SPDX-License-Identifier: MIT
//
// text/mask: examples of each rule, then all short masks against all short texts with a plain
// recursive matcher of the test's own, and the patterns that take other matchers exponential time.
// The public vectors for masks are run in conformance/parser_vectors.cpp.
#include "text/mask.hpp"

#include "support/catch.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace confab;
using text::casemap;

namespace {

bool matches(std::string_view mask, std::string_view text) {
  return text::mask_match(casemap::ascii, mask, text);
}

// The rules as they are written down: slow, recursive, obvious.
bool reference_match(std::string_view mask, std::string_view text) {
  if (mask.empty())
    return text.empty();
  const std::size_t bytes = std::max<std::size_t>(1, text::utf8_sequence(text));
  if (mask.front() == '*')
    return reference_match(mask.substr(1), text) ||
           (!text.empty() && reference_match(mask, text.substr(bytes)));
  if (text.empty())
    return false;
  if (mask.front() == '?')
    return reference_match(mask.substr(1), text.substr(bytes));
  if (mask.size() > 1 && mask.front() == '\\' && (mask[1] == '*' || mask[1] == '?'))
    return text.front() == mask[1] && reference_match(mask.substr(2), text.substr(1));
  return mask.substr(0, bytes) == text.substr(0, bytes) &&
         reference_match(mask.substr(bytes), text.substr(bytes));
}

// All strings of at most `length` pieces.
std::vector<std::string> all_of(const std::vector<std::string> &pieces, std::size_t length) {
  std::vector<std::string> out{""};
  std::size_t begin = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const std::size_t end = out.size();
    for (std::size_t j = begin; j < end; ++j)
      for (const std::string &piece : pieces)
        out.push_back(out[j] + piece);
    begin = end;
  }
  return out;
}

} // namespace

TEST_CASE("mask: literals match themselves without case", "[text]") {
  CHECK(matches("", ""));
  CHECK_FALSE(matches("", "a"));
  CHECK_FALSE(matches("a", ""));
  CHECK(matches("nick!user@host", "NICK!user@HOST"));
  CHECK_FALSE(matches("nick", "nick2"));
  CHECK_FALSE(matches("nick2", "nick"));
  CHECK_FALSE(matches("[]", "{}"));
  CHECK(text::mask_match(casemap::rfc1459, "[]*", "{}x"));
  CHECK_FALSE(text::mask_match(casemap::rfc1459, "[]?", "{}"));
}

TEST_CASE("mask: star takes any run, the empty one too", "[text]") {
  CHECK(matches("*", ""));
  CHECK(matches("***", ""));
  CHECK(matches("*", "anything at all"));
  CHECK(matches("a*", "a"));
  CHECK(matches("*a", "a"));
  CHECK(matches("*a", "aaa"));
  CHECK(matches("a*b*c", "a-b-b-c-c"));
  CHECK_FALSE(matches("a*b*c", "a-c-b"));
  CHECK(matches("*ab*ab", "ab-aab"));
  CHECK_FALSE(matches("*ab", "abc"));
  CHECK(matches("*!*@*.example.com", "n!u@a.b.example.com"));
  CHECK_FALSE(matches("*!*@*.example.com", "n!u@example.com"));
  CHECK(matches(std::string_view("*\0x", 3), std::string_view("a\0x", 3)));
}

TEST_CASE("mask: a question mark takes one character", "[text]") {
  CHECK_FALSE(matches("?", ""));
  CHECK(matches("?", "a"));
  CHECK_FALSE(matches("?", "ab"));
  CHECK(matches("??", "ab"));
  CHECK(matches("?*", "a"));
  CHECK_FALSE(matches("?*", ""));
  CHECK(matches("*?", "a"));
  CHECK_FALSE(matches("*?*?*", "a"));
  CHECK(matches("?", "\xc3\xa9"));
  CHECK(matches("?", "\xe2\x82\xac"));
  CHECK(matches("?", "\xf0\x9f\x98\x80"));
  CHECK_FALSE(matches("??", "\xf0\x9f\x98\x80"));
  CHECK(matches("???", "a\xc3\xa9z"));
}

TEST_CASE("mask: bytes that are no UTF-8 count one each", "[text]") {
  CHECK(matches("?", "\xff"));
  CHECK(matches("?", "\xc3"));
  CHECK(matches("??", "\xe2\x82"));
  CHECK_FALSE(matches("?", "\xe2\x82"));
  CHECK(matches("*\xff*", "a\xff"
                          "b"));
}

TEST_CASE("mask: a run never ends inside a character", "[text]") {
  CHECK_FALSE(matches("*\xa9", "\xc3\xa9"));
  CHECK_FALSE(matches("\xc3*", "\xc3\xa9"));
  CHECK_FALSE(matches("*?*?*", "\xc3\xa9"));
  CHECK(matches("*\xc3\xa9", "x\xc3\xa9"));
}

TEST_CASE("mask: only a wildcard can be escaped", "[text]") {
  CHECK(matches("\\*", "*"));
  CHECK_FALSE(matches("\\*", "a"));
  CHECK(matches("\\?", "?"));
  CHECK_FALSE(matches("\\?", "a"));
  CHECK(matches("a\\**", "a*b"));
  CHECK_FALSE(matches("a\\**", "ab"));
  CHECK(matches("*\\*", "a*"));
  CHECK_FALSE(matches("*\\*", "a"));
  CHECK_FALSE(matches("\\*", ""));
  // A backslash is a letter of nicks; a client that bans `a\b` sends it as it is.
  CHECK(matches("a\\b!*@*", "a\\b!user@host"));
  CHECK(matches("\\", "\\"));
  CHECK(matches("*\\", "a\\"));
  CHECK(matches("\\\\", "\\\\"));
  CHECK_FALSE(matches("\\a", "a"));
}

TEST_CASE("mask: all short masks agree with the rules", "[text]") {
  const auto masks = all_of({"a", "*", "?", "\\", "\xc3\xa9", "\xa9"}, 5);
  const auto texts = all_of({"a", "*", "\\", "\xc3\xa9", "\xa9"}, 3);
  std::string wrong;
  for (const std::string &mask : masks)
    for (const std::string &text : texts)
      if (matches(mask, text) != reference_match(mask, text))
        wrong = "'" + mask + "' against '" + text + "'";
  INFO(wrong);
  CHECK(wrong.empty());
  CHECK(masks.size() == 1 + 6 + 36 + 216 + 1296 + 7776);
}

TEST_CASE("mask: hostile masks end in time", "[text]") {
  // Exponential for a matcher that tries every star again: it would never end.
  std::string mask;
  for (int i = 0; i < 200; ++i)
    mask += "a*";
  const std::string text(20000, 'a');
  CHECK(matches(mask, text));
  CHECK_FALSE(matches(mask + "b", text));
  CHECK_FALSE(matches("*" + std::string(400, 'a') + "b", text));
  CHECK_FALSE(matches("*" + std::string(400, '?') + "b", text));
  CHECK(matches(std::string(20000, '*'), text));
}

TEST_CASE("mask: a literal one is recognised", "[text]") {
  CHECK(text::mask_is_literal(""));
  CHECK(text::mask_is_literal("nick!user@host"));
  CHECK(text::mask_is_literal("a\\b"));
  CHECK_FALSE(text::mask_is_literal("*"));
  CHECK_FALSE(text::mask_is_literal("a?"));
  CHECK_FALSE(text::mask_is_literal("a\\*"));
  for (const std::string &mask : all_of({"a", "*", "?", "\\"}, 4))
    if (text::mask_is_literal(mask))
      CHECK(matches(mask, mask));
}
