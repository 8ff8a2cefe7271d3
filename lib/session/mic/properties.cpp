// SPDX-License-Identifier: MIT
//
// Changing properties over MIC (spec mic §6.4, §7.8; mic-observed §4.7): each value becomes the act
// that other protocols have for the same. Who may is the core's business; what changes nothing is
// confirmed without an event.

#include "core/properties.hpp"
#include "core/acts/acts.hpp"
#include "proto/mic/modes.hpp"
#include "proto/mic/names.hpp"
#include "session/mic/dialect.hpp"
#include "session/mic/words.hpp"
#include "text/access_mask.hpp"

#include <fmt/format.h>

namespace confab::session {

void mic_dialect::on(core::conn &c, const mic::set_property &request) {
  for (const mic::wire_property &value : request.values.view()) {
    // Looked up each time: what the one before caused may have ended it.
    core::user *who = ids.user_of(request.oid);
    core::channel *where = ids.channel_of(request.oid);
    core::member *m = ids.member_of(request.oid);
    const mic::property_row *row = mic::find_property(value.id);
    const unsigned kind = who ? mic::of_user : where ? mic::of_channel : m ? mic::of_member : 0;
    if (kind == 0)
      return result(c, request.oid, mic::result::unknown_id);
    if (!row)
      return result(c, request.oid, mic::result::unknown_prop);
    if ((row->of & kind) == 0)
      return result(c, request.oid, mic::result::bad_property);
    if (who && who != c.who)
      return result(c, request.oid, mic::result::no_access);
    if (who)
      set_of_user(c, value);
    else if (where)
      set_of_channel(c, *where, value);
    else
      set_of_member(c, *m, value);
  }
}

// --- of oneself
// ------------------------------------------------------------------------------------

void mic_dialect::set_of_user(core::conn &c, const mic::wire_property &value) {
  const mic::object_id uid = ids.of(*c.who);
  switch (mic::plain(value.id)) {
  case mic::prop_user_alias: {
    const std::string_view alias = text(c, value.text);
    if (!mic::alias_valid(alias))
      return result(c, uid, mic::result::bad_user_alias);
    core::operation op = make(c, CONFAB_EVENT_NICK);
    op.event.nick.user = core::world::id(*c.who);
    op.event.nick.nick = core::str(alias);
    return submit(std::move(op));
  }
  case mic::prop_user_away: {
    core::operation op = make(c, CONFAB_EVENT_USER_CHANGE);
    const std::string_view away = line(c, value.text, w.limits().away_bytes_max);
    op.event.user_change.user = core::world::id(*c.who);
    op.event.user_change.what = CONFAB_USER_AWAY;
    op.event.user_change.set = away.empty() ? 0 : 1;
    op.event.user_change.text = core::str(away);
    return submit(std::move(op));
  }
  case mic::prop_modes2:
    return set_user_modes(c, value.number, value.high & mic::user_modes_later);
  default:
    return result(c, uid, mic::result::no_access);
  }
}

void mic_dialect::set_user_modes(core::conn &c, std::uint32_t value, std::uint32_t mask) {
  if (((user_mode_word(*c.who, true) ^ value) & mask) == 0 && !c.acts.blocked())
    return result(c, ids.of(*c.who), mic::result::none);
  for (const word_bit &row : user_mode_bits())
    if ((mask & row.bit) != 0 && c.who) {
      core::operation op = make(c, CONFAB_EVENT_USER_CHANGE);
      op.event.user_change.user = core::world::id(*c.who);
      op.event.user_change.what = CONFAB_USER_MODE;
      op.event.user_change.mode = row.mode;
      op.event.user_change.set = (value & row.bit) != 0 ? 1 : 0;
      submit(std::move(op));
    }
}

// --- of a channel
// ----------------------------------------------------------------------------------

void mic_dialect::set_of_channel(core::conn &c, core::channel &where,
                                 const mic::wire_property &value) {
  const bool removes = mic::op_of(value.id) == mic::property_op::remove;
  switch (mic::plain(value.id)) {
  case mic::prop_modes2:
    return set_channel_modes(c, where, value.number, value.high & mic::channel_modes_client);
  case mic::prop_channel_limit: {
    char digits[16];
    const auto end = fmt::format_to_n(digits, sizeof digits, "{}", value.number);
    return change_channel(c, where, CONFAB_CMODE_LIMIT, value.number != 0, {digits, end.size});
  }
  case mic::prop_channel_topic:
    return set_topic(c, where, line(c, value.text, w.limits().topic_bytes_max), false);
  case mic::prop_channel_keyword: {
    const std::string_view key = text(c, value.text);
    return change_channel(c, where, CONFAB_CMODE_KEY, !removes && !key.empty(), key);
  }
  case mic::prop_channel_banned:
    if (mic::op_of(value.id) == mic::property_op::set)
      return result(c, ids.of(where), mic::result::no_access);
    return change_ban(c, where, value.text, !removes);
  case mic::prop_channel_subject:
    return set_channel_property(c, where, "SUBJECT", line(c, value.text, 255));
  case mic::prop_channel_pics:
    return set_channel_property(c, where, "PICS", line(c, value.text, 255));
  case mic::prop_channel_data:
    return set_channel_property(c, where, "CLIENT", line(c, value.text, 255));
  case mic::prop_channel_account:
    return set_channel_property(c, where, "ACCOUNT", line(c, value.text, 255));
  default:
    return result(c, ids.of(where), mic::result::no_access);
  }
}

void mic_dialect::set_topic(core::conn &c, const core::channel &where, std::string_view topic,
                            bool shown) {
  core::operation op = make(c, CONFAB_EVENT_TOPIC);
  op.event.topic.channel = core::world::id(where);
  op.event.topic.name = core::str(where.name());
  op.event.topic.text = core::str(topic);
  op.shown = shown;
  submit(std::move(op));
}

void mic_dialect::set_channel_property(core::conn &c, const core::channel &where,
                                       std::string_view name, std::string_view value) {
  core::operation op = make(c, CONFAB_EVENT_PROPERTY);
  op.event.property.subject = core::world::id(where);
  op.event.property.name = core::str(name);
  op.event.property.text = core::str(value);
  op.event.property.set = value.empty() ? 0 : 1;
  submit(std::move(op));
}

void mic_dialect::change_channel(core::conn &c, const core::channel &where, std::uint32_t mode,
                                 bool set, std::string_view value) {
  core::operation op = make(c, CONFAB_EVENT_CHANNEL_CHANGE);
  op.event.channel_change.channel = core::world::id(where);
  op.event.channel_change.name = core::str(where.name());
  op.event.channel_change.mode = mode;
  op.event.channel_change.set = set ? 1 : 0;
  op.event.channel_change.value = core::str(value);
  submit(std::move(op));
}

// Each bit of the mask is an act; what they make of the word is told once. Marks mean nothing to
// the core: who may change modes may change them.
void mic_dialect::set_channel_modes(core::conn &c, core::channel &where, std::uint32_t value,
                                    std::uint32_t mask) {
  const confab_id place = core::world::id(where);
  const bool same = ((channel_mode_word(where) ^ value) & mask) == 0;
  const core::member *own = w.find_member(*c.who, where);
  const std::uint32_t denied = core::refusal_of_mode(c.who, own, CONFAB_CMODE_MODERATED);
  if (same && denied == CONFAB_REFUSED_NONE && !c.acts.blocked())
    return result(c, ids.of(where), mic::result::none);
  const std::uint32_t marked = mask & marked_modes;
  if (((where.marks ^ value) & marked) != 0 && denied == CONFAB_REFUSED_NONE) {
    where.marks = (where.marks & ~marked) | (value & marked);
    core::operation op = make(c, CONFAB_EVENT_CHANNEL_CHANGE);
    op.event.channel_change.channel = place;
    core::announce_mode(w, op, {core::mode_kind::channel_mode, true, UINT32_MAX, 0, 0, 0, {}});
  } else if (marked == mask && marked != 0 && denied != CONFAB_REFUSED_NONE) {
    return result(c, ids.of(where),
                  denied == CONFAB_REFUSED_NOT_MEMBER ? mic::result::not_on_channel
                                                      : mic::result::not_host);
  }
  // What is cleared first makes room for what excludes it.
  for (const bool set : {false, true})
    for (const word_bit &row : channel_mode_bits())
      if ((mask & row.bit) != 0 && ((value & row.bit) != 0) == set)
        if (const core::channel *still = w.channels.find(place))
          change_channel(c, *still, row.mode, set, {});
}

void mic_dialect::change_ban(core::conn &c, const core::channel &where, mic::wire_text mask,
                             bool set) {
  std::array<char, text::mask_bytes_limit> room;
  std::size_t length = 0;
  if (text::complete_mask(text(c, mask), room.data(), length) != text::mask_error::none)
    return result(c, ids.of(where), mic::result::bad_parameter);
  std::string_view complete{room.data(), length};
  if (text::is_plain_mask(complete))
    complete = text::plain_mask(complete);
  core::operation op = make(c, CONFAB_EVENT_ACCESS);
  op.event.access.channel = core::world::id(where);
  op.event.access.name = core::str(where.name());
  op.event.access.list = CONFAB_LIST_BAN;
  op.event.access.set = set ? CONFAB_ACCESS_ADD : CONFAB_ACCESS_REMOVE;
  op.event.access.mask = core::str(complete);
  op.strict = true;
  submit(std::move(op));
}

// --- of a member
// -----------------------------------------------------------------------------------

void mic_dialect::set_of_member(core::conn &c, core::member &m, const mic::wire_property &value) {
  const mic::object_id mid = ids.of(m);
  if (mic::plain(value.id) == mic::prop_member_udpport)
    return set_udp_port(c, m, value.number);
  if (mic::plain(value.id) != mic::prop_modes2)
    return result(c, mid, mic::result::no_access);
  const confab_id whose = core::world::id(m);
  constexpr std::uint32_t wishes = mic::member_no_data | mic::member_no_whisper;
  if ((value.high & wishes) == 0 && (value.high & mic::member_modes_by_host) == 0)
    return result(c, mid, mic::result::none); // bits that nobody may change are passed over
  for (const std::uint32_t wish : {mic::member_no_data, mic::member_no_whisper})
    if ((value.high & wish) != 0)
      if (const core::member *still = w.members.find(whose)) {
        if (((still->refuses & wish >> 8U) != 0) == ((value.number & wish) != 0) &&
            still->who == c.who->index && !c.acts.blocked())
          result(c, mid, mic::result::none);
        else
          change_member(c, *still, wish, (value.number & wish) != 0);
      }
  if (core::member *still = w.members.find(whose);
      still && (value.high & mic::member_modes_by_host) != 0)
    set_member_level(c, *still, value.number, value.high & mic::member_modes_by_host);
}

void mic_dialect::change_member(core::conn &c, const core::member &m, std::uint32_t rank,
                                bool set) {
  core::operation op = make(c, CONFAB_EVENT_MEMBER_CHANGE);
  confab_event_member_change &e = op.event.member_change;
  e.channel = core::world::id(w.channel_of(m));
  e.member = core::world::id(m);
  e.user = core::world::id(w.user_of(m));
  e.name = core::str(w.channel_of(m).name());
  e.nick = core::str(w.user_of(m).is.nick());
  e.rank = rank;
  e.set = set ? 1 : 0;
  submit(std::move(op));
}

// The three levels: host, speaker, spectator. An owner is a host already, and stays one.
void mic_dialect::set_member_level(core::conn &c, core::member &m, std::uint32_t value,
                                   std::uint32_t mask) {
  const confab_id whose = core::world::id(m);
  const bool host = core::on_stage(m);
  const bool wants_host = (mask & mic::member_host) != 0 ? (value & mic::member_host) != 0 : host;
  const bool voiced = (m.ranks & CONFAB_RANK_VOICE) != 0;
  bool asked_for = false;
  if (wants_host != host) {
    const bool owner = (m.ranks & CONFAB_RANK_OWNER) != 0;
    change_member(c, m, owner ? CONFAB_RANK_OWNER : CONFAB_RANK_OPERATOR, wants_host);
    asked_for = true;
  }
  core::member *still = w.members.find(whose);
  if (!wants_host && (mask & mic::member_speaker) != 0 && still) {
    const bool moderated = w.channel_of(*still).has(CONFAB_CMODE_MODERATED);
    const bool wants_voice = (value & mic::member_speaker) != 0 && (moderated || voiced);
    if (wants_voice != voiced) {
      change_member(c, *still, CONFAB_RANK_VOICE, wants_voice);
      asked_for = true;
    }
  }
  if (asked_for)
    return;
  const core::member *own = w.find_member(*c.who, w.channel_of(m));
  result(c, ids.of(m),
         core::may(own, core::right::give_operator) ? mic::result::none
         : own                                      ? mic::result::not_host
                                                    : mic::result::not_on_channel);
}

} // namespace confab::session
