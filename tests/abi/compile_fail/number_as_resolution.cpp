// SPDX-License-Identifier: MIT
//
// What waits is decided with the same words as what does not.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching (member )?function
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.resolve(confab::token{}, confab::pass);
#else
  (void)engine.resolve(confab::token{}, 17);
#endif
}
