// SPDX-License-Identifier: MIT
//
// What PRIVMSG and NOTICE share with IRCX's verbs of speech: the form in which a channel and some
// of its members are named. Who may speak, and to whom, is the core's business.

#pragma once

#include "session/irc/named.hpp"

namespace confab::session {

// `PRIVMSG channel nick{,nick} :text` of a session with IRCX: to some members of a channel. False
// when the command has not that form, and nothing was done.
bool say_aside(const command &cmd, std::uint32_t kind);

} // namespace confab::session
