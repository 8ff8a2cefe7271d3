// SPDX-License-Identifier: MIT
//
// proto/ircx/props: the forms of PROP, and each mistake with its answer, which changes nothing.
// What properties there are is tested with the session: unit/session/ircx_properties.
#include "proto/ircx/props.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

prop_error parsed(std::string_view line, prop_command &out) { return parse_prop(read(line), out); }

prop_error error_of(std::string_view line) {
  prop_command command;
  command.object = "untouched";
  const prop_error error = parsed(line, command);
  CHECK((error == prop_error::none) == (command.object != "untouched"));
  return error;
}

} // namespace

TEST_CASE("props: query and set differ by the number of parameters", "[ircx]") {
  prop_command command;
  REQUIRE(parsed("PROP #c TOPIC", command) == prop_error::none);
  CHECK(command.what == prop_command::form::query);
  CHECK(command.names == "TOPIC");
  REQUIRE(parsed("PROP #c :*", command) == prop_error::none);
  CHECK(command.what == prop_command::form::query_all);
  REQUIRE(parsed("PROP #c TOPIC x", command) == prop_error::none);
  CHECK(command.what == prop_command::form::set);
  CHECK(command.value == "x");
  REQUIRE(parsed("PROP #c TOPIC :two words", command) == prop_error::none);
  CHECK(command.value == "two words");
  REQUIRE(parsed("PROP #c TOPIC :", command) == prop_error::none);
  CHECK(command.what == prop_command::form::set);
  CHECK(command.value.empty());
  CHECK(command.object == "#c");
}

TEST_CASE("props: each mistake has an answer and changes nothing", "[ircx]") {
  CHECK(error_of("PROP") == prop_error::too_few);
  CHECK(error_of("PROP #c") == prop_error::too_few);
  CHECK(error_of("PROP #c TOPIC a b") == prop_error::too_many);
  CHECK(error_of("PROP #c TOPIC,CLIENT :x") == prop_error::value_for_many);
  CHECK(error_of("PROP #c * :x") == prop_error::value_for_many);
  CHECK(error_of("PROP #c :") == prop_error::no_name);
  CHECK(error_of("PROP #c ,,") == prop_error::no_name);
  CHECK(numeric_of(prop_error::too_few) == 0);
  CHECK(numeric_of(prop_error::no_name) == 0);
  CHECK(numeric_of(prop_error::too_many) == 901);
  CHECK(numeric_of(prop_error::value_for_many) == 900);
}
