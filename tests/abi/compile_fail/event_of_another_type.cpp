// SPDX-License-Identifier: MIT
//
// The type that is subscribed to fixes the type of the event.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a handler takes its stage's call and its event
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::join>(confab::observe, [](confab::call &, const confab::join &) {});
#else
  engine.on<confab::message>(confab::observe, [](confab::call &, const confab::join &) {});
#endif
}
