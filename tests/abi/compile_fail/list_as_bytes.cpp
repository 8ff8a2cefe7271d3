// SPDX-License-Identifier: MIT
//
// A list of numbers is no bytes: they are wider.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: no matching (member )?function
#include <confab/confab.hpp>

#include <vector>

int main() {
  confab::engine engine;
#ifdef OK
  (void)engine.feed(confab::conn_id{}, 0, std::vector<std::byte>{std::byte{1}});
#else
  (void)engine.feed(confab::conn_id{}, 0, std::vector<int>{1});
#endif
}
