// SPDX-License-Identifier: MIT
//
// The life of plugins: added, told, configured, drained, removed at any moment, failing at any
// moment. Its code is never called after its release, and whatever it added goes with it.
#include "support/catch.hpp"
#include "unit/bus/plugged.hpp"

#include <algorithm>

using namespace confab::test;

namespace {

using states = std::vector<std::uint32_t>;

confab_status send(pluggable &chat, confab_id id, std::string_view text, std::string *answer) {
  confab_plugin_message m = confab_plugin_message_init();
  m.text = str_of(text);
  m.answer_ctx = answer;
  if (answer)
    m.answer = [](void *ctx, confab_str line) -> confab_status {
      *static_cast<std::string *>(ctx) += string_of(line) + "\n";
      return CONFAB_OK;
    };
  return confab_plugin_send(chat.engine, id, &m);
}

} // namespace

TEST_CASE("a plugin is added, found, asked and removed") {
  pluggable chat;
  confab_id during = 0;
  chat.fake.creates = [&](const confab_api *api, confab_engine *engine, confab_id plugin) {
    during = plugin;
    CHECK(api == confab_api_table());
    CHECK(engine == chat.engine);
    CHECK(api->plugin_get == confab_plugin_get);
    CHECK(confab_plugin_remove(engine, plugin, 0) == CONFAB_ERR_STATE); // it is not there yet
    CHECK(confab_engine_flush(engine) == CONFAB_ERR_REENTRANT);
    confab_id another = 0;
    CHECK(confab_plugin_add(engine, nullptr, &another) == CONFAB_ERR_REENTRANT);
    return CONFAB_OK;
  };
  CHECK(chat.plug() == CONFAB_OK);
  CHECK(chat.id == during);
  CHECK(chat.fake.installed == 1);
  CHECK(chat.fake.created == 1);
  const confab_plugin_info info = chat.get(chat.id);
  CHECK(info.state == CONFAB_PLUGIN_LOADED);
  CHECK(string_of(info.name) == "fake");
  CHECK(string_of(info.id) == "org.example.fake");
  CHECK(string_of(info.version) == "1.2");
  CHECK(string_of(info.summary) == "A plugin for tests.");
  CHECK(info.entry == &chat.fake.entry);
  CHECK(info.added == chat.now);
  confab_id found = 0;
  CHECK(confab_plugin_find(chat.engine, CONFAB_STR("FAKE"), &found) == CONFAB_OK);
  CHECK(found == chat.id);
  CHECK(confab_plugin_next(chat.engine, 0, &found) == CONFAB_OK);
  CHECK(confab_plugin_next(chat.engine, found, &found) == CONFAB_END);
  CHECK(chat.stats().plugins == 1);
  const void *extension = nullptr;
  CHECK(confab_plugin_extension(chat.engine, chat.id, "me", &extension) == CONFAB_OK);
  CHECK(extension == &chat.fake);
  CHECK(confab_plugin_extension(chat.engine, chat.id, "other", &extension) == CONFAB_ERR_NOT_FOUND);
  CHECK(extension == nullptr);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 1000) == CONFAB_OK); // nothing waits
  CHECK(chat.fake.destroyed == 1);
  CHECK(chat.fake.released == 1);
  CHECK(chat.fake.late == 0);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_ERR_STALE_ID);
  CHECK(confab_plugin_find(chat.engine, CONFAB_STR("fake"), &found) == CONFAB_ERR_NOT_FOUND);
  CHECK(chat.states() == states{CONFAB_PLUGIN_LOADED, CONFAB_PLUGIN_GONE});
  CHECK(chat.told[1].plugin == chat.id);
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
  CHECK(chat.fake.destroyed == 1);
}

