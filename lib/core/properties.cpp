// SPDX-License-Identifier: MIT
//
// The table of properties and their values: see properties.hpp. Values hang on the channel like
// those of added properties, under the property's number in place of an addition's id, so that a
// channel without properties costs nothing.

#include "core/properties.hpp"

#include "text/ascii.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace confab::core {

namespace {

using kind = property_kind;

constexpr std::uint32_t of_operators = CONFAB_PERMIT_CHANNEL_OPERATOR,
                        of_owners = CONFAB_PERMIT_OWNER,
                        of_administrators = CONFAB_PERMIT_ADMINISTRATOR,
                        of_members = CONFAB_PERMIT_MEMBER, of_nobody = CONFAB_PERMIT_HOST;
constexpr std::uint32_t owners = CONFAB_RANK_OWNER, all = 0;

constexpr std::array<property_row, 17> table{{
    {property::oid, "OID", kind::derived, 9, of_nobody, of_members, sight::by_name, all},
    {property::name, "NAME", kind::derived, 200, of_nobody, of_members, sight::name_only, all},
    {property::creation, "CREATION", kind::derived, 20, of_nobody, of_members, sight::by_name, all},
    {property::topic, "TOPIC", kind::derived, 390, of_operators, of_members, sight::by_name, all},
    {property::member_key, "MEMBERKEY", kind::derived, 31, of_owners, of_nobody, sight::all, all},
    {property::language, "LANGUAGE", kind::text, 31, of_operators, of_members, sight::by_name, all},
    {property::owner_key, "OWNERKEY", kind::key, 31, of_owners, of_nobody, sight::all, owners},
    {property::operator_key, "HOSTKEY", kind::key, 31, of_owners, of_nobody, sight::all, owners},
    {property::pics, "PICS", kind::text, 255, of_administrators, of_members, sight::name_only, all},
    {property::subject, "SUBJECT", kind::text, 31, of_operators, of_members, sight::by_name, all},
    {property::client, "CLIENT", kind::text, 255, of_operators, of_members, sight::by_name, all},
    {property::on_join, "ONJOIN", kind::text, 255, of_operators, of_operators, sight::all,
     ranks_stage},
    {property::on_part, "ONPART", kind::text, 255, of_operators, of_operators, sight::all,
     ranks_stage},
    {property::lag, "LAG", kind::number, 1, of_owners, of_members, sight::by_name, all},
    {property::account, "ACCOUNT", kind::text, 31, of_administrators, of_owners, sight::all,
     owners},
    {property::client_guid, "CLIENTGUID", kind::guid, 38, of_owners, of_members, sight::by_name,
     all},
    {property::service_path, "SERVICEPATH", kind::text, 255, of_administrators, of_operators,
     sight::all, ranks_stage},
}};

constexpr confab_id key_of(property id) noexcept { return 1 + static_cast<confab_id>(id); }

bool is_word(std::string_view value) noexcept {
  return value[0] != ':' && std::none_of(value.begin(), value.end(), [](char c) {
           return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == 0x7f;
         });
}

// "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}", with or without braces.
bool is_guid(std::string_view value) noexcept {
  if (value.size() == 38 && value.front() == '{' && value.back() == '}')
    value = value.substr(1, 36);
  if (value.size() != 36)
    return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    const char c = text::to_upper(value[i]);
    if (dash ? c != '-' : !text::is_digit(c) && (c < 'A' || c > 'F'))
      return false;
  }
  return true;
}

std::string_view decimal(std::int64_t number, std::span<char> buffer) noexcept {
  const auto end = fmt::format_to_n(buffer.data(), buffer.size(), "{}", number);
  return {buffer.data(), std::min(end.size, buffer.size())};
}

} // namespace

std::span<const property_row> properties() noexcept { return table; }

const property_row *find_property(std::string_view name) noexcept {
  const auto at = std::find_if(table.begin(), table.end(), [&](const property_row &row) {
    return text::iequals(row.name, name);
  });
  return at != table.end() ? &*at : nullptr;
}

const property_row &row_of(property id) noexcept { return table[static_cast<std::size_t>(id)]; }

