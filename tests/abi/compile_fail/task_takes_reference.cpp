// SPDX-License-Identifier: MIT
//
// A coroutine outlives the call that it was given something in: a reference would not.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a task takes its act by value
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::message>) -> confab::task { co_return confab::pass; });
#else
  engine.on<confab::message>(
      confab::policy,
      [](const confab::act<confab::message> &) -> confab::task { co_return confab::pass; });
#endif
}
