// SPDX-License-Identifier: MIT
//
// What the parts of the running server share: the loop, the engine, the log, the gate, TLS, and the
// lists of connections that wait for something. It has no behaviour of its own; server.cpp owns the
// one there is and drives it.
#pragma once

#include "admission.hpp"
#include "host_clock.hpp"
#include "log.hpp"
#include "tls.hpp"

#include <confab/confab.h>

#include <uv.h>

#include <memory>
#include <span>

namespace confabd {

// A place in a doubly linked list; out of any list, it points at itself.
struct list_node {
  list_node *before = this;
  list_node *after = this;

  list_node() = default;
  list_node(const list_node &) = delete;
  list_node &operator=(const list_node &) = delete;
  ~list_node() { unlink(); }

  bool linked() const noexcept { return after != this; }

  void unlink() noexcept {
    before->after = after;
    after->before = before;
    before = after = this;
  }

  // Puts itself at the end of the list that `head` begins.
  void link_to(list_node &head) noexcept {
    unlink();
    before = head.before;
    after = &head;
    before->after = this;
    head.before = this;
  }
};

inline constexpr std::size_t read_bytes_max = 64 * 1024;

struct runtime {
  runtime(uv_loop_t *uv_loop, logger &server_log, std::uint64_t hash_key, const clock_options &time)
      : loop(uv_loop), log(server_log), gate(hash_key), clock(time),
        read_buffer(std::make_unique<char[]>(read_bytes_max)),
        plain_buffer(std::make_unique<char[]>(plain_bytes)) {}

  // Enough for the plain text of one read and of a record that was unfinished before it.
  static constexpr std::size_t plain_bytes = read_bytes_max + tls_engine::record_bytes_max;

  uv_loop_t *loop;
  confab_engine *engine = nullptr;
  logger &log;
  admission gate;
  tls_engine tls;
  host_clock clock;
  connection_options limits;
  std::uint32_t sockets_max = 0; // limits.max, or what the process may open

  // Every connection in the first two lists waits as long as the others in it: the oldest comes
  // first.
  list_node opening;   // before the engine knows them: PROXY header, TLS handshake
  list_node lingering; // after the engine is done with them
  list_node paused;    // the engine takes no input at present

  // One buffer for all reads and one for all decrypted text: connections keep nothing while idle.
  std::unique_ptr<char[]> read_buffer;
  std::unique_ptr<char[]> plain_buffer;

  bool stopping = false;
  bool service_changed = false;      // a registered channel is not as it was saved
  confab_status failure = CONFAB_OK; // the engine's first fatal status: the server must end

  // Refused connections are logged up to a number each second, so that refusing stays cheap.
  std::uint64_t refusals_second = 0;
  std::uint32_t refusals_logged = 0;
  std::uint32_t refusals_hidden = 0;

  // Looks at the status of every call on the engine. What is not fatal is about one connection,
  // which the engine closes itself, or about an id that died meanwhile: there is nothing to do.
  void note(confab_status status) noexcept {
    if (confab_is_fatal(status) && failure == CONFAB_OK) {
      failure = status;
    }
  }

  std::uint64_t loop_ms() const noexcept { return uv_now(loop); }
  confab_time now() const noexcept { return clock.engine_time(loop_ms()); }
};

inline confab_str to_str(std::string_view text) noexcept {
  return confab_str_make(text.data(), text.size());
}

inline std::string_view to_view(confab_str text) noexcept {
  return text.len == 0 ? std::string_view() : std::string_view(text.ptr, text.len);
}

} // namespace confabd
