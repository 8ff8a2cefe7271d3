// SPDX-License-Identifier: MIT
//
// Reads the sections [[plugins]] and finds the files that they mean. Settings are kept as texts,
// which is what the engine takes; their meaning is the plugin's.
#include "options_plugins.hpp"

#include "options_reader.hpp"

namespace confabd {
namespace {

constexpr std::size_t plugins_max = 1024;
constexpr std::size_t setting_bytes_max = 65536;

config_place place_of(const toml::source_region &where) {
  return {where.begin.line, where.begin.column};
}

// A text, number or truth as the engine reads it; nothing: it is something else.
std::optional<std::string> scalar_text(const toml::node &node) {
  if (const auto *text = node.as_string()) {
    return text->get();
  }
  if (const auto *truth = node.as_boolean()) {
    return truth->get() ? "true" : "false";
  }
  if (const auto *number = node.as_integer()) {
    return fmt::format("{}", number->get());
  }
  if (const auto *number = node.as_floating_point()) {
    return fmt::format("{}", number->get());
  }
  return std::nullopt;
}

// A list becomes lines.
std::optional<std::string> setting_text(const toml::node &node, std::string &problem) {
  const toml::array *list = node.as_array();
  if (list == nullptr) {
    std::optional<std::string> text = scalar_text(node);
    problem = text ? "" : "must be a text, a number, true or false, or a list of texts";
    return text;
  }
  std::string lines;
  for (const toml::node &entry : *list) {
    const std::optional<std::string> text = scalar_text(entry);
    if (!text || text->find('\n') != text->npos) {
      problem = "its entries must be texts of one line, or numbers";
      return std::nullopt;
    }
    lines.append(lines.empty() ? "" : "\n").append(*text);
  }
  return lines;
}

void read_settings(reading &state, const toml::table &section, plugin_options &plugin) {
  const toml::node *node = section.get("settings");
  if (node == nullptr) {
    return;
  }
  const toml::table *table = node->as_table();
  if (table == nullptr) {
    return state.fail(node->source(), "plugins.settings: must be a section, [plugins.settings]");
  }
  for (const auto &[key, value] : *table) {
    std::string problem;
    std::optional<std::string> text = setting_text(value, problem);
    if (text && text->size() > setting_bytes_max) {
      problem = fmt::format("is longer than {} bytes", setting_bytes_max);
    }
    if (!problem.empty()) {
      state.fail(value.source(), fmt::format("plugins.settings.{}: {}", key.str(), problem));
      continue;
    }
    plugin.settings.push_back(
        {std::string(key.str()), std::move(*text), true, place_of(value.source())});
  }
}

// Absolute, unless it is a name in the folder of plugins.
void complete_path(const reading &state, plugin_options &plugin) {
  if (plugin.path.find('/') != plugin.path.npos) {
    plugin.path = (state.folder / plugin.path).lexically_normal().string();
  }
  if (plugin.name.empty()) {
    plugin.name = std::filesystem::path(plugin.path).stem().string();
  }
}

} // namespace

void read_plugins(reading &state, const toml::table &root, std::vector<plugin_options> &plugins) {
  const toml::array *array = find_sections(state, root, "plugins");
  if (array == nullptr) {
    return;
  }
  if (array->size() > plugins_max) {
    return state.fail(array->source(), fmt::format("plugins: more than {}", plugins_max));
  }
  plugins.clear();
  for (const toml::node &entry : *array) {
    const toml::table &table = *entry.as_table();
    plugin_options &plugin = plugins.emplace_back();
    plugin.place = place_of(entry.source());
    section_reader reader(state, table, "plugins.");
    visit_fields(plugin, reader);
    reader.leave("settings");
    reader.finish();
    if (const toml::node *path = table.get("path")) {
      plugin.path_place = place_of(path->source());
    } else {
      state.fail(entry.source(), "plugins.path: is missing");
      continue;
    }
    read_settings(state, table, plugin);
    complete_path(state, plugin);
    if (!text_problem(text_rule::instance, plugin.name).empty() || plugin.name.size() > 32) {
      state.fail(entry.source(),
                 fmt::format("plugins.name: is missing, and \"{}\" cannot be one", plugin.name));
    }
  }
}

bool same_name(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string find_plugin_conflict(const configuration &config) {
  const auto &all = config.plugins;
  for (auto i = all.begin(); i != all.end(); ++i) {
    if (std::any_of(all.begin(), i, [&](const auto &o) { return same_name(o.name, i->name); })) {
      return fmt::format("plugins.name: \"{}\" is there twice", i->name);
    }
  }
  const auto enabled =
      std::count_if(all.begin(), all.end(), [](const auto &p) { return p.enabled; });
  if (static_cast<std::uint64_t>(enabled) > config.limits.plugins_max) {
    return fmt::format("plugins: there are {}, and limits.plugins_max is {}", enabled,
                       config.limits.plugins_max);
  }
  return {};
}

std::string plugin_folder(const configuration &config) {
  if (!config.server.plugin_dir.empty()) {
    return config.server.plugin_dir;
  }
  std::error_code failure;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure);
  const std::filesystem::path folder = program.parent_path();
  const std::filesystem::path built = (folder / "../plugins").lexically_normal();
  return std::filesystem::is_directory(built, failure)
             ? built.string()
             : (folder / CONFABD_INSTALLED_PLUGINS).lexically_normal().string();
}

std::string plugin_file(const configuration &config, const std::string &path) {
  if (path.find('/') != path.npos) {
    return path;
  }
  return fmt::format("{}/{}{}", plugin_folder(config), path, path.ends_with(".so") ? "" : ".so");
}

const plugin_setting *find_setting(const plugin_options &plugin, std::string_view name) noexcept {
  const auto found = std::find_if(plugin.settings.begin(), plugin.settings.end(),
                                  [name](const plugin_setting &s) { return s.name == name; });
  return found == plugin.settings.end() ? nullptr : &*found;
}

std::vector<confab_setting_value> setting_values(const plugin_options &plugin) {
  std::vector<confab_setting_value> values;
  for (const plugin_setting &s : plugin.settings) {
    values.push_back({confab_str_make(s.name.data(), s.name.size()),
                      confab_str_make(s.value.data(), s.value.size())});
  }
  return values;
}

} // namespace confabd
