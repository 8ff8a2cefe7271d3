// SPDX-License-Identifier: MIT
//
// proto/ircx/auth: the forms of AUTH and its frames, blobs with every octet, and the exchange: each
// cell of its table, its bounds, and every order of a few lines and answers.
#include "proto/ircx/auth.hpp"

#include "lines.hpp"

using namespace confab;
using namespace confab::ircx;
using test::read;

namespace {

using state = auth_exchange::state;

auth_error error_of(std::string_view line) {
  auth_line out;
  return parse_auth(read(line), out);
}

auth_line line_of(auth_sequence sequence, std::string_view blob = {}) {
  return {"NTLM", sequence, blob};
}

auth_exchange::circumstances with_package(int package) { return {package, false, false}; }

auth_action send(auth_exchange &exchange, auth_sequence sequence, int package = 0,
                 std::string_view blob = {}) {
  return exchange.receive(line_of(sequence, blob), with_package(package));
}

// An exchange whose client is asked for its next line.
auth_exchange asked() {
  auth_exchange exchange;
  REQUIRE(send(exchange, auth_sequence::initial) == auth_action::start);
  REQUIRE(exchange.challenge());
  return exchange;
}

std::string challenge(std::string_view package, std::string_view octets, std::size_t size = 200) {
  std::string out(size, '#');
  std::size_t used = 0;
  if (!write_challenge(package, octets, out.data(), size, used)) {
    CHECK(used == 0);
    return "(none)";
  }
  return out.substr(0, used);
}

std::string success(std::string_view package, std::string_view identity, std::size_t size = 200) {
  std::string out(size, '#');
  std::size_t used = 0;
  return write_success(package, identity, out.data(), size, used) ? out.substr(0, used) : "(none)";
}

} // namespace

TEST_CASE("auth: the forms of the command", "[ircx]") {
  auth_line line;
  REQUIRE(parse_auth(read("AUTH NTLM I :NTLMSSP\\0\\b x"), line) == auth_error::none);
  CHECK(line.package == "NTLM");
  CHECK(line.sequence == auth_sequence::initial);
  CHECK(line.blob == "NTLMSSP\\0\\b x");
  REQUIRE(parse_auth(read("AUTH plain S"), line) == auth_error::none);
  CHECK(line.sequence == auth_sequence::subsequent);
  CHECK(line.blob.empty());
  REQUIRE(parse_auth(read("AUTH plain *"), line) == auth_error::none);
  CHECK(line.sequence == auth_sequence::abort);
}

TEST_CASE("auth: each mistake has its answer", "[ircx]") {
  CHECK(error_of("AUTH") == auth_error::too_few);
  CHECK(error_of("AUTH NTLM") == auth_error::too_few);
  CHECK(error_of("AUTH : I") == auth_error::too_few);
  CHECK(error_of("AUTH NTLM i :x") == auth_error::bad_sequence);
  CHECK(error_of("AUTH NTLM X :x") == auth_error::bad_sequence);
  CHECK(error_of("AUTH NTLM IS :x") == auth_error::bad_sequence);
  CHECK(error_of("AUTH NTLM :") == auth_error::bad_sequence);
  CHECK(error_of("AUTH NTLM I a b") == auth_error::too_many);
  CHECK(numeric_of(auth_error::too_few) == 0);
  CHECK(numeric_of(auth_error::too_many) == 901);
  CHECK(numeric_of(auth_error::bad_sequence) == 900);
}

TEST_CASE("auth: a blob of any octets survives the line", "[ircx]") {
  std::string octets;
  for (int i = 0; i < 256; ++i)
    octets.push_back(static_cast<char>(i));
  std::string line = challenge("NTLM", octets, 1000);
  REQUIRE(line.substr(0, 13) == "AUTH NTLM S :" + line.substr(13, 0));
  REQUIRE(line.substr(line.size() - 2) == "\r\n");
  line.resize(line.size() - 2);
  CHECK(line.find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos);
  auth_line read_again;
  REQUIRE(parse_auth(read(line), read_again) == auth_error::none);
  std::string decoded(read_again.blob);
  decoded.resize(decode_blob(decoded, decoded.data()));
  CHECK(decoded == octets);
}

