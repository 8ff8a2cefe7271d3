// SPDX-License-Identifier: MIT
//
// Names as IRCX writes them (draft §3 and §4.2; spec ircx §1.1, §1.4 to §1.7): what a target is by
// its first character, extended nicks `'...` and channels `%#...`, and the `^` alias of hex digits
// by which plain clients know an extended nick.
// The engine's own form of a name is the decoded one. Whether it is taken or forbidden is not
// decided here, nor which form a session is shown.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::ircx {

inline constexpr std::size_t nick_bytes_limit = 31;     // written, with its `'`: spec §1.7
inline constexpr std::size_t alias_bytes_limit = 63;    // `^` and two digits a byte
inline constexpr std::size_t channel_bytes_limit = 200; // written, with its prefix

// The first character decides what a target is: draft §4.2, in the order of spec §1.1.
enum class object_kind : std::uint8_t {
  none,             // empty, or nothing that a name can begin with
  network,          // `*`
  this_server,      // `$`
  server,           // `$name`
  last_channel,     // `%`: the channel that the client named last
  self,             // `'`: the client
  channel,          // `#...`, `&...`
  extended_channel, // `%#...`, `%&...`
  oid,              // `0` and eight hex digits; a bare `0` is none, as JOIN 0 needs it
  extended_nick,    // `'...`
  nick_alias,       // `^` and pairs of hex digits
  nick
};

object_kind classify(std::string_view object) noexcept;

// Why a name cannot be one; `reason` says it in words that can be shown.
enum class name_error : std::uint8_t {
  none,
  empty,
  no_prefix,      // a channel that does not begin with # & %# or %&
  lookalike,      // it begins with a wide or foreign form of # or & (Q182026)
  prefix_only,    // a nick with nothing behind its `'`
  too_long,       // in bytes, as written
  bad_character,  // one that must not be in it, or not in the first place
  malformed_utf8, // in an extended name
  reserved_alias  // a nick that looks like the hex alias of another
};

std::string_view reason(name_error error) noexcept;

// Decodes a nick as a session with IRCX wrote it: an ordinary one stays as it is (a backslash is a
// letter there), an extended one is unquoted and normalised (quoting.hpp). Its first character is a
// digit, `-` or above `A`, as the draft has it; behind that everything goes but `!` and `@`, which
// would end it in nick!user@host, and raw control characters. `out` has room for written.size();
// `length` is set only without an error.
name_error decode_nick(std::string_view written, std::size_t bytes_max, char *out,
                       std::size_t &length) noexcept;

// Appends the form for sessions with IRCX: as it is when it is an ordinary nick, else `'` and the
// quoted text. When it does not fit: false, and `used` as it was.
bool encode_nick(std::string_view nick, char *out, std::size_t size, std::size_t &used) noexcept;

// Is this a nick of RFC 1459, whatever its length?
bool is_ordinary_nick(std::string_view nick) noexcept;
// May a session that takes UTF-8 be shown the decoded nick (spec §1.6)? Not with a space, a comma,
// a control character, a wildcard, or anything in front that is a prefix elsewhere.
bool can_show_decoded(std::string_view nick) noexcept;

// The alias of an extended nick: `^` and the upper-case hex of each byte of the decoded nick.
// Appends it, or false.
bool encode_alias(std::string_view nick, char *out, std::size_t size, std::size_t &used) noexcept;
// `^`, then one pair of hex digits or more, in any case: what no nick may look like.
bool is_alias(std::string_view name) noexcept;
// Writes the nick that an alias stands for, at most (alias.size() - 1) / 2 bytes, and returns its
// length; 0 when it is no alias.
std::size_t decode_alias(std::string_view alias, char *out) noexcept;

// Checks a channel name as written. `#` and `&` names hold no NUL, BEL, CR, LF, space, comma and
// (Exchange) backslash; `%` names are quoted UTF-8.
name_error check_channel(std::string_view written, std::size_t bytes_max) noexcept;

// Decodes a name that check_channel took: the one prefix character and the text, without `%` and
// unquoted. Returns the length; `out` has room for written.size().
std::size_t decode_channel(std::string_view written, char *out) noexcept;
// Appends the `%` form of a decoded name, or false.
bool encode_channel(std::string_view name, char *out, std::size_t size, std::size_t &used) noexcept;
// Is the decoded name legal as a plain `#` name too, so that both spellings can be one channel
// (spec §19.10)?
bool is_plain_channel(std::string_view name) noexcept;

} // namespace confab::ircx
