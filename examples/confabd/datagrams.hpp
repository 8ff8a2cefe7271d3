// SPDX-License-Identifier: MIT
//
// The UDP socket beside a listener that offers datagrams (those of MIC): on the same address and
// port. What comes goes to the engine, which believes nothing of it that it cannot check; what the
// engine relays goes out here. A datagram that cannot be sent at once is lost, as they may be.
#pragma once

#include "runtime.hpp"

#include <memory>
#include <string>

namespace confabd {

struct connection;

struct datagram_socket {
  uv_udp_t udp{}; // data: this
  runtime *rt = nullptr;
  std::uint16_t port = 0;
};

// Closed when its listener lets go of it; the listener's connections hold on weakly.
using datagram_handle = std::shared_ptr<datagram_socket>;

// Null when it cannot; `error` says where and why.
datagram_handle open_datagrams(runtime &rt, const endpoint &where, std::string &error);

// What its client has to be told of where it can send datagrams: the address that it connected to,
// and the port. Empty and 0 where there is nothing to tell.
struct datagram_offer {
  std::string address;
  std::uint16_t port = 0;
};
datagram_offer offer_of(const connection &conn);

// The engine's `datagram`.
confab_status send_datagram(const connection &conn, std::uint32_t port, std::string_view bytes);

} // namespace confabd
