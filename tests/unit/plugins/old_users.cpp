// SPDX-License-Identifier: MIT
//
// The user of the old API, property by property and method by method, each as what replaces it: set
// as a plugin sets it, read as a plugin reads it, and seen to do what it says. What administrations
// configure is set by the host.

#include "unit/plugins/old_api.hpp"

namespace confab::test {
namespace {

using world = old_world;

confab_status change(world &w, std::uint32_t what, std::uint32_t mode, const char *text) {
  auto c = command<confab_event_user_change>(CONFAB_EVENT_USER_CHANGE);
  c.user = w.user("bob");
  c.what = what;
  c.mode = mode;
  c.set = 1;
  c.text = confab_str_of(text);
  return w.submit(c);
}

confab_conn_info conn_of_bob(world &w) {
  confab_id conn = 0;
  auto info = fresh<confab_conn_info>();
  CHECK(api().user_conn_next(w.engine, w.user("bob"), 0, &conn) == CONFAB_OK);
  CHECK(api().conn_get(w.engine, conn, &info) == CONFAB_OK);
  return info;
}

std::vector<old_row> user_properties() {
  return {
      {"ChatUser.Nick",
       [] {
         world w;
         const confab_id bob = w.user("bob");
         CHECK(string_of(w.user_info(bob).nick) == "bob");
         auto c = command<confab_event_nick>(CONFAB_EVENT_NICK);
         c.head.actor = c.user = bob;
         c.nick = CONFAB_STR("robert");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(string_of(w.user_info(bob).nick) == "robert");
       }},
      {"ChatUser.RealName",
       [] {
         world w;
         CHECK(change(w, CONFAB_USER_REALNAME, 0, "Robert") == CONFAB_OK);
         CHECK(string_of(w.user_info(w.user("bob")).realname) == "Robert");
       }},
      {"ChatUser.Away",
       [] {
         world w;
         CHECK(change(w, CONFAB_USER_AWAY, 0, "tea") == CONFAB_OK);
         CHECK(string_of(w.user_info(w.user("bob")).away) == "tea");
       }},
      {"ChatUser.Identity",
       [] {
         world w;
         const confab_user_info info = w.user_info(w.user("bob"));
         CHECK(has(w.heard(w.ann, w.bob, "PRIVMSG #x :hello"),
                   ":bob!" + string_of(info.username) + "@" + string_of(info.hostname) + " "));
       }},
      {"ChatUser.Authenticated",
       [] {
         world w;
         CHECK_FALSE(w.user_has("bob", CONFAB_UMODE_AUTHENTICATED));
         CHECK(w.user_info(w.user("bob")).account.len == 0);
         w.authenticate("dan", "dan@staff");
         CHECK(w.user_has("dan", CONFAB_UMODE_AUTHENTICATED));
         CHECK(string_of(w.user_info(w.user("dan")).account) == "dan@staff");
       }},
      {"ChatUser.HostMachineName",
       [] {
         world w;
         CHECK(change(w, CONFAB_USER_HOSTNAME, 0, "cloak.example") == CONFAB_OK);
         CHECK(string_of(w.user_info(w.user("bob")).hostname) == "cloak.example");
       }},
      {"ChatUser.DNSAddress",
       [] {
         world w;
         CHECK(change(w, CONFAB_USER_HOSTNAME, 0, "cloak.example") == CONFAB_OK);
         CHECK(string_of(conn_of_bob(w).hostname) != "cloak.example");
       }},
      {"ChatUser.IPAddress",
       [] {
         world w;
         CHECK(string_of(conn_of_bob(w).address) == "192.0.2.1");
       }},
      {"ChatUser.IsIRCX",
       [] {
         world w;
         CHECK(conn_of_bob(w).protocol == CONFAB_PROTOCOL_IRC);
         w.say(w.bob, "IRCX");
         CHECK(conn_of_bob(w).protocol == CONFAB_PROTOCOL_IRCX);
       }},
      {"ChatUser.ElapsedTime",
       [] {
         world w;
         CHECK(w.wait_ms(5000) == CONFAB_OK);
         confab_time now = 0;
         CHECK(api().engine_time(w.engine, &now, nullptr) == CONFAB_OK);
         CHECK(now - w.user_info(w.user("bob")).registered >= 5'000'000'000U);
       }},
      {"ChatUser.IdleTime",
       [] {
         world w;
         CHECK(w.wait_ms(5000) == CONFAB_OK);
         confab_time now = 0;
         CHECK(api().engine_time(w.engine, &now, nullptr) == CONFAB_OK);
         CHECK(now - w.user_info(w.user("bob")).last_spoke >= 5'000'000'000U);
         w.say(w.bob, "PRIVMSG #x :hello");
         CHECK(now - w.user_info(w.user("bob")).last_spoke < 1'000'000'000U);
       }},
      {"ChatUser.Invisible",
       [] {
         world w;
         const confab_id bob = w.user("bob");
         CHECK(change(w, CONFAB_USER_MODE, CONFAB_UMODE_INVISIBLE, "") == CONFAB_OK);
         CHECK((w.user_info(bob).modes & CONFAB_UMODE_INVISIBLE) != 0);
         CHECK(api().visible(w.engine, w.user("cat"), bob) == CONFAB_ERR_NOT_FOUND);
       }},
      {"ChatUser.Gagged",
       [] {
         world w;
         CHECK(w.user_mode("bob", CONFAB_UMODE_GAG) == CONFAB_OK);
         CHECK(w.user_has("bob", CONFAB_UMODE_GAG));
         w.read_all();
         w.say(w.bob, "PRIVMSG #x :hello?\r\nPRIVMSG ann :hello?");
         CHECK(w.read(w.ann).empty());
         CHECK(w.read(w.bob).empty()); // and is not told
         CHECK(w.user_mode("bob", CONFAB_UMODE_GAG, 0) == CONFAB_OK);
         CHECK(has(w.heard(w.ann, w.bob, "PRIVMSG #x :hello"), "hello"));
       }},
      {"ChatUser.Sysop",
       [] {
         world w;
         CHECK(w.user_has("ann", CONFAB_UMODE_OPERATOR));
         CHECK_FALSE(w.user_has("bob", CONFAB_UMODE_OPERATOR));
         CHECK(w.user_mode("bob", CONFAB_UMODE_OPERATOR) == CONFAB_OK);
         w.say(w.bob, "KILL cat :as an operator does");
         CHECK(w.user("cat") == 0);
         CHECK(w.user_mode("bob", CONFAB_UMODE_OPERATOR, 0) == CONFAB_OK);
         CHECK_FALSE(w.user_has("bob", CONFAB_UMODE_OPERATOR));
         w.say(w.bob, "KILL ann :as an operator does");
         CHECK(w.user("ann") != 0);
       }},
      {"ChatUser.Admin",
       [] {
         world w;
         CHECK_FALSE(w.user_has("ann", CONFAB_UMODE_ADMINISTRATOR)); // of the two kinds the other
         CHECK(w.user_mode("bob", CONFAB_UMODE_ADMINISTRATOR) == CONFAB_OK);
         CHECK(w.user_has("bob", CONFAB_UMODE_ADMINISTRATOR));
         w.say(w.ann, "KILL bob :she may not");
         CHECK(w.user("bob") != 0);
         w.say(w.bob, "KILL ann :but he may");
         CHECK(w.user("ann") == 0);
         CHECK(w.user_mode("bob", CONFAB_UMODE_ADMINISTRATOR, 0) == CONFAB_OK);
         CHECK_FALSE(w.user_has("bob", CONFAB_UMODE_ADMINISTRATOR));
       }},
      {"ChatUser.CanCreateDynamic",
       [] {
         world w;
         const confab_id bob = w.user("bob");
         CHECK((w.user_info(bob).may & CONFAB_MAY_OPEN) != 0);
         w.serve(R"({"classes":[{"name":"guests","no_create":true}]})");
         CHECK((w.user_info(bob).may & CONFAB_MAY_OPEN) == 0);
         CHECK((w.user_info(w.user("ann")).may & CONFAB_MAY_OPEN) != 0); // an operator
         w.say(w.bob, "JOIN #new");
         CHECK(w.channel("#new") == 0);
         w.serve(R"({"dynamic_channels":false})"); // the server's switch
         CHECK((w.user_info(bob).may & CONFAB_MAY_OPEN) == 0);
       }},
      {"ChatUser.CanJoinDynamic",
       [] {
         world w;
         const confab_id cat = w.user("cat");
         CHECK((w.user_info(cat).may & CONFAB_MAY_JOIN_DYNAMIC) != 0);
         w.serve(R"({"classes":[{"name":"guests","no_join_dynamic":true}]})");
         CHECK((w.user_info(cat).may & CONFAB_MAY_JOIN_DYNAMIC) == 0);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
       }},
      {"ChatUser.CanHostChannel",
       [] {
         world w;
         const confab_id bob = w.user("bob");
         CHECK((w.user_info(bob).may & CONFAB_MAY_RANK) != 0);
         w.serve(R"({"classes":[{"name":"guests","no_own":true}]})");
         CHECK((w.user_info(bob).may & CONFAB_MAY_RANK) == 0);
         w.say(w.ann, "MODE #x +o bob");
         CHECK(w.ranks("bob") == 0);
       }},
      {"ChatUser.MaxChannels",
       [] {
         world w;
         const std::uint32_t usual = w.user_info(w.user("bob")).channels_max;
         w.serve(R"({"classes":[{"name":"guests","channels":2}]})");
         CHECK(usual > 2);
         CHECK(w.user_info(w.user("bob")).channels_max == 2);
         CHECK(string_of(w.user_info(w.user("bob")).class_name) == "guests");
         w.say(w.bob, "JOIN #y\r\nJOIN #z");
         CHECK(w.user_info(w.user("bob")).channels == 2);
       }},
      {"ChatUser.Server",
       [] {
         world w;
         w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE,
              [&](confab_call *c, const confab_event *) {
                CHECK(api().call_engine(c) == w.engine);
                return CONFAB_PASS;
              });
         w.say(w.bob, "PRIVMSG #x :hello");
         CHECK(w.listeners.back().calls == 1);
       }},
      {"ChatUser.AccessEntries",
       [] {
         world w;
         w.say(w.bob, "IRCX\r\nACCESS bob ADD DENY cat!*@* 0 :no more");
         CHECK(w.masks(CONFAB_ACCESS_USER, w.user("bob")) == "cat!*@* ");
         CHECK(w.masks(CONFAB_ACCESS_USER, w.user("bob"), CONFAB_LIST_GRANT).empty());
         CHECK(w.masks(CONFAB_ACCESS_USER, w.user("ann")).empty());
         CHECK(w.heard(w.bob, w.cat, "PRIVMSG bob :hello").empty());
       }},
      {"ChatUser.Channels",
       [] {
         world w;
         w.say(w.bob, "JOIN #y");
         std::string names;
         confab_id at = 0;
         while (api().user_member_next(w.engine, w.user("bob"), at, &at) == CONFAB_OK) {
           auto m = fresh<confab_member_info>();
           auto c = fresh<confab_channel_info>();
           CHECK(api().member_get(w.engine, at, &m) == CONFAB_OK);
           CHECK(api().channel_get(w.engine, m.channel, &c) == CONFAB_OK);
           names += string_of(c.name);
         }
         CHECK(names.size() == 4);
         CHECK(has(names, "#x"));
         CHECK(has(names, "#y"));
       }},
  };
}

std::vector<old_row> user_methods() {
  return {
      {"ChatUser.Close(Channel)",
       [] {
         world w;
         w.read_all();
         auto c = command<confab_event_kick>(CONFAB_EVENT_KICK);
         c.channel = w.channel("#x");
         c.user = w.user("bob");
         c.text = CONFAB_STR("enough");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(w.member("bob") == 0);
         CHECK(has(w.read(w.bob), "KICK #x bob :enough"));
       }},
      {"ChatUser.Close(NULL)",
       [] {
         world w;
         w.read_all();
         auto c = command<confab_event_kill>(CONFAB_EVENT_KILL);
         c.user = w.user("bob");
         c.text = CONFAB_STR("enough");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(w.user("bob") == 0);
         CHECK(has(w.read(w.bob), "enough"));
       }},
      {"ChatUser.ProtocolMessageIn",
       [] {
         world w;
         auto c = command<confab_event_message>(CONFAB_EVENT_MESSAGE);
         c.head.actor = w.user("bob");
         c.kind = CONFAB_MESSAGE_PRIVMSG;
         c.name = CONFAB_STR("#x");
         c.text = CONFAB_STR("as if typed");
         w.read_all();
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(has(w.read(w.ann), ":bob!"));
       }},
      {"ChatUser.ProtocolMessageOut",
       [] {
         world w;
         w.read_all();
         CHECK(api().reply_notice(w.engine, w.bob, CONFAB_STR("a notice")) == CONFAB_OK);
         CHECK(has(w.read(w.bob), "NOTICE bob :a notice\r\n"));
         confab_numeric_spec spec = confab_numeric_spec_init();
         spec.number = 888;
         spec.name = CONFAB_STR("RPL_EXAMPLE");
         confab_id numeric = 0;
         CHECK(api().numeric_add(w.engine, &spec, &numeric) == CONFAB_OK);
         const confab_str param = CONFAB_STR("param");
         CHECK(api().reply_numeric(w.engine, w.bob, numeric, &param, 1, CONFAB_STR("text")) ==
               CONFAB_OK);
         CHECK(has(w.read(w.bob), " 888 bob param :text\r\n"));
       }},
  };
}

} // namespace

std::vector<old_row> old_users() {
  std::vector<old_row> all;
  for (const auto &rows : {user_properties(), user_methods()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

} // namespace confab::test
