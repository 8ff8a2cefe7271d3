// SPDX-License-Identifier: MIT
//
// PLUGIN, a command for operators: lists, loads, unloads and reloads plugins while the server runs.
// What it asks for is done at the end of the turn, outside of the engine's handlers; each answer is
// a line. What loading means is plugin_set.cpp's.
#pragma once

#include "plugin_set.hpp"

#include <deque>

namespace confabd {

class plugin_command {
public:
  plugin_command(runtime &rt, plugin_files &files, plugin_set &plugins,
                 const configuration &config);
  plugin_command(const plugin_command &) = delete;
  plugin_command &operator=(const plugin_command &) = delete;

  // Adds the command to the engine.
  confab_status add();

  // Does what operators asked for since the last turn.
  void work();

private:
  struct job {
    confab_id conn = 0;
    std::string verb, subject, name;
  };
  struct watcher {
    confab_id conn = 0;
    std::string name;
  };

  confab_status ask(const confab_event_command &event);
  void answer(confab_id conn, const std::string &line);
  void do_job(const job &what);
  void list(const job &what);
  void status(const job &what);
  void load(const job &what);
  void unload(const job &what);
  void reload(const job &what);
  void settled(const std::string &name, const std::string &state);
  void watch(const job &what, const std::string &name);
  plugin_instance *instance_of(const job &what);
  std::string open_again(const plugin_instance &instance, opened_plugin &out);
  std::string choose(const job &what, plugin_options &out) const;

  runtime &rt_;
  plugin_files &files_;
  plugin_set &plugins_;
  const configuration &config_;
  std::deque<job> jobs_;
  std::vector<watcher> watchers_; // who wants to know how one that leaves ends up
};

} // namespace confabd