TEST_CASE("Q195847: a plugin that fails to be created leaves nothing, and is never called") {
  pluggable chat;
  listener *hook = nullptr, *gone = nullptr;
  thing *command = nullptr, *slot = nullptr, *timer = nullptr, *mode = nullptr;
  const confab_id ann = chat.ann_user();
  for (const bool in_install : {false, true})
    for (const confab_status status : std::vector<confab_status>{
             CONFAB_ERR_STATE, CONFAB_ERR_NOMEM, CONFAB_ERR_INTERNAL, CONFAB_AGAIN, -350}) {
      INFO("install " << in_install << " status " << status);
      chat.told.clear();
      const auto fails = [&](const confab_api *, confab_engine *engine, confab_id plugin) {
        hook = &chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                        [](confab_call *, const confab_event *) { return CONFAB_DENY; });
        CHECK(chat.last == CONFAB_OK);
        gone = &chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                        [](confab_call *, const confab_event *) { return CONFAB_DENY; });
        CHECK(confab_hook_remove(engine, gone->id) == CONFAB_OK);
        command = &chat.command("EXAMPLE");
        timer = &chat.timer(10, 10);
        mode = &chat.mode(CONFAB_KIND_CHANNEL, "example", 'X');
        slot = &chat.slot(CONFAB_KIND_USER);
        CHECK(confab_slot_set(engine, slot->id, ann, data_of(7)) == CONFAB_OK);
        CHECK(chat.get(plugin).additions == 3);
        CHECK(chat.get(plugin).timers == 1);
        CHECK(chat.get(plugin).hooks == 1);
        return status;
      };
      chat.fake.installs = in_install ? fails : decltype(chat.fake.installs){};
      chat.fake.creates = fails;
      const confab_status wanted =
          status == CONFAB_ERR_INTERNAL || status > 0 ? CONFAB_ERR_CALLBACK : status;
      CHECK(chat.plug("mine") == wanted);
      CHECK(chat.id == 0);
      for (const listener *l : {hook, gone})
        CHECK(l->released == 0);
      for (const thing *t : {command, timer, mode, slot})
        CHECK(t->released == 0);
      CHECK(slot->dropped.empty());
      CHECK(chat.fake.destroyed == 0);
      CHECK(chat.fake.released == 0);
      CHECK(chat.stats().additions == 0);
      CHECK(chat.stats().timers == 0);
      CHECK(chat.stats().plugins == 0);
      CHECK(chat.stats().hooks == 1); // the test's own
      REQUIRE(chat.told.size() == 1);
      CHECK(chat.told[0].state == CONFAB_PLUGIN_REFUSED);
      CHECK(chat.told[0].status == wanted);
      CHECK(chat.told[0].name == "mine");
      CHECK(chat.told[0].text == "create: it failed");
      CHECK(chat.told[0].plugin == 0);
      chat.wait_ms(1000);
      chat.say(chat.ann, "PRIVMSG #x :hello\r\nEXAMPLE\r\nMODE #x +X");
      CHECK(hook->calls + gone->calls == 0);
      CHECK(command->runs + timer->runs == 0);
      CHECK(chat.read(chat.bob) == ":ann!ann@192.0.2.1 PRIVMSG #x :hello\r\n");
      chat.read_all();
      CHECK(chat.broken() == "");
    }
  chat.fake.installs = {};
  chat.fake.creates = {};
  CHECK(chat.plug("mine") == CONFAB_OK); // and the name is free
  CHECK(chat.destroy() == "");
}

TEST_CASE("what a plugin adds is its own, said or not, and goes with it") {
  pluggable chat;
  listener *hook = nullptr;
  thing *command = nullptr, *slot = nullptr, *timer = nullptr, *service_user = nullptr;
  chat.fake.creates = [&](const confab_api *, confab_engine *engine, confab_id plugin) {
    hook = &chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                    [](confab_call *, const confab_event *) { return CONFAB_DENY; });
    command = &chat.command("EXAMPLE", [&](confab_command_spec &s) { s.owner = plugin; });
    slot = &chat.slot(CONFAB_KIND_USER);
    timer = &chat.timer(10, 10);
    service_user = &chat.property(CONFAB_KIND_USER, "note");
    CHECK(confab_slot_set(engine, slot->id, chat.ann_user(), data_of(7)) == CONFAB_OK);
    return CONFAB_OK;
  };
  CHECK(chat.plug() == CONFAB_OK);
  CHECK(chat.info(command->id).owner == chat.id);
  CHECK(chat.info(timer->id).owner == chat.id);
  CHECK(chat.get(chat.id).additions == 3);
  CHECK(chat.get(chat.id).timers == 1);
  CHECK(chat.get(chat.id).hooks == 1);
  confab_hook_info info{};
  info.struct_size = sizeof info;
  CHECK(confab_hook_get(chat.engine, hook->id, &info) == CONFAB_OK);
  CHECK(info.owner == chat.id);
  CHECK(string_of(info.name) == "fake");
  thing &hosts = chat.command("HOSTS");
  bool tried = false;
  command->does = [&](confab_engine *engine, const confab_event_command *) {
    CHECK(confab_addition_remove(engine, hosts.id) == CONFAB_ERR_DENIED);
    thing &more = chat.command("MORE");
    CHECK(chat.info(more.id).owner == chat.id);
    confab_command_spec other = confab_command_spec_init();
    other.verb = CONFAB_STR("OTHERS");
    other.run = thing::run;
    other.owner = chat.id + 1;
    CHECK(confab_command_add(engine, &other, nullptr) == CONFAB_ERR_STALE_ID);
    tried = true;
    return CONFAB_OK;
  };
  chat.say(chat.ann, "EXAMPLE");
  CHECK(tried);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_OK);
  CHECK(hook->released == 1);
  for (const thing *t : {command, slot, timer, service_user})
    CHECK(t->released == 1);
  CHECK(slot->dropped == std::vector<std::uintptr_t>{7});
  CHECK(hosts.released == 0);
  CHECK(chat.stats().additions == 1);
  CHECK(chat.stats().timers == 0);
  CHECK(chat.fake.late == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("everything goes before destroy, and release comes after it") {
  pluggable chat;
  thing *command = nullptr;
  chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
    command = &chat.command("EXAMPLE");
    return CONFAB_OK;
  };
  bool added = false;
  chat.fake.destroys = [&] {
    CHECK(command->released == 1);
    CHECK(chat.fake.released == 0);
    confab_command_spec spec = confab_command_spec_init();
    spec.verb = CONFAB_STR("LATE");
    spec.run = thing::run;
    added = confab_command_add(chat.engine, &spec, nullptr) == CONFAB_OK;
    confab_hook hook = confab_hook_init();
    hook.type = CONFAB_EVENT_MESSAGE;
    hook.call = hooked::call;
    added = added || confab_hook_add(chat.engine, &hook, nullptr) == CONFAB_OK;
    CHECK(chat.get(chat.id).state == CONFAB_PLUGIN_DRAINING);
    return CONFAB_ERR_STATE; // nobody asks
  };
  CHECK(chat.plug() == CONFAB_OK);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_OK);
  CHECK_FALSE(added);
  CHECK(chat.fake.released == 1);
}

