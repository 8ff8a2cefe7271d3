// SPDX-License-Identifier: MIT
//
// GUIDs between their two forms. MIC carries the 16 bytes of Windows' struct GUID, whose first
// three parts are little-endian like every number here; the properties of channels hold the text
// that IRCX clients write, in braces as Windows' registry has it (decisions.hpp, 36).

#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace confab::mic {

inline constexpr std::size_t guid_bytes = 16, guid_text_bytes = 38;

// "{D6526FE0-E651-11CF-99CB-00C04FD64497}" of exactly guid_bytes bytes.
std::array<char, guid_text_bytes> guid_text(std::string_view bytes) noexcept;

// The other way, of digits in either case, with or without the braces. False for any other text.
bool read_guid(std::string_view text, std::array<char, guid_bytes> &out) noexcept;

// No GUID at all where there are no bytes or all are 0, as COM's GUID_NULL says; else 16 bytes
// are one, and nothing else is.
constexpr bool guid_none(std::string_view bytes) noexcept {
  return bytes.empty() ||
         (bytes.size() == guid_bytes && bytes.find_first_not_of('\0') == std::string_view::npos);
}

} // namespace confab::mic
