// SPDX-License-Identifier: MIT
//
// Whoever judges: a thread of its own behind a mailbox. When one is deleted its thread has ended,
// whatever it was doing, so that the plugin's code can be unloaded.
#pragma once

#include "async_review/mailbox.hpp"

#include <memory>

namespace async_review {

class reviewer {
public:
  explicit reviewer(std::size_t questions_max) : box(questions_max) {}
  reviewer(const reviewer &) = delete;
  reviewer &operator=(const reviewer &) = delete;
  virtual ~reviewer() = default;

  // To be called after something was asked.
  virtual void wake() {}

  mailbox box;
};

struct thread_rules {
  std::vector<std::string> words;
  bool mask = false; // else it denies
};

struct http_service {
  std::string url;
  long timeout_ms = 0;
  std::size_t parallel = 1; // questions at once
};

// A thread that looks for words: stands for whatever takes too long for a handler.
std::unique_ptr<reviewer> make_thread_reviewer(std::size_t questions_max, thread_rules rules);

// Asks an HTTP service: POST {"text", "nick", "channel"}; it answers 200 and {"verdict": "pass",
// "deny" or "rewrite", "text": ...}. Null when libcurl does not take the URL.
std::unique_ptr<reviewer> make_http_reviewer(std::size_t questions_max, http_service service);

} // namespace async_review
