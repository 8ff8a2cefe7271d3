// SPDX-License-Identifier: MIT
//
// One test case for each behaviour of the file, by its name. It says whether the behaviour was
// played, or which file of tests/abi/compile_fail shows that it cannot be written. One with an
// asynchronous filter is played twice: that is a coroutine, and then one that takes tokens by hand.
#include "support/catch.hpp"

#include "bindings/cpp/world.hpp"

#include <cstdio>
#include <fstream>

namespace {

using behaviours::json;

// The suite abi compiles what is there; here it must be there, and say what it expects.
void require_refused(const std::string &name) {
  const std::string path = std::string(CONFAB_TESTS_DIR) + "/abi/compile_fail/" + name + ".cpp";
  INFO("that cannot be written, or " << path << " has to show it");
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  REQUIRE(text.find("\n// expect: ") != std::string::npos);
}

void play_as(behaviours::asynchronous form, const json &options, const json &behaviour) {
  behaviours::world world(options, behaviour, form);
  std::size_t refused_steps = 0;
  for (const json &step : behaviour.at("steps")) {
    INFO("step " << step.dump(-1, ' ', false, json::error_handler_t::replace));
    if (const std::string refused = behaviours::refusal_of_step(step); !refused.empty()) {
      require_refused(refused);
      ++refused_steps;
      continue;
    }
    REQUIRE_NOTHROW(world.step(step));
  }
  REQUIRE_NOTHROW(world.end());
  std::printf("played%s: %s", form == behaviours::asynchronous::token ? " with tokens" : "",
              behaviour.at("name").get_ref<const std::string &>().c_str());
  if (refused_steps > 0) {
    std::printf(" (%zu of its steps do not compile)", refused_steps);
  }
  std::printf("\n");
}

bool is_asynchronous(const json &behaviour) {
  bool found = false;
  for (const json &hook : behaviour.value("hooks", json::array())) {
    found = found || behaviours::waits(hook);
  }
  for (const json &step : behaviour.at("steps")) {
    found = found || (step.contains("hook") && step.at("hook").is_object() &&
                      behaviours::waits(step.at("hook")));
  }
  return found;
}

void play(const json &options, const json &behaviour) {
  const auto name = behaviour.at("name").get<std::string>();
  if (const std::string refused = behaviours::refusal(behaviour); !refused.empty()) {
    require_refused(refused);
    std::printf("does not compile (%s.cpp): %s\n", refused.c_str(), name.c_str());
    return;
  }
  play_as(behaviours::asynchronous::coroutine, options, behaviour);
  if (is_asynchronous(behaviour)) {
    play_as(behaviours::asynchronous::token, options, behaviour);
  }
}

// Catch2's own interface for tests that are not functions; both versions of it have this much.
class behaviour_case : public Catch::ITestInvoker {
public:
  behaviour_case(const json &options, const json &behaviour)
      : options_(options), behaviour_(behaviour) {}
  void invoke() const override { play(options_, behaviour_); }

private:
  const json &options_, &behaviour_;
};

const bool all_are_registered = [] {
  static const json file = behaviours::read("bindings/behaviours.json");
  if (file.at("format") != 1) {
    throw std::runtime_error("behaviours.json has another format");
  }
  for (const json &each : file.at("behaviours")) {
    const auto &name = each.at("name").get_ref<const std::string &>();
    Catch::AutoReg(
#if defined(CATCH_VERSION_MAJOR) && CATCH_VERSION_MAJOR >= 3
        Catch::Detail::make_unique<behaviour_case>(file.at("options"), each),
#else
        new behaviour_case(file.at("options"), each),
#endif
        CATCH_INTERNAL_LINEINFO, Catch::StringRef(), Catch::NameAndTags{name, "[behaviours]"});
  }
  return true;
}();

} // namespace

TEST_CASE("behaviours: a word that is not described fails") {
  const json options = behaviours::read("bindings/behaviours.json").at("options");
  const auto fails = [&](const json &behaviour) {
    behaviours::world world(options, behaviour);
    for (const json &step : behaviour.at("steps")) {
      world.step(step);
    }
  };
  const json hook = {{"name", "x"}, {"on", "message"}, {"stage", "policy"}};
  json strange = hook, stage = hook, event = hook;
  strange["does"] = json::array({{{"dance", true}}});
  stage.update({{"does", json::array()}, {"stage", "afterwards"}});
  event.update({{"does", json::array()}, {"on", "eclipse"}});
  const json steps =
      json::array({{{"do", "register"}, {"conn", "a"}, {"nick", "alice"}},
                   {{"do", "feed"}, {"conn", "a"}, {"lines", {"PRIVMSG alice :x"}}}});
  CHECK(all_are_registered);
  CHECK_THROWS_AS(fails({{"steps", json::array({{{"do", "dance"}}})}}), behaviours::mismatch);
  CHECK_THROWS_AS(fails({{"hooks", json::array({strange})}, {"steps", steps}}),
                  behaviours::mismatch);
  CHECK_THROWS_AS(fails({{"hooks", json::array({stage})}, {"steps", steps}}), behaviours::mismatch);
  CHECK_THROWS_AS(fails({{"hooks", json::array({event})}, {"steps", steps}}), behaviours::mismatch);
  CHECK_THROWS_AS(fails({{"options", {{"moon", 1}}}, {"steps", steps}}), behaviours::mismatch);
}