TEST_CASE("many instances of one plugin, under names of their own") {
  pluggable chat;
  std::vector<confab_id> ids;
  for (int i = 0; i < 20; ++i) {
    CHECK(chat.plug("copy-" + std::to_string(i)) == CONFAB_OK);
    ids.push_back(chat.id);
  }
  CHECK(chat.fake.installed == 1);
  CHECK(chat.fake.created == 20);
  CHECK(chat.plug("Copy-7") == CONFAB_ERR_EXISTS);
  for (const char *name : {"a b", "a.b", "-\xc3\xa4"})
    CHECK(chat.plug(name) == CONFAB_ERR_NAME);
  CHECK(chat.plug(std::string(33, 'a')) == CONFAB_ERR_NAME);
  CHECK(chat.plug(std::string(32, 'a')) == CONFAB_OK);
  for (const confab_id id : ids)
    CHECK(confab_plugin_remove(chat.engine, id, 0) == CONFAB_OK);
  CHECK(chat.fake.destroyed == 20);
  CHECK(chat.fake.released == 20);
  CHECK(chat.plug("again") == CONFAB_OK);
  CHECK(chat.fake.installed == 1); // one is still there
  CHECK(chat.destroy() == "");
  CHECK(chat.fake.destroyed == 22);
  CHECK(chat.fake.released == 22);
}

TEST_CASE("a plugin that comes and goes a thousand times costs no more than once") {
  pluggable chat;
  chat.fake.creates = [&](const confab_api *, confab_engine *engine, confab_id) {
    chat.things.clear();
    chat.command("EXAMPLE");
    chat.timer(10, 10);
    chat.mode(CONFAB_KIND_CHANNEL, "example", 'X');
    chat.space("org.example", 8);
    thing &slot = chat.slot(CONFAB_KIND_USER);
    CHECK(confab_slot_set(engine, slot.id, chat.ann_user(), data_of(7)) == CONFAB_OK);
    return chat.last;
  };
  std::uint64_t once = 0;
  for (int i = 0; i < 1000; ++i) {
    CHECK(chat.plug() == CONFAB_OK);
    CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_OK);
    if (i == 2) // whatever grows once has grown
      once = chat.stats().memory_bytes;
  }
  CHECK(chat.stats().memory_bytes == once);
  CHECK(chat.fake.released == 1000);
  CHECK(chat.destroy() == "");
}

TEST_CASE("one instance only, and no more than plugins_max") {
  engine_fixture::setup with;
  with.tweak = [](confab_engine_options &o) { o.plugins_max = 2; };
  pluggable chat(with);
  chat.fake.entry.flags = CONFAB_PLUGIN_SINGLE;
  CHECK(chat.plug("one") == CONFAB_OK);
  const confab_id one = chat.id;
  CHECK(chat.plug("two") == CONFAB_ERR_EXISTS);
  CHECK(chat.told.back().text == "flags: there is an instance already");
  confab_plugin_entry second = chat.fake.make(), third = chat.fake.make();
  second.id = "org.example.second";
  third.id = "org.example.third";
  CHECK(chat.plug({}, {}, &second) == CONFAB_OK);
  CHECK(chat.plug({}, {}, &third) == CONFAB_ERR_LIMIT);
  CHECK(confab_plugin_remove(chat.engine, one, 0) == CONFAB_OK);
  CHECK(chat.plug({}, {}, &third) == CONFAB_OK);
}

