// SPDX-License-Identifier: MIT
//
// proto/mic/client_message: what every message of a client is decoded to, part by part, ANSI and
// wide, from frames that the tests' client builds; then what is wrong with frames that are cut,
// padded, counted wrong, empty, or of a kind that is none. Queries are in query.cpp.
#include "proto/mic/client_message.hpp"

#include "support/catch.hpp"
#include "support/mic_recode.hpp"

#include <string>
#include <vector>

using namespace confab;
using mic::malformed;
using test::mic_frames;
using test::plain_of;
using test::utf8_of;

namespace {

const std::string zoe = "Zo\xc3\xab";

template <class Message>
Message decoded(const std::string &frame) {
  static std::string kept; // what was decoded points into it
  kept = frame;
  mic::client_message out;
  REQUIRE(mic::decode(kept, out) == malformed::no);
  REQUIRE(std::holds_alternative<Message>(out));
  return std::get<Message>(out);
}

malformed fault(const std::string &frame) {
  mic::client_message out;
  return mic::decode(frame, out);
}

std::string bytes(std::initializer_list<int> values) {
  std::string out;
  for (const int value : values)
    out.push_back(static_cast<char>(value));
  return out;
}

// The same frame with another body, and the length to go with it.
std::string with_length(std::string frame) {
  frame[2] = static_cast<char>(frame.size() & 0xffU);
  frame[3] = static_cast<char>(frame.size() >> 8U);
  return frame;
}

std::vector<std::string> one_of_each(const mic_frames &build) {
  return {build.connect_user("Anna", "annak", "secret", 0x0f, "Anna K"),
          build.connect_sspi('N', "NTLM", "Anna", "DOM\\anna", "token"),
          build.kill_user(0, "Bob", "enough"),
          build.create_channel({1, 2, 1, 4, 5, "#a", "key", "topic", "subject",
                                std::string(16, 'g'), std::string(16, 's'), "account"}),
          build.open_channel("#a", "key", 1, 2),
          build.leave_channel(7, "bye"),
          build.close(7, "bye"),
          build.send_invite(7, "", "#a"),
          build.send_msg(7, "hello"),
          build.send_msg(7, std::string("\0\xff", 2), true),
          build.send_udp(7, 8, 9, "payload"),
          build.send_user(0, "Bob", "hello"),
          build.send_user(7, "", "bytes", true),
          build.send_whisper({1, 2, 3}, "psst"),
          build.get_property(7, {0x3403, 0x1002}, true),
          build.set_property(7, {{0x1802, 3, 3, {}}, {0x3403, 0, 0, "topic"}}),
          build.query(0xffff0007, {{{0x140b, 1, 0, {}}, 0x0f85, 0}}, {0x3401}),
          build.pong()};
}

} // namespace

TEST_CASE("mic client: log-on, anonymous or with a password", "[mic]") {
  for (const bool wide : {false, true}) {
    const mic_frames build{wide};
    const auto got = decoded<mic::connect_user>(
        build.connect_user("Anna", wide ? zoe : "annak", "secret", 0x30f, "Anna K"));
    CHECK(got.protocol == 0);
    CHECK(got.version == 0);
    CHECK(got.modes == 0x30f);
    CHECK(plain_of(got.alias) == "Anna");
    CHECK(plain_of(got.password) == "secret");
    CHECK(plain_of(got.name) == (wide ? zoe : "annak"));
    CHECK(plain_of(got.description) == "Anna K");
    CHECK(got.alias.wide == wide);
    CHECK(decoded<mic::connect_user>(build.connect_user("Al", "al")).password.empty());
  }
}

TEST_CASE("mic client: the legs of a log-on through a package", "[mic]") {
  const mic_frames build;
  const std::string token("\0\x01\xff token", 9);
  const auto first =
      decoded<mic::connect_sspi>(build.connect_sspi('N', "NTLM", "Anna", "D\\a", token, 3));
  CHECK(first.sequence == 'N');
  CHECK(first.modes == 3);
  CHECK(plain_of(first.package) == "NTLM");
  CHECK(plain_of(first.alias) == "Anna");
  CHECK(plain_of(first.name) == "D\\a");
  CHECK(first.token == token);
  const auto second = decoded<mic::connect_sspi>(build.connect_sspi('A', "", "", "", token));
  CHECK(second.sequence == 'A');
  CHECK(second.package.empty());
  CHECK(second.token == token);
}

