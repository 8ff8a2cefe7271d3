// SPDX-License-Identifier: MIT
//
// Hooks, through the public API: what each stage may do to each type of event that IRC causes, what
// the origin is told, what observers are told, what is counted; order, filters, removal and adding
// while a handler runs; rewriting and its validation; the cause chain; rows and raw lines.
#include "support/catch.hpp"
#include "unit/bus/hooked.hpp"

#include <map>

using namespace confab;
using namespace confab::test;

namespace {

// One act of a client for each type of event that a filter may refuse: what ann says, where ann is
// operator of #x, and bob is in it.
struct act {
  const char *name;
  std::uint32_t type;
  const char *line;
  const char *success; // in ann's output
};

const act acts[] = {
    {"nick", CONFAB_EVENT_NICK, "NICK cyd", "NICK cyd"},
    {"away", CONFAB_EVENT_USER_CHANGE, "AWAY :gone", " 306 "},
    {"message", CONFAB_EVENT_MESSAGE, "PRIVMSG #x :hello", "PRIVMSG #x :hello"},
    {"join", CONFAB_EVENT_JOIN, "JOIN #new", "JOIN #new"},
    {"open", CONFAB_EVENT_CHANNEL_OPEN, "JOIN #new", "JOIN #new"},
    {"part", CONFAB_EVENT_PART, "PART #x", "PART #x"},
    {"kick", CONFAB_EVENT_KICK, "KICK #x bob :out", "KICK #x bob"},
    {"invite", CONFAB_EVENT_INVITE, "INVITE cat #x", " 341 "},
    {"topic", CONFAB_EVENT_TOPIC, "TOPIC #x :new", "TOPIC #x :new"},
    {"rank", CONFAB_EVENT_MEMBER_CHANGE, "MODE #x +v bob", "MODE #x +v bob"},
    {"mode", CONFAB_EVENT_CHANNEL_CHANGE, "MODE #x +m", "MODE #x +m"},
    {"ban", CONFAB_EVENT_ACCESS, "MODE #x +b dan", "MODE #x +b dan!*@*"},
    {"oper", CONFAB_EVENT_OPER, "OPER root pw", " 381 "},
    {"query", CONFAB_EVENT_QUERY, "WHOIS bob", " 311 "},
    {"line", CONFAB_EVENT_LINE_IN, "TOPIC #x :new", "TOPIC #x :new"},
};

// The state without what input and output count: those change with every line.
std::string state_of(const engine_fixture &chat) {
  const std::string all = chat.dump();
  return all.substr(0, all.find("conn "));
}

} // namespace

TEST_CASE("a denial with an error is told, changes nothing and is observed, for every event") {
  for (const act &a : acts) {
    INFO(a.name);
    scene chat;
    listener &rule = chat.on(a.type, CONFAB_STAGE_POLICY, [](confab_call *c, const confab_event *) {
      ignore(
          confab_call_deny(c, CONFAB_REFUSED_POLICY, CONFAB_STR("not today"), CONFAB_DENIAL_ERROR));
      return CONFAB_DENY;
    });
    chat.watch(a.type);
    const std::string before = state_of(chat);
    chat.say(chat.ann, a.line);
    const std::string told = chat.read(chat.ann);
    CHECK(has(told, "not today"));
    CHECK_FALSE(has(told, a.success));
    CHECK(chat.read(chat.bob) == "");
    CHECK(state_of(chat) == before);
    REQUIRE(chat.log.size() == 1);
    CHECK(chat.log[0].outcome == CONFAB_OUTCOME_DENIED);
    CHECK(chat.log[0].code == CONFAB_REFUSED_POLICY);
    CHECK(chat.log[0].text == "not today");
    CHECK(chat.log[0].seq > 0);
    CHECK(chat.counts(rule).denied_total == 1);
    CHECK(chat.broken() == "");
    // The next act works.
    ignore(confab_hook_remove(chat.engine, rule.id));
    chat.say(chat.ann, a.line);
    CHECK(has(chat.read(chat.ann), a.success));
  }
}

