// SPDX-License-Identifier: MIT
//
// Refusals as numerics: one table from the core's neutral codes to IRC's, with the parameters that
// each numeric shows. A filter's own text takes the place of the usual one.

#include "session/irc/dialect.hpp"
#include "session/irc/modes.hpp"

#include <algorithm>
#include <array>

namespace confab::session {

namespace {

// Which of the act's names stand before the text.
enum class shape : std::uint8_t { none, verb, name, nick, nick_name, name_value };

struct row {
  std::uint32_t code;
  irc::numeric numeric;
  shape shows;
};

constexpr row rows[] = {
    row{CONFAB_REFUSED_NO_SUCH_USER, irc::ERR_NOSUCHNICK, shape::nick},
    row{CONFAB_REFUSED_NO_SUCH_CHANNEL, irc::ERR_NOSUCHCHANNEL, shape::name},
    row{CONFAB_REFUSED_BAD_NAME, irc::ERR_BADCHANMASK, shape::name},
    row{CONFAB_REFUSED_CANNOT_SEND, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_TOO_MANY_CHANNELS, irc::ERR_TOOMANYCHANNELS, shape::name},
    row{CONFAB_REFUSED_NO_TEXT, irc::ERR_NOTEXTTOSEND, shape::none},
    row{CONFAB_REFUSED_NICK_IN_USE, irc::ERR_NICKNAMEINUSE, shape::nick},
    row{CONFAB_REFUSED_BAD_NICK, irc::ERR_ERRONEUSNICKNAME, shape::nick},
    row{CONFAB_REFUSED_NICK_TOO_FAST, irc::ERR_NICKTOOFAST, shape::nick},
    row{CONFAB_REFUSED_TARGET_NOT_MEMBER, irc::ERR_USERNOTINCHANNEL, shape::nick_name},
    row{CONFAB_REFUSED_NOT_MEMBER, irc::ERR_NOTONCHANNEL, shape::name},
    row{CONFAB_REFUSED_ALREADY_MEMBER, irc::ERR_USERONCHANNEL, shape::nick_name},
    row{CONFAB_REFUSED_BANNED, irc::ERR_BANNEDFROMCHAN, shape::name},
    row{CONFAB_REFUSED_INVITE_ONLY, irc::ERR_INVITEONLYCHAN, shape::name},
    row{CONFAB_REFUSED_BAD_KEY, irc::ERR_BADCHANNELKEY, shape::name},
    row{CONFAB_REFUSED_CHANNEL_FULL, irc::ERR_CHANNELISFULL, shape::name},
    row{CONFAB_REFUSED_RANK_NEEDED, irc::ERR_CHANOPRIVSNEEDED, shape::name},
    row{CONFAB_REFUSED_LIST_FULL, irc::ERR_BANLISTFULL, shape::name_value},
    row{CONFAB_REFUSED_BAD_VALUE, irc::ERR_INVALIDMODEPARAM, shape::name_value},
    row{CONFAB_REFUSED_NOT_OPERATOR, irc::ERR_NOPRIVILEGES, shape::none},
    row{CONFAB_REFUSED_BAD_PASSWORD, irc::ERR_PASSWDMISMATCH, shape::none},
    row{CONFAB_REFUSED_NO_OPERATOR_HERE, irc::ERR_NOOPERHOST, shape::none},
    row{CONFAB_REFUSED_OTHER_USER, irc::ERR_USERSDONTMATCH, shape::none},
    row{CONFAB_REFUSED_BANNED_FROM_SERVER, irc::ERR_YOUREBANNEDCREEP, shape::none},
    row{CONFAB_REFUSED_NOT_VOICED, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_NO_CTCP, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_MEMBERS_ONLY, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_NO_MOTD, irc::ERR_NOMOTD, shape::none},
    row{CONFAB_REFUSED_TOO_LONG, irc::ERR_INPUTTOOLONG, shape::none},
    row{CONFAB_REFUSED_BAD_KEY_VALUE, irc::ERR_INVALIDKEY, shape::name},
    row{CONFAB_REFUSED_WAS_NO_USER, irc::ERR_WASNOSUCHNICK, shape::nick},
    row{CONFAB_REFUSED_PARAMETERS, irc::ERR_NEEDMOREPARAMS, shape::verb},
    row{CONFAB_REFUSED_NOT_REGISTERED, irc::ERR_NOTREGISTERED, shape::verb},
    row{CONFAB_REFUSED_NOT_THERE, irc::ERR_UNKNOWNCOMMAND, shape::verb},
};

// The command that a client gives for the act.
std::string_view verb_of(const core::event_box &e) noexcept {
  static constexpr std::array<std::string_view, CONFAB_EVENT_TYPE_END> names{
      "*",    "CONNECT", "REGISTER", "PASS",  "QUIT", "NICK", "MODE", "PRIVMSG", "JOIN",
      "PART", "KICK",    "INVITE",   "TOPIC", "MODE", "JOIN", "PART", "MODE",    "MODE",
      "KILL", "OPER",    "*",        "*",     "*",    "*",    "*",    "*"};
  static constexpr std::array<std::string_view, CONFAB_QUERY_INVITES + 1> questions{
      "*",    "NAMES",    "LIST",  "WHO",  "WHOIS", "WHOWAS",
      "ISON", "USERHOST", "TOPIC", "MODE", "MODE",  "INVITE"};
  if (e.head.type == CONFAB_EVENT_QUERY)
    return questions[e.query.kind];
  if (e.head.type == CONFAB_EVENT_COMMAND)
    return core::view(e.command.verb);
  if (e.head.type == CONFAB_EVENT_ADMIN)
    return e.admin.request == CONFAB_REQUEST_DIE ? "DIE" : "REHASH";
  if (e.head.type == CONFAB_EVENT_USER_CHANGE && e.user_change.what == CONFAB_USER_AWAY)
    return "AWAY";
  return names[e.head.type];
}

bool says_to_plugin(const core::event_box &e) noexcept {
  return e.head.type == CONFAB_EVENT_COMMAND &&
         confab_id_kind(e.command.command) != CONFAB_KIND_ADDITION;
}

struct names {
  std::string_view name, nick, value;
};

// The act's channel or target, its user, and the value that it would set.
names names_of(const core::event_box &e) noexcept {
  using core::view;
  switch (e.head.type) {
  case CONFAB_EVENT_REGISTER:
    return {{}, view(e.registration.nick), {}};
  case CONFAB_EVENT_NICK:
    return {{}, view(e.nick.nick), {}};
  case CONFAB_EVENT_MESSAGE:
    return {view(e.message.name), view(e.message.name), {}};
  case CONFAB_EVENT_JOIN:
    return {view(e.join.name), {}, {}};
  case CONFAB_EVENT_PART:
    return {view(e.part.name), {}, {}};
  case CONFAB_EVENT_KICK:
    return {view(e.kick.name), view(e.kick.nick), {}};
  case CONFAB_EVENT_INVITE:
    return {view(e.invite.name), view(e.invite.nick), {}};
  case CONFAB_EVENT_TOPIC:
    return {view(e.topic.name), {}, {}};
  case CONFAB_EVENT_MEMBER_CHANGE:
    return {view(e.member_change.name), view(e.member_change.nick), {}};
  case CONFAB_EVENT_CHANNEL_CHANGE:
    return {view(e.channel_change.name), {}, view(e.channel_change.value)};
  case CONFAB_EVENT_ACCESS:
    return {view(e.access.name), {}, view(e.access.mask)};
  case CONFAB_EVENT_KILL:
    return {{}, view(e.kill.nick), {}};
  case CONFAB_EVENT_COMMAND: {
    const std::string_view instance = view(e.command.text);
    return {{}, instance.substr(0, instance.find('\n')), {}};
  }
  case CONFAB_EVENT_QUERY:
    return {view(e.query.name), view(e.query.name), {}};
  default:
    return {};
  }
}

const row &find_row(const core::operation &op) noexcept {
  // What keeps one out of a channel keeps one from speaking under another number.
  static constexpr row banned_speech{CONFAB_REFUSED_BANNED, irc::ERR_CANNOTSENDTOCHAN, shape::name};
  if (op.type() == CONFAB_EVENT_MESSAGE && op.why.code == CONFAB_REFUSED_BANNED)
    return banned_speech;
  // An entry of a list is named by its mask, not by its channel.
  static constexpr row bad_mask{CONFAB_REFUSED_BAD_NAME, irc::ERR_INVALIDMODEPARAM,
                                shape::name_value};
  if (op.type() == CONFAB_EVENT_ACCESS && op.why.code == CONFAB_REFUSED_BAD_NAME)
    return bad_mask;
  // What is said to a plugin names it as one names a user.
  static constexpr row no_plugin{CONFAB_REFUSED_NOT_THERE, irc::ERR_NOSUCHNICK, shape::nick};
  if (op.why.code == CONFAB_REFUSED_NOT_THERE && says_to_plugin(op.event))
    return no_plugin;
  const auto at = std::find_if(std::begin(rows), std::end(rows),
                               [&](const row &r) { return r.code == op.why.code; });
  if (at != std::end(rows))
    return *at;
  // A rule that no numeric knows.
  static constexpr row other_speech{CONFAB_REFUSED_POLICY, irc::ERR_CANNOTSENDTOCHAN, shape::name};
  static constexpr row other{CONFAB_REFUSED_POLICY, irc::ERR_UNKNOWNERROR, shape::verb};
  return op.type() == CONFAB_EVENT_MESSAGE ? other_speech : other;
}

// The letter of the value that was refused: ERR_INVALIDMODEPARAM and ERR_BANLISTFULL show it.
char letter_shown(const core::world &w, const core::event_box &e) noexcept {
  const char letter =
      e.head.type == CONFAB_EVENT_ACCESS
          ? letter_of(w.added, core::mode_kind::list, e.access.list)
          : letter_of(w.added, core::mode_kind::channel_mode, e.channel_change.mode);
  return letter != 0 ? letter : '*';
}

// What the numeric says when the filter or host says nothing.
std::string_view usual_text(core::world &w, const core::event_box &e, irc::numeric code) noexcept {
  if (code == irc::ERR_NOSUCHNICK && says_to_plugin(e))
    return "No such plugin";
  if (code == irc::ERR_INVALIDMODEPARAM)
    return "Invalid mode parameter";
  if (code == irc::ERR_NEEDMOREPARAMS) {
    const core::addition *a = w.added.find(e.command.command);
    if (a && e.command.params > a->as<confab_command_spec>().params_max)
      return "Too many parameters";
  }
  return irc::text_of(code);
}

} // namespace

void irc_dialect::refused(core::conn &c, const core::operation &op) {
  refused_code = op.why.code;
  const core::event_box &e = op.event;
  if (e.head.type == CONFAB_EVENT_MESSAGE && e.message.kind == CONFAB_MESSAGE_NOTICE)
    return; // never answered: RFC 2812 §3.3.2
  if (e.head.type == CONFAB_EVENT_REGISTER || e.head.type == CONFAB_EVENT_AUTHENTICATE)
    return refuse_registration(c, op);
  const names n = names_of(e);
  const row &r = find_row(op);
  const std::string_view own = op.why.text.view();
  const std::string_view text = own.empty() ? usual_text(w, e, r.numeric) : own;
  const char letter = r.shows == shape::name_value ? letter_shown(w, e) : '\0';
  switch (r.shows) {
  case shape::none:
    reply(c, r.numeric, {}, text);
    break;
  case shape::verb:
    reply(c, r.numeric, {verb_of(e)}, text);
    break;
  case shape::name:
    reply(c, r.numeric, {n.name}, text);
    break;
  case shape::nick:
    reply(c, r.numeric, {n.nick}, text);
    break;
  case shape::nick_name:
    reply(c, r.numeric, {n.nick, n.name}, text);
    break;
  case shape::name_value:
    if (r.numeric == irc::ERR_INVALIDMODEPARAM)
      reply(c, r.numeric, {n.name, {&letter, 1}, n.value}, text);
    else
      reply(c, r.numeric, {n.name, {&letter, 1}}, text);
    break;
  }
  // Some questions end with their end, answered or not.
  if (e.head.type == CONFAB_EVENT_QUERY &&
      (e.query.kind == CONFAB_QUERY_WHOIS || e.query.kind == CONFAB_QUERY_WHOWAS))
    query_end(c, op);
}

// Before registration a refusal either asks for another nick or is the end.
void irc_dialect::refuse_registration(core::conn &c, const core::operation &op) {
  registration &r = registration_of(c);
  r.submitted = false;
  const std::string_view text = op.why.text.view();
  switch (op.why.code) {
  case CONFAB_REFUSED_NICK_IN_USE:
  case CONFAB_REFUSED_BAD_NICK: {
    core::owned_str wanted; // it has no nick any more: the reply is to `*`
    wanted.swap(r.nick);
    reply(c, find_row(op).numeric, {wanted.view()});
    return wanted.clear(w.mem);
  }
  case CONFAB_REFUSED_BAD_PASSWORD:
    reply(c, irc::ERR_PASSWDMISMATCH, {},
          text.empty() ? irc::text_of(irc::ERR_PASSWDMISMATCH) : text);
    return w.doom(c, CONFAB_DISCONNECT_DENIED, "Bad password");
  case CONFAB_REFUSED_LIMIT:
  case CONFAB_REFUSED_BUSY:
    return w.doom(c, CONFAB_DISCONNECT_DENIED, "The server is full");
  default:
    reply(c, irc::ERR_YOUREBANNEDCREEP, {},
          text.empty() ? irc::text_of(irc::ERR_YOUREBANNEDCREEP) : text);
    return w.doom(c, CONFAB_DISCONNECT_DENIED, text.empty() ? "Access denied" : text);
  }
}

} // namespace confab::session
