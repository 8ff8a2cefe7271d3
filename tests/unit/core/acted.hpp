// SPDX-License-Identifier: MIT
//
// What the tests of acts share: commands of the host in the name of users, who need no connection
// for that, and how each ended in words that no protocol owns. It judges nothing: the tests do.
#pragma once

#include "support/engine_fixture.hpp"

#include <cstring>

namespace confab::test {

constexpr std::uint64_t bit(std::uint32_t mode) { return std::uint64_t{1} << mode; }

struct acted : engine_fixture {
  acted() : acted(nullptr) {}
  explicit acted(const std::function<void(confab_engine_options &)> &more)
      : engine_fixture(setup{.tweak = [more](confab_engine_options &o) {
          o.events_max = 256;
          if (more)
            more(o);
        }}) {}

  // A user without a connection.
  confab_id person(std::string_view nick) {
    confab_user_options o = confab_user_options_init();
    o.nick = str_of(nick);
    o.username = str_of(nick);
    o.hostname = CONFAB_STR("example.org");
    confab_id user_id = 0;
    ignore(confab_user_create(engine, &o, &user_id));
    return user_id;
  }

  template <class Event>
  static Event make(std::uint32_t type, confab_id actor = 0) {
    Event e;
    std::memset(static_cast<void *>(&e), 0, sizeof e);
    e.head.struct_size = sizeof e;
    e.head.type = static_cast<std::uint16_t>(type);
    e.head.actor = actor;
    return e;
  }

  // The code of the refusal, or 0; `last` is what observers were told.
  template <class Event>
  std::uint32_t act(Event e) {
    const confab_event *seen = nullptr;
    confab_outcome outcome{};
    outcome.struct_size = sizeof outcome;
    while (confab_event_next(engine, &seen, &outcome, nullptr) == CONFAB_OK) {
    }
    status = confab_command_submit(engine, &e.head, nullptr);
    std::uint32_t code = UINT32_MAX; // no such event ended
    while (confab_event_next(engine, &seen, &outcome, nullptr) == CONFAB_OK)
      if (seen->type == e.head.type && code == UINT32_MAX) {
        code = outcome.outcome == CONFAB_OUTCOME_COMMITTED ? 0 : outcome.code;
        left = seen->type == CONFAB_EVENT_ACCESS
                   ? reinterpret_cast<const confab_event_access *>(seen)->left
                   : 0;
        ranks = seen->type == CONFAB_EVENT_JOIN
                    ? reinterpret_cast<const confab_event_join *>(seen)->ranks
                    : 0;
      }
    return code == UINT32_MAX && status == CONFAB_OK ? 0 : code; // it was so already
  }

  // Who makes a channel here is its owner, as by IRCX and MIC.
  std::uint32_t join(confab_id who, std::string_view where, std::string_view key = {},
                     std::uint32_t flags = 0, std::uint64_t modes = 0, std::uint32_t limit = 0) {
    auto e = make<confab_event_join>(CONFAB_EVENT_JOIN, who);
    e.name = str_of(where);
    e.key = str_of(key);
    e.flags = flags | CONFAB_JOIN_OWNS;
    e.modes = modes;
    e.limit = limit;
    return act(e);
  }
  std::uint32_t opens(confab_id who, std::string_view where, std::uint64_t modes,
                      std::uint32_t limit = 0, std::string_view key = {}) {
    return join(who, where, key, CONFAB_JOIN_OPENING, modes, limit);
  }
  std::uint32_t part(confab_id who, std::string_view where) {
    auto e = make<confab_event_part>(CONFAB_EVENT_PART, who);
    e.name = str_of(where);
    return act(e);
  }
  std::uint32_t mode(confab_id who, std::string_view where, std::uint32_t mode, bool set = true,
                     std::string_view value = {}, bool forced = false) {
    auto e = make<confab_event_channel_change>(CONFAB_EVENT_CHANNEL_CHANGE, who);
    e.head.flags = forced ? CONFAB_EVENT_FORCED : 0;
    e.name = str_of(where);
    e.mode = mode;
    e.set = set ? 1 : 0;
    e.value = str_of(value);
    return act(e);
  }
  std::uint32_t rank(confab_id who, std::string_view where, std::string_view nick,
                     std::uint32_t rank, bool set = true) {
    auto e = make<confab_event_member_change>(CONFAB_EVENT_MEMBER_CHANGE, who);
    e.name = str_of(where);
    e.nick = str_of(nick);
    e.rank = rank;
    e.set = set ? 1 : 0;
    return act(e);
  }
  std::uint32_t list(confab_id who, std::uint32_t subject, std::string_view name,
                     std::uint32_t change, std::uint32_t which, std::string_view mask = {},
                     std::uint32_t minutes = 0) {
    auto e = make<confab_event_access>(CONFAB_EVENT_ACCESS, who);
    e.subject = subject;
    e.name = str_of(name);
    e.set = change;
    e.list = which;
    e.mask = str_of(mask);
    e.minutes = minutes;
    return act(e);
  }
  std::uint32_t adds(confab_id who, std::string_view where, std::uint32_t which,
                     std::string_view mask, std::uint32_t minutes = 0) {
    return list(who, CONFAB_ACCESS_CHANNEL, where, CONFAB_ACCESS_ADD, which, mask, minutes);
  }
  std::uint32_t takes(confab_id who, std::string_view where, std::uint32_t which,
                      std::string_view mask) {
    return list(who, CONFAB_ACCESS_CHANNEL, where, CONFAB_ACCESS_REMOVE, which, mask);
  }
  std::uint32_t property(confab_id who, std::string_view where, std::string_view name,
                         std::string_view value) {
    auto e = make<confab_event_property>(CONFAB_EVENT_PROPERTY, who);
    e.subject = channel(where);
    e.name = str_of(name);
    e.text = str_of(value);
    e.set = 1;
    return act(e);
  }
  std::uint32_t invite(confab_id who, std::string_view where, std::string_view nick) {
    auto e = make<confab_event_invite>(CONFAB_EVENT_INVITE, who);
    e.name = str_of(where);
    e.nick = str_of(nick);
    return act(e);
  }
  std::uint32_t says(confab_id who, std::string_view to, std::uint32_t kind,
                     std::string_view context = {}) {
    auto e = make<confab_event_message>(CONFAB_EVENT_MESSAGE, who);
    e.kind = kind;
    e.name = str_of(to);
    e.text = CONFAB_STR("hello");
    e.context_name = str_of(context);
    e.tag = CONFAB_STR("TEST");
    return act(e);
  }
  // A mode of the user, as the host gives it.
  std::uint32_t gives(confab_id who, std::uint32_t mode, bool set = true, confab_id by = 0) {
    auto e = make<confab_event_user_change>(CONFAB_EVENT_USER_CHANGE, by);
    e.head.flags = by == 0 ? CONFAB_EVENT_FORCED : 0;
    e.user = who;
    e.what = CONFAB_USER_MODE;
    e.mode = mode;
    e.set = set ? 1 : 0;
    return act(e);
  }
  std::uint64_t modes_of(std::string_view where) const {
    confab_channel_info info{};
    info.struct_size = sizeof info;
    ignore(confab_channel_get(engine, channel(where), &info));
    return info.modes;
  }

  confab_status status = CONFAB_OK;
  std::uint32_t left = 0, ranks = 0;
};

} // namespace confab::test