TEST_CASE("a silent denial tells nobody, and a shadow tells the origin alone") {
  for (const act &a : acts)
    for (const std::uint32_t visibility : {CONFAB_DENIAL_SILENT, CONFAB_DENIAL_SHADOW}) {
      INFO(a.name << " visibility " << visibility);
      scene chat;
      chat.on(a.type, CONFAB_STAGE_POLICY, [=](confab_call *c, const confab_event *) {
        ignore(confab_call_deny(c, CONFAB_REFUSED_POLICY, {}, visibility));
        return CONFAB_DENY;
      });
      const std::string before = state_of(chat);
      chat.say(chat.ann, a.line);
      const std::string told = chat.read(chat.ann);
      if (visibility == CONFAB_DENIAL_SILENT)
        CHECK(told == "");
      // A raw line was never understood, and of a question only the frame is shown.
      if (visibility == CONFAB_DENIAL_SHADOW && a.type == CONFAB_EVENT_QUERY)
        CHECK(told == ":confab.local 318 ann bob :End of /WHOIS list\r\n");
      else if (visibility == CONFAB_DENIAL_SHADOW && a.type != CONFAB_EVENT_LINE_IN)
        CHECK(has(told, a.success));
      CHECK(chat.read(chat.bob) == "");
      CHECK(chat.read(chat.cat) == "");
      CHECK(state_of(chat) == before);
      CHECK(chat.broken() == "");
    }
}

TEST_CASE("a shadow shows a mode change as the line that its commit would have shown") {
  const char *const lines[] = {"MODE #x +v bob",       "MODE #x -o ann",     "MODE #x +m",
                               "MODE #x +k key",       "MODE #x -k x",       "MODE #x +l 7",
                               "MODE #x -l",           "MODE #x +b a!*@*",   "MODE #x -b gone!*@*",
                               "MODE #x +vIe bob c d", "MODE #x +sil-k 9 x", "MODE ann -i",
                               "MODE ann +w",          "OPER root pw",       "MODE #x +n-t"};
  for (const char *line : lines) {
    INFO(line);
    std::string told[2], seen[2];
    for (const bool shadow : {false, true}) {
      scene chat;
      const std::string key =
          std::string_view(line).find("-k") != std::string_view::npos ? "k" : "";
      chat.say(chat.ann, "MODE #x +b" + key + " gone!*@*" + (key.empty() ? "" : " old"));
      if (std::string_view(line) == "MODE #x -l")
        chat.say(chat.ann, "MODE #x +l 3");
      chat.read_all();
      if (shadow)
        for (const std::uint32_t type :
             {CONFAB_EVENT_MEMBER_CHANGE, CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_EVENT_ACCESS,
              CONFAB_EVENT_USER_CHANGE, CONFAB_EVENT_OPER})
          chat.on(type, CONFAB_STAGE_POLICY, [](confab_call *c, const confab_event *) {
            ignore(confab_call_deny(c, CONFAB_REFUSED_POLICY, {}, CONFAB_DENIAL_SHADOW));
            return CONFAB_DENY;
          });
      const std::string before = state_of(chat);
      chat.say(chat.ann, line);
      told[shadow] = chat.read(chat.ann);
      seen[shadow] = chat.read(chat.bob);
      CHECK((state_of(chat) == before) == shadow);
      CHECK(chat.broken() == "");
    }
    CHECK(told[false] != "");
    CHECK(told[true] == told[false]);
    CHECK(seen[true] == "");
  }
}

