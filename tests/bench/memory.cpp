// SPDX-License-Identifier: MIT
//
// What idle users and memberships cost in engine memory. Counted by the allocator, not timed: the
// same on every machine, so the bounds are exact.

#include "bench/bench.hpp"

int main() {
  constexpr std::size_t users = 10'000, channels = 100;
  bench::world w;
  const std::size_t before = w.stats().memory_bytes;
  const std::vector<confab_id> conns = w.clients(users);
  const std::size_t idle = w.stats().memory_bytes;
  for (std::size_t i = 0; i < users; ++i) {
    std::string joins;
    for (std::size_t k = 0; k < 10; ++k)
      joins += "JOIN #room" + std::to_string((i + k * 7) % channels) + "\r\n";
    w.feed(conns[i], joins);
    w.flush();
  }
  const confab_engine_stats after = w.stats();
  bench::table t;
  t.row("a registered idle connection", static_cast<double>(idle - before) / users, 1024, "bytes",
        "");
  t.row("a membership, channel included",
        static_cast<double>(after.memory_bytes - idle) / static_cast<double>(after.members), 64,
        "bytes", "");
  return t.finish();
}
