// SPDX-License-Identifier: MIT
//
// What a handler is given beside the event: the call. Its type depends on the stage, and has just
// what the stage may do: only a transform_call can set a text, only a policy_call can deny, only an
// override_call can allow. So can the engine that it gives: it submits, and cannot be driven.
//
// A call is valid while the handler runs. What fails here throws, and that is a failure of the
// handler: closed in POLICY, unless the subscription says fail_open.
#pragma once

#include <confab/cpp/engine_ref.hpp>
#include <confab/cpp/events.hpp>
#include <confab/cpp/verdict.hpp>

namespace confab {
inline namespace abi_0 {

class call {
public:
  call(const call &) = delete;
  call &operator=(const call &) = delete;

  [[nodiscard]] confab_call *raw() noexcept { return raw_; }
  [[nodiscard]] engine_ref engine() noexcept { return engine_ref(confab_call_engine(raw_)); }

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

protected:
  explicit call(confab_call *raw) noexcept : raw_(raw) {}
  ~call() = default;

  [[nodiscard]] confab_outcome outcome_of() const {
    confab_outcome out{};
    out.struct_size = sizeof out;
    checked(confab_call_outcome(raw_, &out));
    return out;
  }

  confab_call *raw_;
};

// Replaces texts of the event. Each setter exists only where the event has such a text that may be
// set.
template <class Event>
class transform_call : public call {
public:
  explicit transform_call(confab_call *raw) noexcept : call(raw) {}

  // The event as it is now, after what was set in this very call.
  [[nodiscard]] Event event() const noexcept { return Event(*confab_call_event(raw_)); }

  void set_text(std::string_view value) requires settable<Event, CONFAB_FIELD_TEXT> {
    set(CONFAB_FIELD_TEXT, value);
  }
  void set_nick(std::string_view value) requires settable<Event, CONFAB_FIELD_NICK> {
    set(CONFAB_FIELD_NICK, value);
  }
  void set_username(std::string_view value) requires settable<Event, CONFAB_FIELD_USERNAME> {
    set(CONFAB_FIELD_USERNAME, value);
  }
  void set_hostname(std::string_view value) requires settable<Event, CONFAB_FIELD_HOSTNAME> {
    set(CONFAB_FIELD_HOSTNAME, value);
  }
  void set_realname(std::string_view value) requires settable<Event, CONFAB_FIELD_REALNAME> {
    set(CONFAB_FIELD_REALNAME, value);
  }
  void set_name(std::string_view value) requires settable<Event, CONFAB_FIELD_NAME> {
    set(CONFAB_FIELD_NAME, value);
  }
  void set_key(std::string_view value) requires settable<Event, CONFAB_FIELD_KEY> {
    set(CONFAB_FIELD_KEY, value);
  }
  void set_value(std::string_view value) requires settable<Event, CONFAB_FIELD_VALUE> {
    set(CONFAB_FIELD_VALUE, value);
  }
  void set_mask(std::string_view value) requires settable<Event, CONFAB_FIELD_MASK> {
    set(CONFAB_FIELD_MASK, value);
  }

private:
  void set(std::uint32_t field, std::string_view value) {
    checked(confab_call_set(raw_, field, str(value)));
  }
};

class policy_call : public call {
public:
  explicit policy_call(confab_call *raw) noexcept : call(raw) {}

  [[nodiscard]] policy_verdict pass() const noexcept { return confab::pass; }

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
  explicit override_call(confab_call *raw) noexcept : call(raw) {}

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
  explicit observe_call(confab_call *raw) noexcept : call(raw) {}

  // How the act ended.
  [[nodiscard]] confab_outcome outcome() const { return outcome_of(); }
};

} // namespace abi_0
} // namespace confab
