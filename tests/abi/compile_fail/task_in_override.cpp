// SPDX-License-Identifier: MIT
//
// A coroutine takes its time, and only POLICY has any: OVERRIDE does not wait.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: only a policy handler may take its time
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::message>) -> confab::task { co_return confab::pass; });
#else
  engine.on<confab::message>(confab::override, [](confab::act<confab::message>) -> confab::task {
    co_return confab::pass;
  });
#endif
}
