// SPDX-License-Identifier: MIT
//
// What a handler is given beside the event: the call. Its type depends on the stage, and has just
// what the stage may do: only a transform_call can set a member, only a policy_call can deny or
// defer, only an override_call can allow. So it is with the engine that it gives: it submits, and
// cannot be driven.
//
// A call is valid while the handler runs. What fails here throws, and that is a failure of the
// handler: closed in POLICY, unless the subscription says fail_open.
#pragma once

#include <confab/cpp/engine_ref.hpp>
#include <confab/cpp/events.hpp>
#include <confab/cpp/events_bus.hpp>
#include <confab/cpp/setters.hpp>
#include <confab/cpp/verdict.hpp>

namespace confab {
inline namespace abi_0 {

class call {
public:
  call(const call &) = delete;
  call &operator=(const call &) = delete;

  [[nodiscard]] confab_call *raw() noexcept { return raw_; }
  [[nodiscard]] engine_ref engine() noexcept { return engine_ref(confab_call_engine(raw_), life_); }

  struct original_text {
    std::string_view text;
    subscription changed_by; // the last hook that replaced it, or none
  };
  // A text as the client said it, before any handler. `field` is a CONFAB_FIELD_*.
  [[nodiscard]] original_text original(std::uint32_t field) const {
    confab_str text{};
    confab_id changed_by = 0;
    checked(confab_call_original(raw_, field, &text, &changed_by));
    return {view(text), subscription(changed_by)};
  }

  // What led to this event: the event whose handler submitted it, then what led to that, and so on.
  [[nodiscard]] cause_walk causes() const noexcept { return cause_walk({raw_}); }

protected:
  explicit call(confab_call *raw, detail::engine_life *life) noexcept : raw_(raw), life_(life) {}
  ~call() = default;

  [[nodiscard]] confab_outcome outcome_of() const {
    confab_outcome out{};
    out.struct_size = sizeof out;
    checked(confab_call_outcome(raw_, &out));
    return out;
  }

  confab_call *raw_;
  detail::engine_life *life_;
};

// Replaces members of the event. Each setter exists only where the event has such a member that may
// be set.
template <class Event>
class transform_call : public call, public detail::text_setters<transform_call<Event>, Event> {
public:
  explicit transform_call(confab_call *raw, detail::engine_life *life = nullptr) noexcept
      : call(raw, life) {}

  // The event as it is now, after what was set in this very call.
  [[nodiscard]] Event event() const noexcept { return Event(*confab_call_event(raw_)); }

  void set_kind(std::uint32_t value) requires settable<Event, CONFAB_FIELD_KIND> {
    set(CONFAB_FIELD_KIND, value);
  }
  void set_rank(std::uint32_t value) requires settable<Event, CONFAB_FIELD_RANK> {
    set(CONFAB_FIELD_RANK, value);
  }
  void set_mode(std::uint32_t value) requires settable<Event, CONFAB_FIELD_MODE> {
    set(CONFAB_FIELD_MODE, value);
  }
  void set_set(bool value) requires settable<Event, CONFAB_FIELD_SET> {
    set(CONFAB_FIELD_SET, std::uint64_t{value ? 1u : 0u});
  }
  void set_number(std::uint64_t value) requires settable<Event, CONFAB_FIELD_NUMBER> {
    set(CONFAB_FIELD_NUMBER, value);
  }

private:
  friend class detail::text_setters<transform_call<Event>, Event>;

  void set(std::uint32_t field, std::string_view value) {
    checked(confab_call_set(raw_, field, str(value)));
  }
  void set(std::uint32_t field, std::uint64_t value) {
    checked(confab_call_set_number(raw_, field, value));
  }
};

class policy_call : public call {
public:
  explicit policy_call(confab_call *raw, detail::engine_life *life = nullptr) noexcept
      : call(raw, life) {}

  [[nodiscard]] policy_verdict pass() const noexcept { return confab::pass; }

  // Takes a token for the act, which is then answered with confab::deferred (or `deferred()`).
  // `wait` is how long it may take; 0 is the most, which is in the engine's options
  // (deferral_ms_max).
  //
  // Too many wait already: throws ERR_LIMIT, which fails the handler. One that would rather decide
  // asks try_defer.
  [[nodiscard]] token defer(std::chrono::milliseconds wait = {}) {
    token taken;
    checked(try_defer(taken, wait));
    return taken;
  }
  [[nodiscard]] confab_status try_defer(token &out, std::chrono::milliseconds wait = {}) {
    confab_id raw_token = 0;
    const confab_status status = confab_call_defer(raw_, detail::count_of(wait), &raw_token);
    out = token(raw_token);
    return status;
  }
  [[nodiscard]] policy_verdict deferred() const noexcept { return confab::deferred; }

  // As the functions of the same names, with texts that need not be literals: they are copied at
  // once.
  [[nodiscard]] policy_verdict deny(std::string_view text,
                                    std::uint32_t code = CONFAB_REFUSED_POLICY) {
    return denied(text, code, CONFAB_DENIAL_ERROR);
  }
  [[nodiscard]] policy_verdict deny_silent(std::string_view text,
                                           std::uint32_t code = CONFAB_REFUSED_POLICY) {
    return denied(text, code, CONFAB_DENIAL_SILENT);
  }
  [[nodiscard]] policy_verdict deny_shadow(std::string_view text,
                                           std::uint32_t code = CONFAB_REFUSED_POLICY) {
    return denied(text, code, CONFAB_DENIAL_SHADOW);
  }

private:
  policy_verdict denied(std::string_view text, std::uint32_t code, std::uint32_t visibility) {
    checked(confab_call_deny(raw_, code, str(text), visibility));
    return policy_verdict::said_already();
  }
};

class override_call : public call {
public:
  explicit override_call(confab_call *raw, detail::engine_life *life = nullptr) noexcept
      : call(raw, life) {}

  // How the act was denied.
  [[nodiscard]] confab_outcome outcome() const { return outcome_of(); }

  [[nodiscard]] override_verdict pass() const noexcept { return confab::pass; }

  [[nodiscard]] override_verdict allow(std::string_view reason) {
    checked(confab_call_override(raw_, str(reason)));
    return override_verdict::said_already();
  }
};

class observe_call : public call {
public:
  explicit observe_call(confab_call *raw, detail::engine_life *life = nullptr) noexcept
      : call(raw, life) {}

  // How the act ended.
  [[nodiscard]] confab_outcome outcome() const { return outcome_of(); }
};

} // namespace abi_0
} // namespace confab
