// SPDX-License-Identifier: MIT
//
// Well-formedness of UTF-8 after the table in RFC 3629 §4: the lead byte fixes the length and the
// range of the second byte, and that range is what keeps overlong forms, surrogates and values
// above U+10FFFF out. All other bytes are 80..BF. No state, no tables, no allocation.

#include "text/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace confab::text {

namespace {

constexpr bool is_continuation(unsigned char byte) noexcept { return (byte & 0xc0U) == 0x80U; }

constexpr bool within(unsigned char byte, unsigned char least, unsigned char most) noexcept {
  return byte >= least && byte <= most;
}

// Length that a lead byte announces; 0 for continuation bytes and for C0, C1 and F5..FF, which
// begin nothing.
constexpr std::size_t announced_length(unsigned char lead) noexcept {
  if (lead < 0x80)
    return 1;
  if (within(lead, 0xc2, 0xdf))
    return 2;
  if (within(lead, 0xe0, 0xef))
    return 3;
  return within(lead, 0xf0, 0xf4) ? 4 : 0;
}

constexpr bool second_byte_fits(unsigned char lead, unsigned char second) noexcept {
  switch (lead) {
  case 0xe0:
    return within(second, 0xa0, 0xbf);
  case 0xed:
    return within(second, 0x80, 0x9f);
  case 0xf0:
    return within(second, 0x90, 0xbf);
  case 0xf4:
    return within(second, 0x80, 0x8f);
  default:
    return is_continuation(second);
  }
}

// Length of the well-formed sequence at `p`, where `left` bytes are, one at least; 0 for none.
inline std::size_t sequence_at(const char *p, std::size_t left) noexcept {
  const auto byte = [p](std::size_t i) { return static_cast<unsigned char>(p[i]); };
  const std::size_t length = announced_length(byte(0));
  if (length <= 1)
    return length;
  if (length > left || !second_byte_fits(byte(0), byte(1)))
    return 0;
  for (std::size_t i = 2; i < length; ++i)
    if (!is_continuation(byte(i)))
      return 0;
  return length;
}

// The place after the ASCII at `at`, found eight bytes at a time: most text of a chat is ASCII.
std::size_t skip_ascii_words(std::string_view s, std::size_t at) noexcept {
  while (s.size() - at >= sizeof(std::uint64_t)) {
    std::uint64_t word;
    std::memcpy(&word, s.data() + at, sizeof word);
    if ((word & 0x8080808080808080U) != 0)
      break;
    at += sizeof word;
  }
  return at;
}

} // namespace

std::size_t utf8_sequence(std::string_view s) noexcept {
  return s.empty() ? 0 : sequence_at(s.data(), s.size());
}

bool utf8_valid(std::string_view s) noexcept {
  std::size_t at = 0;
  while ((at = skip_ascii_words(s, at)) < s.size()) {
    // One word at most before trying whole words again: enough to pass the byte that stopped them.
    const std::size_t stop = std::min(s.size(), at + sizeof(std::uint64_t));
    while (at < stop) {
      const std::size_t length = sequence_at(s.data() + at, s.size() - at);
      if (length == 0)
        return false;
      at += length;
    }
  }
  return true;
}

std::size_t utf8_cut(std::string_view s, std::size_t bytes_max) noexcept {
  if (s.size() <= bytes_max)
    return s.size();
  // Only a sequence that begins at most three bytes before the cut can reach across it, and its
  // lead is the nearest byte there that is no continuation.
  for (std::size_t back = 0; back <= 3 && back <= bytes_max; ++back) {
    const std::size_t lead = bytes_max - back;
    if (is_continuation(static_cast<unsigned char>(s[lead])))
      continue;
    return utf8_sequence(s.substr(lead)) > back ? lead : bytes_max;
  }
  return bytes_max;
}

} // namespace confab::text
