// SPDX-License-Identifier: MIT
//
// AUTH (draft §5.2 and §6.1; spec ircx §4): the parser of a line, the frames of the answers, and
// the order in which lines may come. A package's messages are opaque here: NTLM's and SASL's alike
// go to the host, which says whether they are good.
// The exchange is one small value; nothing in it is secret and nothing is allocated. Timers belong
// to the session.

#pragma once

#include "proto/irc/message.hpp"
#include "proto/ircx/numerics.hpp"

#include <cstdint>
#include <string_view>

namespace confab::ircx {

// Bounds (spec §4.2): what goes beyond them is a failure, and ends the connection.
inline constexpr unsigned auth_failures_max = 3;      // of a connection
inline constexpr unsigned auth_messages_max = 8;      // from the client, of an exchange
inline constexpr std::size_t auth_bytes_max = 4096;   // of all its blobs, as written
inline constexpr unsigned auth_exchange_seconds = 30; // from its first message

enum class auth_sequence : std::uint8_t { initial, subsequent, abort };

struct auth_line {
  std::string_view package; // as typed: it is echoed so
  auth_sequence sequence = auth_sequence::initial;
  std::string_view blob; // still quoted: see decode_blob
};

enum class auth_error : std::uint8_t {
  none,
  too_few,     // 461
  too_many,    // 901
  bad_sequence // 900
};

numeric numeric_of(auth_error error) noexcept; // IRCERR_*, or 0 for the 461 of plain IRC

// Reads `AUTH package I|S|* [:blob]`. The sequence is one capital letter.
auth_error parse_auth(const irc::message &m, auth_line &out) noexcept;

// Writes the octets of a blob and returns their number, at most quoted.size(): quoting.hpp.
std::size_t decode_blob(std::string_view quoted, char *out) noexcept;

// Where `package` stands in the comma list that 800 shows; compared without case. -1 when it is
// not there, and for ANON, which is no mechanism but the leave to do without one (draft §9.1).
int find_package(std::string_view packages, std::string_view package) noexcept;

// Appends `AUTH package S :blob` (without colon and blob when it is empty), CR LF included; false
// and `used` as it was when that does not fit. The line has no source, as Microsoft's clients need.
bool write_challenge(std::string_view package, std::string_view octets, char *out, std::size_t size,
                     std::size_t &used) noexcept;
// Appends `AUTH package * identity 0`: no source, no colon, and the 0 of a server without OIDs.
bool write_success(std::string_view package, std::string_view identity, char *out, std::size_t size,
                   std::size_t &used) noexcept;

// What is to be done with a line.
enum class auth_action : std::uint8_t {
  start,        // hand its blob to a new exchange of the package
  restart,      // the same, after dropping the exchange that was open with another package
  step,         // hand its blob to the exchange that is open
  cancelled,    // 910: the client gave up; drop the exchange
  failed,       // 910: out of order; drop the exchange if there is one
  failed_close, // 910, and the connection ends: failed too often, or over a bound
  reentered,    // 910: the host still thinks about the line before; its exchange goes on (Q217378)
  unknown,      // 912
  done_already, // 909
  registered,   // 462
  suspended     // 911, and the connection ends
};

// IRCERR_*; 0 where there is no error, and for the 462 of plain IRC.
numeric numeric_of(auth_action action) noexcept;

// The state of one connection's authentication. Every line goes through `receive`, every answer of
// the host through `challenge`, `succeed` or `fail`.
class auth_exchange {
public:
  enum class state : std::uint8_t {
    idle,
    waiting_for_host,   // a line was handed over
    waiting_for_client, // the host's challenge was sent
    done
  };

  struct circumstances {
    int package = -1;             // from find_package
    bool user_registered = false; // too late for AUTH
    bool suspended = false;       // the address failed too often
  };

  auth_action receive(const auth_line &line, const circumstances &now) noexcept;

  // The host's answer to what was handed over last. False, and nothing changes, when it was asked
  // nothing: an answer that comes after the exchange was dropped.
  bool challenge() noexcept;
  bool succeed() noexcept;
  // Its answer is no, or time is up. `close`: the connection has failed too often.
  bool fail(bool &close) noexcept;

  state where() const noexcept { return state_; }
  // NICK and USER wait until the exchange ends (spec §4.2).
  bool is_open() const noexcept {
    return state_ == state::waiting_for_host || state_ == state::waiting_for_client;
  }
  int package() const noexcept { return package_; }
  unsigned failures() const noexcept { return failures_; }

private:
  auth_action begin(const auth_line &line, int package, auth_action action) noexcept;
  auth_action go_on(const auth_line &line, int package) noexcept;
  auth_action drop_failed(bool for_good = false) noexcept;
  bool count(const auth_line &line) noexcept;

  state state_ = state::idle;
  int package_ = -1;
  unsigned failures_ = 0, messages_ = 0;
  std::size_t bytes_ = 0;
};

} // namespace confab::ircx
