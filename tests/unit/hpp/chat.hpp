// SPDX-License-Identifier: MIT
//
// What the tests of the C++ wrapper share: an engine with a few IRC clients on it, driven by hand.
// It uses nothing but confab.hpp. Nothing here asserts: that is the tests' part.
// A failing call throws confab::error, and so fails the test that made it.
#pragma once

#include <confab/confab.hpp>

#include <string>
#include <string_view>

namespace hpp_test {

struct chat {
  confab::engine engine;
  confab_time now = 0;

  chat() = default;
  explicit chat(confab::engine made) : engine(std::move(made)) {}

  confab::conn_id open() {
    confab::conn_options options;
    options.address = confab::str("192.0.2.7");
    return engine.open(options, now);
  }

  // A registered client, in `channel` if one is named; what it was welcomed with is taken off.
  confab::conn_id client(std::string_view nick, std::string_view channel = {}) {
    const confab::conn_id conn = open();
    std::string lines = "NICK ";
    lines.append(nick).append("\r\nUSER ").append(nick).append(" 0 * :Somebody\r\n");
    if (!channel.empty()) {
      lines.append("JOIN ").append(channel).append("\r\n");
    }
    says(conn, lines);
    (void)engine.take_output(conn);
    return conn;
  }

  void says(confab::conn_id conn, std::string_view lines) {
    confab::checked(engine.feed(conn, now, lines).status);
    confab::checked(engine.flush());
  }

  std::string hears(confab::conn_id conn) { return engine.take_output(conn); }

  confab::user_id user(std::string_view nick) { return engine.find_user(nick).value(); }
  confab::channel_id channel(std::string_view name) { return engine.find_channel(name).value(); }
};

inline bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

} // namespace hpp_test
