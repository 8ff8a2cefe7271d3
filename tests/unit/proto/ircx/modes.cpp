// SPDX-License-Identifier: MIT
//
// proto/ircx/modes: the tables against the letters that Microsoft's server announced, and against
// those that mean other things elsewhere.
#include "proto/ircx/modes.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>

using namespace confab::ircx;

TEST_CASE("modes: the letters are those of numeric 004, and q and w", "[ircx]") {
  std::string letters;
  for (const mode_letter &row : channel_letters())
    letters.push_back(row.letter);
  CHECK(std::set<char>(letters.begin(), letters.end()).size() == letters.size());
  for (const char c : std::string_view("abcdefhiklmnoprstuvxyzqw")) {
    CAPTURE(c);
    CHECK(find_channel_letter(c) != nullptr);
  }
  CHECK(letters.size() == 24);
  for (const char c : std::string_view("ABCDLgj+- "))
    CHECK(find_channel_letter(c) == nullptr); // Q198819: capitals are no letters
}

TEST_CASE("modes: each mode has a row, and a limit stands before a key", "[ircx]") {
  std::set<channel_mode> seen;
  for (const mode_letter &row : channel_letters()) {
    CHECK(seen.insert(row.mode).second);
    CHECK(seen.count(channel_mode::key) <= seen.count(channel_mode::limit));
  }
  CHECK(seen.size() == static_cast<std::size_t>(channel_mode::voice) + 1);
}

TEST_CASE("modes: letters of plain sessions do not mean two things", "[ircx]") {
  std::set<char> seen;
  for (const mode_letter &row : channel_letters())
    if (row.plain_letter != '\0') {
      CAPTURE(row.letter);
      CHECK(seen.insert(row.plain_letter).second);
    }
  // Spec §19.2: these mean other things to other servers.
  for (const auto &[ours, theirs] :
       {std::pair{'a', 'R'}, {'d', 'D'}, {'e', 'E'}, {'f', 'F'}, {'h', 'H'}, {'z', 'Z'}})
    CHECK(find_channel_letter(ours)->plain_letter == theirs);
}

TEST_CASE("modes: letters of CREATE are all but the list and the ranks", "[ircx]") {
  for (const mode_letter &row : channel_letters()) {
    CAPTURE(row.letter);
    CHECK(row.in_create == (row.type != letter_type::list && row.type != letter_type::rank));
  }
}

TEST_CASE("modes: three letters are states of visibility", "[ircx]") {
  for (const auto &[letter, state] : {std::pair{'p', visibility::private_},
                                      {'h', visibility::hidden},
                                      {'s', visibility::secret}}) {
    const channel_mode mode = find_channel_letter(letter)->mode;
    CHECK(is_visibility(mode));
    CHECK(visibility_of(mode) == state);
  }
  CHECK_FALSE(is_visibility(channel_mode::moderated));
  CHECK(visibility_of(channel_mode::moderated) == visibility::public_);
}

TEST_CASE("modes: ranks from the highest down, with a prefix for each kind of session", "[ircx]") {
  std::string ircx, plain, v3, letters;
  for (const rank_prefix &row : table::rank_prefixes) {
    ircx += row.prefix;
    plain += row.plain_prefix;
    v3 += row.v3_prefix;
    letters += row.letter;
    CHECK(find_channel_letter(row.letter)->mode == row.rank);
    CHECK(find_channel_letter(row.letter)->type == letter_type::rank);
  }
  CHECK(letters == "qov");
  CHECK(ircx == ".@+");
  CHECK(plain == "@@+");
  CHECK(v3 == "~@+");
  CHECK(ircx.find('%') == std::string::npos); // it begins names here (spec §1.1)
}

TEST_CASE("modes: user letters, and which of them plain sessions do not see", "[ircx]") {
  std::string letters, plain;
  for (const user_letter &row : table::user_letters) {
    letters += row.letter;
    if (row.plain_letter != '\0')
      plain += row.plain_letter;
  }
  CHECK(letters == "aioswxz");
  CHECK(plain == "oiosw");
}
