// SPDX-License-Identifier: MIT
//
// Where exceptions of handlers end: none may enter the library, and what one says would be lost
// there. It goes to the host's log, as an ERROR "handler.threw"; beside it the library counts and
// reports the failure (CONFAB_EVENT_HOOK_FAILED).
//
// Nothing here is meant to be named.
#pragma once

#include <confab/cpp/status.hpp>
#include <confab/plugin.h>

#include <exception>

namespace confab {
inline namespace abi_0 {

namespace detail {

inline void log_text(confab_engine *engine, std::string_view text) noexcept {
  const auto say = [&](std::string_view what) {
    return confab_log(engine, CONFAB_LOG_ERROR, str("handler.threw"), str(what), 0);
  };
  if (say(text) < 0) { // not one line of text
    (void)say("an exception, whose text cannot be shown");
  }
}

// Inside a `catch`: tells of what was caught.
inline void log_thrown(confab_engine *engine) noexcept {
  try {
    throw;
  } catch (const std::exception &thrown) {
    log_text(engine, thrown.what());
  } catch (...) {
    log_text(engine, "an exception that is no std::exception");
  }
}

} // namespace detail

} // namespace abi_0
} // namespace confab
