// SPDX-License-Identifier: MIT
//
// The mode letters and rank prefixes of IRCX as tables (draft §7, §8.1; spec ircx §7 to §9): what a
// letter takes, who may set it and when, and which letter it has for clients without IRCX, to whom
// some of these letters mean something else (spec §19.2). In the shape of session/irc/modes.hpp, so
// that a dialect's table can be made from them; the numbers of the core's modes are the session's.

#pragma once

#include "proto/ircx/roles.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace confab::ircx {

// What a letter takes, as CHANMODES counts it: a mask or nothing to list, always a value, a value
// when set, none; a nick.
enum class letter_type : std::uint8_t { list, always, when_set, flag, rank };

enum class channel_mode : std::uint8_t {
  ban,
  key,
  limit,
  private_,
  hidden,
  secret,
  moderated,
  no_external,
  topic_locked,
  invite_only,
  knock,       // failed joins are reported to hosts
  no_format,   // a hint: clients show raw text
  no_whisper,  // between plain members
  auditorium,  // draft §8.1.12
  auth_only,   // only authenticated users may join
  cloneable,   // draft §8.1.16
  clone,       // draft §8.1.17
  registered,  // survives being empty; defined by the administration
  service,     // a service watches it
  mic_only,    // no IRC client can be in it; parsed, never set
  create_only, // `c`: a flag of CREATE, no mode
  owner,
  host,
  voice
};

struct mode_letter {
  char letter;
  letter_type type;
  channel_mode mode;
  char plain_letter;  // for sessions without IRCX; 0: they have none
  role_set set_by;    // at run time
  role_set create_by; // in CREATE, whose sender becomes owner; none: not a letter of CREATE
};

// Rows of a type are in the order in which 324 and ISUPPORT show them: a limit before a key,
// because Microsoft's clients read their values by place (spec §5.9.6).
std::span<const mode_letter> channel_letters() noexcept;
// Null when there is no such letter. Letters are lower-case only (Q198819).
const mode_letter *find_channel_letter(char letter) noexcept;
const mode_letter &row_of(channel_mode mode) noexcept;

// What a channel has that was made without naming modes (spec §5.2).
inline constexpr std::string_view default_modes = "nt";

enum class mode_answer : std::uint8_t {
  yes,
  need_host,  // 482
  need_owner, // 485: a host may not, an owner may
  never,      // 908: nobody in the channel may, or not now
  unknown     // 472: no letter of this command
};

// May `who` set or clear the letter of a channel that exists? Ranks are given and taken by these
// rules too; that a host cannot take anything from an owner is may_change_rank.
mode_answer may_set(const mode_letter &row, role_set who) noexcept;
// May `who` name the letter in CREATE?
mode_answer may_create_with(const mode_letter &row, role_set who) noexcept;

// May `who` give (set) or take the rank of a member that has `target` (draft §7.1, spec §8)?
// `oneself`: a member may always lay down its own rank. Hosts neither make owners nor touch one.
mode_answer may_change_rank(channel_mode rank, bool set, role_set who, role_set target,
                            bool oneself) noexcept;

// p, h and s exclude each other; without any the channel is public (draft §8.1.1 to §8.1.4).
enum class visibility : std::uint8_t { public_, private_, hidden, secret };

constexpr bool is_visibility(channel_mode mode) noexcept {
  return mode == channel_mode::private_ || mode == channel_mode::hidden ||
         mode == channel_mode::secret;
}
// The state that the mode stands for; public_ for all others.
visibility visibility_of(channel_mode mode) noexcept;
// Its letter, or 0 for public_.
char letter_of(visibility state) noexcept;
// What setting or clearing a visibility letter makes of the state: setting one clears the others,
// clearing one that is not set changes nothing.
visibility change_visibility(visibility was, channel_mode mode, bool set) noexcept;

// --- ranks
// ----------------------------------------------------------------------------------------

struct rank_prefix {
  channel_mode rank;
  char letter;
  char prefix;       // with IRCX
  char plain_prefix; // to a client without IRCX and without CAP: an owner looks like a host
  char v3_prefix;
};

// From the highest down.
std::span<const rank_prefix> rank_prefixes() noexcept;
// Null when no rank has that prefix.
const rank_prefix *find_rank_prefix(char prefix) noexcept;

// A member has one of owner, host and none; voice is apart. A change of it is shown to sessions
// with IRCX as a taking and a giving, each in a line of its own (spec §8); to plain ones as below.
enum class rank : std::uint8_t { none, host, owner };

// The changes of `o` that stand for a change of rank where an owner looks like a host (spec §19.1).
enum class plain_change : std::uint8_t { nothing, give, take };
plain_change fold_rank_change(rank was, rank is) noexcept;

// --- user modes
// -----------------------------------------------------------------------------------

enum class user_mode : std::uint8_t {
  administrator, // a sysop manager
  sysop,
  invisible,
  wallops,
  server_notices,
  ircx, // IRCX is on
  gag   // all that it says is dropped in silence (draft §7.2)
};

struct user_letter {
  char letter;
  user_mode mode;
  char plain_letter; // 0: not shown to sessions without IRCX
  bool by_oneself;   // a user may set it on himself
  bool by_operator;  // an operator may, on others
  bool seen_by_all;  // else by the user and operators
};

std::span<const user_letter> user_letters() noexcept;
const user_letter *find_user_letter(char letter) noexcept;

} // namespace confab::ircx