TEST_CASE("a shadow among mode changes is seen by its origin alone, and never by its siblings") {
  scene chat;
  const confab_id second = chat.open();
  REQUIRE(confab_conn_attach(chat.engine, second, chat.now, chat.user("ann")) == CONFAB_OK);
  chat.read_all();
  chat.on(CONFAB_EVENT_MEMBER_CHANGE, CONFAB_STAGE_POLICY,
          [](confab_call *c, const confab_event *) {
            ignore(confab_call_deny(c, CONFAB_REFUSED_POLICY, {}, CONFAB_DENIAL_SHADOW));
            return CONFAB_DENY;
          });
  chat.say(chat.ann, "MODE #x +mvoi bob bob");
  const std::string from = ":ann!ann@192.0.2.1 MODE #x ";
  CHECK(chat.read(chat.ann) == from + "+m\r\n" + from + "+vo bob bob\r\n" + from + "+i\r\n");
  for (const confab_id other : {second, chat.bob})
    CHECK(chat.read(other) == from + "+m\r\n" + from + "+i\r\n");
  // Whoever made the change may be gone before it is told.
  chat.say(chat.ann, "MODE #x +v bob\r\nQUIT :bye");
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("a shadow answers every question that has a frame with the frame alone") {
  struct row {
    const char *line, *answer;
  };
  const row rows[] = {
      {"NAMES #x", "366 ann #x :End of /NAMES list"},
      {"WHO #x", "315 ann #x :End of WHO list"},
      {"WHOIS bob", "318 ann bob :End of /WHOIS list"},
      {"WHOWAS past", "369 ann past :End of WHOWAS"},
      {"ISON bob", "303 ann :"},
      {"USERHOST bob", "302 ann :"},
      {"MODE #x b", "368 ann #x :End of channel ban list"},
      {"INVITE", "337 ann :End of /INVITE list"},
      {"LIST", nullptr}, // two lines
      {"TOPIC #x", ""},
      {"MODE #x", ""},
  };
  for (const row &r : rows) {
    INFO(r.line);
    scene chat;
    chat.end(chat.enter("past"));
    chat.say(chat.ann, "MODE #x +b x!*@*");
    chat.read_all();
    chat.on(CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY, [](confab_call *c, const confab_event *) {
      ignore(confab_call_deny(c, CONFAB_REFUSED_POLICY, {}, CONFAB_DENIAL_SHADOW));
      return CONFAB_DENY;
    });
    chat.say(chat.ann, r.line);
    const std::string server = ":confab.local ";
    CHECK(chat.read(chat.ann) == (!r.answer ? server + "321 ann Channel :Users  Name\r\n" + server +
                                                  "323 ann :End of /LIST\r\n"
                                  : *r.answer ? server + r.answer + "\r\n"
                                              : ""));
  }
}

TEST_CASE("an override lifts a filter's denial, with its reason, for every event") {
  for (const act &a : acts) {
    INFO(a.name);
    scene chat;
    chat.on(a.type, CONFAB_STAGE_POLICY, [](confab_call *, const confab_event *e) {
      const auto &q = *reinterpret_cast<const confab_event_query *>(e);
      const bool row = e->type == CONFAB_EVENT_QUERY && q.phase == CONFAB_QUERY_ROW;
      return row ? CONFAB_PASS : CONFAB_DENY; // nobody lifts the denial of a row
    });
    std::string reason;
    confab_id by = 0;
    listener &lifts =
        chat.on(a.type, CONFAB_STAGE_OVERRIDE, [](confab_call *c, const confab_event *) {
          ignore(confab_call_override(c, CONFAB_STR("ann may")));
          return CONFAB_ALLOW;
        });
    chat.on(a.type, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *) {
      confab_outcome o{};
      o.struct_size = sizeof o;
      ignore(confab_call_outcome(c, &o));
      CHECK(o.outcome == CONFAB_OUTCOME_COMMITTED);
      CHECK(o.code == CONFAB_REFUSED_POLICY);
      reason = string_of(o.override_reason);
      by = o.override_hook;
      return CONFAB_PASS;
    });
    chat.say(chat.ann, a.line);
    CHECK(has(chat.read(chat.ann), a.success));
    CHECK(reason == "ann may");
    CHECK(by == lifts.id);
    CHECK(chat.counts(lifts).allowed_total == 1);
    CHECK(chat.broken() == "");
  }
}

TEST_CASE("an override cannot lift what the core's own rules refuse") {
  scene chat;
  listener &lifts = chat.on(0, CONFAB_STAGE_OVERRIDE,
                            [](confab_call *, const confab_event *) { return CONFAB_ALLOW; });
  chat.watch(CONFAB_EVENT_KICK);
  chat.say(chat.bob, "KICK #x ann");
  CHECK(has(chat.read(chat.bob), " 482 "));
  CHECK(lifts.calls == 0);
  REQUIRE(chat.log.size() == 1);
  CHECK(chat.log[0].outcome == CONFAB_OUTCOME_REFUSED);
  CHECK(chat.log[0].code == CONFAB_REFUSED_RANK_NEEDED);
}

