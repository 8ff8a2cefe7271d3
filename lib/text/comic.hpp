// SPDX-License-Identifier: MIT
//
// What Microsoft's Comic Chat writes into ordinary texts: the pose of a speaker in front of what he
// says, and comments that are commands to other clients (spec/mic.md §13). The same texts go over
// IRC, IRCX and MIC, and the engine passes every one as it is; this only reads them, for whoever
// wants to log, search or show what was said. Pure functions of bytes: no allocation, and every
// view is into the text that was given.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace confab::text {

enum class comic_kind : std::uint8_t {
  plain,         // nothing of Comic Chat's
  pose,          // (#...) and what is said
  appears,       // # Appears as NAME, NAME. or NAME.URL
  get_info,      // # GetInfo
  heres_info,    // # HeresInfo: TEXT
  backdrop,      // # BDrop: NAME
  backdrop_from, // # BDrop2: NAME,URL
  get_char_info, // # GetCharInfo
  background,    // # Background ANY
  ring           // # RING
};

// Whether clients of the time keep a message of that kind from their users' eyes.
constexpr bool comic_hidden(comic_kind kind) noexcept { return kind > comic_kind::pose; }

enum class comic_mode : std::uint8_t { say = 1, whisper = 2, think = 3, shout = 4, action = 5 };

// One drawing: which, and how it looks.
struct comic_drawing {
  bool given = false;
  std::uint8_t index = 0;     // as the avatar's file numbers them
  std::uint8_t emotion = 9;   // 0 none, 1 happy, ... 9 neutral; unknown ones are neutral
  std::uint8_t intensity = 0; // tenths, 10 at most
};

struct comic_message {
  comic_kind kind = comic_kind::plain;
  comic_drawing torso, face; // of a pose
  bool requested = false;    // the speaker chose it by hand
  comic_mode mode = comic_mode::say;
  std::string_view names; // of those spoken to; see next_comic_name
  std::string_view name;  // of an avatar or a backdrop
  std::string_view url;   // where to get it; "?": ask its owner
  // What is said, or the text of an info; of plain messages all there is.
  std::string_view text;
};

// Reads a message. One that only looks like Comic Chat's (no end of the pose, a value that is none)
// is plain. Quoting has to be undone before, where a client quotes: comic_unquote.
comic_message read_comic(std::string_view text) noexcept;

// The tag of DATA messages of IRCX that carry the same without parentheses.
inline constexpr std::string_view comic_data_tag = "CCUDI1";

// Reads the text of such a DATA message: a comment, or the pose of the speaker's next text.
comic_message read_comic_data(std::string_view text) noexcept;

// Takes the next name from comic_message::names; false when there is none left.
bool next_comic_name(std::string_view &names, std::string_view &out) noexcept;

// Writes what a quoted text stands for and returns its length, at most in.size(). `quote` is 0x10,
// or a backslash on IRCX: before n, r and itself it makes LF, CR and itself; before anything else,
// or at the end, it is dropped. `out` has room for in.size() bytes and may begin where `in` does.
std::size_t comic_unquote(std::string_view in, char quote, char *out) noexcept;

} // namespace confab::text
