// SPDX-License-Identifier: MIT
//
// Finds objects by name under a case mapping: open addressing with linear probing and a keyed hash,
// so that strangers who choose names cannot choose collisions. The table holds pointers and short
// hashes; the names stay in their objects. Growth happens in reserve, so that insert cannot fail.

#pragma once

#include "core/memory.hpp"
#include "text/casemap.hpp"
#include "text/hash.hpp"

#include <vector>

namespace confab::core {

// T has `std::string_view name() const`.
template <class T>
class name_index {
public:
  name_index(memory &from, text::hash_key key, text::casemap map) noexcept
      : key_(key), map_(map), cells_(&from) {}

  T *find(std::string_view name) const noexcept {
    if (cells_.empty())
      return nullptr;
    const std::uint32_t hash = hash_of(name);
    for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
      const cell &c = cells_[i];
      if (!c.item)
        return nullptr;
      if (c.hash == hash && text::equal(map_, c.item->name(), name))
        return c.item;
    }
  }

  // Makes the next insert need no memory. Throws bad_alloc; nothing changed then.
  void reserve() {
    if ((count_ + 1) * 4 <= cells_.size() * 3)
      return;
    std::pmr::vector<cell> wider(cells_.empty() ? 16 : cells_.size() * 2, cell{},
                                 cells_.get_allocator());
    wider.swap(cells_);
    for (const cell &c : wider)
      if (c.item)
        place(c);
  }

  // The name is not in the table, and reserve was called.
  void insert(T &item) noexcept {
    place(cell{&item, hash_of(item.name())});
    ++count_;
  }

  // The item is in the table under its present name.
  void erase(const T &item) noexcept {
    std::size_t hole = hash_of(item.name()) & mask();
    while (cells_[hole].item != &item)
      hole = (hole + 1) & mask();
    // Closes the gap: moves back what would not be found across it.
    for (std::size_t i = (hole + 1) & mask(); cells_[i].item; i = (i + 1) & mask()) {
      const std::size_t home = cells_[i].hash & mask();
      if (((i - home) & mask()) >= ((i - hole) & mask())) {
        cells_[hole] = cells_[i];
        hole = i;
      }
    }
    cells_[hole] = cell{};
    --count_;
  }

private:
  struct cell {
    T *item = nullptr;
    std::uint32_t hash = 0;
  };

  std::size_t mask() const noexcept { return cells_.size() - 1; }
  std::uint32_t hash_of(std::string_view name) const noexcept {
    return static_cast<std::uint32_t>(text::siphash13_folded(key_, map_, name));
  }

  void place(cell c) noexcept {
    std::size_t i = c.hash & mask();
    while (cells_[i].item)
      i = (i + 1) & mask();
    cells_[i] = c;
  }

  text::hash_key key_;
  text::casemap map_;
  std::pmr::vector<cell> cells_;
  std::size_t count_ = 0;
};

} // namespace confab::core
