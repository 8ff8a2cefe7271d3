// SPDX-License-Identifier: MIT
//
// What is done with additions once they are there: walking and removing them, answering a
// connection, reading and writing what hangs on objects, services, events of leased spaces, time.

#include "abi/names.hpp"
#include "abi/owner.hpp"
#include "abi/texts.hpp"

#include "core/properties.hpp"

#include <string>

using namespace confab;
using namespace confab::abi;
using core::addition;
using core::registry;
using core::world;

namespace {

bool is_line(confab_str s) noexcept { return has_bytes(s) && one_line(core::view(s)); }

// The addition of that kind that `id` names; `kind` 0: of any.
confab_status find_addition(world &w, confab_id id, std::uint32_t kind, addition *&out) noexcept {
  if (confab_id_kind(id) != CONFAB_KIND_ADDITION)
    return CONFAB_ERR_ARG;
  out = w.added.find(id);
  if (!out)
    return CONFAB_ERR_STALE_ID;
  return kind == 0 || out->kind == kind ? CONFAB_OK : CONFAB_ERR_ARG;
}

bool alive(world &w, confab_id id) noexcept {
  switch (confab_id_kind(id)) {
  case CONFAB_KIND_CONN:
    return w.conns.find(id) != nullptr;
  case CONFAB_KIND_USER:
    return w.users.find(id) != nullptr;
  case CONFAB_KIND_CHANNEL:
    return w.channels.find(id) != nullptr;
  case CONFAB_KIND_MEMBER:
    return w.members.find(id) != nullptr;
  default:
    return id == 0;
  }
}

confab_status check_object(world &w, confab_id object, std::uint32_t kind) noexcept {
  if (confab_id_kind(object) != kind || (kind == CONFAB_KIND_NONE && object != 0))
    return CONFAB_ERR_ARG;
  return alive(w, object) ? CONFAB_OK : CONFAB_ERR_STALE_ID;
}

// The kind of properties that an object has; 0: none.
std::uint32_t property_kind(confab_id subject) noexcept {
  switch (confab_id_kind(subject)) {
  case CONFAB_KIND_USER:
    return CONFAB_ADDITION_USER_PROPERTY;
  case CONFAB_KIND_CHANNEL:
    return CONFAB_ADDITION_CHANNEL_PROPERTY;
  default:
    return 0;
  }
}

// One that every channel has, and that is kept as a property; null when there is none such.
const core::property_row *own_property(std::uint32_t kind, std::string_view name) noexcept {
  if (kind != CONFAB_ADDITION_CHANNEL_PROPERTY)
    return nullptr;
  const core::property_row *row = core::find_property(name);
  return row && row->kind != core::property_kind::derived ? row : nullptr;
}

confab_addition_info info_of(const addition &a) noexcept {
  confab_addition_info info{};
  info.kind = a.kind;
  info.owner = a.owner;
  info.name = core::str(a.name());
  info.number = a.number;
  info.calls_total = a.calls;
  info.failed_total = a.failed;
  return info;
}

confab_addition_info info_of(const bus::timed &t) noexcept {
  confab_addition_info info{};
  info.kind = CONFAB_ADDITION_TIMER;
  info.owner = t.is.owner;
  info.name = core::str(t.title.view());
  info.number = t.is.interval_ms;
  info.calls_total = t.calls;
  info.failed_total = t.failed;
  return info;
}

// Puts words said to one connection on their way.
confab_status tell(confab_engine &e, confab_id conn, std::uint32_t number, std::string_view params,
                   std::string_view text) {
  bus::bus &bus = e.drive().bus;
  core::conn *to = e.drive().w.conns.find(conn);
  if (confab_id_kind(conn) != CONFAB_KIND_CONN)
    return e.fail(CONFAB_ERR_ARG, "not the id of a connection");
  if (!to)
    return e.fail(CONFAB_ERR_STALE_ID, "the connection is gone");
  if (bus.in_handler() && bus.queued() >= e.drive().w.limits().queued_max)
    return e.fail(CONFAB_ERR_LIMIT, "queued_max");
  bus.tell(*to, number, params, text);
  return bus.in_handler() ? static_cast<confab_status>(CONFAB_OK) : e.drive().finish();
}

} // namespace

