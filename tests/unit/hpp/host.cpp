// SPDX-License-Identifier: MIT
//
// Hosts as classes: what they are given, what their exceptions become, and who owns them. Mirrors
// confab/cpp/host.hpp. No sockets: the hosts here are strings.
// What the engine does for each callback is tested elsewhere.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <map>
#include <memory>
#include <stdexcept>
#include <vector>

using hpp_test::chat;
using hpp_test::contains;

namespace {

struct pushing : confab::push_host {
  std::size_t room = SIZE_MAX;
  bool broken = false;
  std::string sent;
  std::size_t sends = 0;
  std::map<confab::conn_id, std::string> closed;
  std::size_t random_bytes = 0;
  confab_status answer = CONFAB_OK;
  void *seen_ctx = nullptr;

  confab_status send(confab::conn_id, void *conn_ctx, std::span<const confab_slice> slices,
                     std::size_t &accepted) override {
    ++sends;
    seen_ctx = conn_ctx;
    if (broken) {
      throw std::runtime_error("broken");
    }
    accepted = 0;
    for (const confab_slice &slice : slices) {
      const std::size_t part = std::min(slice.len, room);
      sent.append(static_cast<const char *>(slice.ptr), part);
      room -= part;
      accepted += part;
    }
    return CONFAB_OK;
  }
  confab_status close(confab::conn_id conn, void *, std::string_view why) override {
    closed.emplace(conn, why);
    return CONFAB_OK;
  }
  confab_status random(std::span<std::byte> bytes) override {
    random_bytes += bytes.size();
    for (std::byte &byte : bytes) {
      byte = std::byte{42};
    }
    return CONFAB_OK;
  }
  confab_status request(const confab_request &request) override {
    return request.kind == CONFAB_REQUEST_PASSWORD ? answer : CONFAB_ERR_DENIED;
  }
};

struct pulling : confab::pull_host {
  std::size_t pending = 0;
  std::size_t *deleted = nullptr;

  confab_status output_pending(confab::conn_id, void *) override {
    ++pending;
    return CONFAB_OK;
  }
  ~pulling() override {
    if (deleted != nullptr) {
      ++*deleted;
    }
  }
};

} // namespace

TEST_CASE("hpp: options carry trust and messages, and a pushing host gets one for each slice") {
  pushing host;
  chat c{confab::engine(confab::options{}, host)};
  confab::conn_options options;
  options.address = confab::str("192.0.2.7");
  options.flags = CONFAB_CONN_MESSAGES;
  options.trust = CONFAB_TRUST_FORWARDED;
  const confab::conn_id conn = c.engine.open(options, 0);
  c.says(conn, "PING one\nPING two");
  CHECK(host.sends == 1);
  CHECK(host.sent == ":confab.local PONG confab.local :one:confab.local PONG confab.local :two");
  confab_conn_info info{};
  info.struct_size = sizeof info;
  REQUIRE(confab_conn_get(c.engine.raw(), conn.raw(), &info) == CONFAB_OK);
  CHECK(info.trust == CONFAB_TRUST_FORWARDED);
}

TEST_CASE("hpp: a pushing host is sent to once per flush") {
  pushing host;
  chat c{confab::engine(confab::options{}, host)};
  REQUIRE(host.random_bytes > 0);

  confab::conn_options options;
  options.ctx = &host;
  const confab::conn_id conn = c.engine.open(options, 0);
  REQUIRE(c.engine.feed(conn, 0, "NICK ann\r\nUSER ann 0 * :Ann\r\n").status == CONFAB_OK);
  REQUIRE(host.sends == 0);
  REQUIRE(c.engine.flush() == CONFAB_OK);
  REQUIRE(host.sends == 1);
  REQUIRE(host.seen_ctx == &host);
  REQUIRE(contains(host.sent, " 001 ann "));
}

