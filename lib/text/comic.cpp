// SPDX-License-Identifier: MIT
//
// Reading Comic Chat's texts: see comic.hpp. Senders of three generations differ in small things
// (the dot after a name, a second blank, the URL), and all of their forms are read.

#include "text/comic.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <array>

namespace confab::text {

namespace {

constexpr std::uint8_t neutral = 9, emotion_last = 17, intensity_most = 10;

struct comment_row {
  std::string_view keyword;
  comic_kind kind;
  bool argument; // something follows the keyword
};

constexpr std::array<comment_row, 8> comments{{{"Appears as ", comic_kind::appears, true},
                                               {"GetInfo", comic_kind::get_info, false},
                                               {"HeresInfo: ", comic_kind::heres_info, true},
                                               {"BDrop: ", comic_kind::backdrop, true},
                                               {"BDrop2: ", comic_kind::backdrop_from, true},
                                               {"GetCharInfo", comic_kind::get_char_info, false},
                                               {"Background ", comic_kind::background, true},
                                               {"RING", comic_kind::ring, false}}};

// Values are written as one byte each, counted from the digit 0.
bool take_value(std::string_view &from, std::uint8_t &out) noexcept {
  if (from.empty() || static_cast<unsigned char>(from.front()) < '0')
    return false;
  out = static_cast<std::uint8_t>(static_cast<unsigned char>(from.front()) - '0');
  from.remove_prefix(1);
  return true;
}

bool take_drawing(std::string_view &from, comic_drawing &out) noexcept {
  out.given = take_value(from, out.index) && take_value(from, out.emotion) &&
              take_value(from, out.intensity);
  if (out.emotion > emotion_last)
    out.emotion = neutral;
  out.intensity = std::min(out.intensity, intensity_most);
  return out.given;
}

// What receivers make of it: shouting and what nobody knows is saying.
bool take_mode(std::string_view &from, comic_mode &out) noexcept {
  std::uint8_t value = 0;
  if (!take_value(from, value))
    return false;
  const bool known = value >= 1 && value <= 5 && value != 4;
  out = known ? static_cast<comic_mode>(value) : comic_mode::say;
  return true;
}

bool take_letter(std::string_view &from, char letter) noexcept {
  const bool there = !from.empty() && from.front() == letter;
  from.remove_prefix(there ? 1 : 0);
  return there;
}

// Between `#` and the end: G and three values, E and three, R, M and one, T and names, in that
// order but at least one drawing. What follows the last of them is ignored, as later versions may
// add.
bool read_body(std::string_view body, comic_message &out) noexcept {
  if (take_letter(body, 'G') && !take_drawing(body, out.torso))
    return false;
  if (take_letter(body, 'E') && !take_drawing(body, out.face))
    return false;
  out.requested = take_letter(body, 'R');
  if (take_letter(body, 'M') && !take_mode(body, out.mode))
    return false;
  if (take_letter(body, 'T'))
    out.names = body;
  return out.torso.given || out.face.given;
}

std::string_view until(std::string_view s, std::string_view ends) noexcept {
  return s.substr(0, s.find_first_of(ends));
}

void read_argument(std::string_view argument, comic_message &out) noexcept {
  out.text = {};
  if (out.kind == comic_kind::heres_info || out.kind == comic_kind::background) {
    out.text = argument;
    return;
  }
  argument.remove_prefix(std::min(argument.find_first_not_of(' '), argument.size()));
  out.name = until(argument, ".,) ");
  argument.remove_prefix(out.name.size());
  if (!argument.empty() && argument.front() != ')' && argument.front() != ' ')
    out.url = until(argument.substr(1), ",)");
}

// A comment after its `#`; false when it is none that is known.
bool read_comment(std::string_view text, comic_message &out) noexcept {
  if (!take_letter(text, ' '))
    return false;
  for (const comment_row &row : comments) {
    if (!text.starts_with(row.keyword))
      continue;
    const std::string_view rest = text.substr(row.keyword.size());
    if (!row.argument && !rest.empty() && (is_alpha(rest.front()) || is_digit(rest.front())))
      continue;
    out.kind = row.kind;
    read_argument(row.argument ? rest : std::string_view{}, out);
    return true;
  }
  return false;
}

comic_message plain(std::string_view text) noexcept {
  comic_message out;
  out.text = text;
  return out;
}

} // namespace

comic_message read_comic(std::string_view text) noexcept {
  comic_message out = plain(text);
  if (text.starts_with('#'))
    return read_comment(text.substr(1), out) ? out : plain(text);
  if (!text.starts_with("(#"))
    return out;
  const std::size_t end = text.find(") ");
  if (end == std::string_view::npos || !read_body(text.substr(2, end - 2), out))
    return plain(text);
  out.kind = comic_kind::pose;
  out.text = text.substr(end + 2);
  return out;
}

comic_message read_comic_data(std::string_view text) noexcept {
  comic_message out = plain(text);
  if (!text.starts_with('#'))
    return out;
  if (read_comment(text.substr(1), out))
    return out;
  if (!read_body(text.substr(1), out))
    return plain(text);
  out.kind = comic_kind::pose;
  out.text = {};
  return out;
}

bool next_comic_name(std::string_view &names, std::string_view &out) noexcept {
  names.remove_prefix(std::min(names.find_first_not_of(", "), names.size()));
  out = until(names, ", ");
  names.remove_prefix(out.size());
  return !out.empty();
}

std::size_t comic_unquote(std::string_view in, char quote, char *out) noexcept {
  std::size_t used = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    char c = in[i];
    if (c == quote) {
      if (++i == in.size())
        break;
      c = in[i] == 'n' ? '\n' : in[i] == 'r' ? '\r' : in[i];
    }
    out[used++] = c;
  }
  return used;
}

} // namespace confab::text
