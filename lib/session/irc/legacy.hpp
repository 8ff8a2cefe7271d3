// SPDX-License-Identifier: MIT
//
// Lines of clients that know no UTF-8 (spec ircx §19.9). Microsoft's write the code page of their
// Windows in `#` channels and to users, and UTF-8 in names behind `%` and `'` and in channels of
// those names; other clients without capabilities are read likewise, since what they write is shown
// to clients that take UTF-8 only. The engine holds UTF-8.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/mic/code_page.hpp"

#include <span>
#include <string_view>

namespace confab::session {

// Each parameter that is no UTF-8 becomes what its bytes stand for in the page; the rest stay. If
// there is one they all move to `room`, which has thrice the line's size: so they are views of one
// text, in its order, as before. What programs and security packages say is octets, and stays.
void read_legacy(irc::message &m, mic::code_page page, std::span<char> room) noexcept;

// Lines with their CR LF, in the page, as a view of `room`, which has their size: texts of people,
// but for channels named behind `%`; names stay. A character that the page lacks becomes `?`.
std::string_view write_legacy(std::string_view lines, mic::code_page page,
                              std::span<char> room) noexcept;

} // namespace confab::session
