// SPDX-License-Identifier: MIT
//
// What changes in a channel without anybody moving: ranks of members, and modes. Lists are in
// access.cpp. A change that is none (giving a rank that is held) is passed over in silence, as
// RFC-era servers do.

#include "core/acts/entry.hpp"
#include "core/service/service.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

// The channel, when the actor has one of the ranks there.
channel *checked_channel(world &w, operation &op, confab_id &id, confab_str &name,
                         std::uint32_t ranks) {
  channel *where = resolve_channel(w, op, id, name);
  if (!where || unchecked(op))
    return where;
  const member *m = w.find_member(*op.actor, *where);
  if (m && (m->ranks & ranks) != 0)
    return where;
  if (m)
    refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  else
    refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
  return nullptr;
}

void set_mode_bit(channel &where, std::uint32_t mode, bool set) noexcept {
  const std::uint64_t bit = std::uint64_t{1} << mode;
  where.modes = set ? where.modes | bit : where.modes & ~bit;
}

// 0: no limit that a channel could have.
std::uint32_t limit_of(std::string_view value) noexcept {
  return static_cast<std::uint32_t>(text::parse_u64(value, INT32_MAX).value_or(0));
}

gate_result check_value(world &w, operation &op) {
  const confab_event_channel_change &e = op.event.channel_change;
  if (e.mode == CONFAB_CMODE_KEY && !key_legal(w, view(e.value)))
    return refuse(op, CONFAB_REFUSED_BAD_KEY_VALUE);
  if (e.mode != CONFAB_CMODE_LIMIT)
    return gate_result::go;
  const std::uint32_t limit = limit_of(view(e.value));
  const std::uint32_t most = unchecked(op) ? 0 : limit_max_of(w, w.channels.find(e.channel));
  return limit == 0 || (most != 0 && limit > most) ? refuse(op, CONFAB_REFUSED_BAD_VALUE)
                                                   : gate_result::go;
}

// A mode that was added says itself which rank may change it, and whether it has a value.
gate_result gate_added_mode(world &w, operation &op, const addition &mode) {
  confab_event_channel_change &e = op.event.channel_change;
  const auto &is = mode.as<confab_mode_spec>();
  const channel *where = checked_channel(w, op, e.channel, e.name, at_least(is.rank));
  if (!where)
    return gate_result::refused;
  const bool valued = is.value != CONFAB_MODE_FLAG && e.set != 0;
  if (!valued)
    e.value = {};
  else if (!key_legal(w, view(e.value)))
    return refuse(op, CONFAB_REFUSED_BAD_VALUE);
  const bool same = where->has(e.mode) == (e.set != 0) &&
                    (!valued || w.added.text_on(e.channel, mode) == view(e.value));
  return same ? gate_result::nothing : gate_result::go;
}

constexpr bool is_wish(std::uint32_t rank) noexcept {
  return rank == CONFAB_MEMBER_NO_DATA || rank == CONFAB_MEMBER_NO_WHISPER;
}

// What a member wants to be spared is its own business.
gate_result gate_wish(world &w, operation &op) {
  confab_event_member_change &e = op.event.member_change;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  const user *who = where ? resolve_user(w, op, e.user, e.nick) : nullptr;
  if (!who)
    return gate_result::refused;
  const member *m = w.find_member(*who, *where);
  if (!m)
    return refuse(op,
                  who == op.actor ? CONFAB_REFUSED_NOT_MEMBER : CONFAB_REFUSED_TARGET_NOT_MEMBER);
  if (who != op.actor && !unchecked(op))
    return refuse(op, CONFAB_REFUSED_OTHER_USER);
  e.member = world::id(*m);
  return ((m->refuses & e.rank >> 8U) != 0) == (e.set != 0) ? gate_result::nothing
                                                            : gate_result::go;
}

} // namespace

bool key_legal(const world &w, std::string_view key) noexcept {
  if (key.empty() || key.size() > w.limits().key_bytes_max || key[0] == ':')
    return false;
  return std::none_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == 0x7f;
  });
}

gate_result gate_member_change(world &w, operation &op) {
  confab_event_member_change &e = op.event.member_change;
  if (is_wish(e.rank))
    return gate_wish(w, op);
  if (e.rank != CONFAB_RANK_VOICE && e.rank != CONFAB_RANK_OPERATOR && e.rank != CONFAB_RANK_OWNER)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const user *who = resolve_user(w, op, e.user, e.nick);
  const member *actor = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  const bool free = unchecked(op) || is_administrator(op.actor);
  const bool on_itself = who && who == op.actor && e.set == 0; // anybody may step down
  if (!free && !(on_itself && actor) && !may(actor, right_to_give(e.rank))) {
    if (!actor)
      return refuse_stranger(w, op, *where, CONFAB_REFUSED_NOT_MEMBER);
    return refuse(op, e.rank == CONFAB_RANK_OWNER && on_stage(*actor) ? CONFAB_REFUSED_OWNER_NEEDED
                                                                      : CONFAB_REFUSED_RANK_NEEDED);
  }
  if (!who)
    return gate_result::refused;
  if (!unchecked(op) && e.set != 0 && ranks_possible(w, *who, e.rank) == 0)
    return refuse(op, CONFAB_REFUSED_FORBIDDEN); // its class is kept from that
  const member *target = w.find_member(*who, *where);
  if (!target)
    return refuse(op, CONFAB_REFUSED_TARGET_NOT_MEMBER);
  e.member = world::id(*target);
  if (ranks_after(target->ranks, e.rank, e.set != 0) == target->ranks)
    return gate_result::nothing;
  // Making an operator of an owner takes the ownership.
  if (!free && !on_itself && e.rank != CONFAB_RANK_VOICE && outranked(actor, *target))
    return refuse(op, CONFAB_REFUSED_OWNER_NEEDED);
  return gate_result::go;
}

