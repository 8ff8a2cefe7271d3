// SPDX-License-Identifier: MIT
//
// The loop of the server and the engine's callbacks. What must not run inside a callback of the
// engine (a rehash, the end) is remembered and done at the end of the turn. Sockets are
// connection.cpp's.
#include "server.hpp"

#include "connection.hpp"
#include "metrics_file.hpp"
#include "observe.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

namespace confabd {
namespace {

constexpr std::size_t rehash_requests_max = 16;
constexpr std::uint64_t wall_check_interval_ms = 5000;
constexpr std::int64_t wall_drift_ns_max = 500'000'000;

std::uint64_t random_key() {
  std::uint64_t key = 0;
  randombytes_buf(&key, sizeof key);
  return key;
}

uv_loop_t *initialised(uv_loop_t &loop) {
  if (uv_loop_init(&loop) != 0) {
    throw std::bad_alloc();
  }
  return &loop;
}

} // namespace

server::server(logger &log, const clock_options &time, reader read_again)
    : log_(log), read_again_(std::move(read_again)),
      rt_(initialised(loop_), log, random_key(), time), credentials_(rt_), plugins_(rt_),
      plugin_command_(rt_, plugin_files_, plugins_, config_), service_(rt_) {
  uv_prepare_init(&loop_, &turn_);
  uv_timer_init(&loop_, &timer_);
  turn_.data = timer_.data = this;
}

server::~server() {
  listeners_.clear();
  finish_stop();
  uv_run(&loop_, UV_RUN_DEFAULT);              // lets libuv close what is left
  rt_.note(confab_engine_destroy(rt_.engine)); // null when it never was made
  uv_loop_close(&loop_);
}

confab_host server::make_host(server *self) {
  confab_host host = confab_host_init();
  host.ctx = self;
  host.send = [](void *, confab_id, void *conn, const confab_slice *slices, std::size_t count,
                 std::size_t *accepted) {
    return send_slices(*static_cast<connection *>(conn), {slices, count}, *accepted);
  };
  host.close = [](void *ctx, confab_id, void *conn, confab_str) -> confab_status {
    if (static_cast<server *>(ctx)->stop_ != stop_state::done) { // afterwards there are no sockets
      linger(*static_cast<connection *>(conn));
    }
    return CONFAB_OK;
  };
  host.log = [](void *ctx, const confab_log_record *record) -> confab_status {
    log_record(static_cast<server *>(ctx)->rt_, *record);
    return CONFAB_OK;
  };
  host.random = [](void *, void *bytes, std::size_t len) -> confab_status {
    randombytes_buf(bytes, len);
    return CONFAB_OK;
  };
  host.request = [](void *ctx, const confab_request *request) {
    return static_cast<server *>(ctx)->on_request(*request);
  };
  host.datagram = [](void *, confab_id, void *conn, std::uint32_t port, const void *bytes,
                     std::size_t len) {
    return send_datagram(*static_cast<connection *>(conn), port,
                         {static_cast<const char *>(bytes), len});
  };
  host.clock = [](void *, confab_time *now) -> confab_status {
    const auto since = std::chrono::steady_clock::now().time_since_epoch();
    *now = static_cast<confab_time>(
        std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
    return CONFAB_OK;
  };
  return host;
}

std::string server::create_engine() {
  std::string error;
  motd_ = read_motd(config_.server, error);
  if (!error.empty()) {
    return error;
  }
  confab_engine_options options = engine_options(config_, motd_);
  options.now = rt_.now();
  options.unix_ns = rt_.clock.unix_time();
  wall_offset_ns_ = options.unix_ns - static_cast<std::int64_t>(options.now);
  const confab_host host = make_host(this);
  confab_status status = confab_engine_create(&options, &host, &rt_.engine);
  if (status == CONFAB_OK) {
    status = observe_events(rt_);
  }
  if (status == CONFAB_OK) {
    status = plugin_command_.add();
  }
  return status == CONFAB_OK
             ? std::string()
             : fmt::format("the engine refuses the configuration: {}", confab_status_name(status));
}

// Before anybody is told that the server runs: from then on they may want it to stop.
void server::watch() {
  uv_prepare_start(&turn_, [](uv_prepare_t *p) { static_cast<server *>(p->data)->on_turn(); });
  for (const int number : {SIGHUP, SIGUSR1, SIGINT, SIGTERM}) {
    auto &one = *signals_.emplace_back(std::make_unique<uv_signal_t>());
    uv_signal_init(&loop_, &one);
    one.data = this;
    uv_signal_start(
        &one, [](uv_signal_t *s, int n) { static_cast<server *>(s->data)->on_signal(n); }, number);
  }
}

int server::run() {
  uv_run(&loop_, UV_RUN_DEFAULT);
  log_.write(log_level::info, "server.stopped", {{"reason", stop_reason_}});
  return exit_status_;
}

confab_status server::on_request(const confab_request &request) {
  switch (request.kind) {
  case CONFAB_REQUEST_REHASH:
    if (rehash_requests_.size() >= rehash_requests_max) {
      return CONFAB_ERR_LIMIT;
    }
    rehash_requests_.push_back(request.id);
    rehash_wanted_ = true;
    return CONFAB_PARKED;
  case CONFAB_REQUEST_DIE:
    if (stop_ == stop_state::serving) {
      stop_ = stop_state::asked;
      stop_reason_ = "DIE";
    }
    return CONFAB_OK;
  case CONFAB_REQUEST_PASSWORD:
  case CONFAB_REQUEST_OPER:
    return credentials_.answer(request);
  default:
    return CONFAB_ERR_UNSUPPORTED;
  }
}

void server::on_signal(int number) {
  if (number == SIGHUP) {
    rehash_wanted_ = true;
  } else if (number == SIGUSR1) {
    on_metrics_wanted();
  } else if (stop_ == stop_state::serving) {
    stop_ = stop_state::asked;
    stop_reason_ = number == SIGINT ? "SIGINT" : "SIGTERM";
  } else {
    force_stop(); // asked twice
  }
}

void server::on_metrics_wanted() {
  const std::string &file = config_.server.metrics_file;
  const std::string error =
      file.empty() ? "server.metrics_file is not set" : write_metrics(rt_.engine, file);
  if (error.empty()) {
    log_.write(log_level::info, "metrics.written", {{"file", file}});
  } else {
    log_.write(log_level::warning, "metrics.failed", {{"reason", error}});
  }
}

// The end of a turn, right before the loop sleeps: what came in since the last one goes out now.
void server::on_turn() {
  if (stop_ == stop_state::done) {
    return;
  }
  follow_wall_clock();
  resume_paused(rt_);
  if (rehash_wanted_) {
    answer_rehashes();
  }
  plugin_command_.work();
  plugins_.settle();
  service_.work();
  rt_.note(confab_engine_flush(rt_.engine));
  if (rt_.failure != CONFAB_OK) {
    return fail();
  }
  if (stop_ == stop_state::asked) {
    begin_stop();
  }
  if (stop_ == stop_state::draining && rt_.gate.sockets() == 0) {
    finish_stop();
  }
  arm_timer();
}

void server::on_timer() {
  timer_due_ms_ = UINT64_MAX;
  expire(rt_);
  rt_.note(confab_engine_tick(rt_.engine, rt_.now()));
  if (rt_.loop_ms() >= stop_deadline_ms_) {
    force_stop();
  }
}

void server::arm_timer() {
  if (stop_ == stop_state::done) {
    return;
  }
  const std::uint64_t now_ms = rt_.loop_ms();
  std::uint64_t due_ms = std::min({next_expiry_ms(rt_), stop_deadline_ms_, service_.due_ms()});
  const confab_time deadline = confab_engine_deadline(rt_.engine);
  if (deadline != CONFAB_TIME_NEVER) {
    due_ms = std::min(due_ms, now_ms + rt_.clock.wait_ms(deadline, now_ms));
  }
  if (due_ms == timer_due_ms_) {
    return;
  }
  timer_due_ms_ = due_ms;
  if (due_ms == UINT64_MAX) {
    uv_timer_stop(&timer_);
    return;
  }
  uv_timer_start(
      &timer_, [](uv_timer_t *timer) { static_cast<server *>(timer->data)->on_timer(); },
      due_ms > now_ms ? due_ms - now_ms : 0, 0);
}

// The machine's clock may be set while we run. People only see times when something happens, so
// looking now and then in turns that take place anyway is enough.
void server::follow_wall_clock() {
  const std::uint64_t now_ms = rt_.loop_ms();
  if (now_ms - wall_checked_ms_ < wall_check_interval_ms) {
    return;
  }
  wall_checked_ms_ = now_ms;
  const confab_time now = rt_.now();
  const std::int64_t wall = rt_.clock.unix_time();
  const std::int64_t drift = wall - static_cast<std::int64_t>(now) - wall_offset_ns_;
  if (drift > wall_drift_ns_max || drift < -wall_drift_ns_max) {
    wall_offset_ns_ += drift;
    rt_.note(confab_engine_clock_set(rt_.engine, now, wall));
    log_.write(log_level::info, "clock.set", {{"drift_ms", fmt::format("{}", drift / 1'000'000)}});
  }
}

void server::answer_rehashes() {
  rehash_wanted_ = false;
  const std::string error = rehash();
  const std::vector<confab_id> requests = std::move(rehash_requests_);
  rehash_requests_.clear();
  for (const confab_id id : requests) {
    const confab_status answer = error.empty() ? CONFAB_OK : CONFAB_ERR_DENIED;
    rt_.note(confab_request_resolve(rt_.engine, id, answer, to_str(error)));
  }
}

} // namespace confabd
