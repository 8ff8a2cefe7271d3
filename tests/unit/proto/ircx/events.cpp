// SPDX-License-Identifier: MIT
//
// proto/ircx/events: the objects and types of the feed, that no row tells what was said in
// confidence, and the forms and mistakes of EVENT.
#include "proto/ircx/events.hpp"

#include "lines.hpp"

#include <set>

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

event_error error_of(std::string_view line) {
  event_command command;
  return parse_event(read(line), command);
}

} // namespace

TEST_CASE("events: objects have names, and one has two", "[ircx]") {
  for (int i = 0; i <= static_cast<int>(event_object::user); ++i) {
    const auto object = static_cast<event_object>(i);
    CHECK(find_event_object(name(object)) == object);
  }
  CHECK(name(event_object::connect) == "CONNECT");
  CHECK(find_event_object("connection") == event_object::connect);
  CHECK(find_event_object("Member") == event_object::member);
  CHECK_FALSE(find_event_object(""));
  CHECK_FALSE(find_event_object("USERS"));
}

TEST_CASE("events: the types of each object, once each", "[ircx]") {
  std::set<std::pair<event_object, std::string_view>> seen;
  for (const event_type &row : event_types()) {
    CAPTURE(std::string(row.name));
    CHECK(seen.insert({row.object, row.name}).second);
    CHECK(find_event_type(row.object, row.name) == &row);
    CHECK(row.params.starts_with('<'));
    // Whatever is about a user names him.
    CHECK((row.subject == event_subject::user) ==
          (row.params.find("<mask>") != std::string_view::npos));
  }
  CHECK(seen.size() == 30);
  CHECK(find_event_type(event_object::user, "LOGON") != nullptr);
  CHECK(find_event_type(event_object::channel, "DESTROY") != nullptr);
  CHECK(find_event_type(event_object::channel, "LOGON") == nullptr);
}

TEST_CASE("events: no row has a key or a password", "[ircx]") {
  for (const event_type &row : event_types()) {
    CHECK(row.params.find("password") == std::string_view::npos);
    CHECK(row.params.find("key") == std::string_view::npos);
  }
}

TEST_CASE("events: the forms of the command", "[ircx]") {
  event_command command;
  REQUIRE(parse_event(read("EVENT ADD USER litware.com"), command) == event_error::none);
  CHECK(command.verb == event_verb::add);
  CHECK(command.object == event_object::user);
  CHECK(command.mask() == "*!*@litware.com$*");
  REQUIRE(parse_event(read("EVENT add connection"), command) == event_error::none);
  CHECK(command.object == event_object::connect);
  CHECK(command.written == "connection");
  CHECK(command.mask() == "*!*@*$*");
  REQUIRE(parse_event(read("EVENT DELETE socket 10.0.0.1"), command) == event_error::none);
  CHECK(command.verb == event_verb::remove);
  CHECK(command.mask() == "*!*@10.0.0.1$*");
  REQUIRE(parse_event(read("EVENT LIST"), command) == event_error::none);
  CHECK(command.verb == event_verb::list);
  CHECK_FALSE(command.object);
  REQUIRE(parse_event(read("EVENT LIST channel"), command) == event_error::none);
  CHECK(command.object == event_object::channel);
  CHECK(command.mask().empty());
}

TEST_CASE("events: each mistake has its answer", "[ircx]") {
  CHECK(error_of("EVENT") == event_error::too_few);
  CHECK(error_of("EVENT :") == event_error::too_few);
  CHECK(error_of("EVENT ADD") == event_error::too_few);
  CHECK(error_of("EVENT DELETE") == event_error::too_few);
  CHECK(error_of("EVENT WATCH USER") == event_error::bad_function);
  CHECK(error_of("EVENT ADD PLANET") == event_error::no_such);
  CHECK(error_of("EVENT LIST PLANET") == event_error::no_such);
  CHECK(error_of("EVENT ADD USER a b") == event_error::too_many);
  CHECK(error_of("EVENT LIST USER a") == event_error::too_many);
  CHECK(error_of("EVENT ADD USER :a b") == event_error::bad_mask);
  CHECK(numeric_of(event_error::too_few) == 0);
  CHECK(numeric_of(event_error::too_many) == 901);
  CHECK(numeric_of(event_error::bad_function) == 902);
  CHECK(numeric_of(event_error::no_such) == 920);
  CHECK(numeric_of(event_error::bad_mask) == 906);
}
