// SPDX-License-Identifier: MIT
//
// A plugin whose functions are lambdas, for the tests of what the engine does with plugins: every
// call of it is counted, and calls after its end are noted. It judges nothing: the tests do.
#pragma once

#include "unit/bus/added.hpp"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace confab::test {

struct plugin_log {
  std::uint32_t state;
  confab_status status;
  std::string name, text;
  confab_id plugin;
};

// The one that lambdas hang on: an entry has no place for a context, so instances find it here.
struct fake_plugin {
  fake_plugin() { current = this; }
  ~fake_plugin() { current = nullptr; }
  fake_plugin(const fake_plugin &) = delete;
  fake_plugin &operator=(const fake_plugin &) = delete;

  static inline fake_plugin *current = nullptr;

  std::function<confab_status(const confab_api *, confab_engine *, confab_id)> creates, installs;
  std::function<confab_status()> configures, destroys;
  std::function<confab_status(const confab_plugin_message *)> hears;
  unsigned installed = 0, created = 0, destroyed = 0, configured = 0, heard = 0, released = 0;
  unsigned late = 0; // calls after release
  std::vector<confab_setting> settings;
  confab_plugin_entry entry = make();

  confab_plugin_entry make() {
    confab_plugin_entry e{};
    e.struct_size = sizeof e;
    e.magic = CONFAB_PLUGIN_MAGIC;
    e.abi_major = CONFAB_ABI_MAJOR;
    e.abi_minor_least = CONFAB_ABI_MINOR;
    e.id = "org.example.fake";
    e.version = "1.2";
    e.summary = "A plugin for tests.";
    e.install = [](const confab_api *api, confab_engine *engine, confab_id plugin) {
      ++current->installed;
      return current->installs ? current->installs(api, engine, plugin)
                               : static_cast<confab_status>(CONFAB_OK);
    };
    e.create = [](const confab_api *api, confab_engine *engine, confab_id plugin, void **self) {
      ++current->created;
      *self = current;
      return current->creates ? current->creates(api, engine, plugin)
                              : static_cast<confab_status>(CONFAB_OK);
    };
    e.destroy = [](void *self) {
      auto &f = *static_cast<fake_plugin *>(self);
      ++f.destroyed;
      f.late += f.released;
      return f.destroys ? f.destroys() : static_cast<confab_status>(CONFAB_OK);
    };
    e.configure = [](void *self) {
      auto &f = *static_cast<fake_plugin *>(self);
      ++f.configured;
      f.late += f.released;
      return f.configures ? f.configures() : static_cast<confab_status>(CONFAB_OK);
    };
    e.message = [](void *self, const confab_plugin_message *message) {
      auto &f = *static_cast<fake_plugin *>(self);
      ++f.heard;
      f.late += f.released;
      return f.hears ? f.hears(message) : static_cast<confab_status>(CONFAB_OK);
    };
    e.extension = [](void *self, const char *name) -> const void * {
      return std::string_view(name) == "me" ? self : nullptr;
    };
    return e;
  }

  const confab_plugin_entry *with_settings() {
    entry.settings = settings.data();
    entry.settings_count = static_cast<std::uint32_t>(settings.size());
    return &entry;
  }
};

struct pluggable : addable {
  pluggable() : pluggable(setup{}) {}
  explicit pluggable(const setup &with) : addable(with) {
    on(CONFAB_EVENT_PLUGIN, CONFAB_STAGE_OBSERVE, [this](confab_call *, const confab_event *event) {
      const auto &e = *reinterpret_cast<const confab_event_plugin *>(event);
      told.push_back({e.state, e.status, string_of(e.name), string_of(e.text), e.plugin});
      return CONFAB_PASS;
    });
  }
  ~pluggable() {
    ignore(confab_engine_destroy(engine)); // before the plugin goes
    engine = nullptr;
  }

  confab_status plug(std::string_view name = {}, std::vector<confab_setting_value> values = {},
                     const confab_plugin_entry *entry = nullptr) {
    confab_plugin_options options = confab_plugin_options_init();
    options.entry = entry ? entry : fake.with_settings();
    options.name = str_of(name);
    options.settings = values.data();
    options.settings_count = values.size();
    options.ctx = &fake;
    options.release = [](void *ctx) -> confab_status {
      ++static_cast<fake_plugin *>(ctx)->released;
      return CONFAB_OK;
    };
    return confab_plugin_add(engine, &options, &id);
  }

  confab_plugin_info get(confab_id which) const {
    confab_plugin_info info{};
    info.struct_size = sizeof info;
    ignore(confab_plugin_get(engine, which, &info));
    return info;
  }

  std::string setting(std::string_view name) const {
    confab_setting_info info{};
    info.struct_size = sizeof info;
    const confab_status status = confab_plugin_setting(engine, id, str_of(name), &info);
    return status == CONFAB_OK ? string_of(info.text) : confab_status_name(status);
  }

  // A hook of the plugin, whose handler is `does`.
  listener &hook_of(confab_id owner, std::uint32_t type, std::uint32_t stage,
                    std::function<confab_verdict(confab_call *, const confab_event *)> does) {
    return on(type, stage, std::move(does), [owner](confab_hook &h) { h.owner = owner; });
  }

  std::vector<std::uint32_t> states() const {
    std::vector<std::uint32_t> out;
    for (const plugin_log &l : told)
      out.push_back(l.state);
    return out;
  }

  fake_plugin fake;
  confab_id id = 0;
  std::vector<plugin_log> told;
};

} // namespace confab::test
