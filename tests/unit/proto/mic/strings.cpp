// SPDX-License-Identifier: MIT
//
// proto/mic/strings and code_page: every byte of every page there and back, known characters of
// windows-1252, UTF-16 with and without pairs, what stands for characters that are lost, and rooms
// that are too small. Random texts are in property/mic_codec.cpp.
#include "proto/mic/strings.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>

using namespace confab;
using mic::code_page;

namespace {

struct text_result {
  std::string text;
  std::size_t taken = 0;
  std::size_t lost = 0;

  bool operator==(const text_result &) const = default;
};

text_result decoded(std::string_view bytes, bool wide, code_page page = code_page::windows_1252,
                    std::size_t room = 1000) {
  std::string out(room, '#');
  const mic::converted done = mic::to_utf8({bytes, wide}, page, out);
  CHECK(out.substr(done.bytes) == std::string(room - done.bytes, '#'));
  return {out.substr(0, done.bytes), done.taken, done.lost};
}

text_result encoded(std::string_view utf8, bool wide, code_page page = code_page::windows_1252,
                    std::size_t room = 1000) {
  std::string out(room, '#');
  const mic::converted done = mic::from_utf8(utf8, {wide, page}, out);
  CHECK(out.substr(done.bytes) == std::string(room - done.bytes, '#'));
  const mic::converted measured = mic::measure(utf8, {wide, page}, room);
  CHECK(measured.bytes == done.bytes);
  CHECK(measured.taken == done.taken);
  CHECK(measured.lost == done.lost);
  return {out.substr(0, done.bytes), done.taken, done.lost};
}

const std::string euro = "\xe2\x82\xac", smile = "\xf0\x9f\x98\x80", instead = "\xef\xbf\xbd";

} // namespace

TEST_CASE("mic strings: every byte of every page stands for a character of its own", "[mic]") {
  for (const unsigned number : {1250U, 1251U, 1252U, 1253U, 1254U, 1255U, 1256U, 1257U, 1258U}) {
    INFO(number);
    code_page page = code_page::utf8;
    REQUIRE(mic::find_code_page(number, page));
    CHECK(static_cast<unsigned>(page) == number);
    std::set<char32_t> characters;
    for (unsigned byte = 0; byte < 256; ++byte) {
      const char32_t character = mic::character_of(page, static_cast<std::uint8_t>(byte));
      characters.insert(character);
      CHECK(mic::byte_of(page, character) == static_cast<int>(byte));
    }
    CHECK(characters.size() == 256);
    CHECK(mic::byte_of(page, 0x4e2d) == -1);
    CHECK(mic::byte_of(page, 0x1f600) == -1);
  }
}

TEST_CASE("mic strings: pages are found by number, and only those that exist", "[mic]") {
  code_page page = code_page::windows_1251;
  for (const unsigned number : {0U, 437U, 932U, 1249U, 1259U, 28591U, 66788U, 0x10000U + 1252U})
    CHECK_FALSE(mic::find_code_page(number, page));
  CHECK(page == code_page::windows_1251);
  CHECK(mic::find_code_page(65001, page));
  CHECK(page == code_page::utf8);
}

TEST_CASE("mic strings: known characters of the pages", "[mic]") {
  CHECK(decoded("caf\xe9 \x80 \x92", false).text == "caf\xc3\xa9 " + euro + " \xe2\x80\x99");
  CHECK(encoded("caf\xc3\xa9 " + euro, false).text == "caf\xe9 \x80");
  CHECK(decoded("\xcf\xf0\xe8", false, code_page::windows_1251).text == "\xd0\x9f\xd1\x80\xd0\xb8");
  CHECK(encoded("\xd0\x9f\xd1\x80\xd0\xb8", false, code_page::windows_1251).text == "\xcf\xf0\xe8");
  CHECK(decoded("\xe1", false, code_page::windows_1253).text == "\xce\xb1"); // alpha
  CHECK(decoded("\xe0", false, code_page::windows_1255).text == "\xd7\x90"); // alef
  CHECK(decoded("\xa5", false, code_page::windows_1250).text == "\xc4\x84"); // A with ogonek
}

