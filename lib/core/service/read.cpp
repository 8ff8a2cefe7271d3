// SPDX-License-Identifier: MIT
//
// Reads the service's JSON: one function an object, each member by name with its range. What names
// it may have stands beside it in one table, so that an unknown member is found out, and one
// that is there twice. Nothing of the world changes here.

#include "core/acts/entry.hpp"
#include "core/service/service.hpp"
#include "text/ascii.hpp"
#include "text/json.hpp"
#include "text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

namespace confab::core {

namespace {

using names = std::span<const std::string_view>;

bool is_line(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

bool is_mask_word(std::string_view text) noexcept {
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

class reading {
public:
  reading(const world &from, std::string_view json, std::pmr::memory_resource *memory)
      : w(from), path(memory), key(memory), word(memory), in_(json) {}

  // --- one value
  // ---------------------------------------------------------------------------------
  bool flag(bool &out) noexcept { return in_.boolean(out); }

  template <class Number>
  bool number(std::int64_t least, std::int64_t most, Number &out) noexcept {
    std::int64_t value = 0;
    if (!in_.whole(value))
      return false;
    if (value < least || value > most)
      return fail("is out of range");
    out = static_cast<Number>(value);
    return true;
  }

  bool text(std::size_t bytes_max, std::pmr::string &out) {
    if (!in_.string(out))
      return false;
    return out.size() > bytes_max ? fail("is too long")
                                  : is_line(out) || fail("must be one line, without NUL");
  }

  // A word of the list, by its number.
  bool choice(names from, std::size_t &out) {
    if (!in_.string(word))
      return false;
    const auto at = std::find(from.begin(), from.end(), std::string_view(word));
    if (word.empty() || at == from.end())
      return fail("is none of the words that are known here");
    out = static_cast<std::size_t>(at - from.begin());
    return true;
  }

  bool hours(utc_window &out) {
    return in_.string(word) && (word.empty() || parse_window(word, out) ||
                                fail("must be hours, such as \"09:00-17:30\""));
  }

  // --- objects and lists
  // -------------------------------------------------------------------------
  // `member(i)` reads the value of the i-th name; those in `needed`, as bits, must be there.
  template <class Member>
  bool object(names known, std::uint64_t needed, Member &&member) {
    std::uint64_t seen = 0;
    bool first = true;
    if (!in_.open_object())
      return false;
    const std::size_t began = in_.began();
    while (in_.member(first, key)) {
      const std::size_t before = path.size();
      path += path.empty() ? "" : ".";
      path += key;
      const auto at = std::find(known.begin(), known.end(), std::string_view(key));
      const auto i = static_cast<std::size_t>(at - known.begin());
      if (key.empty() || at == known.end())
        return fail("there is no such member");
      if ((seen >> i & 1U) != 0)
        return fail("is there twice");
      seen |= std::uint64_t{1} << i;
      if (!member(i))
        return false;
      path.resize(before);
    }
    if (!in_.ok() || (needed & ~seen) == 0)
      return in_.ok();
    for (std::size_t i = 0; i < known.size(); ++i)
      if (((needed & ~seen) >> i & 1U) != 0) {
        path += path.empty() ? "" : ".";
        path += known[i];
        break;
      }
    return fail_at(began, "is missing");
  }

  template <class Element>
  bool list(std::size_t most, Element &&element) {
    bool first = true;
    if (!in_.open_array())
      return false;
    for (std::size_t i = 0; in_.element(first); ++i) {
      const std::size_t before = path.size();
      fmt::format_to(std::back_inserter(path), "[{}]", i);
      if (i == most)
        return fail_at(in_.place(), "is one too many");
      if (!element())
        return false;
      path.resize(before);
    }
    return in_.ok();
  }

  // The names of a list as bits.
  bool set(names from, std::uint64_t &out) {
    out = 0;
    return list(from.size(), [&] {
      std::size_t i = 0;
      if (!choice(from, i))
        return false;
      out |= std::uint64_t{1} << i;
      return true;
    });
  }

  // About the value that was read last.
  bool fail(const char *what) noexcept { return in_.fail(in_.began(), what); }
  bool fail_at(std::size_t place, const char *what) noexcept { return in_.fail(place, what); }
  std::size_t began() const noexcept { return in_.began(); }
  bool finish() noexcept { return in_.finish(); }
  void tell(service_problem &problem) const {
    problem.place = in_.place();
    problem.text.clear();
    const std::string_view shown = std::string_view(path).substr(0, text::utf8_cut(path, 128));
    fmt::format_to(std::back_inserter(problem.text), "{}{}{}", shown, path.empty() ? "" : ": ",
                   in_.problem());
  }

  const world &w;
  std::pmr::string path; // of what is read, or of what failed

private:
  std::pmr::string key, word;
  text::json_reader in_;
};

// --- classes and bans
// ----------------------------------------------------------------------------

constexpr std::array<std::string_view, 16> class_members{"name",
                                                         "protocols",
                                                         "logon",
                                                         "ident_mask",
                                                         "address_mask",
                                                         "hours",
                                                         "no_logon",
                                                         "no_own",
                                                         "no_create",
                                                         "no_join_dynamic",
                                                         "address_connections",
                                                         "channels",
                                                         "message_delay_s",
                                                         "nick_delay_s",
                                                         "input_bytes",
                                                         "output_kilobytes"};
constexpr std::size_t bars_first = 6, limits_first = 10, class_text_bytes_max = 63;

bool read_mask(reading &in, std::pmr::string &out) {
  return in.text(class_text_bytes_max, out) && (is_mask_word(out) || in.fail("must be one word"));
}

bool read_class_member(reading &in, kept_class &out, std::size_t i) {
  if (i >= limits_first) {
    const class_limit_row &row = class_limits()[i - limits_first];
    return in.number(row.least, row.most, out.limits[i - limits_first]);
  }
  if (i >= bars_first) {
    bool barred = false;
    if (!in.flag(barred))
      return false;
    out.bars |= static_cast<std::uint8_t>(unsigned{barred} << (i - bars_first));
    return true;
  }
  std::uint64_t set = 0;
  std::size_t chosen = 0;
  switch (i) {
  case 0:
    return in.text(class_text_bytes_max, out.name) &&
           (!out.name.empty() || in.fail("must not be empty"));
  case 1:
    if (!in.set(protocol_names, set))
      return false;
    out.protocols = static_cast<std::uint32_t>(set);
    return true;
  case 2:
    if (!in.choice(logon_names, chosen))
      return false;
    out.logon = static_cast<logon_mode>(chosen);
    return true;
  case 3:
    return read_mask(in, out.ident_mask);
  case 4:
    return read_mask(in, out.address_mask);
  default:
    return in.hours(out.hours);
  }
}

bool read_class(reading &in, service_config &config) {
  kept_class &one = config.classes.emplace_back(config.classes.get_allocator().resource());
  for (const class_limit_row &row : class_limits())
    one.limits[static_cast<std::size_t>(row.limit)] = row.usual;
  if (!in.object(class_members, 1, [&](std::size_t i) { return read_class_member(in, one, i); }))
    return false;
  const auto same =
      std::find_if(config.classes.begin(), config.classes.end() - 1,
                   [&](const kept_class &c) { return text::iequals(c.name, one.name); });
  return same == config.classes.end() - 1 || in.fail("there is a class of that name already");
}

bool read_ban(reading &in, service_config &config) {
  constexpr std::array<std::string_view, 5> members{"nick", "user", "host", "hours", "reason"};
  kept_ban &one = config.bans.emplace_back(config.bans.get_allocator().resource());
  const bool read = in.object(members, 0, [&](std::size_t i) {
    switch (i) {
    case 0:
      return in.text(ban_nick_bytes_max, one.nick);
    case 1:
      return in.text(ban_user_bytes_max, one.user);
    case 2:
      return in.text(ban_host_bytes_max, one.host);
    case 3:
      return in.hours(one.hours);
    default:
      return in.text(ban_reason_bytes_max, one.reason);
    }
  });
  if (!read)
    return false;
  switch (check_ban(one.rule())) {
  case ban_error::none:
    return true;
  case ban_error::matches_everybody:
    return in.fail("would keep everybody out");
  default:
    return in.fail("nick, user and host must be words without ! and @");
  }
}

// --- channels
// ------------------------------------------------------------------------------------

constexpr std::array<std::string_view, 12> channel_members{
    "name", "modes", "topic",     "topic_by",      "topic_at",   "created",
    "key",  "limit", "autostart", "operator_owns", "properties", "access"};

bool read_properties(reading &in, definition &out) {
  std::array<std::string_view, 17> known{};
  for (const property_row &row : properties())
    if (row.kind != property_kind::derived)
      known[static_cast<std::size_t>(row.id)] = row.name;
  return in.object(known, 0, [&](std::size_t i) {
    const property_row &row = properties()[i];
    kept_property &one = out.properties.emplace_back(out.properties.get_allocator().resource());
    one.id = row.id;
    return in.text(row.bytes_max, one.value) &&
           (value_legal(row, one.value) || in.fail("is no value of that property"));
  });
}

bool read_entry(reading &in, definition &out) {
  constexpr std::array<std::string_view, 7> members{"list", "mask",    "reason",  "by",
                                                    "set",  "expires", "by_owner"};
  kept_access &one = out.access.emplace_back(out.access.get_allocator().resource());
  return in.object(members, 3, [&](std::size_t i) {
    std::size_t list = 0;
    switch (i) {
    case 0:
      if (!in.choice(list_names, list))
        return false;
      one.list = static_cast<std::uint8_t>(list);
      return true;
    case 1:
      return in.text(in.w.limits().mask_bytes_max, one.mask) &&
             (mask_legal(in.w, one.mask) || in.fail("must be a mask: nick!user@host"));
    case 2:
      return in.text(in.w.limits().reason_bytes_max, one.reason);
    case 3:
      return in.text(512, one.set_by);
    case 4:
      return in.number(0, INT64_MAX, one.set_s);
    case 5:
      return in.number(0, INT64_MAX, one.expires_s);
    default:
      return in.flag(one.by_owner);
    }
  });
}

bool read_standing(reading &in, definition &out, channel_standing which) {
  bool set = false;
  if (!in.flag(set))
    return false;
  out.standing |= static_cast<std::uint8_t>(set ? which : 0);
  return true;
}

bool read_channel_member(reading &in, definition &out, std::size_t i) {
  switch (i) {
  case 0:
    if (!in.text(in.w.limits().channel_bytes_max, out.name))
      return false;
    out.place = in.began();
    return channel_legal(in.w, out.name) || in.fail("is no name of a channel");
  case 1:
    return in.set(mode_names, out.modes);
  case 2:
    return in.text(in.w.limits().topic_bytes_max, out.topic);
  case 3:
    return in.text(512, out.topic_by);
  case 4:
    return in.number(0, INT64_MAX, out.topic_s);
  case 5:
    return in.number(0, INT64_MAX, out.created_s);
  case 6:
    return in.text(in.w.limits().key_bytes_max, out.key) &&
           (out.key.empty() || key_legal(in.w, out.key) || in.fail("is no key"));
  case 7:
    return in.number(0, INT32_MAX, out.limit);
  case 8:
    return read_standing(in, out, standing_autostart);
  case 9:
    return read_standing(in, out, standing_operator_owns);
  case 10:
    return read_properties(in, out);
  default:
    return in.list(in.w.limits().list_entries_max * std::size_t{CONFAB_LIST_COUNT},
                   [&] { return read_entry(in, out); });
  }
}

// What no channel can be at once.
const char *contradiction(const definition &of) noexcept {
  const auto has = [&](std::uint32_t mode) { return (of.modes >> mode & 1U) != 0; };
  for (std::uint32_t mode = 0; mode < CONFAB_CMODE_CORE_END; ++mode)
    if (has(mode) && (modes_excluded_by(mode) & of.modes) != 0)
      return "private, hidden and secret exclude each other";
  if (has(CONFAB_CMODE_CLONEABLE) && !can_be_cloned(of.name))
    return "a channel whose name ends in a digit cannot be cloneable";
  return has(CONFAB_CMODE_UNICODE) && !has(CONFAB_CMODE_MIC_ONLY)
             ? "unicode is for channels that are mic_only"
             : nullptr;
}

bool read_channel(reading &in, service_config &config) {
  definition &one = config.channels.emplace_back(config.channels.get_allocator().resource());
  one.modes = in.w.default_channel_modes;
  if (!in.object(channel_members, 1,
                 [&](std::size_t i) { return read_channel_member(in, one, i); }))
    return false;
  if (const char *what = contradiction(one))
    return in.fail_at(one.place, what);
  for (std::uint32_t list = 0; list < CONFAB_LIST_COUNT; ++list)
    if (static_cast<std::size_t>(
            std::count_if(one.access.begin(), one.access.end(), [&](const kept_access &entry) {
              return entry.list == list;
            })) > in.w.limits().list_entries_max)
      return in.fail_at(one.place, "more entries in one list than list_entries_max");
  const auto bit = [](std::uint32_t mode) { return std::uint64_t{1} << mode; };
  one.modes |= bit(CONFAB_CMODE_REGISTERED);
  one.modes |= one.key.empty() ? 0 : bit(CONFAB_CMODE_KEY);
  one.modes |= one.limit == 0 ? 0 : bit(CONFAB_CMODE_LIMIT);
  return true;
}

// Two channels of one name, and more of them than there may be.
bool check_channels(reading &in, const service_config &config) {
  std::pmr::vector<const definition *> by_name(config.channels.get_allocator());
  std::size_t fresh = 0;
  for (const definition &one : config.channels) {
    by_name.push_back(&one);
    fresh += in.w.find_channel(one.name) ? 0 : 1;
  }
  const text::casemap map = in.w.casemap();
  std::sort(by_name.begin(), by_name.end(), [&](const definition *a, const definition *b) {
    return std::lexicographical_compare(
        a->name.begin(), a->name.end(), b->name.begin(), b->name.end(),
        [&](char x, char y) { return text::fold(map, x) < text::fold(map, y); });
  });
  for (std::size_t i = 1; i < by_name.size(); ++i)
    if (text::equal(map, by_name[i - 1]->name, by_name[i]->name)) {
      const definition &second = *std::max(by_name[i - 1], by_name[i]);
      fmt::format_to(std::back_inserter(in.path), "channels[{}].name",
                     &second - config.channels.data());
      return in.fail_at(second.place, "there is a channel of that name already");
    }
  if (in.w.channels.size() + fresh <= in.w.limits().channels_max)
    return true;
  in.path = "channels";
  return in.fail_at(0, "with those that are there, they are more than channels_max");
}

constexpr std::array<std::string_view, 9> members{"dynamic_channels", "operator_owns_dynamic",
                                                  "channel_ranks",    "dynamic_limit",
                                                  "default_limit",    "protection",
                                                  "classes",          "bans",
                                                  "channels"};

bool read_member(reading &in, service_config &out, std::size_t i) {
  std::size_t chosen = 0;
  switch (i) {
  case 0:
    return in.flag(out.dynamic_channels);
  case 1:
    return in.flag(out.operator_owns_dynamic);
  case 2:
    return in.flag(out.channel_ranks);
  case 3:
    return in.number(0, service_members_max, out.dynamic_limit);
  case 4:
    return in.number(0, service_members_max, out.default_limit);
  case 5:
    if (!in.choice(protection_names, chosen))
      return false;
    out.level = static_cast<protection>(chosen);
    return true;
  case 6:
    return in.list(service_classes_max, [&] { return read_class(in, out); });
  case 7:
    return in.list(service_bans_max, [&] { return read_ban(in, out); });
  default:
    return in.list(in.w.limits().channels_max, [&] { return read_channel(in, out); });
  }
}

} // namespace

bool read_service(const world &w, std::string_view json, service_config &out,
                  service_problem &problem) {
  reading in(w, json, out.classes.get_allocator().resource());
  const bool read = (json.size() <= service_bytes_max || in.fail_at(0, "is longer than 16 MiB")) &&
                    in.object(members, 0, [&](std::size_t i) { return read_member(in, out, i); }) &&
                    in.finish() && check_channels(in, out);
  if (!read) {
    in.tell(problem);
    return false;
  }
  for (const kept_class &one : out.classes)
    out.rules.push_back(one.rule());
  return true;
}

} // namespace confab::core
