// SPDX-License-Identifier: MIT
//
// proto/ircx/props: who may read and set each property, against the matrix of the draft (spec ircx
// §10.1) written out here as letters; limits at n-1, n and n+1; and the forms of PROP.
#include "proto/ircx/props.hpp"

#include "lines.hpp"

#include <vector>

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

constexpr std::size_t topic_max = 390;

constexpr role_set outsider = role_outsider;

// The roles of the matrix: manager, sysop, owner, host, member; the operators are no members.
struct column {
  char letter;
  role_set who;
};
constexpr column columns[] = {{'M', role_manager},
                              {'S', role_sysop},
                              {'O', role_member | role_owner},
                              {'H', role_member | role_host},
                              {'m', role_member}};

struct expectation {
  std::string_view name, set, read;
  // Which channels an outsider reads it of: p public, h hidden, v private, s secret.
  std::string_view open;
};

constexpr expectation matrix[] = {
    {"OID", "", "MSOHm", "ph"},       {"NAME", "", "MSOHm", "phv"},
    {"CREATION", "", "MSOHm", "ph"},  {"LANGUAGE", "MOH", "MSOHm", "ph"},
    {"OWNERKEY", "MO", "", ""},       {"HOSTKEY", "MO", "", ""},
    {"MEMBERKEY", "MO", "", ""},      {"PICS", "M", "MSOHm", "phv"},
    {"TOPIC", "MOH", "MSOHm", "ph"},  {"SUBJECT", "MOH", "MSOHm", "ph"},
    {"CLIENT", "MOH", "MSOHm", "ph"}, {"ONJOIN", "MOH", "MSOH", ""},
    {"ONPART", "MOH", "MSOH", ""},    {"LAG", "MO", "MSOHm", "ph"},
    {"ACCOUNT", "M", "MSO", ""},      {"CLIENTGUID", "MO", "MSOHm", "ph"},
    {"SERVICEPATH", "M", "MSOH", ""},
};

constexpr std::pair<char, visibility> states[] = {{'p', visibility::public_},
                                                  {'h', visibility::hidden},
                                                  {'v', visibility::private_},
                                                  {'s', visibility::secret}};

value_error checked(std::string_view name, std::string_view value) {
  return check_value(*find_property(name), value, topic_max);
}

prop_error parsed(std::string_view line, prop_command &out) { return parse_prop(read(line), out); }

prop_error error_of(std::string_view line) {
  prop_command command;
  command.object = "untouched";
  const prop_error error = parsed(line, command);
  CHECK((error == prop_error::none) == (command.object != "untouched"));
  return error;
}

} // namespace

TEST_CASE("props: every property against every role and visibility", "[ircx]") {
  REQUIRE(properties().size() == std::size(matrix));
  for (const expectation &wanted : matrix) {
    const prop_row *row = find_property(wanted.name);
    CAPTURE(std::string(wanted.name));
    REQUIRE(row != nullptr);
    CHECK(row->name == wanted.name);
    CHECK(&row_of(row->id) == row);
    for (const auto &[letter, state] : states) {
      CAPTURE(letter);
      for (const column &c : columns) {
        CAPTURE(c.letter);
        CHECK((may_read(*row, c.who, state) == prop_answer::yes) ==
              (wanted.read.find(c.letter) != std::string_view::npos));
        CHECK(may_read(*row, c.who, state) != prop_answer::no_object);
      }
      const bool open = wanted.open.find(letter) != std::string_view::npos;
      const prop_answer closed =
          letter == 's' || letter == 'v' ? prop_answer::no_object : prop_answer::security;
      CHECK(may_read(*row, outsider, state) == (open ? prop_answer::yes : closed));
    }
    for (const column &c : columns) {
      CAPTURE(c.letter);
      CHECK((may_set(*row, c.who) == prop_answer::yes) ==
            (wanted.set.find(c.letter) != std::string_view::npos));
    }
    CHECK(may_set(*row, outsider) == prop_answer::security);
  }
}

