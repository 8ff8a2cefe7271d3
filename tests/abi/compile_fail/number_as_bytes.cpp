// SPDX-License-Identifier: MIT
//
// A number is no bytes.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching (member )?function
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.feed(confab::conn_id{}, 0, "PING 1\r\n");
#else
  (void)engine.feed(confab::conn_id{}, 0, 17);
#endif
}
