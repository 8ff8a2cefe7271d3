// SPDX-License-Identifier: MIT
//
// EVENT (IRCX draft §5.5; spec ircx §5.4): what an operator listens to. The lines themselves are
// made in feed.cpp.

#include "core/rights.hpp"
#include "session/irc/dialect.hpp"
#include "session/irc/feed.hpp"

namespace confab::session {

namespace {

void refuse_event(const command &cmd, ircx::event_error error) {
  switch (error) {
  case ircx::event_error::too_few:
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"EVENT"});
  case ircx::event_error::bad_function:
    return cmd.d.reply(cmd.c, ircx::IRCERR_BADFUNCTION, {cmd.param(0)});
  case ircx::event_error::too_many:
    return cmd.d.reply(cmd.c, ircx::IRCERR_TOOMANYARGUMENTS, {"EVENT"});
  default:
    return cmd.d.reply(cmd.c, ircx::numeric_of(error), {cmd.param(1)});
  }
}

void list_events(const command &cmd, const ircx::event_command &wanted) {
  cmd.d.reply(cmd.c, ircx::IRCRPL_EVENTSTART);
  cmd.d.feed().each(cmd.c, [&](ircx::event_object object, std::string_view mask) {
    if (!wanted.object || *wanted.object == object)
      cmd.d.reply_bare(cmd.c, ircx::IRCRPL_EVENTLIST, {ircx::name(object), mask});
  });
  cmd.d.reply(cmd.c, ircx::IRCRPL_EVENTEND);
}

} // namespace

void verb_event(const command &cmd) {
  if (!core::is_operator(cmd.c.who))
    return cmd.d.reply(cmd.c, irc::ERR_NOPRIVILEGES);
  ircx::event_command wanted;
  const ircx::event_error error = ircx::parse_event(cmd.m, wanted);
  if (error != ircx::event_error::none)
    return refuse_event(cmd, error);
  if (wanted.verb == ircx::event_verb::list)
    return list_events(cmd, wanted);
  const bool adds = wanted.verb == ircx::event_verb::add;
  event_feed &feed = cmd.d.feed();
  const std::string_view written = wanted.written, mask = wanted.mask();
  switch (adds ? feed.add(cmd.c, *wanted.object, mask) : feed.remove(cmd.c, *wanted.object, mask)) {
  case event_feed::result::done:
    return cmd.d.reply_bare(cmd.c, adds ? ircx::IRCRPL_EVENTADD : ircx::IRCRPL_EVENTDEL,
                            {written, mask});
  case event_feed::result::duplicate:
    return cmd.d.reply(cmd.c, ircx::IRCERR_EVENTDUP, {written, mask});
  case event_feed::result::unknown:
    return cmd.d.reply(cmd.c, ircx::IRCERR_EVENTMIS, {written, mask});
  case event_feed::result::too_many:
    return cmd.d.reply(cmd.c, ircx::IRCERR_TOOMANYEVENTS, {written});
  }
}

} // namespace confab::session
