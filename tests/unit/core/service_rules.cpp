// SPDX-License-Identifier: MIT
//
// core/service/rules: the delays of attack protection as Exchange's table has them, windows of
// hours at their edges and over midnight, user classes with their first match, and bans.
#include "core/service/rules.hpp"

#include "support/catch.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::core;

TEST_CASE("service: the delays of the four levels", "[ircx]") {
  struct row {
    protected_act act;
    unsigned low, medium, high;
  };
  constexpr row rows[] = {
      {protected_act::data, 1, 2, 3},    {protected_act::invitation, 2, 4, 5},
      {protected_act::join, 2, 3, 4},    {protected_act::wrong_key, 2, 4, 5},
      {protected_act::message, 1, 2, 3}, {protected_act::host_message, 1, 1, 2}};
  CHECK(std::size(rows) == protected_acts);
  for (const row &wanted : rows) {
    CHECK(protection_delay_s(protection::none, wanted.act) == 0);
    CHECK(protection_delay_s(protection::low, wanted.act) == wanted.low);
    CHECK(protection_delay_s(protection::medium, wanted.act) == wanted.medium);
    CHECK(protection_delay_s(protection::high, wanted.act) == wanted.high);
  }
}

TEST_CASE("service: a window begins with its first minute and ends before its last", "[ircx]") {
  for (unsigned minute = 0; minute < 1440; ++minute) {
    const auto in = [&](std::uint16_t from, std::uint16_t to) {
      return utc_window{from, to}.contains(minute);
    };
    const bool good = in(0, 0) && in(720, 720) && in(0, 1440) &&
                      in(540, 1050) == (minute >= 540 && minute < 1050) &&
                      in(1320, 360) == (minute >= 1320 || minute < 360) &&
                      in(1439, 0) == (minute == 1439) && in(0, 1) == (minute == 0);
    if (!good)
      FAIL("minute " << minute);
  }
  CHECK(utc_window{1439, 1440}.valid());
  CHECK_FALSE(utc_window{1440, 10}.valid());
  CHECK_FALSE(utc_window{0, 1441}.valid());
}