TEST_CASE("draining: no new events, and what waits may still be answered") {
  pluggable chat;
  listener *hook = nullptr;
  thing *command = nullptr, *timer = nullptr;
  confab_id token = 0;
  chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
    hook = &chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                    [&](confab_call *c, const confab_event *) {
                      CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
                      return CONFAB_DEFER;
                    });
    command = &chat.command("EXAMPLE");
    timer = &chat.timer(100, 100);
    return CONFAB_OK;
  };
  CHECK(chat.plug() == CONFAB_OK);
  chat.say(chat.ann, "PRIVMSG #x :waits");
  CHECK(chat.get(chat.id).deferrals == 1);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 10'000) == CONFAB_OK);
  CHECK(chat.states() == states{CONFAB_PLUGIN_LOADED, CONFAB_PLUGIN_DRAINING});
  CHECK(chat.get(chat.id).state == CONFAB_PLUGIN_DRAINING);
  chat.say(chat.bob, "PRIVMSG #x :passes\r\nEXAMPLE\r\nEXTMSG fake :hello");
  CHECK(hook->calls == 1);
  CHECK(command->runs == 0);
  CHECK(chat.fake.heard == 0);
  CHECK(has(chat.read(chat.ann), "PRIVMSG #x :passes"));
  const std::string bob = chat.read(chat.bob);
  CHECK(has(bob, " 421 bob EXAMPLE "));
  CHECK(has(bob, " 401 bob fake :No such plugin"));
  chat.wait_ms(250);
  CHECK(timer->runs >= 1); // it may need it to answer
  CHECK(send(chat, chat.id, "from the host", nullptr) == CONFAB_OK);
  CHECK(chat.fake.heard == 1);
  CHECK(confab_plugin_configure(chat.engine, chat.id, nullptr, 0) == CONFAB_ERR_STATE);
  CHECK(chat.fake.destroyed == 0);
  CHECK(confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
  CHECK(has(chat.read(chat.bob), "PRIVMSG #x :waits"));
  CHECK(chat.fake.destroyed == 1);
  CHECK(chat.fake.released == 1);
  CHECK(hook->released == 1);
  CHECK(hook->cancelled.empty());
  CHECK(chat.states() == states{CONFAB_PLUGIN_LOADED, CONFAB_PLUGIN_DRAINING, CONFAB_PLUGIN_GONE});
  CHECK(chat.broken() == "");
}

