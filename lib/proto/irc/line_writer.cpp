// SPDX-License-Identifier: MIT
//
// Writing: one line in a buffer of the caller. The writer keeps two bytes for CR LF in hand from
// the start, so that a line can always be ended, and counts the part after the tags on its own,
// since message-tags leaves RFC 1459's 512 bytes to it whatever the tags take. Reading is in
// message.cpp. What goes into a reply is decided by the session, not here.

#include "proto/irc/message.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cstring>

namespace confab::irc {

namespace {

constexpr std::size_t line_end_bytes = 2;

constexpr bool ends_line(char c) noexcept { return c == '\r' || c == '\n' || c == '\0'; }

constexpr bool ends_word(char c) noexcept { return c == ' ' || ends_line(c); }

constexpr bool ends_key(char c) noexcept { return c == ';' || c == '=' || ends_word(c); }

// The place of the first byte of `s`, from `at` on, that `ends` something, or the size of `s`. All
// such bytes have to be below `limit` (128 at most), so that eight others are passed at a time:
// each byte of each message comes by here.
template <class Ends>
std::size_t find_end(std::string_view s, std::size_t at, std::uint64_t limit, Ends ends) noexcept {
  constexpr std::uint64_t each_byte = 0x0101010101010101U;
  while (at < s.size()) {
    if (s.size() - at >= sizeof(std::uint64_t)) {
      std::uint64_t word;
      std::memcpy(&word, s.data() + at, sizeof word);
      if (((word - each_byte * limit) & ~word & each_byte << 7U) == 0) {
        at += sizeof word;
        continue;
      }
    }
    if (ends(s[at]))
      return at;
    ++at;
  }
  return at;
}

std::size_t find_line_end(std::string_view s, std::size_t at) noexcept {
  return find_end(s, at, '\r' + 1, ends_line);
}

std::size_t find_word_end(std::string_view s, std::size_t at) noexcept {
  return find_end(s, at, ' ' + 1, ends_word);
}

bool is_word(std::string_view s) noexcept { return !s.empty() && find_word_end(s, 0) == s.size(); }

bool is_middle(std::string_view s) noexcept { return is_word(s) && s.front() != ':'; }

[[maybe_unused]] bool is_verb(std::string_view s) noexcept {
  return is_middle(s) && s.front() != '@';
}

bool is_tag_key(std::string_view s) noexcept {
  return !s.empty() && std::none_of(s.begin(), s.end(), ends_key);
}

} // namespace

line_writer::line_writer(char *buffer, std::size_t size, std::size_t line_bytes_max) noexcept
    : buffer_(buffer), size_(size), line_bytes_max_(std::min(line_bytes_max, size)) {
  assert(line_bytes_max_ >= line_end_bytes);
}

// Whether a call may come now. After a cut nothing may, and that is no mistake of the caller.
bool line_writer::in_order(phase least, phase most) const noexcept {
  if (phase_ == phase::full)
    return false;
  const bool ok = phase_ >= least && phase_ <= most;
  assert(ok);
  return ok;
}

std::size_t line_writer::room() const noexcept {
  const std::size_t taken = used_ - line_begin_ + line_end_bytes;
  return taken < line_bytes_max_ ? line_bytes_max_ - taken : 0;
}

bool line_writer::fits(std::size_t more) const noexcept {
  return phase_ != phase::finished && phase_ != phase::full && more <= room();
}

std::size_t line_writer::text_room() const noexcept {
  constexpr std::size_t before = 2; // a space and the colon
  return fits(before) ? room() - before : 0;
}

line_writer &line_writer::tag(std::string_view key, std::string_view value) noexcept {
  assert(is_tag_key(key));
  if (!in_order(phase::tags, phase::tags) || !is_tag_key(key))
    return *this;
  // One byte stays free for the space that ends the tags.
  const std::size_t size = std::min(size_ - line_bytes_max_, tags_bytes_limit);
  std::size_t at = used_;
  const bool key_fits = at + 1 + key.size() + 1 <= size;
  if (key_fits) {
    buffer_[at++] = used_ == 0 ? '@' : ';';
    at += key.copy(buffer_ + at, key.size());
    if (!value.empty() && at + 1 < size)
      buffer_[at++] = '=';
  }
  if (key_fits && tag_escape(value, buffer_, size - 1, at))
    used_ = at;
  else
    cut_ = true;
  return *this;
}

// Appends a source or a verb. Half of one would say something else, so if it does not fit whole,
// the line is given up.
void line_writer::put_word(std::string_view before, std::string_view word, phase next) noexcept {
  if (room() < before.size() + word.size()) {
    used_ = line_begin_;
    phase_ = phase::full;
    cut_ = true;
    return;
  }
  used_ += before.copy(buffer_ + used_, before.size());
  word.copy(buffer_ + used_, word.size());
  for (std::size_t at = 0; (at = find_word_end(word, at)) < word.size(); ++at)
    buffer_[used_ + at] = '_';
  used_ += word.size();
  phase_ = next;
}

// Ends the tags, if there were any, and begins the part after them.
void line_writer::begin_line() noexcept {
  if (used_ > 0)
    buffer_[used_++] = ' ';
  line_begin_ = used_;
}

line_writer &line_writer::source(std::string_view name) noexcept {
  assert(is_word(name));
  if (!in_order(phase::tags, phase::tags) || name.empty())
    return *this;
  begin_line();
  put_word(":", name, phase::source);
  return *this;
}

line_writer &line_writer::verb(std::string_view word) noexcept {
  assert(is_verb(word));
  if (!in_order(phase::tags, phase::source) || word.empty())
    return *this;
  if (phase_ == phase::tags)
    begin_line();
  put_word(phase_ == phase::source ? " " : "", word, phase::params);
  return *this;
}

line_writer &line_writer::numeric(unsigned code) noexcept {
  assert(code >= 1);
  assert(code <= 999);
  const auto digit = [code](unsigned unit) { return static_cast<char>('0' + code / unit % 10); };
  const std::array<char, 3> digits{digit(100), digit(10), digit(1)};
  return verb({digits.data(), digits.size()});
}

// Writes the space before a parameter that has `bytes_least` bytes which must not be divided. Where
// not even those fit, the line is full.
bool line_writer::begin_param(std::size_t bytes_least) noexcept {
  if (!in_order(phase::params, phase::params))
    return false;
  assert(params_ < params_max);
  if (room() < 1 + bytes_least || params_ == params_max) {
    phase_ = phase::full;
    cut_ = true;
    return false;
  }
  buffer_[used_++] = ' ';
  ++params_;
  return true;
}

// Appends as much of the last or only part of a parameter as there is room for.
void line_writer::put_text(std::string_view part) noexcept {
  const std::size_t bytes = text::utf8_cut(part, room());
  const std::string_view kept = part.substr(0, bytes);
  kept.copy(buffer_ + used_, bytes);
  for (std::size_t at = 0; (at = find_line_end(kept, at)) < bytes; ++at)
    buffer_[used_ + at] = ' ';
  used_ += bytes;
  if (bytes == part.size())
    return;
  phase_ = phase::full;
  cut_ = true;
}

line_writer &line_writer::param(std::string_view middle) noexcept {
  assert(is_middle(middle));
  if (!is_middle(middle))
    return text(middle);
  // With one character at least, for a space alone would be no parameter.
  if (begin_param(std::max<std::size_t>(1, text::utf8_sequence(middle))))
    put_text(middle);
  return *this;
}

line_writer &line_writer::number(std::uint64_t value) noexcept {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return param({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

line_writer &line_writer::text(std::string_view trailing) noexcept {
  if (!begin_param(1))
    return *this;
  buffer_[used_++] = ':';
  phase_ = phase::ended;
  put_text(trailing);
  return *this;
}

std::string_view line_writer::finish() noexcept {
  assert(phase_ >= phase::params);
  if (phase_ < phase::params || used_ == line_begin_)
    return {};
  if (phase_ != phase::finished) {
    buffer_[used_++] = '\r';
    buffer_[used_++] = '\n';
    phase_ = phase::finished;
  }
  return {buffer_, used_};
}

} // namespace confab::irc
