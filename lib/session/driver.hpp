// SPDX-License-Identifier: MIT
//
// One engine, put together and driven: connections are opened, fed, flushed and closed here, and
// time passes here. Framing and throttling lie between the host's bytes and a dialect; handing out
// between the queues and the host. The C ABI above adds checks of arguments and nothing else.

#pragma once

#include "bus/bus.hpp"
#include "session/intake.hpp"
#include "session/irc/dialect.hpp"
#include "session/mic/dialect.hpp"
#include "session/opening.hpp"

#include <confab/hook.h>

#include <span>

namespace confab::session {

// What the host tells of a new connection.
struct conn_terms {
  std::uint32_t flags = 0, trust = 0;
  void *ctx = nullptr;
  std::string_view address, hostname;
  std::uint32_t protocols = 0; // CONFAB_PROTOCOL_* that it may speak; 0: all
  std::uint32_t code_page = 0; // 0: the usual one
  std::uint32_t port = 0;      // the peer's; 0: not known
  std::array<std::uint8_t, 4> datagram_address{};
  std::uint16_t datagram_port = 0; // 0: it is offered none
};

class driver {
public:
  driver(core::memory &from, core::settings &&with, text::hash_key key, const confab_host &host);
  driver(const driver &) = delete;
  driver &operator=(const driver &) = delete;
  ~driver();

  confab_status open(const conn_terms &terms, confab_time now, confab_id &out);
  confab_status feed(core::conn &c, confab_time now, std::string_view bytes, std::size_t &consumed);
  // One datagram, of nobody knows whom: it is dropped if it does not prove that.
  confab_status datagram(confab_time now, std::string_view address, std::string_view bytes);
  bool input_wanted(const core::conn &c) const noexcept;
  // Fills in what waits to be sent, as far as it has room for; how many slices that took.
  static std::size_t show(const core::conn &c, std::span<confab_slice> slices) noexcept;
  confab_status sent(core::conn &c, std::size_t bytes);
  confab_status writable(core::conn &c);
  confab_status close(core::conn &c, confab_time now, std::string_view why);
  confab_status closed(core::conn &c, confab_time now, std::string_view why);
  confab_status attach(core::conn &c, confab_time now, core::user &who);
  confab_status tick(confab_time now);
  confab_status flush();
  confab_time deadline() const noexcept;
  // Everybody is told that it is over; nothing is sent any more.
  void shut() noexcept;

  // Every drive call ends with this: runs what waits, and says what went wrong meanwhile.
  confab_status finish() noexcept;
  bool advance(confab_time now) noexcept;

  core::world w;
  bus::bus bus;

private:
  bool room_for(core::conn &c, std::size_t message_bytes) noexcept;
  void end_flood(core::conn &c) noexcept;
  bool backed_up(const core::conn &c) const noexcept;
  void pump(core::conn &c, std::string_view &fresh) noexcept;
  bool take_token(core::conn &c) noexcept;
  void refill_tokens(core::conn &c) noexcept;
  bool may_send_datagram(core::conn &c) noexcept;
  void handle(core::conn &c, intake::got got, std::string_view message);
  void on_clock(core::conn &c) noexcept;
  confab_time due(const core::conn &c) const noexcept;
  void arm(core::conn &c) noexcept;
  void hand_out(core::conn &c) noexcept;
  void push_out(core::conn &c) noexcept;
  void consumed(core::conn &c, std::uint32_t queued, std::size_t bytes) noexcept;
  void finish_close(core::conn &c) noexcept;
  void remove(core::conn &c) noexcept;
  void unlink_pump(core::conn &c) noexcept;

  irc_dialect irc_;
  mic_dialect mic_;
  opening_dialect opening_;
  std::pmr::vector<core::conn *> handing_out_; // the flush's own turn
};

} // namespace confab::session