TEST_CASE("a verdict that the stage does not have is a failure, and closed in POLICY") {
  for (const confab_verdict verdict : {CONFAB_ALLOW + 0, CONFAB_DEFER + 0, 77, -1})
    for (const bool open : {false, true}) {
      INFO("verdict " << verdict << " open " << open);
      scene chat;
      unsigned failures = 0;
      chat.on(CONFAB_EVENT_HOOK_FAILED, CONFAB_STAGE_OBSERVE,
              [&](confab_call *, const confab_event *e) {
                const auto &failed = *reinterpret_cast<const confab_event_hook_failed *>(e);
                CHECK(failed.verdict == verdict);
                CHECK(failed.type == CONFAB_EVENT_TOPIC);
                ++failures;
                return CONFAB_PASS;
              });
      listener &rule = chat.on(
          CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
          [=](confab_call *, const confab_event *) { return verdict; },
          [=](confab_hook &h) { h.flags = open ? CONFAB_HOOK_FAIL_OPEN : 0; });
      chat.say(chat.ann, "TOPIC #x :new");
      CHECK(has(chat.read(chat.bob), "TOPIC #x :new") == open);
      CHECK(failures == 1);
      CHECK(chat.counts(rule).failed_total == 1);
    }
}

TEST_CASE("a failing handler of another stage changes nothing") {
  for (const std::uint32_t stage : {CONFAB_STAGE_TRANSFORM, CONFAB_STAGE_OBSERVE}) {
    scene chat;
    listener &rule = chat.on(CONFAB_EVENT_TOPIC, stage,
                             [](confab_call *, const confab_event *) { return CONFAB_DENY; });
    chat.say(chat.ann, "TOPIC #x :new");
    CHECK(has(chat.read(chat.bob), "TOPIC #x :new"));
    CHECK(chat.counts(rule).failed_total == (stage == CONFAB_STAGE_TRANSFORM ? 1U : 0U));
  }
}

TEST_CASE("what cannot be refused happens whatever POLICY says") {
  scene chat;
  chat.on(0, CONFAB_STAGE_POLICY, [](confab_call *, const confab_event *e) {
    return e->flags & CONFAB_EVENT_FINAL ? CONFAB_DENY : CONFAB_PASS;
  });
  chat.watch(CONFAB_EVENT_DISCONNECT);
  chat.watch(CONFAB_EVENT_CHANNEL_CLOSE);
  chat.say(chat.bob, "QUIT :bye");
  CHECK(has(chat.read(chat.ann), "QUIT :Quit: bye"));
  CHECK(chat.user("bob") == 0);
  chat.say(chat.ann, "PART #x");
  REQUIRE(chat.log.size() == 2);
  CHECK(chat.log[0].outcome == CONFAB_OUTCOME_COMMITTED);
  CHECK(chat.log[1].outcome == CONFAB_OUTCOME_COMMITTED);
  CHECK(chat.channel("#x") == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("rewriting shows to later handlers, to the core and to everybody, and is attributed") {
  scene chat;
  listener &first = chat.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM, [](confab_call *c, const confab_event *e) {
        const auto &m = *reinterpret_cast<const confab_event_message *>(e);
        CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("two")) == CONFAB_OK);
        CHECK(string_of(m.text) == "one"); // the view did not move
        const auto &now = *reinterpret_cast<const confab_event_message *>(confab_call_event(c));
        CHECK(string_of(now.text) == "two");
        return CONFAB_PASS;
      });
  chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *e) {
    const auto &m = *reinterpret_cast<const confab_event_message *>(e);
    CHECK(string_of(m.text) == "two");
    CHECK((m.head.flags & CONFAB_EVENT_REWRITTEN) != 0);
    confab_str original{};
    confab_id by = 0;
    CHECK(confab_call_original(c, CONFAB_FIELD_TEXT, &original, &by) == CONFAB_OK);
    CHECK(string_of(original) == "one");
    CHECK(by == first.id);
    CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("three")) == CONFAB_ERR_STAGE);
    CHECK(confab_call_original(c, CONFAB_FIELD_NICK, &original, &by) == CONFAB_ERR_ARG);
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "PRIVMSG #x :one");
  CHECK(has(chat.read(chat.bob), "PRIVMSG #x :two"));
  CHECK(has(chat.read(chat.ann), "PRIVMSG #x :two")); // the echo is what was sent
  CHECK(chat.counts(first).rewritten_total == 1);
}

