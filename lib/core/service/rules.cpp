// SPDX-License-Identifier: MIT
//
// Classes, bans and delays: see rules.hpp. The numbers are the defaults that Exchange 5.5 shipped
// with; a host may set others.

#include "core/service/rules.hpp"

#include "text/ascii.hpp"
#include "text/mask.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace confab::core {

namespace {

constexpr std::array<std::array<std::uint8_t, protection_levels>, protected_acts> delays{{
    {0, 1, 2, 3}, // DATA
    {0, 2, 4, 5}, // invitation
    {0, 2, 3, 4}, // join
    {0, 2, 4, 5}, // wrong channel password
    {0, 1, 2, 3}, // PRIVMSG, NOTICE, WHISPER
    {0, 1, 1, 2}, // host to channel
}};

constexpr std::array<class_limit_row, 6> limits{
    {{class_limit::address_connections, "address_connections", 0, 1'000'000, 0},
     {class_limit::channels, "channels", 0, 1'000'000, 0},
     {class_limit::message_delay_s, "message_delay_s", 0, 10, 0},
     {class_limit::nick_delay_s, "nick_delay_s", 0, nick_delay_never, 0},
     {class_limit::input_bytes, "input_bytes", 0, 4096, 1024},
     {class_limit::output_kilobytes, "output_kilobytes", 1, 1024, 64}}};

// Users and hosts are compared as ASCII, whatever the server's mapping of names.
constexpr text::casemap host_map = text::casemap::ascii;

bool part_matches(text::casemap map, std::string_view mask, std::string_view text) noexcept {
  return mask.empty() || text::mask_match(map, mask, text);
}

std::optional<std::uint16_t> parse_hour(std::string_view text) noexcept {
  if (text.size() != 5 || text[2] != ':')
    return std::nullopt;
  const auto hours = text::parse_u64(text.substr(0, 2), 24);
  const auto minutes = text::parse_u64(text.substr(3), 59);
  if (!hours || !minutes || (*hours == 24 && *minutes > 0))
    return std::nullopt;
  return static_cast<std::uint16_t>(*hours * 60 + *minutes);
}

bool ident_matches(const user_class &rule, const class_subject &who) noexcept {
  if (rule.ident_mask.empty())
    return true;
  if (who.host.empty())
    return false; // nothing that could be trusted to match
  const std::size_t at = rule.ident_mask.find('@');
  if (at == std::string_view::npos)
    return text::mask_match(host_map, rule.ident_mask, who.host);
  return part_matches(host_map, rule.ident_mask.substr(0, at), who.user) &&
         part_matches(host_map, rule.ident_mask.substr(at + 1), who.host);
}

bool name_before(std::string_view a, std::string_view b) noexcept {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return static_cast<unsigned char>(text::to_lower(x)) <
           static_cast<unsigned char>(text::to_lower(y));
  });
}

bool has_bad_character(std::string_view text) noexcept {
  return std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == '\x7f' || c == '!' || c == '@';
  });
}

bool is_open(std::string_view mask) noexcept {
  return mask.find_first_not_of('*') == std::string_view::npos;
}

} // namespace

unsigned protection_delay_s(protection level, protected_act act) noexcept {
  return delays[static_cast<std::size_t>(act)][static_cast<std::size_t>(level)];
}

bool parse_window(std::string_view text, utc_window &out) noexcept {
  if (text.size() != 11 || text[5] != '-')
    return false;
  const auto from = parse_hour(text.substr(0, 5));
  const auto to = parse_hour(text.substr(6));
  if (!from || !to)
    return false;
  const utc_window window{*from, *to};
  if (!window.valid())
    return false;
  out = window;
  return true;
}

bool class_matches(const user_class &rule, const class_subject &subject, unsigned minute) noexcept {
  if (rule.protocols != 0 && (rule.protocols & subject.protocol) == 0)
    return false;
  if (rule.logon != logon_mode::any &&
      (rule.logon == logon_mode::authenticated) != subject.authenticated)
    return false;
  return rule.hours.contains(minute) && ident_matches(rule, subject) &&
         part_matches(host_map, rule.address_mask, subject.address);
}

const user_class *find_class(std::span<const user_class> classes, const class_subject &subject,
                             unsigned minute) noexcept {
  const user_class *first = nullptr;
  for (const user_class &rule : classes)
    if (class_matches(rule, subject, minute) && (!first || name_before(rule.name, first->name)))
      first = &rule;
  return first;
}

std::span<const class_limit_row> class_limits() noexcept { return limits; }

ban_error check_ban(const service_ban &ban) noexcept {
  if (ban.nick.size() > ban_nick_bytes_max || ban.user.size() > ban_user_bytes_max ||
      ban.host.size() > ban_host_bytes_max || ban.reason.size() > ban_reason_bytes_max)
    return ban_error::too_long;
  if (has_bad_character(ban.nick) || has_bad_character(ban.user) || has_bad_character(ban.host))
    return ban_error::bad_character;
  if (!ban.hours.valid())
    return ban_error::bad_hours;
  const bool everybody = is_open(ban.nick) && is_open(ban.user) && is_open(ban.host);
  return everybody ? ban_error::matches_everybody : ban_error::none;
}

bool ban_matches(text::casemap map, const service_ban &ban, const ban_subject &subject,
                 unsigned minute) noexcept {
  return ban.hours.contains(minute) && part_matches(map, ban.nick, subject.nick) &&
         part_matches(host_map, ban.user, subject.user) &&
         (part_matches(host_map, ban.host, subject.host) ||
          (!subject.address.empty() && part_matches(host_map, ban.host, subject.address)));
}

} // namespace confab::core
