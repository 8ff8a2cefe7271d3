// SPDX-License-Identifier: MIT
//
// WHOIS by a mask: how many it shows, and that an answer which must wait for its reader is whole.
// Which users a mask finds is in the transcript 57_whois_masks.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

#include <string>

using namespace confab;
using namespace confab::test;

namespace {

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1))
    ++found;
  return found;
}

} // namespace

TEST_CASE("WHOIS by a mask shows fifty users, and says when there are more") {
  engine_fixture chat(engine_fixture::setup{
      .tweak = [](confab_engine_options &o) { o.user_modes = CONFAB_STR(""); }}); // all visible
  const confab_id ann = chat.enter("ann");
  for (int i = 0; i < 50; ++i)
    chat.enter("many" + std::to_string(i));
  chat.read_all();
  chat.say(ann, "WHOIS many*");
  std::string told = chat.read(ann);
  CHECK(count(told, " 311 ann many") == 50);
  CHECK(count(told, " 416 ") == 0);
  CHECK(told.ends_with(":confab.local 318 ann many* :End of /WHOIS list\r\n"));

  const confab_id last = chat.enter("manyfold");
  chat.read_all();
  chat.say(ann, "WHOIS many*");
  told = chat.read(ann);
  CHECK(count(told, " 311 ann many") == 50);
  CHECK(told.ends_with(":confab.local 416 ann WHOIS many* :There are more: ask for fewer\r\n"
                       ":confab.local 318 ann many* :End of /WHOIS list\r\n"));
  chat.say(last, "IRCX");
  chat.read(last);
  chat.say(last, "WHOIS many*");
  CHECK(chat.read(last).ends_with(":confab.local 557 manyfold many* :Listing too large, aborted\r\n"
                                  ":confab.local 318 manyfold many* :End of /WHOIS list\r\n"));
  CHECK(chat.broken() == "");
}