TEST_CASE("mic client: channels are created, opened, left and closed", "[mic]") {
  for (const bool wide : {false, true}) {
    const mic_frames build{wide};
    const auto made = decoded<mic::create_channel>(
        build.create_channel({0x60, 0x90, 1, 20, 99, wide ? zoe : "#a", "key", "about", "sub",
                              std::string(16, '\0'), "service", "acc"}));
    CHECK(made.modes == 0x60);
    CHECK(made.flags == 0x90);
    CHECK(made.open == 1);
    CHECK(made.limit == 20);
    CHECK(made.udp_port == 99);
    CHECK(plain_of(made.name) == (wide ? zoe : "#a"));
    CHECK(plain_of(made.keyword) == "key");
    CHECK(plain_of(made.topic) == "about");
    CHECK(plain_of(made.subject) == "sub");
    CHECK(made.client_guid == std::string(16, '\0'));
    CHECK(made.service_guid == "service");
    CHECK(plain_of(made.account) == "acc");
    const auto opened = decoded<mic::open_channel>(build.open_channel("#a", "key", 3, 4000));
    CHECK(opened.open == 3);
    CHECK(opened.udp_port == 4000);
    CHECK(plain_of(opened.name) == "#a");
    CHECK(plain_of(opened.keyword) == "key");
    CHECK(plain_of(decoded<mic::leave_channel>(build.leave_channel(7, "bye")).reason) == "bye");
    CHECK(decoded<mic::leave_channel>(build.leave_channel(7)).cid == 7);
    const auto closed = decoded<mic::close_object>(build.close(0x01020304, "out"));
    CHECK(closed.oid == 0x01020304);
    CHECK(plain_of(closed.reason) == "out");
  }
}

TEST_CASE("mic client: messages of every kind, text and data", "[mic]") {
  const std::string data("\0\xff\r\n", 4);
  for (const bool wide : {false, true}) {
    const mic_frames build{wide};
    const std::string said = wide ? zoe + "\r\n" : "hi\r\n";
    const auto to_channel = decoded<mic::send_msg>(build.send_msg(9, said));
    CHECK(to_channel.oid == 9);
    CHECK_FALSE(to_channel.body.data);
    CHECK(plain_of(to_channel.body.text) == said);
    const auto bytes_sent = decoded<mic::send_msg>(build.send_msg(9, data, true));
    CHECK(bytes_sent.body.data);
    CHECK(bytes_sent.body.text.bytes == data);
    CHECK_FALSE(bytes_sent.body.text.wide);
    const auto to_user = decoded<mic::send_user>(build.send_user(0, "Bob", said));
    CHECK(to_user.uid == 0);
    CHECK(plain_of(to_user.alias) == "Bob");
    CHECK(plain_of(to_user.body.text) == said);
    const auto data_to_user = decoded<mic::send_user>(build.send_user(5, "", data, true));
    CHECK(data_to_user.uid == 5);
    CHECK(data_to_user.body.text.bytes == data);
    const auto whisper = decoded<mic::send_whisper>(build.send_whisper({1, 2, 0xfffffff}, said));
    CHECK(whisper.mids.count == 3);
    CHECK(whisper.mids.items[2] == 0xfffffff);
    CHECK(plain_of(whisper.body.text) == said);
    const auto invited = decoded<mic::send_invite>(build.send_invite(0, "Bob", "#a"));
    CHECK(plain_of(invited.alias) == "Bob");
    CHECK(plain_of(invited.channel) == "#a");
    const auto killed = decoded<mic::kill_user>(build.kill_user(6, "", "why"));
    CHECK(killed.uid == 6);
    CHECK(plain_of(killed.reason) == "why");
  }
  const auto datagram = decoded<mic::send_udp>(mic_frames{}.send_udp(1, 2, 3, "pay"));
  CHECK(datagram.cid == 1);
  CHECK(datagram.mid == 2);
  CHECK(datagram.cookie == 3);
  CHECK(datagram.payload == "pay");
}

TEST_CASE("mic client: properties are read and changed", "[mic]") {
  const mic_frames build;
  const auto asked = decoded<mic::get_property>(build.get_property(4, {0x3303, 0x3302}));
  CHECK(asked.oid == 4);
  CHECK_FALSE(asked.info);
  CHECK(asked.ids.count == 2);
  CHECK(asked.ids.items[1] == mic::prop_user_alias);
  CHECK(decoded<mic::get_property>(build.get_property(4, {0x1000}, true)).info);
  // A value of each type, one after the other; unknown ones among them.
  const auto changed = decoded<mic::set_property>(build.set_property(4, {{0x0281, 1, 0, {}},
                                                                         {0x0c80, 2, 0, {}},
                                                                         {0x1408, 3, 0, {}},
                                                                         {0x1802, 4, 5, {}},
                                                                         {0x2405, 0, 0, "guid"},
                                                                         {0x2c7f, 0, 0, "long"},
                                                                         {0x7410, 0, 0, "*!*@h"},
                                                                         {0x3a88, 0, 0, "motd"}}));
  const auto values = changed.values.view();
  REQUIRE(values.size() == 8);
  CHECK(values[0].number == 1);
  CHECK(values[1].number == 2);
  CHECK(values[2].number == 3);
  CHECK(values[3].number == 4);
  CHECK(values[3].high == 5);
  CHECK(values[4].text.bytes == "guid");
  CHECK(values[5].text.bytes == "long");
  CHECK(mic::op_of(values[6].id) == mic::property_op::add);
  CHECK(values[6].text.bytes == "*!*@h");
  CHECK(values[7].text.bytes == "motd");
}

