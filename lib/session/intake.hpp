// SPDX-License-Identifier: MIT
//
// The bytes of one connection as messages, in both directions: lines at first, and frames once its
// protocol is one of frames. Where the stream changes from one to the other is decided by a dialect
// (opening.hpp); how many may be read now is the driver's business.

#pragma once

#include "core/state.hpp"

namespace confab::session::intake {

enum class got : std::uint8_t {
  none,
  message, // a line without its end, or a frame
  bad      // a line over the limit, or a frame that cannot be one: its beginning
};

// Bytes that wait to be read.
inline std::size_t kept(const core::conn &c) noexcept { return c.input.kept() + c.frames.kept(); }

// The next message out of what was kept, else out of `fresh`, which shrinks by what was taken.
// Throws bad_alloc.
got next(core::memory &from, core::conn &c, std::string_view &fresh, std::size_t line_max,
         std::string_view &message);
// Keeps bytes for later. `whole`: they are one message. Throws bad_alloc.
void keep(core::memory &from, core::conn &c, std::string_view bytes, bool whole);
void clear(core::memory &from, core::conn &c) noexcept;

// The stream goes on as frames. What was kept of it goes on with it, when it is next read: a line
// that is being handled may lie there.
void begin_frames(core::conn &c) noexcept;

// Walks what is queued for a connection of whole messages: lines without their CR LF, and frames.
// The queue must not change meanwhile.
class output_walk {
public:
  explicit output_walk(const core::conn &c) noexcept : queue_(&c.out), framed_(c.framed) {}

  // False behind the last.
  bool next(std::string_view &message) noexcept;
  // What the queue must consume for the messages so far.
  std::uint32_t passed() const noexcept { return passed_; }

private:
  const wire::output_queue *queue_;
  bool framed_;
  std::string_view rest_; // of the range before `range_`
  std::uint32_t range_ = 0, passed_ = 0;
};

} // namespace confab::session::intake
