// SPDX-License-Identifier: MIT
//
// A call and its event are over when a coroutine waits: it takes an act.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a task takes its act by value|a policy handler returns
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::message>) -> confab::task { co_return confab::pass; });
#else
  engine.on<confab::message>(confab::policy,
                             [](confab::policy_call &, const confab::message &) -> confab::task {
                               co_return confab::pass;
                             });
#endif
}
