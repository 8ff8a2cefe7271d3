// SPDX-License-Identifier: MIT
//
// The PROXY protocol, versions 1 and 2, as HAProxy's proxy-protocol.txt defines it: a header before
// the first byte of a connection that says on whose behalf a proxy opened it. A pure function of
// the bytes so far; who is trusted to send a header is decided elsewhere.
#pragma once

#include "address.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace confabd {

// The most that a header may take: version 1 is bounded by its definition (107 bytes), version 2
// here, since its extensions (TLVs) may claim up to 64 KiB.
inline constexpr std::size_t proxy_header_bytes_max = 4096;

enum class proxy_result : std::uint8_t {
  incomplete, // the start of a header: ask again with more bytes
  absent,     // these bytes do not begin a header
  malformed,  // they begin one, and it is broken
  complete
};

struct proxy_header {
  proxy_result result = proxy_result::incomplete;
  std::size_t bytes = 0;            // of the header, when complete
  std::optional<ip_address> source; // none: the proxy speaks for itself or does not know
  std::uint16_t port = 0;           // of the source
};

// `bytes` is everything that the peer sent so far, from the first byte.
proxy_header parse_proxy_header(std::span<const std::uint8_t> bytes);

} // namespace confabd
