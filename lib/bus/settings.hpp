// SPDX-License-Identifier: MIT
//
// The schema of a plugin's settings: whether it is one, what a text means under it, and whether a
// set of values fits. Pure functions over the plugin's constant data: nothing is kept here, and
// none of the plugin's code runs.

#pragma once

#include <confab/plugin.h>

#include <span>
#include <string_view>

namespace confab::bus {

// The texts of a schema are the plugin's constants: null counts as empty.
inline std::string_view text_of(const char *text) noexcept {
  return text ? std::string_view(text) : std::string_view{};
}

inline std::span<const confab_setting> schema_of(const confab_plugin_entry &entry) noexcept {
  return {entry.settings, entry.settings_count};
}

// Reads `text` as the setting's type says: fills in type, integer, number, count and text. Null, or
// what is wrong with it; bounds included.
const char *read_setting(const confab_setting &as, std::string_view text,
                         confab_setting_info &out) noexcept;

// What a setting is when nobody gives it.
void default_setting(const confab_setting &as, confab_setting_info &out) noexcept;

// Null, or what is wrong with the schema of one setting.
const char *schema_problem(const confab_setting &setting) noexcept;

// The setting of that name, or null.
const confab_setting *find_setting(const confab_plugin_entry &entry,
                                   std::string_view name) noexcept;

// OK, or why the values do not fit: which, and what is wrong with it.
confab_status check_values(const confab_plugin_entry &entry,
                           std::span<const confab_setting_value> values,
                           confab_problem &why) noexcept;

} // namespace confab::bus
