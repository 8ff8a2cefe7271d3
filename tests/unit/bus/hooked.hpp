// SPDX-License-Identifier: MIT
//
// An engine whose hooks are lambdas, for the tests of the bus: listeners that count and are
// released, observers that keep what they were told, and a scene of three people in one channel.
// It judges nothing: the tests do.
#pragma once

#include "support/engine_fixture.hpp"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace confab::test {

struct seen {
  std::uint16_t type;
  std::uint32_t outcome, code;
  std::string text;
  std::uint64_t seq, cause;
};

struct listener {
  std::function<confab_verdict(confab_call *, const confab_event *)> does;
  std::function<void(confab_engine *, confab_id, std::uint32_t)> on_cancelled;
  unsigned calls = 0, released = 0;
  std::vector<std::uint32_t> cancelled; // why, each time
  confab_id id = 0;
};

struct hooked : engine_fixture {
  hooked() = default;
  explicit hooked(const setup &with) : engine_fixture(with) {}
  ~hooked() {
    ignore(confab_engine_destroy(engine)); // before the listeners go
    engine = nullptr;
  }

  static confab_verdict CONFAB_CALL call(void *ctx, confab_call *c, const confab_event *e) {
    auto &l = *static_cast<listener *>(ctx);
    ++l.calls;
    return l.does ? l.does(c, e) : CONFAB_PASS;
  }
  static confab_status CONFAB_CALL cancelled(void *ctx, confab_engine *engine, confab_id token,
                                             std::uint32_t why) {
    auto &l = *static_cast<listener *>(ctx);
    l.cancelled.push_back(why);
    if (l.on_cancelled)
      l.on_cancelled(engine, token, why);
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL release(void *ctx) {
    ++static_cast<listener *>(ctx)->released;
    return CONFAB_OK;
  }

  listener &on(std::uint32_t type, std::uint32_t stage,
               std::function<confab_verdict(confab_call *, const confab_event *)> does,
               const std::function<void(confab_hook &)> &tweak = {}) {
    listener &l = listeners.emplace_back();
    l.does = std::move(does);
    confab_hook hook = confab_hook_init();
    hook.type = static_cast<std::uint16_t>(type);
    hook.stage = static_cast<std::uint16_t>(stage);
    hook.ctx = &l;
    hook.call = call;
    hook.cancelled = cancelled;
    hook.release = release;
    if (tweak)
      tweak(hook);
    last = confab_hook_add(engine, &hook, &l.id);
    return l;
  }

  // Keeps what observers of `type` are told.
  void watch(std::uint32_t type) {
    on(type, CONFAB_STAGE_OBSERVE, [this](confab_call *c, const confab_event *e) {
      confab_outcome o{};
      o.struct_size = sizeof o;
      ignore(confab_call_outcome(c, &o));
      log.push_back({e->type, o.outcome, o.code, string_of(o.text), e->seq, e->cause});
      return CONFAB_PASS;
    });
  }

  // Keeps the failures and the states of hooks that observers are told of.
  void watch_hooks() {
    on(CONFAB_EVENT_HOOK_FAILED, CONFAB_STAGE_OBSERVE,
       [this](confab_call *, const confab_event *e) {
         failures.push_back(*reinterpret_cast<const confab_event_hook_failed *>(e));
         return CONFAB_PASS;
       });
    on(CONFAB_EVENT_HOOK_STATE, CONFAB_STAGE_OBSERVE, [this](confab_call *, const confab_event *e) {
      states.push_back(reinterpret_cast<const confab_event_hook_state *>(e)->state);
      return CONFAB_PASS;
    });
  }

  confab_hook_stats counts(const listener &l) const {
    confab_hook_stats s{};
    s.struct_size = sizeof s;
    ignore(confab_hook_stats_get(engine, l.id, &s));
    return s;
  }

  std::deque<listener> listeners;
  std::vector<seen> log;
  std::vector<confab_event_hook_failed> failures;
  std::vector<std::uint32_t> states;
  confab_status last = CONFAB_OK;
};

// ann, bob and cat; ann and bob are in #x, and ann is its operator and sees what she says.
struct scene : hooked {
  scene() : scene(setup{}) {}
  explicit scene(const setup &with) : hooked(with) {
    ann = enter("ann", "echo-message");
    bob = enter("bob");
    cat = enter("cat");
    say(ann, "JOIN #x");
    say(bob, "JOIN #x");
    read_all();
  }
  confab_id ann = 0, bob = 0, cat = 0;
};

inline bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace confab::test
