// SPDX-License-Identifier: MIT
//
// proto/mic/server_message and answers: every message of the server in ANSI and wide form, read
// back part by part by the tests' client; exact lengths; strings that are cut or lose characters;
// frames that do not fit; lists and records that fill frames. Frames known byte for byte are in
// vectors.cpp.
#include "support/catch.hpp"
#include "support/guard_page.hpp"
#include "support/mic_recode.hpp"

#include <string>
#include <vector>

using namespace confab;
using mic::encoding;

namespace {

const std::string zoe = "Zo\xc3\xab", smile = "\xf0\x9f\x98\x80";
constexpr encoding ansi, wide{true, mic::code_page::windows_1252};

template <class Message>
std::string frame_of(const Message &message, encoding as = ansi) {
  std::string buffer(mic::frame_bytes_max, '#');
  const mic::written out = mic::encode(message, as, buffer);
  CHECK(out.needed == out.frame.size());
  return std::string(out.frame);
}

test::mic_event read(const std::string &frame) {
  test::mic_event out;
  CHECK(test::read_event(frame, out) == "");
  return out;
}

template <class Message>
test::mic_event back(const Message &message, encoding as = ansi) {
  const std::string frame = frame_of(message, as);
  const test::mic_event out = read(frame);
  CHECK(out.wide() == as.wide);
  return out;
}

// What the client reads: UTF-8 of a wide string, bytes of another.
std::string shown(const std::string &utf8, encoding as) {
  std::string out(utf8.size(), '\0');
  if (as.wide)
    return utf8;
  out.resize(mic::from_utf8(utf8, as, out).bytes);
  return out;
}

} // namespace

TEST_CASE("mic server: results and the log-on", "[mic]") {
  const test::mic_event failed = back(mic::event_result{0x0a0b0c0d, mic::result::no_matches, 0x10});
  CHECK(failed.oid == 0x0a0b0c0d);
  CHECK(failed.result == 0x24);
  CHECK(failed.request == 0x10);
  CHECK(frame_of(mic::event_result{}).size() == 11);
  const test::mic_event token = back(mic::event_sspi{0, 'N', std::string_view("\0\xff", 2)});
  CHECK(token.sequence == 'N');
  CHECK(token.text == std::string("\0\xff", 2));
  const test::mic_event user = back(mic::event_add_user{1, 2, 3, 0x10000});
  CHECK(user.nid == 1);
  CHECK(user.sid == 2);
  CHECK(user.uid == 3);
  CHECK(user.modes == 0x10000);
  CHECK(frame_of(mic::event_add_user{}).size() == 20);
  CHECK(frame_of(mic::ping{}, wide) == std::string("\x30\0\4\0", 4));
}

TEST_CASE("mic server: networks, servers and users come and go", "[mic]") {
  for (const encoding as : {ansi, wide}) {
    const test::mic_event network = back(mic::event_add_network{1, zoe, "title"}, as);
    CHECK(network.nid == 1);
    CHECK(network.name == shown(zoe, as));
    CHECK(network.title == "title");
    const test::mic_event server = back(mic::event_add_server{1, 2, "name", zoe}, as);
    CHECK(server.sid == 2);
    CHECK(server.title == shown(zoe, as));
    const test::mic_event gone =
        back(mic::event_del_user{5, 6, mic::result::drop_connection, zoe}, as);
    CHECK(gone.uid == 5);
    CHECK(gone.kid == 6);
    CHECK(gone.result == 0x15);
    CHECK(gone.text == shown(zoe, as));
    CHECK(back(mic::event_del_server{7}, as).sid == 7);
  }
}

