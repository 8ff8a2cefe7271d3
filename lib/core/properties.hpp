// SPDX-License-Identifier: MIT
//
// The properties that every channel can have (IRCX draft §8.2; spec ircx §10.1): one table of
// names, limits and rights, and their values. Those that only say in other words what the channel
// is (its name, topic, key, age) are derived; they are changed by the acts that change that. What
// plugins added is in added.hpp.

#pragma once

#include "core/rights.hpp"

namespace confab::core {

enum class property : std::uint8_t {
  oid,
  name,
  creation,
  topic,
  member_key,
  language, // from here on they are kept
  owner_key,
  operator_key,
  pics,
  subject,
  client,
  on_join,
  on_part,
  lag,
  account,
  client_guid,
  service_path
};

enum class property_kind : std::uint8_t {
  derived, // from what the channel is; nobody sets it as a property
  text,
  key,    // one word without a comma: it stands in the list of keys of a JOIN
  number, // 0 to 2 seconds
  guid
};

struct property_row {
  property id;
  std::string_view name;
  property_kind kind;
  std::uint16_t bytes_max;
  std::uint32_t write; // CONFAB_PERMIT_*
  std::uint32_t read;  // CONFAB_PERMIT_* of members; HOST: nobody, ever
  sight outsiders;     // strangers may read it who have at least this sight; `all`: never
  std::uint32_t told;  // members with one of these ranks learn of a change; 0: all
};

std::span<const property_row> properties() noexcept;
// Null when there is none of that name; compared without case.
const property_row *find_property(std::string_view name) noexcept;
const property_row &row_of(property id) noexcept;

// May `viewer` (null: the server) read it, or set it? CONFAB_REFUSED_*, or NONE.
std::uint32_t refusal_to_read(world &w, const user *viewer, const channel &where,
                              const property_row &row) noexcept;
std::uint32_t refusal_to_set(world &w, const user *actor, const channel &where,
                             const property_row &row) noexcept;
// Can it have that value? The empty one clears it, and is always good.
bool value_legal(const property_row &row, std::string_view value) noexcept;

// The value, empty when it has none. A derived number is written to `buffer`.
std::string_view property_text(const world &w, const channel &where, property id) noexcept;
std::string_view property_text(const world &w, const channel &where, property id,
                               std::span<char> buffer) noexcept;
// Throws bad_alloc; nothing changed then.
void set_property(world &w, channel &where, property id, std::string_view value);
// The same in two steps, of which the second cannot fail. What is not committed is dropped.
struct property_change {
  property id = property::subject;
  hung *fresh = nullptr; // null: it is cleared
};
property_change prepare_property(world &w, const channel &where, property id,
                                 std::string_view value);
void commit_property(world &w, channel &where, property_change change) noexcept;
void copy_properties(world &w, const channel &from, channel &to);

} // namespace confab::core
