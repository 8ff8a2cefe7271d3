// SPDX-License-Identifier: MIT
//
// The channel of the old API, property by property and method by method, each as what replaces it:
// set as a plugin sets it, read as a plugin reads it, and seen to do what it says. What
// administrations configure is set by the host.

#include "unit/plugins/old_api.hpp"

namespace confab::test {
namespace {

using world = old_world;

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

// One of the channels' own properties, as a plugin sets it.
confab_status set_property(world &w, std::string_view name, std::string_view text,
                           confab_id actor = 0) {
  auto c = command<confab_event_property>(CONFAB_EVENT_PROPERTY);
  c.head.actor = actor;
  c.subject = w.channel("#x");
  c.name = str_of(name);
  c.set = text.empty() ? 0 : 1;
  c.text = str_of(text);
  return w.submit(c);
}

std::string property_of(const world &w, std::string_view name) {
  confab_str value{};
  CHECK(api().property_get(w.engine, w.channel("#x"), str_of(name), &value) == CONFAB_OK);
  return string_of(value);
}

// Set by a plugin and by who may, read by a plugin and by a client, judged and rewritten.
void property(const std::string &name, bool administrators = false) {
  world w;
  w.say(w.ann, "IRCX");
  CHECK(property_of(w, name).empty());
  CHECK(set_property(w, name, "something") == CONFAB_OK);
  CHECK(property_of(w, name) == "something");
  CHECK(has(w.heard(w.ann, w.ann, "PROP #x " + name), " " + name + " :something"));
  CHECK(set_property(w, name, "else", w.user("bob")) == CONFAB_ERR_DENIED);
  if (administrators)
    CHECK(w.user_mode("ann", CONFAB_UMODE_ADMINISTRATOR) == CONFAB_OK);
  w.phases(
      CONFAB_EVENT_PROPERTY, [&] { w.say(w.ann, "PROP #x " + name + " :other"); },
      [&] { return property_of(w, name) == "other"; }, w.channel("#x"));
  w.rewrite(CONFAB_EVENT_PROPERTY, CONFAB_FIELD_TEXT, "rewritten");
  w.say(w.ann, "PROP #x " + name + " :third");
  CHECK(property_of(w, name) == "rewritten");
  CHECK(set_property(w, name, "") == CONFAB_OK);
  CHECK(property_of(w, name).empty());
}

// Who shows the key enters with the rank; a key of the channel's members does not.
void key(const char *name, std::uint32_t ranks) {
  world w;
  CHECK(set_property(w, name, "sesame") == CONFAB_OK);
  CHECK(property_of(w, name) == "sesame");
  w.say(w.cat, "JOIN #x wrong");
  CHECK(w.ranks("cat") == 0);
  w.say(w.cat, "PART #x\r\nJOIN #x sesame");
  CHECK(w.ranks("cat") == ranks);
  CHECK(set_property(w, name, "") == CONFAB_OK);
  CHECK(property_of(w, name).empty());
  w.say(w.cat, "PART #x\r\nJOIN #x sesame");
  CHECK(w.ranks("cat") == 0);
}

// A channel whose members wait after each message.
void lag() {
  world w;
  CHECK(set_property(w, "LAG", "2") == CONFAB_OK);
  CHECK(property_of(w, "LAG") == "2");
  CHECK(set_property(w, "LAG", "3") == CONFAB_ERR_DENIED);
  const std::string heard = w.heard(w.bob, w.ann, "PRIVMSG #x :one\r\nPRIVMSG #x :two");
  CHECK(has(heard, "one"));
  CHECK_FALSE(has(heard, "two"));
  CHECK(w.wait_ms(1900) == CONFAB_OK);
  CHECK(w.read(w.bob).empty());
  CHECK(w.wait_ms(200) == CONFAB_OK);
  CHECK(has(w.read(w.bob), "two"));
}

// For longer: a channel where what is said arrives later.
void longer_lag() {
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
      {"ChatChannel.PICS", [] { property("PICS", true); }},
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
      {"ChatChannel.JoinText",
       [] {
         property("ONJOIN");
         world w;
         CHECK(set_property(w, "ONJOIN", "Welcome to %x") == CONFAB_OK);
         CHECK(has(w.heard(w.cat, w.cat, "JOIN #x"), "Welcome to %x"));
       }},
      {"ChatChannel.PartText",
       [] {
         property("ONPART");
         world w;
         CHECK(set_property(w, "ONPART", "Come again") == CONFAB_OK);
         CHECK(has(w.heard(w.bob, w.bob, "PART #x"), "Come again"));
       }},
      {"ChatChannel.HostKey", [] { key("HOSTKEY", CONFAB_RANK_OPERATOR); }},
      {"ChatChannel.OwnerKey", [] { key("OWNERKEY", CONFAB_RANK_OWNER); }},
      {"ChatChannel.Account",
       [] {
         world w;
         CHECK(set_property(w, "ACCOUNT", "staff") == CONFAB_OK);
         CHECK(property_of(w, "ACCOUNT") == "staff");
         CHECK(w.has_mode(CONFAB_CMODE_AUTH_ONLY));
         w.say(w.cat, "JOIN #x");
         w.say(w.authenticate("dan", "dan@guests"), "JOIN #x");
         w.say(w.authenticate("eve", "eve@staff"), "JOIN #x");
         CHECK(w.member("cat") == 0);
         CHECK(w.member("dan") == 0);
         CHECK(w.member("eve") != 0);
       }},
      {"ChatChannel.Lag",
       [] {
         lag();
         longer_lag();
       }},
      {"ChatChannel.Private",
       [] {
         world w;
         w.say(w.bob, "MODE bob -i");
         CHECK(api().visible(w.engine, w.user("cat"), w.member("bob")) == CONFAB_OK);
         CHECK(set_mode(w, CONFAB_CMODE_PRIVATE) == CONFAB_OK);
         CHECK(api().visible(w.engine, w.user("cat"), w.member("bob")) == CONFAB_ERR_NOT_FOUND);
       }},
      {"ChatChannel.Hidden",
       [] {
         world w;
         CHECK(has(w.heard(w.cat, w.cat, "LIST"), " #x "));
         CHECK(set_mode(w, CONFAB_CMODE_HIDDEN) == CONFAB_OK);
         CHECK(w.has_mode(CONFAB_CMODE_HIDDEN));
         CHECK_FALSE(has(w.heard(w.cat, w.cat, "LIST"), " #x "));
         CHECK(has(w.heard(w.cat, w.cat, "LIST #x"), " #x "));  // to who knows its name
         CHECK(set_mode(w, CONFAB_CMODE_PRIVATE) == CONFAB_OK); // one of the three at a time
         CHECK_FALSE(w.has_mode(CONFAB_CMODE_HIDDEN));
       }},
      {"ChatChannel.Secret",
       [] {
         world w;
         CHECK(api().visible(w.engine, w.user("cat"), w.channel("#x")) == CONFAB_OK);
         CHECK(set_mode(w, CONFAB_CMODE_SECRET) == CONFAB_OK);
         CHECK(api().visible(w.engine, w.user("cat"), w.channel("#x")) == CONFAB_ERR_NOT_FOUND);
       }},
      {"ChatChannel.AuthenticatedOnly",
       [] {
         world w;
         CHECK(set_mode(w, CONFAB_CMODE_AUTH_ONLY) == CONFAB_OK);
         CHECK(w.has_mode(CONFAB_CMODE_AUTH_ONLY));
         w.say(w.cat, "JOIN #x");
         w.say(w.authenticate("dan", "dan@staff"), "JOIN #x");
         CHECK(w.member("cat") == 0);
         CHECK(w.member("dan") != 0);
         CHECK(set_mode(w, CONFAB_CMODE_AUTH_ONLY, "", 0) == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(w.member("cat") != 0);
       }},
      {"ChatChannel.AuthenticatedSpeakersOnly",
       [] {
         world w;
         const confab_id dan = w.authenticate("dan", "dan@staff");
         w.say(dan, "JOIN #x");
         CHECK(set_mode(w, CONFAB_CMODE_AUTH_SPEECH) == CONFAB_OK);
         CHECK(w.has_mode(CONFAB_CMODE_AUTH_SPEECH));
         CHECK_FALSE(has(w.heard(w.ann, w.bob, "PRIVMSG #x :hello"), "hello"));
         CHECK(has(w.heard(w.ann, dan, "PRIVMSG #x :hello"), "hello"));
       }},
      {"ChatChannel.CanWhisper",
       [] {
         world w;
         w.say(w.bob, "IRCX");
         w.say(w.cat, "IRCX\r\nJOIN #x");
         CHECK(has(w.heard(w.bob, w.cat, "WHISPER #x bob :psst"), "WHISPER #x bob :psst"));
         CHECK(set_mode(w, CONFAB_CMODE_NO_WHISPER) == CONFAB_OK);
         CHECK(w.has_mode(CONFAB_CMODE_NO_WHISPER));
         CHECK(w.heard(w.bob, w.cat, "WHISPER #x bob :psst").empty());
       }},
      {"ChatChannel.Knock",
       [] {
         world w;
         const listener &knocks = w.on(
             CONFAB_EVENT_KNOCK, CONFAB_STAGE_OBSERVE, [&](confab_call *, const confab_event *e) {
               CHECK(as<confab_event_knock>(e).code == CONFAB_REFUSED_INVITE_ONLY);
               CHECK(e->actor == w.user("cat"));
               return CONFAB_PASS;
             });
         CHECK(set_mode(w, CONFAB_CMODE_INVITE_ONLY) == CONFAB_OK);
         w.say(w.cat, "JOIN #x");
         CHECK(knocks.calls == 0);
         CHECK(set_mode(w, CONFAB_CMODE_KNOCK) == CONFAB_OK);
         CHECK(w.has_mode(CONFAB_CMODE_KNOCK));
         w.say(w.ann, "IRCX");
         CHECK(has(w.heard(w.ann, w.cat, "JOIN #x"), ":cat!"));
         CHECK(knocks.calls == 1);
       }},
      {"ChatChannel.IsPersistent",
       [] {
         world w;
         CHECK_FALSE(w.has_mode(CONFAB_CMODE_REGISTERED));
         w.serve(R"({"channels":[{"name":"#x"}]})");
         CHECK(w.has_mode(CONFAB_CMODE_REGISTERED));
         w.say(w.ann, "PART #x");
         w.say(w.bob, "PART #x");
         CHECK(w.channel("#x") != 0);
         CHECK(w.channel_info().members == 0);
       }},
      {"ChatChannel.IsAutoStart",
       [] {
         world w;
         w.serve(R"({"channels":[{"name":"#early","autostart":true},{"name":"#late"}]})");
         CHECK(w.channel_info("#early").standing == CONFAB_STANDING_AUTOSTART);
         CHECK(w.channel_info("#late").standing == 0);
         const std::string list = w.heard(w.cat, w.cat, "LIST");
         CHECK(has(list, " #early "));
         CHECK_FALSE(has(list, " #late "));
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
         auto c = command<confab_event_kill>(CONFAB_EVENT_KILL);
         c.channel = w.channel("#x");
         c.text = CONFAB_STR("closed");
         w.told_after(
             CONFAB_EVENT_KILL,
             [&] {
               w.read_all();
               CHECK(w.submit(c) == CONFAB_OK);
               CHECK(has(w.read(w.ann), ":closed"));
               CHECK(has(w.read(w.bob), ":closed"));
             },
             [&] { return w.channel("#x") == 0; }, c.channel);
         CHECK(w.user("ann") != 0);
         // A registered one is emptied.
         w.serve(R"({"channels":[{"name":"#kept"}]})");
         w.say(w.bob, "JOIN #kept");
         c.channel = w.channel("#kept");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(w.channel_info("#kept").members == 0);
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

std::vector<old_row> old_channels() {
  std::vector<old_row> all;
  for (const auto &rows : {channel_properties(), channel_methods()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

} // namespace confab::test
