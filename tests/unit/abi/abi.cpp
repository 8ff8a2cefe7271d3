// SPDX-License-Identifier: MIT
//
// Misuse of the C API, function by function: each documented error is answered and changes nothing.
// What the functions do when used rightly is tested where it belongs; here only the door is.
#include "abi/handle.hpp"

#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <stdexcept>

using namespace confab;
using namespace confab::test;

namespace {

struct furnished : engine_fixture {
  furnished() {
    conn = enter("ann");
    say(conn, "JOIN #a");
    read_all();
    ann = user("ann");
    room = channel("#a");
    ignore(confab_member_find(engine, room, ann, &place));
    const confab_id gone = enter("gone");
    dead_conn = gone;
    dead_user = user("gone");
    say(gone, "JOIN #gone");
    dead_room = channel("#gone");
    ignore(confab_member_find(engine, dead_room, dead_user, &dead_place));
    end(gone);
    read_all();
  }
  confab_error_info error() const {
    confab_error_info info{};
    info.struct_size = sizeof info;
    ignore(confab_engine_last_error(engine, &info));
    return info;
  }
  confab_id conn = 0, ann = 0, room = 0, place = 0;
  confab_id dead_conn = 0, dead_user = 0, dead_room = 0, dead_place = 0;
};

struct sized_hook {
  confab_hook hook = confab_hook_init();
  std::uint64_t beyond = 0;
};

confab_verdict CONFAB_CALL pass(void *, confab_call *, const confab_event *) { return CONFAB_PASS; }

} // namespace

TEST_CASE("a null engine is an argument error everywhere, and destroying it is harmless") {
  confab_id id = 0;
  std::size_t n = 0;
  const confab_event *event = nullptr;
  confab_event_join join;
  CONFAB_COMMAND_INIT(&join, CONFAB_EVENT_JOIN);
  confab_engine_stats stats{};
  confab_error_info error{};
  const confab_status answers[] = {confab_engine_create(nullptr, nullptr, nullptr),
                                   confab_engine_configure(nullptr, nullptr),
                                   confab_engine_tick(nullptr, 0),
                                   confab_engine_flush(nullptr),
                                   confab_engine_clock_set(nullptr, 0, 0),
                                   confab_request_resolve(nullptr, 0, 0, {}),
                                   confab_engine_stats_get(nullptr, &stats),
                                   confab_engine_last_error(nullptr, &error),
                                   confab_conn_open(nullptr, nullptr, 0, &id),
                                   confab_conn_feed(nullptr, 0, 0, "x", 1, &n),
                                   confab_conn_input_wanted(nullptr, 0),
                                   confab_conn_output(nullptr, 0, nullptr, 0, &n),
                                   confab_conn_sent(nullptr, 0, 0),
                                   confab_conn_writable(nullptr, 0),
                                   confab_conn_close(nullptr, 0, 0, {}),
                                   confab_conn_closed(nullptr, 0, 0, {}),
                                   confab_conn_attach(nullptr, 0, 0, 0),
                                   confab_datagram_feed(nullptr, 0, {}, "x", 1),
                                   confab_user_find(nullptr, {}, &id),
                                   confab_channel_next(nullptr, 0, &id),
                                   confab_visible(nullptr, 0, 0),
                                   confab_command_submit(nullptr, &join.head, nullptr),
                                   confab_user_create(nullptr, nullptr, &id),
                                   confab_hook_add(nullptr, nullptr, &id),
                                   confab_hook_remove(nullptr, 0),
                                   confab_event_next(nullptr, &event, nullptr, nullptr),
                                   confab_call_deny(nullptr, 1, {}, 0),
                                   confab_call_override(nullptr, {}),
                                   confab_call_set(nullptr, 1, {}),
                                   confab_call_original(nullptr, 1, nullptr, nullptr),
                                   confab_call_outcome(nullptr, nullptr)};
  for (std::size_t i = 0; i < std::size(answers); ++i) {
    INFO("answer " << i);
    CHECK(answers[i] == CONFAB_ERR_ARG);
  }
  CHECK(confab_engine_destroy(nullptr) == CONFAB_OK);
  CHECK(confab_call_engine(nullptr) == nullptr);
  CHECK(confab_call_event(nullptr) == nullptr);
}

