// SPDX-License-Identifier: MIT
//
// The judgement of an access list: see access_rules.hpp. One pass over the entries finds the oldest
// match of each level and which levels are there at all; the order of levels then decides. Lists
// are short and bounded, and nothing is allocated.

#include "proto/ircx/access_rules.hpp"

namespace confab::ircx {

access_verdict judge_access(text::casemap map, std::span<const access_entry> entries,
                            const mask_subject &subject, std::int64_t now_s,
                            const access_order &order) noexcept {
  constexpr std::size_t unmatched = SIZE_MAX;
  std::array<std::size_t, access_levels> oldest;
  oldest.fill(unmatched);
  std::array<bool, access_levels> present{};
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const access_entry &entry = entries[i];
    if (is_expired(entry.expires_s, now_s))
      continue;
    const auto level = static_cast<std::size_t>(entry.level);
    present[level] = true;
    if (oldest[level] == unmatched && mask_matches(map, entry.mask, subject))
      oldest[level] = i;
  }
  for (const access_level level : order) {
    const std::size_t entry = oldest[static_cast<std::size_t>(level)];
    if (entry != unmatched)
      return {level == access_level::deny ? access_outcome::denied : access_outcome::allowed, level,
              entry};
  }
  const bool closed = present[static_cast<std::size_t>(access_level::grant)] &&
                      !present[static_cast<std::size_t>(access_level::deny)];
  return {closed ? access_outcome::closed : access_outcome::neutral, access_level::deny, 0};
}

} // namespace confab::ircx
