// SPDX-License-Identifier: MIT
//
// Makes what was configured true: registered channels are opened, changed where they differ and let
// go, and connections get their classes. Everything that may fail is prepared first, channel by
// channel; then all of it happens in steps that cannot.

#include "core/acts/acts.hpp"
#include "core/service/service.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

constexpr std::uint64_t bit(std::uint32_t mode) noexcept { return std::uint64_t{1} << mode; }
constexpr std::uint64_t core_modes = bit(CONFAB_CMODE_CORE_END) - 1;
constexpr std::uint8_t standing_wanted = 128; // while a configuration is applied

// What becomes of one channel. It lets go of whatever was not taken out of it.
struct draft {
  draft(world &in, channel &of)
      : w(in), where(of), access(in.mem), told(&in.mem), changed(&in.mem) {}
  draft(draft &&) = delete;
  ~draft() {
    for (owned_str *text : {&topic, &topic_by, &key})
      text->clear(w.mem);
    access.clear(w.mem);
    for (mode_change &change : told)
      change.value.clear(w.mem);
    for (const property_change &change : changed)
      if (change.fresh)
        w.added.hangs.destroy(change.fresh);
  }

  world &w;
  channel &where;
  owned_str topic, topic_by, key;
  access_list access;
  std::uint64_t modes = 0;
  std::pmr::vector<mode_change> told;
  std::pmr::vector<property_change> changed;
};

void draft_access(draft &to, const definition &from) {
  to.access.entries.reserve(from.access.size());
  for (const kept_access &entry : from.access) {
    access_entry &one = to.access.entries.emplace_back(); // room was made
    one.mask.assign(to.w.mem, entry.mask);
    one.reason.assign(to.w.mem, entry.reason);
    one.set_by.assign(to.w.mem, entry.set_by);
    one.set_s = entry.set_s != 0 ? entry.set_s : to.w.unix_s();
    one.expires_s = entry.expires_s;
    one.list = entry.list;
    one.by_owner = entry.by_owner;
  }
}

// Modes that come, go, or have another value.
void draft_modes(draft &to, const definition &from) {
  const channel &where = to.where;
  to.modes = (where.modes & ~core_modes) | from.modes;
  to.told.reserve(2 * std::size_t{CONFAB_CMODE_CORE_END});
  for (std::uint32_t mode = 0; mode < CONFAB_CMODE_CORE_END; ++mode) {
    const bool was = where.has(mode), is = (to.modes >> mode & 1U) != 0;
    const bool other = (mode == CONFAB_CMODE_KEY && where.key.view() != from.key) ||
                       (mode == CONFAB_CMODE_LIMIT && where.limit != from.limit);
    if (was == is && !(is && other))
      continue;
    mode_change &change = to.told.emplace_back(); // room was made
    change.set = is;
    change.mode = mode;
    if (mode == CONFAB_CMODE_KEY)
      change.value.assign(to.w.mem, is ? std::string_view(from.key) : where.key.view());
    else if (mode == CONFAB_CMODE_LIMIT && is)
      change.value.assign(to.w.mem, fmt::format_int(from.limit).str());
  }
}

void draft_properties(draft &to, const definition &from) {
  to.changed.reserve(properties().size());
  for (const property_row &row : properties()) {
    if (row.kind == property_kind::derived)
      continue;
    const auto at = std::find_if(from.properties.begin(), from.properties.end(),
                                 [&](const kept_property &p) { return p.id == row.id; });
    const std::string_view value = at != from.properties.end() ? at->value : std::string_view{};
    if (value != property_text(to.w, to.where, row.id))
      to.changed.push_back(prepare_property(to.w, to.where, row.id, value));
  }
}

void prepare(draft &to, const definition &from) {
  world &w = to.w;
  to.topic.assign(w.mem, from.topic);
  const bool by_server = !from.topic.empty() && from.topic_by.empty();
  to.topic_by.assign(w.mem, by_server ? w.server_name() : std::string_view(from.topic_by));
  to.key.assign(w.mem, from.key);
  draft_access(to, from);
  draft_modes(to, from);
  draft_properties(to, from);
}

operation about(world &w, std::uint16_t type) noexcept {
  operation op(w.mem);
  op.event = make_event(type);
  op.event.head.time = w.now;
  return op;
}

// Whoever is in the channel sees the server do it.
void tell_topic(world &w, channel &where) noexcept {
  operation op = about(w, CONFAB_EVENT_TOPIC);
  op.event.topic.channel = world::id(where);
  op.event.topic.name = str(where.name());
  op.event.topic.text = str(where.topic.view());
  w.to_channel(op, where, {});
}

void tell_modes(world &w, channel &where, std::pmr::vector<mode_change> &changes) noexcept {
  operation op = about(w, CONFAB_EVENT_CHANNEL_CHANGE);
  op.event.channel_change.channel = world::id(where);
  for (mode_change &change : changes)
    announce_mode(w, op, std::move(change));
  w.flush_modes();
}

