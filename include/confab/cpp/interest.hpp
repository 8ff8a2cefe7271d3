// SPDX-License-Identifier: MIT
//
// What a subscription is about, and what its handler may take: the members of confab_hook that a
// caller of engine_ref::on chooses; and the same of added commands and timers. Their meanings are
// those of hook.h, extend_command.h and extend_time.h.
#pragma once

#include <confab/cpp/ids.hpp>
#include <confab/cpp/status.hpp>
#include <confab/extend.h>
#include <confab/hook.h>

#include <chrono>
#include <cstdint>
#include <limits>

namespace confab {
inline namespace abi_0 {

// One connection, user, channel or member, or everything.
class scope {
public:
  scope() noexcept = default; // everywhere
  scope(conn_id conn) noexcept : raw_(conn.raw()) {}
  scope(user_id user) noexcept : raw_(user.raw()) {}
  scope(channel_id channel) noexcept : raw_(channel.raw()) {}
  scope(member_id member) noexcept : raw_(member.raw()) {}

  [[nodiscard]] confab_id raw() const noexcept { return raw_; }

private:
  confab_id raw_ = 0;
};

// `engine.on<confab::join>(confab::observe, handler, {.priority = 10, .within = channel})`
//
// A time or count of 0 is as the engine's options say. Times hold only where the host has a clock.
struct interest {
  std::int16_t priority = 0; // higher first
  scope within = {};
  std::uint32_t protocols = 0; // CONFAB_PROTOCOL_* bits of origins; 0: all, and the host's own
  std::uint32_t origins = 0;   // CONFAB_EVENT_FROM_* bits; 0: all
  bool has_text = false;       // only events that have a text, and not an empty one
  bool fail_open = false;      // a failure counts as PASS
  bool shadow = false;         // called and counted, and changes nothing
  std::string_view name = {};  // for people and metrics; copied
  plugin_id owner = {};        // it goes with that plugin
  std::chrono::microseconds call_max{0};   // of one call
  std::chrono::microseconds second_max{0}; // of all calls within a second
  std::uint32_t failures_max = 0;          // in a row, before its circuit breaker opens
  std::chrono::milliseconds retry{0};      // how long that stays open
  // How long an act may wait for a coroutine (confab::task); 0: deferral_ms_max, the most. Whoever
  // takes tokens by hand says it there: with another handler it throws ERR_ARG.
  std::chrono::milliseconds wait{0};
};

// Of engine_ref::add_command.
struct command_terms {
  std::string_view verb = {};
  std::string_view help = {}; // lines, the first one the syntax
  std::uint32_t params_min = 0;
  std::uint32_t params_max = CONFAB_PARAMS_MAX;
  std::uint32_t permission = CONFAB_PERMIT_USER;
  std::uint32_t cost = 0;
  plugin_id owner = {};
};

// Of engine_ref::add_timer.
struct timer_terms {
  std::chrono::milliseconds delay{0};
  std::chrono::milliseconds interval{0}; // 0: it runs once
  std::string_view name = {};
  plugin_id owner = {};
};

namespace detail {

// A span of time as the C API's number of the same unit. Throws ERR_ARG when it cannot be one.
template <class Duration>
std::uint32_t count_of(Duration span) {
  if (span.count() < 0 || span.count() > std::numeric_limits<std::uint32_t>::max()) {
    throw error(CONFAB_ERR_ARG);
  }
  return static_cast<std::uint32_t>(span.count());
}

inline confab_hook hook_for(const interest &where) {
  confab_hook hook = confab_hook_init();
  hook.priority = where.priority;
  hook.flags = (where.fail_open ? std::uint32_t{CONFAB_HOOK_FAIL_OPEN} : 0) |
               (where.shadow ? std::uint32_t{CONFAB_HOOK_SHADOW} : 0) |
               (where.has_text ? std::uint32_t{CONFAB_HOOK_HAS_TEXT} : 0);
  hook.protocols = where.protocols;
  hook.origins = where.origins;
  hook.scope = where.within.raw();
  hook.owner = where.owner.raw();
  hook.name = str(where.name);
  hook.call_us_max = count_of(where.call_max);
  hook.second_us_max = count_of(where.second_max);
  hook.failures_max = where.failures_max;
  hook.retry_ms = count_of(where.retry);
  return hook;
}

} // namespace detail

} // namespace abi_0
} // namespace confab
