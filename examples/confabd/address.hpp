// SPDX-License-Identifier: MIT
//
// Internet addresses as values: one address, a prefix (CIDR), and an endpoint to listen on. Numeric
// text in, numeric text out; nothing is looked up. IPv4 is kept as IPv4-mapped IPv6 (RFC 4291
// §2.5.5.2), so that a client has one address whichever kind of socket it came by.
// Sockets, and what is done with addresses, do not belong here.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

struct sockaddr;
struct sockaddr_storage;

namespace confabd {

struct ip_address {
  std::array<std::uint8_t, 16> bytes{};

  bool is_v4() const noexcept;
  // The address with all but its first `bits` bits cleared; bits count from the IPv6 form, so IPv4
  // prefixes begin at 96.
  ip_address masked(unsigned bits) const noexcept;

  friend bool operator==(const ip_address &, const ip_address &) = default;
};

// Hashes for tables that strangers fill: keyed, so that nobody can aim at one bucket.
struct ip_hash {
  std::uint64_t key = 0;
  std::size_t operator()(const ip_address &address) const noexcept;
};

ip_address ip_from_v4(const std::uint8_t *four_bytes) noexcept;
ip_address ip_from_v6(const std::uint8_t *sixteen_bytes) noexcept;
std::optional<ip_address> ip_from_sockaddr(const sockaddr &address) noexcept;
std::optional<ip_address> parse_ip(std::string_view text);
std::string to_text(const ip_address &address);

// A range of addresses of one family.
struct ip_prefix {
  ip_address base;
  unsigned bits = 128; // of the IPv6 form
  bool v4 = false;

  bool contains(const ip_address &address) const noexcept;
  friend bool operator==(const ip_prefix &, const ip_prefix &) = default;
};

// "192.0.2.0/24", "2001:db8::/32", or an address, which is a range of one. Bits beyond the prefix
// are cleared.
std::optional<ip_prefix> parse_prefix(std::string_view text);
std::string to_text(const ip_prefix &prefix);

// Where to listen. Port 0 lets the system choose.
struct endpoint {
  ip_address address;
  std::uint16_t port = 0;

  friend bool operator==(const endpoint &, const endpoint &) = default;
};

// "127.0.0.1:6667" or "[::1]:6667".
std::optional<endpoint> parse_endpoint(std::string_view text);
std::string to_text(const endpoint &where);
std::uint16_t port_of(const sockaddr &address) noexcept; // 0 when it has none
void to_sockaddr(const endpoint &where, sockaddr_storage &out) noexcept;

// The number that `text` is, in decimal without sign or spaces, if it is at most `max`.
std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) noexcept;

} // namespace confabd
