// SPDX-License-Identifier: MIT
//
// Blocks and queues of output: see output.hpp. Reference counts are plain integers, because an
// engine belongs to one thread at a time. Failure of memory is the caller's to report: a queue
// never holds half a message.

#include "wire/output.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <new>

namespace confab::wire {

namespace {

constexpr std::size_t block_align = alignof(std::max_align_t);

} // namespace

block_store::~block_store() {
  rewind();
  if (current_)
    release(current_);
}

block *block_store::make(std::size_t bytes) {
  void *memory = memory_->allocate(sizeof(block) + bytes, block_align);
  return ::new (memory) block{1, 0, static_cast<std::uint32_t>(bytes), 0, nullptr};
}

void block_store::destroy(block *b) noexcept {
  memory_->deallocate(b, sizeof(block) + b->size, block_align);
}

void block_store::release(block *b) noexcept {
  assert(b->refs > 0);
  if (--b->refs == 0)
    destroy(b);
}

void block_store::reserve(std::size_t bytes) {
  if (current_ && current_->size - current_->used >= bytes)
    return;
  block *fresh = make(std::max<std::size_t>(bytes, block_bytes));
  if (current_) {
    current_->next = replaced_;
    replaced_ = current_;
  }
  current_ = fresh;
}

range block_store::append(std::string_view bytes) {
  if (!current_ || current_->size - current_->used < bytes.size())
    reserve(bytes.size());
  const range r{current_, current_->used, static_cast<std::uint32_t>(bytes.size())};
  if (!bytes.empty())
    std::memcpy(current_->data() + current_->used, bytes.data(), bytes.size());
  current_->used += r.len;
  return r;
}

bool output_queue::grow(std::pmr::memory_resource &memory) noexcept {
  if (head_ > 0) {
    std::copy(items() + head_, items() + head_ + count_, items());
    head_ = 0;
    return true;
  }
  if (capacity_ > 0x4000)
    return false;
  const auto wider = static_cast<std::uint16_t>(capacity_ == 1 ? 4 : capacity_ * 2);
  range *fresh = nullptr;
  try {
    fresh = static_cast<range *>(memory.allocate(wider * sizeof(range), alignof(range)));
  } catch (const std::bad_alloc &) {
    return false;
  }
  std::copy(items(), items() + count_, fresh);
  drop_spill(memory);
  spill_ = fresh;
  capacity_ = wider;
  return true;
}

void output_queue::drop_spill(std::pmr::memory_resource &memory) noexcept {
  if (spill_)
    memory.deallocate(spill_, capacity_ * sizeof(range), alignof(range));
  spill_ = nullptr;
  capacity_ = 1;
}

bool output_queue::push(std::pmr::memory_resource &memory, range r) noexcept {
  if (r.len == 0)
    return true;
  if (r.len > UINT32_MAX - bytes_)
    return false;
  if (count_ > 0) {
    range &last = items()[head_ + count_ - 1];
    if (last.in == r.in && last.offset + last.len == r.offset) {
      last.len += r.len;
      bytes_ += r.len;
      return true;
    }
  }
  if (head_ + count_ == capacity_ && !grow(memory))
    return false;
  items()[head_ + count_] = r;
  ++r.in->refs;
  ++count_;
  bytes_ += r.len;
  owned_ = false;
  return true;
}

std::string_view output_queue::slice(std::uint32_t i) const noexcept {
  assert(i < count_);
  std::string_view bytes = items()[head_ + i].view();
  if (i == 0)
    bytes.remove_prefix(first_sent_);
  return bytes;
}

void output_queue::consume(std::pmr::memory_resource &memory, block_store &store,
                           std::uint32_t n) noexcept {
  assert(n <= bytes_);
  bytes_ -= n;
  while (count_ > 0) {
    range &first = items()[head_];
    const std::uint32_t left = first.len - first_sent_;
    if (n < left) {
      first_sent_ += n;
      return;
    }
    n -= left;
    first_sent_ = 0;
    store.release(first.in);
    ++head_;
    --count_;
  }
  head_ = 0;
  owned_ = false;
  drop_spill(memory);
}

void output_queue::consolidate(std::pmr::memory_resource &memory, block_store &store) noexcept {
  if (count_ == 0 || owned_)
    return;
  block *own = nullptr;
  try {
    void *at = memory.allocate(sizeof(block) + bytes_, block_align);
    own = ::new (at) block{1, 0, bytes_, 0, nullptr};
  } catch (const std::bad_alloc &) {
    return;
  }
  for (std::uint32_t i = 0; i < count_; ++i) {
    const std::string_view bytes = slice(i);
    std::memcpy(own->data() + own->used, bytes.data(), bytes.size());
    own->used += static_cast<std::uint32_t>(bytes.size());
  }
  for (std::uint32_t i = 0; i < count_; ++i)
    store.release(items()[head_ + i].in);
  drop_spill(memory);
  head_ = 0;
  count_ = 1;
  first_sent_ = 0;
  inline_ = range{own, 0, own->used};
  owned_ = true;
}

void output_queue::clear(std::pmr::memory_resource &memory, block_store &store) noexcept {
  consume(memory, store, bytes_);
}

bool line_walk::next(std::string_view &line) noexcept {
  if (rest_.empty()) {
    if (range_ == queue_->size())
      return false;
    rest_ = queue_->slice(range_++);
  }
  const std::size_t end = rest_.find('\n');
  assert(end != std::string_view::npos && end > 0 && rest_[end - 1] == '\r');
  line = rest_.substr(0, end - 1);
  rest_.remove_prefix(end + 1);
  passed_ += static_cast<std::uint32_t>(end + 1);
  return true;
}

} // namespace confab::wire
