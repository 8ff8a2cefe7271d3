// SPDX-License-Identifier: MIT
//
// The letters of IRCX: see modes.hpp, where the tables are, so that those of all views can be made
// of them when they are compiled.

#include "proto/ircx/modes.hpp"

#include <algorithm>

namespace confab::ircx {

std::span<const mode_letter> channel_letters() noexcept { return table::channel_letters; }

const mode_letter *find_channel_letter(char letter) noexcept {
  const auto &rows = table::channel_letters;
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [&](const mode_letter &row) { return row.letter == letter; });
  return at == rows.end() ? nullptr : &*at;
}

visibility visibility_of(channel_mode wanted) noexcept {
  switch (wanted) {
  case channel_mode::private_:
    return visibility::private_;
  case channel_mode::hidden:
    return visibility::hidden;
  case channel_mode::secret:
    return visibility::secret;
  default:
    return visibility::public_;
  }
}

} // namespace confab::ircx
