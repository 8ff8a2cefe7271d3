// SPDX-License-Identifier: MIT
//
// Added modes and properties: what may be one, who may change it, what filters see, and that
// removing one leaves nothing behind. What clients see is in the conformance suite.
#include "support/catch.hpp"
#include "unit/bus/added.hpp"

using namespace confab::test;

namespace {

struct setter {
  confab_id subject = 0, property = 0, actor = 0;
  std::string_view name = {}, text = {};
  std::uint32_t set = 1, flags = 0;
};

confab_status put(const addable &chat, const setter &s) {
  confab_event_property e{};
  CONFAB_COMMAND_INIT(&e, CONFAB_EVENT_PROPERTY);
  e.head.actor = s.actor;
  e.head.flags = s.flags;
  e.subject = s.subject;
  e.property = s.property;
  e.name = str_of(s.name);
  e.text = str_of(s.text);
  e.set = s.set;
  return confab_command_submit(chat.engine, &e.head, nullptr);
}

std::string value(const addable &chat, confab_id subject, std::string_view name) {
  confab_str out{};
  const confab_status status = confab_property_get(chat.engine, subject, str_of(name), &out);
  return status == CONFAB_OK ? string_of(out) : confab_status_name(status);
}

std::string mode_value(const addable &chat, std::uint32_t mode) {
  confab_str out{};
  const confab_status status =
      confab_channel_mode_value(chat.engine, chat.channel("#x"), mode, &out);
  return status == CONFAB_OK ? string_of(out) : confab_status_name(status);
}

std::uint64_t modes_of(const addable &chat) {
  confab_channel_info info{};
  info.struct_size = sizeof info;
  ignore(confab_channel_get(chat.engine, chat.channel("#x"), &info));
  return info.modes;
}

std::uint32_t modes_of_user(const addable &chat, std::string_view nick) {
  confab_user_info info{};
  info.struct_size = sizeof info;
  ignore(confab_user_get(chat.engine, chat.user(nick), &info));
  return info.modes;
}

} // namespace

