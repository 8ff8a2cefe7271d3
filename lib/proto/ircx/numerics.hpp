// SPDX-License-Identifier: MIT
//
// The numerics that IRCX adds (draft §9; spec ircx §21), with name, parameters and text in one
// table, and those of RFC times that Microsoft's servers used in a way of their own. Those of plain
// IRC are in proto/irc/numerics.hpp. Which act is refused with which of them is the session's
// business.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace confab::ircx {

enum numeric : std::uint16_t {
  RPL_WHOISIP = 320,
  RPL_YOUREADMIN = 386,
  ERR_NICKNOTPERMITTED = 439,
  ERR_KEYSET = 467,
  ERR_NEEDREGGEDNICK = 477, // +a refused, to sessions without IRCX
  ERR_CHANOWNPRIVSNEEDED = 485,
  ERR_NODYNAMICJOIN = 552,
  ERR_NODYNAMICCREATE = 553,
  ERR_COMMANDUNSUPPORTED = 554,
  ERR_OPTIONUNSUPPORTED = 555,
  ERR_AUTHONLYCHAN = 556,
  ERR_LISTTOOLARGE = 557, // Microsoft's control knows it; others have 416
  RPL_KNOCK = 710,

  IRCRPL_IRCX = 800,
  IRCRPL_ACCESSADD = 801,
  IRCRPL_ACCESSDELETE = 802,
  IRCRPL_ACCESSSTART = 803,
  IRCRPL_ACCESSLIST = 804,
  IRCRPL_ACCESSEND = 805,
  IRCRPL_EVENTADD = 806,
  IRCRPL_EVENTDEL = 807,
  IRCRPL_EVENTSTART = 808,
  IRCRPL_EVENTLIST = 809,
  IRCRPL_EVENTEND = 810,
  IRCRPL_LISTXSTART = 811,
  IRCRPL_LISTXLIST = 812,
  IRCRPL_LISTXPICS = 813,
  // 814 and 815 were never used; 817 is the end of a list, 816 takes its place.
  IRCRPL_LISTXTRUNC = 816,
  IRCRPL_LISTXEND = 817,
  IRCRPL_PROPLIST = 818,
  IRCRPL_PROPEND = 819,
  IRCRPL_ACCESSCLEAR = 820,

  IRCERR_BADCOMMAND = 900,
  IRCERR_TOOMANYARGUMENTS = 901,
  IRCERR_BADFUNCTION = 902,
  IRCERR_BADLEVEL = 903,
  IRCERR_BADTAG = 904,
  IRCERR_BADPROPERTY = 905,
  IRCERR_BADVALUE = 906,
  IRCERR_RESOURCE = 907,
  IRCERR_SECURITY = 908,
  IRCERR_ALREADYAUTHENTICATED = 909,
  IRCERR_AUTHENTICATIONFAILED = 910,
  IRCERR_AUTHENTICATIONSUSPENDED = 911,
  IRCERR_UNKNOWNPACKAGE = 912,
  IRCERR_NOACCESS = 913,
  IRCERR_DUPACCESS = 914,
  IRCERR_MISACCESS = 915,
  IRCERR_TOOMANYACCESSES = 916,
  IRCERR_EVENTDUP = 918,
  IRCERR_EVENTMIS = 919,
  IRCERR_NOSUCHEVENT = 920,
  IRCERR_TOOMANYEVENTS = 921,
  IRCERR_ACCESSSECURITY = 922,
  IRCERR_NOWHISPER = 923,
  IRCERR_NOSUCHOBJECT = 924,
  IRCERR_NOTSUPPORTED = 925,
  IRCERR_CHANNELEXIST = 926,
  IRCERR_ALREADYONCHANNEL = 927,
  IRCERR_UNKNOWNERROR = 999
};

struct numeric_row {
  numeric code;
  std::string_view name;
  std::string_view middles; // after the client's nick, between spaces: "<object> <level>"
  std::string_view text;    // the last parameter; "<topic>" is filled in; empty: there is none
  bool drafted;             // in the draft; else practice of Microsoft's servers or their kin
};

// In ascending order.
std::span<const numeric_row> numerics() noexcept;
// Null when IRCX has no such numeric.
const numeric_row *find_numeric(unsigned code) noexcept;
// The last parameter where it is a fixed text, else empty.
std::string_view text_of(numeric code) noexcept;

// 900 to 908 are the answers to AUTHENTICATE as well (SASL of IRCv3: 900 is "logged in"). The
// command that caused one decides which is meant (spec §19.4), so none of them is ever sent without
// a command: this says for which numerics that matters.
constexpr bool collides_with_sasl(numeric code) noexcept {
  return code >= IRCERR_BADCOMMAND && code <= IRCERR_SECURITY;
}
// 900 to 907 are errors of MIC 1.0 to Microsoft's clients in plain mode (spec §17): nothing from
// 900 up goes to a session that did not enable IRCX.
constexpr bool needs_ircx(numeric code) noexcept { return code >= IRCERR_BADCOMMAND; }

} // namespace confab::ircx
