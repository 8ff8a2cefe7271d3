// SPDX-License-Identifier: MIT
//
// proto/ircx/numerics: the table against the draft's list, written out a second time as numbers and
// parameter counts, and which of them mean something else to SASL.
#include "proto/ircx/numerics.hpp"

#include "proto/irc/numerics.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <string>

using namespace confab;

TEST_CASE("numerics: the draft's replies and errors are all there", "[ircx]") {
  for (unsigned code = 800; code <= 820; ++code) {
    const bool used = code != 814 && code != 815;
    CAPTURE(code);
    CHECK((ircx::find_numeric(code) != nullptr) == used);
  }
  for (unsigned code = 900; code <= 927; ++code) {
    CAPTURE(code);
    CHECK((ircx::find_numeric(code) != nullptr) == (code != 917));
  }
  CHECK(ircx::find_numeric(999) != nullptr);
  for (const unsigned none : {0U, 1U, 799U, 821U, 822U, 899U, 928U, 998U, 1000U})
    CHECK(ircx::find_numeric(none) == nullptr);
}

TEST_CASE("numerics: their parameters are as many as the clients read", "[ircx]") {
  const auto middles = [](unsigned code) {
    const std::string_view shape = ircx::find_numeric(code)->middles;
    return shape.empty() ? 0 : 1 + std::count(shape.begin(), shape.end(), ' ');
  };
  CHECK(middles(800) == 5);
  CHECK(ircx::find_numeric(800)->text.empty()); // a colon breaks Microsoft's clients
  CHECK(middles(801) == 5);
  CHECK(middles(802) == 3);
  CHECK(middles(804) == 5);
  CHECK(middles(809) == 2);
  CHECK(middles(811) == 0);
  CHECK(middles(812) == 4);
  CHECK(middles(818) == 2);
  CHECK(middles(913) == 1);
  CHECK(middles(914) == 0);
  CHECK(middles(918) == 2);
  CHECK(middles(924) == 1);
}

TEST_CASE("numerics: fixed texts are the draft's, full stops included", "[ircx]") {
  CHECK(ircx::text_of(ircx::IRCERR_BADTAG) == "Bad message tag.");
  CHECK(ircx::text_of(ircx::IRCERR_CHANNELEXIST) == "Channel already exists.");
  CHECK(ircx::text_of(ircx::IRCERR_ALREADYONCHANNEL) == "Already in the channel.");
  CHECK(ircx::text_of(ircx::IRCRPL_LISTXEND) == "End of ListX");
  CHECK(ircx::text_of(ircx::IRCRPL_LISTXLIST).empty());
  CHECK(ircx::text_of(ircx::IRCRPL_IRCX).empty());
  CHECK(ircx::text_of(ircx::numeric{}).empty());
}

TEST_CASE("numerics: 900 to 908 collide with SASL, and none from 900 up is for plain sessions",
          "[ircx]") {
  for (const ircx::numeric_row &row : ircx::numerics()) {
    CAPTURE(row.code);
    CHECK(ircx::collides_with_sasl(row.code) == (row.code >= 900 && row.code <= 908));
    CHECK(ircx::needs_ircx(row.code) == (row.code >= 900));
    CHECK_FALSE(row.name.empty());
    CHECK((row.drafted || row.code < 800 || row.code == 820 || row.code == 922));
  }
}

TEST_CASE("numerics: none that plain IRC has with another text", "[ircx]") {
  for (const ircx::numeric_row &row : ircx::numerics()) {
    CAPTURE(row.code);
    CHECK(irc::text_of(static_cast<irc::numeric>(row.code)).empty());
  }
}
