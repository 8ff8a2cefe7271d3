// SPDX-License-Identifier: MIT
//
// The grammar of one IRC line: RFC 1459 §2.3.1 and RFC 2812 §2.3.1, with IRCv3 message tags.
// `parse` cuts a line into views, `line_writer` builds one in a buffer; both are pure functions of
// their bytes, allocate nothing and throw nothing. The caller owns every buffer.
// Framing (CR LF, length, NUL) is the line framer's, what a verb means is the session's, and
// which tags exist is the business of proto/ircv3.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::irc {

inline constexpr std::size_t params_max = 15;         // RFC 1459 §2.3
inline constexpr std::size_t line_bytes_limit = 512;  // RFC 1459 §2.3, with CR LF
inline constexpr std::size_t tags_bytes_limit = 8191; // message-tags, with '@' and the space

// The parts of a line, as views into it and in its order: what stands between two of them can be
// had. `params` is meaningful up to `param_count` only.
struct message {
  std::string_view tags;   // without '@', still escaped
  std::string_view source; // without ':'
  std::string_view verb;   // as sent: comparing without case is the reader's business
  std::array<std::string_view, params_max> params;
  std::uint8_t param_count = 0;
  bool trailing = false; // the last parameter was written with a colon

  // An empty view past the end, so that a missing parameter reads as an empty one.
  std::string_view param(std::size_t i) const noexcept {
    return i < param_count ? params[i] : std::string_view{};
  }
};

enum class parse_result : std::uint8_t {
  ok,
  empty,        // nothing, or spaces only: to be ignored (RFC 1459 §2.3.1)
  missing_verb, // tags or a source, and nothing after them
  bad_verb      // neither letters nor three digits; all parts are filled in nevertheless
};

// Cuts `line`, which comes without CR LF. Runs of spaces separate as one does, a tab is no space,
// and the fifteenth parameter takes the rest of the line with or without a colon.
parse_result parse(std::string_view line, message &out) noexcept;

// One tag of message::tags. `a` and `a=` both have an empty value; only the second has_value.
struct tag {
  std::string_view key;       // with its '+' and its vendor
  std::string_view raw_value; // still escaped
  bool has_value = false;
};

// Goes through message::tags from left to right. Empty tags (`a;;b`) are passed over.
class tag_reader {
public:
  explicit tag_reader(std::string_view tags) noexcept : rest_(tags) {}

  // False, and `out` unchanged, when there are no more.
  bool next(tag &out) noexcept;

private:
  std::string_view rest_;
};

// Finds a key; of several the last counts, as the message-tags specification says.
bool find_tag(std::string_view tags, std::string_view key, tag &out) noexcept;

// Writes the value that `raw` stands for and returns its length, which is at most raw.size(). A
// lone backslash at the end and one before any other character are dropped. `out` may be `raw`
// itself.
std::size_t tag_unescape(std::string_view raw, char *out) noexcept;

// Appends the escaped form of `value` at out[used]. When it does not fit into `size` bytes: false,
// and `used` as it was. NUL, for which there is no escape, becomes a space.
bool tag_escape(std::string_view value, char *out, std::size_t size, std::size_t &used) noexcept;

// Builds one line in the caller's buffer, in the order of the grammar: tags, source, verb or
// numeric, parameters, `finish`. The part after the tags takes at most line_bytes_max bytes with CR
// LF (two at least; the buffer's size if that is less). What does not fit is cut at a character
// boundary in the parameter where the room ends, and what follows is left out; a line whose source
// and verb do not fit is empty. Tags have what the buffer holds beyond line_bytes_max, up to
// tags_bytes_limit; a tag that does not fit is left out whole. No CR, LF or NUL gets into a line:
// in a text they become spaces, in a source or a verb, where a space would end the word, `_`. Calls
// out of order are programming errors: asserted, else ignored.
class line_writer {
public:
  line_writer(char *buffer, std::size_t size,
              std::size_t line_bytes_max = line_bytes_limit) noexcept;

  // `key` as it stands: not empty, no space, `;` or `=` within, else it is a programming error and
  // the tag is left out. `value` is escaped; an empty one is written as a missing one.
  line_writer &tag(std::string_view key, std::string_view value = {}) noexcept;
  // Not empty and no space within; a verb has no colon or `@` in front.
  line_writer &source(std::string_view name) noexcept;
  line_writer &verb(std::string_view word) noexcept;
  // Three digits, 001 to 999.
  line_writer &numeric(unsigned code) noexcept;
  // A middle: not empty, no colon in front, no space within. Anything else is a programming error:
  // asserted, and in release written as `text` does, so that no other parameter shifts.
  line_writer &param(std::string_view middle) noexcept;
  line_writer &number(std::uint64_t value) noexcept;
  // The last parameter: any text, always with a colon.
  line_writer &text(std::string_view trailing) noexcept;

  // Whether that many bytes more (spaces and colons count) fit before CR LF.
  bool fits(std::size_t more) const noexcept;
  // How long a last parameter may be for all of it to fit.
  std::size_t text_room() const noexcept;
  // Whether something was cut or left out because it did not fit.
  bool cut() const noexcept { return cut_; }

  // Ends the line; the view holds all of it. Once finished, a writer only repeats its answer.
  std::string_view finish() noexcept;

private:
  // What has been written: nothing or tags, the source, the verb (so parameters may follow), the
  // last parameter, as much as fits, everything.
  enum class phase : std::uint8_t { tags, source, params, ended, full, finished };

  bool in_order(phase least, phase most) const noexcept;
  std::size_t room() const noexcept;
  void begin_line() noexcept;
  void put_word(std::string_view before, std::string_view word, phase next) noexcept;
  bool begin_param(std::size_t bytes_least) noexcept;
  void put_text(std::string_view part) noexcept;

  char *buffer_;
  std::size_t size_;           // of the buffer
  std::size_t line_bytes_max_; // of the part after the tags
  std::size_t used_ = 0;
  std::size_t line_begin_ = 0; // where the part after the tags begins
  std::uint8_t params_ = 0;
  phase phase_ = phase::tags;
  bool cut_ = false;
};

} // namespace confab::irc
