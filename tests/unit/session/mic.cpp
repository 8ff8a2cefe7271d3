// SPDX-License-Identifier: MIT
//
// MIC against an engine in memory: the sequences of spec/mic-observed.md §4, byte for byte where
// that page shows bytes, and each kind of request with its refusals.

#include "support/catch.hpp"
#include "support/mic_peer.hpp"

using namespace confab::test;

namespace {

constexpr std::uint8_t ev_result = 0x14, ev_del_user = 0x1d, ev_del_member = 0x1f, ev_invite = 0x20,
                       ev_knock = 0x21, ev_msg = 0x22, ev_user = 0x27, ev_whisper = 0x28,
                       ev_property = 0x2b;

mic_create room(std::string_view name, std::uint32_t modes = 0, std::uint32_t flags = 0,
                std::uint32_t open = 1, std::string_view topic = {}) {
  mic_create out;
  out.name = name;
  out.modes = modes;
  out.flags = flags;
  out.open = open;
  out.topic = topic;
  return out;
}

// Numbers are those of mic-observed: user 0x101, its channel 0x102, its member 0x103, then the
// second user and its member.
void open_together(mic_peer &alice, mic_peer &bob) {
  alice.send(alice.client.build.create_channel(room("#a")));
  bob.log_on("Bob");
  bob.send(bob.client.build.open_channel("#a"));
  (void)alice.events();
  (void)bob.events();
}

// No mode but what clients ask for.
engine_fixture::setup plain() {
  return {.push = false,
          .tweak = [](confab_engine_options &o) { o.user_modes = o.channel_modes = {}; },
          .clock = false};
}

std::uint16_t result_of(mic_peer &peer) { return event_of(peer.events(), ev_result).result; }

} // namespace

TEST_CASE("mic: the probe decides, and nothing is sent before it") {
  engine_fixture f(plain());
  mic_peer alice(f);
  CHECK(f.read(alice.conn).empty());
  CHECK(alice.send("MODE ISMIC\r\n") == hex_of("YESMIC 1\r\n"));
  CHECK(alice.client.now() == mic_client::phase::binary);
  SECTION("with a bare LF, and in small letters") {
    mic_peer bob(f);
    CHECK(bob.send("mode ismic\n") == hex_of("YESMIC 1\r\n"));
  }
  SECTION("byte by byte, and with the log-on in the same bytes") {
    mic_peer bob(f);
    for (const char c : std::string("MODE ISMIC\r\n") + bob.client.build.connect_user("Bob", "bob"))
      ignore(bob.feed({&c, 1}));
    const std::string got = f.read(bob.conn);
    CHECK(got.starts_with("YESMIC 1\r\n\x18\x01"));
    mic_peer carol(f);
    ignore(carol.feed(mic_client::probe() + carol.client.build.connect_user("Carol", "c")));
    CHECK(f.read(carol.conn).substr(10, 1) == "\x18");
  }
  SECTION("a later line is no probe") {
    mic_peer late(f);
    CHECK(late.send("PING x\r\nMODE ISMIC\r\n").find(hex_of("YESMIC")) == std::string::npos);
  }
  CHECK(alice.trouble().empty());
}

TEST_CASE("mic: a listener without MIC answers as IRC does, and the connection goes on as that") {
  engine_fixture f(plain());
  confab_conn_options options = confab_conn_options_init();
  options.address = CONFAB_STR("192.0.2.1");
  options.protocol = CONFAB_PROTOCOL_IRC;
  confab_id conn = 0;
  REQUIRE(confab_conn_open(f.engine, &options, f.now, &conn) == CONFAB_OK);
  ignore(f.say(conn, "MODE ISMIC"));
  CHECK(f.read(conn).find(" 451 ") != std::string::npos);
  options.protocol = CONFAB_PROTOCOL_MIC;
  REQUIRE(confab_conn_open(f.engine, &options, f.now, &conn) == CONFAB_OK);
  ignore(f.say(conn, "NICK x"));
  CHECK(f.read(conn).find("No IRC clients permitted") != std::string::npos);
}

