// SPDX-License-Identifier: MIT
//
// Conversion between code pages, UTF-16LE and UTF-8: see strings.hpp. One loop serves writing and
// measuring, so that both always agree; runs of ASCII, which is most of any chat, are copied whole.

#include "proto/mic/strings.hpp"

#include "text/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace confab::mic {

namespace {

constexpr char32_t replacement = 0xfffd;

struct coded {
  std::array<char, 4> bytes{};
  std::uint8_t count = 0;
  bool lost = false;

  void add(std::uint32_t byte) noexcept { bytes[count++] = static_cast<char>(byte); }
};

unsigned char byte_at(std::string_view s, std::size_t i) noexcept {
  return static_cast<unsigned char>(s[i]);
}

std::size_t ascii_run(std::string_view s) noexcept {
  std::size_t at = 0;
  for (std::uint64_t word; s.size() - at >= sizeof word; at += sizeof word) {
    std::memcpy(&word, s.data() + at, sizeof word);
    if ((word & 0x8080808080808080U) != 0)
      break;
  }
  while (at < s.size() && byte_at(s, at) < 0x80)
    ++at;
  return at;
}

// The character of a well-formed sequence.
char32_t character_at(std::string_view sequence) noexcept {
  static constexpr std::array<std::uint8_t, 5> lead_bits{0, 0x7f, 0x1f, 0x0f, 0x07};
  char32_t out = byte_at(sequence, 0) & lead_bits[sequence.size()];
  for (std::size_t i = 1; i < sequence.size(); ++i)
    out = out << 6U | (byte_at(sequence, i) & 0x3fU);
  return out;
}

coded as_utf8(char32_t c) noexcept {
  coded out;
  if (c < 0x80) {
    out.add(c);
  } else if (c < 0x800) {
    out.add(0xc0U | c >> 6U);
    out.add(0x80U | (c & 0x3fU));
  } else {
    if (c < 0x10000) {
      out.add(0xe0U | c >> 12U);
    } else {
      out.add(0xf0U | c >> 18U);
      out.add(0x80U | (c >> 12U & 0x3fU));
    }
    out.add(0x80U | (c >> 6U & 0x3fU));
    out.add(0x80U | (c & 0x3fU));
  }
  return out;
}

coded as_utf16(char32_t c) noexcept {
  coded out;
  const auto word = [&](std::uint32_t value) {
    out.add(value & 0xffU);
    out.add(value >> 8U);
  };
  if (c < 0x10000) {
    word(c);
  } else {
    word(0xd800U + ((c - 0x10000U) >> 10U));
    word(0xdc00U + ((c - 0x10000U) & 0x3ffU));
  }
  return out;
}

coded as_byte(char32_t c, code_page page) noexcept {
  coded out;
  const int byte = byte_of(page, c);
  out.lost = byte < 0;
  out.add(out.lost ? '?' : static_cast<std::uint32_t>(byte));
  return out;
}

// What stands for the sequence that `from` begins with, `length` bytes long, or for the one byte
// that begins none.
coded encode_one(std::string_view from, std::size_t length, encoding to) noexcept {
  const bool lost = length == 0 && to.page == code_page::utf8;
  const char32_t c = length > 0 ? character_at(from.substr(0, length))
                     : lost     ? replacement
                                : character_of(to.page, byte_at(from, 0));
  coded out = to.wide ? as_utf16(c) : to.page == code_page::utf8 ? as_utf8(c) : as_byte(c, to.page);
  out.lost = out.lost || lost;
  return out;
}

template <class Sink>
converted convert(std::string_view from, encoding to, std::size_t bytes_max, Sink sink) noexcept {
  converted out;
  while (out.taken < from.size()) {
    const std::string_view rest = from.substr(out.taken);
    if (!to.wide) {
      const std::size_t run = std::min(ascii_run(rest), bytes_max - out.bytes);
      sink(rest.data(), run);
      out.bytes += run;
      out.taken += run;
      if (run == rest.size())
        break;
    }
    const std::string_view one = from.substr(out.taken);
    const std::size_t length = text::utf8_sequence(one);
    const coded as = encode_one(one, length, to);
    if (as.count > bytes_max - out.bytes)
      break;
    sink(as.bytes.data(), as.count);
    out.bytes += as.count;
    out.taken += std::max<std::size_t>(length, 1);
    out.lost += as.lost ? 1 : 0;
  }
  return out;
}

// One character of a string, from `at` on.
struct found {
  coded as;
  std::size_t taken = 1;
};

found wide_at(std::string_view bytes, std::size_t at) noexcept {
  const auto word = [&](std::size_t i) {
    return static_cast<char32_t>(byte_at(bytes, i) | byte_at(bytes, i + 1) << 8U);
  };
  const char32_t first = word(at);
  if (first < 0xd800 || first > 0xdfff)
    return {as_utf8(first), 2};
  if (first < 0xdc00 && bytes.size() - at >= 4) {
    const char32_t second = word(at + 2);
    if (second >= 0xdc00 && second <= 0xdfff)
      return {as_utf8(0x10000U + ((first - 0xd800U) << 10U) + (second - 0xdc00U)), 4};
  }
  found out{as_utf8(replacement), 2};
  out.as.lost = true;
  return out;
}

found narrow_at(std::string_view bytes, std::size_t at, code_page page) noexcept {
  if (page != code_page::utf8)
    return {as_utf8(character_of(page, byte_at(bytes, at))), 1};
  const std::size_t length = text::utf8_sequence(bytes.substr(at));
  if (length > 0)
    return {as_utf8(character_at(bytes.substr(at, length))), length};
  found out{as_utf8(replacement), 1};
  out.as.lost = true;
  return out;
}

} // namespace

converted to_utf8(wire_text from, code_page page, std::span<char> out) noexcept {
  converted done;
  const std::size_t end = from.wide ? from.bytes.size() / 2 * 2 : from.bytes.size();
  while (done.taken < end) {
    if (!from.wide) {
      const std::string_view rest = from.bytes.substr(done.taken);
      const std::size_t run = std::min(ascii_run(rest), out.size() - done.bytes);
      if (run > 0)
        std::memcpy(out.data() + done.bytes, rest.data(), run);
      done.bytes += run;
      done.taken += run;
      if (run == rest.size())
        break;
    }
    const found one =
        from.wide ? wide_at(from.bytes, done.taken) : narrow_at(from.bytes, done.taken, page);
    if (one.as.count > out.size() - done.bytes)
      break;
    std::memcpy(out.data() + done.bytes, one.as.bytes.data(), one.as.count);
    done.bytes += one.as.count;
    done.taken += one.taken;
    done.lost += one.as.lost ? 1 : 0;
  }
  return done;
}

converted from_utf8(std::string_view from, encoding to, std::span<char> out) noexcept {
  char *at = out.data();
  return convert(from, to, out.size(), [&at](const char *bytes, std::size_t count) noexcept {
    if (count > 0)
      std::memcpy(at, bytes, count);
    at += count;
  });
}

converted measure(std::string_view from, encoding to, std::size_t bytes_max) noexcept {
  return convert(from, to, bytes_max, [](const char *, std::size_t) noexcept {});
}

} // namespace confab::mic
