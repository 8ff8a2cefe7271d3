// SPDX-License-Identifier: MIT
//
// Only TRANSFORM replaces texts.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no member named .set_text.
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::transform, [](confab::transform_call<confab::message> &c, const confab::message &) {
#else
  engine.on<confab::message>(confab::observe, [](confab::observe_call &c, const confab::message &) {
#endif
        c.set_text("changed");
      });
}
