// SPDX-License-Identifier: MIT
//
// What broke in the server before, by article: the rows about extensions (callbacks, filters, acts
// that wait, and what they cost), and those that a client alone cannot show. Each test is named
// after its article; articles.txt lists all of them, articles.py counts. Others are in the
// transcripts.
#include "support/catch.hpp"
#include "unit/bus/hooked.hpp"

#include <sys/mman.h>

#include <array>
#include <cstring>

using namespace confab::test;

namespace {

// Text that nobody can write to: whoever tries dies.
class constant {
public:
  constant() {
    page_ = static_cast<char *>(
        mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  }
  ~constant() { munmap(page_, bytes_); }
  constant(const constant &) = delete;
  constant &operator=(const constant &) = delete;

  confab_str text(std::string_view s) {
    std::memcpy(page_ + used_, s.data(), s.size());
    const confab_str out{page_ + used_, s.size()};
    used_ += s.size();
    return out;
  }
  bool seal() { return mprotect(page_, bytes_, PROT_READ) == 0; }

private:
  static constexpr std::size_t bytes_ = 4096;
  char *page_ = nullptr;
  std::size_t used_ = 0;
};

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1))
    ++n;
  return n;
}

} // namespace

TEST_CASE("Q216860: a callback that closes, whose callback closes, and so on, ends, one by one") {
  hooked chat({false, [](confab_engine_options &o) { o.causes_max = 64; }});
  std::vector<confab_id> users;
  for (int i = 0; i < 40; ++i) {
    const confab_id conn = chat.enter("n" + std::to_string(i));
    chat.say(conn, "JOIN #x");
    users.push_back(chat.user("n" + std::to_string(i)));
  }
  unsigned depth = 0, deepest = 0;
  std::size_t next = 1;
  chat.on(CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_OBSERVE,
          [&](confab_call *call, const confab_event *) {
            deepest = std::max(deepest, ++depth);
            if (next < users.size())
              ignore(confab_user_quit(confab_call_engine(call), users[next++], CONFAB_STR("next")));
            --depth;
            return CONFAB_PASS;
          });
  CHECK(confab_user_quit(chat.engine, users[0], CONFAB_STR("first")) == CONFAB_OK);
  CHECK(deepest == 1);
  CHECK(chat.users().empty());
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("Q216862: what is handed in is never written to") {
  constant page;
  const confab_str name = page.text("org.example.filter"), deny = page.text("not today"),
                   set = page.text("rewritten"), reason = page.text("may"),
                   channel = page.text("#constant"), key = page.text("key"),
                   text = page.text("topic"), line = page.text("TOPIC #x :from a client\r\n");
  REQUIRE(page.seal());
  scene chat;
  confab_id token = 0;
  chat.on(
      CONFAB_EVENT_TOPIC, CONFAB_STAGE_TRANSFORM,
      [&](confab_call *c, const confab_event *) {
        CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, set) == CONFAB_OK);
        return CONFAB_PASS;
      },
      [&](confab_hook &hook) { hook.name = name; });
  chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    CHECK(confab_call_deny(c, CONFAB_REFUSED_POLICY, deny, CONFAB_DENIAL_ERROR) == CONFAB_OK);
    return CONFAB_DENY;
  });
  chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_OVERRIDE, [&](confab_call *c, const confab_event *) {
    CHECK(confab_call_override(c, reason) == CONFAB_OK);
    return CONFAB_ALLOW;
  });
  chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
    return CONFAB_DEFER;
  });
  CHECK(confab_channel_join(chat.engine, chat.user("cat"), channel, key) == CONFAB_OK);
  CHECK(confab_channel_topic_set(chat.engine, 0, chat.channel("#constant"), text) == CONFAB_OK);
  std::size_t consumed = 0;
  CHECK(confab_conn_feed(chat.engine, chat.ann, chat.now, line.ptr, line.len, &consumed) ==
        CONFAB_OK);
  CHECK(has(chat.read(chat.bob), "TOPIC #x :rewritten"));
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(confab_deferral_set(chat.engine, token, CONFAB_FIELD_TEXT, set) == CONFAB_OK);
  CHECK(confab_deferral_resolve(chat.engine, token, CONFAB_DENY, CONFAB_REFUSED_POLICY, deny,
                                CONFAB_DENIAL_ERROR) == CONFAB_OK);
  CHECK(has(chat.read(chat.ann), "not today"));
}