TEST_CASE("mic client: a single wide text whose length counts bytes ends with the frame", "[mic]") {
  const std::string wide_alias = test::utf16le("Bobby");
  const std::string head = bytes({4, 0, 0, 0, 1, 0x02, 0x33});
  const auto with_count = [&](std::size_t count) {
    return mic_frames::framed(0x0f, 0,
                              head + std::string(1, static_cast<char>(count)) + wide_alias);
  };
  for (const std::size_t count : {5U, 10U}) {
    const auto got = decoded<mic::set_property>(with_count(count));
    CHECK(utf8_of(got.values.items[0].text) == "Bobby");
  }
  CHECK(fault(with_count(4)) == malformed::trailing);
  CHECK(fault(with_count(6)) == malformed::truncated);
  CHECK(fault(with_count(255)) == malformed::truncated);
  // An empty one is the same either way, and an odd number of bytes is none.
  const std::string empty = mic_frames::framed(0x0f, 0, head + std::string(1, '\0'));
  CHECK(decoded<mic::set_property>(empty).values.items[0].text.empty());
  CHECK(fault(mic_frames::framed(0x0f, 0, head + "\x03" + "abc")) == malformed::truncated);
}

TEST_CASE("mic client: every frame, cut anywhere, is truncated or says something shorter",
          "[mic]") {
  for (const bool wide : {false, true})
    for (const std::string &frame : one_of_each(mic_frames{wide})) {
      CHECK(fault(frame) == malformed::no);
      for (std::size_t n = 4; n < frame.size(); ++n) {
        CAPTURE(static_cast<int>(frame[0]), wide, n);
        const std::string cut = with_length(frame.substr(0, n));
        const malformed wrong = fault(cut);
        const mic::kind_row *row = mic::find_kind(static_cast<std::uint8_t>(frame[0]));
        if (n < row->bytes_least) {
          CHECK(wrong == malformed::truncated);
        } else {
          // A body, a reason or a list that simply ends earlier, or a message without one.
          const bool ends_later = wrong == malformed::no || wrong == malformed::odd_text ||
                                  wrong == malformed::no_text || wrong == malformed::count;
          CHECK((wrong == malformed::truncated || ends_later));
        }
        CHECK(fault(frame.substr(0, n)) == malformed::length);
      }
    }
}

TEST_CASE("mic client: bytes behind a frame's last part are refused", "[mic]") {
  for (const std::string &frame : one_of_each(mic_frames{})) {
    CAPTURE(static_cast<int>(frame[0]));
    const malformed wrong = fault(with_length(frame + "xx"));
    switch (frame[0]) {
    case 0x01: // what ends with the frame just gets longer
    case 0x06:
    case 0x07:
    case 0x09:
    case 0x0a:
    case 0x0b:
    case 0x0c:
      CHECK(wrong == malformed::no);
      break;
    case 0x0e: // one property more, with an operation that cannot be read
      CHECK(wrong == malformed::property);
      break;
    default:
      CHECK(wrong == malformed::trailing);
    }
  }
}

TEST_CASE("mic client: frames whose length lies, or is none", "[mic]") {
  CHECK(fault("") == malformed::length);
  CHECK(fault("\x31") == malformed::length);
  CHECK(fault(bytes({0x31, 0, 0, 0})) == malformed::length);
  CHECK(fault(bytes({0x31, 0, 3, 0})) == malformed::length);
  CHECK(fault(bytes({0x31, 0, 5, 0})) == malformed::length);
  CHECK(fault(bytes({0x31, 0, 4, 0})) == malformed::no);
  const std::string longest = mic_frames::framed(0x0a, 2, std::string(2044, 'x'));
  CHECK(longest.size() == 2048);
  CHECK(fault(longest) == malformed::no);
  CHECK(fault(mic_frames::framed(0x0a, 2, std::string(2045, 'x'))) == malformed::length);
}

