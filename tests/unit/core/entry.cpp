// SPDX-License-Identifier: MIT
//
// core/acts/entry: who gets into which channel with which rank, check by check in their order, and
// clones: filling, making, inheriting, running out, and names that are kept for them.
#include "unit/core/acted.hpp"

#include "support/catch.hpp"

using namespace confab::test;

TEST_CASE("entry: who makes a channel owns it, and what it opens with is checked") {
  acted chat;
  const confab_id ann = chat.person("ann"), bob = chat.person("bob");
  CHECK(chat.join(ann, "#a") == 0);
  CHECK(chat.ranks == CONFAB_RANK_OWNER);
  CHECK(chat.join(bob, "#a") == 0);
  CHECK(chat.ranks == 0);
  CHECK(chat.join(bob, "#a", {}, CONFAB_JOIN_ONLY_NEW) == CONFAB_REFUSED_CHANNEL_EXISTS);
  CHECK(chat.join(bob, "#a", {}, CONFAB_JOIN_REFUSE_TWICE) == CONFAB_REFUSED_ALREADY_IN);
  CHECK(chat.join(bob, "#none", {}, CONFAB_JOIN_ONLY_EXISTING) == CONFAB_REFUSED_NO_SUCH_CHANNEL);
  const std::uint64_t some = bit(CONFAB_CMODE_AUDITORIUM) | bit(CONFAB_CMODE_MODERATED);
  CHECK(chat.opens(ann, "#b", some, 7, "key") == 0);
  CHECK(chat.modes_of("#b") == (some | bit(CONFAB_CMODE_LIMIT) | bit(CONFAB_CMODE_KEY)));
  CHECK(chat.opens(ann, "#c", bit(CONFAB_CMODE_SECRET) | bit(CONFAB_CMODE_HIDDEN)) ==
        CONFAB_REFUSED_BAD_VALUE);
  CHECK(chat.opens(ann, "#c", bit(CONFAB_CMODE_CORE_END)) == CONFAB_REFUSED_BAD_VALUE);
  CHECK(chat.opens(ann, "#c", 0, UINT32_MAX) == CONFAB_REFUSED_BAD_VALUE);
  CHECK(chat.opens(ann, "#c", 0, 0, "two,keys") == CONFAB_REFUSED_BAD_KEY_VALUE);
  for (const std::uint32_t mode :
       {CONFAB_CMODE_REGISTERED, CONFAB_CMODE_CLONE, CONFAB_CMODE_SERVICE, CONFAB_CMODE_CLONEABLE,
        CONFAB_CMODE_NO_FORMAT})
    CHECK(chat.opens(ann, "#c", bit(mode)) == CONFAB_REFUSED_FORBIDDEN);
  CHECK(chat.channel("#c") == 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("entry: each check comes before the next") {
  acted chat;
  const confab_id ann = chat.person("ann"), bob = chat.person("bob");
  CHECK(chat.join(ann, "#a") == 0);
  CHECK(chat.property(ann, "#a", "OWNERKEY", "high") == 0);
  CHECK(chat.property(ann, "#a", "HOSTKEY", "middle") == 0);
  const auto enters = [&](std::uint32_t code, std::string_view key = {}) {
    CHECK(chat.join(bob, "#a", key) == code);
    const std::uint32_t had = chat.ranks;
    CHECK(chat.part(bob, "#a") == (code == 0 ? 0 : CONFAB_REFUSED_NOT_MEMBER));
    return had;
  };
  // From the last check to the first: each is met by who would pass all behind it.
  CHECK(chat.mode(ann, "#a", CONFAB_CMODE_LIMIT, true, "1") == 0);
  enters(CONFAB_REFUSED_CHANNEL_FULL);
  CHECK(chat.mode(ann, "#a", CONFAB_CMODE_KEY, true, "low") == 0);
  enters(CONFAB_REFUSED_BAD_KEY);
  enters(CONFAB_REFUSED_BAD_KEY, "Low"); // keys have case
  enters(CONFAB_REFUSED_CHANNEL_FULL, "low");
  CHECK(chat.mode(ann, "#a", CONFAB_CMODE_INVITE_ONLY) == 0);
  enters(CONFAB_REFUSED_INVITE_ONLY, "low");
  CHECK(chat.invite(ann, "#a", "bob") == 0);
  enters(CONFAB_REFUSED_BAD_KEY); // an invitation is no key, and is kept for the next time
  enters(0, "low");
  enters(CONFAB_REFUSED_INVITE_ONLY, "low"); // now it is used up
  CHECK(chat.adds(ann, "#a", CONFAB_LIST_GRANT, "cyd!*@*") == 0);
  enters(CONFAB_REFUSED_CLOSED_LIST, "low");
  CHECK(chat.invite(ann, "#a", "bob") == 0); // helps against +i and +l, not against a list
  enters(CONFAB_REFUSED_CLOSED_LIST, "low");
  CHECK(chat.adds(ann, "#a", CONFAB_LIST_BAN, "bob!*@*") == 0);
  enters(CONFAB_REFUSED_BANNED, "low");
  CHECK(chat.adds(ann, "#a", CONFAB_LIST_GRANT, "bob!*@*") == 0); // outweighs that, +i, +k and +l
  CHECK(enters(0) == 0);
  CHECK(chat.adds(ann, "#a", CONFAB_LIST_VOICE, "bob!*@*") == 0);
  CHECK(enters(0) == CONFAB_RANK_VOICE);
  CHECK(chat.adds(ann, "#a", CONFAB_LIST_OPERATOR, "bob!*@*") == 0);
  CHECK(enters(0) == CONFAB_RANK_OPERATOR);
  CHECK(chat.adds(ann, "#a", CONFAB_LIST_OWNER, "bob!*@*") == 0);
  CHECK(enters(0) == CONFAB_RANK_OWNER);
  CHECK(enters(0, "middle") == CONFAB_RANK_OPERATOR); // keys come before the lists
  CHECK(enters(0, "high") == CONFAB_RANK_OWNER);
  CHECK(chat.mode(ann, "#a", CONFAB_CMODE_AUTH_ONLY) == 0);
  enters(CONFAB_REFUSED_AUTH_ONLY, "high");
  CHECK(chat.gives(bob, CONFAB_UMODE_AUTHENTICATED) == 0);
  CHECK(enters(0, "high") == CONFAB_RANK_OWNER);
  CHECK(chat.gives(bob, CONFAB_UMODE_AUTHENTICATED, false) == 0);
  CHECK(chat.gives(bob, CONFAB_UMODE_ADMINISTRATOR) == 0);
  CHECK(enters(0) == CONFAB_RANK_OWNER);
  CHECK(chat.broken() == "");
}

TEST_CASE("entry: two keys that are equal give the higher rank, and no key is none") {
  acted chat;
  const confab_id ann = chat.person("ann"), bob = chat.person("bob"), cyd = chat.person("cyd");
  CHECK(chat.join(ann, "#a") == 0);
  CHECK(chat.join(bob, "#a", "") == 0);
  CHECK(chat.ranks == 0);
  CHECK(chat.property(ann, "#a", "OWNERKEY", "same") == 0);
  CHECK(chat.property(ann, "#a", "HOSTKEY", "same") == 0);
  CHECK(chat.join(cyd, "#a", "same") == 0);
  CHECK(chat.ranks == CONFAB_RANK_OWNER);
}

TEST_CASE("entry: clones fill, are made, and inherit") {
  acted chat;
  const confab_id ann = chat.person("ann"), root = chat.person("root");
  CHECK(chat.gives(root, CONFAB_UMODE_OPERATOR) == 0);
  CHECK(chat.join(ann, "#room") == 0);
  CHECK(chat.mode(ann, "#room", CONFAB_CMODE_CLONEABLE) == CONFAB_REFUSED_FORBIDDEN);
  CHECK(chat.mode(root, "#room", CONFAB_CMODE_CLONEABLE) == 0);
  CHECK(chat.mode(ann, "#room", CONFAB_CMODE_LIMIT, true, "2") == 0);
  CHECK(chat.mode(ann, "#room", CONFAB_CMODE_MODERATED) == 0);
  CHECK(chat.property(ann, "#room", "SUBJECT", "cats") == 0);
  CHECK(chat.adds(ann, "#room", CONFAB_LIST_BAN, "mallory!*@*") == 0);
  std::vector<confab_id> guests;
  for (int i = 0; i < 5; ++i)
    guests.push_back(chat.person("guest" + std::to_string(i)));
  for (const confab_id guest : guests) {
    CHECK(chat.join(guest, "#room") == 0);
    CHECK(chat.ranks == 0); // whom it is made for does not own a clone
  }
  const std::uint64_t parent = chat.modes_of("#room"), clone = chat.modes_of("#room1");
  CHECK(clone == ((parent & ~bit(CONFAB_CMODE_CLONEABLE)) | bit(CONFAB_CMODE_CLONE)));
  CHECK(chat.channel("#room2") != 0);
  CHECK(chat.channel("#room3") == 0);
  CHECK(chat.join(chat.person("mallory"), "#room1") == CONFAB_REFUSED_BANNED);
  // What has room is filled first, and an empty clone ends: its number is free again.
  CHECK(chat.part(guests[1], "#room1") == 0);
  CHECK(chat.join(chat.person("late"), "#room") == 0);
  CHECK(chat.channel("#room3") == 0);
  CHECK(chat.part(guests[3], "#room2") == 0);
  CHECK(chat.part(guests[4], "#room2") == 0);
  CHECK(chat.channel("#room2") == 0);
  // Later changes of the parent stay its own.
  CHECK(chat.mode(ann, "#room", CONFAB_CMODE_MODERATED, false) == 0);
  CHECK((chat.modes_of("#room1") & bit(CONFAB_CMODE_MODERATED)) != 0);
  CHECK(chat.broken() == "");
}

TEST_CASE("entry: a fresh clone is made though there is room, and keys count in it") {
  acted chat;
  const confab_id ann = chat.person("ann"), bob = chat.person("bob");
  CHECK(chat.join(ann, "#room") == 0);
  CHECK(chat.property(ann, "#room", "OWNERKEY", "high") == 0);
  CHECK(chat.mode(0, "#room", CONFAB_CMODE_CLONEABLE, true, {}, true) == 0);
  CHECK(chat.join(bob, "#room", "high", CONFAB_JOIN_FRESH_CLONE) == 0);
  CHECK(chat.channel("#room1") != 0);
  CHECK(chat.ranks == CONFAB_RANK_OWNER);
}

TEST_CASE("entry: names of clones are kept, squatted ones passed over, and there are 99") {
  acted chat;
  const confab_id ann = chat.person("ann"), bob = chat.person("bob");
  CHECK(chat.join(bob, "#room2") == 0); // before there is a parent
  CHECK(chat.join(ann, "#room") == 0);
  CHECK(chat.mode(0, "#room", CONFAB_CMODE_CLONEABLE, true, {}, true) == 0);
  CHECK(chat.mode(ann, "#room", CONFAB_CMODE_LIMIT, true, "1") == 0);
  for (const char *name : {"#room1", "#room9", "#room10", "#room99", "#ROOM5"})
    CHECK(chat.join(bob, name) == CONFAB_REFUSED_RESERVED_NAME);
  for (const char *name : {"#room0", "#room100", "#room01", "#roomy"})
    CHECK(chat.join(bob, name) == 0);
  for (int i = 0; i < 98; ++i)
    CHECK(chat.join(chat.person("g" + std::to_string(i)), "#room") == 0);
  CHECK(chat.join(chat.person("late"), "#room") == CONFAB_REFUSED_CHANNEL_FULL);
  CHECK((chat.modes_of("#room2") & bit(CONFAB_CMODE_CLONE)) == 0);
  CHECK((chat.modes_of("#room99") & bit(CONFAB_CMODE_CLONE)) != 0);
  CHECK(chat.join(bob, "#digit7") == 0);
  CHECK(chat.mode(0, "#digit7", CONFAB_CMODE_CLONEABLE, true, {}, true) ==
        CONFAB_REFUSED_FORBIDDEN);
  CHECK(chat.broken() == "");
}

TEST_CASE("entry: a registered channel stays when it is empty, until it is none") {
  acted chat;
  const confab_id ann = chat.person("ann");
  CHECK(chat.join(ann, "#a") == 0);
  CHECK(chat.mode(ann, "#a", CONFAB_CMODE_REGISTERED) == CONFAB_REFUSED_FORBIDDEN);
  CHECK(chat.mode(0, "#a", CONFAB_CMODE_REGISTERED, true, {}, true) == 0);
  CHECK(chat.part(ann, "#a") == 0);
  CHECK(chat.channel("#a") != 0);
  CHECK(chat.mode(0, "#a", CONFAB_CMODE_REGISTERED, false, {}, true) == 0);
  CHECK(chat.channel("#a") == 0);
  CHECK(chat.destroy() == "");
}
