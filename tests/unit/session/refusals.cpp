// SPDX-License-Identifier: MIT
//
// Refusals as plain IRC shows them: every code that a filter may give, for every act that it may
// refuse, is one well-formed numeric with the filter's words, or the silence it asked for. Which
// rule of the core gives which code is in the conformance suite's transcripts.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <map>

using namespace confab;
using namespace confab::test;

namespace {

// What each code is in plain IRC; a code that has no number of its own is 400, or 404 for speech.
const std::map<std::uint32_t, const char *> numerics{{CONFAB_REFUSED_NO_SUCH_USER, "401"},
                                                     {CONFAB_REFUSED_NO_SUCH_CHANNEL, "403"},
                                                     {CONFAB_REFUSED_BAD_NAME, "476"},
                                                     {CONFAB_REFUSED_CANNOT_SEND, "404"},
                                                     {CONFAB_REFUSED_TOO_MANY_CHANNELS, "405"},
                                                     {CONFAB_REFUSED_NO_TEXT, "412"},
                                                     {CONFAB_REFUSED_NICK_IN_USE, "433"},
                                                     {CONFAB_REFUSED_BAD_NICK, "432"},
                                                     {CONFAB_REFUSED_NICK_TOO_FAST, "438"},
                                                     {CONFAB_REFUSED_TARGET_NOT_MEMBER, "441"},
                                                     {CONFAB_REFUSED_NOT_MEMBER, "442"},
                                                     {CONFAB_REFUSED_ALREADY_MEMBER, "443"},
                                                     {CONFAB_REFUSED_BANNED, "474"},
                                                     {CONFAB_REFUSED_INVITE_ONLY, "473"},
                                                     {CONFAB_REFUSED_BAD_KEY, "475"},
                                                     {CONFAB_REFUSED_CHANNEL_FULL, "471"},
                                                     {CONFAB_REFUSED_RANK_NEEDED, "482"},
                                                     {CONFAB_REFUSED_LIST_FULL, "478"},
                                                     {CONFAB_REFUSED_BAD_VALUE, "696"},
                                                     {CONFAB_REFUSED_NOT_OPERATOR, "481"},
                                                     {CONFAB_REFUSED_BAD_PASSWORD, "464"},
                                                     {CONFAB_REFUSED_NO_OPERATOR_HERE, "491"},
                                                     {CONFAB_REFUSED_OTHER_USER, "502"},
                                                     {CONFAB_REFUSED_BANNED_FROM_SERVER, "465"},
                                                     {CONFAB_REFUSED_NOT_VOICED, "404"},
                                                     {CONFAB_REFUSED_NO_CTCP, "404"},
                                                     {CONFAB_REFUSED_MEMBERS_ONLY, "404"},
                                                     {CONFAB_REFUSED_NO_MOTD, "422"},
                                                     {CONFAB_REFUSED_TOO_LONG, "417"},
                                                     {CONFAB_REFUSED_BAD_KEY_VALUE, "525"},
                                                     {CONFAB_REFUSED_WAS_NO_USER, "406"},
                                                     {CONFAB_REFUSED_PARAMETERS, "461"},
                                                     {CONFAB_REFUSED_NOT_REGISTERED, "451"},
                                                     {CONFAB_REFUSED_NOT_THERE, "421"},
                                                     {CONFAB_REFUSED_OWNER_NEEDED, "482"},
                                                     {CONFAB_REFUSED_FORBIDDEN, "400"},
                                                     {CONFAB_REFUSED_AUTH_ONLY, "477"},
                                                     {CONFAB_REFUSED_CLOSED_LIST, "473"},
                                                     {CONFAB_REFUSED_NO_WHISPER, "404"},
                                                     {CONFAB_REFUSED_NO_DATA, "404"},
                                                     {CONFAB_REFUSED_CHANNEL_EXISTS, "400"},
                                                     {CONFAB_REFUSED_ALREADY_IN, "400"},
                                                     {CONFAB_REFUSED_NO_CREATE, "553"},
                                                     {CONFAB_REFUSED_NO_DYNAMIC, "552"},
                                                     {CONFAB_REFUSED_WRONG_PROTOCOL, "900"},
                                                     {CONFAB_REFUSED_RESERVED_NAME, "403"},
                                                     {CONFAB_REFUSED_DUPLICATE, "400"},
                                                     {CONFAB_REFUSED_NO_ENTRY, "400"},
                                                     {CONFAB_REFUSED_NOT_SUPPORTED, "400"},
                                                     {CONFAB_REFUSED_NO_MECHANISM, "400"},
                                                     {CONFAB_REFUSED_UNKNOWN_PROPERTY, "400"},
                                                     {CONFAB_REFUSED_TOO_FAST, "263"},
                                                     {CONFAB_REFUSED_AUTH_SUSPENDED, "400"}};

std::string numeric_of(std::uint32_t type, std::uint32_t code) {
  if (type == CONFAB_EVENT_MESSAGE && code == CONFAB_REFUSED_BANNED)
    return "404";
  if (type == CONFAB_EVENT_ACCESS && code == CONFAB_REFUSED_BAD_NAME)
    return "696";
  if (code == CONFAB_REFUSED_AUTH_ONLY && type == CONFAB_EVENT_MESSAGE)
    return "404";
  if (code == CONFAB_REFUSED_FORBIDDEN && type == CONFAB_EVENT_NICK)
    return "438";
  if (code == CONFAB_REFUSED_FORBIDDEN && type == CONFAB_EVENT_KILL)
    return "481";
  if (code == CONFAB_REFUSED_FORBIDDEN &&
      (type == CONFAB_EVENT_KICK || type == CONFAB_EVENT_CHANNEL_CHANGE))
    return "482";
  const auto at = numerics.find(code);
  return at != numerics.end() ? at->second : type == CONFAB_EVENT_MESSAGE ? "404" : "400";
}

struct act {
  const char *line; // what ann says, operator of the server and of #x, where bob is too
  std::uint32_t type;
};

const act acts[] = {{"NICK cyd", CONFAB_EVENT_NICK},
                    {"AWAY :gone", CONFAB_EVENT_USER_CHANGE},
                    {"MODE ann +w", CONFAB_EVENT_USER_CHANGE},
                    {"PRIVMSG #x :hello", CONFAB_EVENT_MESSAGE},
                    {"PRIVMSG bob :hello", CONFAB_EVENT_MESSAGE},
                    {"WALLOPS :hello", CONFAB_EVENT_MESSAGE},
                    {"JOIN #new", CONFAB_EVENT_JOIN},
                    {"JOIN #new", CONFAB_EVENT_CHANNEL_OPEN},
                    {"PART #x", CONFAB_EVENT_PART},
                    {"KICK #x bob :out", CONFAB_EVENT_KICK},
                    {"INVITE cat #x", CONFAB_EVENT_INVITE},
                    {"TOPIC #x :new", CONFAB_EVENT_TOPIC},
                    {"MODE #x +v bob", CONFAB_EVENT_MEMBER_CHANGE},
                    {"MODE #x +m", CONFAB_EVENT_CHANNEL_CHANGE},
                    {"MODE #x +k key", CONFAB_EVENT_CHANNEL_CHANGE},
                    {"MODE #x +l 7", CONFAB_EVENT_CHANNEL_CHANGE},
                    {"MODE #x +b dan", CONFAB_EVENT_ACCESS},
                    {"MODE #x +I dan", CONFAB_EVENT_ACCESS},
                    {"KILL cat :why", CONFAB_EVENT_KILL},
                    {"OPER root pw", CONFAB_EVENT_OPER},
                    {"REHASH", CONFAB_EVENT_ADMIN},
                    {"DIE", CONFAB_EVENT_ADMIN},
                    {"MODE #x", CONFAB_EVENT_QUERY},
                    {"MODE #x b", CONFAB_EVENT_QUERY},
                    {"MODE ann", CONFAB_EVENT_QUERY},
                    {"TOPIC #x", CONFAB_EVENT_QUERY},
                    {"NAMES #x", CONFAB_EVENT_QUERY},
                    {"LIST", CONFAB_EVENT_QUERY},
                    {"WHO #x", CONFAB_EVENT_QUERY},
                    {"WHOIS bob", CONFAB_EVENT_QUERY},
                    {"WHOWAS dan", CONFAB_EVENT_QUERY},
                    {"ISON bob", CONFAB_EVENT_QUERY},
                    {"USERHOST bob", CONFAB_EVENT_QUERY},
                    {"INVITE", CONFAB_EVENT_QUERY},
                    {"NOTICE #x :hello", CONFAB_EVENT_MESSAGE}};

// A filter of one type, whose verdict a test changes as it goes.
struct filtered : engine_fixture {
  explicit filtered(std::uint32_t type) {
    confab_hook hook = confab_hook_init();
    hook.type = static_cast<std::uint16_t>(type);
    hook.stage = CONFAB_STAGE_POLICY;
    hook.ctx = this;
    hook.call = [](void *ctx, confab_call *call, const confab_event *) -> confab_verdict {
      auto &self = *static_cast<filtered *>(ctx);
      if (self.code == CONFAB_REFUSED_NONE)
        return CONFAB_PASS;
      self.last = confab_call_deny(call, self.code, self.text, self.visibility);
      return CONFAB_DENY;
    };
    confab_id id = 0;
    last = confab_hook_add(engine, &hook, &id);
  }
  ~filtered() {
    ignore(confab_engine_destroy(engine)); // before what the hook reads
    engine = nullptr;
  }

