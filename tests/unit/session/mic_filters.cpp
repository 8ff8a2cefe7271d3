// SPDX-License-Identifier: MIT
//
// MIC and what stands between its clients and the core: filters that deny, hide, delay and rewrite,
// hooks on raw frames, transports of whole messages, parked input.

#include "support/catch.hpp"
#include "support/mic_peer.hpp"
#include "support/one_hook.hpp"

using namespace confab::test;

namespace {

constexpr std::uint8_t ev_result = 0x14, ev_add_channel = 0x19, ev_msg = 0x22, ev_prop = 0x23;

mic_create room(std::string_view name, std::string_view topic = {}, std::uint32_t flags = 0) {
  mic_create out;
  out.name = name;
  out.topic = topic;
  out.flags = flags;
  return out;
}

} // namespace

TEST_CASE("mic: a join that a filter cancels is refused, and the next one works") {
  engine_fixture f;
  mic_peer alice(f, "Alice"), bob(f, "Bob");
  alice.send(alice.client.build.create_channel(room("only", {}, 0x10)));
  bool active = true;
  std::uint32_t visibility = CONFAB_DENIAL_ERROR;
  one_hook filter(f, CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY,
                  [&](confab_call *call, const confab_event &) {
                    return active ? deny(call, visibility) : CONFAB_PASS;
                  });
  SECTION("with an error") {
    CHECK(bob.send(bob.client.build.open_channel("only")) == "14010b0000000000480005");
  }
  SECTION("silently") {
    visibility = CONFAB_DENIAL_SILENT;
    CHECK(bob.send(bob.client.build.open_channel("only")).empty());
  }
  SECTION("in shadow: it looks complete, down to the answer of its query") {
    visibility = CONFAB_DENIAL_SHADOW;
    bob.send(bob.client.build.open_channel("only"));
    REQUIRE(bob.client.channel("only"));
    CHECK(bob.client.channel("only")->complete);
    CHECK(bob.client.queries_waiting() == 0);
    CHECK(alice.client.channel("only")->members.size() == 1);
    bob.send(bob.client.build.create_channel(room("#ghost")));
    CHECK(f.channel("#ghost") == 0);
  }
  CHECK(f.broken().empty());
  active = false;
  bob.events();
  bob.send(bob.client.build.open_channel("only"));
  CHECK(event_of(bob.events(), ev_add_channel).type == ev_add_channel);
  alice.take();
  CHECK(alice.client.channel("only")->members.size() == 2);
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
  CHECK(f.destroy().empty());
}

