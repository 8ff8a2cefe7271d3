// SPDX-License-Identifier: MIT
//
// Lists of masks: who is kept out of a channel, let in, or given a rank; who may speak to a user;
// who may register (IRCX draft §5.1). Bans, exceptions and invite masks of plain IRC are three of
// the lists, so that a ban is the same entry whichever way it was set. What a list makes of
// somebody is in access_rules.hpp.

#include "core/acts/acts.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

// Entries that a list of a user, of the server and of the network may hold.
constexpr std::size_t user_entries_max = 50, server_entries_max = 1000;
constexpr std::uint32_t minutes_max = 71'582'788; // 2^32 seconds

// Lists that plain IRC has: their changes are announced as modes.
constexpr bool is_plain(std::uint32_t list) noexcept { return list <= CONFAB_LIST_INVITE; }

// May the actor remove the entry? What owners said is owners' business.
bool may_remove(const operation &op, const member *actor, const access_entry &entry) noexcept {
  const bool guarded = entry.list == CONFAB_LIST_OWNER || entry.by_owner;
  return !guarded || unchecked(op) || is_administrator(op.actor) ||
         (actor && (actor->ranks & CONFAB_RANK_OWNER) != 0);
}

std::size_t count_alive(const access_list &list, std::uint32_t which, std::int64_t now_s) noexcept {
  return static_cast<std::size_t>(
      std::count_if(list.entries.begin(), list.entries.end(), [&](const access_entry &entry) {
        return entry.list == which && !is_expired(entry.expires_s, now_s);
      }));
}

struct found_list {
  access_list *list = nullptr; // null: there is none yet
  std::size_t entries_max = 0;
};

found_list list_of(world &w, const confab_event_access &e) noexcept {
  switch (e.subject) {
  case CONFAB_ACCESS_CHANNEL:
    return {&w.channels.find(e.channel)->access, w.limits().list_entries_max};
  case CONFAB_ACCESS_USER:
    return {w.users.find(e.user)->access, user_entries_max};
  case CONFAB_ACCESS_SERVER:
    return {&w.server_access, server_entries_max};
  default:
    return {&w.network_access, server_entries_max};
  }
}

// What keeps the actor from the list: CONFAB_REFUSED_*, or NONE. Fills in whose it is.
std::uint32_t check_subject(world &w, operation &op) noexcept {
  confab_event_access &e = op.event.access;
  switch (e.subject) {
  case CONFAB_ACCESS_CHANNEL: {
    const channel *where = resolve_channel(w, op, e.channel, e.name);
    if (!where)
      return CONFAB_REFUSED_NO_SUCH_CHANNEL;
    const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
    if (unchecked(op) || is_administrator(op.actor) || may(m, right::change_lists))
      return CONFAB_REFUSED_NONE;
    if (m)
      return CONFAB_REFUSED_RANK_NEEDED;
    return sight_of(w, op.actor, *where) == sight::nothing ? CONFAB_REFUSED_NO_SUCH_CHANNEL
                                                           : CONFAB_REFUSED_NOT_MEMBER;
  }
  case CONFAB_ACCESS_USER: {
    const user *who = resolve_user(w, op, e.user, e.name);
    if (!who)
      return CONFAB_REFUSED_NO_SUCH_USER;
    return unchecked(op) || who == op.actor || is_administrator(op.actor)
               ? CONFAB_REFUSED_NONE
               : CONFAB_REFUSED_OTHER_USER;
  }
  case CONFAB_ACCESS_SERVER:
  case CONFAB_ACCESS_NETWORK:
    return unchecked(op) || is_operator(op.actor) ? CONFAB_REFUSED_NONE
                                                  : CONFAB_REFUSED_NOT_OPERATOR;
  default:
    return CONFAB_REFUSED_NOT_SUPPORTED;
  }
}

