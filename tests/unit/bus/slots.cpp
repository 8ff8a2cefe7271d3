// SPDX-License-Identifier: MIT
//
// Slots: data on the engine and on each kind of object, given back exactly once whatever ends it:
// replaced, cleared, its object gone, its slot removed, the engine destroyed. What additions have
// in common is tested in additions.cpp.
#include "support/catch.hpp"
#include "unit/bus/added.hpp"

using namespace confab::test;

namespace {

using dropped = std::vector<std::uintptr_t>;

std::uintptr_t held(const addable &chat, const thing &slot, confab_id object) {
  void *data = data_of(99);
  ignore(confab_slot_get(chat.engine, slot.id, object, &data));
  return reinterpret_cast<std::uintptr_t>(data);
}

confab_id member_of(const addable &chat, std::string_view nick) {
  confab_id id = 0;
  ignore(confab_member_find(chat.engine, chat.channel("#x"), chat.user(nick), &id));
  return id;
}

} // namespace

TEST_CASE("each kind of object holds data until it is replaced or cleared") {
  addable chat;
  const std::vector<std::pair<std::uint32_t, confab_id>> objects{
      {CONFAB_KIND_NONE, 0},
      {CONFAB_KIND_CONN, chat.ann},
      {CONFAB_KIND_USER, chat.ann_user()},
      {CONFAB_KIND_CHANNEL, chat.channel("#x")},
      {CONFAB_KIND_MEMBER, member_of(chat, "ann")}};
  for (const auto &[kind, object] : objects) {
    INFO("kind " << kind);
    thing &slot = chat.slot(kind);
    CHECK(held(chat, slot, object) == 0);
    CHECK(confab_slot_set(chat.engine, slot.id, object, data_of(1)) == CONFAB_OK);
    CHECK(held(chat, slot, object) == 1);
    CHECK(confab_slot_set(chat.engine, slot.id, object, data_of(2)) == CONFAB_OK);
    CHECK(slot.dropped == dropped{1});
    CHECK(confab_slot_set(chat.engine, slot.id, object, nullptr) == CONFAB_OK);
    CHECK(confab_slot_set(chat.engine, slot.id, object, nullptr) == CONFAB_OK);
    CHECK(slot.dropped == dropped{1, 2});
    CHECK(held(chat, slot, object) == 0);
    CHECK(confab_slot_set(chat.engine, slot.id, object, data_of(3)) == CONFAB_OK);
    CHECK(chat.remove(slot) == CONFAB_OK);
    CHECK(slot.dropped == dropped{1, 2, 3});
    CHECK(slot.released == 1);
    for (const auto &[other_kind, other] : objects) { // of another kind, or of none
      thing &second = chat.slot(kind);
      CHECK(confab_slot_set(chat.engine, second.id, other, data_of(4)) ==
            (other_kind == kind ? CONFAB_OK : CONFAB_ERR_ARG));
    }
  }
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("data goes with its object, once, and is told a dead id") {
  addable chat;
  thing &of_conn = chat.slot(CONFAB_KIND_CONN), &of_user = chat.slot(CONFAB_KIND_USER),
        &of_channel = chat.slot(CONFAB_KIND_CHANNEL), &of_member = chat.slot(CONFAB_KIND_MEMBER);
  const confab_id bob = chat.user("bob"), member = member_of(chat, "bob");
  of_user.drops = [&](void *, confab_id object) {
    CHECK(object == bob);
    confab_user_info info{};
    info.struct_size = sizeof info;
    CHECK(confab_user_get(chat.engine, object, &info) == CONFAB_ERR_STALE_ID);
    CHECK(confab_slot_set(chat.engine, of_user.id, object, data_of(9)) == CONFAB_ERR_STALE_ID);
    return CONFAB_OK;
  };
  CHECK(confab_slot_set(chat.engine, of_conn.id, chat.bob, data_of(1)) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, of_user.id, bob, data_of(2)) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, of_member.id, member, data_of(3)) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, of_channel.id, chat.channel("#x"), data_of(4)) == CONFAB_OK);
  chat.say(chat.bob, "PART #x");
  CHECK(of_member.dropped == dropped{3});
  chat.say(chat.bob, "QUIT");
  chat.read_all();
  CHECK(of_user.dropped == dropped{2});
  CHECK(of_conn.dropped == dropped{1});
  CHECK(of_channel.dropped.empty());
  chat.say(chat.ann, "PART #x");
  CHECK(of_channel.dropped == dropped{4});
  CHECK(chat.stats().memory_bytes > 0);
  CHECK(chat.destroy() == "");
  for (const thing *t : {&of_conn, &of_user, &of_channel, &of_member}) {
    CHECK(t->dropped.size() == 1);
    CHECK(t->released == 1);
  }
}

TEST_CASE("a connection whose socket is gone gives its data back at once") {
  addable chat;
  thing &slot = chat.slot(CONFAB_KIND_CONN);
  const confab_id conn = chat.open();
  CHECK(confab_slot_set(chat.engine, slot.id, conn, data_of(1)) == CONFAB_OK);
  chat.end(conn);
  CHECK(slot.dropped == dropped{1});
  // And one that is closed by the engine, when the host has closed it.
  CHECK(confab_slot_set(chat.engine, slot.id, chat.cat, data_of(2)) == CONFAB_OK);
  chat.say(chat.cat, "QUIT");
  chat.read_all();
  CHECK(slot.dropped == dropped{1, 2});
}

