// SPDX-License-Identifier: MIT
//
// DATA, REQUEST and REPLY (draft §5.4; spec ircx §5.3): the grammar of tags, which tags are kept
// for whom, and the target forms, which PRIVMSG and NOTICE share under IRCX (spec §5.9.8).
// Payloads are opaque. Who receives what is the core's business.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/numerics.hpp"
#include "proto/ircx/roles.hpp"

#include <cstdint>
#include <string_view>

namespace confab::ircx {

inline constexpr std::size_t tag_bytes_limit = 15;

// The first byte is one of the ASCII range `A` to `z`, which holds [ \ ] ^ _ ` too, the rest may be
// digits and dots as well (spec §20.11: Microsoft's manual has a tag `_FOO_`).
bool is_tag(std::string_view tag) noexcept;

// Tags that begin so are kept, without case: `SYSTEM` is of SYS.
enum class tag_reserved : std::uint8_t {
  no,
  manager, // ADM
  sysop,   // SYS
  owner,   // OWN, of the channel addressed
  host     // HST, of the channel addressed
};

tag_reserved reserved_for(std::string_view tag) noexcept;

// May a sender use the tag? `who` has his roles in the channel that is addressed, and no role of a
// member when it is a nick, so that OWN and HST never reach one.
bool may_use_tag(std::string_view tag, role_set who) noexcept;

// To whom a message goes.
struct tagged_targets {
  std::string_view targets; // a comma list, or one channel when there are members
  std::string_view members; // a comma list of nicks in that channel; empty: all of it
};

struct tagged_command {
  tagged_targets to;
  std::string_view tag, payload;
};

enum class tagged_error : std::uint8_t {
  none,
  too_few,    // 461 (Q178259)
  too_many,   // 901
  bad_target, // 900: members of what is not one channel
  bad_tag,    // 904
  no_payload  // 412 (Q217149)
};

numeric numeric_of(tagged_error error) noexcept; // IRCERR_*, or 0 for 461 and 412 of plain IRC

// Reads `DATA target [members] tag :payload`. Members are a parameter of their own: with four
// parameters the first is a single channel.
tagged_error parse_tagged(const irc::message &m, tagged_command &out) noexcept;

// The same forms for PRIVMSG and NOTICE: `PRIVMSG target [members] :text`. No tag.
tagged_error parse_addressed(const irc::message &m, tagged_targets &out,
                             std::string_view &text) noexcept;

} // namespace confab::ircx
