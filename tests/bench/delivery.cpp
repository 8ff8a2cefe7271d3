// SPDX-License-Identifier: MIT
//
// What a delivery costs inside the engine: a message to a channel of 1,000 and of 10,000 members,
// beside the least that any fan-out must do (touch one cache line of each recipient and note a
// range there). Also what an uninterested hook adds to it, and how a join grows with the channel.

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

struct figures {
  double message_ns; // per member: message, queue, and handing out
  double join_ns;    // per member that sees it
};

figures measure(std::size_t members, bool with_hook) {
  bench::world w;
  const std::vector<confab_id> conns = w.clients(members);
  for (std::size_t i = 0; i < members; ++i) {
    w.feed(conns[i], "JOIN #big\r\n");
    w.flush();
  }
  if (with_hook) {
    confab_hook h = confab_hook_init();
    h.type = CONFAB_EVENT_TOPIC;
    h.stage = CONFAB_STAGE_POLICY;
    h.call = [](void *, confab_call *, const confab_event *) -> confab_verdict {
      return CONFAB_PASS;
    };
    confab_id id = 0;
    bench::check(confab_hook_add(w.engine, &h, &id), "hook");
  }
  const std::string line = "PRIVMSG #big :" + std::string(100, 'x') + "\r\n";
  const double message = bench::best_ns(40, [&] {
    w.feed(conns[0], line);
    w.flush();
  });
  const confab_id late = w.client(members + 1);
  w.flush();
  double join = 1e300;
  for (int i = 0; i < 20; ++i) {
    join = std::min(join, bench::best_ns(1, [&] {
                      w.feed(late, "JOIN #big\r\n");
                      w.flush();
                    }));
    w.feed(late, "PART #big\r\n");
    w.flush();
  }
  return {message / static_cast<double>(members), join / static_cast<double>(members)};
}

} // namespace

int main() {
  bench::table t;
  const figures small = measure(1'000, false);
  const figures large = measure(10'000, false);
  const figures hooked = measure(1'000, true);
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
  t.row("a hook on another type, over none", hooked.message_ns / small.message_ns, 1.5, "times",
        "");
  return t.finish();
}