TEST_CASE("Q186790: a filter that is slow is found, named, and left alone; the server goes on") {
  scene chat({false, [](confab_engine_options &o) { o.hook_failures_max = 3; }, true});
  listener &slow = chat.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [&](confab_call *, const confab_event *) {
        chat.host.clock_ns += 50'000'000;
        return CONFAB_PASS;
      },
      [](confab_hook &hook) {
        hook.flags = CONFAB_HOOK_FAIL_OPEN;
        hook.call_us_max = 1000;
        hook.name = CONFAB_STR("org.example.slow");
      });
  chat.watch_hooks();
  for (int i = 0; i < 10; ++i)
    chat.say(chat.ann, "PRIVMSG #x :" + std::to_string(i));
  CHECK(slow.calls == 3);
  CHECK(count(chat.read(chat.bob), "PRIVMSG #x") == 10);
  CHECK(chat.failures.size() == 3);
  CHECK(chat.failures.at(0).time_ns >= 50'000'000);
  CHECK(chat.states == std::vector<std::uint32_t>{CONFAB_HOOK_OPEN});
  CHECK(chat.counts(slow).bypassed_total == 7);
  confab_str text{};
  REQUIRE(confab_metrics_text(chat.engine, &text) == CONFAB_OK);
  CHECK(has(string_of(text), "org.example.slow"));
}

TEST_CASE("Q195847: an extension whose creation failed is never called, and leaves nothing") {
  static unsigned called = 0, destroyed = 0;
  called = destroyed = 0;
  confab_plugin_entry entry{};
  entry.struct_size = sizeof entry;
  entry.magic = CONFAB_PLUGIN_MAGIC;
  entry.abi_major = CONFAB_ABI_MAJOR;
  entry.abi_minor_least = CONFAB_ABI_MINOR;
  entry.id = "org.example.broken";
  entry.version = "1";
  entry.create = [](const confab_api *, confab_engine *engine, confab_id plugin, void **) {
    confab_hook hook = confab_hook_init();
    hook.stage = CONFAB_STAGE_POLICY;
    hook.owner = plugin;
    hook.call = [](void *, confab_call *, const confab_event *) -> confab_verdict {
      ++called;
      return CONFAB_DENY;
    };
    hook.release = [](void *) -> confab_status {
      ++called;
      return CONFAB_OK;
    };
    confab_id id = 0;
    CHECK(confab_hook_add(engine, &hook, &id) == CONFAB_OK);
    return static_cast<confab_status>(CONFAB_ERR_STATE);
  };
  entry.destroy = [](void *) -> confab_status {
    ++destroyed;
    return CONFAB_OK;
  };
  scene chat;
  const confab_engine_stats before = chat.stats();
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = &entry;
  confab_id plugin = 1;
  CHECK(confab_plugin_add(chat.engine, &options, &plugin) == CONFAB_ERR_STATE);
  CHECK(plugin == 0);
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(has(chat.read(chat.bob), "hello"));
  CHECK(called == 0);
  CHECK(destroyed == 0);
  CHECK(chat.stats().hooks == before.hooks);
  CHECK(chat.stats().plugins == 0);
}

