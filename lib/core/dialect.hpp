// SPDX-License-Identifier: MIT
//
// What core asks of a protocol, without knowing one: understand input, encode a committed event
// once per variant, and tell the origin how its act ended. session/ implements it, one class for
// each dialect. Everything here is called with the engine's state consistent; an implementation
// changes none of it but through submits.

#pragma once

#include "core/state.hpp"

#include <string_view>

namespace confab::core {

struct world;
struct mode_batch;

// One row of an answer: what the query's kind calls for.
struct query_row {
  const user *who = nullptr;
  const channel *where = nullptr;
  const member *membership = nullptr;
  const access_entry *entry = nullptr;
  std::string_view name = {}, value = {}; // of a property
  std::uint32_t code = 0;                 // CONFAB_REFUSED_*: why there is no such row to show
  const former_user *former = nullptr;
  std::uint32_t number = 0; // from 0
};

class dialect {
public:
  dialect() = default;
  dialect(const dialect &) = delete;
  dialect &operator=(const dialect &) = delete;
  virtual ~dialect() = default;

  // CONFAB_PROTOCOL_* of the connection.
  virtual std::uint32_t protocol(const conn &c) const noexcept = 0;

  // Session data of a connection that begins to speak this dialect, and its end.
  virtual void open(conn &c) = 0;
  virtual void close(conn &c) noexcept = 0;

  // Until when the client, not yet registered, must have ended what it began; then `overdue` is
  // called, which ends it.
  virtual confab_time deadline(const conn &) const noexcept { return CONFAB_TIME_NEVER; }
  virtual void overdue(conn &) {}

  // One message from the client, framed. May throw bad_alloc.
  virtual void receive(conn &c, std::string_view message) = 0;
  // One that came as a datagram, which its sender proved to be the connection's.
  virtual void receive_datagram(conn &, std::string_view) {}
  // A message that was longer than the limit: what there is of it.
  virtual void receive_too_long(conn &c, std::string_view begin) = 0;

  // Writes the event as connections of `variant` see it into the buffer; returns the bytes, which
  // may be empty. Called once per variant, however many will get it.
  virtual std::string_view encode(std::uint16_t variant, const operation &op) = 0;
  virtual std::string_view encode_modes(std::uint16_t variant, const mode_batch &batch) = 0;

  // Sends the event as a datagram, where the client takes such in the channel of `m`, its own.
  virtual void to_datagram(conn &, const operation &, const member &) noexcept {}

  // The origin's own answers. `answered` follows a commit, `refused` a refusal that is not silent.
  virtual void answered(conn &c, const operation &op) = 0;
  virtual void refused(conn &c, const operation &op) = 0;

  // A session of the user that has just entered a channel: `op` is the JOIN, which nothing has
  // shown to this session yet.
  virtual void entered(conn &c, const operation &op, const member &m) = 0;
  // A session of the user that is about to leave it: what its PART shows was sent.
  virtual void left(conn &c, const member &m) = 0;
  // An act that did not happen is to look to its origin as if it had: what encode shows, unless the
  // protocol needs more for that.
  virtual void pretend(conn &c, const operation &op) = 0;
  // A session that was added to a user who is in the channel already.
  virtual void resumed(conn &c, const member &m) = 0;
  // The connection is now a session of its user.
  virtual void welcome(conn &c) = 0;
  // The host granted what was asked before registration: `op` says what that was, and op.answer, if
  // it is not empty, who that is ("user@domain").
  virtual void authenticated(conn &c, const operation &op) = 0;
  // The host's part of an exchange goes on: `octets` is the next message of the security package.
  virtual void challenged(conn &c, const operation &op, std::string_view octets) = 0;

  virtual void query_begin(conn &c, const operation &op) = 0;
  virtual void query_row(conn &c, const operation &op, const query_row &row) = 0;
  // The answer goes on later: what is half written must go out now.
  virtual void query_pause(conn &c, const operation &op) = 0;
  virtual void query_end(conn &c, const operation &op) = 0;

  // Something said to that one connection: as the reply of that number with its parameters (an LF
  // between them), or with number 0 as a notice. A protocol without such numbers says the text.
  virtual void told(conn &c, std::uint32_t number, std::string_view params,
                    std::string_view text) = 0;
  virtual void ping(conn &c) = 0;
  virtual void farewell(conn &c, std::string_view reason) = 0;
};

} // namespace confab::core