TEST_CASE("mic: logging on, as mic-observed 4.2 shows it") {
  engine_fixture f(plain());
  mic_peer alice(f);
  alice.send(mic_client::probe());
  CHECK(alice.send(alice.client.build.connect_user("Alice", "alice")) ==
        "1801140001000000100000000101000000000000");
  CHECK(alice.client.now() == mic_client::phase::logged_on);
  CHECK(alice.send(alice.client.build.connect_user("Alice", "alice")) == "14010b0000000000040002");
  mic_peer bob(f);
  bob.send(mic_client::probe());
  CHECK(bob.send(bob.client.build.connect_user("alice", "bob")) == "14010b0000000000010002");
  CHECK(bob.send(bob.client.build.connect_user("A!", "bob")) == "14010b00000000000e0002");
  CHECK(bob.send(bob.client.build.open_channel("#a")) == "14010b00000000001b0005");
  bob.send(bob.client.build.connect_user("Bob", "bob"));
  CHECK(bob.client.now() == mic_client::phase::logged_on);
  CHECK(f.broken().empty());
  CHECK(f.destroy().empty());
}

TEST_CASE("mic: creating and joining, as mic-observed 4.3 and 4.4 show it") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f);
  const std::string created =
      alice.send(alice.client.build.create_channel(room("#Rig", 0, 0, 1, "first topic")));
  CHECK(created == "19012e00020100000000000000000000000000000000000000000000040b00"
                   "2352696766697273742074"
                   "6f706963"
                   "1a01160002010000030100000300000005416c696365");
  REQUIRE(alice.client.channel("#Rig"));
  CHECK(alice.client.queries_waiting() == 0);
  bob.log_on("Bob");
  const std::string joined = bob.send(bob.client.build.open_channel("#Rig"));
  CHECK(joined.find("298117000201000003010000030000000105416c696365"
                    "1a0114000201000005010000010000000342"
                    "6f62") != std::string::npos);
  CHECK(alice.take() == "1a01140002010000050100000100000003426f62");
  REQUIRE(bob.client.channel("#Rig"));
  CHECK(bob.client.channel("#Rig")->members.size() == 2);
  CHECK(alice.client.channel("#Rig")->members.size() == 2);
  CHECK(bob.send(bob.client.build.open_channel("#Rig")) == "14010b0000000000030005");
  CHECK(bob.send(bob.client.build.open_channel("#none")) == "14010b0000000000130005");
  CHECK(bob.send(bob.client.build.create_channel(room("#Rig", 0, 0, 0))) ==
        "14010b0000000000110004");
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
}

