// SPDX-License-Identifier: MIT
//
// Properties of channels (draft §5.12 and §8.2; spec ircx §5.6, §10): the table of names with type,
// limit, who may read and who may set, and the parser of PROP. Values live in the core; which of
// them mirror a mode or the topic is said here and acted on by the session.
// Other objects have no properties but by modules of their own: 925 (spec §10.4).

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/modes.hpp"
#include "proto/ircx/numerics.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace confab::ircx {

enum class property : std::uint8_t {
  oid,
  name,
  creation,
  language,
  ownerkey,
  hostkey,
  memberkey,
  pics,
  topic,
  subject,
  client,
  onjoin,
  onpart,
  lag,
  account,
  clientguid,
  servicepath
};

enum class prop_type : std::uint8_t {
  text,
  key,    // a text without space and comma, for it stands in the list of keys of JOIN
  number, // lag: 0 to 2 seconds
  guid
};

// What else a property is, so that both names reach one value.
enum class prop_mirror : std::uint8_t {
  none,
  topic,     // TOPIC
  key,       // MODE k
  auth_only, // a value implies MODE a (Q297470)
  derived    // made from what the channel is: OID, NAME, CREATION
};

// What strangers may read, by the visibility of the channel.
enum class outsiders : std::uint8_t {
  never,
  open,       // public or hidden
  not_secret, // also private: NAME and PICS (spec §7.1 and §20.31)
};

struct prop_row {
  property id;
  std::string_view name; // upper case: Microsoft's clients compare it with case (spec §5.6)
  prop_type type;
  std::uint16_t bytes_max;
  prop_mirror mirror;
  outsiders by_outsiders; // reading
  role_set read_by;       // by members and operators
  role_set set_by;        // none: read-only
  role_set told;          // which members with IRCX are told of a change
};

std::span<const prop_row> properties() noexcept;
// Null when there is none of that name; compared without case.
const prop_row *find_property(std::string_view name) noexcept;
const prop_row &row_of(property id) noexcept;

enum class prop_answer : std::uint8_t {
  yes,
  security, // 908
  no_object // 924: as if there was no such channel
};

// May `who` read it? A query for `*` passes over what is not `yes`. Keys are never read, by nobody:
// that is the property of theirs that keeps a channel safe (spec §10.2).
prop_answer may_read(const prop_row &row, role_set who, visibility state) noexcept;
// May `who` set or delete it? Operators who are not in the channel only if they are managers.
prop_answer may_set(const prop_row &row, role_set who) noexcept;

enum class value_error : std::uint8_t {
  none,
  too_long,
  bad_number,
  out_of_range,
  bad_character,
  bad_guid
};

// Can it have that value? The empty one deletes it and is always good. The limit of a topic is the
// server's, `topic_bytes_max`; the draft's of 160 is what the table says. All errors are 906.
value_error check_value(const prop_row &row, std::string_view value,
                        std::size_t topic_bytes_max) noexcept;

// --- the command
// ----------------------------------------------------------------------------------

struct prop_command {
  enum class form : std::uint8_t { query, query_all, set };

  std::string_view object;
  form what = form::query;
  std::string_view names; // query: a comma list for prop_names; set: one name
  std::string_view value; // set; empty: delete
};

enum class prop_error : std::uint8_t {
  none,
  too_few,        // 461
  too_many,       // 901
  value_for_many, // 900: a list of names, or `*`, and a value
  no_name         // 461: a list without a name
};

numeric numeric_of(prop_error error) noexcept; // IRCERR_*, or 0 for the 461 of plain IRC

// Query and set differ by the number of parameters, not by a colon: `PROP #c TOPIC x` sets.
prop_error parse_prop(const irc::message &m, prop_command &out) noexcept;

// Goes through a list of names; empty ones are passed over. `row` is null for an unknown name: 905,
// and the next one goes on.
struct prop_name {
  std::string_view written;
  const prop_row *row = nullptr;
};

class prop_names {
public:
  explicit prop_names(std::string_view list) noexcept : rest_(list) {}
  // False, and `out` unchanged, when there are no more.
  bool next(prop_name &out) noexcept;

private:
  std::string_view rest_;
};

} // namespace confab::ircx
