// SPDX-License-Identifier: MIT
//
// Who gets into which channel: see entry.hpp. The order of the checks is the order in which servers
// refuse: who has the channel's keys or is on its lists passes what binds the others.

#include "core/acts/entry.hpp"

#include "core/properties.hpp"
#include "core/service/service.hpp"
#include "text/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace confab::core {

namespace {

constexpr std::uint64_t bit(std::uint32_t mode) noexcept { return std::uint64_t{1} << mode; }

std::uint64_t modes_of_clone(const channel &parent) noexcept {
  return (parent.modes & ~bit(CONFAB_CMODE_CLONEABLE) & ~bit(CONFAB_CMODE_REGISTERED)) |
         bit(CONFAB_CMODE_CLONE);
}

// Compares keys in a time that tells nothing of where they differ.
bool key_equal(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size() || a.empty())
    return false;
  unsigned differs = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    differs |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return differs == 0;
}

std::uint32_t rank_of_list(std::uint32_t list) noexcept {
  switch (list) {
  case CONFAB_LIST_OWNER:
    return CONFAB_RANK_OWNER;
  case CONFAB_LIST_OPERATOR:
    return CONFAB_RANK_OPERATOR;
  case CONFAB_LIST_VOICE:
    return CONFAB_RANK_VOICE;
  default:
    return 0;
  }
}

// The checks of a channel that is there, but for its limit. True when the answer stands: refused,
// or let in past the limit too.
bool judge_entry(world &w, const operation &op, const user &who, const channel &where,
                 entry &out) noexcept {
  const auto refuse_with = [&](std::uint32_t code) {
    out.code = code;
    return true;
  };
  if (unchecked(op))
    return true;
  // No power helps a client that does not speak the channel's language.
  const std::uint32_t protocol = op.event.head.protocol;
  if (where.has(CONFAB_CMODE_MIC_ONLY) && protocol != CONFAB_PROTOCOL_NONE &&
      protocol != CONFAB_PROTOCOL_MIC)
    return refuse_with(CONFAB_REFUSED_WRONG_PROTOCOL);
  if (is_administrator(&who) || owns_as_operator(w, who, &where)) {
    out.ranks = CONFAB_RANK_OWNER;
    return true;
  }
  if (!where.has(CONFAB_CMODE_REGISTERED) && !enters_dynamic(w, who))
    return refuse_with(CONFAB_REFUSED_NO_DYNAMIC);
  if (where.has(CONFAB_CMODE_AUTH_ONLY) && (who.modes & CONFAB_UMODE_AUTHENTICATED) == 0)
    return refuse_with(CONFAB_REFUSED_AUTH_ONLY);
  const std::string_view group = property_text(w, where, property::account);
  if (!group.empty() && !account_belongs(who.account.view(), group))
    return refuse_with(CONFAB_REFUSED_AUTH_ONLY);
  const std::string_view key = view(op.event.join.key);
  if (key_equal(key, property_text(w, where, property::owner_key)))
    out.ranks = CONFAB_RANK_OWNER;
  else if (key_equal(key, property_text(w, where, property::operator_key)))
    out.ranks = CONFAB_RANK_OPERATOR;
  if (out.ranks != 0)
    return true;
  const access_verdict said = judge(w, where.access, who);
  if (said.outcome == access_outcome::allowed) {
    out.ranks = rank_of_list(said.list);
    return true;
  }
  if (said.outcome != access_outcome::neutral)
    return refuse_with(said.outcome == access_outcome::denied ? CONFAB_REFUSED_BANNED
                                                              : CONFAB_REFUSED_CLOSED_LIST);
  // Any member may ask somebody in where it is not INVITE_ONLY: that must not undo what operators
  // said of him by name. It is for the door (spec ircx §12), and for the limit, as clients of plain
  // IRC are told (modern.ircdocs.horse, client limit channel mode).
  const bool welcome = invited(who, where);
  if (where.has(CONFAB_CMODE_INVITE_ONLY) && !welcome &&
      !matched(w, where.access, CONFAB_LIST_INVITE, who))
    return refuse_with(CONFAB_REFUSED_INVITE_ONLY);
  if (where.has(CONFAB_CMODE_KEY) && !key_equal(key, where.key.view()))
    return refuse_with(CONFAB_REFUSED_BAD_KEY);
  return welcome;
}

bool full(const world &w, const channel &where) noexcept {
  const std::uint32_t most = members_max_of(w, where);
  return where.roster.size() >= w.limits().members_per_channel_max ||
         (most != 0 && where.roster.size() >= most);
}

