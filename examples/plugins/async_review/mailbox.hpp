// SPDX-License-Identifier: MIT
//
// Questions one way and answers the other between the engine's thread and a worker: the only thing
// that both touch. Bounded: a question that finds it full is refused. Who judges, and what for, is
// not known here.
#pragma once

#include <confab/types.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace async_review {

struct question {
  confab_id token;                 // a number here: only the engine's thread may use it as more
  std::string text, nick, channel; // no channel: it was said to one user
};

enum class decision { pass, deny, rewrite, failed };

struct answer {
  confab_id token;
  decision what;
  std::string text; // what the sender is told, or the text to be said instead
};

class mailbox {
public:
  explicit mailbox(std::size_t questions_max) : questions_max_(questions_max) {}

  // Of the engine's thread. False: it is full.
  bool ask(question q) {
    {
      const std::lock_guard lock(mutex_);
      if (questions_.size() >= questions_max_)
        return false;
      questions_.push_back(std::move(q));
    }
    asked_.notify_one();
    return true;
  }
  // Nobody waits for that answer any more.
  void forget(confab_id token) {
    const std::lock_guard lock(mutex_);
    std::erase_if(questions_, [&](const question &q) { return q.token == token; });
  }
  std::vector<answer> take_answers() {
    const std::lock_guard lock(mutex_);
    return std::exchange(answers_, {});
  }

  // Of the worker. The next question, if there is one; `wait` waits for one, or for the end.
  std::optional<question> next() {
    const std::lock_guard lock(mutex_);
    return pop();
  }
  std::optional<question> wait(const std::stop_token &stop) {
    std::unique_lock lock(mutex_);
    asked_.wait(lock, stop, [this] { return !questions_.empty(); });
    return stop.stop_requested() ? std::nullopt : pop();
  }
  void tell(answer a) {
    const std::lock_guard lock(mutex_);
    answers_.push_back(std::move(a));
  }

private:
  std::optional<question> pop() {
    if (questions_.empty())
      return std::nullopt;
    std::optional<question> first(std::move(questions_.front()));
    questions_.pop_front();
    return first;
  }

  const std::size_t questions_max_;
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::deque<question> questions_;
  std::vector<answer> answers_; // at most one for each question
};

} // namespace async_review
