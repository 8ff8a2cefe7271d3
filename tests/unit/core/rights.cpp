// SPDX-License-Identifier: MIT
//
// core/rights and core/properties: which rank may change which mode, with what refusal;
// visibilities that take each other's place; ranks that do; and who may set which property. The
// tables are written out here a second time, after the specification.
#include "unit/core/acted.hpp"

#include "support/catch.hpp"

using namespace confab::test;

namespace {

// Everybody who differs: an outsider, a member, one with voice, an operator, an owner; an operator
// and an administrator of the server, who are outside.
struct people : acted {
  people() {
    for (const char *nick : {"out", "mem", "voi", "opr", "own", "sys", "adm"})
      ids.push_back(person(nick));
    for (const std::size_t i : {4U, 1U, 2U, 3U})
      (void)join(ids[i], "#a");
    (void)rank(ids[4], "#a", "voi", CONFAB_RANK_VOICE);
    (void)rank(ids[4], "#a", "opr", CONFAB_RANK_OPERATOR);
    (void)gives(ids[5], CONFAB_UMODE_OPERATOR);
    (void)gives(ids[6], CONFAB_UMODE_ADMINISTRATOR);
  }
  std::vector<confab_id> ids;
};

constexpr std::uint32_t ok = 0, out = CONFAB_REFUSED_NOT_MEMBER, low = CONFAB_REFUSED_RANK_NEEDED,
                        own = CONFAB_REFUSED_OWNER_NEEDED, never = CONFAB_REFUSED_FORBIDDEN;

// By outsider, member, voice, operator, owner, server operator, administrator.
struct row {
  const char *what;
  std::uint32_t codes[7];
};

constexpr row by_operators{"operators", {out, low, low, ok, ok, out, ok}};
constexpr row by_owners{"owners", {out, low, low, own, ok, out, ok}};
constexpr row by_nobody{"nobody", {never, never, never, never, never, never, never}};

} // namespace

TEST_CASE("rights: who may set and clear which mode of a channel that is there") {
  const row by_server{"operators of the server", {never, never, never, never, never, ok, ok}};
  const row by_administrators{"administrators", {never, never, never, never, never, never, ok}};
  const row *const rows[CONFAB_CMODE_CORE_END] = {
      &by_operators, &by_operators,      &by_operators, &by_operators, &by_operators,
      &by_operators, &by_operators,      &by_operators, &by_operators, &by_operators,
      &by_operators, &by_administrators, // NO_FORMAT
      &by_owners,                        // NO_WHISPER
      &by_nobody,                        // AUDITORIUM
      &by_owners,                        // AUTH_ONLY
      &by_server,                        // CLONEABLE
      &by_nobody,    &by_nobody,         &by_nobody,    &by_nobody,    &by_nobody,
      &by_nobody,    &by_nobody,         &by_nobody,    &by_operators};
  people chat;
  for (const std::uint32_t usual : {CONFAB_CMODE_NO_EXTERNAL, CONFAB_CMODE_TOPIC_LOCKED})
    CHECK(chat.mode(0, "#a", usual, false, {}, true) == ok);
  for (std::uint32_t mode = 0; mode < CONFAB_CMODE_CORE_END; ++mode)
    for (std::size_t i = 0; i < 7; ++i) {
      INFO("mode " << mode << ", by " << i << ", for " << rows[mode]->what);
      CHECK(chat.mode(chat.ids[i], "#a", mode, true, "7") == rows[mode]->codes[i]);
      const bool is = (chat.modes_of("#a") & bit(mode)) != 0;
      CHECK(is == (rows[mode]->codes[i] == ok));
      CHECK(chat.mode(chat.ids[i], "#a", mode, false) == rows[mode]->codes[i]);
      CHECK((chat.modes_of("#a") & bit(mode)) == 0);
    }
  CHECK(chat.mode(chat.ids[4], "#a", CONFAB_CMODE_CORE_END) == CONFAB_REFUSED_UNKNOWN_MODE);
}

TEST_CASE("rights: visibilities take each other's place, in one announcement") {
  acted chat;
  const confab_id ann = chat.enter("ann");
  ignore(chat.say(ann, "JOIN #a"));
  const confab_id user = chat.user("ann");
  constexpr std::uint32_t all[] = {CONFAB_CMODE_PRIVATE, CONFAB_CMODE_HIDDEN, CONFAB_CMODE_SECRET};
  const std::uint64_t rest = chat.modes_of("#a");
  for (const std::uint32_t first : all)
    for (const std::uint32_t second : all) {
      if (first == second)
        continue;
      INFO(first << " then " << second);
      CHECK(chat.mode(user, "#a", first) == 0);
      chat.read_all();
      CHECK(chat.mode(user, "#a", second) == 0);
      CHECK(chat.modes_of("#a") == (rest | bit(second)));
      const std::string told = chat.read(ann);
      CHECK(std::count(told.begin(), told.end(), '\n') == 1);
      CHECK(chat.mode(user, "#a", second, false) == 0);
      CHECK(chat.modes_of("#a") == rest);
    }
}

