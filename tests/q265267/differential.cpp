// SPDX-License-Identifier: MIT
//
// The differential property: the same intent, said in any protocol that has words for it, leaves
// the same state and the same events: those that happened, for what a client names by ids that are
// dead never becomes an act. First each act of the matrix by itself, then long conversations at
// random, in as many engines as there are protocols, side by side. Questions are left out: how much
// a client asks of itself is its protocol's business. So is the rank of who makes a channel: plain
// IRC has no owners.
#include "q265267/acts.hpp"
#include "support/catch.hpp"

#include <memory>
#include <random>

using namespace q265267;

namespace {

std::string events_of(const scene &s) {
  std::string out;
  for (const told &e : s.log)
    if (e.type != CONFAB_EVENT_QUERY && e.outcome == CONFAB_OUTCOME_COMMITTED)
      out += std::to_string(e.type) + " ";
  return out;
}

bool is_speech(const act &a) { return a.type != CONFAB_EVENT_QUERY && !a.is(act_output | act_row); }

// Whoever made a channel is its operator, if not its owner; nobody becomes one in another way here.
std::string state_of(const scene &s) {
  const std::string owner = " " + std::to_string(CONFAB_RANK_OWNER) + "\n";
  std::string out = s.state();
  for (std::size_t at = out.find(" member "); at != std::string::npos;
       at = out.find(" member ", at + 1)) {
    const std::size_t end = out.find('\n', at);
    if (out.compare(end - 2, 3, owner) == 0)
      out.replace(end - 1, 1, std::to_string(CONFAB_RANK_OPERATOR));
  }
  return out;
}

// Data is for programs of one protocol: its tag is part of what is said.
bool comparable(const act &a) {
  return is_speech(a) && a.type != CONFAB_EVENT_LINE_IN && a.what.kind != CONFAB_MESSAGE_DATA &&
         !a.is(act_by_host | act_custom);
}

std::unique_ptr<scene> play(const act &a, const cast &who) {
  auto s = std::make_unique<scene>(a, who);
  s->gather(a.what);
  if (a.type != CONFAB_EVENT_CONNECT || !a.is(act_opens))
    confab::test::ignore(s->perform(a.what));
  return s;
}

// What can follow what: everybody is in #x and #y, and does things there.
std::vector<intent> conversation() {
  std::vector<intent> out;
  for (const act &a : acts())
    if (comparable(a) && !a.is(act_opens) && a.type != CONFAB_EVENT_DISCONNECT &&
        a.what.type == a.type && a.what.name != "#cats")
      out.push_back(a.what);
  const std::size_t said = out.size();
  for (std::size_t i = 0; i < said; ++i) { // and taken back
    intent back = out[i];
    back.set = 0;
    if (back.type == CONFAB_EVENT_CHANNEL_CHANGE || back.type == CONFAB_EVENT_MEMBER_CHANGE ||
        back.type == CONFAB_EVENT_ACCESS || back.type == CONFAB_EVENT_USER_CHANGE)
      out.push_back(back);
  }
  return out;
}

} // namespace

TEST_CASE("differential: an act leaves the same, whichever protocol it came by") {
  std::size_t compared = 0;
  for (const act &a : acts()) {
    if (!comparable(a))
      continue;
    for (const room &where : rooms())
      for (const protocol &others : protocols()) {
        std::unique_ptr<scene> first;
        for (const protocol &origin : protocols()) {
          if (!a.is(act_opens) && !origin.can(a.what))
            continue;
          if (a.is(act_enters) && where.for_mic && origin.bit != CONFAB_PROTOCOL_MIC)
            continue; // that is the very difference
          const cast who{&origin, &others, &where, origin_kind::client};
          std::unique_ptr<scene> s = play(a, who);
          if (!first) {
            first = std::move(s);
            continue;
          }
          INFO(a.name << ", by " << name_of(who));
          CHECK(state_of(*s) == state_of(*first));
          CHECK(events_of(*s) == events_of(*first));
          ++compared;
        }
      }
  }
  CHECK(compared > 100);
}

TEST_CASE("differential: conversations leave the same, whichever protocol they came by") {
  static const act idle{"conversation", CONFAB_EVENT_TOPIC, {.type = CONFAB_EVENT_TOPIC}};
  const std::vector<intent> words = conversation();
  std::size_t steps = 0;
  for (unsigned seed = 0; seed < 60; ++seed) {
    std::mt19937 random(seed);
    const protocol &others = protocols()[seed % protocols().size()];
    std::vector<std::unique_ptr<scene>> scenes;
    std::vector<cast> casts;
    for (const protocol &origin : protocols())
      casts.push_back({&origin, &others, &rooms()[0], origin_kind::client});
    for (const cast &who : casts) {
      scenes.push_back(std::make_unique<scene>(idle, who));
      scenes.back()->gather(idle.what);
    }
    std::string said;
    for (int step = 0; step < 25; ++step) {
      const intent &what = words[random() % words.size()];
      const bool all = std::all_of(protocols().begin(), protocols().end(),
                                   [&](const protocol &p) { return p.can(what); });
      // Over MIC alone one may be asked into a channel that does not exist: spec mic §3.8.
      const std::string there = "channel " + std::string(what.name) + ' ';
      const bool nowhere =
          what.type == CONFAB_EVENT_INVITE && scenes[0]->state().find(there) == std::string::npos;
      if (!all || nowhere)
        continue;
      said += text_of(what) + "\n";
      for (const auto &s : scenes) {
        s->settle();
        s->log.clear();
        confab::test::ignore(s->perform(what));
      }
      ++steps;
      for (std::size_t i = 1; i < scenes.size(); ++i) {
        INFO("seed " << seed << ", by " << name_of(casts[i]) << " after\n" << said);
        REQUIRE(state_of(*scenes[i]) == state_of(*scenes[0]));
        REQUIRE(events_of(*scenes[i]) == events_of(*scenes[0]));
      }
    }
  }
  CHECK(steps > 500);
}
