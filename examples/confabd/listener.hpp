// SPDX-License-Identifier: MIT
//
// A listening socket: opened, and closed when its owner drops it. What happens to the connections
// that it accepts is in connection.cpp.
#pragma once

#include "datagrams.hpp"
#include "options.hpp"
#include "runtime.hpp"

#include <memory>
#include <string>

namespace confabd {

struct listener {
  uv_tcp_t tcp{}; // data: this
  runtime *rt = nullptr;
  listen_options options;
  endpoint bound;            // where it listens in fact, when options.address leaves the port open
  datagram_handle datagrams; // null: it offers none
  std::uint64_t failure_logged_ms = 0;
};

// Closes the socket now; the memory goes when libuv is done with it.
struct listener_closer {
  void operator()(listener *one) const noexcept;
};

using listener_handle = std::unique_ptr<listener, listener_closer>;

// Null when it cannot listen there; `error` says where and why.
listener_handle open_listener(runtime &rt, const listen_options &options, std::string &error);

} // namespace confabd