TEST_CASE("ids that are wrong or dead are told apart, and nothing changes") {
  furnished chat;
  const std::string before = chat.dump();
  confab_engine *e = chat.engine;
  const confab_time now = chat.now;
  confab_slice slice;
  std::size_t n = 0;
  confab_id out = 0;
  confab_conn_info conn{};
  conn.struct_size = sizeof conn;
  confab_user_info user{};
  user.struct_size = sizeof user;
  confab_channel_info room{};
  room.struct_size = sizeof room;
  confab_member_info place{};
  place.struct_size = sizeof place;
  confab_list_entry entry{};
  entry.struct_size = sizeof entry;
  confab_hook_stats hook{};
  hook.struct_size = sizeof hook;
  const auto check = [&](confab_status got, bool dead, int line) {
    INFO("line " << line);
    CHECK(got == (dead ? CONFAB_ERR_STALE_ID : CONFAB_ERR_ARG));
  };
  for (const bool dead : {true, false}) {
    const confab_id c = dead ? chat.dead_conn : chat.ann, u = dead ? chat.dead_user : chat.conn,
                    r = dead ? chat.dead_room : chat.place, p = dead ? chat.dead_place : chat.room;
    check(confab_conn_feed(e, c, now, "x\n", 2, &n), dead, __LINE__);
    check(confab_conn_input_wanted(e, c), dead, __LINE__);
    check(confab_conn_output(e, c, &slice, 1, &n), dead, __LINE__);
    check(confab_conn_sent(e, c, 0), dead, __LINE__);
    check(confab_conn_writable(e, c), dead, __LINE__);
    check(confab_conn_close(e, c, now, {}), dead, __LINE__);
    check(confab_conn_closed(e, c, now, {}), dead, __LINE__);
    check(confab_conn_attach(e, c, now, chat.ann), dead, __LINE__);
    check(confab_conn_attach(e, chat.conn, now, u), dead, __LINE__);
    check(confab_conn_get(e, c, &conn), dead, __LINE__);
    check(confab_user_get(e, u, &user), dead, __LINE__);
    check(confab_channel_get(e, r, &room), dead, __LINE__);
    check(confab_member_get(e, p, &place), dead, __LINE__);
    check(confab_list_get(e, r, 0, 0, &entry), dead, __LINE__);
    check(confab_access_get(e, CONFAB_ACCESS_CHANNEL, r, 0, 0, &entry), dead, __LINE__);
    check(confab_access_get(e, CONFAB_ACCESS_USER, u, 0, 0, &entry), dead, __LINE__);
    check(confab_member_find(e, r, chat.ann, &out), dead, __LINE__);
    check(confab_member_find(e, chat.room, u, &out), dead, __LINE__);
    check(confab_conn_next(e, c, &out), dead, __LINE__);
    check(confab_user_next(e, u, &out), dead, __LINE__);
    check(confab_channel_next(e, r, &out), dead, __LINE__);
    check(confab_user_conn_next(e, u, 0, &out), dead, __LINE__);
    check(confab_user_member_next(e, u, 0, &out), dead, __LINE__);
    check(confab_channel_member_next(e, r, 0, &out), dead, __LINE__);
    check(confab_visible(e, u, chat.room), dead, __LINE__);
    check(confab_visible(e, chat.ann, dead ? chat.dead_room : chat.conn), dead, __LINE__);
  }
  CHECK(confab_hook_remove(e, chat.ann) == CONFAB_ERR_ARG);
  CHECK(confab_hook_stats_get(e, chat.ann, &hook) == CONFAB_ERR_ARG);
  CHECK(confab_request_resolve(e, 0, CONFAB_OK, {}) == CONFAB_ERR_STALE_ID);
  CHECK(confab_request_resolve(e, 0, CONFAB_PARKED, {}) == CONFAB_ERR_ARG);
  CHECK(confab_list_get(e, chat.room, CONFAB_LIST_COUNT, 0, &entry) == CONFAB_ERR_ARG);
  CHECK(confab_access_get(e, CONFAB_ACCESS_SERVER, chat.ann, 0, 0, &entry) == CONFAB_ERR_ARG);
  CHECK(confab_access_get(e, CONFAB_ACCESS_NETWORK, chat.room, 0, 0, &entry) == CONFAB_ERR_ARG);
  CHECK(confab_access_get(e, CONFAB_ACCESS_NETWORK + 1, 0, 0, 0, &entry) == CONFAB_ERR_ARG);
  CHECK(confab_access_get(e, CONFAB_ACCESS_SERVER, 0, CONFAB_LIST_COUNT, 0, &entry) ==
        CONFAB_ERR_ARG);
  CHECK(confab_conn_sent(e, chat.conn, 1) == CONFAB_ERR_ARG);
  CHECK(confab_conn_writable(e, chat.conn) == CONFAB_ERR_STATE);
  CHECK(confab_conn_attach(e, chat.conn, now, chat.ann) == CONFAB_ERR_STATE);
  CHECK(chat.dump() == before);
  CHECK(chat.broken() == "");
}

