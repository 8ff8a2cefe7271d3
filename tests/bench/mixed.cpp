// SPDX-License-Identifier: MIT
//
// A message to a channel in which a quarter of the members each speaks IRC, IRCv3, IRCX and MIC,
// over the same where all speak one of them, per member: one encoding for each way in which it is
// seen, however many see it so.

#include "bench/bench.hpp"
#include "support/mic_wire.hpp"

#include <memory>

namespace {

enum class speaks : std::uint8_t { irc, ircv3, ircx, mic };
constexpr speaks all[] = {speaks::irc, speaks::ircv3, speaks::ircx, speaks::mic};
constexpr const char *names[] = {"IRC", "IRCv3", "IRCX", "MIC"};
constexpr std::size_t members = 1'000;

struct room : bench::world {
  explicit room(const std::vector<speaks> &protocols) {
    speaker = enter(0, speaks::irc);
    for (std::size_t i = 1; i < members; ++i) {
      (void)enter(i, protocols[i % protocols.size()]);
      flush();
    }
    // Everybody is in it, and is sent what is said: once each, but for who says it.
    const std::size_t before = sends;
    say();
    if (sends - before != members - 1) {
      std::printf("%zu of %zu were sent it\n0 passed, 1 failed\n", sends - before, members - 1);
      std::exit(EXIT_FAILURE);
    }
  }

  confab_id enter(std::size_t number, speaks protocol) {
    const std::string nick = "user" + std::to_string(number);
    const std::string login = "NICK " + nick + "\r\nUSER " + nick + " 0 * :Somebody\r\n";
    confab_conn_options o = confab_conn_options_init();
    o.address = CONFAB_STR("192.0.2.1");
    confab_id conn = 0;
    bench::check(confab_conn_open(engine, &o, now(), &conn), "open");
    switch (protocol) {
    case speaks::irc:
      feed(conn, login + "JOIN #big\r\n");
      break;
    case speaks::ircv3:
      feed(conn, "CAP LS 302\r\nCAP REQ :server-time\r\n" + login + "CAP END\r\nJOIN #big\r\n");
      break;
    case speaks::ircx:
      feed(conn, "IRCX\r\n" + login + "JOIN #big\r\n");
      break;
    case speaks::mic: {
      const confab::test::mic_frames build;
      feed(conn, "MODE ISMIC\r\n");
      feed(conn, build.connect_user(nick, nick) + build.open_channel("#big"));
      break;
    }
    }
    return conn;
  }

  void say() {
    feed(speaker, line);
    flush();
  }

  confab_id speaker = 0;
  const std::string line = "PRIVMSG #big :" + std::string(100, 'x') + "\r\n";
};

} // namespace

int main() {
  bench::table t;
  std::vector<std::unique_ptr<room>> single;
  for (const speaks protocol : all)
    single.push_back(std::make_unique<room>(std::vector<speaks>{protocol}));
  room mixed({std::begin(all), std::end(all)});
  const auto ns = bench::best_in_turns(
      60, [&] { single[0]->say(); }, [&] { single[1]->say(); }, [&] { single[2]->say(); },
      [&] { single[3]->say(); }, [&] { mixed.say(); });
  double mean = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    const std::string what = std::string("all of them speak ") + names[i];
    bench::table::show(what.c_str(), ns[i] / members, "ns per member");
    mean += ns[i] / 4;
  }
  bench::table::show("a quarter each", ns[4] / members, "ns per member");
  t.row("... over all IRC", ns[4] / ns[0], 1.3, "times", "");
  t.row("... over the four alone, on average", ns[4] / mean, 1.3, "times", "");
  return t.finish();
}
