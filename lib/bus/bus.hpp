// SPDX-License-Identifier: MIT
//
// The one way an act goes: gate, TRANSFORM, POLICY, OVERRIDE, the host's answer, commit, OBSERVE.
// An act may stop between any two steps and go on in a later call; nothing here assumes that it
// finishes where it began. Nothing recurses: what is submitted while an act runs is queued and runs
// after it, first in first out.
//
// Waiting is kept per origin: a parked act holds back the later acts of its connection and nobody
// else's.

#pragma once

#include "bus/hooks.hpp"
#include "core/acts/acts.hpp"

#include <confab/hook.h>

#include <span>
#include <string>

namespace confab::bus {

class bus;

// The host's open question.
struct request : core::pooled {
  confab_id conn = 0;
  bool resolved = false;
  request *next = nullptr; // resolved ones wait for their turn
};

// How the last act that was submitted from outside ended: what confab_command_submit answers.
struct ending {
  enum class how : std::uint8_t { committed, denied, parked, queued, no_memory };
  how ended = how::committed;
  std::uint32_t code = 0;
  std::uint64_t seq = 0;
};

// An event that was observed and waits to be pulled.
struct observed {
  explicit observed(core::memory &from) : op(from) {}
  core::operation op;
  std::uint32_t outcome = 0;
  observed *next = nullptr;
};

} // namespace confab::bus

// One call of one handler: what confab_call_* work on.
struct confab_call {
  confab::bus::bus *through;
  confab::core::operation *op;
  confab::core::event_box *event;
  confab::bus::hook *by;
  std::uint32_t stage;
  std::uint32_t outcome; // CONFAB_OUTCOME_*
  bool rewrote;
  std::uint32_t code, visibility; // of a denial, as the handler described it
  confab::core::owned_str text;   // the same, or an override's reason
};

namespace confab::bus {

class bus final : public core::pipeline {
public:
  explicit bus(core::world &w);
  ~bus() override;

  void submit(core::operation &&op) override;
  void notify(core::event_box event) noexcept override;
  bool row_allowed(const core::operation &op, const core::query_row &row) override;
  bool line_out(core::conn &c, std::string_view &bytes) noexcept override;
  // By a handler, or by the pull queue, which takes all.
  bool wants(std::uint16_t type) const noexcept override {
    return hooks.wants(type) || w.limits().events_max != 0;
  }

  // The same for an act of the host; how it ended, as far as it has.
  ending submit_command(core::operation &&op);
  // Somebody subscribed or went.
  void hooks_changed() noexcept { w.watch_output = hooks.wants(CONFAB_EVENT_LINE_OUT); }

  // One message from a client: through the LINE_IN handlers to its dialect.
  void line(core::conn &c, std::string_view text);
  // Runs `body`; what it submits is queued, so that nothing changes under it.
  template <class Body>
  void together(Body &&body) noexcept {
    running_ = true;
    try {
      body();
    } catch (const std::bad_alloc &) {
      w.out_of_memory = true;
    }
    running_ = false;
  }
  // Runs what waits: queued acts, answers of the host, connections that must end. Returns false
  // when the budget of one drive call is spent and something is left.
  bool drain() noexcept;
  // What a drive call may run before it must come back.
  void refill() noexcept { budget_ = budget_per_drive; }
  bool waiting() const noexcept { return queue_ || resolved_; }
  std::uint32_t queued() const noexcept { return queued_; }

  confab_status resolve(confab_id id, bool granted, std::string_view text);
  // An answer that waited for the output to drain.
  void output_drained(core::conn &c) noexcept;
  // Forgets what a connection waits for; observers are told.
  void cancel(core::conn &c) noexcept;

  bool in_handler() const noexcept { return call_depth_ > 0; }
  confab_status next_event(const confab_event **event, confab_outcome *out,
                           std::uint64_t *lost) noexcept;
  void fill_outcome(const core::operation &op, std::uint32_t outcome,
                    confab_outcome &out) const noexcept;

  core::world &w;
  hook_table hooks;
  confab_engine *handle = nullptr;
  std::uint64_t parked_count = 0;

private:
  static constexpr std::uint32_t budget_per_drive = 100'000;
  enum class progress : std::uint8_t { done, parked };

  // --- one act
  // -------------------------------------------------------------------------------------
  void run_now(core::operation &op) noexcept;
  void run_held(core::operation *op) noexcept;
  progress guarded_advance(core::operation &op) noexcept;
  progress advance(core::operation &op);
  bool pass_gate(core::operation &op);
  bool judge(core::operation &op, core::event_box &event);
  bool transform(core::operation &op);
  bool policy(core::operation &op, core::event_box &event, bool may_override);
  bool overridden(core::operation &op, core::event_box &event);
  progress ask(core::operation &op);
  progress commit(core::operation &op);
  void end_refused(core::operation &op, std::uint32_t outcome) noexcept;
  void observe(core::operation &op, std::uint32_t outcome) noexcept;
  void observe_event(core::operation &op, core::event_box &event, std::uint32_t outcome) noexcept;
  void shadow(core::operation &op) noexcept;

  template <class Each>
  void dispatch(const core::event_box &event, std::uint32_t stage, Each &&each) noexcept;

  // --- handlers
  // ------------------------------------------------------------------------------------
  confab_verdict call(hook &h, confab_call &with) noexcept;
  void failed(hook &h, const core::event_box &event, confab_verdict verdict) noexcept;
  confab_call make_call(core::operation &op, core::event_box &event, std::uint32_t stage) noexcept;
  bool denied_by(confab_call &with, hook &h, confab_verdict verdict) noexcept;

  // --- waiting
  // -------------------------------------------------------------------------------------
  void enqueue(core::operation &&op);
  void hold(core::operation *op) noexcept;
  bool wait_behind(core::operation &op);
  bool rebind(core::operation &op) noexcept;
  core::operation *pop_queue() noexcept;
  void run_notice() noexcept;
  void resume(core::conn &c) noexcept;
  void settle_answers() noexcept;
  void end_conn(core::conn &c) noexcept;
  void end_user(core::user &who) noexcept;
  void drop(core::operation *op, std::uint32_t outcome) noexcept;
  void record(const core::operation &op, const core::event_box &event,
              std::uint32_t outcome) noexcept;

  core::pool<request, CONFAB_KIND_REQUEST> requests_;
  request *resolved_ = nullptr;
  core::operation *queue_ = nullptr, *queue_end_ = nullptr;
  std::uint32_t queued_ = 0;
  observed *seen_ = nullptr, *seen_end_ = nullptr, *pulled_ = nullptr;
  std::uint32_t seen_count_ = 0;
  std::uint64_t lost_ = 0;
  std::pmr::string rewritten_output_;
  std::uint64_t cause_ = 0; // seq of the event whose handler runs
  std::uint32_t budget_ = budget_per_drive;
  unsigned call_depth_ = 0;
  bool running_ = false;
  bool draining_ = false;
  bool in_line_ = false; // a command is being read: its acts belong together
  ending last_;
};

} // namespace confab::bus
