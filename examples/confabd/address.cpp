// SPDX-License-Identifier: MIT
//
// Addresses to and from text and socket structures. The conversions themselves are inet_pton's and
// inet_ntop's; here stands what they leave open: prefixes, endpoints, one form for both families.
// Nothing here opens a socket or asks a name server.
#include "address.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace confabd {
namespace {

constexpr std::array<std::uint8_t, 12> v4_mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr unsigned v4_offset_bits = 96;

std::uint64_t mix(std::uint64_t x) noexcept {
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  x *= 0xd6e8feb86659fd93u;
  x ^= x >> 32;
  return x;
}

} // namespace

bool ip_address::is_v4() const noexcept {
  return std::equal(v4_mapped.begin(), v4_mapped.end(), bytes.begin());
}

ip_address ip_address::masked(unsigned bits) const noexcept {
  ip_address result = *this;
  for (unsigned i = 0; i < 16; ++i) {
    const unsigned kept = bits > i * 8 ? std::min(bits - i * 8, 8u) : 0;
    result.bytes[i] = static_cast<std::uint8_t>(result.bytes[i] & (0xff00u >> kept));
  }
  return result;
}

std::size_t ip_hash::operator()(const ip_address &address) const noexcept {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, address.bytes.data(), 8);
  std::memcpy(&low, address.bytes.data() + 8, 8);
  return static_cast<std::size_t>(mix(mix(high ^ key) ^ low ^ (key << 1)));
}

ip_address ip_from_v4(const std::uint8_t *four_bytes) noexcept {
  ip_address result;
  std::copy(v4_mapped.begin(), v4_mapped.end(), result.bytes.begin());
  std::copy_n(four_bytes, 4, result.bytes.begin() + 12);
  return result;
}

ip_address ip_from_v6(const std::uint8_t *sixteen_bytes) noexcept {
  ip_address result;
  std::copy_n(sixteen_bytes, 16, result.bytes.begin());
  return result;
}

std::optional<ip_address> ip_from_sockaddr(const sockaddr &address) noexcept {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    std::uint8_t bytes[4];
    std::memcpy(bytes, &v4.sin_addr, sizeof bytes);
    return ip_from_v4(bytes);
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof v6);
    return ip_from_v6(v6.sin6_addr.s6_addr);
  }
  return std::nullopt;
}

std::optional<ip_address> parse_ip(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof buffer || text.find('\0') != text.npos) {
    return std::nullopt;
  }
  text.copy(buffer, text.size());
  buffer[text.size()] = '\0';
  std::uint8_t bytes[16];
  if (inet_pton(AF_INET, buffer, bytes) == 1) {
    return ip_from_v4(bytes);
  }
  if (inet_pton(AF_INET6, buffer, bytes) == 1) {
    return ip_from_v6(bytes);
  }
  return std::nullopt;
}

std::string to_text(const ip_address &address) {
  char buffer[INET6_ADDRSTRLEN];
  const bool v4 = address.is_v4();
  inet_ntop(v4 ? AF_INET : AF_INET6, address.bytes.data() + (v4 ? 12 : 0), buffer, sizeof buffer);
  return buffer;
}

bool ip_prefix::contains(const ip_address &address) const noexcept {
  // ::/0 means all of IPv6, not the IPv4 addresses that are kept inside it.
  return address.is_v4() == v4 && address.masked(bits) == base;
}

std::optional<ip_prefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<ip_address> address = parse_ip(text.substr(0, slash));
  if (!address) {
    return std::nullopt;
  }
  ip_prefix result{*address, 128, address->is_v4()};
  if (slash != text.npos) {
    const unsigned offset = result.v4 ? v4_offset_bits : 0;
    const auto bits = parse_number(text.substr(slash + 1), 128 - offset);
    if (!bits) {
      return std::nullopt;
    }
    result.bits = *bits + offset;
  }
  result.base = address->masked(result.bits);
  return result;
}

std::string to_text(const ip_prefix &prefix) {
  return fmt::format("{}/{}", to_text(prefix.base), prefix.bits - (prefix.v4 ? v4_offset_bits : 0));
}

std::optional<endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == text.npos) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) {
    host = host.substr(1, host.size() - 2);
  }
  const std::optional<ip_address> address = parse_ip(host);
  const auto port = parse_number(text.substr(colon + 1), 65535);
  // Without brackets the last group of an IPv6 address would pass for a port.
  if (!address || !port || bracketed != (host.find(':') != host.npos)) {
    return std::nullopt;
  }
  return endpoint{*address, static_cast<std::uint16_t>(*port)};
}

std::string to_text(const endpoint &where) {
  return fmt::format(fmt::runtime(where.address.is_v4() ? "{}:{}" : "[{}]:{}"),
                     to_text(where.address), where.port);
}

std::uint16_t port_of(const sockaddr &address) noexcept {
  if (address.sa_family != AF_INET && address.sa_family != AF_INET6) {
    return 0;
  }
  // The port is in the same place for both.
  static_assert(offsetof(sockaddr_in, sin_port) == offsetof(sockaddr_in6, sin6_port));
  in_port_t port = 0;
  std::memcpy(&port, reinterpret_cast<const char *>(&address) + offsetof(sockaddr_in, sin_port),
              sizeof port);
  return ntohs(port);
}

void to_sockaddr(const endpoint &where, sockaddr_storage &out) noexcept {
  out = sockaddr_storage{};
  if (where.address.is_v4()) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(where.port);
    std::memcpy(&v4.sin_addr, where.address.bytes.data() + 12, 4);
    std::memcpy(&out, &v4, sizeof v4);
    return;
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(where.port);
  std::memcpy(&v6.sin6_addr, where.address.bytes.data(), 16);
  std::memcpy(&out, &v6, sizeof v6);
}

std::optional<std::uint32_t> parse_number(std::string_view text, std::uint32_t max) noexcept {
  std::uint32_t value = 0;
  const char *end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || error != std::errc{} || stop != end || value > max) {
    return std::nullopt;
  }
  return value;
}

} // namespace confabd
