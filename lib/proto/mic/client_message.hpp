// SPDX-License-Identifier: MIT
//
// Frames that clients send, as values: spec/mic.md §3.1 to §3.15 and §3.35, corrected by
// mic-observed.md. Strings and blobs are views into the frame; lists are copied, as a frame aligns
// nothing. `decode` looks at form alone: every part is there, nothing is behind it, counts are
// possible. Whether a name is legal is names.hpp, whether an id lives is the session's business.

#pragma once

#include "proto/mic/frame.hpp"
#include "proto/mic/limits.hpp"
#include "proto/mic/property.hpp"
#include "proto/mic/refusal.hpp"

#include <array>
#include <span>
#include <variant>

namespace confab::mic {

// A few values in place.
template <class T, std::size_t Max>
struct few {
  std::array<T, Max> items{};
  std::size_t count = 0;

  void add(const T &item) noexcept { items[count++] = item; }
  std::span<const T> view() const noexcept { return {items.data(), count}; }
};

using property_ids = few<property_id, properties_max>;

// Anonymous, or with a password in clear text.
struct connect_user {
  std::uint8_t protocol = 0, version = 0;
  std::uint32_t modes = 0;
  wire_text alias, password, name, description;
};

// One leg of a log-on through a security package. The token is the package's own.
struct connect_sspi {
  std::uint8_t protocol = 0, version = 0;
  std::uint8_t sequence = 0; // 'N' on the first leg, 'A' later; the lengths of the names tell too
  std::uint32_t modes = 0;
  wire_text package, alias, name;
  std::string_view token;
};

struct kill_user {
  object_id uid = 0; // or 0, and the alias says who
  wire_text alias, reason;
};

struct create_channel {
  std::uint32_t modes = 0, flags = 0, open = 0;
  std::uint32_t limit = 0; // 0: the server's own
  std::uint16_t udp_port = 0;
  wire_text name, keyword, topic, subject;
  std::string_view client_guid, service_guid;
  wire_text account;
};

struct open_channel {
  std::uint32_t open = 0;
  std::uint16_t udp_port = 0;
  wire_text name, keyword;
};

struct leave_channel {
  object_id cid = 0;
  wire_text reason;
};

struct close_object {
  object_id oid = 0; // oneself: log off; a member: kick; a channel: close it
  wire_text reason;
};

struct send_invite {
  object_id uid = 0; // or 0, and the alias says who
  wire_text alias, channel;
};

// What a message says: text, or bytes that nobody looks into.
struct message_body {
  wire_text text; // of data: its bytes
  bool data = false;
};

struct send_msg {
  object_id oid = 0; // a channel, or one member of it
  message_body body;
};

struct send_udp {
  object_id cid = 0, mid = 0;
  std::uint32_t cookie = 0;
  std::string_view payload;
};

struct send_user {
  object_id uid = 0; // or 0, and the alias says who
  wire_text alias;
  message_body body;
};

struct send_whisper {
  few<object_id, whisper_targets_max> mids;
  message_body body;
};

struct get_property {
  object_id oid = 0;
  bool info = false; // the answer must say so too
  property_ids ids;
};

struct set_property {
  object_id oid = 0;
  few<wire_property, properties_max> values;
};

// Operators of queries; they stand in the property group "special" (§8.1).
enum class term : std::uint16_t {
  contains = 0x0f80,
  mask = 0x0f81,
  equal = 0x0f82,
  not_equal = 0x0f83,
  greater = 0x0f84,
  greater_equal = 0x0f85,
  less = 0x0f86,
  less_equal = 0x0f87,
  and_also = 0x0f88,
  or_else = 0x0f89
};

struct condition {
  bool or_else = false; // how it joins what stands before it; see query.hpp
  term op = term::equal;
  wire_property operand;
};

struct query {
  object_id oid = 0; // a group, or a channel for its members
  bool info = false;
  std::uint16_t records_max = 0; // 0: all
  few<condition, query_conditions_max> conditions;
  property_ids wanted;
};

struct pong {};

using client_message =
    std::variant<connect_user, connect_sspi, kill_user, create_channel, open_channel, leave_channel,
                 close_object, send_invite, send_msg, send_udp, send_user, send_whisper,
                 get_property, set_property, query, pong>;

// Reads one frame, with its header. `out` is meaningful only where nothing is wrong.
malformed decode(std::string_view frame, client_message &out) noexcept;

} // namespace confab::mic