TEST_CASE("mic: acts and questions that wait keep the order of their answers") {
  engine_fixture f;
  mic_peer alice(f, "Alice");
  confab_id token = 0;
  one_hook filter(
      f, CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY, [&](confab_call *call, const confab_event &) {
        return confab_call_defer(call, 0, &token) == CONFAB_OK ? CONFAB_DEFER : CONFAB_DENY;
      });
  CHECK(alice.send(alice.client.build.create_channel(room("#a", "first"))).empty());
  REQUIRE(token != 0);
  CHECK(alice.send(alice.client.ask(0xffff0007, {}, {0x3401, 0x3403})).empty());
  CHECK(alice.send(alice.client.build.set_property(alice.client.uid(), {{0x3307, 0, 0, "away"}}))
            .empty());
  REQUIRE(confab_deferral_resolve(f.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
  alice.take();
  REQUIRE(alice.client.channel("#a"));
  CHECK(alice.client.channel("#a")->topic == "first");
  std::vector<std::vector<mic_property>> records;
  REQUIRE(alice.client.take_answer(records));
  REQUIRE(records.size() == 1);
  CHECK(records[0][1].text == "first");
  CHECK(alice.client.queries_waiting() == 0);
  CHECK(event_of(alice.events(), ev_result).request == 0x0f);
  CHECK(alice.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: the topic of a new channel is judged like any other") {
  engine_fixture f;
  mic_peer alice(f, "Alice");
  SECTION("denied") {
    one_hook filter(
        f, CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY,
        [&](confab_call *call, const confab_event &) { return deny(call, CONFAB_DENIAL_ERROR); });
    alice.send(alice.client.build.create_channel(room("#a", "rude")));
    REQUIRE(alice.client.channel("#a"));
    CHECK(alice.client.channel("#a")->topic.empty());
    CHECK(event_of(alice.events(), ev_result).request == 0x04);
  }
  SECTION("rewritten") {
    one_hook filter(f, CONFAB_EVENT_TOPIC, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &) {
                      ignore(confab_call_set(call, CONFAB_FIELD_TEXT, CONFAB_STR("kind")));
                      return CONFAB_PASS;
                    });
    alice.send(alice.client.build.create_channel(room("#a", "rude")));
    REQUIRE(alice.client.channel("#a"));
    CHECK(alice.client.channel("#a")->topic == "kind");
  }
  CHECK(alice.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: a silent denial of a question still takes its turn") {
  engine_fixture f;
  mic_peer alice(f, "Alice");
  alice.send(alice.client.build.create_channel(room("#a")));
  one_hook filter(
      f, CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY,
      [&](confab_call *call, const confab_event &) { return deny(call, CONFAB_DENIAL_SILENT); });
  alice.send(alice.client.ask(0xffff0007, {}, {0x3401}));
  CHECK(alice.client.queries_waiting() == 0);
  CHECK(alice.trouble().empty());
}

TEST_CASE("mic: hooks on raw messages see frames, and write frames or nothing") {
  engine_fixture f;
  mic_peer alice(f, "Alice"), bob(f, "Bob");
  alice.send(alice.client.build.create_channel(room("#a")));
  bob.send(bob.client.build.open_channel("#a"));
  bob.events();
  const std::uint32_t cid = alice.cid("#a");
  SECTION("coming in") {
    std::string seen, wanted;
    confab_status said = CONFAB_OK;
    one_hook filter(f, CONFAB_EVENT_LINE_IN, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &e) {
                      seen = string_of(reinterpret_cast<const confab_event_line &>(e).text);
                      if (!wanted.empty())
                        said = confab_call_set(call, CONFAB_FIELD_TEXT, str_of(wanted));
                      return CONFAB_PASS;
                    });
    const std::string frame = alice.client.build.send_msg(cid, "hello");
    alice.send(frame);
    CHECK(seen == frame);
    CHECK(event_of(bob.events(), ev_msg).text == "hello");
    wanted = alice.client.build.send_msg(cid, "rewritten");
    alice.send(frame);
    CHECK(event_of(bob.events(), ev_msg).text == "rewritten");
    wanted = mic_frames::framed(0x09, 1, "12");
    CHECK(alice.send(frame) == "14010b00000000000b0009");
    wanted = "no frame";
    alice.send(frame);
    CHECK(said == CONFAB_ERR_ARG);
    CHECK(event_of(bob.events(), ev_msg).text == "hello");
  }
  SECTION("going out") {
    std::string wanted;
    confab_status said = CONFAB_OK;
    one_hook filter(f, CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &e) {
                      const auto &line = reinterpret_cast<const confab_event_line &>(e);
                      if (line.conn == bob.conn)
                        said = confab_call_set(call, CONFAB_FIELD_TEXT, str_of(wanted));
                      return CONFAB_PASS;
                    });
    wanted = std::string("\x22\x01\x0e\0\x03\1\0\0", 8) + std::string("\x02\1\0\0yo", 6);
    alice.send(alice.client.build.send_msg(cid, "hello"));
    CHECK(said == CONFAB_OK);
    CHECK(hex_of(f.read(bob.conn)).ends_with("796f"));
    wanted = "text\r\n";
    alice.send(alice.client.build.send_msg(cid, "hello"));
    CHECK(said == CONFAB_ERR_ARG);
    CHECK(event_of(bob.events(), ev_msg).text == "hello");
  }
  SECTION("a filter of messages may keep line ends and octets") {
    one_hook filter(f, CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &e) {
                      std::string text =
                          string_of(reinterpret_cast<const confab_event_message &>(e).text);
                      text[0] = '*';
                      CHECK(confab_call_set(call, CONFAB_FIELD_TEXT, str_of(text)) == CONFAB_OK);
                      return CONFAB_PASS;
                    });
    alice.send(alice.client.build.send_msg(cid, "one\r\ntwo" + std::string(1500, 'x')));
    CHECK(event_of(bob.events(), ev_msg).text.starts_with("*ne\r\ntwo"));
    alice.send(alice.client.build.send_msg(cid, std::string("a\0b", 3), true));
    CHECK(event_of(bob.events(), ev_msg).text == std::string("*\0b", 3));
  }
  CHECK(f.broken().empty());
}