TEST_CASE("service: windows are read as hours", "[ircx]") {
  utc_window out{1, 2};
  CHECK(parse_window("09:00-17:30", out));
  CHECK(out.from == 540);
  CHECK(out.to == 1050);
  CHECK(parse_window("22:00-06:00", out));
  CHECK(parse_window("00:00-24:00", out));
  CHECK(out.to == 1440);
  for (const std::string_view bad :
       {"", "9:00-17:30", "09:00 17:30", "24:00-01:00", "09:60-10:00", "09:00-24:01", "25:00-26:00",
        "09:00-17:3x", "09:00-17:300", "-9:00-17:30", "09.00-17.30"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(parse_window(bad, out));
  }
  CHECK(out.to == 1440);
}

TEST_CASE("service: the minute of the day of any second", "[ircx]") {
  CHECK(minute_of_day(0) == 0);
  CHECK(minute_of_day(59) == 0);
  CHECK(minute_of_day(60) == 1);
  CHECK(minute_of_day(86399) == 1439);
  CHECK(minute_of_day(86400) == 0);
  CHECK(minute_of_day(-1) == 1439);
  CHECK(minute_of_day(-86400) == 0);
  CHECK(minute_of_day(-86401) == 1439);
  CHECK(minute_of_day(1704067200 + 12 * 3600) == 720); // noon of 2024-01-01
}

TEST_CASE("service: a class takes whom all its conditions fit", "[ircx]") {
  class_subject who;
  who.protocol = 2;
  who.authenticated = true;
  who.user = "anna";
  who.host = "pc.example.com";
  who.address = "10.0.0.7";
  user_class rule;
  CHECK(class_matches(rule, who, 0));
  rule.protocols = 1 | 4;
  CHECK_FALSE(class_matches(rule, who, 0));
  rule.protocols = 2 | 4;
  CHECK(class_matches(rule, who, 0));
  rule.logon = logon_mode::anonymous;
  CHECK_FALSE(class_matches(rule, who, 0));
  rule.logon = logon_mode::authenticated;
  CHECK(class_matches(rule, who, 0));
  rule.ident_mask = "a*@*.EXAMPLE.com";
  CHECK(class_matches(rule, who, 0));
  rule.ident_mask = "b*@*";
  CHECK_FALSE(class_matches(rule, who, 0));
  rule.ident_mask = "*.example.com";
  CHECK(class_matches(rule, who, 0));
  rule.address_mask = "10.0.0.?";
  CHECK(class_matches(rule, who, 0));
  rule.address_mask = "10.0.1.*";
  CHECK_FALSE(class_matches(rule, who, 0));
  rule.address_mask = {};
  rule.hours = {540, 1050};
  CHECK_FALSE(class_matches(rule, who, 539));
  CHECK(class_matches(rule, who, 540));
  CHECK_FALSE(class_matches(rule, who, 1050));
}

TEST_CASE("service: an ident mask needs a host that was verified", "[ircx]") {
  class_subject who;
  who.user = "anna";
  user_class rule;
  rule.ident_mask = "*@*";
  CHECK_FALSE(class_matches(rule, who, 0));
  rule.ident_mask = {};
  CHECK(class_matches(rule, who, 0));
}

TEST_CASE("service: the first class by name counts, wherever it stands", "[ircx]") {
  std::vector<user_class> classes(4);
  classes[0].name = "zoo";
  classes[1].name = "Beta";
  classes[2].name = "alpha";
  classes[2].logon = logon_mode::authenticated;
  classes[3].name = "beta2";
  class_subject who;
  REQUIRE(find_class(classes, who, 0) != nullptr);
  CHECK(find_class(classes, who, 0)->name == "Beta");
  who.authenticated = true;
  CHECK(find_class(classes, who, 0)->name == "alpha");
  CHECK(find_class({}, who, 0) == nullptr);
  for (user_class &rule : classes)
    rule.protocols = 8;
  CHECK(find_class(classes, who, 0) == nullptr);
}

TEST_CASE("service: what a class sets has a range, and its default is in it", "[ircx]") {
  for (const class_limit_row &row : class_limits()) {
    CAPTURE(std::string(row.name));
    CHECK(row.least <= row.usual);
    CHECK(row.usual <= row.most);
    CHECK(&class_limits()[static_cast<std::size_t>(row.limit)] == &row);
  }
  CHECK(class_limits()[static_cast<std::size_t>(class_limit::input_bytes)].usual == 1024);
  CHECK(class_limits()[static_cast<std::size_t>(class_limit::output_kilobytes)].usual == 64);
}

TEST_CASE("service: a ban takes whom all its parts fit, in its hours", "[ircx]") {
  const ban_subject eve{"eve", "evelyn", "pc.example.com", "10.0.0.7"};
  const auto hit = [&](const service_ban &ban, unsigned minute = 0) {
    return ban_matches(text::casemap::rfc1459, ban, eve, minute);
  };
  CHECK(hit({"EV?", {}, {}, {}, {}}));
  CHECK_FALSE(hit({"adam", {}, {}, {}, {}}));
  CHECK(hit({{}, "eve*", "*.example.com", {}, {}}));
  CHECK_FALSE(hit({{}, "eve*", "*.example.org", {}, {}}));
  CHECK(hit({{}, {}, "10.0.*", {}, {}}));
  const service_ban at_night{"eve", {}, {}, {}, {1320, 360}};
  CHECK(hit(at_night, 1320));
  CHECK(hit(at_night, 359));
  CHECK_FALSE(hit(at_night, 360));
}

TEST_CASE("service: what cannot be a ban", "[ircx]") {
  const auto check = [](std::string_view nick, std::string_view user, std::string_view host,
                        std::string_view reason = {}, utc_window hours = {}) {
    return check_ban({nick, user, host, reason, hours});
  };
  CHECK(check(std::string(23, 'n'), {}, {}) == ban_error::none);
  CHECK(check(std::string(24, 'n'), {}, {}) == ban_error::too_long);
  CHECK(check({}, std::string(63, 'u'), {}) == ban_error::none);
  CHECK(check({}, std::string(64, 'u'), {}) == ban_error::too_long);
  CHECK(check({}, {}, std::string(127, 'h')) == ban_error::none);
  CHECK(check({}, {}, std::string(128, 'h')) == ban_error::too_long);
  CHECK(check("n", {}, {}, std::string(63, 'r')) == ban_error::none);
  CHECK(check("n", {}, {}, std::string(64, 'r')) == ban_error::too_long);
  for (const std::string_view bad : {"a b", "a!b", "a@b", "a\n"}) {
    CHECK(check(bad, {}, {}) == ban_error::bad_character);
    CHECK(check("n", {}, bad) == ban_error::bad_character);
  }
  CHECK(check({}, {}, {}) == ban_error::matches_everybody);
  CHECK(check("*", "**", {}) == ban_error::matches_everybody);
  CHECK(check("?", {}, {}) == ban_error::none);
  CHECK(check("n", {}, {}, {}, {1440, 0}) == ban_error::bad_hours);
}
