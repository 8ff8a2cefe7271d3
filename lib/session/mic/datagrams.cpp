// SPDX-License-Identifier: MIT
//
// Datagrams of MIC (spec mic §3.10, §3.30, §7.9; decisions.hpp, 15): to whom they are offered,
// what one must hold to be believed, and how it goes on to the other members. What it says is an
// act like any other data; nothing is here but the checks that it is its sender's.

#include "session/mic/dialect.hpp"

#include <algorithm>
#include <variant>

namespace confab::session {

namespace {

// Below are the ports of services, which no client of a chat listens on: nobody is to be able to
// have chat sent to them.
constexpr std::uint32_t port_least = 1024;

bool port_usable(std::uint32_t port) noexcept { return port == 0 || port >= port_least; }

} // namespace

// Not to an address that was only claimed: whoever claims somebody else's would have datagrams sent
// there. And not without randomness: the cookie could be guessed.
bool mic_dialect::offers_datagrams(const core::conn &c) const noexcept {
  return c.datagram_port != 0 && c.trust != CONFAB_TRUST_CLAIMED && w.host.datagram &&
         w.host.random;
}

// 0 where the host's randomness fails.
std::uint32_t mic_dialect::fresh_cookie() const noexcept {
  std::uint32_t cookie = 0;
  for (int attempt = 0; cookie == 0 && attempt < 4; ++attempt)
    if (w.host.random(w.host.ctx, &cookie, sizeof cookie) != CONFAB_OK)
      return 0;
  return cookie;
}

mic_relay *mic_dialect::relay_of(core::conn &c, const core::member &m) noexcept {
  auto &relays = session_of(c).relays;
  const auto at = std::find_if(relays.begin(), relays.end(), [&](const mic_relay &one) {
    return one.member == core::world::id(m);
  });
  return at != relays.end() ? &*at : nullptr;
}

// The cookie that the client must show; 0 where it is offered nothing.
std::uint32_t mic_dialect::open_relay(core::conn &c, const core::member &m, std::uint16_t port) {
  const std::uint32_t cookie = offers_datagrams(c) ? fresh_cookie() : 0;
  if (cookie == 0)
    return 0;
  auto &relays = session_of(c).relays;
  std::erase_if(relays, [&](const mic_relay &one) {
    return !w.members.find(one.member) || one.member == core::world::id(m);
  });
  relays.push_back({core::world::id(m), cookie, port_usable(port) ? port : std::uint16_t{0}});
  return cookie;
}

void mic_dialect::set_udp_port(core::conn &c, core::member &m, std::uint32_t port) {
  const mic::object_id mid = ids.of(m);
  if (m.who != c.who->index)
    return result(c, mid, mic::result::no_access);
  mic_relay *relay = relay_of(c, m);
  if (!relay)
    return result(c, mid, mic::result::no_broadcast);
  if (!port_usable(port))
    return result(c, mid, mic::result::bad_parameter);
  relay->port = static_cast<std::uint16_t>(port);
  result(c, mid, mic::result::none);
}

// --- in
// ------------------------------------------------------------------------------------------

// As which member it speaks, if it is the connection's: it must hold what that one was told.
core::member *mic_dialect::member_sending(core::conn &c, const mic::send_udp &message) noexcept {
  core::member *m = ids.member_of(message.mid);
  const mic_relay *relay = m ? relay_of(c, *m) : nullptr; // it has none of another's members
  return relay && relay->cookie == message.cookie &&
                 ids.channel_of(message.cid) == &w.channel_of(*m)
             ? m
             : nullptr;
}

core::conn *mic_dialect::sender_of(std::string_view address, std::string_view datagram) noexcept {
  mic::client_message read;
  if (!mic::read_header(datagram).data() || mic::decode(datagram, read) != mic::malformed::no)
    return nullptr;
  const auto *message = std::get_if<mic::send_udp>(&read);
  const core::member *m =
      message && !message->payload.empty() ? ids.member_of(message->mid) : nullptr;
  for (core::conn *c = m ? m->session : nullptr; c; c = c->next_of_user)
    if (c->speaks == this && !c->doomed && !c->closing && c->address.view() == address &&
        offers_datagrams(*c) && member_sending(*c, *message))
      return c;
  return nullptr;
}

// Looked at again: a filter of raw input may have written another, and others may have run since.
void mic_dialect::receive_datagram(core::conn &c, std::string_view frame) {
  ++w.counters.commands_total;
  request_ = frame;
  request_number_ = ++session_of(c).requests;
  texts_used_ = 0;
  if (mic::decode(frame, message_) != mic::malformed::no)
    return;
  const auto *message = std::get_if<mic::send_udp>(&message_);
  if (const core::member *m = message ? member_sending(c, *message) : nullptr)
    say(c, nullptr, nullptr, &w.channel_of(*m), {message->payload, true, true}, {});
}

// --- out
// ------------------------------------------------------------------------------------------

// It can say no more than a frame; what a filter made too long for one goes to nobody.
void mic_dialect::to_datagram(core::conn &c, const core::operation &op,
                              const core::member &m) noexcept {
  const mic_relay *relay = offers_datagrams(c) ? relay_of(c, m) : nullptr;
  if (!relay || relay->port == 0)
    return;
  const core::channel &where = w.channel_of(m);
  try {
    std::array<char, mic::frame_bytes_max> room;
    const mic::object_id mid = speaker_of(op.actor, where);
    const mic::event_udp event{ids.of(where), mid != 0 ? mid : ids.of(where),
                               core::view(op.event.message.text)};
    const std::string_view frame = mic::encode(event, {}, room).frame;
    if (!frame.empty())
      w.send_datagram(c, relay->port, frame);
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true; // it is lost, as datagrams may be
  }
}

} // namespace confab::session
