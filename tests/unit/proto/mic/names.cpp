// SPDX-License-Identifier: MIT
//
// proto/mic/names and probe: which aliases and channel names clients of MIC may take, the line that
// begins a session, and the line that answers it, read back as the real client was seen to read it.
#include "proto/mic/names.hpp"
#include "proto/mic/probe.hpp"

#include "support/catch.hpp"
#include "support/mic_client.hpp"

#include <array>
#include <string>
#include <vector>

using namespace confab;

namespace {

std::string answer(bool anonymous, const std::vector<std::string_view> &packages) {
  std::array<char, 200> out;
  return std::string(mic::write_probe_answer(anonymous, packages, out));
}

} // namespace

TEST_CASE("mic names: aliases", "[mic]") {
  for (const std::string_view good :
       {"A", "z", "[x]", "\\x", "^x", "_x", "`x", "x-1", "x{|}", "abcdefghijklmnopqrstuvw"})
    CHECK(mic::alias_valid(good));
  for (const std::string_view bad : {"", "1a", "-a", "{a", "a b", "a!b", "a@b", "a~", "Zo\xc3\xab",
                                     "\xc3\xabz", "a\x7f", "abcdefghijklmnopqrstuvwx"})
    CHECK_FALSE(mic::alias_valid(bad));
  // The whole alphabet, against the bounds of the specification.
  for (int c = 0; c < 256; ++c) {
    const char byte = static_cast<char>(c);
    CHECK(mic::alias_valid(std::string(1, byte)) == (c >= 0x41 && c <= 0x7a));
    CHECK(mic::alias_valid(std::string("a") + byte) ==
          ((c >= 0x41 && c <= 0x7d) || (c >= '0' && c <= '9') || c == '-'));
  }
}

TEST_CASE("mic names: channels that all may see", "[mic]") {
  CHECK(mic::channel_name_valid("#a", false, false));
  CHECK(mic::channel_name_valid("#", false, false));
  CHECK(mic::channel_name_valid("&a", false, true));
  CHECK_FALSE(mic::channel_name_valid("&a", false, false));
  for (const std::string_view bad : {"", "a", "%a", "#a b", "#a,b", "#a\r", "#a\n", "#a\a"})
    CHECK_FALSE(mic::channel_name_valid(bad, false, true));
  CHECK_FALSE(mic::channel_name_valid(std::string_view("#a\0", 3), false, false));
  CHECK(mic::channel_name_valid("#" + std::string(199, 'x'), false, false));
  CHECK_FALSE(mic::channel_name_valid("#" + std::string(200, 'x'), false, false));
}

TEST_CASE("mic names: channels for clients of MIC alone", "[mic]") {
  std::string many;
  for (int i = 0; i < 63; ++i)
    many += "\xe4\xb8\xad";
  for (const std::string &good : {std::string("Comic Chat"), std::string("#a"), std::string("a,b"),
                                  std::string(63, 'x'), many})
    CHECK(mic::channel_name_valid(good, true, false));
  for (const std::string &bad :
       {std::string(), std::string("a\nb"), std::string(64, 'x'), many + "x", std::string(1, '\0')})
    CHECK_FALSE(mic::channel_name_valid(bad, true, false));
  CHECK(mic::channel_name_mic_only("Lobby"));
  for (const std::string_view open : {"#a", "&a", "%#a"})
    CHECK_FALSE(mic::channel_name_mic_only(open));
}

TEST_CASE("mic probe: the line that begins a session", "[mic]") {
  for (const std::string_view good : {"MODE ISMIC", "mode ismic", "Mode  IsMic ", "MODE ISMIC\r"})
    CHECK(mic::is_probe(good));
  for (const std::string_view bad : {"", "MODE", "MODE ", "ISMIC", "MODE ISIRCX", "MODE ISMIC x",
                                     "MODEISMIC", ":a MODE ISMIC", "MODE :ISMIC", "PROP ISMIC"})
    CHECK_FALSE(mic::is_probe(bad));
}

TEST_CASE("mic probe: the answer is read as it was meant", "[mic]") {
  CHECK(answer(true, {}) == "YESMIC 1\r\n");
  CHECK(answer(false, {"NTLM", "GateKeeper"}) == "YESMIC 0 NTLM GateKeeper\r\n");
  for (const bool anonymous : {true, false})
    for (const std::vector<std::string_view> &packages :
         {std::vector<std::string_view>{}, std::vector<std::string_view>{"NTLM"},
          std::vector<std::string_view>{"A", "B", "C"}}) {
      test::mic_client client;
      const std::string line = answer(anonymous, packages);
      for (const char c : line)
        CHECK(client.feed(std::string(1, c)).empty());
      CHECK(client.now() == test::mic_client::phase::binary);
      CHECK(client.anonymous_allowed() == anonymous);
      CHECK(client.packages() == std::vector<std::string>(packages.begin(), packages.end()));
      CHECK(client.trouble().empty());
    }
}

TEST_CASE("mic probe: an answer that does not fit is not written", "[mic]") {
  const std::string whole = answer(true, {"NTLM"});
  const std::array<std::string_view, 1> packages{"NTLM"};
  for (std::size_t room = 0; room < whole.size(); ++room) {
    std::string out(room, '#');
    CHECK(mic::write_probe_answer(true, packages, out).empty());
  }
}
