// SPDX-License-Identifier: MIT
//
// A coroutine that has come to its end waits no more.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: deleted
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::message>) -> confab::task { co_return confab::pass; });
#else
  engine.on<confab::message>(confab::policy, [](confab::act<confab::message>) -> confab::task {
    co_return confab::deferred;
  });
#endif
}
