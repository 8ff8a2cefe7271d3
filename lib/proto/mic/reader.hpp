// SPDX-License-Identifier: MIT
//
// Reads the parts of a frame from left to right. What is not there reads as zero or as nothing and
// marks the reader as failed for good, so that a whole layout is read first and judged once. It
// never looks outside the view it was given. Layouts are in the files that use it.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::mic {

class reader {
public:
  explicit reader(std::string_view bytes) noexcept : rest_(bytes) {}

  std::size_t left() const noexcept { return rest_.size(); }
  bool failed() const noexcept { return failed_; }

  std::uint8_t u8() noexcept { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() noexcept { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() noexcept { return number(4); }

  std::string_view bytes(std::size_t count) noexcept {
    if (count > rest_.size()) {
      failed_ = true;
      rest_ = {};
    }
    const std::string_view out = rest_.substr(0, count);
    rest_.remove_prefix(out.size());
    return failed_ ? std::string_view{} : out;
  }

  std::string_view rest() noexcept { return bytes(rest_.size()); }

private:
  std::uint32_t number(std::size_t count) noexcept {
    const std::string_view from = bytes(count);
    std::uint32_t out = 0;
    for (std::size_t i = from.size(); i-- > 0;)
      out = out << 8U | static_cast<unsigned char>(from[i]);
    return out;
  }

  std::string_view rest_;
  bool failed_ = false;
};

} // namespace confab::mic
