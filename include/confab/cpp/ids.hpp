// SPDX-License-Identifier: MIT
//
// One type per kind of id, so that a user cannot be given where a channel is wanted. They are plain
// values of the size of a confab_id: safe to copy, keep, log and compare. Whether what one names is
// still there, only the engine can say.
#pragma once

#include <confab/types.h>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace confab {
inline namespace abi_0 {

template <std::uint32_t Kind>
class id {
public:
  static constexpr std::uint32_t kind = Kind;

  constexpr id() noexcept = default; // none
  // Trusts the caller. An id of another kind is refused by every call that takes it.
  constexpr explicit id(confab_id raw) noexcept : raw_(raw) {}

  // For ids whose kind is not known beforehand. 0 is "none", of every kind.
  [[nodiscard]] static std::optional<id> from(confab_id raw) noexcept {
    if (raw != 0 && confab_id_kind(raw) != Kind) {
      return std::nullopt;
    }
    return id(raw);
  }

  [[nodiscard]] constexpr confab_id raw() const noexcept { return raw_; }
  [[nodiscard]] constexpr explicit operator bool() const noexcept { return raw_ != 0; }

  friend constexpr bool operator==(id, id) noexcept = default;
  friend constexpr auto operator<=>(id, id) noexcept = default;

private:
  confab_id raw_ = 0;
};

using conn_id = id<CONFAB_KIND_CONN>;
using user_id = id<CONFAB_KIND_USER>;
using channel_id = id<CONFAB_KIND_CHANNEL>;
using member_id = id<CONFAB_KIND_MEMBER>;
using request_id = id<CONFAB_KIND_REQUEST>;
using subscription = id<CONFAB_KIND_HOOK>;
using token = id<CONFAB_KIND_DEFERRAL>; // of an act that a handler deferred
using plugin_id = id<CONFAB_KIND_PLUGIN>;
using addition_id = id<CONFAB_KIND_ADDITION>; // a command, a mode, ... that somebody added
using timer_id = id<CONFAB_KIND_TIMER>;

} // namespace abi_0
} // namespace confab

template <std::uint32_t Kind>
struct std::hash<confab::id<Kind>> {
  std::size_t operator()(confab::id<Kind> id) const noexcept {
    return std::hash<confab_id>{}(id.raw());
  }
};
