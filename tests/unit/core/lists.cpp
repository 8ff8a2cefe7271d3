// SPDX-License-Identifier: MIT
//
// core/acts/access: whose lists there are and who may change them, what owners protect, clearing,
// expiry, and what a user's own list drops.
#include "unit/core/acted.hpp"

#include "support/catch.hpp"

using namespace confab::test;

namespace {

constexpr std::uint32_t add = CONFAB_ACCESS_ADD, take = CONFAB_ACCESS_REMOVE,
                        clear = CONFAB_ACCESS_CLEAR;

struct room : acted {
  room() {
    ignore_code(join(ann, "#a"));
    ignore_code(join(bob, "#a"));
    ignore_code(join(cyd, "#a"));
    ignore_code(rank(ann, "#a", "bob", CONFAB_RANK_OPERATOR));
  }
  static void ignore_code(std::uint32_t) {}
  confab_id ann = person("ann"), bob = person("bob"), cyd = person("cyd"), dan = person("dan");
};

} // namespace

TEST_CASE("lists: who may change those of a channel, and what owners protect") {
  room chat;
  CHECK(chat.adds(chat.dan, "#a", CONFAB_LIST_BAN, "x!*@*") == CONFAB_REFUSED_NOT_MEMBER);
  CHECK(chat.adds(chat.cyd, "#a", CONFAB_LIST_BAN, "x!*@*") == CONFAB_REFUSED_RANK_NEEDED);
  CHECK(chat.adds(chat.bob, "#a", CONFAB_LIST_BAN, "x!*@*") == 0);
  CHECK(chat.adds(chat.bob, "#a", CONFAB_LIST_OWNER, "bob!*@*") == CONFAB_REFUSED_OWNER_NEEDED);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_BAN, "y!*@*") == 0);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_OWNER, "z!*@*") == 0);
  CHECK(chat.takes(chat.bob, "#a", CONFAB_LIST_BAN, "y!*@*") == CONFAB_REFUSED_OWNER_NEEDED);
  CHECK(chat.takes(chat.bob, "#a", CONFAB_LIST_OWNER, "z!*@*") == CONFAB_REFUSED_OWNER_NEEDED);
  CHECK(chat.list(chat.bob, CONFAB_ACCESS_CHANNEL, "#a", clear, CONFAB_LIST_ALL) == 0);
  CHECK(chat.left == 2);
  CHECK(chat.list(chat.ann, CONFAB_ACCESS_CHANNEL, "#a", clear, CONFAB_LIST_ALL) == 0);
  CHECK(chat.left == 0);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_COUNT, "x!*@*") == CONFAB_REFUSED_UNKNOWN_MODE);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_ALL, "x!*@*") == CONFAB_REFUSED_UNKNOWN_MODE);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_BAN, "x!*@*", UINT32_MAX) ==
        CONFAB_REFUSED_BAD_VALUE);
  CHECK(chat.adds(chat.ann, "#nowhere", CONFAB_LIST_BAN, "x!*@*") ==
        CONFAB_REFUSED_NO_SUCH_CHANNEL);
  CHECK(chat.broken() == "");
}

TEST_CASE("lists: clearing all leaves the lists of plain IRC that are no levels") {
  room chat;
  CHECK(chat.mode(chat.ann, "#a", CONFAB_CMODE_INVITE_ONLY) == 0);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_INVITE, "dan!*@*") == 0);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_BAN, "dan!*@*") == 0);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_EXCEPTION, "dan!*@*") == 0);
  CHECK(chat.list(chat.ann, CONFAB_ACCESS_CHANNEL, "#a", clear, CONFAB_LIST_ALL) == 0);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_BAN, "dan!*@*") == 0);
  CHECK(chat.join(chat.dan, "#a") == 0); // by the exception, and the invitation
}