TEST_CASE("mic: messages, as mic-observed 4.6 shows them") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f);
  open_together(alice, bob);
  const confab_id tux = f.enter("Tux");
  ignore(f.say(tux, "JOIN #a"));
  f.read(tux);
  alice.events(), bob.events();
  SECTION("to the channel") {
    CHECK(alice.send(alice.client.build.send_msg(alice.cid("#a"), "hello from alice")).empty());
    CHECK(bob.take() == "22011c00"
                        "03010000"
                        "02010000"
                        "68656c6c6f2066726f6d20616c696365");
    CHECK(f.read(tux).ends_with("PRIVMSG #a :hello from alice\r\n"));
    ignore(f.say(tux, "PRIVMSG #a :hi"));
    const mic_event got = event_of(bob.events(), ev_msg);
    CHECK(got.text == "hi");
    CHECK(got.from == bob.mid("#a", "Tux"));
  }
  SECTION("octets go to MIC alone, and no text with a tag does") {
    alice.send(alice.client.build.send_msg(alice.cid("#a"), std::string("raw\0bytes", 9), true));
    const mic_event got = event_of(bob.events(), ev_msg);
    CHECK(got.data());
    CHECK(got.text == std::string("raw\0bytes", 9));
  }
  SECTION("whispers") {
    alice.send(alice.client.build.send_whisper({alice.mid("#a", "Bob")}, "psst"));
    CHECK(bob.take() == "28011100"
                        "03010000"
                        "01"
                        "05010000"
                        "70737374");
    alice.send(alice.client.build.send_msg(alice.mid("#a", "Bob"), "one to one"));
    CHECK(bob.take() == "22011600"
                        "03010000"
                        "05010000"
                        "6f6e6520746f206f6e65");
    CHECK(f.read(tux).empty());
    alice.send(
        alice.client.build.send_whisper({alice.mid("#a", "Bob"), alice.mid("#a", "Tux")}, "both"));
    CHECK(event_of(bob.events(), ev_whisper).mids.size() == 2);
    CHECK(f.read(tux).find("both") != std::string::npos);
  }
  SECTION("to a user") {
    alice.send(alice.client.build.send_user(0, "Bob", "private text"));
    CHECK(bob.take() == "27011e00"
                        "01010000"
                        "04010000"
                        "05"
                        "416c696365"
                        "707269766174652074657874");
    CHECK(alice.send(alice.client.build.send_user(0, "Nobody", "x")) == "14010b000000000002000b");
    ignore(f.say(tux, "PRIVMSG Bob :from irc"));
    CHECK(event_of(bob.events(), ev_user).alias == "Tux");
  }
  SECTION("from outside, through the channel") {
    const confab_id out = f.enter("Out");
    ignore(f.say(out, "PRIVMSG #a :hear me"));
    const mic_event got = event_of(bob.events(), ev_msg);
    CHECK(got.text == "<Out> hear me");
    CHECK(got.from == bob.cid("#a"));
  }
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: properties, as mic-observed 4.7 shows them") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f);
  open_together(alice, bob);
  const std::uint32_t cid = alice.cid("#a"), own = alice.client.uid();
  const std::uint32_t alice_mid = alice.mid("#a", "Alice"), bob_mid = alice.mid("#a", "Bob");
  const auto set = [&](mic_peer &who, std::uint32_t oid, mic_property value) {
    return who.send(who.client.build.set_property(oid, {value}));
  };
  SECTION("topic") {
    CHECK(set(alice, cid, {0x3403, 0, 0, "second topic"}) == "23011c00"
                                                             "03010000"
                                                             "02010000"
                                                             "01"
                                                             "0334"
                                                             "0c"
                                                             "7365636f6e6420746f706963");
    CHECK(bob.client.channels().begin()->second.topic.empty());
    bob.take();
    CHECK(bob.client.channel("#a")->topic == "second topic");
  }
  SECTION("modes of a member") {
    CHECK(set(alice, bob_mid, {0x1802, 3, 3, ""}) == "23011300"
                                                     "03010000"
                                                     "05010000"
                                                     "01"
                                                     "0210"
                                                     "03000000");
    bob.take();
    CHECK(bob.client.channel("#a")->members.at(bob_mid).modes == 3);
    CHECK(set(alice, bob_mid, {0x1802, 1, 3, ""}) == "23011300"
                                                     "03010000"
                                                     "05010000"
                                                     "01"
                                                     "0210"
                                                     "01000000");
    CHECK(set(bob, alice_mid, {0x1802, 1, 3, ""}).ends_with("14010b00030100002c000f"));
  }
  SECTION("modes of the channel: all bits in one event") {
    CHECK(set(alice, cid, {0x1802, 0x18, 0x18, ""}) == "23011300"
                                                       "03010000"
                                                       "02010000"
                                                       "01"
                                                       "0210"
                                                       "18000000");
    CHECK(set(alice, cid, {0x1802, 0x18, 0x18, ""}) == "14010b000201000000000f");
    CHECK(set(bob, cid, {0x1802, 0, 0x18, ""}).ends_with("14010b00020100002c000f"));
  }
  SECTION("limit") {
    CHECK(set(alice, cid, {0x1408, 42, 0, ""}) == "23011300"
                                                  "03010000"
                                                  "02010000"
                                                  "01"
                                                  "0814"
                                                  "2a000000");
  }
  SECTION("nick: once for each channel, from the member") {
    alice.send(alice.client.build.create_channel(room("#b")));
    alice.events();
    const std::string told = set(alice, own, {0x3302, 0, 0, "Bobby"});
    CHECK(told.find("23011500"
                    "03010000"
                    "03010000"
                    "01"
                    "0233"
                    "05"
                    "426f626279") != std::string::npos);
    CHECK(told.size() == 2 * 2 * 21);
    bob.take();
    CHECK(bob.mid("#a", "Bobby") == alice_mid);
    mic_peer carol(f, "Carol");
    const std::string alone = set(carol, carol.client.uid(), {0x3302, 0, 0, "Ally"});
    CHECK(alone.starts_with("23011400"));
    CHECK(set(carol, carol.client.uid(), {0x3302, 0, 0, "Bob"}).ends_with("01000f"));
    CHECK(set(carol, carol.client.uid(), {0x3302, 0, 0, "9"}).ends_with("0e000f"));
    CHECK(carol.trouble().empty());
  }
  SECTION("away, ban, unban and keyword are confirmed") {
    CHECK(set(alice, own, {0x3307, 0, 0, "gone fishing"}) == "14010b000101000000000f");
    bob.send(bob.client.build.send_user(own, "", "there?"));
    CHECK(result_of(bob) == 0x45);
    alice.take();
    CHECK(set(alice, cid, {0x7410, 0, 0, "*!*@1.2.3.4"}) == "14010b000201000000000f");
    CHECK(set(alice, cid, {0xb410, 0, 0, "*!*@1.2.3.4"}) == "14010b000201000000000f");
    CHECK(set(alice, cid, {0x3402, 0, 0, "secret"}) == "14010b000201000000000f");
    mic_peer carol(f, "Carol");
    CHECK(carol.send(carol.client.build.open_channel("#a")).ends_with("0a0005"));
    carol.send(carol.client.build.open_channel("#a", "secret"));
    CHECK(carol.client.channel("#a"));
  }
  SECTION("reading") {
    CHECK(alice.send(alice.client.build.get_property(cid, {0x3401, 0x140b, 0x3403}, true))
              .starts_with("2b85"));
    const mic_event got = event_of(alice.events(), ev_property);
    REQUIRE(got.records.size() == 1);
    CHECK(got.records[0][0].text == "#a");
    CHECK(got.records[0][1].number == 2);
    alice.send(alice.client.build.get_property(bob_mid, {0x3303, 0x3302}));
    const mic_event name = event_of(alice.events(), ev_property);
    REQUIRE(name.records.size() == 1);
    CHECK(name.records[0][0].text == "Bob@192.0.2.9");
    CHECK(name.records[0][1].text == "Bob");
    CHECK(bob.send(bob.client.build.get_property(cid, {0x3402})).ends_with("1b000e"));
    CHECK(bob.send(bob.client.build.get_property(0x9999, {0x3402})).ends_with("39000e"));
    CHECK(bob.send(bob.client.build.get_property(cid, {0x1004})).ends_with("3b000e"));
  }
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: queries come in order, and always with an answer") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f);
  open_together(alice, bob);
  alice.send(alice.client.build.create_channel(room("#secret", 4)));
  std::vector<std::vector<mic_property>> records;
  const auto ask = [&](std::uint32_t oid, const std::vector<mic_term> &terms,
                       const std::vector<std::uint16_t> &wanted) {
    bob.send(bob.client.ask(oid, terms, wanted));
    records.clear();
    return bob.client.take_answer(records);
  };
  CHECK(ask(0xffff0007, {{{0x140b, 1, 0, ""}, 0x0f85}, {{0x140b, 9, 0, ""}, 0x0f87}},
            {0x3401, 0x140b, 0x3403}));
  REQUIRE(records.size() == 1);
  CHECK(records[0][0].text == "#a");
  CHECK(ask(0xffff0007, {{{0x3401, 0, 0, "#A"}}}, {0x1000}));
  REQUIRE(records.size() == 1);
  CHECK(ask(records[0][0].number, {}, {0x3302, 0x1002}));
  REQUIRE(records.size() == 2);
  CHECK(ask(0xffff0006, {{{0x3302, 0, 0, "alice"}}}, {0x3303, 0x3302}));
  REQUIRE(records.size() == 1);
  CHECK(records[0][1].text == "Alice");
  CHECK(ask(0xffff0006, {{{0x3302, 0, 0, "b*"}, 0x0f81}}, {0x3302}));
  CHECK(records.size() == 1);
  CHECK(ask(0xffff0007, {{{0x3401, 0, 0, "#secret"}}}, {0x340c}));
  CHECK(records.empty());
  CHECK(ask(0xffff0004, {}, {0x1000}));
  CHECK(records.empty());
  CHECK(bob.client.queries_waiting() == 0);
  CHECK(bob.trouble().empty());
}