TEST_CASE("mic strings: undefined bytes come back as they went in", "[mic]") {
  CHECK(decoded("\x81", false).text == "\xc2\x81");
  CHECK(encoded("\xc2\x81", false) == text_result{"\x81", 2, 0});
  CHECK(decoded("\xaa", false, code_page::windows_1253).text == "\xef\x9e\xaa"); // U+F7AA
  CHECK(encoded("\xef\x9e\xaa", false, code_page::windows_1253).text == "\xaa");
}

TEST_CASE("mic strings: a character that the page lacks is a question mark", "[mic]") {
  CHECK(encoded("a" + smile + "b\xe4\xb8\xad", false) == text_result{"a?b?", 9, 2});
  CHECK(encoded("\xd0\x9f", false) == text_result{"?", 2, 1});
  CHECK(encoded(smile, true) == text_result{std::string("\x3d\xd8\x00\xde", 4), 4, 0});
  CHECK(encoded("a" + smile, false, code_page::utf8) == text_result{"a" + smile, 5, 0});
}

TEST_CASE("mic strings: a byte that is no UTF-8 is a character of the page", "[mic]") {
  CHECK(encoded("caf\xe9", false) == text_result{"caf\xe9", 4, 0});
  CHECK(encoded("\xe9", true) == text_result{std::string("\xe9\x00", 2), 1, 0});
  CHECK(encoded("\x80", true) == text_result{"\xac\x20", 1, 0}); // the euro
  CHECK(encoded("\xf0\x9f\x98", false) == text_result{"\xf0\x9f\x98", 3, 0});
  CHECK(encoded("a\xff", false, code_page::utf8) == text_result{"a" + instead, 2, 1});
  CHECK(encoded("\xff", true, code_page::utf8) == text_result{"\xfd\xff", 1, 1});
  CHECK(decoded("a\xff" + smile, false, code_page::utf8) ==
        text_result{"a" + instead + smile, 6, 1});
}

TEST_CASE("mic strings: pairs of UTF-16 are one character, halves are none", "[mic]") {
  const std::string high("\x3d\xd8", 2), low("\x00\xde", 2), a("a\0", 2);
  CHECK(decoded(high + low, true) == text_result{smile, 4, 0});
  CHECK(decoded(high + a, true) == text_result{instead + "a", 4, 1});
  CHECK(decoded(low + high, true) == text_result{instead + instead, 4, 2});
  CHECK(decoded(high, true) == text_result{instead, 2, 1});
  CHECK(decoded(high + high + low, true) == text_result{instead + smile, 6, 1});
  CHECK(decoded(a + "b", true) == text_result{"a", 2, 0}); // an odd byte is never read
  CHECK(decoded(std::string("\0\0", 2), true) == text_result{std::string(1, '\0'), 2, 0});
  CHECK(decoded("\xff\xff", true).text == "\xef\xbf\xbf");
}

TEST_CASE("mic strings: what does not fit ends at a character", "[mic]") {
  CHECK(decoded("ab\xe9", false, code_page::windows_1252, 3) == text_result{"ab", 2, 0});
  CHECK(decoded("ab\xe9", false, code_page::windows_1252, 4) == text_result{"ab\xc3\xa9", 3, 0});
  CHECK(encoded("ab" + smile, true, code_page::windows_1252, 7).taken == 2);
  CHECK(encoded("ab" + smile, true, code_page::windows_1252, 8).taken == 6);
  CHECK(encoded("abc", true, code_page::windows_1252, 5).taken == 2);
  CHECK(encoded("abcdefghijklmnop", false, code_page::windows_1252, 9).text == "abcdefghi");
  CHECK(encoded("", false, code_page::windows_1252, 0) == text_result{});
  CHECK(encoded("a", false, code_page::windows_1252, 0) == text_result{});
  CHECK(decoded("a", false, code_page::windows_1252, 0) == text_result{});
}

TEST_CASE("mic strings: units count bytes or words, and UTF-8 needs three bytes for one", "[mic]") {
  const mic::wire_text narrow{"abc", false}, wide{std::string_view("a\0b\0", 4), true};
  CHECK(narrow.units() == 3);
  CHECK(wide.units() == 2);
  CHECK(wide.utf8_bytes_most() == 6);
  CHECK(mic::measure(std::string(5000, 'x'), {true, code_page::utf8}).bytes == 10000);
  const std::string all_euro(40, '\x80');
  CHECK(decoded(all_euro, false).text.size() == mic::wire_text{all_euro, false}.utf8_bytes_most());
}
