// SPDX-License-Identifier: MIT
//
// The texts of numerics: see numerics.hpp. Clients show them to people as they are and never parse
// them, so they say in plain words what is the matter.

#include "proto/irc/numerics.hpp"

#include <algorithm>
#include <array>

namespace confab::irc {

namespace {

struct row {
  numeric code;
  std::string_view text;
};

// In ascending order: text_of searches by halves.
constexpr row texts[] = {
    row{RPL_ISUPPORT, "are supported by this server"},
    row{RPL_ENDOFSTATS, "End of /STATS report"},
    row{RPL_LUSEROP, "operator(s) online"},
    row{RPL_LUSERUNKNOWN, "unknown connection(s)"},
    row{RPL_LUSERCHANNELS, "channels formed"},
    row{RPL_ADMINME, "Administrative info"},
    row{RPL_UNAWAY, "You are no longer marked as being away"},
    row{RPL_NOWAWAY, "You have been marked as being away"},
    row{RPL_WHOISOPERATOR, "is an IRC operator"},
    row{RPL_ENDOFWHO, "End of WHO list"},
    row{RPL_WHOISIDLE, "seconds idle, signon time"},
    row{RPL_ENDOFWHOIS, "End of /WHOIS list"},
    row{RPL_LISTSTART, "Users  Name"},
    row{RPL_LISTEND, "End of /LIST"},
    row{RPL_NOTOPIC, "No topic is set"},
    row{RPL_ENDOFINVITELIST, "End of /INVITE list"},
    row{RPL_WHOISACTUALLY, "is actually using host"},
    row{RPL_ENDOFINVEXLIST, "End of channel invite exception list"},
    row{RPL_ENDOFEXCEPTLIST, "End of channel exception list"},
    row{RPL_ENDOFLINKS, "End of /LINKS list"},
    row{RPL_ENDOFNAMES, "End of /NAMES list"},
    row{RPL_ENDOFBANLIST, "End of channel ban list"},
    row{RPL_ENDOFWHOWAS, "End of WHOWAS"},
    row{RPL_ENDOFINFO, "End of /INFO list"},
    row{RPL_ENDOFMOTD, "End of /MOTD command."},
    row{RPL_YOUREOPER, "You are now an IRC operator"},
    row{RPL_REHASHING, "Rehashing"},
    row{ERR_UNKNOWNERROR, "The command could not be carried out"},
    row{ERR_NOSUCHNICK, "No such nick/channel"},
    row{ERR_NOSUCHSERVER, "No such server"},
    row{ERR_NOSUCHCHANNEL, "No such channel"},
    row{ERR_CANNOTSENDTOCHAN, "Cannot send to channel"},
    row{ERR_TOOMANYCHANNELS, "You have joined too many channels"},
    row{ERR_WASNOSUCHNICK, "There was no such nickname"},
    row{ERR_TOOMANYTARGETS, "Too many targets"},
    row{ERR_NOORIGIN, "No origin specified"},
    row{ERR_INVALIDCAPCMD, "Invalid CAP command"},
    row{ERR_NORECIPIENT, "No recipient given"},
    row{ERR_NOTEXTTOSEND, "No text to send"},
    row{ERR_INPUTTOOLONG, "Input line was too long"},
    row{ERR_UNKNOWNCOMMAND, "Unknown command"},
    row{ERR_NOMOTD, "MOTD File is missing"},
    row{ERR_NONICKNAMEGIVEN, "No nickname given"},
    row{ERR_ERRONEUSNICKNAME, "Erroneous nickname"},
    row{ERR_NICKNAMEINUSE, "Nickname is already in use"},
    row{ERR_NICKTOOFAST, "Nick changes come too fast: wait a while"},
    row{ERR_USERNOTINCHANNEL, "They aren't on that channel"},
    row{ERR_NOTONCHANNEL, "You're not on that channel"},
    row{ERR_USERONCHANNEL, "is already on channel"},
    row{ERR_NOTREGISTERED, "You have not registered"},
    row{ERR_NEEDMOREPARAMS, "Not enough parameters"},
    row{ERR_ALREADYREGISTERED, "You may not reregister"},
    row{ERR_PASSWDMISMATCH, "Password incorrect"},
    row{ERR_YOUREBANNEDCREEP, "You are banned from this server."},
    row{ERR_CHANNELISFULL, "Cannot join channel (+l)"},
    row{ERR_UNKNOWNMODE, "is unknown mode char to me"},
    row{ERR_INVITEONLYCHAN, "Cannot join channel (+i)"},
    row{ERR_BANNEDFROMCHAN, "Cannot join channel (+b)"},
    row{ERR_BADCHANNELKEY, "Cannot join channel (+k)"},
    row{ERR_BADCHANMASK, "Bad channel name"},
    row{ERR_BANLISTFULL, "Channel list is full"},
    row{ERR_NOPRIVILEGES, "Permission Denied- You're not an IRC operator"},
    row{ERR_CHANOPRIVSNEEDED, "You're not channel operator"},
    row{ERR_NOOPERHOST, "No O-lines for your host"},
    row{ERR_UMODEUNKNOWNFLAG, "Unknown MODE flag"},
    row{ERR_USERSDONTMATCH, "Cannot change mode for other users"},
    row{ERR_HELPNOTFOUND, "No help available on this topic"},
    row{ERR_INVALIDKEY, "Key is not well-formed"},
    row{RPL_WHOISSECURE, "is using a secure connection"},
};

static_assert(std::is_sorted(std::begin(texts), std::end(texts),
                             [](const row &a, const row &b) { return a.code < b.code; }));

} // namespace

std::string_view text_of(numeric code) noexcept {
  const auto at = std::lower_bound(std::begin(texts), std::end(texts), code,
                                   [](const row &r, numeric wanted) { return r.code < wanted; });
  return at != std::end(texts) && at->code == code ? at->text : std::string_view{};
}

} // namespace confab::irc
