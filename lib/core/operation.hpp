// SPDX-License-Identifier: MIT
//
// An operation: one act on its way through gate, filters and commit, as an object that can be
// parked. While it runs at once its texts are views of whatever the caller has; `own` makes them
// its own, before it waits. The event inside is the struct that handlers see. What each act means
// is in acts/; how it moves is the bus's pipeline.

#pragma once

#include "core/memory.hpp"

#include <confab/event.h>

#include <array>
#include <span>

namespace confab::core {

struct conn;
struct user;

// No event: something that one connection is told, while it waits for its turn.
struct event_reply {
  confab_event head;
  confab_id conn;
  std::uint32_t number; // of a numeric, or 0
  std::uint32_t reserved0;
  confab_str params; // an LF between them
  confab_str text;
};

// Room for any core event.
union event_box {
  confab_event head;
  confab_event_connect connect;
  confab_event_register registration;
  confab_event_authenticate authenticate;
  confab_event_disconnect disconnect;
  confab_event_nick nick;
  confab_event_user_change user_change;
  confab_event_message message;
  confab_event_join join;
  confab_event_part part;
  confab_event_kick kick;
  confab_event_invite invite;
  confab_event_topic topic;
  confab_event_member_change member_change;
  confab_event_channel channel;
  confab_event_channel_change channel_change;
  confab_event_access access;
  confab_event_kill kill;
  confab_event_oper oper;
  confab_event_query query;
  confab_event_line line;
  confab_event_rate_limit rate_limit;
  confab_event_admin admin;
  confab_event_hook_failed hook_failed;
  confab_event_hook_state hook_state;
  confab_event_hook_shadow hook_shadow;
  confab_event_command command;
  confab_event_property property;
  confab_event_plugin plugin;
  confab_event_custom custom;
  confab_event_knock knock;
  confab_event_redirect redirect;
  event_reply reply;
};

// The row of the tables of event types that a head belongs to: all leased spaces share the last.
constexpr std::uint16_t custom_row = CONFAB_EVENT_TYPE_END;
constexpr std::uint16_t event_rows = CONFAB_EVENT_TYPE_END + 1;
constexpr std::uint16_t row_of(const confab_event &head) noexcept {
  return head.space == 0 ? head.type : custom_row;
}

// One text member of an event struct.
struct event_field {
  std::uint16_t field;  // CONFAB_FIELD_*, or 0: not settable
  std::uint16_t offset; // of the confab_str
  // Offsets of the ids that this name stands for: a new name has none yet. 0: no id.
  std::uint16_t ids[2] = {0, 0};
};

// One number of an event struct that a filter may set.
struct event_number {
  std::uint16_t field; // CONFAB_FIELD_*
  std::uint16_t offset;
  std::uint16_t bytes; // 4 or 8
};

// What is known of an event type: its size, its members, whether it can be refused or submitted.
struct event_info {
  std::uint32_t size;
  std::uint32_t flags; // CONFAB_EVENT_FINAL
  bool submittable;
  std::span<const event_field> fields;
  std::span<const std::uint16_t> ids; // offsets of what a hook's scope may name
  std::span<const event_number> numbers = {};

