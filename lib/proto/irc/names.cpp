// SPDX-License-Identifier: MIT
//
// The character classes of IRC names as one table, and the checks that read it. A byte from 0x80 up
// is in no class: names outside ASCII need rules of their own (confusables, normalisation) and
// come with the dialect that has them.
// Nothing here allocates, and no check reads past the length it was given.

#include "proto/irc/names.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace confab::irc {

namespace {

enum name_class : std::uint8_t {
  nick_first = 1U << 0U,
  nick_rest = 1U << 1U,
  user_part = 1U << 2U,
  channel_stop = 1U << 3U,
  host_edge = 1U << 4U, // may begin and end a label
};

using class_table = std::array<std::uint8_t, 256>;

constexpr void mark(class_table &table, std::string_view bytes, unsigned added) noexcept {
  for (const char c : bytes) {
    std::uint8_t &entry = table[static_cast<unsigned char>(c)];
    entry = static_cast<std::uint8_t>(entry | added);
  }
}

constexpr class_table make_classes() noexcept {
  class_table table{};
  mark(table, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
       nick_first | nick_rest | user_part | host_edge);
  mark(table, "0123456789", nick_rest | user_part | host_edge);
  mark(table, "[]\\`_^{|}", nick_first | nick_rest);
  mark(table, "-", nick_rest);
  mark(table, "-._~[]{}^|", user_part);
  mark(table, std::string_view(" ,\a\0\r\n", 6), channel_stop);
  return table;
}

constexpr class_table classes = make_classes();

bool is(char c, name_class wanted) noexcept {
  return (classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

constexpr std::size_t label_bytes_max = 63; // RFC 1035 §2.3.4
constexpr std::size_t host_bytes_max = 253; // 255 octets on the wire, less two of framing

bool label_valid(std::string_view label) noexcept {
  if (label.empty() || label.size() > label_bytes_max)
    return false;
  if (!is(label.front(), host_edge) || !is(label.back(), host_edge))
    return false;
  return std::all_of(label.begin(), label.end(),
                     [](char c) { return is(c, host_edge) || c == '-'; });
}

// The parts of an incomplete mask. It differs from a source in what a lone word before `@` is: the
// user, since a mask with a nick and a host and no user is rare and one like `*@host` is common.
userhost split_mask(std::string_view in) noexcept {
  const userhost parts = split_userhost(in);
  const std::size_t first = in.find_first_of("!@");
  if (first == std::string_view::npos)
    return in.find_first_of(".:") == std::string_view::npos ? parts : userhost{{}, {}, in};
  return in[first] == '!' ? parts : userhost{{}, parts.nick, parts.host};
}

} // namespace

bool nick_valid(std::string_view nick, std::size_t bytes_max) noexcept {
  if (nick.empty() || nick.size() > bytes_max || !is(nick.front(), nick_first))
    return false;
  return std::all_of(nick.begin(), nick.end(), [](char c) { return is(c, nick_rest); });
}

bool channel_name_valid(std::string_view channel, std::size_t bytes_max,
                        std::string_view chantypes) noexcept {
  if (channel.empty() || channel.size() > bytes_max)
    return false;
  if (chantypes.find(channel.front()) == std::string_view::npos)
    return false;
  return std::none_of(channel.begin(), channel.end(), [](char c) { return is(c, channel_stop); });
}

std::size_t username_clean(std::string_view in, char *out, std::size_t bytes_max) noexcept {
  std::size_t used = 0;
  for (const char c : in) {
    if (used == bytes_max)
      break;
    if (is(c, user_part))
      out[used++] = c;
  }
  if (used > 0)
    return used;
  constexpr std::string_view fallback = "user";
  return fallback.copy(out, bytes_max);
}

userhost split_userhost(std::string_view source) noexcept {
  userhost parts;
  const std::size_t first = source.find_first_of("!@");
  parts.nick = source.substr(0, first);
  if (first == std::string_view::npos)
    return parts;
  const std::string_view rest = source.substr(first + 1);
  if (source[first] == '@') {
    parts.host = rest;
    return parts;
  }
  // A user name holds no `@` (RFC 2812 §2.3.1), so the first one ends it.
  const std::size_t at = rest.find('@');
  parts.user = rest.substr(0, at);
  if (at != std::string_view::npos)
    parts.host = rest.substr(at + 1);
  return parts;
}

bool hostname_valid(std::string_view host) noexcept {
  if (host.find('.') == std::string_view::npos)
    return false;
  if (host.back() == '.')
    host.remove_suffix(1);
  if (host.size() > host_bytes_max)
    return false;
  while (true) {
    const std::size_t dot = host.find('.');
    if (!label_valid(host.substr(0, dot)))
      return false;
    if (dot == std::string_view::npos)
      return true;
    host.remove_prefix(dot + 1);
  }
}

std::size_t mask_complete(std::string_view in, char *out, std::size_t size) noexcept {
  const auto refused = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; };
  if (in.empty() || std::any_of(in.begin(), in.end(), refused))
    return 0;
  const auto or_any = [](std::string_view part) { return part.empty() ? "*" : part; };
  const userhost parts = split_mask(in);
  const std::array<std::string_view, 5> pieces{or_any(parts.nick), "!", or_any(parts.user), "@",
                                               or_any(parts.host)};
  std::size_t total = 0;
  for (const std::string_view piece : pieces)
    total += piece.size();
  if (total > size)
    return 0;
  for (const std::string_view piece : pieces)
    out += piece.copy(out, piece.size());
  return total;
}

} // namespace confab::irc
