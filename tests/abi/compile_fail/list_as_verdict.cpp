// SPDX-License-Identifier: MIT
//
// A list is no verdict.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a policy handler returns confab::pass, confab::deny
#include <confab/confab.hpp>

#include <vector>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::policy, [](confab::call &, const confab::message &) {
#ifdef OK
    return confab::pass;
#else
    return std::vector<int>{};
#endif
  });
}
