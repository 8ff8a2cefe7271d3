// SPDX-License-Identifier: MIT
//
// What happened while an act waited: names that went, channels that somebody else opened, things
// that are so already, handlers that go or are told that their token is dead. Found by the
// adversary (tests/property) and the matrix (tests/q265267); what deferring is, is in deferral.cpp.
#include "support/catch.hpp"
#include "unit/bus/hooked.hpp"

using namespace confab::test;

namespace {

// Defers each event that it is asked about, and keeps the tokens.
struct deferring {
  deferring(hooked &chat, std::uint32_t type, std::int16_t priority = 0)
      : by(chat.on(
            type, CONFAB_STAGE_POLICY,
            [this](confab_call *c, const confab_event *) {
              confab_id token = 0;
              CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
              tokens.push_back(token);
              return CONFAB_DEFER;
            },
            [=](confab_hook &hook) { hook.priority = priority; })) {}

  std::vector<confab_id> tokens;
  listener &by;
};

confab_status pass(hooked &chat, confab_id token) {
  return confab_deferral_resolve(chat.engine, token, CONFAB_PASS, 0, {}, 0);
}

} // namespace

TEST_CASE("an act that waits twice does not keep the names of what went meanwhile") {
  scene chat({false, [](confab_engine_options &o) { o.events_max = 8; }});
  deferring first(chat, CONFAB_EVENT_MESSAGE, 2), second(chat, CONFAB_EVENT_MESSAGE, 1);
  chat.watch(CONFAB_EVENT_MESSAGE);
  chat.say(chat.ann, "PRIVMSG #x :hello");
  REQUIRE(first.tokens.size() == 1);
  // After a rewrite the core looks the names up again.
  CHECK(confab_deferral_set(chat.engine, first.tokens[0], CONFAB_FIELD_TEXT,
                            CONFAB_STR("rewritten")) == CONFAB_OK);
  CHECK(pass(chat, first.tokens[0]) == CONFAB_OK);
  REQUIRE(second.tokens.size() == 1);
  CHECK(chat.end(chat.bob) == CONFAB_OK);
  CHECK(confab_channel_part(chat.engine, chat.user("ann"), chat.channel("#x"), {}) == CONFAB_OK);
  CHECK(chat.channel("#x") == 0);
  CHECK(has(chat.read(chat.ann), " 403 ann #x "));
  CHECK(second.by.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_CHANNEL});
  REQUIRE(chat.log.size() == 1);
  CHECK(chat.log[0].outcome == CONFAB_OUTCOME_REFUSED);
  CHECK(chat.destroy() == "");
}

TEST_CASE("nor the nick of one who meanwhile took another") {
  scene chat;
  deferring first(chat, CONFAB_EVENT_INVITE, 2), second(chat, CONFAB_EVENT_INVITE, 1);
  chat.say(chat.ann, "INVITE cat #x");
  CHECK(confab_deferral_set(chat.engine, first.tokens.at(0), CONFAB_FIELD_NICK,
                            CONFAB_STR("cat")) == CONFAB_OK);
  CHECK(pass(chat, first.tokens.at(0)) == CONFAB_OK);
  chat.say(chat.cat, "NICK a_longer_nick_than_it_was");
  CHECK(pass(chat, second.tokens.at(0)) == CONFAB_OK);
  CHECK(has(chat.read(chat.ann), " 341 ann a_longer_nick_than_it_was #x"));
  CHECK(chat.destroy() == "");
}

