// SPDX-License-Identifier: MIT
//
// The table of numerics: see numerics.hpp. The texts are the draft's, full stops included, because
// scripts match them. 800 has no text: a colon in it makes Microsoft's clients read the wrong field
// as the message size (spec ircx §3.2).

#include "proto/ircx/numerics.hpp"

#include <algorithm>
#include <iterator>

namespace confab::ircx {

namespace {

constexpr std::string_view entry = "<object> <level> <mask> <timeout> <setter>";

constexpr numeric_row rows[] = {
    {RPL_WHOISIP, "RPL_WHOISIP", "<target>", "<from IP address>", false},
    {RPL_YOUREADMIN, "RPL_YOUREADMIN", "", "You are now an administrator", false},
    {ERR_NICKNOTPERMITTED, "ERR_NICKNOTPERMITTED", "<nick>", "Nickname change not permitted",
     false},
    {ERR_KEYSET, "ERR_KEYSET", "<channel>", "Channel key already set", false},
    {ERR_NEEDREGGEDNICK, "ERR_NEEDREGGEDNICK", "<channel>",
     "Only authenticated users may join channel", false},
    {ERR_CHANOWNPRIVSNEEDED, "ERR_CHANOWNPRIVSNEEDED", "<channel>", "You're not channel owner",
     false},
    {ERR_NODYNAMICJOIN, "ERR_NODYNAMICJOIN", "<channel>", "You may not join dynamic channels",
     false},
    {ERR_NODYNAMICCREATE, "ERR_NODYNAMICCREATE", "<channel>", "You may not create dynamic channels",
     false},
    {ERR_COMMANDUNSUPPORTED, "ERR_COMMANDUNSUPPORTED", "<command>", "Command not supported", false},
    {ERR_OPTIONUNSUPPORTED, "ERR_OPTIONUNSUPPORTED", "<command>", "Server option not supported",
     false},
    {ERR_AUTHONLYCHAN, "ERR_AUTHONLYCHAN", "<channel>", "Only authenticated users may join channel",
     false},
    {ERR_LISTTOOLARGE, "ERR_LISTTOOLARGE", "<mask>", "Listing too large, aborted", false},
    {RPL_KNOCK, "RPL_KNOCK", "<channel> <mask>", "<tried to join>", false},
    {IRCRPL_IRCX, "IRCRPL_IRCX", "<state> <version> <packages> <maxmsg> <options>", "", true},
    {IRCRPL_ACCESSADD, "IRCRPL_ACCESSADD", entry, "<reason>", true},
    {IRCRPL_ACCESSDELETE, "IRCRPL_ACCESSDELETE", "<object> <level> <mask>", "", true},
    {IRCRPL_ACCESSSTART, "IRCRPL_ACCESSSTART", "<object>", "Start of access entries", true},
    {IRCRPL_ACCESSLIST, "IRCRPL_ACCESSLIST", entry, "<reason>", true},
    {IRCRPL_ACCESSEND, "IRCRPL_ACCESSEND", "<object>", "End of access entries", true},
    {IRCRPL_EVENTADD, "IRCRPL_EVENTADD", "<event> <mask>", "", true},
    {IRCRPL_EVENTDEL, "IRCRPL_EVENTDEL", "<event> <mask>", "", true},
    {IRCRPL_EVENTSTART, "IRCRPL_EVENTSTART", "", "Start of events", true},
    {IRCRPL_EVENTLIST, "IRCRPL_EVENTLIST", "<event> <mask>", "", true},
    {IRCRPL_EVENTEND, "IRCRPL_EVENTEND", "", "End of events", true},
    {IRCRPL_LISTXSTART, "IRCRPL_LISTXSTART", "", "Start of ListX", true},
    {IRCRPL_LISTXLIST, "IRCRPL_LISTXLIST", "<channel> <modes> <members> <limit>", "<topic>", true},
    {IRCRPL_LISTXPICS, "IRCRPL_LISTXPICS", "", "<rating>", true},
    {IRCRPL_LISTXTRUNC, "IRCRPL_LISTXTRUNC", "", "Truncation of ListX", true},
    {IRCRPL_LISTXEND, "IRCRPL_LISTXEND", "", "End of ListX", true},
    {IRCRPL_PROPLIST, "IRCRPL_PROPLIST", "<object> <name>", "<value>", true},
    {IRCRPL_PROPEND, "IRCRPL_PROPEND", "<object>", "End of properties", true},
    {IRCRPL_ACCESSCLEAR, "IRCRPL_ACCESSCLEAR", "<object> <level>", "Clear", false},
    {IRCERR_BADCOMMAND, "IRCERR_BADCOMMAND", "<command>", "Bad command", true},
    {IRCERR_TOOMANYARGUMENTS, "IRCERR_TOOMANYARGUMENTS", "<command>", "Too many arguments", true},
    {IRCERR_BADFUNCTION, "IRCERR_BADFUNCTION", "<function>", "Bad function", true},
    {IRCERR_BADLEVEL, "IRCERR_BADLEVEL", "<command>", "Bad level", true},
    {IRCERR_BADTAG, "IRCERR_BADTAG", "<command>", "Bad message tag.", true},
    {IRCERR_BADPROPERTY, "IRCERR_BADPROPERTY", "<object>", "Bad property specified", true},
    {IRCERR_BADVALUE, "IRCERR_BADVALUE", "<object>", "Bad value specified", true},
    {IRCERR_RESOURCE, "IRCERR_RESOURCE", "", "Not enough resources", true},
    {IRCERR_SECURITY, "IRCERR_SECURITY", "", "No permissions to perform command", true},
    {IRCERR_ALREADYAUTHENTICATED, "IRCERR_ALREADYAUTHENTICATED", "<package>",
     "Already authenticated", true},
    {IRCERR_AUTHENTICATIONFAILED, "IRCERR_AUTHENTICATIONFAILED", "<package>",
     "Authentication failed", true},
    {IRCERR_AUTHENTICATIONSUSPENDED, "IRCERR_AUTHENTICATIONSUSPENDED", "<package>",
     "Authentication suspended for this IP", true},
    {IRCERR_UNKNOWNPACKAGE, "IRCERR_UNKNOWNPACKAGE", "<package>",
     "Unsupported authentication package", true},
    {IRCERR_NOACCESS, "IRCERR_NOACCESS", "<object>", "No access", true},
    {IRCERR_DUPACCESS, "IRCERR_DUPACCESS", "", "Duplicate access entry", true},
    {IRCERR_MISACCESS, "IRCERR_MISACCESS", "", "Unknown access entry", true},
    {IRCERR_TOOMANYACCESSES, "IRCERR_TOOMANYACCESSES", "", "Too many access entries", true},
    {IRCERR_EVENTDUP, "IRCERR_EVENTDUP", "<event> <mask>", "Duplicate event entry", true},
    {IRCERR_EVENTMIS, "IRCERR_EVENTMIS", "<event> <mask>", "Unknown event entry", true},
    {IRCERR_NOSUCHEVENT, "IRCERR_NOSUCHEVENT", "<event>", "No such event type", true},
    {IRCERR_TOOMANYEVENTS, "IRCERR_TOOMANYEVENTS", "<event>", "Too many events specified", true},
    {IRCERR_ACCESSSECURITY, "IRCERR_ACCESSSECURITY", "", "Some entries not cleared due to security",
     false},
    {IRCERR_NOWHISPER, "IRCERR_NOWHISPER", "<object>", "Does not permit whispers", true},
    {IRCERR_NOSUCHOBJECT, "IRCERR_NOSUCHOBJECT", "<object>", "No such object found", true},
    {IRCERR_NOTSUPPORTED, "IRCERR_NOTSUPPORTED", "<object>", "Command not supported by object",
     true},
    {IRCERR_CHANNELEXIST, "IRCERR_CHANNELEXIST", "<channel>", "Channel already exists.", true},
    {IRCERR_ALREADYONCHANNEL, "IRCERR_ALREADYONCHANNEL", "<channel>", "Already in the channel.",
     true},
    {IRCERR_UNKNOWNERROR, "IRCERR_UNKNOWNERROR", "", "<Unknown error code n>", true},
};

static_assert(std::is_sorted(std::begin(rows), std::end(rows),
                             [](const numeric_row &a, const numeric_row &b) {
                               return a.code < b.code;
                             }));

} // namespace

std::span<const numeric_row> numerics() noexcept { return rows; }

const numeric_row *find_numeric(unsigned code) noexcept {
  const auto at =
      std::lower_bound(std::begin(rows), std::end(rows), code,
                       [](const numeric_row &r, unsigned wanted) { return r.code < wanted; });
  return at != std::end(rows) && at->code == code ? &*at : nullptr;
}

std::string_view text_of(numeric code) noexcept {
  const numeric_row *row = find_numeric(code);
  return row && !row->text.starts_with('<') ? row->text : std::string_view{};
}

} // namespace confab::ircx
