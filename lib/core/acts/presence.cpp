// SPDX-License-Identifier: MIT
//
// Coming and going on the server: a connection proves itself, becomes a user or a session of one,
// and ends; a user changes its nick, its away message and its modes.

#include "core/acts/acts.hpp"
#include "core/service/service.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace confab::core {

namespace {

// Sets up every membership's short cut to the first session.
void refresh_sessions(world &w, user &who) noexcept {
  for (conn *c = who.sessions; c; c = c->next_of_user)
    c->siblings = c->next_of_user != nullptr;
  for (member *m = w.first_membership(who); m; m = w.next_membership(*m))
    m->session = who.sessions;
}

void unlink_session(world &w, conn &c) noexcept {
  user &who = *c.who;
  conn **link = &who.sessions;
  while (*link != &c)
    link = &(*link)->next_of_user;
  *link = c.next_of_user;
  c.next_of_user = nullptr;
  c.siblings = false;
  c.who = nullptr;
  --who.session_count;
  refresh_sessions(w, who);
}

// Keeps what WHOWAS answers, in a ring. Losing an entry to lack of memory is no reason to keep the
// user.
void remember(world &w, user &who) noexcept {
  const std::size_t most = w.limits().whowas_entries_max;
  if (most == 0)
    return;
  try {
    if (w.whowas.size() < most)
      w.whowas.push_back(former_user{});
  } catch (const std::bad_alloc &) {
    if (w.whowas.empty())
      return;
  }
  w.whowas_next %= w.whowas.size();
  former_user &slot = w.whowas[w.whowas_next++];
  slot.was.swap(who.is);
  slot.left_s = w.unix_s();
}

void destroy_user(world &w, user &who) noexcept {
  while (who.memberships != user::none)
    remove_member(w, w.members.at(who.memberships));
  w.user_names.erase(who);
  w.counters.operators -= is_operator(&who);
  w.counters.users_invisible -= (who.modes & CONFAB_UMODE_INVISIBLE) != 0;
  remember(w, who);
  who.is.text.clear(w.mem);
  who.away.clear(w.mem);
  who.leave_reason.clear(w.mem);
  who.account.clear(w.mem);
  forget_access(w, who);
  w.mem.destroy(who.paced);
  w.object_gone(world::id(who));
  w.users.destroy(who);
}

// A mode that was added says itself who may change it.
gate_result gate_added_mode(world &w, operation &op, const user &who, const addition &mode) {
  const std::uint32_t permission = mode.as<confab_mode_spec>().permission;
  if (!unchecked(op) && !permitted(w, op.actor, permission, world::id(who)))
    return refuse(op, permission == CONFAB_PERMIT_OPERATOR ? CONFAB_REFUSED_NOT_OPERATOR
                                                           : CONFAB_REFUSED_POLICY);
  const bool is_set = (who.modes & mode.number) != 0;
  return is_set == (op.event.user_change.set != 0) ? gate_result::nothing : gate_result::go;
}

constexpr std::uint32_t known_modes =
    CONFAB_UMODE_INVISIBLE | CONFAB_UMODE_WALLOPS | CONFAB_UMODE_OPERATOR |
    CONFAB_UMODE_ADMINISTRATOR | CONFAB_UMODE_AUTHENTICATED | CONFAB_UMODE_NO_WHISPER |
    CONFAB_UMODE_NO_DATA | CONFAB_UMODE_SERVER_NOTICES | CONFAB_UMODE_MIC_ONLY;
// What a user is given, and may only lay down.
constexpr std::uint32_t given_modes = CONFAB_UMODE_OPERATOR | CONFAB_UMODE_ADMINISTRATOR;

// Operators gag others, but neither themselves nor each other (IRCX draft §7.2).
gate_result gate_gag(operation &op, const user &who) {
  const confab_event_user_change &e = op.event.user_change;
  if (!unchecked(op) && !is_operator(op.actor))
    return refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
  if (!unchecked(op) && is_operator(&who))
    return refuse(op, CONFAB_REFUSED_OTHER_USER);
  return ((who.modes & CONFAB_UMODE_GAG) != 0) == (e.set != 0) ? gate_result::nothing
                                                               : gate_result::go;
}

} // namespace

