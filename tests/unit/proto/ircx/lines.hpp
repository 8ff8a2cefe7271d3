// SPDX-License-Identifier: MIT
//
// What the tests of proto/ircx share: a line read by the parser of plain IRC, since every command
// here begins as its parameters, and texts with and without escapes.
// Nothing that only one of them needs.
#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/quoting.hpp"

#include "support/catch.hpp"

#include <string>

namespace confab::test {

// The parts are views of `line`.
inline irc::message read(std::string_view line) {
  irc::message message;
  REQUIRE(irc::parse(line, message) == irc::parse_result::ok);
  return message;
}

inline std::string quoted(std::string_view raw, ircx::quoting where = ircx::quoting::name) {
  std::string out(2 * raw.size(), '#');
  std::size_t used = 0;
  REQUIRE(ircx::quote(raw, where, out.data(), out.size(), used));
  out.resize(used);
  return out;
}

inline std::string unquoted(std::string_view text) {
  std::string out(text.size(), '#');
  out.resize(ircx::unquote(text, out.data()));
  return out;
}

} // namespace confab::test
