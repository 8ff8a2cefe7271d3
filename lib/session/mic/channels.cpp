// SPDX-License-Identifier: MIT
//
// Channels of MIC (spec mic §7.3, §7.4; mic-observed §4.3, §4.4, §4.10): making and opening them,
// what a client is shown when it enters, leaving, putting others out, inviting.

#include "core/acts/acts.hpp"
#include "proto/mic/guid.hpp"
#include "proto/mic/modes.hpp"
#include "proto/mic/names.hpp"
#include "session/mic/dialect.hpp"

#include "session/format.hpp"
#include "session/mic/words.hpp"
#include "text/quoting.hpp"
#include "text/utf8.hpp"

#include "core/properties.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

namespace confab::session {

namespace {

constexpr std::uint32_t modes_usual = mic::channel_modes_usual;

// One word that a JOIN of any protocol can show.
bool is_key(std::string_view key, std::size_t bytes_max) noexcept {
  return key.size() <= bytes_max && key[0] != ':' &&
         std::none_of(key.begin(), key.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == 0x7f;
         });
}

std::uint8_t manner_of(std::string_view frame) noexcept {
  return mic::read_header(frame).wide() ? variant_wide : variant_narrow;
}

} // namespace

void mic_dialect::on(core::conn &c, const mic::create_channel &request) {
  const std::uint32_t flags = request.flags & mic::channel_flags_client;
  const bool mic_only = (flags & mic::channel_mic_only) != 0;
  const std::string_view name = text(c, request.name);
  if (!mic::channel_name_valid(name, mic_only, (flags & mic::channel_local) != 0))
    return result(c, 0, mic::result::bad_channel_name);
  if ((flags & mic::channel_unicode) != 0 && !mic_only)
    return result(c, 0, mic::result::no_unicode);
  for (const std::string_view guid : {request.client_guid, request.service_guid})
    if (!guid.empty() && guid.size() != mic::guid_bytes)
      return result(c, 0, mic::result::bad_channel_guid);
  const std::string_view key = text(c, request.keyword);
  if (!key.empty() && !is_key(key, w.limits().key_bytes_max))
    return result(c, 0, mic::result::bad_parameter);
  const bool any = (request.open & mic::open_always) != 0;
  core::operation op = make(c, CONFAB_EVENT_JOIN);
  op.member_manner = manner_of(request_);
  confab_event_join &e = op.event.join;
  e.name = core::str(name);
  e.key = core::str(key);
  e.flags = CONFAB_JOIN_OPENING | CONFAB_JOIN_REFUSE_TWICE | CONFAB_JOIN_OWNS;
  if (!any)
    e.flags |= CONFAB_JOIN_ONLY_NEW;
  e.modes = modes_of_words(request.modes & mic::channel_modes_client, flags);
  e.limit = std::min<std::uint32_t>(request.limit, INT32_MAX);
  submit(std::move(op));
}

void mic_dialect::on(core::conn &c, const mic::open_channel &request) {
  const std::string_view name = text(c, request.name);
  if (!mic::channel_name_valid(name, mic::channel_name_mic_only(name), true))
    return result(c, 0, mic::result::bad_channel_name);
  core::operation op = make(c, CONFAB_EVENT_JOIN);
  op.member_manner = manner_of(request_);
  op.event.join.name = core::str(name);
  op.event.join.key = core::str(text(c, request.keyword));
  op.event.join.flags = CONFAB_JOIN_REFUSE_TWICE | CONFAB_JOIN_OWNS;
  if ((request.open & mic::open_always) == 0)
    op.event.join.flags |= CONFAB_JOIN_ONLY_EXISTING;
  submit(std::move(op));
}

// --- what one is shown
// -----------------------------------------------------------------------------

