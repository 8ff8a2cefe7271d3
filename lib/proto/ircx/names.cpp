// SPDX-License-Identifier: MIT
//
// Names both ways: see names.hpp. A name is checked as it was written and then decoded, so that no
// byte can hide behind an escape from the one check and none is checked twice with another result.
// Classes of characters are tables; nothing allocates.

#include "proto/ircx/names.hpp"

#include "proto/irc/names.hpp"
#include "text/ascii.hpp"
#include "text/quoting.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace confab::ircx {

namespace {

constexpr bool is_hex(char c) noexcept {
  return text::is_digit(c) || (text::to_upper(c) >= 'A' && text::to_upper(c) <= 'F');
}

constexpr unsigned hex_value(char c) noexcept {
  return static_cast<unsigned>(text::is_digit(c) ? c - '0' : text::to_upper(c) - 'A' + 10);
}

constexpr bool is_control(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '\x7f';
}

constexpr bool is_channel_prefix(char c) noexcept { return c == '#' || c == '&'; }

constexpr std::string_view channel_stops{" ,\a\0\r\n", 6};

// Wide, small and foreign forms of # and &: in UTF-8, then in the double-byte code pages that
// Microsoft's clients send (Shift-JIS, EUC-JP, and what GBK and EUC-KR share).
constexpr std::array<std::string_view, 10> lookalikes{
    "\xef\xbc\x83", "\xef\xbc\x86", "\xef\xb9\x9f", "\xef\xb9\xa0", "\xe2\x99\xaf",
    "\x81\x94",     "\x81\x95",     "\xa1\xf4",     "\xa1\xf5",     "\xa3\xa3"};

bool begins_like_channel(std::string_view name) noexcept {
  // A wide % before whatever it may be is meant as one too.
  for (const std::string_view percent : {"%", "\xef\xbc\x85", "\xef\xb9\xaa"})
    if (name.starts_with(percent)) {
      name.remove_prefix(percent.size());
      if (percent.size() > 1 && !name.empty() && is_channel_prefix(name.front()))
        return true;
      break;
    }
  return std::any_of(lookalikes.begin(), lookalikes.end(),
                     [&](std::string_view form) { return name.starts_with(form); });
}

bool has_malformed(std::string_view text) noexcept {
  while (!text.empty()) {
    std::size_t bytes = text::utf8_sequence(text);
    if (bytes == 0) {
      // The only other thing that is taken: a pair of surrogates, six bytes.
      std::array<char, 6> pair;
      bytes = std::min<std::size_t>(6, text.size());
      if (bytes < 6 || !text::normalise_utf8(text.substr(0, 6), pair.data()))
        return true;
    }
    text.remove_prefix(bytes);
  }
  return false;
}

// A digit, `-`, or above `A`: draft §4.2.
constexpr bool may_begin_nick(char c) noexcept {
  return text::is_digit(c) || c == '-' || (static_cast<unsigned char>(c) >= 'A' && c != '\x7f');
}

name_error decode_extended_nick(std::string_view body, char *out, std::size_t &length) noexcept {
  if (body.empty())
    return name_error::prefix_only;
  if (std::any_of(body.begin(), body.end(), [](char c) {
        return is_control(c) || c == ' ' || c == ',' || c == '!' || c == '@';
      }))
    return name_error::bad_character;
  const auto normal = text::normalise_utf8(body, out);
  if (!normal)
    return name_error::malformed_utf8;
  const std::size_t bytes = text::unquote({out, *normal}, out);
  if (!may_begin_nick(out[0]))
    return name_error::bad_character;
  if (is_alias({out, bytes}))
    return name_error::reserved_alias;
  length = bytes;
  return name_error::none;
}

name_error check_extended_body(std::string_view body) noexcept {
  if (std::any_of(body.begin(), body.end(),
                  [](char c) { return channel_stops.find(c) != std::string_view::npos; }))
    return name_error::bad_character;
  return has_malformed(body) ? name_error::malformed_utf8 : name_error::none;
}

} // namespace

object_kind classify(std::string_view object) noexcept {
  if (object.empty())
    return object_kind::none;
  const bool alone = object.size() == 1;
  switch (object.front()) {
  case '*':
    return alone ? object_kind::network : object_kind::none;
  case '$':
    return alone ? object_kind::this_server : object_kind::server;
  case '\'':
    return alone ? object_kind::self : object_kind::extended_nick;
  case '#':
  case '&':
    return object_kind::channel;
  case '%':
    if (alone)
      return object_kind::last_channel;
    return is_channel_prefix(object[1]) ? object_kind::extended_channel : object_kind::none;
  case '0':
    return object.size() == 9 && std::all_of(object.begin() + 1, object.end(), is_hex)
               ? object_kind::oid
               : object_kind::none;
  default:
    break;
  }
  if (is_alias(object))
    return object_kind::nick_alias;
  return object.front() >= 'A' && object.front() <= '}' ? object_kind::nick : object_kind::none;
}

