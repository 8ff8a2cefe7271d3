// SPDX-License-Identifier: MIT
//
// How the network cuts a client's bytes must not matter: every transcript of conformance/, fed in
// any split, gives the same bytes to every client and the same events in the same order. The splits
// are the simple ones: each feed cut once at each of its bytes, cut before every byte, and feeds
// that follow each other put together. What the transcripts say is conformance's business.
#include "support/catch.hpp"
#include "support/transcript.hpp"

#include <algorithm>

using namespace confab;

namespace {

std::vector<test::transcript> all_transcripts() {
  std::vector<test::transcript> out;
  for (const std::string &file :
       test::transcript_files(CONFAB_TESTS_DIR "/conformance/transcripts"))
    out.push_back(test::read_transcript(file));
  REQUIRE(out.size() >= 20);
  return out;
}

using pieces = std::vector<std::string_view>;

pieces by_byte(std::size_t, std::string_view bytes) {
  pieces out;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    out.push_back(bytes.substr(i, 1));
  return out;
}

// Every feed at once in one run: number `at` of the run cuts each feed behind that byte, those that
// are shorter at their middle. Feeds do not see each other's cuts, so a run for each byte of the
// longest covers every cut of every feed.
pieces behind(std::size_t at, std::string_view bytes) {
  if (bytes.size() < 2)
    return {bytes};
  const std::size_t cut = at < bytes.size() ? at : bytes.size() / 2;
  return {bytes.substr(0, cut), bytes.substr(cut)};
}

// The first difference, with some of what is before it, or empty.
std::string difference(const std::string &expected, const std::string &got) {
  if (expected == got)
    return {};
  const auto at = static_cast<std::size_t>(
      std::mismatch(expected.begin(), expected.end(), got.begin(), got.end()).first -
      expected.begin());
  const std::size_t from = at < 100 ? 0 : at - 100;
  return "expected ..." + expected.substr(from, 200) + "\n but got ..." + got.substr(from, 200);
}

std::string difference(const test::played &expected, const test::played &got) {
  for (const auto &[client, bytes] : expected.output) {
    const auto other = got.output.find(client);
    const std::string found =
        difference(bytes, other == got.output.end() ? std::string() : other->second);
    if (!found.empty())
      return client + ": " + found;
  }
  if (expected.output.size() != got.output.size())
    return "another number of clients got something";
  std::string before, after;
  for (const std::string &event : expected.events)
    before += event + "\n";
  for (const std::string &event : got.events)
    after += event + "\n";
  return difference(before, after);
}

void check_same(const test::transcript &script, const test::feeding &how, const std::string &name) {
  const test::played whole = test::play(script);
  const std::string found = difference(whole, test::play(script, how));
  INFO(script.file << ", " << name << ": " << found);
  CHECK(found.empty());
}

} // namespace

TEST_CASE("split invariance: cut once, at every byte") {
  for (const test::transcript &script : all_transcripts()) {
    const test::played whole = test::play(script);
    const std::size_t longest = *std::max_element(whole.feed_bytes.begin(), whole.feed_bytes.end());
    // Twice a line and more: behind that the places of a cut repeat themselves.
    const std::size_t end = std::min<std::size_t>(longest, 1100);
    std::string found;
    for (std::size_t at = 1; at < end && found.empty(); ++at) {
      const test::feeding how{
          [at](std::size_t, std::string_view bytes) { return behind(at, bytes); }, false, false};
      found = difference(whole, test::play(script, how));
      if (!found.empty())
        found = "cut behind byte " + std::to_string(at) + ": " + found;
    }
    INFO(script.file << ", " << found);
    CHECK(found.empty());
  }
}

TEST_CASE("split invariance: byte by byte") {
  for (const test::transcript &script : all_transcripts())
    check_same(script, {by_byte, false, false}, "byte by byte");
}

TEST_CASE("split invariance: all that one client says in one piece") {
  for (const test::transcript &script : all_transcripts())
    check_same(script, {{}, true, false}, "in one piece");
}

TEST_CASE("split invariance: in one piece, and that byte by byte") {
  for (const test::transcript &script : all_transcripts())
    check_same(script, {by_byte, true, false}, "in one piece, byte by byte");
}
