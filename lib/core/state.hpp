// SPDX-License-Identifier: MIT
//
// The nouns. A user is who; a conn is one connection, a session of that user once it is registered;
// a channel has members; a member joins one user to one channel, with its ranks. They refer to each
// other by pointer and to the outside by id. Who may change them: the commits in acts/, through
// world, and nobody else.
//
// Invariants: every member is in its channel's roster at `position` and in its user's chain once; a
// registered conn is in its user's chain; a channel without members does not exist unless it is
// REGISTERED.

#pragma once

#include "core/memory.hpp"
#include "core/operation.hpp"
#include "core/pool.hpp"
#include "core/timer.hpp"
#include "text/casemap.hpp"
#include "wire/length_framer.hpp"
#include "wire/line_framer.hpp"
#include "wire/output.hpp"

#include <confab/conn.h>
#include <confab/engine.h>
#include <confab/event.h>

#include <array>
#include <vector>

namespace confab::core {

class dialect;
struct channel;
struct member;

// What a fan-out touches of a connection, in one cache line.
struct alignas(64) conn_head : pooled {
  wire::output_queue out;
  std::uint16_t variant = 0; // which encoding of an event it gets
  bool dirty = false;
  bool closing = false;    // takes no more output
  bool siblings = false;   // further sessions of its user follow it in the chain
  bool echo = false;       // wants to see what it says itself
  bool by_channel = false; // is told of a nick and of an end once for each channel: world::told_in
  bool channel_echo = false;              // does where the channel says so: CONFAB_CMODE_ECHO
  std::uint16_t output_kilobytes_max = 0; // of its class; 0: the engine's bound
};

// One entry of a list of masks: CONFAB_LIST_*.
struct access_entry {
  owned_str mask, set_by, reason;
  std::int64_t set_s = 0;
  std::int64_t expires_s = 0; // 0: never
  std::uint8_t list = 0;
  bool by_owner = false; // only owners remove it

  void swap(access_entry &other) noexcept;
};

// All the lists of a channel, a user, the server or the network, in the order of adding. Entries
// that have expired count as gone; they go when the list is next changed or looked through.
struct access_list {
  explicit access_list(memory &from) noexcept : entries(&from) {}

  std::size_t count(std::uint32_t list) const noexcept;
  // Null when there is none; the mask is compared under the case mapping.
  access_entry *find(text::casemap map, std::uint32_t list, std::string_view mask) noexcept;
  void erase(memory &from, access_entry &entry) noexcept;
  void clear(memory &from) noexcept;

  std::pmr::vector<access_entry> entries;
};

// The acts of one origin that wait: an act that is parked, and those behind it, in order.
struct lane {
  operation *parked = nullptr;
  operation *waiting = nullptr, *waiting_end = nullptr;
  std::uint32_t waiting_count = 0;

  bool blocked() const noexcept { return parked || waiting; }
};

// A timer that knows whose it is.
struct conn_timer : timer {
  conn *owner = nullptr;
};

enum class conn_state : std::uint8_t { open, registered, closing };

// What a command costs of conn::tokens, in thousandths.
constexpr std::int64_t command_cost = 1000;

struct conn : conn_head {
  explicit conn(memory &from) noexcept : mem(&from) { clock.owner = this; }
  conn(const conn &) = delete;
  conn &operator=(const conn &) = delete;

  // What handing out looks at, in the second cache line.
  core::dialect *speaks = nullptr;
  void *ctx = nullptr;
  user *who = nullptr;
  conn *next_of_user = nullptr;
  lane acts;
  std::uint64_t bytes_out = 0;
  std::uint32_t capabilities = 0;
  conn_state state = conn_state::open;
  std::uint8_t close_kind = 0; // CONFAB_DISCONNECT_*, once it is doomed
  bool gone = false;           // its id is dead; it is freed when the flush comes by
  bool signalled = false;      // output_pending was called, and the output not yet emptied
  bool doomed = false;
  bool ping_sent = false;
  bool throttled = false;
  bool pumping = false; // its input is being read: no second loop inside

  memory *mem;
  void *session = nullptr; // the dialect's own, while it needs one
  conn *next_doomed = nullptr;
  conn *next_pump = nullptr; // its input may go on
  confab_time opened = 0, last_heard = 0, tokens_at = 0;
  confab_time waits_since = 0; // for the answer to a ping, or for the last bytes to go
  std::uint64_t bytes_in = 0;
  confab_time held_until = 0; // its next command is read then; 0: now
  conn_timer clock;
  wire::line_framer input;
  wire::length_framer frames; // its input once it is `framed`
  owned_str address;
  owned_str hostname; // empty: the address
  owned_str close_reason;
  std::int64_t tokens = 0;    // thousandths of a command; below 0: what a dear one still owes
  std::uint32_t flags = 0;    // CONFAB_CONN_*
  std::uint8_t trust = 0;     // CONFAB_TRUST_*, of the address
  std::uint8_t protocols = 0; // CONFAB_PROTOCOL_* that it may speak; 0: all
  bool pump_listed = false;
  bool framed = false;               // its messages are frames, no lines
  std::uint16_t code_page = 0;       // of its texts, where its protocol has such; 0: the usual one
  bool counted = false;              // in world::addresses
  std::uint16_t class_number = 0;    // of the service's classes, from 1; 0: of none
  std::uint16_t input_bytes_max = 0; // of its class; 0: the engine's bound
  std::uint16_t port = 0;            // the peer's; 0: not known
  std::uint16_t datagram_port = 0;   // where the host takes its datagrams; 0: nowhere
  std::array<std::uint8_t, 4> datagram_address{};

