// SPDX-License-Identifier: MIT
//
// What names of additions may look like: the rules that extend_*.h state. Whether a name is taken
// is not asked here.

#pragma once

#include "core/memory.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <string_view>

namespace confab::abi {

// 1 to `most` ASCII letters, digits and bytes of `also`.
inline bool word_of(std::string_view name, std::string_view also, std::size_t most) noexcept {
  return !name.empty() && name.size() <= most && std::all_of(name.begin(), name.end(), [&](char c) {
    return text::is_alpha(c) || text::is_digit(c) || also.find(c) != std::string_view::npos;
  });
}

// The same with a letter first.
inline bool named_word(std::string_view name, std::string_view also, std::size_t most) noexcept {
  return word_of(name, also, most) && text::is_alpha(name[0]);
}

inline bool capitals(std::string_view name, std::string_view also, std::size_t most) noexcept {
  return word_of(name, also, most) && std::none_of(name.begin(), name.end(), text::is_lower);
}

// "NAME" or "NAME=value".
inline bool token_legal(std::string_view token) noexcept {
  const std::size_t end = std::min(token.find('='), token.size());
  return token.size() <= 128 && capitals(token.substr(0, end), "", 20) &&
         std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

inline bool printable_word(std::string_view word, std::size_t most) noexcept {
  return word.size() <= most &&
         std::all_of(word.begin(), word.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

// Text for people: UTF-8 of at most that many bytes, in one line unless `lines`.
inline bool text_for_people(std::string_view text, std::size_t most, bool lines) noexcept {
  return text.size() <= most && text::utf8_valid(text) &&
         std::none_of(text.begin(), text.end(),
                      [&](char c) { return c == '\0' || c == '\r' || (c == '\n' && !lines); });
}

// A pointer for every byte that a text says it has.
inline bool has_bytes(confab_str s) noexcept { return s.ptr || s.len == 0; }

} // namespace confab::abi
