// SPDX-License-Identifier: MIT
//
// The one way an act goes: gate, TRANSFORM, POLICY, OVERRIDE, the host's answer, commit, OBSERVE.
// An act may stop between any two steps and go on in a later call; nothing here assumes that it
// finishes where it began. Nothing recurses: what is submitted while an act runs is queued and runs
// after it, first in first out.
//
// Waiting is kept per origin: a parked act holds back the later acts of its connection (or of a
// user that acts without one) and nobody else's.

#pragma once

#include "bus/additions.hpp"
#include "bus/hooks.hpp"
#include "bus/plugins.hpp"
#include "bus/questions.hpp"
#include "core/acts/acts.hpp"

#include <confab/deferral.h>

#include <span>
#include <string>

namespace confab::bus {

class bus;

// How the last act that was submitted from outside ended: what confab_command_submit answers.
struct ending {
  enum class how : std::uint8_t { committed, denied, parked, queued, no_memory, too_deep };
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
  confab::core::event_box *event;       // as it is now
  const confab::core::event_box *given; // as the handler was given it
  confab::bus::hook *by;
  std::uint32_t stage;
  std::uint32_t outcome; // CONFAB_OUTCOME_*
  bool may_wait;         // it can be deferred
  bool rewrote;
  std::uint32_t code, visibility; // of a denial, as the handler described it
  confab::core::owned_str text;   // the same, or an override's reason
  confab::bus::deferral *token;   // that it took
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
  void channel_gone(confab_id channel) noexcept override;
  confab_id find_plugin(std::string_view name, std::uint32_t &permission) noexcept override;
  confab_status run_command(const core::operation &op) noexcept override;

  // The same for an act of the host; how it ended, as far as it has.
  ending submit_command(core::operation &&op);

  // --- subscriptions
  // -------------------------------------------------------------------------------
  // Somebody subscribed or went.
  void hooks_changed() noexcept { w.watch_output = hooks.output_watched(); }
  // What it deferred is decided by its policy.
  void remove_hook(hook &h) noexcept;
  void remove_owned(confab_id owner) noexcept;

  // --- driving
  // -------------------------------------------------------------------------------------
  // One message from a client: through the LINE_IN handlers to its dialect. `flags`: 0, or
  // CONFAB_EVENT_DATAGRAM.
  void line(core::conn &c, std::string_view text, std::uint32_t flags = 0);
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
  // Runs `body` as the inside of a handler of `owner`: a timer, a command, a notice of a token.
  template <class Body>
  void as_handler(confab_id owner, Body &&body) noexcept {
    hooks.enter();
    ++call_depth_;
    const inside before = std::exchange(inside_, inside{0, owner, inside_.event, inside_.causes});
    body();
    inside_ = before;
    --call_depth_;
    hooks.leave();
    hooks_changed();
  }
  // Runs what waits: queued acts, answers, connections that must end. Returns false
  // when the budget of one drive call is spent and something is left.
  bool drain() noexcept;
  // What a drive call may run before it must come back.
  void refill() noexcept { budget_ = budget_per_drive; }
  bool waiting() const noexcept {
    return queue_ || answered_ || added.pending() || plugged.pending();
  }
  std::uint32_t queued() const noexcept { return queued_; }
  void on_timer(core::timer &t) noexcept;
  // Forgets what an origin waits for; observers are told.
  void cancel(core::lane &lane) noexcept;
  // An answer that waited for the output to drain.
  void output_drained(core::conn &c) noexcept;
  // An act that waited for its time.
  void time_came(core::conn &c) noexcept;
  // Tells one connection something, as a numeric of that number (0: none) where its protocol has
  // such: now, or after the act that runs. Throws bad_alloc.
  void tell(core::conn &to, std::uint32_t number, std::string_view params, std::string_view text);
  // The engine ends: holders of tokens are told, and everything that was added goes.
  void end() noexcept;

  bool in_handler() const noexcept { return call_depth_ > 0; }
  // Of the handler that runs; 0: the host's, or none.
  confab_id owner() const noexcept { return inside_.owner; }

  // --- answers
  // -------------------------------------------------------------------------------------
  confab_status resolve(confab_id id, confab_status said, std::string_view text);
  confab_status defer(confab_call &call, std::uint32_t wait_ms, confab_id &token);
  confab_status resolve_deferral(confab_id token, confab_verdict verdict, std::uint32_t code,
                                 std::string_view text, std::uint32_t visibility);
  confab_status replace_deferred(confab_id token, std::uint32_t field, std::string_view value);
  // Null when the token is dead or resolved.
  const deferral *find_deferral(confab_id token) const noexcept;
  const deferral *deferral_after(confab_id token) const noexcept;
  // What it judges, as that is now.
  static const core::event_box &event_of(const deferral &d) noexcept;
  static confab_id id(const deferral &d) noexcept {
    return core::pool<deferral, CONFAB_KIND_DEFERRAL>::id(d);
  }
  std::uint32_t deferrals() const noexcept { return deferrals_.size(); }

  // --- what handlers are told and did
  // --------------------------------------------------------------
  // Replaces a text of the event, attributed to the hook. Throws bad_alloc.
  void rewrite(core::operation &op, core::event_box &event, const core::event_field &field,
               std::string_view value, confab_id by);
  void rewrite(core::operation &op, core::event_box &event, const core::event_number &number,
               std::uint64_t value, confab_id by);
  // A handler tried what its stage may only read.
  void misused(hook &h, const core::event_box *about, std::uint32_t kind,
               confab_status status) noexcept;
  void fill_outcome(const core::operation &op, std::uint32_t outcome,
                    confab_outcome &out) const noexcept;
  confab_status next_event(const confab_event **event, confab_outcome *out,
                           std::uint64_t *lost) noexcept;

