// SPDX-License-Identifier: MIT
//
// Refusals as numerics: one table from the core's neutral codes to those of IRC, by what the act
// was, which command said it, and which view the client has; with the parameters that each numeric
// shows. A filter's own text takes the place of the usual one. 900 to 927 mean other things to
// clients without IRCX (spec ircx §17, §19.4): they never get them.

#include "core/acts/acts.hpp"
#include "core/rights.hpp"
#include "session/irc/dialect.hpp"
#include "session/irc/manner.hpp"
#include "session/irc/modes.hpp"
#include "session/irc/view.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace confab::session {

namespace {

// Which of the act's names stand before the text.
enum class shape : std::uint8_t { none, verb, name, nick, nick_name, name_value };

// Where a row holds. An act's type is NONE for all, and a manner `any` likewise.
enum class who : std::uint8_t { all, irc, v3, ircx };
constexpr manner any = static_cast<manner>(UINT8_MAX);

struct row {
  std::uint32_t code;
  std::uint16_t numeric;
  shape shows;
  who sees = who::all;
  std::uint16_t type = CONFAB_EVENT_NONE;
  manner how = any;
  std::string_view text = {}; // in place of the numeric's own
};

// Of several rows that hold the first counts: those of one command or view stand before the general
// one, and each code has a general one that holds for every act and view.
constexpr row rows[] = {
    row{CONFAB_REFUSED_BUSY, ircx::IRCERR_RESOURCE, shape::none, who::ircx},
    row{CONFAB_REFUSED_LIMIT, ircx::IRCERR_RESOURCE, shape::none, who::ircx},
    row{CONFAB_REFUSED_NO_SUCH_USER, ircx::IRCERR_NOSUCHOBJECT, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_NO_SUCH_USER, irc::ERR_NOSUCHNICK, shape::nick},
    row{CONFAB_REFUSED_NO_SUCH_CHANNEL, ircx::IRCERR_NOSUCHOBJECT, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_NO_SUCH_CHANNEL, ircx::IRCERR_NOSUCHOBJECT, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::prop},
    row{CONFAB_REFUSED_NO_SUCH_CHANNEL, irc::ERR_NOSUCHCHANNEL, shape::name},
    // An entry of a list is named by its mask, not by its channel.
    row{CONFAB_REFUSED_BAD_NAME, ircx::IRCERR_BADVALUE, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::access},
    row{CONFAB_REFUSED_BAD_NAME, irc::ERR_INVALIDMODEPARAM, shape::name_value, who::all,
        CONFAB_EVENT_ACCESS},
    row{CONFAB_REFUSED_BAD_NAME, irc::ERR_NOSUCHCHANNEL, shape::name, who::ircx},
    row{CONFAB_REFUSED_BAD_NAME, irc::ERR_BADCHANMASK, shape::name},
    row{CONFAB_REFUSED_CANNOT_SEND, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_TOO_MANY_CHANNELS, irc::ERR_TOOMANYCHANNELS, shape::name},
    row{CONFAB_REFUSED_NO_TEXT, irc::ERR_NOTEXTTOSEND, shape::none},
    row{CONFAB_REFUSED_NICK_IN_USE, irc::ERR_NICKNAMEINUSE, shape::nick},
    row{CONFAB_REFUSED_BAD_NICK, irc::ERR_ERRONEUSNICKNAME, shape::nick},
    row{CONFAB_REFUSED_NICK_TOO_FAST, irc::ERR_NICKTOOFAST, shape::nick},
    row{CONFAB_REFUSED_TARGET_NOT_MEMBER, irc::ERR_USERNOTINCHANNEL, shape::nick_name},
    row{CONFAB_REFUSED_NOT_MEMBER, ircx::IRCERR_NOACCESS, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::access},
    row{CONFAB_REFUSED_NOT_MEMBER, ircx::IRCERR_SECURITY, shape::none, who::ircx, CONFAB_EVENT_NONE,
        manner::prop},
    row{CONFAB_REFUSED_NOT_MEMBER, irc::ERR_NOTONCHANNEL, shape::name},
    row{CONFAB_REFUSED_ALREADY_MEMBER, irc::ERR_USERONCHANNEL, shape::nick_name},
    // What keeps one out of a channel keeps one from speaking under another number.
    row{CONFAB_REFUSED_BANNED, irc::ERR_CANNOTSENDTOCHAN, shape::name, who::all,
        CONFAB_EVENT_MESSAGE},
    row{CONFAB_REFUSED_BANNED, irc::ERR_CANNOTKNOCK, shape::name, who::all, CONFAB_EVENT_KNOCK},
    row{CONFAB_REFUSED_BANNED, irc::ERR_BANNEDFROMCHAN, shape::name},
    row{CONFAB_REFUSED_INVITE_ONLY, irc::ERR_INVITEONLYCHAN, shape::name},
    row{CONFAB_REFUSED_BAD_KEY, irc::ERR_BADCHANNELKEY, shape::name},
    row{CONFAB_REFUSED_CHANNEL_FULL, irc::ERR_CHANNELISFULL, shape::name},
    row{CONFAB_REFUSED_RANK_NEEDED, ircx::IRCERR_NOACCESS, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_RANK_NEEDED, ircx::IRCERR_SECURITY, shape::none, who::ircx,
        CONFAB_EVENT_NONE, manner::prop},
    row{CONFAB_REFUSED_RANK_NEEDED, irc::ERR_CHANOPRIVSNEEDED, shape::name},
    row{CONFAB_REFUSED_LIST_FULL, ircx::IRCERR_TOOMANYACCESSES, shape::none, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_LIST_FULL, irc::ERR_BANLISTFULL, shape::name_value},
    row{CONFAB_REFUSED_BAD_VALUE, ircx::IRCERR_BADVALUE, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::prop},
    row{CONFAB_REFUSED_BAD_VALUE, ircx::IRCERR_BADVALUE, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::access},
    row{CONFAB_REFUSED_BAD_VALUE, irc::ERR_INVALIDMODEPARAM, shape::name_value},
    row{CONFAB_REFUSED_UNKNOWN_MODE, ircx::IRCERR_BADLEVEL, shape::verb, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_NOT_OPERATOR, ircx::IRCERR_NOACCESS, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_NOT_OPERATOR, irc::ERR_NOPRIVILEGES, shape::none},
    row{CONFAB_REFUSED_BAD_PASSWORD, irc::ERR_PASSWDMISMATCH, shape::none},
    row{CONFAB_REFUSED_NO_OPERATOR_HERE, irc::ERR_NOOPERHOST, shape::none},
    row{CONFAB_REFUSED_OTHER_USER, ircx::IRCERR_NOACCESS, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::access},
    row{CONFAB_REFUSED_OTHER_USER, irc::ERR_USERSDONTMATCH, shape::none},
    row{CONFAB_REFUSED_BANNED_FROM_SERVER, irc::ERR_YOUREBANNEDCREEP, shape::none},
    row{CONFAB_REFUSED_NOT_VOICED, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_NO_CTCP, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_MEMBERS_ONLY, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_NO_MOTD, irc::ERR_NOMOTD, shape::none},
    row{CONFAB_REFUSED_TOO_LONG, ircx::IRCERR_BADVALUE, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::prop},
    row{CONFAB_REFUSED_TOO_LONG, ircx::IRCERR_BADVALUE, shape::name, who::ircx, CONFAB_EVENT_NONE,
        manner::access},
    row{CONFAB_REFUSED_TOO_LONG, irc::ERR_INPUTTOOLONG, shape::none},
    row{CONFAB_REFUSED_BAD_KEY_VALUE, ircx::IRCERR_BADVALUE, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::prop},
    row{CONFAB_REFUSED_BAD_KEY_VALUE, irc::ERR_INVALIDKEY, shape::name},
    row{CONFAB_REFUSED_WAS_NO_USER, irc::ERR_WASNOSUCHNICK, shape::nick},
    // The draft's answer to what fails inside the server, of a number that is the server's own.
    row{CONFAB_REFUSED_FAILED, ircx::IRCERR_UNKNOWNERROR, shape::none, who::ircx, CONFAB_EVENT_NONE,
        any, "Unknown error code 36"},
    row{CONFAB_REFUSED_PARAMETERS, irc::ERR_NEEDMOREPARAMS, shape::verb},
    row{CONFAB_REFUSED_NOT_REGISTERED, irc::ERR_NOTREGISTERED, shape::verb},
    row{CONFAB_REFUSED_NOT_THERE, irc::ERR_UNKNOWNCOMMAND, shape::verb},
    row{CONFAB_REFUSED_OWNER_NEEDED, ircx::IRCERR_NOACCESS, shape::name, who::ircx,
        CONFAB_EVENT_NONE, manner::access},
    row{CONFAB_REFUSED_OWNER_NEEDED, ircx::IRCERR_SECURITY, shape::none, who::ircx,
        CONFAB_EVENT_NONE, manner::prop},
    row{CONFAB_REFUSED_OWNER_NEEDED, ircx::ERR_CHANOWNPRIVSNEEDED, shape::name, who::ircx},
    row{CONFAB_REFUSED_OWNER_NEEDED, irc::ERR_CHANOPRIVSNEEDED, shape::name, who::all,
        CONFAB_EVENT_KICK, any, "They are the channel owner"},
    row{CONFAB_REFUSED_OWNER_NEEDED, irc::ERR_CHANOPRIVSNEEDED, shape::name, who::irc,
        CONFAB_EVENT_MEMBER_CHANGE, any, "They are the channel owner"},
    row{CONFAB_REFUSED_OWNER_NEEDED, irc::ERR_CHANOPRIVSNEEDED, shape::name, who::all,
        CONFAB_EVENT_NONE, any, "You're not channel owner"},
    // Never, which to other clients is only not yet: 439 is another thing to them.
    row{CONFAB_REFUSED_FORBIDDEN, ircx::ERR_NICKNOTPERMITTED, shape::nick, who::ircx,
        CONFAB_EVENT_NICK},
    row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_NICKTOOFAST, shape::nick, who::all, CONFAB_EVENT_NICK,
        any, "You may not change your nick"},
    row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_CANNOTKNOCK, shape::name, who::all, CONFAB_EVENT_KNOCK},
    row{CONFAB_REFUSED_FORBIDDEN, ircx::IRCERR_SECURITY, shape::none, who::ircx},
    row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_NOPRIVILEGES, shape::none, who::all, CONFAB_EVENT_KILL},
    row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_CHANOPRIVSNEEDED, shape::name, who::all,
        CONFAB_EVENT_KICK, any, "They are an administrator"},
    row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_CHANOPRIVSNEEDED, shape::name, who::all,
        CONFAB_EVENT_CHANNEL_CHANGE, any, "That cannot be changed here"},
    row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_UNKNOWNERROR, shape::verb, who::all, CONFAB_EVENT_NONE,
        any, "Not allowed"},
    row{CONFAB_REFUSED_AUTH_ONLY, irc::ERR_CANNOTSENDTOCHAN, shape::name, who::all,
        CONFAB_EVENT_MESSAGE},
    row{CONFAB_REFUSED_AUTH_ONLY, ircx::ERR_AUTHONLYCHAN, shape::name, who::ircx},
    row{CONFAB_REFUSED_AUTH_ONLY, ircx::ERR_NEEDREGGEDNICK, shape::name},
    row{CONFAB_REFUSED_CLOSED_LIST, ircx::IRCERR_NOACCESS, shape::name, who::ircx},
    row{CONFAB_REFUSED_CLOSED_LIST, irc::ERR_INVITEONLYCHAN, shape::name, who::all,
        CONFAB_EVENT_NONE, any, "Cannot join channel (you are not on its list)"},
    row{CONFAB_REFUSED_NO_WHISPER, ircx::IRCERR_NOWHISPER, shape::name, who::ircx},
    row{CONFAB_REFUSED_NO_WHISPER, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_NO_DATA, irc::ERR_CANNOTSENDTOCHAN, shape::name},
    row{CONFAB_REFUSED_CHANNEL_EXISTS, ircx::IRCERR_CHANNELEXIST, shape::name, who::ircx},
    row{CONFAB_REFUSED_CHANNEL_EXISTS, irc::ERR_UNKNOWNERROR, shape::verb, who::all,
        CONFAB_EVENT_NONE, any, "Channel already exists"},
    row{CONFAB_REFUSED_ALREADY_IN, irc::ERR_KNOCKONCHAN, shape::name, who::all, CONFAB_EVENT_KNOCK},
    row{CONFAB_REFUSED_ALREADY_IN, ircx::IRCERR_ALREADYONCHANNEL, shape::name, who::ircx},
    row{CONFAB_REFUSED_ALREADY_IN, irc::ERR_UNKNOWNERROR, shape::verb, who::all, CONFAB_EVENT_NONE,
        any, "You are in that channel"},
    row{CONFAB_REFUSED_NO_CREATE, ircx::ERR_NODYNAMICCREATE, shape::name},
    row{CONFAB_REFUSED_NO_DYNAMIC, ircx::ERR_NODYNAMICJOIN, shape::name},
    // 900 is what the protocol of the channel itself had for this: its clients know it in plain
    // IRC.
    row{CONFAB_REFUSED_WRONG_PROTOCOL, ircx::IRCERR_BADCOMMAND, shape::name, who::irc,
        CONFAB_EVENT_NONE, any, "Channel is for clients of Microsoft's protocol only"},
    row{CONFAB_REFUSED_WRONG_PROTOCOL, ircx::IRCERR_NOACCESS, shape::name, who::ircx},
    row{CONFAB_REFUSED_WRONG_PROTOCOL, ircx::ERR_NEEDREGGEDNICK, shape::name, who::all,
        CONFAB_EVENT_NONE, any, "Cannot join channel (it is for clients of another protocol)"},
    row{CONFAB_REFUSED_RESERVED_NAME, irc::ERR_NOSUCHCHANNEL, shape::name, who::all,
        CONFAB_EVENT_NONE, any, "That name is kept for the clones of a channel"},
    row{CONFAB_REFUSED_DUPLICATE, ircx::IRCERR_DUPACCESS, shape::none, who::ircx},
    row{CONFAB_REFUSED_DUPLICATE, irc::ERR_UNKNOWNERROR, shape::verb, who::all, CONFAB_EVENT_NONE,
        any, "There is such an entry"},
    row{CONFAB_REFUSED_NO_ENTRY, ircx::IRCERR_MISACCESS, shape::none, who::ircx},
    row{CONFAB_REFUSED_NO_ENTRY, irc::ERR_UNKNOWNERROR, shape::verb, who::all, CONFAB_EVENT_NONE,
        any, "There is no such entry"},
    row{CONFAB_REFUSED_NOT_SUPPORTED, ircx::IRCERR_NOTSUPPORTED, shape::name, who::ircx},
    row{CONFAB_REFUSED_NOT_SUPPORTED, irc::ERR_UNKNOWNERROR, shape::verb, who::all,
        CONFAB_EVENT_NONE, any, "Not supported"},
    row{CONFAB_REFUSED_NO_MECHANISM, irc::ERR_UNKNOWNERROR, shape::verb, who::all,
        CONFAB_EVENT_NONE, any, "No such security package"},
    row{CONFAB_REFUSED_UNKNOWN_PROPERTY, ircx::IRCERR_BADPROPERTY, shape::name, who::ircx},
    row{CONFAB_REFUSED_UNKNOWN_PROPERTY, irc::ERR_UNKNOWNERROR, shape::verb, who::all,
        CONFAB_EVENT_NONE, any, "No such property"},
    row{CONFAB_REFUSED_TOO_FAST, irc::ERR_TOOMANYKNOCK, shape::name, who::all, CONFAB_EVENT_KNOCK},
    row{CONFAB_REFUSED_TOO_FAST, irc::RPL_TRYAGAIN, shape::verb},
    row{CONFAB_REFUSED_AUTH_SUSPENDED, irc::ERR_UNKNOWNERROR, shape::verb, who::all,
        CONFAB_EVENT_NONE, any, "Authentication suspended for this IP"},
};

