// SPDX-License-Identifier: MIT
//
// The PROXY header of confabd, versions 1 and 2: every field that can be wrong, and that it does
// not matter in which pieces a header arrives.
#include "support/catch.hpp"

#include "proxy_protocol.hpp"

#include <string>
#include <string_view>

using namespace confabd;
using namespace std::string_literals;

namespace {

proxy_header parse(std::string_view text) {
  return parse_proxy_header({reinterpret_cast<const std::uint8_t *>(text.data()), text.size()});
}

const std::string signature = "\r\n\r\n\0\r\nQUIT\n"s;

// A header of version 2 around `body`.
std::string v2(char version_command, char family, const std::string &body) {
  return signature + version_command + family + static_cast<char>(body.size() >> 8) +
         static_cast<char>(body.size() & 0xff) + body;
}

const std::string v4_body = "\xc0\x00\x02\x01\xc6\x33\x64\x01\xdc\x04\x01\xbb"s;

} // namespace

TEST_CASE("confabd: a version 1 header gives the client's address") {
  const std::string line = "PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n";
  const proxy_header header = parse(line + "NICK a\r\n");
  REQUIRE(header.result == proxy_result::complete);
  CHECK(header.bytes == line.size());
  CHECK(header.source == parse_ip("192.0.2.1"));

  const proxy_header v6 = parse("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n");
  REQUIRE(v6.result == proxy_result::complete);
  CHECK(v6.source == parse_ip("2001:db8::1"));
  CHECK(v6.port == 1);
}

TEST_CASE("confabd: a version 1 header of UNKNOWN has no address, whatever follows the word") {
  for (const char *line : {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 zzz\r\n"}) {
    CAPTURE(line);
    const proxy_header header = parse(line);
    CHECK(header.result == proxy_result::complete);
    CHECK(header.bytes == std::string_view(line).size());
    CHECK_FALSE(header.source);
  }
}

TEST_CASE("confabd: broken version 1 headers are malformed") {
  for (const char *line :
       {"PROXY TCP4 192.0.2.1 198.51.100.1 56324\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 65536\r\n",
        "PROXY TCP4 2001:db8::1 198.51.100.1 1 2\r\n", "PROXY TCP4  192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2 \r\n", "PROXY TCP5 192.0.2.1 198.51.100.1 1 2\r\n",
        "PROXY \r\n", "PROXY TCP4 a b 1 2\r\n", "PROXY UNKNOWNX\r\n",
        "PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n"}) {
    CAPTURE(line);
    CHECK(parse(line).result == proxy_result::malformed);
  }
}

TEST_CASE("confabd: a version 1 header ends within 107 bytes or not at all") {
  const std::string longest = "PROXY UNKNOWN " + std::string(107 - 16, 'x') + "\r\n";
  REQUIRE(longest.size() == 107);
  CHECK(parse(longest).result == proxy_result::complete);
  const std::string longer = "PROXY UNKNOWN " + std::string(107 - 15, 'x') + "\r\n";
  CHECK(parse(longer).result == proxy_result::malformed);
  CHECK(parse(longer.substr(0, 106)).result == proxy_result::incomplete);
  CHECK(parse(longer.substr(0, 107)).result == proxy_result::malformed);
}

TEST_CASE("confabd: a version 2 header gives the client's address") {
  const std::string header = v2('\x21', '\x11', v4_body);
  const proxy_header parsed = parse(header + "NICK a\r\n");
  REQUIRE(parsed.result == proxy_result::complete);
  CHECK(parsed.bytes == header.size());
  CHECK(parsed.source == parse_ip("192.0.2.1"));

  const std::string v6_body = "\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x07" +
                              std::string(16, '\x01') + "\x00\x01\x00\x02"s;
  const proxy_header v6 = parse(v2('\x21', '\x21', v6_body));
  REQUIRE(v6.result == proxy_result::complete);
  CHECK(v6.source == parse_ip("2001:db8::7"));
  CHECK(v6.port == 1);
}

TEST_CASE("confabd: extensions of version 2 are skipped, up to a bound") {
  const std::string header = v2('\x21', '\x11', v4_body + std::string(300, 'x'));
  const proxy_header parsed = parse(header + "rest");
  REQUIRE(parsed.result == proxy_result::complete);
  CHECK(parsed.bytes == header.size());

  const std::size_t room = proxy_header_bytes_max - 16 - v4_body.size();
  CHECK(parse(v2('\x21', '\x11', v4_body + std::string(room, 'x'))).result ==
        proxy_result::complete);
  CHECK(parse(v2('\x21', '\x11', v4_body + std::string(room + 1, 'x'))).result ==
        proxy_result::malformed);
}

TEST_CASE("confabd: LOCAL, UNSPEC and UNIX headers of version 2 have no address") {
  for (const std::string &header :
       {v2('\x20', '\x11', v4_body), v2('\x20', '\x00', ""), v2('\x21', '\x00', ""),
        v2('\x21', '\x31', std::string(216, 'p'))}) {
    const proxy_header parsed = parse(header);
    CHECK(parsed.result == proxy_result::complete);
    CHECK(parsed.bytes == header.size());
    CHECK_FALSE(parsed.source);
  }
}

TEST_CASE("confabd: broken version 2 headers are malformed") {
  CHECK(parse(v2('\x11', '\x11', v4_body)).result == proxy_result::malformed); // version 1
  CHECK(parse(v2('\x22', '\x11', v4_body)).result == proxy_result::malformed); // command 2
  CHECK(parse(v2('\x21', '\x41', v4_body)).result == proxy_result::malformed); // family 4
  CHECK(parse(v2('\x21', '\x11', v4_body.substr(1))).result == proxy_result::malformed);
  CHECK(parse(v2('\x21', '\x21', v4_body)).result == proxy_result::malformed); // IPv6 needs 36
}

TEST_CASE("confabd: what begins otherwise is no header") {
  for (const char *text : {"NICK a\r\n", "PASS x\r\n", "PROXYX", "PRIVMSG", "\r\nNICK a\r\n", "\n",
                           "\x16\x03\x01", "proxy tcp4"}) {
    CAPTURE(text);
    CHECK(parse(text).result == proxy_result::absent);
  }
}

TEST_CASE("confabd: every true prefix of a header is incomplete, and the rest changes nothing") {
  for (const std::string &header :
       {"PROXY TCP4 192.0.2.1 198.51.100.1 56324 443\r\n"s, "PROXY UNKNOWN\r\n"s,
        v2('\x21', '\x11', v4_body + "tlv"), v2('\x20', '\x00', "")}) {
    const proxy_header whole = parse(header);
    REQUIRE(whole.result == proxy_result::complete);
    for (std::size_t size = 0; size < header.size(); ++size) {
      CAPTURE(size);
      CHECK(parse(std::string_view(header).substr(0, size)).result == proxy_result::incomplete);
    }
    const proxy_header longer = parse(header + "PROXY ");
    CHECK(longer.bytes == whole.bytes);
    CHECK(longer.source == whole.source);
  }
}
