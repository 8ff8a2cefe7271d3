// SPDX-License-Identifier: MIT
//
// A text of MIC as several lines (spec mic §7.5): it may hold line ends and is longer than a line
// can be. Empty lines are dropped. What every piece needs to be read as the whole was comes again
// with each: the frame of an ACTION, the pose of Comic Chat, whose own clients split so too
// (§13.1).

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace confab::session {

class speech_pieces {
public:
  explicit speech_pieces(std::string_view text) noexcept;

  // The next piece in at most `room` bytes, cut between characters; false when there are no more.
  // It lives until the next call.
  bool next(std::size_t room, std::string_view &out) noexcept;

private:
  // One frame costs each receiver no more than this many lines; the last of them is cut.
  static constexpr std::size_t pieces_max = 32;
  // From here on line ends are spaces, so that what is left still fits.
  static constexpr std::size_t lines_max = 16;

  std::string_view whole_, head_, rest_, tail_;
  std::size_t count_ = 0;
  std::array<char, 2048> piece_;
};

} // namespace confab::session