TEST_CASE("mic server: channels and members come and go", "[mic]") {
  for (const encoding as : {ansi, wide}) {
    const std::string frame = frame_of(
        mic::event_add_channel{1, 0x60, 0x90, 3, 0x0100007f, 4000, zoe, "topic", "pics"}, as);
    const test::mic_event channel = read(frame);
    CHECK(frame.size() == 31 + (3 + 5 + 4) * as.unit_bytes());
    CHECK(channel.cid == 1);
    CHECK(channel.modes == 0x60);
    CHECK(channel.channel_flags == 0x90);
    CHECK(channel.cookie == 3);
    CHECK(channel.udp_address == 0x0100007f);
    CHECK(channel.udp_port == 4000);
    CHECK(channel.name == shown(zoe, as));
    CHECK(channel.topic == "topic");
    CHECK(channel.pics == "pics");
    const test::mic_event member = back(mic::event_add_member{1, 2, 3, zoe}, as);
    CHECK(member.cid == 1);
    CHECK(member.mid == 2);
    CHECK(member.modes == 3);
    CHECK(member.alias == shown(zoe, as));
    const test::mic_event left = back(mic::event_del_member{2, 9, zoe}, as);
    CHECK(left.mid == 2);
    CHECK(left.kid == 9);
    CHECK(left.text == shown(zoe, as));
    CHECK(back(mic::event_del_channel{8}, as).cid == 8);
    const test::mic_event knock = back(mic::event_knock{1, 2}, as);
    CHECK(knock.cid == 1);
    CHECK(knock.uid == 2);
  }
}

TEST_CASE("mic server: messages, as text and as data", "[mic]") {
  const std::string data("\0\xff\xc3", 3);
  const std::vector<mic::object_id> to{1, 2, 3};
  for (const encoding as : {ansi, wide}) {
    CHECK(back(mic::event_msg{1, 2, {zoe, false}}, as).text == shown(zoe, as));
    const test::mic_event whisper = back(mic::event_whisper{9, to, {zoe, false}}, as);
    CHECK(whisper.from == 9);
    CHECK(whisper.mids == to);
    CHECK(whisper.text == shown(zoe, as));
    const test::mic_event private_message = back(mic::event_user{4, 5, zoe, {zoe, false}}, as);
    CHECK(private_message.from == 4);
    CHECK(private_message.to == 5);
    CHECK(private_message.alias == shown(zoe, as));
    CHECK(private_message.text == shown(zoe, as));
    const test::mic_event invitation = back(mic::event_invite{4, zoe, "#a"}, as);
    CHECK(invitation.alias == shown(zoe, as));
    CHECK(invitation.name == "#a");
    // Data is never converted, and only where there is an alias a form is told beside it.
    const std::string bytes = frame_of(mic::event_msg{1, 2, {data, true}}, as);
    CHECK(bytes[1] == 2);
    CHECK(read(bytes).text == data);
    CHECK(frame_of(mic::event_whisper{9, to, {data, true}}, as)[1] == 2);
    const test::mic_event with_alias = back(mic::event_user{4, 5, zoe, {data, true}}, as);
    CHECK(with_alias.flags == (as.wide ? 2 : 3));
    CHECK(with_alias.alias == shown(zoe, as));
    CHECK(with_alias.text == data);
  }
  const test::mic_event datagram = read(frame_of(mic::event_udp{1, 2, data}, wide));
  CHECK(datagram.flags == 2);
  CHECK(datagram.cid == 1);
  CHECK(datagram.mid == 2);
  CHECK(datagram.text == data);
}

