// SPDX-License-Identifier: MIT
//
// Clients of MIC and of IRC at once, saying anything: whatever happens, a client of MIC that
// behaves as the real one does never gets what that would lose or mix up (mic_client::trouble),
// each query is answered, and the engine's state holds. Damaged frames cost their sender alone.
#include "support/catch.hpp"
#include "support/chatter.hpp"
#include "support/mic_peer.hpp"

#include <memory>

using namespace confab;
using namespace confab::test;

namespace {

const std::vector<std::string> names{"#a", "#b", "#c", "only", "#a1"};
const std::vector<std::string> nicks{"ann", "bob", "Cat", "Dan", "Eve", "Fay"};

// An id that is something, or was, or never will be.
std::uint32_t any_id(chooser &pick) { return 0x0fe + static_cast<std::uint32_t>(pick.below(60)); }

mic_property any_value(chooser &pick) {
  switch (pick.below(9)) {
  case 0:
    return {0x1802, static_cast<std::uint32_t>(pick.below(4)), 3, ""};
  case 1:
    return {0x1802, static_cast<std::uint32_t>(pick.below(0x10000)), 0x7fff, ""};
  case 2:
    return {0x3403, 0, 0, "topic " + std::to_string(pick.below(9))};
  case 3:
    return {0x3302, 0, 0, pick.of(nicks)};
  case 4:
    return {0x3307, 0, 0, pick.one_in(2) ? "" : "away"};
  case 5:
    return {static_cast<std::uint16_t>(pick.one_in(2) ? 0x7410 : 0xb410), 0, 0, "bob!*@*"};
  case 6:
    return {0x1408, static_cast<std::uint32_t>(pick.below(4)), 0, ""};
  case 7:
    return {0x1802, static_cast<std::uint32_t>(pick.below(0x2000)), 0x1100, ""};
  default:
    return {0x3404, 0, 0, "subject"};
  }
}

std::string any_query(chooser &pick, mic_peer &peer) {
  const std::uint32_t oid = pick.one_in(3)   ? any_id(pick)
                            : pick.one_in(2) ? 0xffff0006
                                             : 0xffff0007;
  std::vector<mic_term> terms;
  if (pick.one_in(2))
    terms.push_back({{0x1000, any_id(pick), 0, ""}, 0x0f82, 0x0f88});
  if (oid == 0xffff0007)
    return peer.client.ask(oid, terms, {0x1000, 0x3401, 0x140b, 0x3403, 0x1408});
  return peer.client.ask(oid, terms, {0x1000, 0x3302, 0x1002});
}

std::string any_frame(chooser &pick, mic_peer &peer) {
  const mic_frames &build = peer.client.build;
  mic_create all;
  all.name = pick.of(names);
  all.topic = pick.one_in(2) ? "topic" : "";
  all.modes = static_cast<std::uint32_t>(pick.one_in(2) ? 0 : pick.below(0x10000) & 0x0fff);
  // No feeds: what is said of somebody whom a client was not told of there is dropped by it.
  all.flags = static_cast<std::uint32_t>(pick.one_in(2) ? 0 : pick.below(0x400) & 0x3fb);
  all.open = static_cast<std::uint32_t>(pick.below(2));
  switch (pick.below(14)) {
  case 0:
  case 1:
    return build.create_channel(all);
  case 2:
  case 3:
    return build.open_channel(pick.of(names), "", static_cast<std::uint32_t>(pick.below(2)));
  case 4:
    return build.leave_channel(any_id(pick));
  case 5:
    return pick.one_in(4) ? build.close(any_id(pick), "why") : build.pong();
  case 6:
    return build.send_msg(any_id(pick), "text", pick.one_in(4));
  case 7:
    return build.send_whisper({any_id(pick), any_id(pick)}, "psst");
  case 8:
    return build.send_user(0, pick.of(nicks), "private");
  case 9:
    return build.send_invite(0, pick.of(nicks), pick.of(names));
  case 10:
    return build.get_property(any_id(pick), {0x1000, 0x1002}, true);
  case 11:
    return any_query(pick, peer);
  default:
    return build.set_property(any_id(pick), {any_value(pick)});
  }
}

std::string any_line(chooser &pick) {
  const std::string name = pick.of(names), nick = pick.of(nicks);
  switch (pick.below(10)) {
  case 0:
  case 1:
    return "JOIN " + name;
  case 2:
    return "PART " + name + " :bye";
  case 3:
    return "KICK " + name + " " + nick;
  case 4:
    return "MODE " + name + (pick.one_in(2) ? " +o " : " -o ") + nick;
  case 5:
    return "MODE " + name + (pick.one_in(2) ? " +mn" : " -imn");
  case 6:
    return "PRIVMSG " + (pick.one_in(2) ? name : nick) + " :text";
  case 7:
    return "NICK " + nick;
  case 8:
    return "MODE " + name + (pick.one_in(2) ? " +v " : " -v ") + nick;
  default:
    return "TOPIC " + name + " :topic";
  }
}

} // namespace

