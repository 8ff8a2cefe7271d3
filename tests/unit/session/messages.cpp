// SPDX-License-Identifier: MIT
//
// Connections whose bytes come and go as whole messages (CONFAB_CONN_MESSAGES), as on a WebSocket:
// what is one message, that it is taken whole or not at all, what slices hold, and what a host may
// acknowledge. The fixture checks of every slice that it is one message.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <array>

using namespace confab;
using namespace confab::test;

namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::string pong(std::string_view word) {
  return ":confab.local PONG confab.local :" + std::string(word) + "\r\n";
}

struct web : engine_fixture {
  web() : web(setup{}) {}
  explicit web(const setup &with) : engine_fixture(with) {
    ann = open("192.0.2.1", CONFAB_CONN_MESSAGES);
    enter(ann, "ann");
  }

  // One message as it is; `taken` says how much of it was.
  confab_status send(std::string_view message) {
    const std::vector<char> copy(message.begin(), message.end());
    taken = 99;
    return confab_conn_feed(engine, ann, now, copy.data(), copy.size(), &taken);
  }

  std::vector<std::string> slices(std::size_t max = 64) {
    ignore(confab_engine_flush(engine));
    std::vector<confab_slice> shown(max);
    std::size_t count = 0;
    ignore(confab_conn_output(engine, ann, shown.data(), max, &count));
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
      out.emplace_back(static_cast<const char *>(shown[i].ptr), shown[i].len);
    return out;
  }

  confab_conn_info info() const {
    confab_conn_info out{};
    out.struct_size = sizeof out;
    ignore(confab_conn_get(engine, ann, &out));
    return out;
  }

  // From now on commands wait behind a question that the host does not answer.
  void block() {
    host.on_request = [](const confab_request &) {
      return static_cast<confab_status>(CONFAB_PARKED);
    };
    REQUIRE(send("OPER root pw") == CONFAB_OK);
    REQUIRE(stats().parked == 1);
  }
  void unblock() {
    ignore(confab_request_resolve(engine, host.asked.back().id, CONFAB_ERR_DENIED, {}));
  }

  confab_id ann = 0;
  std::size_t taken = 0;
};

const std::string pong_one = ":confab.local PONG confab.local :one";
const std::string pong_two = ":confab.local PONG confab.local :two";
const std::string pong_three = ":confab.local PONG confab.local :three";

} // namespace

TEST_CASE("messages in: one is a line with or without an end, with ends inside it is several") {
  struct row {
    std::string message, answer;
  };
  const row rows[] = {
      {"PING one", pong("one")},
      {"PING one\r\n", pong("one")},
      {"PING one\n", pong("one")},
      {"PING one\r", pong("one")},
      {"PING one\nPING two", pong("one") + pong("two")},
      {"\r\n\nPING one\r\n\r\nPING two\n\n", pong("one") + pong("two")},
      {"", ""},
      {"\r\n", ""},
      {"PING :a b", pong("a b")},
  };
  for (const row &r : rows) {
    INFO(r.message);
    web chat;
    CHECK(chat.send(r.message) == CONFAB_OK);
    CHECK(chat.taken == r.message.size());
    CHECK(chat.read(chat.ann) == r.answer);
    CHECK(chat.info().input_backlog_bytes == 0);
    // The end of a message ends its line: nothing of it runs into the next.
    CHECK(chat.send("PING next") == CONFAB_OK);
    CHECK(chat.read(chat.ann) == pong("next"));
    CHECK(chat.broken() == "");
  }
}

TEST_CASE("messages in: a stream and messages are answered alike") {
  web chat;
  const confab_id bob = chat.enter("bob");
  for (const char *line : {"JOIN #x", "TOPIC #x :words", "WHO #x", "MODE #x +b a!*@*", "MODE #x b",
                           "WHOIS ann", "LUSERS", "NOSUCH", "MOTD"}) {
    chat.read_all();
    INFO(line);
    CHECK(chat.send(line) == CONFAB_OK);
    const std::string mine = chat.read(chat.ann);
    CHECK(mine.ends_with("\r\n"));
    chat.say(bob, "PRIVMSG ann :" + std::string(line));
    CHECK(chat.read(chat.ann) == ":bob!bob@192.0.2.1 PRIVMSG ann :" + std::string(line) + "\r\n");
  }
  CHECK(chat.broken() == "");
}

TEST_CASE("messages in: a line over the limit gets 417, and the next message is its own") {
  web chat;
  const std::string longest = "PING :" + std::string(504, 'x'); // 510 bytes and CR LF: just legal
  CHECK(chat.send(longest) == CONFAB_OK);
  CHECK(has(chat.read(chat.ann), "PONG"));
  for (const char *end : {"", "\r\n"}) {
    CHECK(chat.send(longest + "y" + end) == CONFAB_OK);
    CHECK(has(chat.read(chat.ann), " 417 ann "));
    CHECK(chat.send("PING one") == CONFAB_OK);
    CHECK(chat.read(chat.ann) == pong("one"));
  }
  CHECK(chat.send(longest + "y\nPING two") == CONFAB_OK);
  const std::string told = chat.read(chat.ann);
  CHECK(has(told, " 417 ann "));
  CHECK(told.ends_with(pong("two")));
}

