// SPDX-License-Identifier: MIT
//
// The parser of ACCESS: see access.hpp. Whether there are too many parameters is asked before what
// they mean, as on Microsoft's servers.

#include "proto/ircx/access.hpp"

#include "text/ascii.hpp"

#include <algorithm>

namespace confab::ircx {

namespace {

constexpr std::array<std::string_view, access_levels> level_names{"OWNER", "HOST", "VOICE", "GRANT",
                                                                  "DENY"};
constexpr std::array<std::string_view, 4> verb_names{"LIST", "ADD", "DELETE", "CLEAR"};
// object, verb, level, mask, minutes, reason: spec §5.1 (901).
constexpr std::array<std::uint8_t, 4> params_max{2, 6, 4, 3};

template <class Names>
std::optional<std::size_t> find_word(const Names &names, std::string_view word) noexcept {
  for (std::size_t i = 0; i < names.size(); ++i)
    if (text::iequals(names[i], word))
      return i;
  return std::nullopt;
}

bool is_channel(object_kind kind) noexcept {
  return kind == object_kind::channel || kind == object_kind::extended_channel ||
         kind == object_kind::last_channel || kind == object_kind::oid;
}

// Everything from one parameter to the end of the line, as it was written: they are views of it.
std::string_view rest_of_line(const irc::message &m, std::size_t from) noexcept {
  const std::string_view first = m.params[from], last = m.params[m.param_count - 1U];
  return {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
}

access_error read_timeout_and_reason(const irc::message &m, access_command &out) noexcept {
  constexpr std::size_t at = 4;
  if (m.param_count <= at)
    return access_error::none;
  const std::string_view word = m.params[at];
  const bool number = !word.empty() && std::all_of(word.begin(), word.end(), text::is_digit);
  if (!number) {
    out.reason = rest_of_line(m, at);
    return access_error::none;
  }
  const auto minutes = text::parse_u64(word, access_minutes_max);
  if (!minutes)
    return access_error::bad_timeout;
  out.minutes = static_cast<std::uint32_t>(*minutes);
  out.reason = m.param(at + 1);
  return access_error::none;
}

access_error read_level(const irc::message &m, access_command &out) noexcept {
  if (m.param_count < 3)
    return out.verb == access_verb::clear ? access_error::none : access_error::too_few;
  out.level = find_access_level(m.params[2]);
  if (!out.level || (gives_rank(*out.level) && !is_channel(out.kind)))
    return access_error::bad_level;
  return access_error::none;
}

access_error read_entry(const irc::message &m, access_command &out) noexcept {
  if (out.verb == access_verb::remove && m.param_count < 4)
    return access_error::too_few;
  if (text::complete_mask(m.param(3), out.mask_bytes.data(), out.mask_length) !=
      text::mask_error::none)
    return access_error::bad_mask;
  return out.verb == access_verb::add ? read_timeout_and_reason(m, out) : access_error::none;
}

} // namespace

std::string_view name(access_level level) noexcept {
  return level_names[static_cast<std::size_t>(level)];
}

std::optional<access_level> find_access_level(std::string_view wanted) noexcept {
  const auto at = find_word(level_names, wanted);
  return at ? std::optional(static_cast<access_level>(*at)) : std::nullopt;
}

numeric numeric_of(access_error error) noexcept {
  switch (error) {
  case access_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  case access_error::bad_verb:
    return IRCERR_BADCOMMAND;
  case access_error::bad_level:
    return IRCERR_BADLEVEL;
  case access_error::bad_mask:
  case access_error::bad_timeout:
    return IRCERR_BADVALUE;
  case access_error::no_object:
    return IRCERR_NOSUCHOBJECT;
  case access_error::none:
  case access_error::too_few:
    break;
  }
  return numeric{};
}

access_error parse_access(const irc::message &m, access_command &out) noexcept {
  out = {};
  if (m.param_count == 0 || m.params[0].empty())
    return access_error::too_few;
  out.object = m.params[0];
  out.kind = classify(out.object);
  if (out.kind == object_kind::none)
    return access_error::no_object;
  if (m.param_count == 1)
    return access_error::none;
  const auto verb = find_word(verb_names, m.params[1]);
  if (!verb)
    return access_error::bad_verb;
  out.verb = static_cast<access_verb>(*verb);
  if (m.param_count > params_max[*verb])
    return access_error::too_many;
  if (out.verb == access_verb::list)
    return access_error::none;
  const access_error error = read_level(m, out);
  if (error != access_error::none || out.verb == access_verb::clear)
    return error;
  return read_entry(m, out);
}

} // namespace confab::ircx
