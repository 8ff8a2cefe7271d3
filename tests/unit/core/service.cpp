// SPDX-License-Identifier: MIT
//
// core/service: what classes, limits and accounts make of acts, where no client of a protocol would
// show it better: who belongs to an account, how many members a channel takes, whom a class does
// not bind, and the bounds of a connection's queues.
#include "core/service/service.hpp"

#include "abi/handle.hpp"
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <cstddef>
#include <string>

using namespace confab;
using namespace confab::core;
using namespace confab::test;

namespace {

struct serviced : engine_fixture {
  world &w() { return engine->drive().w; }
  confab_status set(std::string_view json) { return confab_service_set(engine, str_of(json)); }
  conn &c(confab_id id) { return *w().conns.find(id); }
  void give_mode(std::string_view nick, std::uint32_t mode) {
    confab_event_user_change e;
    CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_USER_CHANGE);
    e.head.flags = CONFAB_EVENT_FORCED;
    e.head.actor = e.user = user(nick);
    e.what = CONFAB_USER_MODE;
    e.mode = mode;
    e.set = 1;
    ignore(confab_command_submit(engine, &e.head, nullptr));
    read_all();
  }
  std::uint32_t members(std::string_view name) {
    return members_max_of(w(), *w().find_channel(name));
  }
};

} // namespace

TEST_CASE("service: who belongs to an account") {
  struct row {
    std::string_view account, group;
    bool belongs;
  };
  constexpr row rows[] = {{"ann@staff", "ann@staff", true},
                          {"ann@staff", "ANN@STAFF", true},
                          {"ann@staff", "staff", true},
                          {"ann@staff", "STAFF\\ann", true},
                          {"ann@staff", "staff\\*", true},
                          {"ann@staff", "*@staff", true},
                          {"ann@staff", "bob@staff", false},
                          {"ann@staff", "STAFF\\bob", false},
                          {"ann@staff", "staf", false},
                          {"ann@staff", "ann", false},
                          {"ann", "ann", true},
                          {"ann", "x\\ann", false},
                          {"", "*", false}};
  for (const row &r : rows) {
    INFO(r.account << " of " << r.group);
    CHECK(account_belongs(r.account, r.group) == r.belongs);
  }
}

TEST_CASE("service: how many members a channel takes") {
  serviced e;
  const confab_id ann = e.enter("ann");
  e.say(ann, "JOIN #own");
  const std::string reg = R"("channels":[{"name":"#reg"},{"name":"#lim","limit":500}]})";
  REQUIRE(e.set("{" + reg) == CONFAB_OK);
  CHECK(e.members("#own") == 0);
  CHECK(e.members("#reg") == 0);
  CHECK(e.members("#lim") == 500);
  REQUIRE(e.set(R"({"default_limit":50,"dynamic_limit":20,)" + reg) == CONFAB_OK);
  CHECK(e.members("#own") == 20);
  CHECK(e.members("#reg") == 50);
  CHECK(e.members("#lim") == 500);
  e.say(ann, "MODE #own +l 21"); // above what users may set
  CHECK(e.members("#own") == 20);
  e.say(ann, "MODE #own +l 19");
  CHECK(e.members("#own") == 19);
  REQUIRE(e.set("{}") == CONFAB_OK);
  CHECK(e.broken().empty());
}

TEST_CASE("service: a class bounds the queues of its connections, and operators have their own") {
  serviced e;
  const confab_id ann = e.enter("ann");
  const std::size_t input = e.w().input_max(e.c(ann)), output = e.w().output_max(e.c(ann));
  REQUIRE(e.set(R"({"classes":[{"name":"a","input_bytes":2000,"output_kilobytes":32}]})") ==
          CONFAB_OK);
  CHECK(e.w().input_max(e.c(ann)) == 2000);
  CHECK(e.w().output_max(e.c(ann)) == 32 * 1024);
  e.give_mode("ann", CONFAB_UMODE_OPERATOR);
  CHECK(e.w().output_max(e.c(ann)) == 1024 * 1024);
  REQUIRE(e.set(R"({"classes":[{"name":"a","input_bytes":0}]})") == CONFAB_OK);
  CHECK(e.w().input_max(e.c(ann)) == input);
  REQUIRE(e.set("{}") == CONFAB_OK);
  CHECK(e.w().output_max(e.c(ann)) == output);
}

