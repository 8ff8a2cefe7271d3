// SPDX-License-Identifier: MIT
//
// What one can submit to an engine, from anywhere, handlers included: commands, subscriptions,
// answers. It is an engine_view that may change things, and has no drive function: those are
// confab::engine's, and so a handler cannot call one.
//
// `submit` throws confab::error where `try_submit` returns the status. A copy of an engine as an
// engine_ref is a view, like what a handler gets: it must not be used when the engine is gone.
#pragma once

#include <confab/cpp/command.hpp>
#include <confab/cpp/engine_view.hpp>
#include <confab/cpp/interest.hpp>
#include <confab/cpp/life.hpp>
#include <confab/cpp/waiting.hpp>

namespace confab {
inline namespace abi_0 {

struct submitted {
  confab_status status; // OK, CONFAB_PARKED or CONFAB_QUEUED; of try_submit also an error
  std::uint64_t seq;    // the event's number, or 0 while it is queued
};

class engine_ref : public engine_view {
public:
  explicit engine_ref(confab_engine *raw, detail::engine_life *life = nullptr) noexcept
      : engine_view(raw), life_(life) {}

  [[nodiscard]] confab_engine *raw() noexcept { return raw_; }

  template <class Event>
  [[nodiscard]] submitted try_submit(const command<Event> &command) noexcept {
    submitted result{};
    result.status = drive(confab_command_submit, &command.head, &result.seq);
    return result;
  }

  template <class Event>
  submitted submit(const command<Event> &command) {
    submitted result{};
    result.status = must(confab_command_submit, &command.head, &result.seq);
    return result;
  }

  // Answers a request that the host parked: CONFAB_OK grants, a negative status refuses.
  // CONFAB_ERR_STALE_ID: answered before, or the asker is gone.
  [[nodiscard]] confab_status resolve(request_id request, confab_status answer,
                                      std::string_view text = {}) noexcept {
    return drive(confab_request_resolve, request.raw(), answer, str(text));
  }

  // Decides what a handler deferred: with confab::pass, confab::deny(...), or, with texts that need
  // not be literals, a confab::denial or confab::rewritten. CONFAB_ERR_STALE_ID: it was decided
  // before, or is gone.
  [[nodiscard]] confab_status resolve(token waiting, const policy_verdict &verdict) noexcept {
    return drive([&](confab_engine *raw) { return verdict.tell(raw, waiting.raw()); });
  }
  [[nodiscard]] confab_status resolve(token waiting, const denial &why) noexcept {
    return drive(confab_deferral_resolve, waiting.raw(), CONFAB_DENY, why.code, str(why.text),
                 why.visibility);
  }
  [[nodiscard]] confab_status resolve(token waiting, const rewritten &with) noexcept {
    return drive([&](confab_engine *raw) {
      const confab_status status =
          confab_deferral_set(raw, waiting.raw(), with.field, str(with.text));
      return status < 0 ? status : policy_verdict(pass).tell(raw, waiting.raw());
    });
  }
  // Who was to decide could not: the handler's own policy does, as when it had failed at once.
  [[nodiscard]] confab_status resolve(token waiting, failed_t) noexcept {
    return drive([&](confab_engine *raw) {
      confab_deferral_info act{};
      act.struct_size = sizeof act;
      confab_hook_info hook{};
      hook.struct_size = sizeof hook;
      confab_status status = confab_deferral_get(raw, waiting.raw(), &act);
      status = status < 0 ? status : confab_hook_get(raw, act.hook, &hook);
      if (status < 0) {
        return status;
      }
      const bool open = (hook.flags & CONFAB_HOOK_FAIL_OPEN) != 0;
      return (open ? policy_verdict(pass) : deny({}, CONFAB_REFUSED_FAILED))
          .tell(raw, waiting.raw());
    });
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
    return waiting_act<Event>(raw_, which, life_);
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
  // or, in POLICY, a coroutine that may take its time (task.hpp):
  //
  //   task             (act<Event>)
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
  bool off(subscription hook) noexcept {
    return drive(confab_hook_remove, hook.raw()) == CONFAB_OK;
  }

  // A command of clients, and a timer: see additions.hpp.
  //
  //   void (engine_ref, const used_command &)
  //   void (engine_ref, timer_id)
  template <class Function>
  addition_id add_command(const command_terms &terms, Function &&run);
  template <class Function>
  timer_id add_timer(const timer_terms &terms, Function &&run);

  // At once, with all that hangs on it. False: it was gone already.
  bool remove(addition_id addition) noexcept {
    return drive(confab_addition_remove, addition.raw()) == CONFAB_OK;
  }
  bool remove(timer_id timer) noexcept {
    return drive(confab_addition_remove, timer.raw()) == CONFAB_OK;
  }

  // Tells one connection a line, in its own protocol.
  void notice(conn_id conn, std::string_view text) {
    must(confab_reply_notice, conn.raw(), str(text));
  }

protected:
  // Calls of the library: what a handler does in them, ending the engine included, is done when
  // they have returned.
  template <class Function, class... Args>
  confab_status drive(Function function, Args... args) const noexcept {
    return detail::drive(raw_, life_, function, args...);
  }
  template <class Function, class... Args>
  confab_status must(Function function, Args... args) const {
    return detail::must(raw_, life_, function, args...);
  }

  detail::engine_life *life_;

private:
  template <class Event, class Stage, class Handler>
  subscription subscribe(confab_hook &hook, std::uint32_t wait_ms, Handler &&handler);
  subscription subscribe_as(confab_hook &hook, void *handler);
};

} // namespace abi_0
} // namespace confab