  std::uint32_t code = CONFAB_REFUSED_NONE, visibility = CONFAB_DENIAL_ERROR;
  confab_str text = {};
  confab_status last = CONFAB_OK;
};

struct scene : filtered {
  explicit scene(std::uint32_t type) : filtered(type) {
    ann = enter("ann");
    bob = enter("bob");
    enter("cat");
    end(enter("dan"));
    say(ann, "JOIN #x\r\nTOPIC #x :old\r\nOPER root pw");
    say(bob, "JOIN #x");
    read_all();
  }
  confab_id ann, bob;
};

// The state without what input and output count.
std::string state_of(const engine_fixture &chat) {
  const std::string all = chat.dump();
  return all.substr(0, all.find("conn "));
}

bool ends_of_question(const act &a) {
  const std::string_view line = a.line;
  return line.starts_with("WHOIS") || line.starts_with("WHOWAS");
}

// What is wrong with the one line that says so, or "".
std::string problem_of(std::string told, const act &a, std::uint32_t code, std::string_view text) {
  if (ends_of_question(a)) {
    const std::size_t end = told.find("\r\n") + 2;
    if (told.find(" :End of ", end) == std::string::npos)
      return "no end: " + told;
    told.resize(end);
  }
  if (std::string_view(a.line).starts_with("NOTICE"))
    return told.empty() ? "" : "an answer to a NOTICE: " + told;
  const std::string head = ":confab.local " + numeric_of(a.type, code) + " ann ";
  if (!told.starts_with(head) || told.find("\r\n") != told.size() - 2)
    return "not one " + head + ": " + told;
  const std::size_t colon = told.find(" :", head.size() - 1);
  if (colon == std::string::npos || colon + 4 >= told.size())
    return "no text: " + told;
  if (!text.empty() && told.substr(colon + 2) != std::string(text) + "\r\n")
    return "another text: " + told;
  return "";
}

} // namespace

