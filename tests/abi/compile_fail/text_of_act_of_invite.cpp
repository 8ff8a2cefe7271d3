// SPDX-License-Identifier: MIT
//
// An invitation has no text that could be replaced, in a coroutine as little as elsewhere.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: constraints not satisfied
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::topic>(confab::policy, [](confab::act<confab::topic> a) -> confab::task {
    a.set_text("changed");
    co_return confab::pass;
  });
#else
  engine.on<confab::invite>(confab::policy, [](confab::act<confab::invite> a) -> confab::task {
    a.set_text("changed");
    co_return confab::pass;
  });
#endif
}
