// SPDX-License-Identifier: MIT
//
// Writes one frame into the caller's buffer and never outside it: what does not fit is counted and
// not written, so that the caller learns what it takes. A frame that would be longer than a frame
// may be counts as one that does not fit. Layouts are in the files that use it.

#pragma once

#include "proto/mic/frame.hpp"
#include "proto/mic/limits.hpp"
#include "proto/mic/strings.hpp"

#include <algorithm>
#include <cstring>

namespace confab::mic {

// What became of a frame.
struct written {
  std::string_view frame; // empty: it did not fit
  std::size_t needed = 0; // bytes; over frame_bytes_max no buffer helps
};

class writer {
public:
  writer(std::span<char> out, kind what, std::uint8_t flags) noexcept : out_(out) {
    u8(static_cast<std::uint8_t>(what));
    u8(flags);
    u16(0); // the length, when it is known
  }

  std::size_t used() const noexcept { return used_; }
  bool fits() const noexcept { return used_ <= std::min(out_.size(), frame_bytes_max); }

  void u8(std::uint32_t value) noexcept { number(value, 1); }
  void u16(std::uint32_t value) noexcept { number(value, 2); }
  void u32(std::uint32_t value) noexcept { number(value, 4); }

  void bytes(std::string_view from) noexcept {
    if (!from.empty() && used_ <= out_.size() && from.size() <= out_.size() - used_)
      std::memcpy(out_.data() + used_, from.data(), from.size());
    used_ += from.size();
  }

  // At most units_max units of a text; returns how many.
  std::size_t text(std::string_view utf8, encoding to, std::size_t units_max) noexcept {
    const std::size_t bytes_max = units_max * to.unit_bytes();
    const std::size_t at = std::min(used_, out_.size());
    const std::size_t room = used_ <= out_.size() ? out_.size() - used_ : 0;
    converted done = from_utf8(utf8, to, out_.subspan(at, std::min(room, bytes_max)));
    if (done.taken < utf8.size() && room < bytes_max)
      done = measure(utf8, to, bytes_max);
    used_ += done.bytes;
    return done.bytes / to.unit_bytes();
  }

  // All of a text. One that no frame can hold is only measured.
  void text(std::string_view utf8, encoding to) noexcept { text(utf8, to, 0x10000); }

  // Replaces what was written before at `at`.
  void replace_u8(std::size_t at, std::size_t value) noexcept {
    if (at < out_.size())
      out_[at] = static_cast<char>(value);
  }

  // Sets flags that only now are known, drops what was written behind `used`.
  void add_flags(std::uint8_t flags) noexcept {
    if (out_.size() > 1)
      out_[1] = static_cast<char>(static_cast<unsigned char>(out_[1]) | flags);
  }
  void rewind(std::size_t used) noexcept { used_ = used; }

  written finish() noexcept {
    if (!fits())
      return {{}, used_};
    replace_u8(2, used_ & 0xffU);
    replace_u8(3, used_ >> 8U);
    return {{out_.data(), used_}, used_};
  }

private:
  void number(std::uint32_t value, std::size_t count) noexcept {
    if (used_ <= out_.size() && count <= out_.size() - used_)
      for (std::size_t i = 0; i < count; ++i)
        out_[used_ + i] = static_cast<char>(value >> 8U * i);
    used_ += count;
  }

  std::span<char> out_;
  std::size_t used_ = 0; // may run past the buffer
};

// The length byte of a string that is written later: strings of a frame stand behind all of them.
class counted {
public:
  explicit counted(writer &to) noexcept : to_(to), at_(to.used()) { to.u8(0); }

  void text(std::string_view utf8, encoding as,
            std::size_t units_max = counted_units_max) noexcept {
    to_.replace_u8(at_, to_.text(utf8, as, std::min(units_max, counted_units_max)));
  }

private:
  writer &to_;
  std::size_t at_;
};

} // namespace confab::mic
