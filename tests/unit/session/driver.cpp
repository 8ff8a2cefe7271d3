// SPDX-License-Identifier: MIT
//
// Driving: how bytes leave to hosts that push and hosts that pull, what happens to those that read
// slowly, flood or fall silent, users with several sessions or none, long answers against a small
// backlog, questions that the host answers later. What single commands answer is in the
// conformance suite.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <algorithm>

using namespace confab;
using namespace confab::test;

namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string_view::npos; ++n)
    at += part.size();
  return n;
}

engine_fixture::setup pushing() { return {true, {}}; }

confab_id make_bot(engine_fixture &chat, std::string_view nick) {
  confab_user_options options = confab_user_options_init();
  options.nick = str_of(nick);
  confab_id out = 0;
  ignore(confab_user_create(chat.engine, &options, &out));
  return out;
}

} // namespace

TEST_CASE("push: one gathered send for each connection and flush, however much was fed") {
  engine_fixture chat(pushing());
  const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
  chat.say(ann, "JOIN #x");
  chat.say(bob, "JOIN #x");
  chat.read_all();
  chat.host.sends.clear();
  for (int i = 0; i < 50; ++i) {
    chat.say(ann, "PRIVMSG #x :from ann");
    chat.say(bob, "PRIVMSG #x :from bob");
  }
  CHECK(chat.host.sends.empty()); // feeding only queues
  CHECK(confab_engine_deadline(chat.engine) <= chat.now);
  CHECK(confab_engine_flush(chat.engine) == CONFAB_OK);
  CHECK(chat.host.sends[ann] == 1);
  CHECK(chat.host.sends[bob] == 1);
  CHECK(count_of(chat.host.written[ann], "from bob") == 50);
  CHECK(chat.stats().backlog_bytes == 0);
  CHECK(chat.host.problem == "");
}

TEST_CASE("push: what is not accepted waits for writable, and comes whole and in order") {
  engine_fixture chat(pushing());
  const confab_id ann = chat.enter("ann");
  chat.host.on_send = [](confab_id, std::size_t offered, std::size_t &accepted) {
    accepted = std::min<std::size_t>(offered, 7);
    return static_cast<confab_status>(CONFAB_OK);
  };
  chat.say(ann, "PING one\r\nPING two");
  ignore(confab_engine_flush(chat.engine));
  ignore(confab_engine_flush(chat.engine)); // nothing new: not asked again
  CHECK(chat.host.written[ann].size() == 7);
  chat.host.on_send = [](confab_id, std::size_t, std::size_t &accepted) {
    accepted = 0;
    return static_cast<confab_status>(CONFAB_OK);
  };
  CHECK(confab_conn_writable(chat.engine, ann) == CONFAB_OK);
  CHECK(chat.host.written[ann].size() == 7);
  chat.host.on_send = nullptr;
  CHECK(confab_conn_writable(chat.engine, ann) == CONFAB_OK);
  CHECK(chat.host.written[ann] ==
        ":confab.local PONG confab.local :one\r\n:confab.local PONG confab.local :two\r\n");
}

TEST_CASE("push: a failing or lying socket is closed once, and others see why") {
  for (const bool lies : {true, false}) {
    engine_fixture chat(pushing());
    const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
    chat.say(ann, "JOIN #x");
    chat.say(bob, "JOIN #x");
    chat.read_all();
    chat.host.on_send = [=](confab_id conn, std::size_t offered, std::size_t &accepted) {
      if (conn == ann)
        accepted = offered + 1;
      return static_cast<confab_status>(conn == ann && !lies ? CONFAB_ERR_STATE : CONFAB_OK);
    };
    chat.say(ann, "PING x");
    ignore(confab_engine_flush(chat.engine)); // finds out
    CHECK(confab_engine_deadline(chat.engine) <= chat.now);
    const std::string told = chat.read(bob);
    CHECK(has(told, ":ann!ann@192.0.2.1 QUIT :Write error"));
    CHECK(chat.host.closed.size() == 1);
    CHECK(chat.host.closed.contains(ann));
    CHECK(chat.broken() == "");
    CHECK(chat.destroy() == "");
  }
}

TEST_CASE("pull: output_pending is an edge, once until the output was empty again") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  chat.host.pendings.clear();
  for (int i = 0; i < 3; ++i) {
    chat.say(ann, "PING x");
    ignore(confab_engine_flush(chat.engine));
  }
  CHECK(chat.host.pendings[ann] == 1);
  ignore(confab_conn_sent(chat.engine, ann, 5)); // not all
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.pendings[ann] == 1);
  CHECK(count_of(chat.read(ann), "PONG") == 3);
  chat.say(ann, "PING x");
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.pendings[ann] == 2);
}

