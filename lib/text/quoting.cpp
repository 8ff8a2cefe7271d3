// SPDX-License-Identifier: MIT
//
// Escapes and surrogates: see quoting.hpp. All of it reads from the left and never writes ahead of
// what it has read, so that a text can be worked on in its own place.

#include "text/quoting.hpp"

#include "text/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace confab::text {

namespace {

// The letter that quotes a byte, or 0 where it stands for itself.
constexpr char letter_for(char byte, quoting where) noexcept {
  if (where == quoting::payload && (byte == ' ' || byte == ','))
    return '\0';
  for (const escape &row : escapes)
    if (row.byte == byte)
      return row.letter;
  return '\0';
}

constexpr const escape *escape_of(char letter) noexcept {
  for (const escape &row : escapes)
    if (row.letter == letter)
      return &row;
  return nullptr;
}

constexpr bool is_wildcard(char c) noexcept { return c == '*' || c == '?'; }

// A surrogate in three bytes: ED, then A0..AF for a high or B0..BF for a low one. Its ten bits, or
// nothing.
std::optional<std::uint32_t> surrogate(std::string_view s, unsigned char second_least) noexcept {
  if (s.size() < 3)
    return std::nullopt;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
  if (byte(0) != 0xed || (byte(1) & 0xf0U) != second_least || (byte(2) & 0xc0U) != 0x80)
    return std::nullopt;
  return (byte(1) & 0x0fU) << 6U | (byte(2) & 0x3fU);
}

constexpr char as_char(std::uint32_t value) noexcept {
  return static_cast<char>(static_cast<unsigned char>(value));
}

} // namespace

bool quote(std::string_view raw, quoting where, char *out, std::size_t size,
           std::size_t &used) noexcept {
  std::size_t at = used;
  for (const char c : raw) {
    const char letter = letter_for(c, where);
    if (size - at < (letter ? 2U : 1U))
      return false;
    if (letter) {
      out[at++] = '\\';
      out[at++] = letter;
    } else {
      out[at++] = c;
    }
  }
  used = at;
  return true;
}

std::size_t unquote(std::string_view quoted, char *out) noexcept {
  std::size_t used = 0;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const escape *row =
        quoted[i] == '\\' && i + 1 < quoted.size() ? escape_of(quoted[i + 1]) : nullptr;
    out[used++] = row ? row->byte : quoted[i];
    i += row ? 1 : 0;
  }
  return used;
}

std::optional<std::size_t> unquote_mask(std::string_view mask, char *out) noexcept {
  std::size_t used = 0;
  for (std::size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] != '\\' || i + 1 == mask.size()) {
      out[used++] = mask[i];
      continue;
    }
    const char letter = mask[i + 1];
    const escape *row = escape_of(letter);
    if (letter == '\\' && i + 2 < mask.size() && is_wildcard(mask[i + 2]))
      return std::nullopt;
    out[used++] = row ? row->byte : '\\';
    if (!row && is_wildcard(letter))
      out[used++] = letter;
    i += row || is_wildcard(letter) ? 1 : 0;
  }
  return used;
}

std::optional<std::size_t> normalise_utf8(std::string_view in, char *out) noexcept {
  std::size_t used = 0;
  while (!in.empty()) {
    std::size_t bytes = text::utf8_sequence(in);
    if (bytes > 0) {
      std::memmove(out + used, in.data(), bytes);
      used += bytes;
    } else {
      const auto high = surrogate(in, 0xa0);
      const auto low = high ? surrogate(in.substr(3), 0xb0) : std::nullopt;
      if (!low)
        return std::nullopt;
      const std::uint32_t c = 0x10000U + (*high << 10U | *low);
      out[used++] = as_char(0xf0U | c >> 18U);
      out[used++] = as_char(0x80U | (c >> 12U & 0x3fU));
      out[used++] = as_char(0x80U | (c >> 6U & 0x3fU));
      out[used++] = as_char(0x80U | (c & 0x3fU));
      bytes = 6;
    }
    in.remove_prefix(bytes);
  }
  return used;
}

bool greeting_lines::next(std::string_view &out) noexcept {
  while (!rest_.empty()) {
    constexpr std::string_view mark = "\\n";
    const std::size_t end = rest_.find(mark);
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + mark.size());
    if (!line.empty()) {
      out = line;
      return true;
    }
  }
  return false;
}

} // namespace confab::text