TEST_CASE("draining ends with its time: then the hooks' policies decide") {
  for (const bool open : {false, true}) {
    INFO("fail open " << open);
    pluggable chat;
    listener *hook = nullptr;
    confab_id token = 0;
    chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
      hook = &chat.on(
          CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
          [&](confab_call *c, const confab_event *) {
            CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
            return CONFAB_DEFER;
          },
          [&](confab_hook &h) { h.flags = open ? std::uint32_t{CONFAB_HOOK_FAIL_OPEN} : 0U; });
      hook->on_cancelled = [&](confab_engine *, confab_id, std::uint32_t) {
        CHECK(chat.fake.destroyed == 0);
      };
      return CONFAB_OK;
    };
    CHECK(chat.plug() == CONFAB_OK);
    chat.say(chat.ann, "PRIVMSG #x :waits");
    CHECK(confab_plugin_remove(chat.engine, chat.id, 10'000) == CONFAB_OK);
    CHECK(confab_plugin_remove(chat.engine, chat.id, 5'000) == CONFAB_OK); // the shorter holds
    CHECK(confab_plugin_remove(chat.engine, chat.id, 20'000) == CONFAB_OK);
    chat.wait_ms(4'990);
    CHECK(chat.fake.destroyed == 0);
    chat.wait_ms(30);
    CHECK(chat.fake.destroyed == 1);
    CHECK(hook->cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_REMOVED});
    CHECK(has(chat.read(chat.bob), "PRIVMSG #x :waits") == open);
    CHECK(confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0) ==
          CONFAB_ERR_STALE_ID);
    CHECK(chat.states() ==
          states{CONFAB_PLUGIN_LOADED, CONFAB_PLUGIN_DRAINING, CONFAB_PLUGIN_GONE});
    CHECK(chat.broken() == "");
  }
}

TEST_CASE("draining with no time, and while it drains, is the end at once") {
  pluggable chat;
  chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
    chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
      confab_id token = 0;
      CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
      return CONFAB_DEFER;
    });
    return CONFAB_OK;
  };
  CHECK(chat.plug() == CONFAB_OK);
  chat.say(chat.ann, "PRIVMSG #x :waits");
  CHECK(confab_plugin_remove(chat.engine, chat.id, 10'000) == CONFAB_OK);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_OK);
  CHECK(chat.fake.destroyed == 1);
  CHECK(has(chat.read(chat.ann), ":confab.local 404 ann #x :"));
  CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_ERR_STALE_ID);
}

TEST_CASE("the origin of what waits goes: nothing waits, and the plugin is gone") {
  pluggable chat;
  chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
    chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
      confab_id token = 0;
      CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
      return CONFAB_DEFER;
    });
    return CONFAB_OK;
  };
  CHECK(chat.plug() == CONFAB_OK);
  chat.say(chat.ann, "PRIVMSG #x :waits");
  CHECK(confab_plugin_remove(chat.engine, chat.id, 10'000) == CONFAB_OK);
  chat.end(chat.ann);
  CHECK(chat.fake.destroyed == 1);
  CHECK(chat.fake.released == 1);
}

TEST_CASE("a plugin removes itself from inside each of its callbacks") {
  enum class from { handler, command, timer, message, configure, cancelled, slot, end };
  for (int i = 0; i < static_cast<int>(from::end); ++i) {
    const from where = static_cast<from>(i);
    INFO("callback " << i);
    pluggable chat;
    const auto goes = [&] {
      CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_OK);
      CHECK(chat.fake.destroyed == 0); // not under itself
      CHECK(confab_plugin_remove(chat.engine, chat.id, 5'000) == CONFAB_OK);
      return CONFAB_OK;
    };
    thing *slot = nullptr;
    confab_id token = 0;
    chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
      listener &l = chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                            [&](confab_call *c, const confab_event *) {
                              if (where == from::handler)
                                goes();
                              if (where != from::cancelled)
                                return CONFAB_PASS;
                              CHECK(confab_call_defer(c, 1000, &token) == CONFAB_OK);
                              return CONFAB_DEFER;
                            });
      if (where == from::cancelled)
        l.on_cancelled = [&](confab_engine *, confab_id, std::uint32_t) { goes(); };
      thing &command = chat.command("EXAMPLE");
      if (where == from::command)
        command.does = [&](confab_engine *, const confab_event_command *) { return goes(); };
      thing &timer = chat.timer(100, 100);
      if (where == from::timer)
        timer.ticks = [&](confab_engine *, confab_id) { return goes(); };
      slot = &chat.slot(CONFAB_KIND_USER);
      if (where == from::slot)
        slot->drops = [&](void *, confab_id) { return goes(); };
      return CONFAB_OK;
    };
    if (where == from::message)
      chat.fake.hears = [&](const confab_plugin_message *) { return goes(); };
    if (where == from::configure)
      chat.fake.configures = [&] { return goes(); };
    CHECK(chat.plug() == CONFAB_OK);
    CHECK(confab_slot_set(chat.engine, slot->id, chat.user("cat"), data_of(1)) == CONFAB_OK);
    switch (where) {
    case from::handler:
    case from::cancelled:
      chat.say(chat.ann, "PRIVMSG #x :hello");
      break;
    case from::command:
      chat.say(chat.ann, "EXAMPLE");
      break;
    case from::message:
      chat.say(chat.ann, "EXTMSG fake :hello");
      break;
    case from::configure:
      CHECK(confab_plugin_configure(chat.engine, chat.id, nullptr, 0) == CONFAB_OK);
      break;
    case from::slot:
      CHECK(confab_slot_set(chat.engine, slot->id, chat.user("cat"), nullptr) == CONFAB_OK);
      break;
    default:
      break;
    }
    chat.wait_ms(1200); // the timer, and the deferral's end
    CHECK(chat.fake.destroyed == 1);
    CHECK(chat.fake.released == 1);
    CHECK(chat.fake.late == 0);
    CHECK(slot->dropped.size() == 1);
    CHECK(chat.stats().plugins == 0);
    chat.say(chat.bob, "PRIVMSG #x :goes on");
    CHECK(has(chat.read(chat.ann), "goes on"));
    CHECK(chat.broken() == "");
    CHECK(chat.destroy() == "");
  }
}