namespace {

// Without a password there is nothing to guess with, and nothing to judge.
bool shows_proof(const operation &op) noexcept {
  return op.event.authenticate.step > 0 || !op.secret.empty();
}

} // namespace

// One door for AUTH, PASS and the log-on of MIC: who is suspended at one is at all of them.
gate_result gate_authenticate(world &w, operation &op) {
  return op.origin && shows_proof(op) && w.proofs_suspended(*op.origin)
             ? refuse(op, CONFAB_REFUSED_AUTH_SUSPENDED)
             : gate_result::go;
}

// What the host never judged, as an exchange that was not ended, tells nobody anything.
void proof_failed(world &w, const operation &op) noexcept {
  if (!op.origin || op.why.code != CONFAB_REFUSED_BAD_PASSWORD || !shows_proof(op))
    return;
  try {
    w.failed_proofs.fail(w.proof_bounds(), world::prover(*op.origin), w.now);
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true; // it was refused all the same
  }
}

commit_result commit_authenticate(world &, operation &op) {
  if (op.unfinished)
    op.origin->speaks->challenged(*op.origin, op, op.answer);
  else
    op.origin->speaks->authenticated(*op.origin, op);
  return commit_result::done;
}

namespace {

// The lists of the network and of the server say who may come at all (spec ircx §11.3), and so do
// the service's bans and classes; who is denied is told why, when there is a reason.
gate_result check_newcomer(world &w, operation &op) {
  for (access_list *list : {&w.network_access, &w.server_access}) {
    const access_verdict said = judge(w, *list, op.event.registration, op.origin);
    if (said.outcome == access_outcome::closed)
      return refuse(op, CONFAB_REFUSED_CLOSED_LIST);
    if (said.outcome != access_outcome::denied)
      continue;
    refuse(op, CONFAB_REFUSED_BANNED_FROM_SERVER);
    op.why.text.assign(*op.mem, list->entries[said.entry].reason.view());
    return gate_result::refused;
  }
  std::string_view reason;
  if (const std::uint32_t code = refusal_to_register(w, op, reason)) {
    refuse(op, code);
    op.why.text.assign(*op.mem, reason);
    return gate_result::refused;
  }
  return gate_result::go;
}

} // namespace

gate_result gate_register(world &w, operation &op) {
  const confab_event_register &e = op.event.registration;
  if (!nick_legal(w, view(e.nick)))
    return refuse(op, CONFAB_REFUSED_BAD_NICK);
  if (!source_part_legal(view(e.username)) || !source_part_legal(view(e.hostname)))
    return refuse(op, CONFAB_REFUSED_BAD_NAME);
  if (w.find_user(view(op.event.registration.nick)))
    return refuse(op, CONFAB_REFUSED_NICK_IN_USE);
  if (w.users.size() >= w.limits().users_max)
    return refuse(op, CONFAB_REFUSED_LIMIT);
  return check_newcomer(w, op);
}

user &add_user(world &w, std::string_view nick, std::string_view username,
               std::string_view hostname, std::string_view realname) {
  w.user_names.reserve();
  identity is = identity::make(w.mem, nick, username, hostname, realname);
  user *who = nullptr;
  try {
    who = &w.users.create(w.mem);
  } catch (...) {
    is.text.clear(w.mem);
    throw;
  }
  who->is.swap(is);
  who->extended = !nick_ordinary(who->is.nick());
  who->registered = who->last_spoke = w.now;
  w.user_names.insert(*who);
  w.counters.users_max_seen = std::max<std::uint64_t>(w.counters.users_max_seen, w.users.size());
  return *who;
}

void link_session(world &w, conn &c, user &who) noexcept {
  conn **link = &who.sessions;
  while (*link)
    link = &(*link)->next_of_user;
  *link = &c;
  c.who = &who;
  c.state = conn_state::registered;
  ++who.session_count;
  --w.counters.conns_unregistered;
  refresh_sessions(w, who);
  take_class(w, c);
}

