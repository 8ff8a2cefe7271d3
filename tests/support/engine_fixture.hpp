// SPDX-License-Identifier: MIT
//
// An engine with a fake host and a counting allocator around it, and the short words that tests
// speak to it with; a dump of its whole state through the public API, to compare before and after;
// and a checker of what must always hold. It asserts nothing itself: it answers, and tests judge.
#pragma once

#include "support/failing_allocator.hpp"
#include "support/fake_host.hpp"

#include <confab/confab.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

inline confab_str str_of(std::string_view text) { return {text.data(), text.size()}; }
inline std::string string_of(confab_str text) { return {text.ptr ? text.ptr : "", text.len}; }

// For calls whose answer a test leaves open: a plain cast to void is still a warning.
inline void ignore(confab_status) {}

class engine_fixture {
public:
  struct setup {
    bool push = false;
    std::function<void(confab_engine_options &)> tweak;
    bool clock = false;     // the host has one: fake_host::clock_ns
    bool datagrams = false; // the host can send such, and has randomness
  };

  engine_fixture() : engine_fixture(setup{}) {}
  explicit engine_fixture(const setup &with);
  engine_fixture(const engine_fixture &) = delete;
  engine_fixture &operator=(const engine_fixture &) = delete;
  ~engine_fixture();

  // A connection; and one that is registered under `nick` and whose greeting was read.
  confab_id open(std::string_view address = "192.0.2.1", std::uint32_t flags = 0,
                 std::uint32_t trust = CONFAB_TRUST_PEER);
  confab_id enter(std::string_view nick, std::string_view caps = {});
  void enter(confab_id conn, std::string_view nick, std::string_view caps = {});
  // One line, or several, with their end.
  confab_status say(confab_id conn, std::string_view lines);
  // What the connection was sent since it was last read, after a flush; all of it is taken. What
  // comes message by message is shown with CR LF.
  std::string read(confab_id conn);
  // Forgets what everybody was sent.
  void read_all();
  confab_status end(confab_id conn, std::string_view why = {});
  confab_status wait_ms(std::uint64_t ms);

  confab_id user(std::string_view nick) const;
  confab_id channel(std::string_view name) const;
  confab_engine_stats stats() const;
  std::vector<confab_id> conns() const;
  std::vector<confab_id> users() const;
  std::vector<confab_id> channels() const;

  // Everything that the API shows, as text.
  std::string dump() const;
  // What does not hold of all that must, or "".
  std::string broken() const;
  // Destroys the engine now, and says what is wrong after that, or "".
  std::string destroy();

  failing_allocator memory;
  fake_host host;
  confab_time now = 1'000'000'000;
  confab_engine *engine = nullptr;
  confab_status created = CONFAB_OK;

private:
  void check_user(confab_id id, std::string &out, std::uint64_t &members) const;
  void check_channel(confab_id id, std::string &out, std::uint64_t &members) const;
  void check_conn(confab_id id, std::string &out) const;
  void dump_channel(confab_id id, std::string &out) const;

  bool push_;
};

} // namespace confab::test
