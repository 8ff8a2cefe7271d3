// SPDX-License-Identifier: MIT
//
// Wildcard masks, as bans, WHO and LIST use them (RFC 2812 §2.5).
// `*` is any run of characters, `?` one character: a whole UTF-8 sequence when it is well formed,
// else one byte. `\*` and `\?` are those characters themselves. A backslash before anything else
// is an ordinary character, as in the RFC, because it may occur in a nick: the mask `a\b!*@*`
// has to match the member `a\b`. Brackets are ordinary too.
// What a mask is matched against, and how a short one is completed, is not decided here.

#pragma once

#include "text/casemap.hpp"

#include <string_view>

namespace confab::text {

// True when all of `text` matches `mask`. The cost is at most the product of both lengths, whatever
// the mask: no recursion, no allocation.
bool mask_match(casemap map, std::string_view mask, std::string_view text) noexcept;

// True when `mask` holds no wildcard and no escape, so that it matches only itself and a lookup can
// take the place of a search.
bool mask_is_literal(std::string_view mask) noexcept;

} // namespace confab::text
