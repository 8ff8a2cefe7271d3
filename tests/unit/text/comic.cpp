// SPDX-License-Identifier: MIT
//
// text/comic: poses and comments as Comic Chat 1.0, 2.1 and 2.5 write them, the form that IRCX
// carries as data, texts that only look like them, and quoting. That a view never leaves its text
// is checked for everything that is read.
#include "text/comic.hpp"

#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/guard_page.hpp"

#include <string>
#include <vector>

using namespace confab;
using text::comic_kind;
using text::comic_message;
using text::comic_mode;

namespace {

std::vector<std::string> names_of(const comic_message &message) {
  std::vector<std::string> out;
  std::string_view names = message.names, one;
  while (text::next_comic_name(names, one))
    out.emplace_back(one);
  return out;
}

void check_plain(std::string_view said) {
  INFO(std::string(said));
  const comic_message got = text::read_comic(said);
  CHECK(got.kind == comic_kind::plain);
  CHECK(got.text == said);
  CHECK_FALSE(got.torso.given);
  CHECK_FALSE(got.face.given);
  CHECK(got.names.empty());
  CHECK(got.name.empty());
}

std::string unquoted(std::string_view in, char quote = '\x10') {
  std::string out(in);
  out.resize(text::comic_unquote(out, quote, out.data()));
  return out;
}

using strings = std::vector<std::string>;

} // namespace

TEST_CASE("comic: the pose of the specification's example") {
  const comic_message got = text::read_comic("(#G090E218M1TBob) hi there");
  CHECK(got.kind == comic_kind::pose);
  CHECK_FALSE(text::comic_hidden(got.kind));
  CHECK(got.text == "hi there");
  CHECK(got.torso.given);
  CHECK(got.torso.index == 0);
  CHECK(got.torso.emotion == 9);
  CHECK(got.torso.intensity == 0);
  CHECK(got.face.given);
  CHECK(got.face.index == 2);
  CHECK(got.face.emotion == 1);
  CHECK(got.face.intensity == 8);
  CHECK_FALSE(got.requested);
  CHECK(got.mode == comic_mode::say);
  CHECK(names_of(got) == strings{"Bob"});
}

TEST_CASE("comic: the pose that Comic Chat 2.5 was seen to write") {
  const comic_message got = text::read_comic("(#G7::E476M1) Hello!!!");
  CHECK(got.kind == comic_kind::pose);
  CHECK(got.torso.index == 7);
  CHECK(got.torso.emotion == 10); // wave
  CHECK(got.torso.intensity == 10);
  CHECK(got.face.emotion == 7); // shout
  CHECK(got.text == "Hello!!!");
  CHECK(names_of(got).empty());
}

TEST_CASE("comic: chosen poses, modes, several names, values beyond the digits") {
  const comic_message got = text::read_comic("(#GzA0E0B0RM3TAnn,Bob Cyd, Dan) hmm");
  CHECK(got.torso.index == 'z' - '0');
  CHECK(got.torso.emotion == 17);
  CHECK(got.face.emotion == 9); // 18 is none: neutral
  CHECK(got.requested);
  CHECK(got.mode == comic_mode::think);
  CHECK(names_of(got) == strings{"Ann", "Bob", "Cyd", "Dan"});
  const auto mode = [](char value) {
    return text::read_comic(std::string("(#G090E090M") + value + ") x").mode;
  };
  CHECK(mode('2') == comic_mode::whisper);
  CHECK(mode('5') == comic_mode::action);
  for (const char odd : {'0', '4', '6', 'z'})
    CHECK(mode(odd) == comic_mode::say);
  CHECK(text::read_comic("(#G09zE09:M1) x").torso.intensity == 10);
  CHECK(text::read_comic("(#E090) only a face").face.given);
  CHECK(text::read_comic("(#G090E090M1) ").text.empty());
  CHECK(text::read_comic("(#G090E090M1) a) b").text == "a) b");
  CHECK(text::read_comic("(#G090E090M1X9) later").kind == comic_kind::pose);
}

