// SPDX-License-Identifier: MIT
//
// core/directory: what it selects against a plain model, while channels come, grow, get topics and
// go; and answers to LIST that pause while channels come and go: what stays is shown, and once.
#include "core/directory.hpp"

#include "core/state.hpp"
#include "unit/core/acted.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"

#include <map>
#include <set>

using namespace confab;
using namespace confab::test;

namespace {

struct model {
  failing_allocator allocator;
  core::memory mem{allocator.table()};
  core::directory::channels pool{mem};
  core::directory listing{pool};
  std::vector<core::channel *> all;

  // Nothing looks into a roster here: it only has a size.
  void sized(core::channel &c, std::size_t members) {
    c.roster.resize(members);
    listing.refresh(c);
  }
  std::set<const core::channel *> in_terms(const core::query_terms &t) const {
    std::set<const core::channel *> out;
    for (const core::channel *c : all) {
      const std::int64_t topic_s = c->topic_s != 0 ? c->topic_s : c->created_s;
      if (c->roster.size() >= t.members_min && c->roster.size() <= t.members_max &&
          c->created_s > t.created_after && c->created_s < t.created_before &&
          topic_s > t.topic_after && topic_s < t.topic_before &&
          (t.registered != 1 || c->has(CONFAB_CMODE_REGISTERED)))
        out.insert(c);
    }
    return out;
  }
};

core::query_terms random_terms(chooser &pick) {
  core::query_terms t;
  const auto time = [&] { return static_cast<std::int64_t>(1000 + pick.below(400)); };
  switch (pick.below(6)) {
  case 0:
    t.members_min = static_cast<std::uint32_t>(pick.below(300));
    break;
  case 1:
    t.members_max = static_cast<std::uint32_t>(pick.below(300));
    break;
  case 2:
    t.created_after = time();
    break;
  case 3:
    t.created_before = time();
    break;
  case 4:
    t.topic_after = time();
    t.topic_before = t.topic_after + static_cast<std::int64_t>(pick.below(50));
    break;
  default:
    t.registered = 1;
  }
  return t;
}

} // namespace

TEST_CASE("directory: a selection holds all that fits the terms, and no more than was asked") {
  model m;
  chooser pick(11);
  std::size_t found = 0;
  for (int step = 0; step < 20000; ++step) {
    const std::size_t what = pick.below(10);
    if (m.all.size() < 20 || (what < 2 && m.all.size() < 300)) {
      core::channel &c = m.pool.create(m.mem);
      // Mostly now; some are restored from before.
      c.created_s = 1000 + (pick.below(4) == 0 ? static_cast<int>(pick.below(300)) : step / 60);
      m.listing.add(c);
      m.all.push_back(&c);
    } else if (what < 3) {
      const std::size_t at = pick.below(m.all.size());
      m.listing.remove(*m.all[at]);
      m.pool.destroy(*m.all[at]);
      m.all.erase(m.all.begin() + static_cast<std::ptrdiff_t>(at));
    } else if (what < 6) {
      m.sized(*m.all[pick.below(m.all.size())], pick.below(pick.below(5) == 0 ? 300 : 6));
    } else if (what < 8) {
      core::channel &c = *m.all[pick.below(m.all.size())];
      c.topic_s = 1000 + step / 60;
      m.listing.refresh(c);
    } else {
      core::channel &c = *m.all[pick.below(m.all.size())];
      c.modes ^= bit(CONFAB_CMODE_REGISTERED);
      m.listing.refresh(c);
    }
    const core::query_terms terms = random_terms(pick);
    const std::size_t most = pick.below(40);
    const auto few = m.listing.select(terms, most);
    const auto fitting = m.in_terms(terms);
    if (!few.found()) {
      // Bounds of members are rounded to crowds: there it may be too many though few fit.
      const bool rounded = terms.members_min > 63 || terms.members_max > 63;
      const bool two_sided = terms.topic_before != INT64_MAX;
      REQUIRE((fitting.size() > most || rounded || two_sided));
      continue;
    }
    ++found;
    std::set<const core::channel *> walked;
    few.walk(m.pool, [&](const core::channel &c) { REQUIRE(walked.insert(&c).second); });
    REQUIRE(walked.size() <= most);
    REQUIRE(walked.size() == few.size());
    REQUIRE(std::includes(walked.begin(), walked.end(), fitting.begin(), fitting.end()));
  }
  CHECK(found > 3000);
}

TEST_CASE("directory: terms that bound nothing select nothing") {
  model m;
  CHECK_FALSE(m.listing.select(core::query_terms{}, 1000).found());
}

TEST_CASE("an answer that pauses leaves none out that stays, and shows none twice") {
  acted chat([](confab_engine_options &o) {
    o.output_backlog_bytes_max = 16384;
    o.channels_per_user_max = 2000;
  });
  chooser pick(5);
  const confab_id asker = chat.enter("asker");
  const confab_id makers[] = {chat.person("m1"), chat.person("m2")};
  std::set<std::string> there;
  for (int i = 0; i < 1500; ++i) {
    const std::string name = "#room" + std::to_string(i);
    REQUIRE(chat.join(makers[0], name) == 0);
    there.insert(name);
  }
  std::set<std::string> stays = there;
  ignore(chat.say(asker, "LIST >0"));
  std::map<std::string, int> shown;
  unsigned pauses = 0;
  for (bool ended = false; !ended; ++pauses) {
    REQUIRE(pauses < 1000);
    // One piece of the answer is taken, and channels come, go, grow and get topics.
    ignore(confab_engine_flush(chat.engine));
    confab_slice slices[64];
    std::size_t count = 0, bytes = 0;
    REQUIRE(confab_conn_output(chat.engine, asker, slices, 64, &count) == CONFAB_OK);
    std::string piece;
    for (std::size_t i = 0; i < count; ++i) {
      piece.append(static_cast<const char *>(slices[i].ptr), slices[i].len);
      bytes += slices[i].len;
    }
    REQUIRE(bytes > 0);
    ended = piece.find(" 323 ") != std::string::npos;
    for (std::size_t at = 0; (at = piece.find(" 322 asker ", at)) != std::string::npos;) {
      at += 11;
      ++shown[piece.substr(at, piece.find(' ', at) - at)];
    }
    for (int i = 0; i < 20; ++i) {
      const std::string name = "#room" + std::to_string(pick.below(1600));
      if (pick.below(2) == 0) {
        (void)chat.part(makers[0], name);
        stays.erase(name);
      } else {
        (void)chat.join(makers[1], name);
        (void)chat.part(makers[1], name);
      }
    }
    REQUIRE(confab_conn_sent(chat.engine, asker, bytes) >= 0);
  }
  CHECK(pauses > 2);
  CHECK(stays.size() > 100);
  for (const std::string &name : stays)
    CHECK(shown[name] == 1);
  for (const auto &[name, times] : shown)
    CHECK(times <= 1);
  CHECK(chat.broken() == "");
}
