// SPDX-License-Identifier: MIT
//
// HELP (modern.ircdocs.horse, HELP): what can be said, and of the commands that are not plain from
// their names how. Those of IRCX are explained to everybody: who reads of one may switch it on.

#include "session/irc/dialect.hpp"

#include "session/irc/added.hpp"
#include "session/lines.hpp"
#include "text/ascii.hpp"

#include <algorithm>

namespace confab::session {

namespace {

struct help_topic {
  std::string_view subject;
  std::string_view text;      // lines ended by LF; the first is the heading
  std::string_view with_ircx; // in its place, where that differs
};

constexpr help_topic help_topics[] = {
    help_topic{"ACCESS",
               "ACCESS <object> [LIST | CLEAR [<level>] | ADD <level> [<mask> [<minutes>]]\n"
               "[:<reason>] | DELETE <level> <mask>]\n"
               "Shows or changes who may enter a channel and with what rank, who may speak to\n"
               "you (your nick), or who may log on ($ this server, * the network).\n"
               "Levels, in the order in which they count: OWNER HOST VOICE GRANT DENY. One GRANT\n"
               "closes a list to all others. 0 minutes: for ever. Needs IRCX.",
               {}},
    help_topic{"AUTH",
               "AUTH <package> I|S [:<message>]\nAUTH <package> *\n"
               "Proves who you are, before NICK: I begins, S goes on, * gives up. 800 shows the\n"
               "packages. Needs IRCX.",
               {}},
    help_topic{"CREATE",
               "CREATE <channel> [<modes> [<limit>] [<key>]]\n"
               "Makes a channel with these modes and enters it as its owner; enters one that is\n"
               "there, unless c is among the modes. Modes: a c d e f h i k l m n p s t u w x.\n"
               "Needs IRCX.",
               {}},
    help_topic{
        "DATA",
        "DATA <target>{,<target>} <tag> :<text>\nDATA <channel> <nick>{,<nick>} <tag> :<text>\n"
        "Sends what is for programs to channels, users, or some members of a channel.\n"
        "Tags beginning with ADM, SYS, OWN and HST are for those ranks. Needs IRCX.",
        {}},
    help_topic{"EVENT",
               "EVENT ADD|DELETE <event> [<mask>]\nEVENT LIST [<event>]\n"
               "Lets an operator of the server see what happens. Events: CHANNEL MEMBER SERVER\n"
               "CONNECT SOCKET USER. Needs IRCX.",
               {}},
    help_topic{"IRCX", "IRCX\nSwitches IRCX on in this session, for good, and answers 800.", {}},
    help_topic{"ISIRCX",
               "ISIRCX\nAnswers 800: whether IRCX is on, and what it can do. MODE ISIRCX asks the\n"
               "same before registration.",
               {}},
    help_topic{"JOIN",
               "JOIN <channel>{,<channel>} [<key>{,<key>}]\nEnters channels. JOIN 0 leaves all.",
               {}},
    help_topic{
        "KICK", "KICK <channel> <nick>{,<nick>} [:<reason>]\nPuts members out of a channel.", {}},
    help_topic{
        "KNOCK", "KNOCK <channel> [:<text>]\nAsks to be let into a channel.",
        "KNOCK <channel> [:<text>]\nAsks to be let into a channel. Where its mode is u, its\n"
        "operators are told of everybody who was kept out too."},
    help_topic{
        "LIST",
        "LIST [<channel>{,<channel>} | <condition>{,<condition>}]\n"
        "Shows channels. Conditions: *mask*, !*mask*, >N and <N members, C>N and C<N minutes\n"
        "since creation, T>N and T<N minutes since the topic was set.",
        {}},
    help_topic{
        "LISTX",
        "LISTX [<channel>{,<channel>} | <term>{,<term>} [<most>]]\n"
        "Shows channels with their modes. Terms, all of which must hold: >N and <N members,\n"
        "C>N and C<N minutes since creation, T>N and T<N since the topic was set, N=mask of\n"
        "the name, T=mask of the topic, S=mask of the subject, L=mask of the language, R=1\n"
        "registered and R=0 others. In masks \\b is a space and \\c a comma.",
        {}},
    help_topic{
        "MODE",
        "MODE <channel|nick> [<changes> {<value>}]\n"
        "Shows or changes modes: b e I lists, k key, l limit, i m n p s t C flags, o v ranks.",
        "MODE <channel|nick> [<changes> {<value>}]\n"
        "Shows or changes modes: b list, k key, l limit, q o v ranks; p private, h hidden, s\n"
        "secret, m moderated, n no outsiders, t topic locked, i invite only, u tells of who was\n"
        "kept out, w no whispers, a authenticated only, d cloneable."},
    help_topic{"NICK", "NICK <nick>\nTakes another nick.", {}},
    help_topic{"PRIVMSG", "PRIVMSG <target>{,<target>} :<text>\nSpeaks to channels or users.",
               "PRIVMSG <target>{,<target>} :<text>\nPRIVMSG <channel> <nick>{,<nick>} :<text>\n"
               "Speaks to channels or users, or to some members of a channel."},
    help_topic{"PROP",
               "PROP <channel> <name>{,<name>}|*\nPROP <channel> <name> :<value>\n"
               "Shows or sets what a channel has besides modes; an empty value takes it away.\n"
               "Names: OID NAME CREATION LANGUAGE OWNERKEY HOSTKEY MEMBERKEY PICS TOPIC SUBJECT\n"
               "CLIENT ONJOIN ONPART LAG ACCOUNT CLIENTGUID SERVICEPATH. Needs IRCX.",
               {}},
    help_topic{"REPLY",
               "REPLY <target>{,<target>} <tag> :<text>\nAnswers a REQUEST; see DATA. Needs IRCX.",
               {}},
    help_topic{"REQUEST",
               "REQUEST <target>{,<target>} <tag> :<text>\n"
               "Asks programs, which answer by REPLY; see DATA. Needs IRCX.",
               {}},
    help_topic{"TOPIC", "TOPIC <channel> [:<text>]\nShows or sets a channel's topic.", {}},
    help_topic{"WHISPER",
               "WHISPER <channel> <nick>{,<nick>} :<text>\n"
               "Speaks to some members of a channel that you are in. Needs IRCX.",
               {}},
    help_topic{
        "WHOIS",
        "WHOIS <nick>{,<nick>}\nShows what is known of users. With * and ? the word is a mask\n"
        "of nicks, or of nick!user@host.",
        {}},
};

constexpr std::string_view help_index =
    "Help index\nHELP <command> explains one: JOIN KICK KNOCK LIST LISTX MODE NICK PRIVMSG TOPIC\n"
    "WHOIS, and of IRCX: ACCESS AUTH CREATE DATA EVENT IRCX ISIRCX PROP REPLY REQUEST WHISPER.\n"
    "Other commands: ADMIN AWAY CAP DIE INFO INVITE ISON KILL LINKS LUSERS MOTD NAMES NOTICE\n"
    "OPER PART PING QUIT REHASH STATS TIME USERHOST VERSION WALLOPS WHO WHOWAS.";

void send_help(const command &cmd, std::string_view subject, std::string_view text) {
  bool first = true;
  each_line(text, [&](std::string_view line) {
    cmd.d.reply(cmd.c, first ? irc::RPL_HELPSTART : irc::RPL_HELPTXT, {subject}, line);
    first = false;
  });
  cmd.d.reply(cmd.c, irc::RPL_ENDOFHELP, {subject}, "End of /HELP");
}

} // namespace

void verb_help(const command &cmd) {
  const std::string_view subject = cmd.param(0);
  if (subject.empty()) {
    std::pmr::string index(help_index, &cmd.w.mem);
    append_added_verbs(cmd.w, index);
    return send_help(cmd, "index", index);
  }
  if (const core::addition *a = cmd.w.added.commands.find(subject); a && !a->paused)
    return send_help(cmd, a->name(), a->more.empty() ? a->name() : a->more.view());
  const auto at =
      std::find_if(std::begin(help_topics), std::end(help_topics),
                   [&](const help_topic &t) { return text::iequals(t.subject, subject); });
  if (at == std::end(help_topics))
    return cmd.d.reply(cmd.c, irc::ERR_HELPNOTFOUND, {subject});
  const bool ircx = view_of(cmd.c) == view::ircx && !at->with_ircx.empty();
  send_help(cmd, subject, ircx ? at->with_ircx : at->text);
}

} // namespace confab::session
