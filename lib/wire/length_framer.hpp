// SPDX-License-Identifier: MIT
//
// Cuts a stream into frames that say how long they are: a header of four bytes, whose last two are
// the length of the whole frame, header included, with the low byte first. What is not yet a frame,
// or must wait, is kept in a buffer that grows only when needed and goes when it is empty. A length
// that cannot be one leaves no way to find the next frame: it is reported once, and what follows is
// dropped. Nothing here knows what a frame means.

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string_view>

namespace confab::wire {

enum class framed : std::uint8_t {
  none,      // no whole frame yet
  whole,     // `out` is a frame with its header
  bad_length // `out` is a header whose length is less than its own or over the limit
};

// Is it nothing but frames, each as long as it says?
bool whole_frames(std::string_view bytes) noexcept;

class length_framer {
public:
  static constexpr std::size_t header_bytes = 4;

  length_framer() noexcept = default;
  length_framer(const length_framer &) = delete;
  length_framer &operator=(const length_framer &) = delete;

  // Bytes kept for later.
  std::size_t kept() const noexcept { return used_ - read_; }

  // A bad length came: nothing more is taken for a frame.
  bool broken() const noexcept { return broken_; }

  // The stream was lines until now, and the last may have ended with a CR whose LF is still to
  // come: one LF in front of the first frame is passed over.
  void after_lines() noexcept { after_lines_ = true; }

  // The next frame out of what was kept, else out of `fresh`, which shrinks by what was taken. A
  // view into the kept bytes is valid until the next call that is not const. A bad length shows as
  // soon as the header is there. Throws bad_alloc when a frame is spread over both and the buffer
  // cannot grow.
  framed next(std::pmr::memory_resource &memory, std::string_view &fresh,
              std::size_t frame_bytes_max, std::string_view &out);

  // Keeps bytes for later calls of next; once broken, drops them. Throws bad_alloc.
  void keep(std::pmr::memory_resource &memory, std::string_view bytes);

  void clear(std::pmr::memory_resource &memory) noexcept;

private:
  framed take(std::string_view &from, std::size_t frame_bytes_max, std::string_view &out) noexcept;
  void pass_line_end(std::string_view &from) noexcept;
  void compact() noexcept;

  char *data_ = nullptr;
  std::uint32_t capacity_ = 0;
  std::uint32_t used_ = 0;
  std::uint32_t read_ = 0;
  bool broken_ = false;
  bool after_lines_ = false;
};

} // namespace confab::wire
