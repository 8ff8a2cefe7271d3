// SPDX-License-Identifier: MIT
//
// Commands: the C structs with their heads filled in, and functions that make the common ones. They
// are submitted with engine_ref::submit. What each member means is event.h's and command.h's.
//
// A command keeps views of the texts it is given, as a C struct does: submit it in the same
// statement, or see to it that they live.
#pragma once

#include <confab/command.h>
#include <confab/cpp/events.hpp>
#include <confab/cpp/events_bus.hpp>

#include <concepts>

namespace confab {
inline namespace abi_0 {

template <class Event>
concept submittable = std::same_as<Event, disconnect> || std::same_as<Event, nick> ||
    std::same_as<Event, user_change> || std::same_as<Event, message> || std::same_as<Event, join> ||
    std::same_as<Event, part> || std::same_as<Event, kick> || std::same_as<Event, invite> ||
    std::same_as<Event, topic> || std::same_as<Event, member_change> ||
    std::same_as<Event, channel_change> || std::same_as<Event, access> ||
    std::same_as<Event, kill> || std::same_as<Event, knock> || std::same_as<Event, redirect>;

// A command of that event's type, in the name of `actor`, or of the server (none).
template <submittable Event>
struct command : Event::data {
  explicit command(user_id actor = {}) noexcept : Event::data{} {
    this->head.struct_size = sizeof(typename Event::data);
    this->head.type = Event::type;
    this->head.actor = actor.raw();
  }
};

namespace commands {

template <class Target>
requires std::same_as<Target, channel_id> || std::same_as<Target, user_id>
[[nodiscard]] command<message> say(user_id actor, Target target, std::string_view text,
                                   std::uint32_t kind = CONFAB_MESSAGE_PRIVMSG) noexcept {
  command<message> made(actor);
  made.kind = kind;
  made.target = target.raw();
  made.text = str(text);
  return made;
}

[[nodiscard]] inline command<join> join(user_id user, std::string_view channel,
                                        std::string_view key = {}) noexcept {
  command<confab::join> made(user);
  made.user = user.raw();
  made.name = str(channel);
  made.key = str(key);
  return made;
}

[[nodiscard]] inline command<part> part(user_id user, channel_id channel,
                                        std::string_view reason = {}) noexcept {
  command<confab::part> made(user);
  made.user = user.raw();
  made.channel = channel.raw();
  made.text = str(reason);
  return made;
}

[[nodiscard]] inline command<kick> kick(user_id actor, channel_id channel, user_id user,
                                        std::string_view reason = {}) noexcept {
  command<confab::kick> made(actor);
  made.channel = channel.raw();
  made.user = user.raw();
  made.text = str(reason);
  return made;
}

[[nodiscard]] inline command<topic> topic(user_id actor, channel_id channel,
                                          std::string_view text) noexcept {
  command<confab::topic> made(actor);
  made.channel = channel.raw();
  made.text = str(text);
  return made;
}

[[nodiscard]] inline command<nick> nick(user_id user, std::string_view new_nick) noexcept {
  command<confab::nick> made(user);
  made.user = user.raw();
  made.nick = str(new_nick);
  return made;
}

// Ends a user: all its sessions, and its place in every channel.
[[nodiscard]] inline command<disconnect> quit(user_id user, std::string_view reason = {}) noexcept {
  command<disconnect> made(user);
  made.text = str(reason);
  return made;
}

} // namespace commands

} // namespace abi_0
} // namespace confab
