// SPDX-License-Identifier: MIT
//
// MIC: datagrams. To whom they are offered; what one must hold to be believed, and that any other
// changes nothing and is answered by nothing; that what it says goes through the rules, limits and
// filters of what is said over the connection; and who is sent it.

#include "support/catch.hpp"
#include "support/mic_peer.hpp"
#include "support/one_hook.hpp"

#include <set>
#include <utility>

using namespace confab::test;

namespace {

constexpr std::uint8_t ev_result = 0x14, ev_add_channel = 0x19, ev_msg = 0x22;
constexpr std::uint32_t port_property = 0x0c80;

engine_fixture::setup with_datagrams() {
  return {.push = false,
          .tweak =
              [](confab_engine_options &o) {
                o.user_modes = o.channel_modes = {};
                o.commands_burst_max = 0;
              },
          .clock = false,
          .datagrams = true};
}

confab_conn_options at(std::string_view address) {
  confab_conn_options options = confab_conn_options_init();
  options.address = str_of(address);
  options.datagram_address = CONFAB_STR("198.51.100.7");
  options.datagram_port = 6667;
  return options;
}

mic_create room(std::string_view name, std::uint32_t modes = 0, std::uint32_t flags = 0) {
  mic_create out;
  out.name = name;
  out.modes = modes;
  out.flags = flags;
  return out;
}

// Alice and Bob in #a, who both take datagrams; Tux of IRC; and Dora of MIC, who takes none.
struct relayed : engine_fixture {
  explicit relayed(const setup &how = with_datagrams())
      : engine_fixture(how), alice(*this, at("192.0.2.1")), bob(*this, at("192.0.2.2")),
        dora(*this, at("192.0.2.3")) {
    tux = enter("Tux");
    alice.log_on("Alice");
    bob.log_on("Bob");
    dora.log_on("Dora");
    alice.send(alice.client.build.create_channel(room("#a")));
    cookie = event_of(alice.events(), ev_add_channel).cookie;
    bob.send(bob.client.build.open_channel("#a"));
    bob_cookie = event_of(bob.events(), ev_add_channel).cookie;
    dora.send(dora.client.build.open_channel("#a"));
    ignore(say(tux, "JOIN #a"));
    set_port(alice, 4001);
    set_port(bob, 4002);
    for (mic_peer *one : {&alice, &bob, &dora})
      (void)one->events();
    read(tux);
  }

  std::uint16_t set_port(mic_peer &who, std::uint32_t port) {
    const std::uint32_t mid = who.client.channel("#a")->own_mid;
    who.send(who.client.build.set_property(mid, {{port_property, port, 0, ""}}));
    return event_of(who.events(), ev_result).result;
  }
  std::uint32_t cid() const { return alice.cid("#a"); }
  std::uint32_t mid() const { return alice.mid("#a", "Alice"); }
  std::string frame(std::string_view payload) const {
    return alice.client.build.send_udp(cid(), mid(), cookie, payload);
  }
  confab_status feed(std::string_view bytes, std::string_view from = "192.0.2.1") {
    const std::vector<char> copy(bytes.begin(), bytes.end());
    return confab_datagram_feed(engine, now, str_of(from), copy.data(), copy.size());
  }
  // What was sent by datagrams since this was last asked, each as "to:port bytes;".
  std::string sent() {
    std::string out;
    for (const fake_host::datagram &one : host.datagrams)
      out += (one.conn == alice.conn ? "alice:"
              : one.conn == bob.conn ? "bob:"
                                     : "other:") +
             std::to_string(one.port) + " " + hex_of(one.bytes) + ";";
    host.datagrams.clear();
    return out;
  }
  // Nobody was sent anything, by any way.
  bool silent() {
    return sent().empty() && alice.take().empty() && bob.take().empty() && dora.take().empty() &&
           read(tux).empty();
  }