std::string_view reason(name_error error) noexcept {
  switch (error) {
  case name_error::none:
    return {};
  case name_error::empty:
    return "A name cannot be empty";
  case name_error::no_prefix:
    return "A channel name begins with #, &, %# or %&";
  case name_error::lookalike:
    return "The first character only looks like # or &: use the one-byte character";
  case name_error::prefix_only:
    return "There is nothing behind the prefix of the name";
  case name_error::too_long:
    return "The name is too long";
  case name_error::bad_character:
    return "The name holds a character that it cannot hold there";
  case name_error::malformed_utf8:
    return "The name is not well-formed UTF-8";
  case name_error::reserved_alias:
    return "Names of ^ and hex digits are kept for extended nicknames";
  }
  return {};
}

bool is_ordinary_nick(std::string_view nick) noexcept { return irc::nick_valid(nick, nick.size()); }

bool can_show_decoded(std::string_view nick) noexcept {
  constexpr std::string_view anywhere = " ,*?!@";
  constexpr std::string_view in_front = "#&%$':.+~0123456789-";
  if (nick.empty() || in_front.find(nick.front()) != std::string_view::npos ||
      !text::utf8_valid(nick))
    return false;
  return std::none_of(nick.begin(), nick.end(), [&](char c) {
    return is_control(c) || anywhere.find(c) != std::string_view::npos;
  });
}

name_error decode_nick(std::string_view written, std::size_t bytes_max, char *out,
                       std::size_t &length) noexcept {
  if (written.empty())
    return name_error::empty;
  if (written.size() > bytes_max)
    return name_error::too_long;
  if (written.front() == '\'')
    return decode_extended_nick(written.substr(1), out, length);
  if (!is_ordinary_nick(written))
    return name_error::bad_character;
  if (is_alias(written))
    return name_error::reserved_alias;
  length = written.copy(out, written.size());
  return name_error::none;
}

bool encode_nick(std::string_view nick, char *out, std::size_t size, std::size_t &used) noexcept {
  std::size_t at = used;
  if (is_ordinary_nick(nick)) {
    if (size - at < nick.size())
      return false;
    used += nick.copy(out + at, nick.size());
    return true;
  }
  if (at == size)
    return false;
  out[at++] = '\'';
  if (!text::quote(nick, text::quoting::name, out, size, at))
    return false;
  used = at;
  return true;
}

bool encode_alias(std::string_view nick, char *out, std::size_t size, std::size_t &used) noexcept {
  constexpr std::string_view digits = "0123456789ABCDEF";
  if (size - used < 1 + 2 * nick.size())
    return false;
  out[used++] = '^';
  for (const char c : nick) {
    out[used++] = digits[static_cast<unsigned char>(c) >> 4U];
    out[used++] = digits[static_cast<unsigned char>(c) & 0x0fU];
  }
  return true;
}

bool is_alias(std::string_view name) noexcept {
  return name.size() >= 3 && name.size() % 2 == 1 && name.front() == '^' &&
         std::all_of(name.begin() + 1, name.end(), is_hex);
}

std::size_t decode_alias(std::string_view alias, char *out) noexcept {
  if (!is_alias(alias))
    return 0;
  std::size_t used = 0;
  for (std::size_t i = 1; i < alias.size(); i += 2)
    out[used++] = static_cast<char>(
        static_cast<unsigned char>(hex_value(alias[i]) << 4U | hex_value(alias[i + 1])));
  return used;
}

name_error check_channel(std::string_view written, std::size_t bytes_max) noexcept {
  if (written.empty())
    return name_error::empty;
  const bool extended = written.front() == '%';
  const std::string_view plain = written.substr(extended ? 1 : 0);
  if (plain.empty() || !is_channel_prefix(plain.front()))
    return begins_like_channel(written) ? name_error::lookalike : name_error::no_prefix;
  if (written.size() > bytes_max)
    return name_error::too_long;
  if (extended)
    return check_extended_body(plain.substr(1));
  // The bare prefix is a name here too: plain clients make such channels, and all share them.
  return plain.size() == 1 || is_plain_channel(plain) ? name_error::none
                                                      : name_error::bad_character;
}

std::size_t decode_channel(std::string_view written, char *out) noexcept {
  if (!written.starts_with('%'))
    return written.copy(out, written.size());
  written.remove_prefix(1);
  const auto normal = text::normalise_utf8(written, out);
  return normal ? text::unquote({out, *normal}, out) : 0;
}

bool encode_channel(std::string_view name, char *out, std::size_t size,
                    std::size_t &used) noexcept {
  std::size_t at = used;
  if (at == size)
    return false;
  out[at++] = '%';
  if (!text::quote(name, text::quoting::name, out, size, at))
    return false;
  used = at;
  return true;
}

bool is_plain_channel(std::string_view name) noexcept {
  return name.size() > 1 && is_channel_prefix(name.front()) &&
         std::none_of(name.begin(), name.end(), [](char c) {
           return c == '\\' || channel_stops.find(c) != std::string_view::npos;
         });
}

} // namespace confab::ircx
