// SPDX-License-Identifier: MIT
//
// The fuzz targets over what well-behaved clients say, whole and damaged: they cannot rot, and each
// run looks at a few thousand inputs. A long search is libFuzzer's: preset `fuzz`.
#include "fuzz/targets.hpp"
#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/mic_client.hpp"

#include <string>
#include <vector>

using namespace confab;
using test::chooser;

namespace {

constexpr std::string_view ircx_lines[] = {"CREATE #a ntlk 20 key",
                                           "CREATE %#Caf\\b\xC3\xA9 c",
                                           "PROP #a TOPIC,SUBJECT",
                                           "PROP #a * ",
                                           "PROP #a CLIENT :some data",
                                           "ACCESS #a ADD DENY bad!*@* 5 :out",
                                           "ACCESS $ LIST",
                                           "ACCESS #a CLEAR",
                                           "LISTX N=*a*,>1 10",
                                           "LISTX #a,%#b",
                                           "WHISPER #a ann,bob :psst",
                                           "DATA #a TEST.TAG :#payload",
                                           "REQUEST ann TAG :x",
                                           "EVENT ADD CHANNEL *!*@*$*",
                                           "EVENT LIST",
                                           "AUTH NTLM I :NTLMSSP\\0",
                                           "MODE #a +qhud ann",
                                           "NICK 'Zo\xC3\xAB\\bx",
                                           "KNOCK #a :let me in",
                                           "IRCX",
                                           "JOIN %#a,&b key"};

std::string mic_frame(chooser &pick) {
  const test::mic_frames build{pick.one_in(2)};
  const auto id = static_cast<std::uint32_t>(pick.below(40));
  switch (pick.below(8)) {
  case 0:
    return build.connect_user(test::random_nick(pick), "name");
  case 1:
    return build.open_channel(test::random_channel(pick), {}, 1);
  case 2:
    return build.send_msg(id, "hello", pick.one_in(3));
  case 3:
    return build.set_property(id, {{0x3403, 0, 0, "topic"}, {0x1802, 0x10, 0x10, {}}});
  case 4:
    return build.query(0xffff0007U, {{{0x3401, 0, 0, "#a"}, 0x0f82, 0x0f88}}, {0x3401, 0x140b});
  case 5:
    return build.send_whisper({id, id + 1}, "psst");
  case 6:
    return build.get_property(id, {0x3403, 0x1002});
  default:
    return build.close(id, "bye");
  }
}

std::string line(chooser &pick) {
  return (pick.one_in(2) ? std::string(pick.of(ircx_lines)) : test::random_line(pick)) + "\r\n";
}

void damage(chooser &pick, std::string &bytes) {
  for (std::size_t i = pick.below(4); i > 0 && !bytes.empty(); --i) {
    const std::size_t at = pick.below(bytes.size());
    if (pick.one_in(3))
      bytes.erase(at, 1 + pick.below(8));
    else if (pick.one_in(2))
      bytes.insert(at, test::random_bytes(pick, 8));
    else
      bytes[at] = static_cast<char>(pick.bits());
  }
}

// One that is believed, if its client is still in the channel. For cookies see fuzz/session.cpp.
std::string datagram(chooser &pick) {
  const test::mic_frames build;
  const bool second = pick.one_in(2);
  const std::uint32_t mid = second ? 0x105 : 0x103, cookie = 0x40000002U + (second ? 1 : 0);
  return build.send_udp(0x102, mid, cookie, test::random_bytes(pick, 200));
}

// Steps of a session: see fuzz/session.cpp.
std::string steps(chooser &pick) {
  std::string out;
  for (std::size_t i = 1 + pick.below(30); i > 0; --i) {
    const bool by_datagram = pick.one_in(6);
    const auto who = static_cast<unsigned char>(pick.below(6) | (pick.one_in(9) ? 0x80U : 0U) |
                                                (by_datagram ? 0x40U : 0U));
    std::string said = by_datagram                                        ? datagram(pick)
                       : pick.one_in(8) == (who % 6 == 3 || who % 6 == 5) ? line(pick)
                                                                          : mic_frame(pick);
    if (pick.one_in(3))
      damage(pick, said);
    said.resize(std::min<std::size_t>(said.size(), 255));
    out += static_cast<char>(who);
    out += static_cast<char>(said.size());
    out += said;
  }
  return out;
}

std::string input(chooser &pick, std::string_view target) {
  if (target == "session")
    return steps(pick);
  std::string out;
  for (std::size_t i = 1 + pick.below(6); i > 0; --i)
    out += target == "mic" ? mic_frame(pick) : line(pick);
  damage(pick, out);
  return out;
}

} // namespace

TEST_CASE("fuzz targets: every one takes thousands of inputs, whole and damaged") {
  for (const fuzz::target &target : fuzz::targets) {
    chooser pick(test::property_seed());
    const std::size_t runs = target.name == "session" ? 400 : 4000;
    for (std::size_t i = 0; i < runs; ++i) {
      const std::string bytes = input(pick, target.name);
      target.run(bytes); // ends the program where a law does not hold
    }
    INFO(target.name);
    CHECK(runs > 0);
  }
}
