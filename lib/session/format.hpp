// SPDX-License-Identifier: MIT
//
// Text made in a fixed buffer: what does not fit is cut, nothing is allocated. For the few replies
// that are sentences; lines themselves are built by irc::line_writer.

#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace confab::session {

template <std::size_t Size, class... Args>
std::string_view format_into(char (&buffer)[Size], fmt::format_string<Args...> format,
                             Args &&...args) {
  const auto end = fmt::format_to_n(buffer, Size, format, std::forward<Args>(args)...);
  return {buffer, std::min(end.size, Size)};
}

} // namespace confab::session
