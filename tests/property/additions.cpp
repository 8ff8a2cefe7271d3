// SPDX-License-Identifier: MIT
//
// Everything that can be added, by a host and plugins that misbehave: they add and remove at any
// moment, in every callback, themselves and each other's; hang data on whatever lives; defer and
// never answer; drain, fail to be created, and go in the middle. After every step the state holds;
// every datum is given back once, every release comes once and last, and every byte returns. What
// single cases must answer is in tests/unit/bus.
#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/engine_fixture.hpp"

#include <map>
#include <memory>
#include <utility>
#include <vector>

using namespace confab::test;

namespace {

struct world;

// One thing that was added, or an instance of a plugin.
struct thing {
  world *of = nullptr;
  confab_id id = 0, owner = 0;
  unsigned released = 0;
  bool silenced = false; // added in a create that failed: never called again
};

struct instance : thing {
  confab_plugin_options options{};
  unsigned destroyed = 0;
  bool failed = false;
};

struct world {
  world(std::uint64_t seed, bool push);
  world(const world &) = delete;
  world &operator=(const world &) = delete;
  ~world() {
    ignore(confab_engine_destroy(chat.engine)); // before the things go
    chat.engine = nullptr;
  }

  void step();
  void finish();
  void speak();
  void act(bool inside);
  void add(confab_id owner);
  void add_hook(confab_id owner);
  void add_named(confab_id owner);
  void remove();
  void hang();
  void say_something();
  void plug();
  void unplug();
  void look();
  std::string line();
  confab_id any_object();
  void called(thing &by);
  confab_status answer();
  thing &fresh(confab_id owner);
  void keep(thing &t, confab_status status);
  void note(bool ok, const char *what) {
    if (!ok && problem.empty())
      problem = what;
  }

