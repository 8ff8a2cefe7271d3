// SPDX-License-Identifier: MIT
//
// Who said that an address is the peer's (CONFAB_TRUST_*): what the host's word is shown as, and
// that an address which is only claimed counts against a user and never for it.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

using namespace confab;
using namespace confab::test;

namespace {

constexpr const char *away = "198.51.100.7"; // where the guests are, or say they are

// Ann owns #x; a guest tries to come in.
struct scene : engine_fixture {
  scene() {
    ann = enter("ann");
    say(ann, "JOIN #x");
    read_all();
  }

  confab_id guest(std::uint32_t trust, const char *nick = "guest") {
    const confab_id conn = open(away, 0, trust);
    enter(conn, nick);
    return conn;
  }

  bool comes_in(confab_id conn) {
    say(conn, "JOIN #x");
    const bool in = read(conn).find(" JOIN #x") != std::string::npos;
    if (in)
      say(conn, "PART #x");
    read_all();
    return in;
  }

  confab_id ann = 0;
};

const std::uint32_t levels[] = {CONFAB_TRUST_PEER, CONFAB_TRUST_FORWARDED, CONFAB_TRUST_CLAIMED};

} // namespace

TEST_CASE("trust is shown to filters of the connect event and to whoever asks") {
  for (const std::uint32_t trust : levels) {
    scene chat;
    std::uint32_t shown = 99;
    confab_hook hook = confab_hook_init();
    hook.type = CONFAB_EVENT_CONNECT;
    hook.stage = CONFAB_STAGE_POLICY;
    hook.ctx = &shown;
    hook.call = [](void *ctx, confab_call *, const confab_event *event) -> confab_verdict {
      *static_cast<std::uint32_t *>(ctx) =
          reinterpret_cast<const confab_event_connect *>(event)->trust;
      return CONFAB_PASS;
    };
    REQUIRE(confab_hook_add(chat.engine, &hook, nullptr) == CONFAB_OK);
    const confab_id conn = chat.guest(trust);
    CHECK(shown == trust);
    confab_conn_info info{};
    info.struct_size = sizeof info;
    REQUIRE(confab_conn_get(chat.engine, conn, &info) == CONFAB_OK);
    CHECK(info.trust == trust);
    CHECK(string_of(info.address) == away);
  }
}

TEST_CASE("trust: a ban of the address holds whoever said that it is the peer's") {
  for (const std::uint32_t trust : levels) {
    scene chat;
    chat.say(chat.ann, "MODE #x +b *!*@198.51.100.*");
    CHECK_FALSE(chat.comes_in(chat.guest(trust)));
  }
}

TEST_CASE("trust: an exception or invitation of an address is not for those who claim it") {
  for (const char *list : {"+be *!*@*", "+iI"})
    for (const std::uint32_t trust : levels) {
      INFO(list << " trust " << trust);
      scene chat;
      chat.say(chat.ann, "MODE #x " + std::string(list) + " *!*@198.51.100.7");
      const confab_id guest = chat.guest(trust);
      CHECK(chat.comes_in(guest) == (trust != CONFAB_TRUST_CLAIMED));
      // A new name does not make it truer.
      chat.say(guest, "NICK other");
      CHECK(chat.comes_in(guest) == (trust != CONFAB_TRUST_CLAIMED));
    }
}

TEST_CASE("trust: whoever claims an address keeps its name, and what the host calls its host") {
  scene chat;
  chat.say(chat.ann, "MODE #x +iI guest!*@*");
  const confab_id guest = chat.guest(CONFAB_TRUST_CLAIMED);
  CHECK(chat.comes_in(guest)); // by its nick
  chat.say(chat.ann, "MODE #x -I+I guest!*@* *!*@cloak.example");
  CHECK_FALSE(chat.comes_in(guest));
  confab_event_user_change cloak;
  CONFAB_COMMAND_INIT(&cloak, CONFAB_EVENT_USER_CHANGE);
  cloak.head.flags = CONFAB_EVENT_FORCED;
  cloak.user = chat.user("guest");
  cloak.what = CONFAB_USER_HOSTNAME;
  cloak.text = CONFAB_STR("cloak.example");
  REQUIRE(confab_command_submit(chat.engine, &cloak.head, nullptr) == CONFAB_OK);
  CHECK(chat.comes_in(guest));
  chat.say(chat.ann, "MODE #x -I+I *!*@cloak.example *!*@198.51.100.7");
  CHECK_FALSE(chat.comes_in(guest)); // the address is still only claimed
}

TEST_CASE("trust: of several sessions each counts with its own, and a claim outlives its session") {
  scene chat;
  chat.say(chat.ann, "MODE #x +iI *!*@198.51.100.7");
  const confab_id claimed = chat.guest(CONFAB_TRUST_CLAIMED);
  const confab_id elsewhere = chat.open("192.0.2.9");
  REQUIRE(confab_conn_attach(chat.engine, elsewhere, chat.now, chat.user("guest")) == CONFAB_OK);
  ignore(chat.end(claimed));
  CHECK_FALSE(chat.comes_in(elsewhere)); // its host is still what was claimed
  const confab_id there = chat.open(away);
  REQUIRE(confab_conn_attach(chat.engine, there, chat.now, chat.user("guest")) == CONFAB_OK);
  CHECK(chat.comes_in(there));
  CHECK(chat.broken() == "");
}
