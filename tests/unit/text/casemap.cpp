// SPDX-License-Identifier: MIT
//
// text/casemap: both tables byte for byte against RFC 1459 §2.2, written out here a second time,
// and the functions on whole names above them. Masks and hashes under a mapping are tested with
// those, in mask.cpp and hash.cpp.
#include "text/casemap.hpp"

#include "support/catch.hpp"

#include <string>

using namespace confab;
using text::casemap;

namespace {

constexpr std::string_view ascii_upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view ascii_lower = "abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view rfc1459_upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ[]\\~";
constexpr std::string_view rfc1459_lower = "abcdefghijklmnopqrstuvwxyz{}|^";

void check_table(casemap map, std::string_view upper, std::string_view lower) {
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const std::size_t at = upper.find(c);
    CAPTURE(i);
    CHECK(text::fold(map, c) == (at == std::string_view::npos ? c : lower[at]));
  }
}

} // namespace

TEST_CASE("casemap: ascii folds the 26 letters", "[text]") {
  check_table(casemap::ascii, ascii_upper, ascii_lower);
}

TEST_CASE("casemap: rfc1459 folds four characters more", "[text]") {
  check_table(casemap::rfc1459, rfc1459_upper, rfc1459_lower);
}

TEST_CASE("casemap: equality depends on the mapping", "[text]") {
  CHECK(text::equal(casemap::ascii, "", ""));
  CHECK(text::equal(casemap::ascii, "Nick", "nICK"));
  CHECK_FALSE(text::equal(casemap::ascii, "nick", "nic"));
  CHECK_FALSE(text::equal(casemap::ascii, "nick[]\\~", "nick{}|^"));
  CHECK(text::equal(casemap::rfc1459, "nick[]\\~", "NICK{}|^"));
  CHECK_FALSE(text::equal(casemap::rfc1459, "nick`", "nick@"));
  CHECK_FALSE(text::equal(casemap::rfc1459, "\xc3\x89", "\xc3\xa9"));
  CHECK_FALSE(
      text::equal(casemap::rfc1459, std::string_view("a\0b", 3), std::string_view("a\0c", 3)));
}

TEST_CASE("casemap: fold_into writes as many bytes as it reads", "[text]") {
  std::string out(6, '#');
  CHECK(text::fold_into(casemap::rfc1459, "A~[\xc4", out.data()) == 4);
  CHECK(out == "a^{\xc4##");
  CHECK(text::fold_into(casemap::ascii, "", out.data()) == 0);
  CHECK(out == "a^{\xc4##");
  std::string in_place = "#Chan[1]";
  CHECK(text::fold_into(casemap::ascii, in_place, in_place.data()) == 8);
  CHECK(in_place == "#chan[1]");
}

TEST_CASE("casemap: folding twice is folding once", "[text]") {
  for (const casemap map : {casemap::ascii, casemap::rfc1459})
    for (int i = 0; i < 256; ++i) {
      const char once = text::fold(map, static_cast<char>(i));
      CAPTURE(i);
      CHECK(text::fold(map, once) == once);
    }
}

TEST_CASE("casemap: names are those of ISUPPORT", "[text]") {
  CHECK(text::name(casemap::ascii) == "ascii");
  CHECK(text::name(casemap::rfc1459) == "rfc1459");
}
