// SPDX-License-Identifier: MIT
//
// What one can ask an engine: the const functions of query.h, engine.h, metrics.h and deferral.h.
// A view is a pointer; like std::string_view it owns nothing, and like it, a copy of a const one is
// as good as the original.
//
// Infos are the C structs. Their texts live until the next call on the engine that is not const.
// Asked of an engine that is closed, all throw confab::closed_engine.
#pragma once

#include <confab/cpp/life.hpp>
#include <confab/cpp/walk.hpp>
#include <confab/deferral.h>
#include <confab/extend.h>
#include <confab/metrics.h>

#include <concepts>
#include <optional>

namespace confab {
inline namespace abi_0 {

class engine_view {
public:
  explicit engine_view(confab_engine *raw) noexcept : raw_(raw) {}

  [[nodiscard]] const confab_engine *raw() const noexcept { return raw_; }

  // Nothing by that name: an empty optional.
  [[nodiscard]] std::optional<user_id> find_user(std::string_view nick) const {
    return found<user_id>(
        [&](confab_id *out) { return detail::ask(raw_, confab_user_find, str(nick), out); });
  }
  [[nodiscard]] std::optional<channel_id> find_channel(std::string_view name) const {
    return found<channel_id>(
        [&](confab_id *out) { return detail::ask(raw_, confab_channel_find, str(name), out); });
  }
  [[nodiscard]] std::optional<member_id> find_member(channel_id channel, user_id user) const {
    return found<member_id>([&](confab_id *out) {
      return detail::ask(raw_, confab_member_find, channel.raw(), user.raw(), out);
    });
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
  [[nodiscard]] std::optional<confab_hook_info> get(subscription hook) const {
    return info<confab_hook_info>(confab_hook_get, hook.raw());
  }
  [[nodiscard]] std::optional<confab_hook_stats> hook_stats(subscription hook) const {
    return info<confab_hook_stats>(confab_hook_stats_get, hook.raw());
  }
  [[nodiscard]] std::optional<confab_addition_info> get(addition_id addition) const {
    return info<confab_addition_info>(confab_addition_get, addition.raw());
  }
  // Dead or resolved: an empty optional. To change what waits: engine_ref::waiting.
  [[nodiscard]] std::optional<confab_deferral_info> get(token waiting) const {
    return info<confab_deferral_info>(confab_deferral_get, waiting.raw());
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
  [[nodiscard]] id_walk<subscription> hooks() const noexcept {
    return ids<subscription>(0, [](const confab_engine *e, confab_id, confab_id after,
                                   confab_id *out) { return confab_hook_next(e, after, out); });
  }
  // Of all acts that wait for a handler.
  [[nodiscard]] id_walk<token> tokens() const noexcept {
    return ids<token>(0, [](const confab_engine *e, confab_id, confab_id after, confab_id *out) {
      return confab_deferral_next(e, after, out);
    });
  }
  // `list` is a CONFAB_LIST_*.
  [[nodiscard]] list_walk entries(channel_id channel, std::uint32_t list) const noexcept {
    return list_walk(detail::next_list_entry{raw_, CONFAB_ACCESS_CHANNEL, channel.raw(), list});
  }
  [[nodiscard]] list_walk entries(user_id user, std::uint32_t list) const noexcept {
    return list_walk(detail::next_list_entry{raw_, CONFAB_ACCESS_USER, user.raw(), list});
  }
  // Of the server itself: who may register.
  [[nodiscard]] list_walk server_entries(std::uint32_t list) const noexcept {
    return list_walk(detail::next_list_entry{raw_, CONFAB_ACCESS_SERVER, 0, list});
  }
  [[nodiscard]] list_walk network_entries(std::uint32_t list) const noexcept {
    return list_walk(detail::next_list_entry{raw_, CONFAB_ACCESS_NETWORK, 0, list});
  }

  // May `viewer` learn of a user, channel or member by asking?
  template <class Id>
  requires std::same_as<Id, user_id> || std::same_as<Id, channel_id> || std::same_as<Id, member_id>
  [[nodiscard]] bool visible(user_id viewer, Id subject) const {
    const confab_status status = detail::ask(raw_, confab_visible, viewer.raw(), subject.raw());
    return status != CONFAB_ERR_NOT_FOUND && checked(status) == CONFAB_OK;
  }

  [[nodiscard]] confab_engine_stats stats() const {
    confab_engine_stats out{};
    out.struct_size = sizeof out;
    checked(detail::ask(raw_, confab_engine_stats_get, &out));
    return out;
  }

  // What a hook did and cost; gone meanwhile: an empty optional.
  [[nodiscard]] std::optional<confab_hook_stats> stats(subscription hook) const {
    return info<confab_hook_stats>(confab_hook_stats_get, hook.raw());
  }

  // The detail of the last error that a call on this engine returned.
  [[nodiscard]] confab_error_info last_error() const {
    confab_error_info out{};
    out.struct_size = sizeof out;
    checked(detail::ask(raw_, confab_engine_last_error, &out));
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
    const confab_status status = detail::ask(raw_, fill, id, &out);
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