TEST_CASE("time that goes back is refused, and the last error says so") {
  furnished chat;
  const std::string before = chat.dump();
  confab_engine *e = chat.engine;
  const confab_time past = chat.now - 1;
  confab_id out = 7;
  std::size_t consumed = 7;
  CHECK(confab_engine_tick(e, past) == CONFAB_ERR_ARG);
  CHECK(chat.error().status == CONFAB_ERR_ARG);
  CHECK(chat.error().text.len > 0);
  CHECK(confab_conn_open(e, nullptr, past, &out) == CONFAB_ERR_ARG);
  CHECK(out == 0);
  CHECK(confab_conn_feed(e, chat.conn, past, "QUIT\n", 5, &consumed) == CONFAB_ERR_ARG);
  CHECK(consumed == 0);
  CHECK(chat.error().conn == chat.conn);
  CHECK(confab_conn_close(e, chat.conn, past, {}) == CONFAB_ERR_ARG);
  CHECK(confab_conn_closed(e, chat.conn, past, {}) == CONFAB_ERR_ARG);
  CHECK(confab_engine_clock_set(e, past, 0) == CONFAB_ERR_ARG);
  const confab_id fresh = chat.open();
  CHECK(confab_conn_attach(e, fresh, past, chat.ann) == CONFAB_ERR_ARG);
  ignore(chat.end(fresh));
  chat.read_all();
  CHECK(chat.dump() == before);
}

