// SPDX-License-Identifier: MIT
//
// A number is not an id before one has said which kind it is.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: cannot convert|no viable conversion
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  const confab_id raw = 1;
#ifdef OK
  (void)engine.close(confab::conn_id(raw), 0, "");
#else
  (void)engine.close(raw, 0, "");
#endif
}
