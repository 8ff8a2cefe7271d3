// SPDX-License-Identifier: MIT
//
// What broke in the server before where several protocols meet, by article: what a client of one
// sees of another, and what a security package says on its way. Each test is named after its
// article; articles.txt lists all of them.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"
#include "support/mic_client.hpp"

#include <algorithm>
#include <vector>

using namespace confab::test;

namespace {

struct room : engine_fixture {
  explicit room(const setup &with = {}) : engine_fixture(with) {}

  confab_id ircx(std::string_view nick) {
    const confab_id conn = open();
    ignore(say(conn, "IRCX"));
    enter(conn, nick);
    return conn;
  }

  confab_status feed(confab_id conn, const std::string &bytes) {
    std::size_t taken = 0;
    return confab_conn_feed(engine, conn, now, bytes.data(), bytes.size(), &taken);
  }
  // What it was sent, and what it answers by itself, until nothing more comes.
  void settle(confab_id conn, mic_client &client) {
    for (std::string bytes = read(conn); !bytes.empty(); bytes = read(conn))
      ignore(feed(conn, client.feed(bytes)));
  }
  confab_id mic(std::string_view nick, mic_client &client) {
    const confab_id conn = open();
    ignore(feed(conn, mic_client::probe()));
    settle(conn, client);
    ignore(feed(conn, client.build.connect_user(nick, nick)));
    settle(conn, client);
    return conn;
  }
  void does(confab_id conn, mic_client &client, const std::string &frame) {
    ignore(feed(conn, frame));
    settle(conn, client);
  }
};

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

bool heard(mic_client &client, std::string_view text) {
  const std::vector<mic_event> events = client.take_events();
  return std::any_of(events.begin(), events.end(),
                     [&](const mic_event &e) { return has(e.text, text); });
}

// Every octet there is.
std::string all_octets() {
  std::string out;
  for (int c = 0; c < 256; ++c)
    out += static_cast<char>(c);
  return out;
}

// What IRCX writes it as (draft §5.2): NUL, CR, LF, TAB and the backslash behind a backslash.
std::string quoted(const std::string &octets) {
  std::string out;
  for (const char c : octets) {
    const std::size_t at = std::string_view("\0\r\n\t\\", 5).find(c);
    out += at == std::string_view::npos ? std::string(1, c) : std::string("\\") + "0rnt\\"[at];
  }
  return out;
}

// A host with security packages: what it was given, and what it still has to answer.
struct vault : room {
  vault()
      : room({false, [](confab_engine_options &o) {
                o.packages = CONFAB_STR("NTLM,DPA");
                o.line_bytes_max = 2048;
              }}) {
    host.on_request = [this](const confab_request &question) {
      if (question.kind != CONFAB_REQUEST_PACKAGE)
        return static_cast<confab_status>(CONFAB_OK);
      open_question = question.id;
      said = string_of(question.password);
      package = string_of(question.mechanism);
      return static_cast<confab_status>(CONFAB_PARKED);
    };
  }
  void answers(confab_status status, const std::string &text) {
    CHECK(confab_request_resolve(engine, open_question, status, str_of(text)) == CONFAB_OK);
  }

  confab_id open_question = 0;
  std::string said, package;
};

} // namespace

TEST_CASE("Q186930: a client's encrypted credentials reach the host octet for octet, over MIC") {
  vault chat;
  mic_client mia;
  const confab_id conn = chat.open();
  chat.does(conn, mia, mic_client::probe());
  CHECK(mia.packages() == std::vector<std::string>{"NTLM", "DPA"});
  const std::string token = all_octets();
  chat.does(conn, mia, mia.build.connect_sspi('N', "NTLM", "mia", "DOMAIN\\mia", token));
  CHECK(chat.package == "NTLM");
  CHECK(chat.said == token);
  chat.answers(CONFAB_AGAIN, token);
  chat.settle(conn, mia);
  bool challenged = false;
  for (const mic_event &e : mia.take_events())
    challenged = challenged || (e.type == 0x15 && e.text == token);
  CHECK(challenged);
  chat.does(conn, mia, mia.build.connect_sspi('A', "", "", "", "done"));
  CHECK(chat.said == "done");
  chat.answers(CONFAB_OK, "mia@domain");
  chat.settle(conn, mia);
  CHECK(mia.now() == mic_client::phase::logged_on);
  CHECK((mia.modes() & 0x10000U) != 0);
  CHECK(mia.trouble().empty());
}

TEST_CASE("Q235627: what a security package says reaches the host as it was, and back") {
  vault chat;
  const confab_id conn = chat.open();
  ignore(chat.say(conn, "IRCX"));
  const std::string octets = all_octets();
  ignore(chat.say(conn, "AUTH NTLM I :" + quoted(octets)));
  CHECK(chat.said == octets);
  chat.answers(CONFAB_AGAIN, octets);
  CHECK(has(chat.read(conn), "AUTH NTLM S :" + quoted(octets) + "\r\n"));
  ignore(chat.say(conn, "AUTH NTLM S :last"));
  chat.answers(CONFAB_OK, "ann@example.org");
  CHECK(has(chat.read(conn), "AUTH NTLM * ann@example.org 0\r\n"));
  ignore(chat.say(conn, "NICK ann"));
  CHECK(has(chat.read(conn), " 001 ann "));
}