TEST_CASE("a token is dead while its holder is told, whatever for") {
  scene chat;
  const auto refused = [](confab_engine *engine, confab_id token, std::uint32_t) {
    CHECK(confab_deferral_resolve(engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_ERR_STALE_ID);
    confab_id next = 1;
    CHECK(confab_deferral_next(engine, 0, &next) == CONFAB_END);
  };
  deferring holder(chat, CONFAB_EVENT_MESSAGE);
  holder.by.on_cancelled = refused;
  chat.say(chat.ann, "PRIVMSG #x :1");
  CHECK(chat.end(chat.ann) == CONFAB_OK);
  chat.say(chat.bob, "PRIVMSG #x :2");
  ignore(chat.wait_ms(40'000));
  chat.say(chat.bob, "PRIVMSG #x :3");
  CHECK(confab_hook_remove(chat.engine, holder.by.id) == CONFAB_OK);
  CHECK(holder.by.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_ORIGIN,
                                                          CONFAB_CANCELLED_EXPIRED,
                                                          CONFAB_CANCELLED_REMOVED});
  listener &fickle =
      chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [](confab_call *c, const confab_event *) {
        confab_id token = 0;
        CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        return CONFAB_PASS;
      });
  fickle.on_cancelled = refused;
  chat.say(chat.bob, "PRIVMSG #x :4");
  CHECK(fickle.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_VERDICT});
  CHECK(chat.counts(fickle).cancelled_total == 1);
}

TEST_CASE("a token that was resolved was not cancelled, whatever its handler answers then") {
  scene chat;
  listener &rule =
      chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
        confab_id token = 0;
        CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        CHECK(pass(chat, token) == CONFAB_OK);
        return CONFAB_DENY;
      });
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(chat.read(chat.bob) == "");
  CHECK(rule.cancelled.empty());
  CHECK(chat.counts(rule).cancelled_total == 0);
  CHECK(chat.stats().deferrals == 0);
}

TEST_CASE("whose channel and whose origin went in one call is told once") {
  scene chat;
  deferring holder(chat, CONFAB_EVENT_TOPIC);
  chat.say(chat.bob, "PART #x");
  chat.say(chat.ann, "TOPIC #x :tea");
  REQUIRE(holder.tokens.size() == 1);
  CHECK(chat.end(chat.ann) == CONFAB_OK);
  CHECK(chat.channel("#x") == 0);
  CHECK(holder.by.cancelled.size() == 1);
  CHECK(chat.counts(holder.by).cancelled_total == 1);

  // The channel goes first where somebody who waits in it leaves it by an act of the host's, and an
  // observer of that ends the connection before the token's turn comes.
  chat.say(chat.bob, "JOIN #y");
  chat.say(chat.bob, "TOPIC #y :tea");
  REQUIRE(holder.tokens.size() == 2);
  chat.on(CONFAB_EVENT_CHANNEL_CLOSE, CONFAB_STAGE_OBSERVE,
          [&](confab_call *c, const confab_event *) {
            CHECK(confab_conn_close(confab_call_engine(c), chat.bob, chat.now, {}) ==
                  CONFAB_ERR_REENTRANT);
            CHECK(confab_user_quit(confab_call_engine(c), chat.user("bob"), {}) >= 0);
            return CONFAB_PASS;
          });
  CHECK(confab_channel_part(chat.engine, chat.user("bob"), chat.channel("#y"), {}) == CONFAB_OK);
  CHECK(holder.by.cancelled.size() == 2);
  CHECK(holder.by.cancelled.back() == CONFAB_CANCELLED_CHANNEL);
  CHECK(chat.stats().deferrals == 0);
}

TEST_CASE("a hook that took a token and denied is told of it before its denial is lifted") {
  scene chat;
  listener &rule =
      chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [](confab_call *c, const confab_event *) {
        confab_id token = 0;
        CHECK(confab_call_defer(c, 0, &token) == CONFAB_OK);
        return CONFAB_DENY;
      });
  chat.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OVERRIDE, [&](confab_call *c, const confab_event *) {
    CHECK(confab_hook_remove(confab_call_engine(c), rule.id) == CONFAB_OK);
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(rule.cancelled == std::vector<std::uint32_t>{CONFAB_CANCELLED_VERDICT});
  CHECK(rule.released == 1);
  CHECK(chat.read(chat.bob) == "");
}

