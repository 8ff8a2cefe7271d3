// SPDX-License-Identifier: MIT
//
// The table of operators' events and the parser of EVENT: see events.hpp. No row has a password, a
// key or anything else that was said in confidence, even where other servers put it (spec §16).

#include "proto/ircx/events.hpp"

#include "text/ascii.hpp"

#include <algorithm>

namespace confab::ircx {

namespace {

constexpr std::array<std::string_view, 6> object_names{"CHANNEL", "MEMBER", "SERVER",
                                                       "CONNECT", "SOCKET", "USER"};

using object = event_object;
using subject = event_subject;

// <mask> is nick!user@host and, behind a space, ip:port.
constexpr std::array<event_type, 30> types{{
    {object::socket, "ACCEPT", "<remote> <local>", subject::address},
    {object::socket, "CLOSE", "<remote> <local> <code>", subject::address},
    {object::socket, "BADDNS", "<remote>", subject::address},
    {object::connect, "BANNED", "<mask> :<reason>", subject::user},
    {object::connect, "BADAUTH", "<mask> <package> <userid>", subject::user},
    {object::connect, "NOACCESS", "<mask>", subject::user},
    {object::user, "LOGON", "<mask> <local> <modes>", subject::user},
    {object::user, "LOGOFF", "<mask> <local>", subject::user},
    {object::user, "DISCONNECT", "<mask> :<reason>", subject::user},
    {object::user, "QUIT", "<mask> :<reason>", subject::user},
    {object::user, "KILL", "<mask> :<reason>", subject::user},
    {object::user, "TIMEOUT", "<mask>", subject::user},
    {object::user, "INPUT", "<mask>", subject::user},
    {object::user, "OUTPUT", "<mask>", subject::user},
    {object::user, "MODE", "<mask> <modes>", subject::user},
    {object::user, "NICK", "<mask> <nick>", subject::user},
    {object::member, "JOIN", "<channel> <mask> <ranks>", subject::user},
    {object::member, "PART", "<channel> <mask>", subject::user},
    {object::member, "MODE", "<channel> <target> <ranks> <mask>", subject::user},
    {object::member, "KICK", "<channel> <target> <mask> :<reason>", subject::user},
    {object::channel, "CREATE", "<channel> <modes> <mask>", subject::user},
    {object::channel, "DESTROY", "<channel>", subject::nobody},
    {object::channel, "TOPIC", "<channel> <mask> :<topic>", subject::user},
    {object::channel, "MODE", "<channel> <modes> <mask>", subject::user},
    {object::channel, "KEYWORD", "<channel> <mask> :<set or cleared>", subject::user},
    {object::channel, "LIMIT", "<channel> <mask> :<limit>", subject::user},
    {object::channel, "COLLISION", "<channel>", subject::nobody},
    {object::channel, "MERGE", "<channel>", subject::nobody},
    {object::server, "LINK", "<address> <name>", subject::nobody},
    {object::server, "UNLINK", "<address> <name>", subject::nobody},
}};

event_error read_verb(std::string_view word, event_verb &out) noexcept {
  constexpr std::array<std::string_view, 3> verbs{"ADD", "DELETE", "LIST"};
  for (std::size_t i = 0; i < verbs.size(); ++i)
    if (text::iequals(verbs[i], word)) {
      out = static_cast<event_verb>(i);
      return event_error::none;
    }
  return event_error::bad_function;
}

} // namespace

std::string_view name(event_object wanted) noexcept {
  return object_names[static_cast<std::size_t>(wanted)];
}

std::optional<event_object> find_event_object(std::string_view wanted) noexcept {
  if (text::iequals(wanted, "CONNECTION"))
    return event_object::connect;
  for (std::size_t i = 0; i < object_names.size(); ++i)
    if (text::iequals(object_names[i], wanted))
      return static_cast<event_object>(i);
  return std::nullopt;
}

std::span<const event_type> event_types() noexcept { return types; }

const event_type *find_event_type(event_object of, std::string_view type) noexcept {
  const auto at = std::find_if(types.begin(), types.end(), [&](const event_type &row) {
    return row.object == of && row.name == type;
  });
  return at == types.end() ? nullptr : &*at;
}

numeric numeric_of(event_error error) noexcept {
  switch (error) {
  case event_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  case event_error::bad_function:
    return IRCERR_BADFUNCTION;
  case event_error::no_such:
    return IRCERR_NOSUCHEVENT;
  case event_error::bad_mask:
    return IRCERR_BADVALUE;
  case event_error::none:
  case event_error::too_few:
    break;
  }
  return numeric{};
}

event_error parse_event(const irc::message &m, event_command &out) noexcept {
  out = {};
  if (m.param_count == 0 || m.params[0].empty())
    return event_error::too_few;
  const event_error bad_verb = read_verb(m.params[0], out.verb);
  if (bad_verb != event_error::none)
    return bad_verb;
  const bool lists = out.verb == event_verb::list;
  if (m.param_count > (lists ? 2 : 3))
    return event_error::too_many;
  if (m.param_count < 2)
    return lists ? event_error::none : event_error::too_few;
  out.written = m.params[1];
  out.object = find_event_object(out.written);
  if (!out.object)
    return event_error::no_such;
  if (!lists && text::complete_mask(m.param(2), out.mask_bytes.data(), out.mask_length) !=
                    text::mask_error::none)
    return event_error::bad_mask;
  return event_error::none;
}

} // namespace confab::ircx
