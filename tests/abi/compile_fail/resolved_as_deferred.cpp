// SPDX-License-Identifier: MIT
//
// A token answers with a decision: the act waits already.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: deleted
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.resolve(confab::token(1), confab::pass);
#else
  (void)engine.resolve(confab::token(1), confab::deferred);
#endif
}
