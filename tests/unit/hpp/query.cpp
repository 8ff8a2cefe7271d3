// SPDX-License-Identifier: MIT
//
// Questions to an engine: names, infos, ranges. Mirrors confab/cpp/engine_view.hpp.
// Each test asks an engine with a few clients on it; the protocol is only the means to put them
// there, and is tested elsewhere.
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <algorithm>
#include <set>
#include <vector>

using hpp_test::chat;

static_assert(std::input_iterator<confab::id_walk<confab::user_id>::iterator>);
static_assert(std::ranges::input_range<confab::list_walk>);

TEST_CASE("hpp: what is not there is an empty optional") {
  chat c;
  REQUIRE_FALSE(c.engine.find_user("ann").has_value());
  REQUIRE_FALSE(c.engine.find_channel("#tea").has_value());

  const confab::conn_id conn = c.client("ann", "#tea");
  (void)c.client("bob");
  REQUIRE(c.engine.find_member(c.channel("#tea"), c.user("ann")).has_value());
  REQUIRE_FALSE(c.engine.find_member(c.channel("#tea"), c.user("bob")).has_value());

  const confab::user_id ann = c.user("ANN");
  REQUIRE(confab::view(c.engine.get(ann)->nick) == "ann");
  REQUIRE(c.engine.closed(conn, 0) == CONFAB_OK);
  REQUIRE_FALSE(c.engine.get(conn).has_value());
  REQUIRE_FALSE(c.engine.get(ann).has_value());
}

TEST_CASE("hpp: an id of the wrong kind is an error, not an absence") {
  chat c;
  const confab::conn_id conn = c.open();
  REQUIRE_THROWS_AS(c.engine.get(confab::user_id(conn.raw())), confab::error);
}

TEST_CASE("hpp: infos carry what the engine knows") {
  chat c;
  const confab::conn_id conn = c.client("ann", "#tea");
  const confab_conn_info info = c.engine.get(conn).value();
  REQUIRE(confab::user_id(info.user) == c.user("ann"));
  REQUIRE(confab::view(info.address) == "192.0.2.7");
  REQUIRE(info.protocol == CONFAB_PROTOCOL_IRC);
  REQUIRE(c.engine.get(c.channel("#tea"))->members == 1);

  const auto member = c.engine.find_member(c.channel("#tea"), c.user("ann")).value();
  REQUIRE((c.engine.get(member)->ranks & (CONFAB_RANK_OPERATOR | CONFAB_RANK_OWNER)) != 0);
  REQUIRE(c.engine.stats().members == 1);
  REQUIRE(c.engine.stats().users == 1);
}

TEST_CASE("hpp: ranges visit each element once") {
  chat c;
  REQUIRE(c.engine.users().begin() == c.engine.users().end());

  const std::set<confab::conn_id> conns{c.client("ann", "#tea,#milk"), c.client("bob", "#tea"),
                                        c.client("cat")};
  std::vector<confab::conn_id> seen;
  for (const confab::conn_id conn : c.engine.conns()) {
    seen.push_back(conn);
  }
  REQUIRE(seen.size() == 3);
  REQUIRE(std::set<confab::conn_id>(seen.begin(), seen.end()) == conns);
  REQUIRE(std::ranges::distance(c.engine.users()) == 3);
  REQUIRE(std::ranges::distance(c.engine.channels()) == 2);
  REQUIRE(std::ranges::distance(c.engine.members(c.user("ann"))) == 2);
  REQUIRE(std::ranges::distance(c.engine.members(c.user("cat"))) == 0);

  std::set<confab_id> in_tea;
  for (const confab::member_id member : c.engine.members(c.channel("#tea"))) {
    in_tea.insert(c.engine.get(member)->user);
  }
  REQUIRE(in_tea == std::set<confab_id>{c.user("ann").raw(), c.user("bob").raw()});

  c.engine.attach(c.open(), 0, c.user("cat"));
  REQUIRE(std::ranges::distance(c.engine.conns(c.user("cat"))) == 2);
}

TEST_CASE("hpp: a walk whose element goes away says so") {
  chat c;
  (void)c.client("ann");
  (void)c.client("bob");
  auto walk = c.engine.conns();
  auto at = walk.begin();
  REQUIRE(c.engine.closed(*at, 0) == CONFAB_OK);
  REQUIRE_THROWS_AS(++at, confab::error);
}

TEST_CASE("hpp: a channel's lists are ranges of entries") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  c.says(ann, "MODE #tea +bb *!*@192.0.2.1 *!*@192.0.2.2\r\n");
  std::set<std::string> masks;
  for (const confab_list_entry &entry : c.engine.entries(c.channel("#tea"), CONFAB_LIST_BAN)) {
    masks.emplace(confab::view(entry.mask));
    REQUIRE(confab::view(entry.set_by).substr(0, 3) == "ann");
  }
  REQUIRE(masks == std::set<std::string>{"*!*@192.0.2.1", "*!*@192.0.2.2"});
  REQUIRE(std::ranges::distance(c.engine.entries(c.channel("#tea"), CONFAB_LIST_INVITE)) == 0);
}

TEST_CASE("hpp: users, the server and the network have lists of their own") {
  chat c;
  const confab::conn_id ann = c.client("ann");
  const auto add = [&](std::uint32_t subject, confab_id of, const char *mask) {
    confab_event_access e;
    CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_ACCESS);
    e.subject = subject;
    e.user = of;
    e.list = CONFAB_LIST_BAN;
    e.set = CONFAB_ACCESS_ADD;
    e.mask = confab_str_of(mask);
    return confab_command_submit(c.engine.raw(), &e.head, nullptr);
  };
  const auto first = [](confab::list_walk walk) {
    const auto at = walk.begin();
    return at == walk.end() ? std::string() : std::string(confab::view(at->mask));
  };
  REQUIRE(add(CONFAB_ACCESS_USER, c.user("ann").raw(), "a!*@*") == CONFAB_OK);
  REQUIRE(add(CONFAB_ACCESS_SERVER, 0, "b!*@*") == CONFAB_OK);
  REQUIRE(add(CONFAB_ACCESS_NETWORK, 0, "c!*@*") == CONFAB_OK);
  REQUIRE(first(c.engine.entries(c.user("ann"), CONFAB_LIST_BAN)) == "a!*@*");
  REQUIRE(first(c.engine.server_entries(CONFAB_LIST_BAN)) == "b!*@*");
  REQUIRE(first(c.engine.network_entries(CONFAB_LIST_BAN)) == "c!*@*");
  REQUIRE(first(c.engine.server_entries(CONFAB_LIST_GRANT)).empty());
  REQUIRE(c.engine.closed(ann, 0) == CONFAB_OK);
}

TEST_CASE("hpp: visible is the engine's one predicate") {
  chat c;
  const confab::conn_id ann = c.client("ann", "#tea");
  (void)c.client("bob");
  REQUIRE(c.engine.visible(c.user("bob"), c.channel("#tea")));
  c.says(ann, "MODE #tea +s\r\n");
  REQUIRE_FALSE(c.engine.visible(c.user("bob"), c.channel("#tea")));
  REQUIRE(c.engine.visible(c.user("ann"), c.channel("#tea")));
  REQUIRE_THROWS_AS(c.engine.visible(confab::user_id(), c.channel("#tea")), confab::error);
}
