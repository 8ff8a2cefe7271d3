// SPDX-License-Identifier: MIT
//
// Only TRANSFORM rewrites, and nothing else: there is nothing to answer.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a transform or observe handler returns nothing
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::transform, [](confab::call &, const confab::message &) {
#ifndef OK
    return "x";
#endif
  });
}
