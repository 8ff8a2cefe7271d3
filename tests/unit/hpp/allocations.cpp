// SPDX-License-Identifier: MIT
//
// The wrapper allocates nothing where messages go through: every handler, view, verdict and range
// is counted here with the program's own operator new. (What the library itself takes comes from
// the allocator of its options, and is bounded in tests/unit/bus.)
#include "support/catch.hpp"

#include "unit/hpp/chat.hpp"

#include <cstdlib>
#include <memory>
#include <new>

namespace {

bool counting = false;
std::size_t allocations = 0;

// Counts from here to the end of its scope.
struct counted {
  counted() {
    allocations = 0;
    counting = true;
  }
  ~counted() { counting = false; }
};

void *allocate(std::size_t size) {
  allocations += counting ? 1 : 0;
  if (void *at = std::malloc(size)) {
    return at;
  }
  throw std::bad_alloc();
}

// Takes everything and keeps nothing.
struct sink : confab::push_host {
  confab_status send(confab::conn_id, void *, std::span<const confab_slice> slices,
                     std::size_t &accepted) override {
    for (const confab_slice &slice : slices) {
      accepted += slice.len;
    }
    return CONFAB_OK;
  }
};

} // namespace

void *operator new(std::size_t size) { return allocate(size); }
void *operator new(std::size_t size, const std::nothrow_t &) noexcept {
  allocations += counting ? 1 : 0;
  return std::malloc(size);
}
void operator delete(void *at) noexcept { std::free(at); }
void operator delete(void *at, std::size_t) noexcept { std::free(at); }

TEST_CASE("hpp: what is counted is counted") {
  std::size_t seen = 0;
  {
    const counted here;
    const auto made = std::make_unique<std::string>(100, 'x');
    seen = allocations;
    CHECK(made->size() == 100);
  }
  CHECK(seen >= 2);
}

TEST_CASE("hpp: no hidden allocation where messages go through") {
  sink host;
  confab::options options;
  options.commands_burst_max = 0;
  options.events_max = 64;
  hpp_test::chat c{confab::engine(options, host)};
  int masked = 0, passed = 0, seen = 0;
  c.engine.on<confab::message>(confab::transform, [&](confab::transform_call<confab::message> &call,
                                                      const confab::message &m) {
    if (m.text().find("darn") != std::string_view::npos) {
      call.set_text("****");
      ++masked;
    }
  });
  c.engine.on<confab::message>(
      confab::policy,
      [&](confab::policy_call &call, const confab::message &m) -> confab::policy_verdict {
        ++passed;
        const std::string_view text = m.text();
        return text.find("spam") != std::string_view::npos ? call.deny(text.substr(0, 4))
               : text.empty()                              ? confab::deny("say something")
                                                           : call.pass();
      });
  c.engine.on<confab::any_event>(confab::observe,
                                 [&](confab::observe_call &call, const confab::any_event &event) {
                                   seen += event.as<confab::message>().has_value() ? 1 : 0;
                                   (void)call.outcome();
                                   for (const confab::user_id user : call.engine().users()) {
                                     (void)call.engine().get(user);
                                   }
                                 });
  const auto conn = [&](std::string_view nick) {
    const confab::conn_id opened = c.open();
    c.says(opened, std::string("NICK ").append(nick).append("\r\nUSER u 0 * :U\r\nJOIN #tea\r\n"));
    return opened;
  };
  const confab::conn_id ann = conn("ann");
  (void)conn("bob");
  const auto talk = [&] {
    bool good = true;
    for (int i = 0; i < 100; ++i) {
      const confab::fed fed = c.engine.feed(
          ann, 0,
          "PRIVMSG #tea :a fine evening\r\nPRIVMSG #tea :darn it\r\nPRIVMSG #tea :spam\r\n");
      good = good && fed.status == CONFAB_OK && c.engine.flush() == CONFAB_OK &&
             c.engine.tick(0) == CONFAB_OK;
      while (c.engine.next_event()) {
      }
      const auto tea = c.engine.find_channel("#tea");
      for (const confab::member_id member : c.engine.members(*tea)) {
        good = good && c.engine.get(member).has_value();
      }
    }
    return good;
  };
  REQUIRE(talk()); // once, so that the engine's own pools are as large as they get
  std::size_t taken = 1;
  bool good = false;
  {
    const counted here;
    good = talk();
    taken = allocations;
  }
  CHECK(good);
  CHECK(taken == 0);
  CHECK(masked == 200);
  CHECK(passed == 600);
  CHECK(seen == 600);
}

TEST_CASE("hpp: a coroutine takes its frame, and nothing else") {
  sink host;
  confab::options options;
  options.commands_burst_max = 0;
  hpp_test::chat c{confab::engine(options, host)};
  confab::pending<bool> end;
  int judged = 0;
  c.engine.on<confab::message>(confab::policy, [&](confab::act<confab::message> m) -> confab::task {
    ++judged;
    if (m->text() == "a fine evening") {
      co_return confab::pass;
    }
    confab::answer<bool> spam;
    end = spam.pending();
    if (co_await spam) {
      co_return confab::deny("spam");
    }
    co_return confab::rewritten{.text = m->text().substr(0, 4)};
  });
  const confab::conn_id ann = c.client("ann", "#tea");
  const auto talk = [&] {
    bool good = true;
    for (int i = 0; i < 100; ++i) {
      for (const char *line : {"PRIVMSG #tea :a fine evening\r\n", "PRIVMSG #tea :darn it\r\n"}) {
        good = good && c.engine.feed(ann, 0, line).status == CONFAB_OK;
      }
      good = good && end.set(i % 2 == 0) && c.engine.flush() == CONFAB_OK;
    }
    return good;
  };
  REQUIRE(talk());
  std::size_t taken = 0;
  bool good = false;
  {
    const counted here;
    good = talk();
    taken = allocations;
  }
  CHECK(good);
  CHECK(judged == 400);
  CHECK(taken == 200);
}
