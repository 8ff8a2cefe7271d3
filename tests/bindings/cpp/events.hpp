// SPDX-License-Identifier: MIT
//
// From the names of the file to the types of confab.hpp, and back: which event a word means, and
// what a view of an event says, as JSON.
#pragma once

#include "bindings/cpp/file.hpp"

#include <confab/confab.hpp>

#include <concepts>

namespace behaviours {

// Calls `with.operator()<Event>()` for the event of that name.
template <class With>
decltype(auto) with_event(const std::string &name, With &&with) {
#define CONFAB_TEST_EVENT(word, Event)                                                             \
  if (name == word) {                                                                              \
    return with.template operator()<confab::Event>();                                              \
  }
  CONFAB_TEST_EVENT("connect", connect)
  CONFAB_TEST_EVENT("register", registration)
  CONFAB_TEST_EVENT("disconnect", disconnect)
  CONFAB_TEST_EVENT("nick", nick)
  CONFAB_TEST_EVENT("message", message)
  CONFAB_TEST_EVENT("join", join)
  CONFAB_TEST_EVENT("part", part)
  CONFAB_TEST_EVENT("topic", topic)
  CONFAB_TEST_EVENT("line_out", line_out)
  CONFAB_TEST_EVENT("hook_failed", hook_failed)
  CONFAB_TEST_EVENT("hook_state", hook_state)
  CONFAB_TEST_EVENT("hook_shadow", hook_shadow)
  CONFAB_TEST_EVENT("command", used_command)
#undef CONFAB_TEST_EVENT
  throw mismatch("this runner knows no event " + name);
}

inline json plain(std::string_view text) { return std::string(text); }
template <std::uint32_t Kind>
json plain(confab::id<Kind> id) {
  return id.raw();
}
template <class Number>
requires std::integral<Number> json plain(Number number) { return number; }

// The members of an event, by the names of the C struct.
template <class Event>
json members(const Event &event) {
  json found;
#define CONFAB_TEST_MEMBER(name)                                                                   \
  if constexpr (requires { plain(event.name()); }) {                                               \
    found[#name] = plain(event.name());                                                            \
  }
  CONFAB_TEST_MEMBER(text)
  CONFAB_TEST_MEMBER(name)
  CONFAB_TEST_MEMBER(key)
  CONFAB_TEST_MEMBER(kind)
  CONFAB_TEST_MEMBER(verb)
  CONFAB_TEST_MEMBER(params)
  CONFAB_TEST_MEMBER(address)
  CONFAB_TEST_MEMBER(hostname)
  CONFAB_TEST_MEMBER(username)
  CONFAB_TEST_MEMBER(realname)
  CONFAB_TEST_MEMBER(old_nick)
  CONFAB_TEST_MEMBER(time_ns)
  CONFAB_TEST_MEMBER(status)
  CONFAB_TEST_MEMBER(state)
  CONFAB_TEST_MEMBER(failures)
  CONFAB_TEST_MEMBER(verdict)
  CONFAB_TEST_MEMBER(visibility)
  CONFAB_TEST_MEMBER(hook)
#undef CONFAB_TEST_MEMBER
  if constexpr (std::same_as<Event, confab::nick>) {
    found["nick"] = plain(event.new_nick());
  } else if constexpr (requires { plain(event.nick()); }) {
    found["nick"] = plain(event.nick());
  }
  return found;
}

} // namespace behaviours
