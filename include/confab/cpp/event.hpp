// SPDX-License-Identifier: MIT
//
// What every event has, and what the views of the types in events.hpp and events_bus.hpp are made
// of. A view is a pointer over the C struct: it copies nothing, and lives as long as the event,
// which is until the handler returns.
//
// Each type has `type`, which subscribes to it, and `data`, the struct a command of it fills in.
// `fields` are the members that a TRANSFORM handler may replace: those marked [set] in event.h.
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
  static bool matches(const confab_event &) noexcept { return true; }

  explicit any_event(const confab_event &event) noexcept : event_(&event) {}

  [[nodiscard]] const confab_event &head() const noexcept { return *event_; }
  [[nodiscard]] std::uint16_t event_type() const noexcept { return event_->type; }
  [[nodiscard]] std::uint16_t space() const noexcept { return event_->space; }
  [[nodiscard]] std::uint64_t seq() const noexcept { return event_->seq; }
  [[nodiscard]] std::uint64_t cause() const noexcept { return event_->cause; }
  [[nodiscard]] confab_time time() const noexcept { return event_->time; }
  [[nodiscard]] std::uint32_t protocol() const noexcept { return event_->protocol; }
  [[nodiscard]] conn_id origin() const noexcept { return conn_id(event_->origin); }
  [[nodiscard]] user_id actor() const noexcept { return user_id(event_->actor); }
  [[nodiscard]] bool cannot_be_refused() const noexcept { return has(CONFAB_EVENT_FINAL); }
  [[nodiscard]] bool rewritten() const noexcept { return has(CONFAB_EVENT_REWRITTEN); }
  // Where it came from: exactly one of the four.
  [[nodiscard]] bool from_host() const noexcept { return has(CONFAB_EVENT_FROM_HOST); }
  [[nodiscard]] bool from_client() const noexcept { return has(CONFAB_EVENT_FROM_CLIENT); }
  [[nodiscard]] bool from_handler() const noexcept { return has(CONFAB_EVENT_FROM_HANDLER); }
  [[nodiscard]] bool from_engine() const noexcept { return has(CONFAB_EVENT_FROM_ENGINE); }

  // It came as a datagram, and goes as such.
  [[nodiscard]] bool datagram() const noexcept { return has(CONFAB_EVENT_DATAGRAM); }

  // This event as one of its own type: `if (auto m = event.as<confab::message>())`.
  template <class Event>
  [[nodiscard]] std::optional<Event> as() const noexcept {
    return Event::matches(*event_) ? std::optional<Event>(*event_) : std::nullopt;
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
  static bool matches(const confab_event &event) noexcept {
    return event.space == 0 && event.type == Type;
  }

  using any_event::any_event;

  // The C struct. Its head is its first member, so a pointer to one is a pointer to the other.
  [[nodiscard]] const Data &raw() const noexcept { return reinterpret_cast<const Data &>(head()); }
};

} // namespace detail

// May a TRANSFORM handler of this event replace that member?
template <class Event, std::uint32_t Field>
concept settable = (Event::fields & detail::field_bit(Field)) != 0;

} // namespace abi_0
} // namespace confab
