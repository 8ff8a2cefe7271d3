// SPDX-License-Identifier: MIT
//
// Which names clients of MIC may take: spec/mic.md §9.3 and §9.4, in UTF-8. What other protocols
// allow themselves is shown to clients of MIC as it is; these rules are for what they ask for.
// Whether a name is free or forbidden by policy is not decided here.

#pragma once

#include <string_view>

namespace confab::mic {

// 1 to alias_max characters: a letter or one of []\`_^, then also digits and -{|}.
bool alias_valid(std::string_view alias) noexcept;

// What a channel is called. One that all may see begins with `#`, or with `&` if it is local, holds
// no space or comma, and has up to channel_name_max characters; one for clients of MIC alone needs
// no prefix, may hold spaces, and has up to channel_name_mic_only_max. No NUL, BEL, CR or LF in
// any.
bool channel_name_valid(std::string_view name, bool mic_only, bool local) noexcept;

// Whether only a channel for clients of MIC can have that name.
bool channel_name_mic_only(std::string_view name) noexcept;

} // namespace confab::mic
