// SPDX-License-Identifier: MIT
//
// confab::engine: who owns it, and how it is driven. Mirrors confab/cpp/engine.hpp and options.hpp.
// Protocol appears only where it shows that a call arrived; it is tested elsewhere.
// What must not compile is in tests/abi/compile_fail.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <array>

using hpp_test::chat;
using hpp_test::contains;

TEST_CASE("hpp: bad options throw their status") {
  confab::options options;
  options.line_bytes_max = 3;
  try {
    const confab::engine engine(options);
    FAIL("nothing was thrown");
  } catch (const confab::error &thrown) {
    REQUIRE(thrown.status() == CONFAB_ERR_ARG);
  }
}

TEST_CASE("hpp: options change what one writes, and only that") {
  confab::options options;
  REQUIRE(options.struct_size == sizeof(confab_engine_options));
  options.server_name = confab::str("chat.example");
  chat c{confab::engine(options)};
  const confab::conn_id conn = c.open();
  c.says(conn, "NICK ann\r\nUSER ann 0 * :Ann\r\n");
  REQUIRE(contains(c.hears(conn), ":chat.example 001 ann "));
}

TEST_CASE("hpp: moving an engine takes its connections along") {
  chat c;
  const confab::conn_id conn = c.client("ann");
  confab::engine moved(std::move(c.engine));
  REQUIRE(moved.get(conn)->state == CONFAB_CONN_REGISTERED);
  REQUIRE(moved.find_user("ann").has_value());

  confab::engine other;
  other = std::move(moved);
  REQUIRE(other.find_user("ann").has_value());
  REQUIRE(moved.feed(conn, 0, "PING 1\r\n").status ==
          CONFAB_ERR_STATE); // NOLINT: what is left is closed
}

TEST_CASE("hpp: an engine made in C can be owned") {
  confab_engine *raw = nullptr;
  REQUIRE(confab_engine_create(nullptr, nullptr, &raw) == CONFAB_OK);
  chat c{confab::engine::adopt(raw)};
  REQUIRE(c.client("ann"));
}

TEST_CASE("hpp: feed says how much it took") {
  chat c;
  const confab::conn_id conn = c.open();
  const confab::fed fed = c.engine.feed(conn, 0, "NICK ann\r\n");
  REQUIRE(fed.status == CONFAB_OK);
  REQUIRE(fed.consumed == 10);

  const std::array<std::byte, 2> bytes{std::byte{'\r'}, std::byte{'\n'}};
  REQUIRE(c.engine.feed(conn, 0, bytes).consumed == 2);
}

TEST_CASE("hpp: misuse of the loop comes back as a status") {
  chat c;
  const confab::conn_id conn = c.client("ann");
  REQUIRE(c.engine.tick(1000) == CONFAB_OK);
  REQUIRE(c.engine.tick(999) == CONFAB_ERR_ARG);
  REQUIRE(c.engine.writable(conn) == CONFAB_ERR_STATE);
  REQUIRE(c.engine.closed(conn, 1000, "gone") == CONFAB_OK);
  REQUIRE(c.engine.closed(conn, 1000, "gone") == CONFAB_ERR_STALE_ID);
  REQUIRE(c.engine.feed(conn, 1000, "PING 1\r\n").status == CONFAB_ERR_STALE_ID);
  REQUIRE(c.engine.input_wanted(conn) == CONFAB_ERR_STALE_ID);
}

TEST_CASE("hpp: open throws where try_open answers") {
  confab::options options;
  options.conns_max = 1;
  confab::engine engine(options);
  const confab::conn_id first = engine.open(confab::conn_options{}, 0);
  REQUIRE(first);
  REQUIRE_THROWS_AS(engine.open(confab::conn_options{}, 0), confab::error);
  confab::conn_id second(1);
  REQUIRE(engine.try_open(confab::conn_options{}, 0, second) == CONFAB_ERR_LIMIT);
  REQUIRE_FALSE(second);
}

TEST_CASE("hpp: output is shown until it was sent") {
  chat c;
  const confab::conn_id conn = c.client("ann");
  c.says(conn, "PING token\r\n");
  std::array<confab_slice, 4> slices{};
  std::size_t count = 0;
  REQUIRE(c.engine.output(conn, slices, count) == CONFAB_OK);
  REQUIRE(count == 1);
  const std::string all(static_cast<const char *>(slices[0].ptr), slices[0].len);
  REQUIRE(contains(all, "PONG"));
  REQUIRE(c.engine.sent(conn, 1) == CONFAB_OK);
  REQUIRE(c.hears(conn) == all.substr(1));
  REQUIRE(c.hears(conn).empty());
  REQUIRE(c.engine.sent(conn, 1) == CONFAB_ERR_ARG);
}

TEST_CASE("hpp: closing says goodbye") {
  chat c;
  const confab::conn_id conn = c.client("ann");
  REQUIRE(c.engine.close(conn, 0, "that was it") == CONFAB_OK);
  REQUIRE(c.engine.flush() == CONFAB_OK);
  REQUIRE(contains(c.hears(conn), "that was it"));
  REQUIRE_FALSE(c.engine.find_user("ann").has_value());
}

TEST_CASE("hpp: a second connection of a user hears what the user hears") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  const confab::conn_id bob = c.client("bob", "#tea");
  const confab::conn_id phone = c.open();
  c.engine.attach(phone, 0, c.user("ann"));
  (void)c.hears(phone);
  c.says(bob, "PRIVMSG #tea :hello\r\n");
  REQUIRE(contains(c.hears(ann), "hello"));
  REQUIRE(contains(c.hears(phone), "hello"));
}

TEST_CASE("hpp: the pull queue gives events with their outcome") {
  confab::options options;
  options.events_max = 64;
  chat c{confab::engine(options)};
  const confab::conn_id ann = c.client("ann", "#tea");
  while (c.engine.next_event()) {
  }
  c.says(ann, "TOPIC #tea :milk first\r\n");
  const std::optional<confab::observed> seen = c.engine.next_event();
  REQUIRE(seen.has_value());
  REQUIRE(seen->lost == 0);
  REQUIRE(seen->outcome.outcome == CONFAB_OUTCOME_COMMITTED);
  REQUIRE(seen->event.as<confab::topic>().value().text() == "milk first");
  REQUIRE_FALSE(seen->event.as<confab::message>().has_value());
  REQUIRE_FALSE(c.engine.next_event().has_value());
}

TEST_CASE("hpp: options of a running engine can change") {
  chat c;
  confab::options options;
  options.topic_bytes_max = 5;
  c.engine.configure(options);
  const confab::conn_id ann = c.client("ann", "#tea");
  c.says(ann, "TOPIC #tea :milk first\r\n");
  REQUIRE(confab::view(c.engine.get(c.channel("#tea"))->topic) == "milk ");

  options.casemap =
      options.casemap == CONFAB_CASEMAP_ASCII ? CONFAB_CASEMAP_RFC1459 : CONFAB_CASEMAP_ASCII;
  REQUIRE_THROWS_AS(c.engine.configure(options), confab::error);
  REQUIRE(c.engine.last_error().status == CONFAB_ERR_STATE);
}
