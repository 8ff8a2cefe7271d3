// SPDX-License-Identifier: MIT
//
// Who may connect: how many sockets in all, how many connections from one address and from one
// network, how many attempts in a while, and who not at all. Pure bookkeeping over addresses and a
// clock that the caller reads; the sockets themselves belong elsewhere. The address is always the
// client's own: for what comes through a proxy, the one that the proxy names.
#pragma once

#include "address.hpp"

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace confabd {

// 0 as a limit means that there is none.
struct connection_options {
  std::uint32_t max = 10'000;
  std::uint32_t per_address = 64;
  std::uint32_t per_prefix = 256;
  std::uint32_t attempts_max = 32; // of one address in attempts_window_s
  std::uint32_t attempts_window_s = 10;
  // An IPv6 subscriber has a /64 at the least: that is one "address" here.
  std::uint32_t ipv4_address_bits = 32;
  std::uint32_t ipv4_prefix_bits = 24;
  std::uint32_t ipv6_address_bits = 64;
  std::uint32_t ipv6_prefix_bits = 48;
  std::uint32_t tracked_max = 65'536;      // addresses whose attempts are remembered
  std::uint32_t handshake_ms_max = 10'000; // for the PROXY header and the TLS handshake
  std::uint32_t linger_ms_max = 2'000;     // for the peer to close after our last byte
  std::vector<ip_prefix> exempt = {*parse_prefix("127.0.0.0/8"), *parse_prefix("::1/128")};
  std::vector<ip_prefix> deny;

  friend bool operator==(const connection_options &, const connection_options &) = default;
};

enum class admission_result : std::uint8_t {
  admitted,
  denied,      // the address is in the deny list
  per_address, // too many from it are connected
  per_prefix,  // too many from its network are connected
  too_fast     // too many attempts
};

std::string_view to_text(admission_result result) noexcept;

class admission {
public:
  // `hash_key` is a random number of this process.
  explicit admission(std::uint64_t hash_key);

  // Takes new limits. Connections that are counted already stay, even above a lowered limit.
  void configure(const connection_options &options);

  // Counts sockets, whoever they belong to. False, and nothing counted, when there are enough.
  bool open_socket(std::uint32_t sockets_max) noexcept;
  void close_socket() noexcept;
  std::uint32_t sockets() const noexcept { return sockets_; }

  // Asks for a connection of `address`; what is admitted must be released later with the same
  // address.
  admission_result admit(const ip_address &address, std::uint64_t now_ms);
  void release(const ip_address &address) noexcept;

  // How many addresses and networks the tables hold at present.
  std::size_t tracked() const noexcept;

private:
  using counters = std::unordered_map<ip_address, std::uint32_t, ip_hash>;

  ip_address group(const ip_address &address, bool prefix) const noexcept;
  bool attempts_exceeded(const ip_address &address, std::uint64_t now_ms);
  void rotate_attempts(std::uint64_t window, bool early);
  // Connections that were admitted with other group sizes must be counted anew.
  bool same_groups(const connection_options &options) const noexcept;

  connection_options options_;
  std::uint32_t sockets_ = 0;
  counters addresses_; // connections per exact address: what the two below are made from
  counters by_address_;
  counters by_prefix_;
  // Attempts of the running window and of the one before it.
  counters attempts_;
  counters attempts_before_;
  std::uint64_t attempts_window_ = 0;
};

} // namespace confabd
