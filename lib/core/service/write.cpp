// SPDX-License-Identifier: MIT
//
// Writes the service's JSON: the one form that a state has. All switches are there; of classes,
// bans and channels only what is not as usual. Registered channels are read back from the channels,
// so that whatever their members changed is in it (Q193263: what is only written at a clean end is
// lost at any other).

#include "core/service/service.hpp"
#include "text/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace confab::core {

namespace {

// Counts all, and keeps what there is room for.
class writing {
public:
  writing(char *out, std::size_t size) noexcept : out_(out), size_(size) {}

  std::size_t bytes() const noexcept { return used_; }

  void raw(std::string_view piece) noexcept {
    if (used_ < size_)
      piece.copy(out_ + used_, std::min(piece.size(), size_ - used_));
    used_ += piece.size();
  }
  void quoted(std::string_view value) noexcept {
    text::write_json_string(value, [&](std::string_view piece) { raw(piece); });
  }

  void open(char bracket) noexcept {
    raw({&bracket, 1});
    first_ = true;
  }
  void close(char bracket) noexcept {
    raw({&bracket, 1});
    first_ = false;
  }
  // Before each member or element.
  void next() noexcept {
    if (!std::exchange(first_, false))
      raw(",");
  }
  void name(std::string_view member) noexcept {
    next();
    quoted(member);
    raw(":");
  }

  void member(std::string_view called, std::string_view value) noexcept {
    name(called);
    quoted(value);
  }
  void member(std::string_view called, std::int64_t value) noexcept {
    name(called);
    const fmt::format_int number(value);
    raw({number.data(), number.size()});
  }
  void flag(std::string_view called, bool value) noexcept {
    name(called);
    raw(value ? "true" : "false");
  }
  // Only where they say something.
  void some(std::string_view called, std::string_view value) noexcept {
    if (!value.empty())
      member(called, value);
  }
  void some(std::string_view called, std::int64_t value) noexcept {
    if (value != 0)
      member(called, value);
  }
  void some_flag(std::string_view called, bool value) noexcept {
    if (value)
      flag(called, true);
  }

private:
  char *out_;
  std::size_t size_, used_ = 0;
  bool first_ = true;
};

void write_hours(writing &to, const utc_window &hours) noexcept {
  if (hours.from == hours.to)
    return;
  char text[11] = {};
  fmt::format_to_n(text, sizeof text, "{:02}:{:02}-{:02}:{:02}", hours.from / 60, hours.from % 60,
                   hours.to / 60, hours.to % 60);
  to.member("hours", std::string_view(text, sizeof text));
}

template <class Names>
void write_bits(writing &to, std::string_view called, const Names &names,
                std::uint64_t bits) noexcept {
  to.name(called);
  to.open('[');
  for (std::size_t i = 0; i < names.size(); ++i)
    if ((bits >> i & 1U) != 0 && !names[i].empty()) {
      to.next();
      to.quoted(names[i]);
    }
  to.close(']');
}

void write_class(writing &to, const kept_class &one) noexcept {
  to.next();
  to.open('{');
  to.member("name", one.name);
  if (one.protocols != 0)
    write_bits(to, "protocols", protocol_names, one.protocols);
  if (one.logon != logon_mode::any)
    to.member("logon", logon_names[static_cast<std::size_t>(one.logon)]);
  to.some("ident_mask", one.ident_mask);
  to.some("address_mask", one.address_mask);
  write_hours(to, one.hours);
  for (std::size_t i = 0; i < bar_names.size(); ++i)
    to.some_flag(bar_names[i], (one.bars >> i & 1U) != 0);
  for (const class_limit_row &row : class_limits())
    if (one.limit(row.limit) != row.usual)
      to.member(row.name, one.limit(row.limit));
  to.close('}');
}

void write_ban(writing &to, const kept_ban &one) noexcept {
  to.next();
  to.open('{');
  to.some("nick", one.nick);
  to.some("user", one.user);
  to.some("host", one.host);
  write_hours(to, one.hours);
  to.some("reason", one.reason);
  to.close('}');
}

void write_entry(writing &to, const access_entry &entry) noexcept {
  to.next();
  to.open('{');
  to.member("list", list_names[entry.list]);
  to.member("mask", entry.mask.view());
  to.some("reason", entry.reason.view());
  to.some("by", entry.set_by.view());
  to.some("set", entry.set_s);
  to.some("expires", entry.expires_s);
  to.some_flag("by_owner", entry.by_owner);
  to.close('}');
}

void write_properties(writing &to, const world &w, const channel &where) noexcept {
  bool any = false;
  for (const property_row &row : properties()) {
    const std::string_view value =
        row.kind == property_kind::derived ? std::string_view{} : property_text(w, where, row.id);
    if (value.empty())
      continue;
    if (!std::exchange(any, true)) {
      to.name("properties");
      to.open('{');
    }
    to.member(row.name, value);
  }
  if (any)
    to.close('}');
}

void write_channel(writing &to, const world &w, const channel &where) noexcept {
  to.next();
  to.open('{');
  to.member("name", where.name());
  write_bits(to, "modes", mode_names, where.modes);
  to.some("topic", where.topic.view());
  to.some("topic_by", where.topic_by.view());
  to.some("topic_at", where.topic_s);
  to.some("created", where.created_s);
  if (where.has(CONFAB_CMODE_KEY))
    to.some("key", where.key.view());
  if (where.has(CONFAB_CMODE_LIMIT))
    to.some("limit", where.limit);
  to.some_flag("autostart", (where.standing & standing_autostart) != 0);
  to.some_flag("operator_owns", (where.standing & standing_operator_owns) != 0);
  write_properties(to, w, where);
  const std::int64_t now_s = w.unix_s();
  bool any = false;
  for (const access_entry &entry : where.access.entries) {
    if (is_expired(entry.expires_s, now_s))
      continue;
    if (!std::exchange(any, true)) {
      to.name("access");
      to.open('[');
    }
    write_entry(to, entry);
  }
  if (any)
    to.close(']');
  to.close('}');
}

template <class All, class Each>
void write_list(writing &to, std::string_view called, const All &all, Each &&each) noexcept {
  to.name(called);
  to.open('[');
  for (const auto &one : all)
    each(to, one);
  to.close(']');
}

} // namespace

std::size_t write_service(world &w, char *out, std::size_t size) noexcept {
  const service_config usual(&w.mem); // what holds while nobody configured anything
  const service_config &config = w.service ? *w.service : usual;
  writing to(out, size);
  to.open('{');
  to.flag("dynamic_channels", config.dynamic_channels);
  to.flag("operator_owns_dynamic", config.operator_owns_dynamic);
  to.flag("channel_ranks", config.channel_ranks);
  to.member("dynamic_limit", config.dynamic_limit);
  to.member("default_limit", config.default_limit);
  to.member("protection", protection_names[static_cast<std::size_t>(config.level)]);
  write_list(to, "classes", config.classes, write_class);
  write_list(to, "bans", config.bans, write_ban);
  to.name("channels");
  to.open('[');
  for (std::uint32_t i = w.channels.first(); i != decltype(w.channels)::none;
       i = w.channels.next(i))
    if (const channel &where = w.channels.at(i); where.has(CONFAB_CMODE_REGISTERED))
      write_channel(to, w, where);
  to.close(']');
  to.close('}');
  return to.bytes();
}

} // namespace confab::core
