// SPDX-License-Identifier: MIT
//
// proto/ircx/access: the forms of ACCESS, the trap of the left-out timeout, each mistake with its
// numeric, and who may do what to which object.
#include "proto/ircx/access.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

access_error error_of(std::string_view line) {
  access_command command;
  return parse_access(read(line), command);
}

// "ADD DENY mask 5 reason"
std::string parsed(std::string_view line) {
  static constexpr std::string_view verbs[] = {"LIST", "ADD", "DELETE", "CLEAR"};
  access_command command;
  if (parse_access(read(line), command) != access_error::none)
    return "(error)";
  std::string out(verbs[static_cast<int>(command.verb)]);
  if (command.level)
    out += " " + std::string(name(*command.level));
  if (command.mask_length > 0)
    out += " " + std::string(command.mask()) + " " + std::to_string(command.minutes);
  if (!command.reason.empty())
    out += " " + std::string(command.reason);
  return out;
}

} // namespace

TEST_CASE("access: all forms of the command", "[ircx]") {
  CHECK(parsed("ACCESS #c") == "LIST");
  CHECK(parsed("ACCESS #c list") == "LIST");
  CHECK(parsed("ACCESS #c ADD deny") == "ADD DENY *!*@*$* 0");
  CHECK(parsed("ACCESS #c ADD VOICE bob") == "ADD VOICE bob!*@*$* 0");
  CHECK(parsed("ACCESS #c ADD HOST bob 1440 :co-host tonight") ==
        "ADD HOST bob!*@*$* 1440 co-host tonight");
  CHECK(parsed("ACCESS #c ADD OWNER a!b@c$d 0") == "ADD OWNER a!b@c$d 0");
  CHECK(parsed("ACCESS #c ADD GRANT *.example.com 5 reason") ==
        "ADD GRANT *!*@*.example.com$* 5 reason");
  CHECK(parsed("ACCESS #c DELETE GRANT bob") == "DELETE GRANT bob!*@*$* 0");
  CHECK(parsed("ACCESS #c CLEAR") == "CLEAR");
  CHECK(parsed("ACCESS #c CLEAR voice") == "CLEAR VOICE");
  CHECK(parsed("ACCESS $ ADD DENY x") == "ADD DENY x!*@*$* 0");
}

TEST_CASE("access: a reason may follow the mask at once", "[ircx]") {
  CHECK(parsed("ACCESS * ADD DENY * :closed for today") == "ADD DENY *!*@*$* 0 closed for today");
  CHECK(parsed("ACCESS * ADD DENY x bad") == "ADD DENY x!*@*$* 0 bad");
  CHECK(parsed("ACCESS * ADD DENY x too bad") == "ADD DENY x!*@*$* 0 too bad");
  CHECK(parsed("ACCESS * ADD DENY x 5x why") == "ADD DENY x!*@*$* 0 5x why");
  CHECK(parsed("ACCESS * ADD DENY x :5") == "ADD DENY x!*@*$* 5");
  CHECK(parsed("ACCESS * ADD DENY x :") == "ADD DENY x!*@*$* 0");
  CHECK(parsed("ACCESS * ADD DENY x 5 :") == "ADD DENY x!*@*$* 5");
}

TEST_CASE("access: each mistake has its answer", "[ircx]") {
  CHECK(error_of("ACCESS") == access_error::too_few);
  CHECK(error_of("ACCESS :") == access_error::too_few);
  CHECK(error_of("ACCESS #c ADD") == access_error::too_few);
  CHECK(error_of("ACCESS #c DELETE") == access_error::too_few);
  CHECK(error_of("ACCESS #c DELETE DENY") == access_error::too_few);
  CHECK(error_of("ACCESS #c REMOVE DENY x") == access_error::bad_verb);
  CHECK(error_of("ACCESS #c DENY x") == access_error::bad_verb);
  CHECK(error_of("ACCESS #c ADD QUIET x") == access_error::bad_level);
  CHECK(error_of("ACCESS #c CLEAR QUIET") == access_error::bad_level);
  CHECK(error_of("ACCESS #c LIST DENY") == access_error::too_many);
  CHECK(error_of("ACCESS #c CLEAR DENY x") == access_error::too_many);
  CHECK(error_of("ACCESS #c DELETE DENY x 5") == access_error::too_many);
  CHECK(error_of("ACCESS #c ADD DENY x 5 one two") == access_error::too_many);
  CHECK(error_of("ACCESS #c ADD DENY :a b") == access_error::bad_mask);
  CHECK(error_of("ACCESS #c ADD DENY " + std::string(300, 'x')) == access_error::bad_mask);
  CHECK(error_of("ACCESS ~x LIST") == access_error::no_object);
  CHECK(error_of("ACCESS \xef\xbc\x83x LIST") == access_error::no_object);
}

TEST_CASE("access: minutes are a number within reason", "[ircx]") {
  CHECK(parsed("ACCESS #c ADD DENY x 71582787") == "ADD DENY x!*@*$* 71582787");
  CHECK(parsed("ACCESS #c ADD DENY x 71582788") == "ADD DENY x!*@*$* 71582788");
  CHECK(error_of("ACCESS #c ADD DENY x 71582789") == access_error::bad_timeout);
  CHECK(error_of("ACCESS #c ADD DENY x 99999999999999999999") == access_error::bad_timeout);
}

TEST_CASE("access: only channels have ranks to give", "[ircx]") {
  for (const std::string_view object : {"$", "*", "anna", "'Zo\xc3\xab", "^5A6F", "$irc1"})
    for (const std::string_view level : {"OWNER", "HOST", "VOICE", "GRANT", "DENY"}) {
      const std::string line =
          "ACCESS " + std::string(object) + " ADD " + std::string(level) + " x";
      CAPTURE(line);
      CHECK(error_of(line) ==
            (level == "GRANT" || level == "DENY" ? access_error::none : access_error::bad_level));
    }
  for (const std::string_view object : {"#c", "&c", "%#c", "%&c", "%"})
    CHECK(error_of("ACCESS " + std::string(object) + " ADD OWNER x") == access_error::none);
}

TEST_CASE("access: levels have names, and errors numerics", "[ircx]") {
  for (std::size_t i = 0; i < access_levels; ++i) {
    const auto level = static_cast<access_level>(i);
    CHECK(find_access_level(name(level)) == level);
  }
  CHECK(find_access_level("gRaNt") == access_level::grant);
  CHECK_FALSE(find_access_level(""));
  CHECK_FALSE(find_access_level("DENYX"));
  CHECK(numeric_of(access_error::too_few) == 0);
  CHECK(numeric_of(access_error::too_many) == 901);
  CHECK(numeric_of(access_error::bad_verb) == 900);
  CHECK(numeric_of(access_error::bad_level) == 903);
  CHECK(numeric_of(access_error::bad_mask) == 906);
  CHECK(numeric_of(access_error::bad_timeout) == 906);
  CHECK(numeric_of(access_error::no_object) == 924);
}
