// SPDX-License-Identifier: MIT
//
// Memory with an unreadable page on each side, so that one byte read or written past a buffer
// stops the program even without a sanitizer. One object serves any number of inputs up to its
// size, one after the other. For tests on POSIX only; the library never maps memory.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <sys/mman.h>
#include <unistd.h>

namespace confab::test {

class guard_page {
public:
  explicit guard_page(std::size_t bytes_max)
      : page_(static_cast<std::size_t>(sysconf(_SC_PAGESIZE))),
        body_((bytes_max + page_ - 1) / page_ * page_) {
    void *base = mmap(nullptr, body_ + 2 * page_, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (base == MAP_FAILED)
      throw std::runtime_error("mmap failed");
    base_ = static_cast<char *>(base);
    if (mprotect(base_ + page_, body_, PROT_READ | PROT_WRITE) != 0)
      throw std::runtime_error("mprotect failed");
  }
  ~guard_page() { munmap(base_, body_ + 2 * page_); }
  guard_page(const guard_page &) = delete;
  guard_page &operator=(const guard_page &) = delete;

  // Room for `bytes` that ends where the unreadable page begins.
  char *before_end(std::size_t bytes) const { return base_ + page_ + checked(body_, bytes); }
  // Room for `bytes` that begins where the unreadable page ends.
  char *after_begin(std::size_t bytes) const {
    checked(body_, bytes);
    return base_ + page_;
  }

  std::string_view place_at_end(std::string_view s) const { return place(before_end(s.size()), s); }
  std::string_view place_at_begin(std::string_view s) const {
    return place(after_begin(s.size()), s);
  }

private:
  static std::size_t checked(std::size_t body, std::size_t bytes) {
    if (bytes > body)
      throw std::length_error("guard_page is too small");
    return body - bytes;
  }
  static std::string_view place(char *at, std::string_view s) {
    s.copy(at, s.size());
    return {at, s.size()};
  }

  std::size_t page_;
  std::size_t body_;
  char *base_ = nullptr;
};

} // namespace confab::test
