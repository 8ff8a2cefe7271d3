// SPDX-License-Identifier: MIT
//
// What somebody means to do, in words that no protocol owns: a client of any protocol can say it
// (protocols.hpp), and the host can submit it. A filter that rewrites an event is held against the
// intent that was changed in the same member.
#pragma once

#include <confab/confab.h>

#include <string>

namespace q265267 {

struct intent {
  std::uint16_t type = 0; // CONFAB_EVENT_*
  std::string name = {}, nick = {}, text = {}, key = {}, value = {}, mask = {};
  std::string context = {}, tag = {}; // of a message to members of a channel, or for programs
  std::string username = {}, hostname = {}, realname = {}; // of a newcomer
  std::uint32_t kind = 0; // of a message or question, or what a user changes
  std::uint32_t rank = 0, mode = 0, list = 0;
  std::uint32_t set = 1;
};

// All of it, so that two can be told apart.
std::string text_of(const intent &what);

// Gives it another text or number, that which CONFAB_FIELD_* names.
void change(intent &what, std::uint32_t field, const std::string &text, std::uint64_t number);

// Submits it, in the name of a user or of the server itself (0).
// `space` is that of an intent without a type.
confab_status submit(confab_engine *engine, const intent &what, confab_id actor, bool forced,
                     std::uint16_t space = 0);

} // namespace q265267
