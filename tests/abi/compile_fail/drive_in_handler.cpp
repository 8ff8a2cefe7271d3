// SPDX-License-Identifier: MIT
//
// The engine that a handler gets cannot be driven: no ERR_REENTRANT to run into.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no member named .flush.
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::observe, [](confab::call &c, const confab::message &) {
#ifdef OK
    c.engine().submit(confab::commands::nick(confab::user_id{}, "bob"));
#else
    (void)c.engine().flush();
#endif
  });
}