// Comes, listens, speaks and goes, with filters that come and go.
void churn(hooked &chat) {
  const auto pass = [](confab_call *, const confab_event *) { return CONFAB_PASS; };
  std::vector<confab_id> added;
  for (std::uint32_t stage = 0; stage < CONFAB_STAGE_COUNT; ++stage)
    for (std::uint32_t type = 0; type < CONFAB_EVENT_TYPE_END; ++type)
      added.push_back(chat.on(type, stage, pass).id);
  const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
  for (int i = 0; i < 20; ++i)
    for (const confab_id conn : {ann, bob})
      chat.say(conn, "JOIN #c" + std::to_string(i) + "\r\nTOPIC #c" + std::to_string(i) +
                         " :t\r\nPRIVMSG #c" + std::to_string(i) + " :hello");
  chat.read_all();
  for (const confab_id hook : added)
    CHECK(confab_hook_remove(chat.engine, hook) == CONFAB_OK);
  CHECK(chat.end(ann) == CONFAB_OK);
  CHECK(chat.end(bob) == CONFAB_OK);
  ignore(confab_engine_flush(chat.engine));
  for (const listener &l : chat.listeners)
    CHECK(l.released == 1);
  chat.listeners.clear();
}

TEST_CASE(
    "Q254282, Q241842, Q238842: commands, channels and the service leak nothing under churn") {
  hooked chat({false, [](confab_engine_options &o) { o.whowas_entries_max = 1; }});
  churn(chat);
  const confab_engine_stats first = chat.stats();
  for (int i = 0; i < 10; ++i)
    churn(chat);
  const confab_engine_stats last = chat.stats();
  CHECK(last.memory_bytes == first.memory_bytes);
  CHECK(last.hooks == 0);
  CHECK(last.channels == 0);
  CHECK(last.members == 0);
  CHECK(last.users == 0);
  CHECK(last.conns == 0);
  CHECK(chat.destroy() == "");
}

TEST_CASE("Q254282, Q241842, Q238842: handlers that end and reopen a channel leave nothing") {
  scene chat;
  chat.on(CONFAB_EVENT_CHANNEL_CLOSE, CONFAB_STAGE_OBSERVE,
          [&](confab_call *c, const confab_event *e) {
            confab_engine *engine = confab_call_engine(c);
            const auto &closed = *reinterpret_cast<const confab_event_channel *>(e);
            ignore(confab_channel_join(engine, chat.user("cat"), closed.name, {}));
            return CONFAB_PASS;
          });
  chat.say(chat.bob, "PART #x");
  std::vector<std::uint64_t> levels;
  for (int i = 0; i < 100; ++i) {
    chat.say(chat.ann, "JOIN #x\r\nPART #x");
    chat.say(chat.cat, "PART #x");
    chat.read_all();
    levels.push_back(chat.stats().memory_bytes);
  }
  CHECK(levels.back() == levels[10]);
  CHECK(chat.stats().channels == 1);
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("Q240876: a filter reads, compares and rewrites a nick of any script") {
  scene chat;
  const std::string wide = "\xe7\x8c\xab", other = "\xd0\xba\xd0\xbe\xd1\x82";
  std::string seen;
  chat.on(CONFAB_EVENT_NICK, CONFAB_STAGE_TRANSFORM, [&](confab_call *c, const confab_event *e) {
    seen = string_of(reinterpret_cast<const confab_event_nick *>(e)->nick);
    CHECK(confab_call_set(c, CONFAB_FIELD_NICK, str_of(other)) == CONFAB_OK);
    return CONFAB_PASS;
  });
  // The codec of plain IRC takes no such nick from a client: it comes from the host.
  CHECK(confab_user_nick_set(chat.engine, chat.user("ann"), str_of(wide)) == CONFAB_OK);
  CHECK(seen == wide);
  // To plain IRC a nick of another script is its alias (IRCX draft §3).
  CHECK(has(chat.read(chat.bob), "NICK ^D0BAD0BED182"));
  std::string actor;
  chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *e) {
    confab_user_info who{};
    who.struct_size = sizeof who;
    CHECK(confab_user_get(confab_call_engine(c), e->actor, &who) == CONFAB_OK);
    actor = string_of(who.nick);
    return CONFAB_DENY;
  });
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(actor == other);
  CHECK(chat.read(chat.bob) == "");
}

