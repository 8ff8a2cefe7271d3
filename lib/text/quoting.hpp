// SPDX-License-Identifier: MIT
//
// The modified UTF-8 of IRCX and its escapes (draft-pfenning-irc-extensions-04 §3; spec ircx §1.5):
// two characters stand for one that a parser of lines would stumble over. One table serves both
// ways. Also the surrogate pairs that Microsoft's encoder sends for characters beyond U+FFFF.
// Pure functions of bytes. Which strings are names, and what a name may hold, is in names.hpp.

#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace confab::text {

struct escape {
  char letter; // after the backslash
  char byte;   // what it stands for
};

// The whole table. `\t` is TAB: a server that made it BEL locked out its users (Q218955). `\0` is
// in the clients and not in the draft; the blobs of AUTH need it.
inline constexpr std::array<escape, 7> escapes{
    {{'b', ' '}, {'c', ','}, {'\\', '\\'}, {'r', '\r'}, {'n', '\n'}, {'t', '\t'}, {'0', '\0'}}};

// Where a text stands decides which bytes need quoting.
enum class quoting : unsigned char {
  name,   // nicks and channels: all of the table
  payload // a blob as last parameter: spaces and commas may stay as they are
};

// Appends the quoted form of `raw` at out[used]. When it does not fit into `size` bytes: false, and
// `used` as it was. Twice the length is always enough.
bool quote(std::string_view raw, quoting where, char *out, std::size_t size,
           std::size_t &used) noexcept;

// Writes what `quoted` stands for and returns its length, at most quoted.size(). An escape that is
// not in the table and a backslash at the end stay as they are (REC §1.5). `out` may be `quoted`
// itself.
std::size_t unquote(std::string_view quoted, char *out) noexcept;

// Unquotes a mask into the language of mask_match, in which `\*` and `\?` are literal as they
// are here. Nothing when it cannot say it: that language has no way to write a backslash (`\\`)
// before a wildcard. At most mask.size() bytes; `out` may be `mask` itself.
std::optional<std::size_t> unquote_mask(std::string_view mask, char *out) noexcept;

// Writes `in` as well-formed UTF-8: a pair of surrogates, three bytes each (CESU-8), becomes the
// four bytes of its character. Nothing when there is a lone surrogate or anything else that is ill
// formed. The result is no longer than `in`; `out` may be `in` itself.
std::optional<std::size_t> normalise_utf8(std::string_view in, char *out) noexcept;

// Goes through the lines of an ONJOIN or ONPART text, which the two characters `\n` separate (draft
// §8.2.12); empty ones are passed over. Only that escape means anything there.
class greeting_lines {
public:
  explicit greeting_lines(std::string_view text) noexcept : rest_(text) {}

  // False, and `out` unchanged, when there are no more.
  bool next(std::string_view &out) noexcept;

private:
  std::string_view rest_;
};

} // namespace confab::text
