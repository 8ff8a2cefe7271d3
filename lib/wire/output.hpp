// SPDX-License-Identifier: MIT
//
// Output buffers: encoded messages live once in shared, reference-counted blocks, and each
// connection's queue holds ranges of them. Messages that follow each other in a block melt into one
// range, so a queue of fifty broadcasts is often a single slice for one send. A reader that falls
// behind would pin whole blocks; `consolidate` then copies what is its own and lets the blocks go.
// No protocol, no sockets: bytes and counts.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <utility>

namespace confab::wire {

// A run of bytes with a count of the ranges that point into it. Its bytes follow it in memory.
struct block {
  std::uint32_t refs;
  std::uint32_t used;
  std::uint32_t size;
  std::uint32_t reserved;
  block *next; // in the store's list of those it will let go

  char *data() noexcept { return reinterpret_cast<char *>(this + 1); }
};

// Part of a block. Holding one in a queue counts as one reference, however long it is.
struct range {
  block *in = nullptr;
  std::uint32_t offset = 0;
  std::uint32_t len = 0;

  std::string_view view() const noexcept { return {in->data() + offset, len}; }
};

// Where messages are encoded to: one current block, rewound between messages when nobody points
// into it.
class block_store {
public:
  static constexpr std::uint32_t block_bytes = 16 * 1024;

  explicit block_store(std::pmr::memory_resource &memory) noexcept : memory_(&memory) {}
  block_store(const block_store &) = delete;
  block_store &operator=(const block_store &) = delete;
  ~block_store();

  // Begins anew in the current block when no queue points into it: ranges that were never pushed
  // are lost.
  void rewind() noexcept {
    if (current_ && current_->refs == 1)
      current_->used = 0;
    while (replaced_)
      release(std::exchange(replaced_, replaced_->next));
  }

  // Makes sure that `bytes` can be appended without an allocation. Throws bad_alloc.
  void reserve(std::size_t bytes);

  // Copies `bytes` behind what was appended last. A queue that takes the range counts it; without
  // that it is valid until the next rewind. Throws bad_alloc.
  range append(std::string_view bytes);

  void release(block *b) noexcept;

private:
  block *make(std::size_t bytes);
  void destroy(block *b) noexcept;

  std::pmr::memory_resource *memory_;
  block *current_ = nullptr;
  block *replaced_ = nullptr; // full ones that ranges of this message may still point into
};

// What one connection has still to send, in order. Sized to share a cache line with what a fan-out
// touches; one range is kept inside, more go to the heap until the queue is empty again.
class output_queue {
public:
  output_queue() noexcept = default;
  output_queue(const output_queue &) = delete;
  output_queue &operator=(const output_queue &) = delete;

  std::uint32_t bytes() const noexcept { return bytes_; }
  std::uint32_t size() const noexcept { return count_; }

  // False when memory ran out: then nothing was queued.
  bool push(std::pmr::memory_resource &memory, range r) noexcept;

  // The bytes of range `i`, without what was consumed of the first one.
  std::string_view slice(std::uint32_t i) const noexcept;

  // Drops `n` bytes from the front; n <= bytes().
  void consume(std::pmr::memory_resource &memory, block_store &store, std::uint32_t n) noexcept;

  // Moves everything to one block of its own, when that frees shared ones. Keeps it as it is when
  // memory ran out.
  void consolidate(std::pmr::memory_resource &memory, block_store &store) noexcept;

  void clear(std::pmr::memory_resource &memory, block_store &store) noexcept;

private:
  range *items() noexcept { return spill_ ? spill_ : &inline_; }
  const range *items() const noexcept { return spill_ ? spill_ : &inline_; }
  bool grow(std::pmr::memory_resource &memory) noexcept;
  void drop_spill(std::pmr::memory_resource &memory) noexcept;

  range *spill_ = nullptr;
  std::uint32_t bytes_ = 0;
  std::uint32_t first_sent_ = 0; // of items()[head_]
  std::uint16_t head_ = 0;
  std::uint16_t count_ = 0;
  std::uint16_t capacity_ = 1;
  bool owned_ = false; // everything lies in one block that nobody else uses
  range inline_;
};

// Walks a queue of whole lines, line by line, without their CR LF: for transports that carry each
// in a message of its own. Every range holds whole lines, and so does what is left of the first one
// as long as only whole lines are consumed. The queue must not change meanwhile.
class line_walk {
public:
  explicit line_walk(const output_queue &queue) noexcept : queue_(&queue) {}

  // False behind the last.
  bool next(std::string_view &line) noexcept;

  // What the queue must consume for the lines so far, ends included.
  std::uint32_t passed() const noexcept { return passed_; }

private:
  const output_queue *queue_;
  std::string_view rest_; // of the range before `range_`
  std::uint32_t range_ = 0, passed_ = 0;
};

} // namespace confab::wire
