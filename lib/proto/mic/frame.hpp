// SPDX-License-Identifier: MIT
//
// What every frame of MIC has: four bytes of header (spec/mic.md §1.3), flags (§1.4), a kind with
// its direction and least size (§3), and ids (§1.6). All integers are little-endian, nothing is
// aligned. Cutting a stream into frames is wire/length_framer; what a kind holds is in
// client_message.hpp and server_message.hpp; what it means is the session's.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::mic {

inline constexpr std::size_t header_bytes = 4;
inline constexpr std::size_t frame_bytes_max = 2048; // with the header, both ways

enum class kind : std::uint8_t {
  null = 0x00,
  connect_sspi = 0x01,
  connect_user = 0x02,
  kill_user = 0x03,
  create_channel = 0x04,
  open_channel = 0x05,
  leave_channel = 0x06,
  close = 0x07,
  send_invite = 0x08,
  send_msg = 0x09,
  send_udp = 0x0a,
  send_user = 0x0b,
  send_whisper = 0x0c,
  get_property = 0x0e,
  set_property = 0x0f,
  query = 0x10,
  event_result = 0x14,
  event_sspi = 0x15,
  event_add_network = 0x16,
  event_add_server = 0x17,
  event_add_user = 0x18,
  event_add_channel = 0x19,
  event_add_member = 0x1a,
  event_del_server = 0x1c,
  event_del_user = 0x1d,
  event_del_channel = 0x1e,
  event_del_member = 0x1f,
  event_invite = 0x20,
  event_knock = 0x21,
  event_msg = 0x22,
  event_prop = 0x23,
  event_udp = 0x26,
  event_user = 0x27,
  event_whisper = 0x28,
  data_member_list = 0x29,
  data_property = 0x2b,
  data_query = 0x2c,
  ping = 0x30,
  pong = 0x31
};

enum class sender : std::uint8_t { nobody, client, server, reserved };

struct kind_row {
  kind id;
  sender from;
  std::uint8_t bytes_least; // of the fixed part, with the header
  std::string_view name;    // as the specification spells it
};

// The row of a type byte; null for those above the last reserved one.
const kind_row *find_kind(std::uint8_t type) noexcept;

enum flag : std::uint8_t {
  flag_ansi = 0x01, // one byte a character; else UTF-16LE
  flag_data = 0x02, // the body is no text; looked at before the one above
  flag_info = 0x04, // asks for, or is, information about something outside
  flag_last = 0x80, // the last frame of an answer
  flags_client = 0x07
};

struct header {
  std::uint8_t type = 0; // a kind, or any other byte
  std::uint8_t flags = 0;
  std::uint16_t length = 0; // of the whole frame

  bool wide() const noexcept { return (flags & flag_ansi) == 0; }
  bool data() const noexcept { return (flags & flag_data) != 0; }
  bool info() const noexcept { return (flags & flag_info) != 0; }
};

// The header at the front of `frame`; all zero where there are less than four bytes.
header read_header(std::string_view frame) noexcept;

using object_id = std::uint32_t;

// What the server calls itself and its network: below all numbers that are given to others.
inline constexpr object_id network_number = 1, server_number = 0x10;

// An address as it stands in a number of a frame: its first byte is the lowest.
constexpr std::uint32_t packed(const std::array<std::uint8_t, 4> &address) noexcept {
  return address[0] | std::uint32_t{address[1]} << 8U | std::uint32_t{address[2]} << 16U |
         std::uint32_t{address[3]} << 24U;
}

// Sets that a query searches in place of one object (§8.2).
enum group : object_id {
  group_domain = 0xffff0001,
  group_networks = 0xffff0002,
  group_classes = 0xffff0003,
  group_portals = 0xffff0004,
  group_servers = 0xffff0005,
  group_users = 0xffff0006,
  group_channels = 0xffff0007,
  group_services = 0xffff0008
};

// Whether a number may name an object: neither nobody nor one of the sets.
constexpr bool id_usable(object_id number) noexcept {
  return number != 0 && (number < group_domain || number > group_services);
}

} // namespace confab::mic
