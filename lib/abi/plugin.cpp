// SPDX-License-Identifier: MIT
//
// The exported functions of plugin.h. What an entry must be, and what an instance goes through, is
// the bus's business; here arguments are checked and figures read.

#include "abi/names.hpp"
#include "abi/owner.hpp"

#include <cstddef>

using namespace confab;
using namespace confab::abi;
using bus::plugin;

namespace {

constexpr std::uint32_t options_least = offsetof(confab_plugin_options, release) + sizeof(void *);
constexpr std::uint32_t message_least =
    offsetof(confab_plugin_message, answer_ctx) + sizeof(void *);

// Keeps what was the matter: the text is static, what it is about is not.
confab_status fail(confab_engine &e, confab_status status, const confab_problem &why) noexcept {
  return e.fail(status, why.text.ptr ? why.text.ptr : "");
}

confab_status find_plugin(confab_engine &e, confab_id id, plugin *&out) noexcept {
  if (confab_id_kind(id) != CONFAB_KIND_PLUGIN)
    return e.fail(CONFAB_ERR_ARG, "not the id of a plugin");
  out = e.drive().bus.plugged.find(id);
  return out ? CONFAB_OK : e.fail(CONFAB_ERR_STALE_ID, "the plugin is gone");
}

// For functions that only read: those leave no error behind.
confab_status read_plugin(const confab_engine *e, confab_id id, plugin *&out) noexcept {
  if (confab_id_kind(id) != CONFAB_KIND_PLUGIN)
    return CONFAB_ERR_ARG;
  out = const_cast<confab_engine *>(e)->drive().bus.plugged.find(id);
  return out ? CONFAB_OK : CONFAB_ERR_STALE_ID;
}

std::uint32_t hooks_of(bus::bus &bus, confab_id owner) noexcept {
  std::uint32_t count = 0;
  bus.hooks.each_owned(owner, [&](bus::hook &) { ++count; });
  return count;
}

// What the acts led to that a callback of a plugin submitted: its own status counts.
confab_status after(confab_engine &e, confab_status status) noexcept {
  const confab_status done = settle(e);
  return done < 0 ? done : status;
}

} // namespace

confab_status confab_plugin_check(const confab_plugin_entry *entry, confab_problem *why) {
  confab_plugin_entry newest{};
  confab_problem problem{};
  const confab_status status = bus::take_entry(entry, newest, problem);
  if (why)
    *why = problem;
  return status;
}

confab_status confab_plugin_settings_check(const confab_plugin_entry *entry,
                                           const confab_setting_value *settings,
                                           size_t settings_count, confab_problem *why) {
  confab_plugin_entry newest{};
  confab_problem problem{};
  confab_status status = bus::take_entry(entry, newest, problem);
  if (status == CONFAB_OK && settings_count > 0 && !settings) {
    status = CONFAB_ERR_ARG;
    problem.text = CONFAB_STR("there are no settings where some should be");
  }
  if (status == CONFAB_OK)
    status = bus::check_values(newest, {settings, settings_count}, problem);
  if (why)
    *why = problem;
  return status;
}

