// SPDX-License-Identifier: MIT
//
// What the tests of the old API's table share: a row and its exercise, and how an act is seen
// before and after it happens. The rows' exercises are in old_callbacks.cpp and old_objects.cpp;
// that none of the table is missing is checked in old_api.cpp.
#pragma once

#include "support/catch.hpp"
#include "unit/plugins/plugged.hpp"

#include <confab/helpers.h>

namespace confab::test {

struct old_row {
  const char *name; // as the README has it
  void (*exercise)();
};

std::vector<old_row> old_callbacks();
std::vector<old_row> old_objects();

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
