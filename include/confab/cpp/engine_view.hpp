// SPDX-License-Identifier: MIT
//
// What one can ask an engine: the const functions of query.h, engine.h and hook.h. A view is a
// pointer; like std::string_view it owns nothing, and like it, a copy of a const one is as good as
// the original.
//
// Infos are the C structs. Their texts live until the next call on the engine that is not const.
#pragma once

#include <confab/cpp/ids.hpp>
#include <confab/cpp/status.hpp>
#include <confab/engine.h>
#include <confab/hook.h>
#include <confab/query.h>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <optional>

namespace confab {
inline namespace abi_0 {

namespace detail {

// A range, read once, over what Next puts into a Value until it answers false. Ends at
// std::default_sentinel.
template <class Value, class Next>
class walk {
public:
  class iterator {
  public:
    using value_type = Value;
    using difference_type = std::ptrdiff_t;

    iterator() = default;
    explicit iterator(Next next) : next_(next) { ++*this; }

    const Value &operator*() const noexcept { return value_; }
    const Value *operator->() const noexcept { return &value_; }

    iterator &operator++() {
      more_ = next_(value_);
      return *this;
    }
    void operator++(int) { ++*this; }

    friend bool operator==(const iterator &at, std::default_sentinel_t) noexcept {
      return !at.more_;
    }

  private:
    Next next_{};
    Value value_{};
    bool more_ = false;
  };

  explicit walk(Next next) noexcept : next_(next) {}

  [[nodiscard]] iterator begin() const { return iterator(next_); }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
  Next next_;
};

// The _next functions. Throws ERR_STALE_ID when the element it stands on goes away: a walk that
// stopped early would look like a complete one.
template <class Id>
struct next_id {
  using function = confab_status (*)(const confab_engine *, confab_id of, confab_id after,
                                     confab_id *out);
  const confab_engine *engine = nullptr;
  confab_id of = 0;
  function step = nullptr;

  bool operator()(Id &id) const {
    confab_id out = 0;
    const bool more = checked(step(engine, of, id.raw(), &out)) != CONFAB_END;
    id = Id(out);
    return more;
  }
};

struct next_list_entry {
  const confab_engine *engine = nullptr;
  confab_id channel = 0;
  std::uint32_t list = 0;
  std::uint32_t index = 0;

  bool operator()(confab_list_entry &entry) {
    entry = {};
    entry.struct_size = sizeof entry;
    return checked(confab_list_get(engine, channel, list, index++, &entry)) != CONFAB_END;
  }
};

} // namespace detail

template <class Id>
using id_walk = detail::walk<Id, detail::next_id<Id>>;
using list_walk = detail::walk<confab_list_entry, detail::next_list_entry>;

class engine_view {
public:
  explicit engine_view(confab_engine *raw) noexcept : raw_(raw) {}

  [[nodiscard]] const confab_engine *raw() const noexcept { return raw_; }

  // Nothing by that name: an empty optional.
  [[nodiscard]] std::optional<user_id> find_user(std::string_view nick) const {
    return found<user_id>([&](confab_id *out) { return confab_user_find(raw_, str(nick), out); });
  }
  [[nodiscard]] std::optional<channel_id> find_channel(std::string_view name) const {
    return found<channel_id>(
        [&](confab_id *out) { return confab_channel_find(raw_, str(name), out); });
  }
  [[nodiscard]] std::optional<member_id> find_member(channel_id channel, user_id user) const {
    return found<member_id>(
        [&](confab_id *out) { return confab_member_find(raw_, channel.raw(), user.raw(), out); });
  }

  // Gone meanwhile: an empty optional.
  [[nodiscard]] std::optional<confab_conn_info> get(conn_id conn) const {
    return info<confab_conn_info>(confab_conn_get, conn.raw());
  }
  [[nodiscard]] std::optional<confab_user_info> get(user_id user) const {
    return info<confab_user_info>(confab_user_get, user.raw());
  }
  [[nodiscard]] std::optional<confab_channel_info> get(channel_id channel) const {
    return info<confab_channel_info>(confab_channel_get, channel.raw());
  }
  [[nodiscard]] std::optional<confab_member_info> get(member_id member) const {
    return info<confab_member_info>(confab_member_get, member.raw());
  }
  [[nodiscard]] std::optional<confab_hook_stats> get(subscription hook) const {
    return info<confab_hook_stats>(confab_hook_stats_get, hook.raw());
  }

  // Ranges. They follow the engine: what changes it while one is walked is in query.h.
  [[nodiscard]] id_walk<conn_id> conns() const noexcept {
    return ids<conn_id>(0, [](const confab_engine *e, confab_id, confab_id after, confab_id *out) {
      return confab_conn_next(e, after, out);
    });
  }
  [[nodiscard]] id_walk<user_id> users() const noexcept {
    return ids<user_id>(0, [](const confab_engine *e, confab_id, confab_id after, confab_id *out) {
      return confab_user_next(e, after, out);
    });
  }
  [[nodiscard]] id_walk<channel_id> channels() const noexcept {
    return ids<channel_id>(0, [](const confab_engine *e, confab_id, confab_id after,
                                 confab_id *out) { return confab_channel_next(e, after, out); });
  }
  [[nodiscard]] id_walk<conn_id> conns(user_id user) const noexcept {
    return ids<conn_id>(user.raw(), confab_user_conn_next);
  }
  [[nodiscard]] id_walk<member_id> members(user_id user) const noexcept {
    return ids<member_id>(user.raw(), confab_user_member_next);
  }
  [[nodiscard]] id_walk<member_id> members(channel_id channel) const noexcept {
    return ids<member_id>(channel.raw(), confab_channel_member_next);
  }
  // `list` is a CONFAB_LIST_*.
  [[nodiscard]] list_walk entries(channel_id channel, std::uint32_t list) const noexcept {
    return list_walk(detail::next_list_entry{raw_, channel.raw(), list});
  }

  // May `viewer` learn of a user, channel or member by asking?
  template <class Id>
  requires std::same_as<Id, user_id> || std::same_as<Id, channel_id> || std::same_as<Id, member_id>
  [[nodiscard]] bool visible(user_id viewer, Id subject) const {
    const confab_status status = confab_visible(raw_, viewer.raw(), subject.raw());
    return status != CONFAB_ERR_NOT_FOUND && checked(status) == CONFAB_OK;
  }

  [[nodiscard]] confab_engine_stats stats() const {
    confab_engine_stats out{};
    out.struct_size = sizeof out;
    checked(confab_engine_stats_get(raw_, &out));
    return out;
  }

  // The detail of the last error that a call on this engine returned.
  [[nodiscard]] confab_error_info last_error() const {
    confab_error_info out{};
    out.struct_size = sizeof out;
    checked(confab_engine_last_error(raw_, &out));
    return out;
  }

protected:
  confab_engine *raw_; // Not const: the derived classes share it.

private:
  template <class Id, class Find>
  [[nodiscard]] static std::optional<Id> found(Find find) {
    confab_id out = 0;
    const confab_status status = find(&out);
    if (status == CONFAB_ERR_NOT_FOUND) {
      return std::nullopt;
    }
    checked(status);
    return Id(out);
  }

  template <class Info>
  [[nodiscard]] std::optional<Info>
  info(confab_status (*fill)(const confab_engine *, confab_id, Info *), confab_id id) const {
    Info out{};
    out.struct_size = sizeof out;
    const confab_status status = fill(raw_, id, &out);
    if (status == CONFAB_ERR_STALE_ID) {
      return std::nullopt;
    }
    checked(status);
    return out;
  }

  template <class Id>
  [[nodiscard]] id_walk<Id> ids(confab_id of,
                                typename detail::next_id<Id>::function step) const noexcept {
    return id_walk<Id>(detail::next_id<Id>{raw_, of, step});
  }
};

} // namespace abi_0
} // namespace confab