TEST_CASE("a property is set, replaced and cleared, on users and on channels") {
  addable chat;
  const confab_id ann = chat.ann_user(), where = chat.channel("#x");
  thing &of_user = chat.property(CONFAB_KIND_USER, "Pronouns");
  thing &of_channel = chat.property(CONFAB_KIND_CHANNEL, "Pronouns"); // a name of its own
  CHECK(chat.last == CONFAB_OK);
  chat.property(CONFAB_KIND_USER, "pronouns");
  CHECK(chat.last == CONFAB_ERR_EXISTS);
  CHECK(put(chat, {ann, of_user.id, 0, {}, "she"}) == CONFAB_OK);
  CHECK(put(chat, {where, 0, 0, "PRONOUNS", "all"}) == CONFAB_OK);
  CHECK(value(chat, ann, "pronouns") == "she");
  CHECK(value(chat, where, "pronouns") == "all");
  CHECK(value(chat, chat.user("bob"), "pronouns") == "");
  chat.watch(CONFAB_EVENT_PROPERTY);
  CHECK(put(chat, {ann, of_user.id, 0, {}, "she"}) == CONFAB_OK); // it is so already
  CHECK(chat.log.empty());
  CHECK(put(chat, {ann, of_user.id, 0, {}, "they"}) == CONFAB_OK);
  CHECK(value(chat, ann, "pronouns") == "they");
  CHECK(chat.log.size() == 1);
  CHECK(put(chat, {ann, of_user.id, 0, {}, ""}) == CONFAB_OK);
  CHECK(value(chat, ann, "pronouns") == "");
  CHECK(put(chat, {where, of_channel.id, 0, {}, "ignored", 0}) == CONFAB_OK);
  CHECK(value(chat, where, "pronouns") == "");
  CHECK(put(chat, {where, of_channel.id, 0, {}, "once more"}) == CONFAB_OK);
  CHECK(chat.remove(of_channel) == CONFAB_OK);
  CHECK(of_channel.released == 1);
  CHECK(value(chat, where, "pronouns") == "CONFAB_ERR_NOT_FOUND");
  thing &again = chat.property(CONFAB_KIND_CHANNEL, "pronouns");
  CHECK(value(chat, where, "pronouns") == "");
  CHECK(put(chat, {where, again.id, 0, {}, "new"}) == CONFAB_OK);
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("properties are walked, those that are set") {
  addable chat;
  const confab_id ann = chat.ann_user();
  thing &one = chat.property(CONFAB_KIND_USER, "one"),
        &two = chat.property(CONFAB_KIND_USER, "two"),
        &three = chat.property(CONFAB_KIND_USER, "three");
  CHECK(put(chat, {ann, one.id, 0, {}, "1"}) == CONFAB_OK);
  CHECK(put(chat, {ann, three.id, 0, {}, "3"}) == CONFAB_OK);
  confab_id id = 0;
  confab_str text{};
  CHECK(confab_property_next(chat.engine, ann, 0, &id, &text) == CONFAB_OK);
  CHECK(id == one.id);
  CHECK(string_of(text) == "1");
  CHECK(confab_property_next(chat.engine, ann, id, &id, nullptr) == CONFAB_OK);
  CHECK(id == three.id);
  CHECK(confab_property_next(chat.engine, ann, id, &id, &text) == CONFAB_END);
  CHECK(id == 0);
  CHECK(confab_property_next(chat.engine, ann, two.id, &id, &text) == CONFAB_ERR_STALE_ID);
  CHECK(confab_property_next(chat.engine, chat.ann, 0, &id, &text) == CONFAB_ERR_ARG);
  CHECK(confab_property_next(chat.engine, ann, chat.ann, &id, &text) == CONFAB_ERR_ARG);
  CHECK(confab_property_next(chat.engine, ann, 0, nullptr, &text) == CONFAB_ERR_ARG);
  const confab_id cat = chat.user("cat");
  CHECK(put(chat, {cat, one.id, 0, {}, "1"}) == CONFAB_OK);
  chat.end(chat.cat);
  CHECK(confab_property_next(chat.engine, cat, 0, &id, &text) == CONFAB_ERR_STALE_ID);
  CHECK(value(chat, cat, "one") == "CONFAB_ERR_STALE_ID");
}

TEST_CASE("who may write a property, and who may read it") {
  addable chat;
  const confab_id ann = chat.ann_user(), bob = chat.user("bob"), cat = chat.user("cat"),
                  where = chat.channel("#x");
  chat.say(chat.ann, "MODE #x +s");
  chat.say(chat.cat, "OPER root pw");
  confab_event_member_change owns{};
  owns.head.struct_size = sizeof owns;
  owns.head.type = CONFAB_EVENT_MEMBER_CHANGE;
  owns.name = CONFAB_STR("#x");
  owns.nick = CONFAB_STR("ann");
  owns.rank = CONFAB_RANK_OWNER;
  owns.set = 1;
  REQUIRE(confab_command_submit(chat.engine, &owns.head, nullptr) == CONFAB_OK);
  const auto write = [&](const thing &t, confab_id subject, confab_id actor) {
    const confab_status before = put(chat, {subject, t.id, 0, {}, "before"});
    CHECK(before == CONFAB_OK);
    const confab_status said = confab_property_allowed(chat.engine, actor, subject, t.id, 1);
    const confab_status done = put(chat, {subject, t.id, actor, {}, "after"});
    CHECK((said == CONFAB_OK) == (done == CONFAB_OK));
    CHECK(put(chat, {subject, t.id, actor, {}, "forced", 1, CONFAB_EVENT_FORCED}) == CONFAB_OK);
    return done == CONFAB_OK;
  };
  struct row {
    std::uint32_t permission;
    bool ann, bob, cat; // ann is the channel's owner, bob a member, cat the server's operator
  };
  const row of_channel[] = {{CONFAB_PERMIT_USER, true, true, true},
                            {CONFAB_PERMIT_MEMBER, true, true, false},
                            {CONFAB_PERMIT_VOICE, true, false, false},
                            {CONFAB_PERMIT_CHANNEL_OPERATOR, true, false, false},
                            {CONFAB_PERMIT_OWNER, true, false, false},
                            {CONFAB_PERMIT_OPERATOR, false, false, true},
                            {CONFAB_PERMIT_HOST, false, false, false}};
  for (const row &r : of_channel) {
    INFO("channel, permission " << r.permission);
    thing &t = chat.property(CONFAB_KIND_CHANNEL, "p" + std::to_string(r.permission),
                             [&](confab_property_spec &s) { s.read = s.write = r.permission; });
    REQUIRE(chat.last == CONFAB_OK);
    CHECK(write(t, where, ann) == r.ann);
    CHECK(write(t, where, bob) == r.bob);
    CHECK(write(t, where, cat) == r.cat);
    const auto reads = [&](confab_id who) {
      return confab_property_allowed(chat.engine, who, where, t.id, 0) == CONFAB_OK;
    };
    CHECK(reads(ann) == r.ann);
    CHECK(reads(bob) == r.bob);
    CHECK(reads(cat) == (r.permission != CONFAB_PERMIT_HOST)); // sees what members see
    CHECK(reads(0));
  }
  const row of_user[] = {{CONFAB_PERMIT_USER, true, true, true},
                         {CONFAB_PERMIT_SELF, false, true, true},
                         {CONFAB_PERMIT_OPERATOR, false, false, true},
                         {CONFAB_PERMIT_HOST, false, false, false}};
  for (const row &r : of_user) { // of bob
    INFO("user, permission " << r.permission);
    thing &t = chat.property(CONFAB_KIND_USER, "p" + std::to_string(r.permission),
                             [&](confab_property_spec &s) { s.read = s.write = r.permission; });
    REQUIRE(chat.last == CONFAB_OK);
    CHECK(write(t, bob, ann) == r.ann);
    CHECK(write(t, bob, bob) == r.bob);
    CHECK(write(t, bob, cat) == r.cat);
  }
  // Whoever may not know of the channel reads none of it.
  thing &open = chat.property(CONFAB_KIND_CHANNEL, "open");
  const confab_id dan = chat.user("dan");
  CHECK(dan == 0);
  chat.enter("dan");
  CHECK(confab_property_allowed(chat.engine, chat.user("dan"), where, open.id, 0) ==
        CONFAB_ERR_DENIED);
}

TEST_CASE("a property's value: its bounds and its bytes") {
  addable chat;
  const confab_id ann = chat.ann_user();
  thing &t =
      chat.property(CONFAB_KIND_USER, "short", [](confab_property_spec &s) { s.bytes_max = 4; });
  thing &u = chat.property(CONFAB_KIND_USER, "wide");
  CHECK(put(chat, {ann, t.id, 0, {}, "123"}) == CONFAB_OK);
  CHECK(put(chat, {ann, t.id, 0, {}, "1234"}) == CONFAB_OK);
  CHECK(put(chat, {ann, t.id, 0, {}, "12345"}) == CONFAB_ERR_DENIED);
  CHECK(put(chat, {ann, u.id, 0, {}, std::string(512, 'x')}) == CONFAB_OK);
  CHECK(put(chat, {ann, u.id, 0, {}, std::string(513, 'x')}) == CONFAB_ERR_TOO_LONG);
  CHECK(put(chat, {ann, t.id, 0, {}, "\xff"}) == CONFAB_ERR_DENIED);
  CHECK(put(chat, {ann, t.id, 0, {}, "a\nb"}) == CONFAB_ERR_ARG);
  CHECK(value(chat, ann, "short") == "1234");
  CHECK(put(chat, {ann, 0, 0, "nosuch", "x"}) == CONFAB_ERR_DENIED);
  CHECK(put(chat, {chat.channel("#x"), t.id, 0, {}, "x"}) == CONFAB_ERR_DENIED); // of users
  CHECK(put(chat, {0, t.id, 0, {}, "x"}) == CONFAB_ERR_DENIED);
  CHECK(put(chat, {chat.ann, t.id, 0, {}, "x"}) == CONFAB_ERR_ARG);
  for (const char *name : {"", "1a", "a b", "a.b"}) {
    chat.property(CONFAB_KIND_USER, name);
    CHECK(chat.last == CONFAB_ERR_NAME);
  }
  chat.property(CONFAB_KIND_USER, std::string(33, 'a'));
  CHECK(chat.last == CONFAB_ERR_NAME);
  chat.property(CONFAB_KIND_MEMBER, "a");
  CHECK(chat.last == CONFAB_ERR_ARG);
  chat.property(CONFAB_KIND_USER, "a",
                [](confab_property_spec &s) { s.read = CONFAB_PERMIT_MEMBER; });
  CHECK(chat.last == CONFAB_ERR_ARG);
  chat.property(CONFAB_KIND_CHANNEL, "a",
                [](confab_property_spec &s) { s.write = CONFAB_PERMIT_SELF; });
  CHECK(chat.last == CONFAB_ERR_ARG);
  chat.property(CONFAB_KIND_CHANNEL, "a",
                [](confab_property_spec &s) { s.write = CONFAB_PERMIT_HOST + 1; });
  CHECK(chat.last == CONFAB_ERR_ARG);
  chat.property(CONFAB_KIND_CHANNEL, "a", [](confab_property_spec &s) { s.bytes_max = 513; });
  CHECK(chat.last == CONFAB_ERR_ARG);
}

TEST_CASE("the properties that channels have of their own are read and set by name") {
  addable chat;
  const confab_id room = chat.channel("#x");
  for (const char *name : {"LANGUAGE", "SUBJECT", "PICS", "CLIENT", "ACCOUNT", "OWNERKEY",
                           "HOSTKEY", "ONJOIN", "ONPART", "SERVICEPATH"}) {
    INFO(name);
    CHECK(value(chat, room, name).empty());
    CHECK(put(chat, {room, 0, 0, name, "word"}) == CONFAB_OK);
    CHECK(value(chat, room, name) == "word");
    CHECK(put(chat, {room, 0, 0, name, {}, 0}) == CONFAB_OK);
    CHECK(value(chat, room, name).empty());
  }
  CHECK(put(chat, {room, 0, 0, "lag", "2"}) == CONFAB_OK);
  CHECK(value(chat, room, "Lag") == "2");
  CHECK(put(chat, {room, 0, 0, "LAG", "3"}) == CONFAB_ERR_DENIED);
  confab_str out{};
  for (const char *name : {"OID", "NAME", "CREATION", "TOPIC", "MEMBERKEY"}) {
    INFO(name);
    CHECK(confab_property_get(chat.engine, room, confab_str_of(name), &out) ==
          CONFAB_ERR_NOT_FOUND);
    CHECK(put(chat, {room, 0, 0, name, "word"}) == CONFAB_ERR_DENIED);
  }
  CHECK(confab_property_get(chat.engine, chat.ann_user(), CONFAB_STR("SUBJECT"), &out) ==
        CONFAB_ERR_NOT_FOUND);
  confab_id walked = 0;
  CHECK(confab_property_next(chat.engine, room, 0, &walked, nullptr) == CONFAB_END);
  // Nobody adds what would hide one of them, or be hidden by it.
  for (const char *name : {"subject", "ONJOIN", "Topic", "OID"}) {
    INFO(name);
    chat.property(CONFAB_KIND_CHANNEL, name);
    CHECK(chat.last == CONFAB_ERR_EXISTS);
    chat.property(CONFAB_KIND_USER, name);
    CHECK(chat.last == CONFAB_OK);
  }
}

TEST_CASE("filters judge and rewrite a property, and its bounds hold again") {
  addable chat;
  const confab_id ann = chat.ann_user();
  thing &t =
      chat.property(CONFAB_KIND_USER, "note", [](confab_property_spec &s) { s.bytes_max = 8; });
  std::string instead = "clean";
  chat.on(CONFAB_EVENT_PROPERTY, CONFAB_STAGE_TRANSFORM, [&](confab_call *c, const confab_event *) {
    CHECK(confab_call_set(c, CONFAB_FIELD_TEXT, str_of(instead)) == CONFAB_OK);
    return CONFAB_PASS;
  });
  bool deny = false;
  chat.on(CONFAB_EVENT_PROPERTY, CONFAB_STAGE_POLICY, [&](confab_call *, const confab_event *e) {
    const auto &p = *reinterpret_cast<const confab_event_property *>(e);
    CHECK(p.property == t.id);
    CHECK(string_of(p.name) == "note");
    return deny ? CONFAB_DENY : CONFAB_PASS;
  });
  CHECK(put(chat, {ann, t.id, 0, {}, "dirty"}) == CONFAB_OK);
  CHECK(value(chat, ann, "note") == "clean");
  instead = "far too long";
  CHECK(put(chat, {ann, t.id, 0, {}, "dirty"}) == CONFAB_ERR_DENIED);
  instead = "new";
  deny = true;
  CHECK(put(chat, {ann, t.id, 0, {}, "dirty"}) == CONFAB_ERR_DENIED);
  CHECK(value(chat, ann, "note") == "clean");
  // The property is removed by the very filter that judges.
  deny = false;
  chat.on(CONFAB_EVENT_PROPERTY, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    CHECK(confab_addition_remove(confab_call_engine(c), t.id) == CONFAB_OK);
    return CONFAB_PASS;
  });
  CHECK(put(chat, {ann, t.id, 0, {}, "dirty"}) == CONFAB_ERR_DENIED);
  CHECK(t.released == 1);
  CHECK(chat.broken() == "");
}

