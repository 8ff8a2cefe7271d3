// SPDX-License-Identifier: MIT
//
// The callbacks of servers, channels and users and the registrar of the old API, each as what
// replaces it: before and after, with its veto and with its rewriting where it had those. The
// callbacks of the extension itself are in old_extension.cpp.

#include "unit/plugins/old_api.hpp"

namespace confab::test {
namespace {

// Who did what to whose list, both phases of it: added, taken away, and all at once.
void add_access(std::uint32_t subject) {
  old_world w;
  w.say(w.ann, "IRCX");
  w.say(w.bob, "IRCX");
  const bool own = subject == CONFAB_ACCESS_USER, of_channel = subject == CONFAB_ACCESS_CHANNEL;
  const confab_id of = own ? w.user("bob") : of_channel ? w.channel("#x") : 0;
  const char *line = own                                ? "ACCESS bob ADD DENY cat!*@* 9 :no"
                     : of_channel                       ? "ACCESS #x ADD DENY cat!*@* 9 :no"
                     : subject == CONFAB_ACCESS_NETWORK ? "ACCESS * ADD DENY cat!*@* 9 :no"
                                                        : "ACCESS $ ADD DENY cat!*@* 9 :no";
  const auto there = [&] { return has(w.masks(subject, of), "cat!*@*"); };
  w.on(CONFAB_EVENT_ACCESS, CONFAB_STAGE_TRANSFORM, [&](confab_call *, const confab_event *e) {
    const auto &said = as<confab_event_access>(e);
    CHECK(said.subject == subject);
    CHECK(said.set == CONFAB_ACCESS_ADD);
    CHECK(said.minutes == 9);
    CHECK(string_of(said.text) == "no");
    return CONFAB_PASS;
  });
  w.phases(
      CONFAB_EVENT_ACCESS, [&] { w.say(own ? w.bob : w.ann, line); }, there, of);
  CHECK(api().hook_remove(w.engine, w.listeners.front().id) == CONFAB_OK);
  // What a plugin does itself is told as well.
  const listener &l = w.on(CONFAB_EVENT_ACCESS, CONFAB_STAGE_OBSERVE, nullptr);
  CHECK(w.access(subject, of, 1, "dan!*@*") == CONFAB_OK);
  CHECK(l.calls == 1);
  CHECK(has(w.masks(subject, of), "dan!*@*"));
  // The mask and the reason can be rewritten.
  w.rewrite(CONFAB_EVENT_ACCESS, CONFAB_FIELD_MASK, "eve!*@*");
  CHECK(w.access(subject, of, 1, "fay!*@*") == CONFAB_OK);
  CHECK(has(w.masks(subject, of), "eve!*@*"));
  CHECK_FALSE(has(w.masks(subject, of), "fay!*@*"));
}

void remove_access(std::uint32_t subject) {
  for (const bool all : {false, true}) {
    old_world w;
    w.say(w.ann, "IRCX");
    w.say(w.bob, "IRCX");
    const bool own = subject == CONFAB_ACCESS_USER, of_channel = subject == CONFAB_ACCESS_CHANNEL;
    const confab_id of = own ? w.user("bob") : of_channel ? w.channel("#x") : 0;
    const std::string name = own                                ? "bob"
                             : of_channel                       ? "#x"
                             : subject == CONFAB_ACCESS_NETWORK ? "*"
                                                                : "$";
    CHECK(w.access(subject, of, 1, "cat!*@*") == CONFAB_OK);
    w.phases(
        CONFAB_EVENT_ACCESS,
        [&] {
          w.say(own ? w.bob : w.ann,
                "ACCESS " + name + (all ? " CLEAR DENY" : " DELETE DENY cat!*@*"));
        },
        [&] { return w.masks(subject, of).empty(); }, of);
  }
}

std::vector<old_row> server_rows() {
  return {
      {"Server.OnNewUser",
       [] {
         old_world w;
         int n = 0;
         w.phases(
             CONFAB_EVENT_REGISTER,
             [&] {
               const std::string nick = "new" + std::to_string(n++);
               w.say(w.open(), "NICK " + nick + "\r\nUSER n 0 * :n");
             },
             [&] { return w.user("new0") != 0 || w.user("new1") != 0; });
       }},
      {"Server.OnNewChannel",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_CHANNEL_OPEN, [&] { w.say(w.ann, "JOIN #new"); },
             [&] { return w.channel("#new") != 0; });
         // What the administration registers is open, whatever a handler says.
         const listener &asked = w.on(CONFAB_EVENT_CHANNEL_OPEN, CONFAB_STAGE_POLICY,
                                      [](confab_call *, const confab_event *e) {
                                        CHECK((e->flags & CONFAB_EVENT_FINAL) != 0);
                                        return CONFAB_DENY;
                                      });
         w.told_after(
             CONFAB_EVENT_CHANNEL_OPEN,
             [&] { w.serve(R"({"channels":[{"name":"#kept","autostart":true}]})"); },
             [&] { return w.channel("#kept") != 0; });
         CHECK(asked.calls == 1);
       }},
      {"Server.OnCloseUser",
       [] {
         old_world w;
         const listener &l =
             w.on(CONFAB_EVENT_DISCONNECT, CONFAB_STAGE_OBSERVE,
                  [&](confab_call *, const confab_event *e) {
                    CHECK(as<confab_event_disconnect>(e).last == 1);
                    CHECK(string_of(as<confab_event_disconnect>(e).text) == "Quit: bye");
                    return CONFAB_PASS;
                  });
         w.say(w.cat, "QUIT :bye");
         CHECK(l.calls == 1);
       }},
      {"Server.OnCloseChannel",
       [] {
         old_world w;
         w.told_after(
             CONFAB_EVENT_CHANNEL_CLOSE,
             [&] {
               w.say(w.ann, "PART #x\r\n");
               w.say(w.bob, "PART #x");
             },
             [&] { return w.channel("#x") == 0; });
       }},
      {"Server.OnAddAccess",
       [] {
         add_access(CONFAB_ACCESS_SERVER);
         add_access(CONFAB_ACCESS_NETWORK);
       }},
      {"Server.OnRemoveAccess",
       [] {
         remove_access(CONFAB_ACCESS_SERVER);
         remove_access(CONFAB_ACCESS_NETWORK);
       }},
  };
}

std::vector<old_row> channel_rows() {
  return {
      {"Channel.OnAddMember",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_JOIN, [&] { w.say(w.cat, "JOIN #x"); },
             [&] { return w.member("cat") != 0; }, w.channel("#x"));
       }},
      {"Channel.OnRemoveMember",
       [] {
         for (const auto &[type, line] : {std::pair{CONFAB_EVENT_PART, "PART #x :why"},
                                          std::pair{CONFAB_EVENT_DISCONNECT, "QUIT :why"}}) {
           old_world w;
           std::string why;
           w.on(static_cast<std::uint32_t>(type), CONFAB_STAGE_OBSERVE,
                [&](confab_call *, const confab_event *e) {
                  why =
                      string_of(e->type == CONFAB_EVENT_PART ? as<confab_event_part>(e).text
                                                             : as<confab_event_disconnect>(e).text);
                  return CONFAB_PASS;
                });
           w.say(w.bob, line);
           CHECK(why.ends_with("why"));
           CHECK(w.member("bob") == 0);
         }
         {
           old_world w;
           w.phases(
               CONFAB_EVENT_KICK, [&] { w.say(w.ann, "KICK #x bob :why"); },
               [&] { return w.member("bob") == 0; }, w.channel("#x"));
         }
         old_world w;
         const listener &kicks = w.on(CONFAB_EVENT_KICK, CONFAB_STAGE_OBSERVE, nullptr);
         auto c = command<confab_event_kill>(CONFAB_EVENT_KILL);
         c.channel = w.channel("#x");
         w.phases(
             CONFAB_EVENT_KILL, [&] { ignore(w.submit(c)); }, [&] { return w.channel("#x") == 0; },
             c.channel);
         CHECK(kicks.calls == 0);
       }},
      {"Channel.OnChangedMember",
       [] {
         old_world w;
         const auto is_operator = [&] {
           auto info = fresh<confab_member_info>();
           CHECK(api().member_get(w.engine, w.member("bob"), &info) == CONFAB_OK);
           return (info.ranks & CONFAB_RANK_OPERATOR) != 0;
         };
         w.phases(
             CONFAB_EVENT_MEMBER_CHANGE, [&] { w.say(w.ann, "MODE #x +o bob"); }, is_operator);
         w.say(w.ann, "MODE #x -o bob");
         w.on(CONFAB_EVENT_MEMBER_CHANGE, CONFAB_STAGE_TRANSFORM,
              [](confab_call *c, const confab_event *e) {
                CHECK(as<confab_event_member_change>(e).rank == CONFAB_RANK_OPERATOR);
                CHECK(api().call_set_number(c, CONFAB_FIELD_RANK, CONFAB_RANK_VOICE) == CONFAB_OK);
                return CONFAB_PASS;
              });
         w.say(w.ann, "MODE #x +o bob");
         CHECK_FALSE(is_operator());
       }},
      {"Channel.OnChannelPropertyChanged",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_TOPIC, [&] { w.say(w.ann, "TOPIC #x :news"); },
             [&] { return string_of(w.channel_info().topic) == "news"; });
         w.phases(
             CONFAB_EVENT_CHANNEL_CHANGE, [&] { w.say(w.ann, "MODE #x +m"); },
             [&] { return w.has_mode(CONFAB_CMODE_MODERATED); });
         w.say(w.ann, "IRCX");
         w.phases(
             CONFAB_EVENT_PROPERTY, [&] { w.say(w.ann, "PROP #x SUBJECT :talk"); },
             [&] {
               confab_str subject{};
               CHECK(api().property_get(w.engine, w.channel("#x"), CONFAB_STR("SUBJECT"),
                                        &subject) == CONFAB_OK);
               return string_of(subject) == "talk";
             },
             w.channel("#x"));
         w.rewrite(CONFAB_EVENT_TOPIC, CONFAB_FIELD_TEXT, "other news");
         w.rewrite(CONFAB_EVENT_CHANNEL_CHANGE, CONFAB_FIELD_VALUE, "7");
         w.say(w.ann, "TOPIC #x :news\r\nMODE #x +l 5");
         CHECK(string_of(w.channel_info().topic) == "other news");
         CHECK(w.channel_info().limit == 7);
       }},
      {"Channel.OnChannelText",
       [] {
         old_world w;
         std::string heard;
         w.phases(
             CONFAB_EVENT_MESSAGE, [&] { heard += w.heard(w.bob, w.ann, "PRIVMSG #x :hello"); },
             [&] { return has(heard, "hello"); }, w.channel("#x"));
         w.rewrite(CONFAB_EVENT_MESSAGE, CONFAB_FIELD_TEXT, "rewritten");
         CHECK(has(w.heard(w.bob, w.ann, "PRIVMSG #x :hello"), ":rewritten"));
       }},
      {"Channel.OnAddAccess", [] { add_access(CONFAB_ACCESS_CHANNEL); }},
      {"Channel.OnRemoveAccess", [] { remove_access(CONFAB_ACCESS_CHANNEL); }},
  };
}

