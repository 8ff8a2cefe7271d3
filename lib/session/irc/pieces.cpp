// SPDX-License-Identifier: MIT
//
// Taking a text of MIC apart: see pieces.hpp. A piece behind the first that begins as a command
// between clients would be one that nobody judged, so it loses what makes it that.

#include "session/irc/pieces.hpp"

#include "text/comic.hpp"
#include "text/utf8.hpp"

#include <algorithm>

namespace confab::session {

namespace {

constexpr std::string_view line_ends = "\r\n", action = "\1ACTION ";
constexpr std::size_t head_bytes_max = 128;

void drop_leading(std::string_view &text, std::string_view bytes) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(bytes), text.size()));
}

} // namespace

speech_pieces::speech_pieces(std::string_view text) noexcept : whole_(text), rest_(text) {
  if (text.size() > action.size() && text.starts_with(action) && text.ends_with('\x01')) {
    head_ = action;
    tail_ = text.substr(text.size() - 1);
    rest_ = text.substr(action.size(), text.size() - action.size() - 1);
    return;
  }
  const text::comic_message read = text::read_comic(text);
  const std::size_t before = text.size() - std::min(text.size(), read.text.size());
  if (read.kind == text::comic_kind::pose && before <= head_bytes_max) {
    head_ = text.substr(0, before);
    rest_ = text.substr(before);
  }
}

bool speech_pieces::next(std::size_t room, std::string_view &out) noexcept {
  const bool first = count_ == 0;
  // Most texts are one line that fits, and go out as they came.
  if (first && whole_.size() <= room && whole_.find_first_of(line_ends) == std::string_view::npos) {
    count_ = pieces_max;
    out = whole_;
    return true;
  }
  if (!first || rest_.find_first_of(line_ends) == 0)
    drop_leading(rest_, "\x01\r\n");
  room = std::min(room, piece_.size());
  const std::size_t around = head_.size() + tail_.size();
  if (rest_.empty() || count_ >= pieces_max || room <= around)
    return false;
  std::string_view part = rest_;
  if (count_ < lines_max)
    part = part.substr(0, part.find_first_of(line_ends));
  part = part.substr(0, text::utf8_cut(part, room - around));
  if (part.empty())
    return false;
  rest_.remove_prefix(part.size());
  ++count_;
  out = part;
  if (around == 0)
    return true;
  std::size_t used = head_.copy(piece_.data(), head_.size());
  used += part.copy(piece_.data() + used, part.size());
  used += tail_.copy(piece_.data() + used, tail_.size());
  out = {piece_.data(), used};
  return true;
}

} // namespace confab::session
