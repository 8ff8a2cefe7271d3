// SPDX-License-Identifier: MIT
//
// proto/ircx/create: names, modes and values of CREATE, each mistake with its answer, and that a
// line with one changes nothing.
#include "proto/ircx/create.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

create_command created(std::string_view line) {
  create_command command;
  const create_fault fault = parse_create(read(line), channel_bytes_limit, command);
  CAPTURE(std::string(line), static_cast<int>(fault.error), fault.letter);
  REQUIRE(fault.error == create_error::none);
  return command;
}

create_fault fault_of(std::string_view line) {
  create_command command;
  command.channel = "untouched";
  const create_fault fault = parse_create(read(line), channel_bytes_limit, command);
  CHECK((fault.error == create_error::none) == (command.channel != "untouched"));
  return fault;
}

create_error error_of(std::string_view line) { return fault_of(line).error; }

} // namespace

TEST_CASE("create: a name alone takes the server's default modes", "[ircx]") {
  const create_command command = created("CREATE #room");
  CHECK(command.channel == "#room");
  CHECK_FALSE(command.has_modes);
  CHECK_FALSE(command.only_new);
  CHECK(command.state == visibility::public_);
  CHECK(command.flags == 0);
  CHECK_FALSE(created("CREATE #room :").has_modes);
  CHECK_FALSE(created("CREATE #room +").has_modes);
}

TEST_CASE("create: modes and their values in the order in which they stand", "[ircx]") {
  const create_command command = created("CREATE %#caf\xc3\xa9 +cntlkx 50 s3cret");
  CHECK(command.has_modes);
  CHECK(command.only_new);
  CHECK(command.has(channel_mode::no_external));
  CHECK(command.has(channel_mode::topic_locked));
  CHECK(command.has(channel_mode::auditorium));
  CHECK_FALSE(command.has(channel_mode::moderated));
  CHECK(command.limit == 50);
  CHECK(command.key == "s3cret");
  const create_command other = created("CREATE #c kl s3cret :50");
  CHECK(other.limit == 50);
  CHECK(other.key == "s3cret");
  CHECK(created("CREATE #c l 0").limit == 0);
  CHECK(created("CREATE #c e").force_clone);
  CHECK(created("CREATE #c nn").has(channel_mode::no_external));
}

TEST_CASE("create: of p, h and s the last one counts", "[ircx]") {
  CHECK(created("CREATE #c p").state == visibility::private_);
  CHECK(created("CREATE #c ph").state == visibility::hidden);
  CHECK(created("CREATE #c hsp").state == visibility::private_);
  CHECK(created("CREATE #c phs").state == visibility::secret);
  CHECK(created("CREATE #c phs").flags == 0);
}

TEST_CASE("create: modes that contradict each other are refused", "[ircx]") {
  CHECK(error_of("CREATE #c de") == create_error::contradiction);
  CHECK(error_of("CREATE #c ed") == create_error::contradiction);
  CHECK(error_of("CREATE #c ll 5 6") == create_error::contradiction);
  CHECK(error_of("CREATE #c ll 0 6") == create_error::contradiction);
  CHECK(error_of("CREATE #c kk a b") == create_error::contradiction);
}

TEST_CASE("Q198819: capitals, signs and unknown letters are no modes", "[ircx]") {
  for (const char c : std::string_view("LANTg-+bqov9")) {
    const std::string line = std::string("CREATE #c n") + c + " 50";
    CAPTURE(line);
    const create_fault fault = fault_of(line);
    CHECK(fault.error == create_error::unknown_mode);
    CHECK(fault.letter == c);
  }
}

TEST_CASE("create: letters that are not for everybody are letters all the same", "[ircx]") {
  // Who may use them is the core's business.
  CHECK(created("CREATE #c d").has(channel_mode::cloneable));
  CHECK(created("CREATE #c f").has(channel_mode::no_format));
  CHECK(created("CREATE #c r").has(channel_mode::registered));
  CHECK(created("CREATE #c y").has(channel_mode::mic_only));
  CHECK(created("CREATE #c z").has(channel_mode::service));
}

TEST_CASE("create: each mistake has its answer and changes nothing", "[ircx]") {
  CHECK(error_of("CREATE") == create_error::too_few);
  CHECK(error_of("CREATE :") == create_error::too_few);
  CHECK(error_of("CREATE #c l") == create_error::missing_value);
  CHECK(error_of("CREATE #c k") == create_error::missing_value);
  CHECK(error_of("CREATE #c lk 5") == create_error::missing_value);
  CHECK(error_of("CREATE #c l x") == create_error::bad_limit);
  CHECK(error_of("CREATE #c l -5") == create_error::bad_limit);
  CHECK(error_of("CREATE #c l 4294967295") == create_error::none);
  CHECK(error_of("CREATE #c l 4294967296") == create_error::bad_limit);
  CHECK(error_of("CREATE #c k :") == create_error::bad_key);
  CHECK(error_of("CREATE #c k :a b") == create_error::bad_key);
  CHECK(error_of("CREATE #c k a,b") == create_error::bad_key);
  CHECK(error_of("CREATE #c k " + std::string(31, 'x')) == create_error::none);
  CHECK(error_of("CREATE #c k " + std::string(32, 'x')) == create_error::bad_key);
  CHECK(error_of("CREATE #") == create_error::none); // a name, as JOIN has it
  CHECK(error_of("CREATE #c n extra") == create_error::too_many);
  CHECK(error_of("CREATE #c l 5 6") == create_error::too_many);
}

TEST_CASE("create: a bad name says why it is one", "[ircx]") {
  const auto name_of = [](std::string_view line) {
    const create_fault fault = fault_of(line);
    CHECK(fault.error == create_error::bad_name);
    return fault.name;
  };
  CHECK(name_of("CREATE room") == name_error::no_prefix);
  CHECK(name_of("CREATE \xef\xbc\x83room") == name_error::lookalike);
  CHECK(name_of("CREATE #a,#b") == name_error::bad_character);
  CHECK(name_of("CREATE #a\\b") == name_error::bad_character);
  CHECK(name_of("CREATE #" + std::string(200, 'a')) == name_error::too_long);
}

TEST_CASE("create: errors have numerics", "[ircx]") {
  CHECK(numeric_of(create_error::bad_key) == 906);
  CHECK(numeric_of(create_error::contradiction) == 900);
  CHECK(numeric_of(create_error::too_many) == 901);
  for (const create_error plain :
       {create_error::none, create_error::too_few, create_error::missing_value,
        create_error::bad_limit, create_error::bad_name, create_error::unknown_mode})
    CHECK(numeric_of(plain) == 0);
}
