// SPDX-License-Identifier: MIT
//
// What holds for all that can be added: names and bounds, listing, removing at any moment, release
// exactly once, the misuse of every function. What each kind does is tested beside this, and what
// clients see of it in the conformance suite.
#include "support/catch.hpp"
#include "unit/bus/added.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <map>

using namespace confab::test;

namespace {

// Every `_add` function behind one form, so that each misuse is tried on each.
struct adder {
  const char *name;
  std::function<confab_status(confab_engine *, bool null_spec, std::uint32_t struct_size,
                              confab_id owner, confab_id *out)>
      add;
};

template <class Spec, class Add, class Fill>
adder adder_of(const char *name, Spec (*init)(), Add add, Fill fill) {
  return {name, [=](confab_engine *engine, bool null_spec, std::uint32_t struct_size,
                    confab_id owner, confab_id *out) {
            // Room for a spec that says it is larger than this library knows.
            alignas(Spec) unsigned char bytes[sizeof(Spec) + 64] = {};
            Spec spec = init();
            fill(spec);
            spec.owner = owner;
            if (struct_size != 0)
              spec.struct_size = struct_size;
            std::memcpy(bytes, &spec, sizeof spec);
            if (struct_size == sizeof(Spec) + 1) // with something in it
              bytes[sizeof(Spec)] = 1;
            return add(engine, null_spec ? nullptr : reinterpret_cast<Spec *>(bytes), out);
          }};
}

std::vector<adder> adders() {
  static int table = 0;
  return {
      adder_of("command", confab_command_spec_init, confab_command_add,
               [](confab_command_spec &s) {
                 s.verb = CONFAB_STR("EXAMPLE");
                 s.run = thing::run;
               }),
      adder_of("numeric", confab_numeric_spec_init, confab_numeric_add,
               [](confab_numeric_spec &s) {
                 s.number = 950;
                 s.name = CONFAB_STR("RPL_EXAMPLE");
               }),
      adder_of("capability", confab_capability_spec_init, confab_capability_add,
               [](confab_capability_spec &s) { s.name = CONFAB_STR("example.org/a"); }),
      adder_of("isupport", confab_isupport_spec_init, confab_isupport_add,
               [](confab_isupport_spec &s) { s.token = CONFAB_STR("EXAMPLE=1"); }),
      adder_of(
          "mode", confab_mode_spec_init,
          [](confab_engine *e, const confab_mode_spec *s, confab_id *out) {
            return confab_mode_add(e, s, out, nullptr);
          },
          [](confab_mode_spec &s) {
            s.subject = CONFAB_KIND_CHANNEL;
            s.name = CONFAB_STR("example");
            s.letter = 'X';
          }),
      adder_of("property", confab_property_spec_init, confab_property_add,
               [](confab_property_spec &s) {
                 s.subject = CONFAB_KIND_USER;
                 s.name = CONFAB_STR("example");
               }),
      adder_of("slot", confab_slot_spec_init, confab_slot_add,
               [](confab_slot_spec &s) { s.kind = CONFAB_KIND_USER; }),
      adder_of(
          "space", confab_space_spec_init,
          [](confab_engine *e, const confab_space_spec *s, confab_id *out) {
            return confab_space_add(e, s, out, nullptr);
          },
          [](confab_space_spec &s) {
            s.types = 2;
            s.name = CONFAB_STR("org.example");
          }),
      adder_of("service", confab_service_spec_init, confab_service_add,
               [](confab_service_spec &s) {
                 s.name = CONFAB_STR("org.example");
                 s.table = &table;
               }),
      adder_of("timer", confab_timer_spec_init, confab_timer_add,
               [](confab_timer_spec &s) {
                 s.delay_ms = 1000;
                 s.run = thing::tick;
               }),
  };
}

std::vector<confab_id> all_additions(const engine_fixture &chat) {
  std::vector<confab_id> out;
  confab_id id = 0;
  while (confab_addition_next(chat.engine, id, &id) == CONFAB_OK)
    out.push_back(id);
  return out;
}

} // namespace

