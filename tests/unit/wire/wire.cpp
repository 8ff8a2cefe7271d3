// SPDX-License-Identifier: MIT
//
// The buffers under every connection: blocks and queues of output, and the line framer. Each queue
// is compared with a plain string that went the same way, and at the end all memory is back.
// What a line means is not tested here.
#include "core/memory.hpp"
#include "wire/line_framer.hpp"
#include "wire/output.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/failing_allocator.hpp"

#include <deque>

using namespace confab;

namespace {

struct memory_under_test {
  test::failing_allocator allocator;
  core::memory memory{allocator.table()};
};

std::string content(const wire::output_queue &queue) {
  std::string out;
  for (std::uint32_t i = 0; i < queue.size(); ++i)
    out += queue.slice(i);
  return out;
}

// All frames of an input that comes in pieces of `step` bytes; "!" marks one that was too long.
std::vector<std::string> frames(std::string_view input, std::size_t step, std::size_t line_max) {
  memory_under_test m;
  wire::line_framer framer;
  std::vector<std::string> out;
  for (std::size_t at = 0; at < input.size(); at += step) {
    const std::string piece(input.substr(at, step)); // its bytes go after each round
    std::string_view fresh = piece, line;
    for (;;) {
      const wire::frame got = framer.next(m.memory, fresh, line_max, line);
      if (got == wire::frame::none)
        break;
      out.push_back((got == wire::frame::too_long ? "!" : "") + std::string(line));
    }
    framer.keep(m.memory, fresh);
  }
  framer.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
  return out;
}

} // namespace

