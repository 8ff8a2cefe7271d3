// SPDX-License-Identifier: MIT
//
// An answer that nobody can give would be waited for until the deadline.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: nodiscard|warn_unused|ignoring return
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  confab::answer<bool> answer;
  const confab::pending<bool> end = answer.pending();
#else
  confab::answer<bool> answer;
  answer.pending();
#endif
}
