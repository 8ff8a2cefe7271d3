// SPDX-License-Identifier: MIT
//
// The table of event types and the operation's memory. A new event type is one row here and one
// member of event_box; setters, parking, queues and submits all read the table.

#include "core/operation.hpp"

#include <confab/hook.h>

#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <utility>

namespace confab::core {

namespace {

constexpr event_field connect_fields[] = {{0, offsetof(confab_event_connect, address)},
                                          {0, offsetof(confab_event_connect, hostname)}};
constexpr event_field register_fields[] = {
    {CONFAB_FIELD_NICK, offsetof(confab_event_register, nick)},
    {CONFAB_FIELD_USERNAME, offsetof(confab_event_register, username)},
    {CONFAB_FIELD_HOSTNAME, offsetof(confab_event_register, hostname)},
    {CONFAB_FIELD_REALNAME, offsetof(confab_event_register, realname)},
    {0, offsetof(confab_event_register, address)}};
constexpr event_field authenticate_fields[] = {{0, offsetof(confab_event_authenticate, mechanism)},
                                               {0, offsetof(confab_event_authenticate, name)},
                                               {0, offsetof(confab_event_authenticate, password)}};
constexpr event_field disconnect_fields[] = {
    {CONFAB_FIELD_TEXT, offsetof(confab_event_disconnect, text)}};
constexpr event_field nick_fields[] = {{CONFAB_FIELD_NICK, offsetof(confab_event_nick, nick)},
                                       {0, offsetof(confab_event_nick, old_nick)}};
constexpr event_field user_change_fields[] = {
    {CONFAB_FIELD_TEXT, offsetof(confab_event_user_change, text)}};
constexpr event_field message_fields[] = {{CONFAB_FIELD_TEXT, offsetof(confab_event_message, text)},
                                          {0, offsetof(confab_event_message, name)}};
constexpr event_field join_fields[] = {{CONFAB_FIELD_NAME, offsetof(confab_event_join, name)},
                                       {CONFAB_FIELD_KEY, offsetof(confab_event_join, key)}};
constexpr event_field part_fields[] = {{CONFAB_FIELD_TEXT, offsetof(confab_event_part, text)},
                                       {0, offsetof(confab_event_part, name)}};
constexpr event_field kick_fields[] = {{CONFAB_FIELD_TEXT, offsetof(confab_event_kick, text)},
                                       {0, offsetof(confab_event_kick, name)},
                                       {0, offsetof(confab_event_kick, nick)}};
constexpr event_field invite_fields[] = {{0, offsetof(confab_event_invite, name)},
                                         {0, offsetof(confab_event_invite, nick)}};
constexpr event_field topic_fields[] = {{CONFAB_FIELD_TEXT, offsetof(confab_event_topic, text)},
                                        {0, offsetof(confab_event_topic, name)}};
constexpr event_field member_change_fields[] = {{0, offsetof(confab_event_member_change, name)},
                                                {0, offsetof(confab_event_member_change, nick)}};
constexpr event_field channel_fields[] = {{0, offsetof(confab_event_channel, name)}};
constexpr event_field channel_change_fields[] = {
    {CONFAB_FIELD_VALUE, offsetof(confab_event_channel_change, value)},
    {0, offsetof(confab_event_channel_change, name)}};
constexpr event_field access_fields[] = {{CONFAB_FIELD_MASK, offsetof(confab_event_access, mask)},
                                         {0, offsetof(confab_event_access, name)}};
constexpr event_field kill_fields[] = {{CONFAB_FIELD_TEXT, offsetof(confab_event_kill, text)},
                                       {0, offsetof(confab_event_kill, nick)}};
constexpr event_field oper_fields[] = {{0, offsetof(confab_event_oper, name)}};
constexpr event_field query_fields[] = {{0, offsetof(confab_event_query, name)}};
constexpr event_field line_fields[] = {{CONFAB_FIELD_TEXT, offsetof(confab_event_line, text)}};

constexpr std::uint16_t nick_ids[] = {offsetof(confab_event_nick, user)};
constexpr std::uint16_t user_change_ids[] = {offsetof(confab_event_user_change, user)};
constexpr std::uint16_t message_ids[] = {offsetof(confab_event_message, target)};
constexpr std::uint16_t join_ids[] = {offsetof(confab_event_join, user),
                                      offsetof(confab_event_join, channel),
                                      offsetof(confab_event_join, member)};
constexpr std::uint16_t part_ids[] = {offsetof(confab_event_part, user),
                                      offsetof(confab_event_part, channel),
                                      offsetof(confab_event_part, member)};
constexpr std::uint16_t kick_ids[] = {offsetof(confab_event_kick, channel),
                                      offsetof(confab_event_kick, member),
                                      offsetof(confab_event_kick, user)};
constexpr std::uint16_t invite_ids[] = {offsetof(confab_event_invite, channel),
                                        offsetof(confab_event_invite, user)};
constexpr std::uint16_t topic_ids[] = {offsetof(confab_event_topic, channel)};
constexpr std::uint16_t member_change_ids[] = {offsetof(confab_event_member_change, channel),
                                               offsetof(confab_event_member_change, member),
                                               offsetof(confab_event_member_change, user)};
constexpr std::uint16_t channel_ids[] = {offsetof(confab_event_channel, channel)};
constexpr std::uint16_t channel_change_ids[] = {offsetof(confab_event_channel_change, channel)};
constexpr std::uint16_t access_ids[] = {offsetof(confab_event_access, channel)};
constexpr std::uint16_t kill_ids[] = {offsetof(confab_event_kill, user)};
constexpr std::uint16_t query_ids[] = {offsetof(confab_event_query, channel),
                                       offsetof(confab_event_query, user)};
constexpr std::uint16_t line_ids[] = {offsetof(confab_event_line, conn)};
constexpr std::uint16_t rate_limit_ids[] = {offsetof(confab_event_rate_limit, conn)};

constexpr std::array<event_info, CONFAB_EVENT_TYPE_END> table{{
    {sizeof(confab_event), CONFAB_EVENT_FINAL, false, {}, {}},
    {sizeof(confab_event_connect), 0, false, connect_fields, {}},
    {sizeof(confab_event_register), 0, false, register_fields, {}},
    {sizeof(confab_event_authenticate), 0, false, authenticate_fields, {}},
    {sizeof(confab_event_disconnect), CONFAB_EVENT_FINAL, true, disconnect_fields, {}},
    {sizeof(confab_event_nick), 0, true, nick_fields, nick_ids},
    {sizeof(confab_event_user_change), 0, true, user_change_fields, user_change_ids},
    {sizeof(confab_event_message), 0, true, message_fields, message_ids},
    {sizeof(confab_event_join), 0, true, join_fields, join_ids},
    {sizeof(confab_event_part), 0, true, part_fields, part_ids},
    {sizeof(confab_event_kick), 0, true, kick_fields, kick_ids},
    {sizeof(confab_event_invite), 0, true, invite_fields, invite_ids},
    {sizeof(confab_event_topic), 0, true, topic_fields, topic_ids},
    {sizeof(confab_event_member_change), 0, true, member_change_fields, member_change_ids},
    {sizeof(confab_event_channel), 0, false, channel_fields, channel_ids},
    {sizeof(confab_event_channel), CONFAB_EVENT_FINAL, false, channel_fields, channel_ids},
    {sizeof(confab_event_channel_change), 0, true, channel_change_fields, channel_change_ids},
    {sizeof(confab_event_access), 0, true, access_fields, access_ids},
    {sizeof(confab_event_kill), 0, true, kill_fields, kill_ids},
    {sizeof(confab_event_oper), 0, false, oper_fields, {}},
    {sizeof(confab_event_query), 0, false, query_fields, query_ids},
    {sizeof(confab_event_line), 0, false, line_fields, line_ids},
    {sizeof(confab_event_line), 0, false, line_fields, line_ids},
    {sizeof(confab_event_rate_limit), CONFAB_EVENT_FINAL, false, {}, rate_limit_ids},
    {sizeof(confab_event_admin), 0, false, {}, {}},
    {sizeof(confab_event_hook_failed), CONFAB_EVENT_FINAL, false, {}, {}},
}};

} // namespace

const event_info &info_of(std::uint16_t type) noexcept {
  assert(type < table.size());
  return table[type];
}

event_box make_event(std::uint16_t type) noexcept {
  event_box event;
  std::memset(&event, 0, sizeof event);
  event.head.struct_size = info_of(type).size;
  event.head.type = type;
  event.head.flags = info_of(type).flags;
  return event;
}

operation::operation(operation &&other) noexcept
    : mem(other.mem), event(other.event), original(std::exchange(other.original, nullptr)),
      extra(std::exchange(other.extra, nullptr)), terms(other.terms), secret(other.secret),
      origin(other.origin), actor(other.actor), why(std::move(other.why)),
      lifted_by(other.lifted_by), lift_reason(std::move(other.lift_reason)),
      changed_by(other.changed_by), request(other.request), cursor(other.cursor), at(other.at),
      owned(other.owned), granted(other.granted), begun(other.begun), resumed(other.resumed),
      texts_(std::exchange(other.texts_, nullptr)) {}

operation::~operation() {
  mem->destroy(original);
  mem->destroy(extra);
  why.text.clear(*mem);
  lift_reason.clear(*mem);
  drop_texts();
}

void operation::drop_texts() noexcept {
  while (texts_) {
    text_chunk *following = texts_->next;
    mem->deallocate(texts_, sizeof(text_chunk) + texts_->bytes, alignof(text_chunk));
    texts_ = following;
  }
}

std::string_view operation::keep(std::string_view text) {
  if (text.empty())
    return {};
  void *at_memory = mem->allocate(sizeof(text_chunk) + text.size(), alignof(text_chunk));
  texts_ = ::new (at_memory) text_chunk{texts_, text.size()};
  char *bytes = reinterpret_cast<char *>(texts_ + 1);
  std::memcpy(bytes, text.data(), text.size());
  return {bytes, text.size()};
}

void operation::own() {
  if (owned)
    return;
  for (event_box *box : {&event, original, extra})
    if (box)
      for (const event_field &field : info_of(box->head.type).fields) {
        confab_str &text = field_of(*box, field);
        text = str(keep(view(text)));
      }
  secret = keep(secret);
  terms.mask = keep(terms.mask);
  terms.not_mask = keep(terms.not_mask);
  owned = true;
}

} // namespace confab::core