  mic_peer alice, bob, dora;
  confab_id tux = 0;
  std::uint32_t cookie = 0, bob_cookie = 0;
};

} // namespace

TEST_CASE("mic datagrams: offered with each channel, by a number of its own") {
  engine_fixture f(with_datagrams());
  mic_peer alice(f, at("192.0.2.1")), bob(f, at("192.0.2.2"));
  alice.log_on("Alice");
  bob.log_on("Bob");
  std::set<std::uint32_t> cookies;
  for (const char *name : {"#a", "#b"})
    for (mic_peer *who : {&alice, &bob}) {
      who->send(who->client.build.create_channel(room(name)));
      const mic_event got = event_of(who->events(), ev_add_channel);
      CHECK(got.udp_address == 0x076433c6);
      CHECK(got.udp_port == 6667);
      CHECK(got.cookie != 0);
      cookies.insert(got.cookie);
    }
  CHECK(cookies.size() == 4);
  CHECK(alice.trouble().empty());
  CHECK(f.host.problem.empty());
}

TEST_CASE("mic datagrams: to whom they are not offered") {
  engine_fixture::setup how = with_datagrams();
  confab_conn_options options = at("192.0.2.1");
  bool random_fails = false;
  SECTION("by a host that does not say where it takes them") {
    options.datagram_address = {};
    options.datagram_port = 0;
  }
  SECTION("by a host that cannot send them") { how.datagrams = false; }
  SECTION("where the cookie could be guessed") { random_fails = true; }
  SECTION("to an address that was only claimed") { options.trust = CONFAB_TRUST_CLAIMED; }
  engine_fixture f(how);
  f.host.random_fails = random_fails;
  mic_peer alice(f, options);
  alice.log_on("Alice");
  alice.send(alice.client.build.create_channel(room("#a")));
  const mic_event got = event_of(alice.events(), ev_add_channel);
  CHECK(got.udp_address == 0);
  CHECK(got.udp_port == 0);
  CHECK(got.cookie == 0);
  const std::uint32_t mid = alice.mid("#a", "Alice");
  CHECK(alice.send(alice.client.build.set_property(mid, {{port_property, 4000, 0, ""}}))
            .ends_with("1d000f"));
  const std::string frame = alice.client.build.send_udp(alice.cid("#a"), mid, 0, "x");
  CHECK(confab_datagram_feed(f.engine, f.now, CONFAB_STR("192.0.2.1"), frame.data(),
                             frame.size()) == CONFAB_OK);
  CHECK(f.stats().datagrams_dropped_total == 1);
}

TEST_CASE("mic datagrams: what a member says goes to the others who take them") {
  relayed f;
  std::vector<std::string> seen;
  one_hook filter(f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE,
                  [&](confab_call *, const confab_event &e) {
                    const auto &m = reinterpret_cast<const confab_event_message &>(e);
                    CHECK(m.kind == CONFAB_MESSAGE_DATA);
                    CHECK((e.flags & CONFAB_EVENT_DATAGRAM) != 0);
                    CHECK((e.flags & CONFAB_EVENT_FROM_CLIENT) != 0);
                    CHECK(e.origin == f.alice.conn);
                    seen.push_back(string_of(m.name) + " " + string_of(m.text));
                    return CONFAB_PASS;
                  });
  CHECK(f.feed(f.frame(std::string("\0one", 4))) == CONFAB_OK);
  CHECK(seen == std::vector<std::string>{"#a " + std::string("\0one", 4)});
  const std::string numbers = hex_of(f.frame("").substr(4, 8)); // the channel and the member
  CHECK(f.sent() == "bob:4002 26021400" + numbers + "00000000006f6e65;");
  CHECK(f.silent()); // neither those who take none nor the sender, nor by any connection
  CHECK(f.stats().datagrams_in_total == 1);
  CHECK(f.stats().datagrams_out_total == 1);
  CHECK(f.stats().datagrams_dropped_total == 0);
  SECTION("the largest that a frame holds, and none that is larger") {
    CHECK(f.feed(f.frame(std::string(2032, 'x'))) == CONFAB_OK);
    CHECK(f.sent().size() == std::string("bob:4002 ;").size() + 2 * 2048);
    CHECK(f.feed(f.frame(std::string(2033, 'x'))) == CONFAB_OK);
    CHECK(f.silent());
    CHECK(f.stats().datagrams_dropped_total == 1);
  }
  SECTION("until its receiver takes no more, or the host cannot send") {
    f.host.on_datagram = [](confab_id) -> confab_status { return CONFAB_ERR_CALLBACK; };
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.stats().datagrams_out_total == 1);
    f.host.on_datagram = nullptr;
    CHECK(f.set_port(f.bob, 0) == 0);
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.silent());
    CHECK(f.set_port(f.bob, 0xffff) == 0);
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.sent().starts_with("bob:65535 "));
  }
  CHECK(f.alice.trouble().empty());
  CHECK(f.broken().empty());
  CHECK(f.host.problem.empty());
}