TEST_CASE("each text that may be set takes effect, and a bad one is refused like a client's") {
  struct row {
    std::uint32_t type, field;
    const char *value, *line, *shown;
  };
  const row rows[] = {
      {CONFAB_EVENT_NICK, CONFAB_FIELD_NICK, "dan", "NICK cyd", "NICK dan"},
      {CONFAB_EVENT_NICK, CONFAB_FIELD_NICK, "bob", "NICK cyd", " 433 "},
      {CONFAB_EVENT_NICK, CONFAB_FIELD_NICK, "b!d", "NICK cyd", " 432 "},
      {CONFAB_EVENT_JOIN, CONFAB_FIELD_NAME, "#other", "JOIN #new", "JOIN #other"},
      {CONFAB_EVENT_JOIN, CONFAB_FIELD_NAME, "bad name", "JOIN #new", " 476 "},
      {CONFAB_EVENT_PART, CONFAB_FIELD_TEXT, "so long", "PART #x :bye", "PART #x :so long"},
      {CONFAB_EVENT_KICK, CONFAB_FIELD_TEXT, "why not", "KICK #x bob :a", "KICK #x bob :why not"},
      {CONFAB_EVENT_TOPIC, CONFAB_FIELD_TEXT, "better", "TOPIC #x :a", "TOPIC #x :better"},
      {CONFAB_EVENT_MESSAGE, CONFAB_FIELD_TEXT, "", "PRIVMSG #x :a", " 412 "},
      {CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_FIELD_VALUE, "7", "MODE #x +l 5", "MODE #x +l 7"},
      {CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_FIELD_VALUE, "x", "MODE #x +l 5", " 696 "},
      {CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_FIELD_VALUE, "a b", "MODE #x +k k", " 525 "},
      {CONFAB_EVENT_ACCESS, CONFAB_FIELD_MASK, "z!*@*", "MODE #x +b a", "MODE #x +b z!*@*"},
      {CONFAB_EVENT_ACCESS, CONFAB_FIELD_MASK, "a b", "MODE #x +b a", " 696 "},
      {CONFAB_EVENT_LINE_IN, CONFAB_FIELD_TEXT, "TOPIC #x :b", "TOPIC #x :a", "TOPIC #x :b"},
  };
  for (const row &r : rows) {
    INFO(r.line << " -> " << r.value);
    scene chat;
    chat.on(r.type, CONFAB_STAGE_TRANSFORM, [&](confab_call *c, const confab_event *) {
      CHECK(confab_call_set(c, r.field, str_of(r.value)) == CONFAB_OK);
      CHECK(confab_call_set(c, 99, str_of(r.value)) == CONFAB_ERR_ARG);
      CHECK(confab_call_set(c, r.field, CONFAB_STR("a\r\nb")) == CONFAB_ERR_ARG);
      const std::string endless(20000, 'x');
      CHECK(confab_call_set(c, r.field, str_of(endless)) == CONFAB_ERR_TOO_LONG);
      return CONFAB_PASS;
    });
    chat.say(chat.ann, r.line);
    const std::string told = chat.read(chat.ann);
    INFO(told);
    CHECK(has(told, r.shown));
    CHECK(chat.broken() == "");
  }
}

TEST_CASE("who registers may be rewritten, within what a source can hold") {
  for (const bool legal : {true, false}) {
    hooked chat;
    chat.on(
        CONFAB_EVENT_REGISTER, CONFAB_STAGE_TRANSFORM, [=](confab_call *c, const confab_event *) {
          CHECK(confab_call_set(c, CONFAB_FIELD_USERNAME,
                                legal ? CONFAB_STR("cloaked") : CONFAB_STR("a b!c")) == CONFAB_OK);
          CHECK(confab_call_set(c, CONFAB_FIELD_HOSTNAME, CONFAB_STR("hidden.example")) ==
                CONFAB_OK);
          return CONFAB_PASS;
        });
    const confab_id conn = chat.enter("ann");
    CHECK((chat.user("ann") != 0) == legal);
    chat.say(conn, "WHOIS ann");
    CHECK(has(chat.read(conn), "ann cloaked hidden.example") == legal);
  }
}

