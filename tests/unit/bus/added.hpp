// SPDX-License-Identifier: MIT
//
// What tests of additions share: things to add whose callbacks are lambdas and are counted, and
// short words for adding them. It judges nothing: the tests do.
#pragma once

#include "unit/bus/hooked.hpp"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

// One addition: what it does, and what was called.
struct thing {
  std::function<confab_status(confab_engine *, const confab_event_command *)> does;
  std::function<confab_status(confab_engine *, confab_id)> ticks;
  std::function<confab_status(void *, confab_id)> drops;
  unsigned runs = 0, released = 0;
  std::vector<std::uintptr_t> dropped; // data, in order
  confab_id id = 0;
  std::uint32_t number = 0;

  static confab_status CONFAB_CALL run(void *ctx, confab_engine *engine,
                                       const confab_event_command *event) {
    auto &t = *static_cast<thing *>(ctx);
    ++t.runs;
    return t.does ? t.does(engine, event) : CONFAB_OK;
  }
  static confab_status CONFAB_CALL tick(void *ctx, confab_engine *engine, confab_id timer) {
    auto &t = *static_cast<thing *>(ctx);
    ++t.runs;
    return t.ticks ? t.ticks(engine, timer) : CONFAB_OK;
  }
  static confab_status CONFAB_CALL drop(void *ctx, void *data, confab_id object) {
    auto &t = *static_cast<thing *>(ctx);
    t.dropped.push_back(reinterpret_cast<std::uintptr_t>(data));
    return t.drops ? t.drops(data, object) : CONFAB_OK;
  }
  static confab_status CONFAB_CALL release(void *ctx) {
    ++static_cast<thing *>(ctx)->released;
    return CONFAB_OK;
  }
};

inline void *data_of(std::uintptr_t number) { return reinterpret_cast<void *>(number); }

// People and a channel, and whatever a test adds.
struct addable : scene {
  addable() = default;
  explicit addable(const setup &with) : scene(with) {}
  ~addable() {
    ignore(confab_engine_destroy(engine)); // before the things go
    engine = nullptr;
  }

  thing &command(std::string_view verb,
                 const std::function<void(confab_command_spec &)> &tweak = {}) {
    thing &t = things.emplace_back();
    confab_command_spec spec = confab_command_spec_init();
    spec.verb = str_of(verb);
    spec.params_max = CONFAB_PARAMS_MAX;
    spec.ctx = &t;
    spec.run = thing::run;
    spec.release = thing::release;
    if (tweak)
      tweak(spec);
    last = confab_command_add(engine, &spec, &t.id);
    return t;
  }

  thing &timer(std::uint32_t delay_ms, std::uint32_t interval_ms,
               std::function<confab_status(confab_engine *, confab_id)> ticks = {}) {
    thing &t = things.emplace_back();
    t.ticks = std::move(ticks);
    confab_timer_spec spec = confab_timer_spec_init();
    spec.delay_ms = delay_ms;
    spec.interval_ms = interval_ms;
    spec.ctx = &t;
    spec.run = thing::tick;
    spec.release = thing::release;
    last = confab_timer_add(engine, &spec, &t.id);
    return t;
  }

  thing &slot(std::uint32_t kind) {
    thing &t = things.emplace_back();
    confab_slot_spec spec = confab_slot_spec_init();
    spec.kind = kind;
    spec.ctx = &t;
    spec.destroy = thing::drop;
    spec.release = thing::release;
    last = confab_slot_add(engine, &spec, &t.id);
    return t;
  }

  thing &mode(std::uint32_t subject, std::string_view name, char letter,
              const std::function<void(confab_mode_spec &)> &tweak = {}) {
    thing &t = things.emplace_back();
    confab_mode_spec spec = confab_mode_spec_init();
    spec.subject = subject;
    spec.name = str_of(name);
    spec.letter = static_cast<unsigned char>(letter);
    spec.ctx = &t;
    spec.release = thing::release;
    if (tweak)
      tweak(spec);
    last = confab_mode_add(engine, &spec, &t.id, &t.number);
    return t;
  }

  thing &property(std::uint32_t subject, std::string_view name,
                  const std::function<void(confab_property_spec &)> &tweak = {}) {
    thing &t = things.emplace_back();
    confab_property_spec spec = confab_property_spec_init();
    spec.subject = subject;
    spec.name = str_of(name);
    spec.ctx = &t;
    spec.release = thing::release;
    if (tweak)
      tweak(spec);
    last = confab_property_add(engine, &spec, &t.id);
    return t;
  }

  thing &space(std::string_view name, std::uint32_t types) {
    thing &t = things.emplace_back();
    confab_space_spec spec = confab_space_spec_init();
    spec.name = str_of(name);
    spec.types = types;
    spec.ctx = &t;
    spec.release = thing::release;
    std::uint16_t number = 0;
    last = confab_space_add(engine, &spec, &t.id, &number);
    t.number = number;
    return t;
  }

  confab_status remove(const thing &t) { return confab_addition_remove(engine, t.id); }

  confab_addition_info info(confab_id id) const {
    confab_addition_info i{};
    i.struct_size = sizeof i;
    ignore(confab_addition_get(engine, id, &i));
    return i;
  }

  // The id of a user, of its connection's kind.
  confab_id ann_user() const { return user("ann"); }

  std::deque<thing> things;
};

} // namespace confab::test
