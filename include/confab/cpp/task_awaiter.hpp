// SPDX-License-Identifier: MIT
//
// Awaiting, as a coroutine of task.hpp does: whatever can be awaited, with a look at the coroutine
// before it waits and when it goes on. One that is over waits for nothing more, and is destroyed.
//
// Nothing here is meant to be named.
#pragma once

#include <concepts>
#include <coroutine>
#include <type_traits>
#include <utility>

namespace confab {
inline namespace abi_0 {

namespace detail {

// What operator co_await makes of it, or the thing itself.
template <class Awaited>
decltype(auto) awaiter_of(Awaited &&awaited) {
  if constexpr (requires { std::forward<Awaited>(awaited).operator co_await(); }) {
    return std::forward<Awaited>(awaited).operator co_await();
  } else if constexpr (requires { operator co_await(std::forward<Awaited>(awaited)); }) {
    return operator co_await(std::forward<Awaited>(awaited));
  } else {
    return std::forward<Awaited>(awaited);
  }
}

// An awaiter, or a reference to one, which is there until the whole co_await is done. Of the
// promise it needs `over`, `suspend` and `resume`.
template <class Promise, class Awaiter>
class watched {
public:
  template <class Awaited>
  watched(Promise &promise, Awaited &&awaited)
      : promise_(promise), inner_(awaiter_of(std::forward<Awaited>(awaited))) {}

  bool await_ready() { return !promise_.over() && static_cast<bool>(inner_.await_ready()); }

  auto await_suspend(std::coroutine_handle<Promise> self) {
    using result = decltype(inner_.await_suspend(self));
    const bool there = promise_.suspend(); // else this is gone, too
    try {
      if constexpr (std::is_void_v<result>) {
        if (there) {
          inner_.await_suspend(self);
        }
      } else if constexpr (std::same_as<result, bool>) {
        return !there || inner_.await_suspend(self);
      } else {
        return there ? std::coroutine_handle<>(inner_.await_suspend(self)) : std::noop_coroutine();
      }
    } catch (...) { // it did not begin to wait
      promise_.resume();
      throw;
    }
  }

  decltype(auto) await_resume() {
    promise_.resume();
    return inner_.await_resume();
  }

private:
  Promise &promise_;
  Awaiter inner_;
};

} // namespace detail

} // namespace abi_0
} // namespace confab
