// SPDX-License-Identifier: MIT
//
// The dialect of MIC: a connection's frames become acts, and acts become frames, in the sequences
// that Microsoft's client waits for (spec mic, mic-observed; what they leave open is decided in
// proto/mic/decisions.hpp). The class holds what the parts share; requests are read in logon.cpp,
// channels.cpp, messages.cpp, properties.cpp and queries.cpp, acts are shown in render.cpp.

#pragma once

#include "core/dialect.hpp"
#include "core/world.hpp"
#include "proto/mic/answers.hpp"
#include "proto/mic/client_message.hpp"
#include "proto/mic/server_message.hpp"
#include "session/mic/ids.hpp"

#include <array>
#include <optional>

namespace confab::session {

// The form of strings in a variant: as the connection logged on, or as a channel was opened. These
// bits mean nothing to lines (session/irc/view.hpp).
enum mic_variant : std::uint8_t { variant_wide = 32, variant_narrow = 128 };

// A channel in which a connection may send datagrams: how it proves that it is who does, and where
// it wants them itself. What is left of channels that it left means nothing.
struct mic_relay {
  confab_id member = 0;
  std::uint32_t cookie = 0;
  std::uint16_t port = 0; // 0: nowhere
};

// What is kept of a connection beside its user.
struct mic_session {
  explicit mic_session(core::memory &from) noexcept : relays(&from) {}

  std::pmr::vector<mic_relay> relays;
  core::owned_str alias, username, realname, password, package, account; // until it is logged on
  core::owned_str held;    // an answer that waits: its last frame
  std::uint32_t modes = 0; // asked for at log-on
  std::uint32_t requests = 0,
                refused = 0; // the last request, and the last that was told of a refusal
  std::uint32_t records = 0; // sent of the answer under way
  std::uint32_t step = 0;    // of a security package
  std::uint8_t sequence = 0; // of its last leg
  mic::object_id uid = 0;    // its user, also when that has gone
  mic::object_id ghost = 0;  // a channel that it seems to be in: a join in shadow
  bool submitted = false;    // an act of registration is on its way
  bool proven = false;       // and the host vouches for it
};

class mic_dialect final : public core::dialect {
public:
  explicit mic_dialect(core::world &world) noexcept : w(world), ids(world) {}

  std::uint32_t protocol(const core::conn &c) const noexcept override;
  void open(core::conn &c) override;
  void close(core::conn &c) noexcept override;
  void receive(core::conn &c, std::string_view frame) override;
  void receive_datagram(core::conn &c, std::string_view frame) override;
  void receive_too_long(core::conn &c, std::string_view begin) override;
  std::string_view encode(std::uint16_t variant, const core::operation &op) override;
  std::string_view encode_modes(std::uint16_t variant, const core::mode_batch &batch) override;
  void to_datagram(core::conn &c, const core::operation &op,
                   const core::member &m) noexcept override;
  void answered(core::conn &c, const core::operation &op) override;
  void refused(core::conn &c, const core::operation &op) override;
  void entered(core::conn &c, const core::operation &op, const core::member &m) override;
  void left(core::conn &c, const core::member &m) override;
  void pretend(core::conn &c, const core::operation &op) override;
  void resumed(core::conn &c, const core::member &m) override;
  void welcome(core::conn &c) override;
  void authenticated(core::conn &c, const core::operation &op) override;
  void challenged(core::conn &c, const core::operation &op, std::string_view octets) override;
  void query_begin(core::conn &c, const core::operation &op) override;
  void query_row(core::conn &c, const core::operation &op, const core::query_row &row) override;
  void query_pause(core::conn &c, const core::operation &op) override;
  void query_end(core::conn &c, const core::operation &op) override;
  void told(core::conn &c, std::uint32_t number, std::string_view params,
            std::string_view text) override;
  void ping(core::conn &c) override;
  void farewell(core::conn &c, std::string_view reason) override;