  bool may_speak(std::uint32_t protocol) const noexcept {
    return protocols == 0 || (protocols & protocol) != 0;
  }
  bool by_message() const noexcept { return (flags & CONFAB_CONN_MESSAGES) != 0; }
  std::string_view host() const noexcept {
    return hostname.empty() ? address.view() : hostname.view();
  }
};

// "nick!username@hostname" and then the real name, in one piece: the first part is the source of
// most lines, so that it is written with one copy.
struct identity {
  owned_str text;
  std::uint8_t nick_len = 0, username_len = 0, hostname_len = 0;

  std::string_view nick() const noexcept { return text.view().substr(0, nick_len); }
  std::string_view username() const noexcept {
    return text.view().substr(nick_len + 1U, username_len);
  }
  std::string_view hostname() const noexcept {
    return text.view().substr(nick_len + username_len + 2U, hostname_len);
  }
  std::string_view source() const noexcept {
    return text.view().substr(0, nick_len + username_len + hostname_len + 2U);
  }
  std::string_view realname() const noexcept { return text.view().substr(source().size()); }

  // Throws bad_alloc. The three names are at most 255 bytes each: the options see to that.
  static identity make(memory &from, std::string_view nick, std::string_view username,
                       std::string_view hostname, std::string_view realname);
  void swap(identity &other) noexcept;
};

// When somebody was told of as kept out, and of which channel.
struct knock {
  confab_time at = 0;
  confab_id where = 0;
};

// When a member may speak again in a channel with the property LAG; of so many channels at once.
struct pacing {
  struct pace {
    confab_id where = 0;
    confab_time until = 0;
  };
  std::array<pace, 4> in;
};

struct user : pooled {
  identity is;
  owned_str away;
  owned_str leave_reason;        // once it is doomed
  owned_str account;             // "name@domain", once it proved who it is
  access_list *access = nullptr; // who may speak to it; null while nobody is named
  pacing *paced = nullptr;       // null until it speaks where there is a LAG
  conn *sessions = nullptr;
  lane acts; // those it does without a connection
  user *next_doomed = nullptr;
  confab_time registered = 0, last_spoke = 0, nick_window_began = 0;
  std::array<knock, 4> knocks; // the latest, in a ring
  confab_time renamed = 0;     // when it last changed its nick
  std::uint64_t mark = 0;
  std::pmr::vector<confab_id> invites; // channels, the oldest first
  std::uint32_t memberships = none;    // the first of a chain through member::next_of_user
  std::uint32_t membership_count = 0;
  std::uint32_t modes = 0; // CONFAB_UMODE_*
  std::uint16_t session_count = 0;
  std::uint16_t nick_changes = 0; // in the window
  std::uint8_t next_knock = 0;    // its place in `knocks`
  std::uint8_t leave_kind = 0;    // CONFAB_DISCONNECT_*, once it is doomed
  bool is_away = false;
  bool doomed = false;
  bool persistent = false;   // made by the host: stays without sessions
  bool extended = false;     // its nick is none of RFC 2812: some clients write it otherwise
  bool host_claimed = false; // what others see as its host is an address that was only claimed

  static constexpr std::uint32_t none = UINT32_MAX;

  explicit user(memory &from) noexcept : invites(&from) {}

  std::string_view name() const noexcept { return is.nick(); }
};

// Forty bytes: a membership costs these and one pointer in the roster, so it names its user and its
// channel by their places in the pools. `session` saves a fan-out the step through the user.
struct member : pooled {
  conn *session = nullptr; // the first session of the user, or null
  std::uint32_t who = 0, of = 0;
  std::uint32_t next_of_user = user::none;
  std::uint32_t position = 0; // in the roster
  std::uint32_t joined_s = 0; // Unix time; good until 2106
  std::uint8_t ranks = 0;     // CONFAB_RANK_* bits
  std::uint8_t manner = 0;    // added to the variant of what it gets of this channel
  std::uint8_t refuses = 0;   // CONFAB_MEMBER_* bits, without the lowest eight
};

// Its neighbours in one of the orders of channels: directory.hpp.
struct place {
  std::uint32_t before = UINT32_MAX, after = UINT32_MAX;
};

// How a REGISTERED channel stands, as bits: what the administration says of it besides its modes.
enum channel_standing : std::uint8_t {
  standing_autostart = 1,    // it is there, and listed, before anybody comes
  standing_operator_owns = 2 // operators of the server enter it as owners
};

struct channel : pooled {
  owned_str title; // the name as its creator wrote it
  owned_str topic, topic_by, key;
  std::int64_t topic_s = 0, created_s = 0;
  std::pmr::vector<member *> roster;
  access_list access;
  std::uint64_t modes = 0; // 1 << CONFAB_CMODE_*, or << an added mode's number
  std::uint32_t limit = 0;
  std::uint8_t lag_s = 0;    // a member waits so long after each message: its property LAG
  std::uint8_t standing = 0; // channel_standing
  std::uint32_t marks = 0;   // what a dialect keeps of it for its own clients

  // Where it is filed: the directory's own.
  std::array<place, 4> places;
  std::int64_t filed_created_s = 0, filed_topic_s = 0;
  std::uint8_t crowd = 0;
  bool filed_registered = false;

  explicit channel(memory &from) noexcept : roster(&from), access(from) {}

  std::string_view name() const noexcept { return title.view(); }
  bool has(std::uint32_t mode) const noexcept { return modes >> mode & 1U; }
};

// Somebody who left: for WHOWAS.
struct former_user {
  identity was;
  std::int64_t left_s = 0;
};

} // namespace confab::core