TEST_CASE("mic: leaving, kicking, closing, killing, as mic-observed 4.10 shows it") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f);
  open_together(alice, bob);
  const std::uint32_t cid = alice.cid("#a"), bob_mid = alice.mid("#a", "Bob");
  SECTION("leaving") {
    CHECK(bob.send(bob.client.build.leave_channel(cid)) == "1f010c000501000000000000");
    CHECK(alice.take() == "1f010c000501000000000000");
    CHECK(bob.client.channel("#a") == nullptr);
    CHECK(bob.send(bob.client.build.leave_channel(cid)) == "14010b00020100002e0006");
    CHECK(bob.send(bob.client.build.send_msg(cid, "x")).empty());
    alice.send(alice.client.build.leave_channel(cid));
    CHECK(alice.send(alice.client.build.send_msg(cid, "x")) == "14010b0002010000390009");
  }
  SECTION("kicking") {
    CHECK(bob.send(bob.client.build.close(alice.mid("#a", "Alice"), "x")).ends_with("2c0007"));
    CHECK(alice.send(alice.client.build.close(bob_mid, "out you go")) == "1f0116000501000003010000"
                                                                         "6f757420796f7520676f");
    bob.take();
    CHECK(bob.client.channel("#a") == nullptr);
  }
  SECTION("the end of a connection, by either client") {
    CHECK(bob.send(bob.client.build.close(bob.client.uid())).empty());
    CHECK(alice.take() == "1f01170005010000000000"
                          "00"
                          "436c69656e742071756974");
    CHECK(f.host.closed.contains(bob.conn));
  }
  SECTION("closing the channel and killing are for operators") {
    CHECK(alice.send(alice.client.build.close(cid, "closed")) == "14010b0002010000410007");
    CHECK(alice.send(alice.client.build.kill_user(0, "Bob", "bye")).ends_with("410003"));
    const confab_id oper = f.enter("Oper");
    ignore(f.say(oper, "OPER a b"));
    ignore(f.say(oper, "KILL Bob :bye"));
    const std::vector<mic_event> seen = bob.events();
    CHECK(event_of(seen, ev_del_user).uid == bob.client.uid());
    CHECK(event_of(alice.events(), ev_del_member).mid == bob_mid);
    ignore(f.say(oper, "KILL #a :closed"));
    CHECK(event_of(alice.events(), ev_del_member).mid == 0x103);
    CHECK(alice.client.channel("#a") == nullptr);
  }
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: invitations and knocks") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f, "Bob");
  alice.send(alice.client.build.create_channel(room("#Other", 0x208)));
  alice.events();
  CHECK(bob.send(bob.client.build.open_channel("#Other")) == "14010b0000000000180005");
  CHECK(event_of(alice.events(), ev_knock).uid == bob.client.uid());
  CHECK(alice.send(alice.client.build.send_invite(0, "Bob", "#Other")).empty());
  const mic_event invited = event_of(bob.events(), ev_invite);
  CHECK(invited.alias == "Alice");
  CHECK(invited.name == "#Other");
  bob.send(bob.client.build.open_channel("#Other"));
  CHECK(bob.client.channel("#Other"));
  CHECK(alice.send(alice.client.build.send_invite(bob.client.uid(), "", "#Other"))
            .ends_with("3d0008"));
  CHECK(alice.send(alice.client.build.send_invite(0, "Nobody", "#Other")).ends_with("020008"));
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
}

