// SPDX-License-Identifier: MIT
//
// An engine with people in it and plugins of examples/plugins, linked in: how tests add them, talk
// to them as the host does, and look at what they did. It judges nothing: the tests do.
#pragma once

#include "unit/bus/hooked.hpp"

#include <confab/plugin.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <utility>

namespace confab::test {

using setting_list = std::vector<std::pair<std::string, std::string>>;

// ann, an operator of the server, and bob are in #x; cat is not.
struct plugged : scene {
  plugged() : plugged(setup{}) {}
  explicit plugged(const setup &with) : scene(with) {
    say(ann, "OPER ann secret");
    read_all();
  }
  ~plugged() { finish(); }

  // Ends the engine now, and with it the plugins. "" when all is as it must be.
  std::string finish() {
    if (!engine)
      return "";
    std::string wrong = destroy();
    engine = nullptr;
    return wrong;
  }

  confab_status add(const confab_plugin_entry &entry, const setting_list &settings = {},
                    std::string_view name = {}) {
    const std::vector<confab_setting_value> values = values_of(settings);
    confab_plugin_options o = confab_plugin_options_init();
    o.entry = &entry;
    o.name = str_of(name);
    o.settings = values.data();
    o.settings_count = values.size();
    o.ctx = &released;
    o.release = [](void *ctx) -> confab_status {
      ++*static_cast<unsigned *>(ctx);
      return CONFAB_OK;
    };
    return confab_plugin_add(engine, &o, &plugin);
  }
  confab_status configure(const setting_list &settings) {
    const std::vector<confab_setting_value> values = values_of(settings);
    return confab_plugin_configure(engine, plugin, values.data(), values.size());
  }
  confab_status remove(std::uint32_t drain_ms = 0) {
    return confab_plugin_remove(engine, plugin, drain_ms);
  }

  // What the plugin answers the host: lines, with an LF after each.
  std::string tell(std::string_view text) { return tell(plugin, text); }
  std::string tell(confab_id to, std::string_view text) {
    std::string lines;
    confab_plugin_message m = confab_plugin_message_init();
    m.text = str_of(text);
    m.answer_ctx = &lines;
    m.answer = [](void *ctx, confab_str line) -> confab_status {
      *static_cast<std::string *>(ctx) += string_of(line) + "\n";
      return CONFAB_OK;
    };
    const confab_status status = confab_plugin_send(engine, to, &m);
    return status < 0 ? confab_status_name(status) : lines;
  }

  // What one connection is sent after another said something.
  std::string heard(confab_id by, confab_id speaker, std::string_view line) {
    read_all();
    say(speaker, line);
    return read(by);
  }

  // Is that part of something that was logged?
  bool logged(std::string_view part) const {
    return std::any_of(host.logged_text.begin(), host.logged_text.end(),
                       [&](const std::string &text) { return has(text, part); });
  }

  std::uint32_t hooks_of(confab_id id) const {
    confab_plugin_info info{};
    info.struct_size = sizeof info;
    ignore(confab_plugin_get(engine, id, &info));
    return info.hooks;
  }

  confab_id plugin = 0;
  unsigned released = 0;

private:
  static std::vector<confab_setting_value> values_of(const setting_list &settings) {
    std::vector<confab_setting_value> values;
    for (const auto &[name, value] : settings)
      values.push_back({str_of(name), str_of(value)});
    return values;
  }
};

// A folder that is gone at the end.
struct scratch_folder {
  scratch_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "confab-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr)
      path = name;
  }
  ~scratch_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  scratch_folder(const scratch_folder &) = delete;
  scratch_folder &operator=(const scratch_folder &) = delete;

  std::string write(const std::string &name, std::string_view text) const {
    std::ofstream(path + "/" + name, std::ios::binary) << text;
    return path + "/" + name;
  }
  std::string read(const std::string &name) const {
    std::ifstream file(path + "/" + name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  std::string path;
};

} // namespace confab::test
