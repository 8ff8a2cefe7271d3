// SPDX-License-Identifier: MIT
//
// Addresses, prefixes and endpoints of confabd: what is read, what is refused, and that what is
// printed reads back.
#include "support/catch.hpp"

#include "address.hpp"

#include <sys/socket.h>

using namespace confabd;

TEST_CASE("confabd: an IPv4 address is the same as its IPv4-mapped form") {
  const auto plain = parse_ip("192.0.2.1");
  const auto mapped = parse_ip("::ffff:192.0.2.1");
  REQUIRE(plain);
  REQUIRE(mapped);
  CHECK(*plain == *mapped);
  CHECK(plain->is_v4());
  CHECK(to_text(*mapped) == "192.0.2.1");
}

TEST_CASE("confabd: what is no numeric address is refused") {
  for (const char *text : {"", "localhost", "1.2.3", "1.2.3.256", "1.2.3.4 ", "::g", "[::1]",
                           "1:2:3:4:5:6:7:8:9:10:11:12:13:14:15:16:17:18"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_ip(text));
  }
  CHECK_FALSE(parse_ip(std::string_view("1.2.3.4\0x", 9)));
}

TEST_CASE("confabd: masking keeps the first bits, at every boundary within a byte") {
  const ip_address all = ip_from_v6(std::array<std::uint8_t, 16>{
      255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}
                                        .data());
  for (unsigned bits = 0; bits <= 128; ++bits) {
    const ip_address kept = all.masked(bits);
    unsigned ones = 0;
    bool gap = false;
    for (unsigned i = 0; i < 128; ++i) {
      const bool one = (kept.bytes[i / 8] >> (7 - i % 8) & 1) != 0;
      gap = gap || (one && ones != i);
      ones += one ? 1 : 0;
    }
    CAPTURE(bits);
    CHECK(ones == bits);
    CHECK_FALSE(gap);
  }
}

TEST_CASE("confabd: a prefix holds its own addresses and no other") {
  const auto v4 = parse_prefix("192.0.2.128/25");
  REQUIRE(v4);
  CHECK(v4->contains(*parse_ip("192.0.2.128")));
  CHECK(v4->contains(*parse_ip("192.0.2.255")));
  CHECK_FALSE(v4->contains(*parse_ip("192.0.2.127")));
  CHECK_FALSE(v4->contains(*parse_ip("192.0.3.0")));

  const auto v6 = parse_prefix("2001:db8:0:1::/64");
  REQUIRE(v6);
  CHECK(v6->contains(*parse_ip("2001:db8:0:1:ffff::1")));
  CHECK_FALSE(v6->contains(*parse_ip("2001:db8:0:2::")));
}

TEST_CASE("confabd: the prefixes of length 0 keep the families apart") {
  CHECK(parse_prefix("::/0")->contains(*parse_ip("2001:db8::1")));
  CHECK_FALSE(parse_prefix("::/0")->contains(*parse_ip("192.0.2.1")));
  CHECK(parse_prefix("0.0.0.0/0")->contains(*parse_ip("192.0.2.1")));
  CHECK_FALSE(parse_prefix("0.0.0.0/0")->contains(*parse_ip("2001:db8::1")));
}

TEST_CASE("confabd: prefixes print with the bits beyond them cleared, and read back") {
  const std::pair<const char *, const char *> cases[] = {
      {"192.0.2.77/24", "192.0.2.0/24"},   {"192.0.2.77", "192.0.2.77/32"},
      {"2001:db8::1/32", "2001:db8::/32"}, {"::1", "::1/128"},
      {"0.0.0.0/0", "0.0.0.0/0"},          {"::/0", "::/0"}};
  for (const auto &[text, printed] : cases) {
    CAPTURE(text);
    const auto prefix = parse_prefix(text);
    REQUIRE(prefix);
    CHECK(to_text(*prefix) == printed);
    CHECK(parse_prefix(printed) == prefix);
  }
}

TEST_CASE("confabd: prefixes that are none are refused") {
  for (const char *text : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/8x",
                           "::/129", "10.0.0.0/ 8", "10.0.0/8"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_prefix(text));
  }
}

TEST_CASE("confabd: endpoints of both families read, print, and become socket addresses") {
  for (const char *text : {"127.0.0.1:6667", "0.0.0.0:0", "[::1]:65535", "[2001:db8::1]:1"}) {
    CAPTURE(text);
    const auto where = parse_endpoint(text);
    REQUIRE(where);
    CHECK(to_text(*where) == text);
    sockaddr_storage storage;
    to_sockaddr(*where, storage);
    const auto &address = reinterpret_cast<const sockaddr &>(storage);
    CHECK(ip_from_sockaddr(address) == where->address);
    CHECK(port_of(address) == where->port);
  }
}

TEST_CASE("confabd: endpoints that are none are refused") {
  for (const char *text :
       {"", "127.0.0.1", "127.0.0.1:", ":6667", "127.0.0.1:65536", "::1:6667", "[127.0.0.1]:6667",
        "[::1]", "[::1:6667", "localhost:6667", "127.0.0.1:+1", "127.0.0.1:6667 "}) {
    CAPTURE(text);
    CHECK_FALSE(parse_endpoint(text));
  }
}
