// SPDX-License-Identifier: MIT
//
// The four bytes of an IPv4 address out of its text, in the order in which they are written. No
// other form than four decimal numbers is one, and no host is looked up.

#pragma once

#include "text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace confab::text {

inline bool parse_ipv4(std::string_view text, std::array<std::uint8_t, 4> &out) noexcept {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::size_t end = i + 1 < out.size() ? text.find('.') : text.size();
    if (end == std::string_view::npos)
      return false;
    const auto part = parse_u64(text.substr(0, end), UINT8_MAX);
    if (!part)
      return false;
    out[i] = static_cast<std::uint8_t>(*part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return true;
}

} // namespace confab::text
