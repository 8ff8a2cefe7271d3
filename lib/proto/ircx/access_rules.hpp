// SPDX-License-Identifier: MIT
//
// What an access list makes of a user (draft §5.1.4; spec ircx §11.2): a pure function over a span
// of entries. Where lists are asked, and what a refusal looks like, is in spec §11.3 and the
// session's business; who may change a list is in access.hpp.

#pragma once

#include "proto/ircx/access.hpp"

#include <cstdint>
#include <span>

namespace confab::ircx {

inline constexpr std::int64_t never_expires = 0;

struct access_entry {
  access_level level = access_level::deny;
  std::string_view mask;                  // completed
  std::int64_t expires_s = never_expires; // Unix time
  std::string_view reason;
};

// When an entry that is added now with so many minutes expires.
constexpr std::int64_t expiry_of(std::uint32_t minutes, std::int64_t now_s) noexcept {
  return minutes == 0 ? never_expires : now_s + std::int64_t{minutes} * 60;
}
// An entry lasts up to the second of its expiry and no longer.
constexpr bool is_expired(std::int64_t expires_s, std::int64_t now_s) noexcept {
  return expires_s != never_expires && now_s >= expires_s;
}
// The minutes left as 804 shows them, rounded up; 0 for one that never expires.
constexpr std::int64_t minutes_left(std::int64_t expires_s, std::int64_t now_s) noexcept {
  return expires_s == never_expires || now_s >= expires_s ? 0 : (expires_s - now_s + 59) / 60;
}

enum class access_outcome : std::uint8_t {
  neutral, // the list has nothing to say
  allowed, // as a level OWNER, HOST, VOICE or GRANT: `level`
  denied,  // by a DENY: 474
  closed   // only those are granted who are named, and this one is not: 913
};

struct access_verdict {
  access_outcome outcome = access_outcome::neutral;
  access_level level = access_level::deny; // where allowed or denied
  std::size_t entry = 0;                   // which one decided, where allowed or denied
};

// The order in which levels are tried; the first with a matching entry decides.
using access_order = std::array<access_level, access_levels>;
// The draft's, and the default.
inline constexpr access_order draft_order{access_level::owner, access_level::host,
                                          access_level::voice, access_level::grant,
                                          access_level::deny};
// What the administrator's guide of Exchange 5.5 says (chat-sdk §4.1): a DENY outweighs a VOICE,
// and a GRANT hides one.
inline constexpr access_order exchange_order{access_level::owner, access_level::host,
                                             access_level::grant, access_level::deny,
                                             access_level::voice};

// Judges a subject that is no sysop manager: those are never subject to lists (spec §1.2). The
// entries are in the order in which they were added: of several that match, the oldest decides the
// reason.
// Expired ones count as gone. Where there is a GRANT and no DENY, whoever matches nothing is
// `closed` out; lists of DENY alone, of ranks alone, or with both GRANT and DENY leave it neutral.
access_verdict judge_access(text::casemap map, std::span<const access_entry> entries,
                            const mask_subject &subject, std::int64_t now_s,
                            const access_order &order = draft_order) noexcept;

} // namespace confab::ircx
