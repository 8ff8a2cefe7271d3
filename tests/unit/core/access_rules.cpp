// SPDX-License-Identifier: MIT
//
// core/access_rules: every list of up to four entries, each of five levels, matching or not,
// alive or expired, against the rule in words; then the sentences of the draft one by one, and the
// seconds around an expiry.
#include "core/access_rules.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <vector>

using namespace confab;
using namespace confab::core;

namespace {

constexpr std::int64_t now = 1'000'000;

text::mask_subject bob() {
  text::mask_subject who;
  who.nick = "bob";
  who.user = "robert";
  who.host = "pc.company.com";
  who.server = "irc1";
  return who;
}

constexpr std::array<std::uint32_t, 5> levels{CONFAB_LIST_BAN, CONFAB_LIST_GRANT, CONFAB_LIST_VOICE,
                                              CONFAB_LIST_OPERATOR, CONFAB_LIST_OWNER};

access_verdict judge(const std::vector<access_view> &entries,
                     const access_order &order = draft_order,
                     const text::mask_subject &who = bob()) {
  return judge_access(
      entries, [](const access_view &e) { return e; },
      [&](const access_view &e) { return text::mask_matches(text::casemap::rfc1459, e.mask, who); },
      now, order);
}

access_view entry(std::uint32_t level, std::string_view mask, std::int64_t expires = 0) {
  return {level, mask, expires};
}

// The rule in words, as naively as it can be said: throw away what is expired; ask level by level
// for the oldest match; then see whether the list is closed.
access_verdict in_words(const std::vector<access_view> &entries, const access_order &order) {
  const auto alive = [](const access_view &e) { return e.expires_s == 0 || e.expires_s > now; };
  for (const std::uint32_t level : order)
    for (std::size_t i = 0; i < entries.size(); ++i)
      if (alive(entries[i]) && entries[i].list == level && entries[i].mask == "bob!*@*$*")
        return {level == CONFAB_LIST_BAN ? access_outcome::denied : access_outcome::allowed, level,
                i};
  const auto has = [&](std::uint32_t level) {
    return std::any_of(entries.begin(), entries.end(),
                       [&](const access_view &e) { return alive(e) && e.list == level; });
  };
  const bool closed = has(CONFAB_LIST_GRANT) && !has(CONFAB_LIST_BAN);
  return {closed ? access_outcome::closed : access_outcome::neutral, CONFAB_LIST_BAN, 0};
}

bool same(const access_verdict &a, const access_verdict &b) {
  return a.outcome == b.outcome && a.list == b.list && a.entry == b.entry;
}

} // namespace

TEST_CASE("access rules: every list of up to four entries", "[ircx]") {
  // Of each entry: level (5), match (2), expired (2).
  constexpr unsigned kinds = 20;
  std::size_t lists = 0;
  unsigned codes = 1;
  for (std::size_t size = 0; size <= 4; ++size, codes *= kinds)
    for (unsigned code = 0; code < codes; ++code) {
      std::vector<access_view> entries;
      for (unsigned rest = code; entries.size() < size; rest /= kinds) {
        const unsigned kind = rest % kinds;
        entries.push_back(entry(levels[kind % 5], kind / 5 % 2 == 0 ? "bob!*@*$*" : "eve!*@*$*",
                                kind / 10 == 0 ? 0 : now));
      }
      for (const access_order *order : {&draft_order, &exchange_order})
        if (!same(judge(entries, *order), in_words(entries, *order)))
          FAIL("size " << size << ", code " << code);
      ++lists;
    }
  CHECK(lists == 1 + 20 + 400 + 8000 + 160000);
}

TEST_CASE("access rules: only grants are a list of guests", "[ircx]") {
  CHECK(judge({}).outcome == access_outcome::neutral);
  CHECK(judge({entry(CONFAB_LIST_GRANT, "*!*@*.company.com$*")}).outcome ==
        access_outcome::allowed);
  CHECK(judge({entry(CONFAB_LIST_GRANT, "*!*@*.other.org$*")}).outcome == access_outcome::closed);
}

