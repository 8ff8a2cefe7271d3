// SPDX-License-Identifier: MIT
//
// POLICY judges what it is given: only TRANSFORM changes it.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no member named .set_kind.
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(confab::transform, [](auto &call, const confab::message &) {
    call.set_kind(CONFAB_MESSAGE_NOTICE);
  });
#else
  engine.on<confab::message>(confab::policy, [](auto &call, const confab::message &) {
    call.set_kind(CONFAB_MESSAGE_NOTICE);
    return confab::pass;
  });
#endif
}
