// SPDX-License-Identifier: MIT
//
// The parser of PROP: see props.hpp. Names are not looked at here: an unknown one is an error of
// its own, behind which the others of a list go on.

#include "proto/ircx/props.hpp"

namespace confab::ircx {

numeric numeric_of(prop_error error) noexcept {
  switch (error) {
  case prop_error::too_many:
    return IRCERR_TOOMANYARGUMENTS;
  case prop_error::value_for_many:
    return IRCERR_BADCOMMAND;
  default:
    return numeric{};
  }
}

prop_error parse_prop(const irc::message &msg, prop_command &out) noexcept {
  if (msg.param_count < 2)
    return prop_error::too_few;
  if (msg.param_count > 3)
    return prop_error::too_many;
  const std::string_view names = msg.params[1];
  const bool several = names == "*" || names.find(',') != std::string_view::npos;
  if (msg.param_count == 3 && several)
    return prop_error::value_for_many;
  if (names.find_first_not_of(',') == std::string_view::npos)
    return prop_error::no_name;
  prop_command command;
  command.object = msg.params[0];
  command.names = names;
  if (msg.param_count == 3) {
    command.what = prop_command::form::set;
    command.value = msg.params[2];
  } else if (names == "*") {
    command.what = prop_command::form::query_all;
  }
  out = command;
  return prop_error::none;
}

} // namespace confab::ircx
