// SPDX-License-Identifier: MIT
//
// Which files are open, and what the library and a plugin's schema say about a section [[plugins]].
// Every mistake gets its place in the configuration's file.
#include "plugin_files.hpp"

#include "options_plugins.hpp"
#include "runtime.hpp"

#include <fmt/format.h>

namespace confabd {
namespace {

std::string to_text(const confab_problem &problem) {
  return problem.about.len == 0
             ? std::string(to_view(problem.text))
             : fmt::format("{}: {}", to_view(problem.about), to_view(problem.text));
}

bool is_secret(const confab_plugin_entry &entry, std::string_view name) {
  for (std::uint32_t i = 0; i < entry.settings_count; ++i) {
    if (name == entry.settings[i].name) {
      return (entry.settings[i].flags & CONFAB_SETTING_SECRET) != 0;
    }
  }
  return true;
}

} // namespace

plugin_file_handle plugin_files::open(const std::string &path, std::string &error) {
  std::erase_if(opened_, [](const auto &file) { return file.expired(); });
  loader::file_identity identity;
  error = loader::identify(path, identity);
  if (!error.empty()) {
    return nullptr;
  }
  for (const auto &weak : opened_) {
    const plugin_file_handle file = weak.lock();
    if (file && file->path() == path && file->identity() == identity) {
      return file;
    }
  }
  const plugin_file_handle file = loader::shared_plugin::open(path, error);
  if (!file) {
    return nullptr;
  }
  confab_problem why{};
  if (confab_plugin_check(&file->entry(), &why) < 0) {
    error = fmt::format("its entry is wrong: {}", to_text(why));
    return nullptr;
  }
  opened_.push_back(file);
  return file;
}

std::string check_settings(const confab_plugin_entry &entry, plugin_options &plugin,
                           const plugin_setting *&about) {
  for (plugin_setting &setting : plugin.settings) {
    setting.secret = is_secret(entry, setting.name);
  }
  const std::vector<confab_setting_value> values = setting_values(plugin);
  confab_problem why{};
  const confab_status status =
      confab_plugin_settings_check(&entry, values.data(), values.size(), &why);
  about = status < 0 ? find_setting(plugin, to_view(why.about)) : nullptr;
  return status < 0 ? fmt::format("settings.{}", to_text(why)) : "";
}

std::vector<opened_plugin> open_plugins(configuration &config, plugin_files &files,
                                        std::vector<config_error> &errors) {
  std::vector<opened_plugin> opened;
  for (plugin_options &plugin : config.plugins) {
    if (!plugin.enabled) {
      continue;
    }
    const auto fail = [&](config_place where, const std::string &what) {
      errors.push_back({config.file, where.line, where.column,
                        fmt::format("plugins.{}: {}", plugin.name, what)});
    };
    std::string error;
    const std::string path = plugin_file(config, plugin.path);
    const plugin_file_handle file = files.open(path, error);
    if (!file) {
      fail(plugin.path_place, fmt::format("{}: {}", path, error));
      continue;
    }
    const plugin_setting *about = nullptr;
    error = check_settings(file->entry(), plugin, about);
    if (!error.empty()) {
      fail(about == nullptr ? plugin.place : about->place, error);
      continue;
    }
    opened.push_back({plugin, file});
  }
  return opened;
}

} // namespace confabd
