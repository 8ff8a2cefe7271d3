// SPDX-License-Identifier: MIT
//
// The tests' own client of MIC (support/mic_client), against frames of the library: what it takes,
// what it sends by itself, and that it finds trouble where the real client was seen to lose
// something. A client that complains about nothing would prove nothing.
#include "support/catch.hpp"
#include "support/mic_client.hpp"
#include "support/mic_recode.hpp"

#include <string>
#include <vector>

using namespace confab;
using test::mic_client;

namespace {

template <class Message>
std::string frame_of(const Message &message) {
  std::string buffer(mic::frame_bytes_max, '\0');
  return std::string(mic::encode(message, {}, buffer).frame);
}

std::string member_list(mic::object_id cid, mic::object_id mid, std::string_view alias) {
  std::string buffer(mic::frame_bytes_max, '\0');
  mic::member_list_writer writer(buffer, cid, {});
  CHECK(writer.add(mid, 3, alias));
  return std::string(writer.finish(true).frame);
}

std::string limit_answer(mic::object_id cid, std::uint32_t limit) {
  std::string buffer(mic::frame_bytes_max, '\0');
  const std::vector<mic::property_id> ids{mic::prop_id, mic::prop_channel_limit};
  const std::vector<mic::property_value> values{{mic::prop_id, cid, 0, {}},
                                                {mic::prop_channel_limit, limit, 0, {}}};
  mic::record_writer writer(buffer, mic::kind::data_query, mic::group_channels, true, ids, {});
  CHECK(writer.add(values));
  return std::string(writer.finish(true).frame);
}

// A client that is on #a (cid 1) as member 3, beside member 2.
mic_client on_channel() {
  mic_client client;
  client.feed("YESMIC 1\r\n");
  client.feed(frame_of(mic::event_add_user{1, 1, 100, 0}));
  client.feed(frame_of(mic::event_add_channel{1, 0x60, 0, 0, 0, 0, "#a", "topic", ""}));
  client.feed(member_list(1, 2, "Bob"));
  client.feed(frame_of(mic::event_add_member{1, 3, 1, "Anna"}));
  client.feed(limit_answer(1, 20));
  CHECK(client.trouble() == std::vector<std::string>{});
  return client;
}

std::size_t trouble_after(const std::string &bytes) {
  mic_client client = on_channel();
  client.feed(bytes);
  return client.trouble().size();
}

} // namespace

TEST_CASE("mic model: a join in order leaves the client inside", "[mic]") {
  mic_client client = on_channel();
  CHECK(client.now() == mic_client::phase::logged_on);
  CHECK(client.uid() == 100);
  const test::mic_channel *channel = client.channel("#A");
  REQUIRE(channel);
  CHECK(channel->complete);
  CHECK(channel->own_mid == 3);
  CHECK(channel->limit == 20);
  CHECK(client.mid_of("#a", "Bob") == 2);
  CHECK(client.queries_waiting() == 0);
  CHECK(client.take_events().size() == 5);
}

TEST_CASE("mic model: it asks for the limit and answers pings by itself", "[mic]") {
  mic_client client;
  CHECK(client.feed("YESMIC\r\n").empty());
  const std::string asked =
      client.feed(frame_of(mic::event_add_channel{1, 0, 0, 0, 0, 0, "#a", "", ""}));
  mic::client_message message;
  REQUIRE(mic::decode(asked, message) == mic::malformed::no);
  const auto &query = std::get<mic::query>(message);
  CHECK(query.oid == mic::group_channels);
  CHECK(query.conditions.items[0].operand.number == 1);
  CHECK(client.queries_waiting() == 1);
  CHECK(client.feed(frame_of(mic::ping{})) == std::string("\x31\0\4\0", 4));
}

TEST_CASE("mic model: changes, kicks and leaving", "[mic]") {
  mic_client client = on_channel();
  const auto change = [&](mic::object_id from, mic::object_id to, mic::property_value value) {
    client.feed(frame_of(mic::event_prop{from, to, {&value, 1}}));
  };
  change(2, 1, {mic::prop_channel_topic, 0, 0, "new"});
  change(2, 3, {mic::prop_modes, 3, 0, {}});
  change(2, 2, {mic::prop_user_alias, 0, 0, "Bobby"});
  change(1, 1, {mic::prop_channel_limit, 9, 0, {}});
  const test::mic_channel *channel = client.channel("#a");
  CHECK(channel->topic == "new");
  CHECK(channel->limit == 9);
  CHECK(channel->members.at(3).modes == 3);
  CHECK(client.mid_of("#a", "Bobby") == 2);
  client.feed(frame_of(mic::event_del_member{2, 3, "out"}));
  CHECK(channel->members.size() == 1);
  client.feed(frame_of(mic::event_del_member{3, 0, ""}));
  CHECK(client.channel("#a") == nullptr);
  CHECK(client.trouble() == std::vector<std::string>{});
}