TEST_CASE("handlers run by priority, then in order of subscription; filters are asked first") {
  scene chat;
  std::string order;
  const auto add = [&](char name, std::int16_t priority, confab_id scope, std::uint32_t protocols) {
    chat.on(
        CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
        [&order, name](confab_call *, const confab_event *) {
          order += name;
          return CONFAB_PASS;
        },
        [=](confab_hook &h) {
          h.priority = priority;
          h.scope = scope;
          h.protocols = protocols;
        });
  };
  add('a', 0, 0, 0);
  add('b', 5, 0, 0);
  add('c', -5, 0, 0);
  add('d', 5, 0, 0);
  add('e', 0, chat.channel("#x"), 0);
  add('f', 0, chat.user("bob"), 0);
  add('g', 0, chat.ann, CONFAB_PROTOCOL_IRC | CONFAB_PROTOCOL_IRCV3);
  chat.say(chat.ann, "TOPIC #x :1");
  CHECK(order == "bdaegc");
  order.clear();
  ignore(confab_channel_topic_set(chat.engine, 0, chat.channel("#x"), CONFAB_STR("2")));
  CHECK(order == "bdaec"); // the host has no protocol and no connection
}

TEST_CASE("removing takes effect at once, adding from the next event, release comes once") {
  scene chat;
  listener *later = nullptr, *added = nullptr;
  unsigned added_calls = 0;
  listener &self = chat.on(
      CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
      [&](confab_call *c, const confab_event *) {
        confab_engine *e = confab_call_engine(c);
        CHECK(confab_hook_remove(e, later->id) == CONFAB_OK);
        CHECK(confab_hook_remove(e, later->id) == CONFAB_ERR_STALE_ID);
        CHECK(confab_hook_remove(e, chat.listeners.front().id) == CONFAB_OK);
        for (int i = 0; i < 50; ++i) // the list moves in memory
          added = &chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
                           [&](confab_call *, const confab_event *) {
                             ++added_calls;
                             return CONFAB_PASS;
                           });
        return CONFAB_PASS;
      },
      [](confab_hook &h) { h.priority = 9; });
  later = &chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, {});
  listener &stays = chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, {});
  chat.say(chat.ann, "TOPIC #x :1");
  CHECK(self.calls == 1);
  CHECK(self.released == 1);
  CHECK(later->calls == 0);
  CHECK(later->released == 1);
  CHECK(stays.calls == 1);
  CHECK(added_calls == 0);
  chat.say(chat.ann, "TOPIC #x :2");
  CHECK(added_calls == 50);
  CHECK(chat.stats().hooks == 51);
  CHECK(chat.destroy() == "");
  CHECK(stays.released == 1);
  CHECK(added->released == 1);
  CHECK(self.released == 1);
}

TEST_CASE("work submitted in a handler runs after the event, first in first out, with its cause") {
  scene chat;
  std::uint64_t topic_seq = 0;
  chat.watch(CONFAB_EVENT_MESSAGE);
  listener *rule = nullptr;
  rule = &chat.on(
      CONFAB_EVENT_TOPIC, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *e) {
        topic_seq = e->seq;
        const std::size_t before = chat.log.size();
        confab_engine *engine = confab_call_engine(c);
        for (const char *text : {"first", "second"})
          CHECK(confab_message_send(engine, 0, CONFAB_MESSAGE_NOTICE, chat.channel("#x"),
                                    confab_str_of(text)) == CONFAB_QUEUED);
        CHECK(chat.log.size() == before);
        return CONFAB_PASS;
      });
  chat.say(chat.ann, "TOPIC #x :t");
  REQUIRE(chat.log.size() == 2);
  CHECK(chat.log[0].cause == topic_seq);
  CHECK(chat.log[1].cause == topic_seq);
  CHECK(chat.log[0].seq < chat.log[1].seq);
  const std::string told = chat.read(chat.bob);
  CHECK(told.find("TOPIC") < told.find("first"));
  CHECK(told.find("first") < told.find("second"));
  // What the host submits is answered by its own outcome, whatever observers submit meanwhile.
  CHECK(confab_channel_topic_set(chat.engine, 0, chat.channel("#x"), CONFAB_STR("h")) == CONFAB_OK);
  CHECK(rule->calls == 2);
}