TEST_CASE("a reader who does not read is closed with a reason, and holds nobody up") {
  engine_fixture chat(
      {false, [](confab_engine_options &o) { o.output_backlog_bytes_max = 16384; }});
  const confab_id ann = chat.enter("ann"), slow = chat.enter("slow"), bob = chat.enter("bob");
  for (const confab_id conn : {ann, slow, bob})
    chat.say(conn, "JOIN #x");
  chat.read_all();
  std::string told;
  const std::string text(400, 'x');
  for (int i = 0; i < 60; ++i) {
    chat.say(ann, "PRIVMSG #x :" + text);
    told += chat.read(bob);
  }
  CHECK(count_of(told, "PRIVMSG #x") == 60);
  CHECK(has(told, ":slow!slow@192.0.2.1 QUIT :SendQ exceeded"));
  CHECK(chat.user("slow") == 0);
  CHECK(chat.host.closed.size() == 1);
  CHECK(chat.host.closed[slow] == "SendQ exceeded");
  CHECK(chat.broken() == "");
}

TEST_CASE("a closing connection gets its last bytes, and close comes once after them") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  chat.say(ann, "QUIT :bye");
  CHECK(chat.user("ann") == 0);
  CHECK(chat.host.closed.empty());
  CHECK(chat.say(ann, "PRIVMSG #x :more") == CONFAB_OK); // taken and dropped
  CHECK(has(chat.read(ann), "ERROR :Closing Link"));
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.closed[ann] == "Quit: bye");
  CHECK(confab_conn_input_wanted(chat.engine, ann) == CONFAB_ERR_STALE_ID);
  CHECK(chat.destroy() == "");
}

TEST_CASE("a closing connection that never reads is closed when its time is over") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  chat.say(ann, "QUIT :bye");
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.closed.empty());
  CHECK(confab_engine_deadline(chat.engine) != CONFAB_TIME_NEVER);
  ignore(chat.wait_ms(6'000));
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.closed.contains(ann));
}

