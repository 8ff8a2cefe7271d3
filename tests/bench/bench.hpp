// SPDX-License-Identifier: MIT
//
// What the benchmarks share: a clock, an engine full of clients, and a table whose rows are
// checked. A row is a ratio between two things measured in the same run, because these machines are
// shared and noisy; nanoseconds are printed beside it, and where there is nothing to compare them
// with, judged with a bound that is a few times the goal.

#pragma once

#include <confab/confab.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace bench {

// The best of several rounds, in nanoseconds: noise only ever adds.
template <class Work>
double best_ns(int rounds, Work &&work) {
  double best = 1e300;
  for (int i = 0; i < rounds; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    const auto end = std::chrono::steady_clock::now();
    best = std::min(best, std::chrono::duration<double, std::nano>(end - begin).count());
  }
  return best;
}

// The same for several works, in turns, so that what slows the machine for a while slows them all.
template <class... Work>
std::array<double, sizeof...(Work)> best_in_turns(int rounds, Work &&...work) {
  std::array<double, sizeof...(Work)> best;
  best.fill(1e300);
  for (int i = 0; i < rounds; ++i) {
    std::size_t at = 0;
    ((best[at] = std::min(best[at], best_ns(1, work)), ++at), ...);
  }
  return best;
}

// Keeps the compiler from leaving out what is measured.
template <class Value>
void keep(const Value &value) {
  asm volatile("" : : "g"(&value) : "memory");
}

class table {
public:
  // One judged row: `value` must not exceed `bound`.
  void row(const char *what, double value, double bound, const char *unit, const char *note) {
    const bool good = value <= bound;
    ++(good ? passed_ : failed_);
    std::printf("%-46s %10.2f %-8s (at most %.2f)%s  %s\n", what, value, unit, bound,
                good ? "" : "  TOO MUCH", note);
  }
  // One that is shown only.
  static void show(const char *what, double value, const char *unit) {
    std::printf("%-46s %10.2f %s\n", what, value, unit);
  }
  int finish() const {
    std::printf("%d passed, %d failed\n", passed_, failed_);
    return failed_ == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
  }

private:
  int passed_ = 0, failed_ = 0;
};

// A hook that has nothing to say.
inline confab_hook passing_hook(std::uint16_t type, std::uint16_t stage) {
  confab_hook h = confab_hook_init();
  h.type = type;
  h.stage = stage;
  h.call = [](void *, confab_call *, const confab_event *) -> confab_verdict {
    return CONFAB_PASS;
  };
  return h;
}

inline void check(confab_status status, const char *what) {
  if (status >= 0)
    return;
  std::printf("%s: %s\n0 passed, 1 failed\n", what, confab_status_name(status));
  std::exit(EXIT_FAILURE);
}

// A clock for a host: reads the machine's.
inline confab_status CONFAB_CALL steady_clock(void *, confab_time *now) {
  *now = static_cast<confab_time>(std::chrono::steady_clock::now().time_since_epoch().count());
  return CONFAB_OK;
}

// An engine whose host takes everything at once, and has a clock if one is given.
class world {
public:
  explicit world(decltype(confab_host::clock) clock = nullptr) {
    confab_engine_options o = confab_engine_options_init();
    o.now = now_;
    o.unix_ns = 1'700'000'000'000'000'000;
    o.commands_burst_max = 0;
    o.output_backlog_bytes_max = 1U << 28;
    o.channels_per_user_max = 1000;
    confab_host h = confab_host_init();
    h.ctx = this;
    h.send = [](void *ctx, confab_id, void *, const confab_slice *slices, size_t count,
                size_t *accepted) -> confab_status {
      auto &self = *static_cast<world *>(ctx);
      ++self.sends;
      for (size_t i = 0; i < count; ++i)
        *accepted += slices[i].len;
      self.bytes += *accepted;
      return CONFAB_OK;
    };
    h.clock = clock;
    check(confab_engine_create(&o, &h, &engine), "create");
  }
  world(const world &) = delete;
  world &operator=(const world &) = delete;
  ~world() { check(confab_engine_destroy(engine), "destroy"); }

  void feed(confab_id conn, const std::string &lines) {
    size_t taken = 0;
    check(confab_conn_feed(engine, conn, now_, lines.data(), lines.size(), &taken), "feed");
  }
  confab_time now() const { return now_; }
  void flush() { check(confab_engine_flush(engine), "flush"); }

  confab_id client(std::size_t number) {
    confab_conn_options o = confab_conn_options_init();
    o.address = CONFAB_STR("192.0.2.1");
    confab_id conn = 0;
    check(confab_conn_open(engine, &o, now_, &conn), "open");
    const std::string nick = "user" + std::to_string(number);
    feed(conn,
         "NICK " + nick + "\r\nUSER " + nick + " 0 * :Number " + std::to_string(number) + "\r\n");
    return conn;
  }
  std::vector<confab_id> clients(std::size_t count) {
    std::vector<confab_id> made;
    for (std::size_t i = 0; i < count; ++i) {
      made.push_back(client(next_++));
      if (i % 256 == 255)
        flush();
    }
    flush();
    return made;
  }
  confab_id hook(confab_hook h) {
    confab_id id = 0;
    check(confab_hook_add(engine, &h, &id), "hook");
    return id;
  }
  confab_engine_stats stats() const {
    confab_engine_stats s{};
    s.struct_size = sizeof s;
    check(confab_engine_stats_get(engine, &s), "stats");
    return s;
  }

  confab_engine *engine = nullptr;
  std::size_t sends = 0, bytes = 0;

private:
  confab_time now_ = 1'000'000'000;
  std::size_t next_ = 0;
};

} // namespace bench