TEST_CASE("mic: channels for MIC alone, with names and texts of their own") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice", true, 0), bob(f, "Bob");
  CHECK(alice.send(alice.client.build.create_channel(room("#u", 0, 0x80))).ends_with("470004"));
  alice.send(alice.client.build.create_channel(room("Zo\xc3\xab's room", 0, 0x90)));
  REQUIRE(alice.client.channel("Zo\xc3\xab's room"));
  const std::uint32_t cid = alice.cid("Zo\xc3\xab's room");
  bob.send(bob.client.build.open_channel("Zo\xeb's room"));
  CHECK(bob.client.channels().size() == 1);
  alice.send(alice.client.build.send_msg(cid, "\xe2\x82\xac \xce\xa9"));
  CHECK(event_of(bob.events(), ev_msg).text == "\x80 ?");
  bob.send(bob.client.build.send_msg(cid, "\x80"));
  CHECK(event_of(alice.events(), ev_msg).text == "\xe2\x82\xac");
  CHECK(bob.send(bob.client.build.open_channel("No room")).ends_with("130005"));
  CHECK(bob.send(bob.client.build.create_channel(room("no room"))).ends_with("090004"));
  const confab_id tux = f.enter("Tux");
  alice.send(alice.client.build.create_channel(room("#only", 0, 0x10)));
  ignore(f.say(tux, "JOIN #only"));
  CHECK(f.read(tux).find(":Tux!") == std::string::npos);
  alice.send(alice.client.build.create_channel(room("Bob", 0, 0x10)));
  ignore(f.say(tux, "PRIVMSG Bob :for you"));
  CHECK(event_of(bob.events(), ev_user).text == "for you");
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
}

