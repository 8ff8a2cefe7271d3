// SPDX-License-Identifier: MIT
//
// The hooks and commands of the file, as handlers of confab.hpp that do its actions; and what is
// answered to questions that such a handler left open.
// Actions that are steps as well are in steps.cpp.
#include "bindings/cpp/events.hpp"
#include "bindings/cpp/world.hpp"

#include <algorithm>

namespace behaviours {

namespace {

std::string replaced(std::string text, const std::string &from, const std::string &to) {
  for (std::size_t at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

template <class Event>
void set_member(confab::transform_call<Event> &call, const std::string &name,
                const std::string &value) {
#define CONFAB_TEST_SET(member)                                                                    \
  if constexpr (requires { call.set_##member(std::string_view()); }) {                             \
    if (name == #member) {                                                                         \
      return call.set_##member(value);                                                             \
    }                                                                                              \
  }
  CONFAB_TEST_SET(text)
  CONFAB_TEST_SET(name)
  CONFAB_TEST_SET(nick)
  CONFAB_TEST_SET(key)
#undef CONFAB_TEST_SET
  throw mismatch("the event has no such member to set: " + name);
}

// What only handlers of one stage can do. True: that was it.
template <class Event>
bool act_in(confab::transform_call<Event> &call, const Event &event, const std::string &word,
            const json &value) {
  if (word == "replace") {
    if constexpr (requires { event.text(); }) {
      const std::string text(event.text());
      const std::string made = replaced(text, bytes(value.at(0)), bytes(value.at(1)));
      if (made != text) {
        set_member(call, "text", made);
      }
      return true;
    }
  } else if (word == "set") {
    for (const auto &[name, text] : value.items()) {
      set_member(call, name, bytes(text));
    }
    return true;
  }
  return false;
}

bool act_in(confab::policy_call &call, const std::string &word, const json &value,
            confab::policy_verdict &answer) {
  if (word == "pass") {
    answer = confab::pass;
  } else if (word == "deny") {
    const std::string text = bytes(value.value("text", json("")));
    const std::uint32_t code = constant("REFUSED", value.value("code", std::string("policy")));
    const auto visibility = value.value("visibility", std::string("error"));
    if (visibility == "silent") {
      answer = call.deny_silent(text, code);
    } else if (visibility == "shadow") {
      answer = call.deny_shadow(text, code);
    } else {
      answer = call.deny(text, code);
    }
  } else {
    return false;
  }
  return true;
}

} // namespace

void world::act(added &from, const json &action, confab::conn_id origin) {
  const auto word =
      action.begin().key() == "error" ? std::next(action.begin()).key() : action.begin().key();
  const json &value = action.at(word);
  if (word == "throw") {
    throw std::runtime_error(value.get<std::string>());
  }
  try {
    if (word == "spend_ms") {
      host_.spent += value.get<confab_time>() * 1'000'000;
    } else if (word == "close_engine") {
      engine().destroy();
    } else if (word == "remove_self") {
      if (!engine().off(from.hook)) {
        throw mismatch("the hook was gone already");
      }
    } else if (word == "query") {
      query(value);
    } else if (word == "submit") {
      json step = value;
      step["status"] = value.value("status", std::string("queued"));
      submit(engine(), step);
    } else if (word == "drive") {
      must_fail(action.at("error").get<std::string>(), [&] {
        confab::checked(value == "tick"    ? engine().tick(now_)
                        : value == "flush" ? engine().flush()
                                           : engine().feed(origin, now_, "PING x\r\n").status);
      });
    } else {
      throw mismatch("there is no action " + word);
    }
  } catch (const mismatch &found) {
    problem_ = found;
    throw;
  }
}

template <class Event, class Stage>
void world::subscribe(added &hook, Stage stage) {
  const json &data = hook.data;
  const auto name = data.at("name").get<std::string>();
  confab::interest where{.priority = data.value("priority", std::int16_t{0}), .name = name};
  where.fail_open = data.value("fail_open", false);
  where.shadow = data.value("shadow", false);
  where.call_max = std::chrono::microseconds(data.value("call_us_max", 0));
  where.failures_max = data.value("failures_max", 0U);
  where.retry = std::chrono::milliseconds(data.value("retry_ms", 0));

  if constexpr (std::same_as<Stage, confab::policy_stage>) {
    if (waits(data) && form_ == asynchronous::coroutine) {
      return subscribe_task<Event>(hook, where);
    }
  }
  using call_type = typename Stage::template call_type<Event>;
  // The actions, in their order; the verdict of those that answer.
  const auto run = [this, &hook, held = handle()](call_type &call, const Event &event,
                                                  auto &answer) {
    for (const json &action : hook.data.at("does")) {
      const std::string word = action.begin().key();
      if constexpr (std::same_as<Stage, confab::transform_stage>) {
        if (act_in(call, event, word, action.begin().value())) {
          continue;
        }
      } else if constexpr (std::same_as<Stage, confab::policy_stage>) {
        if (word == "defer") {
          const std::chrono::milliseconds wait(action.begin().value().get<int>());
          hook.questions.push_back(call.defer(wait));
          answer = call.deferred();
          return; // the others are done when it is decided
        }
        if (act_in(call, word, action.begin().value(), answer)) {
          continue;
        }
      } else if constexpr (std::same_as<Stage, confab::override_stage>) {
        if (word == "allow") {
          answer = call.allow(action.begin().value().get<std::string>());
          continue;
        }
      }
      if (word == "record") {
        json record;
        for (const json &member : action.begin().value()) {
          record[member] = behaviours::members(event).at(member);
        }
        if constexpr (std::same_as<Stage, confab::observe_stage>) {
          record["outcome"] = behaviours::word("OUTCOME", call.outcome().outcome);
        }
        hook.records.push_back(std::move(record));
        continue;
      }
      act(hook, action, event.origin());
    }
  };
  if constexpr (std::same_as<Stage, confab::policy_stage>) {
    hook.hook =
        engine().on<Event>(stage,
                           confab::deferring(
                               [run](call_type &call, const Event &event) {
                                 confab::policy_verdict answer = confab::pass;
                                 run(call, event, answer);
                                 return answer;
                               },
                               [&hook](confab::engine_ref, confab::token dead, std::uint32_t why) {
                                 std::erase(hook.questions, dead);
                                 hook.cancelled.push_back(word("CANCELLED", why));
                               }),
                           where);
  } else if constexpr (std::same_as<Stage, confab::override_stage>) {
    hook.hook = engine().on<Event>(
        stage,
        [run](call_type &call, const Event &event) {
          confab::override_verdict answer = confab::pass;
          run(call, event, answer);
          return answer;
        },
        where);
  } else {
    hook.hook = engine().on<Event>(
        stage,
        [run](call_type &call, const Event &event) {
          int none = 0;
          run(call, event, none);
        },
        where);
  }
}

template <class Event>
void world::subscribe_task(added &hook, confab::interest where) {
  for (const json &action : hook.data.at("does")) {
    if (action.contains("defer")) {
      where.wait = std::chrono::milliseconds(action.at("defer").get<int>());
    }
  }
  const auto run = [this, &hook, held = handle()](confab::act<Event> what) -> confab::task {
    json said = {{"pass", true}};
    for (const json &action : hook.data.at("does")) {
      if (action.contains("defer")) {
        confab::answer<json> answer;
        hook.coroutines.push_back(answer.pending());
        said = co_await answer;
      } else {
        act(hook, action, what->origin());
      }
    }
    const std::string &word = said.begin().key();
    const json &value = said.begin().value();
    if (word == "deny") {
      const std::string text = bytes(value.value("text", json("")));
      co_return confab::denial{.text = text,
                               .code = constant("REFUSED", value.value("code", "policy")),
                               .visibility =
                                   constant("DENIAL", value.value("visibility", "error"))};
    }
    if (word == "set" && value.size() == 1 && value.contains("text")) {
      const std::string text = bytes(value.at("text"));
      co_return confab::rewritten{.text = text};
    }
    if (word == "throw") {
      throw std::runtime_error(value.get<std::string>());
    }
    if (word != "pass") {
      problem_ = mismatch("there is no answer " + word);
    }
    co_return confab::pass;
  };
  hook.hook = engine().on<Event>(
      confab::policy,
      confab::deferring(run,
                        [&hook](confab::engine_ref, confab::token, std::uint32_t why) {
                          hook.cancelled.push_back(word("CANCELLED", why));
                        }),
      where);
}

bool waits(const json &hook) {
  const json &does = hook.at("does");
  return std::any_of(does.begin(), does.end(),
                     [](const json &action) { return action.contains("defer"); });
}

void world::add_hook(const json &data) {
  added &hook = hooks_[data.at("name").get<std::string>()];
  hook.data = data;
  with_event(data.at("on").get<std::string>(), [&]<class Event>() {
    const auto stage = data.at("stage").get<std::string>();
    if (stage == "transform") {
      subscribe<Event>(hook, confab::transform);
    } else if (stage == "policy") {
      subscribe<Event>(hook, confab::policy);
    } else if (stage == "override") {
      subscribe<Event>(hook, confab::override);
    } else if (stage == "observe") {
      subscribe<Event>(hook, confab::observe);
    } else {
      throw mismatch("there is no stage " + stage);
    }
  });
}

void world::add_command(const json &data) {
  const auto verb = data.at("verb").get<std::string>(), help = data.value("help", std::string());
  added &command = hooks_[data.value("name", verb)];
  command.data = data;
  const confab::command_terms terms{
      .verb = verb,
      .help = help,
      .params_min = data.value("params_min", 0U),
      .params_max = data.value("params_max", 0U + CONFAB_PARAMS_MAX),
      .permission = constant("PERMIT", data.value("permission", std::string("user")))};
  engine().add_command(terms, [this, &command, held = handle()](confab::engine_ref engine,
                                                                const confab::used_command &used) {
    for (const json &action : command.data.at("does")) {
      if (!action.contains("reply")) {
        act(command, action, used.origin());
        continue;
      }
      auto text = action.at("reply").get<std::string>();
      for (std::uint32_t i = 0; i < 10; ++i) {
        text = replaced(text, "{" + std::to_string(i) + "}", std::string(used.param(i)));
      }
      engine.notice(used.origin(), text);
    }
  });
}

void world::resolve(const json &step) {
  added &asked = hook(step);
  std::erase_if(asked.coroutines, [](const auto &end) { return !end; });
  if (!asked.coroutines.empty()) {
    confab::pending<json> first = std::move(asked.coroutines.front());
    asked.coroutines.pop_front();
    (void)first.set(step.at("answer"));
    return;
  }
  if (asked.questions.empty()) {
    throw mismatch("nothing is open");
  }
  const confab::token which = asked.questions.front();
  asked.questions.pop_front();
  confab_status status = CONFAB_OK;
  // As a program does that hears from its thread: whatever goes wrong, the act does not wait on.
  try {
    for (const json &action : asked.data.at("does")) {
      if (!action.contains("defer")) {
        act(asked, action, {});
      }
    }
    status = decide(which, step.at("answer"));
  } catch (const mismatch &) {
    throw;
  } catch (const std::exception &) {
    status = engine().resolve(which, confab::failed);
  }
  if (engine().is_open()) {
    confab::checked(status);
  }
}

confab_status world::decide(confab::token which, const json &answer) {
  const std::string &word = answer.begin().key();
  const json &value = answer.begin().value();
  if (word == "pass") {
    return engine().resolve(which, confab::pass);
  }
  if (word == "deny") {
    const std::string text = bytes(value.value("text", json("")));
    return engine().resolve(
        which,
        confab::denial{.text = text,
                       .code = constant("REFUSED", value.value("code", "policy")),
                       .visibility = constant("DENIAL", value.value("visibility", "error"))});
  }
  if (word == "set" && value.size() == 1 && value.contains("text")) {
    const std::string text = bytes(value.at("text"));
    return engine().resolve(which, confab::rewritten{.text = text});
  }
  if (word == "throw") {
    throw std::runtime_error(value.get<std::string>());
  }
  throw mismatch("there is no answer " + word);
}

} // namespace behaviours
