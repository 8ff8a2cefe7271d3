// SPDX-License-Identifier: MIT
//
// Bytes as ASCII: letters, digits, case and numbers, the same on every machine.
// The functions of <cctype> ask the locale of the process and are undefined for negative
// characters, so the library never calls them. Bytes from 0x80 up are no letters here.
// Nothing in this file knows a protocol; case mapping of names is in casemap.hpp.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace confab::text {

constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

constexpr bool is_alpha(char c) noexcept { return is_upper(c) || is_lower(c); }

constexpr char to_lower(char c) noexcept { return is_upper(c) ? static_cast<char>(c + 32) : c; }

constexpr char to_upper(char c) noexcept { return is_lower(c) ? static_cast<char>(c - 32) : c; }

// Equal but for the case of ASCII letters: for keywords of protocols and options, never for names.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (to_lower(a[i]) != to_lower(b[i]))
      return false;
  return true;
}

// Reads digits only: no sign, no space, no empty text. A value above `max` gives nothing, and
// leading zeros are taken, since clients do send them (`USER x 08 *`).
constexpr std::optional<std::uint64_t> parse_u64(std::string_view s, std::uint64_t max) noexcept {
  if (s.empty())
    return std::nullopt;
  std::uint64_t value = 0;
  for (const char c : s) {
    if (!is_digit(c))
      return std::nullopt;
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (digit > max || value > (max - digit) / 10)
      return std::nullopt;
    value = value * 10 + digit;
  }
  return value;
}

} // namespace confab::text
