// SPDX-License-Identifier: MIT
//
// The service's configuration through the C API: every mistake in the JSON is found with its place
// and changes nothing; every number at its edges; what is got can be set and changes nothing;
// memory that runs out at any allocation leaves everything as it was.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <string>
#include <vector>

using namespace confab;
using namespace confab::test;

namespace {

struct serviced : engine_fixture {
  using engine_fixture::engine_fixture;

  confab_status set(std::string_view json) { return confab_service_set(engine, str_of(json)); }
  std::string get() const {
    std::size_t needed = 0;
    if (confab_service_get(engine, nullptr, 0, &needed) != CONFAB_AGAIN)
      return "no length";
    std::string out(needed, '\0');
    const confab_status status = confab_service_get(engine, out.data(), out.size(), &needed);
    return status == CONFAB_OK && needed == out.size() ? out : "no text";
  }
  // "place: words" of the last error.
  std::string problem() const {
    confab_error_info info{};
    info.struct_size = sizeof info;
    ignore(confab_engine_last_error(engine, &info));
    return std::to_string(info.offset) + ": " + string_of(info.text);
  }
};

// One of everything, in the one form that there is.
const std::string full =
    R"({"dynamic_channels":true,"operator_owns_dynamic":true,"channel_ranks":true,)"
    R"("dynamic_limit":100,"default_limit":50,"protection":"medium",)"
    R"("classes":[{"name":"night","protocols":["irc","mic"],"logon":"anonymous",)"
    R"("ident_mask":"*@*.example","address_mask":"192.0.2.*","hours":"22:00-06:00",)"
    R"("no_logon":true,"no_own":true,"no_create":true,"no_join_dynamic":true,)"
    R"("address_connections":3,"channels":5,"message_delay_s":2,"nick_delay_s":3600,)"
    R"("input_bytes":4096,"output_kilobytes":128}],)"
    R"("bans":[{"nick":"bad*","user":"x","host":"*.evil","hours":"09:00-17:00","reason":"no"}],)"
    R"("channels":[{"name":"#reg","modes":["moderated","secret","auth_speech"],"topic":"\u0002Hi",)"
    R"("topic_by":"ann","topic_at":5,"created":7,"key":"sesame","limit":9,"autostart":true,)"
    R"("operator_owns":true,"properties":{"LANGUAGE":"en","SUBJECT":"talk","ONJOIN":"Welcome"},)"
    R"("access":[{"list":"ban","mask":"x!*@*","reason":"why","by":"op","set":1,)"
    R"("expires":4000000000,"by_owner":true},{"list":"owner","mask":"ann!*@*","set":2}]}]})";

constexpr std::string_view empty =
    R"({"dynamic_channels":true,"operator_owns_dynamic":false,"channel_ranks":true,)"
    R"("dynamic_limit":0,"default_limit":0,"protection":"none","classes":[],"bans":[],)"
    R"("channels":[]})";

struct mistake {
  std::string_view json, problem;
};

} // namespace

TEST_CASE("service: nothing is configured at first, and the empty object is that") {
  serviced e;
  CHECK(e.get() == empty);
  CHECK(e.set("{}") == CONFAB_OK);
  CHECK(e.get() == empty);
  CHECK(e.destroy().empty());
}

TEST_CASE("service: what is got can be set and is the same") {
  serviced e;
  REQUIRE(e.set(full) == CONFAB_OK);
  CHECK(e.get() == full);
  REQUIRE(e.set(e.get()) == CONFAB_OK);
  CHECK(e.get() == full);
  CHECK(e.broken().empty());
  CHECK(e.set("{}") == CONFAB_OK);
  CHECK(e.get() == empty);
  CHECK(e.channels().empty());
  REQUIRE(e.set(full) == CONFAB_OK);
  CHECK(e.destroy().empty()); // a configuration goes with its engine
}

