// SPDX-License-Identifier: MIT
//
// The floor of the C++ wrapper: text views, ids by kind, and errors. Mirrors confab/cpp/status.hpp
// and ids.hpp.
// None of these tests needs an engine; a new one that does belongs in another file.
#include "support/catch.hpp"

#include <confab/confab.hpp>

#include <string>
#include <type_traits>
#include <unordered_set>

TEST_CASE("hpp: texts cross both ways and copy nothing") {
  const std::string text = "a\0b";
  REQUIRE(confab::str(text).ptr == text.data());
  REQUIRE(confab::str(text).len == text.size());
  REQUIRE(confab::view(confab::str(text)).data() == text.data());

  REQUIRE(confab::str({}).len == 0);
  REQUIRE(confab::view(confab_str{nullptr, 0}).empty());
  REQUIRE(confab::view(CONFAB_STR("x\0y")) == std::string_view("x\0y", 3));
}

TEST_CASE("hpp: checked returns news and throws errors") {
  REQUIRE(confab::checked(CONFAB_OK) == CONFAB_OK);
  REQUIRE(confab::checked(CONFAB_QUEUED) == CONFAB_QUEUED);
  try {
    confab::checked(CONFAB_ERR_LIMIT);
    FAIL("nothing was thrown");
  } catch (const std::exception &thrown) {
    REQUIRE(std::string(thrown.what()) == "CONFAB_ERR_LIMIT");
  }
}

TEST_CASE("hpp: an error knows whether the engine is lost") {
  REQUIRE_FALSE(confab::error(CONFAB_ERR_NOMEM).fatal());
  REQUIRE(confab::error(CONFAB_ERR_POISONED).fatal());
  REQUIRE(confab::error(CONFAB_ERR_POISONED).status() == CONFAB_ERR_POISONED);
}

TEST_CASE("hpp: an id is a plain value of its kind") {
  static_assert(sizeof(confab::user_id) == sizeof(confab_id));
  static_assert(std::is_trivially_copyable_v<confab::user_id>);
  static_assert(!std::is_convertible_v<confab::user_id, confab::channel_id>);
  static_assert(!std::is_convertible_v<confab::user_id, bool>);

  REQUIRE_FALSE(confab::user_id());
  REQUIRE(confab::user_id().raw() == 0);
  const confab::user_id one(1), two(2);
  REQUIRE(one);
  REQUIRE(one == confab::user_id(1));
  REQUIRE(one < two);

  const std::unordered_set<confab::user_id> set{one, two, one};
  REQUIRE(set.size() == 2);
  REQUIRE(set.count(confab::user_id(3)) == 0);
}

TEST_CASE("hpp: an id of another kind is not taken for one's own") {
  const confab_id channel = confab_id{CONFAB_KIND_CHANNEL} << 60 | 5;
  REQUIRE(confab::channel_id::from(channel) == confab::channel_id(channel));
  REQUIRE_FALSE(confab::user_id::from(channel).has_value());
  REQUIRE(confab::user_id::from(0) == confab::user_id());
}
