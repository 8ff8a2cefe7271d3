// SPDX-License-Identifier: MIT
//
// Reading what clients send: see client_message.hpp. Each kind has one function that reads its
// layout from left to right; the reader remembers whether something was missing, so most judge once
// at the end. Queries, whose parts depend on each other, are in query.cpp.

#include "proto/mic/client_message.hpp"

#include "proto/mic/query.hpp"

namespace confab::mic {

namespace {

// A string whose length was read before it.
wire_text take(reader &from, std::size_t units, header head) noexcept {
  const bool wide = head.wide();
  return {from.bytes(wide ? 2 * units : units), wide};
}

// What is left is the string.
wire_text take_rest(reader &from, header head) noexcept { return {from.rest(), head.wide()}; }

bool odd(const wire_text &text) noexcept { return text.wide && text.bytes.size() % 2 != 0; }

malformed judge(const reader &from) noexcept {
  if (from.failed())
    return malformed::truncated;
  return from.left() > 0 ? malformed::trailing : malformed::no;
}

malformed judge(const reader &from, const wire_text &rest) noexcept {
  return odd(rest) ? malformed::odd_text : judge(from);
}

// One of the two says who.
malformed judge_target(const reader &from, object_id uid, const wire_text &alias) noexcept {
  const malformed form = judge(from);
  return form == malformed::no && (uid == 0) == alias.empty() ? malformed::target : form;
}

// The body is whatever is left.
malformed take_body(reader &from, header head, message_body &out) noexcept {
  out.data = head.data();
  out.text = {from.rest(), !out.data && head.wide()};
  if (from.failed())
    return malformed::truncated;
  if (odd(out.text))
    return malformed::odd_text;
  if (out.text.empty())
    return malformed::no_text;
  return out.text.bytes.size() > body_bytes_max ? malformed::long_text : malformed::no;
}

malformed read(reader &from, header head, connect_user &out) noexcept {
  out.protocol = from.u8();
  out.version = from.u8();
  from.u8();
  const std::size_t description = from.u8();
  out.modes = from.u32();
  const std::size_t alias = from.u8(), password = from.u8(), name = from.u8();
  out.alias = take(from, alias, head);
  out.password = take(from, password, head);
  out.name = take(from, name, head);
  out.description = take(from, description, head);
  return judge(from);
}

malformed read(reader &from, header head, connect_sspi &out) noexcept {
  out.protocol = from.u8();
  out.version = from.u8();
  from.u8();
  out.sequence = from.u8();
  out.modes = from.u32();
  const std::size_t package = from.u8(), alias = from.u8(), name = from.u8();
  out.package = take(from, package, head);
  out.alias = take(from, alias, head);
  out.name = take(from, name, head);
  out.token = from.rest();
  return judge(from);
}

malformed read(reader &from, header head, kill_user &out) noexcept {
  out.uid = from.u32();
  const std::size_t alias = from.u8(), reason = from.u8();
  out.alias = take(from, alias, head);
  out.reason = take(from, reason, head);
  return judge_target(from, out.uid, out.alias);
}

malformed read(reader &from, header head, create_channel &out) noexcept {
  out.modes = from.u32();
  out.flags = from.u32();
  out.open = from.u32();
  out.limit = from.u32();
  out.udp_port = from.u16();
  const std::size_t name = from.u8(), keyword = from.u8(), topic = from.u8(), subject = from.u8();
  from.u8();
  const std::size_t client_guid = from.u8(), service_guid = from.u8(), account = from.u8();
  out.name = take(from, name, head);
  out.keyword = take(from, keyword, head);
  out.topic = take(from, topic, head);
  out.subject = take(from, subject, head);
  out.client_guid = from.bytes(client_guid);
  out.service_guid = from.bytes(service_guid);
  out.account = take(from, account, head);
  return judge(from);
}

malformed read(reader &from, header head, open_channel &out) noexcept {
  out.open = from.u32();
  out.udp_port = from.u16();
  const std::size_t name = from.u8(), keyword = from.u8();
  out.name = take(from, name, head);
  out.keyword = take(from, keyword, head);
  return judge(from);
}

malformed read(reader &from, header head, leave_channel &out) noexcept {
  out.cid = from.u32();
  out.reason = take_rest(from, head);
  return judge(from, out.reason);
}

malformed read(reader &from, header head, close_object &out) noexcept {
  out.oid = from.u32();
  out.reason = take_rest(from, head);
  return judge(from, out.reason);
}

malformed read(reader &from, header head, send_invite &out) noexcept {
  out.uid = from.u32();
  const std::size_t alias = from.u8(), channel = from.u8();
  out.alias = take(from, alias, head);
  out.channel = take(from, channel, head);
  return judge_target(from, out.uid, out.alias);
}

malformed read(reader &from, header head, send_msg &out) noexcept {
  out.oid = from.u32();
  return take_body(from, head, out.body);
}

malformed read(reader &from, header, send_udp &out) noexcept {
  out.cid = from.u32();
  out.mid = from.u32();
  out.cookie = from.u32();
  out.payload = from.rest();
  return judge(from);
}

malformed read(reader &from, header head, send_user &out) noexcept {
  out.uid = from.u32();
  out.alias = take(from, from.u8(), head);
  const malformed form = take_body(from, head, out.body);
  return form == malformed::no ? judge_target(from, out.uid, out.alias) : form;
}

malformed read(reader &from, header head, send_whisper &out) noexcept {
  const std::size_t count = from.u8();
  if (count == 0 || count > whisper_targets_max)
    return malformed::count;
  while (out.mids.count < count)
    out.mids.add(from.u32());
  return take_body(from, head, out.body);
}

malformed read(reader &from, header head, get_property &out) noexcept {
  out.oid = from.u32();
  out.info = head.info();
  if (from.left() % 2 != 0)
    return malformed::truncated;
  const std::size_t count = from.left() / 2;
  if (count == 0 || count > properties_max)
    return malformed::count;
  while (out.ids.count < count)
    out.ids.add(from.u16());
  for (const property_id wanted : out.ids.view())
    if (op_of(wanted) != property_op::set)
      return malformed::property;
  return judge(from);
}

// The known client counts bytes where it should count characters when it changes an alias or an
// away text in a wide frame (§6.2): of a single text, the end of the frame is right.
bool counts_bytes(std::string_view value, const wire_property &property) noexcept {
  return type_of(property.id) == property_type::text1 && !value.empty() &&
         static_cast<unsigned char>(value.front()) == value.size() - 1 && value.size() % 2 == 1;
}

malformed read(reader &from, header head, set_property &out) noexcept {
  out.oid = from.u32();
  const std::size_t count = from.u8();
  if (count == 0 || count > properties_max)
    return malformed::count;
  while (out.values.count < count)
    out.values.items[out.values.count++].id = from.u16();
  for (const wire_property &value : out.values.view())
    if (op_of(value.id) == property_op::unused)
      return malformed::property;
  wire_property &first = out.values.items[0];
  reader again = from;
  if (const std::string_view rest = again.rest();
      count == 1 && head.wide() && counts_bytes(rest, first)) {
    first.text = {rest.substr(1), true};
    return malformed::no;
  }
  for (std::size_t i = 0; i < count; ++i)
    read_value(from, head.wide(), out.values.items[i]);
  return judge(from);
}

malformed read(reader &from, header head, query &out) noexcept {
  return read_query(from, head, out);
}

malformed read(reader &from, header, pong &) noexcept { return judge(from); }

template <class Message>
malformed decode_as(reader &from, header head, client_message &out) noexcept {
  return read(from, head, out.emplace<Message>());
}

malformed decode_kind(kind what, reader &from, header head, client_message &out) noexcept {
  switch (what) {
  case kind::connect_sspi:
    return decode_as<connect_sspi>(from, head, out);
  case kind::connect_user:
    return decode_as<connect_user>(from, head, out);
  case kind::kill_user:
    return decode_as<kill_user>(from, head, out);
  case kind::create_channel:
    return decode_as<create_channel>(from, head, out);
  case kind::open_channel:
    return decode_as<open_channel>(from, head, out);
  case kind::leave_channel:
    return decode_as<leave_channel>(from, head, out);
  case kind::close:
    return decode_as<close_object>(from, head, out);
  case kind::send_invite:
    return decode_as<send_invite>(from, head, out);
  case kind::send_msg:
    return decode_as<send_msg>(from, head, out);
  case kind::send_udp:
    return decode_as<send_udp>(from, head, out);
  case kind::send_user:
    return decode_as<send_user>(from, head, out);
  case kind::send_whisper:
    return decode_as<send_whisper>(from, head, out);
  case kind::get_property:
    return decode_as<get_property>(from, head, out);
  case kind::set_property:
    return decode_as<set_property>(from, head, out);
  case kind::query:
    return decode_as<query>(from, head, out);
  default:
    return decode_as<pong>(from, head, out);
  }
}

malformed judge_kind(const kind_row *row) noexcept {
  if (!row)
    return malformed::unknown_kind;
  switch (row->from) {
  case sender::client:
    return malformed::no;
  case sender::server:
    return malformed::not_for_us;
  case sender::reserved:
    return malformed::reserved_kind;
  default:
    return malformed::null_kind;
  }
}

} // namespace

malformed decode(std::string_view frame, client_message &out) noexcept {
  const header head = read_header(frame);
  if (head.length < header_bytes || head.length > frame_bytes_max || head.length != frame.size())
    return malformed::length;
  const kind_row *row = find_kind(head.type);
  if (const malformed wrong = judge_kind(row); wrong != malformed::no)
    return wrong;
  if (frame.size() < row->bytes_least)
    return malformed::truncated;
  reader from(frame.substr(header_bytes));
  return decode_kind(row->id, from, head, out);
}

} // namespace confab::mic
