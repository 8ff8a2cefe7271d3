// SPDX-License-Identifier: MIT
//
// What a confab_engine is, and the guards around every exported body: checks of the handle, of
// re-entrancy and of poison, and the line that no exception crosses. Together with the struct
// conversions this is the only code that sees both the public headers' functions and the internals.

#pragma once

#include "session/driver.hpp"

#include <confab/confab.h>

#include <algorithm>
#include <cstring>
#include <optional>

struct confab_engine {
  explicit confab_engine(confab_allocator allocator) noexcept : mem(allocator) {}

  // The memory comes first and goes last: everything else is in it.
  confab::core::memory mem;
  std::optional<confab::session::driver> made;
  confab::session::driver &drive() noexcept { return *made; }

  std::pmr::string detail{&mem};  // of an error whose words are not fixed
  std::pmr::string metrics{&mem}; // what confab_metrics_text gave last
  bool driving = false;
  bool poisoned = false;
  confab_error_info error{};

  // Keeps the detail of a failure; `text` is static.
  confab_status fail(confab_status status, const char *text, confab_id conn = 0,
                     std::uint64_t offset = 0) noexcept {
    error.struct_size = sizeof error;
    error.status = status;
    error.text = confab_str_of(text);
    error.conn = conn;
    error.protocol = conn != 0 ? static_cast<std::uint32_t>(CONFAB_PROTOCOL_IRC) : 0U;
    error.offset = offset;
    return status;
  }
};

namespace confab::abi {

// Runs a body that may throw; what escapes becomes a status.
template <class Body>
confab_status guard(confab_engine &e, Body &&body) noexcept {
  try {
    const confab_status status = body(e);
    e.poisoned = status == CONFAB_ERR_INTERNAL;
    return status;
  } catch (const std::bad_alloc &) {
    return e.fail(CONFAB_ERR_NOMEM, "out of memory");
  } catch (...) {
    e.poisoned = true;
    return e.fail(CONFAB_ERR_INTERNAL, "a defect in the library");
  }
}

// For functions that drive: never from inside a handler or callback.
template <class Body>
confab_status guard_drive(confab_engine *e, Body &&body) noexcept {
  if (!e)
    return CONFAB_ERR_ARG;
  if (e->poisoned)
    return CONFAB_ERR_POISONED;
  if (e->driving)
    return e->fail(CONFAB_ERR_REENTRANT, "called from inside a handler or callback");
  e->driving = true;
  const confab_status status = guard(*e, body);
  e->driving = false;
  return status;
}

// For functions that submit: anywhere but in a host's callback.
template <class Body>
confab_status guard_submit(confab_engine *e, Body &&body) noexcept {
  if (!e)
    return CONFAB_ERR_ARG;
  if (e->poisoned)
    return CONFAB_ERR_POISONED;
  if (e->driving)
    return e->drive().bus.in_handler()
               ? guard(*e, body)
               : e->fail(CONFAB_ERR_REENTRANT, "called from inside a host's callback");
  e->driving = true;
  const confab_status status = guard(*e, body);
  e->driving = false;
  return status;
}

// For functions that only read. The world's look-ups are not const, but change nothing.
template <class Body>
confab_status guard_const(const confab_engine *e, Body &&body) noexcept {
  if (!e)
    return CONFAB_ERR_ARG;
  if (e->poisoned)
    return CONFAB_ERR_POISONED;
  return body(const_cast<confab_engine *>(e)->drive().w);
}

// For functions on a call, which exists only while its handler runs.
template <class Body>
confab_status guard_hook(confab_call *call, Body &&body) noexcept {
  if (!call)
    return CONFAB_ERR_ARG;
  try {
    return body(*call);
  } catch (const std::bad_alloc &) {
    return CONFAB_ERR_NOMEM;
  }
}

// No struct of ours will ever be larger: a size beyond is no size.
constexpr std::uint32_t struct_bytes_max = 4096;

// What a newer caller's struct has beyond the `known` bytes must be zero.
inline bool tail_zero(const void *in, std::uint32_t known, std::uint32_t size) noexcept {
  const char *bytes = static_cast<const char *>(in);
  return size <= known || (size <= struct_bytes_max &&
                           std::all_of(bytes + known, bytes + size, [](char c) { return c == 0; }));
}

// Converts a caller's growable struct to the newest form: what an older caller lacks keeps the
// default that `out` holds; what a newer one has beyond ours must be zero, or it asked for what we
// cannot do.
template <class Struct>
confab_status take_struct(const Struct *in, Struct &out, std::uint32_t size_least) noexcept {
  const std::uint32_t size = in->struct_size;
  if (size < size_least)
    return CONFAB_ERR_STRUCT;
  if (!tail_zero(in, sizeof(Struct), size))
    return CONFAB_ERR_STRUCT;
  std::memcpy(static_cast<void *>(&out), in, std::min<std::size_t>(size, sizeof(Struct)));
  out.struct_size = sizeof(Struct);
  return CONFAB_OK;
}

// Fills in as much as the caller's struct holds.
template <class Struct>
confab_status give_struct(const Struct &full, Struct *out) noexcept {
  if (!out)
    return CONFAB_ERR_ARG;
  const std::uint32_t size = out->struct_size;
  if (size < sizeof(std::uint32_t) * 2)
    return CONFAB_ERR_STRUCT;
  std::memcpy(static_cast<void *>(out), &full, std::min<std::size_t>(size, sizeof(Struct)));
  out->struct_size = size;
  return CONFAB_OK;
}

// Defaults for a struct of the caller's size: never writes beyond it.
template <class Struct>
void give_defaults(const Struct &defaults, Struct *out, std::uint32_t struct_size) noexcept {
  if (!out || struct_size < sizeof(std::uint32_t))
    return;
  std::memset(static_cast<void *>(out), 0, struct_size);
  std::memcpy(static_cast<void *>(out), &defaults,
              std::min<std::size_t>(struct_size, sizeof(Struct)));
  std::memcpy(static_cast<void *>(out), &struct_size, sizeof struct_size);
}

// Checks options and makes settings of them, texts copied. On failure `what` says which member is
// wrong and how, and `offset` where it is.
struct option_error {
  const char *what = "";
  std::uint64_t offset = 0;
};
confab_status make_settings(core::memory &from, const confab_engine_options &options,
                            core::settings &out, option_error &error);
// The engine's figures as they are.
confab_engine_stats stats_of(const confab_engine &e) noexcept;
// Masks of the letters that the options name; false when one is unknown or takes a value.
bool default_modes(const confab_engine_options &options, std::uint64_t &channel,
                   std::uint32_t &user) noexcept;

} // namespace confab::abi
