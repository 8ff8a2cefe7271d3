// SPDX-License-Identifier: MIT
//
// Code pages: which characters the bytes of an ANSI string stand for. The protocol does not name
// its page (decisions.hpp, 24), so it is an option of whoever serves the connection. One byte is
// one character in all of these; UTF-8, for clients of today, is handled where strings are.

#pragma once

#include <cstdint>

namespace confab::mic {

enum class code_page : std::uint16_t {
  windows_1250 = 1250,
  windows_1251 = 1251,
  windows_1252 = 1252,
  windows_1253 = 1253,
  windows_1254 = 1254,
  windows_1255 = 1255,
  windows_1256 = 1256,
  windows_1257 = 1257,
  windows_1258 = 1258,
  utf8 = 65001
};

inline constexpr code_page code_page_usual = code_page::windows_1252;

// False, and `out` as it was, when there is none of that number here.
bool find_code_page(std::uint32_t number, code_page &out) noexcept;

// For pages other than utf8. The character of any byte is another one, so this loses nothing.
char32_t character_of(code_page page, std::uint8_t byte) noexcept;
// The byte of a character, or -1 when the page has none for it.
int byte_of(code_page page, char32_t character) noexcept;

} // namespace confab::mic
