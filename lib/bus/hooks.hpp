// SPDX-License-Identifier: MIT
//
// Who listens to what: subscriptions by event type and stage, in order of priority and then of
// subscription. Changes made while a handler runs wait until the dispatch is over, but for one: a
// removed hook is never called again, from that moment on. With no subscriber to a type, asking
// costs one load.

#pragma once

#include "core/operation.hpp"
#include "core/pool.hpp"

#include <confab/hook.h>

#include <array>
#include <vector>

namespace confab::bus {

struct hook : core::pooled {
  confab_hook is{};
  confab_hook_stats stats{};
  std::uint64_t order = 0;
  bool dead = false;
};

class hook_table {
public:
  explicit hook_table(core::memory &from);
  hook_table(const hook_table &) = delete;
  hook_table &operator=(const hook_table &) = delete;
  ~hook_table();

  bool wants(std::uint16_t type) const noexcept { return stages_[type] != 0; }
  bool wants(std::uint16_t type, std::uint32_t stage) const noexcept {
    return (stages_[type] >> stage & 1U) != 0;
  }
  std::uint32_t size() const noexcept { return count_; }

  static confab_id id(const hook &h) noexcept { return core::pool<hook, CONFAB_KIND_HOOK>::id(h); }
  hook *find(confab_id id) noexcept;
  const hook *find(confab_id id) const noexcept { return const_cast<hook_table *>(this)->find(id); }

  // Throws bad_alloc; nothing changed then.
  confab_id add(const confab_hook &is);
  void remove(hook &h) noexcept;
  void remove_all() noexcept;

  // While a dispatch is open the lists do not change.
  void enter() noexcept { ++depth_; }
  void leave() noexcept;

  const std::pmr::vector<hook *> &at(std::uint16_t type, std::uint32_t stage) const noexcept {
    return lists_[type * CONFAB_STAGE_COUNT + stage];
  }

private:
  template <class Each>
  void each_list(const confab_hook &is, Each &&each);
  void insert(hook &h) noexcept;
  void erase(hook &h) noexcept;

  core::pool<hook, CONFAB_KIND_HOOK> hooks_;
  std::pmr::vector<std::pmr::vector<hook *>> lists_;
  std::pmr::vector<hook *> added_, removed_; // during a dispatch
  std::array<std::uint8_t, CONFAB_EVENT_TYPE_END> stages_{};
  std::uint64_t order_ = 0;
  std::uint32_t count_ = 0;
  unsigned depth_ = 0;
};

// Does the hook want this event: its protocol, its scope?
bool interested(const hook &h, const core::event_box &event) noexcept;

} // namespace confab::bus
