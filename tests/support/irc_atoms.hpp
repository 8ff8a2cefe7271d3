// SPDX-License-Identifier: MIT
//
// An IRC message as values that own their text, and its two ways to and from a line: what vectors
// and generators need to compare. Tag values are unescaped here, and of a repeated tag the last
// counts. Only for tests: the library itself never owns the parts of a line.
#pragma once

#include "proto/irc/message.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

struct irc_atoms {
  std::map<std::string, std::string> tags;
  std::string source;
  std::string verb;
  std::vector<std::string> params;

  bool operator==(const irc_atoms &) const = default;
};

inline irc_atoms to_atoms(const irc::message &parsed) {
  irc_atoms out;
  irc::tag_reader reader(parsed.tags);
  irc::tag tag;
  while (reader.next(tag)) {
    std::string value(tag.raw_value.size(), '\0');
    value.resize(irc::tag_unescape(tag.raw_value, value.data()));
    out.tags[std::string(tag.key)] = value;
  }
  out.source = parsed.source;
  out.verb = parsed.verb;
  for (std::size_t i = 0; i < parsed.param_count; ++i)
    out.params.emplace_back(parsed.param(i));
  return out;
}

inline bool needs_colon(std::string_view param) {
  return param.empty() || param.front() == ':' || param.find(' ') != std::string_view::npos;
}

// The line without CR LF, in a part of at most line_bytes_max bytes after the tags.
inline std::string serialise(const irc_atoms &atoms, std::size_t line_bytes_max = 512) {
  std::string buffer(irc::tags_bytes_limit + line_bytes_max, '\0');
  irc::line_writer writer(buffer.data(), buffer.size(), line_bytes_max);
  for (const auto &[key, value] : atoms.tags)
    writer.tag(key, value);
  if (!atoms.source.empty())
    writer.source(atoms.source);
  writer.verb(atoms.verb);
  for (const std::string &param : atoms.params)
    needs_colon(param) ? writer.text(param) : writer.param(param);
  const std::string_view line = writer.finish();
  return std::string(line.substr(0, line.size() - 2));
}

} // namespace confab::test
