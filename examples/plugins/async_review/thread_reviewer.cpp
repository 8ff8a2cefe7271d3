// SPDX-License-Identifier: MIT
//
// The worker thread: waits for a question, takes as long as it takes, tells the answer. It knows no
// engine: nothing of confab may be called from another thread.
#include "async_review/reviewer.hpp"

#include <algorithm>
#include <new>
#include <thread>

namespace async_review {
namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

thread_rules without_empty(thread_rules rules) {
  std::erase_if(rules.words, [](const std::string &word) { return word.empty(); });
  return rules;
}

class thread_reviewer final : public reviewer {
public:
  thread_reviewer(std::size_t questions_max, thread_rules rules)
      : reviewer(questions_max), rules_(without_empty(std::move(rules))),
        thread_([this](const std::stop_token &stop) { run(stop); }) {}

private:
  void run(const std::stop_token &stop) {
    while (std::optional<question> q = box.wait(stop)) {
      try {
        box.tell(judge(*q));
      } catch (const std::bad_alloc &) {
        continue; // no answer: the deadline decides
      }
    }
  }

  answer judge(const question &q) const {
    std::string text = q.text;
    bool found = false;
    for (const std::string &word : rules_.words) {
      auto at = text.begin();
      const auto same = [](char a, char b) { return small(a) == small(b); };
      while ((at = std::search(at, text.end(), word.begin(), word.end(), same)) != text.end()) {
        found = true;
        at = std::fill_n(at, word.size(), '*');
      }
    }
    if (!found)
      return {q.token, decision::pass, {}};
    return rules_.mask ? answer{q.token, decision::rewrite, text}
                       : answer{q.token, decision::deny, {}};
  }

  const thread_rules rules_;
  std::jthread thread_; // the last member: it ends before what it uses
};

} // namespace

std::unique_ptr<reviewer> make_thread_reviewer(std::size_t questions_max, thread_rules rules) {
  return std::make_unique<thread_reviewer>(questions_max, std::move(rules));
}

} // namespace async_review
