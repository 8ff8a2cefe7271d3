// SPDX-License-Identifier: MIT
//
// What users say: messages to channels, users and operators, and topics. The hottest path of the
// library: a message looks its target up once, is encoded once per variant, and allocates nothing.

#include "core/acts/acts.hpp"

namespace confab::core {

namespace {

// Client-to-client protocol: a text between two 0x01 bytes. ACTION is speech, the rest is for
// programs.
bool is_ctcp_but_action(std::string_view text) noexcept {
  return text.starts_with('\x01') && !text.starts_with("\x01"
                                                       "ACTION");
}

gate_result check_speech(world &w, operation &op, const channel &where) {
  const member *m = op.actor ? w.find_member(*op.actor, where) : nullptr;
  if (where.has(CONFAB_CMODE_NO_EXTERNAL) && !m)
    return refuse(op, CONFAB_REFUSED_MEMBERS_ONLY);
  if (where.has(CONFAB_CMODE_NO_CTCP) && is_ctcp_but_action(view(op.event.message.text)))
    return refuse(op, CONFAB_REFUSED_NO_CTCP);
  if (may(m, right::speak_moderated))
    return gate_result::go;
  if (where.has(CONFAB_CMODE_MODERATED))
    return refuse(op, CONFAB_REFUSED_NOT_VOICED);
  if (op.actor && banned(w, where, *op.actor))
    return refuse(op, CONFAB_REFUSED_BANNED);
  return gate_result::go;
}

// The sender's own sessions: those that want to see what they say, and no other twice.
void echo(world &w, const operation &op, const user *but_not) noexcept {
  if (!op.actor || op.actor == but_not)
    return;
  for (conn *c = op.actor->sessions; c; c = c->next_of_user)
    if (c->echo)
      w.to_conn(op, *c);
}

} // namespace

gate_result gate_message(world &w, operation &op) {
  confab_event_message &e = op.event.message;
  if (e.kind < CONFAB_MESSAGE_PRIVMSG || e.kind > CONFAB_MESSAGE_WALLOPS ||
      (e.ranks_min != 0 && at_least(e.ranks_min) == 0))
    return refuse(op, CONFAB_REFUSED_BAD_VALUE);
  if (e.kind == CONFAB_MESSAGE_WALLOPS) {
    if (!unchecked(op) && !is_operator(op.actor))
      return refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
    return e.text.len == 0 ? refuse(op, CONFAB_REFUSED_NO_TEXT) : gate_result::go;
  }
  if (e.text.len == 0)
    return refuse(op, CONFAB_REFUSED_NO_TEXT);
  const bool by_id = e.target != 0;
  const std::string_view name = view(e.name);
  channel *where = by_id ? w.channels.find(e.target) : w.find_channel(name);
  if (where) {
    e.target = world::id(*where);
    e.name = str(where->name());
    return unchecked(op) ? gate_result::go : check_speech(w, op, *where);
  }
  const user *who = by_id ? w.users.find(e.target) : w.find_user(name);
  if (!who) {
    const bool channel_like = !name.empty() && (name[0] == '#' || name[0] == '&');
    return refuse(op, channel_like ? CONFAB_REFUSED_NO_SUCH_CHANNEL : CONFAB_REFUSED_NO_SUCH_USER);
  }
  e.target = world::id(*who);
  e.name = str(who->is.nick());
  return gate_result::go;
}

commit_result commit_message(world &w, operation &op) {
  const confab_event_message &e = op.event.message;
  if (op.actor)
    op.actor->last_spoke = w.now;
  if (e.kind == CONFAB_MESSAGE_WALLOPS) {
    w.to_users_with_mode(op, CONFAB_UMODE_WALLOPS);
  } else if (channel *where = w.channels.find(e.target)) {
    const conn *except = op.origin && !op.origin->echo ? op.origin : nullptr;
    w.to_channel(op, *where, at_least(e.ranks_min), except);
    // One who is outside, or below the ranks that get it, still wants its echo.
    const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
    if (!m || (e.ranks_min != 0 && (m->ranks & at_least(e.ranks_min)) == 0))
      echo(w, op, nullptr);
  } else {
    user *who = w.users.find(e.target);
    w.to_user(op, *who, nullptr);
    echo(w, op, who);
  }
  return commit_result::done;
}

gate_result gate_topic(world &w, operation &op) {
  confab_event_topic &e = op.event.topic;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (!unchecked(op) && !m)
    return refuse(op, CONFAB_REFUSED_NOT_MEMBER);
  if (!unchecked(op) && where->has(CONFAB_CMODE_TOPIC_LOCKED) && !may(m, right::set_topic))
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  return gate_result::go;
}

commit_result commit_topic(world &w, operation &op) {
  channel &where = *w.channels.find(op.event.topic.channel);
  const std::string_view by = op.actor ? op.actor->is.source() : w.server_name();
  owned_str topic(w.mem, view(op.event.topic.text));
  try {
    where.topic_by.assign(w.mem, by);
  } catch (...) {
    topic.clear(w.mem);
    throw;
  }
  where.topic.swap(topic);
  topic.clear(w.mem);
  where.topic_s = w.unix_s();
  w.to_channel(op, where, 0, nullptr);
  return commit_result::done;
}

} // namespace confab::core
