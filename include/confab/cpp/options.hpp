// SPDX-License-Identifier: MIT
//
// The option structs with their defaults filled in, so that one writes only what differs:
//
//   confab::options options;
//   options.server_name = confab::str("irc.example");
//
// The members are those of the C structs (engine.h, conn.h, command.h). Texts are views: they have
// to live until the call that takes the options returns.
#pragma once

#include <confab/command.h>
#include <confab/conn.h>
#include <confab/engine.h>

namespace confab {
inline namespace abi_0 {

struct options : confab_engine_options {
  options() noexcept : confab_engine_options(confab_engine_options_init()) {}
};

struct conn_options : confab_conn_options {
  conn_options() noexcept : confab_conn_options(confab_conn_options_init()) {}
};

struct user_options : confab_user_options {
  user_options() noexcept : confab_user_options(confab_user_options_init()) {}
};

} // namespace abi_0
} // namespace confab
