// SPDX-License-Identifier: MIT
//
// Which channels there are, by what a question may bound: how many are in them, when they were
// made, when their topic was set, and whether they are registered. Intrusive lists, so that a
// channel comes, grows and goes without an allocation. A question for few of many channels looks at
// few. What matches a question is its asker's business (acts/queries.cpp).

#pragma once

#include "core/operation.hpp"
#include "core/pool.hpp"
#include "core/state.hpp"

#include <array>

namespace confab::core {

class directory {
public:
  using channels = pool<channel, CONFAB_KIND_CHANNEL>;

  explicit directory(channels &of) noexcept : pool_(&of) {}

  void add(channel &c) noexcept;
  void remove(channel &c) noexcept;
  // Something of it changed: to be called after members came or went, and after its times or modes
  // were set.
  void refresh(channel &c) noexcept;

  // A part of the channels in which all lie that can fit the terms.
  class selection {
  public:
    // Calls `each` with every channel of it; `each` may not change any.
    template <class Each>
    void walk(const channels &pool, Each &&each) const;
    bool found() const noexcept { return by != none; }
    std::size_t size() const noexcept { return size_; }

  private:
    friend class directory;
    static constexpr std::uint8_t none = 255;
    const directory *from = nullptr;
    std::uint8_t by = none;          // an order
    bool backwards = false;          // along `by`: from the latest
    std::uint32_t low = 0, high = 0; // crowds
    std::size_t size_ = 0;           // of an order in time: so many from its end
  };

  // The smallest that it knows, if that has at most `most` channels. Nothing is found where the
  // terms bound nothing, or leave too many.
  selection select(const query_terms &terms, std::size_t most) const noexcept;

private:
  enum order : std::uint8_t { by_crowd, by_creation, by_topic, by_register };

  struct chain {
    std::uint32_t first = channels::none, last = channels::none, size = 0;
  };
  // Channels of about the same number of members: each number below 64, then four steps to each
  // doubling.
  static constexpr std::uint32_t exact_crowds = 64;
  static constexpr std::uint32_t crowd_count = exact_crowds + 4 * 26;
  static std::uint32_t crowd_of(std::uint64_t members) noexcept;

  chain &chain_of(const channel &c, order by) noexcept;
  void link(channel &c, order by, std::uint32_t before) noexcept;
  void unlink(channel &c, order by) noexcept;
  void file(channel &c, order by, std::int64_t key) noexcept;
  // How many there are from the latest, or earliest, up to the time; more than `most` is `most` +
  // 1.
  std::size_t count(order by, bool latest, std::int64_t bound, std::size_t most) const noexcept;

  channels *pool_;
  std::array<chain, crowd_count> crowds_;
  std::array<chain, 4> chains_; // but for crowds
};

template <class Each>
void directory::selection::walk(const channels &pool, Each &&each) const {
  const auto along = [&](std::uint32_t at, std::size_t count) {
    for (; at != channels::none && count > 0; --count) {
      const channel &c = pool.at(at);
      at = backwards ? c.places[by].before : c.places[by].after;
      each(c);
    }
  };
  if (by == by_crowd)
    for (std::uint32_t crowd = low; crowd <= high; ++crowd)
      along(from->crowds_[crowd].first, SIZE_MAX);
  else
    along(backwards ? from->chains_[by].last : from->chains_[by].first, size_);
}

} // namespace confab::core
