// SPDX-License-Identifier: MIT
//
// The exported functions of hook.h: subscriptions, and what a handler may do with its call.
// When handlers are called, and what their verdicts mean, is the bus's business.

#include "abi/owner.hpp"
#include "abi/texts.hpp"

#include <cstddef>

using namespace confab;
using namespace confab::abi;

namespace {

constexpr std::uint32_t hook_least = offsetof(confab_hook, release) + sizeof(void *);
constexpr std::uint32_t protocols_known =
    CONFAB_PROTOCOL_IRC | CONFAB_PROTOCOL_IRCV3 | CONFAB_PROTOCOL_IRCX | CONFAB_PROTOCOL_MIC;
constexpr std::uint32_t flags_known =
    CONFAB_HOOK_FAIL_OPEN | CONFAB_HOOK_SHADOW | CONFAB_HOOK_HAS_TEXT;
constexpr std::uint32_t origins_known = CONFAB_EVENT_FROM_HOST | CONFAB_EVENT_FROM_CLIENT |
                                        CONFAB_EVENT_FROM_HANDLER | CONFAB_EVENT_FROM_ENGINE;

bool scope_alive(core::world &w, confab_id id) noexcept {
  return id == 0 || w.conns.find(id) || w.users.find(id) || w.channels.find(id) ||
         w.members.find(id);
}

// A handler tried what its stage may only read: that is seen.
confab_status wrong_stage(confab_call &c) noexcept {
  c.through->misused(*c.by, c.event, CONFAB_FAILURE_STAGE, CONFAB_ERR_STAGE);
  return CONFAB_ERR_STAGE;
}

} // namespace

confab_status confab_hook_add(confab_engine *engine, const confab_hook *hook, confab_id *out) {
  if (out)
    *out = 0;
  return guard_submit(engine, [&](confab_engine &e) {
    if (!hook)
      return e.fail(CONFAB_ERR_ARG, "no hook");
    confab_hook h = confab_hook_init();
    const confab_status taken = take_struct(hook, h, hook_least);
    if (taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    bus::hook_table &hooks = e.drive().bus.hooks;
    if (!h.call || !hooks.known(h.space, h.type) || h.stage >= CONFAB_STAGE_COUNT ||
        (h.protocols & ~protocols_known) != 0 || (h.flags & ~flags_known) != 0 ||
        (h.origins & ~origins_known) != 0 || (h.name.len > 0 && !h.name.ptr))
      return e.fail(CONFAB_ERR_ARG, "no call, or an unknown type, stage, protocol, origin or flag");
    if (const confab_status owned = take_owner(e, h.owner); owned != CONFAB_OK)
      return owned;
    if (!scope_alive(e.drive().w, h.scope))
      return e.fail(CONFAB_ERR_STALE_ID, "the scope is gone");
    if (hooks.size() >= e.drive().w.limits().hooks_max)
      return e.fail(CONFAB_ERR_LIMIT, "hooks_max");
    if (const bus::plugin *p = e.drive().bus.plugged.find(h.owner); p && h.name.len == 0)
      h.name = core::str(p->title.view());
    const confab_id id = hooks.add(h);
    e.drive().bus.hooks_changed();
    if (out)
      *out = id;
    return static_cast<confab_status>(CONFAB_OK);
  });
}

confab_status confab_hook_remove(confab_engine *engine, confab_id hook) {
  return guard_submit(engine, [&](confab_engine &e) {
    if (confab_id_kind(hook) != CONFAB_KIND_HOOK)
      return e.fail(CONFAB_ERR_ARG, "not the id of a hook");
    bus::hook *h = e.drive().bus.hooks.find(hook);
    if (!h)
      return e.fail(CONFAB_ERR_STALE_ID, "the hook is gone");
    e.drive().bus.remove_hook(*h);
    return e.drive().bus.in_handler() ? static_cast<confab_status>(CONFAB_OK) : e.drive().finish();
  });
}

confab_engine *confab_call_engine(confab_call *call) {
  return call ? call->through->handle : nullptr;
}

confab_status confab_call_deny(confab_call *call, uint32_t code, confab_str text,
                               uint32_t visibility) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_POLICY)
      return wrong_stage(c);
    const confab_status legal = denial_legal(c.through->w.limits(), code, text, visibility);
    if (legal != CONFAB_OK)
      return legal;
    c.text.assign(c.through->w.mem, core::view(text));
    c.code = code;
    c.visibility = visibility;
    return CONFAB_OK;
  });
}