// No letter of any view is free: with those of IRCX these are all that are left.
TEST_CASE("as many modes of channels as there are letters, sixteen of users, and no more") {
  addable chat;
  const std::string letters = "ABGJKLMNOPQSTUVWXYcgj";
  std::vector<thing *> modes;
  for (std::size_t i = 0; i < letters.size(); ++i) {
    modes.push_back(&chat.mode(CONFAB_KIND_CHANNEL, "m" + std::to_string(i), letters[i]));
    CHECK(chat.last == CONFAB_OK);
    CHECK(modes.back()->number == CONFAB_CMODE_ADDED_FIRST + i);
    chat.wait_ms(1000);
    chat.say(chat.ann, std::string("MODE #x +") + letters[i]);
  }
  for (const char taken : std::string("adfhqruwxyzCDEFHIRZbeiklmnopstvA")) {
    chat.mode(CONFAB_KIND_CHANNEL, "more", taken);
    CHECK(chat.last == CONFAB_ERR_EXISTS);
  }
  CHECK(modes_of(chat) >> 32 == 0x1fffffU);
  chat.read_all();
  chat.say(chat.ann, "MODE #x");
  CHECK(has(chat.read(chat.ann), " #x +nt" + letters + "\r\n"));
  CHECK(chat.remove(*modes[7]) == CONFAB_OK);
  CHECK(modes_of(chat) >> 32 == 0x1fff7fU);
  thing &seventh = chat.mode(CONFAB_KIND_CHANNEL, "more", letters[7]);
  CHECK(seventh.number == CONFAB_CMODE_ADDED_FIRST + 7);
  CHECK(modes_of(chat) >> 32 == 0x1fff7fU); // and it is not set
  for (std::uint32_t i = 0; i < 16; ++i) {
    thing &t = chat.mode(CONFAB_KIND_USER, "m" + std::to_string(i), letters[i]);
    CHECK(t.number == 1U << (16 + i));
    chat.wait_ms(1000);
    chat.say(chat.ann, std::string("MODE ann +") + letters[i]);
  }
  chat.mode(CONFAB_KIND_USER, "more", letters[16]);
  CHECK(chat.last == CONFAB_ERR_LIMIT);
  CHECK((modes_of_user(chat, "ann") & CONFAB_UMODE_ADDED_MASK) == CONFAB_UMODE_ADDED_MASK);
  CHECK(chat.broken() == "");
  CHECK(chat.destroy() == "");
}

