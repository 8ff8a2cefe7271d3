// SPDX-License-Identifier: MIT
//
// One target as a libFuzzer program: CONFAB_FUZZ_TARGET names the function. `fuzz_mic -help=1`
// lists its options; a corpus directory is its argument.
#include "fuzz/targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  confab::fuzz::CONFAB_FUZZ_TARGET({reinterpret_cast<const char *>(data), size});
  return 0;
}
