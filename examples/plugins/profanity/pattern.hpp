// SPDX-License-Identifier: MIT
//
// An entry of a list as a regular expression on folded text: plain words, wildcard expressions, and
// RE2's own. What is found where is matcher.hpp.
#pragma once

#include "profanity/fold.hpp"

#include <re2/re2.h>

#include <memory>
#include <string>
#include <string_view>

namespace profanity {

enum class entry_kind : std::uint8_t {
  word,      // what it says, as a whole word or words
  wildcard,  // * any run without spaces, ? one character, [abc] [a-d] [^x] one of, or none of
  expression // RE2, anywhere in the folded text (without marks), without case
};

struct entry {
  entry_kind kind = entry_kind::word;
  std::string text; // as it was given

  friend bool operator==(const entry &, const entry &) = default;
};

// What a `*` is.
inline constexpr std::string_view any_run = "[^ ]*";

// The expression of an entry, compiled, or null and what is wrong with it: in RE2's own words,
// where it is RE2 that does not take it.
std::shared_ptr<const RE2> compile(const folding &with, const entry &from, std::string &why);

} // namespace profanity
