// SPDX-License-Identifier: MIT
//
// A policy judges; only TRANSFORM replaces texts.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no member named .set_text.
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(confab::transform, [](confab::transform_call<confab::message> &c,
                                                   const confab::message &) { c.set_text("bye"); });
#else
  engine.on<confab::message>(confab::policy, [](confab::policy_call &c, const confab::message &) {
    c.set_text("bye");
    return confab::pass;
  });
#endif
}
