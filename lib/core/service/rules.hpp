// SPDX-License-Identifier: MIT
//
// The rules of a chat service that Exchange 5.5 kept beside its protocols (spec chat-sdk §4.5):
// user classes, bans with hours, and the delays of attack protection, as tables and pure functions.
// The host configures them and the core keeps them; no protocol is spoken here, though IRCX's
// operators know these rules by their names.

#pragma once

#include "text/casemap.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace confab::core {

// --- attack protection
// ----------------------------------------------------------------------------

enum class protection : std::uint8_t { none, low, medium, high };
inline constexpr std::size_t protection_levels = 4;

enum class protected_act : std::uint8_t {
  data,
  invitation,
  join,
  wrong_key,
  message,     // PRIVMSG, NOTICE, WHISPER
  host_message // of a host to its channel
};
inline constexpr std::size_t protected_acts = 6;

// The seconds that a session waits after the act, added to the delay of its class and the LAG of
// the channel. Operators wait for none of them.
unsigned protection_delay_s(protection level, protected_act act) noexcept;

// --- hours
// ----------------------------------------------------------------------------------------

// A time of day in UTC, from `from` to just before `to`, in minutes after midnight. Equal: always.
// One that ends before it begins goes over midnight; Exchange had none of those.
struct utc_window {
  std::uint16_t from = 0, to = 0;

  constexpr bool valid() const noexcept { return from < 1440 && to <= 1440; }
  constexpr bool contains(unsigned minute) const noexcept {
    if (from == to)
      return true;
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  }
};

// The minute of the day of a Unix time, before 1970 too.
constexpr unsigned minute_of_day(std::int64_t unix_s) noexcept {
  constexpr std::int64_t day = 86400;
  return static_cast<unsigned>(((unix_s % day) + day) % day / 60);
}

// Reads "09:00-17:30"; 24:00 may end it. False, and `out` unchanged, for anything else.
bool parse_window(std::string_view text, utc_window &out) noexcept;

// --- user classes
// ---------------------------------------------------------------------------------

enum class logon_mode : std::uint8_t { any, authenticated, anonymous };

struct class_subject {
  std::uint32_t protocol = 0; // one bit: whatever bits the classes use
  bool authenticated = false;
  std::string_view user, host; // host: the verified name, or empty
  std::string_view address;
};

struct user_class {
  std::string_view name;
  std::uint32_t protocols = 0; // 0: all
  logon_mode logon = logon_mode::any;
  std::string_view ident_mask;   // user@host; empty: all. Needs a verified host name
  std::string_view address_mask; // empty: all
  utc_window hours;
};

bool class_matches(const user_class &rule, const class_subject &subject, unsigned minute) noexcept;

// Which class a user is of: of those that match, the first by name, without case; null when none
// does. The order of the span does not count.
const user_class *find_class(std::span<const user_class> classes, const class_subject &subject,
                             unsigned minute) noexcept;

// What a class sets, with its range and what it is when nobody says.
enum class class_limit : std::uint8_t {
  address_connections, // at a time, from one address; 0: any number
  channels,            // of one user; 0: any number
  message_delay_s,
  nick_delay_s, // between changes of nick; the greatest value: never
  input_bytes,  // unread; 0: any number
  output_kilobytes
};

struct class_limit_row {
  class_limit limit;
  std::string_view name;
  std::uint32_t least, most, usual;
};

std::span<const class_limit_row> class_limits() noexcept;
inline constexpr std::uint32_t nick_delay_never = 3600;
inline constexpr std::uint32_t operator_output_kilobytes = 1024; // instead of the class's

// --- bans
// -----------------------------------------------------------------------------------------

inline constexpr std::size_t ban_nick_bytes_max = 23, ban_user_bytes_max = 63,
                             ban_host_bytes_max = 127, ban_reason_bytes_max = 63;

// A ban that the administration keeps. Empty parts match everybody, with `*` and `?` in them.
struct service_ban {
  std::string_view nick, user, host; // host: a domain or an address
  std::string_view reason;           // shown to the user
  utc_window hours;
};

enum class ban_error : std::uint8_t { none, too_long, bad_character, bad_hours, matches_everybody };

// Can it be one? A ban without any part would close the service.
ban_error check_ban(const service_ban &ban) noexcept;

struct ban_subject {
  std::string_view nick, user, host, address;
};

bool ban_matches(text::casemap map, const service_ban &ban, const ban_subject &subject,
                 unsigned minute) noexcept;

} // namespace confab::core