TEST_CASE("plugins do not touch each other's things") {
  pluggable chat;
  CHECK(chat.plug("one") == CONFAB_OK);
  const confab_id one = chat.id;
  CHECK(chat.plug("two") == CONFAB_OK);
  const confab_id two = chat.id;
  thing &slot_of_one = chat.slot(CONFAB_KIND_USER);
  CHECK(chat.remove(slot_of_one) == CONFAB_OK);
  confab_slot_spec spec = confab_slot_spec_init();
  spec.kind = CONFAB_KIND_USER;
  spec.owner = one;
  confab_id slot = 0;
  CHECK(confab_slot_add(chat.engine, &spec, &slot) == CONFAB_OK); // the host may, for anybody
  confab_space_spec leased = confab_space_spec_init();
  leased.name = CONFAB_STR("one");
  leased.types = 1;
  leased.owner = one;
  std::uint16_t space = 0;
  CHECK(confab_space_add(chat.engine, &leased, nullptr, &space) == CONFAB_OK);
  bool tried = false;
  chat.hook_of(
      two, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
        confab_engine *engine = confab_call_engine(c);
        CHECK(confab_slot_set(engine, slot, chat.ann_user(), data_of(1)) == CONFAB_ERR_DENIED);
        CHECK(confab_addition_remove(engine, slot) == CONFAB_ERR_DENIED);
        CHECK(confab_plugin_remove(engine, one, 0) == CONFAB_ERR_DENIED);
        confab_event_custom e{};
        e.head.struct_size = sizeof e;
        e.head.space = space;
        CHECK(confab_event_submit(engine, &e, nullptr) == CONFAB_ERR_DENIED);
        confab_command_spec other = confab_command_spec_init();
        other.verb = CONFAB_STR("OTHERS");
        other.run = thing::run;
        other.owner = one;
        CHECK(confab_command_add(engine, &other, nullptr) == CONFAB_ERR_DENIED);
        void *data = nullptr;
        CHECK(confab_slot_get(engine, slot, chat.ann_user(), &data) == CONFAB_OK);
        tried = true;
        return CONFAB_PASS;
      });
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(tried);
}

