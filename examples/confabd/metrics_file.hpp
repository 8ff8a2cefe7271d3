// SPDX-License-Identifier: MIT
//
// Writes the engine's figures into a file, as Prometheus' node exporter and its kin read them. When
// that happens is server.cpp's to say.
#pragma once

#include <confab/engine.h>

#include <string>

namespace confabd {

// Whoever reads the file sees the old figures or the new ones, never half of them. Empty: done;
// else why not.
std::string write_metrics(confab_engine *engine, const std::string &file);

} // namespace confabd