std::uint32_t refusal_to_read(world &w, const user *viewer, const channel &where,
                              const property_row &row) noexcept {
  if (!viewer)
    return CONFAB_REFUSED_NONE;
  const bool inside = w.find_member(*viewer, where) != nullptr;
  const sight seen = sight_of(w, viewer, where);
  if (!inside && seen == sight::nothing)
    return CONFAB_REFUSED_NO_SUCH_CHANNEL;
  if (row.read == CONFAB_PERMIT_HOST)
    return CONFAB_REFUSED_FORBIDDEN;
  if (is_administrator(viewer) || (is_operator(viewer) && row.read != CONFAB_PERMIT_HOST))
    return CONFAB_REFUSED_NONE;
  if (inside)
    return permitted(w, viewer, row.read, world::id(where)) ? CONFAB_REFUSED_NONE
                                                            : CONFAB_REFUSED_FORBIDDEN;
  if (row.outsiders == sight::all)
    return CONFAB_REFUSED_FORBIDDEN;
  return seen >= row.outsiders ? CONFAB_REFUSED_NONE : CONFAB_REFUSED_NO_SUCH_CHANNEL;
}

std::uint32_t refusal_to_set(world &w, const user *actor, const channel &where,
                             const property_row &row) noexcept {
  if (row.kind == kind::derived)
    return CONFAB_REFUSED_FORBIDDEN;
  if (!actor || is_administrator(actor) || permitted(w, actor, row.write, world::id(where)))
    return CONFAB_REFUSED_NONE;
  const member *m = w.find_member(*actor, where);
  if (!m)
    return sight_of(w, actor, where) == sight::nothing ? CONFAB_REFUSED_NO_SUCH_CHANNEL
                                                       : CONFAB_REFUSED_NOT_MEMBER;
  if (row.write == CONFAB_PERMIT_ADMINISTRATOR)
    return CONFAB_REFUSED_FORBIDDEN;
  return row.write == CONFAB_PERMIT_OWNER && on_stage(*m) ? CONFAB_REFUSED_OWNER_NEEDED
                                                          : CONFAB_REFUSED_RANK_NEEDED;
}

bool value_legal(const property_row &row, std::string_view value) noexcept {
  if (value.empty())
    return true;
  if (value.size() > row.bytes_max || !text::utf8_valid(value) ||
      value.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    return false;
  switch (row.kind) {
  case kind::key:
    return is_word(value);
  case kind::number:
    return value >= "0" && value <= "2" && value.size() == 1;
  case kind::guid:
    return is_guid(value);
  default:
    return true;
  }
}

std::string_view property_text(const world &w, const channel &where, property id) noexcept {
  return w.added.text_on(world::id(where), key_of(id));
}

std::string_view property_text(const world &w, const channel &where, property id,
                               std::span<char> buffer) noexcept {
  switch (id) {
  case property::oid:
    return "0"; // objects have no ids for clients
  case property::name:
    return where.name();
  case property::creation:
    return decimal(where.created_s, buffer);
  case property::topic:
    return where.topic.view();
  case property::member_key:
    return where.key.view();
  default:
    return property_text(w, where, id);
  }
}

void set_property(world &w, channel &where, property id, std::string_view value) {
  commit_property(w, where, prepare_property(w, where, id, value));
}

property_change prepare_property(world &w, const channel &where, property id,
                                 std::string_view value) {
  if (value.empty() || (id == property::lag && value == "0"))
    return {id, nullptr};
  hung *fresh = w.added.hangs.make(world::id(where), key_of(id));
  try {
    fresh->text.assign(w.mem, value);
  } catch (...) {
    w.added.hangs.destroy(fresh);
    throw;
  }
  return {id, fresh};
}

void commit_property(world &w, channel &where, property_change change) noexcept {
  if (hung *before = w.added.hangs.take(world::id(where), key_of(change.id)))
    w.added.hangs.destroy(before);
  if (change.fresh)
    w.added.hangs.insert(change.fresh);
  if (change.id != property::lag)
    return;
  const std::string_view value = change.fresh ? change.fresh->text.view() : std::string_view{};
  where.lag_s = value.empty() ? 0 : static_cast<std::uint8_t>(value[0] - '0');
}

void copy_properties(world &w, const channel &from, channel &to) {
  for (const property_row &row : table)
    if (row.kind != kind::derived)
      if (const std::string_view value = property_text(w, from, row.id); !value.empty())
        set_property(w, to, row.id, value);
}

} // namespace confab::core
