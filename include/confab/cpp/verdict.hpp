// SPDX-License-Identifier: MIT
//
// What a handler answers, one type per stage, so that an ALLOW cannot leave a policy handler:
//
//   policy    confab::pass   confab::deny("text", CONFAB_REFUSED_...)   deny_silent   deny_shadow
//             confab::deferred, after policy_call::defer
//   override  confab::pass   confab::allow("reason")
//
// TRANSFORM and OBSERVE handlers return nothing. A lambda that answers in two ways either says its
// type (-> confab::policy_verdict) or uses the functions of its call, which all return it.
#pragma once

#include <confab/cpp/status.hpp>
#include <confab/deferral.h>
#include <confab/hook.h>

namespace confab {
inline namespace abi_0 {

struct pass_t {};
inline constexpr pass_t pass{}; // no opinion

struct deferred_t {};
inline constexpr deferred_t deferred{}; // somebody else will say, by the token that was taken

struct failed_t {};
inline constexpr failed_t failed{}; // of who was to decide what waits: engine_ref::resolve

namespace detail {

// No verdict has this value, so the library counts it as a failure of the handler.
inline constexpr confab_verdict handler_failed = -1;

} // namespace detail

class [[nodiscard]] policy_verdict {
public:
  constexpr policy_verdict(pass_t) noexcept {}
  constexpr policy_verdict(deferred_t) noexcept : verdict_(CONFAB_DEFER) {}
  constexpr policy_verdict(literal text, std::uint32_t code, std::uint32_t visibility) noexcept
      : verdict_(CONFAB_DENY), detailed_(true), code_(code), visibility_(visibility), text_(text) {}

  // A denial whose detail confab_call_deny has already.
  static constexpr policy_verdict said_already() noexcept {
    policy_verdict verdict(pass);
    verdict.verdict_ = CONFAB_DENY;
    return verdict;
  }

  confab_verdict tell(confab_call *call) const {
    if (detailed_) {
      checked(confab_call_deny(call, code_, str(text_.view()), visibility_));
    }
    return verdict_;
  }
  // The same as the answer of somebody who had a token.
  confab_status tell(confab_engine *engine, confab_id waiting) const noexcept {
    const bool bare = verdict_ == CONFAB_DENY && !detailed_;
    return confab_deferral_resolve(engine, waiting, verdict_,
                                   bare ? std::uint32_t{CONFAB_REFUSED_POLICY} : code_,
                                   str(text_.view()), visibility_);
  }

private:
  confab_verdict verdict_ = CONFAB_PASS;
  bool detailed_ = false;
  std::uint32_t code_ = CONFAB_REFUSED_NONE;
  std::uint32_t visibility_ = CONFAB_DENIAL_ERROR;
  literal text_;
};

class [[nodiscard]] override_verdict {
public:
  constexpr override_verdict(pass_t) noexcept {}
  constexpr explicit override_verdict(literal reason) noexcept
      : verdict_(CONFAB_ALLOW), detailed_(true), reason_(reason) {}

  // An ALLOW whose reason confab_call_override has already.
  static constexpr override_verdict said_already() noexcept {
    override_verdict verdict(pass);
    verdict.verdict_ = CONFAB_ALLOW;
    return verdict;
  }

  confab_verdict tell(confab_call *call) const {
    if (detailed_) {
      checked(confab_call_override(call, str(reason_.view())));
    }
    return verdict_;
  }

private:
  confab_verdict verdict_ = CONFAB_PASS;
  bool detailed_ = false;
  literal reason_;
};

// Refuses the act, and the client is told. `code` is a CONFAB_REFUSED_*.
constexpr policy_verdict deny(literal text = {},
                              std::uint32_t code = CONFAB_REFUSED_POLICY) noexcept {
  return {text, code, CONFAB_DENIAL_ERROR};
}

// The client is told nothing; observers see the text.
constexpr policy_verdict deny_silent(literal text = {},
                                     std::uint32_t code = CONFAB_REFUSED_POLICY) noexcept {
  return {text, code, CONFAB_DENIAL_SILENT};
}

// The client sees success, and nothing happens; observers see the text.
constexpr policy_verdict deny_shadow(literal text = {},
                                     std::uint32_t code = CONFAB_REFUSED_POLICY) noexcept {
  return {text, code, CONFAB_DENIAL_SHADOW};
}

// Lifts a denial, for a reason that is recorded.
constexpr override_verdict allow(literal reason) noexcept { return override_verdict(reason); }

} // namespace abi_0
} // namespace confab