std::vector<old_row> user_rows() {
  return {
      {"User.OnNickChanged",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_NICK, [&] { w.say(w.bob, "NICK robert"); },
             [&] { return w.user("robert") != 0; }, w.user("bob"));
         w.rewrite(CONFAB_EVENT_NICK, CONFAB_FIELD_NICK, "bobby");
         w.say(w.bob, "NICK rob");
         CHECK(w.user("bobby") != 0);
       }},
      {"User.OnAwayChanged",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_USER_CHANGE, [&] { w.say(w.bob, "AWAY :lunch"); },
             [&] { return string_of(w.user_info(w.user("bob")).away) == "lunch"; });
         w.rewrite(CONFAB_EVENT_USER_CHANGE, CONFAB_FIELD_TEXT, "busy");
         w.say(w.bob, "AWAY :tea");
         CHECK(string_of(w.user_info(w.user("bob")).away) == "busy");
       }},
      {"User.OnUserPropertyChanged",
       [] {
         old_world w;
         const confab_id bob = w.user("bob");
         // Once for each change, and for that only.
         w.phases(
             CONFAB_EVENT_USER_CHANGE, [&] { w.say(w.bob, "MODE bob +w"); },
             [&] { return (w.user_info(bob).modes & CONFAB_UMODE_WALLOPS) != 0; });
         w.rewrite(CONFAB_EVENT_USER_CHANGE, CONFAB_FIELD_TEXT, "Robert");
         auto c = command<confab_event_user_change>(CONFAB_EVENT_USER_CHANGE);
         c.user = bob;
         c.what = CONFAB_USER_REALNAME;
         c.set = 1;
         c.text = CONFAB_STR("Bob");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(string_of(w.user_info(bob).realname) == "Robert");
       }},
      {"User.OnAddChannel",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_JOIN, [&] { w.say(w.cat, "JOIN #x"); },
             [&] { return w.member("cat") != 0; }, w.user("cat"));
       }},
      {"User.OnRemoveChannel",
       [] {
         old_world w;
         w.told_after(
             CONFAB_EVENT_PART, [&] { w.say(w.bob, "PART #x"); },
             [&] { return w.member("bob") == 0; }, w.user("bob"));
         w.say(w.bob, "JOIN #x");
         w.told_after(
             CONFAB_EVENT_KICK, [&] { w.say(w.ann, "KICK #x bob"); },
             [&] { return w.member("bob") == 0; }, w.user("bob"));
         w.say(w.bob, "JOIN #x");
         const confab_id bob = w.user("bob");
         const listener &kills = w.on(CONFAB_EVENT_KILL, CONFAB_STAGE_OBSERVE, nullptr,
                                      [bob](confab_hook &h) { h.scope = bob; });
         w.say(w.bob, "JOIN #y");
         auto c = command<confab_event_kill>(CONFAB_EVENT_KILL);
         c.channel = w.channel("#y");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(w.user_info(bob).channels == 1);
         CHECK(kills.calls == 0);
         w.told_after(
             CONFAB_EVENT_DISCONNECT, [&] { w.say(w.bob, "QUIT"); },
             [&] { return w.user("bob") == 0; }, bob);
       }},
      {"User.OnPrivateText",
       [] {
         old_world w;
         std::string heard;
         w.phases(
             CONFAB_EVENT_MESSAGE, [&] { heard += w.heard(w.cat, w.ann, "PRIVMSG cat :hello"); },
             [&] { return has(heard, "hello"); });
         w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM,
              [&](confab_call *c, const confab_event *e) {
                CHECK(as<confab_event_message>(e).target == w.user("cat"));
                CHECK(api().call_set(c, CONFAB_FIELD_TEXT, CONFAB_STR("rewritten")) == CONFAB_OK);
                return CONFAB_PASS;
              });
         CHECK(has(w.heard(w.cat, w.ann, "NOTICE cat :hello"), "NOTICE cat :rewritten"));
         w.say(w.cat, "IRCX\r\nJOIN #x");
         w.say(w.ann, "IRCX");
         const std::string whisper = w.heard(w.cat, w.ann, "WHISPER #x cat :psst");
         CHECK(has(whisper, "WHISPER #x cat :rewritten"));
       }},
      {"User.OnProtocolMessageIn",
       [] {
         old_world w;
         w.phases(
             CONFAB_EVENT_LINE_IN, [&] { w.say(w.cat, "JOIN #x"); },
             [&] { return w.member("cat") != 0; });
         w.rewrite(CONFAB_EVENT_LINE_IN, CONFAB_FIELD_TEXT, "PRIVMSG #x :rewritten");
         CHECK(has(w.heard(w.bob, w.ann, "PRIVMSG #x :hello"), ":rewritten"));
       }},
      {"User.OnProtocolMessageOut",
       [] {
         old_world w;
         w.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_TRANSFORM,
              [&](confab_call *c, const confab_event *e) {
                if (as<confab_event_line>(e).conn == w.bob) {
                  CHECK(api().call_set(c, CONFAB_FIELD_TEXT,
                                       CONFAB_STR(":s NOTICE bob :rewritten\r\n")) == CONFAB_OK);
                }
                return CONFAB_PASS;
              });
         CHECK(w.heard(w.bob, w.ann, "PRIVMSG #x :hello") == ":s NOTICE bob :rewritten\r\n");
         w.on(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_POLICY,
              [&](confab_call *, const confab_event *e) {
                return as<confab_event_line>(e).conn == w.bob ? CONFAB_DENY : CONFAB_PASS;
              });
         CHECK(w.heard(w.bob, w.ann, "PRIVMSG #x :hello").empty());
       }},
      {"User.OnAddAccess", [] { add_access(CONFAB_ACCESS_USER); }},
      {"User.OnRemoveAccess", [] { remove_access(CONFAB_ACCESS_USER); }},
  };
}

