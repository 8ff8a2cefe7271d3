// SPDX-License-Identifier: MIT
//
// JSON (RFC 8259), as far as settings need it: a reader that walks a text once and keeps nothing of
// it, so that whoever reads says of each value what it must be and where it goes; and the escaping
// that a writer needs. Numbers are whole. Everything else is an error, with its place. (The JSON
// library formats its errors with stdio and asks for the locale, which this library must not.)

#pragma once

#include "text/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>

namespace confab::text {

enum class json_kind : std::uint8_t { object, array, string, number, literal, end, other };

// Each function reads one thing, behind blanks. After a failure `problem` says what is wrong, and
// `place` where, and everything else fails too.
class json_reader {
public:
  explicit json_reader(std::string_view text) noexcept : text_(text) {}

  // What comes next; nothing is read.
  json_kind next() noexcept;
  bool boolean(bool &out) noexcept;
  bool whole(std::int64_t &out) noexcept;
  // May throw bad_alloc.
  bool string(std::pmr::string &out);

  // The brace or bracket. Then `member` or `element` until they answer false: at its end, or at a
  // failure. `first` is the caller's, and true before the first.
  bool open_object() noexcept { return open('{', "must be an object"); }
  bool open_array() noexcept { return open('[', "must be a list"); }
  bool member(bool &first, std::pmr::string &key);
  bool element(bool &first) noexcept { return more(first, ']'); }
  // Nothing but blanks may follow.
  bool finish() noexcept;

  bool ok() const noexcept { return problem_ == nullptr; }
  const char *problem() const noexcept { return problem_; }
  std::size_t place() const noexcept { return problem_ ? failed_at_ : at_; }
  // The first failure stays. `what` is static.
  bool fail(std::size_t at, const char *what) noexcept;
  // Where the value that was read last began.
  std::size_t began() const noexcept { return began_; }

private:
  void skip_blanks() noexcept;
  bool open(char bracket, const char *what) noexcept;
  bool more(bool &first, char end) noexcept;
  bool literal(std::string_view word) noexcept;
  bool escape(std::pmr::string &out);
  bool unit(std::uint32_t &out) noexcept;

  std::string_view text_;
  std::size_t at_ = 0, began_ = 0, failed_at_ = 0;
  const char *problem_ = nullptr;
};

// Calls `put(piece)` with the pieces of the text in quotes, escaped. A byte that is no UTF-8
// becomes a question mark, since JSON has no word for it.
template <class Put>
void write_json_string(std::string_view text, Put &&put) {
  constexpr std::string_view digits = "0123456789abcdef";
  put(std::string_view("\""));
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x80) {
      const std::size_t bytes = utf8_sequence(text.substr(i));
      i += bytes > 0 ? bytes - 1 : 0;
      if (bytes > 0)
        continue;
    } else if (c >= 0x20 && c != '"' && c != '\\') {
      continue;
    }
    put(text.substr(from, i - from));
    from = i + 1;
    if (c >= 0x80) {
      put(std::string_view("?"));
    } else if (c == '"' || c == '\\') {
      const char pair[2] = {'\\', static_cast<char>(c)};
      put(std::string_view(pair, 2));
    } else {
      const char code[6] = {'\\', 'u', '0', '0', digits[c >> 4U], digits[c & 15U]};
      put(std::string_view(code, 6));
    }
  }
  put(text.substr(from));
  put(std::string_view("\""));
}

} // namespace confab::text
