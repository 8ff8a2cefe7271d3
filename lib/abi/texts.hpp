// SPDX-License-Identifier: MIT
//
// Checks of texts that come from outside: one line; and of what handlers write, at once or later:
// bounds by member, a denial's parts. What a text means is the core's gates'.

#pragma once

#include "core/operation.hpp"

#include <confab/engine.h>

namespace confab::abi {

// One line: no end of line and no NUL inside. Three scans that are fast are faster than one that
// asks three questions of each byte.
inline bool one_line(std::string_view text) noexcept {
  constexpr auto none = std::string_view::npos;
  return text.find('\n') == none && text.find('\r') == none && text.find('\0') == none;
}

// OK, ERR_ARG (no such settable member, or illegal bytes) or ERR_TOO_LONG.
confab_status text_legal(const confab_engine_options &o, const core::event_box &event,
                         const core::event_field *place, confab_str value) noexcept;

// The same for a denial: a known code and visibility, one line of text.
confab_status denial_legal(const confab_engine_options &o, std::uint32_t code, confab_str text,
                           std::uint32_t visibility) noexcept;

} // namespace confab::abi
