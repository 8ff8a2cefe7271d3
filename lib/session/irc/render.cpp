// SPDX-License-Identifier: MIT
//
// Committed acts as lines for those who see them, once per variant. RFC 2812 §3 for the forms, the
// IRCX draft §6 for those of its sessions, spec ircx §17 for where its clients want a colon;
// server-time for the one tag there is. Mode changes are in render_modes.cpp.

#include "session/irc/dialect.hpp"

#include "core/properties.hpp"
#include "proto/ircv3/caps.hpp"
#include "session/format.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/pieces.hpp"

#include <algorithm>

namespace confab::session {

namespace {

// Everything that rendering one event for one variant needs.
struct rendering {
  core::world &w;
  std::uint16_t variant;
  const core::operation &op;
  irc::line_writer &line;
  speech_pieces *pieces = nullptr; // of a text that may be more than a line

  session::view view() const noexcept { return view_of(variant); }
  bool is_ircx() const noexcept { return view() == session::view::ircx; }
  // Clients of IRCX take the last word of some lines for what follows the colon (spec ircx §17).
  bool colons() const noexcept { return is_ircx() || is_strict(variant); }

  void put_channel(confab_str name) {
    name_buffer buffer;
    line.param(show_channel(variant, core::view(name), buffer));
  }
  void put_nick(confab_str nick) {
    name_buffer buffer;
    line.param(show_nick(view(), core::view(nick), buffer));
  }
  void put_last(std::string_view word) {
    if (colons())
      line.text(word);
    else
      line.param(word);
  }
  void put_reason(confab_str text) {
    if (text.len > 0)
      line.text(core::view(text));
  }

