// SPDX-License-Identifier: MIT
//
// Instances of plugins: added, told, configured, drained and removed. All their code runs as inside
// a handler of theirs; what goes with them goes before their last call. Nothing here opens files or
// knows shared objects: an entry is constant data that the host points to.

#pragma once

#include "bus/settings.hpp"
#include "core/pool.hpp"
#include "core/timer.hpp"
#include "core/world.hpp"

#include <span>
#include <vector>

namespace confab::bus {

class bus;
struct plugin;

struct plugin_timer : core::timer {
  plugin *owner = nullptr;
};

// The text of a setting, where one was given.
struct given_setting {
  core::owned_str text;
  bool given = false;
};
using given_settings = std::pmr::vector<given_setting>;

struct plugin : core::pooled {
  enum class phase : std::uint8_t { creating, loaded, draining, going };

  explicit plugin(core::memory &from) : values(&from) {
    clock.kind = core::timer_kind::plugin;
    clock.owner = this;
  }

  const confab_plugin_entry *entry = nullptr;
  confab_plugin_entry is{}; // the same in its newest form
  core::owned_str title;
  given_settings values; // in the order of the schema
  void *self = nullptr;
  void *ctx = nullptr;
  confab_status(CONFAB_CALL *release)(void *ctx) = nullptr;
  plugin_timer clock; // the end of draining
  confab_time added = 0;
  std::uint64_t messages = 0, failed = 0;
  std::uint32_t deferrals = 0; // tokens of its hooks
  phase at = phase::creating;
  bool listed = false; // it may go
  plugin *next_ready = nullptr;
};

// An entry in its newest form, or why it is none.
confab_status take_entry(const confab_plugin_entry *entry, confab_plugin_entry &out,
                         confab_problem &why) noexcept;

class plugins {
public:
  explicit plugins(bus &through);
  plugins(const plugins &) = delete;
  plugins &operator=(const plugins &) = delete;
  ~plugins();

  // Throws bad_alloc; nothing changed then.
  confab_status add(const confab_plugin_options &options, confab_id &out, confab_problem &why);
  void remove(plugin &p, std::uint32_t drain_ms) noexcept;
  confab_status configure(plugin &p, std::span<const confab_setting_value> values,
                          confab_problem &why);
  confab_status message(plugin &p, const confab_plugin_message &message) noexcept;
  const void *extension(plugin &p, const char *name) noexcept;
  // What a client said to an instance, as an act.
  confab_status run(const core::operation &op) noexcept;

  // Lets go of one that may. Nothing runs meanwhile.
  bool pending() const noexcept { return ready_ != nullptr; }
  void settle() noexcept;
  void on_timer(plugin &p) noexcept;
  // A hook of that owner took a token, or lost one.
  void deferred(confab_id owner) noexcept;
  void undeferred(confab_id owner) noexcept;
  // The engine ends: all go, and nobody is told.
  void end() noexcept;

  static confab_id id(const plugin &p) noexcept {
    return core::pool<plugin, CONFAB_KIND_PLUGIN>::id(p);
  }
  plugin *find(confab_id id) noexcept { return all_.find(id); }
  plugin *find(std::string_view name) noexcept;
  plugin *after(confab_id id) noexcept;
  std::uint32_t size() const noexcept { return all_.size(); }
  void read(const plugin &p, std::size_t index, confab_setting_info &out) const noexcept;

private:
  confab_status fits(const confab_plugin_options &options, const confab_plugin_entry &entry,
                     std::string_view name, confab_problem &why) noexcept;
  plugin &make(const confab_plugin_options &options, const confab_plugin_entry &entry,
               std::string_view name);
  confab_status create(plugin &p) noexcept;
  void fill(const plugin &p, std::span<const confab_setting_value> values, given_settings &out);
  void clear(given_settings &values) noexcept;
  bool fixed_differs(const plugin &p, const given_settings &fresh) const noexcept;
  void list_ready(plugin &p) noexcept;
  void drop_additions(plugin &p) noexcept;
  void forget(plugin &p) noexcept;
  void finish(plugin &p) noexcept;
  void tell(confab_id id, std::string_view name, std::uint32_t state, confab_status status,
            const confab_problem &why) noexcept;
  void note(plugin &p, confab_status status, std::string_view what) noexcept;

  bus &bus_;
  core::pool<plugin, CONFAB_KIND_PLUGIN> all_;
  plugin *ready_ = nullptr;
  bool ended_ = false;
};

} // namespace confab::bus
