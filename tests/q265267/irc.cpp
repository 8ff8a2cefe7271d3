// SPDX-License-Identifier: MIT
//
// The row of plain IRC: intents as lines of RFC 2812, and what a line of an answer must be. What an
// intent means, and what must come of it, is the same for all protocols and stands elsewhere.
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

confab_id enter(engine_fixture &chat, std::string_view nick) { return chat.enter(nick); }

bool say(const intent &what, std::string_view self, std::string &bytes) {
  const std::string line = line_of(what, self);
  bytes += line + "\r\n";
  return !line.empty();
}

std::vector<std::string> pieces(std::string_view bytes) {
  std::vector<std::string> out;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size() - 1) + 1;
    out.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end);
  }
  return out;
}

bool is_number(std::string_view verb) {
  return verb.size() == 3 &&
         std::all_of(verb.begin(), verb.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string malformed(std::string_view bytes) {
  for (const std::string &line : pieces(bytes)) {
    const std::string_view whole = line;
    confab::irc::message m;
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

unsigned take_refusals(std::string &bytes, bool ends) {
  std::string rest, farewell;
  unsigned refusals = 0;
  for (const std::string &line : pieces(bytes)) {
    confab::irc::message m;
    const std::string_view inside = std::string_view(line).substr(0, line.size() - 2);
    const bool parsed = confab::irc::parse(inside, m) == confab::irc::parse_result::ok;
    const bool refuses = parsed && ((is_number(m.verb) && (m.verb[0] == '4' || m.verb[0] == '5')) ||
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

} // namespace

const protocol &irc_protocol() {
  static constexpr protocol row{"irc",     CONFAB_PROTOCOL_IRC, enter, say,
                                malformed, take_refusals,       pieces};
  return row;
}

} // namespace q265267
