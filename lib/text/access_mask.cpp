// SPDX-License-Identifier: MIT
//
// Four-part masks: see access_mask.hpp. A completed mask is at most mask_bytes_limit long, so that
// whatever has to be rewritten to be matched fits into a buffer on the stack.

#include "text/access_mask.hpp"

#include "text/mask.hpp"
#include "text/quoting.hpp"

#include <algorithm>
#include <array>

namespace confab::text {

namespace {

constexpr std::size_t none = std::string_view::npos;

std::string_view or_any(std::string_view part) noexcept { return part.empty() ? "*" : part; }

// Takes what stands before the first `end` of `rest`, and the `end`; empty where there is none.
std::string_view take_before(std::string_view &rest, char end) noexcept {
  const std::size_t at = rest.find(end);
  if (at == none)
    return {};
  const std::string_view part = rest.substr(0, at);
  rest.remove_prefix(at + 1);
  return part;
}

mask_parts split_short(std::string_view in) noexcept {
  mask_parts parts;
  if (in.find_first_of("!@$") == none) {
    (in.find_first_of(".:") == none ? parts.nick : parts.host) = in;
    return parts;
  }
  const bool has_nick = in.find('!') < in.find('@');
  std::string_view rest = in;
  if (has_nick)
    parts.nick = take_before(rest, '!');
  const bool has_user = rest.find('@') != none;
  if (has_user)
    parts.user = take_before(rest, '@');
  const std::size_t dollar = rest.find('$');
  // Without `@`, what follows `!` is a user, and what stands alone before `$` is a host.
  (has_nick && !has_user ? parts.user : parts.host) = rest.substr(0, dollar);
  if (dollar != none)
    parts.server = rest.substr(dollar + 1);
  return parts;
}

bool matches_text(casemap map, std::string_view mask, std::string_view text) noexcept {
  return mask == "*" || mask_match(map, mask, text);
}

// The name by which plain clients know one with an extended nick: `^` and hex digits.
bool alias_matches(casemap map, std::string_view mask, std::string_view nick) noexcept {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::array<char, mask_bytes_limit> alias{'^'};
  std::size_t used = 1;
  for (const char c : nick.substr(0, (alias.size() - 1) / 2)) {
    alias[used++] = digits[static_cast<unsigned char>(c) >> 4U];
    alias[used++] = digits[static_cast<unsigned char>(c) & 15U];
  }
  return mask_match(map, mask, {alias.data(), used});
}

bool nick_matches(casemap map, std::string_view mask, const mask_subject &who) noexcept {
  if (!mask.starts_with('\''))
    return matches_text(map, mask, who.nick) ||
           (who.extended_nick && mask.starts_with('^') && alias_matches(map, mask, who.nick));
  std::array<char, mask_bytes_limit> unquoted;
  const std::string_view body = mask.substr(1, unquoted.size());
  const auto bytes = who.extended_nick ? unquote_mask(body, unquoted.data()) : std::nullopt;
  return bytes && mask_match(map, {unquoted.data(), *bytes}, who.nick);
}

bool user_matches(casemap map, std::string_view mask, const mask_subject &who) noexcept {
  if (matches_text(map, mask, who.user))
    return true;
  if (!who.tilde)
    return false;
  std::array<char, mask_bytes_limit> with_tilde{'~'};
  const std::size_t bytes = who.user.copy(with_tilde.data() + 1, with_tilde.size() - 1);
  return mask_match(map, mask, {with_tilde.data(), bytes + 1});
}

} // namespace

mask_error complete_mask(std::string_view in, char *out, std::size_t &length) noexcept {
  if (std::any_of(in.begin(), in.end(),
                  [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '\x7f'; }))
    return mask_error::bad_character;
  const mask_parts parts = split_short(in);
  const std::array<std::string_view, 7> pieces{or_any(parts.nick), "!", or_any(parts.user),  "@",
                                               or_any(parts.host), "$", or_any(parts.server)};
  std::size_t total = 0;
  for (const std::string_view piece : pieces)
    total += piece.size();
  if (total > mask_bytes_limit)
    return mask_error::too_long;
  std::array<char, mask_bytes_limit> probe;
  if (parts.nick.starts_with('\'') && !unquote_mask(parts.nick, probe.data()))
    return mask_error::inexpressible;
  for (const std::string_view piece : pieces)
    out += piece.copy(out, piece.size());
  length = total;
  return mask_error::none;
}

mask_parts split_mask(std::string_view completed) noexcept {
  mask_parts parts;
  parts.nick = take_before(completed, '!');
  parts.user = take_before(completed, '@');
  const std::size_t dollar = completed.find('$');
  parts.host = completed.substr(0, dollar);
  parts.server = dollar != none ? completed.substr(dollar + 1) : "*";
  return parts;
}

bool mask_matches(casemap map, std::string_view completed, const mask_subject &subject) noexcept {
  const mask_parts parts = split_mask(completed);
  return nick_matches(map, parts.nick, subject) && user_matches(map, parts.user, subject) &&
         (matches_text(map, parts.host, subject.host) ||
          (!subject.address.empty() && matches_text(map, parts.host, subject.address))) &&
         matches_text(map, parts.server, subject.server);
}

bool is_plain_mask(std::string_view completed) noexcept {
  return split_mask(completed).server == "*";
}

std::string_view plain_mask(std::string_view completed) noexcept {
  return completed.ends_with("$*") ? completed.substr(0, completed.size() - 2) : completed;
}

} // namespace confab::text