TEST_CASE("a mode's value is kept, and goes with it") {
  addable chat;
  thing &slow = chat.mode(CONFAB_KIND_CHANNEL, "slow", 'S',
                          [](confab_mode_spec &s) { s.value = CONFAB_MODE_WHEN_SET; });
  CHECK(mode_value(chat, slow.number) == "");
  chat.say(chat.ann, "MODE #x +S 10");
  CHECK(mode_value(chat, slow.number) == "10");
  const std::string longest(31, 'v'), longer(32, 'v'); // key_bytes_max
  chat.say(chat.ann, "MODE #x +S " + longest);
  CHECK(mode_value(chat, slow.number) == longest);
  chat.say(chat.ann, "MODE #x +S " + longer);
  CHECK(mode_value(chat, slow.number) == longest);
  chat.say(chat.ann, "MODE #x -S");
  CHECK(mode_value(chat, slow.number) == "");
  CHECK((modes_of(chat) >> slow.number & 1) == 0);
  chat.say(chat.ann, "MODE #x +Sk 5 sesame");
  CHECK(mode_value(chat, slow.number) == "5");
  CHECK(mode_value(chat, CONFAB_CMODE_KEY) == "sesame");
  CHECK(mode_value(chat, CONFAB_CMODE_MODERATED) == "");
  CHECK(mode_value(chat, 9) == "CONFAB_ERR_ARG");
  CHECK(mode_value(chat, 33) == "CONFAB_ERR_ARG");
  CHECK(mode_value(chat, UINT32_MAX) == "CONFAB_ERR_ARG");
  confab_str out{};
  CHECK(confab_channel_mode_value(chat.engine, chat.ann, slow.number, &out) == CONFAB_ERR_ARG);
  CHECK(confab_channel_mode_value(chat.engine, chat.channel("#x"), slow.number, nullptr) ==
        CONFAB_ERR_ARG);
  CHECK(chat.remove(slow) == CONFAB_OK);
  CHECK(mode_value(chat, slow.number) == "CONFAB_ERR_ARG");
  CHECK(slow.released == 1);
}

