// SPDX-License-Identifier: MIT
//
// The rows of the family of IRC, plain, with capabilities and with IRCX: intents as lines, and what
// a line of an answer must be. What an intent means, and what must come of it, is the same for all
// protocols and stands elsewhere.
#include "q265267/protocols.hpp"

#include "proto/irc/message.hpp"

#include <algorithm>
#include <array>

using confab::test::engine_fixture;

namespace q265267 {

namespace {

std::string trailing(const std::string &text) { return text.empty() ? "" : " :" + text; }
std::string word(const std::string &text) { return text.empty() ? "" : " " + text; }

std::string registration(const intent &what) {
  return "NICK " + what.nick + "\r\nUSER " + what.username + " 0 * :" + what.realname;
}

std::string question(const intent &what, std::string_view self) {
  switch (what.kind) {
  case CONFAB_QUERY_NAMES:
    return "NAMES " + what.name;
  case CONFAB_QUERY_LIST:
    return "LIST";
  case CONFAB_QUERY_WHO:
    return "WHO " + what.name;
  case CONFAB_QUERY_WHOIS:
    return "WHOIS " + what.name;
  case CONFAB_QUERY_WHOWAS:
    return "WHOWAS " + what.name;
  case CONFAB_QUERY_ISON:
    return "ISON " + what.name;
  case CONFAB_QUERY_USERHOST:
    return "USERHOST " + what.name;
  case CONFAB_QUERY_TOPIC:
    return "TOPIC " + what.name;
  case CONFAB_QUERY_MODES:
    return "MODE " + (what.name.empty() ? std::string(self) : what.name);
  case CONFAB_QUERY_ACCESS:
    return "MODE " + what.name + " +b";
  case CONFAB_QUERY_INVITES:
    return "INVITE";
  default:
    return "";
  }
}

std::string mode_change(const intent &what, std::string_view self) {
  const std::string sign = what.set != 0 ? "+" : "-";
  if (what.type == CONFAB_EVENT_USER_CHANGE)
    return "MODE " + std::string(self) + " " + sign +
           (what.mode == CONFAB_UMODE_WALLOPS     ? "w"
            : what.mode == CONFAB_UMODE_INVISIBLE ? "i"
                                                  : "o");
  if (what.type == CONFAB_EVENT_MEMBER_CHANGE)
    return "MODE " + what.name + " " + sign + (what.rank == CONFAB_RANK_VOICE ? "v " : "o ") +
           what.nick;
  if (what.type == CONFAB_EVENT_ACCESS)
    return "MODE " + what.name + " " + sign + "beI"[what.list] + " " + what.mask;
  static constexpr std::string_view letters = "mntispCkl"; // in the order of CONFAB_CMODE_*
  const bool valued = what.mode >= CONFAB_CMODE_KEY && what.set != 0;
  return "MODE " + what.name + " " + sign + letters[what.mode] + (valued ? " " + what.value : "");
}

std::string line_of(const intent &what, std::string_view self) {
  switch (what.type) {
  case CONFAB_EVENT_REGISTER:
    return registration(what);
  case CONFAB_EVENT_AUTHENTICATE:
    return "PASS " + what.key + "\r\n" + registration(what);
  case CONFAB_EVENT_DISCONNECT:
    return "QUIT" + trailing(what.text);
  case CONFAB_EVENT_NICK:
    return "NICK " + what.nick;
  case CONFAB_EVENT_USER_CHANGE:
    if (what.kind == CONFAB_USER_AWAY)
      return "AWAY" + (what.set != 0 ? trailing(what.text) : "");
    return what.kind == CONFAB_USER_MODE ? mode_change(what, self) : "";
  case CONFAB_EVENT_MESSAGE:
    if (what.kind == CONFAB_MESSAGE_WALLOPS)
      return "WALLOPS" + trailing(what.text);
    return (what.kind == CONFAB_MESSAGE_NOTICE ? "NOTICE " : "PRIVMSG ") + what.name +
           trailing(what.text);
  case CONFAB_EVENT_JOIN:
    return "JOIN " + what.name + word(what.key);
  case CONFAB_EVENT_PART:
    return "PART " + what.name + trailing(what.text);
  case CONFAB_EVENT_KICK:
    return "KICK " + what.name + " " + what.nick + trailing(what.text);
  case CONFAB_EVENT_INVITE:
    return "INVITE " + what.nick + " " + what.name;
  case CONFAB_EVENT_TOPIC:
    return "TOPIC " + what.name + " :" + what.text;
  case CONFAB_EVENT_KNOCK:
    return "KNOCK " + what.name + trailing(what.text);
  case CONFAB_EVENT_MEMBER_CHANGE:
  case CONFAB_EVENT_CHANNEL_CHANGE:
  case CONFAB_EVENT_ACCESS:
    return mode_change(what, self);
  case CONFAB_EVENT_KILL:
    return "KILL " + what.nick + trailing(what.text);
  case CONFAB_EVENT_OPER:
    return "OPER " + what.name + " " + what.key;
  case CONFAB_EVENT_QUERY:
    return question(what, self);
  case CONFAB_EVENT_COMMAND:
    return what.name + trailing(what.text);
  case CONFAB_EVENT_ADMIN:
    return what.kind == CONFAB_REQUEST_DIE ? "DIE" : "REHASH";
  default:
    return "";
  }
}

// What only IRCX has words for.
std::string ircx_line(const intent &what) {
  switch (what.type) {
  case CONFAB_EVENT_MESSAGE:
    if (what.kind == CONFAB_MESSAGE_WHISPER)
      return "WHISPER " + what.context + " " + what.name + trailing(what.text);
    return what.kind == CONFAB_MESSAGE_DATA
               ? "DATA " + what.name + " TEST.TAG" + trailing(what.text)
               : "";
  case CONFAB_EVENT_PROPERTY:
    return "PROP " + what.name + " " + what.key + " :" + (what.set != 0 ? what.text : "");
  case CONFAB_EVENT_ACCESS:
    return what.list == CONFAB_LIST_GRANT
               ? "ACCESS " + what.name + (what.set != 0 ? " ADD" : " DELETE") + " GRANT " +
                     what.mask + (what.set != 0 ? trailing(what.text) : "")
               : "";
  case CONFAB_EVENT_QUERY:
    return what.kind == CONFAB_QUERY_PROPERTIES ? "PROP " + what.name + " *" : "";
  default:
    return "";
  }
}

bool only_ircx(const intent &what) {
  return (what.type == CONFAB_EVENT_MESSAGE && what.kind >= CONFAB_MESSAGE_WHISPER) ||
         what.type == CONFAB_EVENT_PROPERTY ||
         (what.type == CONFAB_EVENT_ACCESS && what.list > CONFAB_LIST_INVITE) ||
         (what.type == CONFAB_EVENT_QUERY && what.kind == CONFAB_QUERY_PROPERTIES);
}

std::string in_words(const intent &what, std::string_view self, bool ircx) {
  if (only_ircx(what))
    return ircx ? ircx_line(what) : "";
  return line_of(what, self);
}

bool can_plain(const intent &what) { return !in_words(what, "ann", false).empty(); }
bool can_ircx(const intent &what) { return !in_words(what, "ann", true).empty(); }

std::string say(const intent &what, client &self) {
  return in_words(what, self.nick, self.speaks->bit == CONFAB_PROTOCOL_IRCX) + "\r\n";
}

void enter_plain(engine_fixture &chat, confab_id conn, client &self) {
  chat.enter(conn, self.nick);
}
void enter_v3(engine_fixture &chat, confab_id conn, client &self) {
  chat.enter(conn, self.nick, "echo-message multi-prefix server-time userhost-in-names");
}
void enter_ircx(engine_fixture &chat, confab_id conn, client &self) {
  (void)chat.say(conn, "IRCX\r\n");
  chat.enter(conn, self.nick);
}

bool is_number(std::string_view verb) {
  return verb.size() == 3 &&
         std::all_of(verb.begin(), verb.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string malformed(std::string_view bytes) {
  for (const std::string &line : pieces(bytes)) {
    std::string_view whole = line;
    confab::irc::message m;
    if (whole.starts_with('@'))
      whole.remove_prefix(std::min(whole.find(' ') + 1, whole.size()));
    if (!whole.ends_with("\r\n") || whole.size() > 512)
      return "a line without its end, or too long: " + line;
    const std::string_view inside = whole.substr(0, whole.size() - 2);
    if (inside.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos ||
        confab::irc::parse(inside, m) != confab::irc::parse_result::ok)
      return "no message: " + line;
    if (!inside.starts_with(':') && m.verb != "PING" && m.verb != "ERROR")
      return "a line from nobody: " + line;
    if (is_number(m.verb) && m.param_count < 2)
      return "a numeric that says nothing: " + line;
  }
  return "";
}

std::string hear(client &, const std::string &bytes, std::string &problem) {
  if (problem.empty())
    problem = malformed(bytes);
  std::string out; // without the time: what waits comes later
  for (const std::string &line : pieces(bytes))
    out += line.starts_with("@time=") ? line.substr(line.find(' ') + 1) : line;
  return out;
}

unsigned take_refusals(std::string &bytes, bool ends) {
  std::string rest, farewell;
  unsigned refusals = 0;
  for (const std::string &line : pieces(bytes)) {
    confab::irc::message m;
    const std::string_view inside = std::string_view(line).substr(0, line.size() - 2);
    const bool parsed = confab::irc::parse(inside, m) == confab::irc::parse_result::ok;
    const bool refuses =
        parsed &&
        ((is_number(m.verb) && (m.verb[0] == '4' || m.verb[0] == '5' || m.verb[0] == '9')) ||
         m.verb == "FAIL");
    if (refuses)
      ++refusals;
    else if (parsed && ends && m.verb == "ERROR")
      farewell = line;
    else
      rest += line;
  }
  bytes = rest;
  return refusals == 0 && !farewell.empty() ? 1 : refusals;
}

constexpr const char *instead = ":other NOTICE bob :instead\r\n";

} // namespace

protocol irc_protocol() {
  return {"irc", CONFAB_PROTOCOL_IRC, true,    false,  false, nullptr, enter_plain, can_plain, say,
          hear,  take_refusals,       instead, instead};
}
protocol ircv3_protocol() {
  return {"ircv3", CONFAB_PROTOCOL_IRCV3, true,    false,  false, nullptr, enter_v3, can_plain, say,
          hear,    take_refusals,         instead, instead};
}
protocol ircx_protocol() {
  return {"ircx", CONFAB_PROTOCOL_IRCX, true,    false,  false, nullptr, enter_ircx, can_ircx, say,
          hear,   take_refusals,        instead, instead};
}

} // namespace q265267