// The block that nothing else about the channel may come into: the channel, those who are in it,
// and at last oneself.
void mic_dialect::show_channel(core::conn &c, const core::member &m, std::string_view topic,
                               std::uint16_t udp_port) {
  core::channel &where = w.channel_of(m);
  const std::uint16_t variant = variant_in(c, m);
  const mic::encoding as = encoding_of(variant);
  const mic::object_id cid = ids.of(where);
  const std::uint32_t cookie = open_relay(c, m, udp_port);
  send(c, variant,
       mic::event_add_channel{cid, channel_mode_word(where), channel_flag_word(where), cookie,
                              cookie != 0 ? mic::packed(c.datagram_address) : 0,
                              cookie != 0 ? c.datagram_port : std::uint16_t{0}, where.name(), topic,
                              core::property_text(w, where, core::property::pics)});
  core::operation asking = make(c, CONFAB_EVENT_QUERY);
  asking.event.query.kind = CONFAB_QUERY_NAMES;
  asking.event.query.name = core::str(where.name());
  std::array<char, mic::frame_bytes_max> room;
  mic::member_list_writer list(room, cid, as);
  for (const core::member *other : where.roster) {
    const core::user &who = w.user_of(*other);
    if (other == &m || !core::sees(w, m, *other) ||
        !w.bus->row_allowed(asking, {.who = &who, .where = &where, .membership = other}))
      continue;
    const mic::object_id mid = ids.of(*other);
    const std::uint32_t modes = member_mode_word(w, *other);
    if (list.add(mid, modes, who.is.nick()))
      continue;
    w.send(c, list.finish(false).frame);
    list = mic::member_list_writer(room, cid, as);
    list.add(mid, modes, who.is.nick());
  }
  if (list.items() > 0)
    w.send(c, list.finish(true).frame);
  send(c, variant, mic::event_add_member{cid, ids.of(m), member_mode_word(w, m), c.who->is.nick()});
}

void mic_dialect::entered(core::conn &c, const core::operation &op, const core::member &m) {
  core::channel &where = w.channel_of(m);
  const mic::client_message *request =
      &c == op.origin && !op.request.empty() ? &asked(op) : nullptr;
  const auto *asked_for = request ? std::get_if<mic::create_channel>(request) : nullptr;
  const auto *opened = request ? std::get_if<mic::open_channel>(request) : nullptr;
  const std::uint16_t udp_port = asked_for ? asked_for->udp_port : opened ? opened->udp_port : 0;
  if (!asked_for || !op.made) {
    show_channel(c, m, where.topic.view(), udp_port);
    return greet(c, where, m, core::property_text(w, where, core::property::on_join), true);
  }
  where.marks = marks_of(asked_for->modes, asked_for->flags);
  // Another request may be half done: it goes on where it stood.
  const auto before = std::pair(std::exchange(request_, op.request),
                                std::exchange(request_number_, op.request_number));
  const std::string_view topic = line(c, asked_for->topic, w.limits().topic_bytes_max);
  show_channel(c, m, topic.empty() ? where.topic.view() : topic, udp_port);
  if (!topic.empty())
    set_topic(c, where, topic, true);
  if (!asked_for->subject.empty())
    set_channel_property(c, where, "SUBJECT", line(c, asked_for->subject, 255));
  if (!asked_for->account.empty())
    set_channel_property(c, where, "ACCOUNT", line(c, asked_for->account, 255));
  for (const auto &[name, guid] : {std::pair("CLIENTGUID", asked_for->client_guid),
                                   std::pair("SERVICEPATH", asked_for->service_guid)})
    if (!mic::guid_none(guid)) {
      const std::array<char, mic::guid_text_bytes> words = mic::guid_text(guid);
      set_channel_property(c, where, name, {words.data(), words.size()});
    }
  std::tie(request_, request_number_) = before;
}

// What the channel says to those who come comes from itself; to those who went, from the server in
// its name (Q182377).
void mic_dialect::greet(core::conn &c, const core::channel &where, const core::member &m,
                        std::string_view text, bool joining) {
  text::greeting_lines lines(text);
  for (std::string_view piece; lines.next(piece);)
    if (joining)
      send(c, variant_in(c, m), mic::event_msg{ids.of(where), ids.of(where), {piece, false}});
    else
      send(c, variant_in(c, m),
           mic::event_user{mic::server_number, ids.of(*c.who), where.name(), {piece, false}});
}

void mic_dialect::left(core::conn &c, const core::member &m) {
  const core::channel &where = w.channel_of(m);
  greet(c, where, m, core::property_text(w, where, core::property::on_part), false);
}

void mic_dialect::resumed(core::conn &c, const core::member &m) {
  show_channel(c, m, w.channel_of(m).topic.view());
}

// A join that is not one: a channel of its own, whose numbers nobody else has. If the client really
// enters that channel later, it is another one to it.
void mic_dialect::show_ghost(core::conn &c, const core::operation &op) {
  const std::string_view name = core::view(op.event.join.name);
  const core::channel *where = w.find_channel(name);
  const mic::object_id cid = ids.fresh();
  session_of(c).ghost = cid;
  const std::uint16_t variant = static_cast<std::uint16_t>(c.variant | op.member_manner);
  const std::uint32_t cookie = offers_datagrams(c) ? fresh_cookie() : 0; // one that opens nothing
  send(c, variant,
       mic::event_add_channel{cid,
                              where ? channel_mode_word(*where) : modes_usual,
                              where ? channel_flag_word(*where) : 0,
                              cookie,
                              cookie != 0 ? mic::packed(c.datagram_address) : 0,
                              cookie != 0 ? c.datagram_port : std::uint16_t{0},
                              name,
                              {},
                              {}});
  const std::uint32_t modes = mic::member_speaker | (where ? 0U : std::uint32_t{mic::member_host});
  send(c, variant, mic::event_add_member{cid, ids.fresh(), modes, c.who->is.nick()});
}

