// SPDX-License-Identifier: MIT
//
// Memory of one engine: the host's realloc-shaped allocator behind a std::pmr::memory_resource,
// with a count of what is out. Everything an engine holds comes from here, so the count is the
// engine's size, and a failing allocator fails the engine alone. owned_str is text that costs
// nothing when empty.

#pragma once

#include <confab/types.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory_resource>
#include <new>
#include <string_view>
#include <utility>

namespace confab::core {

// One step of the host's allocator, or of the C library's where it gave none: the rule is
// confab_allocator's.
inline void *resize(const confab_allocator &with, void *at, std::size_t old_bytes,
                    std::size_t new_bytes) noexcept {
  if (with.realloc_fn)
    return with.realloc_fn(with.ctx, at, old_bytes, new_bytes);
  if (new_bytes > 0)
    return std::realloc(at, new_bytes);
  std::free(at);
  return nullptr;
}

class memory final : public std::pmr::memory_resource {
public:
  explicit memory(confab_allocator allocator) noexcept : allocator_(allocator) {}

  std::size_t used_bytes() const noexcept { return used_; }

  template <class T, class... Args>
  T *create(Args &&...args) {
    void *at = allocate(sizeof(T), alignof(T));
    try {
      return ::new (at) T(std::forward<Args>(args)...);
    } catch (...) {
      deallocate(at, sizeof(T), alignof(T));
      throw;
    }
  }

  template <class T>
  void destroy(T *object) noexcept {
    if (!object)
      return;
    object->~T();
    deallocate(object, sizeof(T), alignof(T));
  }

private:
  void *do_allocate(std::size_t bytes, std::size_t) override {
    void *at = resize(allocator_, nullptr, 0, bytes ? bytes : 1);
    if (!at)
      throw std::bad_alloc();
    used_ += bytes;
    return at;
  }

  void do_deallocate(void *at, std::size_t bytes, std::size_t) override {
    used_ -= bytes;
    resize(allocator_, at, bytes ? bytes : 1, 0);
  }

  bool do_is_equal(const std::pmr::memory_resource &other) const noexcept override {
    return this == &other;
  }

  confab_allocator allocator_;
  std::size_t used_ = 0;
};

inline std::string_view view(confab_str s) noexcept { return {s.ptr, s.len}; }
inline confab_str str(std::string_view s) noexcept { return {s.data(), s.size()}; }

// Text that an object owns: twelve bytes of overhead less than a std::pmr::string, because the
// memory it came from is named by whoever changes it.
class owned_str {
public:
  owned_str() noexcept = default;
  owned_str(owned_str &&other) noexcept
      : data_(std::exchange(other.data_, nullptr)), len_(std::exchange(other.len_, 0)) {}
  owned_str(const owned_str &) = delete;
  owned_str &operator=(const owned_str &) = delete;

  owned_str(memory &from, std::string_view text) { assign(from, text); }

  std::string_view view() const noexcept { return {data_, len_}; }
  bool empty() const noexcept { return len_ == 0; }
  char *data() noexcept { return data_; }

  // Throws bad_alloc, and keeps the old text then. `text` may be part of the old one.
  void assign(memory &from, std::string_view text) {
    char *fresh = nullptr;
    if (!text.empty()) {
      fresh = static_cast<char *>(from.allocate(text.size(), 1));
      std::memcpy(fresh, text.data(), text.size());
    }
    clear(from);
    data_ = fresh;
    len_ = static_cast<std::uint32_t>(text.size());
  }

  void clear(memory &from) noexcept {
    if (data_)
      from.deallocate(data_, len_, 1);
    data_ = nullptr;
    len_ = 0;
  }

  void swap(owned_str &other) noexcept {
    std::swap(data_, other.data_);
    std::swap(len_, other.len_);
  }

private:
  char *data_ = nullptr;
  std::uint32_t len_ = 0;
};

} // namespace confab::core
