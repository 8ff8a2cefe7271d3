// SPDX-License-Identifier: MIT
//
// The rules for names: see names.hpp. Lengths are counted in characters of UTF-8, which is what the
// specification limits; a byte that is no UTF-8 counts as one.

#include "proto/mic/names.hpp"

#include "proto/mic/limits.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace confab::mic {

namespace {

std::size_t characters(std::string_view s) noexcept {
  std::size_t out = 0;
  for (; !s.empty(); ++out)
    s.remove_prefix(std::max<std::size_t>(text::utf8_sequence(s), 1));
  return out;
}

bool begins_alias(char c) noexcept { return c >= 'A' && c <= 'z'; }

bool continues_alias(char c) noexcept {
  return begins_alias(c) || text::is_digit(c) || c == '-' || (c >= '{' && c <= '}');
}

} // namespace

bool alias_valid(std::string_view alias) noexcept {
  return !alias.empty() && alias.size() <= alias_max && begins_alias(alias.front()) &&
         std::all_of(alias.begin(), alias.end(), continues_alias);
}

bool channel_name_mic_only(std::string_view name) noexcept {
  return name.empty() || (name.front() != '#' && name.front() != '&' && name.front() != '%');
}

bool channel_name_valid(std::string_view name, bool mic_only, bool local) noexcept {
  static constexpr std::string_view never("\0\a\r\n", 4);
  if (name.empty() || name.find_first_of(never) != std::string_view::npos)
    return false;
  if (mic_only)
    return characters(name) <= channel_name_mic_only_max;
  return characters(name) <= channel_name_max &&
         (name.front() == '#' || (name.front() == '&' && local)) &&
         name.find_first_of(" ,") == std::string_view::npos;
}

} // namespace confab::mic