TEST_CASE("whatever is added without sense is refused, and changes nothing") {
  addable chat;
  const std::uint64_t before = chat.stats().memory_bytes;
  const confab_id dead_plugin = confab_id{CONFAB_KIND_PLUGIN} << 60 | 1ULL << 32;
  for (const adder &a : adders()) {
    INFO(a.name);
    confab_id id = 7;
    CHECK(a.add(nullptr, false, 0, 0, &id) == CONFAB_ERR_ARG);
    CHECK(id == 0);
    CHECK(a.add(chat.engine, true, 0, 0, &id) == CONFAB_ERR_ARG);
    CHECK(a.add(chat.engine, false, 4, 0, &id) == CONFAB_ERR_STRUCT);
    CHECK(a.add(chat.engine, false, std::numeric_limits<std::uint32_t>::max(), 0, &id) ==
          CONFAB_ERR_STRUCT);
    CHECK(a.add(chat.engine, false, 0, chat.ann, &id) == CONFAB_ERR_ARG);
    CHECK(a.add(chat.engine, false, 0, dead_plugin, &id) == CONFAB_ERR_STALE_ID);
    CHECK(id == 0);
  }
  CHECK(all_additions(chat).empty());
  CHECK(chat.stats().memory_bytes == before);
  CHECK(chat.broken() == "");
}

TEST_CASE("a spec that a newer header made is taken while what is new in it is zero") {
  const std::vector<adder> all = adders();
  // By name, because the size is the type's own.
  const std::map<std::string, std::uint32_t> sizes{{"command", sizeof(confab_command_spec)},
                                                   {"numeric", sizeof(confab_numeric_spec)},
                                                   {"capability", sizeof(confab_capability_spec)},
                                                   {"isupport", sizeof(confab_isupport_spec)},
                                                   {"mode", sizeof(confab_mode_spec)},
                                                   {"property", sizeof(confab_property_spec)},
                                                   {"slot", sizeof(confab_slot_spec)},
                                                   {"space", sizeof(confab_space_spec)},
                                                   {"service", sizeof(confab_service_spec)},
                                                   {"timer", sizeof(confab_timer_spec)}};
  for (const adder &a : all) {
    INFO(a.name);
    addable chat;
    confab_id id = 0;
    CHECK(a.add(chat.engine, false, sizes.at(a.name) - 1, 0, &id) == CONFAB_ERR_STRUCT);
    CHECK(a.add(chat.engine, false, sizes.at(a.name) + 1, 0, &id) == CONFAB_ERR_STRUCT);
    CHECK(a.add(chat.engine, false, sizes.at(a.name) + 8, 0, &id) == CONFAB_OK);
    CHECK(id != 0);
  }
}

TEST_CASE("everything that is added is listed once, and goes by its id") {
  addable chat;
  std::vector<confab_id> ids;
  for (const adder &a : adders()) {
    INFO(a.name);
    confab_id id = 0;
    CHECK(a.add(chat.engine, false, 0, 0, &id) == CONFAB_OK);
    ids.push_back(id);
    CHECK(chat.info(id).kind != 0);
    CHECK(chat.info(id).owner == 0);
    // A slot and a timer need no name; all others are unique by theirs.
    const std::string name = a.name;
    const bool again = name == "slot" || name == "timer";
    CHECK(a.add(chat.engine, false, 0, 0, &id) == (again ? CONFAB_OK : CONFAB_ERR_EXISTS));
    if (again)
      ids.push_back(id);
  }
  std::vector<confab_id> listed = all_additions(chat), wanted = ids;
  std::sort(listed.begin(), listed.end());
  std::sort(wanted.begin(), wanted.end());
  CHECK(listed == wanted);
  CHECK(chat.stats().additions == ids.size() - 2);
  CHECK(chat.stats().timers == 2);
  for (const confab_id id : ids) {
    CHECK(confab_addition_remove(chat.engine, id) == CONFAB_OK);
    CHECK(confab_addition_remove(chat.engine, id) == CONFAB_ERR_STALE_ID);
    confab_addition_info info{};
    info.struct_size = sizeof info;
    CHECK(confab_addition_get(chat.engine, id, &info) == CONFAB_ERR_STALE_ID);
  }
  CHECK(all_additions(chat).empty());
  CHECK(chat.stats().additions == 0);
  CHECK(chat.stats().timers == 0);
  CHECK(chat.destroy() == "");
}

