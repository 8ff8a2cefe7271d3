// SPDX-License-Identifier: MIT
//
// proto/mic/guid: the bytes of Windows' struct and the text of its registry, both ways; and texts
// that are no GUID.
#include "proto/mic/guid.hpp"

#include "support/catch.hpp"

#include <string>

using namespace confab;

namespace {

constexpr std::string_view words = "{D6526FE0-E651-11CF-99CB-00C04FD64497}";
const std::string bytes("\xe0\x6f\x52\xd6\x51\xe6\xcf\x11\x99\xcb\x00\xc0\x4f\xd6\x44\x97", 16);

std::string read(std::string_view text) {
  std::array<char, mic::guid_bytes> out{};
  return mic::read_guid(text, out) ? std::string(out.data(), out.size()) : std::string();
}

} // namespace

TEST_CASE("mic guid: three parts are little-endian, the rest is in order", "[mic]") {
  const auto text = mic::guid_text(bytes);
  CHECK(std::string_view(text.data(), text.size()) == words);
  CHECK(read(words) == bytes);
  CHECK(read(words.substr(1, 36)) == bytes);
  CHECK(read("{d6526fe0-e651-11cf-99cb-00c04fd64497}") == bytes);
}

TEST_CASE("mic guid: every byte comes back", "[mic]") {
  for (int i = 0; i < 16; ++i)
    for (int value = 0; value < 256; ++value) {
      std::string one(16, '\x5a');
      one[static_cast<std::size_t>(i)] = static_cast<char>(value);
      const auto text = mic::guid_text(one);
      CHECK(read({text.data(), text.size()}) == one);
    }
}

TEST_CASE("mic guid: what is none", "[mic]") {
  for (const char *text :
       {"", "{}", "x.dll", "{D6526FE0-E651-11CF-99CB-00C04FD64497",
        "D6526FE0-E651-11CF-99CB-00C04FD64497}", "{D6526FE0-E651-11CF-99CB-00C04FD6449}",
        "D6526FE0E65111CF99CB00C04FD64497", "{D6526FE0-E651-11CF-99CB-00C04FD6449G}",
        "(D6526FE0-E651-11CF-99CB-00C04FD64497)", "D6526FE0-E65-111CF-99CB-00C04FD64497"}) {
    INFO(text);
    CHECK(read(text).empty());
  }
  CHECK(mic::guid_none(""));
  CHECK(mic::guid_none(std::string(16, '\0')));
  CHECK_FALSE(mic::guid_none(bytes));
  CHECK_FALSE(mic::guid_none(std::string(15, '\0')));
}
