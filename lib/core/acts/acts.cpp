// SPDX-License-Identifier: MIT
//
// The table of acts, and what several of them share: resolving names, legality of names, taking
// members out of channels, announcing mode changes.

#include "core/acts/acts.hpp"

#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <confab/hook.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace confab::core {

namespace {

gate_result open_gate(world &, operation &) { return gate_result::go; }
commit_result nothing_more(world &, operation &) { return commit_result::done; }

std::uint32_t no_request(const world &, const operation &) { return 0; }
std::uint32_t ask_password(const world &, const operation &op) {
  return op.event.authenticate.step == 0 ? CONFAB_REQUEST_PASSWORD : CONFAB_REQUEST_PACKAGE;
}
std::uint32_t ask_oper(const world &, const operation &) { return CONFAB_REQUEST_OPER; }
std::uint32_t ask_admin(const world &, const operation &op) { return op.event.admin.request; }

commit_result commit_line(world &, operation &op) {
  const std::string_view text = view(op.event.line.text);
  if ((op.event.head.flags & CONFAB_EVENT_DATAGRAM) == 0)
    op.origin->speaks->receive(*op.origin, text);
  else
    op.origin->speaks->receive_datagram(*op.origin, text);
  return commit_result::done;
}

constexpr act plain{open_gate, nothing_more, no_request};

constexpr std::array<act, event_rows> table{{
    plain, // NONE
    plain, // CONNECT: the driver opens it
    {gate_register, commit_register, no_request},
    {gate_authenticate, commit_authenticate, ask_password},
    {open_gate, commit_disconnect, no_request},
    {gate_nick, commit_nick, no_request},
    {gate_user_change, commit_user_change, no_request},
    {gate_message, commit_message, no_request},
    {gate_join, commit_join, no_request},
    {gate_part, commit_part, no_request},
    {gate_kick, commit_kick, no_request},
    {gate_invite, commit_invite, no_request},
    {gate_topic, commit_topic, no_request},
    {gate_member_change, commit_member_change, no_request},
    plain, // CHANNEL_OPEN: judged with the join that opens it
    plain, // CHANNEL_CLOSE: told by whoever empties it
    {gate_channel_change, commit_channel_change, no_request},
    {gate_access, commit_access, no_request},
    {gate_kill, commit_kill, no_request},
    {open_gate, commit_oper, ask_oper},
    {gate_query, commit_query, no_request},
    {open_gate, commit_line, no_request},
    plain, // LINE_OUT
    plain, // RATE_LIMIT
    {gate_admin, nothing_more, ask_admin},
    plain, // HOOK_FAILED
    plain, // HOOK_STATE
    plain, // HOOK_SHADOW
    {gate_command, commit_command, no_request},
    {gate_property, commit_property, no_request},
    plain, // PLUGIN
    {gate_knock, commit_knock, no_request},
    {gate_redirect, commit_redirect, no_request},
    plain, // of leased spaces: whoever leased them observes them
}};

// What no protocol can carry inside a name, whatever its own rules are.
bool byte_legal(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return byte > ' ' && byte != 0x7f && c != ',' && c != ':';
}

} // namespace

const act &act_of(std::uint16_t row) noexcept {
  assert(row < table.size());
  return table[row];
}

gate_result refuse(operation &op, std::uint32_t code) noexcept {
  // What a filter said of it earlier, and what lifted that, no longer counts.
  op.why.text.clear(*op.mem);
  op.why.code = code;
  op.why.visibility = CONFAB_DENIAL_ERROR;
  op.why.hook = 0;
  op.lift_reason.clear(*op.mem);
  op.lifted_by = 0;
  return gate_result::refused;
}

channel *resolve_channel(world &w, operation &op, confab_id &id, confab_str &name) noexcept {
  channel *where = id != 0 ? w.channels.find(id) : w.find_channel(view(name));
  if (!where) {
    refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL);
    return nullptr;
  }
  id = world::id(*where);
  // Its own spelling would tell a stranger that there is one.
  if (name.len == 0 || unchecked(op) || sight_of(w, op.actor, *where) != sight::nothing)
    name = str(where->name());
  return where;
}

gate_result refuse_stranger(world &w, operation &op, const channel &where,
                            std::uint32_t code) noexcept {
  const bool unseen = sight_of(w, op.actor, where) == sight::nothing;
  return refuse(op, unseen ? std::uint32_t{CONFAB_REFUSED_NO_SUCH_CHANNEL} : code);
}

