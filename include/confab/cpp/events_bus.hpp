// SPDX-License-Identifier: MIT
//
// The events of event_bus.h as C++ sees them: about the bus itself and about what was added to it.
// The members, their meanings and the constants are event_bus.h's; what all views share is in
// event.hpp.
#pragma once

#include <confab/cpp/event.hpp>
#include <confab/extend.h>

namespace confab {
inline namespace abi_0 {

class hook_failed : public detail::event_view<confab_event_hook_failed, CONFAB_EVENT_HOOK_FAILED> {
public:
  using event_view::event_view;

  [[nodiscard]] subscription hook() const noexcept { return subscription(raw().hook); }
  [[nodiscard]] std::uint32_t kind() const noexcept { return raw().kind; }
  // Of the event it was called for.
  [[nodiscard]] std::uint32_t failed_type() const noexcept { return raw().type; }
  [[nodiscard]] std::uint64_t about() const noexcept { return raw().about; }
  [[nodiscard]] confab_verdict verdict() const noexcept { return raw().verdict; }
  [[nodiscard]] confab_status status() const noexcept { return raw().status; }
  [[nodiscard]] std::uint64_t time_ns() const noexcept { return raw().time_ns; }
};

class hook_state : public detail::event_view<confab_event_hook_state, CONFAB_EVENT_HOOK_STATE> {
public:
  using event_view::event_view;

  [[nodiscard]] subscription hook() const noexcept { return subscription(raw().hook); }
  [[nodiscard]] std::uint32_t state() const noexcept { return raw().state; }
  [[nodiscard]] std::uint32_t failures() const noexcept { return raw().failures; }
};

class hook_shadow : public detail::event_view<confab_event_hook_shadow, CONFAB_EVENT_HOOK_SHADOW> {
public:
  using event_view::event_view;

  [[nodiscard]] subscription hook() const noexcept { return subscription(raw().hook); }
  // Of the event that it judged.
  [[nodiscard]] std::uint32_t judged_type() const noexcept { return raw().type; }
  [[nodiscard]] std::uint64_t about() const noexcept { return raw().about; }
  [[nodiscard]] confab_verdict verdict() const noexcept { return raw().verdict; }
  [[nodiscard]] std::uint32_t code() const noexcept { return raw().code; }
  [[nodiscard]] std::uint32_t visibility() const noexcept { return raw().visibility; }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

// CONFAB_EVENT_COMMAND; `command` is what one submits (command.hpp).
class used_command
    : public detail::event_view<confab_event_command, CONFAB_EVENT_COMMAND, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] addition_id command() const noexcept { return addition_id(raw().command); }
  [[nodiscard]] std::string_view verb() const noexcept { return view(raw().verb); }
  [[nodiscard]] std::uint32_t params() const noexcept { return raw().params; }
  // Number `index`, from 0; empty behind the last.
  [[nodiscard]] std::string_view param(std::uint32_t index) const noexcept {
    return view(confab_command_param(&raw(), index));
  }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class property
    : public detail::event_view<confab_event_property, CONFAB_EVENT_PROPERTY, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  // Whose it is: one of the two.
  [[nodiscard]] std::optional<channel_id> channel() const noexcept { return of<channel_id>(); }
  [[nodiscard]] std::optional<user_id> user() const noexcept { return of<user_id>(); }
  [[nodiscard]] addition_id added() const noexcept { return addition_id(raw().property); }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }

private:
  template <class Id>
  [[nodiscard]] std::optional<Id> of() const noexcept {
    const auto id = Id::from(raw().subject);
    return id && *id ? id : std::nullopt;
  }
};

class plugin_state : public detail::event_view<confab_event_plugin, CONFAB_EVENT_PLUGIN> {
public:
  using event_view::event_view;

  [[nodiscard]] plugin_id plugin() const noexcept { return plugin_id(raw().plugin); }
  [[nodiscard]] std::uint32_t state() const noexcept { return raw().state; }
  [[nodiscard]] confab_status status() const noexcept { return raw().status; }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

// A type of event in a space that somebody leased. It is known when the program runs, not before,
// and so is given where one subscribes: `engine.on<confab::custom>(type, confab::observe, ...)`.
struct custom_type {
  std::uint16_t space;
  std::uint16_t type;

  friend constexpr bool operator==(custom_type, custom_type) noexcept = default;
};

class custom : public detail::event_view<confab_event_custom, CONFAB_EVENT_NONE, CONFAB_FIELD_NAME,
                                         CONFAB_FIELD_TEXT, CONFAB_FIELD_NUMBER> {
public:
  using event_view::event_view;
  static bool matches(const confab_event &event) noexcept { return event.space != 0; }

  [[nodiscard]] custom_type which() const noexcept { return {space(), event_type()}; }
  [[nodiscard]] confab_id subject() const noexcept { return raw().subject; }
  [[nodiscard]] confab_id object() const noexcept { return raw().object; }
  [[nodiscard]] std::uint64_t number() const noexcept { return raw().number; }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

} // namespace abi_0
} // namespace confab
