// SPDX-License-Identifier: MIT
//
// The shared parts of the dialect of MIC: reading a frame, texts, results, and what a connection is
// told that is no act of somebody's. See dialect.hpp.

#include "session/mic/dialect.hpp"

#include "session/mic/words.hpp"
#include "session/pages.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace confab::session {

namespace {

// A connection's variant: the family of MIC, its page, and whether it logged on with wide strings.
// A membership adds the form of the request that it came of, which holds for the channel. Bits that
// are added to variants mean nothing to the other family: a user may have sessions of both.
constexpr unsigned variant_family = 64, variant_page = 15;

} // namespace

mic::encoding mic_dialect::encoding_of(std::uint16_t variant) noexcept {
  return {(variant & (variant_wide | variant_narrow)) == variant_wide,
          pages[variant & variant_page]};
}

std::uint32_t mic_dialect::protocol(const core::conn &) const noexcept {
  return CONFAB_PROTOCOL_MIC;
}

void mic_dialect::open(core::conn &c) {
  c.session = w.mem.create<mic_session>(w.mem);
  c.variant = static_cast<std::uint16_t>(variant_family | page_index(c.code_page));
  c.channel_echo = true;
  c.by_channel = true;
  ++w.by_channel;
}

void mic_dialect::close(core::conn &c) noexcept {
  auto *s = static_cast<mic_session *>(std::exchange(c.session, nullptr));
  if (!s)
    return;
  --w.by_channel;
  forget(*s);
  s->held.clear(w.mem);
  w.mem.destroy(s);
}

// What it said before it was logged on.
void mic_dialect::forget(mic_session &s) noexcept {
  for (core::owned_str *text :
       {&s.alias, &s.username, &s.realname, &s.password, &s.package, &s.account})
    text->clear(w.mem);
}

core::operation mic_dialect::make(core::conn &c, std::uint16_t type) const noexcept {
  core::operation op(w.mem);
  op.event = core::make_event(type);
  op.origin = &c;
  op.actor = c.who;
  op.request = request_;
  op.request_number = request_number_;
  return op;
}

// --- input
// -----------------------------------------------------------------------------------------

void mic_dialect::receive(core::conn &c, std::string_view frame) {
  ++w.counters.commands_total;
  request_ = frame;
  request_number_ = ++session_of(c).requests;
  texts_used_ = 0;
  const mic::header head = mic::read_header(frame);
  // Whole frames come from the framer: one that is not as long as it says was written by a filter,
  // and nothing is lost of the stream.
  if (const mic::malformed wrong = mic::decode(frame, message_); wrong != mic::malformed::no)
    return result(c, 0, mic::row_of(wrong).answer, head.type);
  const bool early = std::holds_alternative<mic::connect_user>(message_) ||
                     std::holds_alternative<mic::connect_sspi>(message_) ||
                     std::holds_alternative<mic::close_object>(message_) ||
                     std::holds_alternative<mic::pong>(message_);
  if (!c.who && !early)
    return result(c, 0, mic::result::no_access, head.type);
  std::visit([&](const auto &request) { on(c, request); }, message_);
}

void mic_dialect::receive_too_long(core::conn &c, std::string_view begin) {
  const mic::malformed_row &row = mic::row_of(mic::malformed::length);
  result(c, 0, row.answer, begin.empty() ? 0 : static_cast<std::uint8_t>(begin[0]));
  w.doom(c, CONFAB_DISCONNECT_DENIED, "Bad frame");
}

void mic_dialect::on(core::conn &, const mic::pong &) {}

std::string_view mic_dialect::text(const core::conn &c, mic::wire_text from) {
  const std::span<char> room = std::span(texts_).subspan(texts_used_);
  const mic::converted done = mic::to_utf8(from, encoding_of(c.variant).page, room);
  texts_used_ += done.bytes;
  return {room.data(), done.bytes};
}

std::string_view mic_dialect::line(const core::conn &c, mic::wire_text from,
                                   std::size_t bytes_max) {
  const std::size_t at = texts_used_;
  const std::string_view whole = text(c, from);
  for (char &one : std::span(texts_).subspan(at, whole.size()))
    if (one == '\r' || one == '\n' || one == '\0')
      one = ' ';
  return whole.substr(0, text::utf8_cut(whole, bytes_max));
}

void mic_dialect::result(core::conn &c, mic::object_id oid, mic::result code) {
  result(c, oid, code, static_cast<std::uint8_t>(request_[0]));
}

void mic_dialect::result(core::conn &c, mic::object_id oid, mic::result code, std::uint8_t type) {
  send(c, c.variant, mic::event_result{oid, code, type});
}

// --- what is no act
// --------------------------------------------------------------------------------

// Replies with a number are another protocol's: their text is said by the server.
void mic_dialect::told(core::conn &c, std::uint32_t, std::string_view, std::string_view text) {
  if (!c.who || text.empty())
    return;
  const mic::encoding as = encoding_of(c.variant);
  const std::size_t room = mic::frame_bytes_max - 16 - w.server_name().size();
  send(c, c.variant,
       mic::event_user{mic::server_number,
                       session_of(c).uid,
                       w.server_name(),
                       {text.substr(0, mic::measure(text, as, room / as.unit_bytes()).taken)}});
}

void mic_dialect::ping(core::conn &c) { send(c, c.variant, mic::ping{}); }

// Who leaves by itself waits for nothing, and who was killed was told so.
void mic_dialect::farewell(core::conn &c, std::string_view reason) {
  if (c.close_kind == CONFAB_DISCONNECT_QUIT || c.close_kind == CONFAB_DISCONNECT_KILLED)
    return;
  const mic::result why = c.close_kind == CONFAB_DISCONNECT_TIMEOUT ? mic::result::timeout
                          : c.close_kind == CONFAB_DISCONNECT_FLOOD ? mic::result::flooding
                                                                    : mic::result::drop_connection;
  reason = reason.substr(0, text::utf8_cut(reason, mic::reason_max));
  send(c, c.variant, mic::event_del_user{session_of(c).uid, 0, why, reason});
}

} // namespace confab::session
