// SPDX-License-Identifier: MIT
//
// Generational ids and the pools they name: objects stay where they are, and an id that outlived
// its object is found out. An id is kind (4 bits), generation (28), index (32). A generation is odd
// while its slot is in use; a slot whose generation would wrap is retired, so no id ever means a
// second object.

#pragma once

#include "core/memory.hpp"

#include <confab/types.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <vector>

namespace confab::core {

// What every pooled object begins with.
struct pooled {
  std::uint32_t generation = 0;
  std::uint32_t index = 0; // in the pool; while free, the next free slot
};

constexpr std::uint32_t id_index(confab_id id) noexcept { return static_cast<std::uint32_t>(id); }
constexpr std::uint32_t id_generation(confab_id id) noexcept {
  return static_cast<std::uint32_t>(id >> 32) & 0x0fffffffU;
}

template <class T, std::uint32_t Kind>
class pool {
public:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::uint32_t chunk_slots = 64;
  static constexpr std::uint32_t generation_max = 0x0fffffffU;

  explicit pool(memory &from) noexcept : memory_(&from), chunks_(&from) {}
  pool(const pool &) = delete;
  pool &operator=(const pool &) = delete;

  ~pool() {
    for (std::uint32_t i = first(); i != none; i = next(i))
      at(i).~T();
    for (void *chunk : chunks_)
      memory_->deallocate(chunk, chunk_bytes, alignof(std::max_align_t));
  }

  std::uint32_t size() const noexcept { return live_; }
  // Living and free.
  std::uint32_t slots() const noexcept { return slots_; }

  static confab_id id(const T &object) noexcept {
    return confab_id{Kind} << 60 | confab_id{object.generation} << 32 | object.index;
  }

  // The object that `id` names, or null when it is of another kind or dead.
  T *find(confab_id id) noexcept {
    const std::uint32_t index = id_index(id);
    if (id >> 60 != Kind || index >= slots_)
      return nullptr;
    T &object = at(index);
    return object.generation == id_generation(id) && (object.generation & 1) ? &object : nullptr;
  }
  const T *find(confab_id id) const noexcept { return const_cast<pool *>(this)->find(id); }

  // A new object. Throws what T's constructor throws, and bad_alloc; nothing changed then.
  template <class... Args>
  T &create(Args &&...args) {
    reserve();
    const std::uint32_t index = free_;
    auto *header = reinterpret_cast<pooled *>(address(index));
    const pooled before = *header;
    T *object = nullptr;
    try {
      object = ::new (address(index)) T(std::forward<Args>(args)...);
    } catch (...) {
      ::new (address(index)) pooled(before);
      throw;
    }
    object->generation = before.generation + 1;
    object->index = index;
    free_ = before.index;
    ++live_;
    return *object;
  }

  // Makes the next create need no memory of the pool.
  void reserve() {
    if (free_ == none)
      add_chunk();
  }

  void destroy(T &object) noexcept {
    const std::uint32_t index = object.index;
    const std::uint32_t generation = object.generation + 1;
    object.~T();
    auto *header = ::new (address(index)) pooled{generation, none};
    --live_;
    if (generation + 1 >= generation_max)
      return; // retired
    header->index = free_;
    free_ = index;
  }

  // Makes every id of a living object dead, before the object itself goes.
  void disown(T &object) noexcept { object.generation += 2; }

  T &at(std::uint32_t index) noexcept { return *reinterpret_cast<T *>(address(index)); }
  const T &at(std::uint32_t index) const noexcept { return const_cast<pool *>(this)->at(index); }

  // Walks the living in the order of their indices: the same on every run.
  std::uint32_t first() const noexcept { return live_from(0); }
  std::uint32_t next(std::uint32_t index) const noexcept { return live_from(index + 1); }
  std::uint32_t live_from(std::uint32_t index) const noexcept {
    for (; index < slots_; ++index)
      if (header(index).generation & 1)
        return index;
    return none;
  }

private:
  static constexpr std::size_t align = alignof(T) > 16 ? alignof(T) : 16;
  static constexpr std::size_t stride = (sizeof(T) + alignof(T) - 1) / alignof(T) * alignof(T);
  static constexpr std::size_t chunk_bytes = stride * chunk_slots + (align > 16 ? align : 0);

  std::byte *address(std::uint32_t index) const noexcept {
    auto base = reinterpret_cast<std::uintptr_t>(chunks_[index / chunk_slots]);
    base = (base + align - 1) / align * align;
    return reinterpret_cast<std::byte *>(base) + (index % chunk_slots) * stride;
  }

  const pooled &header(std::uint32_t index) const noexcept {
    return *reinterpret_cast<const pooled *>(address(index));
  }

  void add_chunk() {
    chunks_.reserve(chunks_.size() + 1);
    chunks_.push_back(memory_->allocate(chunk_bytes, alignof(std::max_align_t)));
    slots_ += chunk_slots;
    for (std::uint32_t i = slots_; i-- > slots_ - chunk_slots;) {
      ::new (address(i)) pooled{0, free_};
      free_ = i;
    }
  }

  memory *memory_;
  std::pmr::vector<void *> chunks_;
  std::uint32_t slots_ = 0;
  std::uint32_t live_ = 0;
  std::uint32_t free_ = none;
};

} // namespace confab::core
