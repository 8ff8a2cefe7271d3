// SPDX-License-Identifier: MIT
//
// The timer wheel: see timer.hpp. A timer lies on the finest level that reaches to its tick; when
// the wheel comes to a coarse slot, its timers move to finer ones. Empty stretches are jumped over
// by the occupancy bits, so a long silence costs no more than a short one.

#include "core/timer.hpp"

#include <algorithm>
#include <bit>

namespace confab::core {

namespace {

void unlink(timer &t) noexcept {
  t.prev->next = t.next;
  t.next->prev = t.prev;
  t.prev = t.next = nullptr;
}

} // namespace

timer_wheel::timer_wheel(confab_time now) noexcept : tick_(now >> tick_bits) {
  for (level &l : levels_)
    for (timer &head : l.heads)
      head.prev = head.next = &head;
}

void timer_wheel::place(timer &t, std::uint64_t earliest) noexcept {
  // Rounded up, so that nothing fires early; the last tick is never reached, which is what NEVER
  // means.
  const std::uint64_t wanted = (t.due >> tick_bits) + 1;
  const std::uint64_t reach = std::uint64_t{slots - 1} << (slot_bits * (levels - 1));
  const std::uint64_t at = std::min(std::max(wanted, earliest), tick_ + reach);
  unsigned l = 0;
  while (l + 1 < levels && (at - tick_) >> (slot_bits * (l + 1)) != 0)
    ++l;
  const auto slot = static_cast<unsigned>(at >> (slot_bits * l)) & (slots - 1);
  timer &head = levels_[l].heads[slot];
  t.prev = head.prev;
  t.next = &head;
  head.prev->next = &t;
  head.prev = &t;
  levels_[l].occupied |= std::uint64_t{1} << slot;
}

void timer_wheel::arm(timer &t, confab_time due) noexcept {
  cancel(t);
  t.due = due;
  if (due != CONFAB_TIME_NEVER)
    place(t, tick_ + 1);
}

void timer_wheel::cancel(timer &t) noexcept {
  if (t.armed())
    unlink(t); // an occupancy bit may stay set: it costs one look at an empty slot
}

std::uint64_t timer_wheel::next_tick() const noexcept {
  std::uint64_t best = UINT64_MAX;
  for (unsigned l = 0; l < levels; ++l) {
    if (levels_[l].occupied == 0)
      continue;
    const std::uint64_t now = tick_ >> (slot_bits * l);
    const auto turn = static_cast<int>((now + 1) & (slots - 1));
    const auto ahead =
        static_cast<unsigned>(std::countr_zero(std::rotr(levels_[l].occupied, turn)));
    best = std::min(best, (now + 1 + ahead) << (slot_bits * l));
  }
  return best;
}

// Moves the timers of the slot that begins at tick_ to finer levels.
void timer_wheel::cascade(unsigned at) noexcept {
  const auto slot = static_cast<unsigned>(tick_ >> (slot_bits * at)) & (slots - 1);
  timer &head = levels_[at].heads[slot];
  levels_[at].occupied &= ~(std::uint64_t{1} << slot);
  timer *t = head.next;
  head.prev = head.next = &head;
  while (t != &head) {
    timer *following = t->next;
    place(*t, tick_); // a timer of this very tick fires in this round
    t = following;
  }
}

timer *timer_wheel::expire(confab_time now) noexcept {
  const std::uint64_t target = now >> tick_bits;
  for (;;) {
    const auto slot = static_cast<unsigned>(tick_) & (slots - 1);
    timer &head = levels_[0].heads[slot];
    if (head.next != &head) {
      timer *t = head.next;
      unlink(*t);
      return t;
    }
    levels_[0].occupied &= ~(std::uint64_t{1} << slot);
    const std::uint64_t next = next_tick();
    if (next > target) {
      tick_ = std::max(tick_, target);
      return nullptr;
    }
    tick_ = next;
    for (unsigned l = levels - 1; l > 0; --l)
      if ((tick_ & ((std::uint64_t{1} << (slot_bits * l)) - 1)) == 0)
        cascade(l);
  }
}

confab_time timer_wheel::deadline() const noexcept {
  const std::uint64_t next = next_tick();
  return next > UINT64_MAX >> tick_bits ? CONFAB_TIME_NEVER : next << tick_bits;
}

} // namespace confab::core
