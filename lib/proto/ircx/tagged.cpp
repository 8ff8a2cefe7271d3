// SPDX-License-Identifier: MIT
//
// Tags and targets: see tagged.hpp. Arity is checked before anything is looked at, and an empty
// payload has an answer of its own: both once ended a server (Q178259, Q217149).

#include "proto/ircx/tagged.hpp"

#include "proto/ircx/names.hpp"
#include "text/ascii.hpp"

#include <algorithm>
#include <array>

namespace confab::ircx {

namespace {

struct reservation {
  std::string_view begin;
  tag_reserved kind;
  role_set allowed;
};

constexpr std::array<reservation, 4> reservations{
    {{"ADM", tag_reserved::manager, role_manager | role_server},
     {"SYS", tag_reserved::sysop, roles_operator | role_server},
     {"OWN", tag_reserved::owner, role_owner | role_server},
     {"HST", tag_reserved::host, roles_stage | role_server}}};

const reservation *find_reservation(std::string_view tag) noexcept {
  const auto at =
      std::find_if(reservations.begin(), reservations.end(), [&](const reservation &row) {
        return text::iequals(row.begin, tag.substr(0, row.begin.size()));
      });
  return at == reservations.end() ? nullptr : &*at;
}

bool is_one_channel(std::string_view target) noexcept {
  const object_kind kind = classify(target);
  return target.find(',') == std::string_view::npos &&
         (kind == object_kind::channel || kind == object_kind::extended_channel ||
          kind == object_kind::last_channel);
}

// The targets in front of `rest` parameters, one or two of them.
tagged_error read_targets(const irc::message &m, std::size_t rest, tagged_targets &out) noexcept {
  if (m.param_count < rest + 1)
    return tagged_error::too_few;
  if (m.param_count > rest + 2)
    return tagged_error::too_many;
  const bool has_members = m.param_count == rest + 2;
  if (m.params[0].empty() || (has_members && m.params[1].empty()))
    return tagged_error::too_few;
  if (has_members && !is_one_channel(m.params[0]))
    return tagged_error::bad_target;
  out = {m.params[0], has_members ? m.params[1] : std::string_view{}};
  return tagged_error::none;
}

} // namespace

bool is_tag(std::string_view tag) noexcept {
  const auto is_first = [](char c) { return c >= 'A' && c <= 'z'; };
  return !tag.empty() && tag.size() <= tag_bytes_limit && is_first(tag.front()) &&
         std::all_of(tag.begin(), tag.end(),
                     [&](char c) { return is_first(c) || text::is_digit(c) || c == '.'; });
}

tag_reserved reserved_for(std::string_view tag) noexcept {
  const reservation *row = find_reservation(tag);
  return row ? row->kind : tag_reserved::no;
}

bool may_use_tag(std::string_view tag, role_set who) noexcept {
  const reservation *row = find_reservation(tag);
  return !row || has_any(who, row->allowed);
}

numeric numeric_of(tagged_error error) noexcept {
  switch (error) {
  case tagged_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  case tagged_error::bad_target:
    return IRCERR_BADCOMMAND;
  case tagged_error::bad_tag:
    return IRCERR_BADTAG;
  default:
    return numeric{};
  }
}

tagged_error parse_tagged(const irc::message &m, tagged_command &out) noexcept {
  tagged_command command;
  const tagged_error error = read_targets(m, 2, command.to);
  if (error != tagged_error::none)
    return error;
  command.tag = m.params[m.param_count - 2U];
  command.payload = m.params[m.param_count - 1U];
  if (!is_tag(command.tag))
    return tagged_error::bad_tag;
  if (command.payload.empty())
    return tagged_error::no_payload;
  out = command;
  return tagged_error::none;
}

tagged_error parse_addressed(const irc::message &m, tagged_targets &out,
                             std::string_view &text) noexcept {
  tagged_targets to;
  const tagged_error error = read_targets(m, 1, to);
  if (error != tagged_error::none)
    return error;
  if (m.params[m.param_count - 1U].empty())
    return tagged_error::no_payload;
  out = to;
  text = m.params[m.param_count - 1U];
  return tagged_error::none;
}

} // namespace confab::ircx
