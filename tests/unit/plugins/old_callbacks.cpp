// SPDX-License-Identifier: MIT
//
// The callbacks and the registrar of the old API, each as what replaces it: before and after, with
// its veto and with its rewriting where it had those.

#include "unit/plugins/old_api.hpp"

namespace confab::test {
namespace {

// A plugin that notes what happens to it.
struct noted {
  static std::string &log() {
    static std::string text;
    return text;
  }
  static confab_status CONFAB_CALL install(const confab_api *, confab_engine *, confab_id) {
    log() += "install ";
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL create(const confab_api *a, confab_engine *, confab_id,
                                          void **self) {
    log() += "create ";
    *self = const_cast<confab_api *>(a);
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL refuse(const confab_api *, confab_engine *, confab_id, void **) {
    log() += "refuse ";
    return CONFAB_ERR_STATE;
  }
  static confab_status CONFAB_CALL destroy(void *) {
    log() += "destroy ";
    return CONFAB_OK;
  }
  static confab_status CONFAB_CALL message(void *, const confab_plugin_message *said) {
    log() += string_of(said->text) + " ";
    return said->answer(said->answer_ctx, CONFAB_STR("configured"));
  }

  static confab_plugin_entry entry() {
    static const confab_setting settings[] = {
        {"limit", CONFAB_SETTING_INT, 0, "5", "1", "9", nullptr, "How many.", nullptr}};
    confab_plugin_entry e{};
    e.struct_size = sizeof e;
    e.magic = CONFAB_PLUGIN_MAGIC;
    e.abi_major = CONFAB_ABI_MAJOR;
    e.abi_minor_least = CONFAB_ABI_MINOR;
    e.id = "test.noted";
    e.version = "1";
    e.settings = settings;
    e.settings_count = 1;
    e.message_permission = CONFAB_PERMIT_OPERATOR;
    e.install = install;
    e.create = create;
    e.destroy = destroy;
    e.message = message;
    log().clear();
    return e;
  }
};

std::vector<old_row> extension_rows() {
  return {
      {"Extension.Name",
       [] {
         const confab_plugin_entry e = noted::entry();
         CHECK(confab_plugin_check(&e, nullptr) == CONFAB_OK);
         old_world w;
         REQUIRE(w.add(e) == CONFAB_OK);
         confab_id found = 0;
         CHECK(api().plugin_find(w.engine, CONFAB_STR("NOTED"), &found) == CONFAB_OK);
         CHECK(found == w.plugin);
         CHECK(w.add(e) == CONFAB_ERR_EXISTS);
         CHECK(w.add(e, {}, "other") == CONFAB_OK);
         CHECK(w.finish() == "");
       }},
      {"Extension.Init",
       [] {
         confab_plugin_entry e = noted::entry();
         e.create = noted::refuse;
         {
           old_world w;
           CHECK(w.add(e) == CONFAB_ERR_STATE);
           CHECK(w.plugin == 0);
         }
         CHECK(noted::log() == "install refuse "); // and nothing after it: Q195847
       }},
      {"Extension.Term",
       [] {
         const confab_plugin_entry e = noted::entry();
         old_world w;
         REQUIRE(w.add(e) == CONFAB_OK);
         REQUIRE(w.remove() == CONFAB_OK);
         CHECK(noted::log() == "install create destroy ");
         CHECK(w.released == 1);
       }},
      {"Extension.OnInstall",
       [] {
         const confab_plugin_entry e = noted::entry();
         old_world w;
         REQUIRE(w.add(e, {}, "one") == CONFAB_OK);
         REQUIRE(w.add(e, {}, "two") == CONFAB_OK);
         CHECK(noted::log() == "install create create ");
         CHECK(w.finish() == "");
       }},
      {"Extension.OnConfigureExtension",
       [] {
         const confab_plugin_entry e = noted::entry();
         old_world w;
         REQUIRE(w.add(e) == CONFAB_OK);
         CHECK(has(w.heard(w.ann, w.ann, "EXTMSG noted set x=1"), "configured"));
         CHECK_FALSE(has(w.heard(w.bob, w.bob, "EXTMSG noted set y=2"), "configured"));
         CHECK(noted::log() == "install create set x=1 ");
         CHECK(w.finish() == "");
       }},
      {"Extension.OnGetPropertyPageClass",
       [] {
         const confab_plugin_entry e = noted::entry();
         const confab_setting_value good{CONFAB_STR("limit"), CONFAB_STR("9")},
             bad{CONFAB_STR("limit"), CONFAB_STR("10")};
         CHECK(confab_plugin_settings_check(&e, &good, 1, nullptr) == CONFAB_OK);
         confab_problem why{};
         CHECK(confab_plugin_settings_check(&e, &bad, 1, &why) == CONFAB_ERR_ARG);
         CHECK(string_of(why.about) == "limit");
         CHECK(noted::log().empty()); // no code of it ran
       }},
  };
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
         old_world w;
         w.phases(
             CONFAB_EVENT_KICK, [&] { w.say(w.ann, "KICK #x bob :why"); },
             [&] { return w.member("bob") == 0; }, w.channel("#x"));
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
      {"Channel.OnAddAccess",
       [] {
         old_world w;
         const auto banned = [&] {
           auto e = fresh<confab_list_entry>();
           return api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, 0, &e) == CONFAB_OK;
         };
         w.phases(
             CONFAB_EVENT_ACCESS, [&] { w.say(w.ann, "MODE #x +b cat!*@*"); }, banned,
             w.channel("#x"));
         // What a plugin does itself is told as well.
         const listener &l = w.on(CONFAB_EVENT_ACCESS, CONFAB_STAGE_OBSERVE, nullptr);
         auto c = command<confab_event_access>(CONFAB_EVENT_ACCESS);
         c.channel = w.channel("#x");
         c.list = CONFAB_LIST_BAN;
         c.set = 1;
         c.mask = CONFAB_STR("dan!*@*");
         CHECK(w.submit(c) == CONFAB_OK);
         CHECK(l.calls == 1);
       }},
      {"Channel.OnRemoveAccess",
       [] {
         old_world w;
         w.say(w.ann, "MODE #x +b cat!*@*");
         w.phases(
             CONFAB_EVENT_ACCESS, [&] { w.say(w.ann, "MODE #x -b cat!*@*"); },
             [&] {
               auto e = fresh<confab_list_entry>();
               return api().list_get(w.engine, w.channel("#x"), CONFAB_LIST_BAN, 0, &e) ==
                      CONFAB_END;
             });
       }},
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
  for (const auto &rows :
       {extension_rows(), server_rows(), channel_rows(), user_rows(), registrar_rows()})
    all.insert(all.end(), rows.begin(), rows.end());
  return all;
}

} // namespace confab::test
