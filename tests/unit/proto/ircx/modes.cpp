// SPDX-License-Identifier: MIT
//
// proto/ircx/modes: the table against the letters that Microsoft's server announced, every letter
// against every role at both moments, visibility as a state machine, and ranks as they fold for
// plain clients.
#include "proto/ircx/modes.hpp"

#include "support/catch.hpp"

#include <set>
#include <string>

using namespace confab::ircx;

namespace {

mode_answer set_by(char letter, role_set who) {
  const mode_letter *row = find_channel_letter(letter);
  return row ? may_set(*row, who) : mode_answer::unknown;
}

mode_answer created_by(char letter, role_set who) {
  const mode_letter *row = find_channel_letter(letter);
  return row ? may_create_with(*row, who) : mode_answer::unknown;
}

constexpr role_set member = role_member, host = role_member | role_host,
                   owner = role_member | role_owner, manager = role_manager, sysop = role_sysop;

} // namespace

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
  for (int i = 0; i <= static_cast<int>(channel_mode::voice); ++i)
    CHECK(row_of(static_cast<channel_mode>(i)).mode == static_cast<channel_mode>(i));
  CHECK(&row_of(channel_mode::limit) < &row_of(channel_mode::key));
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

TEST_CASE("modes: a channel begins with modes that CREATE could have named", "[ircx]") {
  for (const char c : default_modes) {
    CHECK(find_channel_letter(c)->type == letter_type::flag);
    CHECK(created_by(c, role_outsider) == mode_answer::yes);
  }
}

TEST_CASE("modes: who may set a letter of a channel that exists", "[ircx]") {
  for (const char c : std::string_view("phsmntiulkbov")) {
    CAPTURE(c);
    CHECK(set_by(c, owner) == mode_answer::yes);
    CHECK(set_by(c, host) == mode_answer::yes);
    CHECK(set_by(c, manager) == mode_answer::yes);
    CHECK(set_by(c, member) == mode_answer::need_host);
    CHECK(set_by(c, role_outsider) == mode_answer::need_host);
    CHECK(set_by(c, sysop) == mode_answer::need_host);
  }
  for (const char c : std::string_view("waq")) {
    CAPTURE(c);
    CHECK(set_by(c, owner) == mode_answer::yes);
    CHECK(set_by(c, manager) == mode_answer::yes);
    CHECK(set_by(c, host) == mode_answer::need_owner);
    CHECK(set_by(c, member) == mode_answer::need_host);
  }
  for (const char c : std::string_view("xeryz"))
    for (const role_set who : {owner, host, member, manager, sysop}) {
      CAPTURE(c, who);
      CHECK(set_by(c, who) == mode_answer::never);
    }
  CHECK(set_by('f', owner) == mode_answer::never);
  CHECK(set_by('f', manager) == mode_answer::yes);
  CHECK(set_by('d', owner) == mode_answer::never);
  CHECK(set_by('d', sysop) == mode_answer::yes);
  CHECK(set_by('r', role_server) == mode_answer::yes);
  CHECK(set_by('c', owner) == mode_answer::unknown);
  CHECK(set_by('j', owner) == mode_answer::unknown);
}

TEST_CASE("modes: what CREATE may name", "[ircx]") {
  for (const char c : std::string_view("aehiklmnpstuwxc"))
    CHECK(created_by(c, role_outsider) == mode_answer::yes);
  for (const char c : std::string_view("dfryz"))
    CHECK(created_by(c, role_outsider) == mode_answer::never);
  for (const char c : std::string_view("bqovLA+-"))
    CHECK(created_by(c, manager) == mode_answer::unknown);
  CHECK(created_by('d', sysop) == mode_answer::yes);
  CHECK(created_by('f', sysop) == mode_answer::never);
  CHECK(created_by('f', manager) == mode_answer::yes);
  CHECK(created_by('r', manager) == mode_answer::never);
}

