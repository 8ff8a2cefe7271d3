// SPDX-License-Identifier: MIT
//
// The orders of channels: see directory.hpp. Times only grow, so what is new goes to the end of its
// order at once; what is restored with an older time is filed from the end downwards.

#include "core/directory.hpp"

#include <algorithm>
#include <bit>

namespace confab::core {

namespace {

// Where the topic was never set, the age of the channel counts.
std::int64_t topic_key(const channel &c) noexcept {
  return c.topic_s != 0 ? c.topic_s : c.created_s;
}

} // namespace

std::uint32_t directory::crowd_of(std::uint64_t members) noexcept {
  if (members < exact_crowds)
    return static_cast<std::uint32_t>(members);
  members = std::min<std::uint64_t>(members, UINT32_MAX);
  const auto octave = static_cast<std::uint32_t>(std::bit_width(members) - 1); // 6 to 31
  const auto quarter = static_cast<std::uint32_t>(members >> (octave - 2) & 3U);
  return exact_crowds + 4 * (octave - 6) + quarter;
}

directory::chain &directory::chain_of(const channel &c, order by) noexcept {
  return by == by_crowd ? crowds_[c.crowd] : chains_[by];
}

// Behind `before`, or first.
void directory::link(channel &c, order by, std::uint32_t before) noexcept {
  chain &in = chain_of(c, by);
  const std::uint32_t after =
      before == channels::none ? in.first : pool_->at(before).places[by].after;
  c.places[by] = {before, after};
  (before == channels::none ? in.first : pool_->at(before).places[by].after) = c.index;
  (after == channels::none ? in.last : pool_->at(after).places[by].before) = c.index;
  ++in.size;
}

void directory::unlink(channel &c, order by) noexcept {
  chain &in = chain_of(c, by);
  const place at = c.places[by];
  (at.before == channels::none ? in.first : pool_->at(at.before).places[by].after) = at.after;
  (at.after == channels::none ? in.last : pool_->at(at.after).places[by].before) = at.before;
  c.places[by] = {};
  --in.size;
}

void directory::file(channel &c, order by, std::int64_t key) noexcept {
  std::int64_t &filed = by == by_creation ? c.filed_created_s : c.filed_topic_s;
  std::uint32_t before = chains_[by].last;
  const auto key_at = [&](std::uint32_t index) {
    const channel &other = pool_->at(index);
    return by == by_creation ? other.filed_created_s : other.filed_topic_s;
  };
  while (before != channels::none && key_at(before) > key)
    before = pool_->at(before).places[by].before;
  filed = key;
  link(c, by, before);
}

void directory::add(channel &c) noexcept {
  c.crowd = static_cast<std::uint8_t>(crowd_of(c.roster.size()));
  link(c, by_crowd, channels::none);
  file(c, by_creation, c.created_s);
  file(c, by_topic, topic_key(c));
  c.filed_registered = c.has(CONFAB_CMODE_REGISTERED);
  if (c.filed_registered)
    link(c, by_register, chains_[by_register].last);
}

void directory::remove(channel &c) noexcept {
  for (const order by : {by_crowd, by_creation, by_topic})
    unlink(c, by);
  if (c.filed_registered)
    unlink(c, by_register);
}

void directory::refresh(channel &c) noexcept {
  if (const std::uint32_t crowd = crowd_of(c.roster.size()); crowd != c.crowd) {
    unlink(c, by_crowd);
    c.crowd = static_cast<std::uint8_t>(crowd);
    link(c, by_crowd, channels::none);
  }
  if (c.created_s != c.filed_created_s) {
    unlink(c, by_creation);
    file(c, by_creation, c.created_s);
  }
  if (topic_key(c) != c.filed_topic_s) {
    unlink(c, by_topic);
    file(c, by_topic, topic_key(c));
  }
  if (c.has(CONFAB_CMODE_REGISTERED) == c.filed_registered)
    return;
  if (c.filed_registered)
    unlink(c, by_register);
  else
    link(c, by_register, chains_[by_register].last);
  c.filed_registered = !c.filed_registered;
}

std::size_t directory::count(order by, bool latest, std::int64_t bound,
                             std::size_t most) const noexcept {
  std::size_t found = 0;
  std::uint32_t at = latest ? chains_[by].last : chains_[by].first;
  for (; at != channels::none && found <= most; ++found) {
    const channel &c = pool_->at(at);
    const std::int64_t key = by == by_creation ? c.filed_created_s : c.filed_topic_s;
    if (latest ? key <= bound : key >= bound)
      break;
    at = latest ? c.places[by].before : c.places[by].after;
  }
  return found;
}

directory::selection directory::select(const query_terms &t, std::size_t most) const noexcept {
  selection best;
  best.from = this;
  const auto offer = [&](order by, std::size_t size) {
    if (size > most || (best.found() && size >= best.size_))
      return false;
    best.by = by;
    best.size_ = size;
    return true;
  };
  if (t.members_min > 0 || t.members_max != UINT32_MAX) {
    const std::uint32_t low = crowd_of(t.members_min), high = crowd_of(t.members_max);
    std::size_t size = 0;
    for (std::uint32_t crowd = low; crowd <= high; ++crowd)
      size += crowds_[crowd].size;
    if (offer(by_crowd, size)) {
      best.backwards = false;
      best.low = low;
      best.high = high;
    }
  }
  if (t.registered == 1 && offer(by_register, chains_[by_register].size))
    best.backwards = false;
  const auto offer_time = [&](order by, std::int64_t after, std::int64_t before) {
    if (after != INT64_MIN && offer(by, count(by, true, after, most)))
      best.backwards = true;
    if (before != INT64_MAX && offer(by, count(by, false, before, most)))
      best.backwards = false;
  };
  offer_time(by_creation, t.created_after, t.created_before);
  offer_time(by_topic, t.topic_after, t.topic_before);
  return best;
}

} // namespace confab::core
