// SPDX-License-Identifier: MIT
//
// Handlers of the C++ wrapper that throw. The wrapper fixes the event and the stage in the types,
// so there is one instance for each; the table below makes them reachable by number.
#include "q265267/verdicts.hpp"

#include <confab/confab.hpp>

#include <memory>
#include <stdexcept>

namespace q265267 {

namespace {

// Throws at the act; counts when it is released.
template <class Event>
struct throwing {
  trial *t;
  std::shared_ptr<void> released;

  template <class Call>
  void at(Call &call) const {
    const confab_event *event = confab_call_event(call.raw());
    if (t->handler->acted || !t->is_act(event))
      return;
    t->handler->acted = true;
    ++t->handler->calls;
    t->seq = event->seq;
    throw std::runtime_error("a handler that throws");
  }
};

template <class Event, class Stage>
confab_id add(trial &t, Stage stage, bool fail_open) {
  armed *of = t.handler;
  throwing<Event> thrower{&t, std::shared_ptr<void>(nullptr, [of](void *) { ++of->released; })};
  confab::engine_ref engine(t.s.engine);
  confab::interest where;
  where.priority = 5;
  where.fail_open = fail_open;
  if constexpr (Stage::stage == CONFAB_STAGE_POLICY)
    return engine
        .on<Event>(
            stage,
            [thrower](confab::policy_call &call, const Event &) -> confab::policy_verdict {
              thrower.at(call);
              return confab::pass;
            },
            where)
        .raw();
  else if constexpr (Stage::stage == CONFAB_STAGE_OVERRIDE)
    return engine
        .on<Event>(
            stage,
            [thrower](confab::override_call &call, const Event &) -> confab::override_verdict {
              thrower.at(call);
              return confab::pass;
            },
            where)
        .raw();
  else
    return engine
        .on<Event>(
            stage, [thrower](auto &call, const Event &) { thrower.at(call); }, where)
        .raw();
}

template <class Event>
confab_id add_in_stage(trial &t, std::uint32_t stage, bool fail_open) {
  switch (stage) {
  case CONFAB_STAGE_TRANSFORM:
    return add<Event>(t, confab::transform, fail_open);
  case CONFAB_STAGE_POLICY:
    return add<Event>(t, confab::policy, fail_open);
  case CONFAB_STAGE_OVERRIDE:
    return add<Event>(t, confab::override, fail_open);
  default:
    return add<Event>(t, confab::observe, fail_open);
  }
}

struct row {
  std::uint16_t type;
  confab_id (*add)(trial &, std::uint32_t stage, bool fail_open);
};

template <class... Events>
constexpr auto rows_of() {
  return std::array<row, sizeof...(Events)>{row{Events::type, add_in_stage<Events>}...};
}

constexpr auto rows =
    rows_of<confab::connect, confab::registration, confab::authenticate, confab::disconnect,
            confab::nick, confab::user_change, confab::message, confab::join, confab::part,
            confab::kick, confab::invite, confab::topic, confab::member_change,
            confab::channel_open, confab::channel_close, confab::channel_change, confab::access,
            confab::kill, confab::oper, confab::query, confab::line_in, confab::line_out,
            confab::rate_limit, confab::admin, confab::hook_failed>();

const row *find(std::uint16_t type) {
  for (const row &r : rows)
    if (r.type == type)
      return &r;
  return nullptr;
}

} // namespace

bool can_throw(std::uint16_t type) { return find(type) != nullptr; }

bool add_throwing(trial &t, std::uint32_t stage, bool fail_open, confab_id &hook) {
  const row *r = find(t.s.a.type);
  if (!r)
    return false;
  hook = r->add(t, stage, fail_open);
  return hook != 0;
}

} // namespace q265267
