// SPDX-License-Identifier: MIT
//
// The host's side as base classes: derive from pull_host or push_host and override what you need.
// The default of every function is what host.h states for a null callback.
//
// An exception that leaves a callback becomes CONFAB_ERR_CALLBACK here: it never enters the
// library. From inside a callback only const functions of the engine may be called.
#pragma once

#include <confab/cpp/ids.hpp>
#include <confab/cpp/status.hpp>
#include <confab/host.h>

#include <cstddef>
#include <span>

namespace confab {
inline namespace abi_0 {

// What both kinds of host share. `conn_ctx` is what conn_options.ctx was.
class host {
public:
  host() = default;
  host(const host &) = delete;
  host &operator=(const host &) = delete;
  virtual ~host() = default;

  // The engine is done with a connection: close its socket. The id is dead afterwards.
  virtual confab_status close(conn_id conn, void *conn_ctx, std::string_view why) {
    (void)conn, (void)conn_ctx, (void)why;
    return CONFAB_OK;
  }

  virtual confab_status log(const confab_log_record &record) {
    (void)record;
    return CONFAB_OK;
  }

  // Override it where strangers can connect: without it the keys of hash tables are fixed.
  virtual confab_status random(std::span<std::byte> bytes) {
    (void)bytes;
    return CONFAB_ERR_UNSUPPORTED;
  }

  virtual confab_status request(const confab_request &request) {
    return request.kind == CONFAB_REQUEST_PASSWORD ? CONFAB_OK : CONFAB_ERR_DENIED;
  }

  // Puts the time on a monotonic clock into `now`, to measure handlers. Override it to have them
  // measured; a host that answers an error when the engine is made has none.
  virtual confab_status clock(confab_time &now) {
    (void)now;
    return CONFAB_ERR_UNSUPPORTED;
  }
};

// Takes output when it likes, with engine::output and engine::sent.
class pull_host : public host {
public:
  // engine::output has something that it had not before.
  virtual confab_status output_pending(conn_id conn, void *conn_ctx) {
    (void)conn, (void)conn_ctx;
    return CONFAB_OK;
  }
};

// Is given output, once per connection and flush.
class push_host : public host {
public:
  // Writes to the socket and puts into `accepted` how many bytes it took; engine::writable asks for
  // the rest. A negative status: the connection is broken. With CONFAB_CONN_MESSAGES each slice is
  // one message, and only whole ones may be accepted.
  virtual confab_status send(conn_id conn, void *conn_ctx, std::span<const confab_slice> slices,
                             std::size_t &accepted) = 0;
};

namespace detail {

template <class Call>
confab_status host_guarded(Call call) noexcept {
  try {
    return call();
  } catch (...) {
    return CONFAB_ERR_CALLBACK;
  }
}

inline confab_status CONFAB_CALL host_close(void *ctx, confab_id conn, void *conn_ctx,
                                            confab_str why) noexcept {
  return host_guarded(
      [&] { return static_cast<host *>(ctx)->close(conn_id(conn), conn_ctx, view(why)); });
}

inline confab_status CONFAB_CALL host_log(void *ctx, const confab_log_record *record) noexcept {
  return host_guarded([&] { return static_cast<host *>(ctx)->log(*record); });
}

inline confab_status CONFAB_CALL host_random(void *ctx, void *bytes, std::size_t len) noexcept {
  return host_guarded([&] {
    return static_cast<host *>(ctx)->random({static_cast<std::byte *>(bytes), len});
  });
}

inline confab_status CONFAB_CALL host_request(void *ctx, const confab_request *request) noexcept {
  return host_guarded([&] { return static_cast<host *>(ctx)->request(*request); });
}

inline confab_status CONFAB_CALL host_clock(void *ctx, confab_time *now) noexcept {
  return host_guarded([&] { return static_cast<host *>(ctx)->clock(*now); });
}

inline confab_status CONFAB_CALL host_output_pending(void *ctx, confab_id conn,
                                                     void *conn_ctx) noexcept {
  return host_guarded([&] {
    auto &self = static_cast<pull_host &>(*static_cast<host *>(ctx));
    return self.output_pending(conn_id(conn), conn_ctx);
  });
}

inline confab_status CONFAB_CALL host_send(void *ctx, confab_id conn, void *conn_ctx,
                                           const confab_slice *slices, std::size_t count,
                                           std::size_t *accepted) noexcept {
  return host_guarded([&] {
    auto &self = static_cast<push_host &>(*static_cast<host *>(ctx));
    return self.send(conn_id(conn), conn_ctx, {slices, count}, *accepted);
  });
}

inline confab_status CONFAB_CALL host_delete(void *ctx) noexcept {
  delete static_cast<host *>(ctx);
  return CONFAB_OK;
}

// The C table for a host. `ctx` is always the common base, whatever the host derives from besides.
inline confab_host host_table(host &self) noexcept {
  confab_host table = confab_host_init();
  table.ctx = &self;
  table.close = host_close;
  table.log = host_log;
  table.random = host_random;
  table.request = host_request;
  confab_time now = 0;
  table.clock = host_clock(&self, &now) == CONFAB_OK ? host_clock : nullptr;
  return table;
}

inline confab_host host_table(pull_host &self) noexcept {
  confab_host table = host_table(static_cast<host &>(self));
  table.output_pending = host_output_pending;
  return table;
}

inline confab_host host_table(push_host &self) noexcept {
  confab_host table = host_table(static_cast<host &>(self));
  table.send = host_send;
  return table;
}

} // namespace detail

} // namespace abi_0
} // namespace confab
