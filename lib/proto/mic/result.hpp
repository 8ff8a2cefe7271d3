// SPDX-License-Identifier: MIT
//
// The results that EVENTRESULT carries: spec/mic.md §4, corrected by mic-observed.md §4.8. There is
// no text beside them; `shown` is what the one known client makes of a code, so that whoever picks
// one can see which tells its user something. Which refusal of the engine becomes which result is
// the session's table.

#pragma once

#include <cstdint>
#include <string_view>

namespace confab::mic {

enum class result : std::uint16_t {
  none = 0x00,
  alias_exist = 0x01,
  alias_not_found = 0x02,
  already_on_channel = 0x03,
  already_registered = 0x04,
  ansi_only = 0x05,
  auth_only = 0x06,
  bad_account = 0x07,
  bad_channel_guid = 0x08,
  bad_channel_name = 0x09,
  bad_keyword = 0x0a,
  bad_message = 0x0b,
  bad_package = 0x0c,
  bad_property = 0x0d,
  bad_user_alias = 0x0e,
  bad_user_name = 0x0f,
  banned = 0x10,
  channel_exist = 0x11,
  channel_is_full = 0x12,
  channel_not_found = 0x13,
  dns_lookup_failed = 0x14,
  drop_connection = 0x15,
  duplicate = 0x16,
  internal = 0x17,
  invite_only = 0x18,
  knock = 0x19,
  lost_connection = 0x1a,
  no_access = 0x1b,
  no_alias = 0x1c,
  no_broadcast = 0x1d,
  no_data = 0x1e,
  no_dynamic_channels = 0x1f,
  no_external = 0x20,
  no_game_mode = 0x21,
  no_impersonation = 0x22,
  no_irc_clients = 0x23,
  no_matches = 0x24,
  no_new_connections = 0x25,
  no_remote_users = 0x26,
  no_speaking = 0x27,
  not_supported = 0x28,
  no_whisper = 0x29,
  not_found = 0x2a,
  not_handled = 0x2b,
  not_host = 0x2c,
  not_member = 0x2d,
  not_on_channel = 0x2e,
  resource = 0x2f,
  routing = 0x30,
  pending = 0x31,
  security = 0x32,
  server_is_full = 0x33,
  server_not_found = 0x34,
  service = 0x35,
  shutdown = 0x36,
  timeout = 0x37,
  too_many_channels = 0x38,
  unknown_id = 0x39,
  unknown_term = 0x3a,
  unknown_prop = 0x3b,
  unknown_user = 0x3c,
  user_on_channel = 0x3d,
  user_not_found = 0x3e,
  user_not_in_channel = 0x3f,
  not_mic_client = 0x40,
  not_sysop = 0x41,
  more_data = 0x42,
  bad_parameter = 0x43,
  flooding = 0x44,
  away = 0x45,
  bad_user_user_id = 0x46,
  no_unicode = 0x47,
  admin_restricted = 0x48,
  bad_protocol_version = 0x49
};

struct result_row {
  result code;
  std::string_view name;  // as the specification spells it
  std::string_view shown; // the client's CS_E_ code; SERVER is its "some error of the server"
};

// Null for a number that is no result.
const result_row *find_result(std::uint16_t code) noexcept;

} // namespace confab::mic