TEST_CASE("what a handler of the last line out decides and submits is done in the same call") {
  scene chat;
  deferring holder(chat, CONFAB_EVENT_MESSAGE);
  chat.say(chat.ann, "PRIVMSG #x :hello");
  REQUIRE(holder.tokens.size() == 1);
  bool told = false;
  chat.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *) {
    if (!std::exchange(told, true)) {
      CHECK(pass(chat, holder.tokens[0]) == CONFAB_OK);
      CHECK(confab_channel_topic_set(confab_call_engine(c), 0, chat.channel("#x"),
                                     CONFAB_STR("tea")) == CONFAB_QUEUED);
    }
    return CONFAB_PASS;
  });
  confab_event_channel_change change;
  CONFAB_COMMAND_INIT(&change, CONFAB_EVENT_CHANNEL_CHANGE);
  change.channel = chat.channel("#x");
  change.mode = CONFAB_CMODE_SECRET;
  change.set = 1;
  CHECK(confab_command_submit(chat.engine, &change.head, nullptr) == CONFAB_OK);
  CHECK(told);
  CHECK(chat.stats().deferrals == 0);
  CHECK(chat.stats().parked == 0);
  const std::string got = chat.read(chat.bob);
  CHECK(has(got, "MODE #x +s"));
  CHECK(has(got, "PRIVMSG #x :hello"));
  CHECK(has(got, "TOPIC #x :tea"));
}

TEST_CASE("who is going cannot be ended once more by a handler of the line that tells of it") {
  scene chat;
  const confab_id ann = chat.user("ann");
  unsigned tried = 0;
  chat.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_OBSERVE, [&](confab_call *c, const confab_event *e) {
    const auto &line = *reinterpret_cast<const confab_event_line *>(e);
    if (has(string_of(line.text), "QUIT")) {
      ++tried;
      CHECK(confab_user_quit(confab_call_engine(c), ann, {}) >= 0);
    }
    return CONFAB_PASS;
  });
  CHECK(chat.end(chat.ann) == CONFAB_OK);
  CHECK(tried > 0);
  CHECK(chat.user("ann") == 0);
  CHECK(has(chat.read(chat.bob), ":ann!ann@"));
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("a hook that goes together with the channel is told once of its token") {
  scene chat;
  deferring holder(chat, CONFAB_EVENT_MESSAGE);
  chat.on(CONFAB_EVENT_CHANNEL_CLOSE, CONFAB_STAGE_OBSERVE,
          [&](confab_call *c, const confab_event *) {
            CHECK(confab_hook_remove(confab_call_engine(c), holder.by.id) == CONFAB_OK);
            return CONFAB_PASS;
          });
  chat.say(chat.bob, "PART #x");
  chat.say(chat.ann, "PRIVMSG #x :hello");
  CHECK(confab_channel_part(chat.engine, chat.user("ann"), chat.channel("#x"), {}) == CONFAB_OK);
  CHECK(holder.by.cancelled.size() == 1);
  CHECK(holder.by.released == 1);
  CHECK(has(chat.read(chat.ann), " 403 "));
  CHECK(chat.stats().deferrals == 0);
}

TEST_CASE("what is so already when its turn comes ends as done, for observers too") {
  scene chat;
  deferring holder(chat, CONFAB_EVENT_JOIN);
  chat.watch(CONFAB_EVENT_JOIN);
  chat.say(chat.cat, "JOIN #x");
  const confab_id token = holder.tokens.at(0);
  CHECK(confab_hook_remove(chat.engine, holder.by.id) == CONFAB_OK); // denied: closed
  CHECK(chat.log.size() == 1);
  CHECK(pass(chat, token) == CONFAB_ERR_STALE_ID);
  chat.log.clear();
  deferring again(chat, CONFAB_EVENT_JOIN);
  chat.say(chat.cat, "JOIN #x");
  again.by.does = {};
  CHECK(confab_channel_join(chat.engine, chat.user("cat"), CONFAB_STR("#x"), {}) == CONFAB_OK);
  CHECK(chat.log.size() == 1);
  CHECK(pass(chat, again.tokens.at(0)) == CONFAB_OK);
  REQUIRE(chat.log.size() == 2);
  CHECK(chat.log[1].outcome == CONFAB_OUTCOME_COMMITTED);
  CHECK(chat.log[1].seq < chat.log[0].seq);
}

