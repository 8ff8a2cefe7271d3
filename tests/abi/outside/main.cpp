// SPDX-License-Identifier: MIT
//
// The least a C++ program does with confab: makes an engine, prints the version it runs on, ends.
// It sees nothing but what is installed.
// What an engine is good for is shown in examples/, not here.
#include <confab/confab.hpp>

#include <cstdio>

int main() {
  confab::engine engine;
  std::printf("confab %s\n", confab_version());
  return confab_abi_major() == CONFAB_ABI_MAJOR ? 0 : 1;
}
