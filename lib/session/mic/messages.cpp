// SPDX-License-Identifier: MIT
//
// Messages of MIC (spec mic §7.5 to §7.7; mic-observed §4.6): to a channel, to one member of it, to
// some of them, to a user. A text may hold line ends; those who cannot read them get several
// messages.

#include "core/acts/acts.hpp"
#include "session/mic/dialect.hpp"

#include <algorithm>

namespace confab::session {

// One act for one receiver. `all` is a channel, else it is said to `to`, inside `context` if there
// is one.
void mic_dialect::say(core::conn &c, const core::channel *context, const core::user *to,
                      const core::channel *all, const said &what, std::string_view peers) {
  core::operation op = make(c, CONFAB_EVENT_MESSAGE);
  if (what.datagram)
    op.event.head.flags |= CONFAB_EVENT_DATAGRAM;
  confab_event_message &e = op.event.message;
  e.kind = what.data ? CONFAB_MESSAGE_DATA
           : context ? CONFAB_MESSAGE_WHISPER
                     : CONFAB_MESSAGE_PRIVMSG;
  e.target = all ? core::world::id(*all) : core::world::id(*to);
  e.name = core::str(all ? all->name() : to->is.nick());
  e.text = core::str(what.text);
  if (context) {
    e.context = core::world::id(*context);
    e.context_name = core::str(context->name());
    e.peers = core::str(peers);
  }
  submit(std::move(op));
}

// False, and its sender is told, where a text holds a NUL, which no protocol of lines can carry.
bool mic_dialect::read_body(core::conn &c, mic::object_id oid, const mic::message_body &body,
                            said &out) {
  out.data = body.data;
  out.text = body.data ? body.text.bytes : text(c, body.text);
  if (body.data || out.text.find('\0') == std::string_view::npos)
    return true;
  result(c, oid, mic::result::bad_parameter);
  return false;
}

void mic_dialect::on(core::conn &c, const mic::send_msg &request) {
  said what;
  if (!read_body(c, request.oid, request.body, what))
    return;
  if (const core::channel *all = ids.channel_of(request.oid))
    return say(c, nullptr, nullptr, all, what, {});
  core::member *m = ids.member_of(request.oid);
  if (!m)
    return result(c, request.oid, mic::result::unknown_id);
  const core::channel &where = w.channel_of(*m);
  const core::user &to = w.user_of(*m);
  const core::member *own = w.find_member(*c.who, where);
  if (own && !core::sees(w, *own, *m)) // to the floor of an auditorium its floor is not there
    return result(c, request.oid, mic::result::unknown_id);
  say(c, &where, &to, nullptr, what, to.is.nick());
}

void mic_dialect::on(core::conn &c, const mic::send_whisper &request) {
  said what;
  if (!read_body(c, request.mids.items[0], request.body, what))
    return;
  std::array<core::member *, mic::whisper_targets_max> targets{};
  std::array<char, 1024> peers;
  std::size_t used = 0, count = 0;
  for (const mic::object_id mid : request.mids.view()) {
    core::member *m = ids.member_of(mid);
    if (!m)
      return result(c, mid, mic::result::unknown_id);
    if (count > 0 && m->of != targets[0]->of)
      return result(c, mid, mic::result::user_not_in_channel);
    const core::member *own = w.find_member(*c.who, w.channel_of(*m));
    if (own && !core::sees(w, *own, *m))
      return result(c, mid, mic::result::unknown_id);
    if (std::find(targets.begin(), targets.begin() + count, m) != targets.begin() + count)
      continue; // named twice, told once
    if (used > 0)
      peers[used++] = ',';
    const std::string_view nick = w.user_of(*m).is.nick();
    used += nick.copy(peers.data() + used, peers.size() - used);
    targets[count++] = m;
  }
  // A filter may put somebody out between two of them: by their ids.
  const confab_id place = core::world::id(w.channel_of(*targets[0]));
  std::array<confab_id, mic::whisper_targets_max> whom{};
  for (std::size_t i = 0; i < count; ++i)
    whom[i] = core::world::id(w.user_of(*targets[i]));
  for (std::size_t i = 0; i < count; ++i) {
    const core::channel *where = w.channels.find(place);
    const core::user *to = w.users.find(whom[i]);
    if (where && to)
      say(c, where, to, nullptr, what, {peers.data(), used});
  }
}

void mic_dialect::on(core::conn &c, const mic::send_user &request) {
  const core::user *to =
      request.uid != 0 ? ids.user_of(request.uid) : w.find_user(text(c, request.alias));
  if (!to)
    return result(c, request.uid,
                  request.uid != 0 ? mic::result::user_not_found : mic::result::alias_not_found);
  said what;
  if (read_body(c, request.uid, request.body, what))
    say(c, nullptr, to, nullptr, what, {});
}

// Datagrams do not come by the connection (decisions.hpp, 15).
void mic_dialect::on(core::conn &c, const mic::send_udp &request) {
  result(c, request.cid, mic::result::no_broadcast);
}

} // namespace confab::session
