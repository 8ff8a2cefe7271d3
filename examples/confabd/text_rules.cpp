// SPDX-License-Identifier: MIT
//
// The rules for texts in the configuration. What breaks one of them would break a line of the
// protocol, a log line or a name that others compare. Only the text is judged here, never a file or
// a name server.
#include "text_rules.hpp"

#include "passwords.hpp"

#include <algorithm>

namespace confabd {
namespace {

bool is_host_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

bool is_host_name(std::string_view text) noexcept {
  bool label_empty = true;
  char before = '.';
  for (const char c : text) {
    const bool edge = c == '.' || before == '.';
    if (!(c == '.' ? !label_empty && before != '-' : is_host_character(c) && !(edge && c == '-'))) {
      return false;
    }
    label_empty = c == '.';
    before = c;
  }
  return !label_empty && before != '-' && text.find('.') != text.npos;
}

bool all_of(std::string_view text, bool (*test)(char)) noexcept {
  return std::all_of(text.begin(), text.end(), test);
}

bool is_printing(char c) noexcept { return static_cast<unsigned char>(c) >= 0x20 && c != '\x7f'; }

// What can stand by itself in a line of the protocol, and in a mask.
bool is_word(std::string_view text) noexcept {
  return all_of(text, is_printing) && text.find_first_of(" !@*") == text.npos &&
         !text.starts_with(':');
}

} // namespace

std::string_view text_problem(text_rule rule, std::string_view text) {
  switch (rule) {
  case text_rule::line:
  case text_rule::path:
    return all_of(text, is_printing) ? "" : "control characters are not allowed";
  case text_rule::lines:
    return all_of(text, [](char c) { return c == '\n' || c == '\t' || is_printing(c); })
               ? ""
               : "control characters other than line ends are not allowed";
  case text_rule::word:
    return is_word(text) ? "" : "must be one word without spaces, '!', '@' and '*'";
  case text_rule::host_name:
    return is_host_name(text) ? "" : "must be a host name with a dot in it";
  case text_rule::letters:
    return all_of(text, [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; })
               ? ""
               : "must be letters only";
  case text_rule::instance:
    return all_of(text, [](char c) { return is_host_character(c) || c == '_'; })
               ? ""
               : "must be letters, digits, '-' and '_' only";
  case text_rule::password:
    return password_problem(text);
  }
  return "";
}

} // namespace confabd