TEST_CASE("modes: hosts make hosts, owners make owners, and each may step down", "[ircx]") {
  const auto answer = [](channel_mode rank, bool set, role_set who, role_set target,
                         bool oneself = false) {
    return may_change_rank(rank, set, who, target, oneself);
  };
  using enum mode_answer;
  for (const bool set : {true, false}) {
    CHECK(answer(channel_mode::owner, set, owner, host) == yes);
    CHECK(answer(channel_mode::owner, set, owner, owner) == yes);
    CHECK(answer(channel_mode::owner, set, host, member) == need_owner);
    CHECK(answer(channel_mode::host, set, host, host) == yes);
    CHECK(answer(channel_mode::host, set, host, owner) == need_owner);
    CHECK(answer(channel_mode::voice, set, host, owner) == yes);
    CHECK(answer(channel_mode::voice, set, member, member) == need_host);
    CHECK(answer(channel_mode::owner, set, member, member) == need_host);
    CHECK(answer(channel_mode::owner, set, manager, owner) == yes);
    CHECK(answer(channel_mode::host, set, sysop, member) == need_host);
  }
  for (const channel_mode rank : {channel_mode::owner, channel_mode::host, channel_mode::voice})
    CHECK(answer(rank, false, member, member, true) == yes);
  CHECK(answer(channel_mode::host, true, member, member, true) == need_host);
  CHECK(answer(channel_mode::owner, true, host, host, true) == need_owner);
}

TEST_CASE("modes: a channel is public, private, hidden or secret, and one of them", "[ircx]") {
  constexpr visibility states[] = {visibility::public_, visibility::private_, visibility::hidden,
                                   visibility::secret};
  for (const visibility was : states) {
    for (const visibility wanted : states) {
      if (wanted == visibility::public_)
        continue;
      const channel_mode mode = find_channel_letter(letter_of(wanted))->mode;
      CHECK(is_visibility(mode));
      CHECK(visibility_of(mode) == wanted);
      CHECK(change_visibility(was, mode, true) == wanted);
      CHECK(change_visibility(was, mode, false) == (was == wanted ? visibility::public_ : was));
    }
    CHECK(change_visibility(was, channel_mode::moderated, true) == was);
    CHECK(change_visibility(was, channel_mode::moderated, false) == was);
  }
  CHECK(letter_of(visibility::public_) == '\0');
  CHECK_FALSE(is_visibility(channel_mode::moderated));
}

TEST_CASE("modes: ranks from the highest down, with a prefix for each kind of session", "[ircx]") {
  std::string ircx, plain, v3, letters;
  for (const rank_prefix &row : rank_prefixes()) {
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
  CHECK(find_rank_prefix('.')->rank == channel_mode::owner);
  CHECK(find_rank_prefix('%') == nullptr); // it begins names here (spec §1.1)
}

TEST_CASE("modes: plain clients see an owner as a host", "[ircx]") {
  using enum rank;
  const auto folded = fold_rank_change;
  CHECK(folded(none, owner) == plain_change::give);
  CHECK(folded(none, host) == plain_change::give);
  CHECK(folded(owner, host) == plain_change::nothing);
  CHECK(folded(host, owner) == plain_change::nothing);
  CHECK(folded(owner, none) == plain_change::take);
  CHECK(folded(host, none) == plain_change::take);
  CHECK(folded(none, none) == plain_change::nothing);
}

TEST_CASE("modes: user letters, and which of them plain sessions do not see", "[ircx]") {
  std::string letters, plain;
  for (const user_letter &row : user_letters()) {
    letters += row.letter;
    if (row.plain_letter != '\0')
      plain += row.plain_letter;
    CHECK_FALSE((row.by_oneself && row.by_operator));
  }
  CHECK(letters == "aioswxz");
  CHECK(plain == "oiosw");
  CHECK(find_user_letter('z')->by_operator);
  CHECK_FALSE(find_user_letter('z')->seen_by_all);
  CHECK_FALSE(find_user_letter('x')->by_oneself);
  CHECK(find_user_letter('Z') == nullptr);
}