  // The connection that a datagram from that address proves to be; null where it proves nothing.
  core::conn *sender_of(std::string_view address, std::string_view datagram) noexcept;

private:
  // --- requests
  // ------------------------------------------------------------------------------------
  void on(core::conn &c, const mic::connect_user &);
  void on(core::conn &c, const mic::connect_sspi &);
  void on(core::conn &c, const mic::kill_user &);
  void on(core::conn &c, const mic::create_channel &);
  void on(core::conn &c, const mic::open_channel &);
  void on(core::conn &c, const mic::leave_channel &);
  void on(core::conn &c, const mic::close_object &);
  void on(core::conn &c, const mic::send_invite &);
  void on(core::conn &c, const mic::send_msg &);
  void on(core::conn &c, const mic::send_udp &);
  void on(core::conn &c, const mic::send_user &);
  void on(core::conn &c, const mic::send_whisper &);
  void on(core::conn &c, const mic::get_property &);
  void on(core::conn &c, const mic::set_property &);
  void on(core::conn &c, const mic::query &);
  void on(core::conn &c, const mic::pong &);

  // --- shared
  // --------------------------------------------------------------------------------------
  void greet(core::conn &c, const core::channel &where, const core::member &m,
             std::string_view text, bool joining);
  static mic_session &session_of(core::conn &c) noexcept {
    return *static_cast<mic_session *>(c.session);
  }
  core::operation make(core::conn &c, std::uint16_t type) const noexcept;
  void submit(core::operation &&op) { w.bus->submit(std::move(op)); }
  // Tells the sender of the request that is being read how it ended.
  void result(core::conn &c, mic::object_id oid, mic::result code);
  void result(core::conn &c, mic::object_id oid, mic::result code, std::uint8_t type);
  // A text of the request in UTF-8, until the next request is read. `line`: it becomes one, where
  // what ends lines is a space.
  std::string_view text(const core::conn &c, mic::wire_text from);
  std::string_view line(const core::conn &c, mic::wire_text from, std::size_t bytes_max);
  // Sends frames to one connection, in its own form or that of one of its channels.
  static mic::encoding encoding_of(std::uint16_t variant) noexcept;
  static std::uint16_t variant_in(const core::conn &c, const core::member &m) noexcept {
    return static_cast<std::uint16_t>(c.variant | m.manner);
  }
  template <class Message>
  void send(core::conn &c, std::uint16_t variant, const Message &message) {
    std::array<char, mic::frame_bytes_max> room;
    w.send(c, mic::encode(message, encoding_of(variant), room).frame);
  }

  void log_on(core::conn &c);
  void set_form(core::conn &c) const noexcept;
  void forget(mic_session &s) noexcept;
  void show_channel(core::conn &c, const core::member &m, std::string_view topic,
                    std::uint16_t udp_port = 0);
  void show_ghost(core::conn &c, const core::operation &op);
  void set_topic(core::conn &c, const core::channel &where, std::string_view topic, bool shown);
  void set_channel_property(core::conn &c, const core::channel &where, std::string_view name,
                            std::string_view value);
  struct said {
    std::string_view text; // UTF-8, or octets
    bool data = false;
    bool datagram = false;
  };
  void say(core::conn &c, const core::channel *context, const core::user *to,
           const core::channel *all, const said &what, std::string_view peers);
  bool read_body(core::conn &c, mic::object_id oid, const mic::message_body &body, said &out);

  // Datagrams: datagrams.cpp.
  bool offers_datagrams(const core::conn &c) const noexcept;
  std::uint32_t fresh_cookie() const noexcept;
  std::uint32_t open_relay(core::conn &c, const core::member &m, std::uint16_t port);
  core::member *member_sending(core::conn &c, const mic::send_udp &message) noexcept;
  static mic_relay *relay_of(core::conn &c, const core::member &m) noexcept;
  void set_udp_port(core::conn &c, core::member &m, std::uint32_t port);

