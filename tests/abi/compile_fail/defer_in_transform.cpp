// SPDX-License-Identifier: MIT
//
// Only POLICY can take a token.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no member named .defer.
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  engine.on<confab::message>(confab::policy, [](auto &call, const confab::message &) {
    (void)call.defer();
    return confab::deferred;
  });
#else
  engine.on<confab::message>(confab::transform,
                             [](auto &call, const confab::message &) { (void)call.defer(); });
#endif
}
