// SPDX-License-Identifier: MIT
//
// The four-part mask `nick!user@host$server` of IRCX (draft §5.1; spec ircx §1.3, §19.6, §19.8):
// how a short one is completed, and what it matches. ACCESS, EVENT and user lists share it.
// Lists of masks, levels and their order are in access.hpp.

#pragma once

#include "text/casemap.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::text {

inline constexpr std::size_t mask_bytes_limit = 255; // completed
inline constexpr std::string_view mask_of_all = "*!*@*$*";

enum class mask_error : std::uint8_t {
  none,
  too_long,      // does not fit
  bad_character, // a space or a control byte
  inexpressible  // an escaped backslash just before a wildcard, which no mask can say
};

// Completes a mask. With any of `!`, `@`, `$` the missing parts become `*` (behind `!` and without
// `@` stands a user, as in the masks of plain IRC; before a lone `$`, a host); else a word with a
// dot or a colon is a host; anything else is a nick; nothing is all. Completing twice is completing
// once. `out` has room for mask_bytes_limit and must not overlap `in`; `length` is set only without
// an error.
mask_error complete_mask(std::string_view in, char *out, std::size_t &length) noexcept;

struct mask_parts {
  std::string_view nick, user, host, server;
};

// The parts of a completed mask; one of plain IRC has no `$`, and is for all servers.
mask_parts split_mask(std::string_view completed) noexcept;

// Who is matched. Texts that are empty match only `*`.
struct mask_subject {
  std::string_view nick;      // decoded
  bool extended_nick = false; // no ordinary nick: it is written with a `'`
  std::string_view user;      // without `~`
  bool tilde = false;         // some see it with `~`: not authenticated, or no ident
  std::string_view host;      // as others see it
  std::string_view address;   // matched beside the host; may be empty
  std::string_view server;    // where it is connected
};

// Does the completed mask match? A nick part that begins with `'` is unquoted and matches extended
// nicks alone; any other is taken as it stands, for a backslash is a letter of ordinary nicks, and
// one that begins with `^` matches the aliases of extended nicks too (spec ircx §1.6). The
// user matches without `~`, and with it where some see it so: a ban must hit from every view.
bool mask_matches(casemap map, std::string_view completed, const mask_subject &subject) noexcept;

// Whether a ban of plain IRC can say the same: its server part is `*`. The form without it.
bool is_plain_mask(std::string_view completed) noexcept;
std::string_view plain_mask(std::string_view completed) noexcept;

} // namespace confab::text
