// SPDX-License-Identifier: MIT
//
// What the file asks for and C++ cannot say, because it does not compile, each with the file of
// tests/abi/compile_fail that shows it.
#include "bindings/cpp/events.hpp"
#include "bindings/cpp/world.hpp"

namespace behaviours {

namespace {

std::string kind_of(const json &value) {
  return value.is_null()      ? "null"
         : value.is_boolean() ? "truth_value"
         : value.is_number()  ? "number"
         : value.is_string()  ? "text"
         : value.is_array()   ? "list"
                              : "object";
}

std::string refusal_of_hook(const json &hook) {
  const json &stage = hook.at("stage");
  for (const json &action : hook.at("does")) {
    if (action.contains("answer")) {
      return stage == "policy" ? kind_of(action.at("answer")) + "_as_verdict"
                               : "verdict_in_" + stage.get<std::string>();
    }
    if (stage != "transform" && (action.contains("set") || action.contains("replace"))) {
      return "set_text_in_" + stage.get<std::string>();
    }
  }
  return {};
}

} // namespace

std::string refusal(const json &behaviour) {
  for (const json &hook : behaviour.value("hooks", json::array())) {
    if (const std::string name = refusal_of_hook(hook); !name.empty()) {
      return name;
    }
  }
  for (const json &step : behaviour.at("steps")) {
    if (step.at("do") == "resolve" && step.at("answer").contains("answer")) {
      return kind_of(step.at("answer").at("answer")) + "_as_resolution";
    }
  }
  return {};
}

std::string refusal_of_step(const json &step) {
  if (step.contains("value")) {
    return kind_of(step.at("value")) + "_as_bytes";
  }
  if (step.at("do") == "submit") {
    const auto type = step.at("type").get<std::string>();
    return with_event(type, [&]<class Event>() {
      return confab::submittable<Event> ? std::string() : "submitted_" + type;
    });
  }
  return {};
}

} // namespace behaviours