TEST_CASE("lists: a user's are its own, the server's are the operators'") {
  room chat;
  const confab_id root = chat.person("root");
  CHECK(chat.gives(root, CONFAB_UMODE_OPERATOR) == 0);
  CHECK(chat.list(chat.ann, CONFAB_ACCESS_USER, "bob", add, CONFAB_LIST_BAN, "x!*@*") ==
        CONFAB_REFUSED_OTHER_USER);
  CHECK(chat.list(chat.bob, CONFAB_ACCESS_USER, "bob", add, CONFAB_LIST_VOICE, "x!*@*") ==
        CONFAB_REFUSED_UNKNOWN_MODE);
  CHECK(chat.list(chat.bob, CONFAB_ACCESS_USER, "nobody", add, CONFAB_LIST_BAN, "x!*@*") ==
        CONFAB_REFUSED_NO_SUCH_USER);
  CHECK(chat.list(chat.bob, CONFAB_ACCESS_USER, "bob", clear, CONFAB_LIST_ALL) == 0);
  for (const std::uint32_t subject : {CONFAB_ACCESS_SERVER, CONFAB_ACCESS_NETWORK}) {
    CHECK(chat.list(chat.bob, subject, "", add, CONFAB_LIST_BAN, "x!*@*") ==
          CONFAB_REFUSED_NOT_OPERATOR);
    CHECK(chat.list(root, subject, "", add, CONFAB_LIST_BAN, "x!*@*") == 0);
    CHECK(chat.list(root, subject, "", take, CONFAB_LIST_BAN, "x!*@*") == 0);
  }
  CHECK(chat.list(root, 4, "", add, CONFAB_LIST_BAN, "x!*@*") == CONFAB_REFUSED_NOT_SUPPORTED);
  for (int i = 0; i < 50; ++i)
    CHECK(chat.list(chat.bob, CONFAB_ACCESS_USER, "bob", add, CONFAB_LIST_BAN,
                    "n" + std::to_string(i) + "!*@*") == 0);
  CHECK(chat.list(chat.bob, CONFAB_ACCESS_USER, "bob", add, CONFAB_LIST_BAN, "more!*@*") ==
        CONFAB_REFUSED_LIST_FULL);
  CHECK(chat.destroy() == "");
}

TEST_CASE("lists: what a user denies does not reach it, and nobody is told") {
  acted chat;
  const confab_id ann = chat.enter("ann"), bob = chat.enter("bob");
  const confab_id ann_user = chat.user("ann");
  ignore(chat.say(ann, "JOIN #a"));
  ignore(chat.say(bob, "JOIN #a"));
  chat.read_all();
  CHECK(chat.list(chat.user("bob"), CONFAB_ACCESS_USER, "bob", add, CONFAB_LIST_BAN, "ann!*@*") ==
        0);
  ignore(chat.say(ann, "PRIVMSG bob :one\r\nNOTICE bob :two\r\nPRIVMSG #a :three\r\n"));
  CHECK(chat.read(ann).empty());
  CHECK(chat.read(bob).empty());
  CHECK(chat.says(ann_user, "bob", CONFAB_MESSAGE_WHISPER, "#a") == 0);
  CHECK(chat.says(ann_user, "bob", CONFAB_MESSAGE_DATA) == 0);
  CHECK(chat.read(bob).empty());
  ignore(chat.say(bob, "PRIVMSG ann :I hear you\r\n")); // it is one way
  CHECK(chat.read(ann).find("I hear you") != std::string::npos);
  CHECK(chat.gives(ann_user, CONFAB_UMODE_ADMINISTRATOR) == 0); // whom no list binds
  chat.read_all();
  ignore(chat.say(ann, "PRIVMSG bob :four\r\n"));
  CHECK(chat.read(bob).find("four") != std::string::npos);
}

