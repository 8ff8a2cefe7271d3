// SPDX-License-Identifier: MIT
//
// Matching of masks by the greedy method: on a mismatch, go back to the last `*` and let it take
// one character more. An earlier `*` never has to be tried again, because the parts between them
// were found as far left as possible; so each place of the text is the start of at most one
// attempt, and an attempt is no longer than the mask. The text moves by whole characters.

#include "text/mask.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace confab::text {

namespace {

// Length of the character at `at`: a well-formed sequence, or one byte that begins none.
std::size_t char_bytes(std::string_view text, std::size_t at) noexcept {
  if (static_cast<unsigned char>(text[at]) < 0x80)
    return 1;
  return std::max<std::size_t>(1, utf8_sequence(text.substr(at)));
}

bool is_escape(std::string_view mask, std::size_t at) noexcept {
  return mask[at] == '\\' && at + 1 < mask.size() && (mask[at + 1] == '*' || mask[at + 1] == '?');
}

// Matches one character of both at `m` and `t`, and moves both past it if that goes.
bool match_char(casemap map, std::string_view mask, std::size_t &m, std::string_view text,
                std::size_t &t) noexcept {
  if (m == mask.size())
    return false;
  const std::size_t bytes = char_bytes(text, t);
  if (mask[m] == '?') {
    m += 1;
    t += bytes;
    return true;
  }
  const std::size_t literal = is_escape(mask, m) ? m + 1 : m;
  // Only single bytes have case (casemap.hpp), and nearly all characters are single bytes.
  const bool same = bytes == 1 ? fold(map, mask[literal]) == fold(map, text[t])
                               : mask.substr(literal, bytes) == text.substr(t, bytes);
  if (!same)
    return false;
  m = literal + bytes;
  t += bytes;
  return true;
}

} // namespace

bool mask_match(casemap map, std::string_view mask, std::string_view text) noexcept {
  constexpr std::size_t none = std::string_view::npos;
  std::size_t m = 0;
  std::size_t t = 0;
  std::size_t star_m = none; // after the last `*` met
  std::size_t star_t = 0;    // where the text after that `*` is tried
  while (t < text.size()) {
    if (m < mask.size() && mask[m] == '*') {
      star_m = ++m;
      star_t = t;
      if (m == mask.size())
        return true;
    } else if (!match_char(map, mask, m, text, t)) {
      if (star_m == none)
        return false;
      star_t += char_bytes(text, star_t);
      t = star_t;
      m = star_m;
    }
  }
  return mask.find_first_not_of('*', m) == none;
}

bool mask_is_literal(std::string_view mask) noexcept {
  // An escape always holds one of the two wildcards, so looking for them finds escapes as well.
  return mask.find_first_of("*?") == std::string_view::npos;
}

} // namespace confab::text
