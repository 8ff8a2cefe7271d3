// SPDX-License-Identifier: MIT
//
// Committed acts as lines for those who see them, once per variant; and what only the origin is
// told when its act succeeded. RFC 2812 §3 for the forms; server-time for the one tag there is.

#include "session/irc/dialect.hpp"

#include "proto/ircv3/caps.hpp"
#include "session/irc/format.hpp"
#include "session/irc/modes.hpp"

#include <cstring>

namespace confab::session {

namespace {

std::string_view source_of(const core::world &w, const core::user *actor) noexcept {
  return actor ? actor->is.source() : w.server_name();
}

// "@#channel" for a message to some ranks only: STATUSMSG.
std::string_view target_of(const confab_event_message &e, char *buffer, std::size_t size) noexcept {
  const std::string_view name = core::view(e.name);
  if (e.ranks_min == 0 || name.size() + 1 > size)
    return name;
  buffer[0] = e.ranks_min == CONFAB_RANK_VOICE ? '+' : '@';
  std::memcpy(buffer + 1, name.data(), name.size());
  return {buffer, name.size() + 1};
}

void put_reason(irc::line_writer &line, confab_str text) noexcept {
  if (text.len > 0)
    line.text(core::view(text));
}

void put_message(irc::line_writer &line, const confab_event_message &e) noexcept {
  char target[256];
  if (e.kind == CONFAB_MESSAGE_WALLOPS)
    line.verb("WALLOPS");
  else
    line.verb(e.kind == CONFAB_MESSAGE_NOTICE ? "NOTICE" : "PRIVMSG")
        .param(target_of(e, target, sizeof target));
  line.text(core::view(e.text));
}

// False when this dialect shows nothing of the event.
bool put_event(irc::line_writer &line, const core::event_box &e) noexcept {
  using core::view;
  switch (e.head.type) {
  case CONFAB_EVENT_MESSAGE:
    put_message(line, e.message);
    return true;
  case CONFAB_EVENT_JOIN:
    line.verb("JOIN").param(view(e.join.name));
    return true;
  case CONFAB_EVENT_PART:
    put_reason(line.verb("PART").param(view(e.part.name)), e.part.text);
    return true;
  case CONFAB_EVENT_KICK:
    line.verb("KICK").param(view(e.kick.name)).param(view(e.kick.nick)).text(view(e.kick.text));
    return true;
  case CONFAB_EVENT_DISCONNECT:
    line.verb("QUIT").text(view(e.disconnect.text));
    return true;
  case CONFAB_EVENT_NICK:
    line.verb("NICK").param(view(e.nick.nick));
    return true;
  case CONFAB_EVENT_INVITE:
    line.verb("INVITE").param(view(e.invite.nick)).param(view(e.invite.name));
    return true;
  case CONFAB_EVENT_TOPIC:
    line.verb("TOPIC").param(view(e.topic.name)).text(view(e.topic.text));
    return true;
  case CONFAB_EVENT_KILL:
    line.verb("KILL").param(view(e.kill.nick)).text(view(e.kill.text));
    return true;
  default:
    return false;
  }
}

// Owner shows as operator to plain clients: giving it to an operator, or taking it from one, is no
// news.
bool hidden_rank(const core::mode_change &change) noexcept {
  return change.kind == core::mode_kind::rank && change.mode == CONFAB_RANK_OWNER;
}

} // namespace

irc::line_writer irc_dialect::begin_line(std::uint16_t variant, const core::operation &op,
                                         std::size_t used) noexcept {
  irc::line_writer line(scratch_.data() + used, scratch_.size() - used, w.limits().line_bytes_max);
  if (variant == variant_time) {
    char time[24];
    line.tag("time", ircv3::format_time(w.unix_ns_of(op.event.head.time), time));
  }
  line.source(source_of(w, op.actor));
  return line;
}

std::string_view irc_dialect::encode(std::uint16_t variant, const core::operation &op) {
  irc::line_writer line = begin_line(variant, op, 0);
  return put_event(line, op.event) ? line.finish() : std::string_view{};
}

// As many changes to a line as fit: "MODE #channel +ov-b nick nick mask".
std::string_view irc_dialect::encode_modes(std::uint16_t variant, const core::mode_batch &batch) {
  core::operation op(w.mem);
  op.event.head.time = w.now;
  op.actor = batch.actor;
  const std::string_view target = batch.where ? batch.where->name() : batch.subject->is.nick();
  std::size_t done = 0;
  for (std::size_t i = 0; i < batch.count;) {
    std::array<char, 2 * core::mode_batch::changes_max> letters;
    std::size_t used = 0, first = i, values = 0;
    char sign = 0;
    const std::size_t room = w.limits().line_bytes_max -
                             (source_of(w, op.actor).size() + target.size() + letters.size() + 16);
    for (; i < batch.count; ++i) {
      const core::mode_change &change = batch.changes[i];
      const char letter = letter_of(w.added, change.kind, change.mode);
      if (hidden_rank(change) || letter == 0)
        continue;
      if (i > first && values + change.value.view().size() + 1 > room)
        break;
      values += change.value.view().size() + 1;
      const char wanted = change.set ? '+' : '-';
      if (wanted != sign)
        letters[used++] = sign = wanted;
      letters[used++] = letter;
    }
    if (used == 0)
      break;
    irc::line_writer line = begin_line(variant, op, done);
    line.verb("MODE").param(target).param({letters.data(), used});
    for (std::size_t k = first; k < i; ++k)
      if (!hidden_rank(batch.changes[k]) && !batch.changes[k].value.empty() &&
          letter_of(w.added, batch.changes[k].kind, batch.changes[k].mode) != 0)
        line.param(batch.changes[k].value.view());
    done += line.finish().size();
  }
  return {scratch_.data(), done};
}

void irc_dialect::answered(core::conn &c, const core::operation &op) {
  const core::event_box &e = op.event;
  switch (e.head.type) {
  case CONFAB_EVENT_MESSAGE:
    if (e.message.kind == CONFAB_MESSAGE_PRIVMSG)
      if (const core::user *who = w.users.find(e.message.target); who && who->is_away)
        reply(c, irc::RPL_AWAY, {who->is.nick()}, who->away.view());
    return;
  case CONFAB_EVENT_INVITE:
    reply_bare(c, irc::RPL_INVITING, {core::view(e.invite.nick), core::view(e.invite.name)});
    if (const core::user *who = w.users.find(e.invite.user); who && who->is_away)
      reply(c, irc::RPL_AWAY, {who->is.nick()}, who->away.view());
    return;
  case CONFAB_EVENT_USER_CHANGE:
    if (e.user_change.what == CONFAB_USER_AWAY)
      reply(c, e.user_change.set != 0 ? irc::RPL_NOWAWAY : irc::RPL_UNAWAY);
    return;
  case CONFAB_EVENT_OPER:
    return reply(c, irc::RPL_YOUREOPER);
  case CONFAB_EVENT_ADMIN:
    if (e.admin.request == CONFAB_REQUEST_REHASH)
      reply(c, irc::RPL_REHASHING, {"confab"});
    return;
  case CONFAB_EVENT_KILL: {
    // An administrative act is acknowledged (Q180397); RFC 2812 §3.7.1 has no numeric for it.
    char text[512];
    return send_line(
        c, "NOTICE", {nick_of(c)},
        format_into(text, "{} was killed ({})", core::view(e.kill.nick), core::view(e.kill.text)));
  }
  default:
    return;
  }
}

} // namespace confab::session
