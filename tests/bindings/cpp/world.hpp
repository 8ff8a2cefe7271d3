// SPDX-License-Identifier: MIT
//
// The world that BEHAVIOURS.md describes, over confab.hpp: one engine whose time stands still, its
// connections, the hooks and commands of the file, and its steps and actions by name.
//
// What the file asks for and C++ cannot say is named by `refusal`: there a file of
// tests/abi/compile_fail shows that it does not compile.
#pragma once

#include "bindings/cpp/file.hpp"

#include <confab/confab.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace behaviours {

// Output by connection, a clock that only actions move.
class world_host : public confab::push_host {
public:
  confab_status send(confab::conn_id conn, void *, std::span<const confab_slice> slices,
                     std::size_t &accepted) override;
  confab_status close(confab::conn_id conn, void *, std::string_view) override;
  confab_status clock(confab_time &now) override;

  std::map<confab::conn_id, std::string> output;
  std::set<confab::conn_id> closed, broken;
  confab_time spent = 0;
};

// One hook or command of the file, and what was seen of it.
struct added {
  json data;
  confab::subscription hook;
  json records = json::array();
  json cancelled = json::array();
  std::deque<confab::token> questions;          // by hand
  std::deque<confab::pending<json>> coroutines; // or of a coroutine; those that ended are false
};

// The two ways to write an asynchronous filter.
enum class asynchronous { coroutine, token };

class world {
public:
  world(const json &options, const json &behaviour, asynchronous form = asynchronous::coroutine);
  world(const world &) = delete;
  world &operator=(const world &) = delete;

  void step(const json &step);
  // The engine is closed, and every handler must have been let go.
  void end();

  void add_hook(const json &hook);
  void add_command(const json &command);

private:
  // Steps, by name; some are actions as well, which submit with what the handler has.
  void play(const std::string &word, const json &step);
  bool play_loop(const std::string &word, const json &step);
  bool play_check(const std::string &word, const json &step);
  void open(const json &step);
  void feed(const json &step);
  void submit(confab::engine_ref &with, const json &step);
  void resolve(const json &step);
  confab_status decide(confab::token which, const json &answer);
  void output(const json &step);
  void events(const json &step);
  void query(const json &step);
  void members(const json &step);
  void stats(const json &step);
  void hook_stats(const json &step);

  template <class Event, class Stage>
  void subscribe(added &hook, Stage stage);
  // An asynchronous filter, as a coroutine.
  template <class Event>
  void subscribe_task(added &hook, confab::interest where);
  // Beside those of its stage, what every handler may do.
  void act(added &from, const json &action, confab::conn_id origin);
  void settle();
  // Runs what must fail, and checks how.
  void must_fail(const std::string &error, const std::function<void()> &run) const;
  confab_id id_of(const json &name);
  confab::conn_id conn(const json &step) const { return conns_.at(step.at("conn")); }
  added &hook(const json &step);
  // A part of every handler: when it is gone, so is the handler.
  std::shared_ptr<int> handle();
  // The engine, or closed_engine where it was forgotten.
  confab::engine &engine();

  const asynchronous form_;
  world_host host_;
  confab_time now_ = 1'000'000'000;
  std::map<std::string, confab::conn_id> conns_;
  std::map<std::string, added> hooks_;
  std::vector<std::weak_ptr<int>> handles_;
  std::optional<mismatch> problem_; // found inside a handler
  std::unique_ptr<confab::engine> engine_;
};

// Does it have an asynchronous filter?
bool waits(const json &hook);

// The file of tests/abi/compile_fail that shows why a behaviour, or a step of it, cannot be written
// in C++; empty where it can.
std::string refusal(const json &behaviour);
std::string refusal_of_step(const json &step);

} // namespace behaviours
