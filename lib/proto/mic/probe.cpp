// SPDX-License-Identifier: MIT
//
// The probe line and its answer: see probe.hpp. The flag is always written (decisions.hpp, 1): a
// client that reads any grammar of the answer understands it, and a package alone would be taken
// for the flag.

#include "proto/mic/probe.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>

namespace confab::mic {

namespace {

bool is_word(std::string_view s) noexcept {
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '\x7f';
  });
}

std::string_view trimmed(std::string_view s) noexcept {
  while (!s.empty() && s.front() == ' ')
    s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\r'))
    s.remove_suffix(1);
  return s;
}

} // namespace

bool is_probe(std::string_view line) noexcept {
  line = trimmed(line);
  const std::size_t space = line.find(' ');
  return space != std::string_view::npos && text::iequals(line.substr(0, space), "MODE") &&
         text::iequals(trimmed(line.substr(space)), "ISMIC");
}

std::string_view write_probe_answer(bool anonymous, std::span<const std::string_view> packages,
                                    std::span<char> out) noexcept {
  std::size_t used = 0;
  const auto put = [&](std::string_view part) {
    if (used <= out.size() && part.size() <= out.size() - used)
      std::memcpy(out.data() + used, part.data(), part.size());
    used += part.size();
  };
  put(anonymous ? "YESMIC 1" : "YESMIC 0");
  for (const std::string_view package : packages) {
    assert(is_word(package));
    if (!is_word(package))
      continue;
    put(" ");
    put(package);
  }
  put("\r\n");
  return used <= out.size() ? std::string_view{out.data(), used} : std::string_view{};
}

} // namespace confab::mic
