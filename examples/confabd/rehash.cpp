// SPDX-License-Identifier: MIT
//
// Lays both configurations out as flat lists of key and value and compares those. Listeners are
// told apart by address and operators by name, so that moving a section in the file is no change.
#include "rehash.hpp"

#include "options_limits.hpp"
#include "options_text.hpp"

#include <fmt/format.h>
#include <map>

namespace confabd {
namespace {

struct flat_value {
  std::string text;
  applies when = applies::at_once;
  bool secret = false;
};

using flat_config = std::map<std::string, flat_value>;

class flattener {
public:
  flattener(flat_config &out, std::string path) : out_(out), path_(std::move(path)) {}

  template <class value>
  void operator()(const field &f, const value &member) {
    out_[path_ + std::string(f.key)] = {toml_value(member), f.when, f.rule == text_rule::password};
  }

private:
  flat_config &out_;
  std::string path_;
};

flat_config flatten(const configuration &config) {
  flat_config out;
  visit_fields(config.server, flattener(out, "server."));
  visit_fields(config.admin, flattener(out, "server.admin."));
  std::map<std::string, int> seen; // port 0 can be there more than once
  for (const listen_options &listener : config.listeners) {
    const bool unnamed = listener.address.port == 0; // told apart by what they speak
    const std::string name = to_text(listener.address) + (unnamed && listener.tls ? " tls" : "");
    const int number = seen[name]++;
    visit_fields(listener,
                 flattener(out, number == 0 ? fmt::format("listen {} ", name)
                                            : fmt::format("listen {} #{} ", name, number)));
  }
  visit_fields(config.tls, flattener(out, "tls."));
  visit_fields(config.limits, flattener(out, "limits."));
  visit_fields(config.connections, flattener(out, "connections."));
  for (const operator_options &oper : config.operators) {
    visit_fields(oper, flattener(out, fmt::format("operator {} ", oper.name)));
  }
  visit_fields(config.hooks, flattener(out, "hooks."));
  for (const plugin_options &plugin : config.plugins) {
    const std::string path = fmt::format("plugins {} ", plugin.name);
    visit_fields(plugin, flattener(out, path));
    for (const plugin_setting &setting : plugin.settings) {
      out[path + "settings." + setting.name] = {toml_value(setting.value), applies::at_once,
                                                setting.secret};
    }
  }
  out["service"] = {config.service.json, applies::at_once, true}; // there are keys in it
  visit_fields(config.store, flattener(out, "store."));
  visit_fields(config.log, flattener(out, "log."));
  return out;
}

std::string shown(const flat_value &value) { return value.secret ? "(not shown)" : value.text; }

} // namespace

std::vector<config_change> compare(const configuration &before, const configuration &after) {
  const flat_config old_values = flatten(before);
  const flat_config new_values = flatten(after);
  std::vector<config_change> changes;
  for (const auto &[key, value] : old_values) {
    const auto other = new_values.find(key);
    if (other == new_values.end()) {
      changes.push_back({key, shown(value), "", value.when});
    } else if (other->second.text != value.text) {
      changes.push_back({key, shown(value), shown(other->second), value.when});
    }
  }
  for (const auto &[key, value] : new_values) {
    if (!old_values.contains(key)) {
      changes.push_back({key, "", shown(value), value.when});
    }
  }
  return changes;
}

} // namespace confabd
