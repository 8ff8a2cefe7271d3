// SPDX-License-Identifier: MIT
//
// KNOCK (modern IRC; spec ircx §19.7): asking to be let in. IRCX has no such command: there every
// failed JOIN of a channel with mode u is one.

#include "session/irc/manner.hpp"
#include "session/irc/named.hpp"
#include "text/utf8.hpp"

namespace confab::session {

void verb_knock(const command &cmd) {
  const std::string_view said = cmd.param(1);
  const channel_named name(cmd, cmd.param(0));
  core::operation op = cmd.d.make(cmd.c, CONFAB_EVENT_KNOCK);
  set_manner(op, manner::knock, name.spelling());
  op.event.knock.name = name.str();
  op.event.knock.text =
      core::str(said.substr(0, text::utf8_cut(said, cmd.w.limits().reason_bytes_max)));
  cmd.d.submit(std::move(op));
}

} // namespace confab::session
