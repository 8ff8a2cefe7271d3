// SPDX-License-Identifier: MIT
//
// One client's socket, from accept to close. It goes through phases: a PROXY header, a TLS
// handshake, open (the engine knows it), and lingering until the peer closes too. Its life is in
// connection.cpp, reading in input.cpp, writing in output.cpp. Which connections are let in is
// admission.hpp's business.
#pragma once

#include "datagrams.hpp"
#include "options.hpp"
#include "runtime.hpp"

#include <memory>
#include <string_view>
#include <vector>

namespace confabd {

enum class phase : std::uint8_t {
  proxy,     // waits for a PROXY header, or for bytes that are none
  handshake, // of TLS
  open,      // the engine has it
  lingering, // the engine is done; waits for the peer's end
  closing    // only libuv still has it
};

// Apart, so that a libuv handle can be turned into its connection without offsetof.
struct connection_handle {
  uv_tcp_t tcp{}; // data: the runtime
};

// Idle connections are many: whatever is not needed all the time hangs on a pointer.
struct connection : connection_handle, list_node {
  confab_id id = 0;
  ip_address address;
  std::unique_ptr<tls_session> tls;
  // Bytes that wait: the start of a PROXY header, or plain text that the engine did not take.
  std::unique_ptr<std::vector<char>> held;
  std::weak_ptr<datagram_socket> datagrams; // of its listener, if that has one
  std::uint64_t deadline_ms = 0;            // of the loop; in the lists `opening` and `lingering`
  phase state = phase::open;
  proxy_mode proxy = proxy_mode::none;
  bool secure = false;         // TLS is expected
  std::uint32_t protocols = 0; // CONFAB_PROTOCOL_* that its listener takes; 0: all
  std::uint32_t code_page = 0; // of confab_conn_options
  std::uint16_t port = 0;      // at `address`
  bool forwarded = false;      // both are from a trusted proxy's header
  bool admitted = false;       // counted under its address
  bool ended = false;          // the peer will send nothing more
  bool shut_down = false;      // our end is closed for writing
};

static_assert(sizeof(connection) <= 400, "an idle connection must stay small");

// Accepts a connection that waits on `listener`.
void accept_connection(runtime &rt, uv_stream_t *listener, const listen_options &options,
                       const datagram_handle &datagrams);

// Puts it into a phase in which it has limited time.
void wait_for(connection &conn, phase next);

// The address is known now, after accept or the PROXY header: asks for admission and goes on to the
// next phase. False: the connection is gone.
bool begin(connection &conn);

void start_reading(connection &conn);

// Turns a peer away whom the engine does not know.
void refuse(connection &conn, std::string_view why);

// Closes the socket at once and gives everything back. The engine must not know it any more.
void destroy(connection &conn);

// The engine is done with it: sends what is left, then waits for the peer, for a while.
void linger(connection &conn);

// The socket failed, or the peer ended: tells the engine, and destroys the connection.
void lose(connection &conn, std::string_view why);

// Gives paused connections their waiting input, as far as the engine takes it now.
void resume_paused(runtime &rt);

// Closes connections in `opening` and `lingering` whose time is over.
void expire(runtime &rt);

// The loop's time when expire() must be called next; UINT64_MAX: never.
std::uint64_t next_expiry_ms(const runtime &rt) noexcept;

// The engine's `send`: writes what the socket takes.
confab_status send_slices(connection &conn, std::span<const confab_slice> slices,
                          std::size_t &accepted);

// Writes TLS's own bytes (handshake, alerts) that wait in the engine of TLS. False: the socket is
// broken.
bool send_tls_output(connection &conn);

// Closes our end for writing, once nothing waits to be written.
void finish_writing(connection &conn);

// Logs that a peer was turned away, up to a number each second.
void log_refusal(runtime &rt, std::string_view address, std::string_view why);

inline runtime &runtime_of(const connection &conn) noexcept {
  return *static_cast<runtime *>(conn.tcp.data);
}

inline connection &connection_of(uv_handle_t *handle) noexcept {
  return *static_cast<connection *>(reinterpret_cast<connection_handle *>(handle));
}

inline uv_stream_t *stream_of(connection &conn) noexcept {
  return reinterpret_cast<uv_stream_t *>(&conn.tcp);
}

} // namespace confabd
