// SPDX-License-Identifier: MIT
//
// Which addresses failed too often to prove who they are (IRCX draft §5.2, numeric 911; spec ircx
// §4.2), whatever protocol they tried it by. It keeps hashes and numbers, no addresses. A success
// forgives nothing: who has an account of his own could else guess at others' for ever.
//
// Fate when it is full: the address whose latest failure is the oldest is forgotten. To make room
// for one's own name that way takes a failure of another address for each that is remembered, and
// those count as well.

#pragma once

#include "text/hash.hpp"

#include <confab/conn.h>
#include <confab/engine.h>

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <unordered_map>

namespace confab::core {

// What counts as one address: of IPv6 the first 64 bits, as "2001:db8:0:1", since whoever has one
// such address has all that begin alike; else the text as it is. `buffer` has room for 19 bytes.
std::string_view address_group(std::string_view address, char *buffer) noexcept;

class auth_memory {
public:
  // The numbers of confab_engine_options, as they are now.
  struct bounds {
    std::uint32_t failures_max = 0; // 0: nothing is remembered, and nobody suspended
    confab_time window = 0, suspension = 0;
    std::size_t addresses_max = 0;
  };
  // Whose address it is. One that was only claimed (CONFAB_TRUST_CLAIMED) is remembered as such:
  // or anybody could have anybody suspended. It suffers what the true one did, though.
  struct whom {
    std::string_view address; // "0", or none: not known, and so nobody's
    bool claimed = false;
  };

  auth_memory(std::pmr::memory_resource &from, text::hash_key key)
      : key_(key), entries_(0, hash{}, {}, &from) {}

  bool suspended(const bounds &set, const whom &who, confab_time now) const noexcept;
  // It failed once more. Throws bad_alloc; nothing changed then.
  void fail(const bounds &set, const whom &who, confab_time now);
  std::size_t size() const noexcept { return entries_.size(); }

private:
  struct entry {
    std::uint64_t key = 0;
    entry *older = nullptr, *newer = nullptr; // in the order of the latest failures
    confab_time began = 0, last = 0;          // of the window; the latest failure
    confab_time until = 0;                    // suspended; 0: not
    std::uint32_t failures = 0;               // in the window
  };
  struct hash { // the keys are hashes already
    std::size_t operator()(std::uint64_t key) const noexcept {
      return static_cast<std::size_t>(key);
    }
  };

  std::uint64_t key_of(const whom &who, bool claimed) const noexcept;
  bool suspended(std::uint64_t key, confab_time now) const noexcept;
  void unlink(entry &e) noexcept;
  void link_newest(entry &e) noexcept;
  void forget_oldest() noexcept;

  text::hash_key key_;
  std::pmr::unordered_map<std::uint64_t, entry, hash> entries_; // their places do not change
  entry *oldest_ = nullptr, *newest_ = nullptr;
};

} // namespace confab::core
