// SPDX-License-Identifier: MIT
//
// How many connections there are from each address: counted while a class bounds that, and not at
// all otherwise, since most of a connection's cost would be its address. The hash is keyed:
// strangers choose addresses.

#pragma once

#include "text/hash.hpp"

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <unordered_map>

namespace confab::core {

class address_counts {
public:
  address_counts(std::pmr::memory_resource &from, text::hash_key key)
      : counts_(0, hash{key}, {}, &from) {}

  std::uint32_t count(std::string_view address) const noexcept {
    const auto at = counts_.find(address);
    return at == counts_.end() ? 0 : at->second;
  }
  // Throws bad_alloc; nothing changed then.
  void add(std::string_view address) {
    const auto at = counts_.find(address);
    if (at != counts_.end())
      ++at->second;
    else
      counts_.try_emplace(std::pmr::string(address, counts_.get_allocator().resource()), 1U);
  }
  void remove(std::string_view address) noexcept {
    const auto at = counts_.find(address);
    if (at != counts_.end() && --at->second == 0)
      counts_.erase(at);
  }
  void swap(address_counts &other) noexcept { counts_.swap(other.counts_); }
  address_counts fresh() const {
    return {*counts_.get_allocator().resource(), counts_.hash_function().key};
  }

private:
  struct hash {
    using is_transparent = void;
    text::hash_key key;
    std::size_t operator()(std::string_view s) const noexcept {
      return static_cast<std::size_t>(text::siphash13(key, s));
    }
  };
  struct same {
    using is_transparent = void;
    bool operator()(std::string_view a, std::string_view b) const noexcept { return a == b; }
  };

  std::pmr::unordered_map<std::pmr::string, std::uint32_t, hash, same> counts_;
};

} // namespace confab::core
