// SPDX-License-Identifier: MIT
//
// What the host configured of the service, as values: switches, user classes, bans, and the
// definitions of registered channels as they were read. Its written form is JSON (read.cpp,
// write.cpp; include/confab/service.h says it in full), where every name below has its place. What
// becomes of it is in service.hpp.

#pragma once

#include "core/access_rules.hpp"
#include "core/properties.hpp"
#include "core/service/rules.hpp"

#include <array>
#include <string>
#include <vector>

namespace confab::core {

// What a class takes from its users, as bits.
enum class_bar : std::uint8_t {
  bar_logon = 1,       // they do not register
  bar_ranks = 2,       // they are neither operators nor owners of channels
  bar_create = 4,      // they make no channels
  bar_join_dynamic = 8 // they enter only registered channels
};

struct kept_class {
  explicit kept_class(std::pmr::memory_resource *from)
      : name(from), ident_mask(from), address_mask(from) {}

  std::uint32_t limit(class_limit which) const noexcept {
    return limits[static_cast<std::size_t>(which)];
  }
  user_class rule() const noexcept {
    return {name, protocols, logon, ident_mask, address_mask, hours};
  }

  std::pmr::string name, ident_mask, address_mask;
  std::uint32_t protocols = 0;
  logon_mode logon = logon_mode::any;
  utc_window hours;
  std::uint8_t bars = 0; // class_bar
  std::array<std::uint32_t, 6> limits{};
};

struct kept_ban {
  explicit kept_ban(std::pmr::memory_resource *from)
      : nick(from), user(from), host(from), reason(from) {}

  service_ban rule() const noexcept { return {nick, user, host, reason, hours}; }

  std::pmr::string nick, user, host, reason;
  utc_window hours;
};

struct kept_access {
  explicit kept_access(std::pmr::memory_resource *from) : mask(from), reason(from), set_by(from) {}

  std::pmr::string mask, reason, set_by;
  std::int64_t set_s = 0, expires_s = 0;
  std::uint8_t list = 0;
  bool by_owner = false;
};

struct kept_property {
  explicit kept_property(std::pmr::memory_resource *from) : value(from) {}

  property id = property::subject;
  std::pmr::string value;
};

// What a registered channel is to become. Once applied, the channel itself is the truth.
struct definition {
  explicit definition(std::pmr::memory_resource *from)
      : name(from), topic(from), topic_by(from), key(from), properties(from), access(from) {}

  std::pmr::string name, topic, topic_by, key;
  std::int64_t topic_s = 0, created_s = 0;
  std::uint64_t modes = 0; // 1 << CONFAB_CMODE_*, REGISTERED among them
  std::uint32_t limit = 0;
  std::uint8_t standing = 0; // channel_standing
  std::pmr::vector<kept_property> properties;
  std::pmr::vector<kept_access> access;
  std::size_t place = 0; // in the text, for what is found wrong only later
};

struct service_config {
  explicit service_config(std::pmr::memory_resource *from)
      : classes(from), rules(from), bans(from), channels(from) {}

  // The class of that user, as a number from 1; 0: none.
  std::uint16_t find(const class_subject &subject, unsigned minute) const noexcept {
    const user_class *found = find_class(rules, subject, minute);
    return found ? static_cast<std::uint16_t>(found - rules.data() + 1) : std::uint16_t{0};
  }

  bool dynamic_channels = true, operator_owns_dynamic = false, channel_ranks = true;
  std::uint32_t dynamic_limit = 0, default_limit = 0; // of members; 0: none
  protection level = protection::none;
  std::pmr::vector<kept_class> classes;
  std::pmr::vector<user_class> rules; // views of the classes, in their order
  std::pmr::vector<kept_ban> bans;
  std::pmr::vector<definition> channels; // empty once they are applied
};

inline constexpr std::uint32_t service_members_max = 48'000;
inline constexpr std::size_t service_classes_max = 1000, service_bans_max = 1000,
                             service_bytes_max = std::size_t{16} << 20U;

// The neutral names of what the JSON names, by their numbers; an empty one has none there.
inline constexpr std::array<std::string_view, CONFAB_CMODE_CORE_END> mode_names{"moderated",
                                                                                "no_external",
                                                                                "topic_locked",
                                                                                "invite_only",
                                                                                "secret",
                                                                                "private",
                                                                                "no_ctcp",
                                                                                "",
                                                                                "",
                                                                                "hidden",
                                                                                "knock",
                                                                                "no_format",
                                                                                "no_whisper",
                                                                                "auditorium",
                                                                                "auth_only",
                                                                                "cloneable",
                                                                                "",
                                                                                "",
                                                                                "service",
                                                                                "mic_only",
                                                                                "unicode",
                                                                                "echo",
                                                                                "feed",
                                                                                "auth_speech",
                                                                                "no_data"};
inline constexpr std::array<std::string_view, CONFAB_LIST_COUNT> list_names{
    "ban", "exception", "invite", "grant", "voice", "operator", "owner"};
inline constexpr std::array<std::string_view, protection_levels> protection_names{"none", "low",
                                                                                  "medium", "high"};
inline constexpr std::array<std::string_view, 3> logon_names{"any", "authenticated", "anonymous"};
// By the number of their bit.
inline constexpr std::array<std::string_view, 4> protocol_names{"irc", "ircv3", "ircx", "mic"};
inline constexpr std::array<std::string_view, 4> bar_names{"no_logon", "no_own", "no_create",
                                                           "no_join_dynamic"};

struct world;

// What is wrong with a text, and where: "channels[2].limit: ...".
struct service_problem {
  explicit service_problem(std::pmr::memory_resource *from) : text(from) {}
  std::pmr::string text;
  std::size_t place = 0;
};

// Reads a whole configuration. False, and the problem, when anything is wrong with it. May throw
// bad_alloc; `out` is then of no use.
bool read_service(const world &w, std::string_view json, service_config &out,
                  service_problem &problem);

// Writes the present state in its one form: at most `size` bytes of it go to `out`. How long it is.
std::size_t write_service(world &w, char *out, std::size_t size) noexcept;

} // namespace confab::core