TEST_CASE("service: operators are bound by no class, and own channels where that is said") {
  serviced e;
  const confab_id ann = e.enter("ann"), oper = e.enter("oper");
  e.give_mode("oper", CONFAB_UMODE_OPERATOR);
  e.say(ann, "JOIN #users");
  REQUIRE(e.set(R"({"protection":"high","classes":[{"name":"a","no_own":true,"no_create":true,)"
                R"("no_join_dynamic":true,"channels":1,"nick_delay_s":3600,"message_delay_s":10}],)"
                R"("channels":[{"name":"#reg","key":"shut","operator_owns":true},)"
                R"({"name":"#plain"}]})") == CONFAB_OK);
  const auto ranks = [&](std::string_view nick, std::string_view where) -> int {
    const member *m = e.w().find_member(*e.w().find_user(nick), *e.w().find_channel(where));
    return m ? m->ranks : -1;
  };
  e.say(oper, "JOIN #made");
  e.say(oper, "JOIN #users");
  e.say(oper, "JOIN #reg");
  e.say(oper, "JOIN #plain");
  CHECK(ranks("oper", "#made") == CONFAB_RANK_OPERATOR); // plain IRC has no owners
  CHECK(ranks("oper", "#users") == 0);
  CHECK(ranks("oper", "#reg") == CONFAB_RANK_OWNER);
  CHECK(ranks("oper", "#plain") == 0);
  e.say(oper, "NICK boss");
  CHECK(e.user("boss") != 0);
  CHECK(e.c(oper).held_until == 0);
  e.say(ann, "NICK nann");
  CHECK(e.user("nann") == 0);
  e.say(oper, "MODE #made +o ann");
  e.say(ann, "JOIN #made");
  CHECK(ranks("ann", "#made") == -1); // no channels that users made
  e.say(ann, "PART #users");
  e.say(ann, "JOIN #plain");
  CHECK(ranks("ann", "#plain") == 0);
  CHECK(e.c(ann).held_until == e.now + confab_time{14'000'000'000}); // 10 s and 4 s
  REQUIRE(e.set(R"({"operator_owns_dynamic":true})") == CONFAB_OK);
  e.say(oper, "PART #made");
  const confab_id bob = e.enter("bob");
  e.say(bob, "JOIN #bobs");
  e.say(oper, "JOIN #bobs");
  CHECK(ranks("boss", "#bobs") == CONFAB_RANK_OWNER);
  CHECK(e.broken().empty());
}

TEST_CASE("service: an account's channel is for those who belong to it") {
  serviced e;
  const confab_id ann = e.enter("ann"), bob = e.enter("bob");
  e.w().find_user("ann")->account.assign(e.w().mem, "ann@staff");
  e.w().find_user("bob")->account.assign(e.w().mem, "bob@guests");
  REQUIRE(e.set(R"({"channels":[{"name":"#staff","properties":{"ACCOUNT":"STAFF"}}]})") ==
          CONFAB_OK);
  e.say(ann, "JOIN #staff");
  e.say(bob, "JOIN #staff");
  const channel &staff = *e.w().find_channel("#staff");
  CHECK(e.w().find_member(*e.w().find_user("ann"), staff) != nullptr);
  CHECK(e.w().find_member(*e.w().find_user("bob"), staff) == nullptr);
  REQUIRE(e.set("{}") == CONFAB_OK);
}

TEST_CASE("service: a user's info says what its class leaves it, a channel's how it stands") {
  serviced e;
  e.enter("ann");
  const auto info = [&] {
    confab_user_info out{};
    out.struct_size = sizeof out;
    ignore(confab_user_get(e.engine, e.user("ann"), &out));
    return out;
  };
  constexpr std::uint32_t all = CONFAB_MAY_OPEN | CONFAB_MAY_JOIN_DYNAMIC | CONFAB_MAY_RANK;
  CHECK(info().may == all);
  CHECK(info().channels_max == e.w().limits().channels_per_user_max);
  CHECK(info().class_name.len == 0);
  struct row {
    std::string_view service;
    std::uint32_t may;
    std::uint32_t channels_max;
    std::string_view class_name;
  };
  const std::uint32_t usual = e.w().limits().channels_per_user_max;
  const row rows[] = {
      {R"({"classes":[{"name":"a","channels":2}]})", all, 2, "a"},
      {R"({"classes":[{"name":"b","no_create":true}]})", all & ~std::uint32_t{CONFAB_MAY_OPEN},
       usual, "b"},
      {R"({"classes":[{"name":"c","no_own":true}]})", all & ~std::uint32_t{CONFAB_MAY_RANK}, usual,
       "c"},
      // Who may enter none that users made, makes none either.
      {R"({"classes":[{"name":"d","no_join_dynamic":true}]})", CONFAB_MAY_RANK, usual, "d"},
      {R"({"classes":[{"name":"e","protocols":["mic"],"channels":2}]})", all, usual, ""},
      {R"({"dynamic_channels":false})", all & ~std::uint32_t{CONFAB_MAY_OPEN}, usual, ""},
      {R"({"channel_ranks":false})", all & ~std::uint32_t{CONFAB_MAY_RANK}, usual, ""}};
  for (const row &r : rows) {
    INFO(r.service);
    REQUIRE(e.set(r.service) == CONFAB_OK);
    CHECK(info().may == r.may);
    CHECK(info().channels_max == r.channels_max);
    CHECK(string_of(info().class_name) == r.class_name);
  }
  REQUIRE(e.set(R"({"classes":[{"name":"a","channels":2,"no_create":true}]})") == CONFAB_OK);
  e.give_mode("ann", CONFAB_UMODE_OPERATOR); // whom no class binds
  CHECK(info().may == all);
  CHECK(info().channels_max == 0);

  const auto standing = [&](std::string_view name) {
    confab_channel_info out{};
    out.struct_size = sizeof out;
    ignore(confab_channel_get(e.engine, e.channel(name), &out));
    return out.standing;
  };
  REQUIRE(e.set(R"({"channels":[{"name":"#plain"},{"name":"#auto","autostart":true},)"
                R"({"name":"#both","autostart":true,"operator_owns":true}]})") == CONFAB_OK);
  CHECK(standing("#plain") == 0);
  CHECK(standing("#auto") == CONFAB_STANDING_AUTOSTART);
  CHECK(standing("#both") == (CONFAB_STANDING_AUTOSTART | CONFAB_STANDING_OPERATOR_OWNS));
  // An older caller's struct ends before them, and nothing beyond is touched.
  confab_user_info old{};
  old.struct_size = offsetof(confab_user_info, may);
  old.may = 77;
  CHECK(confab_user_get(e.engine, e.user("ann"), &old) == CONFAB_OK);
  CHECK(string_of(old.nick) == "ann");
  CHECK(old.may == 77);
  confab_channel_info before{};
  before.struct_size = offsetof(confab_channel_info, standing);
  before.standing = 77;
  CHECK(confab_channel_get(e.engine, e.channel("#both"), &before) == CONFAB_OK);
  CHECK(string_of(before.name) == "#both");
  CHECK(before.standing == 77);
}