void tell_property(world &w, channel &where, property id) noexcept {
  operation op = about(w, CONFAB_EVENT_PROPERTY);
  const property_row &row = row_of(id);
  confab_event_property &e = op.event.property;
  e.subject = world::id(where);
  e.name = str(row.name);
  e.text = str(property_text(w, where, id));
  e.set = e.text.len > 0 ? 1 : 0;
  w.to_channel(op, where, {.ranks = row.told});
}

void commit(draft &from, const definition &by) noexcept {
  world &w = from.w;
  channel &where = from.where;
  const bool topic_changes = where.topic.view() != by.topic;
  where.topic.swap(from.topic);
  where.topic_by.swap(from.topic_by);
  where.topic_s = by.topic_s != 0 || by.topic.empty() ? by.topic_s : w.unix_s();
  where.key.swap(from.key);
  where.limit = by.limit;
  where.modes = from.modes;
  where.access.entries.swap(from.access.entries);
  where.standing = by.standing | standing_wanted;
  if (by.created_s != 0)
    where.created_s = by.created_s;
  w.listing.refresh(where);
  for (property_change &change : from.changed)
    commit_property(w, where, {change.id, std::exchange(change.fresh, nullptr)});
  if (where.roster.empty())
    return;
  tell_modes(w, where, from.told);
  if (topic_changes)
    tell_topic(w, where);
  for (const property_change &change : from.changed)
    tell_property(w, where, change.id);
}

// It is like any other again, and ends like one.
void let_go(world &w, channel &where) noexcept {
  where.modes &= ~bit(CONFAB_CMODE_REGISTERED);
  where.standing = 0;
  w.listing.refresh(where);
  if (where.roster.empty())
    return destroy_channel(w, where);
  operation op = about(w, CONFAB_EVENT_CHANNEL_CHANGE);
  op.event.channel_change.channel = world::id(where);
  announce_mode(w, op, {mode_kind::channel_mode, false, CONFAB_CMODE_REGISTERED, 0, 0, 0, {}});
  w.flush_modes();
}

void let_go_of_others(world &w) noexcept {
  constexpr auto none = decltype(w.channels)::none;
  for (std::uint32_t i = w.channels.first(), following = none; i != none; i = following) {
    following = w.channels.next(i);
    channel &where = w.channels.at(i);
    if ((where.standing & standing_wanted) != 0)
      where.standing &= static_cast<std::uint8_t>(~standing_wanted);
    else if (where.has(CONFAB_CMODE_REGISTERED))
      let_go(w, where);
  }
}

void tell_opened(world &w, const channel &where) noexcept {
  event_box opened = make_event(CONFAB_EVENT_CHANNEL_OPEN);
  opened.head.flags |= CONFAB_EVENT_FINAL; // it is open
  opened.channel.channel = world::id(where);
  opened.channel.name = str(where.name());
  opened.channel.modes = where.modes;
  opened.channel.limit = where.limit;
  w.bus->notify(opened);
}

// The connections of each address, where a class bounds them.
address_counts count_addresses(const world &w) {
  address_counts counts = w.addresses.fresh();
  constexpr auto none = decltype(w.conns)::none;
  for (std::uint32_t i = w.conns.first(); i != none; i = w.conns.next(i))
    if (const conn &c = w.conns.at(i); !c.gone)
      counts.add(c.address.view());
  return counts;
}

void use_classes(world &w, address_counts &counts, bool counting) noexcept {
  w.addresses.swap(counts);
  w.counts_addresses = counting;
  constexpr auto none = decltype(w.conns)::none;
  for (std::uint32_t i = w.conns.first(); i != none; i = w.conns.next(i)) {
    conn &c = w.conns.at(i);
    c.counted = counting && !c.gone;
    take_class(w, c);
  }
}

} // namespace

void apply_service(world &w, service_config &config) {
  std::pmr::vector<channel *> made(&w.mem);
  std::pmr::vector<draft *> drafts(&w.mem);
  const auto drop = [&](auto &all) {
    for (draft *one : all)
      w.mem.destroy(one);
    all.clear();
  };
  const bool counting =
      std::any_of(config.classes.begin(), config.classes.end(), [](const kept_class &one) {
        return one.limit(class_limit::address_connections) != 0;
      });
  address_counts counts = w.addresses.fresh();
  try {
    if (counting)
      counts = count_addresses(w);
    made.reserve(config.channels.size());
    drafts.reserve(config.channels.size());
    for (const definition &one : config.channels) {
      channel *where = w.find_channel(one.name);
      if (!where)
        made.push_back(where = &add_channel(w, one.name));
      drafts.push_back(w.mem.create<draft>(w, *where));
      prepare(*drafts.back(), one);
    }
  } catch (...) {
    drop(drafts);
    for (channel *where : made)
      drop_channel(w, *where);
    throw;
  }
  for (std::size_t i = 0; i < drafts.size(); ++i)
    commit(*drafts[i], config.channels[i]);
  drop(drafts);
  config.channels.clear();
  w.mem.destroy(std::exchange(w.service, &config));
  use_classes(w, counts, counting); // before any handler can ask for a class
  let_go_of_others(w);
  for (const channel *where : made)
    tell_opened(w, *where);
}

} // namespace confab::core
