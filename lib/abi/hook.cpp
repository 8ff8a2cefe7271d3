// SPDX-License-Identifier: MIT
//
// The exported functions of hook.h: subscriptions, and what a handler may do with its call.
// When handlers are called, and what their verdicts mean, is the bus's business.

#include "abi/handle.hpp"

#include <cstddef>

using namespace confab;
using namespace confab::abi;

namespace {

constexpr std::uint32_t hook_least = offsetof(confab_hook, release) + sizeof(void *);
constexpr std::uint32_t protocols_known = CONFAB_PROTOCOL_IRC;

bool scope_alive(core::world &w, confab_id id) noexcept {
  return id == 0 || w.conns.find(id) || w.users.find(id) || w.channels.find(id) ||
         w.members.find(id);
}

// One line: no end of line and no NUL inside.
bool one_line(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

// Whole lines with their ends, none of them empty: transports that carry each line in a message of
// its own find their ends.
bool whole_lines(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(std::string_view("\r\n\0", 3));
    if (end == std::string_view::npos || end == 0 || text.substr(end, 2) != "\r\n")
      return false;
    text.remove_prefix(end + 2);
  }
  return true;
}

const core::event_field *find_field(const core::event_box &event, std::uint32_t field) noexcept {
  for (const core::event_field &f : core::info_of(event.head.type).fields)
    if (f.field != 0 && f.field == field)
      return &f;
  return nullptr;
}

// The bound of a text that a handler writes: that of the member it goes to.
std::size_t field_bytes_max(const confab_engine_options &o, std::uint16_t type,
                            std::uint32_t field) {
  switch (field) {
  case CONFAB_FIELD_NICK:
    return o.nick_bytes_max;
  case CONFAB_FIELD_USERNAME:
    return o.username_bytes_max;
  case CONFAB_FIELD_HOSTNAME:
    return UINT8_MAX;
  case CONFAB_FIELD_REALNAME:
    return o.realname_bytes_max;
  case CONFAB_FIELD_NAME:
    return o.channel_bytes_max;
  case CONFAB_FIELD_KEY:
  case CONFAB_FIELD_VALUE:
    return o.key_bytes_max;
  case CONFAB_FIELD_MASK:
    return o.mask_bytes_max;
  default:
    break;
  }
  switch (type) {
  case CONFAB_EVENT_TOPIC:
    return o.topic_bytes_max;
  case CONFAB_EVENT_USER_CHANGE:
    return o.away_bytes_max;
  case CONFAB_EVENT_MESSAGE:
  case CONFAB_EVENT_LINE_IN:
    return o.line_bytes_max;
  case CONFAB_EVENT_LINE_OUT:
    return o.output_backlog_bytes_max;
  default:
    return o.reason_bytes_max;
  }
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
    const bool known =
        h.space == 0 && h.type < CONFAB_EVENT_TYPE_END && h.stage < CONFAB_STAGE_COUNT;
    if (!h.call || !known || h.reserved0 != 0 || (h.protocols & ~protocols_known) != 0 ||
        (h.flags & ~static_cast<std::uint32_t>(CONFAB_HOOK_FAIL_OPEN)) != 0)
      return e.fail(CONFAB_ERR_ARG, "no call, or an unknown type, stage, protocol or flag");
    if (!scope_alive(e.drive().w, h.scope))
      return e.fail(CONFAB_ERR_STALE_ID, "the scope is gone");
    bus::hook_table &hooks = e.drive().bus.hooks;
    if (hooks.size() >= e.drive().w.limits().hooks_max)
      return e.fail(CONFAB_ERR_LIMIT, "hooks_max");
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
    e.drive().bus.hooks.remove(*h);
    e.drive().bus.hooks_changed();
    return static_cast<confab_status>(CONFAB_OK);
  });
}

confab_status confab_hook_stats_get(const confab_engine *engine, confab_id hook,
                                    confab_hook_stats *out) {
  return guard_const(engine, [&](core::world &) -> confab_status {
    if (confab_id_kind(hook) != CONFAB_KIND_HOOK)
      return CONFAB_ERR_ARG;
    const bus::hook *h = engine->made->bus.hooks.find(hook);
    return h ? give_struct(h->stats, out) : CONFAB_ERR_STALE_ID;
  });
}

confab_engine *confab_call_engine(confab_call *call) {
  return call ? call->through->handle : nullptr;
}

confab_status confab_call_deny(confab_call *call, uint32_t code, confab_str text,
                               uint32_t visibility) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_POLICY)
      return CONFAB_ERR_STAGE;
    if (code == CONFAB_REFUSED_NONE || code >= CONFAB_REFUSED_END ||
        visibility > CONFAB_DENIAL_SHADOW || (text.len > 0 && !text.ptr) ||
        !one_line(core::view(text)))
      return CONFAB_ERR_ARG;
    if (text.len > c.through->w.limits().line_bytes_max)
      return CONFAB_ERR_TOO_LONG;
    c.text.assign(c.through->w.mem, core::view(text));
    c.code = code;
    c.visibility = visibility;
    return CONFAB_OK;
  });
}

confab_status confab_call_override(confab_call *call, confab_str reason) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    if (c.stage != CONFAB_STAGE_OVERRIDE)
      return CONFAB_ERR_STAGE;
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
      return CONFAB_ERR_STAGE;
    core::operation &op = *c.op;
    const core::event_field *place = find_field(op.event, field);
    if (!place || (value.len > 0 && !value.ptr))
      return CONFAB_ERR_ARG;
    const bool raw = op.type() == CONFAB_EVENT_LINE_OUT;
    if (!(raw ? whole_lines(core::view(value)) : one_line(core::view(value))))
      return CONFAB_ERR_ARG;
    if (value.len > field_bytes_max(c.through->w.limits(), op.type(), field))
      return CONFAB_ERR_TOO_LONG;
    if (!op.original)
      op.original = op.mem->create<core::event_box>(op.event);
    core::field_of(op.event, *place) = core::str(op.keep(core::view(value)));
    op.changed_by = bus::hook_table::id(*c.by);
    c.rewrote = true;
    return CONFAB_OK;
  });
}

const confab_event *confab_call_event(confab_call *call) {
  if (!call)
    return nullptr;
  return call->stage == CONFAB_STAGE_TRANSFORM ? &call->op->event.head : &call->event->head;
}

confab_status confab_call_original(confab_call *call, uint32_t field, confab_str *out,
                                   confab_id *changed_by) {
  return guard_hook(call, [&](confab_call &c) -> confab_status {
    const core::event_box &event = c.op->original ? *c.op->original : c.op->event;
    const core::event_field *place = find_field(event, field);
    if (!out || !place)
      return CONFAB_ERR_ARG;
    *out = core::field_of(event, *place);
    if (changed_by)
      *changed_by = c.op->changed_by;
    return CONFAB_OK;
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