void mic_dialect::pretend(core::conn &c, const core::operation &op) {
  if (op.type() == CONFAB_EVENT_JOIN)
    return show_ghost(c, op);
  if (op.type() != CONFAB_EVENT_NICK || !w.first_membership(*c.who))
    return w.to_conn(op, c);
  for (core::member *m = w.first_membership(*c.who); m; m = w.next_membership(*m)) {
    w.told_in = m;
    w.to_conn(op, c);
  }
  w.told_in = nullptr;
}

// --- leaving and putting out
// -----------------------------------------------------------------------

void mic_dialect::on(core::conn &c, const mic::leave_channel &request) {
  const core::channel *where = ids.channel_of(request.cid);
  if (!where)
    return result(c, request.cid, mic::result::unknown_id);
  core::operation op = make(c, CONFAB_EVENT_PART);
  op.event.part.channel = core::world::id(*where);
  op.event.part.name = core::str(where->name());
  op.event.part.text = core::str(line(c, request.reason, w.limits().reason_bytes_max));
  submit(std::move(op));
}

// What is closed says what that means: oneself, a member, a channel.
void mic_dialect::on(core::conn &c, const mic::close_object &request) {
  const std::string_view why = line(c, request.reason, w.limits().reason_bytes_max);
  const core::user *who = ids.user_of(request.oid);
  if (!c.who || (who && who == c.who)) {
    char text[600]; // in the words of IRC, so that nobody leaves with those of a kill
    return w.doom(c, CONFAB_DISCONNECT_QUIT,
                  why.empty() ? std::string_view("Client quit")
                              : format_into(text, "Quit: {}", why));
  }
  if (who)
    return result(c, request.oid, mic::result::no_access);
  if (core::member *m = ids.member_of(request.oid)) {
    core::operation op = make(c, CONFAB_EVENT_KICK);
    op.event.kick.channel = core::world::id(w.channel_of(*m));
    op.event.kick.name = core::str(w.channel_of(*m).name());
    op.event.kick.user = core::world::id(w.user_of(*m));
    op.event.kick.nick = core::str(w.user_of(*m).is.nick());
    op.event.kick.text = core::str(why);
    return submit(std::move(op));
  }
  const core::channel *where = ids.channel_of(request.oid);
  if (!where)
    return result(c, request.oid, mic::result::unknown_id);
  core::operation op = make(c, CONFAB_EVENT_KILL);
  op.manner = w.find_member(*c.who, *where) ? kills_own : 0;
  op.event.kill.channel = core::world::id(*where);
  op.event.kill.nick = core::str(where->name());
  op.event.kill.text = core::str(why);
  submit(std::move(op));
}

void mic_dialect::on(core::conn &c, const mic::send_invite &request) {
  const core::user *guest =
      request.uid != 0 ? ids.user_of(request.uid) : w.find_user(text(c, request.alias));
  if (!guest)
    return result(c, request.uid,
                  request.uid != 0 ? mic::result::user_not_found : mic::result::alias_not_found);
  const std::string_view name = text(c, request.channel);
  if (!w.find_channel(name) &&
      !mic::channel_name_valid(name, mic::channel_name_mic_only(name), true))
    return result(c, request.uid, mic::result::bad_channel_name);
  core::operation op = make(c, CONFAB_EVENT_INVITE);
  op.event.invite.user = core::world::id(*guest);
  op.event.invite.nick = core::str(guest->is.nick());
  op.event.invite.name = core::str(name);
  submit(std::move(op));
}

void mic_dialect::on(core::conn &c, const mic::kill_user &request) {
  const std::string_view alias = text(c, request.alias);
  const core::user *victim = request.uid != 0 ? ids.user_of(request.uid) : nullptr;
  if (request.uid != 0 ? !victim : core::names_channel(alias))
    return result(c, request.uid,
                  request.uid != 0 ? mic::result::user_not_found : mic::result::alias_not_found);
  core::operation op = make(c, CONFAB_EVENT_KILL);
  op.event.kill.user = victim ? core::world::id(*victim) : 0;
  op.event.kill.nick = core::str(victim ? victim->is.nick() : alias);
  op.event.kill.text = core::str(line(c, request.reason, w.limits().reason_bytes_max));
  submit(std::move(op));
}

} // namespace confab::session