TEST_CASE("mic client: kinds that clients do not send", "[mic]") {
  const auto of_kind = [](int type) {
    return mic_frames::framed(static_cast<std::uint8_t>(type), 1, std::string(60, '\0'));
  };
  CHECK(fault(of_kind(0x00)) == malformed::null_kind);
  for (const int type : {0x0d, 0x11, 0x12, 0x13, 0x1b, 0x24, 0x25, 0x2a, 0x2d, 0x2f, 0x32})
    CHECK(fault(of_kind(type)) == malformed::reserved_kind);
  for (const int type : {0x14, 0x18, 0x22, 0x2c, 0x30})
    CHECK(fault(of_kind(type)) == malformed::not_for_us);
  for (const int type : {0x33, 0x4d, 0x7f, 0x80, 0xff})
    CHECK(fault(of_kind(type)) == malformed::unknown_kind);
}

TEST_CASE("mic client: bodies that are empty, odd or too long", "[mic]") {
  const mic_frames ansi, wide{true};
  CHECK(fault(ansi.send_msg(1, "")) == malformed::no_text);
  CHECK(fault(ansi.send_msg(1, "", true)) == malformed::no_text);
  CHECK(fault(ansi.send_user(1, "", "")) == malformed::no_text);
  CHECK(fault(ansi.send_whisper({1}, "")) == malformed::no_text);
  CHECK(fault(ansi.send_msg(1, std::string(2000, 'x'))) == malformed::no);
  CHECK(fault(ansi.send_msg(1, std::string(2001, 'x'))) == malformed::long_text);
  CHECK(fault(ansi.send_whisper(std::vector<std::uint32_t>(10, 5), std::string(2000, 'x'))) ==
        malformed::no);
  CHECK(fault(wide.send_msg(1, std::string(1000, 'x'))) == malformed::no);
  CHECK(fault(wide.send_msg(1, std::string(1001, 'x'))) == malformed::long_text);
  CHECK(fault(with_length(wide.send_msg(1, "ab") + "c")) == malformed::odd_text);
  CHECK(fault(with_length(wide.close(1, "ab") + "c")) == malformed::odd_text);
  CHECK(fault(with_length(wide.leave_channel(1, "ab") + "c")) == malformed::odd_text);
  // Three bytes of data are three bytes, whatever the other flag says.
  CHECK(fault(mic_frames::framed(0x09, 2, std::string(7, 'x'))) == malformed::no);
  CHECK(fault(mic_frames::framed(0x09, 3, std::string(7, 'x'))) == malformed::no);
}

TEST_CASE("mic client: impossible counts", "[mic]") {
  const mic_frames build;
  CHECK(fault(build.send_whisper({}, "x")) == malformed::count);
  CHECK(fault(build.send_whisper(std::vector<std::uint32_t>(11, 5), "x")) == malformed::count);
  CHECK(fault(build.get_property(1, {})) == malformed::count);
  CHECK(fault(build.get_property(1, std::vector<std::uint16_t>(15, 0x1000))) == malformed::no);
  CHECK(fault(build.get_property(1, std::vector<std::uint16_t>(16, 0x1000))) == malformed::count);
  CHECK(fault(with_length(build.get_property(1, {0x1000}) + "x")) == malformed::truncated);
  CHECK(fault(build.set_property(1, {})) == malformed::count);
  CHECK(fault(build.set_property(1, std::vector<test::mic_property>(15, {0x1408, 1, 0, {}}))) ==
        malformed::no);
  CHECK(fault(build.set_property(1, std::vector<test::mic_property>(16, {0x1408, 1, 0, {}}))) ==
        malformed::count);
}

TEST_CASE("mic client: somebody is named by id or by alias, not by both or neither", "[mic]") {
  const mic_frames build;
  CHECK(fault(build.kill_user(0, "", "x")) == malformed::target);
  CHECK(fault(build.kill_user(1, "Bob", "x")) == malformed::target);
  CHECK(fault(build.send_invite(0, "", "#a")) == malformed::target);
  CHECK(fault(build.send_invite(1, "Bob", "#a")) == malformed::target);
  CHECK(fault(build.send_user(0, "", "x")) == malformed::target);
  CHECK(fault(build.send_user(1, "Bob", "x")) == malformed::target);
}

TEST_CASE("mic client: operations that a property or a request does not have", "[mic]") {
  const mic_frames build;
  CHECK(fault(build.get_property(1, {0x7410})) == malformed::property);
  CHECK(fault(build.set_property(1, {{0xf410, 0, 0, "x"}})) == malformed::property);
  CHECK(fault(build.set_property(1, {{0xb410, 0, 0, "x"}})) == malformed::no);
}

TEST_CASE("mic client: flags that clients may not set change nothing", "[mic]") {
  std::string frame = mic_frames{}.send_msg(1, "hi");
  frame[1] = static_cast<char>(0xf9);
  CHECK(plain_of(decoded<mic::send_msg>(frame).body.text) == "hi");
}
