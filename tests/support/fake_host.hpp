// SPDX-License-Identifier: MIT
//
// A host without sockets: keeps what the engine sends, which connections it closed and why, and
// what it asked; and notes each breach of the contract of host.h, such as a call for a connection
// that was closed. A test decides through the std::function members what sockets and people would.
// It drives nothing: that is engine_fixture's part.
#pragma once

#include <confab/confab.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace confab::test {

struct fake_host {
  fake_host() = default;
  fake_host(const fake_host &) = delete;
  fake_host &operator=(const fake_host &) = delete;

  // `push`: the table has `send`; else it has `output_pending`.
  confab_host table(bool push);
  // For the table of a host with a clock: says clock_ns.
  static confab_status CONFAB_CALL clock(void *ctx, confab_time *now);
  // For the table of a host with datagrams: its randomness counts up, so that tests can say it.
  void add_datagrams(confab_host &host);

  // What becomes of what is offered; by default all of it is taken.
  std::function<confab_status(confab_id conn, std::size_t offered, std::size_t &accepted)> on_send;
  // The answer to a question; by default all is granted.
  std::function<confab_status(const confab_request &)> on_request;
  // Whether a datagram goes; by default all do.
  std::function<confab_status(confab_id conn)> on_datagram;
  // Called in each callback, so that a test can try what is not allowed there.
  std::function<void()> inside;

  std::map<confab_id, std::string> written; // by `send`
  std::map<confab_id, unsigned> sends;      // calls of `send`
  // Connections with CONFAB_CONN_MESSAGES: each slice must be a message, and is kept with CR LF.
  std::set<confab_id> by_message;
  struct datagram {
    confab_id conn = 0;
    std::uint32_t port = 0;
    std::string bytes;
    friend bool operator==(const datagram &, const datagram &) = default;
  };
  std::vector<datagram> datagrams; // that went
  std::uint32_t randomness = 0;    // how often the engine asked for some
  bool random_fails = false;
  std::map<confab_id, unsigned> pendings;  // calls of `output_pending`
  std::map<confab_id, std::string> closed; // with the reason
  std::vector<confab_request> asked;       // texts are dead
  std::vector<std::string> passwords;
  std::vector<std::string> logged;      // names of records
  std::vector<std::string> logged_text; // their texts
  std::set<confab_id> ended;            // by the test, with confab_conn_closed
  confab_time clock_ns = 1'000'000'000;
  unsigned released = 0;
  std::string problem; // the first breach of the contract

  // A slice as it is kept: a message gets its end back.
  std::string kept(confab_id conn, const confab_slice &slice);

  void note(bool ok, const char *what) {
    if (!ok && problem.empty())
      problem = what;
  }
};

} // namespace confab::test