// Entries that have expired go, those that others can see with an announcement of the server's.
void drop_expired(world &w, operation &op, access_list &list) noexcept {
  const std::int64_t now_s = w.unix_s();
  for (std::size_t i = list.entries.size(); i-- > 0;)
    if (is_expired(list.entries[i].expires_s, now_s)) {
      access_entry &entry = list.entries[i];
      if (op.event.access.subject == CONFAB_ACCESS_CHANNEL && is_plain(entry.list)) {
        mode_change gone{mode_kind::list, false, entry.list, 0, 0, 0, {}};
        gone.value.swap(entry.mask);
        user *actor = std::exchange(op.actor, nullptr);
        announce_mode(w, op, std::move(gone));
        op.actor = actor;
      }
      list.erase(w.mem, entry);
    }
}

void add_entry(world &w, const operation &op, access_list &list) {
  const confab_event_access &e = op.event.access;
  access_entry entry;
  try {
    list.entries.reserve(list.entries.size() + 1);
    entry.mask.assign(w.mem, view(e.mask));
    entry.set_by.assign(w.mem, op.actor ? op.actor->is.source() : w.server_name());
    entry.reason.assign(w.mem, view(e.text));
  } catch (...) {
    for (owned_str *text : {&entry.mask, &entry.set_by, &entry.reason})
      text->clear(w.mem);
    throw;
  }
  entry.set_s = w.unix_s();
  entry.expires_s = expiry_of(e.minutes, entry.set_s);
  entry.list = static_cast<std::uint8_t>(e.list);
  if (const channel *where = w.channels.find(e.channel)) {
    const member *m = op.actor ? w.find_member(*op.actor, *where) : nullptr;
    entry.by_owner = m && (m->ranks & CONFAB_RANK_OWNER) != 0;
  }
  list.entries.push_back(std::move(entry));
}

// Takes out all of a list, or of all lists, that the actor may; returns how many stay.
std::uint32_t clear_entries(world &w, const operation &op, access_list &list) noexcept {
  const confab_event_access &e = op.event.access;
  const channel *where = w.channels.find(e.channel);
  const member *m = op.actor && where ? w.find_member(*op.actor, *where) : nullptr;
  std::uint32_t left = 0;
  for (std::size_t i = list.entries.size(); i-- > 0;) {
    access_entry &entry = list.entries[i];
    const bool meant = e.list == CONFAB_LIST_ALL
                           ? entry.list == CONFAB_LIST_BAN || entry.list >= CONFAB_LIST_GRANT
                           : entry.list == e.list;
    if (!meant)
      continue;
    if (!may_remove(op, m, entry)) {
      ++left;
      continue;
    }
    if (where && is_plain(entry.list)) {
      mode_change gone{mode_kind::list, false, entry.list, 0, 0, 0, {}};
      gone.value.swap(entry.mask);
      announce_mode(w, op, std::move(gone));
    }
    list.erase(w.mem, entry);
  }
  return left;
}

// A user's list is there while it has entries.
void drop_if_empty(world &w, user &who) noexcept {
  if (!who.access || !who.access->entries.empty())
    return;
  w.mem.destroy(std::exchange(who.access, nullptr));
  --w.user_lists;
}

} // namespace

