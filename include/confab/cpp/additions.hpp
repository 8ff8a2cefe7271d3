// SPDX-License-Identifier: MIT
//
// What a program adds to an engine and gives functions of its own: commands of clients, and timers.
// Their meanings are extend_command.h's and extend_time.h's; the other kinds of extend.h take no
// function but their `release`, and are added with the C API.
//
//   engine.add_command({.verb = "ROLL", .help = "ROLL\nRolls a die."},
//                      [](confab::engine_ref engine, const confab::used_command &used) {
//                        engine.notice(used.origin(), "You rolled 4.");
//                      });
//
// The engine owns the function until it can no longer be called. An exception that leaves it is a
// failure: of a command, its client is told so.
#pragma once

#include <confab/cpp/engine_ref.hpp>
#include <confab/cpp/events_bus.hpp>
#include <confab/cpp/life.hpp>
#include <confab/cpp/thrown.hpp>

#include <memory>
#include <type_traits>

namespace confab {
inline namespace abi_0 {

namespace detail {

template <class Function>
confab_status CONFAB_CALL command_run(void *ctx, confab_engine *engine,
                                      const confab_event_command *event) noexcept {
  try {
    held<Function> &run = *static_cast<held<Function> *>(ctx);
    run.function(engine_ref(engine, run.life), used_command(event->head));
    return CONFAB_OK;
  } catch (...) {
    log_thrown(engine);
    return CONFAB_ERR_CALLBACK;
  }
}

template <class Function>
confab_status CONFAB_CALL timer_run(void *ctx, confab_engine *engine, confab_id timer) noexcept {
  try {
    held<Function> &run = *static_cast<held<Function> *>(ctx);
    run.function(engine_ref(engine, run.life), timer_id(timer));
    return CONFAB_OK;
  } catch (...) {
    log_thrown(engine);
    return CONFAB_ERR_CALLBACK;
  }
}

template <class Function>
confab_status CONFAB_CALL addition_release(void *ctx) noexcept {
  delete static_cast<held<Function> *>(ctx);
  return CONFAB_OK;
}

} // namespace detail

template <class Function>
addition_id engine_ref::add_command(const command_terms &terms, Function &&run) {
  using function = std::decay_t<Function>;
  static_assert(std::is_invocable_r_v<void, function &, engine_ref, const used_command &>,
                "a command takes (confab::engine_ref, const confab::used_command &)");
  std::unique_ptr<detail::held<function>> owned(
      new detail::held<function>{std::forward<Function>(run), life_});
  confab_command_spec spec = confab_command_spec_init();
  spec.verb = str(terms.verb);
  spec.help = str(terms.help);
  spec.params_min = terms.params_min;
  spec.params_max = terms.params_max;
  spec.permission = terms.permission;
  spec.cost = terms.cost;
  spec.owner = terms.owner.raw();
  spec.ctx = owned.get();
  spec.run = detail::command_run<function>;
  spec.release = detail::addition_release<function>;
  confab_id id = 0;
  must(confab_command_add, &spec, &id);
  (void)owned.release();
  return addition_id(id);
}

template <class Function>
timer_id engine_ref::add_timer(const timer_terms &terms, Function &&run) {
  using function = std::decay_t<Function>;
  static_assert(std::is_invocable_r_v<void, function &, engine_ref, timer_id>,
                "a timer takes (confab::engine_ref, confab::timer_id)");
  std::unique_ptr<detail::held<function>> owned(
      new detail::held<function>{std::forward<Function>(run), life_});
  confab_timer_spec spec = confab_timer_spec_init();
  spec.name = str(terms.name);
  spec.delay_ms = detail::count_of(terms.delay);
  spec.interval_ms = detail::count_of(terms.interval);
  spec.owner = terms.owner.raw();
  spec.ctx = owned.get();
  spec.run = detail::timer_run<function>;
  spec.release = detail::addition_release<function>;
  confab_id id = 0;
  must(confab_timer_add, &spec, &id);
  (void)owned.release();
  return timer_id(id);
}

} // namespace abi_0
} // namespace confab
