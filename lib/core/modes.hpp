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

// Whom of a channel something is for.
struct audience {
  std::uint32_t ranks = 0;      // with at least one of these; 0: all
  std::uint32_t without = 0;    // with none of these
  const conn *except = nullptr; // but for that connection
  const user *but = nullptr;    // and for that user
  const user *also = nullptr;   // this one whatever its ranks
  const user *from = nullptr;   // who speaks: those who deny it their ear do not hear it

  bool operator==(const audience &) const = default;
};

enum class mode_kind : std::uint8_t { channel_mode, rank, list, user_mode };

struct mode_change {
  mode_kind kind = mode_kind::channel_mode;
  bool set = false;
  std::uint32_t mode = 0; // CONFAB_CMODE_*, CONFAB_RANK_*, CONFAB_LIST_*, CONFAB_UMODE_*
  // Of a rank: all that the member had, and all that it has. Where OPERATOR and OWNER take each
  // other's place this is one change, which a dialect may show as two.
  std::uint8_t was = 0, is = 0;
  confab_id member = 0; // of a rank
  owned_str value;      // key, limit, nick or mask

  void swap(mode_change &other) noexcept {
    std::swap(kind, other.kind);
    std::swap(set, other.set);
    std::swap(mode, other.mode);
    std::swap(was, other.was);
    std::swap(is, other.is);
    std::swap(member, other.member);
    value.swap(other.value);
  }
};

struct mode_batch {
  // Each may have a value, and the fifteen parameters of an IRC line (RFC 1459 §2.3) hold the place
  // and the letters too.
  static constexpr std::size_t changes_max = 13;

  user *actor = nullptr;    // null: the server
  user *subject = nullptr;  // whose user modes
  channel *where = nullptr; // or which channel's
  conn *only = nullptr;     // shown to this connection alone; null: to all whom it concerns
  audience whom;            // of a channel's changes
  std::uint8_t manner = 0;  // of the act: see operation
  std::array<mode_change, changes_max> changes;
  std::size_t count = 0;
};

} // namespace confab::core
