// SPDX-License-Identifier: MIT
//
// Who listens to what: subscriptions by event type and stage, in order of priority and then of
// subscription; and what each handler may take: its counters, budgets and circuit breaker. Changes
// of the lists made while a handler runs wait until the dispatch is over, but for one: a removed
// hook is never called again, from that moment on. With no subscriber to a type, asking costs one
// load.

#pragma once

#include "core/operation.hpp"
#include "core/pool.hpp"

#include <confab/metrics.h>

#include <array>
#include <vector>

namespace confab::bus {

struct hook : core::pooled {
  confab_hook is{};
  core::owned_str name;
  confab_hook_stats stats{};
  std::uint64_t order = 0;
  confab_time open_until = 0;   // of the circuit breaker, on the engine's scale
  confab_time window_began = 0; // of the second that is measured, on the clock's scale
  std::uint64_t window_ns = 0;  // spent in it
  std::uint32_t failures = 0;   // in a row
  bool overspent = false;       // in this second
  bool paused = false;          // its owner drains
  bool dead = false;

  bool shadow() const noexcept { return (is.flags & CONFAB_HOOK_SHADOW) != 0; }
  bool fails_open() const noexcept { return (is.flags & CONFAB_HOOK_FAIL_OPEN) != 0; }
};

class hook_table {
public:
  explicit hook_table(core::memory &from);
  hook_table(const hook_table &) = delete;
  hook_table &operator=(const hook_table &) = delete;
  ~hook_table();

  bool wants(const confab_event &head) const noexcept { return stages_of(head) != 0; }
  bool wants(const confab_event &head, std::uint32_t stage) const noexcept {
    return (stages_of(head) >> stage & 1U) != 0;
  }
  // The same of a core type.
  bool wants(std::uint16_t type) const noexcept { return core_stages_[type] != 0; }
  bool wants(std::uint16_t type, std::uint32_t stage) const noexcept {
    return (core_stages_[type] >> stage & 1U) != 0;
  }
  // Raw output is asked about once for each recipient: so first by one bit of its index, then
  // before there is an event.
  std::uint64_t output_watched() const noexcept { return output_watched_; }
  bool wants_output(confab_id conn, std::uint32_t protocol) const noexcept;
  std::uint32_t size() const noexcept { return count_; }

  static confab_id id(const hook &h) noexcept { return core::pool<hook, CONFAB_KIND_HOOK>::id(h); }
  hook *find(confab_id id) noexcept;
  const hook *find(confab_id id) const noexcept { return const_cast<hook_table *>(this)->find(id); }
  // The first that lives behind `id` (0: of all); null behind the last.
  const hook *after(confab_id id) const noexcept;

  // Is there such a type of event?
  bool known(std::uint16_t space, std::uint16_t type) const noexcept;
  // Throws bad_alloc; nothing changed then.
  confab_id add(const confab_hook &is);
  void remove(hook &h) noexcept;
  void remove_all() noexcept;
  // Those that go with a plugin: none of them is called again until they are resumed or removed.
  void pause_owned(confab_id owner) noexcept;
  // Nothing of theirs is called any more, not even `release`.
  void silence_owned(confab_id owner) noexcept;
  template <class Each>
  void each_owned(confab_id owner, Each &&each) {
    for (std::uint32_t i = hooks_.first(); i != decltype(hooks_)::none; i = hooks_.next(i))
      if (hook &h = hooks_.at(i); !h.dead && h.is.owner == owner)
        each(h);
  }

  // Leases a space of event types; 0 when there are as many as there can be. Throws bad_alloc.
  std::uint16_t open_space(std::uint16_t types);
  // Hooks on its types are not called any more; they stay until they are removed.
  void close_space(std::uint16_t space) noexcept;
  // As many types as it had, or fewer: hooks on them are called again.
  void reopen_space(std::uint16_t space, std::uint16_t types) noexcept;

  // While a dispatch is open the lists do not change.
  void enter() noexcept { ++depth_; }
  void leave() noexcept;

  const std::pmr::vector<hook *> &at(const confab_event &head, std::uint32_t stage) const noexcept {
    return lists_[row(head.space, head.type) * CONFAB_STAGE_COUNT + stage];
  }

private:
  struct space {
    std::uint32_t first = 0; // row of its type 0
    std::uint16_t types = 0; // 0: closed
  };
  static constexpr std::uint16_t spaces_max = 4096;

  std::size_t row(std::uint16_t in, std::uint16_t type) const noexcept {
    return in == 0 ? type : spaces_[in - 1U].first + type;
  }
  std::uint8_t stages_of(const confab_event &head) const noexcept {
    if (head.space == 0)
      return core_stages_[head.type];
    return known(head.space, head.type) ? custom_stages_[row(head.space, head.type)] : 0;
  }
  std::uint8_t &stages_at(std::size_t row) noexcept {
    return row < core_stages_.size() ? core_stages_[row] : custom_stages_[row];
  }
  template <class Each>
  void each_list(const confab_hook &is, Each &&each);
  void watch_output() noexcept;
  void insert(hook &h) noexcept;
  void erase(hook &h) noexcept;

  core::memory &mem_;
  core::pool<hook, CONFAB_KIND_HOOK> hooks_;
  std::pmr::vector<std::pmr::vector<hook *>> lists_;
  std::pmr::vector<hook *> added_, removed_; // during a dispatch
  std::pmr::vector<space> spaces_;
  std::array<std::uint8_t, CONFAB_EVENT_TYPE_END> core_stages_{};
  std::pmr::vector<std::uint8_t> custom_stages_; // by row; those of the core's types are unused
  std::uint64_t order_ = 0;
  std::uint64_t output_watched_ = 0; // see core::world::watch_output
  std::uint32_t count_ = 0;
  unsigned depth_ = 0;
};

// Does the hook want this event: its protocol, its origin, its scope, its text?
bool interested(const hook &h, const core::event_box &event) noexcept;

} // namespace confab::bus