TEST_CASE("hpp: what a host does not take stays until the socket is writable") {
  pushing host;
  chat c{confab::engine(confab::options{}, host)};
  host.room = 10;
  const confab::conn_id conn = c.open();
  c.says(conn, "NICK ann\r\nUSER ann 0 * :Ann\r\n");
  REQUIRE(host.sent.size() == 10);
  host.room = SIZE_MAX;
  REQUIRE(c.engine.writable(conn) == CONFAB_OK);
  REQUIRE(contains(host.sent, " 001 ann "));
  REQUIRE(host.sent.substr(host.sent.size() - 2) == "\r\n");
}

TEST_CASE("hpp: an exception in send breaks that connection and nothing else") {
  pushing host;
  chat c{confab::engine(confab::options{}, host)};
  const confab::conn_id ann = c.client("ann");
  host.broken = true;
  c.says(ann, "PING 1\r\n");
  REQUIRE(c.engine.flush() == CONFAB_OK);
  REQUIRE(host.closed.count(ann) == 1);
  REQUIRE_FALSE(c.engine.find_user("ann").has_value());

  host.broken = false;
  REQUIRE(c.client("bob"));
  REQUIRE(c.engine.find_user("bob").has_value());
}

TEST_CASE("hpp: a host may refuse a password") {
  pushing host;
  confab::options options;
  options.flags |= CONFAB_ENGINE_PASSWORD_REQUIRED;
  chat c{confab::engine(options, host)};
  host.answer = CONFAB_ERR_DENIED;
  c.says(c.open(), "NICK ann\r\nUSER ann 0 * :Ann\r\n");
  REQUIRE_FALSE(c.engine.find_user("ann").has_value());
  REQUIRE(host.closed.size() == 1);

  host.answer = CONFAB_OK;
  c.says(c.open(), "NICK ann\r\nUSER ann 0 * :Ann\r\n");
  REQUIRE(c.engine.find_user("ann").has_value());
}

TEST_CASE("hpp: a pulling host is told once that there is output") {
  pulling host;
  chat c{confab::engine(confab::options{}, host)};
  const confab::conn_id conn = c.open();
  c.says(conn, "NICK ann\r\nUSER ann 0 * :Ann\r\n");
  REQUIRE(host.pending == 1);
  c.says(conn, "PING 1\r\n");
  REQUIRE(host.pending == 1); // it has not been taken yet: no edge
  REQUIRE(contains(c.hears(conn), "PONG"));
  c.says(conn, "PING 2\r\n");
  REQUIRE(host.pending == 2);
}

TEST_CASE("hpp: a host that was given away is deleted once, whatever happens") {
  std::size_t deleted = 0;
  const auto make = [&] {
    auto host = std::make_unique<pulling>();
    host->deleted = &deleted;
    return host;
  };
  {
    confab::engine engine(confab::options{}, make());
    confab::engine moved(std::move(engine));
    REQUIRE(deleted == 0);
  }
  REQUIRE(deleted == 1);

  confab::options bad;
  bad.line_bytes_max = 3;
  REQUIRE_THROWS_AS(confab::engine(bad, make()), confab::error);
  REQUIRE(deleted == 2);
}

TEST_CASE("hpp: destroying an engine closes what is open") {
  pushing host;
  confab::conn_id conn;
  {
    chat c{confab::engine(confab::options{}, host)};
    conn = c.client("ann");
    REQUIRE(host.closed.empty());
  }
  REQUIRE(host.closed.count(conn) == 1);
}

