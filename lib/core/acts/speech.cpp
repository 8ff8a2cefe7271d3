// SPDX-License-Identifier: MIT
//
// What users say: messages to channels, users and operators, and topics. The hottest path of the
// library: a message looks its target up once, is encoded once per variant, and allocates nothing.

#include "core/acts/acts.hpp"
#include "core/service/service.hpp"

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

// Client-to-client protocol: a text between two 0x01 bytes. ACTION is speech, the rest is for
// programs.
bool is_ctcp_but_action(std::string_view text) noexcept {
  return text.starts_with('\x01') && !text.starts_with("\x01"
                                                       "ACTION");
}

constexpr bool for_programs(std::uint32_t kind) noexcept {
  return kind >= CONFAB_MESSAGE_DATA && kind <= CONFAB_MESSAGE_REPLY;
}

// It goes out as it came, unless a filter made something else of it.
constexpr bool is_datagram(const confab_event_message &e) noexcept {
  return (e.head.flags & CONFAB_EVENT_DATAGRAM) != 0 && e.kind == CONFAB_MESSAGE_DATA;
}

gate_result check_speech(world &w, operation &op, const channel &where, const member *m) {
  const confab_event_message &e = op.event.message;
  const user &who = *op.actor;
  if (where.has(CONFAB_CMODE_NO_EXTERNAL) && !m && !is_administrator(&who))
    return refuse(op, CONFAB_REFUSED_MEMBERS_ONLY);
  if (!for_programs(e.kind) && where.has(CONFAB_CMODE_NO_CTCP) && is_ctcp_but_action(view(e.text)))
    return refuse(op, CONFAB_REFUSED_NO_CTCP);
  if (for_programs(e.kind) && where.has(CONFAB_CMODE_NO_DATA))
    return refuse(op, CONFAB_REFUSED_NO_DATA);
  if (where.has(CONFAB_CMODE_AUTH_SPEECH) && (who.modes & CONFAB_UMODE_AUTHENTICATED) == 0)
    return refuse(op, CONFAB_REFUSED_AUTH_ONLY);
  if (may(m, right::speak_moderated))
    return gate_result::go;
  if (where.has(CONFAB_CMODE_MODERATED))
    return refuse(op, CONFAB_REFUSED_NOT_VOICED);
  return banned(w, where, who) ? refuse(op, CONFAB_REFUSED_BANNED) : gate_result::go;
}

// What is said in a channel to one of its members is said there: may the actor speak in it at all?
gate_result check_context(world &w, operation &op) {
  confab_event_message &e = op.event.message;
  const channel *where = resolve_channel(w, op, e.context, e.context_name);
  if (!where)
    return gate_result::refused;
  if (unchecked(op))
    return gate_result::go;
  const member *m = w.find_member(*op.actor, *where);
  if (!m)
    return refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
  return check_speech(w, op, *where, m);
}

// To one member, in the channel: a whisper, or what else is meant for some of its members.
gate_result check_aside(world &w, operation &op, const user &listener) {
  const channel &where = *w.channels.find(op.event.message.context);
  const member *to = w.find_member(listener, where);
  const member *m = op.actor ? w.find_member(*op.actor, where) : nullptr;
  if (!to)
    return refuse(op, CONFAB_REFUSED_TARGET_NOT_MEMBER);
  if (unchecked(op))
    return gate_result::go;
  const std::uint32_t kind = op.event.message.kind;
  const bool whispers = kind == CONFAB_MESSAGE_WHISPER;
  const std::uint32_t wish = whispers ? CONFAB_MEMBER_NO_WHISPER : CONFAB_MEMBER_NO_DATA;
  if ((whispers || for_programs(kind)) && (to->refuses & wish >> 8U) != 0)
    return refuse(op, whispers ? CONFAB_REFUSED_NO_WHISPER : CONFAB_REFUSED_NO_DATA);
  const bool guarded = where.has(CONFAB_CMODE_NO_WHISPER) || where.has(CONFAB_CMODE_AUDITORIUM);
  return guarded && !on_stage(*m) && !on_stage(*to) ? refuse(op, CONFAB_REFUSED_NO_WHISPER)
                                                    : gate_result::go;
}

bool has_context(const confab_event_message &e) noexcept {
  return e.context != 0 || e.context_name.len > 0;
}