TEST_CASE("a handler may end the very subjects of its event") {
  for (const std::uint32_t stage :
       {CONFAB_STAGE_TRANSFORM, CONFAB_STAGE_POLICY, CONFAB_STAGE_OVERRIDE, CONFAB_STAGE_OBSERVE})
    for (const act &a : acts) {
      // What opens with a join has no text to rewrite; a kick that is denied is not lifted here.
      if ((a.type == CONFAB_EVENT_CHANNEL_OPEN && stage == CONFAB_STAGE_TRANSFORM) ||
          (a.type == CONFAB_EVENT_KICK && stage == CONFAB_STAGE_OVERRIDE))
        continue;
      INFO(a.name << " stage " << stage);
      scene chat;
      if (stage == CONFAB_STAGE_OVERRIDE)
        chat.on(a.type, CONFAB_STAGE_POLICY,
                [](confab_call *, const confab_event *) { return CONFAB_DENY; });
      listener &rule = chat.on(a.type, stage, [&](confab_call *c, const confab_event *e) {
        confab_engine *engine = confab_call_engine(c);
        CHECK(confab_engine_flush(engine) == CONFAB_ERR_REENTRANT);
        CHECK(confab_conn_close(engine, chat.ann, chat.now, {}) == CONFAB_ERR_REENTRANT);
        ignore(confab_channel_kick(engine, 0, chat.channel("#x"), chat.user("bob"), {}));
        ignore(confab_channel_kick(engine, 0, chat.channel("#x"), chat.user("ann"), {}));
        if (e->actor != 0)
          ignore(confab_user_quit(engine, e->actor, CONFAB_STR("ended by a rule")));
        return CONFAB_PASS;
      });
      chat.say(chat.ann, a.line);
      CHECK(rule.calls >= 1);
      CHECK(chat.broken() == "");
      CHECK(has(chat.read(chat.ann), "ended by a rule"));
      CHECK(chat.channel("#x") == 0);
      CHECK(chat.destroy() == "");
    }
}

TEST_CASE("a row that is denied is left out of LIST, WHO, NAMES and WHOIS") {
  struct row {
    const char *line, *hidden, *end;
  };
  const row rows[] = {{"LIST", " 322 ann #x", " 323 "},
                      {"WHO #x", " bob H", " 315 "},
                      {"NAMES #x", "bob", " 366 "},
                      {"WHOIS bob", " 311 ", " 318 "}};
  for (const row &r : rows) {
    INFO(r.line);
    scene chat;
    chat.say(chat.ann, r.line);
    CHECK(has(chat.read(chat.ann), r.hidden));
    chat.on(CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY, [&](confab_call *, const confab_event *e) {
      const auto &q = *reinterpret_cast<const confab_event_query *>(e);
      const bool about = q.user == chat.user("bob") || q.kind == CONFAB_QUERY_LIST;
      return q.phase == CONFAB_QUERY_ROW && about ? CONFAB_DENY : CONFAB_PASS;
    });
    chat.say(chat.ann, r.line);
    const std::string told = chat.read(chat.ann);
    CHECK_FALSE(has(told, r.hidden));
    CHECK(has(told, r.end));
  }
}

TEST_CASE("raw output can be seen, rewritten and dropped, by a hook that a handler added too") {
  scene chat;
  chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_OBSERVE, [&](confab_call *, const confab_event *) {
    chat.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_TRANSFORM,
            [](confab_call *c, const confab_event *e) {
              const auto &line = *reinterpret_cast<const confab_event_line *>(e);
              if (has(string_of(line.text), "hello"))
                CHECK(confab_call_set(c, CONFAB_FIELD_TEXT,
                                      CONFAB_STR(":s NOTICE x :changed\r\n")) == CONFAB_OK);
              for (const char *half : {"half", "half\r\nhalf", "\r\n", "a\r\n\r\n", "a\n", "a\r"})
                CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, confab_str_of(half)) == CONFAB_ERR_ARG);
              return CONFAB_PASS;
            });
    chat.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_POLICY, [](confab_call *, const confab_event *e) {
      const auto &line = *reinterpret_cast<const confab_event_line *>(e);
      return has(string_of(line.text), "secret") ? CONFAB_DENY : CONFAB_PASS;
    });
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "TOPIC #x :t");
  chat.read_all();
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(chat.read(chat.bob) == ":s NOTICE x :changed\r\n");
  chat.say(chat.ann, "PRIVMSG #x :secret");
  CHECK(chat.read(chat.bob) == "");
  CHECK(chat.broken() == "");
}

