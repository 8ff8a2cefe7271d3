// SPDX-License-Identifier: MIT
//
// What one can submit to an engine, from anywhere, handlers included: commands, subscriptions,
// answers. It is an engine_view that may change things, and has no drive function: those are
// confab::engine's, and so a handler cannot call one.
//
// `submit` throws confab::error where `try_submit` returns the status.
#pragma once

#include <confab/cpp/command.hpp>
#include <confab/cpp/engine_view.hpp>
#include <confab/cpp/interest.hpp>
#include <confab/cpp/waiting.hpp>

namespace confab {
inline namespace abi_0 {

struct submitted {
  confab_status status; // OK, CONFAB_PARKED or CONFAB_QUEUED; of try_submit also an error
  std::uint64_t seq;    // the event's number, or 0 while it is queued
};

class engine_ref : public engine_view {
public:
  using engine_view::engine_view;

  [[nodiscard]] confab_engine *raw() noexcept { return raw_; }

  template <class Event>
  [[nodiscard]] submitted try_submit(const command<Event> &command) noexcept {
    submitted result{};
    result.status = confab_command_submit(raw_, &command.head, &result.seq);
    return result;
  }

  template <class Event>
  submitted submit(const command<Event> &command) {
    const submitted result = try_submit(command);
    checked(result.status);
    return result;
  }

  // Answers a request that the host parked: CONFAB_OK grants, a negative status refuses.
  // CONFAB_ERR_STALE_ID: answered before, or the asker is gone.
  [[nodiscard]] confab_status resolve(request_id request, confab_status answer,
                                      std::string_view text = {}) noexcept {
    return confab_request_resolve(raw_, request.raw(), answer, str(text));
  }

  // Decides what a handler deferred: with confab::pass, confab::deny(...), or, with texts that need
  // not be literals, a confab::denial or confab::rewritten. CONFAB_ERR_STALE_ID: it was decided
  // before, or is gone.
  [[nodiscard]] confab_status resolve(token waiting, const policy_verdict &verdict) noexcept {
    return verdict.tell(raw_, waiting.raw());
  }
  [[nodiscard]] confab_status resolve(token waiting, const denial &why) noexcept {
    return confab_deferral_resolve(raw_, waiting.raw(), CONFAB_DENY, why.code, str(why.text),
                                   why.visibility);
  }
  [[nodiscard]] confab_status resolve(token waiting, const rewritten &with) noexcept {
    const confab_status status =
        confab_deferral_set(raw_, waiting.raw(), with.field, str(with.text));
    return status < 0 ? status : resolve(waiting, policy_verdict(pass));
  }
  confab_status resolve(token, deferred_t) = delete; // it waits already

  // The act under a token, whose type is known: to look at, to rewrite and to decide. An empty
  // optional: it waits no more.
  template <class Event = any_event>
  [[nodiscard]] std::optional<waiting_act<Event>> waiting(token which) {
    const std::optional<confab_deferral_info> info = get(which);
    if (!info) {
      return std::nullopt;
    }
    if (!Event::matches(*info->event)) {
      throw error(CONFAB_ERR_ARG);
    }
    return waiting_act<Event>(raw_, which);
  }

  // Subscribes to one type of event (confab::any_event: to all but the lines) in one stage. The
  // stage is confab::transform, policy, override or observe; it fixes what the handler takes and
  // answers:
  //
  //   void             (transform_call<Event> &, const Event &)
  //   policy_verdict   (policy_call &, const Event &)
  //   override_verdict (override_call &, const Event &)
  //   void             (observe_call &, const Event &)
  //
  // A handler that needs nothing of its stage may take confab::call &. The engine owns the handler
  // until it can no longer be called. An exception that leaves it is a failure of the handler. One
  // that defers may have a `cancelled` too: see confab::deferring.
  template <class Event, class Stage, class Handler>
  subscription on(Stage stage, Handler &&handler, const interest &where = {});

  // The same for a type in a leased space: `Event` is confab::custom.
  template <class Event, class Stage, class Handler>
  requires std::same_as<Event, custom>
      subscription on(custom_type type, Stage stage, Handler &&handler, const interest &where = {});

  // Unsubscribes, at once. False: it was gone already.
  bool off(subscription hook) noexcept { return confab_hook_remove(raw_, hook.raw()) == CONFAB_OK; }

private:
  template <class Event, class Stage, class Handler>
  subscription subscribe(confab_hook &hook, Handler &&handler);
};

} // namespace abi_0
} // namespace confab