// Does what was said come from a client of MIC, or else from a user who has one?
bool by_mic(const operation &op) noexcept {
  if (op.origin)
    return op.origin->framed;
  const conn *c = op.actor ? op.actor->sessions : nullptr;
  while (c && !c->framed)
    c = c->next_of_user;
  return c != nullptr;
}

gate_result check_listener(world &w, operation &op, const user &who) {
  const confab_event_message &e = op.event.message;
  if (has_context(e)) {
    if (const gate_result said = check_aside(w, op, who); said != gate_result::go)
      return said;
  } else if (e.kind == CONFAB_MESSAGE_WHISPER) {
    return refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL);
  }
  if (unchecked(op))
    return gate_result::go;
  if ((who.modes & CONFAB_UMODE_MIC_ONLY) != 0 && &who != op.actor && !by_mic(op))
    return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
  if (op.actor && denies(w, who, *op.actor))
    return gate_result::nothing; // it is not told (IRCX draft §5.1.4)
  const bool whispers = e.kind == CONFAB_MESSAGE_WHISPER;
  if (whispers && (who.modes & CONFAB_UMODE_NO_WHISPER) != 0)
    return refuse(op, CONFAB_REFUSED_NO_WHISPER);
  return for_programs(e.kind) && (who.modes & CONFAB_UMODE_NO_DATA) != 0
             ? refuse(op, CONFAB_REFUSED_NO_DATA)
             : gate_result::go;
}

protected_act kind_of_act(world &w, const operation &op) noexcept {
  const confab_event_message &e = op.event.message;
  if (for_programs(e.kind))
    return protected_act::data;
  const channel *where = op.actor ? w.channels.find(e.target) : nullptr;
  const member *m = where ? w.find_member(*op.actor, *where) : nullptr;
  return m && on_stage(*m) ? protected_act::host_message : protected_act::message;
}

// When the user may speak in the channel: some time after it did so last, by the channel's property
// LAG. Of more channels than are kept track of: when the first of those is free for it again.
confab_time speaks_at(const pacing &paced, confab_id where) noexcept {
  confab_time first = CONFAB_TIME_NEVER;
  for (const pacing::pace &p : paced.in) {
    if (p.where == where)
      return p.until;
    first = std::min(first, p.until);
  }
  return first;
}

void speaks_again(pacing &paced, confab_id where, confab_time until) noexcept {
  pacing::pace *slot = &paced.in[0];
  for (pacing::pace &p : paced.in)
    if (p.where == where || (slot->where != where && p.until < slot->until))
      slot = &p;
  *slot = {where, until};
}

// A message that comes too early waits, and is not dropped (spec ircx §10.3); what its client says
// behind it waits with it, for nobody's acts overtake each other. A message for programs waits too
// but makes none wait: the words that it belongs to follow it at once (spec ircx, appendix A).
// Throws bad_alloc.
commit_result keep_pace(world &w, operation &op, const channel &where) {
  if (where.lag_s == 0 || !op.origin || !op.actor || unchecked(op))
    return commit_result::done;
  user &who = *op.actor;
  if (!who.paced)
    who.paced = w.mem.create<pacing>();
  op.waits_until = speaks_at(*who.paced, world::id(where));
  if (op.waits_until > w.now)
    return commit_result::later;
  op.waits_until = 0;
  if (!for_programs(op.event.message.kind))
    speaks_again(*who.paced, world::id(where), w.now + where.lag_s * confab_time{1'000'000'000});
  return commit_result::done;
}

// The sender's own sessions: those that want to see what they say, and no other twice. `m`: as
// which member it speaks.
void echo(world &w, const operation &op, const user *but_not, const member *m) noexcept {
  if (!op.actor || op.actor == but_not)
    return;
  for (conn *c = op.actor->sessions; c; c = c->next_of_user)
    if (c->echo)
      w.to_conn(op, *c, m ? m->manner : std::uint8_t{0});
}

} // namespace

gate_result gate_message(world &w, operation &op) {
  confab_event_message &e = op.event.message;
  if (e.kind < CONFAB_MESSAGE_PRIVMSG || e.kind > CONFAB_MESSAGE_REPLY ||
      (e.ranks_min != 0 && at_least(e.ranks_min) == 0))
    return refuse(op, CONFAB_REFUSED_BAD_VALUE);
  const bool to_all = e.target == 0 && view(e.name) == "*";
  if (e.kind == CONFAB_MESSAGE_WALLOPS || to_all) {
    if (!unchecked(op) && !is_operator(op.actor))
      return refuse(op, CONFAB_REFUSED_NOT_OPERATOR);
    e.target = e.context = 0; // it is said nowhere: filters are shown no id that may be dead
    e.context_name = {};
    return e.text.len == 0 ? refuse(op, CONFAB_REFUSED_NO_TEXT) : gate_result::go;
  }
  if (e.text.len == 0)
    return refuse(op, CONFAB_REFUSED_NO_TEXT);
  if (has_context(e))
    if (const gate_result said = check_context(w, op); said != gate_result::go)
      return said;
  if (gagged(op))
    return gate_result::nothing;
  const bool by_id = e.target != 0;
  const std::string_view name = view(e.name);
  channel *where = by_id                 ? w.channels.find(e.target)
                   : names_channel(name) ? w.find_channel(name)
                                         : nullptr;
  if (where) {
    const confab_str written = std::exchange(e.name, str(where->name()));
    e.target = world::id(*where);
    if (e.kind == CONFAB_MESSAGE_WHISPER)
      return refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
    if (unchecked(op))
      return gate_result::go;
    const member *m = w.find_member(*op.actor, *where);
    const gate_result said = check_speech(w, op, *where, m);
    if (said != gate_result::refused || m || sight_of(w, op.actor, *where) != sight::nothing)
      return said;
    e.name = written;
    return refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL);
  }
  const user *who = by_id ? w.users.find(e.target) : w.find_user(name);
  if (!who) {
    return refuse(op, names_channel(name) ? CONFAB_REFUSED_NO_SUCH_CHANNEL
                                          : CONFAB_REFUSED_NO_SUCH_USER);
  }
  e.target = world::id(*who);
  e.name = str(who->is.nick());
  return check_listener(w, op, *who);
}