TEST_CASE("comic: comments of all generations") {
  const struct {
    std::string_view said;
    comic_kind kind;
    std::string_view name, url, text;
  } rows[] = {{"# Appears as Anna.", comic_kind::appears, "Anna", "", ""},
              {"# Appears as Anna", comic_kind::appears, "Anna", "", ""},
              {"# Appears as NONE.", comic_kind::appears, "NONE", "", ""},
              {"# Appears as Anna.http://x.example/a.avb", comic_kind::appears, "Anna",
               "http://x.example/a.avb", ""},
              {"# Appears as Anna.?", comic_kind::appears, "Anna", "?", ""},
              {"# Appears as ", comic_kind::appears, "", "", ""},
              {"# GetInfo", comic_kind::get_info, "", "", ""},
              {"# GetInfo ", comic_kind::get_info, "", "", ""},
              {"# HeresInfo: I like. this, and that", comic_kind::heres_info, "", "",
               "I like. this, and that"},
              {"# BDrop: Field", comic_kind::backdrop, "Field", "", ""},
              {"# BDrop:  Field", comic_kind::backdrop, "Field", "", ""},
              {"# BDrop2: Field,http://x.example/f.bgb", comic_kind::backdrop_from, "Field",
               "http://x.example/f.bgb", ""},
              {"# GetCharInfo", comic_kind::get_char_info, "", "", ""},
              {"# Background any thing", comic_kind::background, "", "", "any thing"},
              {"# RING", comic_kind::ring, "", "", ""}};
  for (const auto &row : rows) {
    INFO(std::string(row.said));
    for (const comic_message &got : {text::read_comic(row.said), text::read_comic_data(row.said)}) {
      CHECK(got.kind == row.kind);
      CHECK(text::comic_hidden(got.kind));
      CHECK(got.name == row.name);
      CHECK(got.url == row.url);
      CHECK(got.text == row.text);
    }
  }
}

TEST_CASE("comic: texts that only look like it are plain") {
  for (const std::string_view said : {"",
                                      "hello",
                                      "#",
                                      "# ",
                                      "#channel",
                                      "# appears as x",
                                      "#Appears as x",
                                      "# RINGO",
                                      "# GetInformation",
                                      "#  GetInfo",
                                      "(",
                                      "(#",
                                      "(#G090E218M1TBob",
                                      "(#G090E218M1)x",
                                      "(#general) hi",
                                      "(#) hi",
                                      "(#G09) hi",
                                      "(#G090E21) hi",
                                      "(#G0/0) hi",
                                      "(#G090E218M) hi",
                                      "(#M1TBob) hi",
                                      " (#G090E218M1) hi",
                                      "(G090E218M1) hi"})
    check_plain(said);
}

TEST_CASE("comic: the form of IRCX has no parentheses and no text") {
  const comic_message got = text::read_comic_data("#G090E218RM2TAnn,Bob");
  CHECK(got.kind == comic_kind::pose);
  CHECK(got.face.emotion == 1);
  CHECK(got.requested);
  CHECK(got.mode == comic_mode::whisper);
  CHECK(names_of(got) == strings{"Ann", "Bob"});
  CHECK(got.text.empty());
  for (const std::string_view other : {"", "x", "#", "#general", "(#G090E218M1) x", "#G09"}) {
    const comic_message plain = text::read_comic_data(other);
    CHECK(plain.kind == comic_kind::plain);
    CHECK(plain.text == other);
  }
}

TEST_CASE("comic: quoting is undone") {
  CHECK(unquoted("plain") == "plain");
  CHECK(unquoted("a\x10nb\x10rc\x10\x10"
                 "d") == "a\nb\rc\x10"
                         "d");
  CHECK(unquoted("a\x10xb") == "axb");
  CHECK(unquoted("end\x10") == "end");
  CHECK(unquoted("a\\nb\\\\", '\\') == "a\nb\\");
  CHECK(unquoted("") == "");
}

TEST_CASE("comic: nothing outside a text is read, whatever it says") {
  constexpr std::string_view pieces[] = {"(#",          ") ",       "G0", "90", "E218", "M1",
                                         "T",           "Bob",      ",",  "# ", ".",    "R",
                                         "Appears as ", "BDrop2: ", " ",  "x"};
  test::chooser pick(7);
  const test::guard_page page(4096);
  std::size_t poses = 0, comments = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string said = pick.one_in(2) ? "(#G090E" : "# ";
    for (std::size_t n = pick.below(9); n > 0; --n)
      said += pick.of(pieces);
    const std::string_view placed = page.place_at_end(said);
    for (const comic_message &got : {text::read_comic(placed), text::read_comic_data(placed)}) {
      poses += got.kind == comic_kind::pose ? 1 : 0;
      comments += text::comic_hidden(got.kind) ? 1 : 0;
      for (const std::string_view part : {got.text, got.name, got.url, got.names})
        REQUIRE((part.empty() || (part.data() >= placed.data() &&
                                  part.data() + part.size() <= placed.data() + placed.size())));
      CHECK(names_of(got).size() <= said.size());
    }
  }
  CHECK(poses > 500);
  CHECK(comments > 500);
}
