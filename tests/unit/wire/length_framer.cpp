// SPDX-License-Identifier: MIT
//
// The length framer: whole frames in any split, alone and after lines, lengths that cannot be one,
// what is kept while frames wait, and memory that runs out. At the end all memory is back.
// What a frame means is tested in unit/proto/mic.
#include "wire/length_framer.hpp"
#include "core/memory.hpp"
#include "wire/line_framer.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/failing_allocator.hpp"

#include <string>
#include <vector>

using namespace confab;

namespace {

struct memory_under_test {
  test::failing_allocator allocator;
  core::memory memory{allocator.table()};
};

std::string frame_of(char first, std::size_t length, char fill = '.') {
  std::string out{first, '\x01', static_cast<char>(length & 0xffU),
                  static_cast<char>(length >> 8U)};
  out.resize(std::max<std::size_t>(length, 4), fill);
  return out;
}

using strings = std::vector<std::string>;

// All frames of an input that comes in pieces of `step` bytes; "!" marks a bad header.
strings frames(std::string_view input, std::size_t step, std::size_t most, bool lines = false) {
  memory_under_test m;
  wire::length_framer framer;
  if (lines)
    framer.after_lines();
  strings out;
  for (std::size_t at = 0; at < input.size(); at += step) {
    const std::string piece(input.substr(at, step)); // its bytes go after each round
    std::string_view fresh = piece, frame;
    for (;;) {
      const wire::framed got = framer.next(m.memory, fresh, most, frame);
      if (got == wire::framed::none)
        break;
      out.push_back((got == wire::framed::bad_length ? "!" : "") + std::string(frame));
    }
    framer.keep(m.memory, fresh);
    CHECK(framer.kept() <= most);
  }
  framer.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
  return out;
}

} // namespace

TEST_CASE("frames come whole in any split, the shortest among them") {
  const strings wanted{frame_of('a', 4), frame_of('b', 5), frame_of('c', 300), frame_of('d', 4),
                       frame_of('\n', 6, '\n')};
  std::string input;
  for (const std::string &frame : wanted)
    input += frame;
  for (std::size_t step = 1; step <= input.size(); ++step) {
    INFO("pieces of " << step);
    CHECK(frames(input, step, 300) == wanted);
    CHECK(frames("\n" + input, step, 300, true) == wanted);
    CHECK(frames(input, step, 300, true) == wanted);
  }
}

TEST_CASE("only one LF is passed over after lines, and only in front of the first frame") {
  CHECK(frames("\n" + frame_of('\n', 4), 1, 100, true) == strings{frame_of('\n', 4)});
  CHECK(frames(frame_of('x', 4) + frame_of('\n', 4), 1, 100, true) ==
        strings{frame_of('x', 4), frame_of('\n', 4)});
  CHECK(frames(frame_of('\n', 4), 1, 100) == strings{frame_of('\n', 4)});
}

TEST_CASE("a length that cannot be one is reported once, at its header, and ends the stream") {
  for (const std::size_t length : {0U, 1U, 3U, 301U, 2049U, 0xffffU}) {
    const std::string good = frame_of('g', 9);
    const std::string bad = frame_of('b', length).substr(0, 4);
    const std::string input = good + bad + good + good;
    for (std::size_t step = 1; step <= input.size(); ++step) {
      INFO(length << " in pieces of " << step);
      CHECK(frames(input, step, 300) == strings{good, "!" + bad});
    }
  }
}

