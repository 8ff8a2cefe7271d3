// SPDX-License-Identifier: MIT
//
// The server, the collections and the access entries of the old API, property by property and
// method by method, each as what replaces it. Users are in old_users.cpp, channels in
// old_channels.cpp.

#include "unit/plugins/old_api.hpp"

extern "C" const confab_plugin_entry confab_plugin_topic_mangler;

namespace confab::test {
namespace {

using world = old_world;

template <class Next>
std::size_t count(Next next) {
  confab_id at = 0;
  std::size_t n = 0;
  while (next(at, &at) == CONFAB_OK)
    ++n;
  return n;
}

std::vector<old_row> collection_rows() {
  return {
      {"ChatServer.Channels",
       [] {
         world w;
         w.say(w.ann, "JOIN #y");
         CHECK(count([&](confab_id at, confab_id *out) {
                 return api().channel_next(w.engine, at, out);
               }) == 2);
       }},
      {"ChatServer.Users",
       [] {
         world w;
         CHECK(count([&](confab_id at, confab_id *out) {
                 return api().user_next(w.engine, at, out);
               }) == 3);
       }},
      {"ChatServer.Configuration",
       [] {
         world w;
         REQUIRE(w.add(confab_plugin_topic_mangler, {{"on", "no"}}) == CONFAB_OK);
         auto info = fresh<confab_setting_info>();
         CHECK(api().plugin_setting(w.engine, w.plugin, CONFAB_STR("on"), &info) == CONFAB_OK);
         CHECK(info.given == 1);
         CHECK(info.integer == 0);
         w.serve(R"({"classes":[{"name":"guests","channels":3}],"bans":[{"nick":"bad*"}],)"
                 R"("channels":[{"name":"#kept"}]})");
         std::size_t size = 0;
         CHECK(api().service_get(w.engine, nullptr, 0, &size) == CONFAB_AGAIN);
         std::string json(size, '\0');
         CHECK(api().service_get(w.engine, json.data(), json.size(), &size) == CONFAB_OK);
         for (const char *part : {"guests", "bad*", "#kept"})
           CHECK(has(json, part));
       }},
      {"ChatChannels.Count",
       [] {
         world w;
         auto s = fresh<confab_engine_stats>();
         CHECK(api().engine_stats_get(w.engine, &s) == CONFAB_OK);
         CHECK(s.channels == 1);
       }},
      {"ChatChannels.Item",
       [] {
         world w;
         confab_id id = 0;
         CHECK(api().channel_find(w.engine, CONFAB_STR("#X"), &id) == CONFAB_OK);
         CHECK(id == w.channel("#x"));
         CHECK(api().channel_find(w.engine, CONFAB_STR("#z"), &id) == CONFAB_ERR_NOT_FOUND);
       }},
      {"ChatUsers.Count",
       [] {
         world w;
         auto s = fresh<confab_engine_stats>();
         CHECK(api().engine_stats_get(w.engine, &s) == CONFAB_OK);
         CHECK(s.users == 3);
       }},
      {"ChatUsers.Item",
       [] {
         world w;
         confab_id id = 0;
         CHECK(api().user_find(w.engine, CONFAB_STR("BOB"), &id) == CONFAB_OK);
         CHECK(id == w.user("bob"));
       }},
  };
}

// Of which lists there are: #x's, bob's, the server's and the network's.
template <class Judge>
void each_subject(Judge judge) {
  for (const std::uint32_t subject :
       {CONFAB_ACCESS_CHANNEL, CONFAB_ACCESS_USER, CONFAB_ACCESS_SERVER, CONFAB_ACCESS_NETWORK}) {
    INFO(subject);
    world w;
    const confab_id of = subject == CONFAB_ACCESS_CHANNEL ? w.channel("#x")
                         : subject == CONFAB_ACCESS_USER  ? w.user("bob")
                                                          : 0;
    judge(w, subject, of);
  }
}

std::vector<old_row> access_rows() {
  return {
      {"ChatServer.AccessEntries",
       [] {
         world w;
         w.say(w.ann, "IRCX\r\nACCESS $ ADD DENY dan!*@* 0 :not here\r\nACCESS * ADD DENY eve!*@*");
         CHECK(w.masks(CONFAB_ACCESS_SERVER, 0) == "dan!*@* ");
         CHECK(w.masks(CONFAB_ACCESS_NETWORK, 0) == "eve!*@* ");
       }},
      {"ChatAccessEntries.Item",
       [] {
         world w;
         w.say(w.ann, "MODE #x +bb a!*@* b!*@*");
         auto e = fresh<confab_list_entry>();
         for (const auto &[index, mask] : {std::pair{0U, "a!*@*"}, std::pair{1U, "b!*@*"}}) {
           CHECK(api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, index, &e) ==
                 CONFAB_OK);
           CHECK(string_of(e.mask) == mask);
         }
         CHECK(api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, 2, &e) == CONFAB_END);
         CHECK(w.masks() == "a!*@* b!*@* ");
       }},
      {"ChatAccessEntries.Add",
       [] {
         each_subject([](world &w, std::uint32_t subject, confab_id of) {
           CHECK(w.access(subject, of, 1, "cat!*@*") == CONFAB_OK);
           CHECK(w.masks(subject, of) == "cat!*@* ");
         });
         world w;
         CHECK(w.access(1, "cat!*@*") == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
         CHECK(w.access(CONFAB_ACCESS_USER, w.user("bob"), 1, "ann!*@*") == CONFAB_OK);
         CHECK(w.heard(w.bob, w.ann, "PRIVMSG bob :hello").empty());
         CHECK(w.access(CONFAB_ACCESS_SERVER, 0, 1, "dan!*@*") == CONFAB_OK);
         CHECK(w.access(CONFAB_ACCESS_NETWORK, 0, 1, "eve!*@*") == CONFAB_OK);
         w.enter("dan");
         w.enter("eve");
         w.enter("fay");
         CHECK(w.user("dan") == 0);
         CHECK(w.user("eve") == 0);
         CHECK(w.user("fay") != 0);
       }},
      {"ChatAccessEntries.Remove",
       [] {
         each_subject([](world &w, std::uint32_t subject, confab_id of) {
           for (const char *mask : {"cat!*@*", "dan!*@*", "eve!*@*"})
             CHECK(w.access(subject, of, 1, mask) == CONFAB_OK);
           CHECK(w.access(subject, of, 0, "dan!*@*") == CONFAB_OK);
           CHECK(w.masks(subject, of) == "cat!*@* eve!*@* ");
           CHECK(w.access(subject, of, 2, "") == CONFAB_OK);
           CHECK(w.masks(subject, of).empty());
         });
       }},
      {"ChatAccessEntry.Mask",
       [] {
         world w;
         w.say(w.ann, "MODE #x +b cat");
         CHECK(w.masks() == "cat!*@* ");
         CHECK(w.access(1, "dan!*@*$confab.local") == CONFAB_OK); // with the server, as ever
         CHECK(w.masks() == "cat!*@* dan!*@*$confab.local ");
         w.say(w.enter("dan"), "JOIN #x");
         CHECK(w.member("dan") == 0);
       }},
      {"ChatAccessEntry.Level",
       [] {
         world w;
         CHECK(w.access(1, "*!*@*") == CONFAB_OK); // deny
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
         struct level {
           const char *nick;
           std::uint32_t list, ranks;
         };
         for (const level &l : {level{"gil", CONFAB_LIST_GRANT, 0},
                                level{"vic", CONFAB_LIST_VOICE, CONFAB_RANK_VOICE},
                                level{"hal", CONFAB_LIST_OPERATOR, CONFAB_RANK_OPERATOR},
                                level{"owen", CONFAB_LIST_OWNER, CONFAB_RANK_OWNER}}) {
           INFO(l.nick);
           CHECK(w.access(1, std::string(l.nick) + "!*@*", l.list) == CONFAB_OK);
           w.say(w.enter(l.nick), "JOIN #x");
           CHECK(w.member(l.nick) != 0);
           CHECK(w.ranks(l.nick) == l.ranks);
         }
         CHECK(w.access(1, "cat!*@*", CONFAB_LIST_EXCEPTION) == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") != 0);
         w.say(w.ann, "MODE #x +i");
         CHECK(w.access(1, "dan!*@*", CONFAB_LIST_EXCEPTION) == CONFAB_OK);
         CHECK(w.access(1, "dan!*@*", CONFAB_LIST_INVITE) == CONFAB_OK);
         w.say(w.enter("dan"), "JOIN #x");
         CHECK(w.member("dan") != 0);
       }},
      {"ChatAccessEntry.Timeout",
       [] {
         world w;
         auto c = command<confab_event_access>(CONFAB_EVENT_ACCESS);
         c.channel = w.channel("#x");
         c.list = CONFAB_LIST_BAN;
         c.set = 1;
         c.mask = CONFAB_STR("cat!*@*");
         c.minutes = 5;
         CHECK(w.submit(c) == CONFAB_OK);
         auto e = fresh<confab_list_entry>();
         std::int64_t unix_ns = 0;
         CHECK(api().engine_time(w.engine, nullptr, &unix_ns) == CONFAB_OK);
         CHECK(api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, 0, &e) == CONFAB_OK);
         CHECK(e.expires_unix_s == unix_ns / 1'000'000'000 + 300);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
         CHECK(w.wait_ms(300'000) == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(w.masks().empty());
         CHECK(w.member("cat") != 0);
         CHECK(w.access(1, "dan!*@*") == CONFAB_OK);
         CHECK(api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, 0, &e) == CONFAB_OK);
         CHECK(e.expires_unix_s == 0); // for ever
       }},
      {"ChatAccessEntry.Reason",
       [] {
         world w;
         auto c = command<confab_event_access>(CONFAB_EVENT_ACCESS);
         c.subject = CONFAB_ACCESS_SERVER;
         c.list = CONFAB_LIST_BAN;
         c.set = 1;
         c.mask = CONFAB_STR("dan!*@*");
         c.text = CONFAB_STR("You know why");
         c.head.actor = w.user("ann");
         CHECK(w.submit(c) == CONFAB_OK);
         auto e = fresh<confab_list_entry>();
         CHECK(api().access_get(w.engine, CONFAB_ACCESS_SERVER, 0, CONFAB_LIST_BAN, 0, &e) ==
               CONFAB_OK);
         CHECK(string_of(e.reason) == "You know why");
         CHECK(string_of(e.set_by).starts_with("ann!"));
         CHECK(e.set_unix_s > 0);
         const confab_id dan = w.open();
         w.say(dan, "NICK dan\r\nUSER dan 0 * :Dan");
         CHECK(has(w.read(dan), "You know why"));
       }},
      {"ChatAccessEntry.Type",
       [] {
         each_subject([](world &w, std::uint32_t subject, confab_id of) {
           std::uint32_t told = UINT32_MAX;
           w.on(CONFAB_EVENT_ACCESS, CONFAB_STAGE_OBSERVE,
                [&](confab_call *, const confab_event *e) {
                  told = as<confab_event_access>(e).subject;
                  return CONFAB_PASS;
                });
           CHECK(w.access(subject, of, 1, "cat!*@*") == CONFAB_OK);
           CHECK(told == subject);
           // It is on that list, and on no other.
           const bool server = subject == CONFAB_ACCESS_SERVER;
           CHECK(w.masks(CONFAB_ACCESS_SERVER, 0).empty() == !server);
           CHECK(w.masks(CONFAB_ACCESS_NETWORK, 0).empty() == (subject != CONFAB_ACCESS_NETWORK));
         });
       }},
  };
}

} // namespace

std::vector<old_row> old_objects() {
  std::vector<old_row> all = collection_rows();
  const std::vector<old_row> more = access_rows();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

} // namespace confab::test