  bool put_message();
  bool put_tagged(std::string_view verb);
  void put_target();
  bool put_topic();
  bool put_property();
  bool put_knock();
  bool put_redirect();
  bool put_event();
};

// The channel, the user, or whoever "*" stands for; "@#channel" for some ranks of it: STATUSMSG.
void rendering::put_target() {
  const confab_event_message &e = op.event.message;
  if (confab_id_kind(e.target) == CONFAB_KIND_USER)
    return put_nick(e.name);
  if (e.target == 0)
    return void(line.param(core::view(e.name)));
  name_buffer buffer, prefixed;
  const std::string_view name = show_channel(variant, core::view(e.name), buffer);
  if (e.ranks_min == 0 || name.size() + 1 > prefixed.size())
    return void(line.param(name));
  prefixed[0] = prefix_of_rank(view(), e.ranks_min);
  name.copy(prefixed.data() + 1, name.size());
  line.param({prefixed.data(), name.size() + 1});
}

// Programs' messages are for sessions with IRCX (draft §5.4). Comic Chat takes a nick behind the
// channel for the tag: its annotations come as if to the nick alone (spec ircx §17.24).
bool rendering::put_tagged(std::string_view verb) {
  const confab_event_message &e = op.event.message;
  if (!is_ircx() || e.tag.len == 0)
    return false;
  line.verb(verb);
  if (e.context != 0 && !is_strict(variant))
    put_channel(e.context_name);
  put_target();
  line.param(core::view(e.tag)).text(core::view(e.text));
  return true;
}

bool is_among(std::string_view nicks, std::string_view nick) noexcept {
  while (!nicks.empty()) {
    const std::size_t end = std::min(nicks.find(','), nicks.size());
    if (nicks.substr(0, end) == nick)
      return true;
    nicks.remove_prefix(std::min(end + 1, nicks.size()));
  }
  return false;
}

bool rendering::put_message() {
  const confab_event_message &e = op.event.message;
  switch (e.kind) {
  case CONFAB_MESSAGE_DATA:
    return put_tagged("DATA");
  case CONFAB_MESSAGE_REQUEST:
    return put_tagged("REQUEST");
  case CONFAB_MESSAGE_REPLY:
    return put_tagged("REPLY");
  case CONFAB_MESSAGE_WALLOPS:
    line.verb("WALLOPS").text(core::view(e.text));
    return true;
  default:
    break;
  }
  const bool aside = e.context != 0 && is_ircx();
  if (e.kind == CONFAB_MESSAGE_WHISPER && aside) {
    put_channel((line.verb("WHISPER"), e.context_name));
    std::array<char, 320> peers;
    const std::string_view nicks = show_nicks(view(), core::view(e.peers), peers);
    // A list that was too long for its own reader to be in it names the reader alone.
    name_buffer own;
    if (!is_among(nicks, show_nick(view(), core::view(e.name), own)))
      put_nick(e.name);
    else
      line.param(nicks);
  } else {
    line.verb(e.kind == CONFAB_MESSAGE_NOTICE ? "NOTICE" : "PRIVMSG");
    if (aside) // its client shows it in the channel's window
      put_channel(e.context_name);
    else
      put_target();
  }
  if (!pieces) {
    line.text(core::view(e.text));
    return true;
  }
  std::string_view piece;
  if (!pieces->next(line.text_room(), piece))
    return false;
  line.text(piece);
  return true;
}

// A topic that PROP set is a property to sessions with IRCX, but for clients that know only TOPIC.
bool rendering::put_topic() {
  const confab_event_topic &e = op.event.topic;
  const bool property = manner_of(op) == manner::prop && is_ircx() && !is_strict(variant);
  line.verb(property ? "PROP" : "TOPIC");
  put_channel(e.name);
  if (property)
    line.param("TOPIC");
  line.text(core::view(e.text));
  return true;
}

bool rendering::put_property() {
  const confab_event_property &e = op.event.property;
  const core::channel *where = w.channels.find(e.subject);
  if (!is_ircx() || !where)
    return false;
  line.verb("PROP");
  put_channel(core::str(where->name()));
  line.param(core::view(e.name)).text(core::view(e.text));
  return true;
}

// What the guest was told, as IRCX counts it; who only asked was told nothing.
irc::numeric knock_numeric(std::uint32_t code) noexcept {
  switch (code) {
  case CONFAB_REFUSED_BANNED:
    return irc::ERR_BANNEDFROMCHAN;
  case CONFAB_REFUSED_BAD_KEY:
    return irc::ERR_BADCHANNELKEY;
  case CONFAB_REFUSED_CHANNEL_FULL:
    return irc::ERR_CHANNELISFULL;
  case CONFAB_REFUSED_CLOSED_LIST:
    return static_cast<irc::numeric>(ircx::IRCERR_NOACCESS);
  case CONFAB_REFUSED_AUTH_ONLY:
    return static_cast<irc::numeric>(ircx::ERR_AUTHONLYCHAN);
  default:
    return irc::ERR_INVITEONLYCHAN;
  }
}

// The numeric of plain IRC names the channel where others name their reader, as servers that fan it
// out do (710 of charybdis).
bool rendering::put_knock() {
  const confab_event_knock &e = op.event.knock;
  const auto code = static_cast<unsigned>(knock_numeric(e.code));
  char digits[8];
  if (is_ircx()) {
    line.verb("KNOCK");
    put_channel(e.name);
    line.param(format_into(digits, "{:03}", code));
    return true;
  }
  name_buffer buffer;
  line.numeric(ircx::RPL_KNOCK);
  put_channel(e.name);
  put_channel(e.name);
  line.param(show_source(view(), op.actor, w.server_name(), buffer));
  char text[600];
  if (e.code != CONFAB_REFUSED_NONE)
    line.text(format_into(text, "tried to join ({:03})", code));
  else
    line.text(e.text.len > 0 ? core::view(e.text) : "has asked for an invite.");
  return true;
}

// IRCX has a message for it; others have RPL_BOUNCE, with one server.
bool rendering::put_redirect() {
  const confab_event_redirect &e = op.event.redirect;
  const std::string_view why = e.text.len > 0 ? core::view(e.text) : "Redirected";
  if (is_ircx()) {
    line.verb("REDIRECT").param(core::view(e.targets)).text(why);
    return true;
  }
  std::string_view host = core::view(e.targets);
  host = host.substr(0, host.find(','));
  const std::size_t colon = host.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? "" : host.substr(colon + 1);
  const core::conn *reader = w.conns.find(e.conn);
  name_buffer buffer;
  line.numeric(irc::RPL_BOUNCE)
      .param(reader && reader->who ? show_nick(view(), reader->who->is.nick(), buffer) : "*")
      .param(host.substr(0, colon))
      .param(port.empty() ? "6667" : port)
      .text(why);
  return true;
}

// False when the view shows nothing of the event.
bool rendering::put_event() {
  using core::view;
  const core::event_box &e = op.event;
  name_buffer buffer;
  switch (e.head.type) {
  case CONFAB_EVENT_MESSAGE:
    return put_message();
  case CONFAB_EVENT_JOIN:
    line.verb("JOIN");
    put_last(show_channel(variant, view(e.join.name), buffer));
    return true;
  case CONFAB_EVENT_PART:
    put_channel((line.verb("PART"), e.part.name));
    if (!is_strict(variant)) // Microsoft's servers gave no reason
      put_reason(e.part.text);
    return true;
  case CONFAB_EVENT_KICK:
    put_channel((line.verb("KICK"), e.kick.name));
    put_nick(e.kick.nick);
    line.text(view(e.kick.text));
    return true;
  case CONFAB_EVENT_DISCONNECT:
    line.verb("QUIT").text(view(e.disconnect.text));
    return true;
  case CONFAB_EVENT_NICK:
    line.verb("NICK");
    put_last(show_nick(this->view(), view(e.nick.nick), buffer));
    return true;
  case CONFAB_EVENT_INVITE:
    put_nick((line.verb("INVITE"), e.invite.nick));
    put_last(show_channel(variant, view(e.invite.name), buffer));
    return true;
  case CONFAB_EVENT_TOPIC:
    return put_topic();
  case CONFAB_EVENT_KILL:
    put_nick((line.verb("KILL"), e.kill.nick));
    line.text(view(e.kill.text));
    return true;
  case CONFAB_EVENT_PROPERTY:
    return put_property();
  case CONFAB_EVENT_KNOCK:
    return put_knock();
  case CONFAB_EVENT_REDIRECT:
    return put_redirect();
  case CONFAB_EVENT_CHANNEL_OPEN: // a clone; 0 is a server without object ids
    if (!is_ircx())
      return false;
    put_channel((line.verb("CLONE"), e.channel.name));
    line.param("0");
    return true;
  default:
    return false;
  }
}

// Words that a client of MIC said to somebody; what programs say is not parted.
bool is_mic_speech(const core::operation &op) noexcept {
  return op.type() == CONFAB_EVENT_MESSAGE && op.event.head.protocol == CONFAB_PROTOCOL_MIC &&
         op.event.message.kind < CONFAB_MESSAGE_DATA &&
         op.event.message.kind != CONFAB_MESSAGE_WALLOPS;
}

// Of these the source is the server, whoever caused them.
bool from_server(std::uint16_t variant, const core::operation &op) noexcept {
  return op.type() == CONFAB_EVENT_REDIRECT ||
         (op.type() == CONFAB_EVENT_KNOCK && view_of(variant) != view::ircx);
}

} // namespace

irc::line_writer irc_dialect::begin_line(std::uint16_t variant, confab_time at,
                                         std::string_view source, std::size_t used) noexcept {
  irc::line_writer line(scratch_.data() + used, scratch_.size() - used, w.limits().line_bytes_max);
  if ((variant & variant_time) != 0) {
    char time[24];
    line.tag("time", ircv3::format_time(w.unix_ns_of(at), time));
  }
  line.source(source);
  return line;
}

std::string_view irc_dialect::encode(std::uint16_t variant, const core::operation &op) {
  name_buffer buffer;
  const std::string_view source =
      from_server(variant, op) ? w.server_name()
                               : show_source(view_of(variant), op.actor, w.server_name(), buffer);
  if (is_mic_speech(op)) {
    speech_pieces pieces(core::view(op.event.message.text));
    for (std::size_t used = 0;;) {
      irc::line_writer line = begin_line(variant, op.event.head.time, source, used);
      rendering r{w, variant, op, line, &pieces};
      if (!r.put_event())
        return in_page(variant, {scratch_.data(), used});
      used += line.finish().size();
    }
  }
  irc::line_writer line = begin_line(variant, op.event.head.time, source, 0);
  rendering r{w, variant, op, line};
  return r.put_event() ? in_page(variant, line.finish()) : std::string_view{};
}

// What only the origin is told when its act succeeded.
void irc_dialect::answered(core::conn &c, const core::operation &op) {
  if (answered_ircx(c, op))
    return;
  const core::event_box &e = op.event;
  const view v = view_of(c);
  name_buffer nick, name;
  const auto tell_away = [&](confab_id id) {
    if (const core::user *who = w.users.find(id); who && who->is_away)
      reply(c, irc::RPL_AWAY, {show_nick(v, who->is.nick(), nick)}, who->away.view());
  };
  switch (e.head.type) {
  case CONFAB_EVENT_MESSAGE:
    if (e.message.kind == CONFAB_MESSAGE_PRIVMSG)
      tell_away(e.message.target);
    return;
  case CONFAB_EVENT_INVITE:
    reply_bare(
        c, irc::RPL_INVITING,
        {show_nick(v, core::view(e.invite.nick), nick),
         show_channel(variant_in(c, op, e.invite.channel), core::view(e.invite.name), name)});
    return tell_away(e.invite.user);
  case CONFAB_EVENT_USER_CHANGE:
    if (e.user_change.what == CONFAB_USER_AWAY)
      reply(c, e.user_change.set != 0 ? irc::RPL_NOWAWAY : irc::RPL_UNAWAY);
    return;
  case CONFAB_EVENT_OPER:
    if (v == view::ircx && c.who && (c.who->modes & CONFAB_UMODE_ADMINISTRATOR) != 0)
      return reply(c, ircx::RPL_YOUREADMIN, {}, "You are now an administrator");
    return reply(c, irc::RPL_YOUREOPER);
  case CONFAB_EVENT_ADMIN:
    if (e.admin.request == CONFAB_REQUEST_REHASH)
      reply(c, irc::RPL_REHASHING, {"confab"});
    return;
  case CONFAB_EVENT_KILL: {
    // An administrative act is acknowledged (Q180397); RFC 2812 §3.7.1 has no numeric for it.
    char text[512];
    const std::string_view victim =
        e.kill.channel != 0 ? show_channel(as_typed(c, op), core::view(e.kill.nick), name)
                            : show_nick(v, core::view(e.kill.nick), nick);
    return send_line(c, "NOTICE", {nick_of(c)},
                     format_into(text, "{} was killed ({})", victim, core::view(e.kill.text)));
  }
  default:
    return;
  }
}

} // namespace confab::session
