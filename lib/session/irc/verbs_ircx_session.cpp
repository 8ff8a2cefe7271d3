// SPDX-License-Identifier: MIT
//
// The verbs by which a session becomes one with IRCX, and proves who it is: IRCX, ISIRCX and AUTH
// (draft §5.2, §5.6, §5.7; spec ircx §3, §4). `MODE ISIRCX`, the probe, is no MODE: dialect.cpp
// takes it out before it is looked up.

#include "session/irc/dialect.hpp"

namespace confab::session {

void verb_ircx(const command &cmd) {
  if (!cmd.c.may_speak(CONFAB_PROTOCOL_IRCX))
    return cmd.d.reply(cmd.c, irc::ERR_UNKNOWNCOMMAND, {"IRCX"});
  const bool news = view_of(cmd.c) != view::ircx;
  cmd.d.enable_ircx(cmd.c);
  cmd.d.send_ircx_state(cmd.c);
  if (news && cmd.c.who) // letters and prefixes are others now
    cmd.d.send_ircx_isupport(cmd.c);
}

void verb_isircx(const command &cmd) {
  if (!cmd.c.may_speak(CONFAB_PROTOCOL_IRCX))
    return cmd.d.reply(cmd.c, irc::ERR_UNKNOWNCOMMAND, {"ISIRCX"});
  cmd.d.send_ircx_state(cmd.c);
}

void verb_auth(const command &cmd) {
  if (cmd.c.who)
    return cmd.d.reply(cmd.c, irc::ERR_ALREADYREGISTERED);
  ircx::auth_line line;
  switch (const ircx::auth_error error = ircx::parse_auth(cmd.m, line)) {
  case ircx::auth_error::none:
    return cmd.d.auth(cmd.c, line);
  case ircx::auth_error::too_few:
    return cmd.d.reply(cmd.c, irc::ERR_NEEDMOREPARAMS, {"AUTH"});
  default:
    return cmd.d.reply(cmd.c, ircx::numeric_of(error), {"AUTH"});
  }
}

} // namespace confab::session
