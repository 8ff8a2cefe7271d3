// SPDX-License-Identifier: MIT
//
// Mode changes that happened, or are to look so, and were not yet told: what one command changes in
// one place goes out as one announcement. The batch is flushed before anything else is said, so
// order is kept.
// Neutral: which letter a mode has is its reader's business.

#pragma once

#include "core/memory.hpp"

#include <confab/event.h>

#include <array>

namespace confab::core {

struct user;
struct channel;
struct conn;

enum class mode_kind : std::uint8_t { channel_mode, rank, list, user_mode };

struct mode_change {
  mode_kind kind = mode_kind::channel_mode;
  bool set = false;
  std::uint32_t mode = 0; // CONFAB_CMODE_*, CONFAB_RANK_*, CONFAB_LIST_*, CONFAB_UMODE_*
  owned_str value;        // key, limit, nick or mask
};

struct mode_batch {
  // Each may have a value, and the fifteen parameters of an IRC line (RFC 1459 §2.3) hold the place
  // and the letters too.
  static constexpr std::size_t changes_max = 13;

  user *actor = nullptr;    // null: the server
  user *subject = nullptr;  // whose user modes
  channel *where = nullptr; // or which channel's
  conn *only = nullptr;     // shown to this connection alone; null: to all whom it concerns
  std::array<mode_change, changes_max> changes;
  std::size_t count = 0;
};

} // namespace confab::core
