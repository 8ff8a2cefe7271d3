// SPDX-License-Identifier: MIT
//
// What a coroutine handler (task.hpp) is given: the act that it judges. It serves in the hook's own
// call and while the act waits, and knows when it does no more.
#pragma once

#include <confab/cpp/call.hpp>
#include <confab/cpp/engine_ref.hpp>
#include <confab/cpp/setters.hpp>

#include <utility>

namespace confab {
inline namespace abi_0 {

namespace detail {

class task_hook;
class task_promise;

// What all acts have. It is tied to the coroutine that it was given to, whichever goes first.
class act_base {
public:
  act_base(act_base &&other) noexcept;
  act_base &operator=(act_base &&) = delete;

  // For queries and submits, at any time.
  [[nodiscard]] engine_ref engine() const;
  // Does it still wait for its answer? While the handler's own call lasts: yes.
  [[nodiscard]] bool waits() const noexcept;

  // As those of confab::call: before it first waits; later they throw ERR_STATE.
  [[nodiscard]] call::original_text original(std::uint32_t field) const;
  [[nodiscard]] cause_walk causes() const;

protected:
  ~act_base();
  act_base(task_hook &hook, policy_call &call) noexcept : hook_(&hook), call_(&call) {}

  // Throws ERR_STALE_ID where nothing waits any more.
  [[nodiscard]] const confab_event &current() const;
  void set_text_of(std::uint32_t field, std::string_view value);

private:
  friend class task_promise;

  [[nodiscard]] task_promise &promise() const;

  task_hook *hook_;
  policy_call *call_;
  task_promise *promise_ = nullptr;
};

} // namespace detail

// The act that a task judges. Its event is the engine's, never a copy: `m->text()` asks for it each
// time. A view of it (and of its texts) is good until the next co_await, or the next call on the
// engine that is not const; what is to last longer is copied, as into a std::string. Once the act
// waits no more, whatever asks for the event throws ERR_STALE_ID.
template <class Event>
class act : public detail::act_base, public detail::text_setters<act<Event>, Event> {
public:
  act(detail::task_hook &hook, policy_call &call) noexcept : act_base(hook, call) {}

  // As it was given: what is set (set_text, ...) shows when it is passed.
  [[nodiscard]] Event event() const { return Event(current()); }

  struct arrow {
    Event event;
    const Event *operator->() const noexcept { return &event; }
  };
  [[nodiscard]] arrow operator->() const { return {event()}; }

private:
  friend class detail::text_setters<act<Event>, Event>;
  void set(std::uint32_t field, std::string_view value) { set_text_of(field, value); }
};

namespace detail {

template <class Value>
inline constexpr bool is_act = false;
template <class Event>
inline constexpr bool is_act<act<Event>> = true;

} // namespace detail

} // namespace abi_0
} // namespace confab
