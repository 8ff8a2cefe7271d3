// SPDX-License-Identifier: MIT
//
// A coroutine judges as POLICY does: it has no ALLOW.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching|no viable|could not convert
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(confab::policy, [](confab::act<confab::message>) -> confab::task {
    co_return confab::deny("no");
  });
#else
  engine.on<confab::message>(confab::policy, [](confab::act<confab::message>) -> confab::task {
    co_return confab::allow("yes");
  });
#endif
}