TEST_CASE("Q178386: whoever speaks, by whatever way, the same filter is asked") {
  scene chat;
  std::vector<std::string> asked;
  chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *, const confab_event *e) {
    asked.push_back(string_of(reinterpret_cast<const confab_event_message *>(e)->text));
    return CONFAB_DENY;
  });
  const confab_id whole = chat.open("192.0.2.1", CONFAB_CONN_MESSAGES);
  chat.enter(whole, "dan");
  confab_user_options options = confab_user_options_init();
  options.nick = CONFAB_STR("hal");
  confab_id hal = 0;
  REQUIRE(confab_user_create(chat.engine, &options, &hal) == CONFAB_OK);
  chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *) {
    CHECK(confab_message_send(confab_call_engine(c), 0, CONFAB_MESSAGE_NOTICE, chat.channel("#x"),
                              CONFAB_STR("a handler's")) == CONFAB_QUEUED);
    return CONFAB_PASS;
  });
  for (const confab_id conn : {whole, chat.cat})
    chat.say(conn, "JOIN #x");
  const confab_id x = chat.channel("#x");
  CHECK(confab_channel_join(chat.engine, hal, CONFAB_STR("#x"), {}) == CONFAB_OK);
  chat.read_all();
  chat.say(chat.ann,
           "PRIVMSG #x :a client's\r\nNOTICE #x :its notice\r\nPRIVMSG bob :in private\r\n"
           "PRIVMSG @#x :to some\r\nPRIVMSG #x,bob :twice");
  chat.say(whole, "PRIVMSG #x :a message's");
  CHECK(confab_message_send(chat.engine, hal, CONFAB_MESSAGE_PRIVMSG, x, CONFAB_STR("a bot's")) ==
        CONFAB_ERR_DENIED);
  CHECK(confab_message_send(chat.engine, 0, CONFAB_MESSAGE_PRIVMSG, x, CONFAB_STR("the host's")) ==
        CONFAB_ERR_DENIED);
  chat.say(chat.ann, "TOPIC #x :t");
  CHECK(asked == std::vector<std::string>{"a client's", "its notice", "in private", "to some",
                                          "twice", "twice", "a message's", "a bot's", "the host's",
                                          "a handler's"});
  CHECK_FALSE(has(chat.read(chat.bob), "PRIVMSG"));
  CHECK_FALSE(has(chat.read(chat.cat), "NOTICE"));
}

