// SPDX-License-Identifier: MIT
//
// A POLICY handler that takes its time, written as a coroutine. It is given an act in place of a
// call and an event, and answers with co_return:
//
//   engine.on<confab::message>(confab::policy,
//       [&](confab::act<confab::message> m) -> confab::task {
//         confab::answer<bool> spam;
//         worker.ask(std::string(m->text()), spam.pending());
//         if (co_await spam) {
//           co_return confab::deny("no spam here");
//         }
//         co_return confab::pass;
//       });
//
// It ends with a co_return (clang warns where one does not, g++ does not): confab::pass,
// confab::deny(...), a confab::denial or confab::rewritten, or confab::failed. An exception is a
// failure of the handler. One that ends without waiting is a handler like any other: only where it
// first waits (or sets a text) it takes a token, and interest::wait says for how long. Where too
// many acts wait already, the act is denied as BUSY.
//
// It may await whatever is resumed by the engine's own thread. Nothing is resumed here but what a
// program resumes: confab::answer is for that.
//
// When the act waits no more (its client is gone, its deadline passed, the hook or the engine
// ends), the coroutine is destroyed where it waits: nobody would hear it, and its destructors say
// so to whom it asked. So what it awaits must bear to be destroyed, and not resume it then. Where
// it runs when that happens (it may end its own hook or engine), it goes on to where it next waits,
// and is destroyed there; what it then says does not count. While it awaits another coroutine it
// does not run: that one must not end them. `deferring` tells why it ended. Whoever decides by the
// token in its place (engine_ref::tokens) does not end it: it is asked in vain.
#pragma once

#include <confab/cpp/act.hpp>

#include <coroutine>
#include <type_traits>
#include <utility>

namespace confab {
inline namespace abi_0 {

// What such a coroutine returns. Only the engine starts it.
class [[nodiscard]] task {
public:
  task(task &&other) noexcept : self_(std::exchange(other.self_, nullptr)) {}
  task &operator=(task &&) = delete;
  ~task() {
    if (self_) {
      self_.destroy();
    }
  }

private:
  friend class detail::task_promise;
  explicit task(std::coroutine_handle<detail::task_promise> self) noexcept : self_(self) {}

  std::coroutine_handle<detail::task_promise> self_;
};

} // namespace abi_0
} // namespace confab

// A coroutine's frame keeps what its parameters refer to no longer than the first wait.
template <class... Args>
struct std::coroutine_traits<confab::task, Args...> {
  static_assert((0 + ... + int{confab::detail::is_act<std::remove_cvref_t<Args>>}) == 1 &&
                    !(... || (confab::detail::is_act<std::remove_cvref_t<Args>> &&
                              std::is_reference_v<Args>)),
                "a task takes its act by value: (confab::act<event> m) -> confab::task");
  using promise_type = confab::detail::task_promise;
};
