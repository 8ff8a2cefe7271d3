// SPDX-License-Identifier: MIT
//
// A rehash first does what can fail and can be undone: new settings, new instances. Then it removes
// what is not wanted any more; a plugin that is replaced drains first, and if the new one cannot be
// made the old one comes back. The engine's events say what happened; observe.cpp logs them.
#include "plugin_set.hpp"

#include "options_plugins.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace confabd {
namespace {

// The engine's words for why it just refused.
std::string why(const runtime &rt, confab_status status) {
  confab_error_info info{};
  info.struct_size = sizeof info;
  const bool known = confab_engine_last_error(rt.engine, &info) == CONFAB_OK &&
                     info.status == status && info.text.len > 0;
  return known ? fmt::format("{} ({})", to_view(info.text), confab_status_name(status))
               : confab_status_name(status);
}

// Can a running instance of `entry` go from these settings to those?
bool can_configure(const confab_plugin_entry &entry, const plugin_options &before,
                   const plugin_options &after) {
  if (entry.configure == nullptr) {
    return false;
  }
  for (std::uint32_t i = 0; i < entry.settings_count; ++i) {
    const plugin_setting *was = find_setting(before, entry.settings[i].name);
    const plugin_setting *is = find_setting(after, entry.settings[i].name);
    const bool same = was != nullptr && is != nullptr ? *was == *is : was == is;
    if ((entry.settings[i].flags & CONFAB_SETTING_FIXED) != 0 && !same) {
      return false;
    }
  }
  return true;
}

confab_status set(runtime &rt, const plugin_instance &instance, const plugin_options &options) {
  const std::vector<confab_setting_value> values = setting_values(options);
  return confab_plugin_configure(rt.engine, instance.id, values.data(), values.size());
}

} // namespace

// What a rehash has to do.
struct plugin_set::plan {
  struct change {
    plugin_instance *instance;
    opened_plugin to;
    bool differs = true;
  };
  // Also one whose settings are the same is configured: it may read files that they name.
  std::vector<change> kept, configured, replaced;
  std::vector<opened_plugin> added;
  std::vector<plugin_instance *> removed;
};

plugin_instance *plugin_set::find(std::string_view name) {
  const auto found = std::find_if(all_.begin(), all_.end(), [name](const auto &i) {
    return same_name(i->what.options.name, name);
  });
  return found == all_.end() ? nullptr : found->get();
}

plugin_set::plan plugin_set::compare(std::vector<opened_plugin> &&wanted) {
  plan result;
  std::vector<const plugin_instance *> named;
  for (opened_plugin &one : wanted) {
    plugin_instance *instance = find(one.options.name);
    if (instance == nullptr) {
      result.added.push_back(std::move(one));
      continue;
    }
    named.push_back(instance);
    const plugin_options &now = instance->what.options;
    const bool same = now.settings == one.options.settings;
    if (instance->leaving || instance->what.file != one.file ||
        (!same && !can_configure(one.file->entry(), now, one.options))) {
      result.replaced.push_back({instance, std::move(one)});
    } else if (one.file->entry().configure != nullptr) {
      result.configured.push_back({instance, std::move(one), !same});
    } else {
      result.kept.push_back({instance, std::move(one)});
    }
  }
  for (const auto &instance : all_) {
    const bool wanted_still = std::find(named.begin(), named.end(), instance.get()) != named.end();
    if (!wanted_still && !instance->by_hand) {
      result.removed.push_back(instance.get());
    }
  }
  return result;
}

void plugin_set::restore_settings(const plan &changes, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const plugin_instance &instance = *changes.configured[i].instance;
    if (const confab_status status = set(rt_, instance, instance.what.options); status < 0) {
      rt_.note(status);
      rt_.log.write(log_level::error, "plugin.settings_not_restored",
                    {{"plugin", instance.what.options.name}, {"reason", why(rt_, status)}});
    }
  }
}

std::string plugin_set::configure(plan &changes) {
  for (std::size_t i = 0; i < changes.configured.size(); ++i) {
    const plan::change &one = changes.configured[i];
    const confab_status status = set(rt_, *one.instance, one.to.options);
    if (status < 0) {
      rt_.note(status);
      const std::string reason = why(rt_, status);
      restore_settings(changes, i);
      return fmt::format("plugins.{}: it refuses its settings: {}", one.to.options.name, reason);
    }
  }
  return {};
}