TEST_CASE("hpp: a host may end before its engines, and after them") {
  struct taking : confab::push_host {
    confab_status send(confab::conn_id, void *, std::span<const confab_slice> slices,
                       std::size_t &accepted) override {
      for (const confab_slice &slice : slices) {
        accepted += slice.len;
      }
      ++sends;
      return CONFAB_OK;
    }
    confab_status clock(confab_time &now) override {
      now = 0;
      return CONFAB_OK;
    }
    int sends = 0;
  };
  auto host = std::make_unique<taking>();
  std::vector<confab::engine> engines;
  for (int i = 0; i < 3; ++i) {
    engines.emplace_back(confab::options{}, *host);
  }
  engines.erase(engines.begin() + 1); // the middle of its links
  confab::engine &engine = engines.front();
  engine.on<confab::message>(confab::observe, [](confab::call &, const confab::message &) {});
  const confab::conn_id ann = engine.open(confab::conn_options{}, 0);
  REQUIRE(engine.feed(ann, 0, "NICK ann\r\nUSER a 0 * :A\r\n").status == CONFAB_OK);
  REQUIRE(engine.flush() == CONFAB_OK);
  REQUIRE(host->sends == 1);

  host.reset();
  CHECK(engine.feed(ann, 0, "PRIVMSG ann :hello\r\n").status == CONFAB_OK);
  CHECK(engine.flush() == CONFAB_OK);
  CHECK(engine.flush() == CONFAB_OK);       // after the one that found it broken
  CHECK_FALSE(engine.get(ann).has_value()); // nobody takes what is sent to it
  CHECK(engines.back().flush() == CONFAB_OK);
}

TEST_CASE("hpp: a host that gave no engine is free of it") {
  struct quiet : confab::pull_host {};
  quiet host;
  confab::options wrong;
  wrong.line_bytes_max = 3;
  CHECK_THROWS_AS(confab::engine(wrong, host), confab::error);
  CHECK(confab::engine(confab::options{}, host).is_open());
}

TEST_CASE("hpp: datagrams of clients of MIC come in by the engine and go out by the host") {
  struct relaying : pushing {
    std::string relayed;
    std::uint16_t to = 0;
    bool broken_datagrams = false;
    confab_status datagram(confab::conn_id, void *, std::uint16_t port,
                           std::span<const std::byte> bytes) override {
      if (broken_datagrams) {
        throw std::runtime_error("broken");
      }
      to = port;
      relayed.assign(reinterpret_cast<const char *>(bytes.data()), bytes.size());
      return CONFAB_OK;
    }
  };
  using namespace std::string_literals;
  relaying host;
  chat c{confab::engine(confab::options{}, host)};
  confab::conn_options options;
  options.address = confab::str("192.0.2.7");
  options.datagram_address = confab::str("198.51.100.1");
  options.datagram_port = 6667;
  bool seen = false;
  c.engine.on<confab::message>(
      confab::observe, [&](confab::call &, const confab::message &m) { seen = m.datagram(); });
  // In the channel 0x102, which the first makes, they are 0x103 and 0x105.
  const auto enters = [&](std::string_view log_on, std::string_view create) {
    const confab::conn_id conn = c.engine.open(options, 0);
    c.says(conn, "MODE ISMIC\r\n");
    c.says(conn, log_on);
    c.says(conn, create);
    return conn;
  };
  enters("\x02\x01\x15\0\0\0\0\0\0\0\0\0\x03\0\x03"s + "annann",
         "\x04\x01\x20\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0#a"s);
  const confab::conn_id bob = enters("\x02\x01\x15\0\0\0\0\0\0\0\0\0\x03\0\x03"s + "bobbob",
                                     "\x05\x01\x0e\0\0\0\0\0\0\0\2\0#a"s);
  c.says(bob, "\x0f\x01\x0d\0\5\1\0\0\1\x80\x0c\xa0\x0f"s);
  const auto relay = [&](std::string_view frame) {
    host.relayed.clear();
    return c.engine.feed_datagram(0, "192.0.2.7", std::as_bytes(std::span(frame)));
  };
  const std::string said = "\x0a\x02\x12\0\2\1\0\0\3\1\0\0****hi"s;
  CHECK(relay(said) == CONFAB_OK);
  CHECK(host.to == 4000);
  CHECK(host.relayed == "\x26\x02\x12\0\2\1\0\0\3\1\0\0\0\0\0\0hi"s);
  CHECK(seen);
  CHECK(relay(said.substr(1)) == CONFAB_OK);
  CHECK(host.relayed.empty());
  host.broken_datagrams = true;
  CHECK(relay(said) == CONFAB_OK);
  CHECK(c.engine.stats().datagrams_out_total == 1);
  CHECK(c.engine.stats().datagrams_dropped_total == 1);
}
