// SPDX-License-Identifier: MIT
//
// Lines in a code page: which parts are turned, which stay, and what becomes of bytes and
// characters that the other side lacks. How clients see it is in transcript 34.
#include "session/irc/legacy.hpp"
#include "session/pages.hpp"

#include "support/catch.hpp"

#include <array>
#include <string>

using namespace confab;
using namespace confab::session;

namespace {

std::string written(std::string_view lines, mic::code_page page = mic::code_page::windows_1252) {
  std::string room(lines.size(), '\0');
  return std::string(write_legacy(lines, page, room));
}

// The parameters as they are read, with a bar between.
std::string read(std::string_view line, mic::code_page page = mic::code_page::windows_1252) {
  irc::message m;
  REQUIRE(irc::parse(line, m) == irc::parse_result::ok);
  std::string room(3 * line.size(), '\0');
  read_legacy(m, page, room);
  std::string out;
  for (std::size_t i = 0; i < m.param_count; ++i)
    out += (i > 0 ? "|" : "") + std::string(m.param(i));
  return out;
}

} // namespace

TEST_CASE("legacy: texts are written in the page, names are not") {
  CHECK(written(":a!b@c PRIVMSG #x :caf\xc3\xa9\r\n") == ":a!b@c PRIVMSG #x :caf\xe9\r\n");
  CHECK(written(":'\xc3\xa9!b@c PRIVMSG #x :\xc3\xa9\r\n") ==
        ":'\xc3\xa9!b@c PRIVMSG #x :\xe9\r\n");
  CHECK(written(":s 322 ann #x 3 :\xc3\xa9\r\n") == ":s 322 ann #x 3 :\xe9\r\n");
  for (const std::string_view kept :
       {":a!b@c PRIVMSG %#x :\xc3\xa9\r\n", ":s 353 ann = #x :'\xc3\xa9 .ann\r\n",
        ":s 319 ann bob :.%#\xc3\xa9\r\n", ":a!b@c JOIN :%#\xc3\xa9\r\n",
        ":a!b@c NICK :'\xc3\xa9\r\n", ":a!b@c INVITE ann :%&\xc3\xa9\r\n",
        ":a!b@c MODE #x +q '\xc3\xa9\r\n", ":a!b@c DATA #x T :\xc3\xa9\xe9\r\n",
        ":s 322 ann %#x 3 :\xc3\xa9\r\n", "AUTH P S :\xc3\xa9\r\n"}) {
    INFO(kept);
    CHECK(written(kept) == kept);
  }
}

TEST_CASE("legacy: several lines, and lines that are none") {
  CHECK(written(":a MODE #x +k \xc3\xa9\r\n:a TOPIC %#x :\xc3\xa9\r\n:a TOPIC #x :\xc3\xa9\r\n") ==
        ":a MODE #x +k \xe9\r\n:a TOPIC %#x :\xc3\xa9\r\n:a TOPIC #x :\xe9\r\n");
  CHECK(written("\xc3\xa9") == "\xc3\xa9"); // no verb: nobody's text
  CHECK(written("") == "");
  CHECK(written("\r\n\xc3\xa9\r\n") == "\r\n\xc3\xa9\r\n");
}

TEST_CASE("legacy: characters and bytes that the other side lacks") {
  CHECK(written(":a PRIVMSG #x :\xe6\x97\xa5\xc3\xa9\r\n") == ":a PRIVMSG #x :?\xe9\r\n");
  CHECK(written(":a PRIVMSG #x :\xe9\r\n") ==
        ":a PRIVMSG #x :\xe9\r\n"); // no UTF-8: as it is meant
  CHECK(written(":a PRIVMSG #x :\xc3\xa9\r\n", mic::code_page::windows_1251) ==
        ":a PRIVMSG #x :?\r\n");
}

TEST_CASE("legacy: parameters that are no UTF-8 are read in the page, each by itself") {
  CHECK(read("PRIVMSG #x :caf\xe9 \x80") == "#x|caf\xc3\xa9 \xe2\x82\xac");
  CHECK(read("PRIVMSG '\xc3\xa9 :caf\xe9") == "'\xc3\xa9|caf\xc3\xa9");
  CHECK(read("PRIVMSG #x :caf\xc3\xa9") == "#x|caf\xc3\xa9");
  CHECK(read("PRIVMSG #x :\xe9", mic::code_page::windows_1251) == "#x|\xd0\xb9");
  CHECK(read("PRIVMSG #x :\xe9", mic::code_page::utf8) == "#x|\xe9");
  for (const std::string_view verb : {"AUTH", "data", "Request", "REPLY"})
    CHECK(read(std::string(verb) + " #x t :\xe9") == "#x|t|\xe9");
}

TEST_CASE("legacy: parameters stay views of one text, with what stands between them") {
  irc::message m;
  REQUIRE(irc::parse("ACCESS #x ADD  DENY \xe9 :a  caf\xe9", m) == irc::parse_result::ok);
  std::array<char, 512> room{};
  read_legacy(m, mic::code_page::windows_1252, room);
  REQUIRE(m.param_count == 5);
  const std::string_view last = m.params[4];
  CHECK(std::string_view(m.params[0].data(), last.data() + last.size()) ==
        "#x ADD  DENY \xc3\xa9 :a  caf\xc3\xa9");
}

TEST_CASE("legacy: a page has one index, and what is no page has the usual one") {
  for (std::uint16_t i = 0; i < pages.size(); ++i)
    CHECK(page_index(static_cast<std::uint32_t>(pages[i])) == i);
  CHECK(pages[page_index(0)] == mic::code_page::windows_1252);
  CHECK(pages[page_index(437)] == mic::code_page::windows_1252);
}
