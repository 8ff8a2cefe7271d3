// SPDX-License-Identifier: MIT
//
// Nothing is no bytes: a null would be read as a text.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: deleted
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.feed(confab::conn_id{}, 0, "PING 1\r\n");
#else
  (void)engine.feed(confab::conn_id{}, 0, nullptr);
#endif
}