TEST_CASE("mic: transports of whole messages carry one frame in each") {
  engine_fixture f;
  const confab_id conn = f.open("192.0.2.1", CONFAB_CONN_MESSAGES);
  const mic_frames build;
  std::size_t taken = 0;
  const auto feed = [&](std::string_view bytes) {
    return confab_conn_feed(f.engine, conn, f.now, bytes.data(), bytes.size(), &taken);
  };
  const auto slices = [&] {
    std::vector<std::string> out;
    confab_slice got[16];
    std::size_t count = 0, bytes = 0;
    ignore(confab_engine_flush(f.engine));
    REQUIRE(confab_conn_output(f.engine, conn, got, 16, &count) == CONFAB_OK);
    for (std::size_t i = 0; i < count; ++i) {
      out.emplace_back(static_cast<const char *>(got[i].ptr), got[i].len);
      bytes += got[i].len;
    }
    CHECK(confab_conn_sent(f.engine, conn, bytes) == CONFAB_OK);
    return out;
  };
  REQUIRE(feed("MODE ISMIC") == CONFAB_OK);
  REQUIRE(feed(build.connect_user("Alice", "alice")) == CONFAB_OK);
  const std::vector<std::string> first = slices();
  REQUIRE(first.size() == 2);
  CHECK(first[0] == "YESMIC 1");
  CHECK(first[1].size() == 20);
  mic_create all = room("#a");
  REQUIRE(feed(build.create_channel(all)) == CONFAB_OK);
  CHECK(slices().size() == 2);
  REQUIRE(feed(build.pong() + build.pong()) == CONFAB_OK);
  const std::vector<std::string> last = slices();
  REQUIRE(last.size() == 2);
  CHECK(hex_of(last[0]) == "14010b00000000000b0031");
  CHECK(f.broken().empty());
}

TEST_CASE("mic: a message that is no frame, behind an act that waits, has its turn") {
  engine_fixture f;
  const confab_id conn = f.open("192.0.2.1", CONFAB_CONN_MESSAGES);
  const mic_frames build;
  std::size_t taken = 0;
  confab_id token = 0;
  one_hook filter(
      f, CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY, [&](confab_call *call, const confab_event &) {
        return confab_call_defer(call, 0, &token) == CONFAB_OK ? CONFAB_DEFER : CONFAB_DENY;
      });
  for (const std::string &message :
       {std::string("MODE ISMIC"), build.connect_user("Alice", "alice"),
        build.create_channel(room("#a")), build.pong(), build.pong() + "xy"})
    REQUIRE(confab_conn_feed(f.engine, conn, f.now, message.data(), message.size(), &taken) ==
            CONFAB_OK);
  CHECK_FALSE(f.host.closed.contains(conn));
  REQUIRE(confab_deferral_resolve(f.engine, token, CONFAB_PASS, 0, {}, 0) == CONFAB_OK);
  (void)f.read(conn);
  CHECK(f.host.closed.contains(conn));
  CHECK(f.broken().empty());
}

