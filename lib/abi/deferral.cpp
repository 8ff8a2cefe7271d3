// SPDX-License-Identifier: MIT
//
// The exported functions of deferral.h: checks in front of the bus, where acts wait and go on.
// What an answer leads to is the bus's business.

#include "abi/handle.hpp"
#include "abi/texts.hpp"

using namespace confab;
using namespace confab::abi;

namespace {

template <class Body>
confab_status read_bus(const confab_engine *engine, Body &&body) noexcept {
  return guard_const(engine, [&](core::world &) { return body(engine->made->bus); });
}

} // namespace

confab_status confab_call_defer(confab_call *call, uint32_t wait_ms, confab_id *token) {
  if (token)
    *token = 0;
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (!token)
      return CONFAB_ERR_ARG;
    const confab_status status = c.through->defer(c, wait_ms, *token);
    if (status == CONFAB_ERR_STAGE)
      c.through->misused(*c.by, c.event, CONFAB_FAILURE_STAGE, status);
    return status;
  });
}

confab_status confab_deferral_set(confab_engine *engine, confab_id token, uint32_t field,
                                  confab_str value) {
  return guard_submit(engine, [&](confab_engine &e) {
    if (confab_id_kind(token) != CONFAB_KIND_DEFERRAL)
      return e.fail(CONFAB_ERR_ARG, "not a token");
    bus::bus &bus = e.drive().bus;
    if (const bus::deferral *d = bus.find_deferral(token)) {
      const core::event_box &event = bus::bus::event_of(*d);
      const confab_status legal =
          text_legal(e.drive().w.limits(), event, core::find_field(event, field), value);
      if (legal != CONFAB_OK)
        return e.fail(legal, "the text, or the member it is for");
    }
    const confab_status status = bus.replace_deferred(token, field, core::view(value));
    return status < 0 ? e.fail(status, "the token is dead, or another's") : status;
  });
}

confab_status confab_deferral_resolve(confab_engine *engine, confab_id token,
                                      confab_verdict verdict, uint32_t code, confab_str text,
                                      uint32_t visibility) {
  return guard_submit(engine, [&](confab_engine &e) {
    if (confab_id_kind(token) != CONFAB_KIND_DEFERRAL)
      return e.fail(CONFAB_ERR_ARG, "not a token");
    const bool passes = verdict == CONFAB_PASS && code == 0 && text.len == 0 && visibility == 0;
    if (!passes && verdict != CONFAB_DENY)
      return e.fail(CONFAB_ERR_ARG, "neither PASS alone nor DENY");
    if (!passes) {
      const confab_status legal = denial_legal(e.drive().w.limits(), code, text, visibility);
      if (legal != CONFAB_OK)
        return e.fail(legal, "the denial's code, text or visibility");
    }
    const confab_status status =
        e.drive().bus.resolve_deferral(token, verdict, code, core::view(text), visibility);
    if (status != CONFAB_OK)
      return e.fail(status, "the token is dead, or another's");
    if (e.drive().bus.in_handler())
      return status;
    e.drive().bus.refill();
    return e.drive().finish();
  });
}

confab_status confab_deferral_get(const confab_engine *engine, confab_id token,
                                  confab_deferral_info *out) {
  return read_bus(engine, [&](const bus::bus &bus) -> confab_status {
    if (confab_id_kind(token) != CONFAB_KIND_DEFERRAL)
      return CONFAB_ERR_ARG;
    const bus::deferral *d = bus.find_deferral(token);
    if (!d)
      return CONFAB_ERR_STALE_ID;
    return give_struct(confab_deferral_info{sizeof(confab_deferral_info), 0, d->hook, d->since,
                                            d->deadline, &bus::bus::event_of(*d).head},
                       out);
  });
}

confab_status confab_deferral_next(const confab_engine *engine, confab_id after, confab_id *out) {
  if (out)
    *out = 0;
  return read_bus(engine, [&](const bus::bus &bus) -> confab_status {
    if (!out || (after != 0 && confab_id_kind(after) != CONFAB_KIND_DEFERRAL))
      return CONFAB_ERR_ARG;
    if (after != 0 && !bus.find_deferral(after))
      return CONFAB_ERR_STALE_ID;
    const bus::deferral *d = bus.deferral_after(after);
    if (!d)
      return CONFAB_END;
    *out = bus::bus::id(*d);
    return CONFAB_OK;
  });
}
