// SPDX-License-Identifier: MIT
//
// Memory runs out everywhere: fixed scenes are played again and again, each time with another
// allocation failing, until none fails any more. After each the state must hold, the engine must go
// on serving others, and at the end every byte is back and everybody released once. Which command
// answers what when memory is there is tested elsewhere.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <functional>

using namespace confab;
using namespace confab::test;

namespace {

using scene = std::function<void(engine_fixture &)>;

struct watcher {
  unsigned calls = 0, released = 0;
};

confab_verdict CONFAB_CALL watch(void *ctx, confab_call *call, const confab_event *event) {
  auto &self = *static_cast<watcher *>(ctx);
  ++self.calls;
  if (event->type == CONFAB_EVENT_MESSAGE)
    ignore(confab_call_set(call, CONFAB_FIELD_TEXT, CONFAB_STR("rewritten text")));
  if (self.calls % 5 == 0)
    ignore(confab_message_send(confab_call_engine(call), 0, CONFAB_MESSAGE_NOTICE, event->actor,
                               CONFAB_STR("seen")));
  return CONFAB_PASS;
}

void talk(engine_fixture &chat) {
  const confab_id ann = chat.enter("ann", "server-time echo-message multi-prefix");
  const confab_id bob = chat.enter("bob");
  for (const char *line :
       {"JOIN #a,#b", "MODE #a +lk-t 5 key", "MODE #a +b x!*@*", "MODE #a +be y z",
        "TOPIC #a :about", "INVITE bob #a", "PRIVMSG #a,bob :hello", "AWAY :gone", "NICK anna",
        "WHOIS bob", "WHO #a", "LIST", "NAMES #a", "WHOWAS ann", "OPER root pw", "WALLOPS :x",
        "MODE #a -b x!*@*"}) {
    ignore(chat.say(ann, line));
    ignore(chat.say(bob, "JOIN #a key"));
    chat.read_all();
  }
  for (const char *line : {"KICK #a bob :out", "KILL bob :enough", "PART #a :bye", "QUIT :done"})
    ignore(chat.say(ann, line));
  chat.read_all();
}

// What IRCX adds, in one room of three views: each act by a client of its own.
void in_ircx(engine_fixture &chat) {
  const confab_id ann = chat.open(), bob = chat.enter("bob", "server-time"),
                  cyd = chat.enter("cyd");
  ignore(chat.say(ann, "IRCX\r\nNICK ann\r\nUSER a 0 * :A"));
  for (const char *line : {"CREATE #hall xu 5", "CREATE #room ul 1", "PROP #room OWNERKEY :high",
                           "PROP #room SUBJECT :cats", "PROP #room ONJOIN :welcome",
                           "ACCESS #room ADD DENY eve 5 :why", "ACCESS #room ADD GRANT *!*@*",
                           "ACCESS ann ADD DENY eve", "MODE #room +i", "LISTX >0", "PROP #room *",
                           "ACCESS #room LIST"}) {
    ignore(chat.say(ann, line));
    chat.read_all();
  }
  auto cloneable = confab_event_channel_change{};
  CONFAB_COMMAND_INIT(&cloneable, CONFAB_EVENT_CHANNEL_CHANGE);
  cloneable.head.flags = CONFAB_EVENT_FORCED;
  cloneable.name = CONFAB_STR("#room");
  cloneable.mode = CONFAB_CMODE_CLONEABLE;
  cloneable.set = 1;
  ignore(confab_command_submit(chat.engine, &cloneable.head, nullptr));
  ignore(chat.say(ann, "ACCESS #room CLEAR\r\nMODE #room -i"));
  for (const confab_id guest : {bob, cyd}) {
    ignore(chat.say(guest, "JOIN #room\r\nJOIN #hall\r\nPRIVMSG #hall :from the floor"));
    chat.read_all();
  }
  for (const char *line : {"MODE #hall +o bob", "WHISPER #hall bob,cyd :psst", "DATA #hall TAG :x",
                           "MODE #hall -o bob", "MODE #hall +i", "ACCESS #hall ADD VOICE eve",
                           "KICK #hall cyd :out"}) {
    ignore(chat.say(ann, line));
    chat.read_all();
  }
  ignore(chat.say(cyd, "JOIN #hall")); // kept out: a knock
  auto kill = confab_event_kill{};
  CONFAB_COMMAND_INIT(&kill, CONFAB_EVENT_KILL);
  kill.nick = CONFAB_STR("#hall");
  ignore(confab_command_submit(chat.engine, &kill.head, nullptr));
  auto redirect = confab_event_redirect{};
  CONFAB_COMMAND_INIT(&redirect, CONFAB_EVENT_REDIRECT);
  redirect.targets = CONFAB_STR("irc.example.net:6667");
  ignore(confab_command_submit(chat.engine, &redirect.head, nullptr));
  chat.read_all();
}

void piecemeal(engine_fixture &chat) {
  const confab_id conn = chat.open("2001:db8::1");
  for (const char c : std::string_view("NICK ann\r\nUSER a 0 * :A\r\nJOIN #a\r\nPING x\r\n")) {
    std::size_t consumed = 0;
    ignore(confab_conn_feed(chat.engine, conn, chat.now, &c, 1, &consumed));
  }
  chat.read_all();
  ignore(chat.wait_ms(300'000));
  chat.read_all();
  ignore(chat.wait_ms(300'000));
  chat.read_all();
}

void hooked(engine_fixture &chat) {
  static watcher watchers[3];
  for (std::uint16_t stage : {CONFAB_STAGE_TRANSFORM, CONFAB_STAGE_POLICY, CONFAB_STAGE_OBSERVE}) {
    confab_hook hook = confab_hook_init();
    hook.stage = stage;
    hook.ctx = &watchers[stage % 3];
    hook.call = watch;
    ignore(confab_hook_add(chat.engine, &hook, nullptr));
  }
  talk(chat);
  const confab_event *event = nullptr;
  while (confab_event_next(chat.engine, &event, nullptr, nullptr) == CONFAB_OK) {
  }
}

void hosted(engine_fixture &chat) {
  confab_user_options options = confab_user_options_init();
  options.nick = CONFAB_STR("bot");
  confab_id bot = 0;
  ignore(confab_user_create(chat.engine, &options, &bot));
  if (bot == 0)
    return;
  ignore(confab_channel_join(chat.engine, bot, CONFAB_STR("#bots"), {}));
  const confab_id first = chat.open(), second = chat.open();
  ignore(confab_conn_attach(chat.engine, first, chat.now, bot));
  ignore(confab_conn_attach(chat.engine, second, chat.now, bot));
  ignore(chat.say(first, "PRIVMSG #bots :hi"));
  chat.read_all();
  confab_engine_options changed = confab_engine_options_init();
  changed.motd = CONFAB_STR("one\ntwo\n");
  ignore(confab_engine_configure(chat.engine, &changed));
  ignore(chat.end(first, "gone"));
  ignore(confab_conn_close(chat.engine, second, chat.now, CONFAB_STR("closed")));
  ignore(confab_user_quit(chat.engine, bot, CONFAB_STR("bye")));
  chat.read_all();
}

void parked(engine_fixture &chat) {
  chat.host.on_request = [](const confab_request &) {
    return static_cast<confab_status>(CONFAB_PARKED);
  };
  const confab_id ann = chat.open();
  ignore(chat.say(ann, "PASS secret\r\nNICK ann\r\nUSER a 0 * :A\r\nJOIN #a\r\nPRIVMSG #a :x"));
  const auto resolve = [&](confab_status with) {
    if (!chat.host.asked.empty())
      ignore(confab_request_resolve(chat.engine, chat.host.asked.back().id, with,
                                    CONFAB_STR("because")));
    chat.read_all();
  };
  resolve(CONFAB_OK);
  ignore(chat.say(ann, "OPER root pw\r\nPRIVMSG ann :later"));
  resolve(CONFAB_ERR_DENIED);
  ignore(chat.say(ann, "OPER root pw\r\nPRIVMSG ann :never"));
  ignore(chat.end(ann, {}));
}

// Whole messages that wait, and acts that a filter denies in shadow.
void shadowed(engine_fixture &chat) {
  const confab_id web = chat.open("192.0.2.5", CONFAB_CONN_MESSAGES, CONFAB_TRUST_CLAIMED);
  ignore(chat.say(web, "NICK ann\nUSER a 0 * :A\nJOIN #a\nMODE #a +k key"));
  chat.host.on_request = [](const confab_request &) {
    return static_cast<confab_status>(CONFAB_PARKED);
  };
  confab_hook hook = confab_hook_init();
  hook.stage = CONFAB_STAGE_POLICY;
  hook.call = [](void *, confab_call *call, const confab_event *event) -> confab_verdict {
    if (event->type == CONFAB_EVENT_LINE_IN || event->type == CONFAB_EVENT_OPER)
      return CONFAB_PASS;
    ignore(confab_call_deny(call, CONFAB_REFUSED_POLICY, {}, CONFAB_DENIAL_SHADOW));
    return CONFAB_DENY;
  };
  confab_id id = 0;
  ignore(confab_hook_add(chat.engine, &hook, &id));
  for (const char *message :
       {"MODE #a +vl-k ann 5 x\nMODE #a +be y z", "MODE ann -i\nNAMES #a\nLIST",
        "OPER root pw\nMODE #a +m", "WHO #a\nPING x"})
    ignore(chat.say(web, message));
  if (!chat.host.asked.empty())
    ignore(confab_request_resolve(chat.engine, chat.host.asked.back().id, CONFAB_OK, {}));
  chat.read_all();
  ignore(confab_hook_remove(chat.engine, id));
}

// Every command of IRCX: lists, properties, clones, an auditorium, and an operator who listens.
void extended_irc(engine_fixture &chat) {
  chat.host.on_request = [](const confab_request &) {
    return static_cast<confab_status>(CONFAB_OK);
  };
  const confab_id ann = chat.open(), bob = chat.open();
  for (const confab_id conn : {ann, bob})
    ignore(chat.say(conn, "IRCX"));
  chat.enter(ann, "ann");
  chat.enter(bob, "'b\xc3\xb6\\bb");
  for (const char *line :
       {"OPER root pw", "EVENT ADD USER", "EVENT ADD MEMBER", "EVENT ADD CHANNEL ann", "EVENT LIST",
        "CREATE %#a\\bb xnlk 5 key", "CREATE #chat dl 1", "PROP #chat ONJOIN :a\\nb",
        "PROP #chat TOPIC :t", "PROP #chat MEMBERKEY :k", "PROP #chat MEMBERKEY :", "PROP #chat *",
        "ACCESS #chat ADD GRANT *", "ACCESS #chat ADD DENY trudy 5 :why", "ACCESS #chat",
        "ACCESS ann ADD DENY trudy", "ACCESS $ ADD DENY trudy", "ACCESS * ADD DENY trudy"})
    ignore(chat.say(ann, line));
  for (const char *line :
       {"JOIN #chat", "JOIN %#a\\bb key", "WHISPER %#a\\bb ann,' :x", "DATA #chat1 TAG :x",
        "PRIVMSG #chat1 ' :x", "LISTX N=*,T=*,N=#* 5", "KNOCK #chat", "NICK bob"})
    ignore(chat.say(bob, line));
  for (const char *line : {"MODE %#a\\bb +o bob", "MODE %#a\\bb +q bob", "MODE %#a\\bb -q bob",
                           "ACCESS #chat CLEAR", "ACCESS ann CLEAR", "ACCESS $ CLEAR",
                           "MODE bob +z", "KILL %#a\\bb :over", "EVENT DELETE USER"})
    ignore(chat.say(ann, line));
  ignore(chat.end(bob, "gone"));
  chat.read_all();
  ignore(chat.end(ann, {}));
}

// What is added either is there or is not, whatever it met.
confab_status same_count(engine_fixture &chat, confab_status status, std::uint64_t before) {
  const confab_engine_stats now = chat.stats();
  CHECK(now.additions + now.timers == before + (status == CONFAB_OK ? 1 : 0));
  CHECK((status == CONFAB_OK || status == CONFAB_ERR_NOMEM));
  return status;
}

template <class Spec, class Add>
confab_id add_one(engine_fixture &chat, const Spec &spec, Add add) {
  const confab_engine_stats before = chat.stats();
  confab_id id = 0;
  ignore(same_count(chat, add(chat.engine, &spec, &id), before.additions + before.timers));
  return id;
}

confab_status CONFAB_CALL replies(void *, confab_engine *engine, const confab_event_command *e) {
  const confab_str word = confab_command_param(e, 0);
  ignore(confab_reply_notice(engine, e->head.origin, word));
  return confab_channel_topic_set(engine, 0, 0, word);
}

confab_status CONFAB_CALL beats(void *, confab_engine *, confab_id) { return CONFAB_OK; }

struct added {
  confab_id command, mode, property, slot, space, numeric;
};

added add_everything(engine_fixture &chat, std::uint16_t &space_number) {
  added ids{};
  confab_command_spec command = confab_command_spec_init();
  command.verb = CONFAB_STR("EXAMPLE");
  command.help = CONFAB_STR("EXAMPLE <word>");
  command.params_max = 4;
  command.run = replies;
  ids.command = add_one(chat, command, confab_command_add);
  confab_mode_spec mode = confab_mode_spec_init();
  mode.subject = CONFAB_KIND_CHANNEL;
  mode.name = CONFAB_STR("slow");
  mode.letter = 'S';
  mode.value = CONFAB_MODE_ALWAYS;
  ids.mode = add_one(chat, mode, [](confab_engine *e, const confab_mode_spec *s, confab_id *id) {
    return confab_mode_add(e, s, id, nullptr);
  });
  confab_property_spec property = confab_property_spec_init();
  property.subject = CONFAB_KIND_USER;
  property.name = CONFAB_STR("note");
  ids.property = add_one(chat, property, confab_property_add);
  confab_slot_spec slot = confab_slot_spec_init();
  slot.kind = CONFAB_KIND_USER;
  ids.slot = add_one(chat, slot, confab_slot_add);
  confab_space_spec space = confab_space_spec_init();
  space.name = CONFAB_STR("org.example");
  space.types = 3;
  ids.space =
      add_one(chat, space, [&](confab_engine *e, const confab_space_spec *s, confab_id *id) {
        return confab_space_add(e, s, id, &space_number);
      });
  confab_numeric_spec numeric = confab_numeric_spec_init();
  numeric.number = 950;
  numeric.name = CONFAB_STR("RPL_EXAMPLE");
  ids.numeric = add_one(chat, numeric, confab_numeric_add);
  confab_timer_spec timer = confab_timer_spec_init();
  timer.interval_ms = 50;
  timer.run = beats;
  add_one(chat, timer, confab_timer_add);
  return ids;
}

// Additions of every kind, used.
void extended(engine_fixture &chat) {
  std::uint16_t space = 0;
  const added ids = add_everything(chat, space);
  const confab_id ann = chat.enter("ann");
  for (const char *line : {"JOIN #a", "EXAMPLE word", "MODE #a +S 10", "MODE #a +S 20", "MODE #a",
                           "HELP EXAMPLE", "HELP", "MODE #a -S x", "EXAMPLE"})
    ignore(chat.say(ann, line));
  chat.read_all();
  int data[2];
  const confab_id who = chat.user("ann");
  for (int &datum : data) {
    void *before = nullptr, *after = nullptr;
    ignore(confab_slot_get(chat.engine, ids.slot, who, &before));
    const confab_status set = confab_slot_set(chat.engine, ids.slot, who, &datum);
    ignore(confab_slot_get(chat.engine, ids.slot, who, &after));
    CHECK(after == (set == CONFAB_OK ? &datum : before));
  }
  confab_event_property put{};
  CONFAB_COMMAND_INIT(&put, CONFAB_EVENT_PROPERTY);
  put.subject = who;
  put.name = CONFAB_STR("note");
  put.set = 1;
  for (const confab_str text : {CONFAB_STR("one"), CONFAB_STR("another")}) {
    put.text = text;
    confab_str before{}, after{};
    ignore(confab_property_get(chat.engine, who, put.name, &before));
    const std::string was = string_of(before);
    const confab_status set = confab_command_submit(chat.engine, &put.head, nullptr);
    ignore(confab_property_get(chat.engine, who, put.name, &after));
    CHECK(string_of(after) == (set == CONFAB_OK ? string_of(text) : was));
  }
  confab_event_custom custom{};
  custom.head.struct_size = sizeof custom;
  custom.head.space = space;
  ignore(confab_event_submit(chat.engine, &custom, nullptr));
  const confab_str word = CONFAB_STR("word");
  ignore(confab_reply_numeric(chat.engine, ann, ids.numeric, &word, 1, {}));
  ignore(chat.wait_ms(100));
  chat.read_all();
  for (const confab_id id : {ids.command, ids.mode, ids.property, ids.slot, ids.space})
    CHECK((id == 0 || confab_addition_remove(chat.engine, id) == CONFAB_OK));
}

// A plugin that adds as much as it can, and says what went wrong.
struct counted {
  unsigned created, destroyed, released;
};

confab_status CONFAB_CALL create_counted(const confab_api *api, confab_engine *engine,
                                         confab_id plugin, void **self) {
  (void)plugin;
  static counted counts;
  counts = counted{1, 0, 0};
  *self = &counts;
  confab_command_spec command = confab_command_spec_init();
  command.verb = CONFAB_STR("PLUGGED");
  command.params_max = 2;
  command.run = replies;
  confab_status status = api->command_add(engine, &command, nullptr);
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_MESSAGE;
  hook.stage = CONFAB_STAGE_POLICY;
  hook.call = [](void *, confab_call *call, const confab_event *) -> confab_verdict {
    confab_id token = 0;
    return confab_call_defer(call, 0, &token) == CONFAB_OK ? CONFAB_DEFER : CONFAB_PASS;
  };
  if (status == CONFAB_OK)
    status = api->hook_add(engine, &hook, nullptr);
  confab_timer_spec timer = confab_timer_spec_init();
  timer.interval_ms = 20;
  timer.run = beats;
  return status == CONFAB_OK ? api->timer_add(engine, &timer, nullptr) : status;
}

void plugged(engine_fixture &chat) {
  static const confab_setting setting = {
      "word", CONFAB_SETTING_TEXT, 0, "x", nullptr, nullptr, nullptr, nullptr, nullptr};
  confab_plugin_entry entry{};
  entry.struct_size = sizeof entry;
  entry.magic = CONFAB_PLUGIN_MAGIC;
  entry.abi_major = CONFAB_ABI_MAJOR;
  entry.id = "org.example.counted";
  entry.version = "1";
  entry.settings = &setting;
  entry.settings_count = 1;
  entry.create = create_counted;
  entry.destroy = [](void *self) -> confab_status {
    ++static_cast<counted *>(self)->destroyed;
    return CONFAB_OK;
  };
  entry.configure = [](void *) -> confab_status { return CONFAB_OK; };
  entry.message = [](void *, const confab_plugin_message *m) -> confab_status {
    return m->answer(m->answer_ctx, m->text);
  };
  const confab_setting_value value{CONFAB_STR("word"), CONFAB_STR("given")};
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = &entry;
  options.settings = &value;
  options.settings_count = 1;
  confab_id id = 0;
  const confab_status status = confab_plugin_add(chat.engine, &options, &id);
  CHECK((status == CONFAB_OK) == (id != 0));
  if (status != CONFAB_OK) {
    CHECK(chat.stats().additions + chat.stats().timers + chat.stats().plugins == 0);
    return;
  }
  const confab_id ann = chat.enter("ann");
  for (const char *line : {"JOIN #a", "EXTMSG counted :hello", "PLUGGED word", "PRIVMSG #a :x"})
    ignore(chat.say(ann, line));
  const confab_setting_value other{CONFAB_STR("word"), CONFAB_STR("other")};
  const confab_status set = confab_plugin_configure(chat.engine, id, &other, 1);
  confab_setting_info info{};
  info.struct_size = sizeof info;
  CHECK(confab_plugin_setting(chat.engine, id, value.name, &info) == CONFAB_OK);
  CHECK(string_of(info.text) == (set == CONFAB_OK ? "other" : "given"));
  CHECK(confab_plugin_remove(chat.engine, id, 1'000) == CONFAB_OK);
  ignore(chat.wait_ms(2'000));
  chat.read_all();
  CHECK(chat.stats().additions + chat.stats().timers + chat.stats().plugins == 0);
}

// Plays a scene with allocation `nth` failing; false when none failed.
bool play(const scene &plays, bool push, std::uint64_t nth) {
  engine_fixture chat({push, [](confab_engine_options &o) { o.events_max = 3; }});
  REQUIRE(chat.created == CONFAB_OK);
  const confab_id witness = chat.enter("witness");
  ignore(chat.say(witness, "JOIN #a"));
  ignore(chat.say(witness, "PART #a"));
  chat.read(witness);
  chat.memory.fail_at(nth);
  plays(chat);
  const bool failed = chat.memory.failed();
  chat.memory.fail_at(0);
  REQUIRE(chat.broken() == "");
  // Whoever was not hit is served, and so is whoever comes.
  const confab_id late = chat.enter("late");
  ignore(chat.say(late, "JOIN #late\r\nPING still-here"));
  REQUIRE(chat.read(late).find("still-here") != std::string::npos);
  REQUIRE(chat.broken() == "");
  REQUIRE(chat.destroy() == "");
  return failed;
}

void play_all(const scene &plays) {
  for (const bool push : {false, true})
    for (std::uint64_t nth = 1;; ++nth) {
      INFO("allocation " << nth << (push ? " push" : " pull"));
      if (!play(plays, push, nth))
        break;
    }
}

} // namespace

TEST_CASE("memory runs out while people talk") { play_all(talk); }
TEST_CASE("memory runs out in rooms of IRCX") { play_all(in_ircx); }
TEST_CASE("memory runs out while one comes in pieces and falls silent") { play_all(piecemeal); }
TEST_CASE("memory runs out under hooks and the pull queue") { play_all(hooked); }
TEST_CASE("memory runs out under the host's own users and a rehash") { play_all(hosted); }
TEST_CASE("memory runs out while things are added and used") { play_all(extended); }
TEST_CASE("memory runs out while a plugin comes, works and goes") { play_all(plugged); }
TEST_CASE("memory runs out under all that IRCX adds") { play_all(extended_irc); }
TEST_CASE("memory runs out while acts wait for the host") { play_all(parked); }

TEST_CASE("memory runs out under whole messages and denials in shadow") { play_all(shadowed); }

TEST_CASE("an engine is made whole or not at all") {
  std::uint64_t nth = 1;
  for (;; ++nth) {
    INFO("allocation " << nth);
    failing_allocator memory;
    fake_host host;
    confab_engine_options options = confab_engine_options_init();
    options.allocator = memory.table();
    options.motd = CONFAB_STR("a motd");
    const confab_host table = host.table(false);
    memory.fail_at(nth);
    confab_engine *engine = nullptr;
    const confab_status status = confab_engine_create(&options, &table, &engine);
    if (status == CONFAB_OK) {
      CHECK_FALSE(memory.failed());
      ignore(confab_engine_destroy(engine));
      break;
    }
    REQUIRE(status == CONFAB_ERR_NOMEM);
    REQUIRE(engine == nullptr);
    REQUIRE(memory.live_blocks() == 0);
    REQUIRE(host.released == 0);
  }
  CHECK(nth > 3);
}
