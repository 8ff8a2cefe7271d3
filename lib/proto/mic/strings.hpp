// SPDX-License-Identifier: MIT
//
// Strings of MIC against UTF-8, which is what the engine holds: spec/mic.md §9.1. A string is bytes
// of a code page or UTF-16LE; nothing in the protocol ends one, and lengths count units: bytes or
// words. What becomes of characters that the other side lacks is fixed here, once (decisions.hpp,
// 16): a text never grows, vanishes or fails over one of them, and how many were lost is told.

#pragma once

#include "proto/mic/code_page.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace confab::mic {

// The form of a string that is to be written.
struct encoding {
  bool wide = false;
  code_page page = code_page_usual;

  std::size_t unit_bytes() const noexcept { return wide ? 2 : 1; }
};

// A string as it stands in a frame.
struct wire_text {
  std::string_view bytes;
  bool wide = false;

  std::size_t units() const noexcept { return wide ? bytes.size() / 2 : bytes.size(); }
  bool empty() const noexcept { return bytes.empty(); }
  // Room that the same in UTF-8 can need at most.
  std::size_t utf8_bytes_most() const noexcept { return 3 * units(); }
};

struct converted {
  std::size_t bytes = 0; // written
  std::size_t taken = 0; // of the source; less than all of it where the room ended
  std::size_t lost = 0;  // characters that something else had to stand for
};

// Writes the UTF-8 of a string, whole characters as far as they fit. Half of a surrogate pair, and
// on the page utf8 a byte that is none, becomes U+FFFD.
converted to_utf8(wire_text from, code_page page, std::span<char> out) noexcept;

// The other way. A character that the page lacks becomes `?`. A byte that is no UTF-8 is taken for
// a character of the page, as clients without UTF-8 mean it; on the page utf8 it becomes U+FFFD.
converted from_utf8(std::string_view from, encoding to, std::span<char> out) noexcept;

// What from_utf8 would do with room for bytes_max bytes, without writing.
converted measure(std::string_view from, encoding to,
                  std::size_t bytes_max = static_cast<std::size_t>(-1)) noexcept;

} // namespace confab::mic
