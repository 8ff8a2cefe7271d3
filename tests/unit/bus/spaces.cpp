// SPDX-License-Identifier: MIT
//
// What plugins have for each other: event types in a leased space, which go through all stages, and
// services.
#include "support/catch.hpp"
#include "unit/bus/added.hpp"

using namespace confab::test;

namespace {

confab_event_custom custom(std::uint16_t space, std::uint16_t type, std::string_view text) {
  confab_event_custom e{};
  e.head.struct_size = sizeof e;
  e.head.space = space;
  e.head.type = type;
  e.text = str_of(text);
  return e;
}

// A subscription to a type of a space.
std::function<void(confab_hook &)> in_space(const thing &space, std::uint16_t type) {
  return [&space, type](confab_hook &h) {
    h.space = static_cast<std::uint16_t>(space.number);
    h.type = type;
  };
}

} // namespace

TEST_CASE("an event of a leased space goes through all stages") {
  addable chat;
  thing &space = chat.space("org.example.polls", 2);
  REQUIRE(chat.last == CONFAB_OK);
  const auto number = static_cast<std::uint16_t>(space.number);
  std::string seen;
  std::uint32_t outcome = 0;
  chat.on(
      0, CONFAB_STAGE_TRANSFORM,
      [&](confab_call *c, const confab_event *) {
        CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("rewritten")) == CONFAB_OK);
        CHECK(confab_call_set_number(c, CONFAB_FIELD_NUMBER, UINT64_MAX) == CONFAB_OK);
        return CONFAB_PASS;
      },
      in_space(space, 1));
  bool deny = false;
  chat.on(
      0, CONFAB_STAGE_POLICY,
      [&](confab_call *, const confab_event *) { return deny ? CONFAB_DENY : CONFAB_PASS; },
      in_space(space, 1));
  chat.on(
      0, CONFAB_STAGE_OBSERVE,
      [&](confab_call *c, const confab_event *event) {
        const auto &e = *reinterpret_cast<const confab_event_custom *>(event);
        CHECK(e.number == UINT64_MAX);
        CHECK(e.subject == chat.ann_user());
        CHECK(e.head.actor == chat.user("bob"));
        seen = string_of(e.text);
        confab_outcome o{};
        o.struct_size = sizeof o;
        CHECK(confab_call_outcome(c, &o) == CONFAB_OK);
        outcome = o.outcome;
        return CONFAB_PASS;
      },
      in_space(space, 1));
  listener &other = chat.on(
      0, CONFAB_STAGE_OBSERVE, [](confab_call *, const confab_event *) { return CONFAB_PASS; },
      in_space(space, 0));
  confab_event_custom e = custom(number, 1, "said");
  e.subject = chat.ann_user();
  e.head.actor = chat.user("bob");
  std::uint64_t seq = 0;
  CHECK(confab_event_submit(chat.engine, &e, &seq) == CONFAB_OK);
  CHECK(seq > 0);
  CHECK(seen == "rewritten");
  CHECK(outcome == CONFAB_OUTCOME_COMMITTED);
  deny = true;
  CHECK(confab_event_submit(chat.engine, &e, nullptr) == CONFAB_ERR_DENIED);
  CHECK(outcome == CONFAB_OUTCOME_DENIED);
  CHECK(other.calls == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("an event of a leased space can wait for a handler") {
  addable chat;
  thing &space = chat.space("org.example", 1);
  confab_id token = 0;
  chat.on(
      0, CONFAB_STAGE_POLICY,
      [&](confab_call *c, const confab_event *) {
        CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        return CONFAB_DEFER;
      },
      in_space(space, 0));
  unsigned observed = 0;
  chat.on(
      0, CONFAB_STAGE_OBSERVE,
      [&](confab_call *, const confab_event *) {
        ++observed;
        return CONFAB_PASS;
      },
      in_space(space, 0));
  const confab_event_custom e = custom(static_cast<std::uint16_t>(space.number), 0, "x");
  CHECK(confab_event_submit(chat.engine, &e, nullptr) == CONFAB_PARKED);
  CHECK(observed == 0);
  CHECK(confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
  CHECK(observed == 1);
}

TEST_CASE("a space that is given back is silent, and is the same when it is leased again") {
  addable chat;
  thing &space = chat.space("org.example", 2);
  const std::uint32_t number = space.number;
  listener &l = chat.on(
      0, CONFAB_STAGE_OBSERVE, [](confab_call *, const confab_event *) { return CONFAB_PASS; },
      in_space(space, 1));
  const confab_event_custom e = custom(static_cast<std::uint16_t>(number), 1, "x");
  CHECK(confab_event_submit(chat.engine, &e, nullptr) == CONFAB_OK);
  CHECK(l.calls == 1);
  CHECK(chat.remove(space) == CONFAB_OK);
  CHECK(confab_event_submit(chat.engine, &e, nullptr) == CONFAB_ERR_ARG);
  confab_hook hook = confab_hook_init();
  hook.space = static_cast<std::uint16_t>(number);
  hook.stage = CONFAB_STAGE_OBSERVE;
  hook.call = hooked::call;
  CHECK(confab_hook_add(chat.engine, &hook, nullptr) == CONFAB_ERR_ARG);
  thing &other = chat.space("org.other", 2);
  CHECK(other.number != number);
  thing &again = chat.space("org.example", 2);
  CHECK(again.number == number);
  CHECK(confab_event_submit(chat.engine, &e, nullptr) == CONFAB_OK);
  CHECK(l.calls == 2);
  CHECK(chat.remove(again) == CONFAB_OK);
  thing &wider = chat.space("org.example", 3); // more than there was room for
  CHECK(wider.number != number);
  CHECK(l.calls == 2);
}

TEST_CASE("a thousand leases of one name are one space") {
  addable chat;
  std::uint32_t number = 0;
  for (int i = 0; i < 1000; ++i) {
    thing &space = chat.space("org.example", 64);
    number = number == 0 ? space.number : number;
    CHECK(space.number == number);
    CHECK(chat.remove(space) == CONFAB_OK);
  }
  CHECK(chat.destroy() == "");
}

TEST_CASE("what no event of a leased space can be") {
  addable chat;
  thing &space = chat.space("org.example", 2);
  const auto number = static_cast<std::uint16_t>(space.number);
  const auto submit = [&](const confab_event_custom &e) {
    return confab_event_submit(chat.engine, &e, nullptr);
  };
  CHECK(confab_event_submit(chat.engine, nullptr, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_event_submit(nullptr, nullptr, nullptr) == CONFAB_ERR_ARG);
  CHECK(submit(custom(0, CONFAB_EVENT_MESSAGE, "")) == CONFAB_ERR_ARG);
  CHECK(submit(custom(number, 2, "")) == CONFAB_ERR_ARG);
  CHECK(submit(custom(static_cast<std::uint16_t>(number + 1), 0, "")) == CONFAB_ERR_ARG);
  confab_event_custom e = custom(number, 0, "x");
  e.head.struct_size = sizeof(confab_event);
  CHECK(submit(e) == CONFAB_ERR_STRUCT);
  e = custom(number, 0, "x");
  e.text = {nullptr, 1};
  CHECK(submit(e) == CONFAB_ERR_ARG);
  e = custom(number, 0, "x");
  e.head.actor = chat.ann;
  CHECK(submit(e) == CONFAB_ERR_ARG);
  const confab_id cat = chat.user("cat");
  chat.end(chat.cat);
  e.head.actor = cat;
  CHECK(submit(e) == CONFAB_ERR_STALE_ID);
  const std::string most(65536, 'x'), more(65537, 'x');
  CHECK(submit(custom(number, 0, most)) == CONFAB_OK);
  CHECK(submit(custom(number, 0, more)) == CONFAB_ERR_TOO_LONG);
  for (const std::uint32_t types : {0U, 65U}) {
    chat.space("a", types);
    CHECK(chat.last == CONFAB_ERR_ARG);
  }
  chat.space("a", 64);
  CHECK(chat.last == CONFAB_OK);
  chat.space("a", 1);
  CHECK(chat.last == CONFAB_ERR_EXISTS);
  for (const char *name : {"", "a b", "a/b"}) {
    chat.space(name, 1);
    CHECK(chat.last == CONFAB_ERR_NAME);
  }
}

TEST_CASE("a service is found while it is there, in a version that is at least the one wanted") {
  addable chat;
  const int table = 7;
  confab_service_spec spec = confab_service_spec_init();
  spec.name = CONFAB_STR("org.example.words");
  CHECK(confab_service_add(chat.engine, &spec, nullptr) == CONFAB_ERR_ARG); // no table
  spec.version = 3;
  spec.table = &table;
  confab_id id = 0, found = 0;
  CHECK(confab_service_add(chat.engine, &spec, &id) == CONFAB_OK);
  const void *out = nullptr;
  CHECK(confab_service_find(chat.engine, spec.name, 2, &out, &found) == CONFAB_OK);
  CHECK(out == &table);
  CHECK(found == id);
  CHECK(confab_service_find(chat.engine, spec.name, 3, &out, nullptr) == CONFAB_OK);
  CHECK(confab_service_find(chat.engine, spec.name, 4, &out, &found) == CONFAB_ERR_UNSUPPORTED);
  CHECK(out == nullptr);
  CHECK(found == 0);
  CHECK(confab_service_find(chat.engine, CONFAB_STR("org.other"), 0, &out, &found) ==
        CONFAB_ERR_NOT_FOUND);
  CHECK(confab_service_find(chat.engine, spec.name, 0, nullptr, &found) == CONFAB_ERR_ARG);
  CHECK(confab_service_find(chat.engine, {nullptr, 1}, 0, &out, &found) == CONFAB_ERR_ARG);
  CHECK(chat.info(id).number == 3);
  CHECK(confab_addition_remove(chat.engine, id) == CONFAB_OK);
  CHECK(confab_service_find(chat.engine, spec.name, 0, &out, &found) == CONFAB_ERR_NOT_FOUND);
}
