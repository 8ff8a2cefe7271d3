// SPDX-License-Identifier: MIT
//
// An observer has no tokens that could end.
//
// Must not compile; with -DOK it must (compile_fail.sh). One fault a file.
// expect: only a policy handler defers
#include <confab/confab.hpp>

int main() {
  confab::engine engine;
  const auto cancelled = [](confab::engine_ref, confab::token, std::uint32_t) {};
#ifdef OK
  const auto handler = [](confab::call &, const confab::message &) { return confab::pass; };
  engine.on<confab::message>(confab::policy, confab::deferring(handler, cancelled));
#else
  const auto handler = [](confab::call &, const confab::message &) {};
  engine.on<confab::message>(confab::observe, confab::deferring(handler, cancelled));
#endif
}