TEST_CASE("reading and removing additions: arguments of wrong kinds") {
  addable chat;
  thing &t = chat.command("EXAMPLE");
  confab_addition_info info{};
  CHECK(confab_addition_get(chat.engine, t.id, &info) == CONFAB_ERR_STRUCT);
  info.struct_size = sizeof info;
  CHECK(confab_addition_get(nullptr, t.id, &info) == CONFAB_ERR_ARG);
  CHECK(confab_addition_get(chat.engine, t.id, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_addition_get(chat.engine, chat.ann, &info) == CONFAB_ERR_ARG);
  CHECK(confab_addition_get(chat.engine, t.id, &info) == CONFAB_OK);
  CHECK(string_of(info.name) == "EXAMPLE");
  CHECK(info.kind == CONFAB_ADDITION_COMMAND);
  confab_id id = 0;
  CHECK(confab_addition_next(chat.engine, 0, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_addition_next(chat.engine, chat.ann, &id) == CONFAB_ERR_ARG);
  CHECK(confab_addition_remove(chat.engine, chat.ann) == CONFAB_ERR_ARG);
  CHECK(confab_addition_remove(chat.engine, 0) == CONFAB_ERR_ARG);
  CHECK(confab_addition_find(chat.engine, 0, CONFAB_STR("EXAMPLE"), &id) == CONFAB_ERR_ARG);
  CHECK(confab_addition_find(chat.engine, CONFAB_ADDITION_TIMER + 1, CONFAB_STR("EXAMPLE"), &id) ==
        CONFAB_ERR_ARG);
  CHECK(confab_addition_find(chat.engine, CONFAB_ADDITION_COMMAND, {nullptr, 3}, &id) ==
        CONFAB_ERR_ARG);
  CHECK(confab_addition_find(chat.engine, CONFAB_ADDITION_COMMAND, CONFAB_STR("OTHER"), &id) ==
        CONFAB_ERR_NOT_FOUND);
  CHECK(id == 0);
  CHECK(confab_addition_find(chat.engine, CONFAB_ADDITION_COMMAND, CONFAB_STR("example"), &id) ==
        CONFAB_OK);
  CHECK(id == t.id);
  CHECK(chat.remove(t) == CONFAB_OK);
  CHECK(confab_addition_next(chat.engine, t.id, &id) == CONFAB_ERR_STALE_ID);
}

TEST_CASE("additions are bounded by the options") {
  engine_fixture::setup with;
  with.tweak = [](confab_engine_options &o) {
    o.additions_max = 3;
    o.timers_max = 2;
    o.slots_max = 1;
  };
  addable chat(with);
  chat.slot(CONFAB_KIND_USER);
  CHECK(chat.last == CONFAB_OK);
  chat.slot(CONFAB_KIND_USER);
  CHECK(chat.last == CONFAB_ERR_LIMIT);
  chat.command("ONE");
  thing &two = chat.command("TWO");
  CHECK(chat.last == CONFAB_OK);
  chat.command("THREE");
  CHECK(chat.last == CONFAB_ERR_LIMIT);
  chat.timer(10, 0);
  chat.timer(10, 10);
  CHECK(chat.last == CONFAB_OK);
  chat.timer(10, 0);
  CHECK(chat.last == CONFAB_ERR_LIMIT);
  CHECK(chat.remove(two) == CONFAB_OK);
  chat.command("THREE");
  CHECK(chat.last == CONFAB_OK);
  CHECK(chat.wait_ms(40) == CONFAB_OK);
  chat.timer(10, 0); // the one that ran once is gone
  CHECK(chat.last == CONFAB_OK);
}

TEST_CASE("verbs, tokens, capabilities and numerics have names that clients can take") {
  addable chat;
  for (const char *verb :
       {"", "1A", "A-B", "PRIVMSGPRIVMSGPR1", "JOIN", "join", "EXTMSG", "\xc3\xa4"}) {
    INFO(verb);
    chat.command(verb);
    const bool taken = std::string_view(verb).size() >= 4 && std::string_view(verb).size() < 7;
    CHECK(chat.last == (taken ? CONFAB_ERR_EXISTS : CONFAB_ERR_NAME));
  }
  chat.command("ABCDEFGHIJKLMNOP");
  CHECK(chat.last == CONFAB_OK);
  const auto token = [&](std::string_view text) {
    confab_isupport_spec spec = confab_isupport_spec_init();
    spec.token = str_of(text);
    return confab_isupport_add(chat.engine, &spec, nullptr);
  };
  for (const char *bad : {"", "a", "A B", "=1", "A=b c", "A-B", "ABCDEFGHIJKLMNOPQRSTU"})
    CHECK(token(bad) == CONFAB_ERR_NAME);
  CHECK(token("A=" + std::string(127, 'x')) == CONFAB_ERR_NAME);
  CHECK(token("A=" + std::string(126, 'x')) == CONFAB_OK);
  CHECK(token("A=2") == CONFAB_ERR_EXISTS);
  CHECK(token("NICKLEN=1") == CONFAB_ERR_EXISTS);
  CHECK(token("SAFELIST") == CONFAB_ERR_EXISTS);
  const auto numeric = [&](std::uint32_t number, std::string_view name, std::string_view text) {
    confab_numeric_spec spec = confab_numeric_spec_init();
    spec.number = number;
    spec.name = str_of(name);
    spec.text = str_of(text);
    return confab_numeric_add(chat.engine, &spec, nullptr);
  };
  CHECK(numeric(0, "RPL_A", "") == CONFAB_ERR_ARG);
  CHECK(numeric(1000, "RPL_A", "") == CONFAB_ERR_ARG);
  CHECK(numeric(998, "RPL_A", "a\nb") == CONFAB_ERR_ARG);
  CHECK(numeric(998, "rpl_a", "") == CONFAB_ERR_NAME);
  CHECK(numeric(998, std::string(33, 'A'), "") == CONFAB_ERR_NAME);
  CHECK(numeric(1, "RPL_A", "") == CONFAB_ERR_EXISTS);
  CHECK(numeric(706, "RPL_A", "") == CONFAB_ERR_EXISTS);
  CHECK(numeric(998, std::string(32, 'A'), "") == CONFAB_OK);
  CHECK(numeric(998, "RPL_B", "") == CONFAB_ERR_EXISTS);
  const auto capability = [&](std::string_view name, std::string_view value) {
    confab_capability_spec spec = confab_capability_spec_init();
    spec.name = str_of(name);
    spec.value = str_of(value);
    return confab_capability_add(chat.engine, &spec, nullptr);
  };
  for (const char *bad : {"", "-a", "a b", "a=b", "~a"})
    CHECK(capability(bad, "") == CONFAB_ERR_NAME);
  CHECK(capability(std::string(65, 'a'), "") == CONFAB_ERR_NAME);
  CHECK(capability("a", "x y") == CONFAB_ERR_ARG);
  CHECK(capability("a", std::string(129, 'x')) == CONFAB_ERR_ARG);
  CHECK(capability("server-time", "") == CONFAB_ERR_EXISTS);
  CHECK(capability(std::string(64, 'a'), std::string(128, 'x')) == CONFAB_OK);
}

TEST_CASE("sixteen capabilities, and 256 bytes of their names, fit one line") {
  addable chat;
  const auto add = [&](const std::string &name) {
    confab_capability_spec spec = confab_capability_spec_init();
    spec.name = str_of(name);
    return confab_capability_add(chat.engine, &spec, nullptr);
  };
  for (int i = 0; i < 16; ++i)
    CHECK(add("c" + std::string(static_cast<std::size_t>(14), 'x') + static_cast<char>('a' + i)) ==
          CONFAB_OK);
  CHECK(add("d") == CONFAB_ERR_LIMIT);
  const confab_id conn = chat.open();
  chat.say(conn, "CAP LS");
  const std::string told = chat.read(conn);
  CHECK(std::count(told.begin(), told.end(), '\n') == 1);
  CHECK(has(told, " cxxxxxxxxxxxxxxp"));
  chat.say(conn, "CAP REQ :cxxxxxxxxxxxxxxp");
  confab_id id = 0;
  CHECK(confab_addition_find(chat.engine, CONFAB_ADDITION_CAPABILITY,
                             CONFAB_STR("cxxxxxxxxxxxxxxp"), &id) == CONFAB_OK);
  CHECK(confab_conn_has_capability(chat.engine, conn, id) == CONFAB_OK);
  CHECK(confab_conn_has_capability(chat.engine, chat.ann, id) == CONFAB_END);
  CHECK(confab_conn_has_capability(chat.engine, chat.ann_user(), id) == CONFAB_ERR_ARG);
  CHECK(confab_conn_has_capability(chat.engine, conn, chat.ann) == CONFAB_ERR_ARG);
  CHECK(confab_addition_remove(chat.engine, id) == CONFAB_OK);
  CHECK(confab_conn_has_capability(chat.engine, conn, id) == CONFAB_ERR_STALE_ID);
  CHECK(add("d") == CONFAB_OK); // in its place, and nobody has it
  chat.read_all();
  chat.say(conn, "CAP LIST");
  CHECK(chat.read(conn) == ":confab.local CAP * LIST :\r\n");
}

TEST_CASE(
    "values of capabilities go out in as many lines as they need, to those who can read them") {
  addable chat;
  for (int i = 0; i < 8; ++i) {
    confab_capability_spec spec = confab_capability_spec_init();
    const std::string name = "cap" + std::to_string(i), value(128, 'v');
    spec.name = str_of(name);
    spec.value = str_of(value);
    CHECK(confab_capability_add(chat.engine, &spec, nullptr) == CONFAB_OK);
  }
  const confab_id conn = chat.open();
  chat.say(conn, "CAP LS 302");
  const std::string told = chat.read(conn);
  CHECK(told.starts_with(":confab.local CAP * LS * :"));
  CHECK(has(told, "\r\n:confab.local CAP * LS :"));
  for (int i = 0; i < 8; ++i)
    CHECK(has(told, "cap" + std::to_string(i) + "=vvv"));
  for (std::size_t at = 0, end; at < told.size(); at = end + 2) {
    end = told.find("\r\n", at);
    CHECK(end - at + 2 <= 512);
  }
}

TEST_CASE("a command that removes itself, and others, while it runs") {
  addable chat;
  thing &other = chat.command("OTHER");
  thing &self = chat.command("SELF");
  self.does = [&](confab_engine *engine, const confab_event_command *event) {
    CHECK(confab_addition_remove(engine, self.id) == CONFAB_OK);
    CHECK(confab_addition_remove(engine, other.id) == CONFAB_OK);
    CHECK(confab_addition_remove(engine, self.id) == CONFAB_ERR_STALE_ID);
    CHECK(self.released == 0);
    CHECK(string_of(confab_command_param(event, 0)) == "word");
    return CONFAB_OK;
  };
  chat.say(chat.ann, "SELF word");
  CHECK(self.runs == 1);
  CHECK(self.released == 1);
  CHECK(other.released == 1);
  chat.say(chat.ann, "SELF word\r\nOTHER");
  CHECK(self.runs == 1);
  CHECK(has(chat.read(chat.ann), ":confab.local 421 ann SELF :"));
  // The verb is free again.
  thing &again = chat.command("SELF");
  CHECK(chat.last == CONFAB_OK);
  chat.say(chat.ann, "SELF word");
  CHECK(again.runs == 1);
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
  CHECK(self.released == 1);
  CHECK(again.released == 1);
}

TEST_CASE("a filter that removes the command it judges") {
  addable chat;
  thing &t = chat.command("EXAMPLE");
  chat.watch(CONFAB_EVENT_COMMAND);
  chat.on(CONFAB_EVENT_COMMAND, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    CHECK(confab_addition_remove(confab_call_engine(c), t.id) == CONFAB_OK);
    CHECK(t.released == 0);
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "EXAMPLE");
  CHECK(t.runs == 0);
  CHECK(t.released == 1);
  REQUIRE(chat.log.size() == 1);
  CHECK(chat.log[0].outcome == CONFAB_OUTCOME_REFUSED);
  CHECK(chat.log[0].code == CONFAB_REFUSED_NOT_THERE);
  CHECK(chat.read(chat.ann) == ":confab.local 421 ann EXAMPLE :Unknown command\r\n");
  CHECK(chat.broken() == "");
}

TEST_CASE("a command that waited for a filter, and was removed meanwhile") {
  addable chat;
  thing &t = chat.command("EXAMPLE");
  confab_id token = 0;
  chat.on(CONFAB_EVENT_COMMAND, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    CHECK(confab_call_defer(c, 1000, &token) == CONFAB_OK);
    return CONFAB_DEFER;
  });
  chat.say(chat.ann, "EXAMPLE one two\r\nEXAMPLE three");
  CHECK(t.runs == 0);
  CHECK(confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
  CHECK(t.runs == 1);
  CHECK(chat.remove(t) == CONFAB_OK);
  CHECK(confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
  CHECK(t.runs == 1);
  CHECK(t.released == 1);
  CHECK(chat.read(chat.ann) == ":confab.local 421 ann EXAMPLE :Unknown command\r\n");
}

TEST_CASE("a failing command is counted and logged, and its client is told") {
  addable chat;
  thing &t = chat.command("EXAMPLE");
  t.does = [](confab_engine *, const confab_event_command *) { return CONFAB_ERR_STALE_ID; };
  chat.watch(CONFAB_EVENT_COMMAND);
  chat.say(chat.ann, "EXAMPLE");
  CHECK(chat.info(t.id).calls_total == 1);
  CHECK(chat.info(t.id).failed_total == 1);
  REQUIRE(chat.log.size() == 1);
  CHECK(chat.log[0].outcome == CONFAB_OUTCOME_REFUSED);
  CHECK(chat.log[0].code == CONFAB_REFUSED_FAILED);
  CHECK(chat.read(chat.ann) ==
        ":confab.local 400 ann EXAMPLE :The command could not be carried out\r\n");
  CHECK(std::count(chat.host.logged.begin(), chat.host.logged.end(), "addition.failed") == 1);
}

TEST_CASE("what a command submits happens after it, in order with its replies") {
  addable chat;
  thing &t = chat.command("EXAMPLE");
  t.does = [&](confab_engine *engine, const confab_event_command *event) {
    CHECK(confab_channel_topic_set(engine, 0, chat.channel("#x"), CONFAB_STR("new")) ==
          CONFAB_QUEUED);
    CHECK(confab_reply_notice(engine, event->head.origin, CONFAB_STR("done")) == CONFAB_OK);
    CHECK(confab_engine_flush(engine) == CONFAB_ERR_REENTRANT);
    return CONFAB_OK;
  };
  chat.say(chat.ann, "EXAMPLE");
  CHECK(chat.read(chat.ann) == ":confab.local TOPIC #x :new\r\n:confab.local NOTICE ann :done\r\n");
}

TEST_CASE("replies: to whom, and what they may hold") {
  addable chat;
  confab_numeric_spec spec = confab_numeric_spec_init();
  spec.number = 950;
  spec.name = CONFAB_STR("RPL_EXAMPLE");
  spec.text = CONFAB_STR("the usual");
  confab_id numeric = 0;
  CHECK(confab_numeric_add(chat.engine, &spec, &numeric) == CONFAB_OK);
  const confab_str params[] = {CONFAB_STR("one"), CONFAB_STR(""), CONFAB_STR("t:hree")};
  CHECK(confab_reply_numeric(chat.engine, chat.ann, numeric, params, 3, {}) == CONFAB_OK);
  CHECK(confab_reply_numeric(chat.engine, chat.ann, numeric, nullptr, 0, CONFAB_STR("mine")) ==
        CONFAB_OK);
  CHECK(confab_reply_notice(chat.engine, chat.ann, {}) == CONFAB_OK);
  CHECK(chat.read(chat.ann) == ":confab.local 950 ann one * t:hree :the usual\r\n"
                               ":confab.local 950 ann :mine\r\n"
                               ":confab.local NOTICE ann :\r\n");
  const confab_str space[] = {CONFAB_STR("a b")}, colon[] = {CONFAB_STR(":a")},
                   line[] = {CONFAB_STR("a\nb")}, none[] = {{nullptr, 1}};
  for (const confab_str *bad : {space, colon, line, none})
    CHECK(confab_reply_numeric(chat.engine, chat.ann, numeric, bad, 1, {}) == CONFAB_ERR_ARG);
  CHECK(confab_reply_numeric(chat.engine, chat.ann, numeric, nullptr, 1, {}) == CONFAB_ERR_ARG);
  const std::vector<confab_str> many(14, CONFAB_STR("x"));
  CHECK(confab_reply_numeric(chat.engine, chat.ann, numeric, many.data(), 14, {}) ==
        CONFAB_ERR_ARG);
  CHECK(confab_reply_numeric(chat.engine, chat.ann, numeric, many.data(), 13, {}) == CONFAB_OK);
  CHECK(confab_reply_notice(chat.engine, chat.ann, CONFAB_STR("a\r\nb")) == CONFAB_ERR_ARG);
  CHECK(confab_reply_notice(chat.engine, chat.ann, {nullptr, 1}) == CONFAB_ERR_ARG);
  CHECK(confab_reply_notice(chat.engine, chat.ann_user(), CONFAB_STR("x")) == CONFAB_ERR_ARG);
  CHECK(confab_reply_notice(nullptr, chat.ann, CONFAB_STR("x")) == CONFAB_ERR_ARG);
  const std::string longer(600, 'x');
  CHECK(confab_reply_notice(chat.engine, chat.ann, str_of(longer)) == CONFAB_OK);
  chat.read_all();
  chat.end(chat.ann);
  CHECK(confab_reply_notice(chat.engine, chat.ann, CONFAB_STR("x")) == CONFAB_ERR_STALE_ID);
  CHECK(confab_addition_remove(chat.engine, numeric) == CONFAB_OK);
  CHECK(confab_reply_numeric(chat.engine, chat.bob, numeric, nullptr, 0, {}) ==
        CONFAB_ERR_STALE_ID);
  CHECK(chat.broken() == "");
}

TEST_CASE("replies inside a LINE_OUT handler come after what it looks at") {
  addable chat;
  unsigned told = 0;
  chat.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *e) {
    const auto &line = *reinterpret_cast<const confab_event_line *>(e);
    if (has(string_of(line.text), "hello") && told++ == 0)
      CHECK(confab_reply_notice(confab_call_engine(c), line.conn, CONFAB_STR("seen")) == CONFAB_OK);
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(told > 0);
  CHECK(chat.broken() == "");
  const std::string ann = chat.read(chat.ann), bob = chat.read(chat.bob);
  CHECK(has(ann + bob, "NOTICE"));
}

TEST_CASE("replies are bounded where they must wait") {
  engine_fixture::setup with;
  with.tweak = [](confab_engine_options &o) { o.queued_max = 2; };
  addable chat(with);
  thing &t = chat.command("EXAMPLE");
  t.does = [&](confab_engine *engine, const confab_event_command *event) {
    CHECK(confab_reply_notice(engine, event->head.origin, CONFAB_STR("1")) == CONFAB_OK);
    CHECK(confab_reply_notice(engine, event->head.origin, CONFAB_STR("2")) == CONFAB_OK);
    CHECK(confab_reply_notice(engine, event->head.origin, CONFAB_STR("3")) == CONFAB_ERR_LIMIT);
    return CONFAB_OK;
  };
  chat.say(chat.ann, "EXAMPLE");
  CHECK(chat.read(chat.ann) == ":confab.local NOTICE ann :1\r\n:confab.local NOTICE ann :2\r\n");
}

TEST_CASE("an engine that is destroyed with everything in place gives everything back") {
  addable chat;
  thing &slot = chat.slot(CONFAB_KIND_USER), &of_engine = chat.slot(CONFAB_KIND_NONE);
  CHECK(confab_slot_set(chat.engine, slot.id, chat.ann_user(), data_of(1)) == CONFAB_OK);
  CHECK(confab_slot_set(chat.engine, of_engine.id, 0, data_of(2)) == CONFAB_OK);
  thing &mode = chat.mode(CONFAB_KIND_CHANNEL, "slow", 'S',
                          [](confab_mode_spec &s) { s.value = CONFAB_MODE_WHEN_SET; });
  thing &property = chat.property(CONFAB_KIND_USER, "note");
  confab_event_property set{};
  CONFAB_COMMAND_INIT(&set, CONFAB_EVENT_PROPERTY);
  set.subject = chat.ann_user();
  set.property = property.id;
  set.set = 1;
  set.text = CONFAB_STR("words");
  CHECK(confab_command_submit(chat.engine, &set.head, nullptr) == CONFAB_OK);
  chat.say(chat.ann, "MODE #x +S 10");
  thing &timer = chat.timer(10, 10), &command = chat.command("EXAMPLE");
  thing &space = chat.space("org.example", 3);
  // A callback at the end finds that nothing can be added any more.
  slot.drops = [&](void *, confab_id) {
    confab_command_spec spec = confab_command_spec_init();
    spec.verb = CONFAB_STR("LATE");
    spec.run = thing::run;
    CHECK(confab_command_add(chat.engine, &spec, nullptr) == CONFAB_ERR_STATE);
    CHECK(confab_slot_set(chat.engine, of_engine.id, 0, data_of(3)) == CONFAB_ERR_STALE_ID);
    return CONFAB_OK;
  };
  CHECK(chat.destroy() == "");
  CHECK(slot.dropped == std::vector<std::uintptr_t>{1});
  CHECK(of_engine.dropped == std::vector<std::uintptr_t>{2});
  for (const thing *t : {&slot, &of_engine, &mode, &property, &timer, &command, &space})
    CHECK(t->released == 1);
}

TEST_CASE("a release that fails to be quiet: it may submit, and drives nothing") {
  addable chat;
  struct noisy {
    addable *chat;
    unsigned calls;
  } n{&chat, 0};
  confab_command_spec spec = confab_command_spec_init();
  spec.verb = CONFAB_STR("NOISY");
  spec.run = thing::run;
  spec.ctx = &n;
  spec.release = [](void *ctx) -> confab_status {
    auto &self = *static_cast<noisy *>(ctx);
    ++self.calls;
    CHECK(confab_engine_tick(self.chat->engine, self.chat->now) == CONFAB_ERR_REENTRANT);
    return confab_channel_topic_set(self.chat->engine, 0, self.chat->channel("#x"),
                                    CONFAB_STR("gone"));
  };
  confab_id id = 0;
  CHECK(confab_command_add(chat.engine, &spec, &id) == CONFAB_OK);
  CHECK(confab_addition_remove(chat.engine, id) == CONFAB_OK);
  CHECK(n.calls == 1);
  CHECK(chat.read(chat.bob) == ":confab.local TOPIC #x :gone\r\n");
}
