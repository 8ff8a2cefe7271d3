// SPDX-License-Identifier: MIT
//
// SipHash-1-3 (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012; one compression
// round a word and three at the end) for tables whose keys a stranger chooses. With a secret key
// nobody can prepare names that fall into one bucket; the key comes from the host's randomness,
// never from here. It is no signature: do not use it to prove who sent something.

#pragma once

#include "text/casemap.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::text {

struct hash_key {
  std::uint64_t k0, k1;
};

class siphash_state {
public:
  explicit constexpr siphash_state(hash_key key) noexcept
      : v0_(key.k0 ^ 0x736f6d6570736575U), v1_(key.k1 ^ 0x646f72616e646f6dU),
        v2_(key.k0 ^ 0x6c7967656e657261U), v3_(key.k1 ^ 0x7465646279746573U) {}

  constexpr void compress(std::uint64_t word) noexcept {
    v3_ ^= word;
    round();
    v0_ ^= word;
  }

  constexpr std::uint64_t finish() noexcept {
    v2_ ^= 0xffU;
    for (int i = 0; i < 3; ++i)
      round();
    return v0_ ^ v1_ ^ v2_ ^ v3_;
  }

private:
  constexpr void round() noexcept {
    v0_ += v1_;
    v2_ += v3_;
    v1_ = std::rotl(v1_, 13) ^ v0_;
    v3_ = std::rotl(v3_, 16) ^ v2_;
    v0_ = std::rotl(v0_, 32);
    v2_ += v1_;
    v0_ += v3_;
    v1_ = std::rotl(v1_, 17) ^ v2_;
    v3_ = std::rotl(v3_, 21) ^ v0_;
    v2_ = std::rotl(v2_, 32);
  }

  std::uint64_t v0_, v1_, v2_, v3_;
};

// Hashes what `byte` makes of each byte of `s`, without a copy of it. Words are put together byte
// by byte, which gives the same result on big-endian machines; compilers make one load of it.
template <class Byte>
constexpr std::uint64_t siphash13_of(hash_key key, std::string_view s, Byte byte) noexcept {
  siphash_state state(key);
  const std::size_t whole = s.size() - s.size() % 8;
  const auto word = [&](std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i)
      value |= std::uint64_t{static_cast<unsigned char>(byte(s[at + i]))} << (8 * i);
    return value;
  };
  for (std::size_t at = 0; at < whole; at += 8)
    state.compress(word(at, 8));
  // The last word carries the length in its top byte, so that texts of zeros differ by length.
  state.compress(word(whole, s.size() - whole) | std::uint64_t{s.size() & 0xffU} << 56);
  return state.finish();
}

inline std::uint64_t siphash13(hash_key key, std::string_view s) noexcept {
  return siphash13_of(key, s, [](char c) { return c; });
}

// The hash of the lower case of `s`: equal names under `map` have equal hashes.
inline std::uint64_t siphash13_folded(hash_key key, casemap map, std::string_view s) noexcept {
  const fold_table &table = fold_tables[static_cast<std::size_t>(map)];
  return siphash13_of(key, s, [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

} // namespace confab::text
