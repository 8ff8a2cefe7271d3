// SPDX-License-Identifier: MIT
//
// An engine with people in it and one plugin of examples/plugins, added as a host adds it: the
// short words with which tests configure it, talk to it, and remove it. And a directory that is
// gone afterwards. It judges nothing: the tests do.
#pragma once

#include "unit/bus/hooked.hpp"

#include <confab/plugin.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <stdlib.h>

namespace confab::test {

using settings_list = std::vector<std::pair<std::string, std::string>>;

struct with_plugin : scene {
  explicit with_plugin(const confab_plugin_entry &which) : entry(which) {}
  with_plugin(const confab_plugin_entry &which, const setup &with) : scene(with), entry(which) {}

  confab_status add(const settings_list &settings = {}, std::string_view name = {}) {
    return add_to(engine, settings, name, plugin);
  }
  confab_status add_to(confab_engine *to, const settings_list &settings, std::string_view name,
                       confab_id &out) {
    const std::vector<confab_setting_value> values = views(settings);
    confab_plugin_options options = confab_plugin_options_init();
    options.entry = &entry;
    options.name = str_of(name);
    options.settings = values.data();
    options.settings_count = values.size();
    options.ctx = this;
    options.release = [](void *ctx) -> confab_status {
      ++static_cast<with_plugin *>(ctx)->plugin_released;
      return CONFAB_OK;
    };
    return confab_plugin_add(to, &options, &out);
  }
  confab_status configure(const settings_list &settings) {
    const std::vector<confab_setting_value> values = views(settings);
    return confab_plugin_configure(engine, plugin, values.data(), values.size());
  }
  confab_status remove() { return confab_plugin_remove(engine, plugin, 0); }

  // What it answers to a message of the host's, each line with an LF.
  std::string tell(std::string_view text) {
    std::string out;
    confab_plugin_message message = confab_plugin_message_init();
    message.text = str_of(text);
    message.answer_ctx = &out;
    message.answer = [](void *ctx, confab_str line) -> confab_status {
      static_cast<std::string *>(ctx)->append(string_of(line) + "\n");
      return CONFAB_OK;
    };
    if (confab_plugin_send(engine, plugin, &message) != CONFAB_OK)
      out += "(failed)";
    return out;
  }
  // What a client is answered to a line.
  std::string ask(confab_id conn, std::string_view line) {
    (void)read(conn);
    say(conn, line);
    return read(conn);
  }
  // Makes a client an operator of the server.
  void promote(confab_id conn) {
    say(conn, "OPER boss secret");
    read_all();
  }
  // How many additions of any kind there are, timers among them.
  std::size_t additions() const {
    std::size_t count = 0;
    for (confab_id at = 0; confab_addition_next(engine, at, &at) == CONFAB_OK;)
      ++count;
    return count;
  }
  bool logged(std::string_view part) const {
    for (const std::string &text : host.logged_text)
      if (has(text, part))
        return true;
    return false;
  }

  const confab_plugin_entry &entry;
  confab_id plugin = 0;
  unsigned plugin_released = 0;

private:
  static std::vector<confab_setting_value> views(const settings_list &settings) {
    std::vector<confab_setting_value> out;
    for (const auto &[name, value] : settings)
      out.push_back({str_of(name), str_of(value)});
    return out;
  }
};

struct scratch_directory {
  scratch_directory() {
    std::string made = (std::filesystem::temp_directory_path() / "confab-XXXXXX").string();
    path = ::mkdtemp(made.data());
  }
  scratch_directory(const scratch_directory &) = delete;
  scratch_directory &operator=(const scratch_directory &) = delete;
  ~scratch_directory() {
    std::error_code error;
    std::filesystem::remove_all(path, error);
  }
  // All that files of a folder hold, in the order of their names.
  std::string text(const std::string &folder) const {
    std::string out;
    for (const std::string &name : files(folder))
      out += one(folder + "/" + name);
    return out;
  }
  std::string one(const std::string &name) const {
    std::ifstream in(path + "/" + name);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
  }
  std::vector<std::string> files(const std::string &folder = {}) const {
    std::vector<std::string> out;
    std::error_code error;
    for (const auto &entry : std::filesystem::directory_iterator(path + "/" + folder, error))
      if (entry.path().filename().string()[0] != '.')
        out.push_back(entry.path().filename().string());
    std::sort(out.begin(), out.end());
    return out;
  }
  std::string path;
};

// True as soon as `holds` does; false when it does not within ten seconds.
template <class Holds>
bool soon(Holds &&holds) {
  for (int i = 0; i < 10'000; ++i) {
    if (holds())
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return false;
}

} // namespace confab::test