TEST_CASE("mic datagrams: ports are one's own, and none of a service") {
  relayed f;
  for (const std::uint32_t port : {1U, 53U, 1023U})
    CHECK(f.set_port(f.bob, port) == 0x43);
  CHECK(f.set_port(f.bob, 1024) == 0);
  f.bob.send(f.bob.client.build.set_property(f.mid(), {{port_property, 4005, 0, ""}}));
  CHECK(event_of(f.bob.events(), ev_result).result == 0x1b);
  // One that comes with the channel is one's own too.
  f.alice.send(f.alice.client.build.create_channel(room("#b")));
  f.bob.send(f.bob.client.build.open_channel("#b", "", 0, 4007));
  const std::uint32_t cookie = event_of(f.alice.events(), ev_add_channel).cookie;
  const std::uint32_t cid = f.alice.cid("#b"), mid = f.alice.mid("#b", "Alice");
  CHECK(f.feed(f.alice.client.build.send_udp(cid, mid, cookie, "x")) == CONFAB_OK);
  CHECK(f.sent().starts_with("bob:4007 "));
  f.bob.send(f.bob.client.build.leave_channel(cid));
  f.bob.send(f.bob.client.build.open_channel("#b", "", 0, 53));
  CHECK(f.feed(f.alice.client.build.send_udp(cid, mid, cookie, "x")) == CONFAB_OK);
  CHECK(f.sent().empty());
}

