// SPDX-License-Identifier: MIT
//
// Parses both versions of the PROXY header (proxy-protocol.txt, sections 2.1 and 2.2). It is parsed
// again from its first byte whenever more arrived: headers are short, and nothing has to be kept.
// Extensions of version 2 are skipped; no socket and no policy belong here.
#include "proxy_protocol.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace confabd {
namespace {

constexpr std::string_view v1_signature = "PROXY ";
constexpr std::size_t v1_bytes_max = 107; // with CR LF
constexpr std::array<std::uint8_t, 12> v2_signature = {0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                                       0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
constexpr std::size_t v2_fixed_bytes = 16;

proxy_header malformed() { return {proxy_result::malformed, 0, std::nullopt, 0}; }

// Takes the text up to the next space off `rest`.
std::string_view next_word(std::string_view &rest) {
  const std::size_t end = std::min(rest.find(' '), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return word;
}

// "TCP4 192.0.2.1 198.51.100.1 56324 443", or "UNKNOWN" and anything behind it.
proxy_header parse_v1_line(std::string_view line, std::size_t bytes) {
  const std::string_view family = next_word(line);
  if (family == "UNKNOWN") {
    return {proxy_result::complete, bytes, std::nullopt, 0};
  }
  if (family != "TCP4" && family != "TCP6") {
    return malformed();
  }
  const bool v4 = family == "TCP4";
  const auto source = parse_ip(next_word(line));
  const auto destination = parse_ip(next_word(line));
  const auto source_port = parse_number(next_word(line), 65535);
  // No further word: what follows the last port must be the end of the line.
  const auto destination_port = parse_number(line, 65535);
  if (!source || !destination || !source_port || !destination_port) {
    return malformed();
  }
  // A TCP6 line may carry an IPv4-mapped address, but a TCP4 line nothing but IPv4.
  if (v4 && !(source->is_v4() && destination->is_v4())) {
    return malformed();
  }
  return {proxy_result::complete, bytes, source, static_cast<std::uint16_t>(*source_port)};
}

proxy_header parse_v1(std::string_view text) {
  const std::string_view bounded = text.substr(0, v1_bytes_max);
  const std::size_t end = bounded.find("\r\n");
  if (end == bounded.npos) {
    // A lone LF, or no end within the bound, can no longer become a header.
    if (text.size() >= v1_bytes_max || bounded.find('\n') != bounded.npos) {
      return malformed();
    }
    return {};
  }
  return parse_v1_line(bounded.substr(v1_signature.size(), end - v1_signature.size()), end + 2);
}

proxy_header parse_v2(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < v2_fixed_bytes) {
    return {};
  }
  const unsigned version = bytes[12] >> 4;
  const unsigned command = bytes[12] & 0x0f;
  const unsigned family = bytes[13] >> 4;
  const std::size_t length = static_cast<std::size_t>(bytes[14]) << 8 | bytes[15];
  const std::size_t total = v2_fixed_bytes + length;
  if (version != 2 || command > 1 || family > 3 || total > proxy_header_bytes_max) {
    return malformed();
  }
  if (bytes.size() < total) {
    return {};
  }
  // LOCAL: the proxy itself, for instance a health check. UNSPEC and UNIX have no address for us.
  if (command == 0 || family == 0 || family == 3) {
    return {proxy_result::complete, total, std::nullopt, 0};
  }
  const std::size_t address_bytes = family == 1 ? 4 : 16;
  if (length < 2 * address_bytes + 4) { // two addresses and two ports
    return malformed();
  }
  const std::uint8_t *source = bytes.data() + v2_fixed_bytes;
  const std::uint8_t *port = source + 2 * address_bytes; // in network order
  return {proxy_result::complete, total, family == 1 ? ip_from_v4(source) : ip_from_v6(source),
          static_cast<std::uint16_t>(port[0] << 8 | port[1])};
}

// Does `bytes` begin with `signature`, or with as much of it as has come?
template <class signature_type>
bool begins_like(std::span<const std::uint8_t> bytes, const signature_type &signature) {
  const std::size_t count = std::min(bytes.size(), signature.size());
  return std::equal(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count),
                    signature.begin(),
                    [](auto a, auto b) { return a == static_cast<std::uint8_t>(b); });
}

} // namespace

proxy_header parse_proxy_header(std::span<const std::uint8_t> bytes) {
  if (begins_like(bytes, v2_signature)) {
    return bytes.size() < v2_signature.size() ? proxy_header{} : parse_v2(bytes);
  }
  if (begins_like(bytes, v1_signature)) {
    if (bytes.size() < v1_signature.size()) {
      return {};
    }
    return parse_v1({reinterpret_cast<const char *>(bytes.data()), bytes.size()});
  }
  return {proxy_result::absent, 0, std::nullopt, 0};
}

} // namespace confabd
