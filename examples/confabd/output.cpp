// SPDX-License-Identifier: MIT
//
// Writing to a client. The engine's slices go to the socket as they are, in one call; only when the
// socket is full is one bounded piece copied, so that libuv tells when there is room again. TLS
// goes the same way, one record at a time. Input, and when a connection ends, is connection.cpp's.
#include "connection.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>

#include <sys/socket.h>

namespace confabd {
namespace {

constexpr std::size_t pending_bytes_max = 64 * 1024;  // copied while the socket is full
constexpr std::size_t record_plain_bytes = 16 * 1024; // RFC 8446 §5.1
constexpr std::size_t slices_per_call_max = 1024;     // IOV_MAX

// The engine's slices and libuv's buffers are both laid out like struct iovec.
static_assert(sizeof(confab_slice) == sizeof(uv_buf_t));
static_assert(offsetof(confab_slice, ptr) == offsetof(uv_buf_t, base));
static_assert(offsetof(confab_slice, len) == offsetof(uv_buf_t, len));

// A copy of bytes that wait for the socket. The bytes follow the struct.
struct pending_write {
  uv_write_t request;
  connection *conn;
};

void on_written(uv_write_t *request, int status) {
  auto *pending = reinterpret_cast<pending_write *>(request);
  connection &conn = *pending->conn;
  std::free(pending);
  if (conn.state == phase::closing) {
    return;
  }
  if (status < 0) {
    return lose(conn, uv_strerror(status));
  }
  if (conn.state == phase::lingering) {
    return finish_writing(conn);
  }
  if (conn.state == phase::open) {
    runtime &rt = runtime_of(conn);
    rt.note(confab_conn_writable(rt.engine, conn.id));
  }
}

// Copies the `bytes` that follow the first `skip` of the slices and has libuv write them when it
// can.
bool write_later(connection &conn, std::span<const confab_slice> slices, std::size_t skip,
                 std::size_t bytes) {
  void *memory = std::malloc(sizeof(pending_write) + bytes);
  if (memory == nullptr) {
    return false;
  }
  auto *pending = new (memory) pending_write{{}, &conn};
  char *copy = static_cast<char *>(memory) + sizeof(pending_write);
  std::size_t filled = 0;
  for (const confab_slice &slice : slices) {
    const std::size_t skipped = std::min(skip, slice.len);
    const std::size_t taken = std::min(slice.len - skipped, bytes - filled);
    std::memcpy(copy + filled, static_cast<const char *>(slice.ptr) + skipped, taken);
    skip -= skipped;
    filled += taken;
  }
  const uv_buf_t buffer = uv_buf_init(copy, static_cast<unsigned>(bytes));
  if (uv_write(&pending->request, stream_of(conn), &buffer, 1, on_written) != 0) {
    std::free(memory);
    return false;
  }
  return true;
}

std::size_t total_bytes(std::span<const confab_slice> slices) noexcept {
  std::size_t total = 0;
  for (const confab_slice &slice : slices) {
    total += slice.len;
  }
  return total;
}

bool is_blocked(const connection &conn) noexcept {
  return uv_stream_get_write_queue_size(reinterpret_cast<const uv_stream_t *>(&conn.tcp)) != 0;
}

// Writes as much as the socket takes now. Negative: it is broken.
ssize_t write_now(connection &conn, std::span<const confab_slice> slices) {
  const int written =
      uv_try_write(stream_of(conn), reinterpret_cast<const uv_buf_t *>(slices.data()),
                   static_cast<unsigned>(slices.size()));
  return written == UV_EAGAIN ? 0 : written;
}

confab_status send_plain(connection &conn, std::span<const confab_slice> slices,
                         std::size_t &accepted) {
  while (!slices.empty()) {
    const auto batch = slices.first(std::min(slices.size(), slices_per_call_max));
    const ssize_t result = write_now(conn, batch);
    if (result < 0) {
      return CONFAB_ERR_STATE;
    }
    const auto written = static_cast<std::size_t>(result);
    accepted += written;
    if (const std::size_t left = total_bytes(batch) - written; left > 0) {
      const std::size_t bytes = std::min(left, pending_bytes_max);
      const bool queued = write_later(conn, batch, written, bytes);
      accepted += queued ? bytes : 0;
      return queued ? CONFAB_OK : CONFAB_ERR_NOMEM;
    }
    slices = slices.subspan(batch.size());
  }
  return CONFAB_OK;
}

// Collects up to one record's plain text from the front of the slices, which it shortens; `offset`
// is what was taken of the first one.
std::span<const char> gather(runtime &rt, std::span<const confab_slice> &slices,
                             std::size_t &offset) {
  char *buffer = rt.plain_buffer.get();
  std::size_t filled = 0;
  while (!slices.empty() && filled < record_plain_bytes) {
    const confab_slice &slice = slices.front();
    const std::size_t taken = std::min(slice.len - offset, record_plain_bytes - filled);
    std::memcpy(buffer + filled, static_cast<const char *>(slice.ptr) + offset, taken);
    filled += taken;
    offset += taken;
    if (offset == slice.len) {
      slices = slices.subspan(1);
      offset = 0;
    }
  }
  return {buffer, filled};
}

confab_status send_tls(connection &conn, std::span<const confab_slice> slices,
                       std::size_t &accepted) {
  runtime &rt = runtime_of(conn);
  std::size_t offset = 0;
  while (!slices.empty() && !is_blocked(conn)) {
    const std::span<const char> plain = gather(rt, slices, offset);
    if (plain.empty()) {
      return CONFAB_OK; // OpenSSL takes writing nothing for a failure
    }
    const tls_step step = rt.tls.send(*conn.tls, plain);
    if (!send_tls_output(conn) || step.result == tls_result::failed) {
      return CONFAB_ERR_STATE;
    }
    accepted += step.bytes;
  }
  return CONFAB_OK;
}

} // namespace

confab_status send_slices(connection &conn, std::span<const confab_slice> slices,
                          std::size_t &accepted) {
  accepted = 0;
  if (is_blocked(conn)) {
    return CONFAB_OK; // on_written asks for more
  }
  return conn.tls ? send_tls(conn, slices, accepted) : send_plain(conn, slices, accepted);
}

bool send_tls_output(connection &conn) {
  runtime &rt = runtime_of(conn);
  const std::span<const char> bytes = rt.tls.output();
  bool sound = true;
  if (!bytes.empty()) {
    const confab_slice slice{bytes.data(), bytes.size()};
    // Behind bytes that wait already, these must wait too, or they would overtake them.
    const ssize_t written = is_blocked(conn) ? 0 : write_now(conn, {&slice, 1});
    const auto sent = static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    sound = written >= 0 &&
            (sent == bytes.size() || write_later(conn, {&slice, 1}, sent, bytes.size() - sent));
  }
  rt.tls.clear_output();
  return sound;
}

void finish_writing(connection &conn) {
  if (conn.state != phase::lingering || is_blocked(conn) || conn.shut_down) {
    return;
  }
  conn.shut_down = true;
  uv_os_fd_t fd = -1;
  const bool closed = uv_fileno(reinterpret_cast<uv_handle_t *>(&conn.tcp), &fd) != 0 ||
                      ::shutdown(fd, SHUT_WR) != 0;
  // Nothing is left to wait for when the peer is gone, or when the whole server goes.
  if (closed || conn.ended || runtime_of(conn).stopping) {
    destroy(conn);
  }
}

} // namespace confabd
