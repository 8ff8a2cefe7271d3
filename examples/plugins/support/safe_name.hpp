// SPDX-License-Identifier: MIT
//
// From any name to the name of a file or folder, one to one: two names never share a file, whatever
// bytes they hold, on file systems with and without case, and the way back is exact. Case mapping
// is the caller's: give names as the engine folds them, and all spellings of a channel meet.
//
//   spelled: a-z 0-9 - _ stand for themselves, every other byte is %xx; the empty name is "%"
//   folder:  the spelling, or where that is too long for a file system its beginning, "~", and
//            the SHA-256 of the name, which no spelling holds
#pragma once

#include "support/sha256.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace confab::plugins {

// The longest spelling that is a folder's name; file systems take 255 bytes.
inline constexpr std::size_t spelled_bytes_max = 200;

inline bool plain(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

inline std::string spelled(std::string_view name) {
  static constexpr std::string_view digits = "0123456789abcdef";
  if (name.empty())
    return "%";
  std::string out;
  out.reserve(3 * name.size());
  for (const char c : name) {
    if (plain(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

// The name that is spelled so; nothing for what `spelled` never gives.
inline std::optional<std::string> unspelled(std::string_view text) {
  static constexpr std::string_view digits = "0123456789abcdef";
  if (text == "%")
    return std::string{};
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (plain(text[i])) {
      out += text[i];
      continue;
    }
    if (text[i] != '%' || i + 2 >= text.size())
      return std::nullopt;
    const std::size_t high = digits.find(text[i + 1]), low = digits.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos)
      return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    if (plain(out.back()))
      return std::nullopt; // it would have been spelled plainly
    i += 2;
  }
  return out.empty() ? std::nullopt : std::optional(out);
}

inline std::string folder_name(std::string_view name) {
  std::string out = spelled(name);
  if (out.size() <= spelled_bytes_max)
    return out;
  out.resize(spelled_bytes_max - 80);
  if (const std::size_t cut = out.find('%', out.size() - 2); cut != std::string::npos)
    out.resize(cut);
  return out + "~" + sha256_hex(name);
}

} // namespace confab::plugins