TEST_CASE("props: a key is told to whom it concerns and read by nobody", "[ircx]") {
  for (const std::string_view name : {"OWNERKEY", "HOSTKEY"})
    CHECK(find_property(name)->told == role_owner);
  CHECK(find_property("MEMBERKEY")->told == (role_owner | role_host));
  for (const prop_row &row : properties()) {
    CAPTURE(std::string(row.name));
    // Nobody is told what he may not read, but of keys.
    if (row.type != prop_type::key)
      CHECK((row.told & ~row.read_by) == 0);
    CHECK((row.set_by == roles_none) == (row.told == roles_none));
    CHECK((row.set_by == roles_none) == (row.mirror == prop_mirror::derived));
  }
}

TEST_CASE("props: what is also a mode or the topic says so", "[ircx]") {
  CHECK(find_property("TOPIC")->mirror == prop_mirror::topic);
  CHECK(find_property("MEMBERKEY")->mirror == prop_mirror::key);
  CHECK(find_property("ACCOUNT")->mirror == prop_mirror::auth_only);
  CHECK(find_property("CLIENT")->mirror == prop_mirror::none);
}

TEST_CASE("props: names are read without case", "[ircx]") {
  CHECK(find_property("topic") == find_property("TOPIC"));
  CHECK(find_property("OnJoin") == find_property("ONJOIN"));
  for (const std::string_view bad : {"", "TOPICS", "TOPI", "*", "MSNPROFILE"})
    CHECK(find_property(bad) == nullptr);
}

TEST_CASE("props: a text has as many bytes as its row says, and no more", "[ircx]") {
  for (const std::string_view name : {"LANGUAGE", "OWNERKEY", "HOSTKEY", "MEMBERKEY", "SUBJECT",
                                      "ACCOUNT", "PICS", "CLIENT", "ONJOIN", "ONPART"}) {
    const std::size_t most = find_property(name)->bytes_max;
    CAPTURE(std::string(name), most);
    CHECK((most == 31 || most == 255));
    CHECK(checked(name, std::string(most - 1, 'x')) == value_error::none);
    CHECK(checked(name, std::string(most, 'x')) == value_error::none);
    CHECK(checked(name, std::string(most + 1, 'x')) == value_error::too_long);
    CHECK(checked(name, "") == value_error::none);
  }
  CHECK(find_property("TOPIC")->bytes_max == 160);
  CHECK(checked("TOPIC", std::string(topic_max, 'x')) == value_error::none);
  CHECK(checked("TOPIC", std::string(topic_max + 1, 'x')) == value_error::too_long);
}

TEST_CASE("props: numbers, keys and GUIDs have their forms", "[ircx]") {
  for (const std::string_view good : {"0", "1", "2", "02", ""})
    CHECK(checked("LAG", good) == value_error::none);
  for (const std::string_view far : {"3", "4294967295"})
    CHECK(checked("LAG", far) == value_error::out_of_range);
  for (const std::string_view bad : {"-1", "x", "1.5", " 1", "4294967296", "99999999999999999999"})
    CHECK(checked("LAG", bad) == value_error::bad_number);
  for (const std::string_view bad : {"a b", "a,b", "a\tb", "\x7f"})
    CHECK(checked("HOSTKEY", bad) == value_error::bad_character);
  CHECK(checked("HOSTKEY", "s\xc3\xa9same") == value_error::none);
  CHECK(checked("CLIENTGUID", "{D6526FE0-E651-11CF-99CB-00C04FD64497}") == value_error::none);
  CHECK(checked("CLIENTGUID", "d6526fe0-e651-11cf-99cb-00c04fd64497") == value_error::none);
  for (const std::string_view bad :
       {"x", "{D6526FE0-E651-11CF-99CB-00C04FD64497", "D6526FE0E65111CF99CB00C04FD644970000",
        "G6526FE0-E651-11CF-99CB-00C04FD64497", "D6526FE0-E651-11CF-99CB-00C04FD6449"})
    CHECK(checked("CLIENTGUID", bad) == value_error::bad_guid);
}

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

TEST_CASE("props: a list goes on after an unknown name", "[ircx]") {
  std::vector<std::string> seen;
  prop_names names("TOPIC,,nonsense,pics,");
  for (prop_name name; names.next(name);)
    seen.push_back(name.row ? std::string(name.row->name) : "? " + std::string(name.written));
  CHECK(seen == std::vector<std::string>{"TOPIC", "? nonsense", "PICS"});
}
