// SPDX-License-Identifier: MIT
//
// What changes in a channel without anybody moving: ranks of members, modes, and entries of its
// lists. A change that is none (giving a rank that is held) is passed over in silence, as RFC-era
// servers do.

#include "core/acts/acts.hpp"

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
  refuse(op, m ? CONFAB_REFUSED_RANK_NEEDED : CONFAB_REFUSED_NOT_MEMBER);
  return nullptr;
}

// A key is one word that a JOIN can carry in a list.
bool key_legal(const world &w, std::string_view key) noexcept {
  if (key.empty() || key.size() > w.limits().key_bytes_max || key[0] == ':')
    return false;
  return std::none_of(key.begin(), key.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == 0x7f;
  });
}

// A mask is one word: it stands among others in a line.
bool mask_legal(const world &w, std::string_view mask) noexcept {
  return !mask.empty() && mask.size() <= w.limits().mask_bytes_max && mask[0] != ':' &&
         std::none_of(mask.begin(), mask.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

// 0: no limit that a channel could have.
std::uint32_t limit_of(std::string_view value) noexcept {
  return static_cast<std::uint32_t>(text::parse_u64(value, INT32_MAX).value_or(0));
}

gate_result check_value(const world &w, operation &op) {
  const confab_event_channel_change &e = op.event.channel_change;
  if (e.mode == CONFAB_CMODE_KEY && !key_legal(w, view(e.value)))
    return refuse(op, CONFAB_REFUSED_BAD_KEY_VALUE);
  if (e.mode == CONFAB_CMODE_LIMIT && limit_of(view(e.value)) == 0)
    return refuse(op, CONFAB_REFUSED_BAD_VALUE);
  return gate_result::go;
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

auto find_entry(world &w, std::pmr::vector<list_entry> &list, std::string_view mask) noexcept {
  return std::find_if(list.begin(), list.end(), [&](const list_entry &entry) {
    return text::equal(w.casemap(), entry.mask.view(), mask);
  });
}

} // namespace

gate_result gate_member_change(world &w, operation &op) {
  confab_event_member_change &e = op.event.member_change;
  if (e.rank != CONFAB_RANK_VOICE && e.rank != CONFAB_RANK_OPERATOR && e.rank != CONFAB_RANK_OWNER)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where)
    return gate_result::refused;
  const user *who = resolve_user(w, op, e.user, e.nick);
  const member *actor = op.actor ? w.find_member(*op.actor, *where) : nullptr;
  const bool on_itself = who && who == op.actor && e.set == 0; // anybody may step down
  if (!unchecked(op) && !(on_itself && actor) && !may(actor, right_to_give(e.rank)))
    return refuse(op, actor ? CONFAB_REFUSED_RANK_NEEDED : CONFAB_REFUSED_NOT_MEMBER);
  if (!who)
    return gate_result::refused;
  const member *target = w.find_member(*who, *where);
  if (!target)
    return refuse(op, CONFAB_REFUSED_TARGET_NOT_MEMBER);
  if (!unchecked(op) && !on_itself && outranked(actor, *target) && e.set == 0)
    return refuse(op, CONFAB_REFUSED_RANK_NEEDED);
  e.member = world::id(*target);
  return ((target->ranks & e.rank) != 0) == (e.set != 0) ? gate_result::nothing : gate_result::go;
}

commit_result commit_member_change(world &w, operation &op) {
  const confab_event_member_change &e = op.event.member_change;
  member &m = *w.members.find(e.member);
  mode_change told = change_of(w, op);
  const auto rank = static_cast<std::uint8_t>(e.rank);
  m.ranks = static_cast<std::uint8_t>(e.set != 0 ? m.ranks | rank : m.ranks & ~rank);
  announce_mode(w, op, std::move(told));
  return commit_result::done;
}

gate_result gate_channel_change(world &w, operation &op) {
  confab_event_channel_change &e = op.event.channel_change;
  if (const addition *added = w.added.channel_mode(e.mode))
    return gate_added_mode(w, op, *added);
  if (e.mode > CONFAB_CMODE_LIMIT)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  const channel *where = checked_channel(w, op, e.channel, e.name, ranks_with(right::change_modes));
  if (!where)
    return gate_result::refused;
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
  const confab_event_channel_change &e = op.event.channel_change;
  channel &where = *w.channels.find(e.channel);
  const addition *added = w.added.channel_mode(e.mode);
  if (e.mode > CONFAB_CMODE_LIMIT && !added)
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
  const std::uint64_t bit = std::uint64_t{1} << e.mode;
  where.modes = e.set != 0 ? where.modes | bit : where.modes & ~bit;
  announce_mode(w, op, std::move(told));
  return commit_result::done;
}

gate_result gate_access(world &w, operation &op) {
  confab_event_access &e = op.event.access;
  if (e.list >= CONFAB_LIST_COUNT)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  channel *where = checked_channel(w, op, e.channel, e.name, ranks_with(right::change_lists));
  if (!where)
    return gate_result::refused;
  if (!mask_legal(w, view(e.mask)))
    return refuse(op, CONFAB_REFUSED_BAD_NAME);
  auto &list = where->lists[e.list];
  const bool there = find_entry(w, list, view(e.mask)) != list.end();
  if (there == (e.set != 0))
    return gate_result::nothing;
  if (e.set != 0 && list.size() >= w.limits().list_entries_max)
    return refuse(op, CONFAB_REFUSED_LIST_FULL);
  return gate_result::go;
}

commit_result commit_access(world &w, operation &op) {
  const confab_event_access &e = op.event.access;
  channel &where = *w.channels.find(e.channel);
  auto &list = where.lists[e.list];
  mode_change told = change_of(w, op);
  if (e.set != 0) {
    list_entry entry;
    try {
      list.reserve(list.size() + 1);
      entry.mask.assign(w.mem, view(e.mask));
      entry.set_by.assign(w.mem, op.actor ? op.actor->is.source() : w.server_name());
    } catch (...) {
      entry.mask.clear(w.mem);
      told.value.clear(w.mem);
      throw;
    }
    entry.set_s = w.unix_s();
    list.push_back(std::move(entry));
  } else {
    const auto at = find_entry(w, list, view(e.mask));
    at->mask.clear(w.mem);
    at->set_by.clear(w.mem);
    for (auto next = at; next + 1 != list.end(); ++next) {
      next->mask.swap((next + 1)->mask);
      next->set_by.swap((next + 1)->set_by);
      next->set_s = (next + 1)->set_s;
    }
    list.pop_back();
  }
  announce_mode(w, op, std::move(told));
  return commit_result::done;
}

} // namespace confab::core
