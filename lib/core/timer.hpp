// SPDX-License-Identifier: MIT
//
// One wheel of timers, driven by the host's time: four levels of 64 slots, the finest 16.8 ms wide.
// Arming and cancelling cost the same whatever else waits. Timers are nodes in their owners, so
// arming cannot fail. A timer never fires early; it fires at most one finest slot late.

#pragma once

#include <confab/types.h>

#include <array>
#include <cstdint>

namespace confab::core {

// What a timer is part of, so that whoever expires it knows whom to tell.
enum class timer_kind : std::uint8_t { conn, deferral, addition, plugin };

struct timer {
  timer *prev = nullptr, *next = nullptr; // null when not armed
  confab_time due = 0;
  timer_kind kind = timer_kind::conn;

  bool armed() const noexcept { return next != nullptr; }
};

class timer_wheel {
public:
  explicit timer_wheel(confab_time now) noexcept;
  timer_wheel(const timer_wheel &) = delete;
  timer_wheel &operator=(const timer_wheel &) = delete;

  // Arms, or arms again.
  void arm(timer &t, confab_time due) noexcept;
  void cancel(timer &t) noexcept;

  // The next timer that is due at `now`, disarmed; null when there is none. Call until null.
  timer *expire(confab_time now) noexcept;

  // When expire is worth a call; CONFAB_TIME_NEVER when nothing is armed. May be early, never late.
  confab_time deadline() const noexcept;

private:
  static constexpr unsigned tick_bits = 24; // 2^24 ns = 16.8 ms
  static constexpr unsigned slot_bits = 6;
  static constexpr unsigned levels = 4;
  static constexpr unsigned slots = 1U << slot_bits;

  struct level {
    std::array<timer, slots> heads; // rings: an empty one points to itself
    std::uint64_t occupied = 0;
  };

  void place(timer &t, std::uint64_t earliest) noexcept;
  std::uint64_t next_tick() const noexcept;
  void cascade(unsigned at) noexcept;

  std::array<level, levels> levels_;
  std::uint64_t tick_; // all slots up to here were emptied
};

} // namespace confab::core
