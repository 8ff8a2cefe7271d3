// SPDX-License-Identifier: MIT
//
// How a C++ callable becomes a hook: the four stages as values, the checks that a handler fits its
// stage, and the functions that the library calls in its place. No exception passes them.
//
// It defines engine_ref::on; nothing else here is meant to be named, but the stages.
#pragma once

#include <confab/cpp/call.hpp>
#include <confab/cpp/task_promise.hpp>
#include <confab/cpp/thrown.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace confab {
inline namespace abi_0 {

struct transform_stage {
  static constexpr std::uint16_t stage = CONFAB_STAGE_TRANSFORM;
  template <class Event>
  using call_type = transform_call<Event>;
};
struct policy_stage {
  static constexpr std::uint16_t stage = CONFAB_STAGE_POLICY;
  template <class Event>
  using call_type = policy_call;
};
struct override_stage {
  static constexpr std::uint16_t stage = CONFAB_STAGE_OVERRIDE;
  template <class Event>
  using call_type = override_call;
};
struct observe_stage {
  static constexpr std::uint16_t stage = CONFAB_STAGE_OBSERVE;
  template <class Event>
  using call_type = observe_call;
};

inline constexpr transform_stage transform{};
inline constexpr policy_stage policy{};
inline constexpr override_stage override{};
inline constexpr observe_stage observe{};

namespace detail {

template <class Stage, class Result>
constexpr bool check_result() {
  if constexpr (std::same_as<Stage, policy_stage>) {
    static_assert(std::convertible_to<Result, policy_verdict>,
                  "a policy handler returns confab::pass, confab::deny(...) or confab::deferred");
  } else if constexpr (std::same_as<Stage, override_stage>) {
    static_assert(std::convertible_to<Result, override_verdict>,
                  "an override handler returns confab::pass or confab::allow(...)");
  } else {
    static_assert(std::is_void_v<Result>, "a transform or observe handler returns nothing");
  }
  return true;
}

// Is it a coroutine, that may take its time?
template <class Handler, class Event>
concept takes_time = std::invocable<Handler &, act<Event>> &&
    std::same_as<std::invoke_result_t<Handler &, act<Event>>, task>;

template <class Event, class Stage, class Handler>
constexpr bool check_handler() {
  using call_type = typename Stage::template call_type<Event>;
  constexpr bool fits = std::invocable<Handler &, call_type &, const Event &>;
  static_assert(fits, "a handler takes its stage's call and its event: (call &, const event &)");
  if constexpr (fits) {
    return check_result<Stage, std::invoke_result_t<Handler &, call_type &, const Event &>>();
  }
  return false;
}

template <class Event, class Stage, class Handler>
confab_verdict CONFAB_CALL handler_call(void *ctx, confab_call *raw,
                                        const confab_event *raw_event) noexcept {
  try {
    auto &[handler, life] = *static_cast<held<Handler> *>(ctx);
    typename Stage::template call_type<Event> call(raw, life);
    const Event event(*raw_event);
    if constexpr (std::same_as<Stage, policy_stage>) {
      return policy_verdict(handler(call, event)).tell(raw);
    } else if constexpr (std::same_as<Stage, override_stage>) {
      return override_verdict(handler(call, event)).tell(raw);
    } else {
      handler(call, event);
      return CONFAB_PASS;
    }
  } catch (...) {
    log_thrown(confab_call_engine(raw));
    return handler_failed;
  }
}

// Does it want to know of tokens that died without an answer?
template <class Handler>
concept told_of_ends = requires(Handler &handler, engine_ref engine, token dead) {
  handler.cancelled(engine, dead, std::uint32_t{});
};

template <class Handler>
confab_status CONFAB_CALL handler_cancelled(void *ctx, confab_engine *engine, confab_id dead,
                                            std::uint32_t why) noexcept {
  try {
    auto &[handler, life] = *static_cast<held<Handler> *>(ctx);
    handler.cancelled(engine_ref(engine, life), token(dead), why);
    return CONFAB_OK;
  } catch (...) {
    log_thrown(engine);
    return CONFAB_ERR_CALLBACK;
  }
}

template <class Handler>
confab_status CONFAB_CALL handler_release(void *ctx) noexcept {
  delete static_cast<held<Handler> *>(ctx);
  return CONFAB_OK;
}

// The same of a coroutine, whose hook is a task_hook.
template <class Handler>
struct task_handler : task_hook {
  template <class Given>
  task_handler(Given &&handler, engine_life *life, std::uint32_t wait_ms)
      : task_hook(life, wait_ms), handler_(std::forward<Given>(handler)) {}

  static task_handler &of(void *ctx) noexcept { return *static_cast<task_handler *>(ctx); }

  template <class Event>
  static confab_verdict CONFAB_CALL call(void *ctx, confab_call *raw,
                                         const confab_event *) noexcept {
    try {
      policy_call call(raw, of(ctx).life());
      return task_promise::begin(of(ctx).handler_(act<Event>(of(ctx), call)));
    } catch (...) { // before its coroutine ran
      log_thrown(confab_call_engine(raw));
      return handler_failed;
    }
  }

  static confab_status CONFAB_CALL cancelled(void *ctx, confab_engine *engine, confab_id dead,
                                             std::uint32_t why) noexcept {
    of(ctx).end(token(dead));
    if constexpr (told_of_ends<Handler>) {
      try {
        of(ctx).handler_.cancelled(engine_ref(engine, of(ctx).life()), token(dead), why);
      } catch (...) {
        log_thrown(engine);
        return CONFAB_ERR_CALLBACK;
      }
    }
    return CONFAB_OK;
  }

  static confab_status CONFAB_CALL release(void *ctx) noexcept {
    of(ctx).released();
    return CONFAB_OK;
  }

private:
  Handler handler_;
};

} // namespace detail

// A handler together with what is called when a token of it is dead without an answer
// (`why` is a CONFAB_CANCELLED_*; what holds inside handlers holds there):
//
//   engine.on<confab::message>(confab::policy, confab::deferring(
//       [&](confab::policy_call &call, const confab::message &m) { ...; return confab::deferred; },
//       [&](confab::engine_ref engine, confab::token dead, std::uint32_t why) { ... }));
//
// An object with an operator() and a `cancelled` of one's own will do as well; and the handler may
// be a coroutine (task.hpp), which is told by its end, but not why.
template <class Handler, class Cancelled>
class deferring {
public:
  deferring(Handler handler, Cancelled cancelled)
      : handler_(std::move(handler)), cancelled_(std::move(cancelled)) {}

  template <class Call, class Event>
  requires std::invocable<Handler &, Call &, const Event &>
  decltype(auto) operator()(Call &call, const Event &event) { return handler_(call, event); }

  template <class Event>
  requires std::invocable<Handler &, act<Event>>
  decltype(auto) operator()(act<Event> waiting) { return handler_(std::move(waiting)); }

  void cancelled(engine_ref engine, token dead, std::uint32_t why) {
    cancelled_(engine, dead, why);
  }

private:
  Handler handler_;
  Cancelled cancelled_;
};

template <class Event, class Stage, class Handler>
subscription engine_ref::on(Stage, Handler &&handler, const interest &where) {
  static_assert(!std::same_as<Event, custom>,
                "say which: on<confab::custom>(type, stage, handler)");
  confab_hook hook = detail::hook_for(where);
  hook.type = Event::type;
  return subscribe<Event, Stage>(hook, detail::count_of(where.wait),
                                 std::forward<Handler>(handler));
}

template <class Event, class Stage, class Handler>
requires std::same_as<Event, custom>
    subscription engine_ref::on(custom_type type, Stage, Handler &&handler, const interest &where) {
  confab_hook hook = detail::hook_for(where);
  hook.space = type.space;
  hook.type = type.type;
  return subscribe<Event, Stage>(hook, detail::count_of(where.wait),
                                 std::forward<Handler>(handler));
}

template <class Event, class Stage, class Handler>
subscription engine_ref::subscribe(confab_hook &hook, std::uint32_t wait_ms, Handler &&handler) {
  using function = std::decay_t<Handler>;
  hook.stage = Stage::stage;
  if constexpr (detail::takes_time<function, Event>) {
    static_assert(std::same_as<Stage, policy_stage>,
                  "only a policy handler may take its time, and be a confab::task");
    using made = detail::task_handler<function>;
    hook.call = made::template call<Event>;
    hook.cancelled = made::cancelled;
    hook.release = made::release;
    return subscribe_as(hook, new made(std::forward<Handler>(handler), life_, wait_ms));
  } else {
    static_assert(detail::check_handler<Event, Stage, function>());
    if constexpr (detail::told_of_ends<function>) {
      static_assert(std::same_as<Stage, policy_stage>,
                    "only a policy handler defers, and is told of the end of its tokens");
      hook.cancelled = detail::handler_cancelled<function>;
    }
    if (wait_ms != 0) {
      throw error(CONFAB_ERR_ARG);
    }
    hook.call = detail::handler_call<Event, Stage, function>;
    hook.release = detail::handler_release<function>;
    return subscribe_as(hook, new detail::held<function>{std::forward<Handler>(handler), life_});
  }
}

// With a handler that the hook's `release` deletes.
inline subscription engine_ref::subscribe_as(confab_hook &hook, void *handler) {
  std::unique_ptr<void, decltype(hook.release)> owned(handler, hook.release);
  hook.ctx = handler;
  confab_id id = 0;
  must(confab_hook_add, &hook, &id); // on failure it was not released: `owned` does it
  (void)owned.release();
  return subscription(id);
}

} // namespace abi_0
} // namespace confab
