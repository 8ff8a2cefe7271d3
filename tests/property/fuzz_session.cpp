// SPDX-License-Identifier: MIT
//
// Any bytes, in any split, before and after registration: the state holds, what is sent back is
// whole lines within the limit, memory stays bounded and returns. Random noise and lines that were
// damaged in one place; what well-formed lines mean is tested elsewhere.
#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/engine_fixture.hpp"

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

} // namespace

TEST_CASE("no bytes in any split break a session") {
  const auto until = std::chrono::steady_clock::now() + property_seconds(10);
  std::uint64_t seed = 1, lines = 0;
  do {
    INFO("seed " << seed);
    chooser pick(seed);
    engine_fixture chat({pick.one_in(2), {}});
    const std::array<confab_id, 3> conns{chat.enter("ann"), chat.enter("bob"), chat.open()};
    const std::size_t most = 4'000'000;
    for (int i = 0; i < 300; ++i, ++lines) {
      std::string bytes = pick.one_in(3) ? random_bytes(pick, 2000) : damaged(pick) + "\r\n";
      const confab_id conn = pick.of(conns);
      while (!bytes.empty()) {
        const std::size_t part = 1 + pick.below(bytes.size());
        const std::vector<char> copy(bytes.begin(),
                                     bytes.begin() + static_cast<std::ptrdiff_t>(part));
        ignore(confab_conn_feed(chat.engine, conn, chat.now, copy.data(), copy.size(), nullptr));
        bytes.erase(0, part);
      }
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
