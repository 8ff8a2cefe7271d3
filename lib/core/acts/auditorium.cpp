// SPDX-License-Identifier: MIT
//
// Rank changes in an auditorium (IRCX draft §8.1.12; spec ircx §14.3): who goes up to the stage
// comes into the sight of the floor, and sees it from then on; who comes down goes out of it. They
// are told as comings and goings, though nobody moves: no filter is asked, and no observer told.

#include "core/acts/acts.hpp"

namespace confab::core {

namespace {

operation coming(world &w, const operation &why, const member &m) {
  operation op(w.mem);
  op.event = make_event(CONFAB_EVENT_JOIN);
  op.event.head.time = why.event.head.time;
  op.event.join.user = world::id(w.user_of(m));
  op.event.join.channel = world::id(w.channel_of(m));
  op.event.join.member = world::id(m);
  op.event.join.name = str(w.channel_of(m).name());
  op.event.join.ranks = m.ranks;
  op.actor = &w.user_of(m);
  return op;
}

operation going(world &w, const operation &why, const member &m) {
  operation op(w.mem);
  op.event = make_event(CONFAB_EVENT_PART);
  op.event.head.time = why.event.head.time;
  op.event.part.user = world::id(w.user_of(m));
  op.event.part.channel = world::id(w.channel_of(m));
  op.event.part.member = world::id(m);
  op.event.part.name = str(w.channel_of(m).name());
  op.actor = &w.user_of(m);
  return op;
}

// Tells the floor of one, and that one of all of the floor.
template <class Make>
void tell(world &w, const operation &why, member &m, Make &&make) noexcept {
  channel &where = w.channel_of(m);
  w.to_channel(make(w, why, m), where, {.without = ranks_stage, .but = &w.user_of(m)});
  for (const member *other : where.roster)
    if (other != &m && !on_stage(*other))
      w.to_member(make(w, why, *other), m, nullptr);
}

} // namespace

void appear_to_floor(world &w, const operation &op, member &m) noexcept { tell(w, op, m, coming); }
void vanish_from_floor(world &w, const operation &op, member &m) noexcept { tell(w, op, m, going); }

} // namespace confab::core
