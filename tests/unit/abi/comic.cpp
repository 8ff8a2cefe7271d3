// SPDX-License-Identifier: MIT
//
// comic.h: what the exported function makes of each kind; the grammar itself is tested at
// text/comic. What a plugin gets of the same texts is the same function, through the table of
// api.h.
#include "support/catch.hpp"
#include "support/engine_fixture.hpp"

using confab::test::str_of;
using confab::test::string_of;

namespace {

confab_comic read(std::string_view text, std::uint32_t data = 0) {
  confab_comic out{};
  out.struct_size = sizeof out;
  CHECK(confab_comic_read(str_of(text), data, &out) == CONFAB_OK);
  return out;
}

} // namespace

TEST_CASE("comic: a pose, with who is spoken to and what is said") {
  const confab_comic pose = read("(#G7::E476M3TBob,Eve) Hello!!!");
  CHECK(pose.kind == CONFAB_COMIC_POSE);
  CHECK(pose.mode == CONFAB_COMIC_THINK);
  CHECK(pose.torso == 7);
  CHECK(pose.face == 4);
  CHECK(pose.face_intensity == 6);
  CHECK(string_of(pose.names) == "Bob,Eve");
  CHECK(string_of(pose.text) == "Hello!!!");
}

TEST_CASE("comic: comments, and texts that are none") {
  CHECK(read("# Appears as Anna").kind == CONFAB_COMIC_APPEARS);
  CHECK(string_of(read("# Appears as Anna").name) == "Anna");
  CHECK(read("# GetInfo").kind == CONFAB_COMIC_GET_INFO);
  const confab_comic plain = read("hello");
  CHECK(plain.kind == CONFAB_COMIC_PLAIN);
  CHECK(plain.mode == 0);
  CHECK(plain.torso == UINT32_MAX);
  CHECK(string_of(plain.text) == "hello");
  CHECK(read("#G7::M1", 1).kind == CONFAB_COMIC_POSE);
}

TEST_CASE("comic: what cannot be read is said") {
  confab_comic out{};
  CHECK(confab_comic_read(CONFAB_STR("x"), 0, &out) == CONFAB_ERR_STRUCT);
  CHECK(confab_comic_read(CONFAB_STR("x"), 0, nullptr) == CONFAB_ERR_ARG);
  out.struct_size = sizeof out;
  CHECK(confab_comic_read({nullptr, 3}, 0, &out) == CONFAB_ERR_ARG);
  CHECK(confab_comic_read({nullptr, 0}, 0, &out) == CONFAB_OK);
}
