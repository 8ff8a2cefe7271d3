// SPDX-License-Identifier: MIT
//
// Something a coroutine waits for and the program's loop comes by later: one value, with an end for
// each. No thread, no timer and no memory of its own: the value lies in the coroutine's frame.
//
//   confab::answer<bool> spam;            // in the coroutine
//   worker.ask(text, spam.pending());     // the other end is the loop's,
//   if (co_await spam) { ... }
//
//   open.front().set(true);               // which resumes the coroutine
//
// Either end may go first, so that an answer may be awaited by what can die at any time, as a
// confab::task can. Both belong to one thread, the engine's; another carries a number, by which the
// loop finds its end.
#pragma once

#include <coroutine>
#include <optional>
#include <utility>

namespace confab {
inline namespace abi_0 {

template <class T>
class answer;

// The loop's end. Where it goes without a value, whoever waits goes on waiting: an act, until its
// deadline.
template <class T>
class [[nodiscard]] pending {
public:
  pending() noexcept = default; // nobody waits
  pending(pending &&other) noexcept : to_(std::exchange(other.to_, nullptr)) { tie(); }
  pending &operator=(pending &&other) noexcept {
    if (this != &other) {
      untie();
      to_ = std::exchange(other.to_, nullptr);
      tie();
    }
    return *this;
  }
  ~pending() { untie(); }

  // Does somebody still wait for it?
  [[nodiscard]] explicit operator bool() const noexcept { return to_ != nullptr; }

  // Gives the value, and runs the coroutine that waits for it, in this call, as far as it goes.
  // False: nobody waits, any more or since it was given. This end may be deleted meanwhile.
  bool set(T value) {
    if (to_ == nullptr) {
      return false;
    }
    answer<T> &to = *to_;
    to.value_.emplace(std::move(value));
    untie();
    if (const std::coroutine_handle<> waiting = std::exchange(to.waiting_, nullptr)) {
      waiting.resume();
    }
    return true;
  }

private:
  friend class answer<T>;
  explicit pending(answer<T> &to) noexcept : to_(&to) { tie(); }

  void tie() noexcept {
    if (to_ != nullptr) {
      to_->from_ = this;
    }
  }
  void untie() noexcept {
    if (answer<T> *const to = std::exchange(to_, nullptr)) {
      to->from_ = nullptr;
    }
  }

  answer<T> *to_ = nullptr;
};

// The coroutine's end: a variable of it, that is awaited. After that it may be used again.
template <class T>
class answer {
public:
  answer() noexcept = default;
  answer(const answer &) = delete;
  answer &operator=(const answer &) = delete;
  ~answer() { untie(); }

  // The other end. Only the last one counts.
  [[nodiscard]] confab::pending<T> pending() noexcept {
    untie();
    return confab::pending<T>(*this);
  }

  [[nodiscard]] bool await_ready() const noexcept { return value_.has_value(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  [[nodiscard]] T await_resume() { return *std::exchange(value_, std::nullopt); }

private:
  friend class confab::pending<T>;

  void untie() noexcept {
    if (confab::pending<T> *const from = std::exchange(from_, nullptr)) {
      from->to_ = nullptr;
    }
  }

  confab::pending<T> *from_ = nullptr;
  std::coroutine_handle<> waiting_;
  std::optional<T> value_;
};

} // namespace abi_0
} // namespace confab