TEST_CASE("a filter of raw input does not change what a command means") {
  scene chat;
  chat.on(CONFAB_EVENT_LINE_IN, CONFAB_STAGE_POLICY, {});
  chat.say(chat.ann, "JOIN #y,#z");
  chat.say(chat.ann, "JOIN 0"); // all of them
  CHECK(chat.channel("#y") == 0);
  CHECK(chat.channel("#z") == 0);
  chat.read_all();
  chat.say(chat.ann, "JOIN #y");
  chat.read_all();
  chat.say(chat.ann, "MODE #y +smk key");
  CHECK(has(chat.read(chat.ann), "MODE #y +smk key"));
}

TEST_CASE("a denied connection is closed without a word, whatever observers submit") {
  hooked chat;
  const confab_id ann = chat.enter("ann");
  chat.on(CONFAB_EVENT_CONNECT, CONFAB_STAGE_POLICY,
          [](confab_call *, const confab_event *) { return CONFAB_DENY; });
  chat.on(CONFAB_EVENT_CONNECT, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *e) {
    CHECK(e->origin != 0);
    ignore(confab_channel_join(confab_call_engine(c), chat.user("ann"), CONFAB_STR("#a"), {}));
    return CONFAB_PASS;
  });
  confab_id out = 1;
  CHECK(confab_conn_open(chat.engine, nullptr, chat.now, &out) == CONFAB_ERR_DENIED);
  CHECK(out == 0);
  CHECK(has(chat.read(ann), "JOIN #a"));
  CHECK(chat.host.closed.empty());
  CHECK(chat.broken() == "");
}

TEST_CASE("observers may submit what is refused without harm to the connection that opens") {
  hooked chat;
  chat.on(CONFAB_EVENT_CONNECT, CONFAB_STAGE_OBSERVE, [](confab_call *c, const confab_event *) {
    confab_event_message m;
    CONFAB_COMMAND_INIT(&m, CONFAB_EVENT_MESSAGE);
    m.kind = CONFAB_MESSAGE_PRIVMSG;
    m.name = CONFAB_STR("nobody");
    m.text = CONFAB_STR("hello");
    ignore(confab_command_submit(confab_call_engine(c), &m.head, nullptr));
    return CONFAB_PASS;
  });
  CHECK(chat.open() != 0);
}

TEST_CASE("the pull queue gives what was observed in order, with outcomes and the count of lost") {
  hooked chat({false, [](confab_engine_options &o) { o.events_max = 4; }});
  const confab_id ann = chat.enter("ann");
  const confab_event *event = nullptr;
  confab_outcome outcome{};
  outcome.struct_size = sizeof outcome;
  std::uint64_t lost = 0;
  while (confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_OK) {
  }
  chat.say(ann, "PRIVMSG ann :one\r\nPRIVMSG nobody :two");
  REQUIRE(confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_OK);
  CHECK(event->type == CONFAB_EVENT_MESSAGE);
  CHECK(string_of(reinterpret_cast<const confab_event_message *>(event)->text) == "one");
  CHECK(outcome.outcome == CONFAB_OUTCOME_COMMITTED);
  CHECK(lost == 0);
  REQUIRE(confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_OK);
  CHECK(outcome.outcome == CONFAB_OUTCOME_REFUSED);
  CHECK(outcome.code == CONFAB_REFUSED_NO_SUCH_USER);
  CHECK(confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_END);
  for (int i = 0; i < 7; ++i)
    chat.say(ann, "PRIVMSG ann :" + std::to_string(i));
  outcome.struct_size = 1;
  CHECK(confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_ERR_STRUCT);
  outcome.struct_size = sizeof outcome;
  REQUIRE(confab_event_next(chat.engine, &event, &outcome, &lost) == CONFAB_OK);
  CHECK(string_of(reinterpret_cast<const confab_event_message *>(event)->text) == "3");
  CHECK(lost == 3);
}
