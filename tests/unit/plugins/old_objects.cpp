// SPDX-License-Identifier: MIT
//
// The live objects of the old API, property by property and method by method, each as what
// replaces it.

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

confab_event_access access(const world &w, std::uint32_t set, const char *mask,
                           std::uint32_t list = CONFAB_LIST_BAN) {
  auto c = command<confab_event_access>(CONFAB_EVENT_ACCESS);
  c.channel = w.channel("#x");
  c.list = list;
  c.set = set;
  c.mask = confab_str_of(mask);
  return c;
}

std::string mask_at(const world &w, std::uint32_t index, std::uint32_t list = CONFAB_LIST_BAN) {
  auto e = fresh<confab_list_entry>();
  return api().list_get(w.engine, w.channel("#x"), list, index, &e) == CONFAB_OK ? string_of(e.mask)
                                                                                 : "none";
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
      {"ChatAccessEntries.Item",
       [] {
         world w;
         w.say(w.ann, "MODE #x +bb a!*@* b!*@*");
         CHECK(mask_at(w, 0) != "none");
         CHECK(mask_at(w, 1) != "none");
         CHECK(mask_at(w, 2) == "none");
       }},
      {"ChatAccessEntries.Add",
       [] {
         world w;
         CHECK(w.submit(access(w, 1, "cat!*@*")) == CONFAB_OK);
         CHECK(mask_at(w, 0) == "cat!*@*");
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
       }},
      {"ChatAccessEntries.Remove",
       [] {
         world w;
         CHECK(w.submit(access(w, 1, "cat!*@*")) == CONFAB_OK);
         CHECK(w.submit(access(w, 0, "cat!*@*")) == CONFAB_OK);
         CHECK(mask_at(w, 0) == "none");
       }},
      {"ChatAccessEntry.Mask",
       [] {
         world w;
         w.say(w.ann, "MODE #x +b cat");
         CHECK(mask_at(w, 0) == "cat!*@*");
       }},
      {"ChatAccessEntry.Level",
       [] {
         world w;
         CHECK(w.submit(access(w, 1, "*!*@*")) == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
         CHECK(w.submit(access(w, 1, "cat!*@*", CONFAB_LIST_EXCEPTION)) == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") != 0);
         w.say(w.ann, "MODE #x +i");
         CHECK(w.submit(access(w, 1, "dan!*@*", CONFAB_LIST_EXCEPTION)) == CONFAB_OK);
         CHECK(w.submit(access(w, 1, "dan!*@*", CONFAB_LIST_INVITE)) == CONFAB_OK);
         w.say(w.enter("dan"), "JOIN #x");
         CHECK(w.member("dan") != 0);
       }},
  };
}

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
         w.on(
             CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
             [](confab_call *c, const confab_event *) {
               CHECK(api().call_deny(c, CONFAB_REFUSED_POLICY, CONFAB_STR("gagged"),
                                     CONFAB_DENIAL_SHADOW) == CONFAB_OK);
               return CONFAB_DENY;
             },
             [&](confab_hook &h) { h.scope = w.user("ann"); });
         w.read_all();
         w.say(w.ann, "PRIVMSG #x :hello?");
         CHECK(w.read(w.bob).empty());
         const std::string echo = w.read(w.ann); // as if it had been said
         CHECK(has(echo, "PRIVMSG #x :hello?"));
         CHECK_FALSE(has(echo, "gagged"));
         CHECK(has(w.heard(w.ann, w.bob, "PRIVMSG #x :hello"), "hello"));
       }},
      {"ChatUser.Sysop",
       [] {
         world w;
         CHECK((w.user_info(w.user("ann")).modes & CONFAB_UMODE_OPERATOR) != 0);
         CHECK((w.user_info(w.user("bob")).modes & CONFAB_UMODE_OPERATOR) == 0);
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

confab_status set_mode(world &w, std::uint32_t mode, const char *value = "",
                       std::uint32_t set = 1) {
  auto c = command<confab_event_channel_change>(CONFAB_EVENT_CHANNEL_CHANGE);
  c.channel = w.channel("#x");
  c.mode = mode;
  c.set = set;
  c.value = confab_str_of(value);
  return w.submit(c);
}

// Sets it as a plugin does, and asks whether it is set and does what it says.
template <std::uint32_t mode>
void flag(const char *by_whom_not, const char *line, const char *refused) {
  world w;
  const confab_id who = std::string_view(by_whom_not) == "bob" ? w.bob : w.cat;
  CHECK(set_mode(w, mode, "", 0) == CONFAB_OK);
  CHECK_FALSE(w.has_mode(mode));
  CHECK_FALSE(has(w.heard(who, who, line), refused));
  w.say(w.cat, "PART #x");
  CHECK(set_mode(w, mode) == CONFAB_OK);
  CHECK(w.has_mode(mode));
  CHECK(has(w.heard(who, who, line), refused));
}

void property(const char *name) {
  world w;
  confab_property_spec spec = confab_property_spec_init();
  spec.subject = CONFAB_KIND_CHANNEL;
  spec.name = confab_str_of(name);
  spec.write = CONFAB_PERMIT_CHANNEL_OPERATOR;
  confab_id id = 0;
  CHECK(api().property_add(w.engine, &spec, &id) == CONFAB_OK);
  auto c = command<confab_event_property>(CONFAB_EVENT_PROPERTY);
  c.head.actor = w.user("bob");
  c.subject = w.channel("#x");
  c.property = id;
  c.set = 1;
  c.text = CONFAB_STR("something");
  CHECK(w.submit(c) == CONFAB_ERR_DENIED);
  c.head.actor = w.user("ann");
  CHECK(w.submit(c) == CONFAB_OK);
  confab_str value{};
  CHECK(api().property_get(w.engine, w.channel("#x"), confab_str_of(name), &value) == CONFAB_OK);
  CHECK(string_of(value) == "something");
}

// A channel where what is said arrives later.
void lag() {
  struct late {
    confab_id token = 0;
    static confab_status CONFAB_CALL run(void *ctx, confab_engine *e, confab_id) {
      return api().deferral_resolve(e, static_cast<late *>(ctx)->token, CONFAB_PASS, 0,
                                    confab_str{}, 0);
    }
  };
  late one;
  world w;
  w.on(
      CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY,
      [&](confab_call *c, const confab_event *) {
        CHECK(api().call_defer(c, 0, &one.token) == CONFAB_OK);
        confab_timer_spec spec = confab_timer_spec_init();
        spec.delay_ms = 2000;
        spec.ctx = &one;
        spec.run = late::run;
        CHECK(api().timer_add(confab_call_engine(c), &spec, nullptr) == CONFAB_OK);
        return CONFAB_DEFER;
      },
      [&](confab_hook &h) { h.scope = w.channel("#x"); });
  CHECK(w.heard(w.bob, w.ann, "PRIVMSG #x :hello").empty());
  CHECK(w.wait_ms(1900) == CONFAB_OK);
  CHECK(w.read(w.bob).empty());
  CHECK(w.wait_ms(200) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "hello"));
}

std::vector<old_row> channel_properties() {
  return {
      {"ChatChannel.Name", [] { CHECK(string_of(world().channel_info("#X").name) == "#x"); }},
      {"ChatChannel.Topic",
       [] {
         world w;
         auto c = command<confab_event_topic>(CONFAB_EVENT_TOPIC);
         c.channel = w.channel("#x");
         c.text = CONFAB_STR("news");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(string_of(w.channel_info().topic) == "news");
       }},
      {"ChatChannel.Subject", [] { property("SUBJECT"); }},
      {"ChatChannel.Language", [] { property("LANGUAGE"); }},
      {"ChatChannel.PICS", [] { property("PICS"); }},
      {"ChatChannel.MemberKey",
       [] {
         world w;
         CHECK(set_mode(w, CONFAB_CMODE_KEY, "sesame") == CONFAB_OK);
         CHECK(string_of(w.channel_info().key) == "sesame");
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
         w.say(w.cat, "JOIN #x sesame");
         CHECK(w.member("cat") != 0);
       }},
      {"ChatChannel.Limit",
       [] {
         world w;
         CHECK(set_mode(w, CONFAB_CMODE_LIMIT, "2") == CONFAB_OK);
         CHECK(w.channel_info().limit == 2);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") == 0);
       }},
      {"ChatChannel.Lag", lag},
      {"ChatChannel.Private",
       [] {
         world w;
         w.say(w.bob, "MODE bob -i");
         CHECK(api().visible(w.engine, w.user("cat"), w.member("bob")) == CONFAB_OK);
         CHECK(set_mode(w, CONFAB_CMODE_PRIVATE) == CONFAB_OK);
         CHECK(api().visible(w.engine, w.user("cat"), w.member("bob")) == CONFAB_ERR_NOT_FOUND);
       }},
      {"ChatChannel.Secret",
       [] {
         world w;
         CHECK(api().visible(w.engine, w.user("cat"), w.channel("#x")) == CONFAB_OK);
         CHECK(set_mode(w, CONFAB_CMODE_SECRET) == CONFAB_OK);
         CHECK(api().visible(w.engine, w.user("cat"), w.channel("#x")) == CONFAB_ERR_NOT_FOUND);
       }},
      {"ChatChannel.CanReceiveExternal",
       [] { flag<CONFAB_CMODE_NO_EXTERNAL>("cat", "PRIVMSG #x :hello", " 404 cat #x"); }},
      {"ChatChannel.InviteOnly",
       [] { flag<CONFAB_CMODE_INVITE_ONLY>("cat", "JOIN #x", " 473 cat #x"); }},
      {"ChatChannel.Moderated",
       [] { flag<CONFAB_CMODE_MODERATED>("bob", "PRIVMSG #x :hello", " 404 bob #x"); }},
      {"ChatChannel.TopicOperatorOnly",
       [] { flag<CONFAB_CMODE_TOPIC_LOCKED>("bob", "TOPIC #x :mine", " 482 bob #x"); }},
  };
}

std::vector<old_row> channel_methods() {
  return {
      {"ChatChannel.Members",
       [] {
         world w;
         std::size_t operators = 0, members = 0;
         confab_id at = 0;
         while (api().channel_member_next(w.engine, w.channel("#x"), at, &at) == CONFAB_OK) {
           auto m = fresh<confab_member_info>();
           CHECK(api().member_get(w.engine, at, &m) == CONFAB_OK);
           CHECK(m.joined_unix_s > 0);
           ++members;
           operators += (m.ranks & CONFAB_RANK_OPERATOR) != 0 ? 1 : 0;
         }
         CHECK(members == 2);
         CHECK(operators == 1);
       }},
      {"ChatChannel.AccessEntries",
       [] {
         world w;
         w.say(w.ann, "MODE #x +b cat!*@*");
         auto e = fresh<confab_list_entry>();
         CHECK(api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, 0, &e) == CONFAB_OK);
         CHECK(string_of(e.set_by).starts_with("ann"));
         CHECK(e.set_unix_s > 0);
       }},
      {"ChatChannel.Close",
       [] {
         world w;
         w.read_all();
         confab_id at = 0;
         while (w.channel("#x") != 0 &&
                api().channel_member_next(w.engine, w.channel("#x"), 0, &at) == CONFAB_OK) {
           auto c = command<confab_event_kick>(CONFAB_EVENT_KICK);
           auto m = fresh<confab_member_info>();
           CHECK(api().member_get(w.engine, at, &m) == CONFAB_OK);
           c.channel = m.channel;
           c.user = m.user;
           c.text = CONFAB_STR("closed");
           CHECK(w.submit(c) == CONFAB_OK);
         }
         CHECK(w.channel("#x") == 0);
         CHECK(has(w.read(w.bob), ":closed"));
       }},
      {"ChatChannel.ProtocolMessageOut",
       [] {
         world w;
         auto c = command<confab_event_message>(CONFAB_EVENT_MESSAGE);
         c.kind = CONFAB_MESSAGE_NOTICE;
         c.target = w.channel("#x");
         c.text = CONFAB_STR("from the server");
         w.read_all();
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(has(w.read(w.ann), "NOTICE #x :from the server"));
         CHECK(has(w.read(w.bob), "NOTICE #x :from the server"));
       }},
  };
}

} // namespace

std::vector<old_row> old_objects() {
  std::vector<old_row> all;
  for (const auto &rows : {collection_rows(), user_properties(), user_methods(),
                           channel_properties(), channel_methods()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

} // namespace confab::test
