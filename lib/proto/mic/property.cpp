// SPDX-License-Identifier: MIT
//
// The table of properties and their values: see property.hpp. Names of users and channels are never
// cut below what a length byte can say: half a name would name somebody else (decisions.hpp, 16).

#include "proto/mic/property.hpp"

#include "proto/mic/writer.hpp"

#include <algorithm>
#include <array>

namespace confab::mic {

namespace {

constexpr std::array<property_row, 47> table{{
    {prop_server_hops, "SERVER_HOPS", of_server, 0},
    {prop_server_uplink, "SERVER_UPLINK", of_server, 0},
    {prop_server_ipport, "SERVER_IPPORT", of_server, 0},
    {prop_user_ipport, "USER_IPPORT", of_user, 0},
    {prop_member_udpport, "MEMBER_UDPPORT", of_member, 0},
    {prop_id, "ID", of_any, 0},
    {prop_ctime, "CTIME", of_any, 0},
    {prop_modes, "MODES", of_any, 0},
    {prop_server, "SERVER", of_any, 0},
    {prop_system, "SYSTEM", of_any, 0},
    {prop_user1, "USER1", of_any, 0},
    {prop_network_id, "NETWORK_ID", of_network, 0},
    {prop_server_id, "SERVER_ID", of_server, 0},
    {prop_server_ipaddr, "SERVER_IPADDR", of_server, 0},
    {prop_user_id, "USER_ID", of_user | of_member, 0},
    {prop_user_ipaddr, "USER_IPADDR", of_user | of_member, 0},
    {prop_channel_id, "CHANNEL_ID", of_channel, 0},
    {prop_channel_flags, "CHANNEL_FLAGS", of_channel, 0},
    {prop_channel_limit, "CHANNEL_LIMIT", of_channel, 0},
    {prop_channel_members, "CHANNEL_MEMBERS", of_channel, 0},
    {prop_channel_idle, "CHANNEL_IDLE", of_channel, 0},
    {prop_modes2, "MODES2", of_any, 0},
    {prop_server_time, "SERVER_TIME", of_server, 0},
    {prop_user_haccount, "USER_HACCT", of_user, 0},
    {prop_channel_flags2, "CHANNEL_FLAGS2", of_channel, 0},
    {prop_channel_client_guid, "CHANNEL_CLIENTGUID", of_channel, 0},
    {prop_channel_service_guid, "CHANNEL_SERVICEGUID", of_channel, 0},
    {prop_server_admin, "SERVER_ADMIN", of_server, 119},
    {prop_server_dns, "SERVER_DNS", of_server, 63},
    {prop_server_title, "SERVER_TITLE", of_server, 63},
    {prop_server_version, "SERVER_VERSION", of_server, 255},
    {prop_user_alias, "USER_ALIAS", of_user | of_member, 255},
    {prop_user_ident, "USER_IDENT", of_user | of_member, 127},
    {prop_user_name, "USER_NAME", of_user | of_member, 63},
    {prop_user_away, "USER_AWAY", of_user | of_member, away_max},
    {prop_user_package, "USER_PACKAGE", of_user | of_member, package_name_max},
    {prop_channel_name, "CHANNEL_NAME", of_channel, 255},
    {prop_channel_keyword, "CHANNEL_KEYWORD", of_channel, keyword_max},
    {prop_channel_topic, "CHANNEL_TOPIC", of_channel, topic_max},
    {prop_channel_subject, "CHANNEL_SUBJECT", of_channel, 31},
    {prop_channel_account, "CHANNEL_ACCOUNT", of_channel, 31},
    {prop_channel_pics, "CHANNEL_PICS", of_channel, 255},
    {prop_channel_data, "CHANNEL_DATA", of_channel, 127},
    {prop_channel_banned, "CHANNEL_BANNED", of_channel, 255},
    {prop_member_alias, "MEMBER_ALIAS", of_member, 255},
    {prop_server_motd, "SERVER_MOTD", of_server, 1007},
    {prop_server_info, "SERVER_INFO", of_server, 1007},
}};

constexpr bool before(const property_row &row, property_id id) noexcept { return row.id < id; }

static_assert(std::is_sorted(table.begin(), table.end(),
                             [](const property_row &a, const property_row &b) {
                               return before(a, b.id);
                             }));

std::size_t text_units_max(property_id id, std::size_t counted) noexcept {
  const property_row *row = find_property(id);
  return row && row->units_max > 0 ? std::min<std::size_t>(row->units_max, counted) : counted;
}

} // namespace

const property_row *find_property(property_id id) noexcept {
  const property_id wanted = plain(id);
  const auto at = std::lower_bound(table.begin(), table.end(), wanted, before);
  return at != table.end() && at->id == wanted ? &*at : nullptr;
}

bool read_value(reader &from, bool wide, wire_property &out) noexcept {
  const property_type type = type_of(out.id);
  switch (type) {
  case property_type::u8:
    out.number = from.u8();
    break;
  case property_type::u16:
    out.number = from.u16();
    break;
  case property_type::u32:
  case property_type::u64:
    out.number = from.u32();
    out.high = type == property_type::u64 ? from.u32() : 0;
    break;
  default: {
    out.text.wide = is_text(type) && wide;
    const bool long_count = type == property_type::bytes2 || type == property_type::text2;
    const std::size_t units = long_count ? from.u16() : from.u8();
    out.text.bytes = from.bytes(out.text.wide ? 2 * units : units);
  }
  }
  return !from.failed();
}

void write_value(writer &to, encoding as, const property_value &value) noexcept {
  const property_type type = type_of(value.id);
  const bool long_count = type == property_type::bytes2 || type == property_type::text2;
  const std::size_t count_max = long_count ? 0xffff : counted_units_max;
  switch (type) {
  case property_type::u8:
    to.u8(value.number);
    break;
  case property_type::u16:
    to.u16(value.number);
    break;
  case property_type::u32:
    to.u32(value.number);
    break;
  case property_type::u64:
    to.u32(value.number);
    to.u32(value.high);
    break;
  case property_type::bytes1:
  case property_type::bytes2: {
    const std::string_view part = value.text.substr(0, count_max);
    long_count ? to.u16(static_cast<std::uint32_t>(part.size()))
               : to.u8(static_cast<std::uint32_t>(part.size()));
    to.bytes(part);
    break;
  }
  default: {
    const std::size_t at = to.used();
    long_count ? to.u16(0) : to.u8(0);
    const std::size_t units = to.text(value.text, as, text_units_max(value.id, count_max));
    to.replace_u8(at, units & 0xffU);
    if (long_count)
      to.replace_u8(at + 1, units >> 8U);
  }
  }
}

} // namespace confab::mic
