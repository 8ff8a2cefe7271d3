// SPDX-License-Identifier: MIT
//
// Random choices that are the same on every machine, and random things that clients say: mostly
// commands that make sense among a few nicks and channels, some that do not, some noise. For
// property tests: who says it, and what must hold then, is theirs.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>

namespace confab::test {

// The distributions of <random> differ between libraries; this does not.
class chooser {
public:
  explicit chooser(std::uint64_t seed) : engine_(seed) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  std::uint64_t bits() { return engine_(); }
  template <class Range>
  auto &of(Range &range) {
    return range[below(std::size(range))];
  }

private:
  std::mt19937_64 engine_;
};

// How long a property may search: CONFAB_PROPERTY_SECONDS, or what the suite can afford.
inline std::chrono::seconds property_seconds(int usual) {
  const char *given = std::getenv("CONFAB_PROPERTY_SECONDS");
  return std::chrono::seconds(given ? std::atoi(given) : usual);
}

// Where it begins: CONFAB_PROPERTY_SEED, to play a failure again.
inline std::uint64_t property_seed() {
  const char *given = std::getenv("CONFAB_PROPERTY_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 1;
}

inline std::string random_nick(chooser &pick) {
  static constexpr std::array<std::string_view, 9> nicks{"ann", "bob", "cyd",  "dan", "eve",
                                                         "Ann", "fay", "h[x]", "H{X}"};
  return std::string(pick.of(nicks));
}

inline std::string random_channel(chooser &pick) {
  static constexpr std::array<std::string_view, 6> channels{"#a", "#b", "#c", "&d", "#A", "#e"};
  return std::string(pick.of(channels));
}

inline std::string random_bytes(chooser &pick, std::size_t bytes_max) {
  std::string out(pick.below(bytes_max + 1), '\0');
  for (char &c : out)
    c = static_cast<char>(pick.one_in(6) ? " :,@#\r\n\0"[pick.below(8)]
                                         : static_cast<char>(pick.below(256)));
  return out;
}

inline std::string random_modes(chooser &pick) {
  std::string out;
  for (std::size_t i = 1 + pick.below(4); i > 0; --i)
    out += "+-+ovbeIklimnpstCz"[pick.below(18)];
  for (std::size_t i = pick.below(4); i > 0; --i)
    out += " " + (pick.one_in(3)   ? random_nick(pick)
                  : pick.one_in(2) ? std::to_string(pick.below(5))
                                   : random_nick(pick) + "!*@*");
  return out;
}

// What IRCX adds, for sessions that enabled it and others.
inline std::string random_ircx_line(chooser &pick) {
  const std::string nick = random_nick(pick), channel = random_channel(pick);
  static constexpr std::array<std::string_view, 8> levels{"DENY",  "GRANT", "VOICE", "HOST",
                                                          "OWNER", "deny",  "",      "KING"};
  static constexpr std::array<std::string_view, 10> properties{
      "TOPIC", "MEMBERKEY", "OWNERKEY", "HOSTKEY",   "ONJOIN",
      "LAG",   "ACCOUNT",   "*",        "NAME,PICS", "X"};
  static constexpr std::array<std::string_view, 6> objects{"$", "*", "'", "%", "$x", "^414243"};
  const std::string object = pick.one_in(3)   ? std::string(pick.of(objects))
                             : pick.one_in(2) ? nick
                                              : channel;
  switch (pick.below(12)) {
  case 0:
    return pick.one_in(3) ? "MODE ISIRCX" : pick.one_in(3) ? "ISIRCX" : "IRCX";
  case 1:
    return "CREATE " + std::string(pick.one_in(3) ? "%" : "") + channel + " " +
           random_bytes(pick, 3) + std::string(1, "ntlkmexcdpsh"[pick.below(12)]) + " 2 key";
  case 2:
  case 3:
    return "PROP " + object + " " + std::string(pick.of(properties)) +
           (pick.one_in(2)   ? ""
            : pick.one_in(2) ? " :"
                             : " :1");
  case 4:
    return "ACCESS " + object + " ADD " + std::string(pick.of(levels)) + " " + nick +
           (pick.one_in(2) ? "" : " 1 :why");
  case 5:
    return "ACCESS " + object + " " + (pick.one_in(2) ? "CLEAR" : "DELETE") + " " +
           std::string(pick.of(levels)) + " " + nick;
  case 6:
    return "ACCESS " + object;
  case 7:
    return "WHISPER " + channel + " " + nick + "," + random_nick(pick) + " :" +
           random_bytes(pick, 20);
  case 8:
    return "DATA " + object + (pick.one_in(2) ? "" : " " + nick) + " TAG :" + random_bytes(pick, 9);
  case 9:
    return pick.one_in(2) ? "LISTX >0,N=*" : "LISTX " + random_bytes(pick, 12);
  case 10:
    return "EVENT " + std::string(pick.one_in(4) ? "DELETE" : "ADD") +
           (pick.one_in(2) ? " MEMBER " : " USER ") + nick;
  default:
    return pick.one_in(2) ? "KNOCK " + channel : "NICK '" + random_bytes(pick, 8);
  }
}

// One line without its end.
inline std::string random_line(chooser &pick) {
  if (pick.one_in(5))
    return random_ircx_line(pick);
  const std::string nick = random_nick(pick), channel = random_channel(pick);
  const std::string target = pick.one_in(3) ? nick : channel;
  static constexpr std::array<std::string_view, 12> asks{
      "LIST", "WHO *", "LUSERS", "ISON ann bob", "USERHOST ann bob", "INVITE",
      "MOTD", "WHO 0", "NAMES",  "STATS m",      "LIST >0",          "VERSION"};
  switch (pick.below(30)) {
  case 0:
  case 1:
    return "NICK " + nick;
  case 2:
    return "USER u 0 * :Real Name";
  case 3:
  case 4:
  case 5:
  case 6:
    return "JOIN " + channel + (pick.one_in(4) ? "," + random_channel(pick) : "") +
           (pick.one_in(4) ? " 2" : "");
  case 7:
    return pick.one_in(3) ? "JOIN 0" : "PART " + channel + " :bye";
  case 8:
  case 9:
    return "KICK " + channel + " " + nick + "," + random_nick(pick) + " :out";
  case 10:
  case 11:
  case 12:
    return "MODE " + channel + " " + random_modes(pick);
  case 13:
    return "MODE " + nick + " " + (pick.one_in(2) ? "+iw" : "-iwo");
  case 14:
  case 15:
  case 16:
    return "PRIVMSG " + target + "," + random_nick(pick) + " :hello there";
  case 17:
    return "NOTICE @" + channel + " :" + random_bytes(pick, 40);
  case 18:
    return "TOPIC " + channel + (pick.one_in(3) ? "" : " :about things");
  case 19:
    return "INVITE " + nick + " " + channel;
  case 20:
    return "WHOIS " + nick;
  case 21:
    return pick.one_in(2) ? "WHO " + channel : "NAMES " + channel + "," + random_channel(pick);
  case 22:
    return "WHOWAS " + nick;
  case 23:
    return pick.one_in(2) ? "AWAY :gone" : "AWAY";
  case 24:
    return "OPER root secret";
  case 25:
    return pick.one_in(2)   ? "KILL " + nick + " :enough"
           : pick.one_in(2) ? "WALLOPS :all"
                            : "REHASH";
  case 26:
    return pick.one_in(3) ? "QUIT :done" : "PING x";
  case 27:
    return pick.one_in(2) ? "CAP REQ :echo-message server-time multi-prefix" : "CAP END";
  case 28:
    return std::string(pick.of(asks));
  default:
    return random_bytes(pick, pick.one_in(10) ? 700 : 60);
  }
}

} // namespace confab::test