TEST_CASE("mic: ranks of IRC are levels, and a mode of IRC is a word") {
  engine_fixture f(plain());
  const confab_id tux = f.enter("Tux");
  ignore(f.say(tux, "JOIN #a"));
  mic_peer bob(f, "Bob");
  bob.send(bob.client.build.open_channel("#a"));
  const std::uint32_t tux_mid = bob.mid("#a", "Tux"), bob_mid = bob.mid("#a", "Bob");
  CHECK(bob.client.channel("#a")->members.at(tux_mid).modes == 0x200003);
  ignore(f.say(tux, "MODE #a +mv-n Bob"));
  bob.take();
  CHECK(bob.client.channel("#a")->modes == 0x10);
  CHECK(bob.client.channel("#a")->members.at(bob_mid).modes == 1);
  ignore(f.say(tux, "MODE #a -v Bob"));
  bob.take();
  CHECK(bob.client.channel("#a")->members.at(bob_mid).modes == 0);
  CHECK(bob.send(bob.client.build.send_msg(bob.cid("#a"), "x")).ends_with("270009"));
  ignore(f.say(tux, "NICK Puffin"));
  bob.take();
  CHECK(bob.mid("#a", "Puffin") == tux_mid);
  ignore(f.say(tux, "QUIT"));
  CHECK(event_of(bob.events(), ev_del_member).mid == tux_mid);
  CHECK(bob.trouble().empty());
}