TEST_CASE("every code, for every act, is one numeric, with the words of the filter or its own") {
  for (const act &a : acts) {
    INFO(a.line << " as type " << a.type);
    scene chat(a.type);
    const std::string before = state_of(chat);
    for (chat.code = 1; chat.code < CONFAB_REFUSED_END; ++chat.code)
      for (const std::string_view text : {"", "not :today"}) {
        INFO("code " << chat.code);
        chat.text = str_of(text);
        chat.say(chat.ann, a.line);
        CHECK(chat.last == CONFAB_OK);
        CHECK(problem_of(chat.read(chat.ann), a, chat.code, text) == "");
        CHECK(chat.read(chat.bob) == "");
        CHECK(state_of(chat) == before);
      }
    CHECK(chat.broken() == "");
    chat.code = CONFAB_REFUSED_NONE;
    chat.say(chat.ann, "PING still-there");
    CHECK(chat.read(chat.ann) == ":confab.local PONG confab.local :still-there\r\n");
  }
}

TEST_CASE("a silent denial is silent, for every act") {
  for (const act &a : acts) {
    INFO(a.line << " as type " << a.type);
    scene chat(a.type);
    const std::string before = state_of(chat);
    chat.code = CONFAB_REFUSED_POLICY;
    chat.visibility = CONFAB_DENIAL_SILENT;
    chat.say(chat.ann, a.line);
    CHECK(chat.read(chat.ann) == "");
    CHECK(chat.read(chat.bob) == "");
    CHECK(state_of(chat) == before);
    CHECK(chat.broken() == "");
  }
}