TEST_CASE("mic datagrams: one that proves nothing is dropped without an answer") {
  relayed f;
  const mic_frames &build = f.alice.client.build;
  const std::string good = f.frame("payload");
  f.alice.send(build.create_channel(room("#b")));
  f.alice.events();
  const std::uint32_t other_cid = f.alice.cid("#b"), other_mid = f.alice.mid("#b", "Alice");
  const std::string before = f.dump();
  std::uint64_t dropped = 0;
  const auto drops = [&](const std::string &bytes, std::string_view from = "192.0.2.1") {
    CHECK(f.feed(bytes, from) == CONFAB_OK);
    CHECK(f.silent());
    CHECK(f.dump() == before);
    CHECK(f.stats().datagrams_dropped_total == ++dropped);
  };
  SECTION("another address, or another form of it") {
    for (const char *from : {"192.0.2.2", "192.0.2.10", "0", "::ffff:192.0.2.1"})
      drops(good, from);
  }
  SECTION("another cookie, member or channel") {
    drops(build.send_udp(f.cid(), f.mid(), f.cookie + 1, "x"));
    drops(build.send_udp(f.cid(), f.mid(), f.bob_cookie, "x"));
    drops(build.send_udp(f.cid(), f.mid(), 0, "x"));
    drops(build.send_udp(f.cid(), f.alice.mid("#a", "Bob"), f.cookie, "x"));
    drops(build.send_udp(f.cid(), f.alice.mid("#a", "Bob"), f.bob_cookie, "x"));
    drops(build.send_udp(other_cid, f.mid(), f.cookie, "x"));
    drops(build.send_udp(f.cid(), other_mid, f.cookie, "x"));
    drops(build.send_udp(f.mid(), f.cid(), f.cookie, "x"));
    drops(build.send_udp(f.cid(), f.alice.mid("#a", "Tux"), f.cookie, "x"));
    drops(build.send_udp(0, 0, f.cookie, "x"));
  }
  SECTION("cut off anywhere, or longer than it says") {
    for (std::size_t bytes = 0; bytes < good.size(); ++bytes) {
      std::string cut = good.substr(0, bytes);
      drops(cut);
    }
    drops(good + "x");
    std::string lies = good;
    lies[2] = 3;
    drops(lies);
    drops(f.frame("")); // which says nothing
  }
  SECTION("another message, and text") {
    for (int type = 0; type < 256; ++type) {
      std::string other = good;
      other[0] = static_cast<char>(type);
      if (other != good)
        drops(other);
    }
    std::string text = good;
    text[1] = 1;
    drops(text);
  }
  SECTION("by the connection it is refused as before") {
    CHECK(f.alice.send(good).ends_with("1d000a"));
    CHECK(f.bob.take().empty());
    CHECK(f.sent().empty());
  }
  CHECK(f.broken().empty());
}

TEST_CASE("mic datagrams: a cookie ends with its membership") {
  relayed f;
  const std::string good = f.frame("x");
  CHECK(f.feed(good) == CONFAB_OK);
  CHECK(f.sent().starts_with("bob:"));
  SECTION("left, and entered again") {
    f.alice.send(f.alice.client.build.leave_channel(f.cid()));
    CHECK(f.feed(good) == CONFAB_OK);
    CHECK(f.sent().empty());
    f.alice.send(f.alice.client.build.open_channel("#a"));
    CHECK(event_of(f.alice.events(), ev_add_channel).cookie != f.cookie);
    CHECK(f.feed(good) == CONFAB_OK);
    CHECK(f.sent().empty());
    CHECK(f.stats().datagrams_dropped_total == 2);
  }
  SECTION("put out") {
    confab_event_kick kick;
    CONFAB_COMMAND_INIT(&kick, CONFAB_EVENT_KICK);
    kick.channel = f.channel("#a");
    kick.user = f.user("Alice");
    REQUIRE(confab_command_submit(f.engine, &kick.head, nullptr) == CONFAB_OK);
    CHECK(f.feed(good) == CONFAB_OK);
    CHECK(f.sent().empty());
  }
  SECTION("gone") {
    ignore(f.end(f.alice.conn));
    CHECK(f.feed(good) == CONFAB_OK);
    CHECK(f.sent().empty());
    CHECK(f.stats().datagrams_dropped_total == 1);
  }
  SECTION("of a receiver that is gone, too") {
    ignore(f.end(f.bob.conn));
    CHECK(f.feed(good) == CONFAB_OK);
    CHECK(f.sent().empty());
  }
  CHECK(f.broken().empty());
  CHECK(f.host.problem.empty());
}

