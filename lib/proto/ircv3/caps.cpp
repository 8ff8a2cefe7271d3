// SPDX-License-Identifier: MIT
//
// The table of capabilities and the time format: see caps.hpp. The calendar comes from <chrono>,
// which computes it without asking any clock.

#include "proto/ircv3/caps.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace confab::ircv3 {

namespace {

constexpr std::array<capability_row, 4> table{{{"echo-message", cap_echo_message},
                                               {"multi-prefix", cap_multi_prefix},
                                               {"server-time", cap_server_time},
                                               {"userhost-in-names", cap_userhost_in_names}}};

char *put(char *out, unsigned value, unsigned digits) noexcept {
  for (unsigned i = digits; i-- > 0; value /= 10)
    out[i] = static_cast<char>('0' + value % 10);
  return out + digits;
}

} // namespace

std::span<const capability_row> capabilities() noexcept { return table; }

std::uint32_t find_capability(std::string_view name) noexcept {
  const auto at = std::find_if(table.begin(), table.end(),
                               [&](const capability_row &row) { return row.name == name; });
  return at == table.end() ? 0 : at->bit;
}

std::string_view format_time(std::int64_t unix_ns, char *out) noexcept {
  using namespace std::chrono;
  const sys_time<nanoseconds> at{nanoseconds{unix_ns}};
  const sys_days day = floor<days>(at);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<milliseconds>(at - day)};
  char *to = put(out, static_cast<unsigned>(std::clamp(static_cast<int>(date.year()), 0, 9999)), 4);
  *to++ = '-';
  to = put(to, static_cast<unsigned>(date.month()), 2);
  *to++ = '-';
  to = put(to, static_cast<unsigned>(date.day()), 2);
  *to++ = 'T';
  to = put(to, static_cast<unsigned>(clock.hours().count()), 2);
  *to++ = ':';
  to = put(to, static_cast<unsigned>(clock.minutes().count()), 2);
  *to++ = ':';
  to = put(to, static_cast<unsigned>(clock.seconds().count()), 2);
  *to++ = '.';
  to = put(to, static_cast<unsigned>(clock.subseconds().count()), 3);
  *to++ = 'Z';
  return {out, static_cast<std::size_t>(to - out)};
}

} // namespace confab::ircv3
