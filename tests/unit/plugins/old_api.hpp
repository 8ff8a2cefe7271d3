// SPDX-License-Identifier: MIT
//
// What the tests of the old API's table share: a row and its exercise, and how an act is seen
// before and after it happens. The rows' exercises are in the other files old_*.cpp; that none of
// the table is missing is checked in old_api.cpp.
#pragma once

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

#include <confab/helpers.h>

namespace confab::test {

struct old_row {
  const char *name; // as the README has it
  void (*exercise)();
};

std::vector<old_row> old_extension();
std::vector<old_row> old_callbacks();
std::vector<old_row> old_objects();
std::vector<old_row> old_users();
std::vector<old_row> old_channels();

// What a plugin has: every exercise calls through this.
inline const confab_api &api() { return *confab_api_table(); }

template <class Event>
const Event &as(const confab_event *event) {
  return *reinterpret_cast<const Event *>(event);
}

template <class Info>
Info fresh() {
  Info info{};
  info.struct_size = sizeof info;
  return info;
}

template <class Event>
Event command(std::uint32_t type) {
  Event c;
  CONFAB_COMMAND_INIT(&c, type);
  return c;
}

struct old_world : plugged {
  confab_user_info user_info(confab_id id) const {
    auto info = fresh<confab_user_info>();
    CHECK(api().user_get(engine, id, &info) == CONFAB_OK);
    return info;
  }
  confab_channel_info channel_info(std::string_view name = "#x") const {
    auto info = fresh<confab_channel_info>();
    CHECK(api().channel_get(engine, channel(name), &info) == CONFAB_OK);
    return info;
  }
  bool has_mode(std::uint32_t mode) const {
    return (channel_info().modes & (UINT64_C(1) << mode)) != 0;
  }
  confab_id member(std::string_view nick) const {
    confab_id id = 0;
    ignore(api().member_find(engine, channel("#x"), user(nick), &id));
    return id;
  }
  template <class Event>
  confab_status submit(const Event &c) {
    return api().command_submit(engine, &c.head, nullptr);
  }
  // An entry of somebody's list is added, or with `set` 0 or 2 taken away; `of`: #x or a user.
  confab_status access(std::uint32_t subject, confab_id of, std::uint32_t set,
                       std::string_view mask, std::uint32_t list = CONFAB_LIST_BAN) {
    auto c = command<confab_event_access>(CONFAB_EVENT_ACCESS);
    c.subject = subject;
    (subject == CONFAB_ACCESS_USER ? c.user : c.channel) = of;
    c.list = list;
    c.set = set;
    c.mask = str_of(mask);
    return submit(c);
  }
  confab_status access(std::uint32_t set, std::string_view mask,
                       std::uint32_t list = CONFAB_LIST_BAN) {
    return access(CONFAB_ACCESS_CHANNEL, channel("#x"), set, mask, list);
  }
  // The masks of a list, with a space after each.
  std::string masks(std::uint32_t subject, confab_id of,
                    std::uint32_t list = CONFAB_LIST_BAN) const {
    std::string out;
    auto e = fresh<confab_list_entry>();
    for (std::uint32_t i = 0; api().access_get(engine, subject, of, list, i, &e) == CONFAB_OK; ++i)
      out += string_of(e.mask) + " ";
    return out;
  }
  std::string masks() const { return masks(CONFAB_ACCESS_CHANNEL, channel("#x")); }
  // A mode of a user, as a plugin sets it.
  confab_status user_mode(std::string_view nick, std::uint32_t mode, std::uint32_t set = 1) {
    auto c = command<confab_event_user_change>(CONFAB_EVENT_USER_CHANGE);
    c.user = user(nick);
    c.what = CONFAB_USER_MODE;
    c.mode = mode;
    c.set = set;
    return submit(c);
  }
  bool user_has(std::string_view nick, std::uint32_t mode) const {
    return (user_info(user(nick)).modes & mode) != 0;
  }
  std::uint32_t ranks(std::string_view nick) const {
    auto info = fresh<confab_member_info>();
    ignore(api().member_get(engine, member(nick), &info));
    return info.ranks;
  }
  // Somebody comes who proves to be that account, by a password.
  confab_id authenticate(const std::string &nick, const std::string &account) {
    host.on_request = [](const confab_request &) {
      return static_cast<confab_status>(CONFAB_PARKED);
    };
    const confab_id conn = open();
    say(conn, "PASS secret\r\nNICK " + nick + "\r\nUSER u 0 * :U");
    host.on_request = nullptr;
    CHECK(api().request_resolve(engine, host.asked.back().id, CONFAB_OK, str_of(account)) ==
          CONFAB_OK);
    CHECK(user(nick) != 0);
    return conn;
  }
  // What the administration configures is the host's business.
  void serve(std::string_view json) {
    CHECK(confab_service_set(engine, str_of(json)) == CONFAB_OK);
  }

  // The two phases: a handler that cancels, after which nothing has happened, and one that is told
  // when it has.
  void phases(std::uint32_t type, const std::function<void()> &act,
              const std::function<bool()> &happened, confab_id scope = 0) {
    const auto scoped = [scope](confab_hook &h) { h.scope = scope; };
    const confab_id before = on(
                                 type, CONFAB_STAGE_POLICY,
                                 [&](confab_call *, const confab_event *) {
                                   CHECK_FALSE(happened());
                                   return CONFAB_DENY;
                                 },
                                 scoped)
                                 .id;
    const listener &cancelling = listeners.back();
    act();
    CHECK(cancelling.calls == 1);
    CHECK_FALSE(happened());
    CHECK(api().hook_remove(engine, before) == CONFAB_OK);
    told_after(type, act, happened, scope);
  }
  // Of what has the second phase only.
  void told_after(std::uint32_t type, const std::function<void()> &act,
                  const std::function<bool()> &happened, confab_id scope = 0) {
    const listener &after = on(
        type, CONFAB_STAGE_OBSERVE,
        [&](confab_call *c, const confab_event *) {
          auto outcome = fresh<confab_outcome>();
          CHECK(api().call_outcome(c, &outcome) == CONFAB_OK);
          CHECK(outcome.outcome == CONFAB_OUTCOME_COMMITTED);
          return CONFAB_PASS;
        },
        [scope](confab_hook &h) { h.scope = scope; });
    act();
    CHECK(after.calls == 1);
    CHECK(happened());
  }
  // A handler that sets a text of every event of a type.
  void rewrite(std::uint32_t type, std::uint32_t field, const std::string &text) {
    on(type, CONFAB_STAGE_TRANSFORM, [field, text](confab_call *c, const confab_event *) {
      CHECK(api().call_set(c, field, str_of(text)) == CONFAB_OK);
      return CONFAB_PASS;
    });
  }
};

} // namespace confab::test
