// SPDX-License-Identifier: MIT
//
// What a delivery costs inside the engine: a message to a channel of 1,000 and of 10,000 members,
// beside the least that any fan-out must do (touch one cache line of each recipient and note a
// range there). Also what hooks that have no interest in it add, and how a join grows with the
// channel.

#include "bench/bench.hpp"

#include <memory>

namespace {

struct alignas(64) slot {
  const char *at[4];
  std::size_t len[2];
  std::uint32_t count;
};

// The floor: recipients scattered in memory, each notes a message; then each is emptied.
double floor_ns(std::size_t members) {
  std::vector<std::unique_ptr<slot>> slots;
  for (std::size_t i = 0; i < members; ++i)
    slots.push_back(std::make_unique<slot>());
  const std::string text(120, 'x');
  return bench::best_ns(40,
                        [&] {
                          for (const auto &s : slots) {
                            s->at[0] = text.data();
                            s->len[0] = text.size();
                            ++s->count;
                          }
                          for (const auto &s : slots) {
                            bench::keep(*s);
                            s->count = 0;
                          }
                        }) /
         static_cast<double>(members);
}

// A channel of so many members.
struct room : bench::world {
  explicit room(std::size_t members) : conns(clients(members)) {
    for (const confab_id conn : conns) {
      feed(conn, "JOIN #big\r\n");
      flush();
    }
    late = client(members + 1);
    flush();
  }
  void say() {
    feed(conns[0], line);
    flush();
  }
  void join() {
    feed(late, "JOIN #big\r\n");
    flush();
  }
  void part() {
    feed(late, "PART #big\r\n");
    flush();
  }
  // Eight hooks that are asked about each act, and care for none.
  void uninterested(confab_hook hook_like) {
    for (int i = 0; i < 8; ++i)
      hook(hook_like);
  }

  std::vector<confab_id> conns;
  confab_id late = 0; // in no channel
  const std::string line = "PRIVMSG #big :" + std::string(100, 'x') + "\r\n";
};

struct figures {
  double message_ns; // per member: message, queue, and handing out
  double join_ns;    // per member that sees it
};

double best_join_ns(room &r) {
  double join = 1e300;
  for (int i = 0; i < 20; ++i) {
    join = std::min(join, bench::best_ns(1, [&] { r.join(); }));
    r.part();
  }
  return join;
}

figures measure(std::size_t members) {
  room r(members);
  const double message = bench::best_ns(40, [&] { r.say(); });
  const auto per_member = static_cast<double>(members);
  return {message / per_member, best_join_ns(r) / per_member};
}

// Hooks that have no interest in what goes on, each kind of interest by itself, over no hooks.
void judge_uninterested(bench::table &t) {
  constexpr std::size_t members = 1'000;
  room none(members), other_type(members), elsewhere(members), others(members), raw(members),
      textless(members);
  other_type.uninterested(bench::passing_hook(CONFAB_EVENT_TOPIC, CONFAB_STAGE_POLICY));

  confab_hook scoped = bench::passing_hook(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_POLICY);
  elsewhere.feed(elsewhere.late, "JOIN #other\r\n");
  bench::check(confab_channel_find(elsewhere.engine, CONFAB_STR("#other"), &scoped.scope), "find");
  elsewhere.uninterested(scoped);

  confab_hook of_host = bench::passing_hook(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE);
  of_host.origins = CONFAB_EVENT_FROM_HOST | CONFAB_EVENT_FROM_HANDLER;
  others.uninterested(of_host);

  confab_hook one_conn = bench::passing_hook(CONFAB_EVENT_LINE_OUT, CONFAB_STAGE_OBSERVE);
  one_conn.scope = raw.late;
  raw.uninterested(one_conn);

  confab_hook has_text = bench::passing_hook(CONFAB_EVENT_JOIN, CONFAB_STAGE_POLICY);
  has_text.flags = CONFAB_HOOK_HAS_TEXT;
  textless.uninterested(has_text);

  const auto say = [](room &r) { return [&r] { r.say(); }; };
  const auto ns =
      bench::best_in_turns(40, say(none), say(other_type), say(elsewhere), say(others), say(raw));
  t.row("eight hooks on another type, over none", ns[1] / ns[0], 1.25, "times", "");
  t.row("... with a scope elsewhere", ns[2] / ns[0], 1.25, "times", "");
  t.row("... that want other origins", ns[3] / ns[0], 1.25, "times", "");
  t.row("... on one other connection's raw output", ns[4] / ns[0], 1.5, "times", "");
  t.row("a join under eight that want a text, over none",
        best_join_ns(textless) / best_join_ns(none), 1.25, "times", "");
}

} // namespace

int main() {
  bench::table t;
  const figures small = measure(1'000);
  const figures large = measure(10'000);
  const double floor_small = floor_ns(1'000), floor_large = floor_ns(10'000);
  bench::table::show("message to 1,000 members, per member", small.message_ns,
                     "ns (goal: under 40)");
  bench::table::show("message to 10,000 members, per member", large.message_ns, "ns");
  bench::table::show("the floor at 1,000 and", floor_small, "ns");
  bench::table::show("... at 10,000", floor_large, "ns");
  bench::table::show("join, per member who sees it, at 1,000", small.join_ns,
                     "ns (NAMES included)");
  bench::table::show("... at 10,000", large.join_ns, "ns");
  t.row("delivery at 1,000 over the floor", small.message_ns / floor_small, 30, "times", "");
  t.row("delivery at 10,000 over at 1,000", large.message_ns / small.message_ns, 4, "times",
        "flat but for the caches");
  t.row("a join at 10,000 over at 1,000, per member", large.join_ns / small.join_ns, 4, "times",
        "nothing grows with the square");
  judge_uninterested(t);
  return t.finish();
}
