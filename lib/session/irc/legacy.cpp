// SPDX-License-Identifier: MIT
//
// Reading and writing code pages in lines: see legacy.hpp. Which part of a line is somebody's text
// is said by tables of verbs here, not by whoever builds the line, so that no reply can forget it.
// The pages themselves are those of MIC's strings.

#include "session/irc/legacy.hpp"

#include "proto/mic/strings.hpp"
#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>

namespace confab::session {

namespace {

template <std::size_t N>
bool is_one_of(std::string_view verb, const std::array<std::string_view, N> &all) noexcept {
  return std::any_of(all.begin(), all.end(),
                     [&](std::string_view one) { return text::iequals(verb, one); });
}

constexpr std::array<std::string_view, 4> octets{"AUTH", "DATA", "REQUEST", "REPLY"};
// Their last parameter is of names: RPL_USERHOST, ISON, WHOISCHANNELS, NAMREPLY.
constexpr std::array<std::string_view, 7> names{"302",    "303",  "319", "353",
                                                "INVITE", "JOIN", "NICK"};

bool is_ascii(std::string_view s) noexcept {
  return std::none_of(s.begin(), s.end(), [](char c) { return (c & 0x80) != 0; });
}

bool is_utf8_name(std::string_view word) noexcept {
  word.remove_prefix(std::min(word.find_first_not_of(".@+"), word.size()));
  return word.starts_with('\'') || word.starts_with("%#") || word.starts_with("%&");
}

// Where the line is in the client's page: its last parameter, or nothing.
struct place {
  std::size_t begin = 0, end = 0;
};

place text_of(std::string_view line) noexcept {
  irc::message m;
  if (irc::parse(line.substr(0, line.find_last_not_of("\r\n") + 1), m) != irc::parse_result::ok ||
      m.param_count == 0 || is_one_of(m.verb, octets) || is_one_of(m.verb, names))
    return {};
  const std::string_view last = m.param(m.param_count - 1U);
  for (std::size_t i = 0; i + 1 < m.param_count; ++i)
    if (m.param(i).starts_with("%#") || m.param(i).starts_with("%&"))
      return {};
  if (!m.trailing && is_utf8_name(last))
    return {};
  const auto begin = static_cast<std::size_t>(last.data() - line.data());
  return {begin, begin + last.size()};
}

} // namespace

void read_legacy(irc::message &m, mic::code_page page, std::span<char> room) noexcept {
  const std::span params(m.params.data(), m.param_count);
  if (page == mic::code_page::utf8 || is_one_of(m.verb, octets) ||
      std::all_of(params.begin(), params.end(), text::utf8_valid))
    return;
  const char *rest = params[0].data();
  std::size_t used = 0;
  for (std::string_view &param : params) {
    const std::string_view between(rest, static_cast<std::size_t>(param.data() - rest));
    rest = param.data() + param.size();
    used += between.copy(room.data() + used, room.size() - used);
    const std::size_t begin = used;
    used += text::utf8_valid(param) ? param.copy(room.data() + used, room.size() - used)
                                    : mic::to_utf8({param, false}, page, room.subspan(used)).bytes;
    param = {room.data() + begin, used - begin};
  }
}

std::string_view write_legacy(std::string_view lines, mic::code_page page,
                              std::span<char> room) noexcept {
  if (is_ascii(lines))
    return lines;
  std::size_t used = 0;
  const auto copy = [&](std::string_view part) {
    used += part.copy(room.data() + used, part.size());
  };
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, std::min(lines.find('\n'), lines.size() - 1) + 1);
    lines.remove_prefix(line.size());
    const place said = text_of(line);
    copy(line.substr(0, said.begin));
    used += mic::from_utf8(line.substr(said.begin, said.end - said.begin), {false, page},
                           room.subspan(used))
                .bytes;
    copy(line.substr(said.end));
  }
  return {room.data(), used};
}

} // namespace confab::session
