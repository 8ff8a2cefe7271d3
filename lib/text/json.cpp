// SPDX-License-Identifier: MIT
//
// The JSON reader: see json.hpp. It never recurses: how deep a text may go is decided by whoever
// opens its objects and lists.

#include "text/json.hpp"

#include "text/ascii.hpp"
#include "text/utf8.hpp"

namespace confab::text {

bool json_reader::fail(std::size_t at, const char *what) noexcept {
  if (!problem_) {
    problem_ = what;
    failed_at_ = at;
  }
  return false;
}

void json_reader::skip_blanks() noexcept {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
    ++at_;
}

json_kind json_reader::next() noexcept {
  skip_blanks();
  if (at_ == text_.size())
    return json_kind::end;
  switch (text_[at_]) {
  case '{':
    return json_kind::object;
  case '[':
    return json_kind::array;
  case '"':
    return json_kind::string;
  case 't':
  case 'f':
  case 'n':
    return json_kind::literal;
  default:
    return is_digit(text_[at_]) || text_[at_] == '-' ? json_kind::number : json_kind::other;
  }
}

bool json_reader::open(char bracket, const char *what) noexcept {
  skip_blanks();
  began_ = at_;
  if (!ok() || at_ == text_.size() || text_[at_] != bracket)
    return fail(at_, at_ == text_.size() ? "ends too early" : what);
  ++at_;
  return true;
}

bool json_reader::more(bool &first, char end) noexcept {
  skip_blanks();
  if (!ok() || at_ == text_.size())
    return fail(at_, "ends too early");
  if (text_[at_] == end) {
    ++at_;
    return false;
  }
  if (!first) {
    if (text_[at_] != ',')
      return fail(at_, "a comma or the end is missing");
    ++at_;
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == end)
      return fail(at_, "nothing follows the comma");
  }
  first = false;
  return true;
}

bool json_reader::member(bool &first, std::pmr::string &key) {
  if (!more(first, '}') || !string(key))
    return false;
  const std::size_t name_at = began_;
  skip_blanks();
  if (at_ == text_.size() || text_[at_] != ':')
    return fail(at_, "a colon is missing");
  ++at_;
  began_ = name_at;
  return true;
}

bool json_reader::literal(std::string_view word) noexcept {
  if (text_.substr(at_, word.size()) != word)
    return false;
  at_ += word.size();
  return true;
}

bool json_reader::boolean(bool &out) noexcept {
  skip_blanks();
  began_ = at_;
  if (!ok())
    return false;
  if (literal("true"))
    out = true;
  else if (literal("false"))
    out = false;
  else
    return fail(at_, "must be true or false");
  return true;
}

bool json_reader::whole(std::int64_t &out) noexcept {
  constexpr const char *what = "must be a whole number";
  skip_blanks();
  began_ = at_;
  if (!ok())
    return false;
  std::size_t i = at_;
  const bool negative = i < text_.size() && text_[i] == '-';
  i += negative ? 1 : 0;
  const std::size_t digits = i;
  while (i < text_.size() && is_digit(text_[i]))
    ++i;
  const std::string_view number = text_.substr(digits, i - digits);
  const bool zeros = number.size() > 1 && number[0] == '0';
  if (number.empty() || zeros ||
      (i < text_.size() && std::string_view(".eE").find(text_[i]) != std::string_view::npos))
    return fail(began_, what);
  const auto value = parse_u64(number, INT64_MAX);
  if (!value)
    return fail(began_, "is out of range");
  at_ = i;
  out = negative ? -static_cast<std::int64_t>(*value) : static_cast<std::int64_t>(*value);
  return true;
}

// Four hexadecimal digits.
bool json_reader::unit(std::uint32_t &out) noexcept {
  out = 0;
  for (int i = 0; i < 4; ++i, ++at_) {
    const char c = at_ < text_.size() ? to_lower(text_[at_]) : '\0';
    if (!is_digit(c) && (c < 'a' || c > 'f'))
      return fail(at_, "four hexadecimal digits must follow");
    out = out * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : c - 'a' + 10);
  }
  return true;
}

bool json_reader::escape(std::pmr::string &out) {
  constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
  const std::size_t at = at_ - 1;
  const char c = at_ < text_.size() ? text_[at_++] : '\0';
  if (const std::size_t i = c ? from.find(c) : std::string_view::npos; i < from.size()) {
    out += to[i];
    return true;
  }
  std::uint32_t code = 0;
  if (c != 'u' || !unit(code))
    return fail(at, "no such escape");
  if (code >= 0xd800 && code < 0xe000) { // half of a character beyond the first plane
    std::uint32_t low = 0;
    if (code >= 0xdc00 || !literal("\\u") || !unit(low) || low < 0xdc00 || low >= 0xe000)
      return fail(at, "half a character");
    code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
  }
  const auto tail = [&](unsigned shift) {
    out += static_cast<char>(0x80U | (code >> shift & 0x3fU));
  };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xc0U | code >> 6U);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xe0U | code >> 12U);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xf0U | code >> 18U);
    tail(12), tail(6), tail(0);
  }
  return true;
}

bool json_reader::string(std::pmr::string &out) {
  skip_blanks();
  began_ = at_;
  out.clear();
  if (!ok() || at_ == text_.size() || text_[at_] != '"')
    return fail(at_, at_ == text_.size() ? "ends too early" : "must be a text in quotes");
  ++at_;
  for (std::size_t from = at_;; from = at_) {
    while (at_ < text_.size() && text_[at_] != '"' && text_[at_] != '\\' &&
           static_cast<unsigned char>(text_[at_]) >= 0x20)
      ++at_;
    out.append(text_.substr(from, at_ - from));
    if (at_ == text_.size())
      return fail(at_, "ends too early");
    if (static_cast<unsigned char>(text_[at_]) < 0x20)
      return fail(at_, "a control byte in a text");
    if (text_[at_++] == '"')
      break;
    if (!escape(out))
      return false;
  }
  return utf8_valid(out) || fail(began_, "is not UTF-8");
}

bool json_reader::finish() noexcept {
  skip_blanks();
  return ok() && (at_ == text_.size() || fail(at_, "something follows the end"));
}

} // namespace confab::text
