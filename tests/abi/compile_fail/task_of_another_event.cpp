// SPDX-License-Identifier: MIT
//
// The type that is subscribed to fixes the type of the act.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a handler takes its stage's call and its event
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::message>) -> confab::task { co_return confab::pass; });
#else
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::join>) -> confab::task { co_return confab::pass; });
#endif
}
