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
TEST_CASE("memory runs out while one comes in pieces and falls silent") { play_all(piecemeal); }
TEST_CASE("memory runs out under hooks and the pull queue") { play_all(hooked); }
TEST_CASE("memory runs out under the host's own users and a rehash") { play_all(hosted); }
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
