// SPDX-License-Identifier: MIT
//
// The client's side of the MIC wire, written from the specification alone and on purpose without
// anything of lib/proto/mic: frames of a client built from values, frames of a server taken apart
// with exact lengths. Strings are UTF-8 in a wide form, bytes as they are in ANSI. What a client
// does with what it gets is in mic_client.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace confab::test {

std::string utf16le(std::string_view utf8);
std::string from_utf16le(std::string_view bytes);

// A property and its value; which parts mean something follows from the type inside the id.
struct mic_property {
  std::uint16_t id = 0;
  std::uint32_t number = 0;
  std::uint32_t high = 0; // of eight bytes
  std::string text;       // of strings and of counted bytes

  bool operator==(const mic_property &) const = default;
};

// PROP OP, joined to what stands before by 0x0f88 (and) or 0x0f89 (or).
struct mic_term {
  mic_property property;
  std::uint16_t op = 0x0f82;
  std::uint16_t joined = 0x0f88;
};

struct mic_create {
  std::uint32_t modes = 0, flags = 0, open = 1, limit = 0;
  std::uint16_t udp_port = 0;
  std::string name, keyword, topic, subject, client_guid, service_guid, account;
};

// Builds what a client sends, ANSI or wide.
struct mic_frames {
  bool wide = false;

  std::string connect_user(std::string_view alias, std::string_view name,
                           std::string_view password = {}, std::uint32_t modes = 0,
                           std::string_view description = {}) const;
  std::string connect_sspi(char sequence, std::string_view package, std::string_view alias,
                           std::string_view name, std::string_view token,
                           std::uint32_t modes = 0) const;
  std::string kill_user(std::uint32_t uid, std::string_view alias, std::string_view reason) const;
  std::string create_channel(const mic_create &) const;
  std::string open_channel(std::string_view name, std::string_view keyword = {},
                           std::uint32_t open = 0, std::uint16_t udp_port = 0) const;
  std::string leave_channel(std::uint32_t cid, std::string_view reason = {}) const;
  std::string close(std::uint32_t oid, std::string_view reason = {}) const;
  std::string send_invite(std::uint32_t uid, std::string_view alias,
                          std::string_view channel) const;
  std::string send_msg(std::uint32_t oid, std::string_view text, bool data = false) const;
  std::string send_udp(std::uint32_t cid, std::uint32_t mid, std::uint32_t cookie,
                       std::string_view payload) const;
  std::string send_user(std::uint32_t uid, std::string_view alias, std::string_view text,
                        bool data = false) const;
  std::string send_whisper(const std::vector<std::uint32_t> &mids, std::string_view text,
                           bool data = false) const;
  std::string get_property(std::uint32_t oid, const std::vector<std::uint16_t> &ids,
                           bool info = false) const;
  std::string set_property(std::uint32_t oid, const std::vector<mic_property> &values) const;
  std::string query(std::uint32_t oid, const std::vector<mic_term> &terms,
                    const std::vector<std::uint16_t> &wanted, std::uint16_t records_max = 0,
                    bool info = true) const;
  std::string pong() const;

  // The body of a frame behind a header of this type and these flags.
  static std::string framed(std::uint8_t type, std::uint8_t flags, std::string_view body);

private:
  std::uint8_t text_flags() const { return wide ? 0 : 1; }
  std::string str(std::string_view utf8) const { return wide ? utf16le(utf8) : std::string(utf8); }
  std::uint8_t count(std::string_view utf8) const;
  std::string value(const mic_property &) const;
};

struct mic_member {
  std::uint32_t mid = 0, modes = 0;
  std::uint8_t flags = 0;
  std::string alias;
};

// A frame of a server. Which parts mean something follows from the type.
struct mic_event {
  std::uint8_t type = 0, flags = 0;
  std::uint32_t oid = 0;                   // EVENTRESULT, DATAPROPERTY, DATAQUERY
  std::uint32_t nid = 0, sid = 0, uid = 0; // networks, servers, users
  std::uint32_t cid = 0, mid = 0, kid = 0; // channels, members, who did it
  std::uint32_t from = 0, to = 0;          // messages and properties
  std::uint32_t modes = 0, channel_flags = 0;
  std::uint32_t cookie = 0, udp_address = 0;
  std::uint16_t udp_port = 0, result = 0;
  std::uint8_t request = 0;               // EVENTRESULT
  std::uint8_t version = 0, sequence = 0; // EVENTSSPI
  std::string name, title, alias, topic, pics;
  std::string text;                               // a body, a reason or a token
  std::vector<std::uint32_t> mids;                // EVENTWHISPER
  std::vector<mic_member> members;                // DATAMEMBERLIST
  std::vector<std::uint16_t> ids;                 // of the records
  std::vector<std::vector<mic_property>> records; // EVENTPROP has one

  bool wide() const { return (flags & 1U) == 0; }
  bool data() const { return (flags & 2U) != 0; }
  bool info() const { return (flags & 4U) != 0; }
  bool last() const { return (flags & 0x80U) != 0; }
};

// Takes a frame apart. Returns what is wrong with it, or "".
std::string read_event(std::string_view frame, mic_event &out);

} // namespace confab::test
