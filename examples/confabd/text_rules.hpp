// SPDX-License-Identifier: MIT
//
// What a text in the configuration may be, by the kind of thing that it names. Numbers have bounds
// in options_fields.hpp; nothing else is judged here.
#pragma once

#include <cstdint>
#include <string_view>

namespace confabd {

enum class text_rule : std::uint8_t {
  line,      // no control characters
  lines,     // may have LF
  word,      // a line without spaces and what masks are made of
  host_name, // RFC 1123 §2.1, with a dot somewhere: nicks have none, so the two never mix
  letters,   // ASCII letters
  instance,  // the name of a plugin's instance: letters, digits, - and _
  path,      // a file; relative ones count from the configuration's folder
  password   // plain, or a hash that `confabd hash-password` made
};

// What is wrong with `text` under `rule`; empty: nothing.
std::string_view text_problem(text_rule rule, std::string_view text);

} // namespace confabd
