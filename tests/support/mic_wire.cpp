// SPDX-License-Identifier: MIT
//
// Building and reading frames of MIC from the client's side: see mic_wire.hpp. Layouts are those of
// spec/mic.md section 3 and spec/mic-observed.md section 4.
#include "support/mic_wire.hpp"

#include <algorithm>
#include <stdexcept>

namespace confab::test {

namespace {

struct put {
  std::string out;

  put &u8(std::uint64_t v) { return number(v, 1); }
  put &u16(std::uint64_t v) { return number(v, 2); }
  put &u32(std::uint64_t v) { return number(v, 4); }
  put &bytes(std::string_view v) {
    out += v;
    return *this;
  }
  put &number(std::uint64_t v, int bytes_wanted) {
    for (int i = 0; i < bytes_wanted; ++i)
      out.push_back(static_cast<char>(v >> (8 * i)));
    return *this;
  }
};

struct too_short {};

struct take {
  std::string_view rest;

  std::string_view bytes(std::size_t n) {
    if (n > rest.size())
      throw too_short{};
    const std::string_view out = rest.substr(0, n);
    rest.remove_prefix(n);
    return out;
  }
  std::uint32_t number(std::size_t n) {
    std::uint32_t out = 0;
    std::uint32_t shift = 0;
    for (const char c : bytes(n)) {
      out |= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << shift;
      shift += 8;
    }
    return out;
  }
  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u32() { return number(4); }
  std::string str(std::size_t units, bool wide) {
    return wide ? from_utf16le(bytes(2 * units)) : std::string(bytes(units));
  }
  std::string text(bool wide) {
    if (wide && rest.size() % 2 != 0)
      throw too_short{};
    return str(wide ? rest.size() / 2 : rest.size(), wide);
  }
};

unsigned type_of(std::uint16_t id) { return id >> 11U & 7U; }

mic_property take_value(take &from, std::uint16_t id, bool wide) {
  mic_property out;
  out.id = id;
  switch (type_of(id)) {
  case 0:
    out.number = from.u8();
    break;
  case 1:
    out.number = from.u16();
    break;
  case 3:
    out.number = from.u32();
    out.high = from.u32();
    break;
  case 2:
    out.number = from.u32();
    break;
  case 4:
    out.text = from.bytes(from.u8());
    break;
  case 5:
    out.text = from.bytes(from.u16());
    break;
  case 6:
    out.text = from.str(from.u8(), wide);
    break;
  default:
    out.text = from.str(from.u16(), wide);
  }
  return out;
}

void take_records(take &from, bool several, mic_event &out) {
  const std::size_t count = from.u8();
  for (std::size_t i = 0; i < count; ++i)
    out.ids.push_back(from.u16());
  if (count == 0)
    return;
  do {
    out.records.emplace_back();
    for (const std::uint16_t id : out.ids)
      out.records.back().push_back(take_value(from, id, out.wide()));
  } while (several && !from.rest.empty());
}

void take_channel(take &from, mic_event &out) {
  out.cid = from.u32();
  out.modes = from.u32();
  out.channel_flags = from.u32();
  out.cookie = from.u32();
  out.udp_address = from.u32();
  out.udp_port = from.u16();
  from.u16();
  const std::size_t name = from.u8(), topic = from.u8(), pics = from.u8();
  out.name = from.str(name, out.wide());
  out.topic = from.str(topic, out.wide());
  out.pics = from.str(pics, out.wide());
}

void take_members(take &from, mic_event &out) {
  out.cid = from.u32();
  while (!from.rest.empty()) {
    mic_member item;
    item.mid = from.u32();
    item.modes = from.u32();
    item.flags = from.u8();
    const std::string_view alias = from.bytes(from.u8()); // bytes, here only
    item.alias = (item.flags & 1U) != 0 ? std::string(alias) : from_utf16le(alias);
    out.members.push_back(item);
  }
}

void take_named(take &from, mic_event &out, bool server) {
  out.nid = from.u32();
  out.sid = server ? from.u32() : 0;
  const std::size_t name = from.u8(), title = from.u8();
  out.name = from.str(name, out.wide());
  out.title = from.str(title, out.wide());
}

void take_body(take &from, mic_event &out) {
  out.text = out.data() ? std::string(from.bytes(from.rest.size())) : from.text(out.wide());
}

void take_message(take &from, mic_event &out) {
  out.from = from.u32();
  if (out.type == 0x28) {
    const std::size_t count = from.u8();
    for (std::size_t i = 0; i < count; ++i)
      out.mids.push_back(from.u32());
  } else {
    out.to = from.u32();
  }
  if (out.type == 0x27)
    out.alias = from.str(from.u8(), out.wide());
  take_body(from, out);
}

// Those who come and go, and small things.
bool take_other(take &from, mic_event &out) {
  switch (out.type) {
  case 0x14:
    out.oid = from.u32();
    out.result = from.u16();
    out.request = from.u8();
    return true;
  case 0x15:
    out.version = from.u8();
    out.sequence = from.u8();
    out.text = from.bytes(from.rest.size());
    return true;
  case 0x18:
    out.nid = from.u32();
    out.sid = from.u32();
    out.uid = from.u32();
    out.modes = from.u32();
    return true;
  case 0x1a:
    out.cid = from.u32();
    out.mid = from.u32();
    out.modes = from.u32();
    out.alias = from.str(from.u8(), out.wide());
    return true;
  case 0x1c:
    out.sid = from.u32();
    return true;
  case 0x1d:
    out.uid = from.u32();
    out.kid = from.u32();
    out.result = from.u16();
    out.text = from.text(out.wide());
    return true;
  case 0x1e:
    out.cid = from.u32();
    return true;
  case 0x1f:
    out.mid = from.u32();
    out.kid = from.u32();
    out.text = from.text(out.wide());
    return true;
  case 0x20:
    out.from = from.u32();
    out.alias = from.str(from.u8(), out.wide());
    out.name = from.text(out.wide());
    return true;
  case 0x21:
    out.cid = from.u32();
    out.uid = from.u32();
    return true;
  case 0x26:
    out.cid = from.u32();
    out.mid = from.u32();
    from.u32();
    out.text = from.bytes(from.rest.size());
    return true;
  case 0x30:
    return true;
  default:
    return false;
  }
}

bool take_event(take &from, mic_event &out) {
  switch (out.type) {
  case 0x16:
  case 0x17:
    take_named(from, out, out.type == 0x17);
    return true;
  case 0x19:
    take_channel(from, out);
    return true;
  case 0x22:
  case 0x27:
  case 0x28:
    take_message(from, out);
    return true;
  case 0x23:
    out.from = from.u32();
    out.to = from.u32();
    take_records(from, false, out);
    return true;
  case 0x29:
    take_members(from, out);
    return true;
  case 0x2b:
  case 0x2c:
    out.oid = from.u32();
    take_records(from, true, out);
    return true;
  default:
    return take_other(from, out);
  }
}

std::uint32_t character_at(std::string_view utf8, std::size_t &at) {
  const auto byte = [&](std::size_t i) {
    if (i >= utf8.size())
      throw std::invalid_argument("no UTF-8");
    return static_cast<std::uint32_t>(static_cast<unsigned char>(utf8[i]));
  };
  const std::uint32_t lead = byte(at);
  const std::size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
  std::uint32_t out = more == 0 ? lead : lead & (0x3fU >> more);
  for (std::size_t i = 1; i <= more; ++i)
    out = out << 6U | (byte(at + i) & 0x3fU);
  at += more + 1;
  return out;
}

void add_utf8(std::string &out, std::uint32_t c) {
  const std::uint32_t more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  static constexpr std::uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
  out.push_back(static_cast<char>(leads[more] | c >> (6 * more)));
  for (std::uint32_t i = more; i-- > 0;)
    out.push_back(static_cast<char>(0x80U | (c >> (6 * i) & 0x3fU)));
}

} // namespace

std::string utf16le(std::string_view utf8) {
  put to;
  for (std::size_t at = 0; at < utf8.size();) {
    const std::uint32_t c = character_at(utf8, at);
    if (c >= 0x10000)
      to.u16(0xd7c0U + (c >> 10U)).u16(0xdc00U | (c & 0x3ffU));
    else
      to.u16(c);
  }
  return to.out;
}

std::string from_utf16le(std::string_view bytes) {
  take from{bytes};
  std::string out;
  while (from.rest.size() >= 2) {
    std::uint32_t c = from.u16();
    if (c >= 0xd800 && c < 0xdc00 && from.rest.size() >= 2)
      c = ((c - 0xd7c0U) << 10U) + (from.u16() & 0x3ffU);
    add_utf8(out, c);
  }
  return out;
}

std::string mic_frames::framed(std::uint8_t type, std::uint8_t flags, std::string_view body) {
  return put{}.u8(type).u8(flags).u16(body.size() + 4).bytes(body).out;
}

std::uint8_t mic_frames::count(std::string_view utf8) const {
  return static_cast<std::uint8_t>(wide ? utf16le(utf8).size() / 2 : utf8.size());
}

std::string mic_frames::value(const mic_property &p) const {
  put to;
  switch (type_of(p.id)) {
  case 0:
    return to.u8(p.number).out;
  case 1:
    return to.u16(p.number).out;
  case 2:
    return to.u32(p.number).out;
  case 3:
    return to.u32(p.number).u32(p.high).out;
  case 4:
    return to.u8(p.text.size()).bytes(p.text).out;
  case 5:
    return to.u16(p.text.size()).bytes(p.text).out;
  case 6:
    return to.u8(count(p.text)).bytes(str(p.text)).out;
  default:
    return to.u16(str(p.text).size() / (wide ? 2 : 1)).bytes(str(p.text)).out;
  }
}

std::string mic_frames::connect_user(std::string_view alias, std::string_view name,
                                     std::string_view password, std::uint32_t modes,
                                     std::string_view description) const {
  put to;
  to.u8(0).u8(0).u8(0).u8(count(description)).u32(modes);
  to.u8(count(alias)).u8(count(password)).u8(count(name));
  to.bytes(str(alias)).bytes(str(password)).bytes(str(name)).bytes(str(description));
  return framed(0x02, text_flags(), to.out);
}

std::string mic_frames::connect_sspi(char sequence, std::string_view package,
                                     std::string_view alias, std::string_view name,
                                     std::string_view token, std::uint32_t modes) const {
  put to;
  to.u8(0).u8(0).u8(0).u8(static_cast<unsigned char>(sequence)).u32(modes);
  to.u8(count(package)).u8(count(alias)).u8(count(name));
  to.bytes(str(package)).bytes(str(alias)).bytes(str(name)).bytes(token);
  return framed(0x01, sequence == 'A' ? 0 : text_flags(), to.out);
}

std::string mic_frames::kill_user(std::uint32_t uid, std::string_view alias,
                                  std::string_view reason) const {
  put to;
  to.u32(uid).u8(count(alias)).u8(count(reason)).bytes(str(alias)).bytes(str(reason));
  return framed(0x03, text_flags(), to.out);
}

std::string mic_frames::create_channel(const mic_create &c) const {
  put to;
  to.u32(c.modes).u32(c.flags).u32(c.open).u32(c.limit).u16(c.udp_port);
  to.u8(count(c.name)).u8(count(c.keyword)).u8(count(c.topic)).u8(count(c.subject)).u8(0);
  to.u8(c.client_guid.size()).u8(c.service_guid.size()).u8(count(c.account));
  to.bytes(str(c.name)).bytes(str(c.keyword)).bytes(str(c.topic)).bytes(str(c.subject));
  to.bytes(c.client_guid).bytes(c.service_guid).bytes(str(c.account));
  return framed(0x04, text_flags(), to.out);
}

std::string mic_frames::open_channel(std::string_view name, std::string_view keyword,
                                     std::uint32_t open, std::uint16_t udp_port) const {
  put to;
  to.u32(open).u16(udp_port).u8(count(name)).u8(count(keyword));
  to.bytes(str(name)).bytes(str(keyword));
  return framed(0x05, text_flags(), to.out);
}

std::string mic_frames::leave_channel(std::uint32_t cid, std::string_view reason) const {
  return framed(0x06, text_flags(), put{}.u32(cid).bytes(str(reason)).out);
}

std::string mic_frames::close(std::uint32_t oid, std::string_view reason) const {
  return framed(0x07, reason.empty() ? 0 : text_flags(), put{}.u32(oid).bytes(str(reason)).out);
}

std::string mic_frames::send_invite(std::uint32_t uid, std::string_view alias,
                                    std::string_view channel) const {
  put to;
  to.u32(uid).u8(count(alias)).u8(count(channel)).bytes(str(alias)).bytes(str(channel));
  return framed(0x08, text_flags(), to.out);
}

std::string mic_frames::send_msg(std::uint32_t oid, std::string_view text, bool data) const {
  const std::string body = data ? std::string(text) : str(text);
  return framed(0x09, data ? 2 : text_flags(), put{}.u32(oid).bytes(body).out);
}

std::string mic_frames::send_udp(std::uint32_t cid, std::uint32_t mid, std::uint32_t cookie,
                                 std::string_view payload) const {
  return framed(0x0a, 2, put{}.u32(cid).u32(mid).u32(cookie).bytes(payload).out);
}

std::string mic_frames::send_user(std::uint32_t uid, std::string_view alias, std::string_view text,
                                  bool data) const {
  put to;
  to.u32(uid).u8(count(alias)).bytes(str(alias)).bytes(data ? std::string(text) : str(text));
  return framed(0x0b, static_cast<std::uint8_t>(text_flags() | (data ? 2 : 0)), to.out);
}

std::string mic_frames::send_whisper(const std::vector<std::uint32_t> &mids, std::string_view text,
                                     bool data) const {
  put to;
  to.u8(mids.size());
  for (const std::uint32_t mid : mids)
    to.u32(mid);
  return framed(0x0c, data ? 2 : text_flags(), to.bytes(data ? std::string(text) : str(text)).out);
}

std::string mic_frames::get_property(std::uint32_t oid, const std::vector<std::uint16_t> &ids,
                                     bool info) const {
  put to;
  to.u32(oid);
  for (const std::uint16_t id : ids)
    to.u16(id);
  return framed(0x0e, static_cast<std::uint8_t>(text_flags() | (info ? 4 : 0)), to.out);
}

std::string mic_frames::set_property(std::uint32_t oid,
                                     const std::vector<mic_property> &values) const {
  put to;
  to.u32(oid).u8(values.size());
  for (const mic_property &p : values)
    to.u16(p.id);
  for (const mic_property &p : values)
    to.bytes(value(p));
  return framed(0x0f, text_flags(), to.out);
}

std::string mic_frames::query(std::uint32_t oid, const std::vector<mic_term> &terms,
                              const std::vector<std::uint16_t> &wanted, std::uint16_t records_max,
                              bool info) const {
  put to;
  to.u32(oid).u8(terms.empty() ? 0 : 3 * terms.size() - 1).u8(wanted.size()).u16(records_max);
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i > 0)
      to.u16(terms[i].joined);
    to.u16(terms[i].property.id).u16(terms[i].op);
  }
  for (const std::uint16_t id : wanted)
    to.u16(id);
  for (const mic_term &term : terms)
    to.bytes(value(term.property));
  return framed(0x10, static_cast<std::uint8_t>(text_flags() | (info ? 4 : 0)), to.out);
}

std::string mic_frames::pong() const { return framed(0x31, 0, {}); }

std::string read_event(std::string_view frame, mic_event &out) {
  take from{frame};
  out = {};
  try {
    out.type = from.u8();
    out.flags = from.u8();
    if (from.u16() != frame.size())
      return "the length is not that of the frame";
    if (!take_event(from, out))
      return "no server sends type " + std::to_string(out.type);
  } catch (const too_short &) {
    return "it ends too early";
  }
  return from.rest.empty() ? "" : "bytes are left over";
}

} // namespace confab::test
