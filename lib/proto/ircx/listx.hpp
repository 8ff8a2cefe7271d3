// SPDX-License-Identifier: MIT
//
// LISTX (draft §5.8; spec ircx §5.5): its terms as one value. All terms must match, so they fold
// into bounds (members, ages, registered or not) and a few masks; the bounds are what an index can
// answer without looking at the channels they exclude.
// Which channels match, and which of them a client may see, is the core's business.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/numerics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace confab::ircx {

inline constexpr std::size_t listx_masks_max = 8;
inline constexpr std::uint32_t listx_minutes_max = 71'582'788; // the clients' bound (spec §1.7)

// Which text of a channel a mask is for.
enum class listx_field : std::uint8_t { name, topic, subject, language };

struct listx_mask {
  listx_field field = listx_field::name;
  std::string_view mask; // in the language of text::mask_match
};

// An age, in minutes: younger than `below` and older than `above`.
struct age_bounds {
  std::uint32_t below = UINT32_MAX; // UINT32_MAX: no bound
  std::int64_t above = -1;          // -1: no bound; 0 asks for more than no minutes
};

struct listx_query {
  std::string_view names; // a comma list of channels, instead of terms

  std::uint32_t members_min = 0, members_max = UINT32_MAX;
  age_bounds created, topic_changed;
  bool only_registered = false, only_unregistered = false;
  std::array<listx_mask, listx_masks_max> masks;
  std::uint8_t mask_count = 0;
  std::uint32_t limit = 0; // of channels; 0: none

  std::span<const listx_mask> all_masks() const noexcept { return {masks.data(), mask_count}; }
  // The terms contradict each other: no channel can match.
  bool impossible() const noexcept;
};

enum class listx_error : std::uint8_t {
  none,
  too_many_params, // 901: something after a list of channels
  empty_term,      // two separators, or one at an end
  unknown_term,    // no letter of a term
  bad_operator,    // a letter without the `<`, `>` or `=` that it takes
  bad_number,      // not digits only
  bad_registered,  // R= and neither 0 nor 1
  empty_mask,      // T= and nothing: `*` matches everything
  bad_mask,        // it cannot be said (quoting.hpp)
  too_many_masks,  // more than listx_masks_max
  limit_not_last,  // a number that a term follows
  bad_limit        // too large a number
};

numeric numeric_of(listx_error error) noexcept; // 901, and 900 for all others

// Reads `LISTX [channels | terms [limit]]`. Terms are separated by commas or spaces, and what is in
// a mask must be quoted. Ages beyond listx_minutes_max are cut to it. `scratch` takes the masks,
// unquoted, and has room for all the bytes of the parameters; `out` refers to it and to `m`, and is
// complete only without an error.
listx_error parse_listx(const irc::message &m, char *scratch, listx_query &out) noexcept;

} // namespace confab::ircx
