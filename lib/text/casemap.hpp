// SPDX-License-Identifier: MIT
//
// Case mapping of names: which two bytes count as the same letter in a nick or a channel name.
// RFC 1459 §2.2 makes {}|^ the lower case of []\~; `ascii` leaves those eight alone. A network
// picks one in its options and announces it as CASEMAPPING. Bytes from 0x80 up map to themselves
// in both, so a mapping never changes the length of a name nor breaks UTF-8.
// Keywords are compared with iequals (ascii.hpp), never with this.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::text {

enum class casemap : std::uint8_t { ascii, rfc1459 };

using fold_table = std::array<char, 256>;

constexpr fold_table make_fold_table(casemap map) noexcept {
  fold_table table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const bool letter = i >= 'A' && i <= 'Z';
    // In ASCII each of []\ stands 32 below its partner in {}|, as the letters do; ~ is apart.
    const bool bracket = map == casemap::rfc1459 && i >= '[' && i <= ']';
    table[i] = static_cast<char>(letter || bracket ? i + 32 : i);
  }
  if (map == casemap::rfc1459)
    table['~'] = '^';
  return table;
}

inline constexpr std::array<fold_table, 2> fold_tables{make_fold_table(casemap::ascii),
                                                       make_fold_table(casemap::rfc1459)};

// The lower case of one byte.
inline char fold(casemap map, char c) noexcept {
  return fold_tables[static_cast<std::size_t>(map)][static_cast<unsigned char>(c)];
}

bool equal(casemap map, std::string_view a, std::string_view b) noexcept;

// Writes the lower case of `s` to `out`, which has room for s.size() bytes; returns that number.
// `out` may be the text itself.
std::size_t fold_into(casemap map, std::string_view s, char *out) noexcept;

// The value of the ISUPPORT token CASEMAPPING.
std::string_view name(casemap map) noexcept;

} // namespace confab::text
