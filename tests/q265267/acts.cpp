// SPDX-License-Identifier: MIT
//
// The table of acts: see acts.hpp. One row for each way in which an event comes about that filters
// and encoders could treat in a way of their own.
#include "q265267/acts.hpp"

#include "core/operation.hpp"

using confab::test::ignore;

namespace q265267 {

namespace {

intent make(std::uint32_t type, const std::string &name = "", const std::string &nick = "",
            const std::string &text = "") {
  intent what;
  what.type = static_cast<std::uint16_t>(type);
  what.name = name;
  what.nick = nick;
  what.text = text;
  return what;
}

intent newcomer(std::uint32_t type) {
  intent what = make(type, "", "guest");
  what.username = "guest";
  what.hostname = "guest.example";
  what.realname = "A guest";
  what.key = "sesame";
  return what;
}

intent user_change(std::uint32_t what_changes, std::uint32_t mode, const std::string &text) {
  intent what = make(CONFAB_EVENT_USER_CHANGE, "", "", text);
  what.kind = what_changes;
  what.mode = mode;
  return what;
}

intent message(std::uint32_t kind, const std::string &to) {
  intent what = make(CONFAB_EVENT_MESSAGE, to, "", "hello");
  what.kind = kind;
  return what;
}

intent whisper(const std::string &to) {
  intent what = message(CONFAB_MESSAGE_WHISPER, to);
  what.context = "#x";
  return what;
}

intent data() {
  intent what = message(CONFAB_MESSAGE_DATA, "#x");
  what.tag = "TEST.TAG";
  return what;
}

intent own_property() {
  intent what = make(CONFAB_EVENT_PROPERTY, "#x", "", "cats");
  what.key = "SUBJECT";
  return what;
}

intent grant() {
  intent what = make(CONFAB_EVENT_ACCESS, "#x");
  what.mask = "dan!*@*";
  what.list = CONFAB_LIST_GRANT;
  return what;
}

intent mode(std::uint32_t which, const std::string &value) {
  intent what = make(CONFAB_EVENT_CHANNEL_CHANGE, "#x");
  what.mode = which;
  what.value = value;
  return what;
}

intent rank(std::uint32_t which) {
  intent what = make(CONFAB_EVENT_MEMBER_CHANGE, "#x", "bob");
  what.rank = which;
  return what;
}

intent ban() {
  intent what = make(CONFAB_EVENT_ACCESS, "#x");
  what.mask = "dan!*@*";
  return what;
}

intent redirect() {
  intent what = make(CONFAB_EVENT_REDIRECT, "", "cat", "moving");
  what.value = "other.example:6667";
  return what;
}

intent ask(std::uint32_t kind, const std::string &name) {
  intent what = make(CONFAB_EVENT_QUERY, name);
  what.kind = kind;
  return what;
}

intent admin() {
  intent what = make(CONFAB_EVENT_ADMIN);
  what.kind = CONFAB_REQUEST_REHASH;
  return what;
}

intent oper() {
  intent what = make(CONFAB_EVENT_OPER, "root");
  what.key = "secret";
  return what;
}

// --- what has to be there first
// --------------------------------------------------------------------

void make_operator(scene &s) {
  intent what = user_change(CONFAB_USER_MODE, CONFAB_UMODE_OPERATOR, "");
  ignore(submit(s.engine, what, s.user("ann"), true));
}

void wants_wallops(scene &s) {
  make_operator(s);
  ignore(submit(s.engine, user_change(CONFAB_USER_MODE, CONFAB_UMODE_WALLOPS, ""), s.user("bob"),
                true));
}

void bob_opens(scene &s) {
  s.joins("bob", "#open");
  if (s.c.where->for_mic)
    s.closes("#open");
}
void shut(scene &s) {
  s.joins("bob", "#shut");
  for (const std::uint32_t which : {CONFAB_CMODE_KNOCK, CONFAB_CMODE_INVITE_ONLY}) {
    intent what = mode(which, "");
    what.name = "#shut";
    s.server_does(what);
  }
}
void ann_alone(scene &s) { s.joins("ann", "#alone"); }
void cat_alone(scene &s) {
  make_operator(s);
  s.joins("cat", "#cats");
}
void cat_invites(scene &s) {
  s.joins("cat", "#cats");
  ignore(submit(s.engine, make(CONFAB_EVENT_INVITE, "#cats", "ann"), s.user("cat"), false));
}

void somebody_left(scene &s) {
  const confab_id zed = s.enter("zed");
  (void)s.end(zed);
}

void renamed_once(scene &s) {
  ignore(submit(s.engine, make(CONFAB_EVENT_NICK, "", "ann2"), s.user("ann"), false));
  ignore(submit(s.engine, make(CONFAB_EVENT_NICK, "", "ann"), s.user("ann2"), true));
}

void one_nick_change(confab_engine_options &o) {
  o.nick_changes_max = 1;
  o.nick_window_ms = 60'000;
}

// Hooks whose doings are events: one that fails, one that fails too often, one that only watches.
void failing_hook(scene &s) { s.helper(CONFAB_EVENT_TOPIC, CONFAB_STAGE_OBSERVE, 0, -1); }
void watching_hook(scene &s) {
  s.helper(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY, CONFAB_HOOK_SHADOW, CONFAB_DENY);
}
void trips_at_once(confab_engine_options &o) { o.hook_failures_max = 1; }

using F = std::uint32_t;
constexpr F text = CONFAB_FIELD_TEXT, nick = CONFAB_FIELD_NICK, name = CONFAB_FIELD_NAME;

std::vector<act> coming_and_going() {
  return {
      {"connect", CONFAB_EVENT_CONNECT, newcomer(CONFAB_EVENT_CONNECT), act_opens},
      {"register",
       CONFAB_EVENT_REGISTER,
       newcomer(CONFAB_EVENT_REGISTER),
       act_opens,
       {{nick, "other"},
        {CONFAB_FIELD_USERNAME, "other"},
        {CONFAB_FIELD_HOSTNAME, "other.example"},
        {CONFAB_FIELD_REALNAME, "Another guest"}}},
      {"authenticate", CONFAB_EVENT_AUTHENTICATE, newcomer(CONFAB_EVENT_AUTHENTICATE), act_opens},
      {"quit",
       CONFAB_EVENT_DISCONNECT,
       make(CONFAB_EVENT_DISCONNECT, "", "", "bye"),
       0,
       {{text, "Quit: other", 0, "other"}}},
      {"nick", CONFAB_EVENT_NICK, make(CONFAB_EVENT_NICK, "", "amy"), 0, {{nick, "anna"}}},
      {"away",
       CONFAB_EVENT_USER_CHANGE,
       user_change(CONFAB_USER_AWAY, 0, "gone"),
       0,
       {{text, "elsewhere"}}},
      {"user mode",
       CONFAB_EVENT_USER_CHANGE,
       user_change(CONFAB_USER_MODE, CONFAB_UMODE_WALLOPS, ""),
       0,
       {{CONFAB_FIELD_MODE, "", CONFAB_UMODE_INVISIBLE}, {CONFAB_FIELD_SET, "", 0}}},
      {"kill",
       CONFAB_EVENT_KILL,
       make(CONFAB_EVENT_KILL, "", "cat", "enough"),
       act_by_server,
       {{text, "other"}, {nick, "bob"}},
       make_operator},
      {"oper", CONFAB_EVENT_OPER, oper()},
      {"rehash", CONFAB_EVENT_ADMIN, admin(), 0, {}, make_operator},
  };
}

std::vector<act> speech() {
  return {
      {"message",
       CONFAB_EVENT_MESSAGE,
       message(CONFAB_MESSAGE_PRIVMSG, "#x"),
       act_by_server,
       {{text, "other"}, {name, "#y"}, {CONFAB_FIELD_KIND, "", CONFAB_MESSAGE_NOTICE}}},
      {"notice",
       CONFAB_EVENT_MESSAGE,
       message(CONFAB_MESSAGE_NOTICE, "#x"),
       act_by_server | act_unanswered,
       {{text, "other"}}},
      {"message to a user",
       CONFAB_EVENT_MESSAGE,
       message(CONFAB_MESSAGE_PRIVMSG, "cat"),
       act_by_server,
       {{text, "other"}, {name, "bob"}}},
      {"whisper", CONFAB_EVENT_MESSAGE, whisper("bob"), 0, {{text, "other"}}},
      {"data", CONFAB_EVENT_MESSAGE, data(), act_by_server, {{text, "other"}}},
      {"wallops",
       CONFAB_EVENT_MESSAGE,
       message(CONFAB_MESSAGE_WALLOPS, ""),
       act_by_server,
       {{text, "other"}},
       wants_wallops},
      {"topic",
       CONFAB_EVENT_TOPIC,
       make(CONFAB_EVENT_TOPIC, "#x", "", "news"),
       act_by_server,
       {{text, "other"}, {name, "#y"}}},
      {"line in",
       CONFAB_EVENT_LINE_IN,
       make(CONFAB_EVENT_TOPIC, "#x", "", "news"),
       act_by_client,
       {{text, "other"}}},
      {"line out",
       CONFAB_EVENT_LINE_OUT,
       message(CONFAB_MESSAGE_PRIVMSG, "#x"),
       act_output | act_no_wait,
       {{text, ":other NOTICE bob :instead\r\n"}}},
  };
}

std::vector<act> channels() {
  return {
      {"join",
       CONFAB_EVENT_JOIN,
       make(CONFAB_EVENT_JOIN, "#open"),
       act_leads_on | act_enters,
       {{name, "#other"}, {CONFAB_FIELD_KEY, "key"}},
       bob_opens},
      {"join that opens",
       CONFAB_EVENT_JOIN,
       make(CONFAB_EVENT_JOIN, "#new"),
       act_leads_on,
       {{name, "#other"}}},
      {"open", CONFAB_EVENT_CHANNEL_OPEN, make(CONFAB_EVENT_JOIN, "#new"), act_leads_on},
      {"part",
       CONFAB_EVENT_PART,
       make(CONFAB_EVENT_PART, "#x", "", "bye"),
       0,
       {{text, "other"}, {name, "#y"}}},
      {"close", CONFAB_EVENT_CHANNEL_CLOSE, make(CONFAB_EVENT_PART, "#alone"), 0, {}, ann_alone},
      {"kick",
       CONFAB_EVENT_KICK,
       make(CONFAB_EVENT_KICK, "#x", "bob", "out"),
       act_by_server,
       {{text, "other"}, {name, "#y"}, {nick, "ann"}}},
      {"invite",
       CONFAB_EVENT_INVITE,
       make(CONFAB_EVENT_INVITE, "#x", "cat"),
       act_by_server,
       {{name, "#y"}, {nick, "dan"}},
       [](scene &s) { (void)s.enter("dan"); }},
      {"rank",
       CONFAB_EVENT_MEMBER_CHANGE,
       rank(CONFAB_RANK_VOICE),
       act_by_server,
       {{name, "#y"},
        {nick, "ann"},
        {CONFAB_FIELD_RANK, "", CONFAB_RANK_OPERATOR},
        {CONFAB_FIELD_SET, "", 0}}},
      {"operator",
       CONFAB_EVENT_MEMBER_CHANGE,
       rank(CONFAB_RANK_OPERATOR),
       act_by_server,
       {{name, "#y"}, {CONFAB_FIELD_SET, "", 0}}},
      {"mode",
       CONFAB_EVENT_CHANNEL_CHANGE,
       mode(CONFAB_CMODE_MODERATED, ""),
       act_by_server,
       {{name, "#y"}, {CONFAB_FIELD_MODE, "", CONFAB_CMODE_SECRET}, {CONFAB_FIELD_SET, "", 0}}},
      {"key", CONFAB_EVENT_CHANNEL_CHANGE, mode(CONFAB_CMODE_KEY, "lock"), act_by_server},
      {"limit",
       CONFAB_EVENT_CHANNEL_CHANGE,
       mode(CONFAB_CMODE_LIMIT, "7"),
       act_by_server,
       {{CONFAB_FIELD_VALUE, "8"}}},
      {"ban",
       CONFAB_EVENT_ACCESS,
       ban(),
       act_by_server,
       {{CONFAB_FIELD_MASK, "eve!*@*"}, {name, "#y"}}},
      {"grant",
       CONFAB_EVENT_ACCESS,
       grant(),
       act_by_server,
       {{CONFAB_FIELD_MASK, "eve!*@*"}, {text, "other"}}},
      {"own property", CONFAB_EVENT_PROPERTY, own_property(), act_by_server, {{text, "dogs"}}},
      {"knock", CONFAB_EVENT_KNOCK, make(CONFAB_EVENT_KNOCK, "#shut"), 0, {{text, "please"}}, shut},
      {"channel killed",
       CONFAB_EVENT_KILL,
       make(CONFAB_EVENT_KILL, "", "#cats", "enough"),
       act_by_server,
       {{text, "other"}},
       cat_alone},
      {"redirect",
       CONFAB_EVENT_REDIRECT,
       redirect(),
       act_by_server | act_server_only,
       {{text, "other"}}},
  };
}

std::vector<act> questions() {
  constexpr std::uint32_t q = act_question;
  return {
      {"names", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_NAMES, "#x"), q},
      {"list", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_LIST, ""), q},
      {"who", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_WHO, "#x"), q, {{name, "bob"}}},
      {"whois", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_WHOIS, "bob"), q, {{name, "cat"}}},
      {"whowas", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_WHOWAS, "zed"), q, {}, somebody_left},
      {"ison", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_ISON, "bob"), q, {{name, "cat"}}},
      {"userhost", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_USERHOST, "bob"), q, {{name, "cat"}}},
      {"topic asked", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_TOPIC, "#x"), q, {{name, "#y"}}},
      {"modes asked", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_MODES, "#x"), q, {{name, "#y"}}},
      {"own modes asked", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_MODES, ""), q},
      {"properties asked",
       CONFAB_EVENT_QUERY,
       ask(CONFAB_QUERY_PROPERTIES, "#x"),
       q,
       {{name, "#y"}}},
      {"bans asked", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_ACCESS, "#x"), q, {{name, "#y"}}},
      {"invites asked", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_INVITES, ""), q, {}, cat_invites},
      {"row", CONFAB_EVENT_QUERY, ask(CONFAB_QUERY_WHO, "#x"), act_row | act_no_wait},
  };
}

