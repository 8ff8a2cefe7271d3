// SPDX-License-Identifier: MIT
//
// The engine of the checks and its clients. Time is the machine's, plus what was skipped; budgets
// of handlers are measured by the machine's. What clients are sent is taken and dropped: what a
// plugin does is judged by what it leaves.
#include "scratch.hpp"

#include <chrono>
#include <cstdlib>
#include <fmt/format.h>
#include <thread>

namespace check_plugin {
namespace {

constexpr confab_time ns_per_ms = 1'000'000;
constexpr int patience_ms = 3000;

confab_time clock_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<confab_time>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(since).count());
}

confab_host make_host() {
  confab_host host = confab_host_init();
  host.send = [](void *, confab_id, void *, const confab_slice *slices, std::size_t count,
                 std::size_t *accepted) -> confab_status {
    *accepted = 0;
    for (std::size_t i = 0; i < count; ++i) {
      *accepted += slices[i].len;
    }
    return CONFAB_OK;
  };
  host.request = [](void *, const confab_request *request) -> confab_status {
    const bool granted =
        request->kind == CONFAB_REQUEST_OPER || request->kind == CONFAB_REQUEST_PASSWORD;
    return granted ? CONFAB_OK : CONFAB_ERR_DENIED;
  };
  host.clock = [](void *, confab_time *now) -> confab_status {
    *now = clock_now();
    return CONFAB_OK;
  };
  return host;
}

} // namespace

void *CONFAB_CALL counted_memory::resize(void *ctx, void *at, std::size_t old_size,
                                         std::size_t new_size) {
  counted_memory &self = *static_cast<counted_memory *>(ctx);
  if (new_size == 0) {
    self.bytes_ -= old_size;
    std::free(at);
    return nullptr;
  }
  if (self.countdown_ > 0 && --self.countdown_ == 0) {
    self.failed_ = true;
    return nullptr;
  }
  void *fresh = std::realloc(at, new_size);
  if (fresh != nullptr) {
    self.bytes_ = self.bytes_ - (at == nullptr ? 0 : old_size) + new_size;
  }
  return fresh;
}

std::string to_text(const holdings &what) {
  return fmt::format("{} plugins, {} hooks, {} additions, {} timers, {} acts that wait",
                     what.plugins, what.hooks, what.additions, what.timers, what.deferrals);
}

scratch::scratch() : now_(clock_now()) {
  confab_engine_options options = confab_engine_options_init();
  options.allocator = memory_.table();
  options.now = now_;
  options.commands_burst_max = 0;
  options.nick_changes_max = 0;
  const confab_host host = make_host();
  note(confab_engine_create(&options, &host, &engine_), "confab_engine_create");
}

scratch::~scratch() { note(confab_engine_destroy(engine_), "confab_engine_destroy"); }

void scratch::note(confab_status status, std::string_view what) {
  const bool wrong = confab_is_fatal(status) || status == CONFAB_ERR_REENTRANT;
  if (wrong && broken_.empty()) {
    broken_ = fmt::format("{} answered {}", what, confab_status_name(status));
  }
}

void scratch::turn() {
  note(confab_engine_tick(engine_, now_), "confab_engine_tick");
  note(confab_engine_flush(engine_), "confab_engine_flush");
}

confab_id scratch::enter(std::string_view nick) {
  confab_conn_options options = confab_conn_options_init();
  options.address = CONFAB_STR("192.0.2.1");
  confab_id conn = 0;
  note(confab_conn_open(engine_, &options, now_, &conn), "confab_conn_open");
  say(conn, fmt::format("NICK {}", nick));
  say(conn, fmt::format("USER {} 0 * :The real {}", nick, nick));
  return conn;
}

void scratch::say(confab_id conn, std::string_view line) {
  const std::string text = std::string(line) + "\r\n";
  note(confab_conn_feed(engine_, conn, now_, text.data(), text.size(), nullptr),
       "confab_conn_feed");
  turn();
}

void scratch::skip_ms(std::uint64_t ms) {
  now_ += ms * ns_per_ms;
  turn();
}

void scratch::wait_for_answers() {
  constexpr int step_ms = 5;
  while (waited_ms_ < patience_ms && held().deferrals > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(step_ms));
    waited_ms_ += step_ms;
    skip_ms(step_ms);
  }
}

holdings scratch::held() const {
  holdings out;
  for (confab_id id = 0; confab_plugin_next(engine_, id, &id) == CONFAB_OK;) {
    ++out.plugins;
  }
  for (confab_id id = 0; confab_hook_next(engine_, id, &id) == CONFAB_OK;) {
    ++out.hooks;
  }
  for (confab_id id = 0; confab_addition_next(engine_, id, &id) == CONFAB_OK;) {
    ++(confab_id_kind(id) == CONFAB_KIND_TIMER ? out.timers : out.additions);
  }
  for (confab_id id = 0; confab_deferral_next(engine_, id, &id) == CONFAB_OK;) {
    ++out.deferrals;
  }
  return out;
}

} // namespace check_plugin
