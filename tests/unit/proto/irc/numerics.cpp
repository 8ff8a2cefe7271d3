// SPDX-License-Identifier: MIT
//
// The table of numerics against the header that names them: what the server sends of itself nobody
// can add, and what it does not send is free. Which text goes with each is in the transcripts.
#include "proto/irc/numerics.hpp"
#include "support/catch.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

using namespace confab;

TEST_CASE("numerics: those of the header, and no others, are the server's own", "[irc]") {
  std::ifstream file(CONFAB_TESTS_DIR "/../lib/proto/irc/numerics.hpp");
  std::stringstream text;
  text << file.rdbuf();
  const std::string header = text.str();
  const std::regex value(R"re((?:RPL|ERR)_[A-Z0-9]+ = (\d+))re");
  std::set<std::uint32_t> listed;
  for (std::sregex_iterator at(header.begin(), header.end(), value), end; at != end; ++at)
    listed.insert(static_cast<std::uint32_t>(std::stoul((*at)[1])));
  REQUIRE(listed.size() > 90);
  for (std::uint32_t number = 0; number <= 1000; ++number) {
    INFO(number);
    CHECK(irc::is_numeric(number) == (listed.count(number) == 1));
  }
  CHECK_FALSE(irc::is_numeric(UINT32_MAX));
}
