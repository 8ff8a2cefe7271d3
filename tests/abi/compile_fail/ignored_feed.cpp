// SPDX-License-Identifier: MIT
//
// What was not consumed would be lost.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: nodiscard|unused-result
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  const confab::fed fed = engine.feed(confab::conn_id{}, 0, "PING 1\r\n");
  confab::checked(fed.status);
#else
  engine.feed(confab::conn_id{}, 0, "PING 1\r\n");
#endif
}
