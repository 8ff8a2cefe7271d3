// SPDX-License-Identifier: MIT
//
// Who may connect to confabd: each limit at its edge, for both families, over time, and across a
// change of the limits.
#include "support/catch.hpp"

#include "admission.hpp"

#include <string>

using namespace confabd;

namespace {

connection_options no_limits() {
  connection_options options;
  options.per_address = options.per_prefix = options.attempts_max = 0;
  options.exempt.clear();
  return options;
}

struct gate {
  admission table{42};

  explicit gate(const connection_options &options) { table.configure(options); }
  admission_result ask(const std::string &address, std::uint64_t now_ms = 0) {
    return table.admit(*parse_ip(address), now_ms);
  }
  void leave(const std::string &address) { table.release(*parse_ip(address)); }
};

} // namespace

TEST_CASE("confabd: an address has so many connections, and gets one back when one ends") {
  connection_options options = no_limits();
  options.per_address = 2;
  gate g(options);
  CHECK(g.ask("192.0.2.1") == admission_result::admitted);
  CHECK(g.ask("192.0.2.1") == admission_result::admitted);
  CHECK(g.ask("192.0.2.1") == admission_result::per_address);
  CHECK(g.ask("192.0.2.2") == admission_result::admitted);
  g.leave("192.0.2.1");
  CHECK(g.ask("192.0.2.1") == admission_result::admitted);
  CHECK(g.ask("192.0.2.1") == admission_result::per_address);
}

TEST_CASE("confabd: the addresses of an IPv6 /64 are one, those of another are not") {
  connection_options options = no_limits();
  options.per_address = 1;
  gate g(options);
  CHECK(g.ask("2001:db8:0:1::1") == admission_result::admitted);
  CHECK(g.ask("2001:db8:0:1:ffff::2") == admission_result::per_address);
  CHECK(g.ask("2001:db8:0:2::1") == admission_result::admitted);
}

TEST_CASE("confabd: a network has so many connections: IPv4 /24, IPv6 /48") {
  connection_options options = no_limits();
  options.per_prefix = 2;
  gate g(options);
  CHECK(g.ask("192.0.2.1") == admission_result::admitted);
  CHECK(g.ask("192.0.2.2") == admission_result::admitted);
  CHECK(g.ask("192.0.2.3") == admission_result::per_prefix);
  CHECK(g.ask("192.0.3.1") == admission_result::admitted);
  CHECK(g.ask("2001:db8:0:1::1") == admission_result::admitted);
  CHECK(g.ask("2001:db8:0:2::1") == admission_result::admitted);
  CHECK(g.ask("2001:db8:0:3::1") == admission_result::per_prefix);
  CHECK(g.ask("2001:db8:1:1::1") == admission_result::admitted);
}

TEST_CASE("confabd: attempts are limited over a sliding window, refused ones included") {
  connection_options options = no_limits();
  options.attempts_max = 3;
  options.attempts_window_s = 10;
  gate g(options);
  for (int i = 0; i < 3; ++i) {
    CHECK(g.ask("192.0.2.1", 9'000) == admission_result::admitted);
  }
  CHECK(g.ask("192.0.2.1", 9'999) == admission_result::too_fast);
  // The window before still weighs: four attempts then, and 9 of 10 seconds overlap.
  CHECK(g.ask("192.0.2.1", 11'000) == admission_result::too_fast);
  CHECK(g.ask("192.0.2.2", 11'000) == admission_result::admitted);
  // 1 of 10 seconds overlaps: nothing of the four is left.
  CHECK(g.ask("192.0.2.1", 19'000) == admission_result::admitted);
  // Long afterwards, all is forgotten.
  for (int i = 0; i < 3; ++i) {
    CHECK(g.ask("192.0.2.1", 1'000'000) == admission_result::admitted);
  }
  CHECK(g.ask("192.0.2.1", 1'000'000) == admission_result::too_fast);
}

TEST_CASE("confabd: the memory of attempts is bounded") {
  connection_options options = no_limits();
  options.attempts_max = 1;
  options.tracked_max = 100;
  options.per_address = 1;
  gate g(options);
  for (unsigned i = 0; i < 10'000; ++i) {
    const std::string address = "10.0." + std::to_string(i / 250) + "." + std::to_string(i % 250);
    REQUIRE(g.ask(address, 5) == admission_result::admitted);
    g.leave(address);
  }
  CHECK(g.table.tracked() <= 200);
  CHECK(g.table.tracked() > 0);
}

TEST_CASE("confabd: exempt addresses have no limits, and are counted all the same") {
  connection_options options = no_limits();
  options.per_address = options.per_prefix = options.attempts_max = 1;
  options.exempt = {*parse_prefix("192.0.2.1")};
  gate g(options);
  for (int i = 0; i < 5; ++i) {
    CHECK(g.ask("192.0.2.1") == admission_result::admitted);
  }
  // Its neighbour shares the network, which is full.
  CHECK(g.ask("192.0.2.9") == admission_result::per_prefix);
  for (int i = 0; i < 5; ++i) {
    g.leave("192.0.2.1");
  }
  CHECK(g.ask("192.0.2.8") == admission_result::admitted);
}

TEST_CASE("confabd: denied addresses are refused even when they are exempt") {
  connection_options options = no_limits();
  options.deny = {*parse_prefix("192.0.2.0/24"), *parse_prefix("2001:db8::/32")};
  options.exempt = {*parse_prefix("192.0.2.0/24")};
  gate g(options);
  CHECK(g.ask("192.0.2.200") == admission_result::denied);
  CHECK(g.ask("2001:db8:ffff::") == admission_result::denied);
  CHECK(g.ask("198.51.100.1") == admission_result::admitted);
}

TEST_CASE("confabd: everything that was admitted leaves nothing behind when it is released") {
  connection_options options = no_limits();
  options.per_address = 3;
  gate g(options);
  for (int round = 0; round < 3; ++round) {
    g.ask("192.0.2.1");
    g.ask("2001:db8::1");
    g.ask("2001:db8::2");
  }
  CHECK(g.table.tracked() > 0);
  for (int round = 0; round < 3; ++round) {
    g.leave("192.0.2.1");
  }
  g.leave("2001:db8::1");
  g.leave("2001:db8::2");
  g.leave("2001:db8::1");
  CHECK(g.table.tracked() == 0);
}

TEST_CASE("confabd: a change of what counts as one address counts present connections anew") {
  connection_options options = no_limits();
  options.per_address = 2;
  gate g(options);
  CHECK(g.ask("192.0.2.1") == admission_result::admitted);
  CHECK(g.ask("192.0.2.2") == admission_result::admitted);
  options.ipv4_address_bits = 24;
  g.table.configure(options);
  CHECK(g.ask("192.0.2.3") == admission_result::per_address);
  g.leave("192.0.2.1");
  CHECK(g.ask("192.0.2.3") == admission_result::admitted);
  g.leave("192.0.2.2");
  g.leave("192.0.2.3");
  CHECK(g.table.tracked() == 0);
}

TEST_CASE("confabd: sockets are counted up to the limit") {
  admission table(1);
  CHECK(table.open_socket(2));
  CHECK(table.open_socket(2));
  CHECK_FALSE(table.open_socket(2));
  CHECK(table.sockets() == 2);
  table.close_socket();
  CHECK(table.open_socket(2));
}
