// SPDX-License-Identifier: MIT
//
// A client of MIC on an engine in memory: what it sends goes in, what it is sent is taken at once,
// and what it sends by itself goes back, until both are quiet. The last frames are kept as they
// came.
#pragma once

#include "support/engine_fixture.hpp"
#include "support/mic_client.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace confab::test {

inline std::string hex_of(std::string_view bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

class mic_peer {
public:
  explicit mic_peer(engine_fixture &with) : mic_peer(with, wide_and_page{}) {}
  // Probed and logged on.
  mic_peer(engine_fixture &with, std::string_view alias, bool wide = false,
           std::uint32_t code_page = 0)
      : mic_peer(with, wide_and_page{wide, code_page}) {
    log_on(alias);
  }
  // A connection with other options.
  mic_peer(engine_fixture &with, const confab_conn_options &options) : f_(&with) {
    ignore(confab_conn_open(with.engine, &options, with.now, &conn));
  }
  void log_on(std::string_view alias) {
    send(mic_client::probe());
    send(client.build.connect_user(alias, alias));
    (void)client.take_events();
  }
  confab_status feed(std::string_view bytes) {
    const std::vector<char> copy(bytes.begin(), bytes.end());
    std::size_t consumed = 0;
    return confab_conn_feed(f_->engine, conn, f_->now, copy.data(), copy.size(), &consumed);
  }
  // Sends, and takes what comes. Returns what came first, before the client's own answers, in hex.
  std::string send(std::string_view bytes) {
    ignore(feed(bytes));
    return take();
  }
  std::string take() {
    std::string first;
    for (std::string came = f_->read(conn); !came.empty(); came = f_->read(conn)) {
      if (first.empty())
        first = came;
      if (const std::string back = client.feed(came); !back.empty())
        ignore(feed(back));
    }
    return hex_of(first);
  }
  // All that came since this was last asked.
  std::vector<mic_event> events() {
    take();
    return client.take_events();
  }
  std::uint32_t mid(std::string_view channel, std::string_view alias) const {
    return client.mid_of(channel, alias);
  }
  std::uint32_t cid(std::string_view channel) const { return client.cid_of(channel); }
  std::string trouble() const {
    std::string out;
    for (const std::string &one : client.trouble())
      out += one + "\n";
    return out;
  }

  mic_client client;
  confab_id conn = 0;

private:
  struct wide_and_page {
    bool wide = false;
    std::uint32_t code_page = 0;
  };
  mic_peer(engine_fixture &with, wide_and_page how) : client(how.wide), f_(&with) {
    confab_conn_options options = confab_conn_options_init();
    options.address = CONFAB_STR("192.0.2.9");
    options.code_page = how.code_page;
    ignore(confab_conn_open(with.engine, &options, with.now, &conn));
  }

  engine_fixture *f_;
};

// The last event of that type; a blank one when there is none.
inline mic_event event_of(const std::vector<mic_event> &events, std::uint8_t type) {
  mic_event out;
  for (const mic_event &e : events)
    if (e.type == type)
      out = e;
  return out;
}

} // namespace confab::test