TEST_CASE(
    "mic datagrams: the rules of the channel hold, and their refusal comes by the connection") {
  relayed f;
  f.alice.send(f.alice.client.build.set_property(f.cid(), {{0x1802, 0x10, 0x10, ""}})); // MODERATED
  f.bob.send(f.bob.client.build.open_channel("#a"));
  (void)f.alice.events();
  (void)f.bob.events();
  const std::uint32_t bob_mid = f.bob.mid("#a", "Bob");
  const std::string from_bob = f.bob.client.build.send_udp(f.cid(), bob_mid, f.bob_cookie, "x");
  f.alice.send(f.alice.client.build.set_property(bob_mid, {{0x1802, 0, 3, ""}}));
  (void)f.bob.events();
  CHECK(f.feed(from_bob, "192.0.2.2") == CONFAB_OK);
  const mic_event refused = event_of(f.bob.events(), ev_result);
  CHECK(refused.result == 0x27);
  CHECK(refused.request == 0x0a);
  CHECK(refused.oid == f.cid());
  CHECK(f.sent().empty());
  CHECK(f.feed(f.frame("of a host")) == CONFAB_OK);
  CHECK(f.sent().starts_with("bob:4002 "));
  f.alice.send(f.alice.client.build.set_property(f.cid(), {{0x1802, 0x800, 0x800, ""}})); // NODATA
  (void)f.alice.events();
  CHECK(f.feed(f.frame("x")) == CONFAB_OK);
  CHECK(event_of(f.alice.events(), ev_result).result == 0x1e);
  CHECK(f.sent().empty());
}

TEST_CASE("mic datagrams: filters judge them as any data") {
  relayed f;
  SECTION("denied") {
    one_hook filter(
        f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
        [&](confab_call *call, const confab_event &) { return deny(call, CONFAB_DENIAL_ERROR); });
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(event_of(f.alice.events(), ev_result).request == 0x0a);
    CHECK(f.sent().empty());
  }
  SECTION("in shadow: its sender is told nothing") {
    one_hook filter(
        f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
        [&](confab_call *call, const confab_event &) { return deny(call, CONFAB_DENIAL_SHADOW); });
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.silent());
  }
  SECTION("rewritten, and made too long for a frame") {
    std::string text = "other";
    one_hook filter(f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &) {
                      ignore(confab_call_set(call, CONFAB_FIELD_TEXT, str_of(text)));
                      return CONFAB_PASS;
                    });
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.sent().ends_with(hex_of("other") + ";"));
    text.assign(2033, 'x');
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.host.problem.empty());
  }
  SECTION("made another kind: then it is one, for all who take that") {
    one_hook filter(f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &) {
                      CHECK(confab_call_set_number(call, CONFAB_FIELD_KIND,
                                                   CONFAB_MESSAGE_PRIVMSG) == CONFAB_OK);
                      return CONFAB_PASS;
                    });
    CHECK(f.feed(f.frame("hello")) == CONFAB_OK);
    CHECK(f.sent().empty());
    CHECK(event_of(f.bob.events(), ev_msg).text == "hello");
    CHECK(event_of(f.dora.events(), ev_msg).text == "hello");
    CHECK(f.read(f.tux).find("PRIVMSG #a :hello") != std::string::npos);
  }
  SECTION("deferred: it goes when it is decided, or not at all if its sender went") {
    confab_id token = 0;
    one_hook filter(
        f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY, [&](confab_call *call, const confab_event &) {
          return confab_call_defer(call, 0, &token) == CONFAB_OK ? CONFAB_DEFER : CONFAB_DENY;
        });
    CHECK(f.feed(f.frame("late")) == CONFAB_OK);
    CHECK(f.sent().empty());
    const bool goes = GENERATE(false, true);
    if (goes)
      ignore(f.end(f.alice.conn));
    const confab_status resolved = confab_deferral_resolve(f.engine, token, CONFAB_PASS, 0, {}, 0);
    CHECK((resolved == CONFAB_OK) != goes);
    CHECK(f.sent().empty() == goes);
  }
  SECTION("hooks on raw messages see them come and go") {
    std::vector<std::string> seen;
    std::string wanted;
    const auto look = [&](confab_call *call, const confab_event &e) {
      seen.push_back(string_of(reinterpret_cast<const confab_event_line &>(e).text));
      if (e.type == CONFAB_EVENT_LINE_IN) {
        CHECK((e.flags & CONFAB_EVENT_DATAGRAM) != 0);
        if (!wanted.empty())
          CHECK(confab_call_set(call, CONFAB_FIELD_TEXT, str_of(wanted)) == CONFAB_OK);
      }
      return CONFAB_PASS;
    };
    one_hook in(f, CONFAB_EVENT_LINE_IN, CONFAB_STAGE_TRANSFORM, look);
    one_hook out(f, CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_TRANSFORM, look);
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    REQUIRE(seen.size() == 2);
    CHECK(seen[0] == f.frame("x"));
    CHECK(f.sent().find(hex_of(seen[1])) != std::string::npos);
    wanted = f.frame("rewritten");
    CHECK(f.feed(f.frame("x")) == CONFAB_OK);
    CHECK(f.sent().ends_with(hex_of("rewritten") + ";"));
    // Nor can such a hook make it somebody else's, or another request.
    const mic_frames &build = f.alice.client.build;
    const std::uint32_t bob_mid = f.alice.mid("#a", "Bob");
    for (const std::string &other :
         {build.send_udp(f.cid(), bob_mid, f.bob_cookie, "y"), build.send_msg(f.cid(), "y")}) {
      wanted = other;
      CHECK(f.feed(f.frame("x")) == CONFAB_OK);
      CHECK(f.silent());
    }
  }
  CHECK(f.broken().empty());
}

