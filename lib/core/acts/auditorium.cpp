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

// Who of those that came has voice is told as it is of one who joins: by a mode of its own.
void tell_voices(world &w, const operation &why, const member &m) {
  for (const member *other : w.channel_of(m).roster) {
    if (other == &m || on_stage(*other) || other->ranks == 0)
      continue;
    const operation op = coming(w, why, *other);
    for (conn *c = w.user_of(m).sessions; c; c = c->next_of_user)
      announce_mode(w, op,
                    {mode_kind::rank,
                     true,
                     CONFAB_RANK_VOICE,
                     0,
                     other->ranks,
                     world::id(*other),
                     {w.mem, w.user_of(*other).is.nick()}},
                    c);
  }
}

} // namespace

void appear_to_floor(world &w, const operation &op, member &m) noexcept {
  tell(w, op, m, coming);
  try {
    tell_voices(w, op, m);
  } catch (const std::bad_alloc &) { // it sees them when it next asks
    w.out_of_memory = true;
  }
}
void vanish_from_floor(world &w, const operation &op, member &m) noexcept { tell(w, op, m, going); }

} // namespace confab::core