confab_status confab_call_override(confab_call *call, confab_str reason) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_OVERRIDE)
      return wrong_stage(c);
    if (reason.len > 0 && !reason.ptr)
      return CONFAB_ERR_ARG;
    if (reason.len > c.through->w.limits().line_bytes_max)
      return CONFAB_ERR_TOO_LONG;
    c.text.assign(c.through->w.mem, core::view(reason));
    return CONFAB_OK;
  });
}

confab_status confab_call_set(confab_call *call, uint32_t field, confab_str value) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_TRANSFORM)
      return wrong_stage(c);
    const core::event_field *place = core::find_field(*c.event, field);
    const confab_status legal = text_legal(c.through->w.limits(), *c.event, place, value);
    if (legal != CONFAB_OK)
      return legal;
    c.through->rewrite(*c.op, *c.event, *place, core::view(value), bus::hook_table::id(*c.by));
    c.rewrote = true;
    return CONFAB_OK;
  });
}

confab_status confab_call_set_number(confab_call *call, uint32_t field, uint64_t value) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_TRANSFORM)
      return wrong_stage(c);
    const core::event_number *place = core::find_number(*c.event, field);
    if (!place || (place->bytes == sizeof(std::uint32_t) && value > UINT32_MAX))
      return CONFAB_ERR_ARG;
    c.through->rewrite(*c.op, *c.event, *place, value, bus::hook_table::id(*c.by));
    c.rewrote = true;
    return CONFAB_OK;
  });
}

const confab_event *confab_call_event(confab_call *call) {
  return call ? &call->event->head : nullptr;
}

confab_status confab_call_original(confab_call *call, uint32_t field, confab_str *out,
                                   confab_id *changed_by) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    const core::event_field *place = core::find_field(*c.event, field);
    if (!out || !place)
      return CONFAB_ERR_ARG;
    const core::rewriting *record = c.event == &c.op->event ? c.op->rewritten : nullptr;
    *out = core::field_of(record ? record->before : *c.event, *place);
    const auto fields = core::info_of(c.event->head).fields;
    if (changed_by)
      *changed_by = record ? record->by[static_cast<std::size_t>(place - fields.data())] : 0;
    return CONFAB_OK;
  });
}

confab_status confab_call_cause(confab_call *call, uint32_t index, confab_cause *out) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (!out)
      return CONFAB_ERR_ARG;
    core::cause_chain *chain = c.op->causes;
    if (!chain || index >= chain->count)
      return CONFAB_END;
    const core::cause_link &link = chain->links()[index];
    return give_struct(confab_cause{sizeof(confab_cause), link.type, link.seq, link.hook}, out);
  });
}

confab_status confab_call_outcome(confab_call *call, confab_outcome *out) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_OVERRIDE && c.stage != CONFAB_STAGE_OBSERVE)
      return CONFAB_ERR_STAGE;
    confab_outcome outcome{};
    c.through->fill_outcome(*c.op, c.outcome, outcome);
    return give_struct(outcome, out);
  });
}

confab_status confab_event_next(confab_engine *engine, const confab_event **event,
                                confab_outcome *outcome, uint64_t *lost) {
  if (event)
    *event = nullptr;
  return guard_drive(engine, [&](confab_engine &e) {
    if (!event)
      return e.fail(CONFAB_ERR_ARG, "no place for the event");
    if (e.drive().w.limits().events_max == 0)
      return e.fail(CONFAB_ERR_STATE, "events_max is 0");
    confab_outcome full{};
    if (outcome && give_struct(full, outcome) != CONFAB_OK)
      return e.fail(CONFAB_ERR_STRUCT, "struct_size");
    const confab_status status = e.drive().bus.next_event(event, &full, lost);
    return status == CONFAB_OK && outcome ? give_struct(full, outcome) : status;
  });
}
