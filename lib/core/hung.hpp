// SPDX-License-Identifier: MIT
//
// What hangs on objects without being part of them: values of added modes, properties, data of
// slots. One table beside the objects, keyed by the object's id and by the addition that it belongs
// to: whoever has nothing costs nothing. What an entry means, and who is told when it goes, is the
// business of additions.

#pragma once

#include "core/memory.hpp"

#include <cstddef>
#include <vector>

namespace confab::core {

struct hung {
  confab_id object = 0; // 0: the engine
  confab_id key = 0;    // the addition
  hung *next = nullptr;
  void *data = nullptr; // of a slot
  owned_str text;       // of a mode or property
};

class hung_table {
public:
  explicit hung_table(memory &from) noexcept : mem_(&from), buckets_(&from) {}
  hung_table(const hung_table &) = delete;
  hung_table &operator=(const hung_table &) = delete;
  ~hung_table();

  bool empty() const noexcept { return count_ == 0; }
  hung *find(confab_id object, confab_id key) const noexcept;
  // An entry that is not in the table yet, and room for it. Throws bad_alloc.
  hung *make(confab_id object, confab_id key);
  void insert(hung *entry) noexcept;

  // Take entries out, as a chain; they are the caller's then.
  hung *take(confab_id object, confab_id key) noexcept;
  hung *take_object(confab_id object) noexcept;
  hung *take_key(confab_id key) noexcept;
  // Frees an entry that is not in the table.
  void destroy(hung *entry) noexcept;

private:
  std::size_t bucket_of(confab_id object) const noexcept {
    return static_cast<std::size_t>(object * 0x9e3779b97f4a7c15U >> 32) & (buckets_.size() - 1);
  }
  template <class Wanted>
  hung *take_from(hung *&bucket, hung *chain, Wanted &&wanted) noexcept;

  memory *mem_;
  std::pmr::vector<hung *> buckets_; // a power of two of them, or none
  std::size_t count_ = 0;
};

} // namespace confab::core
