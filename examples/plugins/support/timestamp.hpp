// SPDX-License-Identifier: MIT
//
// Times as files show them: UTC, to the millisecond, in a form that sorts (ISO 8601). A time is the
// engine's word for the wall clock, so that files agree with what clients are told; nothing here
// asks the machine's own clock.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>

namespace confab::plugins {

// "2023-11-14T22:13:20.000Z"
inline std::string timestamp(std::int64_t unix_ns) {
  const std::chrono::sys_time<std::chrono::milliseconds> at{
      std::chrono::milliseconds{unix_ns / 1'000'000}};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{at - day};
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                static_cast<int>(time.subseconds().count()));
  return out;
}

} // namespace confab::plugins
