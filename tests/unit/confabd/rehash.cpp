// SPDX-License-Identifier: MIT
//
// What confabd says about a changed configuration: which keys, from what to what, and which of them
// need a restart. Passwords never show.
#include "support/catch.hpp"

#include "rehash.hpp"

#include <algorithm>

using namespace confabd;

namespace {

configuration read_well(std::string_view toml) {
  const read_result result = read_config(toml, "test.toml");
  REQUIRE(result.ok());
  return result.value;
}

const config_change *find(const std::vector<config_change> &changes, std::string_view key) {
  const auto found = std::find_if(changes.begin(), changes.end(),
                                  [&](const config_change &c) { return c.key == key; });
  return found == changes.end() ? nullptr : &*found;
}

} // namespace

TEST_CASE("confabd: equal configurations have no changes") {
  CHECK(compare(configuration(), configuration()).empty());
}

TEST_CASE("confabd: a changed number is one change that a running server takes") {
  const auto changes = compare(read_well("[limits]\nnick_bytes_max = 10\n"),
                               read_well("[limits]\nnick_bytes_max = 11\n"));
  REQUIRE(changes.size() == 1);
  CHECK(changes[0].key == "limits.nick_bytes_max");
  CHECK(changes[0].before == "10");
  CHECK(changes[0].after == "11");
  CHECK(changes[0].when == applies::at_once);
}

TEST_CASE("confabd: the server's name and its case mapping need a restart") {
  const auto changes =
      compare(configuration(),
              read_well("[server]\nname = \"other.example\"\ncasemapping = \"rfc1459\"\n"));
  REQUIRE(find(changes, "server.name") != nullptr);
  REQUIRE(find(changes, "server.casemapping") != nullptr);
  CHECK(find(changes, "server.name")->when == applies::after_restart);
  CHECK(find(changes, "server.casemapping")->when == applies::after_restart);
  CHECK(changes.size() == 2);
}

TEST_CASE("confabd: passwords are never shown") {
  const auto changes = compare(read_well("[server]\npassword = \"hunter1\"\n"
                                         "[[operator]]\nname = \"a\"\npassword = \"hunter3\"\n"),
                               read_well("[server]\npassword = \"hunter2\"\n"
                                         "[[operator]]\nname = \"b\"\npassword = \"hunter4\"\n"));
  REQUIRE(find(changes, "server.password") != nullptr);
  REQUIRE(find(changes, "operator a password") != nullptr);
  REQUIRE(find(changes, "operator b password") != nullptr);
  for (const config_change &change : changes) {
    CHECK(change.before.find("hunter") == std::string::npos);
    CHECK(change.after.find("hunter") == std::string::npos);
  }
}

TEST_CASE("confabd: listeners are told apart by their address, not by their order") {
  const auto before = read_well("[[listen]]\naddress = \"127.0.0.1:1\"\n"
                                "[[listen]]\naddress = \"127.0.0.1:2\"\n");
  const auto swapped = read_well("[[listen]]\naddress = \"127.0.0.1:2\"\n"
                                 "[[listen]]\naddress = \"127.0.0.1:1\"\n");
  CHECK(compare(before, swapped).empty());

  const auto other = read_well("[[listen]]\naddress = \"127.0.0.1:1\"\nproxy = \"optional\"\n"
                               "[[listen]]\naddress = \"127.0.0.1:3\"\n");
  const auto changes = compare(before, other);
  REQUIRE(find(changes, "listen 127.0.0.1:1 proxy") != nullptr);
  CHECK(find(changes, "listen 127.0.0.1:1 proxy")->after == "\"optional\"");
  REQUIRE(find(changes, "listen 127.0.0.1:2 address") != nullptr);
  CHECK(find(changes, "listen 127.0.0.1:2 address")->after.empty());
  REQUIRE(find(changes, "listen 127.0.0.1:3 address") != nullptr);
  CHECK(find(changes, "listen 127.0.0.1:3 address")->before.empty());
}