TEST_CASE("who may not register is told, whatever the filter wished, and leaves nothing behind") {
  for (const std::uint32_t type : {CONFAB_EVENT_REGISTER, CONFAB_EVENT_AUTHENTICATE})
    for (const std::uint32_t visibility :
         {CONFAB_DENIAL_ERROR, CONFAB_DENIAL_SILENT, CONFAB_DENIAL_SHADOW}) {
      filtered chat(type);
      chat.visibility = visibility;
      for (chat.code = 1; chat.code < CONFAB_REFUSED_END; ++chat.code) {
        INFO("type " << type << " visibility " << visibility << " code " << chat.code);
        const confab_id conn = chat.open();
        chat.say(conn, "PASS pw\r\nNICK eve\r\nUSER eve 0 * :Eve");
        const std::string told = chat.read(conn);
        CHECK(chat.user("eve") == 0);
        const bool again =
            chat.code == CONFAB_REFUSED_NICK_IN_USE || chat.code == CONFAB_REFUSED_BAD_NICK;
        CHECK(chat.host.closed.contains(conn) == !again);
        if (again) {
          CHECK(told.starts_with(":confab.local 43"));
          CHECK(told.find("\r\n") == told.size() - 2);
          const std::uint32_t refused = std::exchange(chat.code, CONFAB_REFUSED_NONE);
          chat.say(conn, "NICK eva");
          CHECK(chat.read(conn).starts_with(":confab.local 001 eva "));
          chat.end(conn);
          chat.code = refused;
        } else {
          CHECK(told.find("ERROR :Closing Link: 192.0.2.1 (") != std::string::npos);
        }
        CHECK(chat.users().empty());
        CHECK(chat.conns().empty());
        CHECK(chat.broken() == "");
      }
    }
}

TEST_CASE("a connection that is denied is refused to the host, and nobody hears of it") {
  for (const std::uint32_t visibility :
       {CONFAB_DENIAL_ERROR, CONFAB_DENIAL_SILENT, CONFAB_DENIAL_SHADOW}) {
    INFO("visibility " << visibility);
    filtered chat(CONFAB_EVENT_CONNECT);
    chat.code = CONFAB_REFUSED_BANNED_FROM_SERVER;
    chat.visibility = visibility;
    confab_conn_options options = confab_conn_options_init();
    options.address = CONFAB_STR("192.0.2.1");
    confab_id conn = 7;
    CHECK(confab_conn_open(chat.engine, &options, chat.now, &conn) == CONFAB_ERR_DENIED);
    CHECK(conn == 0);
    CHECK(chat.conns().empty());
    chat.code = CONFAB_REFUSED_NONE;
    CHECK(chat.enter("ann") != 0);
    CHECK(chat.broken() == "");
  }
}