TEST_CASE("Q177825: clients use two security packages at the same time") {
  vault chat;
  const confab_id one = chat.open(), two = chat.open();
  for (const confab_id conn : {one, two})
    ignore(chat.say(conn, "IRCX"));
  CHECK(has(chat.read(one), " NTLM,DPA"));
  ignore(chat.say(one, "AUTH NTLM I :a"));
  const confab_id first = chat.open_question;
  CHECK(chat.package == "NTLM");
  ignore(chat.say(two, "AUTH DPA I :b"));
  CHECK(chat.package == "DPA");
  chat.answers(CONFAB_OK, "two@dpa");
  CHECK(confab_request_resolve(chat.engine, first, CONFAB_OK, CONFAB_STR("one@ntlm")) == CONFAB_OK);
  CHECK(has(chat.read(one), "AUTH NTLM * one@ntlm 0"));
  CHECK(has(chat.read(two), "AUTH DPA * two@dpa 0"));
}

TEST_CASE("Q182377: what a channel says to those who come and go is heard over MIC too") {
  room chat;
  const confab_id ann = chat.ircx("ann");
  ignore(
      chat.say(ann, "JOIN #x\r\nPROP #x ONJOIN :be kind\\nand brief\r\nPROP #x ONPART :so long"));
  mic_client mia;
  const confab_id conn = chat.mic("mia", mia);
  (void)mia.take_events();
  chat.does(conn, mia, mia.build.open_channel("#x"));
  const std::vector<mic_event> events = mia.take_events();
  const auto says = [&](std::string_view text) {
    return std::any_of(events.begin(), events.end(), [&](const mic_event &e) {
      return e.type == 0x22 && e.text == text && e.from == mia.cid_of("#x");
    });
  };
  CHECK(says("be kind"));
  CHECK(says("and brief"));
  chat.does(conn, mia, mia.build.leave_channel(mia.cid_of("#x")));
  CHECK(heard(mia, "so long"));
  CHECK(mia.trouble().empty());
}

TEST_CASE("Q197376, Q243925: a channel has one name, however IRCX and MIC write it") {
  room chat;
  const confab_id ann = chat.ircx("ann");
  ignore(chat.say(ann, "JOIN %#Caf\xc3\xa9-Bleu"));
  CHECK(has(chat.read(ann), "JOIN :%#Caf\xc3\xa9-Bleu\r\n"));
  CHECK(chat.channel("#Caf\xc3\xa9-Bleu") != 0);
  mic_client mia(true), max; // one speaks Unicode, the other its code page
  const confab_id wide = chat.mic("mia", mia), narrow = chat.mic("max", max);
  chat.does(wide, mia, mia.build.open_channel("#Caf\xc3\xa9-Bleu"));
  chat.does(narrow, max, max.build.open_channel("#Caf\xe9-Bleu"));
  CHECK(mia.mid_of("#Caf\xc3\xa9-Bleu", "ann") != 0);
  CHECK(max.mid_of("#Caf\xe9-Bleu", "ann") != 0);
  CHECK(chat.stats().channels == 1);
  ignore(chat.say(ann, "PRIVMSG %#Caf\xc3\xa9-Bleu :hello"));
  for (const auto &[conn, client] : {std::pair{wide, &mia}, std::pair{narrow, &max}}) {
    chat.settle(conn, *client);
    CHECK(heard(*client, "hello"));
    CHECK(client->trouble().empty());
  }
}

TEST_CASE("Q258982: a question for everybody costs a bounded piece at a time") {
  room chat({false, [](confab_engine_options &o) {
               o.output_backlog_bytes_max = 64 * 1024;
               o.user_modes = CONFAB_STR("");
             }});
  const confab_id asker = chat.enter("asker"), other = chat.enter("other");
  for (int i = 0; i < 2000; ++i) {
    confab_user_options who = confab_user_options_init();
    const std::string nick = "u" + std::to_string(i);
    who.nick = str_of(nick);
    confab_id user = 0;
    CHECK(confab_user_create(chat.engine, &who, &user) == CONFAB_OK);
  }
  ignore(chat.say(asker, "WHO *"));
  ignore(confab_engine_flush(chat.engine));
  confab_conn_info info{};
  info.struct_size = sizeof info;
  CHECK(confab_conn_get(chat.engine, asker, &info) == CONFAB_OK);
  // Nobody reads it yet: it stopped at half of what may be queued.
  CHECK(info.output_backlog_bytes > 16 * 1024);
  CHECK(info.output_backlog_bytes < 40 * 1024);
  // Others are answered meanwhile, and the rest comes as it is read.
  ignore(chat.say(other, "PING :x"));
  CHECK(has(chat.read(other), "PONG"));
  std::string all;
  for (std::string part = chat.read(asker); !part.empty(); part = chat.read(asker))
    all += part;
  CHECK(static_cast<int>(std::count(all.begin(), all.end(), '\n')) == 2000 + 2 + 1);
  CHECK(has(all, " 315 "));
}
