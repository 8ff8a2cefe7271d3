// SPDX-License-Identifier: MIT
//
// What was observed is decided: nothing is left to wait for.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a transform or observe handler returns nothing
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::observe, [](confab::call &, const confab::message &) {
#ifndef OK
    return confab::deferred;
#endif
  });
}