  void set_of_user(core::conn &c, const mic::wire_property &value);
  void set_of_channel(core::conn &c, core::channel &where, const mic::wire_property &value);
  void set_of_member(core::conn &c, core::member &m, const mic::wire_property &value);
  void set_user_modes(core::conn &c, std::uint32_t value, std::uint32_t mask);
  void set_channel_modes(core::conn &c, core::channel &where, std::uint32_t value,
                         std::uint32_t mask);
  void set_member_level(core::conn &c, core::member &m, std::uint32_t value, std::uint32_t mask);
  void change_member(core::conn &c, const core::member &m, std::uint32_t rank, bool set);
  void change_channel(core::conn &c, const core::channel &where, std::uint32_t mode, bool set,
                      std::string_view value);
  void change_ban(core::conn &c, const core::channel &where, mic::wire_text mask, bool set);

  // What an answer is about: one of these is set, a member with its user and channel.
  struct subject {
    mic::object_id group = 0; // of the network, or of its server
    const core::channel *where = nullptr;
    const core::user *who = nullptr;
    const core::member *membership = nullptr;
  };
  const mic::client_message &asked(const core::operation &op) noexcept;
  void answer_server(core::conn &c, const mic::get_property &asked);
  mic::property_value value_of(core::conn &c, mic::property_id id, const subject &of);
  mic::property_value channel_value(core::conn &c, mic::property_id id, const core::channel &where);
  mic::property_value user_value(mic::property_id id, const subject &of);
  mic::property_value server_value(mic::property_id id, bool of_network);
  void answer_group(core::conn &c, const core::operation &op, const mic::query &asked);
  bool meets_all(core::conn &c, const mic::query &asked, const subject &of);
  void add_record(core::conn &c, mic::kind what, mic::object_id oid, bool info,
                  std::span<const mic::property_id> ids,
                  std::span<const mic::property_value> values, mic::encoding as);
  static mic::encoding answer_form(const core::conn &c, std::string_view request) noexcept;
  std::string_view banned_masks(const core::channel &where);
  std::string_view guid_of(std::string_view text);

  // --- frames of acts
  // ------------------------------------------------------------------------------
  template <class Message>
  void put(mic::encoding as, const Message &message) {
    used_ += mic::encode(message, as, std::span(scratch_).subspan(used_)).frame.size();
  }
  void put_message(mic::encoding as, const core::operation &op);
  void put_speech(mic::encoding as, const core::operation &op, const core::channel &where,
                  std::span<const mic::object_id> whispered);
  void put_private(mic::encoding as, const core::operation &op);
  void put_nick(mic::encoding as, const core::operation &op);
  void put_kick(mic::encoding as, const core::operation &op);
  void put_property(mic::encoding as, const core::operation &op);
  void put_change(mic::encoding as, const core::channel &where, const core::user *actor,
                  mic::object_id of, const mic::property_value &value);
  void put_limit(mic::encoding as, const core::mode_batch &batch);
  mic::object_id member_of(const core::user *who, const core::channel &where);
  mic::object_id speaker_of(const core::user *who, const core::channel &where);

  core::world &w;
  mic_ids ids;
  mic::client_message message_; // the request that is being read
  mic::client_message asked_;   // the question that is being answered, and what it was read from
  const char *asked_of_ = nullptr;
  std::uint64_t asked_seq_ = 0;
  std::string_view request_;
  std::uint32_t request_number_ = 0;

  std::array<char, 8 * mic::frame_bytes_max> texts_; // of the request, in UTF-8
  std::size_t texts_used_ = 0;
  std::array<char, 4096> values_; // texts of one record
  std::size_t values_used_ = 0;
  std::array<char, 40 * 1024> scratch_; // encode
  std::size_t used_ = 0;
  std::array<char, mic::frame_bytes_max> pack_; // records
  std::optional<mic::record_writer> records_;
};

// The manner of a KILL of a channel that its operator is in.
inline constexpr std::uint8_t kills_own = 1;

// The object that a request of a client is about, as its result names it.
mic::object_id object_of(std::string_view request) noexcept;
// Which result stands for the refusal of an act.
mic::result result_of(const core::operation &op) noexcept;

} // namespace confab::session