TEST_CASE("mic: nothing that others do is ever lost on a real client") {
  const auto until = std::chrono::steady_clock::now() + property_seconds(10);
  std::uint64_t seed = 1, acts = 0;
  do {
    INFO("seed " << seed);
    chooser pick(seed);
    engine_fixture f;
    std::vector<std::unique_ptr<mic_peer>> peers;
    std::vector<confab_id> lines;
    for (const char *alias : {"Cat", "Dan"})
      peers.push_back(std::make_unique<mic_peer>(f, alias, pick.one_in(3)));
    for (const char *nick : {"ann", "bob"})
      lines.push_back(f.enter(nick));
    for (int i = 0; i < 200; ++i, ++acts) {
      if (pick.one_in(3)) {
        ignore(f.say(pick.of(lines), any_line(pick)));
      } else {
        mic_peer &peer = *peers[pick.below(peers.size())];
        if (!f.host.closed.contains(peer.conn))
          ignore(peer.feed(any_frame(pick, peer)));
      }
      for (auto &peer : peers) {
        if (f.host.closed.contains(peer->conn))
          continue;
        peer->take();
        INFO(peer->trouble());
        REQUIRE(peer->client.trouble().empty());
        REQUIRE(peer->client.queries_waiting() == 0);
      }
    }
    REQUIRE(f.broken() == "");
    // Each client knows who is where, as the engine does.
    for (const auto &peer : peers)
      if (!f.host.closed.contains(peer->conn))
        for (const auto &[cid, channel] : peer->client.channels())
          REQUIRE(channel.complete);
    REQUIRE(f.destroy() == "");
    ++seed;
  } while (std::chrono::steady_clock::now() < until);
  CHECK(acts > 0);
}

TEST_CASE("mic: damaged frames, in any split, cost their sender alone") {
  const auto until = std::chrono::steady_clock::now() + property_seconds(5);
  std::uint64_t seed = 1, frames = 0;
  do {
    INFO("seed " << seed);
    chooser pick(seed);
    engine_fixture f;
    mic_peer witness(f, "Eve");
    witness.send(witness.client.build.open_channel("#a", "", 1));
    for (int round = 0; round < 10; ++round) {
      mic_peer peer(f, pick.one_in(2) ? "Cat" : "Dan", pick.one_in(2));
      for (int i = 0; i < 40 && !f.host.closed.contains(peer.conn); ++i, ++frames) {
        std::string bytes = pick.one_in(8) ? random_bytes(pick, 60) : any_frame(pick, peer);
        if (!bytes.empty() && pick.one_in(2))
          bytes[pick.below(bytes.size())] = static_cast<char>(pick.below(256));
        while (!bytes.empty() && !f.host.closed.contains(peer.conn)) {
          const std::size_t part = 1 + pick.below(bytes.size());
          ignore(peer.feed(bytes.substr(0, part)));
          bytes.erase(0, part);
        }
        (void)f.read(peer.conn);
        witness.take();
        INFO(witness.trouble());
        REQUIRE(witness.client.trouble().empty());
      }
      if (!f.host.closed.contains(peer.conn))
        ignore(f.end(peer.conn));
    }
    REQUIRE_FALSE(f.host.closed.contains(witness.conn));
    REQUIRE(f.broken() == "");
    REQUIRE(f.destroy() == "");
    ++seed;
  } while (std::chrono::steady_clock::now() < until);
  CHECK(frames > 0);
}