  core::world &w;
  hook_table hooks;
  additions added;
  plugins plugged;
  confab_engine *handle = nullptr;
  const confab_api *api = nullptr; // what plugins get
  std::uint64_t parked_count = 0;

private:
  static constexpr std::uint32_t budget_per_drive = 100'000;
  // An act that is deferred again and again ends as BUSY.
  static constexpr std::uint8_t deferrals_per_act_max = 32;
  enum class progress : std::uint8_t { done, parked };
  enum class ruling : std::uint8_t { go, ended, parked };

  // What runs now: whose handler, and on which event.
  struct inside {
    confab_id hook = 0, owner = 0;
    const core::event_box *event = nullptr;
    const core::cause_chain *causes = nullptr;
  };
  // What a handler answered, or what its policy says where it failed or was not called.
  struct answer {
    confab_verdict verdict;
    bool own; // it was called, and kept its contract
  };

  // --- one act
  // -------------------------------------------------------------------------------------
  void run_now(core::operation &op) noexcept;
  void run_held(core::operation *op) noexcept;
  progress guarded_advance(core::operation &op) noexcept;
  progress advance(core::operation &op);
  bool pass_gate(core::operation &op);
  ruling judge(core::operation &op, core::event_box &event);
  ruling judge_again(core::operation &op, core::event_box &event);
  void begin_extra(core::operation &op) noexcept;
  bool transform(core::operation &op, core::event_box &event);
  ruling policy(core::operation &op, core::event_box &event, bool may_wait);
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
  answer consult(hook &h, confab_call &with) noexcept;
  confab_verdict call(hook &h, confab_call &with, std::uint64_t &took_ns) noexcept;
  bool callable(hook &h) noexcept;
  bool kept_contract(hook &h, confab_call &with, confab_verdict verdict,
                     std::uint64_t took_ns) noexcept;
  void failed(hook &h, const core::event_box *about, std::uint32_t kind, confab_verdict verdict,
              std::uint64_t took_ns) noexcept;
  void succeeded(hook &h) noexcept;
  void set_state(hook &h, std::uint32_t state) noexcept;
  void tell_shadow(hook &h, const confab_call &with, confab_verdict verdict) noexcept;
  confab_call make_call(core::operation &op, core::event_box &event, std::uint32_t stage) noexcept;
  void deny(core::operation &op, confab_call &with, hook &h) noexcept;
  void give_back(confab_call &with) noexcept;
  confab_time clock_now() const noexcept;
  std::uint32_t limit_of(std::uint32_t own, std::uint32_t engines) const noexcept {
    return own != 0 ? own : engines;
  }
  bool link_causes(core::operation &op, bool always);

  // --- waiting
  // -------------------------------------------------------------------------------------
  static core::lane *lane_of(const core::operation &op) noexcept;
  void enqueue(core::operation &&op);
  bool wait_behind(core::operation &op);
  core::operation *held(core::operation &&op);
  static void append(core::lane &to, core::operation *op) noexcept;
  void refuse_early(core::operation &op, std::uint32_t code) noexcept;
  void hold(core::operation *op) noexcept;
  void give_up(question *open, core::conn *origin) noexcept;
  question *question_of(const core::operation &op) noexcept;
  bool rebind(core::operation &op) noexcept;
  core::operation *pop_queue() noexcept;
  void run_notice() noexcept;
  void send_reply(const core::operation &op) noexcept;
  void run_queued(core::operation *op) noexcept;
  void resume(core::lane &from) noexcept;
  void settle_answers() noexcept;
  bool work() noexcept;
  void apply(deferral &d, core::operation &op) noexcept;
  void note_answer(question &q) noexcept;
  deferral *own_deferral(confab_id token, confab_status &status) noexcept;
  void decide(deferral &d, deferral::answer said) noexcept;
  void drop_token(deferral &d, std::uint32_t why) noexcept;
  void tell_cancelled(const deferral &d, std::uint32_t why) noexcept;
  void tell_cancelled(hook &h, const deferral &d, std::uint32_t why) noexcept;
  void destroy_question(question &q) noexcept;
  void destroy_deferral(deferral &d) noexcept;
  void end_conn(core::conn &c) noexcept;
  void end_user(core::user &who) noexcept;
  void drop(core::operation *op, std::uint32_t outcome) noexcept;
  void record(const core::operation &op, const core::event_box &event,
              std::uint32_t outcome) noexcept;

  core::pool<request, CONFAB_KIND_REQUEST> requests_;
  core::pool<deferral, CONFAB_KIND_DEFERRAL> deferrals_;
  question *answered_ = nullptr, *answered_end_ = nullptr;
  core::operation *queue_ = nullptr, *queue_end_ = nullptr;
  std::uint32_t queued_ = 0;
  observed *seen_ = nullptr, *seen_end_ = nullptr, *pulled_ = nullptr;
  std::uint32_t seen_count_ = 0;
  std::uint64_t lost_ = 0;
  std::pmr::string rewritten_output_;
  inside inside_;
  confab_time clock_at_ = 0; // the last reading within a dispatch
  std::uint32_t budget_ = budget_per_drive;
  unsigned call_depth_ = 0;
  bool running_ = false;
  bool draining_ = false;
  bool in_line_ = false; // a command is being read: its acts belong together
  ending last_;
};

} // namespace confab::bus