user *resolve_user(world &w, operation &op, confab_id &id, confab_str &nick) noexcept {
  user *who = id != 0 ? w.users.find(id) : w.find_user(view(nick));
  if (!who) {
    refuse(op, CONFAB_REFUSED_NO_SUCH_USER);
    return nullptr;
  }
  id = world::id(*who);
  nick = str(who->is.nick());
  return who;
}

bool nick_legal(const world &w, std::string_view nick) noexcept {
  if (nick.empty() || nick.size() > w.limits().nick_bytes_max || !text::utf8_valid(nick))
    return false;
  // What would make a nick look like a channel, a rank, or part of a mask or a source.
  if (std::string_view("#&+%~$=:'. ").find(nick[0]) != std::string_view::npos)
    return false;
  return std::none_of(nick.begin(), nick.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == 0x7f || c == '!' || c == '@' || c == ',';
  });
}

bool nick_ordinary(std::string_view nick) noexcept {
  constexpr std::string_view special = "[]\\`_^{|}";
  const auto first = [&](char c) {
    return text::is_alpha(c) || special.find(c) != std::string_view::npos;
  };
  return !nick.empty() && first(nick[0]) && std::all_of(nick.begin(), nick.end(), [&](char c) {
    return first(c) || text::is_digit(c) || c == '-';
  });
}

bool source_part_legal(std::string_view word) noexcept {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (byte_legal(c) || c == ':') &&
           std::string_view("!@*?").find(c) == std::string_view::npos;
  });
}

bool channel_legal(const world &w, std::string_view name) noexcept {
  if (name.empty() || name.size() > w.limits().channel_bytes_max || !text::utf8_valid(name))
    return false;
  return (name[0] == '#' || name[0] == '&') && std::none_of(name.begin(), name.end(), [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == 0x7f;
         });
}

