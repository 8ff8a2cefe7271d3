// SPDX-License-Identifier: MIT
//
// Adding, removing and running what was added: see additions.hpp. Whether a spec is right, and a
// name free, was checked before it comes here.

#include "bus/bus.hpp"

#include <algorithm>

namespace confab::bus {

using core::addition;
using core::hung;

namespace {

// A spec that is kept views none of its caller's texts: those are in `title` and `more`.
struct without_texts {
  void operator()(confab_command_spec &s) const noexcept { s.verb = s.help = {}; }
  void operator()(confab_numeric_spec &s) const noexcept { s.name = s.text = {}; }
  void operator()(confab_capability_spec &s) const noexcept { s.name = s.value = {}; }
  void operator()(confab_isupport_spec &s) const noexcept { s.token = {}; }
  void operator()(auto &s) const noexcept { s.name = {}; }
};

} // namespace

additions::additions(bus &through)
    : bus_(through), timers_(through.w.mem), former_(&through.w.mem) {}

additions::~additions() {
  for (std::uint32_t i = timers_.first(); i != decltype(timers_)::none; i = timers_.next(i)) {
    bus_.w.timers.cancel(timers_.at(i).clock);
    timers_.at(i).title.clear(bus_.w.mem);
  }
  for (former_space &space : former_)
    space.name.clear(bus_.w.mem);
}

core::registry &additions::registry() const noexcept { return bus_.w.added; }

// --- adding
// ----------------------------------------------------------------------------------------

addition &additions::add(std::uint32_t kind, const addition::spec &spec, std::string_view name,
                         std::string_view more) {
  core::memory &mem = bus_.w.mem;
  if (kind == CONFAB_ADDITION_COMMAND)
    registry().commands.reserve();
  core::owned_str title(mem, name), text;
  addition *a = nullptr;
  try {
    text.assign(mem, more);
    a = &registry().all.create();
  } catch (...) {
    title.clear(mem);
    text.clear(mem);
    throw;
  }
  a->kind = kind;
  a->is = spec;
  std::visit(without_texts{}, a->is);
  a->title.swap(title);
  a->more.swap(text);
  std::visit(
      [&](const auto &s) {
        a->owner = s.owner;
        a->ctx = s.ctx;
        a->release = s.release;
      },
      spec);
  ++registry().count;
  registry().slots += kind == CONFAB_ADDITION_SLOT ? 1 : 0;
  if (kind == CONFAB_ADDITION_COMMAND)
    registry().commands.insert(*a);
  return *a;
}

addition *additions::add_mode(const confab_mode_spec &spec) {
  const bool of_channel = spec.subject == CONFAB_KIND_CHANNEL;
  const auto place = [&](auto &table, std::uint32_t kind) -> addition * {
    const auto free = std::find(table.begin(), table.end(), nullptr);
    if (free == table.end())
      return nullptr;
    *free = &add(kind, spec, core::view(spec.name), {});
    const auto at = static_cast<std::uint32_t>(free - table.begin());
    (*free)->number = of_channel ? core::registry::channel_modes_first + at
                                 : 1U << (core::registry::user_modes_shift + at);
    return *free;
  };
  return of_channel ? place(registry().channel_modes, CONFAB_ADDITION_CHANNEL_MODE)
                    : place(registry().user_modes, CONFAB_ADDITION_USER_MODE);
}

addition *additions::add_capability(const confab_capability_spec &spec) {
  auto &table = registry().capabilities;
  const auto free = std::find(table.begin(), table.end(), nullptr);
  if (free == table.end())
    return nullptr;
  *free = &add(CONFAB_ADDITION_CAPABILITY, spec, core::view(spec.name), core::view(spec.value));
  (*free)->number =
      1U << (core::registry::capabilities_shift + static_cast<std::uint32_t>(free - table.begin()));
  return *free;
}

// A space that was leased under this name before gets its number back: hooks on it live again.
former_space *additions::find_former(std::string_view name, std::uint16_t types) noexcept {
  for (former_space &space : former_)
    if (space.types >= types && space.name.view() == name)
      return &space;
  return nullptr;
}

addition *additions::add_space(const confab_space_spec &spec) {
  const auto types = static_cast<std::uint16_t>(spec.types);
  former_.reserve(former_.size() + 1); // so that it can be given back
  addition &a = add(CONFAB_ADDITION_SPACE, spec, core::view(spec.name), {});
  if (former_space *before = find_former(a.name(), types)) {
    a.number = before->number;
    bus_.hooks.reopen_space(before->number, types);
    return &a;
  }
  try {
    core::owned_str name(bus_.w.mem, a.name());
    try {
      a.number = bus_.hooks.open_space(types);
    } catch (...) {
      name.clear(bus_.w.mem);
      throw;
    }
    if (a.number != 0)
      former_.push_back({std::move(name), static_cast<std::uint16_t>(a.number), types});
    else
      name.clear(bus_.w.mem);
  } catch (...) {
    a.release = nullptr; // it was never added
    remove(a);
    throw;
  }
  if (a.number != 0)
    return &a;
  a.release = nullptr;
  remove(a);
  return nullptr;
}

timed &additions::add_timer(const confab_timer_spec &spec) {
  core::owned_str title(bus_.w.mem, core::view(spec.name));
  timed *t = nullptr;
  try {
    t = &timers_.create();
  } catch (...) {
    title.clear(bus_.w.mem);
    throw;
  }
  t->is = spec;
  t->title.swap(title);
  t->is.name = core::str(t->title.view());
  ++timer_count_;
  bus_.w.timers.arm(t->clock, bus_.w.now + confab_time{spec.delay_ms} * 1'000'000);
  return *t;
}

void additions::set_data(addition &slot, confab_id object, void *data) {
  hung *fresh = data ? registry().hangs.make(object, core::registry::id(slot)) : nullptr;
  registry().fall(registry().hangs.take(object, core::registry::id(slot)));
  if (!fresh)
    return;
  fresh->data = data;
  registry().hangs.insert(fresh);
}

// --- removing
// --------------------------------------------------------------------------------------

void additions::clear_mode(const addition &a) noexcept {
  core::world &w = bus_.w;
  if (a.kind == CONFAB_ADDITION_CHANNEL_MODE) {
    const std::uint64_t bit = std::uint64_t{1} << a.number;
    for (std::uint32_t i = w.channels.first(); i != decltype(w.channels)::none;
         i = w.channels.next(i))
      w.channels.at(i).modes &= ~bit;
  } else {
    for (std::uint32_t i = w.users.first(); i != decltype(w.users)::none; i = w.users.next(i))
      w.users.at(i).modes &= ~a.number;
  }
}

void additions::clear_capability(const addition &a) noexcept {
  auto &conns = bus_.w.conns;
  for (std::uint32_t i = conns.first(); i != conns.none; i = conns.next(i))
    conns.at(i).capabilities &= ~a.number;
}

void additions::close_space(const addition &a) noexcept {
  if (a.number != 0)
    bus_.hooks.close_space(static_cast<std::uint16_t>(a.number));
}

void additions::remove(addition &a) noexcept {
  if (a.dead)
    return;
  switch (a.kind) {
  case CONFAB_ADDITION_COMMAND:
    registry().commands.erase(a);
    break;
  case CONFAB_ADDITION_CHANNEL_MODE:
  case CONFAB_ADDITION_USER_MODE:
    clear_mode(a);
    break;
  case CONFAB_ADDITION_CAPABILITY:
    clear_capability(a);
    break;
  case CONFAB_ADDITION_SPACE:
    close_space(a);
    break;
  default:
    break;
  }
  registry().fall(registry().hangs.take_key(core::registry::id(a)));
  --registry().count;
  registry().slots -= a.kind == CONFAB_ADDITION_SLOT ? 1 : 0;
  a.dead = true;
  a.next_dead = dead_;
  dead_ = &a;
}

void additions::remove(timed &t) noexcept {
  if (t.dead)
    return;
  bus_.w.timers.cancel(t.clock);
  --timer_count_;
  t.dead = true;
  t.next_dead = dead_timers_;
  dead_timers_ = &t;
}

void additions::remove_owned(confab_id owner) noexcept {
  for (addition *a = addition_after(0); a; a = addition_after(core::registry::id(*a)))
    if (a->owner == owner)
      remove(*a);
  for (timed *t = timer_after(0); t; t = timer_after(id(*t)))
    if (t->is.owner == owner)
      remove(*t);
}

void additions::pause_owned(confab_id owner) noexcept {
  for (addition *a = addition_after(0); a; a = addition_after(core::registry::id(*a)))
    a->paused = a->paused || a->owner == owner;
}

void additions::silence_owned(confab_id owner) noexcept {
  auto &all = registry().all;
  for (std::uint32_t i = all.first(); i != all.none; i = all.next(i))
    if (addition &a = all.at(i); a.owner == owner) {
      a.release = nullptr;
      if (auto *slot = std::get_if<confab_slot_spec>(&a.is))
        slot->destroy = nullptr;
    }
  for (std::uint32_t i = timers_.first(); i != timers_.none; i = timers_.next(i))
    if (timed &t = timers_.at(i); t.is.owner == owner)
      t.is.release = nullptr;
}

void additions::settle() noexcept {
  core::registry &all = registry();
  if (hung *entry = all.fallen) {
    all.fallen = entry->next;
    if (!all.fallen)
      all.fallen_end = nullptr;
    give_back(entry);
  } else if (timed *t = dead_timers_) {
    dead_timers_ = t->next_dead;
    reclaim(*t);
  } else if (addition *a = dead_) {
    dead_ = a->next_dead;
    reclaim(*a);
  }
}

void additions::end() noexcept {
  ended_ = true;
  for (addition *a = addition_after(0); a; a = addition_after(core::registry::id(*a)))
    remove(*a);
  for (timed *t = timer_after(0); t; t = timer_after(id(*t)))
    remove(*t);
  while (pending())
    settle();
}

void additions::give_back(hung *entry) noexcept {
  addition &slot = *registry().all.find(entry->key); // it goes after its data
  const auto &is = slot.as<confab_slot_spec>();
  if (is.destroy) {
    ++slot.calls;
    confab_status status = CONFAB_OK;
    bus_.as_handler(slot.owner, [&] { status = is.destroy(is.ctx, entry->data, entry->object); });
    slot.failed += status < 0 ? 1 : 0;
    failed(status, entry->key, slot.name());
  }
  registry().hangs.destroy(entry);
}

void additions::reclaim(addition &a) noexcept {
  const auto forget = [&](auto &table) {
    std::replace(table.begin(), table.end(), &a, static_cast<addition *>(nullptr));
  };
  forget(registry().channel_modes);
  forget(registry().user_modes);
  forget(registry().capabilities);
  const auto release = a.release;
  void *ctx = a.ctx;
  const confab_id owner = a.owner;
  a.title.clear(bus_.w.mem);
  a.more.clear(bus_.w.mem);
  registry().all.destroy(a);
  if (release)
    bus_.as_handler(owner, [&] { (void)release(ctx); });
}

void additions::reclaim(timed &t) noexcept {
  const confab_timer_spec is = t.is;
  t.title.clear(bus_.w.mem);
  timers_.destroy(t);
  if (is.release)
    bus_.as_handler(is.owner, [&] { (void)is.release(is.ctx); });
}

// --- running
// ---------------------------------------------------------------------------------------

void additions::failed(confab_status status, confab_id who, std::string_view name) noexcept {
  if (status < 0)
    bus_.w.log(CONFAB_LOG_ERROR, "addition.failed", name, 0, who);
}

confab_status additions::run(const core::operation &op) noexcept {
  addition *a = registry().find(op.event.command.command);
  if (!a)
    return CONFAB_ERR_STALE_ID;
  const auto &is = a->as<confab_command_spec>();
  ++a->calls;
  confab_status status = CONFAB_OK;
  bus_.as_handler(a->owner, [&] { status = is.run(is.ctx, bus_.handle, &op.event.command); });
  a->failed += status < 0 ? 1 : 0;
  failed(status, core::registry::id(*a), a->name());
  return status < 0 ? CONFAB_ERR_CALLBACK : CONFAB_OK;
}

void additions::on_timer(timed &t) noexcept {
  const confab_time interval = confab_time{t.is.interval_ms} * 1'000'000;
  ++t.calls;
  confab_status status = CONFAB_OK;
  bus_.as_handler(t.is.owner, [&] { status = t.is.run(t.is.ctx, bus_.handle, id(t)); });
  t.failed += status < 0 ? 1 : 0;
  failed(status, id(t), t.title.view());
  if (t.dead)
    return;
  if (interval == 0)
    return remove(t);
  // Missed runs are left out, and the beat is kept.
  const confab_time missed = (bus_.w.now - t.clock.due) / interval;
  bus_.w.timers.arm(t.clock, t.clock.due + (missed + 1) * interval);
}

// --- walking
// ---------------------------------------------------------------------------------------

addition *additions::addition_after(confab_id id) noexcept {
  auto &all = registry().all;
  std::uint32_t i = id == 0 ? all.first() : all.next(core::id_index(id));
  while (i != all.none && all.at(i).dead)
    i = all.next(i);
  return i == all.none ? nullptr : &all.at(i);
}

timed *additions::timer_after(confab_id id) noexcept {
  std::uint32_t i = id == 0 ? timers_.first() : timers_.next(core::id_index(id));
  while (i != timers_.none && timers_.at(i).dead)
    i = timers_.next(i);
  return i == timers_.none ? nullptr : &timers_.at(i);
}

std::uint32_t additions::owned(confab_id owner) noexcept {
  std::uint32_t count = 0;
  for (addition *a = addition_after(0); a; a = addition_after(core::registry::id(*a)))
    count += a->owner == owner ? 1 : 0;
  return count;
}

std::uint32_t additions::owned_timers(confab_id owner) noexcept {
  std::uint32_t count = 0;
  for (timed *t = timer_after(0); t; t = timer_after(id(*t)))
    count += t->is.owner == owner ? 1 : 0;
  return count;
}

} // namespace confab::bus
