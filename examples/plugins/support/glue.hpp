// SPDX-License-Identifier: MIT
//
// Small words for plugins in C++ that speak to the C table: texts as string views, structs of
// results with their size, member functions as handlers, and the border that no exception crosses.
// It adds nothing that the C API does not say, and keeps nothing.
#pragma once

#include <confab/plugin.h>

#include <cstdint>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>

namespace confab::plugins {

inline std::string_view view(confab_str s) noexcept {
  return s.len == 0 ? std::string_view{} : std::string_view{s.ptr, s.len};
}
inline confab_str str(std::string_view s) noexcept { return {s.data(), s.size()}; }

// A struct to be filled in.
template <class Info>
Info blank() noexcept {
  Info info{};
  info.struct_size = sizeof info;
  return info;
}

// The event as its type's struct; the hook's type says which.
template <class Event>
const Event &as(const confab_event &event) noexcept {
  return reinterpret_cast<const Event &>(event);
}

// A command of that struct's type, in the name of the server.
template <class Event>
Event command(std::uint32_t type) noexcept {
  Event made{};
  made.head.struct_size = sizeof made;
  made.head.type = static_cast<std::uint16_t>(type);
  return made;
}

// Why something cannot be: in one line for people, and the status for programs.
struct refused : std::runtime_error {
  refused(confab_status why, const std::string &text) : std::runtime_error(text), status(why) {}
  confab_status status;
};

inline void check(confab_status status, const char *what) {
  if (status < 0)
    throw refused(status, std::string("cannot add ") + what);
}

// Whom a plugin talks to: the three words that `create` is given.
struct place {
  const confab_api *api = nullptr;
  confab_engine *engine = nullptr;
  confab_id plugin = 0;

  confab_setting_info setting(std::string_view name) const noexcept {
    auto info = blank<confab_setting_info>();
    (void)api->plugin_setting(engine, plugin, str(name), &info); // all that are asked for exist
    return info;
  }
  std::string text(std::string_view name) const { return std::string(view(setting(name).text)); }
  void log(std::uint32_t level, std::string_view event, std::string_view text,
           confab_id subject = 0) const noexcept {
    (void)api->log(engine, level, str(event), str(text), subject);
  }
  std::int64_t unix_ns() const noexcept {
    std::int64_t out = 0;
    (void)api->engine_time(engine, nullptr, &out);
    return out;
  }
  bool committed(confab_call *call) const noexcept {
    auto how = blank<confab_outcome>();
    return api->call_outcome(call, &how) == CONFAB_OK && how.outcome == CONFAB_OUTCOME_COMMITTED;
  }
};

// The border: runs `body`, which answers a status, and makes a status of what it throws; the reason
// goes to the host's log. What is no `refused` is about a value that was given: a directory, say.
template <class Body>
confab_status guarded(const place &in, Body &&body) noexcept {
  try {
    return body();
  } catch (const std::bad_alloc &) {
    return CONFAB_ERR_NOMEM;
  } catch (const refused &why) {
    in.log(CONFAB_LOG_ERROR, "plugin.refused", why.what(), in.plugin);
    return why.status;
  } catch (const std::exception &why) {
    in.log(CONFAB_LOG_ERROR, "plugin.refused", why.what(), in.plugin);
    return CONFAB_ERR_ARG;
  }
}

// A member function of `Self` as a handler. What it throws is a failure of the handler: it is
// counted and told, and the hook's policy decides.
template <auto Handler, class Self>
confab_verdict CONFAB_CALL handler(void *self, confab_call *call,
                                   const confab_event *event) noexcept {
  try {
    return (static_cast<Self *>(self)->*Handler)(call, *event);
  } catch (...) {
    return -1;
  }
}

template <auto Handler, class Self>
confab_status subscribe(const place &in, Self &self, std::uint32_t type, std::uint32_t stage,
                        confab_id *out = nullptr) noexcept {
  confab_hook hook = confab_hook_init();
  hook.type = static_cast<std::uint16_t>(type);
  hook.stage = static_cast<std::uint16_t>(stage);
  hook.owner = in.plugin;
  hook.ctx = &self;
  hook.call = handler<Handler, Self>;
  confab_id id = 0;
  return in.api->hook_add(in.engine, &hook, out ? out : &id);
}

} // namespace confab::plugins
