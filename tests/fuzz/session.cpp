// SPDX-License-Identifier: MIT
//
// Sessions of all protocols in one engine under any bytes. The input is a list of steps, each a
// byte that says which of six clients sends (with its high bit, that time passes; with the next,
// that it comes as a datagram), a byte that says how much, and those bytes. Two clients begin as
// IRC, one with capabilities, one as IRCX and two as MIC; whatever they send, the state holds,
// memory is bounded, and nothing is left at the end.
#include "fuzz/targets.hpp"

#include "support/engine_fixture.hpp"
#include "support/mic_client.hpp"

using namespace confab::test;

namespace confab::fuzz {

namespace {

void feed(engine_fixture &chat, confab_id conn, std::string_view bytes) {
  std::size_t taken = 0;
  const confab_status status =
      confab_conn_feed(chat.engine, conn, chat.now, bytes.data(), bytes.size(), &taken);
  must(taken <= bytes.size() && (status != CONFAB_OK || taken == bytes.size()),
       "a feed takes what it says");
}

// Both take datagrams; the cookie of the first is 0x40000002, of the second 0x40000003.
confab_id enter_mic(engine_fixture &chat, std::string_view nick) {
  confab_conn_options options = confab_conn_options_init();
  options.address = CONFAB_STR("192.0.2.1");
  options.datagram_address = CONFAB_STR("198.51.100.1");
  options.datagram_port = 6667;
  confab_id conn = 0;
  must(confab_conn_open(chat.engine, &options, chat.now, &conn) == CONFAB_OK, "it opens");
  mic_client mic;
  feed(chat, conn, mic_client::probe());
  feed(chat, conn, mic.feed(chat.read(conn)));
  feed(chat, conn, mic.build.connect_user(nick, nick));
  feed(chat, conn, mic.build.open_channel("#a", {}, 1, 4000));
  (void)chat.read(conn);
  return conn;
}

} // namespace

void fuzz_session(std::string_view bytes) {
  engine_fixture chat({.push = false,
                       .tweak =
                           [](confab_engine_options &o) {
                             o.output_backlog_bytes_max = 64 * 1024;
                             o.channel_modes = CONFAB_STR("");
                           },
                       .clock = false,
                       .datagrams = true});
  const confab_id ircx = chat.open();
  (void)chat.say(ircx, "IRCX");
  chat.enter(ircx, "xenia");
  const confab_id conns[] = {chat.enter("ann"),
                             chat.enter("bob", "server-time echo-message"),
                             ircx,
                             enter_mic(chat, "mia"),
                             chat.open(),
                             enter_mic(chat, "max")};
  for (const std::size_t i : {0U, 1U, 2U})
    (void)chat.say(conns[i], "JOIN #a");
  while (bytes.size() > 2) {
    const auto who = static_cast<unsigned char>(bytes[0]);
    const std::size_t much =
        std::min<std::size_t>(static_cast<unsigned char>(bytes[1]), bytes.size() - 2);
    const confab_id conn = conns[who % std::size(conns)];
    const std::string_view said = bytes.substr(2, much);
    if ((who & 0x40U) != 0)
      ignore(confab_datagram_feed(chat.engine, chat.now, CONFAB_STR("192.0.2.1"), said.data(),
                                  said.size()));
    else
      feed(chat, conn, said);
    bytes.remove_prefix(2 + much);
    if ((who & 0x80U) != 0)
      ignore(chat.wait_ms(5000));
    (void)chat.read(conn);
  }
  chat.read_all();
  const confab_engine_stats stats = chat.stats();
  must(stats.datagrams_dropped_total <= stats.datagrams_in_total &&
           stats.datagrams_out_total == chat.host.datagrams.size(),
       "datagrams are counted");
  must(chat.host.problem.empty(), "the host was called as it may be");
  const std::string broken = chat.broken();
  must(broken.empty(), broken.c_str());
  must(chat.stats().memory_bytes < 4U << 20U, "memory is bounded");
  const std::string left = chat.destroy();
  must(left.empty(), left.c_str());
}

} // namespace confab::fuzz
