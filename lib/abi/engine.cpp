// SPDX-License-Identifier: MIT
//
// The exported functions of version.h, status.h and engine.h. Each body checks its arguments, calls
// one thing inside, and says what it returned.

#include "abi/handle.hpp"

#include <array>
#include <cstddef>

using namespace confab;
using namespace confab::abi;

namespace {

constexpr std::uint32_t options_least = offsetof(confab_engine_options, nick_window_ms) + 4;
constexpr std::uint32_t host_least = offsetof(confab_host, release) + sizeof(void *);

// Keys that strangers cannot guess, where the host has randomness; else fixed ones, for tests.
text::hash_key make_key(const confab_host &host) noexcept {
  text::hash_key key{0x636f6e666162206bU, 0x6579206f6e652074U};
  text::hash_key random{};
  if (host.random && host.random(host.ctx, &random, sizeof random) == CONFAB_OK)
    key = random;
  return key;
}

// There is no engine yet that could keep the detail: the log is the one place to tell it.
confab_status refuse_options(const confab_host &host, confab_status status,
                             const char *what) noexcept {
  if (!host.log)
    return status;
  confab_log_record record{};
  record.struct_size = sizeof record;
  record.level = CONFAB_LOG_ERROR;
  record.event = CONFAB_STR("engine.options");
  record.text = confab_str_of(what);
  host.log(host.ctx, &record);
  return status;
}

void destroy(confab_engine *e, const confab_allocator &allocator) noexcept {
  e->~confab_engine();
  core::resize(allocator, e, sizeof(confab_engine), 0);
}

} // namespace

const char *confab_version(void) { return CONFAB_VERSION_STRING; }
uint32_t confab_abi_major(void) { return CONFAB_ABI_MAJOR; }
uint32_t confab_abi_minor(void) { return CONFAB_ABI_MINOR; }

int32_t confab_has_feature(const char *name) {
  constexpr std::array<std::string_view, 8> features{"irc",     "ircv3", "ircx",     "mic",
                                                     "service", "push",  "messages", "datagrams"};
  return name &&
         std::find(features.begin(), features.end(), std::string_view(name)) != features.end();
}

const char *confab_status_name(confab_status status) {
  switch (status) {
#define CONFAB_NAME(code)                                                                          \
  case code:                                                                                       \
    return #code
    CONFAB_NAME(CONFAB_OK);
    CONFAB_NAME(CONFAB_AGAIN);
    CONFAB_NAME(CONFAB_PARKED);
    CONFAB_NAME(CONFAB_QUEUED);
    CONFAB_NAME(CONFAB_END);
    CONFAB_NAME(CONFAB_ERR_ARG);
    CONFAB_NAME(CONFAB_ERR_STRUCT);
    CONFAB_NAME(CONFAB_ERR_STALE_ID);
    CONFAB_NAME(CONFAB_ERR_REENTRANT);
    CONFAB_NAME(CONFAB_ERR_STAGE);
    CONFAB_NAME(CONFAB_ERR_STATE);
    CONFAB_NAME(CONFAB_ERR_NOT_FOUND);
    CONFAB_NAME(CONFAB_ERR_UNSUPPORTED);
    CONFAB_NAME(CONFAB_ERR_CALLBACK);
    CONFAB_NAME(CONFAB_ERR_PROTOCOL);
    CONFAB_NAME(CONFAB_ERR_TOO_LONG);
    CONFAB_NAME(CONFAB_ERR_NAME);
    CONFAB_NAME(CONFAB_ERR_DENIED);
    CONFAB_NAME(CONFAB_ERR_LIMIT);
    CONFAB_NAME(CONFAB_ERR_EXISTS);
    CONFAB_NAME(CONFAB_ERR_NOMEM);
    CONFAB_NAME(CONFAB_ERR_INTERNAL);
    CONFAB_NAME(CONFAB_ERR_POISONED);
#undef CONFAB_NAME
  default:
    return "unknown";
  }
}

confab_status confab_engine_create(const confab_engine_options *options, const confab_host *host,
                                   confab_engine **out) {
  if (!out)
    return CONFAB_ERR_ARG;
  *out = nullptr;
  confab_engine_options o = confab_engine_options_init();
  confab_host h{};
  h.struct_size = sizeof h;
  confab_status status = host ? take_struct(host, h, host_least) : CONFAB_OK;
  if (status != CONFAB_OK)
    return status;
  status = options ? take_struct(options, o, options_least) : CONFAB_OK;
  if (status != CONFAB_OK)
    return refuse_options(h, status, "struct_size: not that of any version this library knows");
  void *at = core::resize(o.allocator, nullptr, 0, sizeof(confab_engine));
  if (!at)
    return CONFAB_ERR_NOMEM;
  auto *e = ::new (at) confab_engine(o.allocator);
  status = guard(*e, [&](confab_engine &) {
    core::settings with;
    option_error error;
    const confab_status made = make_settings(e->mem, o, with, error);
    if (made != CONFAB_OK)
      return refuse_options(h, made, error.what);
    try {
      e->made.emplace(e->mem, std::move(with), make_key(h), h);
    } catch (...) {
      for (core::owned_str &text : with.texts)
        text.clear(e->mem);
      throw;
    }
    default_modes(o, e->drive().w.default_channel_modes, e->drive().w.default_user_modes);
    e->drive().bus.handle = e;
    e->drive().bus.api = confab_api_table();
    return static_cast<confab_status>(CONFAB_OK);
  });
  if (status == CONFAB_OK)
    *out = e;
  else
    destroy(e, o.allocator);
  return status;
}

