// SPDX-License-Identifier: MIT
//
// Any bytes, in any split, before and after registration, in a stream and in whole messages: the
// state holds, what is sent back is whole lines within the limit (one for each slice where they go
// as messages), memory stays bounded and returns. Random noise and lines that were
// damaged in one place; what well-formed lines mean is tested elsewhere.
#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/engine_fixture.hpp"

#include <utility>

using namespace confab;
using namespace confab::test;

namespace {

// A line with one place damaged: a byte changed, lost, or doubled many times.
std::string damaged(chooser &pick) {
  std::string line = random_line(pick);
  if (line.empty())
    return line;
  const std::size_t at = pick.below(line.size());
  switch (pick.below(4)) {
  case 0:
    line[at] = static_cast<char>(pick.below(256));
    break;
  case 1:
    line.erase(at, 1 + pick.below(4));
    break;
  case 2:
    line.insert(at, pick.below(900), pick.one_in(2) ? ' ' : line[at]);
    break;
  default:
    line.insert(0, pick.one_in(2) ? ":" : "@x=y ");
  }
  return line;
}

std::string wrong_lines(std::string_view sent) {
  while (!sent.empty()) {
    const std::size_t end = sent.find("\r\n");
    if (end == std::string_view::npos)
      return "half a line: " + std::string(sent);
    const std::string_view line = sent.substr(0, end);
    if (line.empty() || line.find_first_of(std::string_view("\r\n\0", 3)) != line.npos)
      return "a line that is none: " + std::string(line);
    if (line[0] != '@' && line.size() > 510)
      return "too long a line: " + std::string(line);
    sent.remove_prefix(end + 2);
  }
  return "";
}

// A session under test and those beside it: some of a stream, some of whole messages.
struct crowd : engine_fixture {
  crowd(chooser &choose, const setup &with) : engine_fixture(with), pick(choose) {
    for (const std::uint32_t flags : {0U, std::uint32_t{CONFAB_CONN_MESSAGES}}) {
      const confab_id member = open("192.0.2.2", flags);
      enter(member, flags == 0 ? "ann" : "bob", pick.one_in(2) ? "server-time" : "");
      say(member, "JOIN #a,#b");
      those.insert(those.end(), {member, open("192.0.2.3", flags)});
    }
    host.on_request = [this](const confab_request &question) {
      const bool waits = pick.one_in(3);
      if (waits)
        open_questions.push_back(question.id);
      return static_cast<confab_status>(waits ? CONFAB_PARKED : CONFAB_ERR_DENIED);
    };
  }

  // What does not hold of an answer to a feed, or "".
  std::string feed(confab_id conn, std::string_view bytes) {
    const std::vector<char> copy(bytes.begin(), bytes.end());
    std::size_t taken = 0;
    const confab_status status =
        confab_conn_feed(engine, conn, now, copy.data(), copy.size(), &taken);
    if (taken > copy.size() || (status == CONFAB_OK && taken != copy.size()))
      return "it took more or less than it says";
    const bool by_message = host.by_message.contains(conn);
    if (by_message && status == CONFAB_AGAIN && taken != 0)
      return "it took part of a message";
    if (by_message && status == CONFAB_AGAIN && confab_conn_input_wanted(engine, conn) == CONFAB_OK)
      return "it wants what it did not take";
    return "";
  }

  // Acknowledges some of what a connection has to send, and tries to do so inside a message.
  std::string acknowledge(confab_id conn) {
    std::array<confab_slice, 8> slices;
    std::size_t count = 0, bytes = 0;
    if (confab_conn_output(engine, conn, slices.data(), slices.size(), &count) != CONFAB_OK)
      return "";
    count = pick.below(count + 1);
    for (std::size_t i = 0; i < count; ++i)
      bytes += slices[i].len;
    if (host.by_message.contains(conn) && count > 0) {
      const std::size_t inside = bytes - 1 - pick.below(slices[count - 1].len - 1);
      if (confab_conn_sent(engine, conn, inside) != CONFAB_ERR_ARG)
        return "it let half a message go";
    }
    return confab_conn_sent(engine, conn, bytes) < 0 ? "it refuses what it showed" : "";
  }

  void answer_questions() {
    for (const confab_id id : std::exchange(open_questions, {}))
      ignore(confab_request_resolve(engine, id, CONFAB_ERR_DENIED, {}));
  }

  chooser &pick;
  std::vector<confab_id> those;
  std::vector<confab_id> open_questions;
};

} // namespace

TEST_CASE("no bytes in any split break a session") {
  const auto until = std::chrono::steady_clock::now() + property_seconds(10);
  std::uint64_t seed = 1, lines = 0;
  do {
    INFO("seed " << seed);
    chooser pick(seed);
    crowd chat(pick, {pick.one_in(2),
                      [&](confab_engine_options &o) { o.input_backlog_bytes_max = 2048; }});
    const std::size_t most = 4'000'000;
    for (int i = 0; i < 300; ++i, ++lines) {
      std::string bytes = pick.one_in(3)    ? random_bytes(pick, 2000)
                          : pick.one_in(10) ? "OPER a b\r\n"
                                            : damaged(pick) + "\r\n";
      const confab_id conn = pick.of(chat.those);
      while (!bytes.empty()) {
        const std::size_t part = 1 + pick.below(bytes.size());
        REQUIRE(chat.feed(conn, bytes.substr(0, part)) == "");
        bytes.erase(0, part);
      }
      if (pick.one_in(3))
        chat.answer_questions();
      REQUIRE(chat.acknowledge(pick.of(chat.those)) == "");
      if (pick.one_in(4))
        for (const confab_id reader : chat.conns())
          REQUIRE(wrong_lines(chat.read(reader)) == "");
      REQUIRE(chat.memory.live_bytes() < most);
    }
    REQUIRE(chat.broken() == "");
    REQUIRE(chat.destroy() == "");
    ++seed;
  } while (std::chrono::steady_clock::now() < until);
  CHECK(lines > 0);
}
