// SPDX-License-Identifier: MIT
//
// Knocking (IRCX draft §6.6; spec ircx §5.8, §19.7): the operators of a channel with mode KNOCK
// learn who was kept out of it and why, and who asks to be let in. Within some time one knock of a
// user at a channel is told, and at few channels in all, or closed doors would be a way to flood
// them.

#include "core/acts/entry.hpp"
#include "core/service/service.hpp"

#include <algorithm>

namespace confab::core {

namespace {

constexpr confab_time again_after = 30'000'000'000;

bool knocked_lately(const world &w, const user &who, const channel &where) noexcept {
  const knock &oldest = who.knocks[who.next_knock];
  const auto lately = [&](const knock &k) { return k.where != 0 && w.now - k.at < again_after; };
  return lately(oldest) || std::any_of(who.knocks.begin(), who.knocks.end(), [&](const knock &k) {
           return k.where == world::id(where) && lately(k);
         });
}

bool is_closed_to(world &w, const user &who, const channel &where) noexcept {
  return where.has(CONFAB_CMODE_INVITE_ONLY) || where.has(CONFAB_CMODE_KEY) ||
         (where.has(CONFAB_CMODE_LIMIT) && where.roster.size() >= where.limit) ||
         judge(w, where.access, who).outcome == access_outcome::closed;
}

} // namespace

gate_result gate_knock(world &w, operation &op) {
  confab_event_knock &e = op.event.knock;
  const channel *where = resolve_channel(w, op, e.channel, e.name);
  if (!where || !op.actor)
    return where ? refuse(op, CONFAB_REFUSED_NO_SUCH_USER) : gate_result::refused;
  if (gagged(op))
    return gate_result::nothing;
  if (unchecked(op) || e.code != CONFAB_REFUSED_NONE) // it was kept out: that was looked at then
    return gate_result::go;
  if (sight_of(w, op.actor, *where) == sight::nothing)
    return refuse(op, CONFAB_REFUSED_NO_SUCH_CHANNEL);
  if (w.find_member(*op.actor, *where))
    return refuse(op, CONFAB_REFUSED_ALREADY_IN);
  if (judge(w, where->access, *op.actor).outcome == access_outcome::denied)
    return refuse(op, CONFAB_REFUSED_BANNED);
  if (!where->has(CONFAB_CMODE_KNOCK) || !is_closed_to(w, *op.actor, *where))
    return refuse(op, CONFAB_REFUSED_FORBIDDEN);
  return knocked_lately(w, *op.actor, *where) ? refuse(op, CONFAB_REFUSED_TOO_FAST)
                                              : gate_result::go;
}

commit_result commit_knock(world &w, operation &op) {
  channel &where = *w.channels.find(op.event.knock.channel);
  user &who = *op.actor;
  who.knocks[who.next_knock] = {w.now, world::id(where)};
  who.next_knock = static_cast<std::uint8_t>((who.next_knock + 1U) % who.knocks.size());
  w.to_channel(op, where, {.ranks = ranks_stage, .from = op.actor});
  return commit_result::done;
}

void kept_out(world &w, const operation &refused) noexcept {
  if (refused.type() == CONFAB_EVENT_JOIN && refused.why.code == CONFAB_REFUSED_BAD_KEY)
    delay_after(w, refused, protected_act::wrong_key);
  const channel *where =
      refused.type() == CONFAB_EVENT_JOIN ? w.channels.find(refused.event.join.channel) : nullptr;
  if (!where || !where->has(CONFAB_CMODE_KNOCK) || !refused.actor ||
      knocked_lately(w, *refused.actor, *where))
    return;
  switch (refused.why.code) {
  case CONFAB_REFUSED_AUTH_ONLY:
  case CONFAB_REFUSED_BANNED:
  case CONFAB_REFUSED_CLOSED_LIST:
  case CONFAB_REFUSED_INVITE_ONLY:
  case CONFAB_REFUSED_BAD_KEY:
  case CONFAB_REFUSED_CHANNEL_FULL:
    break;
  default:
    return;
  }
  try {
    operation op(w.mem);
    op.event = make_event(CONFAB_EVENT_KNOCK);
    op.event.knock.channel = world::id(*where);
    op.event.knock.code = refused.why.code;
    op.actor = refused.actor;
    op.own();
    w.bus->submit(std::move(op));
  } catch (const std::bad_alloc &) {
    w.out_of_memory = true; // the guest was refused all the same
  }
}

} // namespace confab::core