TEST_CASE("auth: frames have no source and fit or are not written", "[ircx]") {
  CHECK(challenge("NTLM", "a b,c") == "AUTH NTLM S :a b,c\r\n");
  CHECK(challenge("NTLM", "") == "AUTH NTLM S\r\n");
  CHECK(challenge("NTLM", "ab", 17) == "AUTH NTLM S :ab\r\n");
  CHECK(challenge("NTLM", "ab", 16) == "(none)");
  CHECK(challenge("NT LM", "ab") == "(none)");
  CHECK(challenge("", "ab") == "(none)");
  CHECK(success("NTLM", "anna@example.org") == "AUTH NTLM * anna@example.org 0\r\n");
  CHECK(success("NTLM", "anna@example.org", 31) == "(none)");
  CHECK(success("NTLM", "anna@example.org", 32) == "AUTH NTLM * anna@example.org 0\r\n");
  for (const std::string_view bad : {"", ":x", "a b", "a\r\nQUIT"})
    CHECK(success("NTLM", bad) == "(none)");
}

TEST_CASE("auth: packages are found without case, and ANON is none", "[ircx]") {
  CHECK(find_package("NTLM,ANON,PLAIN", "ntlm") == 0);
  CHECK(find_package("NTLM,ANON,PLAIN", "Plain") == 2);
  CHECK(find_package("NTLM,ANON,PLAIN", "anon") == -1);
  CHECK(find_package("NTLM,ANON", "NTL") == -1);
  CHECK(find_package("NTLM,ANON", "") == -1);
  CHECK(find_package("", "NTLM") == -1);
  CHECK(find_package("*", "NTLM") == -1);
  CHECK(find_package("*", "*") == -1);
}

TEST_CASE("auth: a whole exchange", "[ircx]") {
  auth_exchange exchange;
  CHECK(exchange.where() == state::idle);
  CHECK(send(exchange, auth_sequence::initial) == auth_action::start);
  CHECK(exchange.is_open());
  CHECK(exchange.challenge());
  CHECK(send(exchange, auth_sequence::subsequent) == auth_action::step);
  CHECK(exchange.challenge());
  CHECK(send(exchange, auth_sequence::subsequent) == auth_action::step);
  CHECK(exchange.succeed());
  CHECK(exchange.where() == state::done);
  CHECK_FALSE(exchange.is_open());
  for (const auth_sequence sequence :
       {auth_sequence::initial, auth_sequence::subsequent, auth_sequence::abort})
    CHECK(send(exchange, sequence) == auth_action::done_already);
}

TEST_CASE("auth: every cell of the table", "[ircx]") {
  auth_exchange idle;
  CHECK(send(idle, auth_sequence::subsequent) == auth_action::failed);
  CHECK(send(idle, auth_sequence::abort) == auth_action::failed);
  CHECK(send(idle, auth_sequence::initial, -1) == auth_action::unknown);
  CHECK(idle.where() == state::idle);
  CHECK(idle.failures() == 0);

  auth_exchange running = asked();
  CHECK(send(running, auth_sequence::initial, -1) == auth_action::unknown);
  CHECK(running.is_open());
  CHECK(send(running, auth_sequence::initial, 1) == auth_action::restart);
  CHECK(running.package() == 1);
  CHECK(running.challenge());
  CHECK(send(running, auth_sequence::abort, 1) == auth_action::cancelled);
  CHECK(running.where() == state::idle);

  for (const auth_sequence sequence : {auth_sequence::initial, auth_sequence::subsequent}) {
    // The same package again, and the other package's line.
    auth_exchange other = asked();
    const int package = sequence == auth_sequence::initial ? 0 : 1;
    CHECK(send(other, sequence, package) == auth_action::failed);
    CHECK(other.where() == state::idle);
    CHECK(other.failures() == 1);
  }

  auth_exchange late = asked();
  CHECK(late.receive(line_of(auth_sequence::initial), {0, true, false}) == auth_action::registered);
  CHECK(late.receive(line_of(auth_sequence::initial), {0, false, true}) == auth_action::suspended);
}

TEST_CASE("Q217378: AUTH again while the host still thinks changes nothing", "[ircx]") {
  auth_exchange exchange;
  REQUIRE(send(exchange, auth_sequence::initial) == auth_action::start);
  for (int i = 0; i < 100; ++i)
    for (const auth_sequence sequence :
         {auth_sequence::initial, auth_sequence::subsequent, auth_sequence::abort})
      for (const int package : {0, 1, -1})
        REQUIRE(send(exchange, sequence, package) == auth_action::reentered);
  CHECK(exchange.where() == state::waiting_for_host);
  CHECK(exchange.failures() == 0);
  CHECK(exchange.succeed());
}

