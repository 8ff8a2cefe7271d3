// SPDX-License-Identifier: MIT
//
// Transcripts: whole exchanges with an engine, written down as text that people can read, and the
// player that holds an engine to one. tests/conformance/transcripts/README.md is the manual of the
// form. The player knows the C API alone: pull mode, a clock that stands still unless the
// transcript moves it. What a transcript says about IRC is its own business, never the player's.
#pragma once

#include <confab/confab.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

enum class step_kind { feed, expect, nothing, anything, closed, host, event };

struct step {
  step_kind kind;
  std::size_t line; // in the file
  std::string who;  // feed and expectations: the client; `*` is all
  std::string text; // feed: the bytes; else what stands after the mark
};

struct transcript {
  std::string file, title;
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<step> steps;
};

// The files of a folder in the order of their names; the reading of one. Throws std::runtime_error
// with file and line when the text is no transcript.
std::vector<std::string> transcript_files(const std::string &folder);
transcript read_transcript(const std::string &path);

// Does a line match an expectation? {any}, {word} and {number} stand for what is free.
bool line_matches(std::string_view expected, std::string_view line);

// How the bytes of a transcript reach the engine.
struct feeding {
  // Cuts the bytes of feed number `index` into pieces; empty: one piece.
  std::function<std::vector<std::string_view>(std::size_t index, std::string_view bytes)> cut;
  // Feeds that follow each other and come from one client are one.
  bool merge = false;
  bool judge = true; // hold it to the expectations
};

// What an engine did with a transcript.
struct played {
  std::map<std::string, std::string> output; // all bytes that each client got
  std::vector<std::string> events;           // all acts with their outcomes, as text
  std::set<std::uint32_t> refusals;          // CONFAB_REFUSED_* of all outcomes
  std::vector<std::string> problems;         // "file:line: what is wrong"
  std::vector<std::size_t> feed_bytes;       // the size of each feed
};

played play(const transcript &script, const feeding &how = {});

} // namespace confab::test
