// SPDX-License-Identifier: MIT
//
// The table of kinds, one row for each byte up to the last that the specification reserves, and the
// header. See frame.hpp.

#include "proto/mic/frame.hpp"

#include "proto/mic/reader.hpp"

#include <array>

namespace confab::mic {

namespace {

constexpr kind_row row(std::uint8_t id, sender from, std::uint8_t bytes_least,
                       std::string_view name) noexcept {
  return {static_cast<kind>(id), from, bytes_least, name};
}

constexpr std::array<kind_row, 0x33> table{{
    row(0x00, sender::nobody, 4, "NULL"),
    row(0x01, sender::client, 15, "CONNECTSSPI"),
    row(0x02, sender::client, 15, "CONNECTUSER"),
    row(0x03, sender::client, 10, "KILLUSER"),
    row(0x04, sender::client, 30, "CREATECHANNEL"),
    row(0x05, sender::client, 12, "OPENCHANNEL"),
    row(0x06, sender::client, 8, "LEAVECHANNEL"),
    row(0x07, sender::client, 8, "CLOSE"),
    row(0x08, sender::client, 10, "SENDINVITE"),
    row(0x09, sender::client, 8, "SENDMSG"),
    row(0x0a, sender::client, 16, "SENDUDP"),
    row(0x0b, sender::client, 9, "SENDUSER"),
    row(0x0c, sender::client, 5, "SENDWHISPER"),
    row(0x0d, sender::reserved, 4, "reserved2"),
    row(0x0e, sender::client, 8, "GETPROPERTY"),
    row(0x0f, sender::client, 9, "SETPROPERTY"),
    row(0x10, sender::client, 12, "QUERY"),
    row(0x11, sender::reserved, 4, "reserved3"),
    row(0x12, sender::reserved, 4, "reserved4"),
    row(0x13, sender::reserved, 4, "reserved5"),
    row(0x14, sender::server, 11, "EVENTRESULT"),
    row(0x15, sender::server, 6, "EVENTSSPI"),
    row(0x16, sender::server, 10, "EVENTADDNETWORK"),
    row(0x17, sender::server, 14, "EVENTADDSERVER"),
    row(0x18, sender::server, 20, "EVENTADDUSER"),
    row(0x19, sender::server, 31, "EVENTADDCHANNEL"),
    row(0x1a, sender::server, 17, "EVENTADDMEMBER"),
    row(0x1b, sender::reserved, 4, "reserved6"),
    row(0x1c, sender::server, 8, "EVENTDELSERVER"),
    row(0x1d, sender::server, 14, "EVENTDELUSER"),
    row(0x1e, sender::server, 8, "EVENTDELCHANNEL"),
    row(0x1f, sender::server, 12, "EVENTDELMEMBER"),
    row(0x20, sender::server, 9, "EVENTINVITE"),
    row(0x21, sender::server, 12, "EVENTKNOCK"),
    row(0x22, sender::server, 12, "EVENTMSG"),
    row(0x23, sender::server, 13, "EVENTPROP"),
    row(0x24, sender::reserved, 4, "reserved7"),
    row(0x25, sender::reserved, 4, "reserved8"),
    row(0x26, sender::server, 16, "EVENTUDP"),
    row(0x27, sender::server, 13, "EVENTUSER"),
    row(0x28, sender::server, 9, "EVENTWHISPER"),
    row(0x29, sender::server, 8, "DATAMEMBERLIST"),
    row(0x2a, sender::reserved, 4, "reserved9"),
    row(0x2b, sender::server, 9, "DATAPROPERTY"),
    row(0x2c, sender::server, 9, "DATAQUERY"),
    row(0x2d, sender::reserved, 4, "reserved10"),
    row(0x2e, sender::reserved, 4, "reserved11"),
    row(0x2f, sender::reserved, 4, "reserved12"),
    row(0x30, sender::server, 4, "PING"),
    row(0x31, sender::client, 4, "PONG"),
    row(0x32, sender::reserved, 4, "reserved13"),
}};

} // namespace

const kind_row *find_kind(std::uint8_t type) noexcept {
  return type < table.size() ? &table[type] : nullptr;
}

header read_header(std::string_view frame) noexcept {
  if (frame.size() < header_bytes)
    return {};
  reader from(frame);
  header out;
  out.type = from.u8();
  out.flags = from.u8();
  out.length = from.u16();
  return out;
}

} // namespace confab::mic
