// SPDX-License-Identifier: MIT
//
// Input and output of a connection as messages: see intake.hpp. Each kind of stream has its own
// framer, and one of them is empty: what the first still keeps when the stream changes is given to
// the second. What a message means is not known here.

#include "session/intake.hpp"

#include "proto/mic/frame.hpp"

#include <cassert>

namespace confab::session::intake {

using core::conn;

namespace {

constexpr std::size_t header_bytes = wire::length_framer::header_bytes;

// What a message of its own says that it is long, against what it is.
bool is_whole_frame(std::string_view bytes) noexcept {
  return bytes.size() >= header_bytes && bytes.size() <= mic::frame_bytes_max &&
         mic::read_header(bytes).length == bytes.size();
}

got next_frame(core::memory &from, conn &c, std::string_view &fresh, std::string_view &message) {
  if (c.input.kept() > 0) { // the stream changed in the middle of what was kept
    c.frames.keep(from, c.input.rest());
    c.input.clear(from);
  }
  if (c.by_message() && c.frames.kept() == 0 && !fresh.empty() && !is_whole_frame(fresh)) {
    message = fresh.substr(0, header_bytes);
    fresh = {};
    return got::bad;
  }
  switch (c.frames.next(from, fresh, mic::frame_bytes_max, message)) {
  case wire::framed::whole:
    return got::message;
  case wire::framed::bad_length:
    return got::bad;
  default:
    return got::none;
  }
}

} // namespace

got next(core::memory &from, conn &c, std::string_view &fresh, std::size_t line_max,
         std::string_view &message) {
  if (c.framed)
    return next_frame(from, c, fresh, message);
  switch (c.input.next(from, fresh, line_max, message, c.by_message())) {
  case wire::frame::line:
    return got::message;
  case wire::frame::too_long:
    return got::bad;
  default:
    return got::none;
  }
}

void keep(core::memory &from, conn &c, std::string_view bytes, bool whole) {
  if (!c.framed)
    return c.input.keep(from, bytes, whole);
  if (c.input.kept() > 0) {
    c.frames.keep(from, c.input.rest());
    c.input.clear(from);
  }
  if (whole && !is_whole_frame(bytes)) { // it is told so when its turn comes
    char header[header_bytes] = {};
    bytes.substr(0, 2).copy(header, 2);
    return c.frames.keep(from, {header, sizeof header});
  }
  c.frames.keep(from, bytes);
}

void clear(core::memory &from, conn &c) noexcept {
  c.input.clear(from);
  c.frames.clear(from);
}

void begin_frames(conn &c) noexcept {
  c.framed = true;
  if (!c.by_message())
    c.frames.after_lines();
}

bool output_walk::next(std::string_view &message) noexcept {
  if (rest_.empty()) {
    if (range_ == queue_->size())
      return false;
    rest_ = queue_->slice(range_++);
  }
  // Types of frames are small numbers, so a letter begins a line that was queued before.
  const bool line = !framed_ || rest_.front() >= '@';
  const std::size_t end = line ? rest_.find('\n') + 1 : mic::read_header(rest_).length;
  assert(end > (line ? 1U : 3U) && end <= rest_.size());
  message = rest_.substr(0, line ? end - 2 : end);
  rest_.remove_prefix(end);
  passed_ += static_cast<std::uint32_t>(end);
  return true;
}

} // namespace confab::session::intake
