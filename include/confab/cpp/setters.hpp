// SPDX-License-Identifier: MIT
//
// The setters of an event's texts, shared by all who may set them: a transform_call, and an act
// that waits. Each exists only where the event has such a text that may be set. Whoever derives
// from them has `set(field, value)`; nothing here is meant to be named.
#pragma once

#include <confab/cpp/event.hpp>

namespace confab {
inline namespace abi_0 {

namespace detail {

template <class Self, class Event>
class text_setters {
public:
  void set_text(std::string_view value) requires settable<Event, CONFAB_FIELD_TEXT> {
    put(CONFAB_FIELD_TEXT, value);
  }
  void set_nick(std::string_view value) requires settable<Event, CONFAB_FIELD_NICK> {
    put(CONFAB_FIELD_NICK, value);
  }
  void set_username(std::string_view value) requires settable<Event, CONFAB_FIELD_USERNAME> {
    put(CONFAB_FIELD_USERNAME, value);
  }
  void set_hostname(std::string_view value) requires settable<Event, CONFAB_FIELD_HOSTNAME> {
    put(CONFAB_FIELD_HOSTNAME, value);
  }
  void set_realname(std::string_view value) requires settable<Event, CONFAB_FIELD_REALNAME> {
    put(CONFAB_FIELD_REALNAME, value);
  }
  void set_name(std::string_view value) requires settable<Event, CONFAB_FIELD_NAME> {
    put(CONFAB_FIELD_NAME, value);
  }
  void set_key(std::string_view value) requires settable<Event, CONFAB_FIELD_KEY> {
    put(CONFAB_FIELD_KEY, value);
  }
  void set_value(std::string_view value) requires settable<Event, CONFAB_FIELD_VALUE> {
    put(CONFAB_FIELD_VALUE, value);
  }
  void set_mask(std::string_view value) requires settable<Event, CONFAB_FIELD_MASK> {
    put(CONFAB_FIELD_MASK, value);
  }

protected:
  text_setters() = default;
  ~text_setters() = default;

private:
  void put(std::uint32_t field, std::string_view value) {
    static_cast<Self *>(this)->set(field, value);
  }
};

} // namespace detail

} // namespace abi_0
} // namespace confab
