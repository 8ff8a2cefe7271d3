// SPDX-License-Identifier: MIT
//
// A token that nobody keeps cannot be resolved: the act would wait for its deadline.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: nodiscard|warn_unused|ignoring return value
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::policy,
                             [](confab::policy_call &call, const confab::message &) {
#ifdef OK
                               const confab::token kept = call.defer();
                               (void)kept;
#else
                               call.defer();
#endif
                               return call.deferred();
                             });
}
