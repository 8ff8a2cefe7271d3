// SPDX-License-Identifier: MIT
//
// Folding: what a text looks like to a reader, in one spelling. Case, width, accents and look-alike
// letters of other scripts go to plain small letters; what cannot be seen goes away; words get
// marks at both ends, so that "whole word" is plain matching in every script. The same folding is
// done to word lists and to what people say. What is in a list is not known here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace profanity {

// Stands before and behind each word, and around each other character that can be seen: no text has
// it, because control characters are folded away.
inline constexpr char mark = '\x01';

// What a character becomes.
enum class glyph : std::uint8_t {
  gone,     // cannot be seen: joiners, formatting codes
  combined, // an accent: belongs to the character before it
  space,
  word,  // a letter or digit
  single // a word by itself: a punctuation mark, a symbol, a letter of a script without spaces
};

struct folded_char {
  glyph kind = glyph::gone;
  std::string_view text; // static storage, or the character itself
};

// A folded text and, if it was asked for, where each byte of it comes from: the begin and end of
// its character in the original.
struct folded {
  std::string text;
  std::vector<std::uint32_t> begin, end;
};

// What folding looks up; made once per process, and constant.
class folding {
public:
  // With `look_alikes`, a letter of another script that looks like a Latin one is that one.
  static const folding &get(bool look_alikes);

  // The character at `at` of `text`, which is behind the end of it afterwards. A byte that is no
  // part of a character is U+FFFD.
  folded_char next(std::string_view text, std::size_t &at) const;

  // `marks`: around words; `places`: fill in begin and end.
  void fold(std::string_view text, bool marks, bool places, folded &out) const;

private:
  struct entry {
    std::uint32_t offset = 0; // in pool_
    std::uint8_t len = 0;
    glyph kind = glyph::gone;
  };
  explicit folding(bool look_alikes);
  void build(char32_t first, char32_t last, bool look_alikes);

  entry ascii_[128];
  std::vector<entry> entries_; // of all ranges, one behind the other
  std::string pool_;
};

// Writes letters in place of digits and signs that stand for them, within words that have a letter:
// "sh1t" with `one` 'i', "s1ut" with 'l'. The length stays. Returns whether anything changed.
bool read_leet(std::string &text, char one);

} // namespace profanity