bool mask_legal(const world &w, std::string_view mask) noexcept {
  return !mask.empty() && mask.size() <= w.limits().mask_bytes_max && mask[0] != ':' &&
         std::none_of(mask.begin(), mask.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

gate_result gate_access(world &w, operation &op) {
  confab_event_access &e = op.event.access;
  const bool clears = e.set == CONFAB_ACCESS_CLEAR;
  if (e.set > CONFAB_ACCESS_CLEAR ||
      (e.list >= CONFAB_LIST_COUNT && !(clears && e.list == CONFAB_LIST_ALL)))
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  const bool of_channel = e.subject == CONFAB_ACCESS_CHANNEL;
  const bool everywhere = e.list == CONFAB_LIST_BAN || e.list == CONFAB_LIST_GRANT;
  if (!of_channel && !everywhere && e.list != CONFAB_LIST_ALL)
    return refuse(op, CONFAB_REFUSED_UNKNOWN_MODE);
  if (!of_channel)
    e.channel = 0;
  if (e.subject != CONFAB_ACCESS_USER)
    e.user = 0;
  if (const std::uint32_t code = check_subject(w, op))
    return refuse(op, code);
  const channel *where = of_channel ? w.channels.find(e.channel) : nullptr;
  const member *m = where && op.actor ? w.find_member(*op.actor, *where) : nullptr;
  const bool guarded = e.list == CONFAB_LIST_OWNER;
  if (guarded && !unchecked(op) && !is_administrator(op.actor) &&
      !(m && (m->ranks & CONFAB_RANK_OWNER) != 0))
    return refuse(op, CONFAB_REFUSED_OWNER_NEEDED);
  if (clears) {
    e.mask = e.text = {};
    e.minutes = 0;
    return gate_result::go;
  }
  if (!mask_legal(w, view(e.mask)) || e.minutes > minutes_max)
    return refuse(op, e.minutes > minutes_max ? CONFAB_REFUSED_BAD_VALUE : CONFAB_REFUSED_BAD_NAME);
  const found_list list = list_of(w, e);
  access_entry *there = list.list ? list.list->find(w.casemap(), e.list, view(e.mask)) : nullptr;
  if (there && is_expired(there->expires_s, w.unix_s()))
    there = nullptr; // it goes when the act is done
  if (e.set == CONFAB_ACCESS_REMOVE) {
    e.text = {};
    e.minutes = 0;
    if (!there)
      return op.strict ? refuse(op, CONFAB_REFUSED_NO_ENTRY) : gate_result::nothing;
    return may_remove(op, m, *there) ? gate_result::go : refuse(op, CONFAB_REFUSED_OWNER_NEEDED);
  }
  if (there)
    return op.strict ? refuse(op, CONFAB_REFUSED_DUPLICATE) : gate_result::nothing;
  if (e.text.len > w.limits().reason_bytes_max || !text::utf8_valid(view(e.text)))
    return refuse(op, CONFAB_REFUSED_TOO_LONG);
  return list.list && count_alive(*list.list, e.list, w.unix_s()) >= list.entries_max
             ? refuse(op, CONFAB_REFUSED_LIST_FULL)
             : gate_result::go;
}

commit_result commit_access(world &w, operation &op) {
  confab_event_access &e = op.event.access;
  user *who = e.subject == CONFAB_ACCESS_USER ? w.users.find(e.user) : nullptr;
  if (who && !who->access && e.set != CONFAB_ACCESS_ADD)
    return commit_result::done; // there is nothing to take away
  if (who && !who->access) {
    who->access = w.mem.create<access_list>(w.mem);
    ++w.user_lists;
  }
  access_list &list = *list_of(w, e).list;
  const bool announced = e.subject == CONFAB_ACCESS_CHANNEL && is_plain(e.list);
  mode_change told = announced && e.set != CONFAB_ACCESS_CLEAR ? change_of(w, op) : mode_change{};
  drop_expired(w, op, list);
  if (e.set == CONFAB_ACCESS_ADD) {
    try {
      add_entry(w, op, list);
    } catch (...) {
      told.value.clear(w.mem);
      if (who)
        drop_if_empty(w, *who);
      throw;
    }
  } else if (e.set == CONFAB_ACCESS_CLEAR) {
    e.left = clear_entries(w, op, list);
  } else if (access_entry *entry = list.find(w.casemap(), e.list, view(e.mask))) {
    list.erase(w.mem, *entry);
  }
  if (announced && e.set != CONFAB_ACCESS_CLEAR)
    announce_mode(w, op, std::move(told));
  if (who)
    drop_if_empty(w, *who);
  return commit_result::done;
}

void forget_access(world &w, user &who) noexcept {
  if (!who.access)
    return;
  who.access->clear(w.mem);
  drop_if_empty(w, who);
}

} // namespace confab::core
