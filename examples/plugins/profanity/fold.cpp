// SPDX-License-Identifier: MIT
//
// The pass over a text. What single characters become is asked of the tables that fold_tables.cpp
// makes. Colour codes of chat clients go with their digits: they split words, and nobody sees them.
#include "profanity/fold.hpp"

namespace profanity {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Behind the colour code at `at`: ^C with two numbers of two digits, ^D with two of six.
std::size_t behind_colour(std::string_view text, std::size_t at) {
  const bool hex = text[at] == '\x04';
  const std::size_t most = hex ? 6 : 2;
  const auto digits = [&](std::size_t from) {
    std::size_t i = from;
    while (i < text.size() && i - from < most && (hex ? is_hex(text[i]) : is_digit(text[i])))
      ++i;
    return i;
  };
  std::size_t end = digits(at + 1);
  if (end > at + 1 && end + 1 < text.size() && text[end] == ',') {
    const std::size_t second = digits(end + 1);
    if (second > end + 1)
      end = second;
  }
  return end;
}

// Writes into a `folded`, and keeps the marks in order.
class writer {
public:
  writer(folded &out, bool marks, bool places) : out_(out), marks_(marks), places_(places) {
    out.text.clear();
    out.begin.clear();
    out.end.clear();
  }

  void put(folded_char c, std::size_t from, std::size_t to) {
    switch (c.kind) {
    case glyph::gone:
      return;
    case glyph::combined: // goes where its letter goes
      for (std::size_t i = last_; places_ && i < out_.end.size(); ++i)
        out_.end[i] = static_cast<std::uint32_t>(to);
      return;
    case glyph::space:
      if (spaced_)
        return;
      leave_word(from);
      break;
    case glyph::word:
      if (!in_word_)
        put_mark(from);
      in_word_ = true;
      break;
    case glyph::single:
      put_mark(from);
      break;
    }
    last_ = out_.text.size();
    out_.text.append(c.text);
    place(c.text.size(), from, to);
    spaced_ = c.kind == glyph::space;
    if (c.kind == glyph::single) {
      in_word_ = false;
      put_mark(to);
    }
  }
  void leave_word(std::size_t at) {
    if (in_word_)
      put_mark(at);
    in_word_ = false;
  }

private:
  void put_mark(std::size_t at) {
    if (!marks_ || (!out_.text.empty() && out_.text.back() == mark))
      return;
    out_.text += mark;
    place(1, at, at);
  }
  void place(std::size_t bytes, std::size_t from, std::size_t to) {
    if (!places_)
      return;
    out_.begin.insert(out_.begin.end(), bytes, static_cast<std::uint32_t>(from));
    out_.end.insert(out_.end.end(), bytes, static_cast<std::uint32_t>(to));
  }

  folded &out_;
  bool marks_, places_;
  bool in_word_ = false, spaced_ = false;
  std::size_t last_ = 0; // where the last character begins in the output
};

} // namespace

void folding::fold(std::string_view text, bool marks, bool places, folded &out) const {
  writer to(out, marks, places);
  out.text.reserve(2 * text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    if (text[at] == '\x03' || text[at] == '\x04') {
      at = behind_colour(text, at);
      continue;
    }
    const folded_char c = next(text, at);
    to.put(c, from, at);
  }
  to.leave_word(text.size());
}

namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
}

// What stands for a letter, or 0.
char leet(char c, char one) {
  switch (c) {
  case '0':
    return 'o';
  case '1':
    return one;
  case '!':
    return 'i';
  case '3':
    return 'e';
  case '4':
  case '@':
    return 'a';
  case '5':
  case '$':
    return 's';
  case '7':
    return 't';
  case '8':
    return 'b';
  default:
    return 0;
  }
}

} // namespace

bool read_leet(std::string &text, char one) {
  bool changed = false;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    bool letters = false;
    for (; end < text.size(); ++end) {
      const bool letter = is_letter(text[end]);
      const bool hidden = static_cast<unsigned char>(text[end]) < ' ';
      if (!letter && !hidden && !is_digit(text[end]) && leet(text[end], one) == 0)
        break;
      letters = letters || letter;
    }
    std::size_t stop = end; // an exclamation is one at the end of a word, and none within it
    while (stop > at && text[stop - 1] == '!')
      --stop;
    for (std::size_t i = at; letters && i < stop; ++i) {
      if (const char c = leet(text[i], one)) {
        text[i] = c;
        changed = true;
      }
    }
    at = end + 1;
  }
  return changed;
}

} // namespace profanity
