// SPDX-License-Identifier: MIT
//
// The text that comes before all frames: spec/mic.md §1.2, mic-observed.md §4.1. A client of MIC
// begins with one line, and one line answers it; then both directions are binary. When a line may
// be a probe at all, and that nothing is sent before it, is the session's business.

#pragma once

#include <span>
#include <string_view>

namespace confab::mic {

// Whether a line, without its end, is the probe. Case does not matter, nor do spaces around it.
bool is_probe(std::string_view line) noexcept;

// Writes the answer with its line end and returns it; empty when it does not fit. Packages stand in
// the order of preference; a name that is empty or holds a space or a control byte is a programming
// error: asserted, else left out. The client takes the first for the default, and goes anonymous
// only where there is none, so a server that wants nothing else names none.
std::string_view write_probe_answer(bool anonymous, std::span<const std::string_view> packages,
                                    std::span<char> out) noexcept;

} // namespace confab::mic
