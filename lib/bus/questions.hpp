// SPDX-License-Identifier: MIT
//
// What a parked act waits for: the host's answer to a question, or a handler's decision. Both lie
// in pools and are named by ids; an answer that comes is noted here and takes effect when the bus
// comes to it, in the order of the answers. How acts park and go on is bus.hpp's.

#pragma once

#include "core/operation.hpp"
#include "core/pool.hpp"
#include "core/timer.hpp"

namespace confab::bus {

struct question : core::pooled {
  core::operation *op = nullptr; // once it is parked
  question *next = nullptr;      // answered ones wait for their turn
  bool answered = false;
  bool of_host = false; // else a handler's
};

// The host's open question.
struct request : question {
  request() noexcept { of_host = true; }
  confab_id conn = 0;
};

// A timer that knows whose it is.
struct deferral;
struct deferral_timer : core::timer {
  deferral *owner = nullptr;
};

// A text that is to replace another when the act is passed.
struct replacement {
  std::uint32_t field;
  core::owned_str text;
  replacement *next;
};

// A handler that takes its time.
struct deferral : question {
  enum class answer : std::uint8_t { none, pass, deny, expired, removed, channel_gone, dropped };

  deferral() noexcept {
    clock.kind = core::timer_kind::deferral;
    clock.owner = this;
  }
  // Can the token be resolved? It cannot any more while its holder is told why.
  bool alive() const noexcept { return said == answer::none; }

  deferral_timer clock;
  confab_id hook = 0, owner = 0;
  confab_time since = 0, deadline = 0;
  bool fails_open = false;
  const core::event_box *event = nullptr; // what it judges; valid while its handler runs
  answer said = answer::none;
  std::uint32_t code = 0, visibility = 0; // of a denial
  core::owned_str text;
  replacement *replacements = nullptr;
};

} // namespace confab::bus