TEST_CASE("mic: bad frames cost their sender alone, and each has its answer") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f);
  open_together(alice, bob);
  const auto framed = [](std::uint8_t type, std::string_view body) {
    return mic_frames::framed(type, 1, body);
  };
  CHECK(alice.send(framed(0x00, "")) == "14010b00000000000b0000");
  CHECK(alice.send(framed(0x0d, "")) == "14010b000000000028000d");
  CHECK(alice.send(framed(0x77, "")) == "14010b00000000000b0077");
  CHECK(alice.send(framed(0x22, "12345678x")) == "14010b00000000000b0022");
  CHECK(alice.send(framed(0x09, "12")) == "14010b00000000000b0009");
  CHECK(alice.send(framed(0x09, std::string(4, '\2') + std::string(2001, 'x'))) ==
        "14010b0000000000430009");
  CHECK(alice.send(framed(0x05, std::string("\0\0\0\0\0\0\7\0x", 9))) == "14010b00000000000b0005");
  CHECK(alice.send(alice.client.build.send_msg(0x5555, "x")) == "14010b0055550000390009");
  CHECK(alice.send(alice.client.build.set_property(alice.cid("#a"), {{0x3302, 0, 0, "x"}})) ==
        "14010b00020100000d000f");
  CHECK(alice.send(alice.client.build.send_udp(alice.cid("#a"), 1, 2, "x")).ends_with("1d000a"));
  CHECK(alice.send(alice.client.build.send_msg(alice.cid("#a"), "still here")).empty());
  CHECK(event_of(bob.events(), ev_msg).text == "still here");
  CHECK(alice.send(std::string("\x09\x01\0\0rest", 8)) == "14010b00000000000b0009"
                                                          "1d011700010100000000000015"
                                                          "00"
                                                          "426164206672616d65");
  CHECK(f.host.closed.contains(alice.conn));
  CHECK(event_of(bob.events(), ev_del_member).mid == 0x103);
  mic_peer long_one(f, "Long");
  long_one.send(std::string("\x09\x01\x01\x08", 4));
  CHECK(f.host.closed.contains(long_one.conn));
  mic_peer lines(f, "Lines");
  lines.send("NICK x\r\n");
  CHECK(f.host.closed.contains(lines.conn));
  CHECK(bob.trouble().empty());
  CHECK(f.broken().empty());
  CHECK(f.destroy().empty());
}

TEST_CASE("mic: a ping is answered, and silence is not") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice");
  ignore(f.wait_ms(200'000));
  CHECK(alice.take() == "30000400");
  ignore(f.wait_ms(100'000));
  CHECK_FALSE(f.host.closed.contains(alice.conn));
}

TEST_CASE("mic: a security package of the host's") {
  auto setup = plain();
  setup.tweak = [](confab_engine_options &o) {
    o.user_modes = {};
    o.packages = CONFAB_STR("NTLM");
  };
  engine_fixture f(setup);
  mic_peer alice(f);
  confab_id asked = 0;
  f.host.on_request = [&](const confab_request &r) -> confab_status {
    asked = r.id;
    return CONFAB_PARKED;
  };
  alice.send(mic_client::probe());
  CHECK(alice.send(alice.client.build.connect_sspi('N', "NTLM", "Alice", "DOM\\alice", "BLOB1"))
            .empty());
  REQUIRE(confab_request_resolve(f.engine, asked, CONFAB_AGAIN, CONFAB_STR("CHALLENGE")) ==
          CONFAB_OK);
  CHECK(alice.take() == "15010f00004e4348414c4c454e4745");
  CHECK(alice.send(alice.client.build.connect_sspi('A', "", "", "", "BLOB2")).empty());
  REQUIRE(confab_request_resolve(f.engine, asked, CONFAB_OK, CONFAB_STR("alice@DOM")) == CONFAB_OK);
  alice.take();
  CHECK(alice.client.now() == mic_client::phase::logged_on);
  CHECK(alice.client.modes() == 0x10000);
  mic_peer bob(f);
  bob.send(mic_client::probe());
  bob.send(bob.client.build.connect_user("Bob", "bob", "wrong"));
  REQUIRE(confab_request_resolve(f.engine, asked, CONFAB_ERR_DENIED, {}) == CONFAB_OK);
  CHECK(bob.take() == "14010b0000000000070002");
  bob.send(bob.client.build.connect_user("Bob", "bob"));
  CHECK(bob.client.now() == mic_client::phase::logged_on);
}
