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

namespace confab {
inline namespace abi_0 {

struct submitted {
  confab_status status; // OK, CONFAB_PARKED or CONFAB_QUEUED; of try_submit also an error
  std::uint64_t seq;    // the event's number, or 0 while it is queued
};

// What a subscription is about: one connection, user, channel or member, or everything.
class scope {
public:
  scope() noexcept = default; // everywhere
  scope(conn_id conn) noexcept : raw_(conn.raw()) {}
  scope(user_id user) noexcept : raw_(user.raw()) {}
  scope(channel_id channel) noexcept : raw_(channel.raw()) {}
  scope(member_id member) noexcept : raw_(member.raw()) {}

  [[nodiscard]] confab_id raw() const noexcept { return raw_; }

private:
  confab_id raw_ = 0;
};

// `engine.on<confab::join>(confab::observe, handler, {.priority = 10, .within = channel})`
struct interest {
  std::int16_t priority = 0; // higher first
  scope within = {};
  std::uint32_t protocols = 0; // CONFAB_PROTOCOL_* bits of origins; 0: all, and the host's own
  bool fail_open = false;      // a failure counts as PASS
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
  // until it can no longer be called. An exception that leaves it is a failure of the handler.
  template <class Event, class Stage, class Handler>
  subscription on(Stage stage, Handler &&handler, const interest &where = {});

  // Unsubscribes, at once. False: it was gone already.
  bool off(subscription hook) noexcept { return confab_hook_remove(raw_, hook.raw()) == CONFAB_OK; }
};

} // namespace abi_0
} // namespace confab