TEST_CASE("rights: an operator and an owner are never the same, and owners are out of reach") {
  people chat;
  const confab_id ann = chat.ids[4], bob = chat.ids[3];
  const auto ranks_of = [&](const char *nick) {
    confab_id member = 0;
    ignore(confab_member_find(chat.engine, chat.channel("#a"), chat.user(nick), &member));
    confab_member_info info{};
    info.struct_size = sizeof info;
    ignore(confab_member_get(chat.engine, member, &info));
    return info.ranks;
  };
  CHECK(chat.rank(bob, "#a", "opr", CONFAB_RANK_OWNER) == own);
  CHECK(chat.rank(bob, "#a", "own", CONFAB_RANK_OPERATOR, false) == own);
  CHECK(chat.rank(bob, "#a", "own", CONFAB_RANK_OPERATOR) == own);
  CHECK(chat.rank(bob, "#a", "own", CONFAB_RANK_VOICE) == ok);
  CHECK(ranks_of("own") == (CONFAB_RANK_OWNER | CONFAB_RANK_VOICE));
  CHECK(chat.rank(ann, "#a", "opr", CONFAB_RANK_OWNER) == ok);
  CHECK(ranks_of("opr") == CONFAB_RANK_OWNER);
  CHECK(chat.rank(ann, "#a", "opr", CONFAB_RANK_OPERATOR) == ok); // takes the ownership
  CHECK(ranks_of("opr") == CONFAB_RANK_OPERATOR);
  CHECK(chat.rank(ann, "#a", "opr", CONFAB_RANK_OWNER, false) == ok); // there is none
  CHECK(ranks_of("opr") == CONFAB_RANK_OPERATOR);
  CHECK(chat.rank(ann, "#a", "own", CONFAB_RANK_OPERATOR, false) ==
        ok); // an owner steps down whole
  CHECK(ranks_of("own") == CONFAB_RANK_VOICE);
  CHECK(chat.rank(chat.ids[1], "#a", "voi", CONFAB_RANK_VOICE, false) == low);
  CHECK(chat.rank(chat.ids[0], "#a", "voi", CONFAB_RANK_VOICE, false) == out);
  CHECK(chat.rank(chat.ids[6], "#a", "own", CONFAB_RANK_OWNER) == ok);
}

TEST_CASE("rights: who may set which property, in each visibility") {
  constexpr row administrators{"administrators", {out, never, never, never, never, out, ok}};
  struct property {
    const char *name, *value, *bad;
    const row *who;
  };
  const std::string long_31(31, 'x'), long_32(32, 'x'), long_256(256, 'x');
  const property all[] = {
      {"OID", "0", "1", &by_nobody},
      {"NAME", "#b", "#c", &by_nobody},
      {"CREATION", "1", "2", &by_nobody},
      {"LANGUAGE", "en", long_32.c_str(), &by_operators},
      {"OWNERKEY", long_31.c_str(), "two words", &by_owners},
      {"HOSTKEY", "key", "a,b", &by_owners},
      {"PICS", "(label)", long_256.c_str(), &administrators},
      {"SUBJECT", "cats", long_32.c_str(), &by_operators},
      {"CLIENT", "any", long_256.c_str(), &by_operators},
      {"ONJOIN", "hi\\nthere", long_256.c_str(), &by_operators},
      {"ONPART", "bye", "\xff", &by_operators},
      {"LAG", "2", "3", &by_owners},
      {"ACCOUNT", "group", long_32.c_str(), &administrators},
      {"CLIENTGUID", "{D6526FE0-E651-11CF-99CB-00C04FD64497}", "{D6526FE0}", &by_owners},
      {"SERVICEPATH", "x.dll", long_256.c_str(), &administrators},
  };
  people chat;
  for (const std::uint32_t visibility :
       {CONFAB_CMODE_NO_CTCP, CONFAB_CMODE_PRIVATE, CONFAB_CMODE_HIDDEN, CONFAB_CMODE_SECRET}) {
    CHECK(chat.mode(0, "#a", visibility, true, {}, true) == ok);
    for (const property &p : all)
      for (std::size_t i = 0; i < 7; ++i) {
        INFO(p.name << ", by " << i << ", mode " << visibility);
        std::uint32_t code = p.who->codes[i];
        if (code == out && visibility == CONFAB_CMODE_SECRET && i == 0)
          code = CONFAB_REFUSED_NO_SUCH_CHANNEL; // strangers do not learn that it is there
        CHECK(chat.property(chat.ids[i], "#a", p.name, p.value) == code);
        if (code == ok)
          CHECK(chat.property(chat.ids[i], "#a", p.name, p.bad) == CONFAB_REFUSED_BAD_VALUE);
        if (code == ok)
          CHECK(chat.property(chat.ids[i], "#a", p.name, "") == ok);
      }
  }
  CHECK((chat.modes_of("#a") & bit(CONFAB_CMODE_AUTH_ONLY)) != 0); // ACCOUNT implied it
  CHECK(chat.property(chat.ids[4], "#a", "NOTHING", "x") == CONFAB_REFUSED_UNKNOWN_PROPERTY);
}
