// SPDX-License-Identifier: MIT
//
// Acts that wait for a handler that took its time: what one may still do to them, and how they are
// decided. Everything goes by the token that policy_call::defer gave: a plain value, which another
// thread may keep, but only the engine's own may use.
#pragma once

#include <confab/cpp/life.hpp>
#include <confab/cpp/setters.hpp>
#include <confab/cpp/verdict.hpp>
#include <confab/deferral.h>

namespace confab {
inline namespace abi_0 {

// Ways to decide what waits, beside confab::pass and confab::deny(...). The texts are copied when
// they are used, and need not be literals.
struct denial {
  std::string_view text = {};
  std::uint32_t code = CONFAB_REFUSED_POLICY;     // CONFAB_REFUSED_*
  std::uint32_t visibility = CONFAB_DENIAL_ERROR; // CONFAB_DENIAL_*
};
struct rewritten { // passed, with another text
  std::string_view text = {};
  std::uint32_t field = CONFAB_FIELD_TEXT; // CONFAB_FIELD_* of a text
};

// An act that waits: engine_ref::waiting gives it. Valid as long as the engine is; what it does to
// an act that is no longer waiting is ERR_STALE_ID.
template <class Event>
class waiting_act : public detail::text_setters<waiting_act<Event>, Event> {
public:
  waiting_act(confab_engine *engine, token which, detail::engine_life *life = nullptr) noexcept
      : engine_(engine), life_(life), token_(which) {}

  [[nodiscard]] token which() const noexcept { return token_; }
  // As it is now: what was set shows when it is passed. Valid until the next call on the engine
  // that is not const.
  [[nodiscard]] Event event() const { return Event(*info().event); }
  [[nodiscard]] subscription hook() const { return subscription(info().hook); }
  [[nodiscard]] confab_time since() const { return info().since; }
  [[nodiscard]] confab_time deadline() const { return info().deadline; }

  // The act goes on in these calls, or after the current event.
  void pass() { resolve(CONFAB_PASS, {{}, 0, 0}); }
  void deny(const denial &why = {}) { resolve(CONFAB_DENY, why); }

private:
  friend class detail::text_setters<waiting_act<Event>, Event>;

  void set(std::uint32_t field, std::string_view value) {
    checked(confab_deferral_set(engine_, token_.raw(), field, str(value)));
  }
  void resolve(confab_verdict verdict, const denial &why) {
    detail::must(engine_, life_, confab_deferral_resolve, token_.raw(), verdict, why.code,
                 str(why.text), why.visibility);
  }
  [[nodiscard]] confab_deferral_info info() const {
    confab_deferral_info out{};
    out.struct_size = sizeof out;
    checked(confab_deferral_get(engine_, token_.raw(), &out));
    return out;
  }

  confab_engine *engine_;
  detail::engine_life *life_;
  token token_;
};

} // namespace abi_0
} // namespace confab