TEST_CASE("mic server: properties change, and an alias goes as ANSI", "[mic]") {
  const std::vector<mic::property_value> values{{mic::prop_modes, 7, 0, {}},
                                                {mic::prop_modes2, 7, 8, {}},
                                                {mic::prop_server_hops, 3, 0, {}},
                                                {mic::prop_member_udpport, 4, 0, {}},
                                                {mic::prop_channel_client_guid, 0, 0, "guid"},
                                                {0x2c05, 0, 0, "many"},
                                                {mic::prop_channel_topic, 0, 0, zoe},
                                                {mic::prop_server_motd, 0, 0, zoe}};
  for (const encoding as : {ansi, wide}) {
    const test::mic_event changed = back(mic::event_prop{1, 2, values}, as);
    CHECK(changed.from == 1);
    CHECK(changed.to == 2);
    REQUIRE(changed.records.size() == 1);
    const auto &got = changed.records[0];
    REQUIRE(got.size() == values.size());
    for (std::size_t i = 0; i < got.size(); ++i) {
      CHECK(got[i].id == values[i].id);
      CHECK(got[i].number == values[i].number);
      CHECK(got[i].high == values[i].high);
    }
    CHECK(got[4].text == "guid");
    CHECK(got[5].text == "many");
    CHECK(got[6].text == shown(zoe, as));
    CHECK(got[7].text == shown(zoe, as));
    const std::vector<mic::property_value> alias{{mic::prop_user_alias, 0, 0, zoe}};
    const test::mic_event renamed = read(frame_of(mic::event_prop{1, 1, alias}, as));
    CHECK(renamed.flags == 1);
    CHECK(renamed.records[0][0].text == "Zo\xeb");
  }
}

TEST_CASE("mic server: counted strings are cut at a character, names as late as can be", "[mic]") {
  std::string long_text;
  for (int i = 0; i < 200; ++i)
    long_text += smile;
  const test::mic_event in_ansi =
      back(mic::event_add_channel{1, 0, 0, 0, 0, 0, std::string(300, 'n'), long_text, long_text});
  CHECK(in_ansi.name == std::string(255, 'n'));
  CHECK(in_ansi.topic == std::string(95, '?'));
  CHECK(in_ansi.pics == std::string(200, '?'));
  const test::mic_event in_wide =
      back(mic::event_add_channel{1, 0, 0, 0, 0, 0, "n", long_text, long_text}, wide);
  CHECK(in_wide.topic == long_text.substr(0, std::size_t{47} * 4)); // 95 words hold 47 pairs
  CHECK(in_wide.pics == long_text.substr(0, std::size_t{127} * 4));
  CHECK(back(mic::event_add_member{1, 2, 3, std::string(300, 'a')}).alias == std::string(255, 'a'));
  const std::vector<mic::property_value> values{
      {mic::prop_channel_topic, 0, 0, long_text},
      {mic::prop_channel_client_guid, 0, 0, std::string_view(long_text).substr(0, 400)},
      {0x3405, 0, 0, long_text}};
  const auto record = back(mic::event_prop{1, 2, values}, wide).records.at(0);
  CHECK(record[0].text == long_text.substr(0, std::size_t{47} * 4));
  CHECK(record[1].text == long_text.substr(0, 255));
  CHECK(record[2].text == long_text.substr(0, std::size_t{127} * 4)); // no such property
}

TEST_CASE("mic server: a frame that does not fit says what it needs and stays in its room",
          "[mic]") {
  const test::guard_page page(4096);
  const std::string text(100, 'x');
  const mic::event_add_channel message{1, 2, 3, 4, 5, 6, text, "topic", text};
  const std::string whole = frame_of(message);
  for (std::size_t room = 0; room <= whole.size() + 3; ++room) {
    const std::span<char> out(page.before_end(room), room);
    const mic::written got = mic::encode(message, ansi, out);
    CHECK(got.needed == whole.size());
    CHECK(got.frame == (room < whole.size() ? "" : whole));
  }
  std::string big(5000, '#');
  const std::string long_body(2000, 'x');
  CHECK(mic::encode(mic::event_msg{1, 2, {long_body, false}}, ansi, big).frame.size() == 2012);
  const mic::written twice = mic::encode(mic::event_msg{1, 2, {long_body, false}}, wide, big);
  CHECK(twice.frame.empty());
  CHECK(twice.needed == 4012);
}