TEST_CASE("mic datagrams: they spend what the connection's own requests spend, and do not wait") {
  engine_fixture::setup how = with_datagrams();
  how.tweak = [](confab_engine_options &o) {
    o.user_modes = o.channel_modes = {};
    o.commands_burst_max = 20;
    o.commands_per_second_max = 1;
  };
  relayed f(how);
  ignore(f.wait_ms(60'000));
  f.alice.take(), f.bob.take();
  for (int i = 0; i < 50; ++i)
    CHECK(f.feed(f.frame(std::to_string(i))) == CONFAB_OK);
  CHECK(f.host.datagrams.size() == 20);
  CHECK(f.stats().datagrams_dropped_total == 30);
  f.host.datagrams.clear();
  CHECK(f.alice.send(f.alice.client.build.send_msg(f.cid(), "later")).empty());
  CHECK(event_of(f.bob.events(), ev_msg).text.empty());
  ignore(f.wait_ms(1'100));
  CHECK(event_of(f.bob.events(), ev_msg).text == "later");
  CHECK(f.feed(f.frame("none left")) == CONFAB_OK);
  CHECK(f.sent().empty());
  ignore(f.wait_ms(1'100));
  CHECK(f.feed(f.frame("one")) == CONFAB_OK);
  CHECK(f.sent().ends_with(hex_of("one") + ";"));
  CHECK_FALSE(f.host.closed.contains(f.alice.conn));
}

TEST_CASE("mic datagrams: sessions of one user have their own cookies, ports and addresses") {
  relayed f;
  mic_peer second(f, at("192.0.2.9"));
  second.send(mic_client::probe());
  REQUIRE(confab_conn_attach(f.engine, second.conn, f.now, f.user("Alice")) == CONFAB_OK);
  const mic_event shown = event_of(second.events(), ev_add_channel);
  CHECK(shown.cookie != 0);
  CHECK(shown.cookie != f.cookie);
  const auto frame = [&](std::uint32_t cookie) {
    return f.alice.client.build.send_udp(f.cid(), f.mid(), cookie, "x");
  };
  CHECK(f.feed(frame(shown.cookie), "192.0.2.9") == CONFAB_OK);
  CHECK(f.sent().find("bob:4002 ") != std::string::npos);
  for (const auto &[cookie, from] :
       {std::pair(shown.cookie, "192.0.2.1"), std::pair(f.cookie, "192.0.2.9")}) {
    CHECK(f.feed(frame(cookie), from) == CONFAB_OK);
    CHECK(f.sent().empty());
  }
  CHECK(f.broken().empty());
}

TEST_CASE("mic datagrams: what the host may say") {
  engine_fixture f(with_datagrams());
  const auto opens = [&](const confab_conn_options &options) {
    confab_id conn = 0;
    return confab_conn_open(f.engine, &options, f.now, &conn);
  };
  for (const char *address :
       {"::1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.4 ", "host", "1.2.3."}) {
    confab_conn_options options = at("192.0.2.1");
    options.datagram_address = str_of(address);
    INFO(address);
    CHECK(opens(options) == CONFAB_ERR_ARG);
  }
  for (const std::uint32_t port : {0U, 65536U, UINT32_MAX}) {
    confab_conn_options options = at("192.0.2.1");
    options.datagram_port = port;
    CHECK(opens(options) == CONFAB_ERR_ARG);
  }
  confab_conn_options alone = at("192.0.2.1");
  alone.datagram_address = {};
  CHECK(opens(alone) == CONFAB_ERR_ARG);
  confab_conn_options newer = at("192.0.2.1");
  newer.reserved0 = 1;
  CHECK(opens(newer) == CONFAB_ERR_ARG);
  CHECK(opens(at("192.0.2.1")) == CONFAB_OK);
  confab_conn_options older = at("192.0.2.1"); // which says nothing of datagrams
  older.struct_size = offsetof(confab_conn_options, datagram_address);
  older.datagram_port = 99999;
  CHECK(opens(older) == CONFAB_OK);
  const confab_str from = CONFAB_STR("192.0.2.1");
  CHECK(confab_datagram_feed(nullptr, f.now, from, "x", 1) == CONFAB_ERR_ARG);
  CHECK(confab_datagram_feed(f.engine, f.now, from, nullptr, 1) == CONFAB_ERR_ARG);
  CHECK(confab_datagram_feed(f.engine, f.now, {}, "x", 1) == CONFAB_ERR_ARG);
  CHECK(confab_datagram_feed(f.engine, f.now - 1, from, "x", 1) == CONFAB_ERR_ARG);
  CHECK(f.stats().datagrams_in_total == 0);
  CHECK(confab_datagram_feed(f.engine, f.now, from, nullptr, 0) == CONFAB_OK);
  CHECK(f.stats().datagrams_dropped_total == 1);
  CHECK(confab_has_feature("datagrams") == 1);
}

TEST_CASE("mic datagrams: a join in shadow looks like any other") {
  relayed f;
  mic_peer carol(f, at("192.0.2.8"));
  carol.log_on("Carol");
  one_hook filter(
      f, CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY,
      [&](confab_call *call, const confab_event &) { return deny(call, CONFAB_DENIAL_SHADOW); });
  carol.send(carol.client.build.open_channel("#a"));
  const mic_event shown = event_of(carol.events(), ev_add_channel);
  CHECK(shown.cookie != 0);
  CHECK(shown.udp_port == 6667);
  const std::string frame =
      carol.client.build.send_udp(shown.cid, carol.mid("#a", "Carol"), shown.cookie, "x");
  CHECK(f.feed(frame, "192.0.2.8") == CONFAB_OK);
  CHECK(f.silent());
}

TEST_CASE("mic datagrams: out of memory loses the datagram and nothing else") {
  for (std::uint64_t nth = 1;; ++nth) {
    relayed f;
    one_hook filter(f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &) {
                      ignore(confab_call_set(call, CONFAB_FIELD_TEXT, CONFAB_STR("in memory")));
                      return CONFAB_PASS;
                    });
    const std::string before = f.dump();
    f.memory.fail_at(nth);
    const confab_status status = f.feed(f.frame("x"));
    const bool failed = f.memory.failed();
    f.memory.fail_at(0);
    CHECK((status == CONFAB_OK || status == CONFAB_ERR_NOMEM));
    CHECK(f.broken().empty());
    CHECK(f.dump() == before);
    CHECK((failed || nth > 1)); // there is something to lose
    if (!failed)
      break;
  }
}