confab_status confab_plugin_add(confab_engine *engine, const confab_plugin_options *options,
                                confab_id *out) {
  if (out)
    *out = 0;
  return guard_drive(engine, [&](confab_engine &e) -> confab_status {
    if (!options)
      return e.fail(CONFAB_ERR_ARG, "no options");
    confab_plugin_options o = confab_plugin_options_init();
    if (const confab_status taken = take_struct(options, o, options_least); taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    if (o.flags != 0 || !has_bytes(o.name) || (o.settings_count > 0 && !o.settings))
      return e.fail(CONFAB_ERR_ARG, "flags, name or settings");
    confab_problem why{};
    confab_id id = 0;
    e.drive().bus.refill();
    const confab_status status = e.drive().bus.plugged.add(o, id, why);
    if (out)
      *out = id;
    return after(e, status == CONFAB_OK ? status : fail(e, status, why));
  });
}

confab_status confab_plugin_remove(confab_engine *engine, confab_id id, uint32_t drain_ms) {
  return guard_submit(engine, [&](confab_engine &e) -> confab_status {
    plugin *p = nullptr;
    if (const confab_status found = find_plugin(e, id, p); found != CONFAB_OK)
      return found;
    if (!may_touch(e, id))
      return e.fail(CONFAB_ERR_DENIED, "it is another plugin");
    if (p->at == plugin::phase::creating || p->at == plugin::phase::going)
      return e.fail(CONFAB_ERR_STATE, "it is coming or going in this very call");
    e.drive().bus.plugged.remove(*p, drain_ms);
    return settle(e);
  });
}

confab_status confab_plugin_configure(confab_engine *engine, confab_id id,
                                      const confab_setting_value *settings, size_t settings_count) {
  return guard_drive(engine, [&](confab_engine &e) -> confab_status {
    plugin *p = nullptr;
    if (const confab_status found = find_plugin(e, id, p); found != CONFAB_OK)
      return found;
    if (settings_count > 0 && !settings)
      return e.fail(CONFAB_ERR_ARG, "no settings");
    confab_problem why{};
    const confab_status status =
        e.drive().bus.plugged.configure(*p, {settings, settings_count}, why);
    return after(e, status == CONFAB_OK ? status : fail(e, status, why));
  });
}

confab_status confab_plugin_send(confab_engine *engine, confab_id id,
                                 const confab_plugin_message *message) {
  return guard_drive(engine, [&](confab_engine &e) -> confab_status {
    plugin *p = nullptr;
    if (const confab_status found = find_plugin(e, id, p); found != CONFAB_OK)
      return found;
    if (!message)
      return e.fail(CONFAB_ERR_ARG, "no message");
    confab_plugin_message m = confab_plugin_message_init();
    if (const confab_status taken = take_struct(message, m, message_least); taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    if (m.reserved0 != 0 || !has_bytes(m.text))
      return e.fail(CONFAB_ERR_ARG, "a text without bytes");
    if (!p->is.message)
      return e.fail(CONFAB_ERR_UNSUPPORTED, "it takes no messages");
    const confab_status status = e.drive().bus.plugged.message(*p, m);
    return after(e, status < 0 ? e.fail(status, "it did not take the message") : status);
  });
}

confab_status confab_plugin_extension(confab_engine *engine, confab_id id, const char *name,
                                      const void **out) {
  if (out)
    *out = nullptr;
  return guard_drive(engine, [&](confab_engine &e) -> confab_status {
    plugin *p = nullptr;
    if (const confab_status found = find_plugin(e, id, p); found != CONFAB_OK)
      return found;
    if (!name || !out)
      return e.fail(CONFAB_ERR_ARG, "no name, or no place for it");
    *out = e.drive().bus.plugged.extension(*p, name);
    return after(e, *out ? static_cast<confab_status>(CONFAB_OK)
                         : e.fail(CONFAB_ERR_NOT_FOUND, "it has no such extension"));
  });
}

confab_status confab_plugin_setting(const confab_engine *engine, confab_id id, confab_str name,
                                    confab_setting_info *out) {
  return guard_const(engine, [&](core::world &) -> confab_status {
    plugin *p = nullptr;
    if (const confab_status found = read_plugin(engine, id, p); found != CONFAB_OK)
      return found;
    if (!has_bytes(name))
      return CONFAB_ERR_ARG;
    const confab_setting *setting = bus::find_setting(p->is, core::view(name));
    if (!setting)
      return CONFAB_ERR_NOT_FOUND;
    confab_setting_info info{};
    engine->made->bus.plugged.read(*p, static_cast<std::size_t>(setting - p->is.settings), info);
    return give_struct(info, out);
  });
}

confab_status confab_plugin_get(const confab_engine *engine, confab_id id,
                                confab_plugin_info *out) {
  return guard_const(engine, [&](core::world &) -> confab_status {
    plugin *p = nullptr;
    if (const confab_status found = read_plugin(engine, id, p); found != CONFAB_OK)
      return found;
    bus::bus &bus = const_cast<confab_engine *>(engine)->drive().bus;
    confab_plugin_info info{};
    const bool leaving = p->at == plugin::phase::draining || p->at == plugin::phase::going;
    info.state = leaving ? CONFAB_PLUGIN_DRAINING : CONFAB_PLUGIN_LOADED;
    info.entry = p->entry;
    info.name = core::str(p->title.view());
    info.id = confab_str_of(p->is.id);
    info.version = confab_str_of(p->is.version);
    info.summary = confab_str_of(p->is.summary);
    info.hooks = hooks_of(bus, id);
    info.additions = bus.added.owned(id);
    info.timers = bus.added.owned_timers(id);
    info.deferrals = p->deferrals;
    info.messages_total = p->messages;
    info.failed_total = p->failed;
    info.added = p->added;
    return give_struct(info, out);
  });
}

confab_status confab_plugin_next(const confab_engine *engine, confab_id after, confab_id *out) {
  if (out)
    *out = 0;
  return guard_const(engine, [&](core::world &) -> confab_status {
    plugin *p = nullptr;
    if (!out)
      return CONFAB_ERR_ARG;
    if (const confab_status found = read_plugin(engine, after, p); after != 0 && found != CONFAB_OK)
      return found;
    p = const_cast<confab_engine *>(engine)->drive().bus.plugged.after(after);
    *out = p ? bus::plugins::id(*p) : 0;
    return p ? CONFAB_OK : CONFAB_END;
  });
}

confab_status confab_plugin_find(const confab_engine *engine, confab_str name, confab_id *out) {
  if (out)
    *out = 0;
  return guard_const(engine, [&](core::world &) -> confab_status {
    if (!out || !has_bytes(name))
      return CONFAB_ERR_ARG;
    const plugin *p =
        const_cast<confab_engine *>(engine)->drive().bus.plugged.find(core::view(name));
    *out = p ? bus::plugins::id(*p) : 0;
    return p ? CONFAB_OK : CONFAB_ERR_NOT_FOUND;
  });
}

confab_status confab_log(const confab_engine *engine, uint32_t level, confab_str event,
                         confab_str text, confab_id subject) {
  return guard_const(engine, [&](core::world &w) -> confab_status {
    if (level > CONFAB_LOG_ERROR || !has_bytes(event) || !has_bytes(text) ||
        !text_for_people(core::view(event), 64, false) ||
        !text_for_people(core::view(text), 4096, false))
      return CONFAB_ERR_ARG;
    w.log(level, core::view(event), core::view(text), 0, subject);
    return CONFAB_OK;
  });
}
