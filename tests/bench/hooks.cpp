// SPDX-License-Identifier: MIT
//
// What the event bus costs an act: a message from one member of a channel to the other, as an act
// of the host, so that no protocol is read. First when nobody listens, beside the act's own gate
// and commit, called directly; then with eight handlers, without and with a clock; then with one
// that defers. Ratios are between measures taken in turns.

#include "bench/bench.hpp"

#include "abi/handle.hpp"

namespace {

constexpr int acts = 500, rounds = 60;

// Two members of #x, and a message of one to the channel.
struct chat : bench::world {
  explicit chat(decltype(confab_host::clock) clock = nullptr) : world(clock) {
    const std::vector<confab_id> conns = clients(2);
    for (const confab_id conn : conns)
      feed(conn, "JOIN #x\r\n");
    flush();
    CONFAB_COMMAND_INIT(&message, CONFAB_EVENT_MESSAGE);
    message.kind = CONFAB_MESSAGE_PRIVMSG;
    message.text = CONFAB_STR("what a person says in a channel, of the usual length or so");
    bench::check(confab_user_find(engine, CONFAB_STR("user0"), &message.head.actor), "user");
    bench::check(confab_channel_find(engine, CONFAB_STR("#x"), &message.target), "channel");
  }
  void say() { bench::check(confab_command_submit(engine, &message.head, nullptr), "say"); }
  void say_all() {
    for (int i = 0; i < acts; ++i)
      say();
    flush();
  }
  void with_hooks(std::uint16_t type, std::uint16_t stage = CONFAB_STAGE_POLICY) {
    for (int i = 0; i < 8; ++i)
      hook(bench::passing_hook(type, stage));
  }
  confab_event_message message;
};

confab::core::operation message_act(chat &c) {
  confab::core::operation op(c.engine->mem);
  op.event = confab::core::make_event(CONFAB_EVENT_MESSAGE);
  op.event.head.actor = c.message.head.actor;
  op.actor = c.engine->drive().w.users.find(c.message.head.actor);
  op.event.message.kind = c.message.kind;
  op.event.message.target = c.message.target;
  op.event.message.text = c.message.text;
  return op;
}

// The act through the bus, and its gate and commit without one.
void judge_pipeline(bench::table &t) {
  chat c;
  confab::core::world &w = c.engine->drive().w;
  const auto direct = [&] {
    const confab::core::act &act = confab::core::act_of(CONFAB_EVENT_MESSAGE);
    for (int i = 0; i < acts; ++i) {
      confab::core::operation op = message_act(c);
      bench::keep(act.gate(w, op));
      bench::keep(act.commit(w, op));
    }
    c.flush();
  };
  const auto through = [&] {
    for (int i = 0; i < acts; ++i)
      c.engine->drive().bus.submit(message_act(c));
    c.flush();
  };
  const auto [without, with] = bench::best_in_turns(rounds, direct, through);
  bench::table::show("a message: its gate and commit alone", without / acts, "ns");
  bench::table::show("... through the bus, nobody listens", with / acts, "ns");
  t.row("the way through the bus over the act alone", with / without, 1.5, "times", "");
}

// What the pipeline asks of the table of hooks on the way of one act that nobody listens to, beside
// the same loop that asks nothing.
void judge_questions(bench::table &t) {
  chat c;
  c.with_hooks(CONFAB_EVENT_TOPIC);
  const confab::bus::hook_table &hooks = c.engine->drive().bus.hooks;
  constexpr int asked = 100'000;
  std::uint64_t heard = 0;
  const auto nothing = [&] {
    for (int i = 0; i < asked; ++i)
      bench::keep(c.message.head);
  };
  const auto both = [&] {
    for (int i = 0; i < asked; ++i) {
      bench::keep(c.message.head);
      if (hooks.wants(c.message.head)) // before it is done
        ++heard;
      bench::keep(c.message.head);
      if (hooks.wants(c.message.head, CONFAB_STAGE_OBSERVE)) // and after
        ++heard;
    }
  };
  const auto [empty, full] = bench::best_in_turns(rounds, nothing, both);
  bench::keep(heard);
  t.row("asking whether anybody listens", (full - empty) / asked, 10, "ns", "goal: 2");
}

// A clock that costs nothing to read, so that only what measuring itself takes is left.
confab_status CONFAB_CALL free_clock(void *, confab_time *now) {
  static confab_time ticks = 0;
  *now = ticks += 10;
  return CONFAB_OK;
}

void judge_handlers(bench::table &t) {
  chat none, other, transform, policy, observe, timed(bench::steady_clock), counted(free_clock);
  other.with_hooks(CONFAB_EVENT_TOPIC);
  transform.with_hooks(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_TRANSFORM);
  policy.with_hooks(CONFAB_EVENT_MESSAGE);
  observe.with_hooks(CONFAB_EVENT_MESSAGE, CONFAB_STAGE_OBSERVE);
  timed.with_hooks(CONFAB_EVENT_MESSAGE);
  counted.with_hooks(CONFAB_EVENT_MESSAGE);
  const auto say = [](chat &c) { return [&c] { c.say_all(); }; };
  const auto ns = bench::best_in_turns(rounds, say(none), say(other), say(policy), say(transform),
                                       say(observe), say(counted), say(timed));
  const auto more = [&](std::size_t which) { return (ns[which] - ns[0]) / acts; };
  bench::table::show("a message, as the host submits it", ns[0] / acts, "ns");
  t.row("... with eight hooks on another type, over none", ns[1] / ns[0], 1.2, "times", "");
  t.row("eight POLICY hooks on it, in all", more(2), 600, "ns", "goal: 150");
  bench::table::show("eight TRANSFORM hooks", more(3), "ns");
  bench::table::show("eight OBSERVE hooks", more(4), "ns");
  t.row("eight POLICY hooks under a clock that is free", more(5), 600, "ns", "goal: 150");
  bench::table::show("... under this machine's, read nine times", more(6), "ns");
}

void judge_deferral(bench::table &t) {
  chat plain, slow;
  confab_id token = 0;
  confab_hook h = confab_hook_init();
  h.type = CONFAB_EVENT_MESSAGE;
  h.stage = CONFAB_STAGE_POLICY;
  h.ctx = &token;
  h.call = [](void *ctx, confab_call *call, const confab_event *) -> confab_verdict {
    return confab_call_defer(call, 0, static_cast<confab_id *>(ctx)) == CONFAB_OK ? CONFAB_DEFER
                                                                                  : CONFAB_DENY;
  };
  slow.hook(h);
  const auto deferred = [&] {
    for (int i = 0; i < acts; ++i) {
      slow.say();
      bench::check(confab_deferral_resolve(slow.engine, token, CONFAB_PASS, 0, {}, 0), "resolve");
    }
    slow.flush();
  };
  const auto [at_once, later] = bench::best_in_turns(
      rounds, [&] { plain.say_all(); }, deferred);
  t.row("a message, deferred and resolved", later / acts, 8000, "ns", "goal: 2000");
  t.row("... over one that is not", later / at_once, 8, "times", "");
}

} // namespace

int main() {
  bench::table t;
  judge_questions(t);
  judge_pipeline(t);
  judge_handlers(t);
  judge_deferral(t);
  return t.finish();
}
