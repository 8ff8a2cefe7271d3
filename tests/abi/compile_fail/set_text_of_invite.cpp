// SPDX-License-Identifier: MIT
//
// An invitation has no text that could be replaced: the field must be one of the event's.
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
  engine.on<event>(confab::transform,
                   [](confab::transform_call<event> &c, const event &) { c.set_text("changed"); });
}
