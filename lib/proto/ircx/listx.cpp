// SPDX-License-Identifier: MIT
//
// The terms of LISTX: see listx.hpp. Reading a term narrows the bounds of the query; a term that
// cannot be read stops it, so that a mistake never turns into a longer list (Q236311).

#include "proto/ircx/listx.hpp"

#include "text/ascii.hpp"
#include "text/quoting.hpp"

#include <algorithm>

namespace confab::ircx {

namespace {

using error = listx_error;

bool all_digits(std::string_view word) noexcept {
  return !word.empty() && std::all_of(word.begin(), word.end(), text::is_digit);
}

// A number of minutes or members: digits, cut to what makes sense.
error read_number(std::string_view digits, std::uint32_t max, std::uint32_t &out) noexcept {
  if (!all_digits(digits))
    return error::bad_number;
  out = static_cast<std::uint32_t>(text::parse_u64(digits, max).value_or(max));
  return error::none;
}

error read_age(std::string_view term, age_bounds &bounds) noexcept {
  std::uint32_t minutes = 0;
  const error found = read_number(term.substr(1), listx_minutes_max, minutes);
  if (found != error::none)
    return found;
  if (term.front() == '<')
    bounds.below = std::min(bounds.below, minutes);
  else
    bounds.above = std::max(bounds.above, std::int64_t{minutes});
  return error::none;
}

error read_members(std::string_view term, listx_query &out) noexcept {
  std::uint32_t count = 0;
  const error found = read_number(term.substr(1), UINT32_MAX - 1, count);
  if (found != error::none)
    return found;
  if (term.front() == '>') {
    out.members_min = std::max(out.members_min, count + 1);
  } else if (count == 0) { // fewer than none: nothing
    out.members_min = std::max(out.members_min, 1U);
    out.members_max = 0;
  } else {
    out.members_max = std::min(out.members_max, count - 1);
  }
  return error::none;
}

// Keeps what is common to the terms of one query: where the next mask goes.
struct reader {
  listx_query &out;
  char *scratch;

  error read_mask(listx_field field, std::string_view quoted) noexcept {
    if (quoted.empty())
      return error::empty_mask;
    if (out.mask_count == listx_masks_max)
      return error::too_many_masks;
    const auto bytes = text::unquote_mask(quoted, scratch);
    if (!bytes)
      return error::bad_mask;
    out.masks[out.mask_count++] = {field, {scratch, *bytes}};
    scratch += *bytes;
    return error::none;
  }

  error read_registered(std::string_view value) noexcept {
    if (value != "0" && value != "1")
      return error::bad_registered;
    (value == "1" ? out.only_registered : out.only_unregistered) = true;
    return error::none;
  }

  // A letter and what it takes.
  error read_lettered(std::string_view term) noexcept {
    const char letter = text::to_upper(term.front());
    const std::string_view rest = term.substr(1);
    if (std::string_view("CTNSLR").find(letter) == std::string_view::npos)
      return error::unknown_term;
    const char op = rest.empty() ? '\0' : rest.front();
    const bool age = op == '<' || op == '>';
    if (letter == 'C')
      return age ? read_age(rest, out.created) : error::bad_operator;
    if (letter == 'T' && age)
      return read_age(rest, out.topic_changed);
    if (op != '=')
      return error::bad_operator;
    const std::string_view value = rest.substr(1);
    switch (letter) {
    case 'R':
      return read_registered(value);
    case 'N':
      return read_mask(listx_field::name, value);
    case 'S':
      return read_mask(listx_field::subject, value);
    case 'L':
      return read_mask(listx_field::language, value);
    default:
      return read_mask(listx_field::topic, value);
    }
  }

  error read_term(std::string_view term) noexcept {
    if (term.empty())
      return error::empty_term;
    if (term.front() == '<' || term.front() == '>')
      return read_members(term, out);
    return read_lettered(term);
  }

  // `last`: nothing comes after it, so that a number is the limit.
  error read_token(std::string_view token, bool last) noexcept {
    if (!all_digits(token))
      return read_term(token);
    if (!last)
      return error::limit_not_last;
    const auto number = text::parse_u64(token, UINT32_MAX);
    if (!number)
      return error::bad_limit;
    out.limit = static_cast<std::uint32_t>(*number);
    return error::none;
  }

  error read_param(std::string_view param, bool last) noexcept {
    while (true) {
      const std::size_t end = param.find_first_of(", ");
      const bool ends = end == std::string_view::npos;
      const error found = read_token(param.substr(0, end), last && ends);
      if (found != error::none || ends)
        return found;
      param.remove_prefix(end + 1);
    }
  }
};

} // namespace

bool listx_query::impossible() const noexcept {
  const auto empty = [](const age_bounds &age) {
    return age.below != UINT32_MAX && age.above >= std::int64_t{age.below};
  };
  return members_min > members_max || (only_registered && only_unregistered) || empty(created) ||
         empty(topic_changed) || created.below == 0 || topic_changed.below == 0;
}

numeric numeric_of(listx_error found) noexcept {
  if (found == listx_error::none)
    return numeric{};
  return found == listx_error::too_many_params ? IRCERR_TOOMANYARGUMENTS : IRCERR_BADCOMMAND;
}

listx_error parse_listx(const irc::message &m, char *scratch, listx_query &out) noexcept {
  out = {};
  if (m.param_count == 0 || (m.param_count == 1 && m.params[0].empty()))
    return error::none;
  const std::string_view first = m.params[0];
  if (!first.empty() && std::string_view("#&%").find(first.front()) != std::string_view::npos) {
    if (m.param_count > 1)
      return error::too_many_params;
    out.names = first;
    return error::none;
  }
  reader read{out, scratch};
  for (std::size_t i = 0; i < m.param_count; ++i) {
    const error found = read.read_param(m.params[i], i + 1U == m.param_count);
    if (found != error::none)
      return found;
  }
  return error::none;
}

} // namespace confab::ircx
