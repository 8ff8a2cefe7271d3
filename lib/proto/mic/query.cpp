// SPDX-License-Identifier: MIT
//
// Reading and judging queries: see query.hpp. In the frame all terms come first, then the wanted
// properties, then the operands; a condition's property and operator are therefore read well before
// its value.

#include "proto/mic/query.hpp"

#include "proto/mic/guid.hpp"
#include "text/mask.hpp"

#include <algorithm>

namespace confab::mic {

namespace {

bool is_operator(std::uint16_t word) noexcept {
  return word >= static_cast<std::uint16_t>(term::contains) &&
         word <= static_cast<std::uint16_t>(term::less_equal);
}

// PROP OP [AND|OR PROP OP]...; 3n - 1 words for n conditions.
malformed read_terms(reader &from, std::size_t words, query &out) noexcept {
  for (std::size_t i = 0; i < words; i += 3) {
    condition next;
    if (i > 0) {
      const std::uint16_t joined = from.u16();
      next.or_else = joined == static_cast<std::uint16_t>(term::or_else);
      if (!next.or_else && joined != static_cast<std::uint16_t>(term::and_also))
        return malformed::term;
    }
    next.operand.id = from.u16();
    const std::uint16_t op = from.u16();
    next.op = static_cast<term>(op);
    if (op_of(next.operand.id) != property_op::set)
      return malformed::property;
    if (!is_operator(op) || !applies(next.op, type_of(next.operand.id)))
      return malformed::term;
    out.conditions.add(next);
  }
  return malformed::no;
}

// Less, equal or greater by the bytes of the lower case: below, at or above 0.
int order(text::casemap map, std::string_view a, std::string_view b) noexcept {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const auto x = static_cast<unsigned char>(text::fold(map, a[i]));
    const auto y = static_cast<unsigned char>(text::fold(map, b[i]));
    if (x != y)
      return x < y ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

bool contains(text::casemap map, std::string_view value, std::string_view part) noexcept {
  return std::search(value.begin(), value.end(), part.begin(), part.end(),
                     [map](char a, char b) { return text::fold(map, a) == text::fold(map, b); }) !=
             value.end() ||
         part.empty();
}

bool by_order(term op, int order) noexcept {
  switch (op) {
  case term::equal:
    return order == 0;
  case term::not_equal:
    return order != 0;
  case term::greater:
    return order > 0;
  case term::greater_equal:
    return order >= 0;
  case term::less:
    return order < 0;
  default:
    return order <= 0;
  }
}

} // namespace

malformed read_query(reader &from, header head, query &out) noexcept {
  out.oid = from.u32();
  out.info = head.info();
  const std::size_t words = from.u8(), wanted = from.u8();
  out.records_max = from.u16();
  if ((words > 0 && words % 3 != 2) || words > query_terms_max || wanted == 0 ||
      wanted > properties_max)
    return malformed::count;
  if (from.left() < 2 * (words + wanted))
    return malformed::truncated;
  if (const malformed terms = read_terms(from, words, out); terms != malformed::no)
    return terms;
  while (out.wanted.count < wanted)
    out.wanted.add(from.u16());
  for (const property_id one : out.wanted.view())
    if (op_of(one) != property_op::set)
      return malformed::property;
  for (std::size_t i = 0; i < out.conditions.count; ++i)
    read_value(from, head.wide(), out.conditions.items[i].operand);
  if (from.failed())
    return malformed::truncated;
  return from.left() > 0 ? malformed::trailing : malformed::no;
}

bool applies(term op, property_type type) noexcept {
  const bool same = op == term::equal || op == term::not_equal;
  switch (type) {
  case property_type::u64:
  case property_type::bytes1:
  case property_type::bytes2:
    return same;
  case property_type::text1:
  case property_type::text2:
    return op <= term::less_equal;
  default:
    return op >= term::equal && op <= term::less_equal;
  }
}

bool meets(const condition &wanted, std::uint32_t value) noexcept {
  const wire_property &operand = wanted.operand;
  if (operand.id == prop_modes2 || operand.id == prop_channel_flags2)
    value &= operand.high;
  else if (operand.high != 0) // of what has a second half that half is 0
    return wanted.op == term::not_equal;
  return by_order(wanted.op, value == operand.number ? 0 : value < operand.number ? -1 : 1);
}

bool meets(const condition &wanted, std::string_view value) noexcept {
  const std::string_view operand = wanted.operand.text.bytes;
  const bool same = guid_none(operand) ? guid_none(value) : value == operand;
  return same == (wanted.op == term::equal);
}

bool meets(term op, text::casemap map, std::string_view value, std::string_view operand) noexcept {
  if (op == term::contains)
    return contains(map, value, operand);
  if (op == term::mask)
    return text::mask_match(map, operand, value);
  return by_order(op, order(map, value, operand));
}

} // namespace confab::mic
