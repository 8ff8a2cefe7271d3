// SPDX-License-Identifier: MIT
//
// The events of event_channel.h as C++ sees them: who enters, leaves, is invited or kept out, and
// what a channel, its members and its lists are. events.hpp includes this and says what holds for
// all views.
#pragma once

#include <confab/cpp/event.hpp>

#include <chrono>

namespace confab {
inline namespace abi_0 {

class join : public detail::event_view<confab_event_join, CONFAB_EVENT_JOIN, CONFAB_FIELD_NAME,
                                       CONFAB_FIELD_KEY> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view key() const noexcept { return view(raw().key); }
  [[nodiscard]] std::uint32_t flags() const noexcept { return raw().flags; }
  [[nodiscard]] std::uint32_t ranks() const noexcept { return raw().ranks; }
  [[nodiscard]] std::uint64_t modes() const noexcept { return raw().modes; }
  [[nodiscard]] std::uint32_t limit() const noexcept { return raw().limit; }
};

class part : public detail::event_view<confab_event_part, CONFAB_EVENT_PART, CONFAB_FIELD_TEXT,
                                       CONFAB_FIELD_NAME> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class kick : public detail::event_view<confab_event_kick, CONFAB_EVENT_KICK, CONFAB_FIELD_TEXT,
                                       CONFAB_FIELD_NAME, CONFAB_FIELD_NICK> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class invite : public detail::event_view<confab_event_invite, CONFAB_EVENT_INVITE,
                                         CONFAB_FIELD_NAME, CONFAB_FIELD_NICK> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
};

class knock : public detail::event_view<confab_event_knock, CONFAB_EVENT_KNOCK, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
  [[nodiscard]] std::uint32_t code() const noexcept { return raw().code; }
};

class topic : public detail::event_view<confab_event_topic, CONFAB_EVENT_TOPIC, CONFAB_FIELD_TEXT,
                                        CONFAB_FIELD_NAME> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class member_change
    : public detail::event_view<confab_event_member_change, CONFAB_EVENT_MEMBER_CHANGE,
                                CONFAB_FIELD_NAME, CONFAB_FIELD_NICK, CONFAB_FIELD_RANK,
                                CONFAB_FIELD_SET> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::uint32_t rank() const noexcept { return raw().rank; }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
};

class channel_open : public detail::event_view<confab_event_channel, CONFAB_EVENT_CHANNEL_OPEN> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] channel_id parent() const noexcept { return channel_id(raw().parent); }
  [[nodiscard]] std::uint64_t modes() const noexcept { return raw().modes; }
  [[nodiscard]] std::uint32_t limit() const noexcept { return raw().limit; }
};

class channel_close : public detail::event_view<confab_event_channel, CONFAB_EVENT_CHANNEL_CLOSE> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
};

class channel_change
    : public detail::event_view<confab_event_channel_change, CONFAB_EVENT_CHANNEL_CHANGE,
                                CONFAB_FIELD_NAME, CONFAB_FIELD_VALUE, CONFAB_FIELD_MODE,
                                CONFAB_FIELD_SET> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::uint32_t mode() const noexcept { return raw().mode; }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
  [[nodiscard]] std::string_view value() const noexcept { return view(raw().value); }
};

class access : public detail::event_view<confab_event_access, CONFAB_EVENT_ACCESS,
                                         CONFAB_FIELD_NAME, CONFAB_FIELD_MASK, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::uint32_t subject() const noexcept { return raw().subject; }
  [[nodiscard]] std::uint32_t list() const noexcept { return raw().list; }
  // CONFAB_ACCESS_ADD, REMOVE or CLEAR.
  [[nodiscard]] std::uint32_t change() const noexcept { return raw().set; }
  [[nodiscard]] bool set() const noexcept { return raw().set == CONFAB_ACCESS_ADD; }
  [[nodiscard]] std::string_view mask() const noexcept { return view(raw().mask); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
  [[nodiscard]] std::chrono::minutes lasts() const noexcept {
    return std::chrono::minutes(raw().minutes);
  }
  [[nodiscard]] std::uint32_t left() const noexcept { return raw().left; }
};

} // namespace abi_0
} // namespace confab