// --- additions
// -------------------------------------------------------------------------------------

confab_status confab_addition_remove(confab_engine *engine, confab_id id) {
  return guard_submit(engine, [&](confab_engine &e) -> confab_status {
    bus::additions &all = e.drive().bus.added;
    bus::timed *t = all.find_timer(id);
    addition *a = e.drive().w.added.find(id);
    if (confab_id_kind(id) != CONFAB_KIND_ADDITION && confab_id_kind(id) != CONFAB_KIND_TIMER)
      return e.fail(CONFAB_ERR_ARG, "not the id of an addition");
    if (!a && !t)
      return e.fail(CONFAB_ERR_STALE_ID, "the addition is gone");
    if (!may_touch(e, a ? a->owner : t->is.owner))
      return e.fail(CONFAB_ERR_DENIED, "it is another plugin's, or the host's");
    if (a)
      all.remove(*a);
    else
      all.remove(*t);
    return settle(e);
  });
}

confab_status confab_addition_get(const confab_engine *engine, confab_id id,
                                  confab_addition_info *out) {
  return guard_const(engine, [&](world &w) -> confab_status {
    bus::additions &all = const_cast<confab_engine *>(engine)->drive().bus.added;
    if (confab_id_kind(id) == CONFAB_KIND_TIMER) {
      const bus::timed *t = all.find_timer(id);
      return t ? give_struct(info_of(*t), out) : CONFAB_ERR_STALE_ID;
    }
    addition *a = nullptr;
    const confab_status found = find_addition(w, id, 0, a);
    return found != CONFAB_OK ? found : give_struct(info_of(*a), out);
  });
}

confab_status confab_addition_next(const confab_engine *engine, confab_id after, confab_id *out) {
  if (out)
    *out = 0;
  return guard_const(engine, [&](world &w) -> confab_status {
    bus::additions &all = const_cast<confab_engine *>(engine)->drive().bus.added;
    const bool timers = confab_id_kind(after) == CONFAB_KIND_TIMER;
    if (!out || (after != 0 && !timers && confab_id_kind(after) != CONFAB_KIND_ADDITION))
      return CONFAB_ERR_ARG;
    if (after != 0 && !(timers ? all.find_timer(after) != nullptr : w.added.find(after) != nullptr))
      return CONFAB_ERR_STALE_ID;
    if (const addition *a = timers ? nullptr : all.addition_after(after)) {
      *out = registry::id(*a);
      return CONFAB_OK;
    }
    const bus::timed *t = all.timer_after(timers ? after : 0);
    *out = t ? bus::additions::id(*t) : 0;
    return t ? CONFAB_OK : CONFAB_END;
  });
}

confab_status confab_addition_find(const confab_engine *engine, uint32_t kind, confab_str name,
                                   confab_id *out) {
  if (out)
    *out = 0;
  return guard_const(engine, [&](world &w) -> confab_status {
    if (!out || kind == 0 || kind > CONFAB_ADDITION_TIMER || !has_bytes(name))
      return CONFAB_ERR_ARG;
    if (kind == CONFAB_ADDITION_TIMER) {
      bus::additions &all = const_cast<confab_engine *>(engine)->drive().bus.added;
      const bus::timed *t = all.timer_after(0);
      while (t && t->title.view() != core::view(name))
        t = all.timer_after(bus::additions::id(*t));
      *out = t ? bus::additions::id(*t) : 0;
    } else if (const addition *a = w.added.find(kind, core::view(name))) {
      *out = registry::id(*a);
    }
    return *out != 0 ? CONFAB_OK : CONFAB_ERR_NOT_FOUND;
  });
}

// --- answers
// ---------------------------------------------------------------------------------------

confab_status confab_reply_notice(confab_engine *engine, confab_id conn, confab_str text) {
  return guard_submit(engine, [&](confab_engine &e) -> confab_status {
    if (!is_line(text))
      return e.fail(CONFAB_ERR_ARG, "the text is not one line");
    return tell(e, conn, 0, {}, core::view(text));
  });
}

