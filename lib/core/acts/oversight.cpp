// SPDX-License-Identifier: MIT
//
// What operators of the server do: become one, end users, and ask the host for a rehash or a stop.
// Who is an operator is the host's decision; the core only keeps the mode.

#include "core/acts/acts.hpp"

#include <algorithm>

namespace confab::core {

commit_result commit_oper(world &w, operation &op) {
  user &who = *op.actor;
  if (is_operator(&who))
    return commit_result::done;
  who.modes |= CONFAB_UMODE_OPERATOR;
  ++w.counters.operators;
  announce_mode(w, op, change_of(w, op));
  w.log(CONFAB_LOG_INFO, "oper", view(op.event.oper.name), op.event.head.origin, world::id(who));
  return commit_result::done;
}

gate_result gate_kill(world &w, operation &op) {
  confab_event_kill &e = op.event.kill;
  if (!unchecked(op) && !is_operator(op.actor))
    return refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
  return resolve_user(w, op, e.user, e.nick) ? gate_result::go : gate_result::refused;
}

commit_result commit_kill(world &w, operation &op) {
  const confab_event_kill &e = op.event.kill;
  user &victim = *w.users.find(e.user);
  w.to_user(op, victim, nullptr);
  // "Killed (by (why))": what the channels see, in the words that clients know.
  char reason[512];
  std::size_t used = 0;
  const auto put = [&](std::string_view part) {
    used += part.copy(reason + used, sizeof reason - used);
  };
  put("Killed (");
  put(op.actor ? op.actor->is.nick() : w.server_name());
  put(" (");
  put(view(e.text));
  put("))");
  w.doom_sessions(victim, CONFAB_DISCONNECT_KILLED, {reason, used});
  return commit_result::done;
}

gate_result gate_admin(world &, operation &op) {
  return is_operator(op.actor) ? gate_result::go : refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
}

} // namespace confab::core
