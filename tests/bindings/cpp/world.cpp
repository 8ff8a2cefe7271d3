// SPDX-License-Identifier: MIT
//
// The world itself: its host, how it begins and ends, and names for things. Steps are in steps.cpp,
// handlers in handlers.cpp.
#include "bindings/cpp/world.hpp"

namespace behaviours {

confab_status world_host::send(confab::conn_id conn, void *, std::span<const confab_slice> slices,
                               std::size_t &accepted) {
  if (broken.contains(conn)) {
    throw std::runtime_error("the socket broke");
  }
  for (const confab_slice &slice : slices) {
    output[conn].append(static_cast<const char *>(slice.ptr), slice.len);
    accepted += slice.len;
  }
  return CONFAB_OK;
}

confab_status world_host::close(confab::conn_id conn, void *, std::string_view) {
  closed.insert(conn);
  return CONFAB_OK;
}

confab_status world_host::clock(confab_time &now) {
  now = spent;
  return CONFAB_OK;
}

world::world(const json &options, const json &behaviour, asynchronous form) : form_(form) {
  json all = options;
  all.update(behaviour.value("options", json::object()));
  confab::options made;
  made.now = now_;
  made.unix_ns = 1'700'000'000'000'000'000;
  const std::map<std::string, confab_str confab_engine_options::*> texts = {
      {"server_name", &confab_engine_options::server_name},
      {"user_modes", &confab_engine_options::user_modes}};
  const std::map<std::string, std::uint32_t confab_engine_options::*> numbers = {
      {"events_max", &confab_engine_options::events_max},
      {"hooks_max", &confab_engine_options::hooks_max},
      {"commands_burst_max", &confab_engine_options::commands_burst_max}};
  for (const auto &[name, value] : all.items()) {
    if (texts.contains(name)) {
      made.*texts.at(name) = confab::str(value.get_ref<const std::string &>());
    } else if (numbers.contains(name)) {
      made.*numbers.at(name) = value.get<std::uint32_t>();
    } else {
      throw mismatch("this runner knows no option " + name);
    }
  }
  engine_ = std::make_unique<confab::engine>(made, host_);
  for (const json &hook : behaviour.value("hooks", json::array())) {
    add_hook(hook);
  }
  for (const json &command : behaviour.value("commands", json::array())) {
    add_command(command);
  }
}

confab::engine &world::engine() {
  if (engine_ == nullptr) {
    throw confab::closed_engine();
  }
  return *engine_;
}

void world::settle() {
  for (int i = 0; i < 2; ++i) {
    if (engine_ != nullptr && engine_->is_open()) {
      confab::checked(engine_->flush());
    }
  }
  if (problem_) {
    throw mismatch(*problem_);
  }
}

void world::end() {
  engine_.reset();
  for (const std::weak_ptr<int> &handle : handles_) {
    if (!handle.expired()) {
      throw mismatch("a handler was not let go");
    }
  }
}

std::shared_ptr<int> world::handle() {
  auto made = std::make_shared<int>(0);
  handles_.push_back(made);
  return made;
}

added &world::hook(const json &step) {
  const auto found = hooks_.find(step.at("hook").get<std::string>());
  if (found == hooks_.end()) {
    throw mismatch("there is no hook " + step.at("hook").get<std::string>());
  }
  return found->second;
}

confab_id world::id_of(const json &name) {
  if (name.is_number()) {
    return name.get<confab_id>();
  }
  if (name.contains("conn")) {
    return conn(name).raw();
  }
  if (name.contains("hook")) {
    return hook(name).hook.raw();
  }
  return name.contains("user")
             ? engine().find_user(name.at("user").get<std::string>()).value().raw()
             : engine().find_channel(name.at("channel").get<std::string>()).value().raw();
}

void world::must_fail(const std::string &error, const std::function<void()> &run) const {
  if (error == "closed" && engine_ != nullptr && engine_->is_open()) {
    throw mismatch("the engine is not closed");
  }
  try {
    run();
  } catch (const confab::error &thrown) {
    // What returns its status says "closed" with ERR_STATE.
    const std::string name = error == "closed" ? "state" : error;
    if (thrown.status() != static_cast<confab_status>(constant("ERR", name))) {
      throw mismatch("expected " + error + ", not " + thrown.what());
    }
    return;
  }
  throw mismatch("it did not fail: " + error);
}

} // namespace behaviours
