// SPDX-License-Identifier: MIT
//
// A worker thread decides about messages: a filter defers each one, the thread looks at its text
// for as long as it likes, and the loop brings its answer to the engine.
//
// The library never sees the thread: what crosses is a token (a number) and copies of texts, in two
// queues behind one mutex, and a byte in a pipe for each answer, so that poll(2) wakes up. Read it
// from main() on. Like examples/hello it has no sockets: it feeds what two people would send, and
// prints what they get. A loop with sockets is examples/server_poll.
#include <confab/confab.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <mutex>
#include <poll.h>
#include <string>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace {

using namespace std::chrono_literals;

void require(bool good, const char *what) {
  if (!good) {
    throw std::system_error(errno, std::generic_category(), what);
  }
}

// To the thread with what was said, and back with what to do.
struct review {
  confab::token token;
  std::string text; // a copy: the event is gone when the handler returns
  enum { pass, deny, rewrite } verdict = pass;
};

// The thread. The loop's side is ask, fd and next_answer; none of them waits.
class reviewer {
public:
  reviewer() {
    require(pipe(pipe_.data()) == 0, "pipe");
    thread_ = std::jthread([this](const std::stop_token &stop) { work(stop); });
  }
  ~reviewer() {
    thread_.request_stop();
    thread_.join();
    close(pipe_[0]);
    close(pipe_[1]);
  }

  void ask(review asked) {
    const std::lock_guard lock(mutex_);
    questions_.push_back(std::move(asked));
    wake_.notify_one();
  }

  // Readable when there is an answer: each comes with one byte.
  [[nodiscard]] int fd() const { return pipe_[0]; }

  review next_answer() {
    char byte = 0;
    require(read(pipe_[0], &byte, 1) == 1, "read");
    const std::lock_guard lock(mutex_);
    review next = std::move(answers_.front());
    answers_.pop_front();
    return next;
  }

private:
  // On the thread. No confab function is called here.
  void work(const std::stop_token &stop) {
    std::unique_lock lock(mutex_);
    while (wake_.wait(lock, stop, [this] { return !questions_.empty(); })) {
      review asked = std::move(questions_.front());
      questions_.pop_front();
      lock.unlock();
      const bool decided = decide(asked);
      lock.lock();
      if (decided) {
        answers_.push_back(std::move(asked));
        (void)!write(pipe_[1], "", 1); // it has room: the engine bounds what may wait
      }
    }
  }

  // What takes its time: a model, a database, a person. Sometimes it comes to nothing.
  static bool decide(review &asked) {
    std::this_thread::sleep_for(20ms);
    if (asked.text.find("spam") != asked.text.npos) {
      asked.text = "no spam here";
      asked.verdict = review::deny;
    } else if (const std::size_t at = asked.text.find("damn"); at != asked.text.npos) {
      asked.text.replace(at, 4, "****");
      asked.verdict = review::rewrite;
    }
    return asked.text.find("riddle") == asked.text.npos;
  }

  std::array<int, 2> pipe_{};
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<review> questions_, answers_;
  std::jthread thread_; // last: it uses the others
};

confab_time now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<confab_time>(std::chrono::nanoseconds(since).count());
}

// How long poll may sleep, in milliseconds, until the engine wants to be told the time.
int patience(const confab::engine &engine) {
  const confab_time time = now();
  const confab_time until = std::clamp(engine.deadline(), time, time + 60'000'000'000);
  return static_cast<int>((until - time + 999'999) / 1'000'000);
}

// Back on the loop. The act may be gone meanwhile: its sender left, or its time was up.
confab_status resolve(confab::engine &engine, const review &given) {
  switch (given.verdict) {
  case review::deny:
    return engine.resolve(given.token, confab::denial{given.text});
  case review::rewrite:
    return engine.resolve(given.token, confab::rewritten{given.text});
  default:
    return engine.resolve(given.token, confab::pass);
  }
}

void says(confab::engine &engine, confab::conn_id conn, std::string_view lines) {
  confab::checked(engine.feed(conn, now(), lines).status);
}

struct person {
  const char *name;
  confab::conn_id conn;
};

person join(confab::engine &engine, const char *name) {
  confab::conn_options options;
  options.address = confab::str("192.0.2.1");
  const std::string nick(name);
  const person who{name, engine.open(options, now())};
  says(engine, who.conn, "NICK " + nick + "\r\nUSER x 0 * :x\r\nJOIN #tea\r\n");
  return who;
}

} // namespace

int main() {
  reviewer worker;
  confab::options options;
  options.now = now();
  confab::engine engine(options);

  engine.on<confab::message>(
      confab::policy,
      confab::deferring(
          [&](confab::policy_call &call, const confab::message &m) {
            worker.ask({call.defer(2s), std::string(m.text())});
            return confab::deferred;
          },
          [](confab::engine_ref, confab::token, std::uint32_t why) {
            std::puts(why == CONFAB_CANCELLED_EXPIRED ? "(nobody decided in time)" : "(cancelled)");
          }));

  const std::array people{join(engine, "ann"), join(engine, "bob")};
  for (const person &who : people) {
    (void)engine.take_output(who.conn); // the welcome, which is long
  }
  // Ann's messages wait for each other, in order. Bob's does not wait for hers.
  says(engine, people[0].conn,
       "PRIVMSG #tea :Hello, Bob!\r\nPRIVMSG #tea :Buy spam!\r\n"
       "PRIVMSG #tea :This damn kettle.\r\nPRIVMSG #tea :I have a riddle.\r\n");
  says(engine, people[1].conn, "PRIVMSG #tea :Hello, Ann!\r\n");

  while (engine.stats().deferrals > 0) {
    pollfd answers{worker.fd(), POLLIN, 0};
    require(poll(&answers, 1, patience(engine)) >= 0 || errno == EINTR, "poll");
    confab::checked(engine.tick(now()));
    if ((answers.revents & POLLIN) != 0 &&
        resolve(engine, worker.next_answer()) == CONFAB_ERR_STALE_ID) {
      std::puts("(an answer came too late)");
    }
    confab::checked(engine.flush());
    for (const person &who : people) {
      if (const std::string heard = engine.take_output(who.conn); !heard.empty()) {
        std::printf("%s gets: %s", who.name, heard.c_str());
      }
    }
  }
}
