// SPDX-License-Identifier: MIT
//
// The names of protocols as plugins print them: one word each, as confabd's configuration has them.
// A protocol that a later library adds is its number. What a connection speaks is the engine's to
// say.
#pragma once

#include <confab/types.h>

#include <string>

namespace confab::plugins {

inline std::string protocol_name(std::uint32_t protocol) {
  switch (protocol) {
  case CONFAB_PROTOCOL_IRC:
    return "irc";
  case CONFAB_PROTOCOL_IRCV3:
    return "ircv3";
  case CONFAB_PROTOCOL_IRCX:
    return "ircx";
  case CONFAB_PROTOCOL_MIC:
    return "mic";
  default:
    return std::to_string(protocol);
  }
}

} // namespace confab::plugins