TEST_CASE("auth: an answer that nobody waits for is dropped", "[ircx]") {
  auth_exchange exchange;
  bool close = false;
  CHECK_FALSE(exchange.challenge());
  CHECK_FALSE(exchange.succeed());
  CHECK_FALSE(exchange.fail(close));
  exchange = asked();
  CHECK_FALSE(exchange.succeed());
  CHECK_FALSE(exchange.challenge());
  CHECK(exchange.fail(close)); // time is up
  CHECK_FALSE(close);
  CHECK(exchange.where() == state::idle);
}

TEST_CASE("auth: the third failure ends the connection", "[ircx]") {
  auth_exchange exchange;
  bool close = false;
  for (unsigned i = 1; i <= auth_failures_max; ++i) {
    REQUIRE(send(exchange, auth_sequence::initial) == auth_action::start);
    REQUIRE(exchange.fail(close));
    CHECK(close == (i == auth_failures_max));
  }
}

TEST_CASE("auth: an exchange has as many messages as its bound", "[ircx]") {
  auth_exchange exchange = asked();
  for (unsigned i = 2; i <= auth_messages_max; ++i) {
    REQUIRE(send(exchange, auth_sequence::subsequent) == auth_action::step);
    REQUIRE(exchange.challenge());
  }
  CHECK(send(exchange, auth_sequence::subsequent) == auth_action::failed_close);
  // Changing the package all the time is no way around it.
  exchange = asked();
  unsigned restarts = 0;
  while (send(exchange, auth_sequence::initial, restarts % 2 == 0 ? 1 : 0) ==
         auth_action::restart) {
    REQUIRE(exchange.challenge());
    REQUIRE(++restarts < auth_messages_max);
  }
  CHECK(restarts == auth_messages_max - 1);
}

TEST_CASE("auth: an exchange has as many bytes as its bound", "[ircx]") {
  const std::string half(auth_bytes_max / 2, 'x');
  auth_exchange exchange;
  REQUIRE(send(exchange, auth_sequence::initial, 0, half) == auth_action::start);
  REQUIRE(exchange.challenge());
  REQUIRE(send(exchange, auth_sequence::subsequent, 0, half) == auth_action::step);
  REQUIRE(exchange.challenge());
  CHECK(send(exchange, auth_sequence::subsequent, 0, "x") == auth_action::failed_close);
  auth_exchange first;
  CHECK(send(first, auth_sequence::initial, 0, half + half + "x") == auth_action::failed_close);
  auth_exchange full;
  CHECK(send(full, auth_sequence::initial, 0, half + half) == auth_action::start);
}

TEST_CASE("auth: every order of seven lines and answers keeps the promises", "[ircx]") {
  // I, S, *, I of another, S of another, challenge, success, failure.
  constexpr unsigned inputs = 8;
  unsigned codes = 1;
  for (int i = 0; i < 7; ++i)
    codes *= inputs;
  for (unsigned code = 0; code < codes; ++code) {
    auth_exchange exchange;
    unsigned handed = 0, answered = 0; // to the host, and by it
    bool close = false;
    for (unsigned rest = code, i = 0; i < 7; ++i, rest /= inputs) {
      const unsigned input = rest % inputs;
      const state before = exchange.where();
      if (input < 5) {
        constexpr auth_sequence sequences[] = {auth_sequence::initial, auth_sequence::subsequent,
                                               auth_sequence::abort, auth_sequence::initial,
                                               auth_sequence::subsequent};
        const auth_action action = send(exchange, sequences[input], input < 3 ? 0 : 1);
        const bool given = action == auth_action::start || action == auth_action::restart ||
                           action == auth_action::step;
        handed += given ? 1 : 0;
        // What is handed over waits for the host, and nothing is while it thinks.
        if (given !=
            (exchange.where() == state::waiting_for_host && before != state::waiting_for_host))
          FAIL("code " << code);
        if ((numeric_of(action) == 0) != given)
          FAIL("code " << code << ": neither an answer nor a step");
      } else {
        const bool taken = input == 5   ? exchange.challenge()
                           : input == 6 ? exchange.succeed()
                                        : exchange.fail(close);
        if (taken && before == state::waiting_for_host)
          ++answered;
        if (!taken && exchange.where() != before)
          FAIL("code " << code);
      }
      if (exchange.where() == state::done && before != state::done && input != 6)
        FAIL("code " << code << ": done without the host's word");
      if (answered > handed)
        FAIL("code " << code);
    }
  }
  SUCCEED();
}