TEST_CASE("silence: one is asked, and goes when it does not answer; who never registers goes too") {
  engine_fixture chat;
  const confab_id quiet = chat.enter("quiet"), lively = chat.enter("lively");
  chat.say(quiet, "JOIN #x");
  chat.say(lively, "JOIN #x");
  const confab_id never = chat.open();
  chat.read_all();
  ignore(chat.wait_ms(31'000));
  chat.read(never);
  CHECK(chat.host.closed[never] == "Registration timed out");
  ignore(chat.wait_ms(90'000));
  CHECK(has(chat.read(quiet), "PING :confab.local"));
  chat.say(lively, "PONG x");
  ignore(chat.wait_ms(61'000));
  CHECK(has(chat.read(lively), "QUIT :Ping timeout"));
  CHECK(chat.user("quiet") == 0);
  CHECK(chat.user("lively") != 0);
}

TEST_CASE("a throttled client's commands wait, and one who floods is closed") {
  engine_fixture chat({false, [](confab_engine_options &o) {
                         o.commands_burst_max = 5;
                         o.commands_per_second_max = 2;
                         o.input_backlog_bytes_max = 1024;
                       }});
  const confab_id ann = chat.enter("ann");
  ignore(chat.wait_ms(10'000));
  chat.read(ann);
  std::string lines;
  for (int i = 0; i < 9; ++i)
    lines += "PING " + std::to_string(i) + "\r\n";
  CHECK(chat.say(ann, lines) == CONFAB_OK);
  CHECK(count_of(chat.read(ann), "PONG") == 5);
  std::size_t later = 0;
  for (int i = 0; i < 30; ++i) {
    ignore(chat.wait_ms(100));
    later += count_of(chat.read(ann), "PONG");
  }
  CHECK(later == 4);
  for (int i = 0; i < 300; ++i)
    ignore(chat.say(ann, "PING flood"));
  chat.read(ann);
  CHECK(chat.host.closed[ann] == "Excess Flood");
  CHECK(chat.broken() == "");
}

TEST_CASE(
    "a user with several sessions is one user: all hear, and only the last one's end is seen") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
  chat.say(ann, "JOIN #x");
  chat.say(bob, "JOIN #x");
  const confab_id second = chat.open();
  CHECK(confab_conn_attach(chat.engine, second, chat.now, chat.user("ann")) == CONFAB_OK);
  const std::string welcome = chat.read(second);
  CHECK(has(welcome, " 001 ann "));
  CHECK(has(welcome, "JOIN #x"));
  CHECK(has(welcome, " 366 ann #x "));
  chat.read_all();
  chat.say(bob, "PRIVMSG #x :to all\r\nPRIVMSG ann :to ann");
  for (const confab_id conn : {ann, second}) {
    const std::string told = chat.read(conn);
    CHECK(has(told, "PRIVMSG #x :to all"));
    CHECK(has(told, "PRIVMSG ann :to ann"));
  }
  chat.say(second, "PRIVMSG #x :from the second");
  CHECK(has(chat.read(ann), "from the second")); // one's other sessions see it
  CHECK_FALSE(has(chat.read(second), "from the second"));
  CHECK(has(chat.read(bob), ":ann!"));
  CHECK(chat.broken() == "");
  chat.say(ann, "QUIT :one");
  CHECK(chat.read(bob) == "");
  CHECK(chat.user("ann") != 0);
  chat.say(second, "QUIT :two");
  CHECK(has(chat.read(bob), "QUIT :Quit: two"));
  CHECK(chat.user("ann") == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("attaching survives filters that throw the user out meanwhile") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  chat.say(ann, "JOIN #x,#y,#z");
  chat.read_all();
  confab_hook hook = confab_hook_init();
  hook.type = CONFAB_EVENT_QUERY;
  hook.stage = CONFAB_STAGE_OBSERVE;
  hook.ctx = &chat;
  hook.call = [](void *ctx, confab_call *call, const confab_event *event) -> confab_verdict {
    auto &self = *static_cast<engine_fixture *>(ctx);
    ignore(confab_channel_kick(confab_call_engine(call), 0, self.channel("#y"), event->actor, {}));
    ignore(confab_user_quit(confab_call_engine(call), event->actor, CONFAB_STR("out")));
    return CONFAB_PASS;
  };
  ignore(confab_hook_add(chat.engine, &hook, nullptr));
  const confab_id second = chat.open();
  CHECK(confab_conn_attach(chat.engine, second, chat.now, chat.user("ann")) == CONFAB_OK);
  CHECK(chat.user("ann") == 0);
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("the host's own users come, speak and leave with the reason it gives") {
  engine_fixture chat;
  const confab_id ann = chat.enter("ann");
  chat.say(ann, "JOIN #x");
  chat.read_all();
  const confab_id bot = make_bot(chat, "bot");
  CHECK(confab_channel_join(chat.engine, bot, CONFAB_STR("#x"), {}) == CONFAB_OK);
  CHECK(confab_message_send(chat.engine, bot, CONFAB_MESSAGE_NOTICE, chat.channel("#x"),
                            CONFAB_STR("hello")) == CONFAB_OK);
  CHECK(confab_user_quit(chat.engine, bot, CONFAB_STR("maintenance")) == CONFAB_OK);
  const std::string told = chat.read(ann);
  CHECK(has(told, ":bot!host@confab.local JOIN #x"));
  CHECK(has(told, "NOTICE #x :hello"));
  CHECK(has(told, "QUIT :maintenance"));
  CHECK(chat.user("bot") == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("answers of 5,000 rows arrive whole through a backlog of 16 KiB, and PONG after them") {
  for (const bool push : {false, true}) {
    engine_fixture chat({push, [](confab_engine_options &o) {
                           o.output_backlog_bytes_max = 16384;
                           o.channels_per_user_max = 6000;
                         }});
    const confab_id owner = make_bot(chat, "owner");
    for (int i = 0; i < 5000; ++i) {
      const std::string name = "#room" + std::to_string(i), nick = "u" + std::to_string(i);
      REQUIRE(confab_channel_join(chat.engine, owner, str_of(name), {}) == CONFAB_OK);
      REQUIRE(make_bot(chat, nick) != 0);
    }
    const confab_id ann = chat.enter("ann");
    chat.say(ann, "LIST\r\nPING after-list\r\nWHO *\r\nPING after-who");
    CHECK(chat.stats().backlog_bytes <= 16384);
    const std::string told = chat.read(ann);
    CHECK(count_of(told, " 322 ann #room") == 5000);
    CHECK(count_of(told, " 352 ann ") >= 5001);
    CHECK(told.find(" 323 ") < told.find("after-list"));
    CHECK(told.find("after-list") < told.find(" 352 "));
    CHECK(told.find(" 315 ") < told.find("after-who"));
    CHECK(has(told, "after-who"));
    CHECK(chat.host.closed.empty());
    CHECK(chat.broken() == "");
  }
}

TEST_CASE("whoever asks much at once is answered in full, as fast as it reads") {
  const std::string motd(1000, 'm');
  for (const bool push : {false, true}) {
    INFO("push " << push);
    engine_fixture chat({push, [&](confab_engine_options &o) {
                           o.output_backlog_bytes_max = 16384;
                           o.list_entries_max = 300;
                           o.motd = str_of(motd);
                         }});
    const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
    chat.say(ann, "JOIN #x");
    for (int i = 0; i < 300; ++i) {
      chat.say(ann, "MODE #x +b " + std::string(60, 'x') + std::to_string(i));
      (void)chat.read(ann);
    }
    // Twice the bound in one line, and a hundred times it in one piece.
    chat.say(ann, "MODE #x b\r\nPING after-list");
    CHECK(chat.stats().backlog_bytes <= 16384);
    const std::string list = chat.read(ann);
    CHECK(count_of(list, " 367 ann #x ") == 300);
    CHECK(list.find(" 368 ann #x ") < list.find("after-list"));
    std::string lines;
    for (int i = 0; i < 4000; ++i)
      lines += "MOTD\r\n";
    lines += "PING after-all\r\n";
    std::size_t taken = 0, answers = 0;
    std::string told;
    for (int turn = 0; turn < 4000 && !has(told, "after-all"); ++turn) {
      std::size_t consumed = 0;
      const std::string_view rest = std::string_view(lines).substr(taken);
      CHECK(confab_conn_feed(chat.engine, ann, chat.now, rest.data(), rest.size(), &consumed) >= 0);
      taken += consumed;
      CHECK(chat.stats().backlog_bytes <= 16384);
      told = chat.read(ann);
      answers += count_of(told, " 376 ann ");
    }
    CHECK(taken == lines.size());
    CHECK(answers == 4000);
    // Who never reads is not listened to, and holds no more than the bounds; others are served.
    CHECK(confab_conn_feed(chat.engine, bob, chat.now, lines.data(), lines.size(), nullptr) >= 0);
    CHECK(chat.stats().backlog_bytes <= 16384);
    CHECK(confab_conn_input_wanted(chat.engine, bob) == CONFAB_AGAIN);
    chat.say(ann, "PING here");
    CHECK(has(chat.read(ann), "here"));
    CHECK(chat.host.closed.empty());
    CHECK(chat.broken() == "");
  }
}

TEST_CASE(
    "a question that the host parks holds its asker up, nobody else, and may come to nothing") {
  for (const char *end : {"grant", "refuse", "gone"}) {
    INFO(end);
    engine_fixture chat;
    const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
    chat.host.on_request = [](const confab_request &) {
      return static_cast<confab_status>(CONFAB_PARKED);
    };
    chat.say(ann, "OPER root pw\r\nPRIVMSG bob :after\r\nPING z");
    CHECK(chat.stats().parked == 1);
    CHECK(chat.host.passwords.back() == "pw");
    CHECK(chat.read(ann) == "");
    chat.say(bob, "PING b");
    CHECK(has(chat.read(bob), "PONG"));
    const confab_id question = chat.host.asked.back().id;
    if (std::string_view(end) == "gone") {
      chat.end(ann);
      CHECK(confab_request_resolve(chat.engine, question, CONFAB_OK, {}) == CONFAB_ERR_STALE_ID);
    } else {
      const confab_status answer = std::string_view(end) == "grant" ? CONFAB_OK : CONFAB_ERR_DENIED;
      CHECK(confab_request_resolve(chat.engine, question, answer, CONFAB_STR("no way")) ==
            CONFAB_OK);
      CHECK(confab_request_resolve(chat.engine, question, answer, {}) == CONFAB_ERR_STALE_ID);
      const std::string told = chat.read(ann);
      CHECK(has(told, answer == CONFAB_OK ? " 381 " : "464 ann :no way"));
      CHECK(has(told, "PONG confab.local :z"));
      CHECK(has(chat.read(bob), "PRIVMSG bob :after"));
    }
    CHECK(chat.stats().parked == 0);
    CHECK(chat.broken() == "");
    CHECK(chat.destroy() == "");
  }
}

TEST_CASE("many mode changes in one command go out as lines that clients can read") {
  engine_fixture chat({false, [](confab_engine_options &o) { o.modes_max = 40; }});
  const confab_id ann = chat.enter("ann");
  chat.say(ann, "JOIN #x");
  chat.read_all();
  std::string letters = "+", masks;
  for (int i = 0; i < 30; ++i) { // a command of a client has 15 parameters at most
    confab_event_access access;
    CONFAB_COMMAND_INIT(&access, CONFAB_EVENT_ACCESS);
    const std::string mask = "m" + std::to_string(i) + "!*@*";
    access.channel = chat.channel("#x");
    access.set = 1;
    access.mask = str_of(mask);
    CHECK(confab_command_submit(chat.engine, &access.head, nullptr) == CONFAB_OK);
  }
  chat.say(ann, "MODE #x +bbbbbbbbbbbbb a b c d e f g h i j k l m");
  const std::string told = chat.read(ann);
  CHECK(count_of(told, "MODE #x +") >= 3);
  CHECK(has(told, "m29!*@*"));
  CHECK(has(told, "m!*@*\r\n"));
}