TEST_CASE("service: every mistake is told with its place, and changes nothing") {
  const mistake mistakes[] = {
      {"", "0: ends too early"},
      {"[]", "0: must be an object"},
      {"{} x", "3: something follows the end"},
      {R"({"dynamic_channels":1})", "20: dynamic_channels: must be true or false"},
      {R"({"bans":[],"bans":[]})", "11: bans: is there twice"},
      {R"({"Bans":[]})", "1: Bans: there is no such member"},
      {R"({"":[]})", "1: there is no such member"},
      {R"({"protection":"extreme"})", "14: protection: is none of the words that are known here"},
      {R"({"protection":""})", "14: protection: is none of the words that are known here"},
      {R"({"classes":{}})", "11: classes: must be a list"},
      {R"({"classes":[{}]})", "12: classes[0].name: is missing"},
      {R"({"classes":[{"name":""}]})", "20: classes[0].name: must not be empty"},
      {R"({"classes":[{"name":"a"},{"name":"A"}]})",
       "33: classes[1]: there is a class of that name already"},
      {R"({"classes":[{"name":"a","protocols":["dcc"]}]})",
       "37: classes[0].protocols[0]: is none of the words that are known here"},
      {R"({"classes":[{"name":"a","hours":"9-17"}]})",
       "32: classes[0].hours: must be hours, such as \"09:00-17:30\""},
      {R"({"classes":[{"name":"a","hours":"09:00-24:01"}]})",
       "32: classes[0].hours: must be hours, such as \"09:00-17:30\""},
      {R"({"classes":[{"name":"a","ident_mask":"a b"}]})",
       "37: classes[0].ident_mask: must be one word"},
      {R"({"bans":[{}]})", "9: bans[0]: would keep everybody out"},
      {R"({"bans":[{"nick":"*","reason":"x"}]})", "30: bans[0]: would keep everybody out"},
      {R"({"bans":[{"nick":"a!b"}]})",
       "17: bans[0]: nick, user and host must be words without ! and @"},
      {R"({"channels":[{"name":"reg"}]})", "21: channels[0].name: is no name of a channel"},
      {R"({"channels":[{"name":"#a"},{"name":"#A"}]})",
       "35: channels[1].name: there is a channel of that name already"},
      {R"({"channels":[{"name":"#a","modes":["key"]}]})",
       "35: channels[0].modes[0]: is none of the words that are known here"},
      {R"({"channels":[{"name":"#a","modes":["secret","private"]}]})",
       "21: channels[0]: private, hidden and secret exclude each other"},
      {R"({"channels":[{"name":"#a1","modes":["cloneable"]}]})",
       "21: channels[0]: a channel whose name ends in a digit cannot be cloneable"},
      {R"({"channels":[{"name":"#a","modes":["unicode"]}]})",
       "21: channels[0]: unicode is for channels that are mic_only"},
      {R"({"channels":[{"name":"#a","key":"a b"}]})", "32: channels[0].key: is no key"},
      {R"({"channels":[{"name":"#a","topic":"a\nb"}]})",
       "34: channels[0].topic: must be one line, without NUL"},
      {R"({"channels":[{"name":"#a","properties":{"NAME":"x"}}]})",
       "40: channels[0].properties.NAME: there is no such member"},
      {R"({"channels":[{"name":"#a","properties":{"LAG":"3"}}]})",
       "46: channels[0].properties.LAG: is no value of that property"},
      {R"({"channels":[{"name":"#a","access":[{"list":"ban"}]}]})",
       "36: channels[0].access[0].mask: is missing"},
      {R"({"channels":[{"name":"#a","access":[{"list":"ban","mask":"a b!*@*"}]}]})",
       "57: channels[0].access[0].mask: must be a mask: nick!user@host"},
  };
  serviced e;
  REQUIRE(e.set(full) == CONFAB_OK);
  for (const mistake &m : mistakes) {
    INFO(m.json);
    CHECK(e.set(m.json) == CONFAB_ERR_ARG);
    CHECK(e.problem() == m.problem);
    CHECK(e.get() == full);
  }
  CHECK(confab_service_set(e.engine, {nullptr, 0}) == CONFAB_ERR_ARG);
  CHECK(confab_service_set(nullptr, str_of("{}")) == CONFAB_ERR_ARG);
  std::size_t needed = 0;
  CHECK(confab_service_get(nullptr, nullptr, 0, &needed) == CONFAB_ERR_ARG);
  CHECK(confab_service_get(e.engine, nullptr, 0, nullptr) == CONFAB_ERR_ARG);
  CHECK(confab_service_get(e.engine, nullptr, 4, &needed) == CONFAB_ERR_ARG);
}

TEST_CASE("service: every number at its edges") {
  struct range {
    std::string_view before, after;
    std::int64_t least, most;
  };
  const range ranges[] = {
      {R"({"dynamic_limit":)", "}", 0, 48000},
      {R"({"default_limit":)", "}", 0, 48000},
      {R"({"classes":[{"name":"a","address_connections":)", "}]}", 0, 1'000'000},
      {R"({"classes":[{"name":"a","channels":)", "}]}", 0, 1'000'000},
      {R"({"classes":[{"name":"a","message_delay_s":)", "}]}", 0, 10},
      {R"({"classes":[{"name":"a","nick_delay_s":)", "}]}", 0, 3600},
      {R"({"classes":[{"name":"a","input_bytes":)", "}]}", 0, 4096},
      {R"({"classes":[{"name":"a","output_kilobytes":)", "}]}", 1, 1024},
      {R"({"channels":[{"name":"#a","limit":)", "}]}", 0, INT32_MAX},
  };
  serviced e;
  const auto with = [&](const range &r, std::int64_t number) {
    return e.set(std::string(r.before) + std::to_string(number) + std::string(r.after));
  };
  for (const range &r : ranges) {
    INFO(r.before);
    CHECK(with(r, r.least - 1) == CONFAB_ERR_ARG);
    CHECK(with(r, r.least) == CONFAB_OK);
    CHECK(with(r, r.least + 1) == CONFAB_OK);
    CHECK(with(r, r.most - 1) == CONFAB_OK);
    CHECK(with(r, r.most) == CONFAB_OK);
    CHECK(with(r, r.most + 1) == CONFAB_ERR_ARG);
  }
  CHECK(e.set("{}") == CONFAB_OK);
}

TEST_CASE("service: every text at its length, and every list at its count") {
  struct bound {
    std::string_view before, after;
    std::size_t most;
  };
  const bound bounds[] = {
      {R"({"classes":[{"name":")", R"("}]})", 63},
      {R"({"classes":[{"name":"a","ident_mask":")", R"("}]})", 63},
      {R"({"classes":[{"name":"a","address_mask":")", R"("}]})", 63},
      {R"({"bans":[{"nick":")", R"("}]})", 23},
      {R"({"bans":[{"user":")", R"("}]})", 63},
      {R"({"bans":[{"host":")", R"("}]})", 127},
      {R"({"bans":[{"nick":"a","reason":")", R"("}]})", 63},
      {R"({"channels":[{"name":"#a","properties":{"SUBJECT":")", R"("}}]})", 31},
      {R"({"channels":[{"name":"#a","properties":{"ONJOIN":")", R"("}}]})", 255},
  };
  serviced e;
  const auto with = [&](const bound &b, std::size_t bytes) {
    return e.set(std::string(b.before) + std::string(bytes, 'x') + std::string(b.after));
  };
  for (const bound &b : bounds) {
    INFO(b.before);
    CHECK(with(b, b.most - 1) == CONFAB_OK);
    CHECK(with(b, b.most) == CONFAB_OK);
    CHECK(with(b, b.most + 1) == CONFAB_ERR_ARG);
  }
  const auto bans = [](std::size_t count) {
    std::string json = R"({"bans":[)";
    for (std::size_t i = 0; i < count; ++i)
      json += std::string(i > 0 ? "," : "") + R"({"nick":"n)" + std::to_string(i) + "\"}";
    return json + "]}";
  };
  CHECK(e.set(bans(999)) == CONFAB_OK);
  CHECK(e.set(bans(1000)) == CONFAB_OK);
  CHECK(e.set(bans(1001)) == CONFAB_ERR_ARG);
  CHECK(e.problem().ends_with("bans[1000]: is one too many"));
  CHECK(e.set("{}") == CONFAB_OK);
}

TEST_CASE("service: channels that are registered count against channels_max with the others") {
  engine_fixture::setup with;
  with.tweak = [](confab_engine_options &o) { o.channels_max = 2; };
  serviced e(with);
  const confab_id ann = e.enter("ann");
  e.say(ann, "JOIN #one");
  CHECK(e.set(R"({"channels":[{"name":"#one"},{"name":"#two"}]})") == CONFAB_OK);
  CHECK(e.set(R"({"channels":[{"name":"#two"},{"name":"#three"}]})") == CONFAB_ERR_ARG);
  CHECK(e.problem() == "0: channels: with those that are there, they are more than channels_max");
  CHECK(e.channels().size() == 2);
  CHECK(e.set("{}") == CONFAB_OK);
  CHECK(e.channels().size() == 1);
}

TEST_CASE("service: memory that runs out leaves everything as it was") {
  serviced e;
  const confab_id ann = e.enter("ann");
  e.say(ann, "JOIN #reg");
  e.say(ann, "TOPIC #reg :before");
  REQUIRE(e.set(R"({"channels":[{"name":"#old","autostart":true}]})") == CONFAB_OK);
  e.read_all();
  const std::string before = e.get(), dump = e.dump();
  std::uint64_t nth = 1;
  for (;; ++nth) {
    e.memory.fail_at(nth);
    const confab_status status = e.set(full);
    const bool met = e.memory.failed();
    e.memory.fail_at(0);
    if (!met) {
      CHECK(status == CONFAB_OK);
      break;
    }
    if (status == CONFAB_OK) // what it could not get was only for telling the members
      break;
    REQUIRE(status == CONFAB_ERR_NOMEM);
    REQUIRE(e.get() == before);
    REQUIRE(e.dump() == dump);
  }
  CHECK(nth > 20);
  CHECK(e.broken().empty());
  CHECK(e.destroy().empty());
}
