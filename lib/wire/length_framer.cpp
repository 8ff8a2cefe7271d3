// SPDX-License-Identifier: MIT
//
// The length framer: see length_framer.hpp. Whole frames are handed out as views of the host's
// bytes, without a copy; only a frame that arrives in pieces is put together in the buffer.

#include "wire/length_framer.hpp"

#include <algorithm>
#include <cstring>

namespace confab::wire {

namespace {

// What the header at the front of `s`, which is there, says.
std::size_t length_of(std::string_view s) noexcept {
  return static_cast<std::size_t>(static_cast<unsigned char>(s[2])) |
         static_cast<std::size_t>(static_cast<unsigned char>(s[3])) << 8U;
}

} // namespace

bool whole_frames(std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    if (bytes.size() < length_framer::header_bytes)
      return false;
    const std::size_t length = length_of(bytes);
    if (length < length_framer::header_bytes || length > bytes.size())
      return false;
    bytes.remove_prefix(length);
  }
  return true;
}

void length_framer::pass_line_end(std::string_view &from) noexcept {
  if (!after_lines_ || from.empty())
    return;
  if (from.front() == '\n')
    from.remove_prefix(1);
  after_lines_ = false;
}

framed length_framer::take(std::string_view &from, std::size_t frame_bytes_max,
                           std::string_view &out) noexcept {
  pass_line_end(from);
  if (from.size() < header_bytes)
    return framed::none;
  const std::size_t length = length_of(from);
  if (length < header_bytes || length > frame_bytes_max) {
    out = from.substr(0, header_bytes);
    from = {};
    broken_ = true;
    return framed::bad_length;
  }
  if (from.size() < length)
    return framed::none;
  out = from.substr(0, length);
  from.remove_prefix(length);
  return framed::whole;
}

framed length_framer::next(std::pmr::memory_resource &memory, std::string_view &fresh,
                           std::size_t frame_bytes_max, std::string_view &out) {
  if (broken_) {
    clear(memory);
    fresh = {};
    return framed::none;
  }
  while (kept() > 0) {
    std::string_view held{data_ + read_, kept()};
    const framed got = take(held, frame_bytes_max, out);
    read_ = used_ - static_cast<std::uint32_t>(held.size());
    if (got != framed::none)
      return got;
    if (held.empty())
      break;
    // The head of a frame is kept: add what completes its header, then itself, from the fresh
    // bytes.
    const std::size_t wanted = held.size() < header_bytes ? header_bytes : length_of(held);
    const std::size_t part = std::min(wanted - held.size(), fresh.size());
    if (part == 0)
      return framed::none;
    keep(memory, fresh.substr(0, part));
    fresh.remove_prefix(part);
  }
  clear(memory);
  return take(fresh, frame_bytes_max, out);
}

void length_framer::keep(std::pmr::memory_resource &memory, std::string_view bytes) {
  if (bytes.empty() || broken_)
    return;
  compact();
  const std::size_t needed = used_ + bytes.size();
  if (needed > capacity_) {
    const std::size_t wider = std::max<std::size_t>({needed, std::size_t{capacity_} * 2, 128});
    char *fresh = static_cast<char *>(memory.allocate(wider, 1));
    if (used_ > 0)
      std::memcpy(fresh, data_, used_);
    if (data_)
      memory.deallocate(data_, capacity_, 1);
    data_ = fresh;
    capacity_ = static_cast<std::uint32_t>(wider);
  }
  std::memcpy(data_ + used_, bytes.data(), bytes.size());
  used_ += static_cast<std::uint32_t>(bytes.size());
}

// Moves the unread bytes to the front.
void length_framer::compact() noexcept {
  if (read_ == 0)
    return;
  if (kept() > 0)
    std::memmove(data_, data_ + read_, kept());
  used_ -= read_;
  read_ = 0;
}

void length_framer::clear(std::pmr::memory_resource &memory) noexcept {
  if (data_)
    memory.deallocate(data_, capacity_, 1);
  data_ = nullptr;
  capacity_ = used_ = read_ = 0;
}

} // namespace confab::wire