bool free_name_legal(const world &w, std::string_view name) noexcept {
  return !name.empty() && name.size() <= w.limits().channel_bytes_max && text::utf8_valid(name) &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

void destroy_channel(world &w, channel &where) noexcept {
  w.bus->channel_gone(world::id(where));
  event_box closed = make_event(CONFAB_EVENT_CHANNEL_CLOSE);
  closed.channel.channel = world::id(where);
  closed.channel.name = str(where.name());
  w.bus->notify(closed);
  drop_channel(w, where);
}

void drop_channel(world &w, channel &where) noexcept {
  w.channel_names.erase(where);
  w.listing.remove(where);
  where.access.clear(w.mem);
  for (owned_str *text : {&where.title, &where.topic, &where.topic_by, &where.key})
    text->clear(w.mem);
  w.object_gone(world::id(where));
  w.channels.destroy(where);
}

void remove_member(world &w, member &m) noexcept {
  channel &where = w.channel_of(m);
  user &who = w.user_of(m);
  member *last = where.roster.back();
  where.roster[m.position] = last;
  last->position = m.position;
  where.roster.pop_back();
  std::uint32_t *link = &who.memberships;
  while (*link != m.index)
    link = &w.members.at(*link).next_of_user;
  *link = m.next_of_user;
  --who.membership_count;
  w.object_gone(world::id(m));
  w.members.destroy(m);
  w.listing.refresh(where);
  if (where.roster.empty() && !where.has(CONFAB_CMODE_REGISTERED))
    destroy_channel(w, where);
}

bool changes_mode(const operation &op) noexcept {
  switch (op.type()) {
  case CONFAB_EVENT_MEMBER_CHANGE:
  case CONFAB_EVENT_CHANNEL_CHANGE:
    return true;
  case CONFAB_EVENT_ACCESS:
    return op.event.access.subject == CONFAB_ACCESS_CHANNEL &&
           op.event.access.set != CONFAB_ACCESS_CLEAR && op.event.access.list <= CONFAB_LIST_INVITE;
  case CONFAB_EVENT_USER_CHANGE:
    return op.event.user_change.what == CONFAB_USER_MODE;
  case CONFAB_EVENT_OPER:
    return !is_operator(op.actor);
  default:
    return false;
  }
}

mode_change change_of(world &w, const operation &op) {
  const event_box &box = op.event;
  if (op.type() == CONFAB_EVENT_OPER)
    return {mode_kind::user_mode, true, CONFAB_UMODE_OPERATOR, 0, 0, 0, {}};
  if (op.type() == CONFAB_EVENT_USER_CHANGE)
    return {mode_kind::user_mode, box.user_change.set != 0, box.user_change.mode, 0, 0, 0, {}};
  if (op.type() == CONFAB_EVENT_MEMBER_CHANGE) {
    const confab_event_member_change &e = box.member_change;
    const member *m = w.members.find(e.member);
    const std::uint8_t was = m ? m->ranks : 0;
    const bool ranked = e.rank <= CONFAB_RANK_OWNER; // else it is a wish, and the ranks stay
    const auto is = static_cast<std::uint8_t>(ranked ? ranks_after(was, e.rank, e.set != 0) : was);
    return {mode_kind::rank, e.set != 0, e.rank, was, is, e.member, {w.mem, view(e.nick)}};
  }
  if (op.type() == CONFAB_EVENT_ACCESS)
    return {mode_kind::list,
            box.access.set != 0,
            box.access.list,
            0,
            0,
            0,
            {w.mem, view(box.access.mask)}};
  const confab_event_channel_change &e = box.channel_change;
  const addition *added = w.added.channel_mode(e.mode);
  std::string_view value;
  if (e.set != 0 && (e.mode == CONFAB_CMODE_KEY || e.mode == CONFAB_CMODE_LIMIT || added))
    value = view(e.value);
  else if (added && added->as<confab_mode_spec>().value == CONFAB_MODE_ALWAYS)
    value = w.added.text_on(e.channel, *added); // as of a key
  else if (const channel *where = w.channels.find(e.channel); where && e.mode == CONFAB_CMODE_KEY)
    value =
        where->key.view(); // whoever takes it off is shown which it was, as clients expect of -k
  return {mode_kind::channel_mode, e.set != 0, e.mode, 0, 0, 0, {w.mem, value}};
}

void announce_mode(world &w, const operation &op, mode_change &&change, conn *only) noexcept {
  const event_box &box = op.event;
  channel *where = nullptr;
  user *subject = nullptr;
  if (op.type() == CONFAB_EVENT_OPER)
    subject = op.actor;
  else if (op.type() == CONFAB_EVENT_USER_CHANGE)
    subject = w.users.find(box.user_change.user);
  else
    where = w.channels.find(op.type() == CONFAB_EVENT_MEMBER_CHANGE ? box.member_change.channel
                            : op.type() == CONFAB_EVENT_ACCESS      ? box.access.channel
                            : op.type() == CONFAB_EVENT_JOIN        ? box.join.channel
                            : op.type() == CONFAB_EVENT_PROPERTY    ? box.property.subject
                                                                    : box.channel_change.channel);
  if (!where && !subject) // gone while a denial waited
    return change.value.clear(w.mem);
  audience whom;
  const member *about = change.kind == mode_kind::rank ? w.members.find(change.member) : nullptr;
  if (about && op.type() == CONFAB_EVENT_JOIN) {
    whom = told_of(w, *about);
    whom.also = nullptr;
    whom.but = op.actor; // its own sessions learn their rank from the list of members
  } else if (about && where->has(CONFAB_CMODE_AUDITORIUM) &&
             ((change.was | change.is) & ranks_stage) == 0) {
    whom.ranks = ranks_stage;
    whom.also = &w.user_of(*about);
  }
  mode_batch &batch = w.modes;
  if (batch.count > 0 &&
      (batch.actor != op.actor || batch.where != where || batch.subject != subject ||
       batch.only != only || batch.manner != op.manner || batch.whom != whom ||
       batch.count == mode_batch::changes_max))
    w.flush_modes();
  batch.actor = op.actor;
  batch.where = where;
  batch.subject = subject;
  batch.only = only;
  batch.whom = whom;
  batch.manner = op.manner;
  batch.changes[batch.count++].swap(change);
}

void pretend_mode(world &w, const operation &op) noexcept {
  try {
    announce_mode(w, op, change_of(w, op), op.origin);
  } catch (const std::bad_alloc &) {
    w.doom(*op.origin, CONFAB_DISCONNECT_NOMEM, "Out of memory");
  }
}

void pretend_answer(const operation &op) noexcept {
  op.origin->speaks->query_begin(*op.origin, op);
  op.origin->speaks->query_end(*op.origin, op);
}

} // namespace confab::core
