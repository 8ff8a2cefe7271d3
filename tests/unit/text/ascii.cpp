// SPDX-License-Identifier: MIT
//
// text/ascii.hpp: every one of the 256 bytes is judged, since a byte above 0x7f that counted as a
// letter would be a hole in each check built on this; numbers are tried on both sides of every
// bound. Case mapping of names is tested beside it, in casemap.cpp.
#include "text/ascii.hpp"

#include "support/catch.hpp"

#include <limits>
#include <string>

using namespace confab;

namespace {

constexpr std::uint64_t u64_max = std::numeric_limits<std::uint64_t>::max();

} // namespace

TEST_CASE("ascii: classes hold exactly their characters", "[text]") {
  const std::string_view lower = "abcdefghijklmnopqrstuvwxyz";
  const std::string_view upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const std::string_view digits = "0123456789";
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    CAPTURE(i);
    CHECK(text::is_lower(c) == (lower.find(c) != std::string_view::npos));
    CHECK(text::is_upper(c) == (upper.find(c) != std::string_view::npos));
    CHECK(text::is_digit(c) == (digits.find(c) != std::string_view::npos));
    CHECK(text::is_alpha(c) == (text::is_lower(c) || text::is_upper(c)));
  }
}

TEST_CASE("ascii: case changes letters and nothing else", "[text]") {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    CAPTURE(i);
    CHECK(text::to_lower(c) == (text::is_upper(c) ? static_cast<char>(i + 32) : c));
    CHECK(text::to_upper(c) == (text::is_lower(c) ? static_cast<char>(i - 32) : c));
  }
}

TEST_CASE("ascii: iequals compares all bytes and the length", "[text]") {
  CHECK(text::iequals("", ""));
  CHECK(text::iequals("PrivMsg", "PRIVMSG"));
  CHECK_FALSE(text::iequals("PRIVMSG", "PRIVMS"));
  CHECK_FALSE(text::iequals("[", "{"));
  CHECK_FALSE(text::iequals("\xc4", "\xe4"));
  CHECK(text::iequals(std::string_view("a\0B", 3), std::string_view("A\0b", 3)));
  CHECK_FALSE(text::iequals(std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST_CASE("ascii: parse_u64 takes digits only", "[text]") {
  CHECK(text::parse_u64("0", u64_max) == 0U);
  CHECK(text::parse_u64("007", u64_max) == 7U);
  CHECK(text::parse_u64("1234567890", u64_max) == 1234567890U);
  for (const std::string_view bad : {"", " 1", "1 ", "+1", "-1", "1a", "0x1", "1.0", "\xb2"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(text::parse_u64(bad, u64_max).has_value());
  }
  CHECK_FALSE(text::parse_u64(std::string_view("1\0", 2), u64_max).has_value());
}

TEST_CASE("ascii: parse_u64 ends at its bound and at the type's", "[text]") {
  CHECK(text::parse_u64("41", 42) == 41U);
  CHECK(text::parse_u64("42", 42) == 42U);
  CHECK_FALSE(text::parse_u64("43", 42).has_value());
  CHECK_FALSE(text::parse_u64("420", 42).has_value());
  CHECK(text::parse_u64("0", 0) == 0U);
  CHECK_FALSE(text::parse_u64("1", 0).has_value());
  CHECK_FALSE(text::parse_u64("9", 5).has_value());
  CHECK(text::parse_u64("18446744073709551614", u64_max) == u64_max - 1);
  CHECK(text::parse_u64("18446744073709551615", u64_max) == u64_max);
  CHECK_FALSE(text::parse_u64("18446744073709551616", u64_max).has_value());
  CHECK_FALSE(text::parse_u64("99999999999999999999", u64_max).has_value());
  CHECK_FALSE(text::parse_u64(std::string(1000, '9'), u64_max).has_value());
  CHECK(text::parse_u64(std::string(1000, '0') + "5", u64_max) == 5U);
}
