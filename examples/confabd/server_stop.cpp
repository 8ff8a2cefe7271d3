// SPDX-License-Identifier: MIT
//
// How the server ends: it says goodbye to every client, gives slow ones a moment, and closes what
// there is. A second request, or an engine that failed, skips the goodbye. The loop is
// server.cpp's.
#include "connection.hpp"
#include "server.hpp"

#include <cstdlib>

namespace confabd {
namespace {

constexpr std::uint64_t stop_ms_max = 1000; // for clients that read slowly
constexpr std::string_view farewell = "Server shutting down";

template <class handle>
void close_handle(handle &one) {
  auto *base = reinterpret_cast<uv_handle_t *>(&one);
  if (uv_is_closing(base) == 0) {
    uv_close(base, nullptr);
  }
}

} // namespace

// A fatal status poisons the engine: nothing more can be done with its clients.
void server::fail() {
  log_.write(log_level::error, "engine.failed", {{"status", confab_status_name(rt_.failure)}});
  exit_status_ = EXIT_FAILURE;
  stop_reason_ = "engine failed";
  force_stop();
}

void server::begin_stop() {
  stop_ = stop_state::draining;
  stop_deadline_ms_ = rt_.loop_ms() + stop_ms_max;
  rt_.stopping = true;
  log_.write(log_level::info, "server.stopping",
             {{"reason", stop_reason_}, {"sockets", std::uint64_t{rt_.gate.sockets()}}});
  service_.save_now();
  listeners_.clear();
  for (list_node *list : {&rt_.opening, &rt_.lingering}) {
    while (list->linked()) {
      destroy(static_cast<connection &>(*list->after));
    }
  }
  // Closing changes what a walk walks over.
  std::vector<confab_id> ids;
  for (confab_id id = 0; confab_conn_next(rt_.engine, id, &id) == CONFAB_OK;) {
    ids.push_back(id);
  }
  for (const confab_id id : ids) {
    rt_.note(confab_conn_close(rt_.engine, id, rt_.now(), to_str(farewell)));
  }
  rt_.note(confab_engine_flush(rt_.engine));
}

// Closes every socket, whatever is still to be written.
void server::force_stop() {
  stop_ = stop_state::done;
  listeners_.clear();
  uv_walk(
      &loop_,
      [](uv_handle_t *handle, void *rt) {
        if (handle->type == UV_TCP && handle->data == rt && uv_is_closing(handle) == 0) {
          lose(connection_of(handle), farewell);
        }
      },
      &rt_);
  finish_stop();
}

void server::finish_stop() {
  stop_ = stop_state::done;
  close_handle(turn_);
  close_handle(timer_);
  for (const auto &one : signals_) {
    close_handle(*one);
  }
}

} // namespace confabd
