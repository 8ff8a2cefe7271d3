// SPDX-License-Identifier: MIT
//
// Cuts a stream into lines: CR, LF and both end one, empty ones are passed over. What is not yet a
// line, or must wait, is kept in a buffer that grows only when needed and goes when it is empty. A
// line longer than the limit is reported once, as too long, and skipped to its end; it never
// becomes two. Where input comes as whole messages, the end of one ends a line too. Nothing here
// knows what a line means.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>

namespace confab::wire {

enum class frame : std::uint8_t {
  none,    // no whole line yet
  line,    // `out` is a line without its end
  too_long // a line over the limit began; `out` is what there is of it
};

class line_framer {
public:
  line_framer() noexcept = default;
  line_framer(const line_framer &) = delete;
  line_framer &operator=(const line_framer &) = delete;

  // Bytes kept for later.
  std::size_t kept() const noexcept { return used_ - read_; }

  // Bytes of an endless line that were passed over; 0 once it ended.
  std::size_t skipped() const noexcept { return skipped_; }

  // The next line out of what was kept, else out of `fresh`, which shrinks by what was taken. A
  // view into the kept bytes is valid until the next call that is not const. `line_max` is without
  // the line's end. `whole`: `fresh` is what is left of a message, and a line ends with it. Throws
  // bad_alloc when a line is spread over both and the buffer cannot grow.
  frame next(std::pmr::memory_resource &memory, std::string_view &fresh, std::size_t line_max,
             std::string_view &out, bool whole = false);

  // Keeps bytes for later calls of next; `whole` as there. Throws bad_alloc.
  void keep(std::pmr::memory_resource &memory, std::string_view bytes, bool whole = false);

  // What is kept and not yet handed out, for a stream that goes on as something else than lines.
  // Valid until the next call that is not const.
  std::string_view rest() const noexcept { return {data_ + read_, kept()}; }

  void clear(std::pmr::memory_resource &memory) noexcept;

private:
  frame take(std::string_view &from, std::size_t line_max, std::string_view &out,
             bool whole) noexcept;
  void compact() noexcept;

  char *data_ = nullptr;
  std::uint32_t capacity_ = 0;
  std::uint32_t used_ = 0;
  std::uint32_t read_ = 0;
  std::uint32_t skipped_ = 0; // bytes of a line that is too long and has not ended; 0: none
};

} // namespace confab::wire
