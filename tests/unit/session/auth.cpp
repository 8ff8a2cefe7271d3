// SPDX-License-Identifier: MIT
//
// AUTH over time and by whose word: the deadline of an exchange is the engine's, however its host
// drives it, and who only claims an address has nobody suspended. The lines of AUTH themselves are
// in the transcripts 31 and 56.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

using namespace confab;
using namespace confab::test;

namespace {

constexpr confab_time half_minute = 30'000'000'000;
constexpr std::string_view failed = ":confab.local 910 * NTLM :Authentication failed\r\n";

struct packaged : engine_fixture {
  packaged()
      : engine_fixture(setup{.tweak = [](confab_engine_options &o) {
          o.packages = CONFAB_STR("NTLM");
          o.registration_ms_max = 0;
          o.auth_failures_max = 2;
        }}) {
    host.on_request = [this](const confab_request &question) {
      id = question.id;
      return answer;
    };
  }
  confab_id begin(std::string_view address = "192.0.2.1", std::uint32_t trust = CONFAB_TRUST_PEER) {
    const confab_id conn = open(address, 0, trust);
    say(conn, "IRCX");
    read(conn);
    say(conn, "AUTH NTLM I :one");
    return conn;
  }
  confab_id id = 0;
  confab_status answer = CONFAB_PARKED;
};

} // namespace

TEST_CASE("an exchange of AUTH has a deadline, which the engine tells") {
  packaged chat;
  CHECK(confab_engine_deadline(chat.engine) == CONFAB_TIME_NEVER);
  const confab_id conn = chat.begin();
  const confab_time due = chat.now + half_minute;
  CHECK(confab_request_resolve(chat.engine, chat.id, CONFAB_AGAIN, CONFAB_STR("two")) == CONFAB_OK);
  CHECK(chat.read(conn) == "AUTH NTLM S :two\r\n");
  CHECK(confab_engine_deadline(chat.engine) <= due);
  ignore(chat.wait_ms(29'000));
  CHECK(chat.read(conn).empty());
  ignore(chat.wait_ms(1'020));
  CHECK(chat.read(conn).starts_with(failed));
  CHECK(chat.host.closed.contains(conn));
  CHECK(chat.broken() == "");
}

TEST_CASE("the deadline holds for a line that comes before the tick, and while the host thinks") {
  packaged chat;
  const confab_id late = chat.begin();
  CHECK(confab_request_resolve(chat.engine, chat.id, CONFAB_AGAIN, {}) == CONFAB_OK);
  chat.read(late);
  chat.now += half_minute;
  chat.say(late, "AUTH NTLM S :three");
  CHECK(chat.read(late).starts_with(failed));
  CHECK(chat.host.closed.contains(late));
  const confab_id asked = chat.begin();
  const confab_id question = chat.id;
  ignore(chat.wait_ms(30'020));
  CHECK(chat.read(asked).starts_with(failed));
  CHECK(chat.host.closed.contains(asked));
  CHECK(confab_request_resolve(chat.engine, question, CONFAB_OK, {}) == CONFAB_ERR_STALE_ID);
  CHECK(chat.broken() == "");
}

TEST_CASE("who only claims an address has nobody suspended but those who claim it") {
  packaged chat;
  chat.answer = CONFAB_ERR_DENIED;
  constexpr std::string_view there = "198.51.100.7";
  for (int i = 0; i < 2; ++i)
    CHECK(chat.read(chat.begin(there, CONFAB_TRUST_CLAIMED)) == failed);
  const auto suspended = [&](std::uint32_t trust) {
    return chat.read(chat.begin(there, trust)).find(" 911 ") != std::string::npos;
  };
  CHECK(suspended(CONFAB_TRUST_CLAIMED));
  CHECK_FALSE(suspended(CONFAB_TRUST_PEER)); // which failed once now
  CHECK_FALSE(suspended(CONFAB_TRUST_FORWARDED));
  CHECK(suspended(CONFAB_TRUST_PEER));
  CHECK(chat.broken() == "");
}

TEST_CASE("a suspension is over in its time, and new options count at once") {
  packaged chat;
  chat.answer = CONFAB_ERR_DENIED;
  for (int i = 0; i < 2; ++i)
    chat.begin();
  CHECK(chat.read(chat.begin()).find(" 911 ") != std::string::npos);
  ignore(chat.wait_ms(900'000));
  CHECK(chat.read(chat.begin()) == failed);
  chat.begin();
  CHECK(chat.read(chat.begin()).find(" 911 ") != std::string::npos);
  confab_engine_options o = confab_engine_options_init();
  o.packages = CONFAB_STR("NTLM");
  o.auth_failures_max = 0;
  REQUIRE(confab_engine_configure(chat.engine, &o) == CONFAB_OK);
  CHECK(chat.read(chat.begin()) == failed);
  o.auth_failures_max = 2;
  o.auth_window_ms = 0;
  CHECK(confab_engine_configure(chat.engine, &o) == CONFAB_ERR_ARG);
  CHECK(chat.broken() == "");
}