TEST_CASE("settings: given, default, changed, and refused") {
  pluggable chat;
  chat.fake.settings = {
      {"word", CONFAB_SETTING_TEXT, 0, "darn", "1", "8", nullptr, "A word.", nullptr},
      {"every", CONFAB_SETTING_DURATION, 0, "1m", "1s", "1h", nullptr, "How often.", nullptr},
      {"place", CONFAB_SETTING_TEXT, CONFAB_SETTING_FIXED, nullptr, nullptr, nullptr, nullptr,
       "Where.", nullptr},
      {"list", CONFAB_SETTING_LIST, 0, nullptr, nullptr, "3", nullptr, "Words.", nullptr}};
  const confab_setting_value given[] = {{CONFAB_STR("word"), CONFAB_STR("heck")},
                                        {CONFAB_STR("place"), CONFAB_STR("here")},
                                        {CONFAB_STR("list"), CONFAB_STR("a\nb")}};
  chat.fake.creates = [&](const confab_api *api, confab_engine *engine, confab_id plugin) {
    confab_setting_info info{};
    info.struct_size = sizeof info;
    CHECK(api->plugin_setting(engine, plugin, CONFAB_STR("word"), &info) == CONFAB_OK);
    CHECK(string_of(info.text) == "heck");
    CHECK(info.given == 1);
    CHECK(api->plugin_setting(engine, plugin, CONFAB_STR("every"), &info) == CONFAB_OK);
    CHECK(info.integer == 60'000);
    CHECK(info.given == 0);
    CHECK(api->plugin_setting(engine, plugin, CONFAB_STR("list"), &info) == CONFAB_OK);
    CHECK(info.count == 2);
    CHECK(string_of(confab_part(info.text, 1)) == "b");
    return CONFAB_OK;
  };
  CHECK(chat.plug("mine", {given[0], {CONFAB_STR("every"), CONFAB_STR("0s")}}) == CONFAB_ERR_ARG);
  CHECK(chat.told.back().text == "every: it is too small");
  CHECK(chat.fake.created == 0);
  CHECK(chat.plug("mine", {given[0], given[1], given[2]}) == CONFAB_OK);
  const auto configure = [&](std::vector<confab_setting_value> values) {
    return confab_plugin_configure(chat.engine, chat.id, values.data(), values.size());
  };
  chat.fake.configures = [&] {
    CHECK(chat.setting("word") == "rats");
    return CONFAB_OK;
  };
  CHECK(configure({{CONFAB_STR("word"), CONFAB_STR("rats")}, given[1]}) == CONFAB_OK);
  CHECK(chat.setting("word") == "rats");
  CHECK(chat.setting("list") == "");
  chat.fake.configures = [&] {
    CHECK(chat.setting("word") == "blast");
    return CONFAB_ERR_UNSUPPORTED;
  };
  CHECK(configure({{CONFAB_STR("word"), CONFAB_STR("blast")}, given[1]}) == CONFAB_ERR_UNSUPPORTED);
  CHECK(chat.setting("word") == "rats");
  CHECK(configure({{CONFAB_STR("word"), CONFAB_STR("far too long")}, given[1]}) == CONFAB_ERR_ARG);
  CHECK(configure({{CONFAB_STR("nosuch"), {}}}) == CONFAB_ERR_NOT_FOUND);
  CHECK(configure({given[0]}) == CONFAB_ERR_STATE); // the place is fixed
  CHECK(configure({given[0], {CONFAB_STR("place"), CONFAB_STR("there")}}) == CONFAB_ERR_STATE);
  CHECK(chat.fake.configured == 2);
  CHECK(chat.get(chat.id).failed_total == 1);
  chat.fake.configures = [] { return CONFAB_ERR_INTERNAL; };
  CHECK(configure({given[0], given[1]}) == CONFAB_ERR_CALLBACK); // the engine is not poisoned
  CHECK(chat.setting("word") == "rats");
  CHECK(chat.setting("nosuch") == "CONFAB_ERR_NOT_FOUND");
  confab_plugin_entry fixed = chat.fake.make();
  fixed.configure = nullptr;
  chat.fake.creates = {};
  CHECK(chat.plug("fixed", {}, &fixed) == CONFAB_OK);
  CHECK(confab_plugin_configure(chat.engine, chat.id, nullptr, 0) == CONFAB_ERR_STATE);
  CHECK(chat.destroy() == "");
}

TEST_CASE("messages to a plugin: of the host, and of clients, with answers") {
  pluggable chat;
  confab_id origin = 7, actor = 7;
  chat.fake.hears = [&](const confab_plugin_message *m) {
    origin = m->origin;
    actor = m->actor;
    CHECK(m->answer(m->answer_ctx, CONFAB_STR("one")) == CONFAB_OK);
    const std::string said = "you said " + string_of(m->text);
    CHECK(m->answer(m->answer_ctx, str_of(said)) == CONFAB_OK);
    return CONFAB_OK;
  };
  CHECK(chat.plug() == CONFAB_OK);
  std::string answer;
  CHECK(send(chat, chat.id, "hello", &answer) == CONFAB_OK);
  CHECK(answer == "one\nyou said hello\n");
  CHECK(origin == 0);
  CHECK(send(chat, chat.id, "hello", nullptr) == CONFAB_OK); // answers go nowhere
  chat.say(chat.ann, "EXTMSG FAKE :hello there");
  CHECK(chat.read(chat.ann) ==
        ":confab.local NOTICE ann :one\r\n:confab.local NOTICE ann :you said hello there\r\n");
  CHECK(origin == chat.ann);
  CHECK(actor == chat.ann_user());
  CHECK(chat.get(chat.id).messages_total == 3);
  chat.fake.hears = [&](const confab_plugin_message *m) {
    CHECK(m->answer(m->answer_ctx, CONFAB_STR("a\nb")) == CONFAB_ERR_ARG);
    CHECK(m->answer(m->answer_ctx, {nullptr, 1}) == CONFAB_ERR_ARG);
    return CONFAB_ERR_LIMIT;
  };
  chat.say(chat.ann, "EXTMSG fake :x");
  CHECK(has(chat.read(chat.ann), ":confab.local 400 ann EXTMSG :"));
  CHECK(chat.get(chat.id).failed_total == 1);
  // Rewritten by a filter, instance and text.
  chat.fake.hears = [&](const confab_plugin_message *m) {
    return m->answer(m->answer_ctx, m->text);
  };
  listener &l = chat.on(
      CONFAB_EVENT_COMMAND, CONFAB_STAGE_TRANSFORM, [](confab_call *c, const confab_event *) {
        CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("fake\nclean")) == CONFAB_OK);
        return CONFAB_PASS;
      });
  chat.say(chat.ann, "EXTMSG nobody :dirty");
  CHECK(l.calls == 0); // nobody is there: the gate says so before the filters
  CHECK(has(chat.read(chat.ann), " 401 ann nobody "));
  chat.say(chat.ann, "EXTMSG fake :dirty");
  CHECK(chat.read(chat.ann) == ":confab.local NOTICE ann :clean\r\n");
  CHECK(chat.broken() == "");
}

TEST_CASE("the engine ends with plugins in every state") {
  pluggable chat;
  confab_id token = 0;
  listener *hook = nullptr;
  chat.fake.creates = [&](const confab_api *, confab_engine *, confab_id) {
    hook = &chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
                    [&](confab_call *c, const confab_event *) {
                      CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
                      return CONFAB_DEFER;
                    });
    hook->on_cancelled = [&](confab_engine *, confab_id, std::uint32_t) {
      CHECK(chat.fake.destroyed == 0);
    };
    return CONFAB_OK;
  };
  CHECK(chat.plug("drains") == CONFAB_OK);
  chat.say(chat.ann, "PRIVMSG #x :waits");
  CHECK(confab_plugin_remove(chat.engine, chat.id, 10'000) == CONFAB_OK);
  chat.fake.creates = {};
  CHECK(chat.plug("stays") == CONFAB_OK);
  CHECK(chat.destroy() == "");
  CHECK(hook->cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_ENGINE});
  CHECK(hook->released == 1);
  CHECK(chat.fake.destroyed == 2);
  CHECK(chat.fake.released == 2);
}

