// SPDX-License-Identifier: MIT
//
// An invitation has no text that could be replaced, while it waits as little as before.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: constraints not satisfied
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  using event = confab::topic;
#else
  using event = confab::invite;
#endif
  engine.waiting<event>(confab::token(1)).value().set_text("changed");
}
