// SPDX-License-Identifier: MIT
//
// What the host and plugins added, as the core and the dialects read it: one registry of commands,
// modes, properties, capabilities and the rest, with the tables that acts and renderers look at.
// When callbacks run, and when an addition may go, is the bus's business (bus/additions.hpp).

#pragma once

#include "core/hung.hpp"
#include "core/name_index.hpp"
#include "core/pool.hpp"

#include <confab/extend.h>

#include <array>
#include <variant>

namespace confab::core {

struct addition : pooled {
  using spec = std::variant<confab_command_spec, confab_numeric_spec, confab_capability_spec,
                            confab_isupport_spec, confab_mode_spec, confab_property_spec,
                            confab_slot_spec, confab_space_spec, confab_service_spec>;

  std::uint32_t kind = 0; // CONFAB_ADDITION_*
  std::uint32_t number = 0;
  confab_id owner = 0;
  spec is; // without its texts: those are the two below
  owned_str title, more;
  void *ctx = nullptr;
  confab_status(CONFAB_CALL *release)(void *ctx) = nullptr;
  std::uint64_t calls = 0, failed = 0;
  addition *next_dead = nullptr;
  bool dead = false;   // its id is, too; it goes when nothing of it runs
  bool paused = false; // its owner is on its way out: clients do not get to it

  std::string_view name() const noexcept { return title.view(); }
  template <class Spec>
  const Spec &as() const noexcept {
    return *std::get_if<Spec>(&is);
  }
};

class registry {
public:
  static constexpr std::uint32_t channel_modes_first = CONFAB_CMODE_ADDED_FIRST,
                                 user_modes_shift = 16, capabilities_shift = 16;

  registry(memory &from, text::hash_key key)
      : mem(from), all(from), hangs(from), commands(from, key, text::casemap::ascii) {}
  registry(const registry &) = delete;
  registry &operator=(const registry &) = delete;
  ~registry();

  static confab_id id(const addition &a) noexcept {
    return pool<addition, CONFAB_KIND_ADDITION>::id(a);
  }
  addition *find(confab_id id) noexcept {
    addition *a = all.find(id);
    return a && !a->dead ? a : nullptr;
  }
  // Names of verbs, modes and properties compare without case.
  addition *find(std::uint32_t kind, std::string_view name) noexcept;
  template <class Each>
  void each(std::uint32_t kind, Each &&each) {
    for (std::uint32_t i = all.first(); i != decltype(all)::none; i = all.next(i))
      if (addition &a = all.at(i); !a.dead && a.kind == kind)
        each(a);
  }

  // The mode of that number, or null; numbers of the core's have none.
  const addition *channel_mode(std::uint32_t mode) const noexcept {
    const std::uint32_t at = mode - channel_modes_first;
    return at < channel_modes.size() && alive(channel_modes[at]) ? channel_modes[at] : nullptr;
  }
  // The mode of that one bit, or null.
  const addition *user_mode(std::uint32_t bit) const noexcept;
  // The value of an added mode, or of a property; empty: none.
  std::string_view text_on(confab_id object, const addition &a) const noexcept {
    return text_on(object, id(a));
  }
  // `key`: the addition's id, or the number of one of the core's own properties.
  std::string_view text_on(confab_id object, confab_id key) const noexcept {
    const hung *entry = hangs.find(object, key);
    return entry ? entry->text.view() : std::string_view{};
  }
  // Sets it; empty clears. Throws bad_alloc; nothing changed then.
  void set_text(confab_id object, const addition &a, std::string_view text) {
    set_text(object, id(a), text);
  }
  void set_text(confab_id object, confab_id key, std::string_view text);

  // An object ends: what hangs on it waits in `fallen` for whom it belongs to.
  void object_gone(confab_id object) noexcept {
    if (!hangs.empty())
      fall(hangs.take_object(object));
  }
  void fall(hung *chain) noexcept;

  memory &mem;
  pool<addition, CONFAB_KIND_ADDITION> all;
  hung_table hangs;
  hung *fallen = nullptr, *fallen_end = nullptr; // data of slots that is to be given back
  name_index<addition> commands;
  // By number, less that of the first. Dead ones keep their place until they go.
  std::array<addition *, 32> channel_modes{};
  std::array<addition *, 16> user_modes{}, capabilities{};
  std::uint32_t count = 0, slots = 0; // alive

private:
  static bool alive(const addition *a) noexcept { return a && !a->dead; }
};

} // namespace confab::core
