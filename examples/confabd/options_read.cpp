// SPDX-License-Identifier: MIT
//
// Reads a configuration from TOML and says of every mistake where it is: keys that do not exist,
// values of a wrong kind or outside their bounds. Nothing is half accepted: with one mistake there
// is no configuration. What contradicts what is judged in options.cpp.
#include "options_limits.hpp"
#include "options_plugins.hpp"
#include "options_reader.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

namespace confabd {
namespace {

constexpr std::uintmax_t file_bytes_max = 1 << 20;

// The table `key` of `parent`; null when there is none, or when it is something else.
const toml::table *find_table(reading &state, const toml::table &parent, std::string_view key) {
  const toml::node *node = parent.get(key);
  if (node != nullptr && !node->is_table()) {
    state.fail(node->source(), fmt::format("{}: must be a section, [{}]", key, key));
  }
  return node == nullptr ? nullptr : node->as_table();
}

template <class section>
void read_section(reading &state, const toml::table &root, std::string_view key, section &members) {
  if (const toml::table *table = find_table(state, root, key)) {
    section_reader reader(state, *table, fmt::format("{}.", key));
    visit_fields(members, reader);
    reader.finish();
  }
}

void read_server(reading &state, const toml::table &root, configuration &config) {
  const toml::table *table = find_table(state, root, "server");
  if (table == nullptr) {
    return;
  }
  section_reader reader(state, *table, "server.");
  visit_fields(config.server, reader);
  reader.leave("admin");
  reader.finish();
  read_section(state, *table, "admin", config.admin);
}

// [[key]]: replaces `members` when the file has any. `required` keys must be in each.
template <class section>
void read_sections(reading &state, const toml::table &root, std::string_view key,
                   std::vector<section> &members,
                   std::initializer_list<std::string_view> required) {
  const toml::array *array = find_sections(state, root, key);
  if (array == nullptr) {
    return;
  }
  members.clear();
  for (const toml::node &entry : *array) {
    section_reader reader(state, *entry.as_table(), fmt::format("{}.", key));
    visit_fields(members.emplace_back(), reader);
    reader.finish();
    for (const std::string_view name : required) {
      if (!reader.has(name)) {
        state.fail(entry.source(), fmt::format("{}.{}: is missing", key, name));
      }
    }
  }
}

// What is in it the engine judges.
void read_service(reading &state, const toml::table &root, service_options &out) {
  const toml::table *table = find_table(state, root, "service");
  if (table == nullptr) {
    return;
  }
  std::ostringstream json, toml;
  json << toml::json_formatter{*table};
  out.json = json.str();
  toml << toml::toml_formatter{toml::table{{"service", *table}}};
  out.toml = toml.str();
}

void read_root(reading &state, const toml::table &root, configuration &config) {
  read_server(state, root, config);
  read_sections(state, root, "listen", config.listeners, {"address"});
  read_section(state, root, "tls", config.tls);
  read_section(state, root, "limits", config.limits);
  read_section(state, root, "connections", config.connections);
  read_sections(state, root, "operator", config.operators, {"name", "password"});
  read_section(state, root, "hooks", config.hooks);
  read_plugins(state, root, config.plugins);
  read_service(state, root, config.service);
  read_section(state, root, "store", config.store);
  read_section(state, root, "log", config.log);
  section_reader reader(state, root, "");
  for (const char *key : {"server", "listen", "tls", "limits", "connections", "operator", "hooks",
                          "plugins", "service", "store", "log"}) {
    reader.leave(key);
  }
  reader.finish();
}

} // namespace

read_result read_config(std::string_view toml, const std::string &file) {
  read_result result;
  result.value.file = file;
  reading state{file, std::filesystem::absolute(file).parent_path(), {}};
  try {
    const toml::table root = toml::parse(toml, file);
    read_root(state, root, result.value);
  } catch (const toml::parse_error &error) {
    state.fail(error.source(), std::string(error.description()));
  }
  result.errors = std::move(state.errors);
  return result;
}

read_result read_config_file(const std::string &file) {
  const auto failure = [&](std::string what) {
    read_result result;
    result.errors.push_back({file, 0, 0, std::move(what)});
    return result;
  };
  std::error_code error;
  const std::uintmax_t bytes = std::filesystem::file_size(file, error);
  if (error) {
    return failure(error.message());
  }
  if (bytes > file_bytes_max) {
    return failure("is larger than 1 MiB");
  }
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  if (!stream) {
    return failure("cannot be read");
  }
  return read_config(text.view(), file);
}

} // namespace confabd