TEST_CASE("messages in: one that finds no room is not taken at all, and comes again later") {
  web chat({false, [](confab_engine_options &o) { o.input_backlog_bytes_max = 1024; }});
  chat.block();
  CHECK(confab_conn_input_wanted(chat.engine, chat.ann) == CONFAB_OK);
  const std::string half = "PING :" + std::string(480, 'a');
  CHECK(chat.send(half) == CONFAB_OK);
  CHECK(confab_conn_input_wanted(chat.engine, chat.ann) == CONFAB_AGAIN);
  CHECK(chat.send(half) == CONFAB_OK); // there is still room for this one
  const std::string before = chat.dump();
  CHECK(chat.send("PING :" + std::string(100, 'c')) == CONFAB_AGAIN);
  CHECK(chat.taken == 0);
  CHECK(chat.send("") == CONFAB_OK);
  CHECK(chat.dump() == before);
  CHECK(chat.send("PING :small") == CONFAB_OK);
  CHECK(chat.read(chat.ann) == "");
  chat.unblock();
  const std::string told = chat.read(chat.ann);
  CHECK(has(told, " 464 "));
  CHECK(told.find("aaa") < told.find(":small"));
  CHECK(confab_conn_input_wanted(chat.engine, chat.ann) == CONFAB_OK);
  CHECK(chat.send("PING :" + std::string(100, 'c')) == CONFAB_OK);
  CHECK(has(chat.read(chat.ann), "ccc"));
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("messages in: several lines of one message wait together and in order") {
  web chat;
  chat.host.on_request = [](const confab_request &) {
    return static_cast<confab_status>(CONFAB_PARKED);
  };
  CHECK(chat.send("PING one\nOPER root pw\nPING two\nPING three") == CONFAB_OK);
  CHECK(chat.read(chat.ann) == pong("one"));
  CHECK(chat.info().input_backlog_bytes > 0);
  CHECK(chat.send("PING four") == CONFAB_OK);
  chat.unblock();
  CHECK(chat.read(chat.ann).ends_with(pong("two") + pong("three") + pong("four")));
  CHECK(chat.broken() == "");
}

TEST_CASE("messages in: with an empty backlog the longest legal line is taken, blocked or not") {
  web chat({false, [](confab_engine_options &o) {
              o.input_backlog_bytes_max = 1024;
              o.line_bytes_max = 8192;
            }});
  const std::string line = "PING :" + std::string(8000, 'x');
  CHECK(chat.send(line) == CONFAB_OK);
  CHECK(has(chat.read(chat.ann), "PONG"));
  chat.block();
  CHECK(chat.send(line) == CONFAB_OK);
  CHECK(chat.send("PING one") == CONFAB_AGAIN);
  chat.unblock();
  CHECK(has(chat.read(chat.ann), "PONG"));
  // What could never be taken is no reason to wait for ever.
  CHECK(chat.send(std::string(8193, 'x')) == CONFAB_OK);
  CHECK(chat.taken == 8193);
  chat.read(chat.ann);
  CHECK(chat.host.closed[chat.ann] == "Excess Flood");
  CHECK(chat.destroy() == "");
}

TEST_CASE("messages in: a throttled client's wait, and one that floods is closed") {
  web chat({false, [](confab_engine_options &o) {
              o.commands_burst_max = 5;
              o.commands_per_second_max = 2;
              o.input_backlog_bytes_max = 1024;
            }});
  ignore(chat.wait_ms(10'000));
  std::size_t pongs = 0;
  const auto count = [&] {
    const std::string told = chat.read(chat.ann);
    for (std::size_t at = 0; (at = told.find("PONG", at)) != std::string::npos; ++at)
      ++pongs;
  };
  for (int i = 0; i < 9; ++i)
    CHECK(chat.send("PING " + std::to_string(i)) == CONFAB_OK);
  count();
  CHECK(pongs == 5);
  for (int i = 0; i < 30; ++i) {
    ignore(chat.wait_ms(100));
    count();
  }
  CHECK(pongs == 9);
  confab_status status = CONFAB_OK;
  for (int i = 0; i < 300 && status == CONFAB_OK; ++i)
    status = chat.send("PING flood");
  chat.read(chat.ann);
  CHECK(chat.host.closed[chat.ann] == "Excess Flood");
  CHECK(chat.broken() == "");
}

TEST_CASE("messages out: each slice is one message, however they lie in memory") {
  web chat;
  ignore(chat.send("PING one\nPING two\nPING three")); // one block, one range
  const std::vector<std::string> all{pong_one, pong_two, pong_three};
  CHECK(chat.slices() == all);
  CHECK(chat.slices(2) == std::vector<std::string>{pong_one, pong_two});
  CHECK(chat.slices(0).empty());
  ignore(confab_engine_flush(chat.engine)); // not read since the last flush: consolidated
  CHECK(chat.slices() == all);
  ignore(chat.send("PING one"));
  CHECK(chat.slices().size() == 4); // ranges of two blocks
  CHECK(chat.info().output_backlog_bytes ==
        2 * (pong_one.size() + 2) + pong_two.size() + 2 + pong_three.size() + 2);
}

TEST_CASE("messages out: what is acknowledged must end where a message does") {
  web chat;
  ignore(chat.send("PING one\nPING two\nPING three"));
  const std::size_t all = pong_one.size() + pong_two.size() + pong_three.size();
  const std::string before = chat.dump();
  for (const std::size_t wrong : {std::size_t{1}, pong_one.size() - 1, pong_one.size() + 1,
                                  pong_one.size() + 2, all + 1, all + 6, SIZE_MAX})
    CHECK(confab_conn_sent(chat.engine, chat.ann, wrong) == CONFAB_ERR_ARG);
  CHECK(chat.dump() == before);
  const std::uint64_t sent = chat.info().bytes_out;
  CHECK(confab_conn_sent(chat.engine, chat.ann, 0) == CONFAB_OK);
  CHECK(confab_conn_sent(chat.engine, chat.ann, pong_one.size()) == CONFAB_OK);
  CHECK(chat.slices() == std::vector<std::string>{pong_two, pong_three});
  CHECK(confab_conn_sent(chat.engine, chat.ann, pong_two.size() + 1) == CONFAB_ERR_ARG);
  CHECK(confab_conn_sent(chat.engine, chat.ann, pong_two.size() + pong_three.size()) == CONFAB_OK);
  CHECK(chat.slices().empty());
  CHECK(chat.info().bytes_out == sent + all);
  CHECK(chat.info().output_backlog_bytes == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("messages out: a host that pushes may take some of them, and waits for writable") {
  web chat({true, {}});
  chat.host.on_send = [&](confab_id, std::size_t, std::size_t &accepted) {
    accepted = pong_one.size();
    return static_cast<confab_status>(CONFAB_OK);
  };
  ignore(chat.send("PING one\nPING two"));
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.written[chat.ann] == pong_one + "\r\n");
  chat.host.on_send = nullptr;
  CHECK(confab_conn_writable(chat.engine, chat.ann) == CONFAB_OK);
  CHECK(chat.host.written[chat.ann] == pong_one + "\r\n" + pong_two + "\r\n");
  CHECK(chat.broken() == "");
}

TEST_CASE("messages out: half a message that was sent means that the connection is broken") {
  web chat({true, {}});
  const confab_id bob = chat.enter("bob");
  ignore(chat.send("JOIN #x"));
  chat.say(bob, "JOIN #x");
  chat.read_all();
  chat.host.on_send = [&](confab_id conn, std::size_t offered, std::size_t &accepted) {
    accepted = conn == chat.ann ? offered - 1 : offered;
    return static_cast<confab_status>(CONFAB_OK);
  };
  ignore(chat.send("PING one\nPING two"));
  ignore(confab_engine_flush(chat.engine)); // finds out
  CHECK(has(chat.read(bob), ":ann!ann@192.0.2.1 QUIT :Write error"));
  CHECK(chat.host.closed.contains(chat.ann));
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("messages out: a closing connection gets its last message, and close after it") {
  web chat;
  ignore(chat.send("QUIT :bye"));
  const std::vector<std::string> last = chat.slices();
  REQUIRE(last.size() == 1);
  CHECK(last[0] == "ERROR :Closing Link: 192.0.2.1 (Quit: bye)");
  CHECK(confab_conn_sent(chat.engine, chat.ann, last[0].size()) == CONFAB_OK);
  ignore(confab_engine_flush(chat.engine));
  CHECK(chat.host.closed[chat.ann] == "Quit: bye");
  CHECK(chat.destroy() == "");
}

TEST_CASE("messages out: answers of 3,000 rows arrive whole through a backlog of 16 KiB") {
  for (const bool push : {false, true}) {
    web chat({push, [](confab_engine_options &o) { o.output_backlog_bytes_max = 16384; }});
    for (int i = 0; i < 3000; ++i) {
      const std::string nick = "u" + std::to_string(i);
      confab_user_options options = confab_user_options_init();
      options.nick = str_of(nick);
      confab_id made = 0;
      REQUIRE(confab_user_create(chat.engine, &options, &made) == CONFAB_OK);
    }
    ignore(chat.send("WHO *\nPING after"));
    const std::string told = chat.read(chat.ann);
    std::size_t rows = 0;
    for (std::size_t at = 0; (at = told.find(" 352 ann ", at)) != std::string::npos; ++at)
      ++rows;
    CHECK(rows == 3001);
    CHECK(told.ends_with(pong("after")));
    CHECK(chat.broken() == "");
  }
}
