// SPDX-License-Identifier: MIT
//
// Whose an addition, a hook or a timer is: shared by all functions that add. Inside a callback of a
// plugin what is added is that plugin's, said or not; so nothing of it can stay behind.

#pragma once

#include "abi/handle.hpp"

namespace confab::abi {

// Resolves and checks an owner that a caller gave.
inline confab_status take_owner(confab_engine &e, confab_id &owner) noexcept {
  bus::bus &bus = e.drive().bus;
  const confab_id running = bus.owner();
  if (bus.added.ended())
    return e.fail(CONFAB_ERR_STATE, "the engine ends");
  if (owner == 0)
    owner = running;
  if (owner == 0)
    return CONFAB_OK;
  if (confab_id_kind(owner) != CONFAB_KIND_PLUGIN)
    return e.fail(CONFAB_ERR_ARG, "the owner is no plugin");
  const bus::plugin *p = bus.plugged.find(owner);
  if (!p)
    return e.fail(CONFAB_ERR_STALE_ID, "the owner is gone");
  if (running != 0 && running != owner)
    return e.fail(CONFAB_ERR_DENIED, "the owner is another plugin");
  if (p->at != bus::plugin::phase::creating && p->at != bus::plugin::phase::loaded)
    return e.fail(CONFAB_ERR_STATE, "the owner is on its way out");
  return CONFAB_OK;
}

// May whoever runs touch what that owner has?
inline bool may_touch(confab_engine &e, confab_id owner) noexcept {
  const confab_id running = e.drive().bus.owner();
  return running == 0 || running == owner;
}

// After a change that may have left something to be given back: at once, unless a handler runs.
// The change itself is done, whatever that meets.
inline confab_status settle(confab_engine &e) noexcept {
  if (e.drive().bus.in_handler())
    return CONFAB_OK;
  e.drive().bus.refill();
  const confab_status done = e.drive().finish();
  return done == CONFAB_ERR_INTERNAL ? e.fail(done, "a defect in the library") : CONFAB_OK;
}

} // namespace confab::abi
