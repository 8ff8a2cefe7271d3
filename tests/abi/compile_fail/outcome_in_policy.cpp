// SPDX-License-Identifier: MIT
//
// In POLICY nothing has come of the act yet.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no member named .outcome.
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(confab::observe, [](confab::observe_call &c, const confab::message &) {
#else
  engine.on<confab::message>(confab::policy, [](confab::policy_call &c, const confab::message &) {
#endif
    (void)c.outcome();
  });
}
