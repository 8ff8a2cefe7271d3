// SPDX-License-Identifier: MIT
//
// What an access list makes of somebody (IRCX draft §5.1.4; spec ircx §11.2): a pure function over
// entries. Where lists are asked, and what a refusal looks like, is the business of acts and
// sessions; who may change a list is in the table of rights.

#pragma once

#include "text/access_mask.hpp"

#include <confab/event.h>

#include <array>
#include <cstdint>

namespace confab::core {

inline constexpr std::int64_t never_expires = 0;

// When an entry that is added now with so many minutes expires.
constexpr std::int64_t expiry_of(std::uint32_t minutes, std::int64_t now_s) noexcept {
  return minutes == 0 ? never_expires : now_s + std::int64_t{minutes} * 60;
}
// An entry lasts up to the second of its expiry and no longer.
constexpr bool is_expired(std::int64_t expires_s, std::int64_t now_s) noexcept {
  return expires_s != never_expires && now_s >= expires_s;
}
// The minutes left, rounded up; 0 for one that never expires.
constexpr std::int64_t minutes_left(std::int64_t expires_s, std::int64_t now_s) noexcept {
  return expires_s == never_expires || now_s >= expires_s ? 0 : (expires_s - now_s + 59) / 60;
}

enum class access_outcome : std::uint8_t {
  neutral, // the list has nothing to say
  allowed, // by an entry of OWNER, OPERATOR, VOICE or GRANT: `list`
  denied,  // by a BAN
  closed   // only those are granted who are named, and this one is not
};

struct access_verdict {
  access_outcome outcome = access_outcome::neutral;
  std::uint32_t list = CONFAB_LIST_BAN; // where allowed or denied
  std::size_t entry = 0;                // which one decided, where allowed or denied
};

// The order in which the five lists are tried; the first with a matching entry decides. The draft's
// is the default. The administrator's guide of Exchange 5.5 says another (spec chat-sdk §4.1):
// there a BAN outweighs a VOICE, and a GRANT hides one.
using access_order = std::array<std::uint8_t, 5>;
inline constexpr access_order draft_order{CONFAB_LIST_OWNER, CONFAB_LIST_OPERATOR,
                                          CONFAB_LIST_VOICE, CONFAB_LIST_GRANT, CONFAB_LIST_BAN};
inline constexpr access_order exchange_order{CONFAB_LIST_OWNER, CONFAB_LIST_OPERATOR,
                                             CONFAB_LIST_GRANT, CONFAB_LIST_BAN, CONFAB_LIST_VOICE};

// An entry as the judgement looks at it.
struct access_view {
  std::uint32_t list = CONFAB_LIST_BAN;
  std::string_view mask;
  std::int64_t expires_s = never_expires;
};

// `matches(mask)` says whether the mask names the one who is judged, whom no list binds when he is
// an administrator. The entries, as `read` shows them, are in the order in which they were added:
// of several that match, the oldest decides. Expired ones count as gone. Where there is a GRANT and
// no BAN, whoever matches nothing is `closed` out; lists of BAN alone, of ranks alone, or with both
// leave him neutral.
template <class Entries, class Read, class Matches>
access_verdict judge_access(const Entries &entries, Read &&read, Matches &&matches,
                            std::int64_t now_s, const access_order &order = draft_order) {
  constexpr std::size_t unmatched = SIZE_MAX;
  std::array<std::size_t, CONFAB_LIST_COUNT> oldest;
  oldest.fill(unmatched);
  std::array<bool, CONFAB_LIST_COUNT> present{};
  std::size_t at = 0;
  for (const auto &entry : entries) {
    const access_view seen = read(entry);
    const std::size_t i = at++;
    if (is_expired(seen.expires_s, now_s))
      continue;
    present[seen.list] = true;
    if (oldest[seen.list] == unmatched && matches(seen))
      oldest[seen.list] = i;
  }
  for (const std::uint8_t list : order)
    if (oldest[list] != unmatched)
      return {list == CONFAB_LIST_BAN ? access_outcome::denied : access_outcome::allowed, list,
              oldest[list]};
  const bool closed = present[CONFAB_LIST_GRANT] && !present[CONFAB_LIST_BAN];
  return {closed ? access_outcome::closed : access_outcome::neutral, CONFAB_LIST_BAN, 0};
}

} // namespace confab::core
