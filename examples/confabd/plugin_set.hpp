// SPDX-License-Identifier: MIT
//
// The plugins that run: adds, configures, removes and replaces instances, and closes a file only
// when no code of it can run any more. Nothing of this happens inside a callback of the engine.
// Which files there are and whether they are right was found out before (plugin_files.hpp).
#pragma once

#include "plugin_files.hpp"
#include "runtime.hpp"

#include <functional>
#include <optional>

namespace confabd {

struct plugin_instance {
  opened_plugin what;
  confab_id id = 0;
  bool by_hand = false;  // an operator loaded it: a rehash that does not name it leaves it alone
  bool leaving = false;  // removed; it may still have to answer for what waits
  bool released = false; // its code will not run again
  std::optional<opened_plugin> next; // comes in its place
};

class plugin_set {
public:
  explicit plugin_set(runtime &rt) : rt_(rt) {}

  // Makes what runs what is wanted. Empty: done, or under way; else why not, and nothing changed.
  std::string apply(std::vector<opened_plugin> wanted);

  // For operators. Empty: done; else why not.
  std::string load(opened_plugin what);
  void unload(plugin_instance &instance);
  void reload(plugin_instance &instance, opened_plugin next);

  // Once a turn: puts away what is gone, and adds what waited for that.
  void settle();

  // How each instance ends up that was leaving: "GONE", "LOADED", "REFUSED why".
  std::function<void(const std::string &name, const std::string &state)> on_settled;

  plugin_instance *find(std::string_view name);
  const std::vector<std::unique_ptr<plugin_instance>> &all() const noexcept { return all_; }

private:
  struct plan;

  plan compare(std::vector<opened_plugin> &&wanted);
  std::string configure(plan &changes);
  void restore_settings(const plan &changes, std::size_t count);
  std::string add(opened_plugin what, bool by_hand);
  bool old_file_runs(const opened_plugin &what) const;
  void leave(plugin_instance &instance, std::optional<opened_plugin> next);
  void replace(const plugin_instance &gone);
  void report(const std::string &name, const std::string &state);

  runtime &rt_;
  std::vector<std::unique_ptr<plugin_instance>> all_;
  std::vector<opened_plugin> waiting_; // to be added when all that leave are gone
};

} // namespace confabd
