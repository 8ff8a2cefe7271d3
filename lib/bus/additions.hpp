// SPDX-License-Identifier: MIT
//
// The life of what was added: when its callbacks run, and when it may go. What is there is in the
// core's registry; here are the timers too. Removing takes effect at once, but nothing is freed
// while anything runs: what is dead, and data that is to be given back, waits for the bus to come
// to it between two acts.

#pragma once

#include "core/added.hpp"
#include "core/timer.hpp"
#include "core/world.hpp"

#include <string_view>
#include <vector>

namespace confab::bus {

class bus;
struct timed;

struct addition_timer : core::timer {
  timed *owner = nullptr;
};

struct timed : core::pooled {
  timed() noexcept {
    clock.kind = core::timer_kind::addition;
    clock.owner = this;
  }

  confab_timer_spec is{};
  core::owned_str title;
  addition_timer clock;
  std::uint64_t calls = 0, failed = 0;
  timed *next_dead = nullptr;
  bool dead = false;
};

// What stays of a space that was given back: it is leased again under its name.
struct former_space {
  core::owned_str name;
  std::uint16_t number = 0, types = 0;
};

class additions {
public:
  explicit additions(bus &through);
  additions(const additions &) = delete;
  additions &operator=(const additions &) = delete;
  ~additions();

  // --- adding. All throw bad_alloc, and nothing changed then.
  // -------------------------------------------------------
  // `name` and `more` are copied; the spec's own texts are not looked at.
  core::addition &add(std::uint32_t kind, const core::addition::spec &spec, std::string_view name,
                      std::string_view more);
  // Null: there are as many as there can be.
  core::addition *add_mode(const confab_mode_spec &spec);
  core::addition *add_capability(const confab_capability_spec &spec);
  core::addition *add_space(const confab_space_spec &spec);
  timed &add_timer(const confab_timer_spec &spec);
  // In place of what hangs there. Null data clears.
  void set_data(core::addition &slot, confab_id object, void *data);

  // --- removing
  // ------------------------------------------------------------------------------------
  void remove(core::addition &a) noexcept;
  void remove(timed &t) noexcept;
  void remove_owned(confab_id owner) noexcept;
  // Clients do not get to its commands any more.
  void pause_owned(confab_id owner) noexcept;
  // Nothing of theirs is called any more, not even `release`.
  void silence_owned(confab_id owner) noexcept;
  bool pending() const noexcept { return dead_ || dead_timers_ || registry().fallen; }
  // Gives one thing back. Nothing runs meanwhile.
  void settle() noexcept;
  // The engine ends: all go, and nothing can be added.
  void end() noexcept;
  bool ended() const noexcept { return ended_; }

  // --- running
  // -------------------------------------------------------------------------------------
  // OK; ERR_STALE_ID: it was removed meanwhile; ERR_CALLBACK: it failed.
  confab_status run(const core::operation &op) noexcept;
  void on_timer(timed &t) noexcept;

  static confab_id id(const timed &t) noexcept {
    return core::pool<timed, CONFAB_KIND_TIMER>::id(t);
  }
  timed *find_timer(confab_id id) noexcept {
    timed *t = timers_.find(id);
    return t && !t->dead ? t : nullptr;
  }
  // The first that lives behind `id` (0: of all); null behind the last.
  core::addition *addition_after(confab_id id) noexcept;
  timed *timer_after(confab_id id) noexcept;
  std::uint32_t timers() const noexcept { return timer_count_; }
  std::uint32_t owned(confab_id owner) noexcept;
  std::uint32_t owned_timers(confab_id owner) noexcept;

private:
  core::registry &registry() const noexcept;
  void clear_mode(const core::addition &a) noexcept;
  void clear_capability(const core::addition &a) noexcept;
  void close_space(const core::addition &a) noexcept;
  former_space *find_former(std::string_view name, std::uint16_t types) noexcept;
  void give_back(core::hung *entry) noexcept;
  void reclaim(core::addition &a) noexcept;
  void reclaim(timed &t) noexcept;
  void failed(confab_status status, confab_id who, std::string_view name) noexcept;

  bus &bus_;
  core::pool<timed, CONFAB_KIND_TIMER> timers_;
  std::pmr::vector<former_space> former_;
  core::addition *dead_ = nullptr;
  timed *dead_timers_ = nullptr;
  std::uint32_t timer_count_ = 0;
  bool ended_ = false;
};

} // namespace confab::bus
