// SPDX-License-Identifier: MIT
//
// An engine without sockets to try a plugin in: memory that is counted and can fail, a clock, and
// clients who talk. It judges nothing; it only remembers what went wrong that must not.
#pragma once

#include <confab/confab.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace check_plugin {

// Memory of the engine: what is out, and one allocation of choice that fails.
class counted_memory {
public:
  confab_allocator table() { return {this, &counted_memory::resize}; }

  void fail_at(std::uint64_t nth) { // from now, once; 0: none
    countdown_ = nth;
    failed_ = false;
  }
  bool failed() const { return failed_; }
  std::uint64_t bytes() const { return bytes_; }

private:
  static void *CONFAB_CALL resize(void *ctx, void *at, std::size_t old_size, std::size_t new_size);

  std::uint64_t bytes_ = 0;
  std::uint64_t countdown_ = 0;
  bool failed_ = false;
};

// What an engine holds of plugins. Equal before and after: nothing was left.
struct holdings {
  std::uint64_t plugins = 0, hooks = 0, additions = 0, timers = 0, deferrals = 0;

  friend bool operator==(const holdings &, const holdings &) = default;
};

std::string to_text(const holdings &what);

class scratch {
public:
  scratch();
  scratch(const scratch &) = delete;
  scratch &operator=(const scratch &) = delete;
  ~scratch();

  confab_engine *engine() const { return engine_; }
  counted_memory &memory() { return memory_; }

  confab_id enter(std::string_view nick); // a client that registered, or tried to
  void say(confab_id conn, std::string_view line);
  void skip_ms(std::uint64_t ms);
  // Lets real time pass until nothing waits for an answer: for plugins that ask others. A few
  // seconds at most, in all.
  void wait_for_answers();

  holdings held() const;
  // The first call that failed in a way that no plugin may cause; empty: none.
  const std::string &broken() const { return broken_; }
  void note(confab_status status, std::string_view what);

private:
  void turn();

  counted_memory memory_;
  confab_time now_;
  int waited_ms_ = 0;
  confab_engine *engine_ = nullptr;
  std::string broken_;
};

inline confab_str str_of(std::string_view text) { return {text.data(), text.size()}; }
inline std::string string_of(confab_str text) {
  return text.len == 0 ? std::string() : std::string(text.ptr, text.len);
}

} // namespace check_plugin
