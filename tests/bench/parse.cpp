// SPDX-License-Identifier: MIT
//
// Reading a line beside the least that reading can cost: a memcpy and a memchr of the same bytes.
// The goal is a tenth of that speed at least; the engine's whole way of a line that changes nothing
// (PING) is shown.

#include "bench/bench.hpp"
#include "proto/irc/message.hpp"

#include <cstring>

int main() {
  const std::string line = ":alice!alice@192.0.2.1 PRIVMSG #channel :" + std::string(60, 'x');
  constexpr int lines = 20'000;
  char copy[512];
  const double scan = bench::best_ns(30,
                                     [&] {
                                       for (int i = 0; i < lines; ++i) {
                                         std::memcpy(copy, line.data(), line.size());
                                         bench::keep(copy);
                                         const void *end = std::memchr(copy, '\n', line.size());
                                         bench::keep(end);
                                       }
                                     }) /
                      lines;
  const double parse = bench::best_ns(30,
                                      [&] {
                                        for (int i = 0; i < lines; ++i) {
                                          confab::irc::message m;
                                          const auto result = confab::irc::parse(line, m);
                                          bench::keep(result);
                                          bench::keep(m);
                                        }
                                      }) /
                       lines;
  bench::world w;
  const confab_id conn = w.clients(1)[0];
  std::string pings;
  for (int i = 0; i < 100; ++i)
    pings += "PING token\r\n";
  const double ping = bench::best_ns(50,
                                     [&] {
                                       w.feed(conn, pings);
                                       w.flush();
                                     }) /
                      100;
  bench::table t;
  bench::table::show("memcpy and memchr of a line", scan, "ns");
  bench::table::show("parsing it", parse, "ns");
  bench::table::show("PING and its PONG, whole engine", ping, "ns");
  t.row("parsing over memcpy and memchr", parse / scan, 10, "times", "");
  return t.finish();
}