TEST_CASE("lists: an entry lasts its minutes, makes room, and the server says that it is gone") {
  acted chat([](confab_engine_options &o) {
    o.list_entries_max = 1;
    o.ping_interval_ms = 0;
  });
  const confab_id ann = chat.enter("ann");
  ignore(chat.say(ann, "JOIN #a"));
  const confab_id owner = chat.user("ann"), bob = chat.person("bob");
  CHECK(chat.adds(owner, "#a", CONFAB_LIST_BAN, "bob!*@*", 1) == 0);
  CHECK(chat.join(bob, "#a") == CONFAB_REFUSED_BANNED);
  CHECK(chat.adds(owner, "#a", CONFAB_LIST_BAN, "cyd!*@*") == CONFAB_REFUSED_LIST_FULL);
  ignore(chat.wait_ms(59'000));
  CHECK(chat.join(bob, "#a") == CONFAB_REFUSED_BANNED);
  ignore(chat.wait_ms(1'000));
  CHECK(chat.join(bob, "#a") == 0);
  chat.read_all();
  CHECK(chat.adds(owner, "#a", CONFAB_LIST_BAN, "cyd!*@*") == 0);
  const std::string told = chat.read(ann);
  CHECK(told.find("MODE #a -b bob!*@*") != std::string::npos);
  CHECK(told.find("MODE #a -b bob!*@*") < told.find("MODE #a +b cyd!*@*"));
}

TEST_CASE("lists: whom a list lets in past a ban, it lets speak") {
  room chat;
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_BAN, "*!*@*") == 0);
  CHECK(chat.says(chat.cyd, "#a", CONFAB_MESSAGE_PRIVMSG) == CONFAB_REFUSED_BANNED);
  CHECK(chat.adds(chat.ann, "#a", CONFAB_LIST_GRANT, "*!*@example.org") == 0);
  CHECK(chat.says(chat.cyd, "#a", CONFAB_MESSAGE_PRIVMSG) == 0);
}

TEST_CASE("lists: whoever they are of, their entries can be read, but for what has expired") {
  room chat;
  struct row {
    std::uint32_t subject;
    confab_id of;
    std::string_view name;
  };
  const row rows[] = {{CONFAB_ACCESS_CHANNEL, chat.channel("#a"), "#a"},
                      {CONFAB_ACCESS_USER, chat.bob, "bob"},
                      {CONFAB_ACCESS_SERVER, 0, {}},
                      {CONFAB_ACCESS_NETWORK, 0, {}}};
  const auto masks = [&](const row &r, std::uint32_t which) {
    std::string out;
    confab_list_entry entry{};
    entry.struct_size = sizeof entry;
    for (std::uint32_t i = 0;
         confab_access_get(chat.engine, r.subject, r.of, which, i, &entry) == CONFAB_OK; ++i)
      out += string_of(entry.mask) + " ";
    return out;
  };
  for (const row &r : rows) {
    INFO(r.subject);
    CHECK(masks(r, CONFAB_LIST_BAN).empty());
    auto e = acted::make<confab_event_access>(CONFAB_EVENT_ACCESS);
    e.subject = r.subject;
    e.name = str_of(r.name);
    e.set = add;
    e.list = CONFAB_LIST_BAN;
    e.mask = CONFAB_STR("one!*@*");
    e.text = CONFAB_STR("because");
    e.minutes = 2;
    CHECK(chat.act(e) == 0);
    CHECK(chat.list(0, r.subject, r.name, add, CONFAB_LIST_GRANT, "two!*@*") == 0);
    CHECK(chat.list(0, r.subject, r.name, add, CONFAB_LIST_BAN, "three!*@*") == 0);
    CHECK(masks(r, CONFAB_LIST_BAN) == "one!*@* three!*@* ");
    CHECK(masks(r, CONFAB_LIST_GRANT) == "two!*@* ");
    CHECK(masks(r, CONFAB_LIST_OWNER).empty());
    confab_list_entry entry{};
    entry.struct_size = sizeof entry;
    REQUIRE(confab_access_get(chat.engine, r.subject, r.of, CONFAB_LIST_BAN, 0, &entry) ==
            CONFAB_OK);
    CHECK(string_of(entry.reason) == "because");
    CHECK(string_of(entry.set_by) == "confab.local");
    CHECK(entry.expires_unix_s == entry.set_unix_s + 120);
  }
  ignore(chat.wait_ms(120'000));
  for (const row &r : rows)
    CHECK(masks(r, CONFAB_LIST_BAN) == "three!*@* ");
}
