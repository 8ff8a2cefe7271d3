// SPDX-License-Identifier: MIT
//
// The sections [[plugins]]: how they are read and printed, and which files they mean. Nothing here
// opens a plugin; what a plugin has against its section is found in plugin_files.cpp.
#pragma once

#include "options.hpp"

#include <confab/plugin.h>

#include <toml++/toml.h>

namespace confabd {

struct reading;

// Replaces `plugins` when the file has any.
void read_plugins(reading &state, const toml::table &root, std::vector<plugin_options> &plugins);

// What is wrong with the plugins taken together; empty: nothing.
std::string find_plugin_conflict(const configuration &config);

// Where plugins without a folder in their path are.
std::string plugin_folder(const configuration &config);

// The file that a plugin's `path` means.
std::string plugin_file(const configuration &config, const std::string &path);

// Names of instances compare without case (confab/plugin.h).
bool same_name(std::string_view a, std::string_view b) noexcept;

// The setting of that name; null: it was not given.
const plugin_setting *find_setting(const plugin_options &plugin, std::string_view name) noexcept;

// Its settings as the engine takes them; they point into `plugin`.
std::vector<confab_setting_value> setting_values(const plugin_options &plugin);

// A plugin's settings as TOML, a comment from the schema on each; what was not given is commented
// out, and so is what is secret. Null: the schema is not known.
std::string print_settings(const plugin_options &plugin, const confab_plugin_entry *entry);

} // namespace confabd
