// SPDX-License-Identifier: MIT
//
// What of the engine's events goes to the log: who comes, who goes and why, what operators do, what
// went wrong. Subscribes as any plugin would, in the OBSERVE stage. How lines look is in log.hpp.
#pragma once

#include "runtime.hpp"

namespace confabd {

// Subscribes. Not CONFAB_OK: the engine refused one of the subscriptions.
confab_status observe_events(runtime &rt);

// The engine's own log records: warnings and errors as they are, the rest at debug.
void log_record(runtime &rt, const confab_log_record &record);

} // namespace confabd
