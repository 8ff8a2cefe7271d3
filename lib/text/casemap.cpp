// SPDX-License-Identifier: MIT
//
// Comparing and folding whole names; the tables are in the header, so that one byte costs a load.
// Every function works byte by byte and never needs valid UTF-8.
// Hashing of folded names is in hash.hpp, matching of masks in mask.cpp.

#include "text/casemap.hpp"

namespace confab::text {

bool equal(casemap map, std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size())
    return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (fold(map, a[i]) != fold(map, b[i]))
      return false;
  return true;
}

std::size_t fold_into(casemap map, std::string_view s, char *out) noexcept {
  for (std::size_t i = 0; i < s.size(); ++i)
    out[i] = fold(map, s[i]);
  return s.size();
}

std::string_view name(casemap map) noexcept {
  return map == casemap::rfc1459 ? "rfc1459" : "ascii";
}

} // namespace confab::text
