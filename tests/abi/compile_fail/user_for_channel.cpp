// SPDX-License-Identifier: MIT
//
// An id of one kind is not one of another.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: cannot convert|no viable conversion
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  const confab::user_id user;
#ifdef OK
  const confab::channel_id channel;
#else
  const confab::user_id channel;
#endif
  (void)engine.find_member(channel, user);
}
