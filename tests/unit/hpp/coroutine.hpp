// SPDX-License-Identifier: MIT
//
// What the tests of coroutine handlers share: two members of a channel, a filter that asks and
// waits, and things whose beginnings and ends are counted. Nothing here asserts.
#pragma once

#include "unit/hpp/chat.hpp"

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace hpp_test {

// Keeps what the host's log was told of exceptions.
struct logging : confab::pull_host {
  confab_status log(const confab_log_record &record) override {
    if (confab::view(record.event) == "handler.threw") {
      texts.emplace_back(confab::view(record.text));
    }
    return CONFAB_OK;
  }
  std::vector<std::string> texts;
};

// A variable of a coroutine: how many there are, and were.
struct counts {
  int alive = 0, ended = 0;
};
class counted {
public:
  explicit counted(counts &of) : of_(of) { ++of_.alive; }
  counted(const counted &) = delete;
  counted &operator=(const counted &) = delete;
  ~counted() {
    --of_.alive;
    ++of_.ended;
  }

private:
  counts &of_;
};

// What outlives the engine, whose end is the end of what waits.
struct asked {
  logging host;
  counts frames;
  std::deque<confab::pending<std::string>> ends;
  int resumed = 0;
};

struct asking_tea : asked, chat {
  confab::conn_id ann = client("ann", "#tea");
  confab::conn_id bob = client("bob", "#tea");

  asking_tea() : asking_tea(confab::options{}) {}
  explicit asking_tea(const confab::options &options) : chat(confab::engine(options, host)) {
    (void)hears(ann);
  }

  // A filter that asks what to do, and does it: "pass", "fail", "throw", "=TEXT" rewrites, and any
  // other text denies.
  confab::subscription ask_about_messages(const confab::interest &where = {}) {
    return engine.on<confab::message>(
        confab::policy,
        [this](confab::act<confab::message>) -> confab::task {
          const counted here(frames);
          confab::answer<std::string> what;
          ends.push_back(what.pending());
          const std::string said = co_await what;
          ++resumed;
          if (said == "pass") {
            co_return confab::pass;
          }
          if (said == "fail") {
            co_return confab::failed;
          }
          if (said == "throw") {
            throw std::runtime_error("threw after waiting");
          }
          if (said.starts_with('=')) {
            const std::string text = said.substr(1);
            co_return confab::rewritten{.text = text};
          }
          co_return confab::denial{.text = said, .code = CONFAB_REFUSED_CANNOT_SEND};
        },
        where);
  }
  bool answer(std::string text) {
    confab::pending<std::string> first = std::move(ends.front());
    ends.pop_front();
    return first.set(std::move(text));
  }
  void ann_says(std::string_view text) { says(ann, "PRIVMSG #tea :" + std::string(text) + "\r\n"); }
  std::string bob_hears() {
    confab::checked(engine.flush());
    return hears(bob);
  }
  std::string ann_hears() {
    confab::checked(engine.flush());
    return hears(ann);
  }
};

} // namespace hpp_test