TEST_CASE("functions of plugins: arguments that make no sense") {
  pluggable chat;
  CHECK(confab_plugin_add(nullptr, nullptr, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_add(chat.engine, nullptr, nullptr) == CONFAB_ERR_ARG);
  confab_plugin_options options = confab_plugin_options_init();
  CHECK(confab_plugin_add(chat.engine, &options, nullptr) == CONFAB_ERR_ARG); // no entry
  options.entry = &chat.fake.entry;
  options.flags = 1;
  CHECK(confab_plugin_add(chat.engine, &options, nullptr) == CONFAB_ERR_ARG);
  options.flags = 0;
  options.struct_size = 8;
  CHECK(confab_plugin_add(chat.engine, &options, nullptr) == CONFAB_ERR_STRUCT);
  options.struct_size = sizeof options;
  options.settings_count = 1;
  CHECK(confab_plugin_add(chat.engine, &options, nullptr) == CONFAB_ERR_ARG);
  options.settings_count = 0;
  options.name = {nullptr, 3};
  CHECK(confab_plugin_add(chat.engine, &options, nullptr) == CONFAB_ERR_ARG);
  CHECK(chat.fake.created == 0);
  CHECK(chat.plug() == CONFAB_OK);
  CHECK(confab_plugin_remove(chat.engine, chat.ann, 0) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_configure(chat.engine, chat.ann, nullptr, 0) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_configure(chat.engine, chat.id, nullptr, 1) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_send(chat.engine, chat.id, nullptr) == CONFAB_ERR_ARG);
  confab_plugin_message m = confab_plugin_message_init();
  m.struct_size = 4;
  CHECK(confab_plugin_send(chat.engine, chat.id, &m) == CONFAB_ERR_STRUCT);
  m = confab_plugin_message_init();
  m.text = {nullptr, 1};
  CHECK(confab_plugin_send(chat.engine, chat.id, &m) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_extension(chat.engine, chat.id, nullptr, nullptr) == CONFAB_ERR_ARG);
  confab_plugin_info info{};
  CHECK(confab_plugin_get(chat.engine, chat.id, &info) == CONFAB_ERR_STRUCT);
  CHECK(confab_plugin_get(chat.engine, chat.ann, &info) == CONFAB_ERR_ARG);
  confab_setting_info setting{};
  setting.struct_size = sizeof setting;
  CHECK(confab_plugin_setting(chat.engine, chat.id, {nullptr, 1}, &setting) == CONFAB_ERR_ARG);
  confab_id id = 0;
  CHECK(confab_plugin_next(chat.engine, 0, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_next(chat.engine, chat.ann, &id) == CONFAB_ERR_ARG);
  CHECK(confab_plugin_find(chat.engine, {nullptr, 1}, &id) == CONFAB_ERR_ARG);
  CHECK(confab_log(chat.engine, 9, CONFAB_STR("a"), CONFAB_STR("b"), 0) == CONFAB_ERR_ARG);
  CHECK(confab_log(chat.engine, CONFAB_LOG_INFO, CONFAB_STR("a"), CONFAB_STR("b\nc"), 0) ==
        CONFAB_ERR_ARG);
  CHECK(confab_log(chat.engine, CONFAB_LOG_INFO, CONFAB_STR("probe.said"), CONFAB_STR("b"), 0) ==
        CONFAB_OK);
  CHECK(std::count(chat.host.logged.begin(), chat.host.logged.end(), "probe.said") == 1);
  CHECK(confab_plugin_remove(chat.engine, chat.id, 0) == CONFAB_OK);
  CHECK(confab_plugin_configure(chat.engine, chat.id, nullptr, 0) == CONFAB_ERR_STALE_ID);
  m = confab_plugin_message_init();
  CHECK(confab_plugin_send(chat.engine, chat.id, &m) == CONFAB_ERR_STALE_ID);
  CHECK(confab_plugin_get(chat.engine, chat.id, &info) == CONFAB_ERR_STALE_ID);
  CHECK(confab_plugin_next(chat.engine, chat.id, &id) == CONFAB_ERR_STALE_ID);
  confab_plugin_entry silent = chat.fake.make();
  silent.message = nullptr;
  silent.extension = nullptr;
  silent.destroy = nullptr;
  silent.install = nullptr;
  CHECK(chat.plug("silent", {}, &silent) == CONFAB_OK);
  CHECK(confab_plugin_send(chat.engine, chat.id, &m) == CONFAB_ERR_UNSUPPORTED);
  const void *out = nullptr;
  CHECK(confab_plugin_extension(chat.engine, chat.id, "me", &out) == CONFAB_ERR_NOT_FOUND);
  chat.say(chat.ann, "EXTMSG silent :x");
  CHECK(has(chat.read(chat.ann), " 401 ann silent :No such plugin"));
}
