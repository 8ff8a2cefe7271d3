// SPDX-License-Identifier: MIT
//
// The time as the engine gets it: the loop's monotonic milliseconds as nanoseconds, and the wall
// clock beside it. An offset and a rate let tests begin elsewhere and run faster. Timers belong to
// server.cpp.
#pragma once

#include <confab/types.h>

#include <chrono>
#include <cstdint>

namespace confabd {

struct clock_options {
  std::int64_t offset_s = 0; // added to the wall clock
  std::uint32_t rate = 1;    // seconds of the engine for each real one
};

class host_clock {
public:
  explicit host_clock(const clock_options &options) : options_(options), start_(unix_now()) {}

  // `loop_ms`: uv_now. Monotonic, because uv_now is.
  confab_time engine_time(std::uint64_t loop_ms) const noexcept {
    return loop_ms * ns_per_ms * options_.rate;
  }

  // How long, in real milliseconds rounded up, until the engine's `deadline`.
  std::uint64_t wait_ms(confab_time deadline, std::uint64_t loop_ms) const noexcept {
    const confab_time now = engine_time(loop_ms);
    const std::uint64_t step = ns_per_ms * options_.rate;
    return deadline <= now ? 0 : (deadline - now - 1) / step + 1;
  }

  // The wall clock as the engine shall see it, in nanoseconds since 1970.
  std::int64_t unix_time() const noexcept {
    return start_ + options_.offset_s * ns_per_s +
           (unix_now() - start_) * static_cast<std::int64_t>(options_.rate);
  }

private:
  static constexpr std::uint64_t ns_per_ms = 1'000'000;
  static constexpr std::int64_t ns_per_s = 1'000'000'000;

  static std::int64_t unix_now() noexcept {
    using namespace std::chrono;
    return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
  }

  clock_options options_;
  std::int64_t start_;
};

} // namespace confabd