commit_result commit_message(world &w, operation &op) {
  const confab_event_message &e = op.event.message;
  channel *where = e.kind != CONFAB_MESSAGE_WALLOPS ? w.channels.find(e.target) : nullptr;
  if (where && keep_pace(w, op, *where) == commit_result::later)
    return commit_result::later;
  if (op.actor)
    op.actor->last_spoke = w.now;
  if (e.kind == CONFAB_MESSAGE_WALLOPS) {
    w.to_users_with_mode(op, CONFAB_UMODE_WALLOPS);
  } else if (where) {
    const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
    const conn *from = op.origin;
    const bool copies =
        from && (from->echo || (from->channel_echo && where->has(CONFAB_CMODE_ECHO)));
    audience whom = unchecked(op) ? audience{} : hearing(w, *where, m);
    whom.from = op.actor;
    whom.except = copies ? nullptr : from;
    if (e.ranks_min != 0)
      whom.ranks = whom.ranks != 0 ? whom.ranks & at_least(e.ranks_min) : at_least(e.ranks_min);
    if (is_datagram(e))
      w.to_datagrams(op, *where, whom);
    else
      w.to_channel(op, *where, whom);
    // One who is outside, or below the ranks that get it, still wants its echo.
    const bool heard = m && (whom.ranks == 0 || (m->ranks & whom.ranks) != 0 || whom.also);
    if (!heard && !is_datagram(e))
      echo(w, op, nullptr, m);
  } else if (user *who = w.users.find(e.target)) {
    const channel *context = w.channels.find(e.context);
    const member *to = context ? w.find_member(*who, *context) : nullptr;
    const member *m = context && op.actor ? w.find_member(*op.actor, *context) : nullptr;
    if (to)
      w.to_member(op, *to, nullptr);
    else
      w.to_user(op, *who, nullptr);
    echo(w, op, who, m);
  } else {
    w.to_users_with_mode(op, 0); // everybody
  }
  if (w.service)
    delay_after(w, op, kind_of_act(w, op));
  return commit_result::done;
}

gate_result gate_topic(world &w, operation &op) {
  confab_event_topic &e = op.event.topic;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  if (gagged(op))
    return gate_result::nothing;
  const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  const bool free = unchecked(op) || is_administrator(op.actor);
  if (!free && !m)
    return refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
  if (!free && where->has(CONFAB_CMODE_TOPIC_LOCKED) && !may(m, right::set_topic))
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
  w.listing.refresh(where);
  w.to_channel(op, where, {.except = op.shown ? op.origin : nullptr});
  if (op.origin && !w.find_member(*op.actor, where)) // who sets it from outside sees that it is so
    w.to_conn(op, *op.origin);
  return commit_result::done;
}

} // namespace confab::core