// The command that a client gives for the act.
std::string_view verb_of(const core::operation &op) noexcept {
  static constexpr std::array<std::string_view, 25> names{
      "*",    "CONNECT", "REGISTER", "PASS",  "QUIT", "NICK", "MODE", "PRIVMSG", "JOIN",
      "PART", "KICK",    "INVITE",   "TOPIC", "MODE", "JOIN", "PART", "MODE",    "MODE",
      "KILL", "OPER",    "*",        "*",     "*",    "*",    "*"};
  static constexpr std::array<std::string_view, CONFAB_QUERY_PROPERTIES + 1> questions{
      "*",        "NAMES", "LIST", "WHO",  "WHOIS",  "WHOWAS", "ISON",
      "USERHOST", "TOPIC", "MODE", "MODE", "INVITE", "PROP"};
  static constexpr std::array<std::string_view, CONFAB_MESSAGE_REPLY + 1> kinds{
      "*", "PRIVMSG", "NOTICE", "WALLOPS", "WHISPER", "DATA", "REQUEST", "REPLY"};
  switch (manner_of(op)) {
  case manner::prop:
    return "PROP";
  case manner::create:
    return "CREATE";
  case manner::access:
    return "ACCESS";
  case manner::listx:
    return "LISTX";
  default:
    break;
  }
  const core::event_box &e = op.event;
  switch (e.head.type) {
  case CONFAB_EVENT_QUERY:
    return questions[e.query.kind];
  case CONFAB_EVENT_MESSAGE:
    return kinds[e.message.kind < kinds.size() ? e.message.kind : 0];
  case CONFAB_EVENT_COMMAND:
    return core::view(e.command.verb);
  case CONFAB_EVENT_ADMIN:
    return e.admin.request == CONFAB_REQUEST_DIE ? "DIE" : "REHASH";
  case CONFAB_EVENT_PROPERTY:
    return "PROP";
  case CONFAB_EVENT_KNOCK:
    return "KNOCK";
  case CONFAB_EVENT_USER_CHANGE:
    return e.user_change.what == CONFAB_USER_AWAY ? "AWAY" : "MODE";
  default:
    return e.head.type < names.size() ? names[e.head.type] : "*";
  }
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
    return {view(e.message.context_name.len > 0 ? e.message.context_name : e.message.name),
            view(e.message.name),
            {}};
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
    return {view(e.kill.nick), view(e.kill.nick), {}};
  case CONFAB_EVENT_KNOCK:
    return {view(e.knock.name), {}, {}};
  case CONFAB_EVENT_PROPERTY:
    return {view(e.property.subject_name), {}, {}};
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

bool holds(const row &r, view v, const core::operation &op) noexcept {
  const bool seen = r.sees == who::all || (r.sees == who::irc && v == view::irc) ||
                    (r.sees == who::v3 && v == view::v3) ||
                    (r.sees == who::ircx && v == view::ircx);
  return r.code == op.why.code && seen && (r.type == CONFAB_EVENT_NONE || r.type == op.type()) &&
         (r.how == any || r.how == manner_of(op));
}

// Of the acts that one code refuses for several reasons, the reason that only the act itself tells.
std::optional<row> special_row(core::world &w, view v, const core::operation &op) noexcept {
  // What is said to a plugin names it as one names a user.
  if (op.why.code == CONFAB_REFUSED_NOT_THERE && says_to_plugin(op.event))
    return row{CONFAB_REFUSED_NOT_THERE, irc::ERR_NOSUCHNICK, shape::nick};
  // An operator of the channel cannot say OWNER in ACCESS, as if there were no such level.
  if (op.why.code == CONFAB_REFUSED_OWNER_NEEDED && v == view::ircx &&
      op.type() == CONFAB_EVENT_ACCESS && op.event.access.list == CONFAB_LIST_OWNER)
    return row{CONFAB_REFUSED_OWNER_NEEDED, ircx::IRCERR_BADLEVEL, shape::verb};
  // A channel that takes knocks and needs none.
  const core::channel *where =
      op.type() == CONFAB_EVENT_KNOCK ? w.channels.find(op.event.knock.channel) : nullptr;
  if (op.why.code == CONFAB_REFUSED_FORBIDDEN && where && where->has(CONFAB_CMODE_KNOCK))
    return row{CONFAB_REFUSED_FORBIDDEN, irc::ERR_CHANOPEN, shape::name};
  return std::nullopt;
}

row find_row(core::world &w, view v, const core::operation &op) noexcept {
  if (const auto special = special_row(w, v, op))
    return *special;
  const auto at =
      std::find_if(std::begin(rows), std::end(rows), [&](const row &r) { return holds(r, v, op); });
  if (at != std::end(rows))
    return *at;
  // A rule that no numeric knows.
  return op.type() == CONFAB_EVENT_MESSAGE
             ? row{CONFAB_REFUSED_POLICY, irc::ERR_CANNOTSENDTOCHAN, shape::name}
             : row{CONFAB_REFUSED_POLICY, irc::ERR_UNKNOWNERROR, shape::verb};
}

// The letter of the value that was refused: ERR_INVALIDMODEPARAM and ERR_BANLISTFULL show it.
char letter_shown(const core::world &w, view v, const core::event_box &e) noexcept {
  const char letter =
      e.head.type == CONFAB_EVENT_ACCESS
          ? letter_of(v, w.added, core::mode_kind::list, e.access.list)
          : letter_of(v, w.added, core::mode_kind::channel_mode, e.channel_change.mode);
  return letter != 0 ? letter : '*';
}

static_assert(CONFAB_REFUSED_FAILED == 36); // what the text of 999 says

// What the numeric says when the filter or host says nothing.
std::string_view usual_text(core::world &w, const core::event_box &e, const row &r) noexcept {
  if (!r.text.empty())
    return r.text;
  if (r.numeric == irc::ERR_NOSUCHNICK && says_to_plugin(e))
    return "No such plugin";
  if (r.numeric == irc::ERR_INVALIDMODEPARAM)
    return "Invalid mode parameter";
  if (r.numeric == irc::ERR_NEEDMOREPARAMS) {
    const core::addition *a = w.added.find(e.command.command);
    if (a && e.command.params > a->as<confab_command_spec>().params_max)
      return "Too many parameters";
  }
  const std::string_view own = irc::text_of(static_cast<irc::numeric>(r.numeric));
  return own.empty() ? ircx::text_of(static_cast<ircx::numeric>(r.numeric)) : own;
}

// Only names of users are shown otherwise than they are; of what was never read as one, only what
// could be a nick, and of a new nick what cannot be shown as it is.
bool names_user(core::world &w, view v, const core::operation &op, std::string_view name) noexcept {
  if (w.find_user(name))
    return true;
  const bool new_nick = op.type() == CONFAB_EVENT_NICK || op.type() == CONFAB_EVENT_REGISTER;
  const bool asks_nick = op.type() == CONFAB_EVENT_MESSAGE || op.type() == CONFAB_EVENT_QUERY ||
                         op.type() == CONFAB_EVENT_KICK || op.type() == CONFAB_EVENT_INVITE ||
                         op.type() == CONFAB_EVENT_MEMBER_CHANGE;
  if (new_nick)
    return core::nick_legal(w, name) || std::any_of(name.begin(), name.end(), [](char c) {
             return static_cast<unsigned char>(c) <= ' ';
           });
  return asks_nick && v == view::ircx && core::nick_legal(w, name) &&
         name.find_first_of("*?") == std::string_view::npos;
}

// A name as the client writes it; what can be none stays as it wrote it.
std::string_view shown(core::world &w, const core::conn &c, const core::operation &op,
                       std::string_view name, name_buffer &buffer) noexcept {
  if (name.starts_with('#') || name.starts_with('&'))
    return (op.manner & manner_spelled) != 0 || w.find_channel(name)
               ? show_channel(irc_dialect::as_typed(c, op), name, buffer)
               : name;
  return names_user(w, view_of(c), op, name) ? show_nick(view_of(c), name, buffer) : name;
}

bool has_an_end(const core::operation &op) noexcept {
  switch (op.event.query.kind) {
  case CONFAB_QUERY_WHOIS:
  case CONFAB_QUERY_WHOWAS:
    return true;
  case CONFAB_QUERY_LIST:
    return manner_of(op) == manner::listx;
  case CONFAB_QUERY_PROPERTIES: // Microsoft's clients wait for it, unless there is no such channel
    return op.why.code != CONFAB_REFUSED_NO_SUCH_CHANNEL;
  default:
    return false;
  }
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
  const row r = find_row(w, view_of(c), op);
  const auto code = static_cast<irc::numeric>(r.numeric);
  const std::string_view own = op.why.text.view();
  const std::string_view text = own.empty() ? usual_text(w, e, r) : own;
  name_buffer name_shown, nick_shown;
  const std::string_view name = shown(w, c, op, n.name, name_shown);
  const std::string_view nick = shown(w, c, op, n.nick, nick_shown);
  const char letter = r.shows == shape::name_value ? letter_shown(w, view_of(c), e) : '\0';
  switch (r.shows) {
  case shape::none:
    reply(c, code, {}, text);
    break;
  case shape::verb:
    reply(c, code, {verb_of(op)}, text);
    break;
  case shape::name:
    reply(c, code, {name}, text);
    break;
  case shape::nick:
    reply(c, code, {nick}, text);
    break;
  case shape::nick_name:
    reply(c, code, {nick, name}, text);
    break;
  case shape::name_value:
    if (r.numeric == irc::ERR_INVALIDMODEPARAM)
      reply(c, code, {name, {&letter, 1}, n.value}, text);
    else
      reply(c, code, {name, {&letter, 1}}, text);
    break;
  }
  if (e.head.type == CONFAB_EVENT_QUERY && has_an_end(op))
    query_end(c, op);
}

// Before registration a refusal either asks for another nick or is the end.
void irc_dialect::refuse_registration(core::conn &c, const core::operation &op) {
  registration &r = registration_of(c);
  if (op.type() == CONFAB_EVENT_AUTHENTICATE && op.event.authenticate.step > 0)
    return refuse_package(c, op);
  r.submitted = false;
  std::string_view text = op.why.text.view();
  // PASS names no package that 911 could show; and to a client without IRCX that is none.
  if (text.empty() && op.why.code == CONFAB_REFUSED_AUTH_SUSPENDED)
    text = ircx::text_of(ircx::IRCERR_AUTHENTICATIONSUSPENDED);
  switch (op.why.code) {
  case CONFAB_REFUSED_NICK_IN_USE:
  case CONFAB_REFUSED_BAD_NICK: {
    core::owned_str wanted; // it has no nick any more: the reply is to `*`
    wanted.swap(r.nick);
    name_buffer buffer;
    reply(c, static_cast<irc::numeric>(find_row(w, view_of(c), op).numeric),
          {shown(w, c, op, wanted.view(), buffer)});
    return wanted.clear(w.mem);
  }
  case CONFAB_REFUSED_BAD_PASSWORD:
    if (!is_strict(c.variant)) // Comic Chat would ask for an operator's password (spec ircx §17.32)
      reply(c, irc::ERR_PASSWDMISMATCH, {},
            text.empty() ? irc::text_of(irc::ERR_PASSWDMISMATCH) : text);
    return w.doom(c, CONFAB_DISCONNECT_DENIED, "Bad password");
  case CONFAB_REFUSED_LIMIT:
  case CONFAB_REFUSED_BUSY:
    return w.doom(c, CONFAB_DISCONNECT_DENIED, "The server is full");
  default:
    if (view_of(c) == view::ircx) { // Microsoft's clients expect `*` here (spec ircx §11.3)
      reply(c, ircx::IRCERR_NOACCESS, {"*"}, text.empty() ? "No access" : text);
      return w.doom(c, CONFAB_DISCONNECT_DENIED, text.empty() ? "No access" : text);
    }
    reply(c, irc::ERR_YOUREBANNEDCREEP, {},
          text.empty() ? irc::text_of(irc::ERR_YOUREBANNEDCREEP) : text);
    return w.doom(c, CONFAB_DISCONNECT_DENIED, text.empty() ? "Access denied" : text);
  }
}

} // namespace confab::session
