// SPDX-License-Identifier: MIT
//
// Counting sessions: how many there are, were at most and were in all, and how long those lasted
// that ended. Plain arithmetic; what is counted, and when, is session_monitor.cpp's business.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>

namespace confab::plugins::session_counts {

struct figures {
  std::uint64_t now = 0, peak = 0, total = 0, ended = 0;
  double shortest = 0, longest = 0, sum = 0; // seconds, of those that ended

  void begin() noexcept {
    ++total;
    peak = std::max(peak, ++now);
  }
  void end(double seconds) noexcept {
    --now;
    shortest = ended == 0 ? seconds : std::min(shortest, seconds);
    longest = std::max(longest, seconds);
    sum += seconds;
    ++ended;
  }
  // Takes in the past of what is counted alone no longer.
  void absorb(const figures &other) noexcept {
    if (other.ended != 0)
      shortest = ended == 0 ? other.shortest : std::min(shortest, other.shortest);
    longest = std::max(longest, other.longest);
    total += other.total;
    ended += other.ended;
    sum += other.sum;
    peak = std::max(peak, other.peak);
  }
  std::string lasted() const {
    if (ended == 0)
      return "none has ended";
    char out[96];
    std::snprintf(out, sizeof out, "lasted %.1f to %.1f s, %.1f s on average", shortest, longest,
                  sum / static_cast<double>(ended));
    return out;
  }
};

} // namespace confab::plugins::session_counts
