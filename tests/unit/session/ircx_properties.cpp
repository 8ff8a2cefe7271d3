// SPDX-License-Identifier: MIT
//
// PROP by everybody: each property that IRCX knows, set and read by each kind of user, in a channel
// of each visibility, against the matrix of the draft (spec ircx §10.1) written out here as
// letters; and that a key is on nobody's wire but its owners'.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <array>
#include <map>

using namespace confab;
using namespace confab::test;

namespace {

// The kinds of users: M an administrator, S an operator of the server, both outside; O owner, H
// host and m member; u somebody outside.
constexpr std::string_view kinds = "MSOHmu";

struct expectation {
  std::string_view name, set, read;
  // Which channels somebody outside reads it of: p public, h hidden, v private.
  std::string_view open;
  std::string_view value = "x";
};

constexpr std::array<expectation, 17> matrix{{
    {"OID", "", "MSOHm", "ph"},
    {"NAME", "", "MSOHm", "phv"},
    {"CREATION", "", "MSOHm", "ph"},
    {"LANGUAGE", "MOH", "MSOHm", "ph", "en"},
    {"OWNERKEY", "MO", "", "", "okey"},
    {"HOSTKEY", "MO", "", "", "hkey"},
    {"MEMBERKEY", "MO", "", "", "mkey"},
    {"PICS", "M", "MSOHm", "phv"},
    {"TOPIC", "MOH", "MSOHm", "ph"},
    {"SUBJECT", "MOH", "MSOHm", "ph"},
    {"CLIENT", "MOH", "MSOHm", "ph"},
    {"ONJOIN", "MOH", "MSOH", ""},
    {"ONPART", "MOH", "MSOH", ""},
    {"LAG", "MO", "MSOHm", "ph", "1"},
    {"ACCOUNT", "M", "MSO", ""},
    {"CLIENTGUID", "MO", "MSOHm", "ph", "d6526fe0-e651-11cf-99cb-00c04fd64497"},
    {"SERVICEPATH", "M", "MSOH", ""},
}};

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}
bool has(std::string_view text, char part) { return text.find(part) != std::string_view::npos; }

struct channel_of_all : engine_fixture {
  explicit channel_of_all(char visibility) {
    for (const char kind : kinds) {
      const confab_id conn = open();
      ignore(say(conn, "IRCX"));
      enter(conn, nick_of(kind));
      by_kind[kind] = conn;
    }
    host.on_request = [](const confab_request &) { return static_cast<confab_status>(CONFAB_OK); };
    ignore(say(by_kind['S'], "OPER x y"));
    ignore(say(by_kind['M'], "OPER x y"));
    confab_event_user_change change;
    CONFAB_COMMAND_INIT(&change, CONFAB_EVENT_USER_CHANGE);
    change.head.flags = CONFAB_EVENT_FORCED;
    change.user = user(nick_of('M'));
    change.what = CONFAB_USER_MODE;
    change.mode = CONFAB_UMODE_ADMINISTRATOR;
    change.set = 1;
    CHECK(confab_command_submit(engine, &change.head, nullptr) == CONFAB_OK);
    ignore(say(by_kind['O'], "CREATE #c nt"));
    ignore(say(by_kind['H'], "JOIN #c"));
    ignore(say(by_kind['m'], "JOIN #c"));
    ignore(say(by_kind['O'], "MODE #c +o " + nick_of('H')));
    if (visibility != 'P')
      ignore(say(by_kind['O'], std::string("MODE #c +") + visibility));
    read_all();
  }

  // Nicks are compared without case.
  static std::string nick_of(char kind) {
    return (kind >= 'a' ? "low" : "high") + std::string(1, kind);
  }

  std::string ask(char kind, std::string_view line) {
    read_all();
    ignore(say(by_kind[kind], line));
    return read(by_kind[kind]);
  }

  std::map<char, confab_id> by_kind;
};

std::string set_line(const expectation &row) {
  return "PROP #c " + std::string(row.name) + " :" + std::string(row.value);
}

} // namespace

TEST_CASE("ircx: every property against every user and visibility") {
  for (const auto &[mode, open_as] : {std::pair{'P', 'p'}, {'h', 'h'}, {'p', 'v'}, {'s', 's'}}) {
    for (const expectation &row : matrix) {
      channel_of_all chat(mode);
      CAPTURE(mode, std::string(row.name));
      for (const char kind : kinds) {
        CAPTURE(kind);
        const std::string said = chat.ask(kind, set_line(row));
        const bool refused = has(said, " 908 ") || has(said, " 924 ");
        CHECK(refused != has(row.set, kind));
        CHECK_FALSE(said.empty());
      }
      for (const char kind : kinds) {
        CAPTURE(kind);
        const std::string said = chat.ask(kind, "PROP #c " + std::string(row.name));
        const bool may = kind == 'u' ? has(row.open, open_as) : has(row.read, kind);
        CHECK(has(said, " 818 ") == may);
        // The end comes, unless there is no such channel for the asker.
        CHECK(has(said, " 819 ") != (kind == 'u' && open_as == 's'));
        // All that may be read shows in the whole list, and nothing else.
        const std::string all = chat.ask(kind, "PROP #c *");
        CHECK(has(all, " " + std::string(row.name) + " :") == may);
      }
      CHECK(chat.broken().empty());
    }
  }
}

TEST_CASE("ircx: a key of a rank is on the wire of owners alone") {
  for (const char *name : {"OWNERKEY", "HOSTKEY"}) {
    channel_of_all chat('P');
    CHECK(has(chat.ask('O', std::string("PROP #c ") + name + " :secret"), "secret"));
    for (const char kind : kinds)
      if (kind != 'O')
        CHECK_FALSE(has(chat.read(chat.by_kind[kind]), "secret"));
  }
}
