// SPDX-License-Identifier: MIT
//
// A token is no subscription.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching|could not convert|no viable
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.resolve(confab::token(1), confab::pass);
#else
  (void)engine.resolve(confab::subscription(1), confab::pass);
#endif
}
