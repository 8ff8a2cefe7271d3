// SPDX-License-Identifier: MIT
//
// UTF-8 as RFC 3629 defines it: which bytes are well formed, and where a text may be cut.
// Text is bytes as received and may hold anything, so nothing here needs well-formed input and
// nothing changes a byte. Case, width, confusable letters and other encodings live elsewhere.

#pragma once

#include <cstddef>
#include <string_view>

namespace confab::text {

// Length (1 to 4) of the well-formed sequence that `s` begins with; 0 when there is none. Overlong
// forms, surrogates and values above U+10FFFF are ill formed (RFC 3629 §3 and §4).
std::size_t utf8_sequence(std::string_view s) noexcept;

// True when all of `s` is well formed. An empty text is.
bool utf8_valid(std::string_view s) noexcept;

// Largest n <= bytes_max at which `s` can be cut without dividing a well-formed sequence; s.size()
// when nothing needs cutting. Where the bytes are no UTF-8, that is bytes_max itself.
std::size_t utf8_cut(std::string_view s, std::size_t bytes_max) noexcept;

} // namespace confab::text
