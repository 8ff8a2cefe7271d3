// SPDX-License-Identifier: MIT
//
// Opens the files of plugins, and judges them and their settings before any instance is made. A
// file that is open already and has not changed is not opened twice: instances share it. What runs
// is plugin_set.cpp's.
#pragma once

#include "options.hpp"

#include "loader/shared_plugin.hpp"

#include <memory>
#include <string>
#include <vector>

namespace confabd {

using plugin_file_handle = std::shared_ptr<loader::shared_plugin>;

class plugin_files {
public:
  // Null: `error` says why. The entry is one that the library takes.
  plugin_file_handle open(const std::string &path, std::string &error);

private:
  std::vector<std::weak_ptr<loader::shared_plugin>> opened_;
};

// A plugin that could be added: its file takes its settings.
struct opened_plugin {
  plugin_options options;
  plugin_file_handle file;
};

// Whether the entry takes the settings. Says of each of them whether it is secret. Empty: it does;
// else why not, and `about` is the setting that is wrong, or null.
std::string check_settings(const confab_plugin_entry &entry, plugin_options &plugin,
                           const plugin_setting *&about);

// Opens the enabled plugins of `config`, and says in it which settings are secret. What is wrong is
// appended to `errors`.
std::vector<opened_plugin> open_plugins(configuration &config, plugin_files &files,
                                        std::vector<config_error> &errors);

} // namespace confabd
