// SPDX-License-Identifier: MIT
//
// The events of event.h as C++ sees them: one small view per type, with text as std::string_view
// and ids by kind. The members, their meanings and the constants are event.h's; what all views
// share is in event.hpp, and the events about channels are in events_channel.hpp.
#pragma once

#include <confab/cpp/event.hpp>
#include <confab/cpp/events_channel.hpp>

namespace confab {
inline namespace abi_0 {

class connect : public detail::event_view<confab_event_connect, CONFAB_EVENT_CONNECT> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view address() const noexcept { return view(raw().address); }
  [[nodiscard]] std::string_view hostname() const noexcept { return view(raw().hostname); }
  [[nodiscard]] bool secure() const noexcept { return raw().secure != 0; }
  [[nodiscard]] std::uint32_t trust() const noexcept { return raw().trust; }
};

// CONFAB_EVENT_REGISTER; `register` is a word of the language.
class registration : public detail::event_view<confab_event_register, CONFAB_EVENT_REGISTER,
                                               CONFAB_FIELD_NICK, CONFAB_FIELD_USERNAME,
                                               CONFAB_FIELD_HOSTNAME, CONFAB_FIELD_REALNAME> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::string_view username() const noexcept { return view(raw().username); }
  [[nodiscard]] std::string_view hostname() const noexcept { return view(raw().hostname); }
  [[nodiscard]] std::string_view realname() const noexcept { return view(raw().realname); }
  [[nodiscard]] std::string_view address() const noexcept { return view(raw().address); }
};

class authenticate
    : public detail::event_view<confab_event_authenticate, CONFAB_EVENT_AUTHENTICATE> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view mechanism() const noexcept { return view(raw().mechanism); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view password() const noexcept { return view(raw().password); }
  [[nodiscard]] std::uint32_t step() const noexcept { return raw().step; }
};

class disconnect : public detail::event_view<confab_event_disconnect, CONFAB_EVENT_DISCONNECT,
                                             CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
  [[nodiscard]] std::uint32_t kind() const noexcept { return raw().kind; }
  [[nodiscard]] bool last() const noexcept { return raw().last != 0; }
};

class nick : public detail::event_view<confab_event_nick, CONFAB_EVENT_NICK, CONFAB_FIELD_NICK> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view new_nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::string_view old_nick() const noexcept { return view(raw().old_nick); }
};

class user_change
    : public detail::event_view<confab_event_user_change, CONFAB_EVENT_USER_CHANGE,
                                CONFAB_FIELD_TEXT, CONFAB_FIELD_MODE, CONFAB_FIELD_SET> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::uint32_t what() const noexcept { return raw().what; }
  [[nodiscard]] std::uint32_t mode() const noexcept { return raw().mode; }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class message : public detail::event_view<confab_event_message, CONFAB_EVENT_MESSAGE,
                                          CONFAB_FIELD_TEXT, CONFAB_FIELD_NAME, CONFAB_FIELD_KIND> {
public:
  using event_view::event_view;

  // Whom it is to: one of the two.
  [[nodiscard]] std::uint32_t kind() const noexcept { return raw().kind; }
  [[nodiscard]] std::uint32_t ranks_min() const noexcept { return raw().ranks_min; }
  [[nodiscard]] std::optional<channel_id> channel() const noexcept { return target<channel_id>(); }
  [[nodiscard]] std::optional<user_id> user() const noexcept { return target<user_id>(); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
  // Where it is said, of a whisper and what else is for some members only.
  [[nodiscard]] channel_id context() const noexcept { return channel_id(raw().context); }
  [[nodiscard]] std::string_view context_name() const noexcept { return view(raw().context_name); }
  [[nodiscard]] std::string_view peers() const noexcept { return view(raw().peers); }
  [[nodiscard]] std::string_view tag() const noexcept { return view(raw().tag); }

private:
  template <class Id>
  [[nodiscard]] std::optional<Id> target() const noexcept {
    const auto id = Id::from(raw().target);
    return id && *id ? id : std::nullopt;
  }
};

class kill : public detail::event_view<confab_event_kill, CONFAB_EVENT_KILL, CONFAB_FIELD_TEXT,
                                       CONFAB_FIELD_NICK> {
public:
  using event_view::event_view;

  // Who is ended: one of the two.
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class redirect
    : public detail::event_view<confab_event_redirect, CONFAB_EVENT_REDIRECT, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] conn_id conn() const noexcept { return conn_id(raw().conn); } // none: all
  [[nodiscard]] std::string_view targets() const noexcept { return view(raw().targets); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class oper : public detail::event_view<confab_event_oper, CONFAB_EVENT_OPER> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
};

class query : public detail::event_view<confab_event_query, CONFAB_EVENT_QUERY, CONFAB_FIELD_NAME> {
public:
  using event_view::event_view;

  [[nodiscard]] std::uint32_t kind() const noexcept { return raw().kind; }
  [[nodiscard]] std::uint32_t phase() const noexcept { return raw().phase; }
  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
};

class line_in
    : public detail::event_view<confab_event_line, CONFAB_EVENT_LINE_IN, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] conn_id conn() const noexcept { return conn_id(raw().conn); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class line_out
    : public detail::event_view<confab_event_line, CONFAB_EVENT_LINE_OUT, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] conn_id conn() const noexcept { return conn_id(raw().conn); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class rate_limit : public detail::event_view<confab_event_rate_limit, CONFAB_EVENT_RATE_LIMIT> {
public:
  using event_view::event_view;

  [[nodiscard]] conn_id conn() const noexcept { return conn_id(raw().conn); }
  [[nodiscard]] std::uint32_t limit() const noexcept { return raw().limit; }
};

class admin : public detail::event_view<confab_event_admin, CONFAB_EVENT_ADMIN> {
public:
  using event_view::event_view;

  [[nodiscard]] std::uint32_t request() const noexcept { return raw().request; }
};

} // namespace abi_0
} // namespace confab
