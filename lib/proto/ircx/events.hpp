// SPDX-License-Identifier: MIT
//
// EVENT (draft §5.5 and §6.5; spec ircx §5.4, §16): what operators can listen to, as a table of
// objects and types, and the parser of the command. The feed is made from the engine's own events
// by the session; what the engine cannot see (sockets) the host says.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/numerics.hpp"
#include "text/access_mask.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace confab::ircx {

inline constexpr std::size_t subscriptions_limit = 32; // of a session: spec §1.7

enum class event_object : std::uint8_t { channel, member, server, connect, socket, user };

std::string_view name(event_object object) noexcept; // "CONNECT"
// Without case; the draft says CONNECTION where Exchange says CONNECT.
std::optional<event_object> find_event_object(std::string_view name) noexcept;

// What the mask of a subscription is matched against.
enum class event_subject : std::uint8_t {
  user,    // nick!user@host$server of the user it is about
  address, // *!*@address$*
  nobody   // nothing: the mask is not looked at
};

struct event_type {
  event_object object;
  std::string_view name;
  std::string_view params; // behind object and type; a part with a colon is the last one
  event_subject subject;
};

std::span<const event_type> event_types() noexcept;
// Null when the object has no such type.
const event_type *find_event_type(event_object object, std::string_view type) noexcept;

enum class event_verb : std::uint8_t { add, remove, list };

struct event_command {
  event_verb verb = event_verb::list;
  std::optional<event_object> object; // LIST without one means all
  std::string_view written;           // the object as typed: answers echo it
  std::string_view mask() const noexcept { return {mask_bytes.data(), mask_length}; }

  std::array<char, text::mask_bytes_limit> mask_bytes;
  std::size_t mask_length = 0;
};

enum class event_error : std::uint8_t {
  none,
  too_few,      // 461
  too_many,     // 901
  bad_function, // 902
  no_such,      // 920
  bad_mask      // 906
};

numeric numeric_of(event_error error) noexcept; // IRCERR_*, or 0 for the 461 of plain IRC

// Reads `EVENT ADD|DELETE object [mask]` and `EVENT LIST [object]`. A missing mask is *!*@*$*.
event_error parse_event(const irc::message &m, event_command &out) noexcept;

} // namespace confab::ircx