TEST_CASE("a broken framer keeps nothing and takes whatever comes") {
  memory_under_test m;
  wire::length_framer framer;
  std::string_view fresh(" \0\0\0more", 8), frame;
  CHECK(framer.next(m.memory, fresh, 100, frame) == wire::framed::bad_length);
  CHECK(framer.broken());
  CHECK(frame == std::string_view(" \0\0\0", 4));
  CHECK(fresh.empty());
  framer.keep(m.memory, "more");
  CHECK(framer.kept() == 0);
  const std::string again = frame_of('x', 8);
  fresh = again;
  CHECK(framer.next(m.memory, fresh, 100, frame) == wire::framed::none);
  CHECK(fresh.empty());
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("frames that were kept come before fresh ones, and bytes without memory stay out") {
  memory_under_test m;
  wire::length_framer framer;
  const strings wanted{frame_of('1', 10), frame_of('2', 20), frame_of('3', 30), frame_of('4', 4)};
  const std::string all = wanted[0] + wanted[1] + wanted[2] + wanted[3];
  framer.keep(m.memory, std::string_view(all).substr(0, 33)); // two, and three bytes of a header
  std::string_view fresh = std::string_view(all).substr(33), frame;
  for (const std::string &one : wanted) {
    CHECK(framer.next(m.memory, fresh, 100, frame) == wire::framed::whole);
    CHECK(frame == one);
  }
  CHECK(framer.next(m.memory, fresh, 100, frame) == wire::framed::none);
  CHECK(framer.kept() == 0);
  CHECK(m.allocator.live_blocks() == 0);
  m.allocator.fail_at(1);
  CHECK_THROWS_AS(framer.keep(m.memory, "x"), std::bad_alloc);
  CHECK(framer.kept() == 0);
}

TEST_CASE("a frame that cannot be put together for want of memory is not lost") {
  memory_under_test m;
  wire::length_framer framer;
  const std::string whole = frame_of('w', 400);
  framer.keep(m.memory, std::string_view(whole).substr(0, 5)); // a buffer of 128
  std::string_view fresh = std::string_view(whole).substr(5), frame;
  m.allocator.fail_at(1);
  CHECK_THROWS_AS(framer.next(m.memory, fresh, 1000, frame), std::bad_alloc);
  CHECK(framer.kept() == 5);
  CHECK(fresh.size() == 395);
  CHECK(framer.next(m.memory, fresh, 1000, frame) == wire::framed::whole);
  CHECK(frame == whole);
  framer.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
}

TEST_CASE("random frames in random pieces, some of which wait, come whole and in order") {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    INFO("seed " << seed);
    test::chooser pick(seed);
    memory_under_test m;
    wire::length_framer framer;
    strings wanted, got;
    std::string input;
    for (int i = 0; i < 60; ++i) {
      wanted.push_back(frame_of(static_cast<char>(i), 4 + pick.below(pick.one_in(4) ? 2045 : 30)));
      input += wanted.back();
    }
    while (!input.empty()) {
      const std::string piece = input.substr(0, 1 + pick.below(700));
      input.erase(0, piece.size());
      std::string_view fresh = piece, frame;
      if (pick.one_in(3)) // the session is parked: all of it waits
        framer.keep(m.memory, fresh);
      else {
        while (framer.next(m.memory, fresh, 2048, frame) == wire::framed::whole)
          got.emplace_back(frame);
        framer.keep(m.memory, fresh);
      }
    }
    std::string_view none, frame;
    while (framer.next(m.memory, none, 2048, frame) == wire::framed::whole)
      got.emplace_back(frame);
    CHECK(got == wanted);
    CHECK(m.allocator.live_blocks() == 0);
  }
}

TEST_CASE("what a line framer still holds can go on as frames") {
  memory_under_test m;
  wire::line_framer lines;
  wire::length_framer framer;
  std::string_view fresh, line, frame;
  CHECK(lines.rest().empty());
  lines.keep(m.memory, "MODE ISMIC\r\n" + frame_of('f', 7) + "\x02");
  CHECK(lines.next(m.memory, fresh, 100, line) == wire::frame::line);
  CHECK(line == "MODE ISMIC");
  framer.after_lines();
  framer.keep(m.memory, lines.rest());
  lines.clear(m.memory);
  CHECK(framer.next(m.memory, fresh, 100, frame) == wire::framed::whole);
  CHECK(frame == frame_of('f', 7));
  CHECK(framer.kept() == 1);
  framer.clear(m.memory);
  CHECK(m.allocator.live_blocks() == 0);
}
