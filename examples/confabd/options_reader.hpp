// SPDX-License-Identifier: MIT
//
// How one table of TOML is read into one section of a configuration: each key by the rule of its
// field, each mistake with its place. Which sections there are stands in options_read.cpp.
#pragma once

#include "options_fields.hpp"
#include "text_rules.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <toml++/toml.h>

namespace confabd {

inline constexpr std::size_t config_errors_max = 20;

// Where mistakes go, and what is the same for all sections.
struct reading {
  std::string file;
  std::filesystem::path folder;
  std::vector<config_error> errors;

  void fail(const toml::source_region &where, std::string what) {
    if (errors.size() < config_errors_max) {
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

  void operator()(const field &f, duration &member) {
    std::string text;
    const toml::node *node = take<std::string>(f, text, "a time in quotes, such as \"5s\"");
    if (node == nullptr) {
      return;
    }
    const std::optional<duration> time = parse_duration(text);
    if (!time) {
      return fail(*node, f.key, "must be a time, such as \"5s\" or \"1m30s\"");
    }
    if (time->ms < f.min || time->ms > f.max) {
      return fail(*node, f.key,
                  fmt::format("{} is not between {} and {}", text, to_text(duration{f.min}),
                              to_text(duration{f.max})));
    }
    member = *time;
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

  void operator()(const field &f, protocol_set &member) {
    const toml::node *node = find(f.key);
    if (node == nullptr) {
      return;
    }
    const toml::array *array = node->as_array();
    if (array == nullptr) {
      return fail(*node, f.key, "must be a list of texts in quotes");
    }
    protocol_set set;
    for (const toml::node &entry : *array) {
      const auto &names = protocol_set::names;
      const auto at = std::find(names.begin(), names.end(), entry.value_or(std::string_view{}));
      if (at == names.end()) {
        return fail(entry, f.key, fmt::format("must be of: {}", fmt::join(names, ", ")));
      }
      set.bits |= 1U << (at - names.begin());
    }
    member = set;
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

// The sections [[key]] of `root`; null when there are none, or when they are something else.
inline const toml::array *find_sections(reading &state, const toml::table &root,
                                        std::string_view key) {
  const toml::node *node = root.get(key);
  if (node == nullptr) {
    return nullptr;
  }
  const toml::array *array = node->as_array();
  const bool tables = array != nullptr && std::all_of(array->begin(), array->end(),
                                                      [](const auto &n) { return n.is_table(); });
  if (!tables) {
    state.fail(node->source(), fmt::format("{}: must be sections, [[{}]]", key, key));
    return nullptr;
  }
  return array;
}

} // namespace confabd
