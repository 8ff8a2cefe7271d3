// SPDX-License-Identifier: MIT
//
// The decision of a JOIN: into which channel, with which rank, or why not (spec ircx §12, §15).
// Asked by the gate and again by the commit, since a filter may have changed the world between
// them.

#pragma once

#include "core/acts/acts.hpp"

namespace confab::core {

inline constexpr unsigned clones_max = 99;

struct entry {
  channel *where = nullptr;  // it exists; null: it is made
  member *already = nullptr; // who is in it
  channel *parent = nullptr; // it is a clone of this, or becomes one
  unsigned clone = 0;        // which, where it becomes one
  std::uint32_t ranks = 0;   // that the new member has
  std::uint32_t code = CONFAB_REFUSED_NONE;
};

entry decide_entry(world &w, const operation &op, const user &who) noexcept;
// The modes of the channel that the JOIN opens: 1 << CONFAB_CMODE_*.
std::uint64_t opening_modes(const world &w, const operation &op, const entry &how) noexcept;

// "#chat" and 7 give "#chat7"; a view of `buffer`, or empty when it does not fit the limit of
// names.
std::string_view clone_name(const world &w, const channel &parent, unsigned number, char *buffer,
                            std::size_t size) noexcept;
// A name that ends in a digit has no clones: theirs would be another's.
bool can_be_cloned(std::string_view name) noexcept;
// Makes the channel that the JOIN opens, as its flags or its parent say. Throws bad_alloc; nothing
// changed then.
channel &open_channel(world &w, const operation &op, const entry &how);

} // namespace confab::core
