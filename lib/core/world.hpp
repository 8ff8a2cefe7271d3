// SPDX-License-Identifier: MIT
//
// The state of one engine: who is there, in which channels, what they have still to be sent, and
// the few services that acts need: look-ups, time, delivery, dooming. There is one world per engine
// and nothing outside it. It changes in commits (acts/) and nowhere else; the bus drives it through
// `pipeline`.

#pragma once

#include "core/added.hpp"
#include "core/auth_memory.hpp"
#include "core/dialect.hpp"
#include "core/directory.hpp"
#include "core/modes.hpp"
#include "core/name_index.hpp"
#include "core/service/addresses.hpp"
#include "core/state.hpp"
#include "core/timer.hpp"
#include "core/witness.hpp"

#include <confab/engine.h>
#include <confab/host.h>

#include <array>
#include <optional>

namespace confab::core {

struct service_config;

// What core needs of the bus, which is built on it.
class pipeline {
public:
  pipeline() = default;
  pipeline(const pipeline &) = delete;
  pipeline &operator=(const pipeline &) = delete;
  virtual ~pipeline() = default;

  // Puts an act on its way: it runs now, or behind what the origin still waits for. May throw
  // bad_alloc.
  virtual void submit(operation &&op) = 0;
  // Asks OBSERVE-only handlers of something that has happened and cannot be refused.
  virtual void notify(event_box event) noexcept = 0;
  // Asks the filters of a row; false leaves it out.
  virtual bool row_allowed(const operation &op, const query_row &row) = 0;
  // Shows raw output to its handlers; may rewrite it. False drops it.
  virtual bool line_out(conn &c, std::string_view &bytes) noexcept = 0;
  virtual bool wants(std::uint16_t type) const noexcept = 0;
  // The instance of a plugin that takes what clients say to it, and who may; 0: there is none.
  virtual confab_id find_plugin(std::string_view name, std::uint32_t &permission) noexcept = 0;
  // Does what an added command does, or tells a plugin. A negative status: it failed;
  // CONFAB_ERR_STALE_ID: it is not there any more.
  virtual confab_status run_command(const operation &op) noexcept = 0;
  // The channel is about to go: acts about it that wait for a handler wait for nothing now.
  virtual void channel_gone(confab_id channel) noexcept = 0;
};

// The texts and numbers that the engine was configured with; texts are owned.
struct settings {
  confab_engine_options values{};
  std::array<owned_str, 10> texts;
};

struct world {
  world(memory &from, settings &&with, text::hash_key key, const confab_host &host);
  world(const world &) = delete;
  world &operator=(const world &) = delete;
  ~world();

  // --- names and ids
  // -------------------------------------------------------------------------------
  user *find_user(std::string_view nick) const noexcept { return user_names.find(nick); }
  channel *find_channel(std::string_view name) const noexcept { return channel_names.find(name); }
  member *find_member(const user &who, const channel &where) noexcept;
  user &user_of(const member &m) noexcept { return users.at(m.who); }
  channel &channel_of(const member &m) noexcept { return channels.at(m.of); }
  member *first_membership(const user &who) noexcept;
  member *next_membership(const member &m) noexcept;
  static confab_id id(const conn &c) noexcept { return pool<conn, CONFAB_KIND_CONN>::id(c); }
  static confab_id id(const user &u) noexcept { return pool<user, CONFAB_KIND_USER>::id(u); }
  static confab_id id(const channel &c) noexcept {
    return pool<channel, CONFAB_KIND_CHANNEL>::id(c);
  }
  static confab_id id(const member &m) noexcept { return pool<member, CONFAB_KIND_MEMBER>::id(m); }

