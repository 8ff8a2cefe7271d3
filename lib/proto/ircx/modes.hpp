// SPDX-License-Identifier: MIT
//
// The mode letters and rank prefixes of IRCX as tables (draft §7, §8.1; spec ircx §7 to §9): what a
// letter takes, whether CREATE may name it, and which letter it has for clients without IRCX, to
// whom some of these letters mean something else (spec §19.2). The tables of letters of all three
// views are made of them (session/irc/modes.cpp), with the numbers of the core's modes. Who may
// change what is the core's business.

#pragma once

#include <array>
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
  char plain_letter; // for sessions without IRCX; 0: they have none
  bool in_create;    // a letter of CREATE, whoever may use it
};

struct rank_prefix {
  channel_mode rank;
  char letter;
  char prefix;       // with IRCX
  char plain_prefix; // to a client without IRCX and without CAP: an owner looks like a host
  char v3_prefix;
};

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
};

namespace table {

using type = letter_type;
using mode = channel_mode;

// Rows of a type are in the order in which 324 and ISUPPORT show them: a limit before a key,
// because Microsoft's clients read their values by place (spec §5.9.6).
inline constexpr std::array<mode_letter, 24> channel_letters{{
    {'b', type::list, mode::ban, 'b', false},
    {'l', type::when_set, mode::limit, 'l', true},
    {'k', type::always, mode::key, 'k', true},
    {'a', type::flag, mode::auth_only, 'R', true},
    {'d', type::flag, mode::cloneable, 'D', true}, // REC §15
    {'e', type::flag, mode::clone, 'E', true},     // "a new clone": §20.10
    {'f', type::flag, mode::no_format, 'F', true},
    {'h', type::flag, mode::hidden, 'H', true},
    {'i', type::flag, mode::invite_only, 'i', true},
    {'m', type::flag, mode::moderated, 'm', true},
    {'n', type::flag, mode::no_external, 'n', true},
    {'p', type::flag, mode::private_, 'p', true},
    {'r', type::flag, mode::registered, 'r', true},
    {'s', type::flag, mode::secret, 's', true},
    {'t', type::flag, mode::topic_locked, 't', true},
    {'u', type::flag, mode::knock, 'u', true},
    {'w', type::flag, mode::no_whisper, 'w', true},
    {'x', type::flag, mode::auditorium, 'x', true}, // only in CREATE
    {'y', type::flag, mode::mic_only, '\0', true},
    {'z', type::flag, mode::service, 'Z', true},
    {'c', type::flag, mode::create_only, '\0', true},
    {'q', type::rank, mode::owner, 'q', false},
    {'o', type::rank, mode::host, 'o', false},
    {'v', type::rank, mode::voice, 'v', false},
}};

// From the highest down.
inline constexpr std::array<rank_prefix, 3> rank_prefixes{{{mode::owner, 'q', '.', '@', '~'},
                                                           {mode::host, 'o', '@', '@', '@'},
                                                           {mode::voice, 'v', '+', '+', '+'}}};

inline constexpr std::array<user_letter, 7> user_letters{{
    {'a', user_mode::administrator, 'o'},
    {'i', user_mode::invisible, 'i'},
    {'o', user_mode::sysop, 'o'},
    {'s', user_mode::server_notices, 's'},
    {'w', user_mode::wallops, 'w'},
    {'x', user_mode::ircx, '\0'},
    {'z', user_mode::gag, '\0'},
}};

} // namespace table

std::span<const mode_letter> channel_letters() noexcept;
// Null when there is no such letter. Letters are lower-case only (Q198819).
const mode_letter *find_channel_letter(char letter) noexcept;

// p, h and s exclude each other; without any the channel is public (draft §8.1.1 to §8.1.4).
enum class visibility : std::uint8_t { public_, private_, hidden, secret };

constexpr bool is_visibility(channel_mode mode) noexcept {
  return mode == channel_mode::private_ || mode == channel_mode::hidden ||
         mode == channel_mode::secret;
}
// The state that the mode stands for; public_ for all others.
visibility visibility_of(channel_mode mode) noexcept;

} // namespace confab::ircx
