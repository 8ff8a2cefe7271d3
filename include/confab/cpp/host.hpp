// SPDX-License-Identifier: MIT
//
// The host's side as base classes: derive from pull_host or push_host and override what you need.
// The default of every function is what host.h states for a null callback.
//
// An exception that leaves a callback becomes CONFAB_ERR_CALLBACK here: it never enters the
// library. From inside a callback only const functions of the engine may be called.
// A host and its engines may end in any order: an engine whose host is gone has none to call, and
// its connections break when they are sent something.
#pragma once

#include <confab/cpp/ids.hpp>
#include <confab/cpp/status.hpp>
#include <confab/host.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace confab {
inline namespace abi_0 {

class host;

namespace detail {

// What an engine knows of its host. Both know when the other ends.
class host_link {
public:
  host_link(host &target, bool owns) noexcept;
  host_link(const host_link &) = delete;
  host_link &operator=(const host_link &) = delete;
  ~host_link();

  // Null: it is gone.
  [[nodiscard]] host *target() const noexcept { return target_; }
  [[nodiscard]] bool owns() const noexcept { return owns_; }

private:
  friend class confab::host;

  host *target_;
  host_link *next_; // of the same host
  bool owns_;       // it ends with the engine
};

} // namespace detail

// What both kinds of host share. `conn_ctx` is what conn_options.ctx was.
class host {
public:
  host() = default;
  host(const host &) = delete;
  host &operator=(const host &) = delete;
  virtual ~host() {
    for (detail::host_link *link = links_; link != nullptr; link = link->next_) {
      link->target_ = nullptr;
    }
  }

  // The engine is done with a connection: close its socket. The id is dead afterwards.
  virtual confab_status close(conn_id conn, void *conn_ctx, std::string_view why) {
    (void)conn, (void)conn_ctx, (void)why;
    return CONFAB_OK;
  }

  virtual confab_status log(const confab_log_record &record) {
    (void)record;
    return CONFAB_OK;
  }

  // Override it where strangers can connect: without it the keys of hash tables are fixed, and no
  // datagrams are offered.
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

  // Sends one datagram to the peer's address of a connection, from where its
  // conn_options.datagram_address is, to that port. Override it where some connections have one.
  virtual confab_status datagram(conn_id conn, void *conn_ctx, std::uint16_t port,
                                 std::span<const std::byte> bytes) {
    (void)conn, (void)conn_ctx, (void)port, (void)bytes;
    return CONFAB_ERR_UNSUPPORTED;
  }

private:
  friend class detail::host_link;

  detail::host_link *links_ = nullptr; // of the engines that call it
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

inline host_link::host_link(host &target, bool owns) noexcept
    : target_(&target), next_(target.links_), owns_(owns) {
  target.links_ = this;
}

inline host_link::~host_link() {
  if (target_ == nullptr) {
    return;
  }
  host_link **at = &target_->links_;
  while (*at != this) {
    at = &(*at)->next_;
  }
  *at = next_;
}

// Calls the host, or answers `none` where it is gone.
template <class Call>
confab_status host_guarded(void *ctx, confab_status none, Call call) noexcept {
  host *const target = static_cast<host_link *>(ctx)->target();
  if (target == nullptr) {
    return none;
  }
  try {
    return call(*target);
  } catch (...) {
    return CONFAB_ERR_CALLBACK;
  }
}

inline confab_status CONFAB_CALL host_close(void *ctx, confab_id conn, void *conn_ctx,
                                            confab_str why) noexcept {
  return host_guarded(ctx, CONFAB_OK,
                      [&](host &self) { return self.close(conn_id(conn), conn_ctx, view(why)); });
}

inline confab_status CONFAB_CALL host_log(void *ctx, const confab_log_record *record) noexcept {
  return host_guarded(ctx, CONFAB_OK, [&](host &self) { return self.log(*record); });
}

inline confab_status CONFAB_CALL host_random(void *ctx, void *bytes, std::size_t len) noexcept {
  return host_guarded(ctx, CONFAB_ERR_UNSUPPORTED, [&](host &self) {
    return self.random({static_cast<std::byte *>(bytes), len});
  });
}

inline confab_status CONFAB_CALL host_request(void *ctx, const confab_request *request) noexcept {
  return host_guarded(ctx, CONFAB_ERR_DENIED, [&](host &self) { return self.request(*request); });
}

inline confab_status CONFAB_CALL host_clock(void *ctx, confab_time *now) noexcept {
  return host_guarded(ctx, CONFAB_ERR_UNSUPPORTED, [&](host &self) { return self.clock(*now); });
}

inline confab_status CONFAB_CALL host_datagram(void *ctx, confab_id conn, void *conn_ctx,
                                               std::uint32_t port, const void *bytes,
                                               std::size_t len) noexcept {
  return host_guarded(ctx, CONFAB_ERR_STATE, [&](host &self) {
    return self.datagram(conn_id(conn), conn_ctx, static_cast<std::uint16_t>(port),
                         {static_cast<const std::byte *>(bytes), len});
  });
}

inline confab_status CONFAB_CALL host_output_pending(void *ctx, confab_id conn,
                                                     void *conn_ctx) noexcept {
  return host_guarded(ctx, CONFAB_OK, [&](host &self) {
    return static_cast<pull_host &>(self).output_pending(conn_id(conn), conn_ctx);
  });
}

inline confab_status CONFAB_CALL host_send(void *ctx, confab_id conn, void *conn_ctx,
                                           const confab_slice *slices, std::size_t count,
                                           std::size_t *accepted) noexcept {
  return host_guarded(ctx, CONFAB_ERR_STATE, [&](host &self) {
    return static_cast<push_host &>(self).send(conn_id(conn), conn_ctx, {slices, count}, *accepted);
  });
}

inline confab_status CONFAB_CALL host_release(void *ctx) noexcept {
  auto *link = static_cast<host_link *>(ctx);
  host *const owned = link->owns() ? link->target() : nullptr;
  delete link;
  delete owned;
  return CONFAB_OK;
}

inline void host_output(confab_host &table, pull_host &) noexcept {
  table.output_pending = host_output_pending;
}
inline void host_output(confab_host &table, push_host &) noexcept { table.send = host_send; }

// The C table for a host, which has to be of one of the two kinds.
template <class Host>
confab_host host_table(host_link &link, Host &self) noexcept {
  confab_host table = confab_host_init();
  table.ctx = &link;
  table.close = host_close;
  table.log = host_log;
  table.random = host_random;
  table.request = host_request;
  table.release = host_release;
  table.datagram = host_datagram;
  host_output(table, self);
  confab_time now = 0;
  table.clock = host_clock(&link, &now) == CONFAB_OK ? host_clock : nullptr;
  return table;
}

} // namespace detail

} // namespace abi_0
} // namespace confab
