// SPDX-License-Identifier: MIT
//
// Queries: reading their terms (spec/mic.md §8.1), and what a condition means for one value. There
// is no precedence: conditions are joined from left to right (decisions.hpp, 13). Which objects are
// searched and who may see them is the core's business, order and limits of the answer are the
// session's.

#pragma once

#include "proto/mic/client_message.hpp"
#include "text/casemap.hpp"

namespace confab::mic {

malformed read_query(reader &from, header head, query &out) noexcept;

// Whether an operator can be used on values of a type: texts have no bits, masks no order, numbers
// no parts, and nothing compares counted bytes but for being equal.
bool applies(term op, property_type type) noexcept;

// Whether a value meets a condition on a number; `operand.high` is the mask of modes2 and flags2.
bool meets(const condition &wanted, std::uint32_t value) noexcept;

// The same for counted bytes, all of which are GUIDs: no GUID is one in both ways of saying so.
bool meets(const condition &wanted, std::string_view value) noexcept;

// The same for a text: both in UTF-8, compared without case, as names are. `operand` is the text of
// the condition, which the caller converts once for all values; `wanted.operand` is not looked at.
bool meets(term op, text::casemap map, std::string_view value, std::string_view operand) noexcept;

// Joins what the conditions so far have given with one more.
constexpr bool join(bool so_far, const condition &next, bool met) noexcept {
  return next.or_else ? so_far || met : so_far && met;
}

} // namespace confab::mic
