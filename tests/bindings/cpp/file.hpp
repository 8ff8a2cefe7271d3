// SPDX-License-Identifier: MIT
//
// What bindings/behaviours.json says, as the runner compares it: texts that may be bytes, patterns,
// parts of objects, and words that stand for constants. A mismatch is thrown, for it may be found
// inside a handler.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace behaviours {

using nlohmann::json;

struct mismatch : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A file below the top of the tree.
json read(const std::string &path);

// A text of the file as bytes: {"hex": ...} is one that is no UTF-8.
std::string bytes(const json &text);

// `{any}` in a text stands for any run of bytes; an object is a part of what was found.
bool matches(const json &expected, const json &found);

// As many, and each as expected; `what` is for the mismatch.
void expect_all(const char *what, const json &expected, const json &found);
void expect_part(const char *what, const json &expected, const json &found);
// Of lines: each of `has` is among them, none of `lacks` is.
void expect_lines(const json &has, const json &lacks, const std::vector<std::string> &found);

// CONFAB_<family>_<word>, both ways; a word that is none is a mismatch.
std::uint32_t constant(const std::string &family, const std::string &word);
std::string word(const std::string &family, std::int64_t value);

} // namespace behaviours
