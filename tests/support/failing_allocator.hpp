// SPDX-License-Identifier: MIT
//
// An allocator for an engine that counts what is out, checks the sizes that come back, and fails
// one allocation of choice. What it finds wrong is kept for the test to look at, because an
// allocator cannot throw through the library. Only for tests.
#pragma once

#include <confab/types.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <unordered_map>

namespace confab::test {

class failing_allocator {
public:
  failing_allocator() = default;
  failing_allocator(const failing_allocator &) = delete;
  failing_allocator &operator=(const failing_allocator &) = delete;
  ~failing_allocator() {
    for (const auto &[at, bytes] : live_)
      std::free(at);
  }

  confab_allocator table() { return {this, &failing_allocator::resize}; }

  // Lets allocation number `nth` from now fail, once; 0: none.
  void fail_at(std::uint64_t nth) {
    countdown_ = nth;
    failed_ = false;
  }
  bool failed() const { return failed_; }
  std::uint64_t allocations() const { return allocations_; }
  std::size_t live_blocks() const { return live_.size(); }
  std::size_t live_bytes() const { return live_bytes_; }
  const std::string &problem() const { return problem_; }

private:
  static void *CONFAB_CALL resize(void *ctx, void *at, std::size_t old_size, std::size_t new_size) {
    return static_cast<failing_allocator *>(ctx)->resize(at, old_size, new_size);
  }

  void *resize(void *at, std::size_t old_size, std::size_t new_size) {
    if (at && !known(at, old_size))
      return nullptr;
    if (new_size == 0) {
      live_.erase(at);
      live_bytes_ -= old_size;
      std::free(at);
      return nullptr;
    }
    ++allocations_;
    if (countdown_ > 0 && --countdown_ == 0) {
      failed_ = true;
      return nullptr;
    }
    void *fresh = std::realloc(at, new_size);
    if (fresh) {
      live_.erase(at);
      live_[fresh] = new_size;
      live_bytes_ = live_bytes_ - (at ? old_size : 0) + new_size;
    }
    return fresh;
  }

  bool known(void *at, std::size_t old_size) {
    const auto found = live_.find(at);
    if (found == live_.end())
      problem_ = "memory came back that was not out";
    else if (found->second != old_size)
      problem_ = "memory came back with another size than it was given with";
    else
      return true;
    return false;
  }

  std::unordered_map<void *, std::size_t> live_;
  std::size_t live_bytes_ = 0;
  std::uint64_t allocations_ = 0;
  std::uint64_t countdown_ = 0;
  bool failed_ = false;
  std::string problem_;
};

} // namespace confab::test
