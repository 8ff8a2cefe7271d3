// SPDX-License-Identifier: MIT
//
// The table of properties and the rules that read it: see props.hpp. Where the drafts differ the
// row says which one holds and why (spec ircx §20).

#include "proto/ircx/props.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <array>

namespace confab::ircx {

namespace {

constexpr role_set nobody = roles_none;
constexpr role_set m = role_manager;
constexpr role_set m_o = role_manager | role_owner;
constexpr role_set m_o_h = m_o | role_host;
constexpr role_set m_s_o = m_o | role_sysop;
constexpr role_set m_s_o_h = m_o_h | role_sysop;
constexpr role_set all = roles_inside | roles_operator;

using type = prop_type;
using mirror = prop_mirror;
using strangers = outsiders;

// MEMBERKEY is told to owners and hosts; the rest of the channel sees MODE k. CLIENT may be set by
// hosts as in the last draft, SERVICEPATH by managers alone as in the second: an owner must not
// choose code of the server.
constexpr std::array<prop_row, 17> rows{{
    {property::oid, "OID", type::text, 9, mirror::derived, strangers::open, all, nobody, nobody},
    {property::name, "NAME", type::text, 200, mirror::derived, strangers::not_secret, all, nobody,
     nobody},
    {property::creation, "CREATION", type::text, 20, mirror::derived, strangers::open, all, nobody,
     nobody},
    {property::language, "LANGUAGE", type::text, 31, mirror::none, strangers::open, all, m_o_h,
     all},
    {property::ownerkey, "OWNERKEY", type::key, 31, mirror::none, strangers::never, nobody, m_o,
     role_owner},
    {property::hostkey, "HOSTKEY", type::key, 31, mirror::none, strangers::never, nobody, m_o,
     role_owner},
    {property::memberkey, "MEMBERKEY", type::key, 31, mirror::key, strangers::never, nobody, m_o,
     roles_stage},
    {property::pics, "PICS", type::text, 255, mirror::none, strangers::not_secret, all, m, all},
    {property::topic, "TOPIC", type::text, 160, mirror::topic, strangers::open, all, m_o_h, all},
    {property::subject, "SUBJECT", type::text, 31, mirror::none, strangers::open, all, m_o_h, all},
    {property::client, "CLIENT", type::text, 255, mirror::none, strangers::open, all, m_o_h, all},
    {property::onjoin, "ONJOIN", type::text, 255, mirror::none, strangers::never, m_s_o_h, m_o_h,
     roles_stage},
    {property::onpart, "ONPART", type::text, 255, mirror::none, strangers::never, m_s_o_h, m_o_h,
     roles_stage},
    {property::lag, "LAG", type::number, 1, mirror::none, strangers::open, all, m_o, all},
    {property::account, "ACCOUNT", type::text, 31, mirror::auth_only, strangers::never, m_s_o, m,
     role_owner},
    {property::clientguid, "CLIENTGUID", type::guid, 38, mirror::none, strangers::open, all, m_o,
     all},
    {property::servicepath, "SERVICEPATH", type::text, 255, mirror::none, strangers::never, m_s_o_h,
     m, roles_stage},
}};

constexpr std::uint64_t lag_seconds_max = 2;

// XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX, in braces or not.
bool is_guid(std::string_view text) noexcept {
  if (text.size() == 38 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, 36);
  if (text.size() != 36)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text::to_lower(text[i]);
    if (hyphen ? c != '-' : !(text::is_digit(c) || (c >= 'a' && c <= 'f')))
      return false;
  }
  return true;
}

bool is_key(std::string_view value) noexcept {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == '\x7f';
  });
}

} // namespace

std::span<const prop_row> properties() noexcept { return rows; }

const prop_row *find_property(std::string_view name) noexcept {
  const auto at = std::find_if(rows.begin(), rows.end(),
                               [&](const prop_row &row) { return text::iequals(row.name, name); });
  return at == rows.end() ? nullptr : &*at;
}

const prop_row &row_of(property id) noexcept { return rows[static_cast<std::size_t>(id)]; }

prop_answer may_read(const prop_row &row, role_set who, visibility state) noexcept {
  const bool stranger = !has_any(who, roles_inside | roles_operator);
  if (stranger) {
    const bool open = state == visibility::public_ || state == visibility::hidden;
    if (state == visibility::secret ||
        (state == visibility::private_ && row.by_outsiders != outsiders::not_secret))
      return prop_answer::no_object;
    return row.by_outsiders == outsiders::not_secret ||
                   (row.by_outsiders == outsiders::open && open)
               ? prop_answer::yes
               : prop_answer::security;
  }
  return has_any(who, row.read_by) ? prop_answer::yes : prop_answer::security;
}

prop_answer may_set(const prop_row &row, role_set who) noexcept {
  if (row.mirror == prop_mirror::derived)
    return prop_answer::security;
  return has_any(who, row.set_by | role_server) ? prop_answer::yes : prop_answer::security;
}

value_error check_value(const prop_row &row, std::string_view value,
                        std::size_t topic_bytes_max) noexcept {
  if (value.empty())
    return value_error::none;
  if (row.type == prop_type::number) {
    const auto number = text::parse_u64(value, UINT32_MAX);
    if (!number)
      return value_error::bad_number;
    return *number <= lag_seconds_max ? value_error::none : value_error::out_of_range;
  }
  if (value.size() > (row.mirror == prop_mirror::topic ? topic_bytes_max : row.bytes_max))
    return value_error::too_long;
  if (row.type == prop_type::key && !is_key(value))
    return value_error::bad_character;
  if (row.type == prop_type::guid && !is_guid(value))
    return value_error::bad_guid;
  return value_error::none;
}

numeric numeric_of(prop_error error) noexcept {
  switch (error) {
  case prop_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  case prop_error::value_for_many:
    return IRCERR_BADCOMMAND;
  default:
    return numeric{};
  }
}

prop_error parse_prop(const irc::message &msg, prop_command &out) noexcept {
  if (msg.param_count < 2)
    return prop_error::too_few;
  if (msg.param_count > 3)
    return prop_error::too_many;
  const std::string_view names = msg.params[1];
  const bool several = names == "*" || names.find(',') != std::string_view::npos;
  if (msg.param_count == 3 && several)
    return prop_error::value_for_many;
  if (names.find_first_not_of(',') == std::string_view::npos)
    return prop_error::no_name;
  prop_command command;
  command.object = msg.params[0];
  command.names = names;
  if (msg.param_count == 3) {
    command.what = prop_command::form::set;
    command.value = msg.params[2];
  } else if (names == "*") {
    command.what = prop_command::form::query_all;
  }
  out = command;
  return prop_error::none;
}

bool prop_names::next(prop_name &out) noexcept {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find(','), rest_.size());
    const std::string_view item = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    if (!item.empty()) {
      out = {item, find_property(item)};
      return true;
    }
  }
  return false;
}

} // namespace confab::ircx
