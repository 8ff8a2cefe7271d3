// SPDX-License-Identifier: MIT
//
// Opens listening sockets by way of libuv, which sets SO_REUSEADDR itself. Running out of file
// descriptors is met before it happens (runtime::sockets_max); when it happens all the same, libuv
// closes what waits, and here it is logged.
#include "listener.hpp"

#include "connection.hpp"

#include <fmt/format.h>

namespace confabd {
namespace {

constexpr int backlog = 511;
constexpr std::uint64_t failure_log_interval_ms = 1000;

void on_connection(uv_stream_t *stream, int status) {
  auto *one = static_cast<listener *>(stream->data);
  if (status == 0) {
    return accept_connection(*one->rt, stream, one->options, one->datagrams);
  }
  const std::uint64_t now_ms = one->rt->loop_ms();
  if (now_ms - one->failure_logged_ms >= failure_log_interval_ms) {
    one->failure_logged_ms = now_ms;
    one->rt->log.write(log_level::error, "listener.accept_failed",
                       {{"address", to_text(one->bound)}, {"reason", uv_strerror(status)}});
  }
}

// Binds and listens; libuv's error.
int listen_on(listener &one) {
  sockaddr_storage address;
  to_sockaddr(one.options.address, address);
  // [::] means IPv6 alone, so that 0.0.0.0 can be listened on beside it.
  const unsigned flags = one.options.address.address.is_v4() ? 0 : UV_TCP_IPV6ONLY;
  if (int error = uv_tcp_bind(&one.tcp, reinterpret_cast<sockaddr *>(&address), flags);
      error != 0) {
    return error;
  }
  return uv_listen(reinterpret_cast<uv_stream_t *>(&one.tcp), backlog, on_connection);
}

endpoint bound_address(const listener &one) {
  sockaddr_storage storage{};
  int size = sizeof storage;
  endpoint result = one.options.address;
  if (uv_tcp_getsockname(&one.tcp, reinterpret_cast<sockaddr *>(&storage), &size) == 0) {
    result.port = port_of(reinterpret_cast<const sockaddr &>(storage));
  }
  return result;
}

} // namespace

void listener_closer::operator()(listener *one) const noexcept {
  uv_close(reinterpret_cast<uv_handle_t *>(&one->tcp),
           [](uv_handle_t *handle) { delete static_cast<listener *>(handle->data); });
}

listener_handle open_listener(runtime &rt, const listen_options &options, std::string &error) {
  auto raw = std::make_unique<listener>();
  raw->tcp.data = raw.get();
  raw->rt = &rt;
  raw->options = options;
  int code = uv_tcp_init(rt.loop, &raw->tcp);
  if (code != 0) {
    error = fmt::format("cannot listen on {}: {}", to_text(options.address), uv_strerror(code));
    return nullptr;
  }
  listener_handle result(raw.release()); // from here on libuv has to close it
  code = listen_on(*result);
  if (code != 0) {
    error = fmt::format("cannot listen on {}: {}", to_text(options.address), uv_strerror(code));
    return nullptr;
  }
  result->bound = bound_address(*result);
  if (options.datagrams) {
    result->datagrams = open_datagrams(rt, result->bound, error);
  }
  return error.empty() ? std::move(result) : nullptr;
}

} // namespace confabd