// The first clone with room, or the first number that is free; a name that somebody else's channel
// holds is passed over.
void choose_clone(world &w, const operation &op, const user &who, channel &parent, bool fresh,
                  entry &out) noexcept {
  // A new one has its parent's keys and lists: who has a rank by them has it there too.
  out = entry{nullptr, nullptr, &parent, 0, out.ranks, CONFAB_REFUSED_NONE};
  char buffer[256];
  for (unsigned number = 1; number <= clones_max; ++number) {
    const std::string_view name = clone_name(w, parent, number, buffer, sizeof buffer);
    if (name.empty())
      break;
    channel *clone = w.find_channel(name);
    if (!clone) {
      out.clone = number;
      if (w.channels.size() >= w.limits().channels_max)
        out.code = CONFAB_REFUSED_LIMIT;
      return;
    }
    if (fresh || !clone->has(CONFAB_CMODE_CLONE))
      continue;
    if (member *already = w.find_member(who, *clone)) {
      out.where = clone;
      out.already = already;
      return;
    }
    entry here;
    const bool stands = judge_entry(w, op, who, *clone, here);
    const bool beyond = clone->roster.size() >= w.limits().members_per_channel_max;
    if (!beyond && (stands || !full(w, *clone))) {
      here.where = clone;
      here.parent = &parent;
      out = here;
      return;
    }
  }
  out.code = CONFAB_REFUSED_CHANNEL_FULL;
}

// Is the name kept for a clone of a channel that is there?
bool kept_for_clone(world &w, std::string_view name) noexcept {
  for (std::size_t digits = 1; digits <= 2 && digits + 1 < name.size(); ++digits) {
    const std::string_view tail = name.substr(name.size() - digits);
    if (!text::is_digit(tail[0]) || !text::is_digit(tail.back()))
      return false;
    const channel *parent = w.find_channel(name.substr(0, name.size() - digits));
    if (parent && parent->has(CONFAB_CMODE_CLONEABLE) && tail[0] != '0')
      return true;
  }
  return false;
}

// Do two of the modes exclude each other?
bool contradicts(std::uint64_t modes) noexcept {
  for (std::uint32_t mode = 0; mode < CONFAB_CMODE_CORE_END; ++mode)
    if ((modes >> mode & 1U) != 0 && (modes & modes_excluded_by(mode)) != 0)
      return true;
  return false;
}

void decide_new(world &w, const operation &op, const user &who, entry &out) noexcept {
  const confab_event_join &e = op.event.join;
  if ((e.flags & CONFAB_JOIN_ONLY_EXISTING) != 0)
    out.code = CONFAB_REFUSED_NO_SUCH_CHANNEL;
  else if (w.channels.size() >= w.limits().channels_max)
    out.code = CONFAB_REFUSED_LIMIT;
  else if (!unchecked(op) && kept_for_clone(w, view(e.name)))
    out.code = CONFAB_REFUSED_RESERVED_NAME;
  else if (!unchecked(op))
    out.code = refusal_to_make(w, who);
  if (out.code != CONFAB_REFUSED_NONE)
    return;
  out.ranks = (e.flags & CONFAB_JOIN_OWNS) != 0 ? CONFAB_RANK_OWNER : CONFAB_RANK_OPERATOR;
  if ((e.flags & CONFAB_JOIN_OPENING) == 0)
    return;
  if ((e.flags & CONFAB_JOIN_FRESH_CLONE) != 0 && !unchecked(op) && !is_administrator(&who))
    out.code = CONFAB_REFUSED_FORBIDDEN; // a clone of nothing (spec ircx §20, row 10)
  else if (e.modes >> CONFAB_CMODE_CORE_END != 0 || contradicts(e.modes) || e.limit > INT32_MAX)
    out.code = CONFAB_REFUSED_BAD_VALUE;
  else if (const std::uint32_t most = limit_max_of(w, nullptr);
           most != 0 && e.limit > most && !unchecked(op))
    out.code = CONFAB_REFUSED_BAD_VALUE;
  else if (e.key.len > 0 && !key_legal(w, view(e.key)))
    out.code = CONFAB_REFUSED_BAD_KEY_VALUE;
  if (out.code != CONFAB_REFUSED_NONE || unchecked(op))
    return;
  const std::uint32_t protocol = op.event.head.protocol;
  for (std::uint32_t mode = 0; mode < CONFAB_CMODE_CORE_END; ++mode)
    if ((e.modes >> mode & 1U) != 0 &&
        (!may_open_with(&who, mode) ||
         (mode == CONFAB_CMODE_CLONEABLE && !can_be_cloned(view(e.name))) ||
         // Nobody makes a channel that it could not enter.
         (mode == CONFAB_CMODE_MIC_ONLY && protocol != CONFAB_PROTOCOL_NONE &&
          protocol != CONFAB_PROTOCOL_MIC)))
      out.code = CONFAB_REFUSED_FORBIDDEN;
}

} // namespace

bool can_be_cloned(std::string_view name) noexcept {
  return !name.empty() && !text::is_digit(name.back());
}

std::string_view clone_name(const world &w, const channel &parent, unsigned number, char *buffer,
                            std::size_t size) noexcept {
  const auto end = fmt::format_to_n(buffer, size, "{}{}", parent.name(), number);
  return end.size <= size && end.size <= w.limits().channel_bytes_max
             ? std::string_view{buffer, end.size}
             : std::string_view{};
}

