// SPDX-License-Identifier: MIT
//
// Compares two configurations: what changed, and what of that a running server cannot take. Pure;
// how the rest is applied stands in server.cpp.
#pragma once

#include "options.hpp"
#include "options_fields.hpp"

#include <string>
#include <vector>

namespace confabd {

struct config_change {
  std::string key; // "limits.nick_bytes_max", "listen 127.0.0.1:6667 tls"
  // As TOML; empty when the key's section is new or gone. Passwords are never shown.
  std::string before, after;
  applies when = applies::at_once;
};

std::vector<config_change> compare(const configuration &before, const configuration &after);

} // namespace confabd
