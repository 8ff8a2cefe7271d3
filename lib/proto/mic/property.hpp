// SPDX-License-Identifier: MIT
//
// Properties: a number that says operation, type, group and place (spec/mic.md §6.1), the table of
// those that are known (§6.3), and their values (§6.2). Because the type is part of the number, a
// value can be read or passed over whether the property is known or not. Who may read or change
// which one is the session's and the core's.

#pragma once

#include "proto/mic/reader.hpp"
#include "proto/mic/strings.hpp"

#include <cstdint>

namespace confab::mic {

class writer;

using property_id = std::uint16_t;

enum class property_op : std::uint8_t { set, add, remove, unused };
enum class property_type : std::uint8_t { u8, u16, u32, u64, bytes1, bytes2, text1, text2 };

constexpr property_op op_of(property_id id) noexcept { return static_cast<property_op>(id >> 14U); }
constexpr property_type type_of(property_id id) noexcept {
  return static_cast<property_type>(id >> 11U & 7U);
}
// Without the operation, as the table has it.
constexpr property_id plain(property_id id) noexcept {
  return static_cast<property_id>(id & 0x3fffU);
}
constexpr property_id with_op(property_id id, property_op op) noexcept {
  return static_cast<property_id>(plain(id) | static_cast<unsigned>(op) << 14U);
}
constexpr bool is_text(property_type type) noexcept { return type >= property_type::text1; }
constexpr bool is_bytes(property_type type) noexcept {
  return type == property_type::bytes1 || type == property_type::bytes2;
}
// 1, 2, 4 or 8; 0 for what is counted.
constexpr std::size_t fixed_bytes(property_type type) noexcept {
  return type <= property_type::u64 ? std::size_t{1} << static_cast<unsigned>(type) : 0;
}

enum property : property_id {
  prop_id = 0x1000,
  prop_ctime = 0x1001,
  prop_modes = 0x1002,
  prop_modes2 = 0x1802, // value, mask
  prop_server = 0x1003,
  prop_system = 0x1004,
  prop_user1 = 0x1005,
  prop_network_id = 0x1100,
  prop_server_id = 0x1280,
  prop_server_hops = 0x0281,
  prop_server_uplink = 0x0282,
  prop_server_admin = 0x3283,
  prop_server_dns = 0x3284,
  prop_server_title = 0x3285,
  prop_server_ipaddr = 0x1286,
  prop_server_ipport = 0x0a87,
  prop_server_motd = 0x3a88,
  prop_server_info = 0x3a89,
  prop_server_time = 0x1a8a, // time, then zone and daylight flag in one word
  prop_server_version = 0x328b,
  prop_user_id = 0x1300,
  prop_user_haccount = 0x1b01,
  prop_user_alias = 0x3302,
  prop_user_ident = 0x3303,
  prop_user_name = 0x3304,
  prop_user_ipaddr = 0x1305,
  prop_user_ipport = 0x0b06,
  prop_user_away = 0x3307,
  prop_user_package = 0x3308,
  prop_channel_id = 0x1400,
  prop_channel_name = 0x3401,
  prop_channel_keyword = 0x3402,
  prop_channel_topic = 0x3403,
  prop_channel_subject = 0x3404,
  prop_channel_client_guid = 0x2405,
  prop_channel_service_guid = 0x2406,
  prop_channel_flags = 0x1407,
  prop_channel_flags2 = 0x1c07, // value, mask
  prop_channel_limit = 0x1408,
  prop_channel_account = 0x340a,
  prop_channel_members = 0x140b,
  prop_channel_pics = 0x340c,
  prop_channel_idle = 0x140e,
  prop_channel_data = 0x340f,
  prop_channel_banned = 0x3410,
  prop_member_udpport = 0x0c80,
  prop_member_alias = 0x3481
};

// What a property is one of.
enum property_of : std::uint8_t {
  of_network = 1,
  of_server = 2,
  of_user = 4,
  of_channel = 8,
  of_member = 16,
  of_any = 31
};

struct property_row {
  property_id id;
  std::string_view name;   // as the specification spells it
  std::uint8_t of;         // property_of
  std::uint16_t units_max; // of a text, longer ones are cut when written; 0: no text
};

// By number without regard to its operation; null when it is not known.
const property_row *find_property(property_id id) noexcept;

// A property with its value, as it stands in a frame.
struct wire_property {
  property_id id = 0;
  std::uint32_t number = 0; // of types up to u64, its low half
  std::uint32_t high = 0;   // of u64: the mask of modes2 and flags2
  wire_text text;           // of the texts; the bytes of the counted bytes
};

// Reads the value of out.id. False when the bytes end before it does.
bool read_value(reader &from, bool wide, wire_property &out) noexcept;

// A property with its value, to be written.
struct property_value {
  property_id id = 0;
  std::uint32_t number = 0;
  std::uint32_t high = 0;
  std::string_view text; // UTF-8, or bytes that are counted
};

// What is longer than the table or the count allows is cut at a character, counted bytes at a byte.
void write_value(writer &to, encoding as, const property_value &value) noexcept;

} // namespace confab::mic
