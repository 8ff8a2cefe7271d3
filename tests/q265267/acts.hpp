// SPDX-License-Identifier: MIT
//
// The event types of the matrix: how each is brought about, and what may be rewritten in it. Every
// CONFAB_EVENT_*, and the types of leased spaces, have a row here.
#pragma once

#include "q265267/scene.hpp"

#include <vector>

namespace q265267 {

// What is special about an act.
enum : std::uint32_t {
  act_opens = 1U << 0,        // who acts is a new connection, and a refusal ends it
  act_no_wait = 1U << 1,      // it cannot be deferred
  act_unanswered = 1U << 2,   // refusing it is never answered
  act_row = 1U << 3,          // the event is one row of an answer
  act_output = 1U << 4,       // the event is what bob is sent
  act_question = 1U << 5,     // an answer may begin and end though it is refused
  act_by_server = 1U << 6,    // the server itself can do it
  act_by_client = 1U << 7,    // only a client can bring it about
  act_leads_on = 1U << 8,     // more acts follow from it, and stand behind what handlers submit
  act_by_host = 1U << 9,      // only the host can bring it about, and not by a command
  act_enters = 1U << 11,      // who acts enters the channel that bob opened
  act_server_only = 1U << 12, // not in the name of a user
  act_custom = 1U << 10       // the event is of a leased space: the scene's
};

// A settable member, the value that a filter gives it, and what one would say to mean that.
struct rewrite {
  std::uint32_t field; // CONFAB_FIELD_*
  const char *value = "";
  std::uint64_t number = 0;
  const char *said = nullptr; // null: the value
};

struct act {
  const char *name;
  std::uint16_t type; // of the event that is filtered
  intent what;
  std::uint32_t traits = 0;
  std::vector<rewrite> rewrites = {};
  void (*prepare)(scene &) = nullptr;
  void (*tweak)(confab_engine_options &) = nullptr;

  bool is(std::uint32_t trait) const { return (traits & trait) != 0; }
  bool is_final() const;     // cannot be refused
  std::uint16_t row() const; // of the library's table of events
};

const std::vector<act> &acts();

} // namespace q265267
