// SPDX-License-Identifier: MIT
//
// The table of results: see result.hpp. Rows stand at the place of their number; a test compares
// every one with the numbers of the specification.

#include "proto/mic/result.hpp"

#include <array>

namespace confab::mic {

namespace {

constexpr std::array<result_row, 74> table{{
    {result::none, "NONE", ""},
    {result::alias_exist, "ALIASEXIST", "ALIASINUSE"},
    {result::alias_not_found, "ALIASNOTFOUND", "NOSUCHNICK"},
    {result::already_on_channel, "ALREADYONCHANNEL", "ALREADYONCHANNEL"},
    {result::already_registered, "ALREADYREGISTERED", "ALREADYLOGGEDIN"},
    {result::ansi_only, "ANSIONLY", "UNICODENOTALLOWED"},
    {result::auth_only, "AUTHONLY", "AUTHENTICATEDONLY"},
    {result::bad_account, "BADACCOUNT", "ILLEGALUSER"},
    {result::bad_channel_guid, "BADCHANNELGUID", "BADCHANNELGUID"},
    {result::bad_channel_name, "BADCHANNELNAME", "BADCHANNELNAME"},
    {result::bad_keyword, "BADKEYWORD", "CHANNELBADPASS"},
    {result::bad_message, "BADMESSAGE", "E_FAIL"},
    {result::bad_package, "BADPACKAGE", "UNKNOWNSECURITYPACKAGE"},
    {result::bad_property, "BADPROPERTY", "PROPERTY"},
    {result::bad_user_alias, "BADUSERALIAS", "BADNICKNAME"},
    {result::bad_user_name, "BADUSERNAME", "BADUSERNAME"},
    {result::banned, "BANNED", "BANNED"},
    {result::channel_exist, "CHANNELEXIST", "CHANNELEXISTS"},
    {result::channel_is_full, "CHANNELISFULL", "CHANNELFULL"},
    {result::channel_not_found, "CHANNELNOTFOUND", "CHANNELNOTFOUND"},
    {result::dns_lookup_failed, "DNSLOOKUPFAILED", "SERVER"},
    {result::drop_connection, "DROPCONNECTION", "SERVER"},
    {result::duplicate, "DUPLICATE", "SERVER"},
    {result::internal, "INTERNAL", "SERVER"},
    {result::invite_only, "INVITEONLY", "INVITEONLYCHANNEL"},
    {result::knock, "KNOCK", "SERVER"},
    {result::lost_connection, "LOSTCONNECTION", "SERVER"},
    {result::no_access, "NOACCESS", "SECURITY"},
    {result::no_alias, "NOALIAS", "SERVER"},
    {result::no_broadcast, "NOBROADCAST", "BROADCASTNOTAVAIL"},
    {result::no_data, "NODATA", "NODATA"},
    {result::no_dynamic_channels, "NODYNAMICCHANNELS", "CREATEFAIL"},
    {result::no_external, "NOEXTERNAL", "SERVER"},
    {result::no_game_mode, "NOGAMEMODE", "SERVER"},
    {result::no_impersonation, "NOIMPERSONATION", "SERVER"},
    {result::no_irc_clients, "NOIRCCLIENTS", "IRCLIENTSNOTALLOWED"},
    {result::no_matches, "NOMATCHES", "NOMATCHES"},
    {result::no_new_connections, "NONEWCONNECTIONS", "SERVER"},
    {result::no_remote_users, "NOREMOTEUSERS", "SERVER"},
    {result::no_speaking, "NOSPEAKING", "SERVER"},
    {result::not_supported, "NOTSUPPORTED", "SERVER"},
    {result::no_whisper, "NOWHISPER", "NOWHISPER"},
    {result::not_found, "NOTFOUND", "SERVER"},
    {result::not_handled, "NOTHANDLED", "SERVER"},
    {result::not_host, "NOTHOST", "CALLERNOTHOST"},
    {result::not_member, "NOTMEMBER", "UNKNOWNUSER"},
    {result::not_on_channel, "NOTONCHANNEL", "SERVER"},
    {result::resource, "RESOURCE", "SERVER"},
    {result::routing, "ROUTING", "SERVER"},
    {result::pending, "PENDING", "SERVER"},
    {result::security, "SECURITY", "SECURITY"},
    {result::server_is_full, "SERVERISFULL", "SERVERISFULL"},
    {result::server_not_found, "SERVERNOTFOUND", "SERVER"},
    {result::service, "SERVICE", "SERVICE"},
    {result::shutdown, "SHUTDOWN", "SERVER"},
    {result::timeout, "TIMEOUT", "SERVER"},
    {result::too_many_channels, "TOOMANYCHANNELS", "TOOMANYCHANNELS"},
    {result::unknown_id, "UNKNOWNID", "PROPLOOKUP"},
    {result::unknown_term, "UNKNOWNTERM", "SERVER"},
    {result::unknown_prop, "UNKNOWNPROP", "PROPERTY"},
    {result::unknown_user, "UNKNOWNUSER", "UNKNOWNUSER"},
    {result::user_on_channel, "USERONCHANNEL", "ALREADYONCHANNEL"},
    {result::user_not_found, "USERNOTFOUND", "NOSUCHNICK"},
    {result::user_not_in_channel, "USERNOTINCHANNEL", "NOTINCHANNEL"},
    {result::not_mic_client, "NOTMICCLIENT", "SERVER"},
    {result::not_sysop, "NOTSYSOP", "NOTSYSOP"},
    {result::more_data, "MOREDATA", "SERVER"},
    {result::bad_parameter, "BADPARAMETER", "SERVER"},
    {result::flooding, "FLOODING", "FLOODING"},
    {result::away, "AWAY", "AWAY"},
    {result::bad_user_user_id, "BADUSERUSERID", "SERVER"},
    {result::no_unicode, "NOUNICODE", "SERVER"},
    {result::admin_restricted, "ADMINRESTRICTED", "ADMINRESTRICTED"},
    {result::bad_protocol_version, "BADPROTOCOLVERSION", "PROTOCOLVERSION"},
}};

} // namespace

const result_row *find_result(std::uint16_t code) noexcept {
  return code < table.size() ? &table[code] : nullptr;
}

} // namespace confab::mic
