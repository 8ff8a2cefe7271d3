// SPDX-License-Identifier: MIT
//
// Texts of several lines, such as the message of the day and those of HELP, taken apart: whoever
// configured or wrote them may have ended their lines either way. What becomes of a line is not
// decided here.

#pragma once

#include <algorithm>
#include <string_view>

namespace confab::session {

// Calls `each` with every line of the text, without its LF or CR LF.
template <class Each>
void each_line(std::string_view text, Each &&each) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    each(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

} // namespace confab::session
