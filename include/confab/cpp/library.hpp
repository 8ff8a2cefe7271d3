// SPDX-License-Identifier: MIT
//
// Is the library that the program runs with one that its headers fit? The first thing a
// confab::engine asks. A library that is missing, or lacks a function, is the system's error before
// `main`.
//
// Beside confab::other_library nothing here is meant to be named.
#pragma once

#include <confab/cpp/status.hpp>
#include <confab/version.h>

#include <array>
#include <cstdint>
#include <cstdio>

namespace confab {
inline namespace abi_0 {

// The library has another ABI than the headers the program was compiled with.
class other_library : public error {
public:
  other_library(std::uint32_t major, std::uint32_t minor) noexcept : error(CONFAB_ERR_UNSUPPORTED) {
    const bool older =
        major != CONFAB_ABI_MAJOR ? major < CONFAB_ABI_MAJOR + 0U : minor < CONFAB_ABI_MINOR + 0U;
    (void)std::snprintf(what_.data(), what_.size(),
                        "libconfab is %s than this program: its ABI is %u.%u, the program was "
                        "compiled for %d.%d",
                        older ? "older" : "newer", unsigned{major}, unsigned{minor},
                        CONFAB_ABI_MAJOR, CONFAB_ABI_MINOR);
  }
  [[nodiscard]] const char *what() const noexcept override { return what_.data(); }

private:
  std::array<char, 128> what_{};
};

namespace detail {

// While the major is 0, each minor is another ABI (version.h).
constexpr bool library_fits(std::uint32_t major, std::uint32_t minor) noexcept {
  return major == CONFAB_ABI_MAJOR &&
         (major == 0 ? minor == CONFAB_ABI_MINOR : minor >= CONFAB_ABI_MINOR);
}

inline void require_library() {
  const std::uint32_t major = confab_abi_major(), minor = confab_abi_minor();
  if (!library_fits(major, minor)) {
    throw other_library(major, minor);
  }
}

} // namespace detail

} // namespace abi_0
} // namespace confab
