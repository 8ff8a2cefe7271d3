// SPDX-License-Identifier: MIT
//
// confab::deny keeps a view of its text until the handler has returned: only a literal will do.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: a constant expression
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  engine.on<confab::message>(confab::policy, [](confab::policy_call &c, const confab::message &m) {
    const std::string text = "not to " + std::string(m.name());
#ifdef OK
    return c.deny(text);
#else
    (void)c;
    return confab::deny(text.c_str());
#endif
  });
}
