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

} // namespace

hook_table::hook_table(core::memory &from)
    : hooks_(from), lists_(&from), added_(&from), removed_(&from) {
  lists_.resize(std::size_t{CONFAB_EVENT_TYPE_END} * CONFAB_STAGE_COUNT);
}

hook_table::~hook_table() { remove_all(); }

hook *hook_table::find(confab_id id) noexcept {
  hook *h = hooks_.find(id);
  return h && !h->dead ? h : nullptr;
}

// The lists a subscription belongs to: one, or one of every type for those who want all.
template <class Each>
void hook_table::each_list(const confab_hook &is, Each &&each) {
  for (std::uint16_t type = 1; type < CONFAB_EVENT_TYPE_END; ++type)
    if (is.type == type || (is.type == 0 && !is_line(type)))
      each(type, lists_[std::size_t{type} * CONFAB_STAGE_COUNT + is.stage]);
}

confab_id hook_table::add(const confab_hook &is) {
  each_list(is, [&](std::uint16_t, auto &list) { list.reserve(list.size() + added_.size() + 1); });
  added_.reserve(added_.size() + 1);
  removed_.reserve(count_ + removed_.size() + 1);
  hook &h = hooks_.create();
  h.is = is;
  h.order = ++order_;
  ++count_;
  if (depth_ > 0)
    added_.push_back(&h);
  else
    insert(h);
  return decltype(hooks_)::id(h);
}

void hook_table::insert(hook &h) noexcept {
  each_list(h.is, [&](std::uint16_t type, auto &list) {
    const auto before = std::find_if(list.begin(), list.end(), [&](const hook *other) {
      return other->is.priority < h.is.priority;
    });
    list.insert(before, &h); // behind its equals
    stages_[type] = static_cast<std::uint8_t>(stages_[type] | 1U << h.is.stage);
  });
}

void hook_table::erase(hook &h) noexcept {
  each_list(h.is, [&](std::uint16_t type, auto &list) {
    std::erase(list, &h);
    if (list.empty())
      stages_[type] = static_cast<std::uint8_t>(stages_[type] & ~(1U << h.is.stage));
  });
  const confab_hook is = h.is;
  hooks_.destroy(h);
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

bool interested(const hook &h, const core::event_box &event) noexcept {
  if (h.is.protocols != 0 && (h.is.protocols & event.head.protocol) == 0)
    return false;
  if (h.is.scope == 0 || h.is.scope == event.head.origin || h.is.scope == event.head.actor)
    return true;
  const auto ids = core::info_of(event.head.type).ids;
  return std::any_of(ids.begin(), ids.end(), [&](std::uint16_t offset) {
    return core::id_of(event, offset) == h.is.scope;
  });
}

} // namespace confab::bus
