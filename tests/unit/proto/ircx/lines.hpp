// SPDX-License-Identifier: MIT
//
// What the tests of proto/ircx share: a line read by the parser of plain IRC, since every command
// here begins as its parameters.
// Nothing that only one of them needs.
#pragma once

#include "proto/irc/message.hpp"

#include "support/catch.hpp"

#include <string>

namespace confab::test {

// The parts are views of `line`.
inline irc::message read(std::string_view line) {
  irc::message message;
  REQUIRE(irc::parse(line, message) == irc::parse_result::ok);
  return message;
}

} // namespace confab::test