commit_result commit_member_change(world &w, operation &op) {
  const confab_event_member_change &e = op.event.member_change;
  member &m = *w.members.find(e.member);
  const channel &where = w.channel_of(m);
  mode_change told = change_of(w, op);
  if (is_wish(e.rank)) {
    const auto bit = static_cast<std::uint8_t>(e.rank >> 8U);
    m.refuses = static_cast<std::uint8_t>(e.set != 0 ? m.refuses | bit : m.refuses & ~bit);
    announce_mode(w, op, std::move(told));
    return commit_result::done;
  }
  const bool stage_before = on_stage(m);
  const bool moves = where.has(CONFAB_CMODE_AUDITORIUM) && !where.has(CONFAB_CMODE_FEED);
  const auto ranks = static_cast<std::uint8_t>(ranks_after(m.ranks, e.rank, e.set != 0));
  const bool rises = moves && !stage_before && (ranks & ranks_stage) != 0;
  const bool falls = moves && stage_before && (ranks & ranks_stage) == 0;
  if (rises)
    appear_to_floor(w, op, m);
  m.ranks = ranks;
  announce_mode(w, op, std::move(told));
  if (falls)
    vanish_from_floor(w, op, m);
  return commit_result::done;
}

gate_result gate_channel_change(world &w, operation &op) {
  confab_event_channel_change &e = op.event.channel_change;
  if (const addition *added = w.added.channel_mode(e.mode))
    return gate_added_mode(w, op, *added);
  if (e.mode >= CONFAB_CMODE_CORE_END)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  if (const std::uint32_t code = unchecked(op) ? 0 : refusal_of_mode(op.actor, m, e.mode))
    return m ? refuse(op, code) : refuse_stranger(w, op, *where, code);
  if (e.mode == CONFAB_CMODE_CLONEABLE && e.set != 0 && !can_be_cloned(where->name()))
    return refuse(op, CONFAB_REFUSED_FORBIDDEN);
  const bool valued = e.mode == CONFAB_CMODE_KEY || e.mode == CONFAB_CMODE_LIMIT;
  if (valued && e.set != 0) {
    const gate_result legal = check_value(w, op);
    const bool same = where->has(e.mode) &&
                      (e.mode == CONFAB_CMODE_KEY ? where->key.view() == view(e.value)
                                                  : where->limit == limit_of(view(e.value)));
    return legal == gate_result::go && same ? gate_result::nothing : legal;
  }
  return where->has(e.mode) == (e.set != 0) ? gate_result::nothing : gate_result::go;
}

commit_result commit_channel_change(world &w, operation &op) {
  confab_event_channel_change &e = op.event.channel_change;
  channel &where = *w.channels.find(e.channel);
  const bool ends = e.mode == CONFAB_CMODE_REGISTERED && e.set == 0 && where.roster.empty();
  if (ends) // nothing else keeps it
    e.name = str(op.keep(where.name()));
  const addition *added = w.added.channel_mode(e.mode);
  if (e.mode >= CONFAB_CMODE_CORE_END && !added)
    return not_done(op, CONFAB_REFUSED_UNKNOWN_MODE);
  mode_change told = change_of(w, op);
  if (e.mode == CONFAB_CMODE_KEY) {
    try {
      where.key.assign(w.mem, e.set != 0 ? view(e.value) : std::string_view{});
    } catch (...) {
      told.value.clear(w.mem);
      throw;
    }
  } else if (e.mode == CONFAB_CMODE_LIMIT && e.set != 0) {
    where.limit = limit_of(view(e.value));
  }
  if (added)
    try {
      w.added.set_text(e.channel, *added, view(e.value));
    } catch (...) {
      told.value.clear(w.mem);
      throw;
    }
  set_mode_bit(where, e.mode, e.set != 0);
  w.listing.refresh(where);
  announce_mode(w, op, std::move(told));
  if (ends) {
    w.flush_modes();
    destroy_channel(w, where);
    return commit_result::done;
  }
  if (added || e.set == 0)
    return commit_result::done;
  // What it excludes goes in the same announcement.
  for (std::uint32_t other = 0; other < CONFAB_CMODE_CORE_END; ++other)
    if ((modes_excluded_by(e.mode) >> other & 1U) != 0 && where.has(other)) {
      set_mode_bit(where, other, false);
      announce_mode(w, op, mode_change{mode_kind::channel_mode, false, other, 0, 0, 0, {}});
    }
  return commit_result::done;
}

} // namespace confab::core
