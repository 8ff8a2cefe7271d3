// SPDX-License-Identifier: MIT
//
// A connection's input. Bytes go through the phases in order: what a PROXY header leaves over is
// the beginning of the handshake, and so on. The engine says when it takes no more; then the socket
// is not read, and at most one read's worth is kept. Output is output.cpp's, the end
// connection.cpp's.
#include "connection.hpp"

#include "proxy_protocol.hpp"

namespace confabd {
namespace {

void receive(connection &conn, std::span<const char> bytes);

void on_allocate(uv_handle_t *handle, std::size_t, uv_buf_t *buffer) {
  *buffer = uv_buf_init(static_cast<runtime *>(handle->data)->read_buffer.get(), read_bytes_max);
}

void on_read(uv_stream_t *stream, ssize_t count, const uv_buf_t *buffer) {
  connection &conn = connection_of(reinterpret_cast<uv_handle_t *>(stream));
  if (count == 0) {
    return; // libuv's way to say EAGAIN
  }
  if (count > 0) {
    return receive(conn, {buffer->base, static_cast<std::size_t>(count)});
  }
  conn.ended = true;
  if (count == UV_EOF && conn.state == phase::lingering && !conn.shut_down) {
    // It only stopped talking: our last words are still on their way, and end the connection.
    uv_read_stop(stream);
    return;
  }
  lose(conn, count == UV_EOF ? "" : uv_strerror(static_cast<int>(count)));
}

void hold(connection &conn, std::span<const char> bytes) {
  if (!conn.held) {
    conn.held = std::make_unique<std::vector<char>>();
  }
  conn.held->insert(conn.held->end(), bytes.begin(), bytes.end());
}

// Feeds the engine; what it does not take is kept, and the socket is left alone until it takes
// more.
void deliver(connection &conn, std::span<const char> bytes) {
  runtime &rt = runtime_of(conn);
  std::size_t consumed = 0;
  const confab_status status =
      confab_conn_feed(rt.engine, conn.id, rt.now(), bytes.data(), bytes.size(), &consumed);
  rt.note(status);
  if (conn.state != phase::open || consumed == bytes.size()) {
    return;
  }
  hold(conn, bytes.subspan(consumed));
  uv_read_stop(stream_of(conn));
  conn.link_to(rt.paused);
}

// Makes the connection known to the engine. False: it is gone.
bool open_in_engine(connection &conn) {
  runtime &rt = runtime_of(conn);
  const std::string address = to_text(conn.address);
  confab_conn_options options = confab_conn_options_init();
  options.ctx = &conn;
  options.flags = conn.secure ? CONFAB_CONN_SECURE : 0;
  options.protocol = conn.protocols;
  options.code_page = conn.code_page;
  options.address = to_str(address);
  options.port = conn.port;
  options.trust = conn.forwarded ? CONFAB_TRUST_FORWARDED : CONFAB_TRUST_PEER;
  const datagram_offer datagrams = offer_of(conn);
  options.datagram_address = to_str(datagrams.address);
  options.datagram_port = datagrams.port;
  // A host that begins with a colon would end a message's parameters (RFC 1459 §2.3.1).
  const std::string hostname = address.starts_with(':') ? "0" + address : address;
  options.hostname = to_str(hostname);
  conn.unlink();
  conn.state = phase::open;
  const confab_status status = confab_conn_open(rt.engine, &options, rt.now(), &conn.id);
  if (status < 0) {
    conn.id = 0;
    refuse(conn, confab_status_name(status));
  }
  return status >= 0;
}

bool admit(connection &conn) {
  runtime &rt = runtime_of(conn);
  const admission_result result = rt.gate.admit(conn.address, rt.loop_ms());
  conn.admitted = result == admission_result::admitted;
  if (!conn.admitted) {
    refuse(conn, to_text(result));
  }
  return conn.admitted;
}

void receive_proxy(connection &conn, std::span<const char> bytes) {
  hold(conn, bytes);
  const std::span<const char> all(*conn.held);
  const proxy_header header =
      parse_proxy_header({reinterpret_cast<const std::uint8_t *>(all.data()), all.size()});
  if (header.result == proxy_result::incomplete) {
    return; // bounded by the parser: what grows too long is malformed
  }
  const bool required = conn.proxy == proxy_mode::required;
  if (header.result == proxy_result::malformed ||
      (header.result == proxy_result::absent && required)) {
    return refuse(conn, "no valid PROXY header");
  }
  if (header.source) {
    conn.address = *header.source;
    conn.port = header.port;
    conn.forwarded = true;
  }
  const std::unique_ptr<std::vector<char>> first = std::move(conn.held);
  if (begin(conn) && first->size() > header.bytes) {
    receive(conn, std::span<const char>(*first).subspan(header.bytes));
  }
}

void receive_tls(connection &conn, std::span<const char> bytes) {
  runtime &rt = runtime_of(conn);
  const std::span<char> plain(rt.plain_buffer.get(), runtime::plain_bytes);
  const tls_step step = rt.tls.receive(*conn.tls, bytes, plain);
  if (!send_tls_output(conn)) {
    return lose(conn, "Connection lost");
  }
  if (conn.state == phase::handshake && conn.tls->established && !open_in_engine(conn)) {
    return;
  }
  if (step.bytes > 0) {
    deliver(conn, plain.first(step.bytes));
  }
  if (step.result == tls_result::open || conn.state == phase::closing) {
    return;
  }
  if (conn.state == phase::handshake) {
    return refuse(conn, "the TLS handshake failed");
  }
  lose(conn, step.result == tls_result::failed ? "TLS error" : "");
}

void receive(connection &conn, std::span<const char> bytes) {
  switch (conn.state) {
  case phase::proxy:
    return receive_proxy(conn, bytes);
  case phase::handshake:
    return receive_tls(conn, bytes);
  case phase::open:
    return conn.tls ? receive_tls(conn, bytes) : deliver(conn, bytes);
  case phase::lingering:
  case phase::closing:
    return; // what the peer still says is dropped
  }
}

} // namespace

void start_reading(connection &conn) {
  const int error = uv_read_start(stream_of(conn), on_allocate, on_read);
  if (error != 0 && error != UV_EALREADY) {
    lose(conn, uv_strerror(error));
  }
}

void wait_for(connection &conn, phase next) {
  runtime &rt = runtime_of(conn);
  conn.state = next;
  // The clock runs from accept: a header does not buy time for the handshake.
  if (!conn.linked()) {
    conn.deadline_ms = rt.loop_ms() + rt.limits.handshake_ms_max;
    conn.link_to(rt.opening);
  }
}

bool begin(connection &conn) {
  runtime &rt = runtime_of(conn);
  if (!admit(conn)) {
    return false;
  }
  if (!conn.secure) {
    return open_in_engine(conn);
  }
  conn.tls = rt.tls.ready() ? rt.tls.open() : nullptr;
  if (!conn.tls) {
    refuse(conn, "TLS is not available");
    return false;
  }
  wait_for(conn, phase::handshake);
  return true;
}

void resume_paused(runtime &rt) {
  // Connections that stay paused go to the end: one pass, whatever happens meanwhile.
  list_node pass;
  if (!rt.paused.linked()) {
    return;
  }
  pass.link_to(rt.paused);
  rt.paused.unlink();
  while (pass.linked()) {
    auto &conn = static_cast<connection &>(*pass.after);
    conn.link_to(rt.paused);
    if (confab_conn_input_wanted(rt.engine, conn.id) != CONFAB_OK) {
      continue;
    }
    conn.unlink();
    const std::unique_ptr<std::vector<char>> bytes = std::move(conn.held);
    deliver(conn, *bytes);
    if (conn.state == phase::open && !conn.linked()) {
      start_reading(conn);
    }
  }
}

} // namespace confabd
