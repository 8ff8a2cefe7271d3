// SPDX-License-Identifier: MIT
//
// What operators say to the filter with EXTMSG, and what they are answered. A command is a function
// of the lists: it makes new ones, or says why not. Saving and putting them in force is the
// plugin's business.
#pragma once

#include "profanity/lists.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace profanity {

struct command_result {
  std::vector<std::string> lines; // what is answered
  bool changed = false;           // `next` is new
};

// Runs one command on `now`. Keys are words without case; those of texts (REPLY, WITH, BWORD, REG,
// RE2, GWORD, GREG) take the rest of the line.
command_result run_command(const book &now, std::string_view text, book &next);

} // namespace profanity
