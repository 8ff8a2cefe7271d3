// SPDX-License-Identifier: MIT
//
// The main program of every Catch2 suite. It adds one thing to Catch2: the last line of output
// counts test cases as "N passed, M failed", the form in which every suite here reports to
// tests/run. Without that line (a crash, an early exit) tests/run takes the suite as failed. No
// tests live here.
#define CATCH_CONFIG_RUNNER
#include "support/catch.hpp"

#include <cstdio>

namespace {

#if defined(CATCH_VERSION_MAJOR) && CATCH_VERSION_MAJOR >= 3
using listener_base = Catch::EventListenerBase;
#else
using listener_base = Catch::TestEventListenerBase;
#endif

struct case_counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
};

// Catch2 makes listeners itself, so what they count has to be reachable from main.
case_counts &counts() {
  static case_counts value;
  return value;
}

struct count_listener : listener_base {
  using listener_base::listener_base;

  void testCaseEnded(const Catch::TestCaseStats &stats) override {
    const bool failed = stats.totals.testCases.failed > 0;
    ++(failed ? counts().failed : counts().passed);
  }
};

CATCH_REGISTER_LISTENER(count_listener)

} // namespace

int main(int argc, char **argv) {
  Catch::Session session;
  const int status = session.run(argc, argv);
  if (counts().passed + counts().failed > 0) {
    std::printf("%zu passed, %zu failed\n", counts().passed, counts().failed);
  }
  return status;
}