entry decide_entry(world &w, const operation &op, const user &who) noexcept {
  const confab_event_join &e = op.event.join;
  entry out;
  out.where = w.find_channel(view(e.name));
  out.already = out.where ? w.find_member(who, *out.where) : nullptr;
  const bool fresh = (e.flags & CONFAB_JOIN_FRESH_CLONE) != 0 && out.where &&
                     out.where->has(CONFAB_CMODE_CLONEABLE);
  if (out.already && !fresh) {
    if ((e.flags & CONFAB_JOIN_ONLY_NEW) != 0)
      out.code = CONFAB_REFUSED_CHANNEL_EXISTS;
    else if ((e.flags & CONFAB_JOIN_REFUSE_TWICE) != 0)
      out.code = CONFAB_REFUSED_ALREADY_IN;
    return out;
  }
  if (who.membership_count >= channels_max_of(w, who) && !is_operator(&who)) {
    out.code = CONFAB_REFUSED_TOO_MANY_CHANNELS;
  } else if (!out.where) {
    decide_new(w, op, who, out);
  } else if ((e.flags & CONFAB_JOIN_ONLY_NEW) != 0 && !fresh) {
    out.code = CONFAB_REFUSED_CHANNEL_EXISTS;
  } else {
    channel &asked = *out.where;
    const bool stands = judge_entry(w, op, who, asked, out);
    const bool beyond = asked.roster.size() >= w.limits().members_per_channel_max;
    if (out.code == CONFAB_REFUSED_NONE && (fresh || beyond || (!stands && full(w, asked)))) {
      if (asked.has(CONFAB_CMODE_CLONEABLE))
        choose_clone(w, op, who, asked, fresh, out);
      else
        out.code = CONFAB_REFUSED_CHANNEL_FULL;
    }
  }
  out.ranks = unchecked(op) ? out.ranks : ranks_possible(w, who, out.ranks);
  return out;
}

std::uint64_t opening_modes(const world &w, const operation &op, const entry &how) noexcept {
  const confab_event_join &e = op.event.join;
  if (how.parent)
    return modes_of_clone(*how.parent);
  if ((e.flags & CONFAB_JOIN_OPENING) == 0)
    return w.default_channel_modes;
  return (e.modes & ~bit(CONFAB_CMODE_KEY) & ~bit(CONFAB_CMODE_LIMIT)) |
         ((e.flags & CONFAB_JOIN_FRESH_CLONE) != 0 ? bit(CONFAB_CMODE_CLONE) : 0) |
         (e.key.len > 0 ? bit(CONFAB_CMODE_KEY) : 0) | (e.limit > 0 ? bit(CONFAB_CMODE_LIMIT) : 0);
}

namespace {

// A clone has what its parent has now: modes, topic, keys, properties and lists (spec ircx §15).
void copy_parent(world &w, const channel &parent, channel &clone) {
  clone.modes = modes_of_clone(parent);
  clone.limit = parent.limit;
  clone.marks = parent.marks;
  clone.key.assign(w.mem, parent.key.view());
  clone.topic.assign(w.mem, parent.topic.view());
  clone.topic_by.assign(w.mem, parent.topic_by.view());
  clone.topic_s = parent.topic_s;
  copy_properties(w, parent, clone);
  for (const std::uint32_t kind : {CONFAB_ADDITION_CHANNEL_MODE, CONFAB_ADDITION_CHANNEL_PROPERTY})
    w.added.each(kind, [&](const addition &added) {
      w.added.set_text(world::id(clone), added, w.added.text_on(world::id(parent), added));
    });
  clone.access.entries.reserve(parent.access.entries.size());
  for (const access_entry &entry : parent.access.entries) {
    access_entry &copy = clone.access.entries.emplace_back(); // room was made
    copy.set_s = entry.set_s;
    copy.expires_s = entry.expires_s;
    copy.list = entry.list;
    copy.by_owner = entry.by_owner;
    copy.mask.assign(w.mem, entry.mask.view());
    copy.set_by.assign(w.mem, entry.set_by.view());
    copy.reason.assign(w.mem, entry.reason.view());
  }
}

} // namespace

channel &open_channel(world &w, const operation &op, const entry &how) {
  const confab_event_join &e = op.event.join;
  char buffer[256];
  channel &where = add_channel(
      w, how.parent ? clone_name(w, *how.parent, how.clone, buffer, sizeof buffer) : view(e.name));
  try {
    if (how.parent) {
      copy_parent(w, *how.parent, where);
    } else if ((e.flags & CONFAB_JOIN_OPENING) != 0) {
      where.key.assign(w.mem, view(e.key));
      where.modes = opening_modes(w, op, how);
      where.limit = e.limit;
    }
  } catch (...) {
    drop_channel(w, where);
    throw;
  }
  w.listing.refresh(where);
  return where;
}

} // namespace confab::core