TEST_CASE("inside a handler data is given back after the current event") {
  addable chat;
  thing &slot = chat.slot(CONFAB_KIND_USER);
  const confab_id ann = chat.ann_user();
  CHECK(confab_slot_set(chat.engine, slot.id, ann, data_of(1)) == CONFAB_OK);
  chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    confab_engine *engine = confab_call_engine(c);
    CHECK(confab_slot_set(engine, slot.id, ann, data_of(2)) == CONFAB_OK);
    CHECK(held(chat, slot, ann) == 2);
    CHECK(slot.dropped.empty());
    CHECK(confab_addition_remove(engine, slot.id) == CONFAB_OK);
    CHECK(confab_slot_set(engine, slot.id, ann, data_of(3)) == CONFAB_ERR_STALE_ID);
    CHECK(slot.dropped.empty());
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(slot.dropped == dropped{1, 2});
  CHECK(slot.released == 1);
}

TEST_CASE("a destroy that hangs something else, or removes its own slot") {
  addable chat;
  thing &other = chat.slot(CONFAB_KIND_NONE), &slot = chat.slot(CONFAB_KIND_USER);
  slot.drops = [&](void *data, confab_id) {
    CHECK(confab_slot_set(chat.engine, other.id, 0, data) == CONFAB_OK);
    ignore(confab_addition_remove(chat.engine, slot.id));
    CHECK(slot.released == 0);
    return CONFAB_ERR_STATE;
  };
  CHECK(confab_slot_set(chat.engine, slot.id, chat.ann_user(), data_of(1)) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, slot.id, chat.user("bob"), data_of(2)) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, slot.id, chat.ann_user(), nullptr) == CONFAB_OK);
  CHECK(slot.dropped == dropped{1, 2});
  CHECK(slot.released == 1);
  CHECK(other.dropped == dropped{1});
  CHECK(held(chat, other, 0) == 2);
}

TEST_CASE("ten thousand objects with data, and the table gives all of it back") {
  engine_fixture::setup with;
  with.tweak = [](confab_engine_options &o) { o.commands_burst_max = 0; };
  addable chat(with);
  thing &slot = chat.slot(CONFAB_KIND_USER), &second = chat.slot(CONFAB_KIND_USER);
  constexpr std::uintptr_t count = 1000;
  std::vector<confab_id> users;
  for (std::uintptr_t i = 1; i <= count; ++i) {
    confab_user_options options = confab_user_options_init();
    const std::string nick = "u" + std::to_string(i);
    options.nick = str_of(nick);
    confab_id id = 0;
    CHECK(confab_user_create(chat.engine, &options, &id) == CONFAB_OK);
    CHECK(confab_slot_set(chat.engine, slot.id, id, data_of(i)) == CONFAB_OK);
    if (i % 2 == 0)
      CHECK(confab_slot_set(chat.engine, second.id, id, data_of(i + count)) == CONFAB_OK);
    users.push_back(id);
  }
  for (std::uintptr_t i = 1; i <= count; ++i) {
    CHECK(held(chat, slot, users[i - 1]) == i);
    CHECK(held(chat, second, users[i - 1]) == (i % 2 == 0 ? i + count : 0));
  }
  CHECK(chat.remove(slot) == CONFAB_OK);
  CHECK(slot.dropped.size() == count);
  std::sort(slot.dropped.begin(), slot.dropped.end());
  CHECK(std::unique(slot.dropped.begin(), slot.dropped.end()) == slot.dropped.end());
  for (const confab_id user : users)
    CHECK(confab_user_quit(chat.engine, user, CONFAB_STR("bye")) == CONFAB_OK);
  CHECK(second.dropped.size() == count / 2);
  CHECK(chat.destroy() == "");
}

TEST_CASE("what cannot be set or read") {
  addable chat;
  thing &slot = chat.slot(CONFAB_KIND_USER);
  void *data = data_of(1);
  CHECK(confab_slot_set(nullptr, slot.id, chat.ann_user(), data) == CONFAB_ERR_ARG);
  CHECK(confab_slot_set(chat.engine, chat.ann, chat.ann_user(), data) == CONFAB_ERR_ARG);
  CHECK(confab_slot_set(chat.engine, slot.id, 0, data) == CONFAB_ERR_ARG);
  CHECK(confab_slot_set(chat.engine, slot.id, chat.ann, data) == CONFAB_ERR_ARG);
  const confab_id cat = chat.user("cat");
  chat.end(chat.cat);
  CHECK(confab_slot_set(chat.engine, slot.id, cat, data) == CONFAB_ERR_STALE_ID);
  CHECK(confab_slot_get(chat.engine, slot.id, cat, &data) == CONFAB_ERR_STALE_ID);
  CHECK(data == nullptr);
  CHECK(confab_slot_get(chat.engine, slot.id, chat.ann_user(), nullptr) == CONFAB_ERR_ARG);
  thing &command = chat.command("EXAMPLE");
  CHECK(confab_slot_set(chat.engine, command.id, chat.ann_user(), data) == CONFAB_ERR_ARG);
  confab_slot_spec spec = confab_slot_spec_init();
  spec.kind = CONFAB_KIND_HOOK;
  CHECK(confab_slot_add(chat.engine, &spec, nullptr) == CONFAB_ERR_ARG);
  spec.kind = CONFAB_KIND_USER;
  confab_id bare = 0;
  CHECK(confab_slot_add(chat.engine, &spec, &bare) == CONFAB_OK); // nobody is told
  CHECK(confab_slot_set(chat.engine, bare, chat.ann_user(), data_of(5)) == CONFAB_OK);
  CHECK(chat.remove(slot) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, slot.id, chat.ann_user(), data_of(5)) == CONFAB_ERR_STALE_ID);
  CHECK(chat.destroy() == "");
}
