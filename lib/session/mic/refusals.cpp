// SPDX-License-Identifier: MIT
//
// Refusals of the core as results of MIC (spec mic §4, §7.0): one table, and the few acts of which
// a refusal means something else. Which request failed, and about which object, is read out of the
// request itself (decisions.hpp, 6).

#include "session/mic/dialect.hpp"

#include "proto/mic/reader.hpp"

namespace confab::session {

namespace {

using mic::result;

constexpr std::array<result, CONFAB_REFUSED_END> table{
    result::none,                // NONE
    result::admin_restricted,    // POLICY
    result::flooding,            // BUSY
    result::user_not_found,      // NO_SUCH_USER
    result::channel_not_found,   // NO_SUCH_CHANNEL
    result::bad_channel_name,    // BAD_NAME
    result::no_speaking,         // CANNOT_SEND
    result::too_many_channels,   // TOO_MANY_CHANNELS
    result::bad_parameter,       // NO_TEXT
    result::alias_exist,         // NICK_IN_USE
    result::bad_user_alias,      // BAD_NICK
    result::flooding,            // NICK_TOO_FAST
    result::user_not_in_channel, // TARGET_NOT_MEMBER
    result::not_on_channel,      // NOT_MEMBER
    result::user_on_channel,     // ALREADY_MEMBER
    result::banned,              // BANNED
    result::invite_only,         // INVITE_ONLY
    result::bad_keyword,         // BAD_KEY
    result::channel_is_full,     // CHANNEL_FULL
    result::not_host,            // RANK_NEEDED
    result::resource,            // LIST_FULL
    result::bad_parameter,       // BAD_VALUE
    result::bad_parameter,       // UNKNOWN_MODE
    result::not_sysop,           // NOT_OPERATOR
    result::bad_account,         // BAD_PASSWORD
    result::not_sysop,           // NO_OPERATOR_HERE
    result::no_access,           // OTHER_USER
    result::resource,            // LIMIT
    result::banned,              // BANNED_FROM_SERVER
    result::no_speaking,         // NOT_VOICED
    result::no_speaking,         // NO_CTCP
    result::not_on_channel,      // MEMBERS_ONLY
    result::not_found,           // NO_MOTD
    result::bad_parameter,       // TOO_LONG
    result::bad_parameter,       // BAD_KEY_VALUE
    result::user_not_found,      // WAS_NO_USER
    result::internal,            // FAILED
    result::bad_parameter,       // PARAMETERS
    result::no_access,           // NOT_REGISTERED
    result::not_found,           // NOT_THERE
    result::not_host,            // OWNER_NEEDED
    result::no_access,           // FORBIDDEN
    result::auth_only,           // AUTH_ONLY
    result::no_access,           // CLOSED_LIST
    result::no_whisper,          // NO_WHISPER
    result::no_data,             // NO_DATA
    result::channel_exist,       // CHANNEL_EXISTS
    result::already_on_channel,  // ALREADY_IN
    result::no_dynamic_channels, // NO_CREATE
    result::admin_restricted,    // NO_DYNAMIC
    result::not_mic_client,      // WRONG_PROTOCOL
    result::bad_channel_name,    // RESERVED_NAME
    result::duplicate,           // DUPLICATE
    result::not_found,           // NO_ENTRY
    result::not_supported,       // NOT_SUPPORTED
    result::bad_package,         // NO_MECHANISM
    result::unknown_prop,        // UNKNOWN_PROPERTY
    result::flooding,            // TOO_FAST
    result::banned,              // AUTH_SUSPENDED
};

} // namespace

mic::object_id object_of(std::string_view request) noexcept {
  switch (static_cast<mic::kind>(request[0])) {
  case mic::kind::connect_user:
  case mic::kind::connect_sspi:
  case mic::kind::create_channel:
  case mic::kind::open_channel:
    return 0;
  default:
    break;
  }
  mic::reader from(request.substr(static_cast<mic::kind>(request[0]) == mic::kind::send_whisper
                                      ? mic::header_bytes + 1
                                      : mic::header_bytes));
  return from.u32();
}

mic::result result_of(const core::operation &op) noexcept {
  const std::uint32_t code = op.why.code;
  switch (op.type()) {
  case CONFAB_EVENT_REGISTER:
    if (code == CONFAB_REFUSED_LIMIT || code == CONFAB_REFUSED_BUSY)
      return result::server_is_full;
    if (code == CONFAB_REFUSED_BAD_NAME)
      return result::bad_user_name;
    break;
  case CONFAB_EVENT_ACCESS:
    if (code == CONFAB_REFUSED_BAD_NAME)
      return result::bad_parameter;
    break;
  default:
    break;
  }
  return code < table.size() ? table[code] : result::admin_restricted;
}

void mic_dialect::refused(core::conn &c, const core::operation &op) {
  mic_session &s = session_of(c);
  if (op.type() == CONFAB_EVENT_REGISTER || op.type() == CONFAB_EVENT_AUTHENTICATE) {
    s.submitted = false;
    s.step = 0;
    s.package.clear(w.mem);
  }
  const bool raw = op.type() == CONFAB_EVENT_LINE_IN; // the frame was not even read
  const std::string_view request = raw ? core::view(op.event.line.text) : op.request;
  if (request.empty()) // it asked for nothing
    return;
  // A topic that was shown with the channel, and that it did not get.
  if (const core::channel *where = op.shown ? w.channels.find(op.event.topic.channel) : nullptr) {
    const core::member *m = c.who ? w.find_member(*c.who, *where) : nullptr;
    const mic::property_value topic{mic::prop_channel_topic, 0, 0, where->topic.view()};
    const mic::object_id cid = ids.of(*where);
    send(c, m ? variant_in(c, *m) : c.variant, mic::event_prop{cid, cid, {&topic, 1}});
  }
  // One request can be several acts: its sender is told once that it failed.
  if (!raw && std::exchange(s.refused, op.request_number) == op.request_number)
    return;
  result(c, object_of(request), result_of(op), static_cast<std::uint8_t>(request[0]));
}

} // namespace confab::session
