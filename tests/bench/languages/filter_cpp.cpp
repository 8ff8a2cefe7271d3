// SPDX-License-Identifier: MIT
//
// What a filter in C++ costs a message; languages.py says what is measured, and compares it with
// the same in other languages. For each line on its input, the name of a kind of handler, it prints
// how many nanoseconds a message took with that handler.
#include <confab/confab.hpp>

#include <chrono>
#include <iostream>
#include <map>
#include <memory>
#include <string>

namespace {

constexpr int batch_lines = 50, batches = 40;
constexpr std::string_view line =
    "PRIVMSG #room :hello there everybody, darn it, that was a fine evening\r\n";

struct nowhere : confab::push_host {
  confab_status send(confab::conn_id, void *, std::span<const confab_slice> slices,
                     std::size_t &accepted) override {
    for (const confab_slice &slice : slices) {
      accepted += slice.len;
    }
    return CONFAB_OK;
  }
};

void rewrites(confab::engine &engine) {
  engine.on<confab::message>(confab::transform, [](confab::transform_call<confab::message> &call,
                                                   const confab::message &m) {
    std::size_t at = m.text().find("darn");
    if (at == std::string_view::npos) {
      return;
    }
    std::string text(m.text());
    for (; at != std::string::npos; at = text.find("darn", at)) {
      text.replace(at, 4, "****");
    }
    call.set_text(text);
  });
}

void judges(confab::engine &engine) {
  engine.on<confab::message>(
      confab::policy,
      [](confab::policy_call &, const confab::message &m) -> confab::policy_verdict {
        if (m.text().find("spam") != std::string_view::npos) {
          return confab::deny("no spam");
        }
        return confab::pass;
      });
}

void sees(confab::engine &engine) {
  engine.on<confab::message>(confab::observe, [](confab::call &, const confab::message &) {});
}

class world {
public:
  explicit world(void (*subscribe)(confab::engine &)) : engine_(settings(), host_) {
    for (const char *nick : {"n0", "n1"}) {
      confab::conn_options options;
      options.address = confab::str("192.0.2.1");
      from_ = engine_.open(options, 0);
      feed(std::string("NICK ").append(nick).append("\r\nUSER u 0 * :u\r\nJOIN #room\r\n"));
    }
    confab::checked(engine_.flush());
    if (subscribe != nullptr) {
      subscribe(engine_);
    }
    for (int i = 0; i < batch_lines; ++i) {
      batch_ += line;
    }
  }

  double round_ns() {
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < batches; ++i) {
      feed(batch_);
      confab::checked(engine_.flush());
    }
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    return took.count() / (batch_lines * batches);
  }

private:
  static confab::options settings() {
    confab::options options;
    options.commands_burst_max = 0;
    return options;
  }
  void feed(std::string_view bytes) { confab::checked(engine_.feed(from_, 0, bytes).status); }

  nowhere host_;
  confab::engine engine_;
  confab::conn_id from_; // who speaks; another listens
  std::string batch_;
};

} // namespace

int main() {
  std::map<std::string, std::unique_ptr<world>> kinds;
  kinds["none"] = std::make_unique<world>(nullptr);
  kinds["rewrites"] = std::make_unique<world>(rewrites);
  kinds["judges"] = std::make_unique<world>(judges);
  kinds["sees"] = std::make_unique<world>(sees);
  for (std::string wanted; std::cin >> wanted;) {
    std::cout << kinds.at(wanted)->round_ns() << std::endl;
  }
}