  // --- settings and time
  // ---------------------------------------------------------------------------
  const confab_engine_options &limits() const noexcept { return set.values; }
  std::string_view server_name() const noexcept { return view(set.values.server_name); }
  text::casemap casemap() const noexcept { return static_cast<text::casemap>(set.values.casemap); }
  // Is the host asked about a password, the one that was sent or its absence, before somebody
  // registers?
  bool asks_password(std::string_view sent) const noexcept {
    const std::uint32_t flags = limits().flags;
    return (flags & CONFAB_ENGINE_PASSWORD_REQUIRED) != 0 ||
           (!sent.empty() && (flags & CONFAB_ENGINE_NO_PASSWORDS) == 0);
  }
  // What is remembered of failed proofs, and whether one from the connection is not judged now.
  auth_memory::bounds proof_bounds() const noexcept {
    const confab_engine_options &o = limits();
    return {o.auth_failures_max, o.auth_window_ms * confab_time{1'000'000},
            o.auth_suspension_ms * confab_time{1'000'000}, o.auth_addresses_max};
  }
  bool proofs_suspended(const conn &c) const noexcept {
    return failed_proofs.suspended(proof_bounds(), prover(c), now);
  }
  static auth_memory::whom prover(const conn &c) noexcept {
    return {c.address.view(), c.trust == CONFAB_TRUST_CLAIMED};
  }
  std::int64_t unix_ns() const noexcept { return unix_ns_of(now); }
  std::int64_t unix_ns_of(confab_time at) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(unix_offset) + at);
  }
  std::int64_t unix_s() const noexcept { return unix_ns() / 1'000'000'000; }

  // --- delivery: none of these can fail; a connection that cannot be served is doomed
  // --------------
  void send(conn &c, std::string_view bytes) noexcept;
  void to_channel(const operation &op, channel &where, const audience &whom) noexcept;
  // As datagrams, to those of them who take such.
  void to_datagrams(const operation &op, channel &where, const audience &whom) noexcept;
  // One datagram to the connection's client, at that port.
  void send_datagram(conn &c, std::uint16_t port, std::string_view frame) noexcept;
  // One member, as something of that channel.
  void to_member(const operation &op, const member &m, const conn *except) noexcept;
  // `manner`: of its membership, where it is shown something of a channel that it is in.
  void to_conn(const operation &op, conn &c, std::uint8_t manner = 0) noexcept;
  void to_user(const operation &op, user &who, const conn *except) noexcept;
  // Everybody who shares a channel with the user and sees it there, once, or once for each of them
  // (conn::by_channel); the user too when `self`.
  void to_peers(const operation &op, user &who, bool self) noexcept;
  void to_users_with_mode(const operation &op, std::uint32_t mode) noexcept;
  // Mode changes of one command go out as one: see mode_batch.
  void flush_modes() noexcept;

  // --- ends
  // ---------------------------------------------------------------------------------------- Ends a
  // connection after the current act, for the first reason that was given.
  void doom(conn &c, std::uint32_t kind, std::string_view reason) noexcept;
  // Tells observers that a connection met a bound: CONFAB_LIMIT_*.
  void tell_limit(const conn &c, std::uint32_t limit) noexcept;
  void doom_sessions(user &who, std::uint32_t kind, std::string_view reason) noexcept;
  // The same of a user without connections.
  void doom(user &who, std::uint32_t kind, std::string_view reason) noexcept;
  // The most that may wait for the connection.
  std::size_t output_max(const conn &c) const noexcept {
    return c.output_kilobytes_max != 0 ? c.output_kilobytes_max * std::size_t{1024}
                                       : limits().output_backlog_bytes_max;
  }
  std::size_t input_max(const conn &c) const noexcept {
    return c.input_bytes_max != 0 ? c.input_bytes_max : limits().input_backlog_bytes_max;
  }
  // Lets the driver read on from a connection whose input had to wait.
  void list_pump(conn &c) noexcept;
  // A user, channel or member ends: what hangs on it goes, and its number.
  void object_gone(confab_id object) noexcept {
    added.object_gone(object);
    if (numbered)
      numbered->gone(object);
  }
  // Lets the next flush look at the connection.
  void list_dirty(conn &c) noexcept;
  // The connection's next command waits so long, and what it sends meanwhile is kept unread.
  void hold(conn &c, std::uint32_t wait_ms) noexcept;

  void log(std::uint32_t level, std::string_view event, std::string_view text, confab_id conn_id,
           confab_id subject) const noexcept;

  memory &mem;
  settings set;
  confab_host host;
  pipeline *bus = nullptr;
  mourner *numbered = nullptr; // null while no dialect numbers objects
  witness *follower = nullptr; // null while nobody wants to follow

  pool<conn, CONFAB_KIND_CONN> conns;
  pool<user, CONFAB_KIND_USER> users;
  pool<channel, CONFAB_KIND_CHANNEL> channels;
  pool<member, CONFAB_KIND_MEMBER> members;
  name_index<user> user_names;
  name_index<channel> channel_names;
  directory listing{channels};          // channels by what questions for many of them bound
  std::pmr::vector<former_user> whowas; // a ring
  std::size_t whowas_next = 0;
  wire::block_store blocks;
  timer_wheel timers;
  mode_batch modes;
  registry added;
  access_list server_access, network_access; // who may register
  std::uint32_t user_lists = 0;              // users with an access list of their own
  service_config *service = nullptr;         // null: nothing was configured
  address_counts addresses;                  // of connections, while a class bounds them
  bool counts_addresses = false;
  auth_memory failed_proofs;

  confab_time now;
  std::int64_t unix_offset;
  std::uint64_t seq = 0;
  std::uint64_t mark = 0; // of the last fan-out that must not reach anybody twice

  // Have output to hand out, each once. Room for all is made when they open: listing cannot fail.
  std::pmr::vector<conn *> dirty;
  conn *pump_list = nullptr;               // may go on with input that had to wait
  conn *doomed_conns = nullptr;            // end after the current act
  user *doomed_users = nullptr;            // the same, of users without connections
  std::uint64_t default_channel_modes = 0; // 1 << CONFAB_CMODE_*
  std::uint32_t default_user_modes = 0;    // CONFAB_UMODE_*
  const member *told_in = nullptr; // while to_peers tells a channel: whose membership is spoken of
  std::uint32_t by_channel = 0;    // connections that are told so
  bool out_of_memory = false;      // since the drive call began
  bool defect = false;             // something was thrown that never should be
  // Whose raw output somebody may want: a bit for each last six bits of their index.
  std::uint64_t watch_output = 0;

  confab_engine_stats counters{};

private:
  struct cached {
    std::uint64_t epoch = 0;
    wire::range bytes;
    bool failed = false;
  };
  static constexpr std::size_t variants_max = 1024;

  void begin() noexcept;
  template <class Encode>
  void deliver(conn &c, std::uint8_t manner, Encode &&encode) noexcept;
  void push(conn &c, wire::range bytes) noexcept;
  void to_each_channel(const operation &op, user &who, bool self) noexcept;
  // Calls `each` for every connection of that audience, with its member.
  template <class Each>
  void each_listener(channel &where, const audience &whom, Each &&each) noexcept;
  template <class Encode>
  void to_roster(channel &where, const audience &whom, Encode &&encode) noexcept;
  template <class Encode>
  void to_sessions(user &who, const conn *except, std::uint8_t manner, Encode &&encode) noexcept;

  std::array<cached, variants_max> encoded_;
  std::uint64_t epoch_ = 0;
};

} // namespace confab::core
