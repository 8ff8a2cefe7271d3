// SPDX-License-Identifier: MIT
//
// An object is no bytes, whatever it is made of.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching (member )?function
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  const struct { char a[1]; } object{{'x'}};
#ifdef OK
  (void)engine.feed(confab::conn_id{}, 0, std::string_view(object.a, 1));
#else
  (void)engine.feed(confab::conn_id{}, 0, object);
#endif
}