TEST_CASE("mic server: of the targets of a whisper as many are shown as fit", "[mic]") {
  const std::vector<mic::object_id> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  const auto shown_beside = [&](std::size_t bytes) {
    const std::string text(bytes, 'x');
    const test::mic_event got = back(mic::event_whisper{99, ten, {text, false}});
    CHECK(got.text == text);
    CHECK(got.mids.size() == mic::whisper_targets_shown(10, bytes));
    return got.mids.size();
  };
  CHECK(shown_beside(1) == 10);
  CHECK(shown_beside(1999) == 10);
  CHECK(shown_beside(2000) == 9);
  CHECK(mic::whisper_targets_shown(10, 2039) == 0);
  CHECK(mic::whisper_targets_shown(10, 5000) == 0);
  CHECK(mic::whisper_targets_shown(3, 100) == 3);
  CHECK(mic::whisper_targets_shown(20, 100) == 10);
}

TEST_CASE("mic answers: member lists count bytes and fill frames", "[mic]") {
  for (const encoding as : {ansi, wide}) {
    std::string buffer(mic::frame_bytes_max, '#');
    mic::member_list_writer first(buffer, 7, as);
    std::uint32_t mid = 0;
    while (first.add(mid + 1, 3, zoe))
      ++mid;
    const std::size_t item = 10 + 3 * as.unit_bytes();
    CHECK(mid == (2048 - 8) / item);
    CHECK(first.items() == mid);
    const std::string frame(first.finish(false).frame);
    const test::mic_event got = read(frame);
    CHECK_FALSE(got.last());
    CHECK(got.cid == 7);
    REQUIRE(got.members.size() == mid);
    CHECK(got.members.back().mid == mid);
    CHECK(got.members.back().alias == shown(zoe, as));
    CHECK(got.members.back().flags == (as.wide ? 0 : 1));
    CHECK(static_cast<unsigned char>(frame[8 + 9]) == 3 * as.unit_bytes());
    mic::member_list_writer last(buffer, 7, as);
    CHECK(last.add(1, 0, std::string(300, 'a')));
    const test::mic_event end = read(std::string(last.finish(true).frame));
    CHECK(end.last());
    CHECK(end.members[0].alias.size() == (as.wide ? 127 : 255));
  }
}

TEST_CASE("mic answers: records fill frames and are never split", "[mic]") {
  const std::vector<mic::property_id> ids{mic::prop_channel_name, mic::prop_channel_members};
  const std::vector<mic::property_value> values{{mic::prop_channel_name, 0, 0, zoe},
                                                {mic::prop_channel_members, 5, 0, {}}};
  for (const encoding as : {ansi, wide})
    for (const mic::kind what : {mic::kind::data_query, mic::kind::data_property}) {
      std::string buffer(300, '#');
      mic::record_writer writer(buffer, what, 0xffff0007, what == mic::kind::data_query, ids, as);
      std::size_t count = 0;
      while (writer.add(values))
        ++count;
      CHECK(count == (300 - 13) / (5 + 3 * as.unit_bytes()));
      CHECK(writer.records() == count);
      const test::mic_event got = read(std::string(writer.finish(true).frame));
      CHECK(got.type == static_cast<int>(what));
      CHECK(got.last());
      CHECK(got.info() == (what == mic::kind::data_query));
      CHECK(got.oid == 0xffff0007);
      CHECK(got.ids == ids);
      REQUIRE(got.records.size() == count);
      CHECK(got.records.back()[0].text == shown(zoe, as));
      CHECK(got.records.back()[1].number == 5);
    }
}

TEST_CASE("mic answers: what does not fit into an empty frame is told too", "[mic]") {
  std::string buffer(12, '#');
  mic::member_list_writer list(buffer, 7, ansi);
  CHECK_FALSE(list.add(1, 2, "alias"));
  CHECK(list.finish(true).frame.size() == 8);
  std::string tiny(3, '#');
  mic::member_list_writer nothing(tiny, 7, ansi);
  CHECK_FALSE(nothing.add(1, 2, "alias"));
  const mic::written none = nothing.finish(true);
  CHECK(none.frame.empty());
  CHECK(none.needed == 8);
}
