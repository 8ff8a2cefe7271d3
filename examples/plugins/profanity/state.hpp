// SPDX-License-Identifier: MIT
//
// The lists on disk: the state as JSON, written at every change under another name and renamed, so
// that the file is always whole; and word files to begin with. Only full reads and writes: nothing
// here runs while a message is judged.
#pragma once

#include "profanity/lists.hpp"

#include <string>

namespace profanity {

// Each answers "" or what is wrong.
std::string save(const book &from, const std::string &path);
// Nothing is wrong when there is no file: then `*there` is false and `to` as it was.
std::string load(const std::string &path, book &to, bool *there);

// Entries of a text file: one a line; a line with `*` or `?` is a wildcard expression, one between
// slashes is RE2's, and one that begins with `+` is an exception. Empty lines and those that begin
// with `;` do not count.
std::string import_words(const std::string &path, book &to);

// What a line of such a file is; also for the setting `words`.
entry entry_of_line(std::string_view line, bool &good);

} // namespace profanity
