// SPDX-License-Identifier: MIT
//
// A host on poll(2): the sockets of chat_server, its clock, and the loop that drives the engine. It
// knows nothing of what is said. examples/server_poll has the same in C, in more words.
#pragma once

#include <confab/confab.hpp>

#include <cstdint>
#include <list>
#include <string>

#include <signal.h>

class poll_host : public confab::push_host {
public:
  // Listens on 127.0.0.1; port 0 takes a free one. Throws std::system_error.
  explicit poll_host(std::uint16_t port);
  ~poll_host() override;

  [[nodiscard]] std::uint16_t port() const;
  // For options.now and unix_ns.
  [[nodiscard]] static confab_time now();
  [[nodiscard]] static std::int64_t unix_ns();

  // Until SIGINT or SIGTERM.
  void serve(confab::engine &engine);

  confab_status send(confab::conn_id conn, void *ctx, std::span<const confab_slice> slices,
                     std::size_t &accepted) override;
  confab_status close(confab::conn_id conn, void *ctx, std::string_view why) override;
  confab_status random(std::span<std::byte> bytes) override;

private:
  struct client {
    int fd = -1;
    confab::conn_id conn{};
    std::string unread{}; // what the engine did not take yet
    bool full = false;    // the socket took less than there was
  };

  void turn(confab::engine &engine, const sigset_t &waiting);
  void take(confab::engine &engine, confab_time time);
  static void receive(confab::engine &engine, client &from, short events, confab_time time);

  int listener_ = -1;
  std::list<client> clients_; // a connection's context is its client: they do not move
};
