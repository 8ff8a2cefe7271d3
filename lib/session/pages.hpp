// SPDX-License-Identifier: MIT
//
// The code pages that clients without UTF-8 write in, by the index that a connection's variant has
// of its own: so each encoding of an event is made once for all who read the same page.

#pragma once

#include "proto/mic/code_page.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace confab::session {

inline constexpr std::array<mic::code_page, 10> pages{
    mic::code_page::utf8,         mic::code_page::windows_1250, mic::code_page::windows_1251,
    mic::code_page::windows_1252, mic::code_page::windows_1253, mic::code_page::windows_1254,
    mic::code_page::windows_1255, mic::code_page::windows_1256, mic::code_page::windows_1257,
    mic::code_page::windows_1258};

// Of a number as confab_conn_options has it; the usual page where it is none.
inline std::uint16_t page_index(std::uint32_t number) noexcept {
  mic::code_page page = mic::code_page_usual;
  mic::find_code_page(number, page);
  return static_cast<std::uint16_t>(std::find(pages.begin(), pages.end(), page) - pages.begin());
}

} // namespace confab::session
