// SPDX-License-Identifier: MIT
//
// Fuzz targets: one for each codec and one for sessions of all protocols at once. Each takes any
// bytes; a law that does not hold ends the program. tests/fuzz/driver.cpp makes a libFuzzer program
// of each (preset `fuzz`); tests/property/fuzz_targets.cpp runs all of them over seeds and damage,
// so that none can rot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

namespace confab::fuzz {

struct target {
  std::string_view name;
  void (*run)(std::string_view bytes);
};

void fuzz_irc(std::string_view bytes);     // lines of IRC
void fuzz_ircx(std::string_view bytes);    // commands, names and masks of IRCX
void fuzz_mic(std::string_view bytes);     // frames of MIC
void fuzz_session(std::string_view bytes); // several clients: see session.cpp for the format

inline constexpr target targets[] = {
    {"irc", fuzz_irc}, {"ircx", fuzz_ircx}, {"mic", fuzz_mic}, {"session", fuzz_session}};

// A law.
inline void must(bool holds, const char *law) {
  if (holds)
    return;
  std::fprintf(stderr, "broken: %s\n", law);
  std::abort();
}

} // namespace confab::fuzz
