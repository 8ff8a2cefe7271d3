// SPDX-License-Identifier: MIT
//
// A rank belongs to a member: a message has none to set.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: constraints not satisfied
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  using event = confab::member_change;
#else
  using event = confab::message;
#endif
  engine.on<event>(confab::transform, [](confab::transform_call<event> &call, const event &) {
    call.set_rank(CONFAB_RANK_VOICE);
  });
}