TEST_CASE("mic: input that comes too fast waits, and none of it is lost") {
  engine_fixture f({.push = false,
                    .tweak =
                        [](confab_engine_options &o) {
                          o.commands_burst_max = 4;
                          o.commands_per_second_max = 1;
                        },
                    .clock = false});
  mic_peer alice(f, "Alice");
  alice.send(alice.client.build.create_channel(room("#a")));
  std::string many;
  for (int i = 0; i < 6; ++i)
    many += alice.client.build.set_property(alice.cid("#a"), {{0x3403, 0, 0, std::to_string(i)}});
  alice.send(many.substr(0, 30));
  alice.send(many.substr(30));
  for (int i = 0; i < 20; ++i) {
    ignore(f.wait_ms(1'000));
    alice.take();
  }
  CHECK(alice.client.channel("#a")->topic == "5");
  CHECK(event_of(alice.events(), ev_prop).type == ev_prop);
  CHECK(alice.trouble().empty());
}

TEST_CASE("mic: many members come in several lists, and many records in several frames") {
  engine_fixture f;
  std::vector<confab_id> crowd;
  for (int i = 0; i < 300; ++i) {
    crowd.push_back(f.enter("guest" + std::to_string(i)));
    ignore(f.say(crowd.back(), "JOIN #a"));
  }
  mic_peer alice(f, "Alice");
  alice.send(alice.client.build.open_channel("#a"));
  REQUIRE(alice.client.channel("#a"));
  CHECK(alice.client.channel("#a")->members.size() == 301);
  alice.send(alice.client.ask(alice.cid("#a"), {}, {0x3302, 0x3303, 0x1002}));
  std::vector<std::vector<mic_property>> records;
  REQUIRE(alice.client.take_answer(records));
  CHECK(records.size() == 301);
  CHECK(alice.trouble().empty());
}

TEST_CASE("mic: every refusal has a result, and one request gets one") {
  engine_fixture f;
  mic_peer alice(f, "Alice");
  alice.send(alice.client.build.create_channel(room("#a")));
  std::uint32_t code = 0;
  one_hook filter(f, CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_STAGE_POLICY,
                  [&](confab_call *call, const confab_event &) {
                    ignore(confab_call_deny(call, code, {}, CONFAB_DENIAL_ERROR));
                    return CONFAB_DENY;
                  });
  for (code = 1; code < CONFAB_REFUSED_END; ++code) {
    alice.events();
    alice.send(alice.client.build.set_property(alice.cid("#a"), {{0x1802, 0x18, 0x18, ""}}));
    const std::vector<mic_event> got = alice.events();
    INFO("code " << code);
    REQUIRE(got.size() == 1);
    CHECK(got[0].type == ev_result);
    CHECK(got[0].result != 0);
    CHECK(got[0].result <= 0x49);
    CHECK(got[0].oid == alice.cid("#a"));
  }
}

TEST_CASE("mic: memory that runs out anywhere costs one connection, and nothing is left behind") {
  std::uint64_t tries = 0;
  for (std::uint64_t nth = 1; nth < 400; ++nth) {
    INFO("allocation " << nth);
    engine_fixture f;
    bool hides = false;
    const confab_id tux = f.enter("tux");
    mic_peer bob(f, "Bob");
    one_hook filter(f, CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY,
                    [&](confab_call *call, const confab_event &) {
                      return hides ? deny(call, CONFAB_DENIAL_SHADOW) : CONFAB_PASS;
                    });
    f.memory.fail_at(nth);
    mic_peer alice(f, "Alice", nth % 2 == 0);
    const auto say = [&](const std::string &frame) {
      if (!f.host.closed.contains(alice.conn))
        alice.send(frame);
      bob.take();
    };
    const mic_frames &build = alice.client.build;
    say(build.create_channel(room("#a", "topic")));
    bob.send(bob.client.build.open_channel("#a"));
    ignore(f.say(tux, "JOIN #a"));
    say(build.send_msg(alice.cid("#a"), "text"));
    say(build.send_whisper({alice.mid("#a", "Bob")}, "psst"));
    say(build.send_user(0, "tux", "hello"));
    ignore(f.say(tux, "NICK ux\r\nPRIVMSG Alice :hello\r\nPRIVMSG #a :hello"));
    say(build.set_property(alice.client.uid(), {{0x3302, 0, 0, "Allie"}}));
    say(build.set_property(alice.client.uid(), {{0x3307, 0, 0, "away"}}));
    say(build.set_property(alice.cid("#a"), {{0x7410, 0, 0, "x!*@*"}}));
    say(alice.client.ask(0xffff0007, {}, {0x1000, 0x3401}));
    hides = true;
    say(build.create_channel(room("#b")));
    say(build.set_property(alice.mid("#a", "Bob"), {{0x1802, 3, 3, ""}}));
    say(build.close(alice.mid("#a", "ux"), "out"));
    say(build.close(alice.client.uid()));
    const bool reached = f.memory.failed();
    REQUIRE(f.broken() == "");
    REQUIRE(f.destroy() == "");
    if (!reached)
      break;
    ++tries;
  }
  CHECK(tries > 30);
}
