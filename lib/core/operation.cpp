// SPDX-License-Identifier: MIT
//
// The table of event types and the operation's memory. A new event type is one row here and one
// member of event_box; setters, parking, queues and submits all read the table.

#include "core/operation.hpp"

#include <confab/hook.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <functional>
#include <utility>

namespace confab::core {

namespace {

// Short forms for the rows below: a text that filters may set, one that they may not, and a name
// together with the ids that it stands for.
#define CONFAB_SETTABLE(type, member, field)                                                       \
  event_field { CONFAB_FIELD_##field, offsetof(confab_event_##type, member) }
#define CONFAB_READABLE(type, member)                                                              \
  event_field { 0, offsetof(confab_event_##type, member) }
#define CONFAB_NAMES(type, member, field, ...)                                                     \
  event_field {                                                                                    \
    CONFAB_FIELD_##field, offsetof(confab_event_##type, member), { __VA_ARGS__ }                   \
  }
#define CONFAB_ID(type, member) offsetof(confab_event_##type, member)
#define CONFAB_NUMBER(type, member, field)                                                         \
  event_number {                                                                                   \
    CONFAB_FIELD_##field, offsetof(confab_event_##type, member),                                   \
        sizeof(confab_event_##type::member)                                                        \
  }

constexpr event_field reply_fields[] = {event_field{0, offsetof(event_reply, params)},
                                        event_field{0, offsetof(event_reply, text)}};
constexpr event_field connect_fields[] = {CONFAB_READABLE(connect, address),
                                          CONFAB_READABLE(connect, hostname)};
constexpr event_field register_fields[] = {
    CONFAB_SETTABLE(register, nick, NICK), CONFAB_SETTABLE(register, username, USERNAME),
    CONFAB_SETTABLE(register, hostname, HOSTNAME), CONFAB_SETTABLE(register, realname, REALNAME),
    CONFAB_READABLE(register, address)};
constexpr event_field authenticate_fields[] = {CONFAB_READABLE(authenticate, mechanism),
                                               CONFAB_READABLE(authenticate, name),
                                               CONFAB_READABLE(authenticate, password)};
constexpr event_field disconnect_fields[] = {CONFAB_SETTABLE(disconnect, text, TEXT)};
constexpr event_field nick_fields[] = {CONFAB_SETTABLE(nick, nick, NICK),
                                       CONFAB_READABLE(nick, old_nick)};
constexpr event_field user_change_fields[] = {CONFAB_SETTABLE(user_change, text, TEXT)};
constexpr event_field message_fields[] = {
    CONFAB_SETTABLE(message, text, TEXT),
    CONFAB_NAMES(message, name, NAME, CONFAB_ID(message, target)),
    CONFAB_READABLE(message, context_name), CONFAB_READABLE(message, peers),
    CONFAB_READABLE(message, tag)};
constexpr event_field join_fields[] = {CONFAB_SETTABLE(join, name, NAME),
                                       CONFAB_SETTABLE(join, key, KEY)};
constexpr event_field part_fields[] = {CONFAB_SETTABLE(part, text, TEXT),
                                       CONFAB_NAMES(part, name, NAME, CONFAB_ID(part, channel))};
constexpr event_field kick_fields[] = {CONFAB_SETTABLE(kick, text, TEXT),
                                       CONFAB_NAMES(kick, name, NAME, CONFAB_ID(kick, channel)),
                                       CONFAB_NAMES(kick, nick, NICK, CONFAB_ID(kick, user))};
constexpr event_field invite_fields[] = {
    CONFAB_NAMES(invite, name, NAME, CONFAB_ID(invite, channel)),
    CONFAB_NAMES(invite, nick, NICK, CONFAB_ID(invite, user))};
constexpr event_field topic_fields[] = {CONFAB_SETTABLE(topic, text, TEXT),
                                        CONFAB_NAMES(topic, name, NAME, CONFAB_ID(topic, channel))};
constexpr event_field member_change_fields[] = {
    CONFAB_NAMES(member_change, name, NAME, CONFAB_ID(member_change, channel)),
    CONFAB_NAMES(member_change, nick, NICK, CONFAB_ID(member_change, user))};
constexpr event_field channel_fields[] = {CONFAB_READABLE(channel, name)};
constexpr event_field channel_change_fields[] = {
    CONFAB_SETTABLE(channel_change, value, VALUE),
    CONFAB_NAMES(channel_change, name, NAME, CONFAB_ID(channel_change, channel))};
constexpr event_field access_fields[] = {
    CONFAB_SETTABLE(access, mask, MASK), CONFAB_SETTABLE(access, text, TEXT),
    CONFAB_NAMES(access, name, NAME, CONFAB_ID(access, channel), CONFAB_ID(access, user))};
constexpr event_field kill_fields[] = {
    CONFAB_SETTABLE(kill, text, TEXT),
    CONFAB_NAMES(kill, nick, NICK, CONFAB_ID(kill, user), CONFAB_ID(kill, channel))};
constexpr event_field oper_fields[] = {CONFAB_READABLE(oper, name)};
constexpr event_field query_fields[] = {
    CONFAB_NAMES(query, name, NAME, CONFAB_ID(query, channel), CONFAB_ID(query, user))};
constexpr event_field line_fields[] = {CONFAB_SETTABLE(line, text, TEXT)};
constexpr event_field hook_shadow_fields[] = {CONFAB_READABLE(hook_shadow, text)};
constexpr event_field command_fields[] = {CONFAB_SETTABLE(command, text, TEXT),
                                          CONFAB_READABLE(command, verb)};
constexpr event_field property_fields[] = {CONFAB_SETTABLE(property, text, TEXT),
                                           CONFAB_READABLE(property, name),
                                           CONFAB_READABLE(property, subject_name)};
constexpr event_field plugin_fields[] = {CONFAB_READABLE(plugin, name),
                                         CONFAB_READABLE(plugin, text)};
constexpr event_field knock_fields[] = {CONFAB_SETTABLE(knock, text, TEXT),
                                        CONFAB_READABLE(knock, name)};
constexpr event_field redirect_fields[] = {CONFAB_SETTABLE(redirect, text, TEXT),
                                           CONFAB_READABLE(redirect, targets)};
constexpr event_field custom_fields[] = {CONFAB_SETTABLE(custom, text, TEXT),
                                         CONFAB_SETTABLE(custom, name, NAME)};

constexpr event_number message_numbers[] = {CONFAB_NUMBER(message, kind, KIND)};
constexpr event_number user_change_numbers[] = {CONFAB_NUMBER(user_change, mode, MODE),
                                                CONFAB_NUMBER(user_change, set, SET)};
constexpr event_number member_change_numbers[] = {CONFAB_NUMBER(member_change, rank, RANK),
                                                  CONFAB_NUMBER(member_change, set, SET)};
constexpr event_number channel_change_numbers[] = {CONFAB_NUMBER(channel_change, mode, MODE),
                                                   CONFAB_NUMBER(channel_change, set, SET)};
constexpr event_number custom_numbers[] = {CONFAB_NUMBER(custom, number, NUMBER)};

constexpr std::uint16_t nick_ids[] = {CONFAB_ID(nick, user)};
constexpr std::uint16_t user_change_ids[] = {CONFAB_ID(user_change, user)};
constexpr std::uint16_t message_ids[] = {CONFAB_ID(message, target), CONFAB_ID(message, context)};
constexpr std::uint16_t join_ids[] = {CONFAB_ID(join, user), CONFAB_ID(join, channel),
                                      CONFAB_ID(join, member)};
constexpr std::uint16_t part_ids[] = {CONFAB_ID(part, user), CONFAB_ID(part, channel),
                                      CONFAB_ID(part, member)};
constexpr std::uint16_t kick_ids[] = {CONFAB_ID(kick, channel), CONFAB_ID(kick, member),
                                      CONFAB_ID(kick, user)};
constexpr std::uint16_t invite_ids[] = {CONFAB_ID(invite, channel), CONFAB_ID(invite, user)};
constexpr std::uint16_t topic_ids[] = {CONFAB_ID(topic, channel)};
constexpr std::uint16_t member_change_ids[] = {CONFAB_ID(member_change, channel),
                                               CONFAB_ID(member_change, member),
                                               CONFAB_ID(member_change, user)};
constexpr std::uint16_t channel_ids[] = {CONFAB_ID(channel, channel), CONFAB_ID(channel, parent)};
constexpr std::uint16_t channel_change_ids[] = {CONFAB_ID(channel_change, channel)};
constexpr std::uint16_t access_ids[] = {CONFAB_ID(access, channel), CONFAB_ID(access, user)};
constexpr std::uint16_t kill_ids[] = {CONFAB_ID(kill, user), CONFAB_ID(kill, channel)};
constexpr std::uint16_t knock_ids[] = {CONFAB_ID(knock, channel)};
constexpr std::uint16_t redirect_ids[] = {CONFAB_ID(redirect, conn)};
constexpr std::uint16_t query_ids[] = {CONFAB_ID(query, channel), CONFAB_ID(query, user)};
constexpr std::uint16_t line_ids[] = {CONFAB_ID(line, conn)};
constexpr std::uint16_t rate_limit_ids[] = {CONFAB_ID(rate_limit, conn)};
constexpr std::uint16_t property_ids[] = {CONFAB_ID(property, subject)};
constexpr std::uint16_t custom_ids[] = {CONFAB_ID(custom, subject), CONFAB_ID(custom, object)};

constexpr std::uint32_t notice = CONFAB_EVENT_FINAL; // of what has happened already

constexpr std::array<event_info, event_rows> table{{
    {sizeof(event_reply), notice, false, reply_fields, {}},
    {sizeof(confab_event_connect), 0, false, connect_fields, {}},
    {sizeof(confab_event_register), 0, false, register_fields, {}},
    {sizeof(confab_event_authenticate), 0, false, authenticate_fields, {}},
    {sizeof(confab_event_disconnect), notice, true, disconnect_fields, {}},
    {sizeof(confab_event_nick), 0, true, nick_fields, nick_ids},
    {sizeof(confab_event_user_change), 0, true, user_change_fields, user_change_ids,
     user_change_numbers},
    {sizeof(confab_event_message), 0, true, message_fields, message_ids, message_numbers},
    {sizeof(confab_event_join), 0, true, join_fields, join_ids},
    {sizeof(confab_event_part), 0, true, part_fields, part_ids},
    {sizeof(confab_event_kick), 0, true, kick_fields, kick_ids},
    {sizeof(confab_event_invite), 0, true, invite_fields, invite_ids},
    {sizeof(confab_event_topic), 0, true, topic_fields, topic_ids},
    {sizeof(confab_event_member_change), 0, true, member_change_fields, member_change_ids,
     member_change_numbers},
    {sizeof(confab_event_channel), 0, false, channel_fields, channel_ids},
    {sizeof(confab_event_channel), notice, false, channel_fields, channel_ids},
    {sizeof(confab_event_channel_change), 0, true, channel_change_fields, channel_change_ids,
     channel_change_numbers},
    {sizeof(confab_event_access), 0, true, access_fields, access_ids},
    {sizeof(confab_event_kill), 0, true, kill_fields, kill_ids},
    {sizeof(confab_event_oper), 0, false, oper_fields, {}},
    {sizeof(confab_event_query), 0, false, query_fields, query_ids},
    {sizeof(confab_event_line), 0, false, line_fields, line_ids},
    {sizeof(confab_event_line), 0, false, line_fields, line_ids},
    {sizeof(confab_event_rate_limit), notice, false, {}, rate_limit_ids},
    {sizeof(confab_event_admin), 0, false, {}, {}},
    {sizeof(confab_event_hook_failed), notice, false, {}, {}},
    {sizeof(confab_event_hook_state), notice, false, {}, {}},
    {sizeof(confab_event_hook_shadow), notice, false, hook_shadow_fields, {}},
    {sizeof(confab_event_command), 0, false, command_fields, {}},
    {sizeof(confab_event_property), 0, true, property_fields, property_ids},
    {sizeof(confab_event_plugin), notice, false, plugin_fields, {}},
    {sizeof(confab_event_knock), 0, true, knock_fields, knock_ids},
    {sizeof(confab_event_redirect), 0, true, redirect_fields, redirect_ids},
    {sizeof(confab_event_custom), 0, false, custom_fields, custom_ids, custom_numbers},
}};

} // namespace

const event_info &info_of_row(std::uint16_t row) noexcept {
  assert(row < table.size());
  return table[row];
}

const event_field *find_field(const event_box &event, std::uint32_t field) noexcept {
  for (const event_field &f : info_of(event.head).fields)
    if (f.field != 0 && f.field == field)
      return &f;
  return nullptr;
}

const event_number *find_number(const event_box &event, std::uint32_t field) noexcept {
  for (const event_number &n : info_of(event.head).numbers)
    if (n.field == field)
      return &n;
  return nullptr;
}

event_box make_event(std::uint16_t type) noexcept {
  event_box event;
  std::memset(&event, 0, sizeof event);
  event.head.struct_size = info_of_row(type).size;
  event.head.type = type;
  event.head.flags = info_of_row(type).flags;
  return event;
}

operation::operation(operation &&other) noexcept
    : mem(other.mem), event(other.event), rewritten(std::exchange(other.rewritten, nullptr)),
      causes(std::exchange(other.causes, nullptr)), extra(std::exchange(other.extra, nullptr)),
      terms(other.terms), secret(other.secret), answer(other.answer), account(other.account),
      origin(other.origin), actor(other.actor), why(std::move(other.why)),
      lifted_by(other.lifted_by), lift_reason(std::move(other.lift_reason)),
      waits_for(other.waits_for), waits_until(other.waits_until), cursor(other.cursor),
      rows(other.rows), judged(other.judged), at(other.at), request(other.request),
      request_number(other.request_number), manner(other.manner),
      member_manner(other.member_manner), redirected_from(other.redirected_from),
      strict(other.strict), made(other.made), proven(other.proven), shown(other.shown),
      granted(other.granted), unfinished(other.unfinished), begun(other.begun),
      truncated(other.truncated), resumed(other.resumed),
      texts_(std::exchange(other.texts_, nullptr)) {}

operation::~operation() {
  mem->destroy(rewritten);
  mem->destroy(extra);
  if (causes)
    mem->deallocate(causes, sizeof(cause_chain) + causes->count * sizeof(cause_link),
                    alignof(cause_link));
  why.text.clear(*mem);
  lift_reason.clear(*mem);
  drop_texts();
}

rewriting &operation::begin_rewrite() {
  if (!rewritten)
    rewritten = mem->create<rewriting>(rewriting{event});
  return *rewritten;
}

void operation::caused_by(const cause_link &link, const cause_chain *before) {
  const std::uint32_t count = 1 + (before ? before->count : 0);
  void *at_memory =
      mem->allocate(sizeof(cause_chain) + count * sizeof(cause_link), alignof(cause_link));
  causes = ::new (at_memory) cause_chain{count};
  causes->links()[0] = link;
  if (before)
    std::copy_n(const_cast<cause_chain *>(before)->links(), before->count, causes->links() + 1);
  event.head.cause = link.seq;
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

bool operation::holds(std::string_view text) const noexcept {
  const std::less_equal<const char *> before; // of pointers to anywhere
  for (const text_chunk *chunk = texts_; chunk; chunk = chunk->next) {
    const char *bytes = reinterpret_cast<const char *>(chunk + 1);
    if (before(bytes, text.data()) && before(text.data() + text.size(), bytes + chunk->bytes))
      return true;
  }
  return false;
}

void operation::own() {
  const auto keep_other = [&](std::string_view text) { return holds(text) ? text : keep(text); };
  for (event_box *box : {&event, rewritten ? &rewritten->before : nullptr, extra})
    if (box)
      for (const event_field &field : info_of(box->head).fields) {
        confab_str &text = field_of(*box, field);
        text = str(keep_other(view(text)));
      }
  secret = keep_other(secret);
  answer = keep_other(answer);
  account = keep_other(account);
  request = keep_other(request);
  terms.mask = keep_other(terms.mask);
  terms.not_mask = keep_other(terms.not_mask);
  terms.topic = keep_other(terms.topic);
  terms.subject = keep_other(terms.subject);
  terms.language = keep_other(terms.language);
}

} // namespace confab::core
