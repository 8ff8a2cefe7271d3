// SPDX-License-Identifier: MIT
//
// The stage fixes the type of the call.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a handler takes its stage's call and its event
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(
      confab::override, [](confab::override_call &c, const confab::message &) { return c.pass(); });
#else
  engine.on<confab::message>(
      confab::override, [](confab::policy_call &c, const confab::message &) { return c.pass(); });
#endif
}