TEST_CASE("Q216647: one rule about nicks holds for every way to get one") {
  scene chat;
  chat.on(CONFAB_EVENT_NICK, CONFAB_STAGE_POLICY,
          [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  chat.on(CONFAB_EVENT_REGISTER, CONFAB_STAGE_POLICY,
          [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  chat.say(chat.ann, "NICK other");
  CHECK(confab_user_nick_set(chat.engine, chat.user("ann"), CONFAB_STR("other")) ==
        CONFAB_ERR_DENIED);
  (void)chat.enter("other");
  CHECK(chat.user("other") == 0);
  CHECK(chat.user("ann") != 0);
}

TEST_CASE("Q216989: a list is whole, however slowly it is read") {
  hooked chat({false, [](confab_engine_options &o) { o.output_backlog_bytes_max = 16384; }});
  const confab_id ann = chat.enter("ann");
  constexpr int channels = 2000;
  for (int i = 0; i < channels; ++i) {
    confab_user_options options = confab_user_options_init();
    const std::string nick = "u" + std::to_string(i);
    options.nick = str_of(nick);
    confab_id user = 0;
    REQUIRE(confab_user_create(chat.engine, &options, &user) == CONFAB_OK);
    for (const std::string &name : {"#c" + std::to_string(i), std::string("#all")})
      REQUIRE(confab_channel_join(chat.engine, user, str_of(name), {}) == CONFAB_OK);
  }
  const auto answered = [&](std::string_view line) {
    chat.say(ann, line);
    return chat.read(ann);
  };
  const std::string list = answered("LIST"), who = answered("WHO #all"),
                    names = answered("NAMES #all");
  CHECK(count(list, " 322 ") == channels + 1);
  CHECK(count(list, " 323 ") == 1);
  CHECK(count(who, " 352 ") == channels);
  CHECK(count(who, " 315 ") == 1);
  CHECK(count(names, "u") >= channels);
  CHECK(count(names, " 366 ") == 1);
  CHECK(chat.users().size() == channels + 1);
}

TEST_CASE("Q199339: a space inside the list of a JOIN takes no other channel with it") {
  scene chat;
  chat.say(chat.cat, "JOIN #y, #z");
  const std::string told = chat.read(chat.cat);
  CHECK(has(told, "JOIN #y"));
  CHECK_FALSE(has(told, " 475 "));
}

TEST_CASE("Q197292: MODE leaves what it says, in any order of letters and signs") {
  scene chat;
  const std::array<std::string_view, 6> flags{"i", "m", "n", "s", "t", "C"};
  std::uint32_t seed = 7;
  for (int round = 0; round < 200; ++round) {
    std::string letters;
    std::array<int, 6> wanted{-1, -1, -1, -1, -1, -1};
    for (int i = 0; i < 5; ++i) {
      seed = seed * 1664525 + 1013904223;
      const std::size_t which = seed >> 8 & 7;
      const bool set = (seed >> 12 & 1) != 0;
      if (which >= flags.size())
        continue;
      letters += (set ? "+" : "-") + std::string(flags[which]);
      wanted[which] = set ? 1 : 0;
    }
    if (letters.empty())
      continue;
    chat.say(chat.ann, "MODE #x " + letters);
    chat.read_all();
    chat.say(chat.ann, "MODE #x");
    const std::string shown = chat.read(chat.ann);
    const std::string modes = shown.substr(shown.find('+'), shown.find('\r') - shown.find('+'));
    for (std::size_t i = 0; i < flags.size(); ++i) {
      INFO(letters << " gave " << modes);
      if (wanted[i] >= 0)
        CHECK(has(modes, flags[i]) == (wanted[i] == 1));
    }
  }
}

TEST_CASE("Q198809, Q199093, Q199423: who is invisible hides from masks, and answers by its nick") {
  scene chat;
  chat.say(chat.ann, "MODE ann +i");
  chat.read_all();
  chat.say(chat.cat, "WHO *");
  CHECK_FALSE(has(chat.read(chat.cat), " ann "));
  chat.say(chat.cat, "WHOIS ann");
  const std::string told = chat.read(chat.cat);
  CHECK(has(told, " 311 "));
  CHECK(has(told, " 318 "));
  CHECK_FALSE(has(told, " 401 "));
  chat.say(chat.cat, "MODE ann");
  CHECK(has(chat.read(chat.cat), " 502 "));
  chat.say(chat.ann, "MODE #x +v bob");
  CHECK(has(chat.read(chat.bob), "MODE #x +v bob"));
}

TEST_CASE("Q180397: whoever ends a user is told that it is done, by a filter's words or without") {
  scene chat;
  chat.say(chat.ann, "OPER root secret");
  chat.read_all();
  chat.say(chat.ann, "KILL cat :enough");
  const std::string told = chat.read(chat.ann);
  CHECK(has(told, "NOTICE ann"));
  CHECK(has(told, "cat"));
  CHECK(chat.user("cat") == 0);
  chat.on(CONFAB_EVENT_KILL, CONFAB_STAGE_POLICY,
          [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  chat.say(chat.ann, "KILL bob :enough");
  CHECK(has(chat.read(chat.ann), " 400 "));
  CHECK(chat.user("bob") != 0);
}

TEST_CASE("Q196251, Q196252: texts at the limit are taken whole, and beyond it to the limit") {
  scene chat({false, [](confab_engine_options &o) {
                o.topic_bytes_max = 119;
                o.away_bytes_max = 100;
              }});
  for (const std::size_t bytes : {118U, 119U, 120U}) {
    chat.say(chat.ann, "TOPIC #x :" + std::string(bytes, 't'));
    CHECK(count(chat.read(chat.bob), "t") >= std::min<std::size_t>(bytes, 119));
    confab_channel_info info{};
    info.struct_size = sizeof info;
    REQUIRE(confab_channel_get(chat.engine, chat.channel("#x"), &info) == CONFAB_OK);
    CHECK(info.topic.len == std::min<std::size_t>(bytes, 119));
    // What a filter writes is bounded too, and told so.
    confab_status said = CONFAB_OK;
    listener &rule = chat.on(
        CONFAB_EVENT_TOPIC, CONFAB_STAGE_TRANSFORM, [&](confab_call *c, const confab_event *) {
          said = confab_call_set(c, CONFAB_FIELD_TEXT, str_of(std::string(bytes, 'f')));
          return CONFAB_PASS;
        });
    chat.say(chat.ann, "TOPIC #x :again");
    CHECK(said == (bytes <= 119 ? CONFAB_OK : CONFAB_ERR_TOO_LONG));
    CHECK(confab_hook_remove(chat.engine, rule.id) == CONFAB_OK);
    chat.read_all();
  }
}

TEST_CASE("Q197871: the message of the day is shown byte for byte") {
  const std::string motd =
      "\xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\n\xe4\xbd\xa0\xe5\xa5\xbd";
  hooked chat({false, [&](confab_engine_options &o) { o.motd = str_of(motd); }});
  const confab_id ann = chat.enter("ann");
  chat.say(ann, "MOTD");
  const std::string told = chat.read(ann);
  CHECK(has(told, ":- \xd0\x9f\xd1\x80\xd0\xb8\xd0\xb2\xd0\xb5\xd1\x82\r\n"));
  CHECK(has(told, ":- \xe4\xbd\xa0\xe5\xa5\xbd\r\n"));
}

TEST_CASE("Q196311, Q196893: every end of an act is counted, and what is gone is not") {
  scene chat;
  const confab_engine_stats before = chat.stats();
  chat.say(chat.ann, "NICK bob"); // a collision
  CHECK(chat.stats().refused_total == before.refused_total + 1);
  listener &rule = chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
                           [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  chat.say(chat.ann, "TOPIC #x :t");
  CHECK(chat.stats().denied_total == before.denied_total + 1);
  rule.does = [](confab_call *c, const confab_event *) {
    confab_id token = 0;
    CHECK(confab_call_defer(c, 50, &token) == CONFAB_OK);
    return CONFAB_DEFER;
  };
  chat.say(chat.ann, "TOPIC #x :t");
  CHECK(chat.stats().parked == 1);
  ignore(chat.wait_ms(100));
  CHECK(chat.stats().expired_total == before.expired_total + 1);
  chat.say(chat.ann, "TOPIC #x :t");
  CHECK(chat.end(chat.ann) == CONFAB_OK);
  CHECK(chat.stats().cancelled_total == before.cancelled_total + 1);
  CHECK(chat.stats().parked == 0);
  CHECK(chat.stats().deferrals == 0);
  CHECK(chat.stats().users == before.users - 1);
}

TEST_CASE("Q196253: what is not set has a value that can be seen") {
  const confab_engine_options o = confab_engine_options_init();
  CHECK(string_of(o.server_name) == "confab.local");
  for (const std::uint32_t limit :
       {o.line_bytes_max, o.nick_bytes_max, o.topic_bytes_max, o.conns_max, o.channels_max,
        o.hooks_max, o.parked_max, o.queued_max, o.deferral_ms_max, o.waiting_max, o.causes_max,
        o.hook_call_us_max, o.hook_second_us_max, o.hook_failures_max, o.hook_retry_ms})
    CHECK(limit != 0);
}