confab_status confab_reply_numeric(confab_engine *engine, confab_id conn, confab_id numeric,
                                   const confab_str *params, size_t count, confab_str text) {
  return guard_submit(engine, [&](confab_engine &e) -> confab_status {
    constexpr std::size_t params_max = CONFAB_PARAMS_MAX - 2; // the nick, and the text
    addition *a = nullptr;
    const confab_status found = find_addition(e.drive().w, numeric, CONFAB_ADDITION_NUMERIC, a);
    if (found != CONFAB_OK)
      return e.fail(found, "not an added numeric");
    if (count > params_max || (count > 0 && !params) || !is_line(text))
      return e.fail(CONFAB_ERR_ARG, "too many parameters, or a text that is not one line");
    std::pmr::string words(&e.mem);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string_view word = core::view(params[i]);
      if (!is_line(params[i]) || word.starts_with(':') || word.find(' ') != std::string_view::npos)
        return e.fail(CONFAB_ERR_ARG, "a parameter that is no word");
      words += i > 0 ? "\n" : "";
      words += word.empty() ? std::string_view("*") : word;
    }
    return tell(e, conn, a->number, words, text.len > 0 ? core::view(text) : a->more.view());
  });
}

confab_status confab_conn_has_capability(const confab_engine *engine, confab_id conn,
                                         confab_id capability) {
  return guard_const(engine, [&](world &w) -> confab_status {
    addition *a = nullptr;
    const confab_status found = find_addition(w, capability, CONFAB_ADDITION_CAPABILITY, a);
    if (found != CONFAB_OK)
      return found;
    if (const confab_status is = check_object(w, conn, CONFAB_KIND_CONN); is != CONFAB_OK)
      return is;
    return (w.conns.find(conn)->capabilities & a->number) != 0 ? CONFAB_OK : CONFAB_END;
  });
}

// --- what hangs on objects
// -------------------------------------------------------------------------------

confab_status confab_channel_mode_value(const confab_engine *engine, confab_id channel,
                                        uint32_t mode, confab_str *out) {
  if (out)
    *out = {};
  return guard_const(engine, [&](world &w) -> confab_status {
    const addition *a = w.added.channel_mode(mode);
    if (!out || (mode > CONFAB_CMODE_LIMIT && !a))
      return CONFAB_ERR_ARG;
    if (const confab_status is = check_object(w, channel, CONFAB_KIND_CHANNEL); is != CONFAB_OK)
      return is;
    if (a)
      *out = core::str(w.added.text_on(channel, *a));
    else if (mode == CONFAB_CMODE_KEY)
      *out = core::str(w.channels.find(channel)->key.view());
    return CONFAB_OK;
  });
}

confab_status confab_property_get(const confab_engine *engine, confab_id subject, confab_str name,
                                  confab_str *out) {
  if (out)
    *out = {};
  return guard_const(engine, [&](world &w) -> confab_status {
    const std::uint32_t kind = property_kind(subject);
    if (!out || kind == 0 || !has_bytes(name))
      return CONFAB_ERR_ARG;
    if (!alive(w, subject))
      return CONFAB_ERR_STALE_ID;
    if (const core::property_row *own = own_property(kind, core::view(name))) {
      *out = core::str(core::property_text(w, *w.channels.find(subject), own->id));
      return CONFAB_OK;
    }
    const addition *a = w.added.find(kind, core::view(name));
    if (!a)
      return CONFAB_ERR_NOT_FOUND;
    *out = core::str(w.added.text_on(subject, *a));
    return CONFAB_OK;
  });
}

confab_status confab_property_next(const confab_engine *engine, confab_id subject, confab_id after,
                                   confab_id *out, confab_str *value) {
  if (out)
    *out = 0;
  if (value)
    *value = {};
  return guard_const(engine, [&](world &w) -> confab_status {
    const std::uint32_t kind = property_kind(subject);
    if (!out || kind == 0)
      return CONFAB_ERR_ARG;
    if (!alive(w, subject))
      return CONFAB_ERR_STALE_ID;
    addition *last = nullptr;
    if (const confab_status found = find_addition(w, after, kind, last);
        after != 0 && found != CONFAB_OK)
      return found;
    if (last && w.added.text_on(subject, *last).empty())
      return CONFAB_ERR_STALE_ID;
    bus::additions &all = const_cast<confab_engine *>(engine)->drive().bus.added;
    for (addition *a = all.addition_after(after); a; a = all.addition_after(registry::id(*a)))
      if (const std::string_view text = w.added.text_on(subject, *a);
          a->kind == kind && !text.empty()) {
        *out = registry::id(*a);
        if (value)
          *value = core::str(text);
        return CONFAB_OK;
      }
    return CONFAB_END;
  });
}

