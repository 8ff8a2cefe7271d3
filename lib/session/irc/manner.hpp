// SPDX-License-Identifier: MIT
//
// By which of IRCX's commands an act was said where plain IRC has another for it, or none, and how
// its channel was spelled (operation::manner): refusals, answers and the lines that others see may
// depend on it. Core only carries the number.

#pragma once

#include "core/operation.hpp"
#include "session/irc/view.hpp"

namespace confab::session {

enum class manner : std::uint8_t {
  plain = 0,          // the command of plain IRC
  prop = manner_prop, // PROP, as a TOPIC, a CHANNEL_CHANGE of the key, a PROPERTY or a query
  create = 2,         // CREATE, as a JOIN
  access = 4,         // ACCESS, as an ACCESS or a query
  listx = 6,          // LISTX, as a query of channels
  tagged = 8,         // DATA, REQUEST, REPLY
  knock = 10,         // KNOCK; a knock without it comes from a JOIN that was refused
  entrance = 12       // nobody: the members are shown to who has just entered
};

constexpr manner manner_of(const core::operation &op) noexcept {
  return static_cast<manner>(op.manner & (manner_spelled - 1U));
}
// `spelling`: manner_spelled, or 0.
inline void set_manner(core::operation &op, manner how, std::uint8_t spelling = 0) noexcept {
  op.manner = static_cast<std::uint8_t>(static_cast<std::uint8_t>(how) | spelling);
}

} // namespace confab::session
