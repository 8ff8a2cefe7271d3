// SPDX-License-Identifier: MIT
//
// The dialect's side of what was added: the parts that several files of it need. What an added
// thing is stands in the core's registry (core/added.hpp); nothing here keeps any of it.

#pragma once

#include "session/irc/dialect.hpp"

#include <string>

namespace confab::session {

// Uses an added command; false when nobody added such a verb.
bool receive_added(irc_dialect &d, core::conn &c, const irc::message &m);
// Is it the name of a token that RPL_ISUPPORT has of itself?
bool is_core_token(std::string_view name) noexcept;
// Lines for the index of HELP: the verbs that were added.
void append_added_verbs(core::world &w, std::pmr::string &out);
// What may stand as a middle of a line: words of others, as far as they can be.
std::string_view as_middle(std::string_view word) noexcept;

} // namespace confab::session