std::vector<old_row> registrar_rows() {
  return {
      {"Registrar.AddServerEvent",
       [] {
         old_world w;
         const listener &all = w.on(CONFAB_EVENT_NONE, CONFAB_STAGE_OBSERVE, nullptr); // every type
         w.say(w.ann, "JOIN #y");
         CHECK(all.calls >= 2); // CHANNEL_OPEN and JOIN
         const unsigned before = all.calls;
         CHECK(api().hook_remove(w.engine, all.id) == CONFAB_OK);
         w.say(w.ann, "PART #y");
         CHECK(all.calls == before);
         CHECK(all.released == 1);
       }},
      {"Registrar.AddChannelEvent",
       [] {
         old_world w;
         w.say(w.ann, "JOIN #y");
         const listener &l = w.on(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE, nullptr,
                                  [&](confab_hook &h) { h.scope = w.channel("#y"); });
         w.say(w.ann, "PRIVMSG #x :no\r\nPRIVMSG #y :yes\r\nPART #y\r\nJOIN #y\r\nPRIVMSG #y :no");
         CHECK(l.calls == 1);
       }},
      {"Registrar.AddUserEvent",
       [] {
         old_world w;
         const listener &l = w.on(CONFAB_EVENT_NICK, CONFAB_STAGE_OBSERVE, nullptr,
                                  [&](confab_hook &h) { h.scope = w.user("bob"); });
         w.say(w.cat, "NICK kit");
         w.say(w.bob, "NICK rob");
         CHECK(l.calls == 1);
       }},
  };
}

} // namespace

std::vector<old_row> old_callbacks() {
  std::vector<old_row> all;
  for (const auto &rows : {server_rows(), channel_rows(), user_rows(), registrar_rows()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

} // namespace confab::test
