// SPDX-License-Identifier: MIT
//
// Q265267: an extension cancelled an event while a client of one protocol joined a channel of
// another, and the server died. Here every event meets every verdict in every stage, whoever causes
// it and whoever else is there; cells.cpp says how the cells come about, play.cpp what must hold
// after each. Engines share nothing, so the cells are played by as many threads as there are
// processors.
#include "q265267/cells.hpp"
#include "support/catch.hpp"

#include "core/operation.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

using namespace q265267;

namespace {

// Plays the cells whose name holds CONFAB_CELL, or all.
bool wanted(const cell &c) {
  const char *only = std::getenv("CONFAB_CELL");
  return !only || name_of(c).find(only) != std::string::npos;
}

struct played {
  std::atomic<std::size_t> next{0}, cells{0}; // the act that nobody has taken yet
  std::mutex lock;
  std::vector<std::string> problems;

  void work() {
    const auto &all = acts();
    for (std::size_t i = next++; i < all.size(); i = next++)
      for (const cell &c : cells_of(all[i])) {
        if (!wanted(c))
          continue;
        ++cells;
        if (const std::string problem = play(c); !problem.empty()) {
          const std::lock_guard guard(lock);
          problems.push_back(name_of(c) + ": " + problem);
        }
      }
  }
};

} // namespace

TEST_CASE("Q265267: every event, in every stage, under every verdict, whoever is there") {
  played all;
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
    threads.emplace_back([&] { all.work(); });
  for (std::thread &one : threads)
    one.join();
  for (const std::string &problem : all.problems) {
    INFO(problem);
    CHECK(problem.empty());
  }
  std::printf("note: %zu cells: %zu acts, %zu verdicts, %zu protocols, %zu kinds of channels\n",
              all.cells.load(), acts().size(), verdicts().size(), protocols().size(),
              rooms().size());
  CHECK(all.cells > 0);
}

TEST_CASE(
    "Q265267: every type of event has an act, and every member that may be set is rewritten") {
  for (std::uint16_t row = 1; row < confab::core::event_rows; ++row) {
    std::size_t acted = 0;
    std::uint32_t rewritten = 0, settable = 0;
    for (const act &a : acts())
      if (a.row() == row) {
        ++acted;
        for (const rewrite &r : a.rewrites)
          rewritten |= 1U << r.field;
      }
    const confab::core::event_info &info = confab::core::info_of_row(row);
    for (const confab::core::event_field &f : info.fields)
      settable |= f.field != 0 ? 1U << f.field : 0U;
    for (const confab::core::event_number &n : info.numbers)
      settable |= 1U << n.field;
    INFO("row " << row << " of the table of events");
    CHECK(acted > 0);
    CHECK(rewritten == settable);
  }
}
