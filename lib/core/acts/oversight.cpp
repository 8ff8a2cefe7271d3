// SPDX-License-Identifier: MIT
//
// What operators of the server do: become one, end users, and ask the host for a rehash or a stop.
// Who is an operator is the host's decision; the core only keeps the mode.

#include "core/acts/acts.hpp"
#include "core/service/service.hpp"

#include <algorithm>

namespace confab::core {

commit_result commit_oper(world &w, operation &op) {
  user &who = *op.actor;
  if (is_operator(&who))
    return commit_result::done;
  who.modes |= CONFAB_UMODE_OPERATOR;
  ++w.counters.operators;
  refresh_bounds(w, who);
  announce_mode(w, op, change_of(w, op));
  w.log(CONFAB_LOG_INFO, "oper", view(op.event.oper.name), op.event.head.origin, world::id(who));
  return commit_result::done;
}

gate_result gate_kill(world &w, operation &op) {
  confab_event_kill &e = op.event.kill;
  if (!unchecked(op) && !is_operator(op.actor))
    return refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
  const channel *where = e.channel != 0                               ? w.channels.find(e.channel)
                         : e.user == 0 && names_channel(view(e.nick)) ? w.find_channel(view(e.nick))
                                                                      : nullptr;
  if (where) {
    e.channel = world::id(*where);
    e.nick = str(where->name());
    return gate_result::go;
  }
  const user *victim = resolve_user(w, op, e.user, e.nick);
  if (!victim) {
    return names_channel(view(e.nick)) ? refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL)
                                       : gate_result::refused;
  }
  const bool above = is_administrator(victim) && !is_administrator(op.actor);
  return above && !unchecked(op) ? refuse(op, CONFAB_REFUSED_FORBIDDEN) : gate_result::go;
}

namespace {

// "Killed (by (why))": what the channels see, in the words that clients know.
std::string_view killed_by(const world &w, const operation &op, char (&reason)[512]) noexcept {
  std::size_t used = 0;
  const auto put = [&](std::string_view part) {
    used += part.copy(reason + used, sizeof reason - used);
  };
  put("Killed (");
  put(op.actor ? op.actor->is.nick() : w.server_name());
  put(" (");
  put(view(op.event.kill.text));
  put("))");
  return {reason, used};
}

// Everybody is put out, and with the last the channel ends, unless it is REGISTERED.
void clear_channel(world &w, operation &op) {
  const confab_event_kill &e = op.event.kill;
  const confab_id place = e.channel;
  const std::string_view name = op.keep(view(e.nick));
  op.event.kill.nick = str(name);
  while (channel *where = w.channels.find(place)) {
    if (where->roster.empty())
      break;
    member &m = *where->roster.back();
    operation out(w.mem);
    out.event = make_event(CONFAB_EVENT_KICK);
    out.event.head.time = op.event.head.time;
    out.event.kick.channel = place;
    out.event.kick.member = world::id(m);
    out.event.kick.user = world::id(w.user_of(m));
    out.event.kick.name = str(name);
    out.event.kick.nick = str(w.user_of(m).is.nick());
    out.event.kick.text = e.text;
    out.actor = op.actor;
    w.to_member(out, m, nullptr); // the others go too: only itself need know
    remove_member(w, m);
  }
}

} // namespace

commit_result commit_kill(world &w, operation &op) {
  const confab_event_kill &e = op.event.kill;
  if (e.channel != 0) {
    clear_channel(w, op);
    return commit_result::done;
  }
  user &victim = *w.users.find(e.user);
  w.to_user(op, victim, nullptr);
  char reason[512];
  w.doom_sessions(victim, CONFAB_DISCONNECT_KILLED, killed_by(w, op, reason));
  return commit_result::done;
}

gate_result gate_redirect(world &w, operation &op) {
  const confab_event_redirect &e = op.event.redirect;
  if (op.origin || (op.actor && !unchecked(op)))
    return refuse(op, CONFAB_REFUSED_FORBIDDEN);
  if (e.conn != 0 && !w.conns.find(e.conn))
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  const std::string_view targets = view(e.targets);
  return targets.empty() || targets.find(' ') != std::string_view::npos
             ? refuse(op, CONFAB_REFUSED_BAD_VALUE)
             : gate_result::go;
}

commit_result commit_redirect(world &w, operation &op) {
  confab_event_redirect &e = op.event.redirect;
  const confab_id whom = e.conn;
  const auto move = [&](conn &c) {
    e.conn = world::id(c); // its encoding may name it
    w.to_conn(op, c);
    w.doom(c, CONFAB_DISCONNECT_HOST, e.text.len > 0 ? view(e.text) : "Redirected");
  };
  if (conn *one = w.conns.find(whom)) {
    move(*one);
  } else {
    for (std::uint32_t i = w.conns.first(); i != decltype(w.conns)::none; i = w.conns.next(i))
      if (conn &c = w.conns.at(i); !c.gone)
        move(c);
  }
  e.conn = whom;
  return commit_result::done;
}

gate_result gate_admin(world &, operation &op) {
  return is_operator(op.actor) ? gate_result::go : refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
}

} // namespace confab::core