TEST_CASE("a mode that a filter removes while it judges, or that is not yet told, is not set") {
  addable chat;
  thing &a = chat.mode(CONFAB_KIND_CHANNEL, "a", 'A'),
        &b = chat.mode(CONFAB_KIND_CHANNEL, "b", 'B'), &q = chat.mode(CONFAB_KIND_USER, "q", 'Q');
  listener &policy = chat.on(
      CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *e) {
        if (reinterpret_cast<const confab_event_channel_change *>(e)->mode == b.number) {
          CHECK(confab_addition_remove(confab_call_engine(c), a.id) == CONFAB_OK);
          CHECK(confab_addition_remove(confab_call_engine(c), b.id) == CONFAB_OK);
        }
        return CONFAB_PASS;
      });
  const std::uint64_t before = modes_of(chat);
  chat.say(chat.ann, "MODE #x +AmB"); // A is set and waits to be told with the others
  CHECK(policy.calls == 3);
  CHECK(modes_of(chat) == (before | 1U << CONFAB_CMODE_MODERATED));
  const std::string told = chat.read(chat.bob);
  CHECK(told == ":ann!ann@192.0.2.1 MODE #x +m\r\n");
  CHECK(has(chat.read(chat.ann), ":confab.local 400 ann MODE"));
  chat.on(CONFAB_EVENT_USER_CHANGE, CONFAB_STAGE_POLICY, [&](confab_call *c, const confab_event *) {
    ignore(confab_addition_remove(confab_call_engine(c), q.id));
    return CONFAB_PASS;
  });
  chat.say(chat.ann, "MODE ann +Q");
  CHECK((modes_of_user(chat, "ann") & CONFAB_UMODE_ADDED_MASK) == 0);
  CHECK(a.released == 1);
  CHECK(b.released == 1);
  CHECK(q.released == 1);
  CHECK(chat.broken() == "");
}

