// SPDX-License-Identifier: MIT
//
// An engine has one owner.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: deleted
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  confab::engine other(std::move(engine));
#else
  confab::engine other(engine);
#endif
}
