// SPDX-License-Identifier: MIT
//
// Frames that the server sends: spec/mic.md §3.16 to §3.35, corrected by mic-observed.md. A message
// is a value with its texts in UTF-8; `encode` writes it in the form that a receiver takes, into
// the caller's buffer and never beyond. Frames that hold as many items as fit are built by the
// writers in answers.hpp. Which message follows which, and who gets it, is the session's.

#pragma once

#include "proto/mic/frame.hpp"
#include "proto/mic/property.hpp"
#include "proto/mic/result.hpp"
#include "proto/mic/writer.hpp"

#include <span>
#include <string_view>

namespace confab::mic {

struct event_result {
  object_id oid = 0; // what the request was about; 0: nothing, or not known
  result code = result::none;
  std::uint8_t type = 0; // of the request that failed
};

struct event_sspi {
  std::uint8_t version = 0, sequence = 0;
  std::string_view token;
};

struct event_add_network {
  object_id nid = 0;
  std::string_view name, title;
};

struct event_add_server {
  object_id nid = 0, sid = 0;
  std::string_view name, title;
};

// The log-on has succeeded: this is you.
struct event_add_user {
  object_id nid = 0, sid = 0, uid = 0;
  std::uint32_t modes = 0;
};

struct event_add_channel {
  object_id cid = 0;
  std::uint32_t modes = 0, flags = 0;
  std::uint32_t cookie = 0;
  std::uint32_t udp_address = 0; // its lowest byte is the address's first; 0: no UDP
  std::uint16_t udp_port = 0;
  std::string_view name, topic, pics;
};

// The first on a channel is the receiver itself.
struct event_add_member {
  object_id cid = 0, mid = 0;
  std::uint32_t modes = 0;
  std::string_view alias;
};

struct event_del_server {
  object_id sid = 0;
};

struct event_del_user {
  object_id uid = 0;
  object_id kid = 0; // who did it; 0: nobody
  result why = result::none;
  std::string_view reason;
};

struct event_del_channel {
  object_id cid = 0;
};

struct event_del_member {
  object_id mid = 0;
  object_id kid = 0; // the member who kicked; 0: nobody did
  std::string_view reason;
};

struct event_invite {
  object_id from = 0; // a user
  std::string_view alias, channel;
};

struct event_knock {
  object_id cid = 0, uid = 0;
};

// What a message says: UTF-8, or bytes that go as they are.
struct body {
  std::string_view bytes;
  bool data = false;
};

struct event_msg {
  object_id from = 0; // a member of the channel, or the channel itself for somebody who is none
  object_id to = 0;   // the channel, or the receiver's own member for a whisper
  body what;
};

struct event_prop {
  object_id from = 0; // as in event_msg
  object_id to = 0;   // whose properties they are
  std::span<const property_value> values;
};

struct event_udp {
  object_id cid = 0, mid = 0;
  std::string_view payload;
};

struct event_user {
  object_id from = 0, to = 0; // users
  std::string_view alias;
  body what;
};

struct event_whisper {
  object_id from = 0; // a member
  std::span<const object_id> to;
  body what;
};

struct ping {};

// Writes a frame. Texts with a length byte are cut where that, or the table of properties, ends;
// bodies and reasons are not: a frame that would be too long is not written (decisions.hpp, 30).
written encode(const event_result &, encoding, std::span<char> out) noexcept;
written encode(const event_sspi &, encoding, std::span<char> out) noexcept;
written encode(const event_add_network &, encoding, std::span<char> out) noexcept;
written encode(const event_add_server &, encoding, std::span<char> out) noexcept;
written encode(const event_add_user &, encoding, std::span<char> out) noexcept;
written encode(const event_add_channel &, encoding, std::span<char> out) noexcept;
written encode(const event_add_member &, encoding, std::span<char> out) noexcept;
written encode(const event_del_server &, encoding, std::span<char> out) noexcept;
written encode(const event_del_user &, encoding, std::span<char> out) noexcept;
written encode(const event_del_channel &, encoding, std::span<char> out) noexcept;
written encode(const event_del_member &, encoding, std::span<char> out) noexcept;
written encode(const event_invite &, encoding, std::span<char> out) noexcept;
written encode(const event_knock &, encoding, std::span<char> out) noexcept;
written encode(const event_msg &, encoding, std::span<char> out) noexcept;
// A new alias always goes as ANSI: the known client reads the wide form wrong (§6.2).
written encode(const event_prop &, encoding, std::span<char> out) noexcept;
written encode(const event_udp &, encoding, std::span<char> out) noexcept;
written encode(const event_user &, encoding, std::span<char> out) noexcept;
// Of the list as many as leave room for the body; see whisper_targets_shown.
written encode(const event_whisper &, encoding, std::span<char> out) noexcept;
// Header only, and its flags are 0.
written encode(const ping &, encoding, std::span<char> out) noexcept;

// How many targets of a whisper can stand beside a body of that many bytes.
std::size_t whisper_targets_shown(std::size_t targets, std::size_t body_bytes) noexcept;

} // namespace confab::mic
