// SPDX-License-Identifier: MIT
//
// The line framer: see line_framer.hpp. Whole lines are handed out as views of the host's bytes,
// without a copy; only a line that arrives in pieces is put together in the buffer.

#include "wire/line_framer.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace confab::wire {

namespace {

// The first CR or LF, or npos. Two passes of memchr beat one loop over both.
std::size_t find_end(std::string_view s) noexcept {
  const std::size_t lf = s.find('\n');
  const std::size_t cr = s.substr(0, lf).find('\r');
  return cr != std::string_view::npos ? cr : lf;
}

} // namespace

frame line_framer::take(std::string_view &from, std::size_t line_max, std::string_view &out,
                        bool whole) noexcept {
  while (!from.empty()) {
    std::size_t end = find_end(from);
    if (whole && end == std::string_view::npos)
      end = from.size();
    if (skipped_ > 0) {
      const std::size_t part = std::min(end, from.size());
      skipped_ = end == std::string_view::npos ? skipped_ + static_cast<std::uint32_t>(part) : 0;
      from.remove_prefix(part);
      continue;
    }
    if (end == 0) {
      from.remove_prefix(1);
      continue;
    }
    const bool ended = end != std::string_view::npos;
    const std::size_t len = ended ? end : from.size();
    if (len > line_max) {
      out = from.substr(0, line_max);
      skipped_ = ended ? 0 : static_cast<std::uint32_t>(len);
      from.remove_prefix(len);
      return frame::too_long;
    }
    if (!ended)
      return frame::none;
    out = from.substr(0, end);
    from.remove_prefix(std::min(end + 1, from.size()));
    return frame::line;
  }
  return frame::none;
}

frame line_framer::next(std::pmr::memory_resource &memory, std::string_view &fresh,
                        std::size_t line_max, std::string_view &out, bool whole) {
  if (kept() > 0) {
    std::string_view held{data_ + read_, kept()};
    frame got = take(held, line_max, out, false); // a message that was kept has its end
    read_ = used_ - static_cast<std::uint32_t>(held.size());
    if (got != frame::none)
      return got;
    // The head of a line is kept: take what ends it, or all there is, from the fresh bytes.
    if (kept() > 0 && !fresh.empty()) {
      const std::size_t end = find_end(fresh);
      const std::size_t part = end == std::string_view::npos
                                   ? std::min(fresh.size(), line_max + 1 - kept())
                                   : std::min(end + 1, line_max + 1 - kept() + 1);
      keep(memory, fresh.substr(0, part));
      fresh.remove_prefix(part);
      return next(memory, fresh, line_max, out, whole);
    }
  }
  if (kept() == 0)
    clear(memory);
  return take(fresh, line_max, out, whole);
}

void line_framer::keep(std::pmr::memory_resource &memory, std::string_view bytes, bool whole) {
  if (bytes.empty())
    return;
  compact();
  const std::size_t needed = used_ + bytes.size() + (whole ? 1U : 0U);
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
  if (whole)
    data_[used_++] = '\n';
}

// Moves the unread bytes to the front.
void line_framer::compact() noexcept {
  if (read_ == 0)
    return;
  if (kept() > 0)
    std::memmove(data_, data_ + read_, kept());
  used_ -= read_;
  read_ = 0;
}

void line_framer::clear(std::pmr::memory_resource &memory) noexcept {
  if (data_)
    memory.deallocate(data_, capacity_, 1);
  data_ = nullptr;
  capacity_ = used_ = read_ = 0;
}

} // namespace confab::wire