  // Most members that can be set in one event: their changes are attributed one by one.
  static constexpr std::size_t settable_max = 8;
};

// The row of the one table of event types; row < event_rows.
const event_info &info_of_row(std::uint16_t row) noexcept;
inline const event_info &info_of(const confab_event &head) noexcept {
  return info_of_row(row_of(head));
}

inline confab_str &field_of(event_box &event, const event_field &field) noexcept {
  return *reinterpret_cast<confab_str *>(reinterpret_cast<std::byte *>(&event) + field.offset);
}
inline const confab_str &field_of(const event_box &event, const event_field &field) noexcept {
  return field_of(const_cast<event_box &>(event), field);
}

inline confab_id &id_of(event_box &event, std::uint16_t offset) noexcept {
  return *reinterpret_cast<confab_id *>(reinterpret_cast<std::byte *>(&event) + offset);
}
inline confab_id id_of(const event_box &event, std::uint16_t offset) noexcept {
  return id_of(const_cast<event_box &>(event), offset);
}

// The settable member, or null.
const event_field *find_field(const event_box &event, std::uint32_t field) noexcept;
const event_number *find_number(const event_box &event, std::uint32_t field) noexcept;

// An event of that core type, with nothing but its head filled in.
event_box make_event(std::uint16_t type) noexcept;

// What a question asks for, beyond the event's own members. Views, as in the event.
struct query_terms {
  // Of LIST, mask, topic, subject and language are several masks with an LF between them: all must
  // match.
  std::string_view mask;     // names must match; empty: all
  std::string_view not_mask; // names must not match
  std::uint32_t members_min = 0, members_max = UINT32_MAX;
  std::int64_t created_after = INT64_MIN, created_before = INT64_MAX;
  std::int64_t topic_after = INT64_MIN, topic_before = INT64_MAX;
  std::uint32_t rows_max = UINT32_MAX;
  std::string_view topic, subject, language; // masks; empty: all
  std::uint32_t list = 0;                    // CONFAB_LIST_* of an ACCESS query, or ALL
  std::uint32_t subject_kind = 0;            // CONFAB_ACCESS_* of an ACCESS query
  std::uint8_t registered = 0;               // 1: only those, 2: only others
  bool with_private = false; // private channels are rows too, of which little is shown
  bool operators_only = false;
  bool first = true, last = true; // of several questions in one command
};

// Why an act did not happen.
struct refusal {
  std::uint32_t code = CONFAB_REFUSED_NONE;
  std::uint32_t visibility = 0; // CONFAB_DENIAL_*
  confab_id hook = 0;           // the filter, or 0: the core's own rule
  owned_str text;               // the filter's or host's words, or empty
};

enum class phase : std::uint8_t { gate, judge, judge_extra, ask, commit };

// An event as it was before the first rewrite, and who last rewrote which of its members: texts
// first, then numbers, in the order of the table.
struct rewriting {
  event_box before;
  std::array<confab_id, event_info::settable_max> by{};
};

// The chain that led to an act, the nearest first. Its links follow it in memory.
struct cause_link {
  std::uint64_t seq;
  confab_id hook;
  std::uint32_t type;
};
struct alignas(cause_link) cause_chain {
  std::uint32_t count;
  cause_link *links() noexcept { return reinterpret_cast<cause_link *>(this + 1); }
};

// Where judging stopped when an act began to wait, and how it goes on.
struct judging {
  enum class how : std::uint8_t {
    fresh,     // from the first handler
    passed,    // behind the one that deferred
    denied,    // it said no, or its policy did: who may lift that is asked first
    rewritten, // from the first, but for the one that rewrote; and the gate checks again
  };
  std::uint64_t order = 0; // of the hook that deferred
  std::int16_t priority = 0;
  how goes_on = how::fresh;
  std::uint8_t deferrals = 0; // so far
  std::uint8_t outcome = 0;   // CONFAB_OUTCOME_* if the denial stays
};

// Texts that an operation owns: each follows its header in one allocation.
struct text_chunk {
  text_chunk *next;
  std::size_t bytes;
};

struct operation {
  explicit operation(memory &from) noexcept : mem(&from) {}
  operation(operation &&other) noexcept;
  operation(const operation &) = delete;
  operation &operator=(const operation &) = delete;
  ~operation();

  // The row of its event's type.
  std::uint16_t type() const noexcept { return row_of(event.head); }
  // A denial that was lifted stays on record, and refuses nothing.
  bool refused() const noexcept { return why.code != CONFAB_REFUSED_NONE && lifted_by == 0; }

  // Copies `text` into memory of the operation. Throws bad_alloc.
  std::string_view keep(std::string_view text);
  // Makes every view the operation's own, before each wait: names that a gate looked up are views
  // of what may go meanwhile. Throws bad_alloc; what was copied so far stays usable.
  void own();
  // Makes room to attribute a rewrite of `event`, its own event. Throws bad_alloc.
  rewriting &begin_rewrite();
  // Records that the act was caused by `link`, and by what caused that. Throws bad_alloc.
  void caused_by(const cause_link &link, const cause_chain *before);

  memory *mem;
  event_box event{};
  rewriting *rewritten = nullptr;
  cause_chain *causes = nullptr;
  event_box *extra = nullptr; // a second event that must pass too: the channel that a join opens
  query_terms terms;
  std::string_view secret;  // a password for the host alone
  std::string_view answer;  // the host's text, where it granted or goes on: an identity, or octets
  std::string_view account; // of a REGISTER: who it proved to be, where that is known
  conn *origin = nullptr;   // valid while it is not parked; found again by id on resume
  user *actor = nullptr;
  refusal why;
  confab_id lifted_by = 0; // the hook that overrode a denial
  owned_str lift_reason;
  confab_id waits_for = 0; // the host's open question or a handler's token, while it waits for that
  confab_time waits_until = 0; // its commit is for then; 0: for now
  std::uint64_t cursor = 0;    // where a long answer goes on
  std::uint32_t rows = 0;      // it has had so far
  judging judged;
  phase at = phase::gate;
  // What its client sent, and which of its messages that was, for the codec that made an act of it:
  // to say what a refusal is about, and to read the rest of a question.
  std::string_view request;
  std::uint32_t request_number = 0;
  // In which of its protocol's ways it was said, where there are several: for dialects alone.
  std::uint8_t manner = 0;
  std::uint8_t member_manner = 0;   // of a JOIN: member::manner
  std::string_view redirected_from; // the name that a JOIN asked for, when it led to a clone
  bool strict = false;              // what changes nothing is refused, where else it is passed over
  bool made = false;                // its commit made the channel that it names
  bool proven = false;              // of a REGISTER: the host vouches for it
  bool shown = false;               // of a TOPIC: its origin saw it with the channel that it made
  bool granted = false;             // the host said yes
  bool unfinished = false;          // and its package has more to say: `answer`
  bool begun = false;               // a long answer has begun
  bool truncated = false;           // and there is more than it may have rows
  bool resumed = false;             // it waited: what the gate checked may no longer hold
  operation *next = nullptr;        // in the queue it waits in

private:
  bool holds(std::string_view text) const noexcept;
  void drop_texts() noexcept;
  text_chunk *texts_ = nullptr;
};

} // namespace confab::core
