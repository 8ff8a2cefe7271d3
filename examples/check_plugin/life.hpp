// SPDX-License-Identifier: MIT
//
// The checks that run a plugin's code: an instance's life in an engine with clients, and instances
// that are not made because there is no memory.
#pragma once

#include "report.hpp"
#include "subject.hpp"

namespace check_plugin {

void check_life(report &out, subject &plugin);
void check_memory(report &out, subject &plugin);

} // namespace check_plugin