TEST_CASE("mic model: answers go to the queries in their order", "[mic]") {
  mic_client client = on_channel();
  CHECK(client.ask(1, {}, {0x3302, 0x1002}).size() == 16);
  CHECK_FALSE(client.ask(mic::group_users, {}, {0x3302}).empty());
  std::string buffer(200, '\0');
  const std::vector<mic::property_id> ids{mic::prop_user_alias, mic::prop_modes};
  const std::vector<mic::property_value> bob{{mic::prop_user_alias, 0, 0, "Bob"},
                                             {mic::prop_modes, 3, 0, {}}};
  mic::record_writer writer(buffer, mic::kind::data_query, 1, true, ids, {});
  CHECK(writer.add(bob));
  client.feed(writer.finish(true).frame);
  client.feed(frame_of(mic::event_result{mic::group_users, mic::result::no_matches, 0x10}));
  std::vector<std::vector<test::mic_property>> records;
  REQUIRE(client.take_answer(records));
  CHECK(records.at(0).at(0).text == "Bob");
  REQUIRE(client.take_answer(records));
  CHECK(records.empty());
  CHECK_FALSE(client.take_answer(records));
  CHECK(client.trouble() == std::vector<std::string>{});
}

TEST_CASE("mic model: what the real client would lose is trouble", "[mic]") {
  using namespace mic;
  CHECK(trouble_after(frame_of(event_msg{100, 1, {"from a user id", false}})) == 1);
  CHECK(trouble_after(frame_of(event_msg{2, 77, {"to nobody", false}})) == 1);
  CHECK(trouble_after(frame_of(event_msg{1, 1, {"from the channel", false}})) == 0);
  CHECK(trouble_after(frame_of(event_add_member{1, 2, 1, "Twice"})) == 1);
  CHECK(trouble_after(frame_of(event_add_member{9, 4, 1, "Nowhere"})) == 1);
  CHECK(trouble_after(frame_of(event_add_member{1, 1, 1, "Channel"})) == 1);
  CHECK(trouble_after(frame_of(event_add_channel{2, 0, 0, 0, 0, 0, "#b", "", ""})) == 1);
  CHECK(trouble_after(frame_of(event_del_member{77, 0, ""})) == 1);
  CHECK(trouble_after(member_list(1, 8, "Late")) == 1);
  CHECK(trouble_after(member_list(9, 8, "Nowhere")) == 1);
  CHECK(trouble_after(limit_answer(1, 2)) == 1);
  CHECK(trouble_after(frame_of(event_result{0, result::no_matches, 0x10})) == 1);
  CHECK(trouble_after(frame_of(event_result{0, result::none, 0x10})) == 0);
  const property_value pair{prop_modes2, 3, 3, {}};
  CHECK(trouble_after(frame_of(event_prop{2, 3, {&pair, 1}})) == 1);
  CHECK(trouble_after(frame_of(event_whisper{77, {}, {"x", false}})) == 1);
  CHECK(trouble_after(std::string("\x14\0\x0c\0", 4) + std::string(8, '\0')) == 1);
  CHECK(trouble_after(std::string("\x22\1\0\0", 4)) == 1);
  CHECK(trouble_after(frame_of(ping{}) + std::string("\x99\1\4\0", 4)) == 1);
  CHECK(trouble_after(test::mic_frames::framed(
            0x23, 0, std::string("\2\0\0\0\2\0\0\0\1\2\x33\3", 12) + test::utf16le("Zoe"))) == 1);
}

TEST_CASE("mic model: a first member who is not oneself is taken for oneself", "[mic]") {
  mic_client client;
  client.feed("YESMIC 1\r\n");
  client.feed(frame_of(mic::event_add_user{1, 1, 100, 0}));
  client.feed(frame_of(mic::event_add_channel{1, 0, 0, 0, 0, 0, "#a", "", ""}));
  client.feed(frame_of(mic::event_add_member{1, 2, 1, "Bob"}));
  client.feed(frame_of(mic::event_add_member{1, 3, 1, "Anna"}));
  CHECK(client.channel("#a")->own_mid == 2);
}

TEST_CASE("mic model: servers that are no servers of MIC", "[mic]") {
  for (const std::string_view line : {":srv NOTICE AUTH :*** Looking up your hostname\r\n",
                                      ":srv 451 * :Not registered\r\n", "\r\n", "NOMIC\n"}) {
    mic_client client;
    CHECK(client.feed(line).empty());
    CHECK(client.now() == mic_client::phase::not_mic);
  }
  mic_client hasty;
  hasty.feed("YESMIC 1\r\n" + frame_of(mic::ping{}));
  CHECK(hasty.trouble().size() == 1);
  mic_client endless;
  endless.feed(std::string(600, 'x'));
  CHECK(endless.now() == mic_client::phase::not_mic);
}
