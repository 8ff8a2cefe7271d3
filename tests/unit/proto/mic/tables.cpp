// SPDX-License-Identifier: MIT
//
// The tables of proto/mic against the numbers of the specification, which are written down here a
// second time: kinds (spec/mic.md section 3), results (section 4), masks (section 5), properties
// (section 6), and what a malformed frame is answered. Limits that follow from each other are
// compared with each other.
#include "proto/mic/client_message.hpp"
#include "proto/mic/modes.hpp"

#include "support/catch.hpp"

#include <sstream>
#include <string>

using namespace confab;

namespace {

struct kind_expected {
  int id;
  int bytes_least;
  std::string name;
  mic::sender from;
};

constexpr auto client = mic::sender::client;
constexpr auto server = mic::sender::server;

} // namespace

TEST_CASE("mic: kinds have the number, direction and least size of the specification", "[mic]") {
  const kind_expected table[] = {{0x01, 15, "CONNECTSSPI", client},
                                 {0x02, 15, "CONNECTUSER", client},
                                 {0x03, 10, "KILLUSER", client},
                                 {0x04, 30, "CREATECHANNEL", client},
                                 {0x05, 12, "OPENCHANNEL", client},
                                 {0x06, 8, "LEAVECHANNEL", client},
                                 {0x07, 8, "CLOSE", client},
                                 {0x08, 10, "SENDINVITE", client},
                                 {0x09, 8, "SENDMSG", client},
                                 {0x0a, 16, "SENDUDP", client},
                                 {0x0b, 9, "SENDUSER", client},
                                 {0x0c, 5, "SENDWHISPER", client},
                                 {0x0e, 8, "GETPROPERTY", client},
                                 {0x0f, 9, "SETPROPERTY", client},
                                 {0x10, 12, "QUERY", client},
                                 {0x14, 11, "EVENTRESULT", server},
                                 {0x15, 6, "EVENTSSPI", server},
                                 {0x16, 10, "EVENTADDNETWORK", server},
                                 {0x17, 14, "EVENTADDSERVER", server},
                                 {0x18, 20, "EVENTADDUSER", server},
                                 {0x19, 31, "EVENTADDCHANNEL", server},
                                 {0x1a, 17, "EVENTADDMEMBER", server},
                                 {0x1c, 8, "EVENTDELSERVER", server},
                                 {0x1d, 14, "EVENTDELUSER", server},
                                 {0x1e, 8, "EVENTDELCHANNEL", server},
                                 {0x1f, 12, "EVENTDELMEMBER", server},
                                 {0x20, 9, "EVENTINVITE", server},
                                 {0x21, 12, "EVENTKNOCK", server},
                                 {0x22, 12, "EVENTMSG", server},
                                 {0x23, 13, "EVENTPROP", server},
                                 {0x26, 16, "EVENTUDP", server},
                                 {0x27, 13, "EVENTUSER", server},
                                 {0x28, 9, "EVENTWHISPER", server},
                                 {0x29, 8, "DATAMEMBERLIST", server},
                                 {0x2b, 9, "DATAPROPERTY", server},
                                 {0x2c, 9, "DATAQUERY", server},
                                 {0x30, 4, "PING", server},
                                 {0x31, 4, "PONG", client}};
  for (const kind_expected &wanted : table) {
    INFO(wanted.name);
    const mic::kind_row *row = mic::find_kind(static_cast<std::uint8_t>(wanted.id));
    REQUIRE(row);
    CHECK(static_cast<int>(row->id) == wanted.id);
    CHECK(row->bytes_least == wanted.bytes_least);
    CHECK(row->name == wanted.name);
    CHECK(row->from == wanted.from);
  }
  int reserved = 0, beyond = 0;
  for (int type = 0; type < 256; ++type) {
    const mic::kind_row *row = mic::find_kind(static_cast<std::uint8_t>(type));
    reserved += row && row->from == mic::sender::reserved ? 1 : 0;
    beyond += row ? 0 : 1;
  }
  CHECK(reserved == 12); // reserved2 to reserved13
  CHECK(beyond == 256 - 0x33);
  CHECK(mic::find_kind(0)->from == mic::sender::nobody);
}

TEST_CASE("mic: results have the number and name of the specification", "[mic]") {
  std::istringstream names(
      "NONE ALIASEXIST ALIASNOTFOUND ALREADYONCHANNEL ALREADYREGISTERED ANSIONLY AUTHONLY "
      "BADACCOUNT BADCHANNELGUID BADCHANNELNAME BADKEYWORD BADMESSAGE BADPACKAGE "
      "BADPROPERTY BADUSERALIAS BADUSERNAME BANNED CHANNELEXIST CHANNELISFULL "
      "CHANNELNOTFOUND DNSLOOKUPFAILED DROPCONNECTION DUPLICATE INTERNAL INVITEONLY KNOCK "
      "LOSTCONNECTION NOACCESS NOALIAS NOBROADCAST NODATA NODYNAMICCHANNELS NOEXTERNAL "
      "NOGAMEMODE NOIMPERSONATION NOIRCCLIENTS NOMATCHES NONEWCONNECTIONS NOREMOTEUSERS "
      "NOSPEAKING NOTSUPPORTED NOWHISPER NOTFOUND NOTHANDLED NOTHOST NOTMEMBER NOTONCHANNEL "
      "RESOURCE ROUTING PENDING SECURITY SERVERISFULL SERVERNOTFOUND SERVICE SHUTDOWN "
      "TIMEOUT TOOMANYCHANNELS UNKNOWNID UNKNOWNTERM UNKNOWNPROP UNKNOWNUSER USERONCHANNEL "
      "USERNOTFOUND USERNOTINCHANNEL NOTMICCLIENT NOTSYSOP MOREDATA BADPARAMETER FLOODING "
      "AWAY BADUSERUSERID NOUNICODE ADMINRESTRICTED BADPROTOCOLVERSION ");
  std::uint16_t code = 0;
  for (std::string name; names >> name; ++code) {
    const mic::result_row *row = mic::find_result(code);
    REQUIRE(row);
    CHECK(static_cast<int>(row->code) == code);
    CHECK(row->name == name);
    CHECK((row->shown.empty()) == (code == 0));
  }
  CHECK(code == 0x4a);
  CHECK(mic::find_result(code) == nullptr);
  CHECK(mic::find_result(0xffff) == nullptr);
}

