// SPDX-License-Identifier: MIT
//
// Committed acts as frames, once per variant (spec mic §7; mic-observed §4.6, §4.7, §4.10), and
// what only their origin is told. Changes of modes go out as whole new words, one event for each
// object.

#include "core/rights.hpp"
#include "proto/mic/guid.hpp"
#include "proto/mic/modes.hpp"
#include "session/mic/dialect.hpp"
#include "session/mic/words.hpp"
#include "text/ascii.hpp"

#include <algorithm>

namespace confab::session {

namespace {

std::string_view reason_of(confab_str text) noexcept {
  const std::string_view whole = core::view(text);
  return whole.substr(0,
                      mic::measure(whole, {true, mic::code_page_usual}, 2 * mic::reason_max).taken);
}

// The properties of the core's channels that clients of MIC know under a number.
mic::property_id number_of(std::string_view name) noexcept {
  if (text::iequals(name, "SUBJECT"))
    return mic::prop_channel_subject;
  if (text::iequals(name, "PICS"))
    return mic::prop_channel_pics;
  if (text::iequals(name, "CLIENT"))
    return mic::prop_channel_data;
  if (text::iequals(name, "CLIENTGUID"))
    return mic::prop_channel_client_guid;
  if (text::iequals(name, "SERVICEPATH"))
    return mic::prop_channel_service_guid;
  return 0;
}

// Octets of a client of MIC, or something with a tag, which MIC cannot say.
constexpr bool for_programs(const confab_event_message &e) noexcept {
  return e.kind >= CONFAB_MESSAGE_DATA;
}

} // namespace

// Whoever is no member of a channel has no number in it.
mic::object_id mic_dialect::member_of(const core::user *who, const core::channel &where) {
  const core::member *m = who ? w.find_member(*who, where) : nullptr;
  return m ? ids.of(*m) : 0;
}

// In a feed nobody was told of those who came later: they are known to some alone.
mic::object_id mic_dialect::speaker_of(const core::user *who, const core::channel &where) {
  return where.has(CONFAB_CMODE_FEED) ? 0 : member_of(who, where);
}

std::string_view mic_dialect::encode(std::uint16_t variant, const core::operation &op) {
  const mic::encoding as = encoding_of(variant);
  const core::event_box &e = op.event;
  used_ = 0;
  switch (e.head.type) {
  case CONFAB_EVENT_MESSAGE:
    put_message(as, op);
    break;
  case CONFAB_EVENT_JOIN:
    if (const core::member *m = w.members.find(e.join.member))
      put(as, mic::event_add_member{ids.of(w.channel_of(*m)), ids.of(*m), member_mode_word(w, *m),
                                    w.user_of(*m).is.nick()});
    break;
  case CONFAB_EVENT_PART:
    if (const mic::object_id mid = ids.of_living(e.part.member))
      put(as, mic::event_del_member{mid, 0, reason_of(e.part.text)});
    break;
  case CONFAB_EVENT_KICK:
    put_kick(as, op);
    break;
  case CONFAB_EVENT_DISCONNECT:
    if (w.told_in)
      put(as, mic::event_del_member{ids.of(*w.told_in), 0, reason_of(e.disconnect.text)});
    break;
  case CONFAB_EVENT_NICK:
    put_nick(as, op);
    break;
  case CONFAB_EVENT_INVITE:
    put(as, mic::event_invite{op.actor ? ids.of(*op.actor) : mic::server_number,
                              op.actor ? op.actor->is.nick() : w.server_name(),
                              core::view(e.invite.name)});
    break;
  case CONFAB_EVENT_TOPIC:
    if (const core::channel *where = w.channels.find(e.topic.channel))
      put_change(as, *where, op.actor, ids.of(*where),
                 {mic::prop_channel_topic, 0, 0, core::view(e.topic.text)});
    break;
  case CONFAB_EVENT_PROPERTY:
    put_property(as, op);
    break;
  case CONFAB_EVENT_KNOCK:
    if (const core::channel *where = w.channels.find(e.knock.channel); where && op.actor)
      put(as, mic::event_knock{ids.of(*where), ids.of(*op.actor)});
    break;
  case CONFAB_EVENT_KILL:
    if (const mic::object_id uid = ids.of_living(e.kill.user))
      put(as, mic::event_del_user{uid, op.actor ? ids.of(*op.actor) : 0,
                                  mic::result::drop_connection, reason_of(e.kill.text)});
    break;
  default:
    break;
  }
  return {scratch_.data(), used_};
}

// Who empties a channel puts nobody out: then there is no kicker.
void mic_dialect::put_kick(mic::encoding as, const core::operation &op) {
  const confab_event_kick &e = op.event.kick;
  const mic::object_id mid = ids.of_living(e.member);
  const core::channel *where = w.channels.find(e.channel);
  if (mid == 0 || !where)
    return;
  const mic::object_id kicker = e.head.seq != 0 ? member_of(op.actor, *where) : 0;
  put(as, mic::event_del_member{mid, kicker, reason_of(e.text)});
}

void mic_dialect::put_nick(mic::encoding as, const core::operation &op) {
  const mic::property_value alias{mic::prop_user_alias, 0, 0, core::view(op.event.nick.nick)};
  const mic::object_id of = w.told_in ? ids.of(*w.told_in) : ids.of(*op.actor);
  put(as, mic::event_prop{of, of, {&alias, 1}});
}

// From the member who did it, or from the channel for anybody else.
void mic_dialect::put_change(mic::encoding as, const core::channel &where, const core::user *actor,
                             mic::object_id of, const mic::property_value &value) {
  const core::member *m = actor ? w.find_member(*actor, where) : nullptr;
  const bool hidden = where.has(CONFAB_CMODE_AUDITORIUM) && m && !core::on_stage(*m);
  const mic::object_id mid = hidden ? 0 : speaker_of(actor, where);
  put(as, mic::event_prop{mid != 0 ? mid : ids.of(where), of, {&value, 1}});
}

void mic_dialect::put_property(mic::encoding as, const core::operation &op) {
  const confab_event_property &e = op.event.property;
  const core::channel *where = w.channels.find(e.subject);
  const mic::property_id number = number_of(core::view(e.name));
  if (!where || number == 0 || e.property != 0)
    return;
  std::string_view value = core::view(e.text);
  std::array<char, mic::guid_bytes> guid;
  if (!mic::is_text(mic::type_of(number)))
    value = mic::read_guid(value, guid) ? std::string_view(guid.data(), guid.size())
                                        : std::string_view{};
  put_change(as, *where, op.actor, ids.of(*where), {number, 0, 0, value});
}

// --- messages
// --------------------------------------------------------------------------------------

void mic_dialect::put_message(mic::encoding as, const core::operation &op) {
  const confab_event_message &e = op.event.message;
  if (for_programs(e) && e.tag.len > 0)
    return;
  if (const core::channel *where = w.channels.find(e.target))
    return put_speech(as, op, *where, {});
  const core::channel *where = w.channels.find(e.context);
  if (!where)
    return put_private(as, op);
  // To all whom it was said to, where there may be several of them.
  const std::string_view peers = core::view(e.peers);
  const bool from_mic = e.head.protocol == CONFAB_PROTOCOL_MIC && !op.request.empty();
  const bool known = speaker_of(op.actor, *where) != 0;
  const bool several = !known     ? false
                       : from_mic ? op.request[0] == static_cast<char>(mic::kind::send_whisper)
                                  : peers.find(',') != std::string_view::npos;
  std::array<mic::object_id, mic::whisper_targets_max> whom{};
  std::size_t count = 0;
  if (!several)
    whom[count++] = member_of(w.users.find(e.target), *where);
  std::string_view rest = several ? peers : std::string_view{};
  while (!rest.empty() && count < whom.size()) {
    const std::size_t end = std::min(rest.find(','), rest.size());
    if (const mic::object_id mid = member_of(w.find_user(rest.substr(0, end)), *where))
      whom[count++] = mid;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  put_speech(as, op, *where, std::span(whom).first(several ? count : 1));
}

// As many frames as the text needs. Somebody who is no member speaks through the channel itself,
// with his name before the text (decisions.hpp, 23).
void mic_dialect::put_speech(mic::encoding as, const core::operation &op,
                             const core::channel &where,
                             std::span<const mic::object_id> whispered) {
  const confab_event_message &e = op.event.message;
  const mic::object_id mid = speaker_of(op.actor, where);
  const mic::object_id from = mid != 0 ? mid : ids.of(where);
  const bool several =
      whispered.size() > 1 || (mid != 0 && !whispered.empty() && !op.request.empty() &&
                               e.head.protocol == CONFAB_PROTOCOL_MIC &&
                               op.request[0] == static_cast<char>(mic::kind::send_whisper));
  std::string_view rest = core::view(e.text);
  const auto put_part = [&](std::string_view part, bool data) {
    if (several)
      put(as, mic::event_whisper{from, whispered, {part, data}});
    else
      put(as, mic::event_msg{from, whispered.empty() ? ids.of(where) : whispered[0], {part, data}});
  };
  if (for_programs(e))
    return put_part(rest, true);
  std::array<char, 4096> named;
  const std::size_t room =
      several ? mic::frame_bytes_max - 9 - 4 * whispered.size() : mic::frame_bytes_max - 12;
  const std::string_view nick = mid == 0 && op.actor ? op.actor->is.nick() : std::string_view{};
  do {
    std::size_t head = 0;
    if (!nick.empty()) {
      named[head++] = '<';
      head += nick.copy(named.data() + head, 255);
      named[head++] = '>';
      named[head++] = ' ';
    }
    const std::size_t head_bytes = mic::measure({named.data(), head}, as).bytes;
    const std::size_t taken = mic::measure(rest, as, room - head_bytes).taken;
    if (taken == 0)
      break;
    if (head == 0) {
      put_part(rest.substr(0, taken), false);
    } else {
      const std::size_t copied = rest.substr(0, std::min(taken, named.size() - head))
                                     .copy(named.data() + head, named.size() - head);
      put_part({named.data(), head + copied}, false);
      rest.remove_prefix(copied);
      continue;
    }
    rest.remove_prefix(taken);
  } while (!rest.empty());
}

// To a user, whoever that is; what goes to all of them has no receiver of its own.
void mic_dialect::put_private(mic::encoding as, const core::operation &op) {
  const confab_event_message &e = op.event.message;
  const mic::object_id from = op.actor ? ids.of(*op.actor) : mic::server_number;
  const std::string_view alias = op.actor ? op.actor->is.nick() : w.server_name();
  const mic::object_id to = ids.of_living(e.target);
  std::string_view rest = core::view(e.text);
  if (for_programs(e))
    return put(as, mic::event_user{from, to, alias, {rest, true}});
  const std::size_t room = mic::frame_bytes_max - 13 - mic::measure(alias, as).bytes;
  while (!rest.empty()) {
    const std::size_t taken = mic::measure(rest, as, room).taken;
    if (taken == 0)
      break;
    put(as, mic::event_user{from, to, alias, {rest.substr(0, taken), false}});
    rest.remove_prefix(taken);
  }
}

// --- modes
// -----------------------------------------------------------------------------------------

std::string_view mic_dialect::encode_modes(std::uint16_t variant, const core::mode_batch &batch) {
  const mic::encoding as = encoding_of(variant);
  used_ = 0;
  if (batch.subject) {
    core::user &who = *batch.subject;
    const mic::property_value word{mic::prop_modes, user_mode_word(who, speaks_mic(who)), 0, {}};
    put(as, mic::event_prop{ids.of(who), ids.of(who), {&word, 1}});
    return {scratch_.data(), used_};
  }
  // Somebody entered with a rank: the word of his event said so.
  if (!batch.where || (batch.whom.but && batch.whom.but == batch.actor))
    return {};
  const core::channel &where = *batch.where;
  std::uint64_t modes = where.modes;
  bool worded = false, limited = false;
  const auto changes = std::span(batch.changes).first(batch.count);
  for (const core::mode_change &change : changes) {
    if (change.kind != core::mode_kind::channel_mode)
      continue;
    limited = limited || change.mode == CONFAB_CMODE_LIMIT;
    worded = worded || (change.mode != CONFAB_CMODE_LIMIT && change.mode != CONFAB_CMODE_KEY);
    if (change.mode < CONFAB_CMODE_CORE_END) {
      const std::uint64_t bit = std::uint64_t{1} << change.mode;
      modes = change.set ? modes | bit : modes & ~bit;
    }
  }
  if (worded)
    put_change(as, where, batch.actor, ids.of(where),
               {mic::prop_modes, channel_mode_word(modes, where.marks), 0, {}});
  if (limited)
    put_limit(as, batch);
  for (const core::mode_change &change : changes) {
    const bool last =
        std::none_of(&change + 1, changes.data() + changes.size(), [&](const auto &c) {
          return c.kind == core::mode_kind::rank && c.member == change.member;
        });
    const core::member *m =
        change.kind == core::mode_kind::rank && last ? w.members.find(change.member) : nullptr;
    if (!m)
      continue;
    const core::user &who = w.user_of(*m);
    const std::uint32_t word = member_mode_word(who, where, change.is, m->refuses, speaks_mic(who));
    put_change(as, where, batch.actor, ids.of(*m), {mic::prop_modes, word, 0, {}});
  }
  return {scratch_.data(), used_};
}

void mic_dialect::put_limit(mic::encoding as, const core::mode_batch &batch) {
  std::uint32_t limit = 0;
  for (const core::mode_change &change : std::span(batch.changes).first(batch.count))
    if (change.kind == core::mode_kind::channel_mode && change.mode == CONFAB_CMODE_LIMIT)
      limit = change.set ? static_cast<std::uint32_t>(
                               text::parse_u64(change.value.view(), INT32_MAX).value_or(0))
                         : 0;
  put_change(as, *batch.where, batch.actor, ids.of(*batch.where),
             {mic::prop_channel_limit, limit, 0, {}});
}

// --- to the origin alone
// ---------------------------------------------------------------------------

// What causes no event to who asked for it is confirmed (decisions.hpp, 2). Nothing here needs
// memory: this answers acts in shadow too.
void mic_dialect::answered(core::conn &c, const core::operation &op) {
  if (op.request.empty())
    return;
  const core::event_box &e = op.event;
  const auto confirm = [&](mic::result code) {
    result(c, object_of(op.request), code, static_cast<std::uint8_t>(op.request[0]));
  };
  const auto away = [&](confab_id target) {
    if (const core::user *who = w.users.find(target); who && who->is_away)
      confirm(mic::result::away);
  };
  switch (e.head.type) {
  case CONFAB_EVENT_MESSAGE:
    return e.message.context == 0 ? away(e.message.target) : void();
  case CONFAB_EVENT_INVITE:
    return away(e.invite.user);
  case CONFAB_EVENT_USER_CHANGE:
    return e.user_change.what == CONFAB_USER_AWAY ? confirm(mic::result::none) : void();
  case CONFAB_EVENT_ACCESS:
    return confirm(mic::result::none);
  case CONFAB_EVENT_CHANNEL_CHANGE:
    return e.channel_change.mode == CONFAB_CMODE_KEY ? confirm(mic::result::none) : void();
  case CONFAB_EVENT_KILL: // where its own member was put out it knows
    return op.manner != kills_own ? confirm(mic::result::none) : void();
  case CONFAB_EVENT_TOPIC: // a filter wrote another than was shown
    if (op.shown && w.channels.find(e.topic.channel) &&
        (e.head.flags & CONFAB_EVENT_REWRITTEN) != 0)
      w.to_conn(op, c);
    return;
  default:
    return;
  }
}

} // namespace confab::session
