// SPDX-License-Identifier: MIT
//
// Reads a configuration from TOML and says of every mistake where it is: keys that do not exist,
// values of a wrong kind or outside their bounds. Nothing is half accepted: with one mistake there
// is no configuration. What contradicts what is judged in options.cpp.
#include "options_fields.hpp"
#include "options_limits.hpp"
#include "text_rules.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <toml++/toml.h>

namespace confabd {
namespace {

constexpr std::size_t errors_max = 20;
constexpr std::uintmax_t file_bytes_max = 1 << 20;

// Where mistakes go, and what is the same for all sections.
struct reading {
  std::string file;
  std::filesystem::path folder;
  std::vector<config_error> errors;

  void fail(const toml::source_region &where, std::string what) {
    if (errors.size() < errors_max) {
      errors.push_back({file, where.begin.line, where.begin.column, std::move(what)});
    }
  }
};

// Reads the members of one table.
class section_reader {
public:
  section_reader(reading &state, const toml::table &table, std::string path)
      : state_(state), table_(table), path_(std::move(path)) {}

  void operator()(const field &f, bool &member) { take<bool>(f, member, "true or false"); }

  void operator()(const field &f, std::uint32_t &member) {
    const toml::node *node = find(f.key);
    if (node == nullptr) {
      return;
    }
    const toml::value<std::int64_t> *number = node->as_integer();
    if (number == nullptr) {
      return fail(*node, f.key, "must be a whole number");
    }
    if (number->get() < f.min || number->get() > f.max) {
      return fail(*node, f.key,
                  fmt::format("{} is not between {} and {}", number->get(), f.min, f.max));
    }
    member = static_cast<std::uint32_t>(number->get());
  }

  void operator()(const field &f, std::string &member) {
    std::string text;
    const toml::node *node = take<std::string>(f, text, "a text in quotes");
    if (node == nullptr) {
      return;
    }
    if (text.size() < f.min || text.size() > f.max) {
      return fail(*node, f.key,
                  fmt::format("{} bytes are not between {} and {}", text.size(), f.min, f.max));
    }
    if (const std::string_view problem = text_problem(f.rule, text); !problem.empty()) {
      return fail(*node, f.key, std::string(problem));
    }
    if (f.rule == text_rule::path && !text.empty()) {
      // Absolute, so that a printed configuration means the same files wherever it is read.
      text = (state_.folder / text).lexically_normal().string();
    }
    member = std::move(text);
  }

  template <class enumeration>
  requires std::is_enum_v<enumeration>
  void operator()(const field &f, enumeration &member) {
    std::string text;
    const toml::node *node = take<std::string>(f, text, "a text in quotes");
    if (node == nullptr) {
      return;
    }
    const std::optional<enumeration> value = parse_word<enumeration>(text);
    if (!value) {
      return fail(*node, f.key,
                  fmt::format("must be one of: {}", fmt::join(words<enumeration>::all, ", ")));
    }
    member = *value;
  }

  void operator()(const field &f, endpoint &member) {
    std::string text;
    const toml::node *node = take<std::string>(f, text, "a text in quotes");
    if (node == nullptr) {
      return;
    }
    const std::optional<endpoint> value = parse_endpoint(text);
    if (!value) {
      return fail(*node, f.key,
                  "must be ADDRESS:PORT, such as \"127.0.0.1:6667\" or \"[::1]:6667\"");
    }
    member = *value;
  }

  void operator()(const field &f, std::vector<ip_prefix> &member) {
    const toml::node *node = find(f.key);
    if (node == nullptr) {
      return;
    }
    const toml::array *array = node->as_array();
    if (array == nullptr) {
      return fail(*node, f.key, "must be a list of texts in quotes");
    }
    if (array->size() > f.max) {
      return fail(*node, f.key, fmt::format("has more than {} entries", f.max));
    }
    std::vector<ip_prefix> prefixes;
    for (const toml::node &entry : *array) {
      const auto prefix = parse_prefix(entry.value_or(std::string_view{}));
      if (!prefix) {
        return fail(entry, f.key, "must be an address or a network such as \"192.0.2.0/24\"");
      }
      prefixes.push_back(*prefix);
    }
    member = std::move(prefixes);
  }

  // A key that this reader does not read itself.
  void leave(std::string_view key) { seen_.push_back(key); }

  bool has(std::string_view key) const { return table_.contains(key); }

  // To be called last: every key must have been asked for.
  void finish() {
    for (const auto &[key, node] : table_) {
      if (std::find(seen_.begin(), seen_.end(), key.str()) == seen_.end()) {
        state_.fail(key.source(), fmt::format("{}{}: there is no such key", path_, key.str()));
      }
    }
  }

private:
  const toml::node *find(std::string_view key) {
    seen_.push_back(key);
    return table_.get(key);
  }

  template <class type>
  const toml::node *take(const field &f, type &out, std::string_view expected) {
    const toml::node *node = find(f.key);
    if (node == nullptr) {
      return nullptr;
    }
    const toml::value<type> *value = node->as<type>();
    if (value == nullptr) {
      fail(*node, f.key, fmt::format("must be {}", expected));
      return nullptr;
    }
    out = value->get();
    return node;
  }

  void fail(const toml::node &node, std::string_view key, std::string what) {
    state_.fail(node.source(), fmt::format("{}{}: {}", path_, key, what));
  }

  reading &state_;
  const toml::table &table_;
  std::string path_;
  std::vector<std::string_view> seen_;
};

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
  const toml::node *node = root.get(key);
  if (node == nullptr) {
    return;
  }
  const toml::array *array = node->as_array();
  const bool tables = array != nullptr && std::all_of(array->begin(), array->end(),
                                                      [](const auto &n) { return n.is_table(); });
  if (!tables) {
    return state.fail(node->source(), fmt::format("{}: must be sections, [[{}]]", key, key));
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

void read_root(reading &state, const toml::table &root, configuration &config) {
  read_server(state, root, config);
  read_sections(state, root, "listen", config.listeners, {"address"});
  read_section(state, root, "tls", config.tls);
  read_section(state, root, "limits", config.limits);
  read_section(state, root, "connections", config.connections);
  read_sections(state, root, "operator", config.operators, {"name", "password"});
  read_section(state, root, "log", config.log);
  section_reader reader(state, root, "");
  for (const char *key : {"server", "listen", "tls", "limits", "connections", "operator", "log"}) {
    reader.leave(key);
  }
  reader.finish();
}

} // namespace

read_result read_config(std::string_view toml, const std::string &file) {
  read_result result;
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