std::vector<act> notices() {
  const intent news = make(CONFAB_EVENT_TOPIC, "#x", "", "news");
  return {
      {"rate limit",
       CONFAB_EVENT_RATE_LIMIT,
       make(CONFAB_EVENT_NICK, "", "amy"),
       act_by_client,
       {},
       renamed_once,
       one_nick_change},
      {"hook failed", CONFAB_EVENT_HOOK_FAILED, news, act_by_client, {}, failing_hook},
      {"hook state", CONFAB_EVENT_HOOK_STATE, news, act_by_client, {}, failing_hook, trips_at_once},
      {"hook shadow", CONFAB_EVENT_HOOK_SHADOW, news, act_by_client, {}, watching_hook},
  };
}

// What somebody added: a command, a property, a type of event, a plugin.
std::vector<act> additions() {
  intent wave = make(CONFAB_EVENT_COMMAND, "WAVE", "", "hello");
  intent colour = make(CONFAB_EVENT_PROPERTY, "#x", "", "red");
  colour.key = "colour";
  intent custom = make(CONFAB_EVENT_NONE, "a name", "", "hello");
  custom.kind = 1;
  return {
      {"command",
       CONFAB_EVENT_COMMAND,
       wave,
       act_by_client,
       {{text, "other"}},
       [](scene &s) { s.adds_command("WAVE"); }},
      {"property",
       CONFAB_EVENT_PROPERTY,
       colour,
       act_by_server,
       {{text, "blue"}},
       [](scene &s) { s.adds_property("colour"); }},
      {"custom",
       0,
       custom,
       act_custom | act_by_server,
       {{text, "other"}, {name, "another name"}, {CONFAB_FIELD_NUMBER, "", 2}},
       [](scene &s) { s.adds_space("org.example.matrix"); }},
      {"plugin", CONFAB_EVENT_PLUGIN, make(CONFAB_EVENT_PLUGIN, "guest"), act_by_host},
  };
}

} // namespace

std::uint16_t act::row() const { return is(act_custom) ? confab::core::custom_row : type; }

bool act::is_final() const {
  return (confab::core::info_of_row(row()).flags & CONFAB_EVENT_FINAL) != 0;
}

const std::vector<act> &acts() {
  static const std::vector<act> all = [] {
    std::vector<act> out;
    for (std::vector<act> part :
         {coming_and_going(), speech(), channels(), questions(), notices(), additions()})
      for (act &a : part)
        out.push_back(std::move(a));
    return out;
  }();
  return all;
}

} // namespace q265267
