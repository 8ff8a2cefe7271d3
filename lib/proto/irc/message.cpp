// SPDX-License-Identifier: MIT
//
// Reading: a line into its parts, and message tags one by one. The reader sees each byte at most
// once or twice and never goes back, and the text of a message is not looked at at all, so that the
// cost of a line is that of its words. It reads nothing outside the view it is given.
// Writing is in line_writer.cpp; no verb and no tag has a meaning here.

#include "proto/irc/message.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>

namespace confab::irc {

namespace {

constexpr std::uint64_t each_byte = 0x0101010101010101U;
constexpr std::uint64_t high_bits = 0x8080808080808080U;

// The first space at or after `p`, or `end`. Words of IRC are short, so eight bytes at a time in
// place costs less than a call of memchr for each.
const char *find_space(const char *p, const char *end) noexcept {
  if constexpr (std::endian::native == std::endian::little) {
    while (end - p >= 8) {
      std::uint64_t word;
      std::memcpy(&word, p, sizeof word);
      word ^= each_byte * ' ';
      // The classical test for a zero byte; the lowest bit that it sets is exact.
      const std::uint64_t zeros = (word - each_byte) & ~word & high_bits;
      if (zeros != 0)
        return p + std::countr_zero(zeros) / 8;
      p += 8;
    }
  }
  while (p != end && *p != ' ')
    ++p;
  return p;
}

const char *skip_spaces(const char *p, const char *end) noexcept {
  while (p != end && *p == ' ')
    ++p;
  return p;
}

std::string_view view(const char *begin, const char *end) noexcept {
  return {begin, static_cast<std::size_t>(end - begin)};
}

// Takes the word at `p`, which is at no space, and the spaces after it.
std::string_view take_word(const char *&p, const char *end) noexcept {
  const char *begin = p;
  const char *stop = find_space(p, end);
  p = skip_spaces(stop, end);
  return view(begin, stop);
}

bool verb_valid(std::string_view verb) noexcept {
  if (text::is_digit(verb.front()))
    return verb.size() == 3 && std::all_of(verb.begin(), verb.end(), text::is_digit);
  return std::all_of(verb.begin(), verb.end(), text::is_alpha);
}

void parse_params(const char *p, const char *end, message &out) noexcept {
  while (p != end) {
    const bool colon = *p == ':';
    if (colon || out.param_count + 1U == params_max) {
      out.params[out.param_count++] = view(colon ? p + 1 : p, end);
      out.trailing = colon;
      return;
    }
    out.params[out.param_count++] = take_word(p, end);
  }
}

// The character that stands for `c` in an escaped tag value, or NUL when `c` stands for itself.
char escape_of(char c) noexcept {
  switch (c) {
  case ';':
    return ':';
  case ' ':
  case '\0':
    return 's';
  case '\\':
    return '\\';
  case '\r':
    return 'r';
  case '\n':
    return 'n';
  default:
    return '\0';
  }
}

char unescaped(char c) noexcept {
  switch (c) {
  case ':':
    return ';';
  case 's':
    return ' ';
  case 'r':
    return '\r';
  case 'n':
    return '\n';
  default:
    return c;
  }
}

} // namespace

parse_result parse(std::string_view line, message &out) noexcept {
  out.tags = out.source = out.verb = {};
  out.param_count = 0;
  out.trailing = false;
  if (line.empty())
    return parse_result::empty;
  const char *p = line.data();
  const char *const end = p + line.size();
  const bool tagged = *p == '@';
  if (tagged)
    out.tags = take_word(++p, end);
  else
    p = skip_spaces(p, end);
  if (p == end)
    return tagged ? parse_result::missing_verb : parse_result::empty;
  if (*p == ':') {
    out.source = take_word(++p, end);
    if (p == end)
      return parse_result::missing_verb;
  }
  out.verb = take_word(p, end);
  parse_params(p, end, out);
  return verb_valid(out.verb) ? parse_result::ok : parse_result::bad_verb;
}

bool tag_reader::next(tag &out) noexcept {
  rest_.remove_prefix(std::min(rest_.find_first_not_of(';'), rest_.size()));
  if (rest_.empty())
    return false;
  const std::size_t stop = std::min(rest_.find(';'), rest_.size());
  const std::string_view item = rest_.substr(0, stop);
  rest_.remove_prefix(stop);
  const std::size_t equals = item.find('=');
  out.key = item.substr(0, equals);
  out.has_value = equals != std::string_view::npos;
  out.raw_value = out.has_value ? item.substr(equals + 1) : std::string_view{};
  return true;
}

bool find_tag(std::string_view tags, std::string_view key, tag &out) noexcept {
  bool found = false;
  tag candidate;
  tag_reader reader(tags);
  while (reader.next(candidate)) {
    if (candidate.key != key)
      continue;
    out = candidate;
    found = true;
  }
  return found;
}

std::size_t tag_unescape(std::string_view raw, char *out) noexcept {
  std::size_t used = 0;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    if (raw[i] != '\\')
      out[used++] = raw[i];
    else if (++i < raw.size())
      out[used++] = unescaped(raw[i]);
  }
  return used;
}

bool tag_escape(std::string_view value, char *out, std::size_t size, std::size_t &used) noexcept {
  assert(used <= size);
  std::size_t at = used;
  for (const char c : value) {
    const char escape = escape_of(c);
    if (size - at < (escape == '\0' ? 1U : 2U))
      return false;
    if (escape != '\0')
      out[at++] = '\\';
    out[at++] = escape == '\0' ? c : escape;
  }
  used = at;
  return true;
}

} // namespace confab::irc
