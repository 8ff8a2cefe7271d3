// SPDX-License-Identifier: MIT
//
// ACCESS (IRCX draft §5.1; spec ircx §5.1): the lists of channels, of users, of the server and of
// the network, asked for and changed. A DENY of a channel is a ban of plain IRC: its mask is kept
// as plain IRC has it wherever it can say the same.

#include "proto/ircx/access.hpp"
#include "session/irc/levels.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/named.hpp"

namespace confab::session {

namespace {

constexpr std::uint32_t no_subject = UINT32_MAX;

std::uint32_t subject_of(const command &cmd, const ircx::access_command &wanted) noexcept {
  switch (wanted.kind) {
  case ircx::object_kind::network:
    return CONFAB_ACCESS_NETWORK;
  case ircx::object_kind::this_server:
    return CONFAB_ACCESS_SERVER;
  case ircx::object_kind::server:
    return text::equal(cmd.w.casemap(), wanted.object.substr(1), cmd.w.server_name())
               ? std::uint32_t{CONFAB_ACCESS_SERVER}
               : no_subject;
  case ircx::object_kind::channel:
  case ircx::object_kind::extended_channel:
  case ircx::object_kind::last_channel:
    return CONFAB_ACCESS_CHANNEL;
  case ircx::object_kind::self:
  case ircx::object_kind::extended_nick:
  case ircx::object_kind::nick_alias:
  case ircx::object_kind::nick:
    return CONFAB_ACCESS_USER;
  default: // an object id: nothing here has one
    return no_subject;
  }
}

void refuse_access(const command &cmd, ircx::access_error error) {
  const ircx::numeric code = ircx::numeric_of(error);
  if (code == 0)
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"ACCESS"});
  const bool about_object = code == ircx::IRCERR_NOSUCHOBJECT || code == ircx::IRCERR_BADVALUE;
  cmd.d.reply(cmd.c, code, {about_object ? cmd.param(0) : std::string_view("ACCESS")});
}

void list_access(const command &cmd, const named &object, std::uint32_t subject) {
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_QUERY);
  set_manner(op, manner::access, object.spelling());
  op.event.query.kind = CONFAB_QUERY_ACCESS;
  op.event.query.name = object.str();
  op.terms.list = CONFAB_LIST_ALL;
  op.terms.subject_kind = subject;
  cmd.d.submit(std::move(op));
}

} // namespace

void verb_access(const command &cmd) {
  ircx::access_command wanted;
  const ircx::access_error error = ircx::parse_access(cmd.m, wanted);
  if (error != ircx::access_error::none)
    return refuse_access(cmd, error);
  const std::uint32_t subject = subject_of(cmd, wanted);
  if (subject == no_subject)
    return cmd.d.reply(cmd.c, ircx::IRCERR_NOSUCHOBJECT, {wanted.object});
  const named object(cmd, wanted.object, named::of::either);
  if (wanted.verb == ircx::access_verb::list)
    return list_access(cmd, object, subject);
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_ACCESS);
  set_manner(op, manner::access, object.spelling());
  op.strict = true;
  confab_event_access &e = op.event.access;
  e.name = object.str();
  e.subject = subject;
  e.list = wanted.level ? list_of(*wanted.level) : std::uint32_t{CONFAB_LIST_ALL};
  e.set = wanted.verb == ircx::access_verb::add      ? std::uint32_t{CONFAB_ACCESS_ADD}
          : wanted.verb == ircx::access_verb::remove ? std::uint32_t{CONFAB_ACCESS_REMOVE}
                                                     : std::uint32_t{CONFAB_ACCESS_CLEAR};
  e.mask = core::str(text::is_plain_mask(wanted.mask()) ? text::plain_mask(wanted.mask())
                                                        : wanted.mask());
  e.minutes = wanted.minutes;
  e.text = core::str(wanted.reason);
  cmd.d.submit(std::move(op));
}

} // namespace confab::session