TEST_CASE("filters set a mode and its value as they do the core's") {
  addable chat;
  thing &slow = chat.mode(CONFAB_KIND_CHANNEL, "slow", 'S',
                          [](confab_mode_spec &s) { s.value = CONFAB_MODE_WHEN_SET; });
  chat.on(CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_STAGE_TRANSFORM,
          [&](confab_call *c, const confab_event *) {
            CHECK(confab_call_set_number(c, CONFAB_FIELD_MODE, slow.number) == CONFAB_OK);
            CHECK(confab_call_set(c, CONFAB_FIELD_VALUE, CONFAB_STR("7")) == CONFAB_OK);
            return CONFAB_PASS;
          });
  chat.say(chat.ann, "MODE #x +m");
  CHECK(mode_value(chat, slow.number) == "7");
  CHECK((modes_of(chat) & 1U << CONFAB_CMODE_MODERATED) == 0);
}

TEST_CASE("a mode's letter, name, rank and value are those that can be") {
  addable chat;
  const auto refused = [&](std::uint32_t subject, std::string_view name, char letter,
                           const std::function<void(confab_mode_spec &)> &tweak = {}) {
    chat.mode(subject, name, letter, tweak);
    return chat.last;
  };
  CHECK(refused(CONFAB_KIND_MEMBER, "a", 'A') == CONFAB_ERR_ARG);
  CHECK(refused(CONFAB_KIND_CHANNEL, "", 'A') == CONFAB_ERR_NAME);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a b", 'A') == CONFAB_ERR_NAME);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", '+') == CONFAB_ERR_NAME);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", '1') == CONFAB_ERR_NAME);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", 'A', [](auto &s) { s.letter = 0x141; }) ==
        CONFAB_ERR_NAME);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", 'A', [](auto &s) { s.value = 3; }) == CONFAB_ERR_ARG);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", 'A', [](auto &s) { s.rank = 3; }) == CONFAB_ERR_ARG);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", 'A',
                [](auto &s) { s.permission = CONFAB_PERMIT_OPERATOR; }) == CONFAB_ERR_ARG);
  CHECK(refused(CONFAB_KIND_USER, "a", 'A', [](auto &s) { s.rank = CONFAB_RANK_VOICE; }) ==
        CONFAB_ERR_ARG);
  CHECK(refused(CONFAB_KIND_USER, "a", 'A', [](auto &s) { s.permission = CONFAB_PERMIT_ANY; }) ==
        CONFAB_ERR_ARG);
  for (const char letter : std::string("beIklCimnpstov"))
    CHECK(refused(CONFAB_KIND_CHANNEL, "a", letter) == CONFAB_ERR_EXISTS);
  for (const char letter : std::string("iow"))
    CHECK(refused(CONFAB_KIND_USER, "a", letter) == CONFAB_ERR_EXISTS);
  CHECK(refused(CONFAB_KIND_CHANNEL, "a", 'A') == CONFAB_OK);
  CHECK(refused(CONFAB_KIND_CHANNEL, "A", 'B') == CONFAB_ERR_EXISTS);
  CHECK(refused(CONFAB_KIND_CHANNEL, "b", 'A') == CONFAB_ERR_EXISTS);
  CHECK(refused(CONFAB_KIND_USER, "a", 'A') == CONFAB_OK);
}
