// SPDX-License-Identifier: MIT
//
// What questions cost among 10,000 channels: those whose terms leave ten, each by another order in
// which channels are filed, and those about one channel, over the same among 100 channels; and over
// the answer that shows all. What the terms exclude must not be looked at.

#include "bench/bench.hpp"

namespace {

constexpr std::size_t chosen = 10;

std::string name_of(std::size_t number) { return "#room" + std::to_string(number); }

// So many channels, of which the first ten have more members, a topic, and the mark REGISTERED.
struct town : bench::world {
  explicit town(std::size_t channels) : asker(client(1'000'000)) {
    feed(asker, "IRCX\r\n");
    std::vector<confab_id> founders = clients(channels / 500 + 1), guests = clients(20);
    for (std::size_t i = 0; i < channels; ++i) {
      const std::size_t number = channels - 1 - i; // the chosen are the latest
      feed(founders[i / 500], "JOIN " + name_of(number) + "\r\n");
      flush();
    }
    for (std::size_t i = 0; i < chosen; ++i) {
      for (const confab_id guest : guests)
        feed(guest, "JOIN " + name_of(i) + "\r\n");
      confab_id channel = 0;
      bench::check(confab_channel_find(engine, str(name_of(i)), &channel), "find");
      confab_event_channel_change change;
      CONFAB_COMMAND_INIT(&change, CONFAB_EVENT_CHANNEL_CHANGE);
      change.head.flags = CONFAB_EVENT_FORCED;
      change.channel = channel;
      change.mode = CONFAB_CMODE_REGISTERED;
      change.set = 1;
      bench::check(confab_command_submit(engine, &change.head, nullptr), "register");
      confab_event_access entry;
      CONFAB_COMMAND_INIT(&entry, CONFAB_EVENT_ACCESS);
      entry.channel = channel;
      entry.list = CONFAB_LIST_BAN;
      entry.set = CONFAB_ACCESS_ADD;
      entry.mask = CONFAB_STR("mallory!*@*$*");
      bench::check(confab_command_submit(engine, &entry.head, nullptr), "ban");
      flush();
    }
  }

  static confab_str str(const std::string &text) { return {text.data(), text.size()}; }

  void ask(const std::string &question) {
    feed(asker, question);
    flush();
  }
  // How many bytes the answer has.
  std::size_t answer_bytes(const std::string &question) {
    const std::size_t before = bytes;
    ask(question);
    return bytes - before;
  }

  confab_id asker;
};

struct question {
  const char *what, *text;
  std::size_t rows; // that its answer has
};

constexpr question questions[] = {
    {"LISTX by members", "LISTX >15\r\n", chosen},
    {"LISTX of the registered", "LISTX R=1\r\n", chosen},
    {"LISTX by name", "LISTX N=#room7\r\n", 1},
    {"LIST by members", "LIST >15\r\n", chosen},
    {"PROP of one channel", "PROP #room7 *\r\n", 3},
    {"ACCESS of one channel", "ACCESS #room7 LIST\r\n", 1},
};

} // namespace

int main() {
  bench::table t;
  town small(100), large(10'000);
  const double all = bench::best_ns(10, [&] { large.ask("LISTX\r\n"); });
  bench::table::show("LISTX of all 10,000 channels", all / 1000, "us");
  for (const question &q : questions) {
    const std::size_t bytes = large.answer_bytes(q.text);
    // A row has some 30 bytes at the least, and two lines besides it some 80 at the most.
    if (bytes < q.rows * 30 || bytes > q.rows * 120 + 300) {
      std::printf("%s: an answer of %zu bytes is no answer\n0 passed, 1 failed\n", q.what, bytes);
      return EXIT_FAILURE;
    }
    const auto ns = bench::best_in_turns(
        200, [&] { small.ask(q.text); }, [&] { large.ask(q.text); });
    bench::table::show(q.what, ns[1] / 1000, "us");
    t.row("... over among 100 channels", ns[1] / ns[0], 3, "times", "flat but for the caches");
    t.row("... over the answer that shows all", ns[1] / all, 0.05, "times", "");
  }
  return t.finish();
}
