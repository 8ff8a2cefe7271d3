// SPDX-License-Identifier: MIT
//
// The frames of conformance/mic, from the specification and from a recorded session: what a client
// sends is decoded by the library and built again by the tests' client, what the server sends is
// read by the tests' client and encoded again by the library, byte for byte. The session is also
// played as a whole, and the client must have nothing to complain about.
#include "proto/mic/probe.hpp"
#include "wire/length_framer.hpp"

#include "support/catch.hpp"
#include "support/mic_client.hpp"
#include "support/mic_recode.hpp"

#include <fstream>
#include <map>
#include <memory_resource>
#include <set>

using namespace confab;

namespace {

struct vector_line {
  char who = ' ';
  bool from_client = false;
  std::string bytes;
};

// `WHO>` or `WHO<` and hex; indented lines go on, `#` begins a comment.
std::vector<vector_line> read_vectors(const std::string &file) {
  std::ifstream in(CONFAB_TESTS_DIR "/conformance/mic/" + file);
  REQUIRE(in.good());
  std::vector<vector_line> out;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#')
      continue;
    std::size_t at = line.find_first_of("<>");
    if (line[0] != ' ') {
      out.push_back({at > 0 ? line[0] : ' ', line.at(at) == '>', {}});
      line.erase(0, at + 1);
    }
    std::size_t used = 0;
    for (; line.find_first_not_of(' ') != line.npos; line.erase(0, used))
      out.back().bytes.push_back(static_cast<char>(std::stoi(line, &used, 16)));
  }
  return out;
}

bool is_text(const vector_line &line) { return line.bytes.back() == '\n'; }

void check_frame(const vector_line &line) {
  CAPTURE(line.from_client, static_cast<int>(line.bytes[0]), line.bytes.size());
  const mic::header head = mic::read_header(line.bytes);
  const mic::kind_row *row = mic::find_kind(head.type);
  REQUIRE(row);
  CHECK(row->from == (line.from_client ? mic::sender::client : mic::sender::server));
  CHECK(line.bytes.size() >= row->bytes_least);
  if (line.from_client) {
    mic::client_message message;
    REQUIRE(mic::decode(line.bytes, message) == mic::malformed::no);
    CHECK(test::rebuilt(message, head.wide()) == line.bytes);
  } else {
    test::mic_event event;
    REQUIRE(test::read_event(line.bytes, event) == "");
    CHECK(test::reencoded(event) == line.bytes);
  }
}

} // namespace

TEST_CASE("mic: the session of the specification, both ways, byte for byte", "[mic]") {
  const std::vector<vector_line> lines = read_vectors("session.txt");
  CHECK(lines.size() == 32);
  std::size_t texts = 0;
  for (const vector_line &line : lines) {
    if (!is_text(line)) {
      check_frame(line);
      continue;
    }
    ++texts;
    if (line.from_client) {
      CHECK(line.bytes == test::mic_client::probe());
      CHECK(mic::is_probe(std::string_view(line.bytes).substr(0, line.bytes.size() - 2)));
    } else {
      std::array<char, 64> out;
      CHECK(mic::write_probe_answer(true, {}, out) == line.bytes);
    }
  }
  CHECK(texts == 4);
}

TEST_CASE("mic: the frames of a recorded session, both ways, byte for byte", "[mic]") {
  const std::vector<vector_line> lines = read_vectors("observed.txt");
  CHECK(lines.size() == 57);
  std::set<int> kinds;
  for (const vector_line &line : lines) {
    check_frame(line);
    kinds.insert(static_cast<unsigned char>(line.bytes[0]));
  }
  CHECK(kinds.size() == 30);
}

TEST_CASE("mic: the session played to two clients leaves them with the same channel", "[mic]") {
  std::map<char, test::mic_client> clients;
  std::map<char, std::string> by_itself;
  for (const vector_line &line : read_vectors("session.txt")) {
    test::mic_client &client = clients[line.who];
    if (line.from_client) { // what the client sends unasked is in the session too
      const std::size_t at = by_itself[line.who].find(line.bytes);
      if (at != std::string::npos)
        by_itself[line.who].erase(at, line.bytes.size());
      continue;
    }
    if (line.bytes[0] == 0x22 && line.bytes[1] == 0)
      continue; // the wide variant stands behind the session, and Bob has left
    by_itself[line.who] += client.feed(line.bytes);
  }
  for (const char who : {'A', 'B'}) {
    INFO(who);
    CHECK(by_itself[who] == "");
    CHECK(clients[who].trouble() == std::vector<std::string>{});
    CHECK(clients[who].queries_waiting() == 0);
  }
  const test::mic_channel *channel = clients['A'].channel("#test");
  REQUIRE(channel);
  CHECK(channel->own_mid == 0x20010);
  CHECK(channel->topic == "Hello");
  CHECK(channel->members.size() == 1);
  CHECK(clients['A'].uid() == 0x30010);
  CHECK(clients['B'].channel("#test") == nullptr);
}

TEST_CASE("mic: one stream of frames comes out of the framer as the same frames", "[mic]") {
  std::string stream;
  std::vector<std::string> wanted;
  for (const std::string file : {"session.txt", "observed.txt"})
    for (const vector_line &line : read_vectors(file))
      if (line.from_client && !is_text(line)) {
        wanted.push_back(line.bytes);
        stream += line.bytes;
      }
  for (std::size_t step = 1; step <= 200; ++step) {
    wire::length_framer framer;
    std::vector<std::string> got;
    auto &memory = *std::pmr::new_delete_resource();
    for (std::size_t at = 0; at < stream.size(); at += step) {
      const std::string piece = stream.substr(at, step);
      std::string_view fresh = piece, frame;
      while (framer.next(memory, fresh, mic::frame_bytes_max, frame) == wire::framed::whole)
        got.emplace_back(frame);
      framer.keep(memory, fresh);
    }
    framer.clear(memory);
    INFO("pieces of " << step);
    CHECK(got == wanted);
  }
}