TEST_CASE("mic: results without words of their own in the client are those it was seen with",
          "[mic]") {
  std::string server_only;
  for (std::uint16_t code = 0; code < 0x4a; ++code)
    if (mic::find_result(code)->shown == "SERVER")
      server_only += std::to_string(code) + " ";
  // mic-observed.md 4.8: every code that is not in its list.
  CHECK(server_only == "20 21 22 23 25 26 28 32 33 34 37 38 39 40 42 43 46 47 48 49 52 54 55 58 64 "
                       "66 67 70 71 ");
}

TEST_CASE("mic: masks hold what they are made of", "[mic]") {
  using namespace mic;
  CHECK(user_modes_later == (user_invisible | user_no_data | user_notices | user_no_whisper));
  CHECK(user_modes_at_logon == (user_modes_later | user_event | user_mic_only));
  CHECK((user_authenticated | user_auth_visible | user_away | user_irc | user_sysop | user_simple |
         user_remote | user_modes_at_logon | 0x400U) == user_modes_all);
  CHECK(channel_modes_usual == (channel_no_extern | channel_topic_op));
  CHECK(channel_modes_mic == channel_no_alias);
  CHECK(channel_flags_mic == (channel_mic_only | channel_unicode));
  CHECK((channel_flags_all & channel_flags_client) == channel_flags_client);
  CHECK((channel_flags_all & channel_clone) != 0);
  CHECK(member_modes_by_host == (member_speaker | member_host));
  CHECK(member_modes_by_self == (member_modes_by_host | member_no_data | member_no_whisper));
  CHECK(open_modes_client == (open_always | open_local));
}

TEST_CASE("mic: ids that name nobody or a set are told from others", "[mic]") {
  CHECK_FALSE(mic::id_usable(0));
  CHECK(mic::id_usable(1));
  CHECK(mic::id_usable(0xffff0000));
  CHECK_FALSE(mic::id_usable(mic::group_domain));
  CHECK_FALSE(mic::id_usable(mic::group_services));
  CHECK(mic::id_usable(0xffff0009));
  CHECK(mic::id_usable(0xffffffff));
}

TEST_CASE("mic: property numbers are taken apart and found", "[mic]") {
  using namespace mic;
  CHECK(op_of(0x7410) == property_op::add);
  CHECK(op_of(0xb410) == property_op::remove);
  CHECK(op_of(0xf410) == property_op::unused);
  CHECK(plain(0xb410) == prop_channel_banned);
  CHECK(with_op(prop_channel_banned, property_op::add) == 0x7410);
  CHECK(with_op(0x7402, property_op::remove) == 0xb402);
  const std::pair<property_id, property_type> types[] = {
      {prop_server_hops, property_type::u8},
      {prop_user_ipport, property_type::u16},
      {prop_id, property_type::u32},
      {prop_modes2, property_type::u64},
      {prop_channel_client_guid, property_type::bytes1},
      {0x2805, property_type::bytes2},
      {prop_channel_topic, property_type::text1},
      {prop_server_motd, property_type::text2}};
  std::size_t wanted = 1;
  for (const auto &[number, type] : types) {
    CHECK(type_of(number) == type);
    CHECK(fixed_bytes(type) == (wanted <= 8 ? wanted : 0));
    CHECK(is_text(type) == (type >= property_type::text1));
    wanted *= 2;
  }
  CHECK(find_property(0x7403)->name == "CHANNEL_TOPIC"); // without regard to the operation
  CHECK(find_property(0x3403)->units_max == 95);
  CHECK(find_property(prop_user_alias)->of == (of_user | of_member));
  CHECK(find_property(0x3405) == nullptr);
  CHECK(find_property(0) == nullptr);
  CHECK(find_property(0x3fff) == nullptr);
  int known = 0;
  for (unsigned number = 0; number < 0x4000; ++number)
    if (const property_row *row = find_property(static_cast<property_id>(number))) {
      ++known;
      CHECK(row->id == number);
      CHECK((row->units_max > 0) == is_text(type_of(row->id)));
    }
  CHECK(known == 47);
}

TEST_CASE("mic: every fault of a frame has its answer, and only a bad length is fatal", "[mic]") {
  for (int i = 0; i <= static_cast<int>(mic::malformed::term); ++i) {
    const mic::malformed_row &row = mic::row_of(static_cast<mic::malformed>(i));
    INFO(row.name);
    CHECK(static_cast<int>(row.what) == i);
    CHECK((row.answer == mic::result::none) == (i == 0));
    CHECK(row.fatal == (row.what == mic::malformed::length));
  }
  CHECK(mic::row_of(mic::malformed::length).answer == mic::result::bad_message);
  CHECK(mic::row_of(mic::malformed::reserved_kind).answer == mic::result::not_supported);
  CHECK(mic::row_of(mic::malformed::term).answer == mic::result::unknown_term);
}

TEST_CASE("mic: limits that follow from each other do", "[mic]") {
  CHECK(mic::query_terms_max == 14);
  CHECK(mic::header_bytes + 1 + 4 * mic::whisper_targets_max + mic::body_bytes_max <=
        mic::frame_bytes_max);
}
