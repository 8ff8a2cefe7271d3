// SPDX-License-Identifier: MIT
//
// Reads and compares; see file.hpp. The words of constants are those of bindings/api.json, so that
// none has to be listed here.
// Which steps and actions there are does not belong here.
#include "bindings/cpp/file.hpp"

#include <cctype>
#include <fstream>

namespace behaviours {

namespace {

std::string shown(const json &value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

bool matches_text(std::string_view pattern, std::string_view text) {
  static constexpr std::string_view any = "{any}";
  const std::size_t at = pattern.find(any);
  if (at == std::string_view::npos) {
    return pattern == text;
  }
  const std::string_view rest = pattern.substr(at + any.size());
  if (text.substr(0, at) != pattern.substr(0, at)) {
    return false;
  }
  for (std::size_t from = at; from <= text.size(); ++from) {
    if (matches_text(rest, text.substr(from))) {
      return true;
    }
  }
  return false;
}

std::string upper(std::string text) {
  for (char &c : text) {
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return text;
}

std::string lower(std::string text) {
  for (char &c : text) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return text;
}

const json &enums() {
  static const json all = read("bindings/api.json").at("enums");
  return all;
}

} // namespace

json read(const std::string &path) {
  std::ifstream file(std::string(CONFAB_TESTS_DIR) + "/../" + path);
  return json::parse(file);
}

std::string bytes(const json &text) {
  if (text.is_string()) {
    return text.get<std::string>();
  }
  const auto hex = text.at("hex").get<std::string>();
  std::string made;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    made += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return made;
}

bool matches(const json &expected, const json &found) {
  if (expected.is_object() && found.is_object()) {
    for (const auto &[name, value] : expected.items()) {
      if (!found.contains(name) || !matches(value, found.at(name))) {
        return false;
      }
    }
    return true;
  }
  if (found.is_string() && (expected.is_string() || expected.is_object())) {
    return matches_text(bytes(expected), found.get<std::string>());
  }
  return expected == found;
}

void expect_part(const char *what, const json &expected, const json &found) {
  if (!matches(expected, found)) {
    throw mismatch(std::string(what) + ": expected " + shown(expected) + ", found " + shown(found));
  }
}

void expect_all(const char *what, const json &expected, const json &found) {
  bool same = expected.size() == found.size();
  for (std::size_t i = 0; same && i < expected.size(); ++i) {
    same = matches(expected.at(i), found.at(i));
  }
  if (!same) {
    throw mismatch(std::string(what) + ": expected " + shown(expected) + ", found " + shown(found));
  }
}

void expect_lines(const json &has, const json &lacks, const std::vector<std::string> &found) {
  const auto among = [&](const json &line) {
    for (const std::string &one : found) {
      if (matches(line, one)) {
        return true;
      }
    }
    return false;
  };
  for (const json &line : has) {
    if (!among(line)) {
      throw mismatch("no " + shown(line) + " in " + shown(found));
    }
  }
  for (const json &line : lacks) {
    if (among(line)) {
      throw mismatch("there is " + shown(line) + " in " + shown(found));
    }
  }
}

std::uint32_t constant(const std::string &family, const std::string &word) {
  const std::string name = "CONFAB_" + family + "_" + upper(word);
  for (const json &each : enums()) {
    for (const json &one : each.at("constants")) {
      if (one.at("name") == name) {
        return one.at("value").get<std::uint32_t>();
      }
    }
  }
  throw mismatch("there is no " + name);
}

std::string word(const std::string &family, std::int64_t value) {
  const std::string prefix = "CONFAB_" + family + "_";
  for (const json &each : enums()) { // the first family of that prefix: CONFAB_EVENT_ has two
    if (each.at("prefix") != prefix) {
      continue;
    }
    for (const json &one : each.at("constants")) {
      if (one.at("value") == value) {
        return lower(one.at("name").get<std::string>().substr(prefix.size()));
      }
    }
    break;
  }
  throw mismatch("no " + prefix + " has the value " + std::to_string(value));
}

} // namespace behaviours