TEST_CASE("an opening that somebody else did meanwhile is told, and does not keep one out") {
  scene chat;
  deferring holder(chat, CONFAB_EVENT_CHANNEL_OPEN);
  chat.watch(CONFAB_EVENT_CHANNEL_OPEN);
  chat.watch(CONFAB_EVENT_JOIN);
  chat.say(chat.cat, "JOIN #new");
  REQUIRE(holder.tokens.size() == 1);
  holder.by.does = {};
  chat.say(chat.bob, "JOIN #new");
  CHECK(chat.log.size() == 2);
  CHECK(pass(chat, holder.tokens[0]) == CONFAB_OK);
  REQUIRE(chat.log.size() == 4);
  CHECK(chat.log[2].type == CONFAB_EVENT_CHANNEL_OPEN);
  CHECK(chat.log[2].outcome == CONFAB_OUTCOME_CANCELLED);
  CHECK(chat.log[3].outcome == CONFAB_OUTCOME_COMMITTED);
  CHECK(has(chat.read(chat.bob), "cat!cat@192.0.2.1 JOIN #new"));
  CHECK(chat.broken() == "");
}

TEST_CASE("what cannot happen any more is not judged any further") {
  scene chat;
  deferring holder(chat, CONFAB_EVENT_TOPIC, 1);
  listener &behind = chat.on(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, {});
  chat.say(chat.bob, "MODE #x"); // a question, so that bob's line is read in order
  chat.say(chat.ann, "TOPIC #x :t");
  CHECK(confab_channel_kick(chat.engine, 0, chat.channel("#x"), chat.user("ann"), {}) == CONFAB_OK);
  CHECK(pass(chat, holder.tokens.at(0)) == CONFAB_OK);
  CHECK(behind.calls == 0);
  CHECK(has(chat.read(chat.ann), " 442 "));
}

TEST_CASE("NAMES of a channel that went before the question came to its turn names no dead one") {
  scene chat;
  unsigned asked = 0;
  chat.on(CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY, [&](confab_call *, const confab_event *e) {
    ++asked;
    CHECK(reinterpret_cast<const confab_event_query *>(e)->channel == 0);
    CHECK(chat.channel("#short") == 0);
    return CONFAB_PASS;
  });
  chat.on(CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *e) {
    confab_event_kick kick;
    CONFAB_COMMAND_INIT(&kick, CONFAB_EVENT_KICK);
    kick.name = CONFAB_STR("#short");
    kick.user = e->actor;
    CHECK(confab_command_submit(confab_call_engine(c), &kick.head, nullptr) == CONFAB_QUEUED);
    return CONFAB_PASS;
  });
  chat.say(chat.cat, "JOIN #short");
  CHECK(asked == 1);
  CHECK(has(chat.read(chat.cat), " 366 "));
}

TEST_CASE("a limit that is set already is passed over, like any mode") {
  scene chat;
  chat.say(chat.ann, "MODE #x +l 7");
  CHECK(has(chat.read(chat.bob), "MODE #x +l 7"));
  chat.watch(CONFAB_EVENT_CHANNEL_CHANGE);
  chat.say(chat.ann, "MODE #x +l 7");
  CHECK(chat.read(chat.bob) == "");
  CHECK(chat.log.empty());
  chat.say(chat.ann, "MODE #x +l 8");
  CHECK(has(chat.read(chat.bob), "MODE #x +l 8"));
  chat.say(chat.ann, "MODE #x +l 0");
  CHECK(has(chat.read(chat.ann), " 696 "));
}
