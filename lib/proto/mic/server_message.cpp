// SPDX-License-Identifier: MIT
//
// Writing what the server sends: see server_message.hpp. Each kind has one function that writes its
// layout from left to right; the lengths of strings stand before all strings, so they are filled in
// when the string has been written.

#include "proto/mic/server_message.hpp"

namespace confab::mic {

namespace {

std::uint8_t flags_of(encoding as) noexcept { return as.wide ? 0 : flag_ansi; }

// Bytes carry no other flag, as there is no string whose form it could tell.
std::uint8_t flags_of(encoding as, const body &what) noexcept {
  return what.data ? static_cast<std::uint8_t>(flag_data) : flags_of(as);
}

void put_body(writer &to, encoding as, const body &what) noexcept {
  if (what.data)
    to.bytes(what.bytes);
  else
    to.text(what.bytes, as);
}

written two_words(kind what, encoding as, std::span<char> out, object_id first,
                  object_id second) noexcept {
  writer to(out, what, flags_of(as));
  to.u32(first);
  to.u32(second);
  return to.finish();
}

written one_word(kind what, encoding as, std::span<char> out, object_id only) noexcept {
  writer to(out, what, flags_of(as));
  to.u32(only);
  return to.finish();
}

} // namespace

written encode(const event_result &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_result, flags_of(as));
  to.u32(message.oid);
  to.u16(static_cast<std::uint32_t>(message.code));
  to.u8(message.type);
  return to.finish();
}

written encode(const event_sspi &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_sspi, flags_of(as));
  to.u8(message.version);
  to.u8(message.sequence);
  to.bytes(message.token);
  return to.finish();
}

written encode(const event_add_network &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_add_network, flags_of(as));
  to.u32(message.nid);
  counted name(to), title(to);
  name.text(message.name, as);
  title.text(message.title, as);
  return to.finish();
}

written encode(const event_add_server &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_add_server, flags_of(as));
  to.u32(message.nid);
  to.u32(message.sid);
  counted name(to), title(to);
  name.text(message.name, as);
  title.text(message.title, as);
  return to.finish();
}

written encode(const event_add_user &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_add_user, flags_of(as));
  to.u32(message.nid);
  to.u32(message.sid);
  to.u32(message.uid);
  to.u32(message.modes);
  return to.finish();
}

written encode(const event_add_channel &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_add_channel, flags_of(as));
  to.u32(message.cid);
  to.u32(message.modes);
  to.u32(message.flags);
  to.u32(message.cookie);
  to.u32(message.udp_address);
  to.u16(message.udp_port);
  to.u16(0);
  counted name(to), topic(to), pics(to);
  name.text(message.name, as);
  topic.text(message.topic, as, topic_max);
  pics.text(message.pics, as);
  return to.finish();
}

written encode(const event_add_member &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_add_member, flags_of(as));
  to.u32(message.cid);
  to.u32(message.mid);
  to.u32(message.modes);
  counted alias(to);
  alias.text(message.alias, as);
  return to.finish();
}

written encode(const event_del_server &message, encoding as, std::span<char> out) noexcept {
  return one_word(kind::event_del_server, as, out, message.sid);
}

written encode(const event_del_user &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_del_user, flags_of(as));
  to.u32(message.uid);
  to.u32(message.kid);
  to.u16(static_cast<std::uint32_t>(message.why));
  to.text(message.reason, as);
  return to.finish();
}

written encode(const event_del_channel &message, encoding as, std::span<char> out) noexcept {
  return one_word(kind::event_del_channel, as, out, message.cid);
}

written encode(const event_del_member &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_del_member, flags_of(as));
  to.u32(message.mid);
  to.u32(message.kid);
  to.text(message.reason, as);
  return to.finish();
}

written encode(const event_invite &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_invite, flags_of(as));
  to.u32(message.from);
  counted alias(to);
  alias.text(message.alias, as);
  to.text(message.channel, as);
  return to.finish();
}

written encode(const event_knock &message, encoding as, std::span<char> out) noexcept {
  return two_words(kind::event_knock, as, out, message.cid, message.uid);
}

written encode(const event_msg &message, encoding as, std::span<char> out) noexcept {
  writer to(out, kind::event_msg, flags_of(as, message.what));
  to.u32(message.from);
  to.u32(message.to);
  put_body(to, as, message.what);
  return to.finish();
}

written encode(const event_prop &message, encoding as, std::span<char> out) noexcept {
  for (const property_value &value : message.values)
    as.wide = as.wide && plain(value.id) != prop_user_alias;
  writer to(out, kind::event_prop, flags_of(as));
  to.u32(message.from);
  to.u32(message.to);
  to.u8(static_cast<std::uint32_t>(message.values.size()));
  for (const property_value &value : message.values)
    to.u16(value.id);
  for (const property_value &value : message.values)
    write_value(to, as, value);
  return to.finish();
}

written encode(const event_udp &message, encoding, std::span<char> out) noexcept {
  writer to(out, kind::event_udp, flag_data);
  to.u32(message.cid);
  to.u32(message.mid);
  to.u32(0);
  to.bytes(message.payload);
  return to.finish();
}

written encode(const event_user &message, encoding as, std::span<char> out) noexcept {
  // The alias has a form even where the body has none.
  const std::uint8_t flags = message.what.data ? flag_data | flags_of(as) : flags_of(as);
  writer to(out, kind::event_user, flags);
  to.u32(message.from);
  to.u32(message.to);
  counted alias(to);
  alias.text(message.alias, as);
  put_body(to, as, message.what);
  return to.finish();
}

std::size_t whisper_targets_shown(std::size_t targets, std::size_t body_bytes) noexcept {
  constexpr std::size_t before = header_bytes + 5;
  const std::size_t room =
      before + body_bytes < frame_bytes_max ? frame_bytes_max - before - body_bytes : 0;
  return std::min({targets, whisper_targets_max, room / 4});
}

written encode(const event_whisper &message, encoding as, std::span<char> out) noexcept {
  const std::size_t body_bytes =
      message.what.data ? message.what.bytes.size() : measure(message.what.bytes, as).bytes;
  const std::size_t shown = whisper_targets_shown(message.to.size(), body_bytes);
  writer to(out, kind::event_whisper, flags_of(as, message.what));
  to.u32(message.from);
  to.u8(static_cast<std::uint32_t>(shown));
  for (const object_id target : message.to.first(shown))
    to.u32(target);
  put_body(to, as, message.what);
  return to.finish();
}

written encode(const ping &, encoding, std::span<char> out) noexcept {
  return writer(out, kind::ping, 0).finish();
}

} // namespace confab::mic
