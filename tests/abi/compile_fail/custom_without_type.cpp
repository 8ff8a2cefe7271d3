// SPDX-License-Identifier: MIT
//
// The type of a leased space is known when the program runs: it has to be said.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: say which
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  const auto handler = [](confab::call &, const confab::custom &) {};
#ifdef OK
  engine.on<confab::custom>(confab::custom_type{1, 1}, confab::observe, handler);
#else
  engine.on<confab::custom>(confab::observe, handler);
#endif
}
