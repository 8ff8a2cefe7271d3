// SPDX-License-Identifier: MIT
//
// PROP (draft §5.12; spec ircx §5.6): the parser of the command. Which properties there are, who
// may read and set them and what they may be is the core's business (core/properties.hpp).

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/numerics.hpp"

#include <cstdint>
#include <string_view>

namespace confab::ircx {

struct prop_command {
  enum class form : std::uint8_t { query, query_all, set };

  std::string_view object;
  form what = form::query;
  std::string_view names; // query: a comma list for prop_names; set: one name
  std::string_view value; // set; empty: delete
};

enum class prop_error : std::uint8_t {
  none,
  too_few,        // 461
  too_many,       // 901
  value_for_many, // 900: a list of names, or `*`, and a value
  no_name         // 461: a list without a name
};

numeric numeric_of(prop_error error) noexcept; // IRCERR_*, or 0 for the 461 of plain IRC

// Query and set differ by the number of parameters, not by a colon: `PROP #c TOPIC x` sets.
prop_error parse_prop(const irc::message &m, prop_command &out) noexcept;

} // namespace confab::ircx
