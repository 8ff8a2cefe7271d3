// SPDX-License-Identifier: MIT
//
// The figures of an engine and of its hooks in the text format of Prometheus (exposition format
// 0.0.4). Pure rendering: what is counted, and when, is the business of those who count.

#pragma once

#include "bus/hooks.hpp"

#include <string>

namespace confab::bus {

// Appends to `out`. Throws bad_alloc.
void write_metrics(const confab_engine_stats &stats, const hook_table &hooks,
                   std::pmr::string &out);

} // namespace confab::bus
