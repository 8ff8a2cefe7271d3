// SPDX-License-Identifier: MIT
//
// GUIDs between their two forms: see guid.hpp. One table says where each byte stands in the text,
// for both ways. What a GUID means, and what is done with one that is none, is decided where it is
// used.

#include "proto/mic/guid.hpp"

#include <cstdint>

namespace confab::mic {

namespace {

// Of the text inside the braces.
constexpr std::array<std::uint8_t, guid_bytes> places{6,  4,  2,  0,  11, 9,  16, 14,
                                                      19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::size_t inner_bytes = guid_text_bytes - 2;

int nibble(char c) noexcept {
  return c >= '0' && c <= '9'   ? c - '0'
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                : -1;
}

} // namespace

std::array<char, guid_text_bytes> guid_text(std::string_view bytes) noexcept {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::array<char, guid_text_bytes> out;
  out.fill('-');
  out.front() = '{';
  out.back() = '}';
  for (std::size_t i = 0; i < guid_bytes; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    out[1U + places[i]] = digits[byte >> 4U];
    out[2U + places[i]] = digits[byte & 15U];
  }
  return out;
}

bool read_guid(std::string_view text, std::array<char, guid_bytes> &out) noexcept {
  if (text.size() == guid_text_bytes && text.front() == '{' && text.back() == '}')
    text = text.substr(1, inner_bytes);
  if (text.size() != inner_bytes)
    return false;
  for (const std::size_t dash : {8U, 13U, 18U, 23U})
    if (text[dash] != '-')
      return false;
  for (std::size_t i = 0; i < guid_bytes; ++i) {
    const int high = nibble(text[places[i]]), low = nibble(text[places[i] + 1U]);
    if (high < 0 || low < 0)
      return false;
    out[i] = static_cast<char>(high << 4 | low);
  }
  return true;
}

} // namespace confab::mic
