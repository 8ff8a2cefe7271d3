// SPDX-License-Identifier: MIT
//
// An operation: one act on its way through gate, filters and commit, as an object that can be
// parked. While it runs at once its texts are views of whatever the caller has; `own` makes them
// its own, before it waits. The event inside is the struct that handlers see. What each act means
// is in acts/; how it moves is the bus's pipeline.

#pragma once

#include "core/memory.hpp"

#include <confab/event.h>

#include <span>

namespace confab::core {

struct conn;
struct user;

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
};

// One text member of an event struct.
struct event_field {
  std::uint16_t field;  // CONFAB_FIELD_*, or 0: not settable
  std::uint16_t offset; // of the confab_str
};

// What is known of an event type: its size, its texts, and whether it can be refused or submitted.
struct event_info {
  std::uint32_t size;
  std::uint32_t flags; // CONFAB_EVENT_FINAL
  bool submittable;
  std::span<const event_field> fields;
  std::span<const std::uint16_t> ids; // offsets of what a hook's scope may name
};

// The row of the one table of event types; type < CONFAB_EVENT_TYPE_END.
const event_info &info_of(std::uint16_t type) noexcept;

inline confab_str &field_of(event_box &event, const event_field &field) noexcept {
  return *reinterpret_cast<confab_str *>(reinterpret_cast<std::byte *>(&event) + field.offset);
}
inline const confab_str &field_of(const event_box &event, const event_field &field) noexcept {
  return field_of(const_cast<event_box &>(event), field);
}

inline confab_id id_of(const event_box &event, std::uint16_t offset) noexcept {
  return *reinterpret_cast<const confab_id *>(reinterpret_cast<const std::byte *>(&event) + offset);
}

// An event of that type, with nothing but its head filled in.
event_box make_event(std::uint16_t type) noexcept;

// What a question asks for, beyond the event's own members. Views, as in the event.
struct query_terms {
  std::string_view mask;     // names must match; empty: all
  std::string_view not_mask; // names must not match
  std::uint32_t members_min = 0, members_max = UINT32_MAX;
  std::int64_t created_after = INT64_MIN, created_before = INT64_MAX;
  std::int64_t topic_after = INT64_MIN, topic_before = INT64_MAX;
  std::uint32_t rows_max = UINT32_MAX;
  std::uint32_t list = 0; // CONFAB_LIST_* of an ACCESS query
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

  std::uint16_t type() const noexcept { return event.head.type; }
  // A denial that was lifted stays on record, and refuses nothing.
  bool refused() const noexcept { return why.code != CONFAB_REFUSED_NONE && lifted_by == 0; }

  // Copies `text` into memory of the operation. Throws bad_alloc.
  std::string_view keep(std::string_view text);
  // Makes every view the operation's own. Throws bad_alloc; what was copied so far stays usable.
  void own();

  memory *mem;
  event_box event{};
  event_box *original = nullptr; // before the first rewrite, when there was one
  event_box *extra = nullptr;    // a second event that must pass too: the channel that a join opens
  query_terms terms;
  std::string_view secret; // a password for the host alone
  conn *origin = nullptr;  // valid while it is not parked; found again by id on resume
  user *actor = nullptr;
  refusal why;
  confab_id lifted_by = 0; // the hook that overrode a denial
  owned_str lift_reason;
  confab_id changed_by = 0; // the hook that rewrote last
  confab_id request = 0;    // the host's open question, while it waits for that
  std::uint64_t cursor = 0; // where a long answer goes on
  phase at = phase::gate;
  bool owned = false;
  bool granted = false;      // the host said yes
  bool begun = false;        // a long answer has begun
  bool resumed = false;      // it waited: what the gate checked may no longer hold
  operation *next = nullptr; // in the queue it waits in

private:
  void drop_texts() noexcept;
  text_chunk *texts_ = nullptr;
};

} // namespace confab::core
