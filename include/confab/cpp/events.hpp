// SPDX-License-Identifier: MIT
//
// Events as C++ sees them: one small view per type over the C struct of event.h, with text as
// std::string_view and ids by kind. The members, their meanings and the constants are event.h's.
//
// A view is a pointer: it copies nothing, and lives as long as the event, which is until the
// handler returns. Each has `type`, which subscribes to it, and `data`, the struct a command of it
// fills in. `fields` are the texts that a TRANSFORM handler may replace: those marked [set] in
// event.h.
#pragma once

#include <confab/cpp/ids.hpp>
#include <confab/cpp/status.hpp>
#include <confab/event.h>
#include <confab/hook.h>

#include <optional>

namespace confab {
inline namespace abi_0 {

// What every event has, and all that a subscriber to every type knows at first.
class any_event {
public:
  using data = confab_event;
  static constexpr std::uint16_t type = CONFAB_EVENT_NONE; // of a subscription: every type
  static constexpr std::uint32_t fields = 0;

  explicit any_event(const confab_event &event) noexcept : event_(&event) {}

  [[nodiscard]] const confab_event &head() const noexcept { return *event_; }
  [[nodiscard]] std::uint16_t event_type() const noexcept { return event_->type; }
  [[nodiscard]] std::uint64_t seq() const noexcept { return event_->seq; }
  [[nodiscard]] std::uint64_t cause() const noexcept { return event_->cause; }
  [[nodiscard]] confab_time time() const noexcept { return event_->time; }
  [[nodiscard]] std::uint32_t protocol() const noexcept { return event_->protocol; }
  [[nodiscard]] conn_id origin() const noexcept { return conn_id(event_->origin); }
  [[nodiscard]] user_id actor() const noexcept { return user_id(event_->actor); }
  [[nodiscard]] bool cannot_be_refused() const noexcept { return has(CONFAB_EVENT_FINAL); }
  [[nodiscard]] bool from_host() const noexcept { return has(CONFAB_EVENT_FROM_HOST); }
  [[nodiscard]] bool rewritten() const noexcept { return has(CONFAB_EVENT_REWRITTEN); }

  // This event as one of its own type: `if (auto m = event.as<confab::message>())`.
  template <class Event>
  [[nodiscard]] std::optional<Event> as() const noexcept {
    if (event_->space != 0 || event_->type != Event::type) {
      return std::nullopt;
    }
    return Event(*event_);
  }

private:
  [[nodiscard]] bool has(std::uint32_t flag) const noexcept { return (event_->flags & flag) != 0; }

  const confab_event *event_;
};

namespace detail {

// The bit of a CONFAB_FIELD_* in an event's `fields`.
constexpr std::uint32_t field_bit(std::uint32_t field) noexcept { return 1u << field; }

template <class Data, std::uint16_t Type, std::uint32_t... Fields>
class event_view : public any_event {
public:
  using data = Data;
  static constexpr std::uint16_t type = Type;
  static constexpr std::uint32_t fields = (0u | ... | field_bit(Fields));

  using any_event::any_event;

  // The C struct. Its head is its first member, so a pointer to one is a pointer to the other.
  [[nodiscard]] const Data &raw() const noexcept { return reinterpret_cast<const Data &>(head()); }
};

} // namespace detail

// May a TRANSFORM handler of this event replace that text?
template <class Event, std::uint32_t Field>
concept settable = (Event::fields & detail::field_bit(Field)) != 0;

class connect : public detail::event_view<confab_event_connect, CONFAB_EVENT_CONNECT> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view address() const noexcept { return view(raw().address); }
  [[nodiscard]] std::string_view hostname() const noexcept { return view(raw().hostname); }
  [[nodiscard]] bool secure() const noexcept { return raw().secure != 0; }
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

class user_change : public detail::event_view<confab_event_user_change, CONFAB_EVENT_USER_CHANGE,
                                              CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::uint32_t what() const noexcept { return raw().what; }
  [[nodiscard]] std::uint32_t mode() const noexcept { return raw().mode; }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class message
    : public detail::event_view<confab_event_message, CONFAB_EVENT_MESSAGE, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  // Whom it is to: one of the two.
  [[nodiscard]] std::uint32_t kind() const noexcept { return raw().kind; }
  [[nodiscard]] std::uint32_t ranks_min() const noexcept { return raw().ranks_min; }
  [[nodiscard]] std::optional<channel_id> channel() const noexcept { return target<channel_id>(); }
  [[nodiscard]] std::optional<user_id> user() const noexcept { return target<user_id>(); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }

private:
  template <class Id>
  [[nodiscard]] std::optional<Id> target() const noexcept {
    const auto id = Id::from(raw().target);
    return id && *id ? id : std::nullopt;
  }
};

class join : public detail::event_view<confab_event_join, CONFAB_EVENT_JOIN, CONFAB_FIELD_NAME,
                                       CONFAB_FIELD_KEY> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view key() const noexcept { return view(raw().key); }
};

class part : public detail::event_view<confab_event_part, CONFAB_EVENT_PART, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class kick : public detail::event_view<confab_event_kick, CONFAB_EVENT_KICK, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] member_id member() const noexcept { return member_id(raw().member); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class invite : public detail::event_view<confab_event_invite, CONFAB_EVENT_INVITE> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
};

class topic : public detail::event_view<confab_event_topic, CONFAB_EVENT_TOPIC, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class member_change
    : public detail::event_view<confab_event_member_change, CONFAB_EVENT_MEMBER_CHANGE> {
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
};

class channel_close : public detail::event_view<confab_event_channel, CONFAB_EVENT_CHANNEL_CLOSE> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
};

class channel_change : public detail::event_view<confab_event_channel_change,
                                                 CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_FIELD_VALUE> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::uint32_t mode() const noexcept { return raw().mode; }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
  [[nodiscard]] std::string_view value() const noexcept { return view(raw().value); }
};

class access
    : public detail::event_view<confab_event_access, CONFAB_EVENT_ACCESS, CONFAB_FIELD_MASK> {
public:
  using event_view::event_view;

  [[nodiscard]] channel_id channel() const noexcept { return channel_id(raw().channel); }
  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
  [[nodiscard]] std::uint32_t list() const noexcept { return raw().list; }
  [[nodiscard]] bool set() const noexcept { return raw().set != 0; }
  [[nodiscard]] std::string_view mask() const noexcept { return view(raw().mask); }
};

class kill : public detail::event_view<confab_event_kill, CONFAB_EVENT_KILL, CONFAB_FIELD_TEXT> {
public:
  using event_view::event_view;

  [[nodiscard]] user_id user() const noexcept { return user_id(raw().user); }
  [[nodiscard]] std::string_view nick() const noexcept { return view(raw().nick); }
  [[nodiscard]] std::string_view text() const noexcept { return view(raw().text); }
};

class oper : public detail::event_view<confab_event_oper, CONFAB_EVENT_OPER> {
public:
  using event_view::event_view;

  [[nodiscard]] std::string_view name() const noexcept { return view(raw().name); }
};

class query : public detail::event_view<confab_event_query, CONFAB_EVENT_QUERY> {
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

class hook_failed : public detail::event_view<confab_event_hook_failed, CONFAB_EVENT_HOOK_FAILED> {
public:
  using event_view::event_view;

  [[nodiscard]] subscription hook() const noexcept { return subscription(raw().hook); }
  [[nodiscard]] std::uint32_t failed_type() const noexcept { return raw().type; }
  [[nodiscard]] confab_verdict verdict() const noexcept { return raw().verdict; }
};

} // namespace abi_0
} // namespace confab
