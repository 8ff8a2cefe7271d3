// SPDX-License-Identifier: MIT
//
// The table of subscriptions: see hooks.hpp. Room for a hook in every list it belongs to is
// reserved when it is added, so that taking effect later cannot fail.

#include "bus/hooks.hpp"

#include <algorithm>

namespace confab::bus {

namespace {

bool is_line(std::uint16_t type) noexcept {
  return type == CONFAB_EVENT_LINE_IN || type == CONFAB_EVENT_LINE_OUT;
}

bool of_output(const confab_hook &is) noexcept {
  return is.space == 0 && is.type == CONFAB_EVENT_LINE_OUT;
}

} // namespace

hook_table::hook_table(core::memory &from)
    : mem_(from), hooks_(from), lists_(&from), added_(&from), removed_(&from), spaces_(&from),
      custom_stages_(&from) {
  lists_.resize(std::size_t{CONFAB_EVENT_TYPE_END} * CONFAB_STAGE_COUNT);
}

hook_table::~hook_table() { remove_all(); }

hook *hook_table::find(confab_id id) noexcept {
  hook *h = hooks_.find(id);
  return h && !h->dead ? h : nullptr;
}

const hook *hook_table::after(confab_id id) const noexcept {
  std::uint32_t i = id == 0 ? hooks_.first() : hooks_.next(core::id_index(id));
  while (i != decltype(hooks_)::none && hooks_.at(i).dead)
    i = hooks_.next(i);
  return i == decltype(hooks_)::none ? nullptr : &hooks_.at(i);
}

bool hook_table::known(std::uint16_t in, std::uint16_t type) const noexcept {
  if (in == 0)
    return type < CONFAB_EVENT_TYPE_END;
  return in <= spaces_.size() && type < spaces_[in - 1U].types;
}

// A handler of raw output came or went: notes whose output may be wanted.
void hook_table::watch_output() noexcept {
  output_watched_ = 0;
  for (std::uint32_t i = hooks_.first(); i != decltype(hooks_)::none; i = hooks_.next(i)) {
    const confab_hook &is = hooks_.at(i).is;
    if (!of_output(is))
      continue;
    const bool one = is.scope >> 60 == CONFAB_KIND_CONN;
    output_watched_ |= one ? std::uint64_t{1} << core::id_index(is.scope) % 64 : ~std::uint64_t{0};
  }
}

bool hook_table::wants_output(confab_id conn, std::uint32_t protocol) const noexcept {
  const auto wanted = [&](const hook *h) {
    return (h->is.scope == 0 || h->is.scope == conn) &&
           (h->is.protocols == 0 || (h->is.protocols & protocol) != 0) &&
           (h->is.origins == 0 || (h->is.origins & CONFAB_EVENT_FROM_ENGINE) != 0);
  };
  const auto *first = &lists_[std::size_t{CONFAB_EVENT_LINE_OUT} * CONFAB_STAGE_COUNT];
  return std::any_of(first, first + CONFAB_STAGE_COUNT, [&](const auto &list) {
    return std::any_of(list.begin(), list.end(), wanted);
  });
}

std::uint16_t hook_table::open_space(std::uint16_t types) {
  if (spaces_.size() >= spaces_max)
    return 0;
  const std::size_t first = lists_.size() / CONFAB_STAGE_COUNT;
  spaces_.reserve(spaces_.size() + 1);
  custom_stages_.reserve(first + types);
  lists_.resize(lists_.size() + std::size_t{types} * CONFAB_STAGE_COUNT);
  custom_stages_.resize(first + types);
  spaces_.push_back({static_cast<std::uint32_t>(first), types});
  return static_cast<std::uint16_t>(spaces_.size());
}

void hook_table::close_space(std::uint16_t in) noexcept { spaces_[in - 1U].types = 0; }

void hook_table::reopen_space(std::uint16_t in, std::uint16_t types) noexcept {
  spaces_[in - 1U].types = types;
}

// The lists a subscription belongs to: one, or one of every type for those who want all.
template <class Each>
void hook_table::each_list(const confab_hook &is, Each &&each) {
  if (is.space != 0) {
    const std::size_t at = row(is.space, is.type);
    return each(at, lists_[at * CONFAB_STAGE_COUNT + is.stage]);
  }
  for (std::uint16_t type = 1; type < CONFAB_EVENT_TYPE_END; ++type)
    if (is.type == type || (is.type == 0 && !is_line(type)))
      each(std::size_t{type}, lists_[std::size_t{type} * CONFAB_STAGE_COUNT + is.stage]);
}

confab_id hook_table::add(const confab_hook &is) {
  each_list(is, [&](std::size_t, auto &list) { list.reserve(list.size() + added_.size() + 1); });
  added_.reserve(added_.size() + 1);
  removed_.reserve(count_ + removed_.size() + 1);
  core::owned_str name(mem_, core::view(is.name));
  hook *h = nullptr;
  try {
    h = &hooks_.create();
  } catch (...) {
    name.clear(mem_);
    throw;
  }
  h->is = is;
  h->name.swap(name);
  h->is.name = core::str(h->name.view());
  h->order = ++order_;
  h->stats.struct_size = sizeof h->stats;
  ++count_;
  if (depth_ > 0)
    added_.push_back(h);
  else
    insert(*h);
  return id(*h);
}

void hook_table::insert(hook &h) noexcept {
  each_list(h.is, [&](std::size_t row, auto &list) {
    const auto before = std::find_if(list.begin(), list.end(), [&](const hook *other) {
      return other->is.priority < h.is.priority;
    });
    list.insert(before, &h); // behind its equals
    stages_at(row) = static_cast<std::uint8_t>(stages_at(row) | 1U << h.is.stage);
  });
  if (of_output(h.is))
    watch_output();
}

void hook_table::erase(hook &h) noexcept {
  each_list(h.is, [&](std::size_t row, auto &list) {
    std::erase(list, &h);
    if (list.empty())
      stages_at(row) = static_cast<std::uint8_t>(stages_at(row) & ~(1U << h.is.stage));
  });
  const confab_hook is = h.is;
  h.name.clear(mem_);
  hooks_.destroy(h);
  if (of_output(is))
    watch_output();
  if (is.release)
    is.release(is.ctx);
}

void hook_table::remove(hook &h) noexcept {
  h.dead = true;
  --count_;
  if (depth_ > 0)
    removed_.push_back(&h);
  else
    erase(h);
}

void hook_table::leave() noexcept {
  if (--depth_ > 0)
    return;
  while (!added_.empty()) {
    hook *h = added_.front();
    added_.erase(added_.begin());
    insert(*h);
  }
  while (!removed_.empty()) {
    hook *h = removed_.back();
    removed_.pop_back();
    erase(*h);
  }
}

void hook_table::remove_all() noexcept {
  for (std::uint32_t i = hooks_.first(); i != decltype(hooks_)::none; i = hooks_.next(i))
    if (!hooks_.at(i).dead)
      remove(hooks_.at(i));
}

void hook_table::silence_owned(confab_id owner) noexcept {
  for (std::uint32_t i = hooks_.first(); i != decltype(hooks_)::none; i = hooks_.next(i))
    if (hook &h = hooks_.at(i); h.is.owner == owner) {
      h.is.cancelled = nullptr;
      h.is.release = nullptr;
    }
}

void hook_table::pause_owned(confab_id owner) noexcept {
  each_owned(owner, [](hook &h) { h.paused = true; });
}

bool interested(const hook &h, const core::event_box &event) noexcept {
  if (h.is.protocols != 0 && (h.is.protocols & event.head.protocol) == 0)
    return false;
  if (h.is.origins != 0 && (h.is.origins & event.head.flags) == 0)
    return false;
  if ((h.is.flags & CONFAB_HOOK_HAS_TEXT) != 0) {
    const core::event_field *text = core::find_field(event, CONFAB_FIELD_TEXT);
    if (!text || core::field_of(event, *text).len == 0)
      return false;
  }
  if (h.is.scope == 0 || h.is.scope == event.head.origin || h.is.scope == event.head.actor)
    return true;
  const auto ids = core::info_of(event.head).ids;
  return std::any_of(ids.begin(), ids.end(), [&](std::uint16_t offset) {
    return core::id_of(event, offset) == h.is.scope;
  });
}

} // namespace confab::bus
