// SPDX-License-Identifier: MIT
//
// Which channels are recorded, and where to: what must outlive the program. It is a value: a change
// is made on a copy, saved, and only then taken over, so that what is in memory and what is on disk
// are the same at any moment. The file is small JSON; channels stand in it as they are spelled in
// names of files (support/safe_name.hpp), for a name may hold any byte.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace confab::plugins::transcripts {

struct recorded {
  static constexpr std::size_t names_max = 4096;
  static constexpr const char *file = "recording.json";

  bool all = false;
  std::set<std::string, std::less<>> names; // as the engine compares them; with `all`: those not
  std::string directory; // where transcripts go, when an operator said so; empty: as configured

  bool has(std::string_view key) const { return names.contains(key) != all; }
  bool none() const noexcept { return !all && names.empty(); }

  std::string to_text() const;
  // Throws std::runtime_error for a text that is not what to_text gives.
  static recorded from_text(const std::string &text);
};

} // namespace confab::plugins::transcripts
