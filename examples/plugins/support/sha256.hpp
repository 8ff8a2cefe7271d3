// SPDX-License-Identifier: MIT
//
// SHA-256 (FIPS 180-4), for names that are too long to be spelled out: two of them never get the
// same short form by accident or by intent. Plain and small; nothing here is fast or secret.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace confab::plugins {

namespace sha {

__extension__ typedef unsigned __int128 wide;
using state = std::array<std::uint32_t, 8>;

// The first 32 bits of the fraction of a root: how the standard defines its constants.
constexpr bool prime(std::uint64_t n) noexcept {
  for (std::uint64_t i = 2; i * i <= n; ++i)
    if (n % i == 0)
      return false;
  return true;
}

// floor(2^32 * root of p), by bisection in whole numbers; its low half is the fraction.
constexpr std::uint32_t fraction(std::uint64_t p, int degree) noexcept {
  wide low = 0, high = wide{32} << 32;
  while (high - low > 1) {
    const wide x = (low + high) / 2;
    const bool below = degree == 2 ? x * x <= wide{p} << 64 : x * x * x <= wide{p} << 96;
    (below ? low : high) = x;
  }
  return static_cast<std::uint32_t>(low);
}

template <std::size_t N>
constexpr std::array<std::uint32_t, N> fractions(int degree) noexcept {
  std::array<std::uint32_t, N> out{};
  std::size_t count = 0;
  for (std::uint64_t n = 2; count < N; ++n)
    if (prime(n))
      out[count++] = fraction(n, degree);
  return out;
}

inline constexpr state begin = fractions<8>(2);
inline constexpr auto rounds = fractions<64>(3);

inline void block(state &h, const char *bytes) noexcept {
  std::array<std::uint32_t, 64> w;
  for (std::size_t i = 0; i < 16; ++i) {
    w[i] = 0;
    for (std::size_t b = 0; b < 4; ++b)
      w[i] = w[i] << 8 | static_cast<unsigned char>(bytes[4 * i + b]);
  }
  for (std::size_t i = 16; i < 64; ++i) {
    const std::uint32_t a = w[i - 15], b = w[i - 2];
    w[i] = w[i - 16] + (std::rotr(a, 7) ^ std::rotr(a, 18) ^ a >> 3) + w[i - 7] +
           (std::rotr(b, 17) ^ std::rotr(b, 19) ^ b >> 10);
  }
  state v = h;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::uint32_t mixed = std::rotr(v[4], 6) ^ std::rotr(v[4], 11) ^ std::rotr(v[4], 25);
    const std::uint32_t first = v[7] + mixed + ((v[4] & v[5]) ^ (~v[4] & v[6])) + rounds[i] + w[i];
    const std::uint32_t second = (std::rotr(v[0], 2) ^ std::rotr(v[0], 13) ^ std::rotr(v[0], 22)) +
                                 ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
    v = {first + second, v[0], v[1], v[2], v[3] + first, v[4], v[5], v[6]};
  }
  for (std::size_t i = 0; i < 8; ++i)
    h[i] += v[i];
}

} // namespace sha

// The digest as 64 small hexadecimal digits.
inline std::string sha256_hex(std::string_view text) {
  std::string bytes(text);
  bytes += '\x80';
  bytes.append((119 - text.size() % 64) % 64, '\0');
  for (int shift = 56; shift >= 0; shift -= 8)
    bytes += static_cast<char>(std::uint64_t{text.size()} * 8 >> shift & 0xff);
  sha::state h = sha::begin;
  for (std::size_t at = 0; at < bytes.size(); at += 64)
    sha::block(h, bytes.data() + at);
  std::string out;
  for (const std::uint32_t word : h)
    for (int shift = 28; shift >= 0; shift -= 4)
      out += "0123456789abcdef"[word >> shift & 15];
  return out;
}

} // namespace confab::plugins