std::string plugin_set::apply(std::vector<opened_plugin> wanted) {
  plan changes = compare(std::move(wanted));
  if (std::string error = configure(changes); !error.empty()) {
    return error;
  }
  const bool some_leave =
      !changes.removed.empty() || !changes.replaced.empty() ||
      std::any_of(all_.begin(), all_.end(), [](const auto &i) { return i->leaving; });
  const std::size_t before = all_.size();
  std::vector<opened_plugin> later;
  for (opened_plugin &one : changes.added) {
    const std::string error = old_file_runs(one) ? "its old version runs" : add(one, false);
    if (error.empty()) {
      continue;
    }
    if (!some_leave) {
      for (std::size_t i = before; i < all_.size(); ++i) {
        all_[i]->leaving = true;
        rt_.note(confab_plugin_remove(rt_.engine, all_[i]->id, 0));
      }
      settle();
      restore_settings(changes, changes.configured.size());
      return fmt::format("plugins.{}: {}", one.options.name, error);
    }
    later.push_back(std::move(one)); // what leaves may have what it wants
  }
  // From here on nothing is undone.
  waiting_ = std::move(later);
  for (auto *list : {&changes.kept, &changes.configured}) {
    for (plan::change &one : *list) {
      one.instance->what = std::move(one.to);
      one.instance->by_hand = false;
    }
  }
  for (const plan::change &one : changes.configured) {
    rt_.log.write(one.differs ? log_level::info : log_level::debug, "plugin.configured",
                  {{"plugin", one.instance->what.options.name}});
  }
  for (plugin_instance *instance : changes.removed) {
    leave(*instance, std::nullopt);
  }
  for (plan::change &one : changes.replaced) {
    one.instance->by_hand = false;
    leave(*one.instance, std::move(one.to));
  }
  settle();
  return {};
}

// Two versions of one file side by side would share what `install` of one of them made.
bool plugin_set::old_file_runs(const opened_plugin &what) const {
  return std::any_of(all_.begin(), all_.end(), [&](const auto &i) {
    return !i->released && i->what.file != what.file && i->what.file->path() == what.file->path();
  });
}

std::string plugin_set::add(opened_plugin what, bool by_hand) {
  auto instance = std::make_unique<plugin_instance>();
  instance->what = std::move(what);
  instance->by_hand = by_hand;
  const std::vector<confab_setting_value> values = setting_values(instance->what.options);
  confab_plugin_options options = confab_plugin_options_init();
  options.entry = &instance->what.file->entry();
  options.name = to_str(instance->what.options.name);
  options.settings = values.data();
  options.settings_count = values.size();
  options.ctx = instance.get();
  options.release = [](void *ctx) -> confab_status {
    static_cast<plugin_instance *>(ctx)->released = true;
    return CONFAB_OK;
  };
  all_.reserve(all_.size() + 1);
  const confab_status status = confab_plugin_add(rt_.engine, &options, &instance->id);
  if (status < 0) {
    rt_.note(status);
    return why(rt_, status);
  }
  all_.push_back(std::move(instance));
  return {};
}

void plugin_set::leave(plugin_instance &instance, std::optional<opened_plugin> next) {
  instance.next = std::move(next);
  if (instance.leaving && !instance.next) {
    return;
  }
  instance.leaving = true;
  if (!instance.released) {
    rt_.note(confab_plugin_remove(rt_.engine, instance.id, instance.what.options.drain.ms));
  }
}

std::string plugin_set::load(opened_plugin what) {
  if (find(what.options.name) != nullptr) {
    return "the name is taken";
  }
  if (old_file_runs(what)) {
    return "its file has changed since another instance was loaded: RELOAD that first";
  }
  return add(std::move(what), true);
}

void plugin_set::unload(plugin_instance &instance) { leave(instance, std::nullopt); }

void plugin_set::reload(plugin_instance &instance, opened_plugin next) {
  leave(instance, std::move(next));
}

void plugin_set::report(const std::string &name, const std::string &state) {
  if (on_settled) {
    on_settled(name, state);
  }
}

// Puts the next version in the place of one that is gone; if that fails, what was there before.
void plugin_set::replace(const plugin_instance &gone) {
  const std::string &name = gone.what.options.name;
  const std::string error = add(*gone.next, gone.by_hand);
  if (error.empty()) {
    return report(name, "LOADED");
  }
  const std::string again = add(gone.what, gone.by_hand);
  rt_.log.write(log_level::error,
                again.empty() ? "plugin.old_version_restored" : "plugin.old_version_lost",
                {{"plugin", name}, {"reason", again.empty() ? error : again}});
  report(name, fmt::format("REFUSED {}; {}", error,
                           again.empty() ? "it goes on as it was before" : again));
}

void plugin_set::settle() {
  for (std::size_t i = 0; i < all_.size();) {
    if (!all_[i]->released || (all_[i]->next && old_file_runs(*all_[i]->next))) {
      ++i;
      continue;
    }
    const std::unique_ptr<plugin_instance> gone = std::move(all_[i]);
    all_.erase(all_.begin() + static_cast<std::ptrdiff_t>(i));
    if (gone->next) {
      replace(*gone);
    } else {
      report(gone->what.options.name, "GONE");
    }
  }
  const bool some_leave =
      std::any_of(all_.begin(), all_.end(), [](const auto &i) { return i->leaving; });
  if (some_leave || waiting_.empty()) {
    return;
  }
  for (opened_plugin &one : std::exchange(waiting_, {})) {
    const std::string name = one.options.name;
    const std::string error =
        find(name) != nullptr ? "the name is taken" : add(std::move(one), false);
    report(name, error.empty() ? "LOADED" : "REFUSED " + error);
  }
}

} // namespace confabd
