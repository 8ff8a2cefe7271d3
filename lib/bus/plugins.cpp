// SPDX-License-Identifier: MIT
//
// Adding, telling and removing instances: see plugins.hpp. An instance that fails to be created was
// never there; one that is removed gets nothing new, waits for its tokens where it may, and goes
// between two acts.

#include "bus/bus.hpp"

#include "text/ascii.hpp"

#include <algorithm>
#include <utility>

namespace confab::bus {

namespace {

// The part of an id behind its last dot.
std::string_view last_part(std::string_view id) noexcept {
  const std::size_t dot = id.rfind('.');
  return dot == std::string_view::npos ? id : id.substr(dot + 1);
}

bool name_legal(std::string_view name) noexcept {
  return !name.empty() && name.size() <= 32 && std::all_of(name.begin(), name.end(), [](char c) {
    return text::is_alpha(c) || text::is_digit(c) || c == '-' || c == '_';
  });
}

confab_status no_answer(void *, confab_str) { return CONFAB_OK; }

// Who said something as a client, and is answered by a line.
struct asker {
  bus &through;
  confab_id conn;
};

confab_status answer(void *ctx, confab_str line) {
  const asker &who = *static_cast<const asker *>(ctx);
  core::conn *to = who.through.w.conns.find(who.conn);
  const std::string_view text = core::view(line);
  if ((line.len > 0 && !line.ptr) ||
      text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos)
    return CONFAB_ERR_ARG;
  if (!to)
    return CONFAB_ERR_STALE_ID;
  if (who.through.queued() >= who.through.w.limits().queued_max)
    return CONFAB_ERR_LIMIT;
  try {
    who.through.tell(*to, 0, {}, text);
  } catch (const std::bad_alloc &) {
    return CONFAB_ERR_NOMEM;
  }
  return CONFAB_OK;
}

} // namespace

plugins::plugins(bus &through) : bus_(through), all_(through.w.mem) {}

plugins::~plugins() {
  for (plugin *p = after(0); p; p = after(id(*p))) {
    bus_.w.timers.cancel(p->clock);
    p->title.clear(bus_.w.mem);
    clear(p->values);
  }
}

plugin *plugins::find(std::string_view name) noexcept {
  plugin *p = after(0);
  while (p && !text::iequals(p->title.view(), name))
    p = after(id(*p));
  return p;
}

plugin *plugins::after(confab_id id) noexcept {
  const std::uint32_t i = id == 0 ? all_.first() : all_.next(core::id_index(id));
  return i == decltype(all_)::none ? nullptr : &all_.at(i);
}

void plugins::tell(confab_id which, std::string_view name, std::uint32_t state,
                   confab_status status, const confab_problem &why) noexcept {
  if (ended_)
    return;
  char text[256];
  std::size_t used = core::view(why.about).copy(text, 100);
  if (used > 0)
    used += std::string_view(": ").copy(text + used, 2);
  used += core::view(why.text).copy(text + used, sizeof text - used);
  core::event_box told = core::make_event(CONFAB_EVENT_PLUGIN);
  told.plugin.plugin = which;
  told.plugin.state = state;
  told.plugin.status = status;
  told.plugin.name = core::str(name);
  told.plugin.text = core::str({text, used});
  static constexpr std::string_view names[] = {"", "plugin.loaded", "plugin.draining",
                                               "plugin.gone", "plugin.refused"};
  bus_.w.log(state == CONFAB_PLUGIN_REFUSED ? CONFAB_LOG_ERROR : CONFAB_LOG_INFO, names[state],
             name, 0, which);
  bus_.notify(told);
}

void plugins::note(plugin &p, confab_status status, std::string_view what) noexcept {
  if (status >= 0)
    return;
  ++p.failed;
  bus_.w.log(CONFAB_LOG_ERROR, what, p.title.view(), 0, id(p));
}

// --- adding
// ----------------------------------------------------------------------------------------

confab_status plugins::fits(const confab_plugin_options &options, const confab_plugin_entry &entry,
                            std::string_view name, confab_problem &why) noexcept {
  const auto says = [&](confab_status status, std::string_view about, const char *text) {
    why = {core::str(about), confab_str_of(text)};
    return status;
  };
  const confab_status values = check_values(entry, {options.settings, options.settings_count}, why);
  if (values != CONFAB_OK)
    return values;
  if (!name_legal(name))
    return says(CONFAB_ERR_NAME, "name", "it is none");
  if (find(name))
    return says(CONFAB_ERR_EXISTS, "name", "it is taken");
  for (plugin *p = after(0); p && (entry.flags & CONFAB_PLUGIN_SINGLE) != 0; p = after(id(*p)))
    if (text_of(p->is.id) == text_of(entry.id))
      return says(CONFAB_ERR_EXISTS, "flags", "there is an instance already");
  if (all_.size() >= bus_.w.limits().plugins_max)
    return says(CONFAB_ERR_LIMIT, "plugins_max", "there are as many as there may be");
  return CONFAB_OK;
}

void plugins::fill(const plugin &p, std::span<const confab_setting_value> values,
                   given_settings &out) {
  out.resize(p.is.settings_count);
  for (const confab_setting_value &value : values) {
    const confab_setting *setting = find_setting(p.is, core::view(value.name));
    given_setting &place = out[static_cast<std::size_t>(setting - p.is.settings)];
    place.text.assign(bus_.w.mem, core::view(value.value));
    place.given = true;
  }
}

void plugins::clear(given_settings &values) noexcept {
  for (given_setting &value : values)
    value.text.clear(bus_.w.mem);
  values.clear();
}

plugin &plugins::make(const confab_plugin_options &options, const confab_plugin_entry &entry,
                      std::string_view name) {
  plugin &p = all_.create(bus_.w.mem);
  p.entry = options.entry;
  p.is = entry;
  p.added = bus_.w.now;
  try {
    p.title.assign(bus_.w.mem, name);
    fill(p, {options.settings, options.settings_count}, p.values);
  } catch (...) {
    forget(p);
    throw;
  }
  return p;
}

// Runs install and create. What they answer is theirs; a status of the engine's own is not. After a
// failure nothing of the plugin is called: it has given back what its callbacks would look at.
confab_status plugins::create(plugin &p) noexcept {
  bool first = true;
  for (plugin *other = after(0); other; other = after(id(*other)))
    first = first && (other == &p || text_of(other->is.id) != text_of(p.is.id));
  confab_status status = CONFAB_OK;
  bus_.hooks.enter(); // what it removed itself must not be released before that is known
  bus_.as_handler(id(p), [&] {
    if (first && p.is.install)
      status = p.is.install(bus_.api, bus_.handle, id(p));
    if (status == CONFAB_OK)
      status = p.is.create(bus_.api, bus_.handle, id(p), &p.self);
  });
  if (status != CONFAB_OK) {
    bus_.hooks.silence_owned(id(p));
    bus_.added.silence_owned(id(p));
  }
  bus_.hooks.leave();
  bus_.hooks_changed();
  return status > 0 || confab_is_fatal(status) != 0 ? CONFAB_ERR_CALLBACK : status;
}

confab_status plugins::add(const confab_plugin_options &options, confab_id &out,
                           confab_problem &why) {
  confab_plugin_entry entry{};
  confab_status status = take_entry(options.entry, entry, why);
  std::string_view name = core::view(options.name);
  if (name.empty() && status == CONFAB_OK)
    name = last_part(entry.id);
  if (status == CONFAB_OK)
    status = fits(options, entry, name, why);
  if (status != CONFAB_OK) {
    tell(0, name, CONFAB_PLUGIN_REFUSED, status, why);
    return status;
  }
  plugin &p = make(options, entry, name);
  status = create(p);
  if (status == CONFAB_OK) {
    p.at = plugin::phase::loaded;
    p.ctx = options.ctx;
    p.release = options.release;
    out = id(p);
    tell(out, p.title.view(), CONFAB_PLUGIN_LOADED, CONFAB_OK, {});
    return status;
  }
  why = {CONFAB_STR("create"), confab_str_of("it failed")};
  p.at = plugin::phase::going;
  drop_additions(p);
  tell(0, p.title.view(), CONFAB_PLUGIN_REFUSED, status, why);
  forget(p);
  return status;
}

// --- telling
// ---------------------------------------------------------------------------------------

void plugins::read(const plugin &p, std::size_t index, confab_setting_info &out) const noexcept {
  const given_setting &value = p.values[index];
  if (value.given)
    (void)read_setting(p.is.settings[index], value.text.view(), out); // it was checked
  else
    default_setting(p.is.settings[index], out);
  out.given = value.given ? 1 : 0;
}

bool plugins::fixed_differs(const plugin &p, const given_settings &fresh) const noexcept {
  for (std::size_t i = 0; i < fresh.size(); ++i)
    if ((p.is.settings[i].flags & CONFAB_SETTING_FIXED) != 0 &&
        (fresh[i].given != p.values[i].given || fresh[i].text.view() != p.values[i].text.view()))
      return true;
  return false;
}

confab_status plugins::configure(plugin &p, std::span<const confab_setting_value> values,
                                 confab_problem &why) {
  const auto says = [&](const char *text) {
    why = {{}, confab_str_of(text)};
    return CONFAB_ERR_STATE;
  };
  if (p.at != plugin::phase::loaded)
    return says("it is on its way out");
  if (!p.is.configure)
    return says("its settings cannot change");
  if (const confab_status status = check_values(p.is, values, why); status != CONFAB_OK)
    return status;
  given_settings fresh(&bus_.w.mem);
  try {
    fill(p, values, fresh);
  } catch (...) {
    clear(fresh);
    throw;
  }
  if (fixed_differs(p, fresh)) {
    clear(fresh);
    return says("a setting that is fixed differs");
  }
  fresh.swap(p.values);
  confab_status status = CONFAB_OK;
  bus_.as_handler(id(p), [&] { status = p.is.configure(p.self); });
  status = status > 0 || confab_is_fatal(status) != 0 ? CONFAB_ERR_CALLBACK : status;
  if (status != CONFAB_OK) {
    fresh.swap(p.values);
    why = {{}, confab_str_of("it did not take them")};
  }
  clear(fresh);
  note(p, status, "plugin.configure");
  return status;
}

confab_status plugins::message(plugin &p, const confab_plugin_message &message) noexcept {
  confab_plugin_message given = message;
  if (!given.answer)
    given.answer = no_answer;
  ++p.messages;
  confab_status status = CONFAB_OK;
  bus_.as_handler(id(p), [&] { status = p.is.message(p.self, &given); });
  note(p, status, "plugin.message");
  return status > 0 || confab_is_fatal(status) != 0 ? CONFAB_ERR_CALLBACK : status;
}

const void *plugins::extension(plugin &p, const char *name) noexcept {
  const void *found = nullptr;
  if (p.is.extension)
    bus_.as_handler(id(p), [&] { found = p.is.extension(p.self, name); });
  return found;
}

confab_status plugins::run(const core::operation &op) noexcept {
  const confab_event_command &e = op.event.command;
  plugin *p = find(e.command);
  if (!p || p->at != plugin::phase::loaded)
    return CONFAB_ERR_STALE_ID;
  asker who{bus_, e.head.origin};
  confab_plugin_message said = confab_plugin_message_init();
  const std::string_view all = core::view(e.text);
  said.origin = e.head.origin;
  said.actor = e.head.actor;
  said.text = core::str(all.substr(std::min(all.find('\n'), all.size() - 1) + 1));
  said.answer_ctx = &who;
  said.answer = answer;
  return message(*p, said) < 0 ? CONFAB_ERR_CALLBACK : CONFAB_OK;
}

confab_id bus::find_plugin(std::string_view name, std::uint32_t &permission) noexcept {
  const plugin *p = plugged.find(name);
  if (!p || p->at != plugin::phase::loaded || !p->is.message)
    return 0;
  permission = p->is.message_permission;
  return plugins::id(*p);
}

confab_status bus::run_command(const core::operation &op) noexcept {
  return confab_id_kind(op.event.command.command) == CONFAB_KIND_PLUGIN ? plugged.run(op)
                                                                        : added.run(op);
}

// --- removing
// --------------------------------------------------------------------------------------

void plugins::list_ready(plugin &p) noexcept {
  if (p.listed)
    return;
  p.listed = true;
  p.next_ready = ready_;
  ready_ = &p;
}

void plugins::remove(plugin &p, std::uint32_t drain_ms) noexcept {
  const confab_time end = bus_.w.now + confab_time{drain_ms} * 1'000'000;
  const bool again = p.at == plugin::phase::draining;
  if (p.at == plugin::phase::loaded) {
    p.at = plugin::phase::draining;
    bus_.hooks.pause_owned(id(p));
    bus_.added.pause_owned(id(p));
  }
  if (p.deferrals == 0 || drain_ms == 0)
    return list_ready(p);
  if (!again || end < p.clock.due)
    bus_.w.timers.arm(p.clock, end);
  if (!again)
    tell(id(p), p.title.view(), CONFAB_PLUGIN_DRAINING, CONFAB_OK, {});
}

void plugins::on_timer(plugin &p) noexcept { list_ready(p); }

void plugins::deferred(confab_id owner) noexcept {
  if (plugin *p = find(owner))
    ++p->deferrals;
}

void plugins::undeferred(confab_id owner) noexcept {
  if (plugin *p = find(owner); p && --p->deferrals == 0 && p->at == plugin::phase::draining)
    list_ready(*p);
}

// Everything that goes with it: the last calls to its code but one.
void plugins::drop_additions(plugin &p) noexcept {
  bus_.remove_owned(id(p));
  bus_.added.remove_owned(id(p));
  while (bus_.added.pending())
    bus_.added.settle();
}

void plugins::forget(plugin &p) noexcept {
  bus_.w.timers.cancel(p.clock);
  p.title.clear(bus_.w.mem);
  clear(p.values);
  all_.destroy(p);
}

void plugins::settle() noexcept {
  plugin *p = std::exchange(ready_, ready_->next_ready);
  finish(*p);
}

void plugins::finish(plugin &p) noexcept {
  p.at = plugin::phase::going;
  drop_additions(p);
  if (p.is.destroy)
    bus_.as_handler(id(p), [&] { (void)p.is.destroy(p.self); });
  const auto release = p.release;
  void *ctx = p.ctx;
  tell(id(p), p.title.view(), CONFAB_PLUGIN_GONE, CONFAB_OK, {});
  forget(p);
  if (release)
    bus_.as_handler(0, [&] { (void)release(ctx); });
}

void plugins::end() noexcept {
  ended_ = true;
  ready_ = nullptr;
  while (plugin *p = after(0))
    finish(*p);
}

} // namespace confab::bus
