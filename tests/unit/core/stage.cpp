// SPDX-License-Identifier: MIT
//
// core/acts/speech and auditorium: who hears whom and of whom, on the stage and on the floor; rank
// changes there; whispers by rank; gags, delays, knocks, and what ends a channel or sends clients
// away.
#include "unit/core/acted.hpp"

#include "support/catch.hpp"

using namespace confab::test;

namespace {

bool has(const std::string &text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Ann is on the stage, bob and cyd are on the floor.
struct hall : acted {
  explicit hall(std::uint64_t modes = bit(CONFAB_CMODE_AUDITORIUM)) {
    ann = enter("ann");
    bob = enter("bob");
    cyd = enter("cyd");
    (void)opens(user("ann"), "#a", modes);
    ignore(say(bob, "JOIN #a"));
    read_all();
  }
  confab_id ann = 0, bob = 0, cyd = 0;
};

} // namespace

TEST_CASE("auditorium: the floor sees the stage and itself") {
  hall chat;
  ignore(chat.say(chat.cyd, "JOIN #a"));
  CHECK(has(chat.read(chat.ann), "JOIN #a"));
  CHECK(chat.read(chat.bob).empty());
  const std::string names = chat.read(chat.cyd);
  CHECK(has(names, "ann"));
  CHECK_FALSE(has(names, "bob"));
  ignore(chat.say(chat.bob, "PRIVMSG #a :from below"));
  CHECK(has(chat.read(chat.ann), "from below"));
  CHECK(chat.read(chat.cyd).empty());
  ignore(chat.say(chat.ann, "PRIVMSG #a :from above"));
  CHECK(has(chat.read(chat.bob), "from above"));
  CHECK(has(chat.read(chat.cyd), "from above"));
  ignore(chat.say(chat.bob, "NICK rob"));
  CHECK(has(chat.read(chat.ann), "NICK rob"));
  CHECK(chat.read(chat.cyd).empty());
  CHECK(has(chat.read(chat.bob), "NICK rob"));
  ignore(chat.say(chat.ann, "TOPIC #a :all see this"));
  CHECK(has(chat.read(chat.bob), "all see this"));
  CHECK(has(chat.read(chat.cyd), "all see this"));
  CHECK(chat.rank(chat.user("ann"), "#a", "rob", CONFAB_RANK_VOICE) == 0); // still on the floor
  CHECK(has(chat.read(chat.bob), "+v rob"));
  CHECK(chat.read(chat.cyd).empty());
  chat.read_all();
  ignore(confab_message_send(chat.engine, 0, CONFAB_MESSAGE_NOTICE, chat.channel("#a"),
                             CONFAB_STR("the server to all")));
  CHECK(has(chat.read(chat.cyd), "the server to all"));
  chat.read_all();
  ignore(chat.say(chat.cyd, "QUIT :gone"));
  CHECK(has(chat.read(chat.ann), "gone"));
  CHECK(chat.read(chat.bob).empty());
  CHECK(chat.broken() == "");
}

TEST_CASE(
    "auditorium: who goes up comes into sight first, and who comes down goes out of it last") {
  hall chat;
  ignore(chat.say(chat.cyd, "JOIN #a"));
  chat.read_all();
  CHECK(chat.rank(chat.user("ann"), "#a", "bob", CONFAB_RANK_OPERATOR) == 0);
  std::string floor = chat.read(chat.cyd), mine = chat.read(chat.bob), stage = chat.read(chat.ann);
  CHECK(has(floor, ":bob!bob@192.0.2.1 JOIN"));
  CHECK(has(floor, "+o bob"));
  CHECK(floor.find("JOIN") < floor.find("+o bob"));
  CHECK(has(mine, ":cyd!cyd@192.0.2.1 JOIN"));
  CHECK_FALSE(has(mine, ":bob!bob@192.0.2.1 JOIN"));
  CHECK_FALSE(has(stage, "JOIN"));
  CHECK(chat.rank(chat.user("ann"), "#a", "bob", CONFAB_RANK_OPERATOR, false) == 0);
  floor = chat.read(chat.cyd), mine = chat.read(chat.bob), stage = chat.read(chat.ann);
  CHECK(has(floor, ":bob!bob@192.0.2.1 PART"));
  CHECK(floor.find("-o bob") < floor.find("PART"));
  CHECK(has(mine, ":cyd!cyd@192.0.2.1 PART"));
  CHECK_FALSE(has(stage, "PART"));
  CHECK(chat.broken() == "");
}

TEST_CASE("a feed tells nobody who comes and goes, but who does it") {
  hall chat(bit(CONFAB_CMODE_FEED));
  ignore(chat.say(chat.cyd, "JOIN #a"));
  CHECK(has(chat.read(chat.cyd), "JOIN #a"));
  CHECK(chat.read(chat.ann).empty());
  CHECK(chat.read(chat.bob).empty());
  ignore(chat.say(chat.bob, "PRIVMSG #a :hello"));
  CHECK(has(chat.read(chat.cyd), "hello"));
  chat.read_all();
  ignore(chat.say(chat.ann, "KICK #a cyd :out"));
  CHECK(has(chat.read(chat.cyd), "KICK"));
  CHECK(has(chat.read(chat.ann), "KICK"));
  CHECK(chat.read(chat.bob).empty());
  ignore(chat.say(chat.bob, "PART #a"));
  CHECK(has(chat.read(chat.bob), "PART"));
  CHECK(chat.read(chat.ann).empty());
  CHECK(chat.broken() == "");
}

TEST_CASE("whispers: by rank, where the channel takes none but to and from operators") {
  constexpr std::uint32_t ranks[] = {0, CONFAB_RANK_OPERATOR, CONFAB_RANK_OWNER};
  for (const std::uint32_t kind :
       {CONFAB_MESSAGE_WHISPER, CONFAB_MESSAGE_PRIVMSG, CONFAB_MESSAGE_NOTICE, CONFAB_MESSAGE_DATA})
    for (const bool guarded : {false, true})
      for (const std::uint32_t from : ranks)
        for (const std::uint32_t to : ranks) {
          INFO("kind " << kind << ", guarded " << guarded << ", " << from << " to " << to);
          acted chat;
          const confab_id own = chat.person("own"), ann = chat.person("ann"),
                          bob = chat.person("bob");
          CHECK(chat.opens(own, "#a", guarded ? bit(CONFAB_CMODE_NO_WHISPER) : 0) == 0);
          CHECK(chat.join(ann, "#a") == 0);
          CHECK(chat.join(bob, "#a") == 0);
          if (from != 0)
            CHECK(chat.rank(own, "#a", "ann", from) == 0);
          if (to != 0)
            CHECK(chat.rank(own, "#a", "bob", to) == 0);
          CHECK(chat.says(ann, "bob", kind, "#a") ==
                (guarded && from == 0 && to == 0 ? CONFAB_REFUSED_NO_WHISPER : 0));
        }
}

TEST_CASE("whispers: only inside, by who may speak, to who takes them") {
  acted chat;
  const confab_id own = chat.person("own"), ann = chat.person("ann"), bob = chat.person("bob"),
                  out = chat.person("out");
  CHECK(chat.opens(own, "#a", bit(CONFAB_CMODE_SECRET)) == 0);
  CHECK(chat.join(ann, "#a") == 0);
  CHECK(chat.join(bob, "#a") == 0);
  CHECK(chat.says(out, "bob", CONFAB_MESSAGE_WHISPER, "#a") == CONFAB_REFUSED_NO_SUCH_CHANNEL);
  CHECK(chat.mode(own, "#a", CONFAB_CMODE_SECRET, false) == 0);
  CHECK(chat.says(out, "bob", CONFAB_MESSAGE_WHISPER, "#a") == CONFAB_REFUSED_NOT_MEMBER);
  CHECK(chat.says(ann, "out", CONFAB_MESSAGE_WHISPER, "#a") == CONFAB_REFUSED_TARGET_NOT_MEMBER);
  CHECK(chat.says(ann, "bob", CONFAB_MESSAGE_WHISPER) == CONFAB_REFUSED_NO_SUCH_CHANNEL);
  CHECK(chat.says(ann, "ann", CONFAB_MESSAGE_WHISPER, "#a") == 0); // to oneself is legal
  CHECK(chat.gives(bob, CONFAB_UMODE_NO_WHISPER) == 0);
  CHECK(chat.says(ann, "bob", CONFAB_MESSAGE_WHISPER, "#a") == CONFAB_REFUSED_NO_WHISPER);
  CHECK(chat.says(ann, "bob", CONFAB_MESSAGE_DATA) == 0);
  CHECK(chat.gives(bob, CONFAB_UMODE_NO_DATA) == 0);
  CHECK(chat.says(ann, "bob", CONFAB_MESSAGE_DATA) == CONFAB_REFUSED_NO_DATA);
  CHECK(chat.gives(bob, CONFAB_UMODE_MIC_ONLY) == 0);
  CHECK(chat.says(ann, "bob", CONFAB_MESSAGE_PRIVMSG) == CONFAB_REFUSED_NO_SUCH_USER);
  CHECK(chat.says(bob, "bob", CONFAB_MESSAGE_PRIVMSG) == 0); // oneself is not somebody else
  CHECK(chat.says(bob, "ann", CONFAB_MESSAGE_PRIVMSG) == 0);
  CHECK(chat.mode(own, "#a", CONFAB_CMODE_MODERATED) == 0);
  CHECK(chat.says(ann, "own", CONFAB_MESSAGE_WHISPER, "#a") == CONFAB_REFUSED_NOT_VOICED);
  CHECK(chat.opens(own, "#hall", bit(CONFAB_CMODE_AUDITORIUM)) == 0);
  CHECK(chat.join(ann, "#hall") == 0);
  CHECK(chat.join(out, "#hall") == 0);
  CHECK(chat.says(ann, "out", CONFAB_MESSAGE_WHISPER, "#hall") == CONFAB_REFUSED_NO_WHISPER);
  CHECK(chat.says(ann, "own", CONFAB_MESSAGE_WHISPER, "#hall") == 0);
}

TEST_CASE("who is gagged is not heard, and not told") {
  hall chat(0);
  const confab_id root = chat.person("root"), bob = chat.user("bob");
  CHECK(chat.gives(bob, CONFAB_UMODE_GAG, true, root) == CONFAB_REFUSED_NOT_OPERATOR);
  CHECK(chat.gives(root, CONFAB_UMODE_OPERATOR) == 0);
  CHECK(chat.gives(root, CONFAB_UMODE_GAG, true, root) == CONFAB_REFUSED_OTHER_USER);
  CHECK(chat.gives(bob, CONFAB_UMODE_GAG, true, root) == 0);
  ignore(chat.say(chat.bob, "PRIVMSG #a :x\r\nPRIVMSG ann :x\r\nTOPIC #a :x\r\nNOTICE #a :x"));
  CHECK(chat.read(chat.bob).empty());
  CHECK(chat.read(chat.ann).empty());
  CHECK(chat.gives(bob, CONFAB_UMODE_GAG, false, root) == 0);
  ignore(chat.say(chat.bob, "PRIVMSG #a :back"));
  CHECK(has(chat.read(chat.ann), "back"));
}

TEST_CASE("a channel with a delay hears one message after the other, in order") {
  hall chat(0);
  CHECK(chat.property(chat.user("ann"), "#a", "LAG", "2") == 0);
  chat.read_all();
  ignore(chat.say(chat.bob, "PRIVMSG #a :one\r\nPRIVMSG #a :two\r\nPRIVMSG #a :three"));
  std::string heard = chat.read(chat.ann);
  CHECK(has(heard, "one"));
  CHECK_FALSE(has(heard, "two"));
  ignore(chat.wait_ms(1'900));
  CHECK(chat.read(chat.ann).empty());
  ignore(chat.wait_ms(200));
  heard = chat.read(chat.ann);
  CHECK(has(heard, "two"));
  CHECK_FALSE(has(heard, "three"));
  ignore(chat.wait_ms(2'100));
  CHECK(has(chat.read(chat.ann), "three"));
}

TEST_CASE("a delay is of one channel and one member, whatever is said elsewhere") {
  hall chat(0);
  CHECK(chat.property(chat.user("ann"), "#a", "LAG", "2") == 0);
  CHECK(chat.join(chat.user("ann"), "#free") == 0);
  CHECK(chat.join(chat.user("bob"), "#free") == 0);
  chat.read_all();
  // Elsewhere nothing waits, before or behind it; what comes too early there holds what follows.
  ignore(chat.say(chat.bob, "PRIVMSG #a :one\r\nPRIVMSG #free :two\r\nPRIVMSG ann :three\r\n"
                            "PRIVMSG #a :four\r\nPRIVMSG #free :five"));
  std::string heard = chat.read(chat.ann);
  for (const char *word : {"one", "two", "three"})
    CHECK(has(heard, word));
  CHECK_FALSE(has(heard, "four"));
  CHECK_FALSE(has(heard, "five"));
  CHECK(confab_engine_deadline(chat.engine) <= chat.now + 2'000'000'000);
  ignore(chat.say(chat.ann, "PRIVMSG #a :mine")); // another member's delay is another
  CHECK(has(chat.read(chat.bob), "mine"));
  ignore(chat.wait_ms(2'020));
  heard = chat.read(chat.ann);
  CHECK(has(heard, "four"));
  CHECK(has(heard, "five"));
  CHECK(heard.find("four") < heard.find("five"));
  // Who is put out while it waits is refused then; who leaves takes it along.
  ignore(chat.say(chat.bob, "PRIVMSG #a :six"));
  CHECK(chat.read(chat.ann).empty());
  ignore(chat.say(chat.ann, "MODE #a +n\r\nKICK #a bob"));
  chat.read_all();
  ignore(chat.wait_ms(2'020));
  CHECK(chat.read(chat.ann).empty());
  CHECK(has(chat.read(chat.bob), " 404 bob #a "));
  CHECK(chat.join(chat.user("bob"), "#a") == 0);
  chat.read_all();
  ignore(chat.say(chat.bob, "PRIVMSG #a :seven\r\nPRIVMSG #a :eight"));
  chat.read_all();
  chat.end(chat.bob);
  CHECK(has(chat.read(chat.ann), "QUIT"));
  CHECK(chat.broken() == "");
}

TEST_CASE("a delay is no way around by sessions or by many channels, and none between a pair") {
  hall chat(0);
  const confab_id ann = chat.user("ann"), bob = chat.user("bob");
  for (int i = 0; i < 6; ++i) {
    const std::string name = "#lag" + std::to_string(i);
    CHECK(chat.join(ann, name) == 0);
    CHECK(chat.join(bob, name) == 0);
    CHECK(chat.property(ann, name, "LAG", "2") == 0);
  }
  chat.read_all();
  // The fifth channel at once waits for the first of four.
  ignore(chat.say(chat.bob, "PRIVMSG #lag0 :a0\r\nPRIVMSG #lag1 :a1\r\nPRIVMSG #lag2 :a2\r\n"
                            "PRIVMSG #lag3 :a3\r\nPRIVMSG #lag4 :a4"));
  std::string heard = chat.read(chat.ann);
  CHECK(has(heard, "a3"));
  CHECK_FALSE(has(heard, "a4"));
  ignore(chat.wait_ms(2'020));
  CHECK(has(chat.read(chat.ann), "a4"));
  // Comic Chat's pose and the words that it is of.
  ignore(chat.wait_ms(2'020));
  for (const confab_id who : {chat.ann, chat.bob})
    ignore(chat.say(who, "IRCX"));
  chat.read_all();
  ignore(chat.say(chat.bob, "DATA #lag5 CCUDI1 :#p1\r\nPRIVMSG #lag5 :w1\r\n"
                            "DATA #lag5 CCUDI1 :#p2\r\nPRIVMSG #lag5 :w2"));
  heard = chat.read(chat.ann);
  CHECK(has(heard, "w1"));
  CHECK_FALSE(has(heard, "p2"));
  ignore(chat.wait_ms(2'020));
  heard = chat.read(chat.ann);
  CHECK(has(heard, "p2"));
  CHECK(has(heard, "w2"));
  // The user's other session is the same member.
  ignore(chat.wait_ms(2'020));
  const confab_id second = chat.open();
  CHECK(confab_conn_attach(chat.engine, second, chat.now, bob) == CONFAB_OK);
  chat.read_all();
  ignore(chat.say(chat.bob, "PRIVMSG #lag0 :b0"));
  ignore(chat.say(second, "PRIVMSG #lag0 :b1"));
  heard = chat.read(chat.ann);
  CHECK(has(heard, "b0"));
  CHECK_FALSE(has(heard, "b1"));
  ignore(chat.wait_ms(2'020));
  CHECK(has(chat.read(chat.ann), "b1"));
  CHECK(chat.broken() == "");
}

TEST_CASE("knocks: who was kept out is told of, within bounds") {
  hall chat(bit(CONFAB_CMODE_INVITE_ONLY));
  const auto told = [&] { return !chat.read(chat.ann).empty(); };
  ignore(chat.say(chat.cyd, "JOIN #a"));
  CHECK_FALSE(told()); // it does not want to know
  CHECK(chat.mode(chat.user("ann"), "#a", CONFAB_CMODE_KNOCK) == 0);
  chat.read_all();
  ignore(chat.say(chat.cyd, "JOIN #a"));
  CHECK(told());
  CHECK(chat.read(chat.bob).empty()); // only its operators
  ignore(chat.say(chat.cyd, "JOIN #a"));
  CHECK_FALSE(told());
  ignore(chat.wait_ms(30'000));
  chat.read_all();
  ignore(chat.say(chat.cyd, "JOIN #a"));
  CHECK(told());
  // Four doors within that time, and no more.
  const confab_id dan = chat.enter("dan"), own = chat.user("ann");
  for (int i = 0; i < 6; ++i) {
    const std::string name = "#door" + std::to_string(i);
    CHECK(chat.opens(own, name, bit(CONFAB_CMODE_INVITE_ONLY) | bit(CONFAB_CMODE_KNOCK)) == 0);
    chat.read_all();
    ignore(chat.say(dan, "JOIN " + name));
    CHECK(told() == (i < 4));
  }
}

TEST_CASE("an operator ends a channel, and the host sends clients away") {
  hall chat(0);
  const confab_id root = chat.person("root");
  auto kill = acted::make<confab_event_kill>(CONFAB_EVENT_KILL, root);
  kill.nick = CONFAB_STR("#a");
  kill.text = CONFAB_STR("enough");
  CHECK(chat.act(kill) == CONFAB_REFUSED_NOT_OPERATOR);
  CHECK(chat.gives(root, CONFAB_UMODE_OPERATOR) == 0);
  CHECK(chat.act(kill) == 0);
  CHECK(chat.channel("#a") == 0);
  CHECK(has(chat.read(chat.ann), "KICK #a ann :enough"));
  CHECK(has(chat.read(chat.bob), "KICK #a bob :enough"));
  CHECK(chat.act(kill) == CONFAB_REFUSED_NO_SUCH_CHANNEL);
  auto redirect = acted::make<confab_event_redirect>(CONFAB_EVENT_REDIRECT, root);
  redirect.conn = chat.bob;
  redirect.targets = CONFAB_STR("irc.example.net:6667");
  CHECK(chat.act(redirect) == CONFAB_REFUSED_FORBIDDEN);
  redirect.head.actor = 0;
  CHECK(chat.act(redirect) == 0);
  CHECK(chat.user("bob") == 0);
  CHECK(chat.user("ann") != 0);
  redirect.conn = 0;
  CHECK(chat.act(redirect) == 0);
  CHECK(chat.user("ann") == 0);
  redirect.targets = CONFAB_STR("two words");
  CHECK(chat.act(redirect) == CONFAB_REFUSED_BAD_VALUE);
  CHECK(chat.destroy() == "");
}
