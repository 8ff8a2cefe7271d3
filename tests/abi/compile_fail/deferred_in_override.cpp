// SPDX-License-Identifier: MIT
//
// OVERRIDE decides at once, or leaves the denial.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: an override handler returns confab::pass or confab::allow
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::override, [](confab::call &, const confab::message &) {
#ifdef OK
    return confab::pass;
#else
    return confab::deferred;
#endif
  });
}