commit_result commit_register(world &w, operation &op) {
  op.own(); // what the connection said before goes with the welcome; observers come after that
  const confab_event_register &e = op.event.registration;
  owned_str account(w.mem, op.account);
  user *made = nullptr;
  try {
    made = &add_user(w, view(e.nick), view(e.username), view(e.hostname), view(e.realname));
  } catch (...) {
    account.clear(w.mem);
    throw;
  }
  user &who = *made;
  who.account.swap(account);
  conn &c = *op.origin;
  who.host_claimed = c.trust == CONFAB_TRUST_CLAIMED &&
                     text::equal(w.casemap(), who.is.hostname(), c.address.view());
  who.modes = w.default_user_modes;
  if (op.proven)
    who.modes |= CONFAB_UMODE_AUTHENTICATED;
  w.counters.users_invisible += (who.modes & CONFAB_UMODE_INVISIBLE) != 0;
  link_session(w, c, who);
  op.actor = &who;
  op.event.head.actor = world::id(who);
  w.log(CONFAB_LOG_INFO, "conn.registered", who.is.source(), world::id(c), world::id(who));
  try {
    c.speaks->welcome(c);
  } catch (const std::bad_alloc &) { // it is a user: only it cannot be told
    w.doom(c, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  }
  return commit_result::done;
}

// The last session of a user takes the user with it; others go unnoticed by the channels.
commit_result commit_disconnect(world &w, operation &op) {
  conn *c = op.origin;
  user *who = op.actor;
  w.flush_modes();
  if (who && op.event.disconnect.last != 0)
    who->doomed = true; // a handler of the lines that tell of it cannot end it once more
  if (c && c->who)
    unlink_session(w, *c);
  else if (c)
    --w.counters.conns_unregistered;
  if (who && op.event.disconnect.last != 0 && !who->sessions) {
    w.to_peers(op, *who, false);
    destroy_user(w, *who);
    op.actor = nullptr;
  }
  return commit_result::done;
}

gate_result gate_nick(world &w, operation &op) {
  confab_event_nick &e = op.event.nick;
  user *who = op.actor;
  if (!who)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  e.user = world::id(*who);
  e.old_nick = str(who->is.nick());
  if (!nick_legal(w, view(e.nick)))
    return refuse(op, CONFAB_REFUSED_BAD_NICK);
  const user *holder = w.find_user(view(e.nick));
  if (holder && holder != who)
    return refuse(op, CONFAB_REFUSED_NICK_IN_USE);
  if (view(e.nick) == who->is.nick())
    return gate_result::nothing;
  const confab_engine_options &limits = w.limits();
  const bool window_open =
      w.now - who->nick_window_began < confab_time{limits.nick_window_ms} * 1'000'000;
  if (!unchecked(op) && limits.nick_changes_max != 0 && window_open &&
      who->nick_changes >= limits.nick_changes_max) {
    if (op.origin)
      w.tell_limit(*op.origin, CONFAB_LIMIT_NICK);
    return refuse(op, CONFAB_REFUSED_NICK_TOO_FAST);
  }
  const std::uint32_t code = refusal_to_rename(w, op, *who);
  return code != CONFAB_REFUSED_NONE ? refuse(op, code) : gate_result::go;
}

commit_result commit_nick(world &w, operation &op) {
  user &who = *op.actor;
  identity fresh = identity::make(w.mem, view(op.event.nick.nick), who.is.username(),
                                  who.is.hostname(), who.is.realname());
  // Told under the old name, which the event may view: so it must outlive the telling.
  w.to_peers(op, who, true);
  w.user_names.erase(who);
  who.is.swap(fresh);
  who.extended = !nick_ordinary(who.is.nick());
  w.user_names.insert(who);
  if (w.now - who.nick_window_began >= confab_time{w.limits().nick_window_ms} * 1'000'000) {
    who.nick_window_began = w.now;
    who.nick_changes = 0;
  }
  ++who.nick_changes;
  who.renamed = w.now;
  try {
    op.event.nick.old_nick = str(op.keep(fresh.nick()));
  } catch (const std::bad_alloc &) {
    op.event.nick.old_nick = str({});
  }
  fresh.text.clear(w.mem);
  return commit_result::done;
}

gate_result gate_user_change(world &w, operation &op) {
  confab_event_user_change &e = op.event.user_change;
  user *who = e.user != 0 ? w.users.find(e.user) : op.actor;
  if (!who)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  e.user = world::id(*who);
  if (e.what == CONFAB_USER_MODE && e.mode == CONFAB_UMODE_GAG)
    return gate_gag(op, *who);
  if (who != op.actor && !unchecked(op))
    return refuse(op, CONFAB_REFUSED_OTHER_USER);
  switch (e.what) {
  case CONFAB_USER_AWAY:
    return gate_result::go; // coming back twice is answered twice
  case CONFAB_USER_MODE:
    if (const addition *added = w.added.user_mode(e.mode))
      return gate_added_mode(w, op, *who, *added);
    if (!std::has_single_bit(e.mode) || (e.mode & known_modes) == 0) // one at a time
      return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
    if (((who->modes & e.mode) != 0) == (e.set != 0))
      return gate_result::nothing;
    // Nobody makes itself an operator of the server: that is what OPER is for. A codec whose
    // clients expect an answer asks for one.
    if (!unchecked(op) && ((e.mode & given_modes) != 0) && e.set != 0)
      return op.strict ? refuse(op, CONFAB_REFUSED_FORBIDDEN) : gate_result::nothing;
    return !unchecked(op) && e.mode == CONFAB_UMODE_AUTHENTICATED
               ? refuse(op, CONFAB_REFUSED_FORBIDDEN)
               : gate_result::go;
  case CONFAB_USER_HOSTNAME:
    return unchecked(op) && e.text.len <= UINT8_MAX && source_part_legal(view(e.text))
               ? gate_result::go
               : refuse(op, CONFAB_REFUSED_BAD_VALUE);
  case CONFAB_USER_REALNAME:
    return unchecked(op) && e.text.len <= w.limits().realname_bytes_max
               ? gate_result::go
               : refuse(op, CONFAB_REFUSED_BAD_VALUE);
  default:
    return refuse(op, CONFAB_REFUSED_BAD_VALUE);
  }
}

commit_result commit_user_change(world &w, operation &op) {
  const confab_event_user_change &e = op.event.user_change;
  user &who = *w.users.find(e.user);
  if (e.what == CONFAB_USER_AWAY) {
    who.away.assign(w.mem, e.set != 0 ? view(e.text) : std::string_view{});
    who.is_away = e.set != 0;
  } else if (e.what == CONFAB_USER_MODE) {
    if ((e.mode & CONFAB_UMODE_ADDED_MASK) != 0 && !w.added.user_mode(e.mode))
      return not_done(op, CONFAB_REFUSED_UNKNOWN_MODE);
    w.counters.operators -= is_operator(&who);
    who.modes = e.set != 0 ? who.modes | e.mode : who.modes & ~e.mode;
    w.counters.operators += is_operator(&who);
    const std::uint64_t step = e.set != 0 ? 1 : ~std::uint64_t{0};
    w.counters.users_invisible += (e.mode & CONFAB_UMODE_INVISIBLE) != 0 ? step : 0;
    if ((e.mode & given_modes) != 0)
      refresh_bounds(w, who);
    // Who is gagged need not know; who did it is told.
    if (e.mode != CONFAB_UMODE_GAG)
      announce_mode(w, op, change_of(w, op));
    else if (op.origin)
      announce_mode(w, op, change_of(w, op), op.origin);
  } else {
    const bool host = e.what == CONFAB_USER_HOSTNAME;
    identity fresh = identity::make(w.mem, who.is.nick(), who.is.username(),
                                    host ? view(e.text) : who.is.hostname(),
                                    host ? who.is.realname() : view(e.text));
    who.is.swap(fresh);
    fresh.text.clear(w.mem);
    who.host_claimed = who.host_claimed && !host; // a new host is the word of whoever gave it
  }
  return commit_result::done;
}

} // namespace confab::core
