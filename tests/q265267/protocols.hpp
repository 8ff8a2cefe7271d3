// SPDX-License-Identifier: MIT
//
// The protocols of the matrix. A new one joins by one row: how its client comes in, how it says
// what it means, and what its answers look like. Nothing else in the matrix knows a protocol.
#pragma once

#include "q265267/intent.hpp"
#include "support/engine_fixture.hpp"

#include <span>
#include <string>
#include <string_view>

namespace q265267 {

struct protocol {
  const char *name;
  std::uint32_t bit; // CONFAB_PROTOCOL_*
  // A connection of a registered user; its greeting was read.
  confab_id (*enter)(confab::test::engine_fixture &chat, std::string_view nick);
  // Puts the bytes that say it; false: a client of this protocol cannot. `self` is who says it.
  bool (*say)(const intent &what, std::string_view self, std::string &bytes);
  // What is wrong with bytes that a client was sent, or "".
  std::string (*malformed)(std::string_view bytes);
  // Takes out the answers that refuse, and says how many there were. Where a refusal `ends` the
  // connection the farewell is part of it, or all of it.
  unsigned (*take_refusals)(std::string &bytes, bool ends);
  // The pieces of an answer: lines, frames.
  std::vector<std::string> (*pieces)(std::string_view bytes);
};

std::span<const protocol> protocols();

const protocol &irc_protocol(); // irc.cpp

} // namespace q265267
