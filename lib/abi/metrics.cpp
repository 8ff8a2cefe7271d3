// SPDX-License-Identifier: MIT
//
// The exported functions of metrics.h: what hooks did and cost, read one by one or as one text.
// The text itself is written by bus/metrics.cpp.

#include "abi/handle.hpp"

#include "bus/metrics.hpp"

using namespace confab;
using namespace confab::abi;

namespace {

// Runs `body` on a living hook.
template <class Body>
confab_status read_hook(const confab_engine *engine, confab_id id, Body &&body) noexcept {
  return guard_const(engine, [&](core::world &) -> confab_status {
    if (confab_id_kind(id) != CONFAB_KIND_HOOK)
      return CONFAB_ERR_ARG;
    const bus::hook *h = engine->made->bus.hooks.find(id);
    return h ? body(*h) : CONFAB_ERR_STALE_ID;
  });
}

} // namespace

confab_status confab_hook_stats_get(const confab_engine *engine, confab_id hook,
                                    confab_hook_stats *out) {
  return read_hook(engine, hook, [&](const bus::hook &h) { return give_struct(h.stats, out); });
}

confab_status confab_hook_get(const confab_engine *engine, confab_id hook, confab_hook_info *out) {
  return read_hook(engine, hook, [&](const bus::hook &h) {
    return give_struct(confab_hook_info{sizeof(confab_hook_info), h.is.space, h.is.type, h.is.stage,
                                        h.is.priority, h.is.flags, h.is.scope, h.is.owner,
                                        core::str(h.name.view())},
                       out);
  });
}

confab_status confab_hook_next(const confab_engine *engine, confab_id after, confab_id *out) {
  if (out)
    *out = 0;
  return guard_const(engine, [&](core::world &) -> confab_status {
    if (!out || (after != 0 && confab_id_kind(after) != CONFAB_KIND_HOOK))
      return CONFAB_ERR_ARG;
    const bus::hook_table &hooks = engine->made->bus.hooks;
    if (after != 0 && !hooks.find(after))
      return CONFAB_ERR_STALE_ID;
    const bus::hook *h = hooks.after(after);
    if (!h)
      return CONFAB_END;
    *out = bus::hook_table::id(*h);
    return CONFAB_OK;
  });
}

confab_status confab_metrics_text(confab_engine *engine, confab_str *out) {
  if (out)
    *out = confab_str{nullptr, 0};
  return guard_drive(engine, [&](confab_engine &e) {
    if (!out)
      return e.fail(CONFAB_ERR_ARG, "no place for the text");
    e.metrics.clear();
    bus::write_metrics(stats_of(e), e.drive().bus.hooks, e.metrics);
    *out = core::str(e.metrics);
    return static_cast<confab_status>(CONFAB_OK);
  });
}
