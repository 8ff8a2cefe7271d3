// SPDX-License-Identifier: MIT
//
// How the coroutines of task.hpp run: what their frames hold, how they take a token and answer by
// it, and how they end when nobody waits for them any more. Who holds what: the library a
// task_hook, until it releases it; that, the coroutines that wait; and a coroutine, its hook.
//
// Nothing here is meant to be named.
#pragma once

#include <confab/cpp/act.hpp>
#include <confab/cpp/task.hpp>
#include <confab/cpp/task_awaiter.hpp>
#include <confab/cpp/thrown.hpp>

#include <coroutine>
#include <exception>
#include <type_traits>
#include <utility>

namespace confab {
inline namespace abi_0 {

namespace detail {

// A coroutine handler as the library holds it, and those of its coroutines that wait, the oldest
// first. It lives until the engine has let go of it and the last coroutine has ended, which may be
// running when the hook is removed.
class task_hook {
public:
  task_hook(engine_life *life, std::uint32_t wait_ms) noexcept : life_(life), wait_ms_(wait_ms) {}
  task_hook(const task_hook &) = delete;
  task_hook &operator=(const task_hook &) = delete;

  [[nodiscard]] engine_life *life() const noexcept { return life_; }
  [[nodiscard]] std::uint32_t wait_ms() const noexcept { return wait_ms_; }

  void hold() noexcept { ++holders_; }
  void drop() noexcept {
    if (--holders_ == 0) {
      delete this;
    }
  }

  void add(task_promise &waiting) noexcept;
  void take_out(task_promise &waiting) noexcept;
  void end(token dead) noexcept;
  void released() noexcept;

protected:
  virtual ~task_hook() = default;

private:
  void end(task_promise &waiting) noexcept;

  engine_life *life_;
  std::uint32_t wait_ms_;
  std::uint32_t holders_ = 1; // the engine, and every coroutine
  task_promise *first_ = nullptr, *last_ = nullptr;
};

class task_promise {
public:
  template <class... Args>
  explicit task_promise(Args &...args) noexcept {
    (take(args), ...);
    engine_ = confab_call_engine(call_->raw());
    hook_->hold();
  }
  task_promise(const task_promise &) = delete;
  task_promise &operator=(const task_promise &) = delete;
  ~task_promise() {
    if (act_ != nullptr) {
      act_->promise_ = nullptr;
    }
    if (gone_ != nullptr) {
      *gone_ = true;
    }
    hook_->take_out(*this);
    hook_->drop();
  }

  // Runs it for the first time, in the hook's own call, which is answered with what comes of that.
  static confab_verdict begin(task made) noexcept {
    const auto self = std::exchange(made.self_, nullptr);
    task_promise &promise = self.promise();
    promise.running_ = true;
    self.resume();
    confab_verdict verdict = promise.verdict_;
    if (!self.done()) {
      policy_call &call = *std::exchange(promise.call_, nullptr);
      const confab_status status = promise.defer(call);
      if (status == CONFAB_OK) {
        promise.hook_->add(promise);
        return CONFAB_DEFER;
      }
      verdict = promise.not_deferred(call, status);
    }
    self.destroy();
    return verdict;
  }

  task get_return_object() noexcept { return task(handle()); }
  std::suspend_always initial_suspend() const noexcept { return {}; }
  struct ended {
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<task_promise> self) const noexcept {
      self.promise().finish();
    }
    void await_resume() const noexcept {}
  };
  ended final_suspend() const noexcept { return {}; }

  // Here, while the coroutine's variables are there still: the texts may be theirs.
  void return_value(const policy_verdict &verdict) {
    if (call_ != nullptr && !token_) {
      verdict_ = verdict.tell(call_->raw());
    } else {
      answer(verdict);
    }
  }
  void return_value(const denial &why) {
    if (call_ != nullptr && !token_) {
      checked(confab_call_deny(call_->raw(), why.code, str(why.text), why.visibility));
      verdict_ = CONFAB_DENY;
    } else {
      answer(why);
    }
  }
  void return_value(const rewritten &with) {
    // Only what waits can be rewritten in POLICY.
    const confab_status status = call_ != nullptr ? defer(*call_) : CONFAB_OK;
    if (status == CONFAB_OK) {
      answer(with);
    } else {
      verdict_ = not_deferred(*call_, status);
    }
  }
  void return_value(failed_t) {
    if (call_ != nullptr) {
      verdict_ = handler_failed;
    } else {
      answer(failed);
    }
  }
  void return_value(deferred_t) = delete; // it has waited already

  void unhandled_exception() noexcept {
    verdict_ = handler_failed; // of its own call, which gives a token back
    if (engine_ != nullptr) {
      log_thrown(engine_);
    }
    if (call_ == nullptr && waits()) {
      hook_->take_out(*this);
      (void)engine().resolve(token_, failed);
    }
  }

  template <class Awaited>
  auto await_transform(Awaited &&awaited) {
    return watched<task_promise, decltype(awaiter_of(std::forward<Awaited>(awaited)))>(
        *this, std::forward<Awaited>(awaited));
  }

  // It begins to wait. False: it is gone. This and finish() are not inlined: clang before 17 may
  // keep what is inlined into a coroutine in its frame, which is gone then.
  [[gnu::noinline]] bool suspend() noexcept {
    running_ = false;
    engine_life *const inside = std::exchange(inside_, nullptr);
    bool gone = false;
    gone_ = &gone;
    if (over_) {
      handle().destroy();
    }
    detail::leave(inside); // which may end the engine, and it
    if (!gone) {
      gone_ = nullptr;
    }
    return !gone;
  }
  // It runs again, which counts as a call into the engine: an engine that it ends lasts so long.
  void resume() noexcept {
    if (!running_) {
      running_ = true;
      if (call_ == nullptr) {
        inside_ = hook_->life();
        detail::enter(inside_);
      }
    }
  }
  // Nothing waits for it any more.
  void end() noexcept {
    over_ = true;
    if (hook_->life() == nullptr) {
      engine_ = nullptr; // nobody will say when it ends
    }
    if (!running_) {
      handle().destroy();
    }
  }

  [[nodiscard]] bool over() const noexcept { return over_; }
  [[nodiscard]] token which() const noexcept { return token_; }

private:
  friend class act_base;
  friend class task_hook;

  void take(act_base &given) noexcept {
    given.promise_ = this;
    act_ = &given;
    call_ = given.call_;
    hook_ = given.hook_;
  }
  template <class Other>
  requires(!is_act<std::remove_const_t<Other>>) void take(Other &) noexcept {}

  std::coroutine_handle<task_promise> handle() noexcept {
    return std::coroutine_handle<task_promise>::from_promise(*this);
  }
  [[nodiscard]] engine_ref engine() const {
    if (engine_ == nullptr) {
      throw closed_engine();
    }
    return engine_ref(engine_, hook_->life());
  }
  [[nodiscard]] bool waits() const noexcept {
    confab_deferral_info act{};
    act.struct_size = sizeof act;
    return call_ != nullptr || (!over_ && engine_ != nullptr &&
                                confab_deferral_get(engine_, token_.raw(), &act) == CONFAB_OK);
  }

  // Takes a token for the act, unless it has one.
  confab_status defer(policy_call &call) noexcept {
    confab_status status = CONFAB_OK;
    if (!token_) {
      confab_id taken = 0;
      status = confab_call_defer(call.raw(), hook_->wait_ms(), &taken);
      token_ = token(taken);
    }
    return status;
  }
  // What is answered in place of waiting. Too many wait: a filter cannot be passed by that.
  confab_verdict not_deferred(policy_call &call, confab_status status) noexcept {
    if (status == CONFAB_ERR_LIMIT &&
        confab_call_deny(call.raw(), CONFAB_REFUSED_BUSY, confab_str{}, CONFAB_DENIAL_ERROR) ==
            CONFAB_OK) {
      return CONFAB_DENY;
    }
    log_text(engine_, error(status).what());
    return handler_failed;
  }

  // Decides by the token. What comes too late is asked of nobody.
  template <class Answer>
  void answer(const Answer &with) {
    if (waits()) {
      hook_->take_out(*this);
      verdict_ = CONFAB_DEFER;
      checked(engine().resolve(token_, with));
    }
  }

  [[gnu::noinline]] void finish() noexcept {
    if (call_ != nullptr) {
      return; // begin() waits for it
    }
    engine_life *const inside = inside_;
    handle().destroy();
    detail::leave(inside);
  }

  act_base *act_ = nullptr; // wherever it was moved to
  task_hook *hook_ = nullptr;
  policy_call *call_ = nullptr; // while the hook's own call lasts
  confab_engine *engine_ = nullptr;
  engine_life *inside_ = nullptr; // in which it counts as a call
  bool *gone_ = nullptr;          // is told when it ends
  task_promise *next_ = nullptr, *before_ = nullptr;
  token token_;
  confab_verdict verdict_ = handler_failed; // of the hook's own call
  bool running_ = false, over_ = false, listed_ = false;
};

// --- the hook's coroutines

inline void task_hook::add(task_promise &waiting) noexcept {
  waiting.listed_ = true;
  waiting.before_ = last_;
  (last_ != nullptr ? last_->next_ : first_) = &waiting;
  last_ = &waiting;
}

inline void task_hook::take_out(task_promise &waiting) noexcept {
  if (std::exchange(waiting.listed_, false)) {
    (waiting.before_ != nullptr ? waiting.before_->next_ : first_) = waiting.next_;
    (waiting.next_ != nullptr ? waiting.next_->before_ : last_) = waiting.before_;
    waiting.next_ = waiting.before_ = nullptr;
  }
}

inline void task_hook::end(task_promise &waiting) noexcept {
  take_out(waiting);
  waiting.end();
}

inline void task_hook::end(token dead) noexcept {
  task_promise *found = first_;
  while (found != nullptr && found->which() != dead) {
    found = found->next_;
  }
  if (found != nullptr) {
    end(*found);
  }
}

inline void task_hook::released() noexcept {
  while (first_ != nullptr) {
    end(*first_);
  }
  drop();
}

// --- the act

inline act_base::act_base(act_base &&other) noexcept
    : hook_(other.hook_), call_(other.call_), promise_(std::exchange(other.promise_, nullptr)) {
  if (promise_ != nullptr) {
    promise_->act_ = this;
  }
}

inline act_base::~act_base() {
  if (promise_ != nullptr) {
    promise_->act_ = nullptr;
  }
}

inline task_promise &act_base::promise() const {
  if (promise_ == nullptr) {
    throw error(CONFAB_ERR_STALE_ID);
  }
  return *promise_;
}

inline engine_ref act_base::engine() const { return promise().engine(); }

inline bool act_base::waits() const noexcept { return promise_ != nullptr && promise_->waits(); }

inline call::original_text act_base::original(std::uint32_t field) const {
  if (promise().call_ == nullptr) {
    throw error(CONFAB_ERR_STATE);
  }
  return promise_->call_->original(field);
}

inline cause_walk act_base::causes() const {
  if (promise().call_ == nullptr) {
    throw error(CONFAB_ERR_STATE);
  }
  return promise_->call_->causes();
}

inline const confab_event &act_base::current() const {
  const task_promise &of = promise();
  if (of.call_ != nullptr) {
    return *confab_call_event(of.call_->raw());
  }
  confab_deferral_info out{};
  out.struct_size = sizeof out;
  checked(of.over_ ? CONFAB_ERR_STALE_ID : confab_deferral_get(of.engine_, of.token_.raw(), &out));
  return *out.event;
}

inline void act_base::set_text_of(std::uint32_t field, std::string_view value) {
  task_promise &of = promise();
  if (of.call_ != nullptr) {
    checked(of.defer(*of.call_));
  }
  checked(of.over_ ? CONFAB_ERR_STALE_ID
                   : confab_deferral_set(of.engine_, of.token_.raw(), field, str(value)));
}

} // namespace detail

} // namespace abi_0
} // namespace confab
