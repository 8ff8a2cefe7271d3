// SPDX-License-Identifier: MIT
//
// A connection's life: accepted, put into its first phase, ended by the engine, by its peer or by
// time. Whatever it was counted under is given back here, once. Input is in input.cpp, output in
// output.cpp.
#include "connection.hpp"

#include <algorithm>

namespace confabd {
namespace {

constexpr std::uint32_t refusals_logged_max = 10; // each second

void on_closed(uv_handle_t *handle) { delete &connection_of(handle); }

bool is_trusted_proxy(const listen_options &options, const ip_address &address) {
  return std::any_of(options.proxy_from.begin(), options.proxy_from.end(),
                     [&](const ip_prefix &prefix) { return prefix.contains(address); });
}

// The peer's own address and port. False: it is gone already.
bool read_address(connection &conn) {
  sockaddr_storage storage{};
  int size = sizeof storage;
  if (uv_tcp_getpeername(&conn.tcp, reinterpret_cast<sockaddr *>(&storage), &size) != 0) {
    return false;
  }
  const auto address = ip_from_sockaddr(reinterpret_cast<const sockaddr &>(storage));
  conn.address = address.value_or(ip_address{});
  conn.port = port_of(reinterpret_cast<const sockaddr &>(storage));
  return address.has_value();
}

void start(connection &conn, const listen_options &options) {
  conn.secure = options.tls;
  conn.protocols = options.protocols.bits;
  conn.code_page = number_of(options.page);
  conn.proxy = options.proxy;
  const bool trusted = options.proxy != proxy_mode::none && is_trusted_proxy(options, conn.address);
  if (!trusted && options.proxy == proxy_mode::required) {
    return refuse(conn, "not a trusted proxy");
  }
  if (trusted) {
    wait_for(conn, phase::proxy);
  } else if (!begin(conn)) {
    return;
  }
  start_reading(conn);
}

void expire_list(list_node &list, std::uint64_t now_ms, std::string_view why) {
  while (list.linked()) {
    auto &conn = static_cast<connection &>(*list.after);
    if (conn.deadline_ms > now_ms) {
      return;
    }
    if (why.empty()) {
      destroy(conn);
    } else {
      refuse(conn, why);
    }
  }
}

std::uint64_t first_deadline_ms(const list_node &list) noexcept {
  return list.linked() ? static_cast<const connection &>(*list.after).deadline_ms : UINT64_MAX;
}

} // namespace

void refuse(connection &conn, std::string_view why) {
  log_refusal(runtime_of(conn), to_text(conn.address), why);
  destroy(conn);
}

void accept_connection(runtime &rt, uv_stream_t *listener, const listen_options &options,
                       const datagram_handle &datagrams) {
  auto *conn = new connection;
  if (uv_tcp_init(rt.loop, &conn->tcp) != 0) {
    delete conn;
    return;
  }
  conn->tcp.data = &rt;
  conn->datagrams = datagrams;
  const bool counted = rt.gate.open_socket(rt.sockets_max);
  const int error = uv_accept(listener, stream_of(*conn));
  if (!counted) {
    // Not destroy(): it gives back a place that this one never had.
    log_refusal(rt, "", "the server is full");
    conn->state = phase::closing;
    uv_close(reinterpret_cast<uv_handle_t *>(&conn->tcp), on_closed);
    return;
  }
  if (error != 0 || !read_address(*conn)) {
    return destroy(*conn);
  }
  uv_tcp_nodelay(&conn->tcp, 1); // the engine gathers already; Nagle's delay would only add to it
  start(*conn, options);
}

void destroy(connection &conn) {
  if (conn.state == phase::closing) {
    return;
  }
  runtime &rt = runtime_of(conn);
  conn.state = phase::closing;
  conn.unlink();
  conn.tls.reset();
  conn.held.reset();
  if (conn.admitted) {
    rt.gate.release(conn.address);
  }
  rt.gate.close_socket();
  uv_close(reinterpret_cast<uv_handle_t *>(&conn.tcp), on_closed);
}

void linger(connection &conn) {
  runtime &rt = runtime_of(conn);
  conn.id = 0;
  conn.state = phase::lingering;
  conn.held.reset();
  conn.deadline_ms = rt.loop_ms() + rt.limits.linger_ms_max;
  conn.link_to(rt.lingering);
  if (conn.tls) {
    rt.tls.shut_down(*conn.tls);
    const bool written = send_tls_output(conn);
    conn.tls.reset();
    if (!written) {
      return destroy(conn);
    }
  }
  finish_writing(conn);
  // A socket that is closed with unread input sends a reset, which can overtake our last words: the
  // input is read and dropped until the peer has seen them. A stopping server does not wait for
  // that.
  if (conn.state == phase::lingering && !conn.ended && !rt.stopping) {
    start_reading(conn);
  }
}

void lose(connection &conn, std::string_view why) {
  runtime &rt = runtime_of(conn);
  const confab_id id = conn.id;
  conn.id = 0;
  destroy(conn);
  if (id != 0) {
    rt.note(confab_conn_closed(rt.engine, id, rt.now(), to_str(why)));
  }
}

void expire(runtime &rt) {
  expire_list(rt.opening, rt.loop_ms(), "no PROXY header or TLS handshake in time");
  expire_list(rt.lingering, rt.loop_ms(), "");
}

std::uint64_t next_expiry_ms(const runtime &rt) noexcept {
  return std::min(first_deadline_ms(rt.opening), first_deadline_ms(rt.lingering));
}

void log_refusal(runtime &rt, std::string_view address, std::string_view why) {
  const std::uint64_t second = rt.loop_ms() / 1000;
  if (second != rt.refusals_second) {
    if (rt.refusals_hidden > 0) {
      rt.log.write(log_level::info, "conn.refusals_hidden",
                   {{"count", std::uint64_t{rt.refusals_hidden}}});
    }
    rt.refusals_second = second;
    rt.refusals_logged = rt.refusals_hidden = 0;
  }
  if (rt.refusals_logged == refusals_logged_max) {
    ++rt.refusals_hidden;
    return;
  }
  ++rt.refusals_logged;
  rt.log.write(log_level::info, "conn.refused", {{"address", address}, {"reason", why}});
}

} // namespace confabd
