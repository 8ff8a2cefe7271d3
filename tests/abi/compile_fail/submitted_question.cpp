// SPDX-License-Identifier: MIT
//
// Questions are not submitted as commands: there are functions for them.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: constraints not satisfied|does not satisfy|constraint failure
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  using event = confab::topic;
#else
  using event = confab::query;
#endif
  (void)engine.try_submit(confab::command<event>{});
}
