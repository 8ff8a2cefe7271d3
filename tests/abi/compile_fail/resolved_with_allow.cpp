// SPDX-License-Identifier: MIT
//
// Whoever holds a token judges as POLICY does: it has no ALLOW.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching|no viable
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.resolve(confab::token(1), confab::deny("no"));
#else
  (void)engine.resolve(confab::token(1), confab::allow("yes"));
#endif
}
