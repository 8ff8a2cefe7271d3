// SPDX-License-Identifier: MIT
//
// The protocols of the matrix. A new one joins by one row: how its client comes in, how it says
// what it means, and what its answers look like. Nothing else in the matrix knows a protocol.
#pragma once

#include "q265267/intent.hpp"
#include "support/engine_fixture.hpp"
#include "support/mic_client.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace q265267 {

struct protocol;

// The other end of a connection, with what it has to remember.
struct client {
  const protocol *speaks = nullptr;
  std::string nick;
  std::unique_ptr<confab::test::mic_client> mic; // ids: of clients that name everything by them
};

struct protocol {
  const char *name;
  std::uint32_t bit; // CONFAB_PROTOCOL_*
  bool says_why;     // a refusal can have a text
  bool stays;        // who is not let in may try again
  bool always_ends;  // a question has an end even where it is refused in silence
  // What a connection says before all else; null: nothing.
  void (*greet)(confab::test::engine_fixture &chat, confab_id conn, client &self);
  // Comes in over a connection that is open, and is a registered user then.
  void (*enter)(confab::test::engine_fixture &chat, confab_id conn, client &self);
  // Can a client of this protocol say it?
  bool (*can)(const intent &what);
  // The bytes that say it.
  std::string (*say)(const intent &what, client &self);
  // What it was sent, as lines of text that do not depend on ids. `problem`: what is wrong with it.
  std::string (*hear)(client &self, const std::string &bytes, std::string &problem);
  // Takes out the answers that refuse, and says how many there were. Where a refusal `ends` the
  // connection the farewell is part of it, or all of it.
  unsigned (*take_refusals)(std::string &heard, bool ends);
  // What a filter may write in place of what a client is sent, and what that is heard as.
  std::string instead, instead_heard;
};

std::span<const protocol> protocols();

// Lines, each with its end.
std::vector<std::string> pieces(std::string_view heard);
// One message as filters of raw input see it: without the end that is not part of it.
std::string as_message(const protocol &speaks, std::string bytes);

protocol irc_protocol();   // irc.cpp
protocol ircv3_protocol(); // irc.cpp
protocol ircx_protocol();  // irc.cpp
protocol mic_protocol();   // mic.cpp

} // namespace q265267
