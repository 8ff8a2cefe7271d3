// SPDX-License-Identifier: MIT
//
// The table of what can be wrong with a frame: see refusal.hpp. Sources: spec/mic.md §1.3 for the
// length, §4 for the meaning of the results; which result goes with which fault is decision 28 in
// decisions.hpp.

#include "proto/mic/refusal.hpp"

#include <array>

namespace confab::mic {

namespace {

constexpr std::array<malformed_row, 15> table{{
    {malformed::no, "no", result::none, false},
    {malformed::length, "length", result::bad_message, true},
    {malformed::null_kind, "null_kind", result::bad_message, false},
    {malformed::reserved_kind, "reserved_kind", result::not_supported, false},
    {malformed::unknown_kind, "unknown_kind", result::bad_message, false},
    {malformed::not_for_us, "not_for_us", result::bad_message, false},
    {malformed::truncated, "truncated", result::bad_message, false},
    {malformed::trailing, "trailing", result::bad_message, false},
    {malformed::odd_text, "odd_text", result::bad_message, false},
    {malformed::no_text, "no_text", result::bad_parameter, false},
    {malformed::long_text, "long_text", result::bad_parameter, false},
    {malformed::count, "count", result::bad_parameter, false},
    {malformed::target, "target", result::bad_parameter, false},
    {malformed::property, "property", result::bad_property, false},
    {malformed::term, "term", result::unknown_term, false},
}};

} // namespace

const malformed_row &row_of(malformed what) noexcept {
  return table[static_cast<std::size_t>(what)];
}

} // namespace confab::mic
