// SPDX-License-Identifier: MIT
//
// Prints the settings of a plugin by its schema: what each is for, what it may be and what it is
// when nobody says. Reading it back gives the settings that were given, but for those that are
// secret.
#include "options_plugins.hpp"

#include "options_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace confabd {
namespace {

constexpr std::string_view type_names[] = {"",         "true or false", "a whole number",
                                           "a number", "a text",        "one of",
                                           "a time",   "a size",        "a list of texts"};

std::string_view view_of(const char *text) { return text == nullptr ? std::string_view() : text; }

// "Whole number, 1 to 10."
std::string what_it_may_be(const confab_setting &setting) {
  std::string out(setting.type < std::size(type_names) ? type_names[setting.type] : "a text");
  if (setting.choices != nullptr) {
    out.append(" ").append(setting.choices);
  }
  const bool counted = setting.type == CONFAB_SETTING_TEXT || setting.type == CONFAB_SETTING_LIST;
  if (setting.least != nullptr || setting.most != nullptr) {
    if (setting.most == nullptr) {
      fmt::format_to(std::back_inserter(out), ", at least {}", setting.least);
    } else if (setting.least == nullptr) {
      fmt::format_to(std::back_inserter(out), ", at most {}", setting.most);
    } else {
      fmt::format_to(std::back_inserter(out), ", {} to {}", setting.least, setting.most);
    }
    out.append(!counted ? "" : setting.type == CONFAB_SETTING_TEXT ? " bytes" : " entries");
  }
  out.front() = static_cast<char>(out.front() - ('a' - 'A'));
  return out;
}

std::string comment_of(const confab_setting &setting) {
  std::string out = "# ";
  if (setting.help != nullptr && *setting.help != '\0') {
    out.append(setting.help).append(" ");
  }
  out.append(what_it_may_be(setting)).append(".");
  if ((setting.flags & CONFAB_SETTING_REQUIRED) != 0) {
    out.append(" Required.");
  } else if (view_of(setting.value).find('\n') == std::string_view::npos) {
    fmt::format_to(std::back_inserter(out), " Default: {}.",
                   view_of(setting.value).empty() ? "none" : setting.value);
  }
  if ((setting.flags & CONFAB_SETTING_FIXED) != 0) {
    out.append(" A change loads the plugin again.");
  }
  return out.append("\n");
}

// The value as TOML: as it can be written there for its type.
std::string value_as_toml(std::uint32_t type, const std::string &value) {
  if (type == CONFAB_SETTING_BOOL && (value == "true" || value == "false")) {
    return value;
  }
  const bool digits = !value.empty() && value.size() < 18 &&
                      (value.size() == 1 || value[0] != '0') &&
                      value.find_first_not_of("0123456789") == value.npos;
  if (type == CONFAB_SETTING_INT && digits) {
    return value;
  }
  if (type != CONFAB_SETTING_LIST) {
    return toml_value(value);
  }
  std::string out = "[";
  for (std::size_t at = 0; at < value.size();) {
    const std::size_t end = std::min(value.find('\n', at), value.size());
    out.append(out.size() == 1 ? "" : ", ").append(toml_value(value.substr(at, end - at)));
    at = end + 1;
  }
  return out.append("]");
}

void print_setting(std::string &out, const plugin_options &plugin, const confab_setting &schema) {
  const plugin_setting *given = find_setting(plugin, schema.name);
  out.append(comment_of(schema));
  if ((schema.flags & CONFAB_SETTING_SECRET) != 0) {
    fmt::format_to(std::back_inserter(out), "# {} = \"({})\"\n", schema.name,
                   given == nullptr ? "not given" : "not shown");
    return;
  }
  const std::string value = given == nullptr ? std::string(view_of(schema.value)) : given->value;
  // A text of several lines in a comment would not stay in it.
  std::string text = value_as_toml(schema.type, value);
  if (given == nullptr && text.find('\n') != text.npos) {
    text = "\"\"";
  }
  fmt::format_to(std::back_inserter(out), "{}{} = {}\n", given == nullptr ? "# " : "", schema.name,
                 text);
}

} // namespace

std::string print_settings(const plugin_options &plugin, const confab_plugin_entry *entry) {
  std::string out;
  if (entry == nullptr) {
    for (const plugin_setting &setting : plugin.settings) { // what is secret is not known
      fmt::format_to(std::back_inserter(out), "# {} = \"(not shown)\"\n", setting.name);
    }
    return out;
  }
  for (std::uint32_t i = 0; i < entry->settings_count; ++i) {
    print_setting(out, plugin, entry->settings[i]);
  }
  return out;
}

} // namespace confabd