confab_status confab_engine_destroy(confab_engine *engine) {
  if (!engine)
    return CONFAB_OK;
  if (engine->driving)
    return engine->fail(CONFAB_ERR_REENTRANT, "called from inside a handler or callback");
  engine->driving = true;
  const confab_host host = engine->drive().w.host;
  const confab_allocator allocator = engine->drive().w.limits().allocator;
  engine->drive().shut();
  engine->drive().bus.end();
  engine->drive().bus.hooks.remove_all();
  destroy(engine, allocator);
  if (host.release)
    (void)host.release(host.ctx);
  return CONFAB_OK;
}

confab_status confab_engine_configure(confab_engine *engine, const confab_engine_options *options) {
  return guard_drive(engine, [&](confab_engine &e) {
    if (!options)
      return e.fail(CONFAB_ERR_ARG, "no options");
    core::world &w = e.drive().w;
    confab_engine_options o = confab_engine_options_init();
    const confab_status taken = take_struct(options, o, options_least);
    if (taken != CONFAB_OK)
      return e.fail(taken, "struct_size");
    if (o.casemap != w.limits().casemap)
      return e.fail(CONFAB_ERR_STATE, "casemap cannot change", 0,
                    offsetof(confab_engine_options, casemap));
    if (core::view(o.server_name) != w.server_name())
      return e.fail(CONFAB_ERR_STATE, "server_name cannot change", 0,
                    offsetof(confab_engine_options, server_name));
    o.allocator = w.limits().allocator;
    o.now = w.limits().now;
    o.unix_ns = w.limits().unix_ns;
    core::settings with;
    option_error error;
    const confab_status made = make_settings(e.mem, o, with, error);
    if (made != CONFAB_OK)
      return e.fail(made, error.what, 0, error.offset);
    std::swap(w.set.values, with.values);
    for (std::size_t i = 0; i < with.texts.size(); ++i) {
      w.set.texts[i].swap(with.texts[i]);
      with.texts[i].clear(e.mem);
    }
    default_modes(o, w.default_channel_modes, w.default_user_modes);
    return static_cast<confab_status>(CONFAB_OK);
  });
}

confab_status confab_engine_tick(confab_engine *engine, confab_time now) {
  return guard_drive(engine, [&](confab_engine &e) {
    const confab_status status = e.drive().tick(now);
    return status < 0 ? e.fail(status, "tick") : status;
  });
}

confab_status confab_engine_flush(confab_engine *engine) {
  return guard_drive(engine, [](confab_engine &e) {
    const confab_status status = e.drive().flush();
    return status < 0 ? e.fail(status, "flush") : status;
  });
}

confab_time confab_engine_deadline(const confab_engine *engine) {
  if (!engine || engine->poisoned)
    return CONFAB_TIME_NEVER;
  return const_cast<confab_engine *>(engine)->drive().deadline();
}

confab_status confab_engine_clock_set(confab_engine *engine, confab_time now, int64_t unix_ns) {
  return guard_drive(engine, [&](confab_engine &e) {
    if (!e.drive().advance(now))
      return e.fail(CONFAB_ERR_ARG, "time goes back");
    e.drive().w.unix_offset = static_cast<std::int64_t>(static_cast<std::uint64_t>(unix_ns) - now);
    return static_cast<confab_status>(CONFAB_OK);
  });
}

confab_status confab_request_resolve(confab_engine *engine, confab_id request, confab_status status,
                                     confab_str text) {
  return guard_submit(engine, [&](confab_engine &e) {
    if ((status > 0 && status != CONFAB_AGAIN) || (text.len > 0 && !text.ptr))
      return e.fail(CONFAB_ERR_ARG, "neither granted, refused nor continued");
    const confab_status done = e.drive().bus.resolve(request, status, core::view(text));
    if (done != CONFAB_OK)
      return e.fail(done,
                    done == CONFAB_ERR_ARG ? "no answer to that question" : "no such request");
    return e.drive().bus.in_handler() ? done : e.drive().finish();
  });
}

confab_engine_stats confab::abi::stats_of(const confab_engine &e) noexcept {
  const core::world &w = e.made->w;
  const bus::bus &bus = e.made->bus;
  confab_engine_stats s = w.counters;
  s.struct_size = sizeof s;
  s.users = w.users.size();
  s.channels = w.channels.size();
  s.members = w.members.size();
  s.hooks = bus.hooks.size();
  s.plugins = bus.plugged.size();
  s.additions = w.added.count;
  s.timers = bus.added.timers();
  s.parked = bus.parked_count;
  s.deferrals = bus.deferrals();
  s.memory_bytes = e.mem.used_bytes() + sizeof(confab_engine);
  for (std::uint32_t i = w.conns.first(); i != decltype(w.conns)::none; i = w.conns.next(i)) {
    const core::conn &c = w.conns.at(i);
    s.conns += c.gone ? 0U : 1U; // its id is dead, though the flush has still to free it
    s.backlog_bytes += c.out.bytes();
  }
  return s;
}

confab_status confab_engine_stats_get(const confab_engine *engine, confab_engine_stats *out) {
  return guard_const(engine, [&](core::world &) { return give_struct(stats_of(*engine), out); });
}

confab_status confab_engine_last_error(const confab_engine *engine, confab_error_info *out) {
  if (!engine)
    return CONFAB_ERR_ARG;
  return give_struct(engine->error, out);
}