TEST_CASE("structs that are too small, or ask for what we do not know, are refused") {
  furnished chat;
  confab_engine *e = chat.engine;
  confab_id out = 0;
  sized_hook larger;
  larger.hook.call = pass;
  larger.hook.type = CONFAB_EVENT_TOPIC;
  larger.hook.struct_size = sizeof larger;
  CHECK(confab_hook_add(e, &larger.hook, &out) == CONFAB_OK); // zeroes mean nothing new
  CHECK(confab_hook_remove(e, out) == CONFAB_OK);
  larger.beyond = 1;
  CHECK(confab_hook_add(e, &larger.hook, &out) == CONFAB_ERR_STRUCT);
  for (const std::uint32_t size : {0U, 4U, 40U, UINT32_MAX}) {
    larger.hook.struct_size = size;
    CHECK(confab_hook_add(e, &larger.hook, &out) == CONFAB_ERR_STRUCT);
    confab_conn_options conn = confab_conn_options_init();
    conn.struct_size = size;
    CHECK(confab_conn_open(e, &conn, chat.now, &out) == CONFAB_ERR_STRUCT);
    confab_user_options user = confab_user_options_init();
    user.struct_size = size;
    CHECK(confab_user_create(e, &user, &out) == CONFAB_ERR_STRUCT);
    confab_engine_options options = confab_engine_options_init();
    options.struct_size = size;
    confab_engine *made = nullptr;
    CHECK(confab_engine_configure(e, &options) == CONFAB_ERR_STRUCT);
    CHECK(confab_engine_create(&options, nullptr, &made) == CONFAB_ERR_STRUCT);
    confab_host host = confab_host_init();
    host.struct_size = size;
    CHECK(confab_engine_create(nullptr, &host, &made) == CONFAB_ERR_STRUCT);
    CHECK(made == nullptr);
    confab_event_join join;
    CONFAB_COMMAND_INIT(&join, CONFAB_EVENT_JOIN);
    join.head.struct_size = size;
    CHECK(confab_command_submit(e, &join.head, nullptr) == CONFAB_ERR_STRUCT);
  }
  confab_engine_stats stats{};
  CHECK(confab_engine_stats_get(e, &stats) == CONFAB_ERR_STRUCT);
  stats.struct_size = offsetof(confab_engine_stats, users); // an older caller's
  stats.users = 77;
  CHECK(confab_engine_stats_get(e, &stats) == CONFAB_OK);
  CHECK(stats.conns == 1);
  CHECK(stats.users == 77);
}