confab_status confab_property_allowed(const confab_engine *engine, confab_id viewer,
                                      confab_id subject, confab_id property, uint32_t write) {
  return guard_const(engine, [&](world &w) -> confab_status {
    const std::uint32_t kind = property_kind(subject);
    addition *a = nullptr;
    const confab_status found = find_addition(w, property, kind, a);
    if (kind == 0 || found != CONFAB_OK)
      return kind == 0 ? CONFAB_ERR_ARG : found;
    const core::user *who = w.users.find(viewer);
    if (viewer != 0 && confab_id_kind(viewer) != CONFAB_KIND_USER)
      return CONFAB_ERR_ARG;
    if ((viewer != 0 && !who) || !alive(w, subject))
      return CONFAB_ERR_STALE_ID;
    return core::property_allowed(w, who, subject, *a, write != 0) ? CONFAB_OK : CONFAB_ERR_DENIED;
  });
}

confab_status confab_slot_set(confab_engine *engine, confab_id slot, confab_id object, void *data) {
  return guard_submit(engine, [&](confab_engine &e) -> confab_status {
    addition *a = nullptr;
    confab_status status = find_addition(e.drive().w, slot, CONFAB_ADDITION_SLOT, a);
    if (status != CONFAB_OK)
      return e.fail(status, "not a slot");
    status = check_object(e.drive().w, object, a->as<confab_slot_spec>().kind);
    if (status != CONFAB_OK)
      return e.fail(status, "not an object of that slot");
    if (!may_touch(e, a->owner))
      return e.fail(CONFAB_ERR_DENIED, "it is another plugin's, or the host's");
    e.drive().bus.added.set_data(*a, object, data);
    return settle(e);
  });
}

confab_status confab_slot_get(const confab_engine *engine, confab_id slot, confab_id object,
                              void **data) {
  if (data)
    *data = nullptr;
  return guard_const(engine, [&](world &w) -> confab_status {
    addition *a = nullptr;
    if (!data)
      return CONFAB_ERR_ARG;
    confab_status status = find_addition(w, slot, CONFAB_ADDITION_SLOT, a);
    if (status == CONFAB_OK)
      status = check_object(w, object, a->as<confab_slot_spec>().kind);
    if (status != CONFAB_OK)
      return status;
    const core::hung *entry = w.added.hangs.find(object, slot);
    *data = entry ? entry->data : nullptr;
    return CONFAB_OK;
  });
}

// --- what plugins have for each other
// -----------------------------------------------------------------

confab_status confab_service_find(const confab_engine *engine, confab_str name,
                                  uint32_t version_least, const void **table, confab_id *service) {
  if (table)
    *table = nullptr;
  if (service)
    *service = 0;
  return guard_const(engine, [&](world &w) -> confab_status {
    if (!table || !has_bytes(name))
      return CONFAB_ERR_ARG;
    const addition *a = w.added.find(CONFAB_ADDITION_SERVICE, core::view(name));
    if (!a)
      return CONFAB_ERR_NOT_FOUND;
    if (a->number < version_least)
      return CONFAB_ERR_UNSUPPORTED;
    *table = a->as<confab_service_spec>().table;
    if (service)
      *service = registry::id(*a);
    return CONFAB_OK;
  });
}

confab_status confab_engine_time(const confab_engine *engine, confab_time *now, int64_t *unix_ns) {
  return guard_const(engine, [&](world &w) -> confab_status {
    if (now)
      *now = w.now;
    if (unix_ns)
      *unix_ns = w.unix_ns();
    return CONFAB_OK;
  });
}
