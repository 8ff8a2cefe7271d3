// SPDX-License-Identifier: MIT
//
// A coroutine answers with words, like every handler.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching|no viable|could not convert
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::policy, [](confab::act<confab::message>) -> confab::task { co_return confab::pass; });
#else
  engine.on<confab::message>(confab::policy,
                             [](confab::act<confab::message>) -> confab::task { co_return 17; });
#endif
}
