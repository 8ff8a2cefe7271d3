// SPDX-License-Identifier: MIT
//
// What a handler does with the act, in each stage where it applies, and how the act must end then.
// A new way to behave joins the matrix by one row in verdicts.cpp.
#pragma once

#include "q265267/acts.hpp"

#include <deque>

namespace q265267 {

struct trial;

// How the act must end.
enum class ends {
  committed, // as if nobody had filtered it, or as rewritten
  error,     // refused, and told
  silent,
  shadow,
  expired,   // refused, and told
  cancelled, // nothing, and nobody is told
  late       // as if it came after what follows it: it is judged by what is then
};

// What is special about a verdict.
enum : std::uint32_t {
  verdict_waits = 1U << 0,      // the act is parked
  verdict_no_wait = 1U << 1,    // only of acts that cannot be
  verdict_rewrites = 1U << 2,   // once for each member that can be set
  verdict_texts = 1U << 3,      // once for each text
  verdict_bypassed = 1U << 4,   // the handler was stopped before; it is not called for the act
  verdict_cpp = 1U << 5,        // the hook is one of the C++ wrapper
  verdict_told_why = 1U << 6,   // the denial has a text
  verdict_lifted = 1U << 7,     // an OVERRIDE handler lifts the denial
  verdict_in_handler = 1U << 8, // what follows is submitted by the handler
  verdict_defers = 1U << 9,     // it takes a token, though the act may not come to wait
  verdict_plugin = 1U << 10     // the handler is a plugin's
};

struct verdict {
  const char *name;
  std::uint32_t stages;                                  // bits of CONFAB_STAGE_*
  ends expected[CONFAB_STAGE_COUNT];                     // by stage
  confab_verdict (*answer)(trial &t, confab_call *call); // the handler
  std::uint32_t traits = 0;
  std::uint32_t flags = 0; // CONFAB_HOOK_*
  aftermath then = aftermath::none;
  void (*later)(trial &t) = nullptr; // what the host does while it waits
  std::uint32_t cancelled = 0;       // CONFAB_CANCELLED_* told, or 0
  void (*tweak)(confab_hook &hook) = nullptr;

  bool is(std::uint32_t trait) const { return (traits & trait) != 0; }
};

const std::vector<verdict> &verdicts();

// One hook of a trial.
struct armed {
  trial *of = nullptr;
  confab_id id = 0;
  confab_verdict (*answer)(trial &t, confab_call *call, armed &self) = nullptr;
  unsigned calls = 0, released = 0;
  bool acted = false;
};

// One cell being played.
struct trial {
  trial(scene &scene_, const verdict &verdict_, std::uint32_t stage_, const rewrite *with_);
  trial(const trial &) = delete;
  trial &operator=(const trial &) = delete;

  // Subscribes what the verdict needs; and unsubscribes it. What was wrong is noted.
  void arm();
  void disarm();
  // Does the handler under test mean this event?
  bool is_act(const confab_event *event) const;
  void note(bool ok, const std::string &what);
  bool token_alive() const;
  confab_status resolve(confab_verdict verdict, std::uint32_t visibility, const char *text);
  std::string value() const; // that the rewrite writes
  void set_text();

  scene &s;
  const verdict &v;
  const std::uint32_t stage;
  const rewrite *const with; // of verdicts that rewrite
  const intent what;         // what is said
  intent meant;              // what is done in the end
  armed *handler = nullptr;  // under test
  armed *next = nullptr;     // another one of the same kind
  std::deque<armed> hooks;
  confab_id plugin = 0;
  confab_id token = 0;
  std::uint64_t seq = 0; // of the event that the handler judged
  unsigned cancels = 0;
  std::uint32_t cancelled_why = 0;
  bool tripping = false;
  std::string problem;

  armed &add(std::uint32_t stage, std::int16_t priority,
             confab_verdict (*answer)(trial &, confab_call *, armed &),
             const std::function<void(confab_hook &)> &tweak);

private:
  void trip();
  void arm_cpp();
  static confab_verdict CONFAB_CALL call(void *ctx, confab_call *call, const confab_event *event);
};

// Subscribes a handler of the C++ wrapper that throws at the act. False: the wrapper has no such
// event.
bool add_throwing(trial &t, std::uint32_t stage, bool fail_open, confab_id &hook);
bool can_throw(std::uint16_t type);

} // namespace q265267