  chooser pick;
  engine_fixture chat;
  std::vector<std::unique_ptr<thing>> things;
  std::vector<std::unique_ptr<instance>> instances;
  std::map<std::uintptr_t, thing *> hanging; // data that was not given back, by slot
  std::uintptr_t next_data = 1;
  std::vector<confab_id> tokens;
  confab_id creating = 0;      // the plugin whose create runs
  bool releasing_hook = false; // in which only const functions may be called
  unsigned depth = 0, calls = 0;
  std::string problem;
};

// The plugin's entry has no context: its instances find their world by their options.
world *now_playing = nullptr;

constexpr std::array<std::string_view, 5> verbs{"ALPHA", "BETA", "GAMMA", "DELTA", "EPSILON"};
constexpr std::array<std::string_view, 4> names{"one", "two", "three", "four"};

engine_fixture::setup make_setup(bool push) {
  return {push, [](confab_engine_options &o) {
            o.events_max = 8;
            o.channels_max = 5;
            o.users_max = 12;
            o.parked_max = 6;
            o.queued_max = 60;
            o.hooks_max = 12;
            o.additions_max = 20;
            o.timers_max = 4;
            o.slots_max = 4;
            o.plugins_max = 4;
            o.commands_burst_max = 0;
            o.deferral_ms_max = 5'000;
          }};
}

world::world(std::uint64_t seed, bool push) : pick(seed), chat(make_setup(push)) {
  now_playing = this;
}

// --- callbacks
// -------------------------------------------------------------------------------------

void world::called(thing &by) {
  ++calls;
  note(by.released == 0, "it was called after its release");
  note(!by.silenced, "it was called after its create failed");
}

// What any callback does, and answers.
confab_status world::answer() {
  if (depth < 3 && pick.one_in(3)) {
    ++depth;
    for (std::size_t i = pick.below(3); i > 0; --i)
      act(true);
    --depth;
  }
  note(confab_engine_flush(chat.engine) == CONFAB_ERR_REENTRANT, "flush inside");
  return pick.one_in(10) ? CONFAB_ERR_STATE : CONFAB_OK;
}

confab_status released(void *ctx) {
  auto &t = *static_cast<thing *>(ctx);
  t.of->called(t);
  ++t.released;
  return t.of->answer();
}

confab_status hook_released(void *ctx) {
  world &w = *static_cast<thing *>(ctx)->of;
  const bool before = std::exchange(w.releasing_hook, true);
  const confab_status status = released(ctx);
  w.releasing_hook = before;
  return status;
}

confab_status ran(void *ctx, confab_engine *engine, const confab_event_command *event) {
  auto &t = *static_cast<thing *>(ctx);
  t.of->called(t);
  if (t.of->pick.one_in(2))
    ignore(confab_reply_notice(engine, event->head.origin, CONFAB_STR("done")));
  return t.of->answer();
}

confab_status ticked(void *ctx, confab_engine *, confab_id) {
  auto &t = *static_cast<thing *>(ctx);
  t.of->called(t);
  return t.of->answer();
}

confab_status dropped(void *ctx, void *data, confab_id) {
  auto &t = *static_cast<thing *>(ctx);
  t.of->called(t);
  t.of->note(t.of->hanging.erase(reinterpret_cast<std::uintptr_t>(data)) == 1,
             "data was given back twice");
  return t.of->answer();
}

confab_verdict judged(void *ctx, confab_call *call, const confab_event *) {
  auto &t = *static_cast<thing *>(ctx);
  t.of->called(t);
  ignore(t.of->answer());
  confab_id token = 0;
  if (t.of->pick.one_in(6) && confab_call_defer(call, 0, &token) == CONFAB_OK) {
    t.of->tokens.push_back(token);
    return CONFAB_DEFER;
  }
  return t.of->pick.one_in(8) ? CONFAB_DENY : CONFAB_PASS;
}

confab_status cancelled(void *ctx, confab_engine *, confab_id, std::uint32_t) {
  auto &t = *static_cast<thing *>(ctx);
  t.of->called(t);
  return t.of->answer();
}

// --- a plugin
// --------------------------------------------------------------------------------------

confab_status created(const confab_api *, confab_engine *engine, confab_id plugin, void **self) {
  world &w = *now_playing;
  instance &i = *w.instances.back();
  i.id = plugin;
  *self = &i;
  w.creating = plugin;
  for (std::size_t n = w.pick.below(5); n > 0; --n)
    w.pick.one_in(3) ? w.add_hook(0) : w.add(0);
  w.creating = 0;
  w.note(confab_plugin_remove(engine, plugin, 0) == CONFAB_ERR_STATE, "removed in its create");
  if (!w.pick.one_in(4))
    return CONFAB_OK;
  i.failed = true;
  for (const auto &t : w.things)
    t->silenced = t->silenced || t->owner == plugin;
  return CONFAB_ERR_STATE;
}

confab_status destroyed(void *self) {
  auto &i = *static_cast<instance *>(self);
  i.of->called(i);
  i.of->note(++i.destroyed == 1, "destroyed twice");
  for (const auto &t : i.of->things)
    i.of->note(t->owner != i.id || t->released == 1 || t->silenced, "something is left of it");
  return i.of->answer();
}

confab_status heard(void *self, const confab_plugin_message *message) {
  auto &i = *static_cast<instance *>(self);
  i.of->called(i);
  i.of->note(i.destroyed == 0, "heard after its end");
  ignore(message->answer(message->answer_ctx, CONFAB_STR("yes")));
  return i.of->answer();
}

confab_status configured(void *self) {
  auto &i = *static_cast<instance *>(self);
  i.of->called(i);
  return i.of->answer();
}

const confab_setting setting = {"level", CONFAB_SETTING_INT, 0,      "3", "1", "9",
                                nullptr, "A level.",         nullptr};

const confab_plugin_entry entry = [] {
  confab_plugin_entry e{};
  e.struct_size = sizeof e;
  e.magic = CONFAB_PLUGIN_MAGIC;
  e.abi_major = CONFAB_ABI_MAJOR;
  e.abi_minor_least = CONFAB_ABI_MINOR;
  e.id = "org.example.unruly";
  e.version = "1";
  e.settings = &setting;
  e.settings_count = 1;
  e.create = created;
  e.destroy = destroyed;
  e.message = heard;
  e.configure = configured;
  return e;
}();

void world::plug() {
  instances.push_back(std::make_unique<instance>());
  instance &i = *instances.back();
  i.of = this;
  const std::string_view name = pick.of(names);
  const std::string level = std::to_string(pick.below(11));
  const confab_setting_value value{CONFAB_STR("level"), str_of(level)};
  i.options = confab_plugin_options_init();
  i.options.entry = &entry;
  i.options.name = str_of(name);
  i.options.settings = &value;
  i.options.settings_count = pick.below(2);
  i.options.ctx = static_cast<thing *>(&i);
  i.options.release = [](void *ctx) -> confab_status {
    auto &t = *static_cast<thing *>(ctx);
    t.of->note(static_cast<instance &>(t).destroyed == 1, "released before its end");
    return released(ctx);
  };
  confab_id id = 0;
  const confab_status status = confab_plugin_add(chat.engine, &i.options, &id);
  note((status == CONFAB_OK) == (id != 0), "an id without a plugin");
  i.failed = status != CONFAB_OK;
  i.silenced = i.failed;
}

void world::unplug() {
  if (instances.empty())
    return;
  instance &i = *pick.of(instances);
  const std::string level = std::to_string(pick.below(11));
  const confab_setting_value value{CONFAB_STR("level"), str_of(level)};
  if (pick.one_in(4) && depth == 0) {
    ignore(confab_plugin_configure(chat.engine, i.id, &value, 1));
  } else if (pick.one_in(4) && depth == 0) {
    confab_plugin_message m = confab_plugin_message_init();
    m.text = CONFAB_STR("listen");
    ignore(confab_plugin_send(chat.engine, i.id, &m));
  } else {
    ignore(confab_plugin_remove(chat.engine, i.id, pick.one_in(2) ? 0 : 2'000));
  }
}

// --- acts
// ------------------------------------------------------------------------------------------

thing &world::fresh(confab_id owner) {
  things.push_back(std::make_unique<thing>());
  things.back()->of = this;
  things.back()->owner = owner != 0 ? owner : creating;
  return *things.back();
}

void world::keep(thing &t, confab_status status) {
  if (status == CONFAB_OK)
    return;
  note(t.id == 0, "an id without an addition");
  note(status == CONFAB_ERR_LIMIT || status == CONFAB_ERR_EXISTS || status == CONFAB_ERR_STATE ||
           status == CONFAB_ERR_STALE_ID || status == CONFAB_ERR_DENIED ||
           status == CONFAB_ERR_ARG || (status == CONFAB_ERR_REENTRANT && releasing_hook),
       "another status");
  t.silenced = true; // it was never taken
}

void world::add_hook(confab_id owner) {
  thing &t = fresh(owner);
  confab_hook hook = confab_hook_init();
  hook.type = pick.one_in(2) ? CONFAB_EVENT_COMMAND : CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.flags = pick.one_in(2) ? std::uint32_t{CONFAB_HOOK_FAIL_OPEN} : 0U;
  hook.owner = owner;
  hook.ctx = &t;
  hook.call = judged;
  hook.cancelled = cancelled;
  hook.release = hook_released;
  keep(t, confab_hook_add(chat.engine, &hook, &t.id));
}

void world::add(confab_id owner) {
  thing &t = fresh(owner);
  const std::uint32_t subject = pick.one_in(2) ? CONFAB_KIND_CHANNEL : CONFAB_KIND_USER;
  const std::string_view name = pick.of(names);
  if (pick.one_in(3)) {
    confab_slot_spec spec = confab_slot_spec_init();
    spec.kind = static_cast<std::uint32_t>(pick.below(5));
    spec.owner = owner;
    spec.ctx = &t;
    spec.destroy = dropped;
    spec.release = released;
    return keep(t, confab_slot_add(chat.engine, &spec, &t.id));
  }
  if (pick.one_in(3)) {
    confab_timer_spec spec = confab_timer_spec_init();
    spec.delay_ms = static_cast<std::uint32_t>(pick.below(500));
    spec.interval_ms = static_cast<std::uint32_t>(pick.below(2) * 300);
    spec.owner = owner;
    spec.ctx = &t;
    spec.run = ticked;
    spec.release = released;
    return keep(t, confab_timer_add(chat.engine, &spec, &t.id));
  }
  if (pick.one_in(3)) {
    confab_mode_spec spec = confab_mode_spec_init();
    spec.subject = subject;
    spec.name = str_of(name);
    spec.letter = static_cast<unsigned char>("ABCDX"[pick.below(5)]);
    spec.value = subject == CONFAB_KIND_CHANNEL ? static_cast<std::uint32_t>(pick.below(3)) : 0U;
    spec.owner = owner;
    spec.ctx = &t;
    spec.release = released;
    return keep(t, confab_mode_add(chat.engine, &spec, &t.id, nullptr));
  }
  if (pick.one_in(3)) {
    confab_property_spec spec = confab_property_spec_init();
    spec.subject = subject;
    spec.name = str_of(name);
    spec.owner = owner;
    spec.ctx = &t;
    spec.release = released;
    return keep(t, confab_property_add(chat.engine, &spec, &t.id));
  }
  things.pop_back();
  add_named(owner);
}

void world::add_named(confab_id owner) {
  thing &t = fresh(owner);
  const std::string_view name = pick.of(names);
  if (pick.one_in(2)) {
    confab_command_spec spec = confab_command_spec_init();
    spec.verb = str_of(pick.of(verbs));
    spec.permission = pick.one_in(2) ? CONFAB_PERMIT_ANY : CONFAB_PERMIT_USER;
    spec.params_max = 3;
    spec.owner = owner;
    spec.ctx = &t;
    spec.run = ran;
    spec.release = released;
    return keep(t, confab_command_add(chat.engine, &spec, &t.id));
  }
  if (pick.one_in(2)) {
    confab_space_spec spec = confab_space_spec_init();
    spec.name = str_of(name);
    spec.types = static_cast<std::uint32_t>(1 + pick.below(3));
    spec.owner = owner;
    spec.ctx = &t;
    spec.release = released;
    return keep(t, confab_space_add(chat.engine, &spec, &t.id, nullptr));
  }
  confab_capability_spec spec = confab_capability_spec_init();
  spec.name = str_of(name);
  spec.owner = owner;
  spec.ctx = &t;
  spec.release = released;
  keep(t, confab_capability_add(chat.engine, &spec, &t.id));
}

void world::remove() {
  if (things.empty())
    return;
  const thing &t = *pick.of(things);
  if (confab_id_kind(t.id) == CONFAB_KIND_HOOK)
    ignore(confab_hook_remove(chat.engine, t.id));
  else
    ignore(confab_addition_remove(chat.engine, t.id));
}

confab_id world::any_object() {
  const auto of = [&](const std::vector<confab_id> &list) {
    return list.empty() ? 0 : list[pick.below(list.size())];
  };
  confab_id member = 0;
  switch (pick.below(5)) {
  case 0:
    return of(chat.conns());
  case 1:
    return of(chat.users());
  case 2:
    return of(chat.channels());
  case 3:
    if (const confab_id where = of(chat.channels()); where != 0)
      ignore(confab_channel_member_next(chat.engine, where, 0, &member));
    return member;
  default:
    return 0;
  }
}

void world::hang() {
  if (things.empty())
    return;
  const std::uintptr_t data = next_data++;
  thing &on = *pick.of(things);
  hanging[data] = &on;
  if (confab_slot_set(chat.engine, on.id, any_object(), reinterpret_cast<void *>(data)) !=
      CONFAB_OK)
    hanging.erase(data);
}

// Events and acts about what was added.
void world::say_something() {
  confab_event_custom custom{};
  confab_event_property property{};
  switch (pick.below(4)) {
  case 0:
    custom.head.struct_size = sizeof custom;
    custom.head.space = static_cast<std::uint16_t>(pick.below(6));
    custom.head.type = static_cast<std::uint16_t>(pick.below(3));
    custom.text = CONFAB_STR("words");
    return ignore(confab_event_submit(chat.engine, &custom, nullptr));
  case 1:
    CONFAB_COMMAND_INIT(&property, CONFAB_EVENT_PROPERTY);
    property.subject = any_object();
    property.name = str_of(pick.of(names));
    property.set = 1;
    property.text = pick.one_in(3) ? confab_str{} : CONFAB_STR("value");
    return ignore(confab_command_submit(chat.engine, &property.head, nullptr));
  case 2:
    return ignore(confab_reply_notice(chat.engine, any_object(), CONFAB_STR("hello")));
  default:
    if (!tokens.empty())
      ignore(confab_deferral_resolve(chat.engine, pick.of(tokens),
                                     pick.one_in(2) ? CONFAB_PASS : CONFAB_DENY,
                                     CONFAB_REFUSED_POLICY, {}, 0));
  }
}

void world::act(bool inside) {
  const confab_id owner = instances.empty() || pick.one_in(2) ? 0 : pick.of(instances)->id;
  switch (pick.below(10)) {
  case 0:
  case 1:
    return add(owner);
  case 2:
    return add_hook(owner);
  case 3:
  case 4:
    return remove();
  case 5:
  case 6:
    return hang();
  case 7:
    return unplug();
  case 8:
    return inside ? say_something() : plug();
  default:
    return say_something();
  }
}

std::string world::line() {
  switch (pick.below(8)) {
  case 0:
  case 6:
    return std::string(pick.of(verbs)) + " one two";
  case 1:
    return "EXTMSG " + std::string(pick.of(names)) + " :are you there";
  case 2:
    return "MODE #a +" + std::string(1, "ABCDX"[pick.below(5)]) + " 7";
  case 3:
    return "MODE #a -ABCDX 1 2 3";
  case 4:
    return "CAP REQ :" + std::string(pick.of(names));
  case 5:
    return pick.one_in(2) ? "HELP" : "MODE #a";
  default:
    return random_line(pick);
  }
}

void world::speak() {
  const std::vector<confab_id> conns = chat.conns();
  if (conns.size() < 4 || pick.one_in(20)) {
    if (conns.size() < 10)
      ignore(
          chat.say(chat.open(), "NICK " + random_nick(pick) + "\r\nUSER u 0 * :Real\r\nJOIN #a"));
    return;
  }
  const confab_id conn = conns[pick.below(conns.size())];
  if (pick.one_in(30))
    ignore(chat.end(conn));
  else
    ignore(chat.say(conn, line()));
}

// Reads everything that can be read: const, so that nothing changes.
void world::look() {
  const std::uint64_t memory = chat.stats().memory_bytes;
  confab_addition_info info{};
  info.struct_size = sizeof info;
  std::uint64_t count = 0, timers = 0;
  for (confab_id id = 0; confab_addition_next(chat.engine, id, &id) == CONFAB_OK;) {
    note(confab_addition_get(chat.engine, id, &info) == CONFAB_OK, "listed, and not there");
    ++(info.kind == CONFAB_ADDITION_TIMER ? timers : count);
  }
  note(chat.stats().additions == count && chat.stats().timers == timers, "counts are wrong");
  confab_plugin_info plugin{};
  plugin.struct_size = sizeof plugin;
  for (confab_id id = 0; confab_plugin_next(chat.engine, id, &id) == CONFAB_OK;) {
    note(confab_plugin_get(chat.engine, id, &plugin) == CONFAB_OK, "a plugin is not there");
    confab_setting_info level{};
    level.struct_size = sizeof level;
    note(confab_plugin_setting(chat.engine, id, CONFAB_STR("level"), &level) == CONFAB_OK &&
             level.integer >= 1 && level.integer <= 9,
         "a setting out of its range");
  }
  note(chat.stats().memory_bytes == memory, "reading took memory");
}

void world::step() {
  switch (pick.below(5)) {
  case 0:
    act(false);
    break;
  case 1:
    chat.wait_ms(pick.below(400));
    break;
  case 2:
    chat.read_all();
    break;
  default:
    speak();
  }
  if (tokens.size() > 40)
    tokens.erase(tokens.begin(), tokens.begin() + 20);
  look();
  if (problem.empty())
    problem = chat.broken();
}

void world::finish() {
  const std::string left = chat.destroy();
  if (problem.empty())
    problem = left;
  for (const auto &t : things)
    note(t->released == (t->silenced ? 0U : 1U), "something was not released once");
  for (const auto &i : instances) {
    note(i->destroyed == (i->failed ? 0U : 1U), "a plugin was not destroyed once");
    note(i->released == (i->failed ? 0U : 1U), "a plugin was not released once");
  }
  // What a create hung that then failed was its own to give back.
  std::erase_if(hanging, [](const auto &hung) { return hung.second->silenced; });
  note(hanging.empty(), "data was not given back");
}

} // namespace

TEST_CASE("whatever is added and removed, whenever, the state holds and all of it goes once") {
  const auto until = std::chrono::steady_clock::now() + property_seconds(15);
  std::uint64_t seed = 1, steps = 0, calls = 0;
  do {
    INFO("seed " << seed);
    world run(seed, seed % 2 == 0);
    REQUIRE(run.chat.created == CONFAB_OK);
    for (unsigned i = 0; i < 400; ++i, ++steps) {
      run.step();
      INFO("step " << i);
      REQUIRE(run.problem == "");
    }
    run.finish();
    REQUIRE(run.problem == "");
    calls += run.calls;
    ++seed;
  } while (std::chrono::steady_clock::now() < until);
  WARN(seed - 1 << " seeds, " << steps << " steps, " << calls << " calls");
  CHECK(calls > 0);
}
