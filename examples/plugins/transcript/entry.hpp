// SPDX-License-Identifier: MIT
//
// One thing that happened in a recorded channel, as it is queued, and how it looks in a file: a
// line of plain text or of JSON. Made in handlers, which only copy; made into text by the writer's
// thread. It knows nothing of engines.
#pragma once

#include <cstdint>
#include <string>

namespace confab::plugins::transcripts {

enum class what : std::uint8_t {
  start, // recording begins
  stop,
  join,
  part,
  kick,
  close, // all its members are put out
  quit,
  nick,
  topic,
  mode, // of the channel
  rank, // of a member
  list, // an entry of a list, a ban, or without a mask all of them
  message,
  notice
};

enum style : std::uint32_t { plain_text = 0, json_lines = 1 };

struct entry {
  what event = what::message;
  bool set = false; // mode, rank, list: set or cleared
  std::int64_t unix_ns = 0;
  std::string channel;    // as it is called
  std::string key;        // as the engine compares it
  std::string nick, from; // who: the nick, and user@host as others see it; empty: the server
  std::string object;     // kick, rank: whom; nick: the new one; mode, list: which;
                          // message: the rank that at least gets it, or empty
  std::string text;       // said; a reason; a value; a rank; a mask

  // For the writer (support/file_writer.hpp).
  std::string folder() const;
  std::size_t bytes() const noexcept;
  std::string heading(std::uint32_t style) const;
  std::string rendered(std::uint32_t style) const;
  std::string lost(std::uint32_t style, std::uint64_t count) const;
};

} // namespace confab::plugins::transcripts
