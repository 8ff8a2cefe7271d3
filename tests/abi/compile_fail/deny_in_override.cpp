// SPDX-License-Identifier: MIT
//
// OVERRIDE lifts denials; it does not make them.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: an override handler returns confab::pass or confab::allow
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::override, [](confab::call &, const confab::message &) {
#ifdef OK
    return confab::allow("yes");
#else
    return confab::deny("no");
#endif
  });
}
