// SPDX-License-Identifier: MIT
//
// Frames of MIC through one implementation and back through the other: what lib/proto/mic has
// decoded is built again by the tests' client, what the tests' client has read is encoded again by
// lib/proto/mic. Both were written apart, so that equal bytes mean something. ANSI strings are
// bytes to the client and characters of windows-1252 to the library.
#pragma once

#include "proto/mic/answers.hpp"
#include "proto/mic/client_message.hpp"
#include "proto/mic/server_message.hpp"
#include "support/mic_wire.hpp"

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace confab::test {

inline std::string utf8_of(const mic::wire_text &text) {
  std::string out(text.utf8_bytes_most(), '\0');
  out.resize(mic::to_utf8(text, mic::code_page_usual, out).bytes);
  return out;
}

// As the client has it.
inline std::string plain_of(const mic::wire_text &text) {
  return text.wide ? utf8_of(text) : std::string(text.bytes);
}

inline mic_property plain_of(const mic::wire_property &p) {
  return {p.id, p.number, p.high, plain_of(p.text)};
}

// Builds a client's frame again from what it was decoded to.
struct client_rebuilder {
  mic_frames build;

  std::string operator()(const mic::connect_user &m) const {
    return build.connect_user(plain_of(m.alias), plain_of(m.name), plain_of(m.password), m.modes,
                              plain_of(m.description));
  }
  std::string operator()(const mic::connect_sspi &m) const {
    return build.connect_sspi(static_cast<char>(m.sequence), plain_of(m.package), plain_of(m.alias),
                              plain_of(m.name), m.token, m.modes);
  }
  std::string operator()(const mic::kill_user &m) const {
    return build.kill_user(m.uid, plain_of(m.alias), plain_of(m.reason));
  }
  std::string operator()(const mic::create_channel &m) const {
    return build.create_channel({m.modes, m.flags, m.open, m.limit, m.udp_port, plain_of(m.name),
                                 plain_of(m.keyword), plain_of(m.topic), plain_of(m.subject),
                                 std::string(m.client_guid), std::string(m.service_guid),
                                 plain_of(m.account)});
  }
  std::string operator()(const mic::open_channel &m) const {
    return build.open_channel(plain_of(m.name), plain_of(m.keyword), m.open, m.udp_port);
  }
  std::string operator()(const mic::leave_channel &m) const {
    return build.leave_channel(m.cid, plain_of(m.reason));
  }
  std::string operator()(const mic::close_object &m) const {
    return build.close(m.oid, plain_of(m.reason));
  }
  std::string operator()(const mic::send_invite &m) const {
    return build.send_invite(m.uid, plain_of(m.alias), plain_of(m.channel));
  }
  std::string operator()(const mic::send_msg &m) const {
    return build.send_msg(m.oid, plain_of(m.body.text), m.body.data);
  }
  std::string operator()(const mic::send_udp &m) const {
    return build.send_udp(m.cid, m.mid, m.cookie, m.payload);
  }
  std::string operator()(const mic::send_user &m) const {
    return build.send_user(m.uid, plain_of(m.alias), plain_of(m.body.text), m.body.data);
  }
  std::string operator()(const mic::send_whisper &m) const {
    const auto mids = m.mids.view();
    return build.send_whisper({mids.begin(), mids.end()}, plain_of(m.body.text), m.body.data);
  }
  std::string operator()(const mic::get_property &m) const {
    const auto ids = m.ids.view();
    return build.get_property(m.oid, {ids.begin(), ids.end()}, m.info);
  }
  std::string operator()(const mic::set_property &m) const {
    std::vector<mic_property> values;
    for (const mic::wire_property &p : m.values.view())
      values.push_back(plain_of(p));
    return build.set_property(m.oid, values);
  }
  std::string operator()(const mic::query &m) const {
    std::vector<mic_term> terms;
    for (const mic::condition &c : m.conditions.view())
      terms.push_back({plain_of(c.operand), static_cast<std::uint16_t>(c.op),
                       static_cast<std::uint16_t>(c.or_else ? 0x0f89 : 0x0f88)});
    const auto wanted = m.wanted.view();
    return build.query(m.oid, terms, {wanted.begin(), wanted.end()}, m.records_max, m.info);
  }
  std::string operator()(const mic::pong &) const { return build.pong(); }
};

inline std::string rebuilt(const mic::client_message &message, bool wide) {
  return std::visit(client_rebuilder{{wide}}, message);
}

// Encodes a server's frame again from what the client has read.
class server_reencoder {
public:
  explicit server_reencoder(const mic_event &event) : e_(event) { as_.wide = event.wide(); }

  std::string frame() {
    return std::string(e_.type == 0x29                      ? members()
                       : e_.type >= 0x2b && e_.type <= 0x2c ? records()
                                                            : one());
  }

private:
  template <class Message>
  std::string_view write(const Message &message) {
    const mic::written out = mic::encode(message, as_, buffer_);
    if (out.frame.size() != (out.frame.empty() ? 0 : out.needed))
      throw std::logic_error("what was needed was not what was written");
    return out.frame;
  }

  // What the library wants: UTF-8. The text lives as long as this.
  std::string_view text(const std::string &s) {
    if (as_.wide)
      return s;
    texts_.push_back(std::make_unique<std::string>(utf8_of({s, false})));
    return *texts_.back();
  }
  mic::body body() { return {e_.data() ? std::string_view(e_.text) : text(e_.text), e_.data()}; }
  mic::property_value value(const mic_property &p) {
    return {p.id, p.number, p.high,
            mic::is_text(mic::type_of(p.id)) ? text(p.text) : std::string_view(p.text)};
  }

  std::string_view one() {
    switch (static_cast<mic::kind>(e_.type)) {
    case mic::kind::event_result:
      return write(mic::event_result{e_.oid, static_cast<mic::result>(e_.result), e_.request});
    case mic::kind::event_sspi:
      return write(mic::event_sspi{e_.version, e_.sequence, e_.text});
    case mic::kind::event_add_network:
      return write(mic::event_add_network{e_.nid, text(e_.name), text(e_.title)});
    case mic::kind::event_add_server:
      return write(mic::event_add_server{e_.nid, e_.sid, text(e_.name), text(e_.title)});
    case mic::kind::event_add_user:
      return write(mic::event_add_user{e_.nid, e_.sid, e_.uid, e_.modes});
    case mic::kind::event_add_channel:
      return write(mic::event_add_channel{e_.cid, e_.modes, e_.channel_flags, e_.cookie,
                                          e_.udp_address, e_.udp_port, text(e_.name),
                                          text(e_.topic), text(e_.pics)});
    case mic::kind::event_add_member:
      return write(mic::event_add_member{e_.cid, e_.mid, e_.modes, text(e_.alias)});
    case mic::kind::event_del_server:
      return write(mic::event_del_server{e_.sid});
    case mic::kind::event_del_user:
      return write(
          mic::event_del_user{e_.uid, e_.kid, static_cast<mic::result>(e_.result), text(e_.text)});
    case mic::kind::event_del_channel:
      return write(mic::event_del_channel{e_.cid});
    case mic::kind::event_del_member:
      return write(mic::event_del_member{e_.mid, e_.kid, text(e_.text)});
    default:
      return message();
    }
  }

  std::string_view message() {
    switch (static_cast<mic::kind>(e_.type)) {
    case mic::kind::event_invite:
      return write(mic::event_invite{e_.from, text(e_.alias), text(e_.name)});
    case mic::kind::event_knock:
      return write(mic::event_knock{e_.cid, e_.uid});
    case mic::kind::event_msg:
      return write(mic::event_msg{e_.from, e_.to, body()});
    case mic::kind::event_prop: {
      std::vector<mic::property_value> values;
      for (const mic_property &p : e_.records.at(0))
        values.push_back(value(p));
      return write(mic::event_prop{e_.from, e_.to, values});
    }
    case mic::kind::event_udp:
      return write(mic::event_udp{e_.cid, e_.mid, e_.text});
    case mic::kind::event_user:
      return write(mic::event_user{e_.from, e_.to, text(e_.alias), body()});
    case mic::kind::event_whisper:
      return write(mic::event_whisper{e_.from, e_.mids, body()});
    default:
      return write(mic::ping{});
    }
  }

  std::string_view members() {
    mic::member_list_writer writer(buffer_, e_.cid, as_);
    for (const mic_member &item : e_.members)
      if (!writer.add(item.mid, item.modes, text(item.alias)))
        return {};
    return writer.finish(e_.last()).frame;
  }

  std::string_view records() {
    mic::record_writer writer(buffer_, static_cast<mic::kind>(e_.type), e_.oid, e_.info(), e_.ids,
                              as_);
    for (const std::vector<mic_property> &record : e_.records) {
      std::vector<mic::property_value> values;
      for (const mic_property &p : record)
        values.push_back(value(p));
      if (!writer.add(values))
        return {};
    }
    return writer.finish(e_.last()).frame;
  }

  const mic_event &e_;
  mic::encoding as_;
  std::array<char, mic::frame_bytes_max> buffer_{};
  std::vector<std::unique_ptr<std::string>> texts_;
};

inline std::string reencoded(const mic_event &event) { return server_reencoder(event).frame(); }

} // namespace confab::test
