// SPDX-License-Identifier: MIT
//
// The server: one loop, one engine, its callbacks, and what keeps them going. Once in each turn of
// the loop, before it sleeps, everything that was fed in is flushed; one timer wakes it when the
// engine or a waiting connection is due. Applying configurations is in server_config.cpp.
#pragma once

#include "credentials.hpp"
#include "listener.hpp"
#include "options.hpp"
#include "plugin_command.hpp"
#include "runtime.hpp"
#include "service.hpp"

#include <functional>
#include <string>
#include <vector>

namespace confabd {

class server {
public:
  // Reads the configuration anew: for SIGHUP and REHASH.
  using reader = std::function<read_result()>;

  server(logger &log, const clock_options &time, reader read_again);
  ~server();
  server(const server &) = delete;
  server &operator=(const server &) = delete;

  // Makes the engine and listens. Empty, or why it cannot.
  std::string start(const configuration &config);

  // Serves until a signal or an operator ends it. The exit status.
  int run();

private:
  enum class stop_state : std::uint8_t { serving, asked, draining, done };

  // The engine's callbacks.
  static confab_host make_host(server *self);
  confab_status on_request(const confab_request &request);

  // libuv's callbacks.
  void on_turn();
  void on_timer();
  void on_signal(int number);
  void on_metrics_wanted();

  std::string create_engine();
  void watch();
  void follow_wall_clock();
  void arm_timer();
  void answer_rehashes();

  // server_stop.cpp
  void begin_stop();
  void fail();
  void force_stop();
  void finish_stop();

  // server_config.cpp
  struct prepared;
  std::string rehash();
  std::string prepare(configuration &config, prepared &out);
  std::string apply_new(configuration config);
  void commit(prepared &&ready, configuration &&config);
  void use_limits(const connection_options &limits);

  logger &log_;
  reader read_again_;
  uv_loop_t loop_{};
  uv_prepare_t turn_{};
  uv_timer_t timer_{};
  std::vector<std::unique_ptr<uv_signal_t>> signals_;
  runtime rt_;
  credentials credentials_;
  configuration config_;
  std::string motd_; // as the engine has it
  plugin_files plugin_files_;
  plugin_set plugins_; // outlives the engine, which ends in the destructor
  plugin_command plugin_command_;
  service service_;
  std::vector<listener_handle> listeners_;
  std::vector<confab_id> rehash_requests_; // operators who wait for the outcome
  bool rehash_wanted_ = false;
  stop_state stop_ = stop_state::serving;
  std::string stop_reason_;
  std::uint64_t stop_deadline_ms_ = UINT64_MAX;
  std::uint64_t timer_due_ms_ = UINT64_MAX;
  std::uint64_t wall_checked_ms_ = 0;
  std::int64_t wall_offset_ns_ = 0; // wall clock minus engine time, as the engine knows it
  int exit_status_ = 0;
};

} // namespace confabd
