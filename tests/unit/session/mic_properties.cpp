// SPDX-License-Identifier: MIT
//
// MIC: what the server and its network say of themselves, and GUIDs that come with a new channel:
// as properties, of which the core decides who sets and reads them, and filters what becomes of
// them.

#include "support/catch.hpp"
#include "support/mic_peer.hpp"
#include "support/one_hook.hpp"

#include <tuple>
#include <utility>

using namespace confab::test;

namespace {

constexpr std::uint8_t ev_result = 0x14, ev_msg = 0x22, ev_prop = 0x23, ev_user = 0x27,
                       ev_property = 0x2b;

// "{D6526FE0-E651-11CF-99CB-00C04FD64497}"
const std::string guid("\xe0\x6f\x52\xd6\x51\xe6\xcf\x11\x99\xcb\x00\xc0\x4f\xd6\x44\x97", 16);

engine_fixture::setup plain() {
  return {.push = false,
          .tweak = [](confab_engine_options &o) { o.user_modes = o.channel_modes = {}; },
          .clock = false};
}

mic_create room_of(std::string_view name) {
  mic_create out;
  out.name = name;
  return out;
}

std::uint16_t result_of(mic_peer &peer) { return event_of(peer.events(), ev_result).result; }

} // namespace

TEST_CASE("mic: the server and its network answer for themselves, in their turn") {
  auto setup = plain();
  setup.tweak = [](confab_engine_options &o) {
    o.user_modes = o.channel_modes = {};
    static const std::string motd(1500, 'm'), info(1500, 'i');
    o.motd = str_of(motd);
    o.server_info = str_of(info);
  };
  engine_fixture f(setup);
  mic_peer bob(f, "Bob", true);
  std::vector<std::vector<mic_property>> records;
  const auto ask = [&](std::uint32_t oid, const std::vector<mic_term> &terms,
                       const std::vector<std::uint16_t> &wanted) {
    bob.send(bob.client.ask(oid, terms, wanted));
    records.clear();
    return bob.client.take_answer(records);
  };
  CHECK(ask(0xffff0005, {{{0x3284, 0, 0, "CONFAB.*"}, 0x0f81}}, {0x1000, 0x3284, 0x1100, 0x0281}));
  REQUIRE(records.size() == 1);
  CHECK(records[0][0].number == 0x10);
  CHECK(records[0][1].text == "confab.local");
  CHECK(records[0][2].number == 1);
  CHECK(ask(0xffff0005, {{{0x1280, 0x11, 0, ""}}}, {0x3284}));
  CHECK(records.empty());
  CHECK(ask(0xffff0002, {{{0x1100, 1, 0, ""}}}, {0x1000, 0x1003}));
  REQUIRE(records.size() == 1);
  CHECK(records[0][0].number == 1);
  CHECK(records[0][1].number == 0x10);
  CHECK(ask(0xffff0002, {}, {0x3284})); // of a server
  CHECK(records.empty());
  // Long texts are as long as their property may be, in the form that a frame has room for.
  CHECK(ask(0xffff0005, {{{0x3a88, 0, 0, std::string(900, 'm')}, 0x0f80}}, {0x3a88, 0x3a89}));
  REQUIRE(records.size() == 1);
  CHECK(records[0][0].text == std::string(1007, 'm'));
  CHECK(records[0][1].text == std::string(1007, 'i'));
  CHECK(ask(0xffff0005, {}, {0x3a88, 0x3a89, 0x3285})); // no frame has room for that
  CHECK(records.empty());
  CHECK(result_of(bob) == 0x2f);
  CHECK(bob.client.queries_waiting() == 0);
  CHECK(bob.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: a new channel takes its GUIDs as properties") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice"), bob(f, "Bob");
  const confab_id tux = f.enter("Tux");
  ignore(f.say(tux, "IRCX"));
  mic_create all = room_of("#a");
  for (const std::size_t bytes : {1U, 15U, 17U, 38U, 255U}) {
    all.client_guid = std::string(bytes, 'x');
    CHECK(alice.send(alice.client.build.create_channel(all)) == "14010b0000000000080004");
    std::swap(all.client_guid, all.service_guid);
    CHECK(alice.send(alice.client.build.create_channel(all)) == "14010b0000000000080004");
    all.service_guid.clear();
  }
  CHECK(f.channel("#a") == 0);
  all.client_guid = guid;
  all.service_guid = std::string(16, '\0'); // COM's word for none
  alice.send(alice.client.build.create_channel(all));
  const mic_event told = event_of(alice.events(), ev_prop);
  REQUIRE(told.records.size() == 1);
  CHECK(told.records[0][0].id == 0x2405);
  CHECK(told.records[0][0].text == guid);
  const std::uint32_t cid = alice.cid("#a");
  ignore(f.say(tux, "JOIN #a"));
  f.read(tux);
  ignore(f.say(tux, "PROP #a *"));
  const std::string listed = f.read(tux);
  CHECK(listed.find("CLIENTGUID :{D6526FE0-E651-11CF-99CB-00C04FD64497}") != std::string::npos);
  CHECK(listed.find("SERVICEPATH") == std::string::npos);
  bob.send(bob.client.build.open_channel("#a"));
  bob.send(bob.client.build.get_property(cid, {0x2405, 0x2406, 0x3401}));
  const mic_event got = event_of(bob.events(), ev_property);
  REQUIRE(got.records.size() == 1);
  CHECK(got.records[0][0].text == guid);
  CHECK(got.records[0][1].text.empty());
  CHECK(got.records[0][2].text == "#a");
  std::vector<std::vector<mic_property>> records;
  for (const auto &[operand, op, found] :
       {std::tuple(guid, std::uint16_t{0x0f82}, true),
        std::tuple(guid, std::uint16_t{0x0f83}, false),
        std::tuple(std::string(16, '\0'), std::uint16_t{0x0f82}, false)}) {
    bob.send(bob.client.ask(0xffff0007, {{{0x2405, 0, 0, operand}, op}}, {0x3401}));
    records.clear();
    REQUIRE(bob.client.take_answer(records));
    CHECK((records.size() == 1) == found);
  }
  SECTION("whom the core does not let set a path, it does not let set a service") {
    all.name = "#b";
    all.service_guid = guid;
    alice.send(alice.client.build.create_channel(all));
    REQUIRE(alice.client.channel("#b"));
    CHECK(result_of(alice) == 0x1b);
    alice.send(alice.client.build.get_property(alice.cid("#b"), {0x2406}));
    CHECK(event_of(alice.events(), ev_property).records.at(0)[0].text.empty());
  }
  SECTION("an administrator may, and a path that is no GUID has no bytes") {
    confab_event_user_change change;
    CONFAB_COMMAND_INIT(&change, CONFAB_EVENT_USER_CHANGE);
    change.head.flags = CONFAB_EVENT_FORCED;
    change.user = f.user("Alice");
    change.what = CONFAB_USER_MODE;
    change.mode = CONFAB_UMODE_ADMINISTRATOR;
    change.set = 1;
    REQUIRE(confab_command_submit(f.engine, &change.head, nullptr) == CONFAB_OK);
    all.name = "#b";
    all.service_guid = guid;
    alice.send(alice.client.build.create_channel(all));
    alice.events();
    const auto service = [&] {
      alice.send(alice.client.build.get_property(alice.cid("#b"), {0x2406}));
      return event_of(alice.events(), ev_property).records.at(0)[0].text;
    };
    CHECK(service() == guid);
    confab_event_property path;
    CONFAB_COMMAND_INIT(&path, CONFAB_EVENT_PROPERTY);
    path.subject = f.channel("#b");
    path.name = CONFAB_STR("SERVICEPATH");
    path.text = CONFAB_STR("C:\\x.dll");
    path.set = 1;
    REQUIRE(confab_command_submit(f.engine, &path.head, nullptr) == CONFAB_OK);
    const mic_event changed = event_of(alice.events(), ev_prop);
    REQUIRE(changed.records.size() == 1);
    CHECK(changed.records[0][0].id == 0x2406);
    CHECK(changed.records[0][0].text.empty());
    CHECK(service().empty());
  }
  CHECK(alice.trouble().empty());
  CHECK(bob.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: the GUID of a new channel is judged like any property") {
  engine_fixture f(plain());
  mic_peer alice(f, "Alice");
  mic_create all = room_of("#a");
  all.client_guid = guid;
  std::string seen;
  const auto read = [&] {
    alice.send(alice.client.build.get_property(alice.cid("#a"), {0x2405}));
    return event_of(alice.events(), ev_property).records.at(0)[0].text;
  };
  SECTION("denied: the channel is made without") {
    one_hook filter(f, CONFAB_EVENT_PROPERTY, CONFAB_STAGE_POLICY,
                    [&](confab_call *call, const confab_event &e) {
                      const auto &p = reinterpret_cast<const confab_event_property &>(e);
                      seen = string_of(p.name) + " " + string_of(p.text);
                      return deny(call, CONFAB_DENIAL_ERROR);
                    });
    alice.send(alice.client.build.create_channel(all));
    CHECK(seen == "CLIENTGUID {D6526FE0-E651-11CF-99CB-00C04FD64497}");
    CHECK(event_of(alice.events(), ev_result).request == 0x04);
    REQUIRE(alice.client.channel("#a"));
    CHECK(read().empty());
  }
  SECTION("rewritten") {
    one_hook filter(f, CONFAB_EVENT_PROPERTY, CONFAB_STAGE_TRANSFORM,
                    [&](confab_call *call, const confab_event &) {
                      CHECK(confab_call_set(call, CONFAB_FIELD_TEXT,
                                            CONFAB_STR("00000000-0000-0000-0000-0000000000ff")) ==
                            CONFAB_OK);
                      return CONFAB_PASS;
                    });
    alice.send(alice.client.build.create_channel(all));
    CHECK(read() == std::string(15, '\0') + "\xff");
  }
  SECTION("a question about the server can be denied too, and takes its turn") {
    std::uint32_t visibility = CONFAB_DENIAL_SILENT;
    one_hook filter(
        f, CONFAB_EVENT_QUERY, CONFAB_STAGE_POLICY,
        [&](confab_call *call, const confab_event &) { return deny(call, visibility); });
    for (visibility = CONFAB_DENIAL_ERROR; visibility <= CONFAB_DENIAL_SHADOW; ++visibility) {
      std::vector<std::vector<mic_property>> records;
      alice.send(alice.client.ask(0xffff0005, {}, {0x3284}));
      REQUIRE(alice.client.take_answer(records));
      CHECK(records.empty());
    }
  }
  CHECK(alice.client.queries_waiting() == 0);
  CHECK(alice.trouble().empty());
  CHECK(f.broken().empty());
}

TEST_CASE("mic: who asks for MICONLY at log-on is nobody to other protocols") {
  engine_fixture f(plain());
  mic_peer alice(f), bob(f, "Bob");
  alice.send(mic_client::probe());
  alice.send(alice.client.build.connect_user("Alice", "alice", {}, 0x300));
  const mic_event told = event_of(alice.events(), ev_prop);
  REQUIRE(told.records.size() == 1);
  CHECK(told.records[0][0].number == 0x200); // EVENT is not given
  const confab_id tux = f.enter("Tux");
  ignore(f.say(tux, "IRCX"));
  ignore(f.say(tux, "JOIN #a"));
  alice.send(alice.client.build.open_channel("#a"));
  bob.send(bob.client.build.open_channel("#a"));
  alice.events();
  f.read(tux);
  for (const char *line : {"PRIVMSG Alice :psst", "NOTICE Alice :psst", "WHISPER #a Alice :psst",
                           "DATA Alice TAG :psst"}) {
    INFO(line);
    ignore(f.say(tux, line));
    const bool answered = !std::string_view(line).starts_with("NOTICE"); // which never is
    CHECK((f.read(tux).find("No such nick") != std::string::npos) == answered);
    CHECK(alice.take().empty());
  }
  ignore(f.say(tux, "PRIVMSG #a :to all"));
  CHECK(event_of(alice.events(), ev_msg).text == "to all");
  bob.send(bob.client.build.send_user(0, "Alice", "of MIC"));
  CHECK(event_of(alice.events(), ev_user).text == "of MIC");
  alice.send(alice.client.build.send_user(0, "Tux", "to IRC"));
  CHECK(f.read(tux).find("PRIVMSG Tux :to IRC") != std::string::npos);
  // What the host says in somebody's name comes by his own protocol, and its own word always.
  for (const auto &[name, forced, arrives] :
       {std::tuple("Tux", 0U, false), std::tuple("Bob", 0U, true),
        std::tuple("Tux", std::uint32_t{CONFAB_EVENT_FORCED}, true)}) {
    confab_event_message said;
    CONFAB_COMMAND_INIT(&said, CONFAB_EVENT_MESSAGE);
    said.head.actor = f.user(name);
    said.head.flags = forced;
    said.kind = CONFAB_MESSAGE_PRIVMSG;
    said.target = f.user("Alice");
    said.text = CONFAB_STR("by the host");
    CHECK((confab_command_submit(f.engine, &said.head, nullptr) == CONFAB_OK) == arrives);
    CHECK((event_of(alice.events(), ev_user).text == "by the host") == arrives);
  }
  // It is for the log-on alone.
  alice.send(alice.client.build.set_property(alice.client.uid(), {{0x1802, 0, 0x200, ""}}));
  ignore(f.say(tux, "PRIVMSG Alice :psst"));
  CHECK(f.read(tux).find(" 401 ") != std::string::npos);
  CHECK(alice.trouble().empty());
  CHECK(f.broken().empty());
}
