// SPDX-License-Identifier: MIT
//
// Single values as TOML writes them: shared by the printer of configurations and by their
// comparison. Which keys there are stands in options_fields.hpp.
#pragma once

#include "options.hpp"

#include <concepts>
#include <string>

namespace confabd {

std::string toml_value(const std::string &text);
std::string toml_value(const endpoint &where);
std::string toml_value(const std::vector<ip_prefix> &prefixes);

std::string toml_value(const protocol_set &protocols);

inline std::string toml_value(duration time) { return toml_value(to_text(time)); }

inline std::string toml_value(std::same_as<bool> auto value) { return value ? "true" : "false"; }

inline std::string toml_value(std::same_as<std::uint32_t> auto value) {
  return std::to_string(value);
}

template <class enumeration>
requires std::is_enum_v<enumeration> std::string toml_value(enumeration value) {
  return toml_value(std::string(words<enumeration>::all[static_cast<std::size_t>(value)]));
}

} // namespace confabd