TEST_CASE("access rules: only denials are a list of the unwelcome", "[ircx]") {
  CHECK(judge({entry(CONFAB_LIST_BAN, "bob!*@*$*")}).outcome == access_outcome::denied);
  CHECK(judge({entry(CONFAB_LIST_BAN, "eve!*@*$*")}).outcome == access_outcome::neutral);
}

TEST_CASE("access rules: the draft's example lets in a company and nobody else", "[ircx]") {
  const std::vector<access_view> list{entry(CONFAB_LIST_BAN, "*!*@*$*"),
                                      entry(CONFAB_LIST_GRANT, "*!*@*.company.com$*")};
  CHECK(judge(list).outcome == access_outcome::allowed);
  text::mask_subject eve = bob();
  eve.host = "elsewhere.org";
  CHECK(judge(list, draft_order, eve).outcome == access_outcome::denied);
}

TEST_CASE("access rules: ranks alone close nothing", "[ircx]") {
  for (const std::uint32_t level : {CONFAB_LIST_OWNER, CONFAB_LIST_OPERATOR, CONFAB_LIST_VOICE})
    CHECK(judge({entry(level, "eve!*@*$*")}).outcome == access_outcome::neutral);
}

TEST_CASE("access rules: a level outweighs the next, wherever it stands", "[ircx]") {
  for (const access_order *order : {&draft_order, &exchange_order})
    for (std::size_t high = 0; high < levels.size(); ++high)
      for (std::size_t low = high + 1; low < levels.size(); ++low) {
        const access_view a = entry((*order)[high], "bob!*@*$*");
        const access_view b = entry((*order)[low], "bob!*@*$*");
        CHECK(judge({a, b}, *order).list == a.list);
        CHECK(judge({b, a}, *order).list == a.list);
      }
}

TEST_CASE("access rules: the two orders differ in where a voice stands", "[ircx]") {
  const std::vector<access_view> list{entry(CONFAB_LIST_BAN, "bob!*@*$*"),
                                      entry(CONFAB_LIST_VOICE, "bob!*@*$*")};
  CHECK(judge(list).list == CONFAB_LIST_VOICE);
  CHECK(judge(list, exchange_order).outcome == access_outcome::denied);
}

TEST_CASE("access rules: of several denials the oldest gives the reason", "[ircx]") {
  const std::vector<access_view> list{entry(CONFAB_LIST_BAN, "eve!*@*$*"),
                                      entry(CONFAB_LIST_BAN, "bob!*@*$*"),
                                      entry(CONFAB_LIST_BAN, "*!*@*$*")};
  CHECK(judge(list).entry == 1);
}

TEST_CASE("access rules: an entry is gone at its second", "[ircx]") {
  const auto outcome_at = [](std::int64_t expires) {
    return judge({entry(CONFAB_LIST_BAN, "bob!*@*$*", expires)}).outcome;
  };
  CHECK(outcome_at(now + 1) == access_outcome::denied);
  CHECK(outcome_at(now) == access_outcome::neutral);
  CHECK(outcome_at(now - 1) == access_outcome::neutral);
  CHECK(outcome_at(never_expires) == access_outcome::denied);
  // The last GRANT that expires opens the channel again.
  CHECK(judge({entry(CONFAB_LIST_GRANT, "eve!*@*$*", now)}).outcome == access_outcome::neutral);
  // A DENY that expires may close it.
  CHECK(judge({entry(CONFAB_LIST_GRANT, "eve!*@*$*"), entry(CONFAB_LIST_BAN, "x!*@*$*", now)})
            .outcome == access_outcome::closed);
}

TEST_CASE("access rules: minutes left are rounded up, and never 0 while there is time", "[ircx]") {
  CHECK(expiry_of(0, now) == never_expires);
  CHECK(expiry_of(5, now) == now + 300);
  CHECK(expiry_of(71'582'788, now) == now + 4294967280);
  CHECK(minutes_left(never_expires, now) == 0);
  CHECK(minutes_left(now + 1, now) == 1);
  CHECK(minutes_left(now + 59, now) == 1);
  CHECK(minutes_left(now + 60, now) == 1);
  CHECK(minutes_left(now + 61, now) == 2);
  CHECK(minutes_left(expiry_of(2880, now), now) == 2880);
  CHECK(minutes_left(now, now) == 0);
  CHECK(minutes_left(now - 1, now) == 0);
}