TEST_CASE("messages that follow each other in a block melt into one range") {
  memory_under_test m;
  {
    wire::block_store store(m.memory);
    wire::output_queue queue;
    CHECK(queue.push(m.memory, store.append("one ")));
    CHECK(queue.push(m.memory, store.append("two ")));
    CHECK(queue.size() == 1);
    const wire::range not_ours = store.append("theirs ");
    CHECK(not_ours.len == 7);
    CHECK(queue.push(m.memory, store.append("three")));
    CHECK(queue.size() == 2);
    CHECK(queue.push(m.memory, wire::range{}));
    CHECK(content(queue) == "one two three");
    CHECK(queue.bytes() == 13);
    queue.consume(m.memory, store, 5);
    CHECK(content(queue) == "wo three");
    queue.clear(m.memory, store);
    CHECK(queue.bytes() == 0);
    CHECK(queue.size() == 0);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("a block lives as long as a queue points into it") {
  memory_under_test m;
  {
    wire::block_store store(m.memory);
    wire::output_queue slow, quick;
    const wire::range shared = store.append("shared");
    CHECK(slow.push(m.memory, shared));
    CHECK(quick.push(m.memory, shared));
    CHECK(shared.in->refs == 3);
    quick.consume(m.memory, store, 6);
    store.rewind(); // no effect: slow still points into it
    CHECK(store.append("next").offset == 6);
    store.reserve(wire::block_store::block_bytes);
    CHECK(content(slow) == "shared");
    slow.clear(m.memory, store);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("a range that nobody queued yet outlives a change of block until the next rewind") {
  memory_under_test m;
  {
    wire::block_store store(m.memory);
    const wire::range first = store.append("first");
    store.reserve(wire::block_store::block_bytes); // the block is replaced
    CHECK(first.view() == "first");
    const std::size_t before = m.allocator.live_blocks();
    store.rewind();
    CHECK(m.allocator.live_blocks() == before - 1);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("consolidating copies what is queued and lets the shared blocks go") {
  memory_under_test m;
  {
    wire::block_store store(m.memory);
    wire::output_queue queue;
    for (int i = 0; i < 5; ++i) {
      CHECK(queue.push(m.memory, store.append("abc")));
      CHECK(store.append("x").len == 1);
    }
    queue.consume(m.memory, store, 4);
    queue.consolidate(m.memory, store);
    CHECK(queue.size() == 1);
    CHECK(content(queue) == "bcabcabcabc");
    queue.consolidate(m.memory, store); // again: nothing to do
    CHECK(queue.push(m.memory, store.append("de")));
    CHECK(content(queue) == "bcabcabcabcde");
    m.allocator.fail_at(1);
    queue.consolidate(m.memory, store); // no memory: as it was
    CHECK(m.allocator.failed());
    CHECK(content(queue) == "bcabcabcabcde");
    queue.clear(m.memory, store);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("a queue that cannot grow takes nothing") {
  memory_under_test m;
  {
    wire::block_store store(m.memory);
    wire::output_queue queue;
    CHECK(queue.push(m.memory, store.append("a")));
    CHECK(store.append("-").len == 1);
    const wire::range second = store.append("b");
    m.allocator.fail_at(1);
    CHECK_FALSE(queue.push(m.memory, second));
    CHECK(content(queue) == "a");
    CHECK(queue.push(m.memory, second));
    CHECK(content(queue) == "ab");
    queue.clear(m.memory, store);
  }
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("queues hold what a string would hold, whatever is pushed, consumed and consolidated") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    test::chooser pick(seed);
    memory_under_test m;
    {
      wire::block_store store(m.memory);
      std::array<wire::output_queue, 3> queues;
      std::array<std::string, 3> models;
      for (int step = 0; step < 400; ++step) {
        if (pick.one_in(3))
          store.rewind();
        const wire::range r =
            store.append(std::string(1 + pick.below(3000), static_cast<char>('a' + step % 26)));
        for (std::size_t i = 0; i < 3; ++i) {
          if (pick.one_in(2)) {
            REQUIRE(queues[i].push(m.memory, r));
            models[i] += r.view();
          }
          if (pick.one_in(4)) {
            const std::size_t n = pick.below(models[i].size() + 1);
            queues[i].consume(m.memory, store, static_cast<std::uint32_t>(n));
            models[i].erase(0, n);
          }
          if (pick.one_in(10))
            queues[i].consolidate(m.memory, store);
          REQUIRE(queues[i].bytes() == models[i].size());
          REQUIRE(content(queues[i]) == models[i]);
        }
      }
      for (wire::output_queue &queue : queues)
        queue.clear(m.memory, store);
    }
    REQUIRE(m.allocator.live_blocks() == 0);
    REQUIRE(m.allocator.problem() == "");
  }
}

TEST_CASE("CR, LF and both end a line, in any split, and empty lines are passed over") {
  const std::string input = "one\r\ntwo\nthree\r\r\n\n\nfour\n\rfive\r\n";
  for (std::size_t step = 1; step <= input.size(); ++step) {
    INFO("pieces of " << step);
    CHECK(frames(input, step, 10) ==
          std::vector<std::string>{"one", "two", "three", "four", "five"});
  }
}

TEST_CASE("a line over the limit is reported once, with its beginning, and skipped to its end") {
  for (const std::size_t size : {7U, 8U, 9U, 100U}) {
    const std::string input = std::string(size, 'x') + "\r\nnext\r\n";
    const std::string first = size <= 8 ? std::string(size, 'x') : "!" + std::string(8, 'x');
    for (std::size_t step = 1; step <= input.size(); ++step) {
      INFO(size << " bytes in pieces of " << step);
      CHECK(frames(input, step, 8) == std::vector<std::string>{first, "next"});
    }
  }
}

TEST_CASE("an endless line is counted and keeps no bytes") {
  memory_under_test m;
  wire::line_framer framer;
  std::string_view line;
  std::size_t reported = 0;
  for (int i = 0; i < 100; ++i) {
    const std::string piece(50, 'y');
    std::string_view fresh = piece;
    while (framer.next(m.memory, fresh, 80, line) != wire::frame::none)
      ++reported;
    framer.keep(m.memory, fresh);
    CHECK(framer.kept() <= 80);
  }
  CHECK(reported == 1);
  CHECK(framer.skipped() >= 4900);
  std::string_view fresh = "\nback\n";
  CHECK(framer.next(m.memory, fresh, 80, line) == wire::frame::line);
  CHECK(line == "back");
  CHECK(framer.skipped() == 0);
  framer.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("lines that were kept come before fresh ones, and bytes without memory stay out") {
  memory_under_test m;
  wire::line_framer framer;
  framer.keep(m.memory, "first\nsecond\nthi");
  std::string_view fresh = "rd\nfourth\n", line;
  for (const char *wanted : {"first", "second", "third", "fourth"}) {
    CHECK(framer.next(m.memory, fresh, 100, line) == wire::frame::line);
    CHECK(line == wanted);
  }
  CHECK(framer.next(m.memory, fresh, 100, line) == wire::frame::none);
  CHECK(framer.kept() == 0);
  m.allocator.fail_at(1);
  CHECK_THROWS_AS(framer.keep(m.memory, "x"), std::bad_alloc);
  CHECK(framer.kept() == 0);
  framer.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("the end of a whole message ends its line, fed at once or kept") {
  struct row {
    std::string_view message;
    std::vector<std::string> lines;
  };
  const row rows[] = {{"one", {"one"}},
                      {"one\r\n", {"one"}},
                      {"one\ntwo", {"one", "two"}},
                      {"\n\r", {}},
                      {"12345678", {"12345678"}},
                      {"123456789", {"!12345678"}},
                      {"123456789\ntwo", {"!12345678", "two"}}};
  for (const row &r : rows)
    for (const bool kept : {false, true}) {
      INFO(r.message << " kept " << kept);
      memory_under_test m;
      wire::line_framer framer;
      std::vector<std::string> out;
      for (int twice = 0; twice < 2; ++twice) {
        std::string_view fresh = r.message, line;
        if (kept)
          framer.keep(m.memory, std::exchange(fresh, {}), true);
        for (wire::frame got;
             (got = framer.next(m.memory, fresh, 8, line, true)) != wire::frame::none;)
          out.push_back((got == wire::frame::too_long ? "!" : "") + std::string(line));
        CHECK(fresh.empty());
        CHECK(framer.kept() == 0);
        CHECK(framer.skipped() == 0);
      }
      std::vector<std::string> expected = r.lines;
      expected.insert(expected.end(), r.lines.begin(), r.lines.end());
      CHECK(out == expected);
      framer.clear(m.memory);
      CHECK(m.allocator.live_blocks() == 0);
    }
}

TEST_CASE("a queue of lines is walked line by line, over ranges and after whole ones went") {
  memory_under_test m;
  {
    wire::block_store store(m.memory);
    wire::output_queue queue;
    const auto lines = [&] {
      std::vector<std::string> out;
      wire::line_walk walk(queue);
      for (std::string_view line; walk.next(line);)
        out.emplace_back(line);
      CHECK(walk.passed() == queue.bytes());
      return out;
    };
    CHECK(lines().empty());
    CHECK(queue.push(m.memory, store.append("one\r\ntwo\r\n")));
    CHECK(queue.push(m.memory, store.append("three\r\n"))); // melts
    CHECK(store.append("theirs\r\n").len == 8);
    CHECK(queue.push(m.memory, store.append("four\r\n")));
    CHECK(queue.size() == 2);
    CHECK(lines() == std::vector<std::string>{"one", "two", "three", "four"});
    queue.consume(m.memory, store, 5);
    CHECK(lines() == std::vector<std::string>{"two", "three", "four"});
    queue.consolidate(m.memory, store);
    CHECK(queue.size() == 1);
    CHECK(lines() == std::vector<std::string>{"two", "three", "four"});
    wire::line_walk walk(queue);
    std::string_view line;
    CHECK(walk.next(line));
    CHECK(walk.passed() == 5);
    queue.clear(m.memory, store);
  }
  CHECK(m.allocator.live_blocks() == 0);
}
