// SPDX-License-Identifier: MIT
//
// The section [limits]: the numbers of confab_engine_options under the names they have there, with
// the bounds that confab/engine.h states. events_max is left out, since this host never pulls
// events; so is casemap, which is server.casemapping, and what [hooks] has. What the other sections
// hold is in options_fields.hpp.
#pragma once

#include "options_fields.hpp"

namespace confabd {

inline constexpr std::uint32_t count_max = 10'000'000;
inline constexpr std::uint32_t hour_ms = 3'600'000;

template <class visitor>
void visit_size_limits(is_section<confab_engine_options> auto &s, visitor &&visit) {
  visit(field{"line_bytes_max", "Bytes of a line with CR LF.", 512, 16384}, s.line_bytes_max);
  visit(field{"nick_bytes_max", "Bytes of a nick.", 1, 64}, s.nick_bytes_max);
  visit(field{"username_bytes_max", "Bytes of a user name.", 1, 64}, s.username_bytes_max);
  visit(field{"realname_bytes_max", "Bytes of a real name.", 1, 255}, s.realname_bytes_max);
  visit(field{"channel_bytes_max", "Bytes of a channel's name.", 2, 200}, s.channel_bytes_max);
  visit(field{"topic_bytes_max", "Bytes of a topic.", 1, 16384}, s.topic_bytes_max);
  visit(field{"reason_bytes_max", "Bytes of a reason of KICK, PART, QUIT, KILL.", 1, 16384},
        s.reason_bytes_max);
  visit(field{"away_bytes_max", "Bytes of an AWAY message.", 1, 16384}, s.away_bytes_max);
  visit(field{"key_bytes_max", "Bytes of a channel's key.", 1, 64}, s.key_bytes_max);
  visit(field{"mask_bytes_max", "Bytes of a mask in a channel's lists.", 16, 400},
        s.mask_bytes_max);
}

template <class visitor>
void visit_count_limits(is_section<confab_engine_options> auto &s, visitor &&visit) {
  visit(field{"conns_max", "Connections.", 1, count_max}, s.conns_max);
  visit(field{"users_max", "Users.", 1, count_max}, s.users_max);
  visit(field{"channels_max", "Channels.", 1, count_max}, s.channels_max);
  visit(field{"channels_per_user_max", "Channels of one user.", 1, 65'535},
        s.channels_per_user_max);
  visit(field{"members_per_channel_max", "Members of one channel.", 1, count_max},
        s.members_per_channel_max);
  visit(field{"list_entries_max", "Entries of each of a channel's lists.", 1, 65'535},
        s.list_entries_max);
  visit(field{"invites_per_user_max", "Pending invitations of a user.", 1, 65'535},
        s.invites_per_user_max);
  visit(field{"targets_max", "Targets of one command.", 1, 512}, s.targets_max);
  visit(field{"modes_max", "Mode changes with an argument in one MODE.", 1, 64}, s.modes_max);
  visit(field{"whowas_entries_max", "Entries of WHOWAS; 0: none are kept.", 0, 1'000'000},
        s.whowas_entries_max);
  visit(field{"parked_max", "Acts that wait for an answer.", 1, count_max}, s.parked_max);
  visit(field{"queued_max", "Acts submitted inside handlers.", 1, count_max}, s.queued_max);
  visit(field{"hooks_max", "Subscriptions to events; the log takes eleven.", 16, 65'535},
        s.hooks_max);
  visit(field{"plugins_max", "Instances of plugins.", 1, 1024}, s.plugins_max);
  visit(field{"additions_max", "What plugins may add: commands, modes, and the like.", 1, 65'535},
        s.additions_max);
  visit(field{"timers_max", "Timers of plugins.", 1, 1'000'000}, s.timers_max);
  visit(field{"slots_max",
              "Kinds of data that plugins may keep with users, channels, and the like.", 1, 1024},
        s.slots_max);
}

template <class visitor>
void visit_conn_limits(is_section<confab_engine_options> auto &s, visitor &&visit) {
  visit(field{"input_backlog_bytes_max", "Input that waits; more: \"Excess Flood\".", 1024,
              16'777'216},
        s.input_backlog_bytes_max);
  visit(field{"output_backlog_bytes_max", "Output that waits; more: \"SendQ exceeded\".", 16384,
              1'073'741'824},
        s.output_backlog_bytes_max);
  visit(field{"registration_ms_max", "Time to register; 0: no limit.", 0, hour_ms},
        s.registration_ms_max);
  visit(field{"ping_interval_ms", "Silence before the server asks; 0: it never does.", 0, hour_ms},
        s.ping_interval_ms);
  visit(field{"ping_timeout_ms", "Silence after it asked.", 1, hour_ms}, s.ping_timeout_ms);
  visit(field{"close_linger_ms_max", "Time for a closing connection's last bytes.", 1, hour_ms},
        s.close_linger_ms_max);
  visit(field{"commands_burst_max", "Commands at once; 0: no throttle.", 0, 1'000'000},
        s.commands_burst_max);
  visit(
      field{"commands_per_second_max", "Commands a second after that; others wait.", 1, 1'000'000},
      s.commands_per_second_max);
  visit(field{"nick_changes_max", "Nick changes in a while; 0: no limit.", 0, 65'535},
        s.nick_changes_max);
  visit(field{"nick_window_ms", "How long that while is.", 1, hour_ms}, s.nick_window_ms);
  visit(field{"auth_failures_max", "Wrong passwords of one address in a while; 0: no limit.", 0,
              65'535},
        s.auth_failures_max);
  visit(field{"auth_window_ms", "How long that while is.", 1, 24 * hour_ms}, s.auth_window_ms);
  visit(field{"auth_suspension_ms", "How long such an address may show none.", 1, 24 * hour_ms},
        s.auth_suspension_ms);
  visit(
      field{"auth_addresses_max", "Addresses whose wrong passwords are remembered.", 1, 1'048'576},
      s.auth_addresses_max);
}

template <class visitor>
void visit_fields(is_section<confab_engine_options> auto &s, visitor &&visit) {
  visit_size_limits(s, visit);
  visit_count_limits(s, visit);
  visit_conn_limits(s, visit);
}

} // namespace confabd