TEST_CASE("a command that makes no sense says which, and changes nothing") {
  furnished chat;
  confab_engine *e = chat.engine;
  const std::string before = chat.dump();
  const auto submit = [&](const confab_event &head) {
    std::uint64_t seq = 7;
    return confab_command_submit(e, &head, &seq);
  };
  confab_event_topic topic;
  CONFAB_COMMAND_INIT(&topic, CONFAB_EVENT_TOPIC);
  topic.channel = chat.room;
  topic.text = CONFAB_STR("a\r\nb");
  CHECK(submit(topic.head) == CONFAB_ERR_ARG);
  topic.text = {nullptr, 5};
  CHECK(submit(topic.head) == CONFAB_ERR_ARG);
  const std::string endless(5000, 'x');
  topic.text = str_of(endless);
  CHECK(submit(topic.head) == CONFAB_ERR_TOO_LONG);
  topic.text = CONFAB_STR("t");
  topic.head.actor = chat.dead_user;
  CHECK(submit(topic.head) == CONFAB_ERR_STALE_ID);
  topic.head.actor = chat.room;
  CHECK(submit(topic.head) == CONFAB_ERR_ARG);
  topic.head.actor = 0;
  topic.channel = chat.dead_room;
  CHECK(submit(topic.head) == CONFAB_ERR_STALE_ID);
  topic.head.space = 1;
  CHECK(submit(topic.head) == CONFAB_ERR_ARG);
  confab_event_query query;
  CONFAB_COMMAND_INIT(&query, CONFAB_EVENT_QUERY);
  CHECK(submit(query.head) == CONFAB_ERR_UNSUPPORTED);
  query.head.type = CONFAB_EVENT_TYPE_END;
  CHECK(submit(query.head) == CONFAB_ERR_ARG);
  CHECK(confab_command_submit(e, nullptr, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_user_nick_set(e, chat.ann, CONFAB_STR("a!b")) == CONFAB_ERR_NAME);
  CHECK(confab_channel_join(e, chat.ann, CONFAB_STR("nohash"), {}) == CONFAB_ERR_NAME);
  CHECK(confab_channel_kick(e, 0, chat.room, chat.room, {}) < 0);
  confab_event_user_change change;
  CONFAB_COMMAND_INIT(&change, CONFAB_EVENT_USER_CHANGE);
  change.user = chat.ann;
  change.what = CONFAB_USER_HOSTNAME;
  for (const char *host : {"", "a b", "a!b", "a@b"}) {
    change.text = confab_str_of(host);
    CHECK(submit(change.head) == CONFAB_ERR_DENIED);
  }
  change.what = CONFAB_USER_MODE;
  for (const std::uint32_t mode : {0U, 3U, 1U << 20}) {
    change.mode = mode;
    change.set = 1;
    CHECK(submit(change.head) == CONFAB_ERR_DENIED);
  }
  confab_event_access access;
  CONFAB_COMMAND_INIT(&access, CONFAB_EVENT_ACCESS);
  access.channel = chat.room;
  access.set = 1;
  access.mask = CONFAB_STR("two words");
  CHECK(submit(access.head) == CONFAB_ERR_NAME);
  confab_user_options user = confab_user_options_init();
  confab_id out = 7;
  user.nick = CONFAB_STR("ann");
  CHECK(confab_user_create(e, &user, &out) == CONFAB_ERR_EXISTS);
  CHECK(out == 0);
  user.nick = {nullptr, 3};
  CHECK(confab_user_create(e, &user, &out) == CONFAB_ERR_ARG);
  user.nick = CONFAB_STR("bot");
  user.hostname = CONFAB_STR("a b");
  CHECK(confab_user_create(e, &user, &out) == CONFAB_ERR_NAME);
  CHECK(chat.dump() == before);
  CHECK(chat.broken() == "");
}

TEST_CASE("a connection's address must be one word, and bytes must be there") {
  furnished chat;
  confab_engine *e = chat.engine;
  confab_id out = 7;
  for (const char *bad : {"", "a b", "a\nb", "a!b", "*"}) {
    confab_conn_options options = confab_conn_options_init();
    options.address = confab_str_of(bad);
    CHECK(confab_conn_open(e, &options, chat.now, &out) == CONFAB_ERR_ARG);
    CHECK(out == 0);
  }
  confab_conn_options odd = confab_conn_options_init();
  CHECK(odd.trust == CONFAB_TRUST_PEER);
  odd.flags = CONFAB_CONN_MESSAGES << 1;
  CHECK(confab_conn_open(e, &odd, chat.now, &out) == CONFAB_ERR_ARG);
  odd.flags = 0;
  odd.trust = CONFAB_TRUST_CLAIMED + 1;
  CHECK(confab_conn_open(e, &odd, chat.now, &out) == CONFAB_ERR_ARG);
  CHECK(string_of(chat.error().text) == "unknown trust");
  CHECK(confab_conn_open(e, nullptr, chat.now, nullptr) == CONFAB_ERR_ARG);
  std::size_t n = 7;
  CHECK(confab_conn_feed(e, chat.conn, chat.now, nullptr, 1, &n) == CONFAB_ERR_ARG);
  CHECK(chat.error().status == CONFAB_ERR_ARG);
  CHECK(n == 0);
  CHECK(confab_conn_output(e, chat.conn, nullptr, 1, &n) == CONFAB_ERR_ARG);
  CHECK(confab_conn_close(e, chat.conn, chat.now, {nullptr, 1}) == CONFAB_ERR_ARG);
  CHECK(confab_conn_close(e, chat.conn, chat.now, CONFAB_STR("a\nb")) == CONFAB_ERR_ARG);
  CHECK(chat.stats().conns == 1);
}

TEST_CASE("options out of range name the member, and a running engine keeps the old ones") {
  furnished chat;
  confab_engine_options options = confab_engine_options_init();
  options.line_bytes_max = 100;
  CHECK(confab_engine_configure(chat.engine, &options) == CONFAB_ERR_ARG);
  CHECK(chat.error().offset == offsetof(confab_engine_options, line_bytes_max));
  CHECK(string_of(chat.error().text) == "line_bytes_max: out of range");
  confab_engine *made = nullptr;
  CHECK(confab_engine_create(&options, nullptr, &made) == CONFAB_ERR_ARG);
  CHECK(made == nullptr);
  options = confab_engine_options_init();
  options.casemap = CONFAB_CASEMAP_RFC1459;
  CHECK(confab_engine_configure(chat.engine, &options) == CONFAB_ERR_STATE);
  options = confab_engine_options_init();
  options.server_name = CONFAB_STR("other.example");
  CHECK(confab_engine_configure(chat.engine, &options) == CONFAB_ERR_STATE);
  options = confab_engine_options_init();
  options.motd = CONFAB_STR("fresh");
  options.commands_burst_max = 0;
  CHECK(confab_engine_configure(chat.engine, &options) == CONFAB_OK);
  chat.say(chat.conn, "MOTD");
  CHECK(chat.read(chat.conn).find("fresh") != std::string::npos);
}

TEST_CASE("options that are refused when an engine is made are told to the log of its host") {
  struct row {
    void (*spoil)(confab_engine_options &);
    confab_status status;
    const char *text;
  };
  const row rows[] = {
      {[](confab_engine_options &o) { o.channel_bytes_max = 1; }, CONFAB_ERR_ARG,
       "channel_bytes_max: out of range"},
      {[](confab_engine_options &o) { o.events_max = UINT32_MAX; }, CONFAB_ERR_ARG,
       "events_max: out of range"},
      {[](confab_engine_options &o) { o.server_name = CONFAB_STR("two words"); }, CONFAB_ERR_ARG,
       "server_name: not one word of 1 to 63 bytes"},
      {[](confab_engine_options &o) { o.network_name = CONFAB_STR(":x"); }, CONFAB_ERR_ARG,
       "network_name: not one word of at most 63 bytes"},
      {[](confab_engine_options &o) { o.channel_modes = CONFAB_STR("nq"); }, CONFAB_ERR_ARG,
       "user_modes, channel_modes: a letter that cannot be set from the start"},
      {[](confab_engine_options &o) { o.commands_per_second_max = 0; }, CONFAB_ERR_ARG,
       "commands_per_second_max: 0 under a throttle"},
      {[](confab_engine_options &o) { o.struct_size = 4; }, CONFAB_ERR_STRUCT,
       "struct_size: not that of any version this library knows"},
  };
  for (const row &r : rows) {
    INFO(r.text);
    fake_host host;
    failing_allocator memory;
    confab_engine_options options = confab_engine_options_init();
    options.allocator = memory.table();
    r.spoil(options);
    for (const bool logs : {true, false}) {
      confab_host table = host.table(false);
      table.log = logs ? table.log : nullptr;
      confab_engine *made = nullptr;
      CHECK(confab_engine_create(&options, &table, &made) == r.status);
      CHECK(made == nullptr);
    }
    CHECK(host.logged == std::vector<std::string>{"engine.options"});
    CHECK(host.logged_text == std::vector<std::string>{r.text});
    CHECK(host.released == 0);
    CHECK(host.problem == "");
    CHECK(memory.live_blocks() == 0);
  }
}

TEST_CASE("names fold as they are compared, into as much room as they take") {
  for (const std::uint32_t casemap : {CONFAB_CASEMAP_ASCII, CONFAB_CASEMAP_RFC1459}) {
    engine_fixture f(
        {.push = false, .tweak = [&](confab_engine_options &o) { o.casemap = casemap; }});
    char out[6] = "!!!!!";
    CHECK(confab_name_fold(f.engine, CONFAB_STR("#A[\xC3"), out, 4) == CONFAB_OK);
    CHECK(std::string_view(out) == (casemap == CONFAB_CASEMAP_ASCII ? "#a[\xC3!" : "#a{\xC3!"));
    CHECK(confab_name_fold(f.engine, CONFAB_STR("#AB"), out, 2) == CONFAB_ERR_TOO_LONG);
    CHECK(confab_name_fold(f.engine, CONFAB_STR("#A"), nullptr, 2) == CONFAB_ERR_ARG);
    CHECK(confab_name_fold(f.engine, confab_str{nullptr, 2}, out, 5) == CONFAB_ERR_ARG);
    CHECK(confab_name_fold(nullptr, CONFAB_STR("#A"), out, 5) == CONFAB_ERR_ARG);
    CHECK(confab_name_fold(f.engine, confab_str{nullptr, 0}, nullptr, 0) == CONFAB_OK);
    CHECK(out[2] == (casemap == CONFAB_CASEMAP_ASCII ? '[' : '{'));
  }
}

TEST_CASE("features are named, and unknown ones are not there") {
  for (const char *there : {"irc", "ircv3", "ircx", "mic", "service", "push", "messages"})
    CHECK(confab_has_feature(there) == 1);
  for (const char *missing : {"tls", "", "IRC", "ir", "ircxx"})
    CHECK(confab_has_feature(missing) == 0);
  CHECK(confab_has_feature(nullptr) == 0);
}

TEST_CASE("drive functions answer REENTRANT inside a host's callback, and const ones work") {
  furnished chat;
  unsigned calls = 0;
  chat.host.inside = [&] {
    ++calls;
    confab_engine *e = chat.engine;
    confab_id out = 0;
    CHECK(confab_engine_flush(e) == CONFAB_ERR_REENTRANT);
    CHECK(confab_engine_tick(e, chat.now) == CONFAB_ERR_REENTRANT);
    CHECK(confab_engine_configure(e, nullptr) == CONFAB_ERR_REENTRANT);
    CHECK(confab_engine_clock_set(e, chat.now, 0) == CONFAB_ERR_REENTRANT);
    CHECK(confab_conn_open(e, nullptr, chat.now, &out) == CONFAB_ERR_REENTRANT);
    CHECK(confab_conn_sent(e, chat.conn, 0) == CONFAB_ERR_REENTRANT);
    CHECK(confab_user_create(e, nullptr, &out) == CONFAB_ERR_REENTRANT);
    CHECK(confab_engine_destroy(e) == CONFAB_ERR_REENTRANT);
    CHECK(chat.user("ann") == chat.ann);
    CHECK(chat.stats().users == 1);
    CHECK(confab_engine_deadline(e) > 0);
  };
  chat.say(chat.conn, "PING x\r\nOPER a b");
  chat.read(chat.conn);
  CHECK(calls >= 2); // output_pending and request
  chat.host.inside = nullptr;
  CHECK(chat.broken() == "");
}

TEST_CASE(
    "an exception that is no lack of memory poisons the engine, which can only be destroyed") {
  furnished chat;
  CHECK(abi::guard_drive(chat.engine, [](confab_engine &) -> confab_status {
          throw std::runtime_error("a defect");
        }) == CONFAB_ERR_INTERNAL);
  CHECK(confab_is_fatal(CONFAB_ERR_INTERNAL) == 1);
  CHECK(chat.error().status == CONFAB_ERR_INTERNAL);
  confab_id out = 0;
  CHECK(confab_engine_flush(chat.engine) == CONFAB_ERR_POISONED);
  CHECK(confab_engine_tick(chat.engine, chat.now) == CONFAB_ERR_POISONED);
  CHECK(confab_conn_open(chat.engine, nullptr, chat.now, &out) == CONFAB_ERR_POISONED);
  CHECK(confab_user_find(chat.engine, CONFAB_STR("ann"), &out) == CONFAB_ERR_POISONED);
  CHECK(confab_hook_remove(chat.engine, 0) == CONFAB_ERR_POISONED);
  CHECK(confab_engine_destroy(chat.engine) == CONFAB_OK);
  chat.engine = nullptr;
  CHECK(chat.host.released == 1);
  CHECK(chat.memory.live_blocks() == 0);
}

TEST_CASE("lack of memory is told as such and leaves the engine as it was") {
  furnished chat;
  CHECK(abi::guard_drive(chat.engine, [](confab_engine &) -> confab_status {
          throw std::bad_alloc();
        }) == CONFAB_ERR_NOMEM);
  CHECK(confab_engine_flush(chat.engine) == CONFAB_OK);
}
