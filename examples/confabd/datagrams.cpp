// SPDX-License-Identifier: MIT
//
// Datagrams in and out: see datagrams.hpp. Which of them mean something is the engine's business,
// and so is who may have any: here nothing is looked into. Nothing waits either, so that a flood of
// them costs no memory.
#include "datagrams.hpp"

#include "connection.hpp"

#include <fmt/format.h>

namespace confabd {
namespace {

void on_allocate(uv_handle_t *handle, std::size_t, uv_buf_t *buffer) {
  runtime &rt = *static_cast<datagram_socket *>(handle->data)->rt;
  *buffer = uv_buf_init(rt.read_buffer.get(), read_bytes_max);
}

void on_datagram(uv_udp_t *udp, ssize_t count, const uv_buf_t *buffer, const sockaddr *from,
                 unsigned flags) {
  // Errors of earlier sends come here too (a port that nobody listens on): nothing is to be done.
  if (count < 0 || from == nullptr || (flags & UV_UDP_PARTIAL) != 0) {
    return;
  }
  const auto address = ip_from_sockaddr(*from);
  if (!address) {
    return;
  }
  runtime &rt = *static_cast<datagram_socket *>(udp->data)->rt;
  const std::string text = to_text(*address);
  rt.note(confab_datagram_feed(rt.engine, rt.now(), to_str(text), buffer->base,
                               static_cast<std::size_t>(count)));
}

void close_socket(datagram_socket *one) noexcept {
  uv_close(reinterpret_cast<uv_handle_t *>(&one->udp),
           [](uv_handle_t *handle) { delete static_cast<datagram_socket *>(handle->data); });
}

int receive_at(datagram_socket &one, const endpoint &where) {
  sockaddr_storage address;
  to_sockaddr(where, address);
  const int error = uv_udp_bind(&one.udp, reinterpret_cast<sockaddr *>(&address), 0);
  return error != 0 ? error : uv_udp_recv_start(&one.udp, on_allocate, on_datagram);
}

} // namespace

datagram_handle open_datagrams(runtime &rt, const endpoint &where, std::string &error) {
  auto raw = std::make_unique<datagram_socket>();
  raw->udp.data = raw.get();
  raw->rt = &rt;
  raw->port = where.port;
  int code = uv_udp_init(rt.loop, &raw->udp);
  datagram_handle result;
  if (code == 0) {
    result.reset(raw.release(), close_socket); // from here on libuv has to close it
    code = receive_at(*result, where);
  }
  if (code != 0) {
    error = fmt::format("cannot take datagrams on {}: {}", to_text(where), uv_strerror(code));
    return nullptr;
  }
  return result;
}

datagram_offer offer_of(const connection &conn) {
  const datagram_handle socket = conn.datagrams.lock();
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (!socket ||
      uv_tcp_getsockname(&conn.tcp, reinterpret_cast<sockaddr *>(&storage), &size) != 0) {
    return {};
  }
  const auto own = ip_from_sockaddr(reinterpret_cast<const sockaddr &>(storage));
  return own && own->is_v4() ? datagram_offer{to_text(*own), socket->port} : datagram_offer{};
}

confab_status send_datagram(const connection &conn, std::uint32_t port, std::string_view bytes) {
  const datagram_handle socket = conn.datagrams.lock();
  if (!socket) {
    return CONFAB_ERR_STATE;
  }
  sockaddr_storage to;
  to_sockaddr({conn.address, static_cast<std::uint16_t>(port)}, to);
  const uv_buf_t buffer =
      uv_buf_init(const_cast<char *>(bytes.data()), static_cast<unsigned>(bytes.size()));
  const int sent =
      uv_udp_try_send(&socket->udp, &buffer, 1, reinterpret_cast<const sockaddr *>(&to));
  return sent == static_cast<int>(bytes.size()) ? CONFAB_OK : CONFAB_ERR_LIMIT;
}

} // namespace confabd
