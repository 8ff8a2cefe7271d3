// SPDX-License-Identifier: MIT
//
// The mode and flag words of users, channels and members, with the masks that say who may set which
// bits: spec/mic.md §5. Their IRC letters, and what they do, are the session's. Bits outside the
// mask that applies are ignored (decisions.hpp, 18).

#pragma once

#include <cstdint>

namespace confab::mic {

enum user_mode : std::uint32_t { // §5.2
  user_invisible = 0x00000001,
  user_no_data = 0x00000002,
  user_notices = 0x00000004,
  user_no_whisper = 0x00000008,
  user_event = 0x00000100,
  user_mic_only = 0x00000200,
  user_authenticated = 0x00010000,
  user_auth_visible = 0x00020000,
  user_away = 0x00040000,
  user_irc = 0x00080000,
  user_sysop = 0x00100000,
  user_simple = 0x01000000,
  user_remote = 0x80000000,
  user_modes_at_logon = 0x0000030f,
  user_modes_later = 0x0000000f,
  user_modes_all = 0x811f070f
};

enum channel_mode : std::uint32_t { // §5.3
  channel_private = 0x0001,
  channel_secret = 0x0004,
  channel_invite = 0x0008,
  channel_moderated = 0x0010,
  channel_no_extern = 0x0020,
  channel_topic_op = 0x0040,
  channel_auditorium = 0x0100,
  channel_knock = 0x0200,
  channel_no_alias = 0x0400,
  channel_no_data = 0x0800,
  channel_no_real_name = 0x1000,
  channel_no_remote = 0x2000,
  channel_no_whisper = 0x4000,
  channel_sysop_is_host = 0x8000,
  channel_modes_client = 0xffff,
  channel_modes_mic = 0x0400,
  channel_modes_usual = 0x0060
};

enum channel_flag : std::uint32_t { // §5.4: fixed once the channel exists
  channel_auth_join = 0x00000001,
  channel_auth_talk = 0x00000002,
  channel_feed = 0x00000004,
  channel_local = 0x00000008,
  channel_mic_only = 0x00000010,
  channel_room_chat = 0x00000020,
  channel_template = 0x00000040,
  channel_unicode = 0x00000080,
  channel_echo_source = 0x00000200,
  channel_clone = 0x00000400,
  channel_persistent = 0x00001000,
  channel_autostart = 0x00002000,
  channel_service = 0x00004000,
  channel_impersonate = 0x00008000,
  channel_local_route = 0x10000000,
  channel_source_route = 0x20000000,
  channel_global_route = 0x40000000,
  channel_domain_route = 0x80000000,
  channel_flags_client = 0x000003ff,
  channel_flags_all = 0xf000f7ff,
  channel_flags_mic = 0x00000090
};

enum open_mode : std::uint32_t { // §5.5
  open_always = 1,               // create what is missing, join what exists
  open_local = 2,
  open_modes_client = 3
};

enum member_mode : std::uint32_t { // §5.7
  member_speaker = 0x00000001,
  member_host = 0x00000002,
  member_no_data = 0x00000100,
  member_no_whisper = 0x00001000,
  member_authenticated = 0x00100000,
  member_irc = 0x00200000,
  member_sysop = 0x00400000,
  member_simple = 0x01000000,
  member_remote = 0x80000000,
  member_modes_by_host = 0x00000003,
  member_modes_by_self = 0x00001103,
  member_modes_all = 0x80701103
};

} // namespace confab::mic
