// SPDX-License-Identifier: MIT
//
// A connection opens when it does: nobody submits that.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: constraints not satisfied|does not satisfy|constraint failure
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  using event = confab::kick;
#else
  using event = confab::connect;
#endif
  (void)engine.try_submit(confab::command<event>{});
}
