// SPDX-License-Identifier: MIT
//
// The plugin that is checked, as the checks add it: its entry with functions around `create` and
// `destroy` that count, and the settings of the command line. Functions of an entry have no context
// of their own, so that the counts are of the whole process.
#pragma once

#include "scratch.hpp"

#include <confab/plugin.h>

#include <string>
#include <vector>

namespace check_plugin {

struct given_setting {
  std::string name, value;
};

// The same name again is another line of a list.
void give(std::vector<given_setting> &settings, std::string_view name, std::string_view value);

struct given_settings {
  std::vector<given_setting> all;
  std::vector<given_setting> second; // in place of those, of the second instance
};

struct call_counts {
  unsigned created = 0, failed = 0, destroyed = 0;
  unsigned wrong = 0; // `destroy` of what was not created, or twice

  friend bool operator==(const call_counts &, const call_counts &) = default;
};

class subject {
public:
  // There is one at a time.
  subject(const confab_plugin_entry &entry, given_settings settings);
  subject(const subject &) = delete;
  subject &operator=(const subject &) = delete;
  ~subject();

  const confab_plugin_entry &entry() const { return counting_; }
  // What the instance of that name is given: {name} in a value stands for the name. Valid until the
  // next call.
  const std::vector<confab_setting_value> &values(std::string_view name);
  bool single() const { return (counting_.flags & CONFAB_PLUGIN_SINGLE) != 0; }

  // Adds an instance; `released` counts the calls of its `release`.
  confab_status add(scratch &where, std::string_view name, confab_id &out);

  const call_counts &calls() const { return calls_; }
  unsigned released() const { return released_; }
  unsigned added() const { return added_; }

private:
  static confab_status CONFAB_CALL create(const confab_api *api, confab_engine *engine,
                                          confab_id plugin, void **self);
  static confab_status CONFAB_CALL destroy(void *self);

  const confab_plugin_entry &real_;
  confab_plugin_entry counting_;
  given_settings settings_;
  std::vector<given_setting> filled_;
  std::vector<confab_setting_value> values_;
  call_counts calls_;
  std::vector<void *> alive_;
  unsigned released_ = 0, added_ = 0;
};

} // namespace check_plugin
