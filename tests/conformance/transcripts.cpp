// SPDX-License-Identifier: MIT
//
// Plays every transcript in conformance/transcripts (its README says what the form is) and holds
// the engine to each line. Then it asks whether the transcripts are complete: every verb, numeric
// and refusal that the code knows must have been seen. What cannot be seen is listed here with the
// reason, and a reason that is no longer true fails as well.
#include "support/catch.hpp"
#include "support/transcript_player.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>

using namespace confab;

namespace {

const std::string folder = CONFAB_TESTS_DIR "/conformance/transcripts";
const std::string library = CONFAB_TESTS_DIR "/../lib";

std::string source_of(const std::string &path) {
  std::ifstream in(library + "/" + path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What the first group of the pattern finds in a source, all over.
std::set<std::string> found_in(const std::string &path, const std::string &pattern) {
  const std::string text = source_of(path);
  const std::regex wanted(pattern);
  std::set<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), wanted), end; at != end; ++at)
    out.insert((*at)[1].str());
  return out;
}

// All that the transcripts said and saw.
struct seen {
  std::set<std::string> verbs, numerics, refusals;
};

void collect_words(const std::string &bytes, std::size_t which, std::set<std::string> &out) {
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find_first_of("\r\n", at), bytes.size());
    std::string line = bytes.substr(at, end - at);
    at = end + 1;
    if (line.starts_with('@')) // tags stand before the source
      line.erase(0, std::min(line.find(' '), line.size() - 1) + 1);
    const std::size_t first = which == 0 || !line.starts_with(':') ? 0 : line.find(' ') + 1;
    out.insert(line.substr(first, line.find(' ', first) - first));
  }
}

seen look() {
  seen out;
  for (const std::string &file : test::transcript_files(folder)) {
    const test::transcript script = test::read_transcript(file);
    for (const test::step &s : script.steps)
      if (s.kind == test::step_kind::feed)
        collect_words(s.text, 0, out.verbs);
    const test::played played = test::play(script);
    for (const auto &[client, bytes] : played.output)
      collect_words(bytes, 1, out.numerics);
    for (const std::uint32_t code : played.refusals)
      out.refusals.insert(std::string(test::refusal_name(code)));
  }
  return out;
}

void check_complete(const std::set<std::string> &known, const std::set<std::string> &met) {
  REQUIRE(!known.empty());
  for (const std::string &word : known) {
    INFO(word << " is in no transcript, and needs one");
    CHECK(met.count(word) != 0);
  }
}

} // namespace

TEST_CASE("transcripts: the engine does what each of them says") {
  const std::vector<std::string> files = test::transcript_files(folder);
  REQUIRE(files.size() >= 20);
  for (const std::string &file : files) {
    const test::transcript script = test::read_transcript(file);
    const test::played played = test::play(script);
    std::string problems;
    for (const std::string &problem : played.problems)
      problems += "\n  " + problem;
    INFO(script.title << problems);
    CHECK(problems.empty());
  }
}

TEST_CASE("transcripts: every verb is in one") {
  const auto known = found_in("session/irc/dialect.cpp", R"re(verb\{"([A-Z]+)")re");
  check_complete(known, look().verbs);
}

TEST_CASE("transcripts: every numeric is in one") {
  const auto known = found_in("proto/irc/numerics.hpp", R"re(_[A-Z0-9]+ = (\d+))re");
  std::set<std::string> padded;
  for (const std::string &number : known)
    padded.insert(std::string(3 - number.size(), '0') + number);
  check_complete(padded, look().numerics);
}

TEST_CASE("transcripts: every numeric of IRCX is in one") {
  // Those that are never sent, though clients know them: a host replaces a key that is set (spec
  // ircx §7.2), and a command or option that there is not is 421 here, as everywhere else.
  const std::set<std::string> never{"467", "554", "555"};
  auto known = found_in("proto/ircx/numerics.hpp", R"re(_[A-Z]+ = (\d+))re");
  const std::set<std::string> met = look().numerics;
  for (const std::string &number : never) {
    CHECK(known.erase(number) == 1);
    CHECK(met.count(number) == 0);
  }
  check_complete(known, met);
}

TEST_CASE("transcripts: every refusal that has a numeric is in one") {
  const auto known = found_in("session/irc/refusals.cpp", R"re(row\{CONFAB_REFUSED_([A-Z_]+))re");
  check_complete(known, look().refusals);
}

TEST_CASE("transcripts: the player finds what is wrong") {
  CHECK(test::line_matches("{any} 353 {word} = #x :{any}", ":s 353 a = #x :@a b"));
  CHECK(test::line_matches("a {number}", "a 17"));
  CHECK_FALSE(test::line_matches("a {number}", "a 1x"));
  CHECK_FALSE(test::line_matches("{word}", "a b"));
  CHECK(test::line_matches("{x} {", "{x} {"));

  using test::step_kind;
  const auto problems_of = [](std::vector<test::step> steps) {
    return test::play({"inline", "inline", {}, std::move(steps)}).problems.size();
  };
  const test::step ping{step_kind::feed, 1, "a", "PING :x\r\n"};
  const std::string pong = ":confab.local PONG confab.local :x";
  CHECK(problems_of({ping, {step_kind::expect, 2, "a", pong}}) == 0);
  CHECK(problems_of({ping}) == 1);                                       // left over
  CHECK(problems_of({ping, {step_kind::nothing, 2, "a", ""}}) == 2);     // it is something
  CHECK(problems_of({ping, {step_kind::expect, 2, "a", "other"}}) == 1); // another line
  CHECK(problems_of({ping, {step_kind::anything, 2, "a", ""}, {step_kind::expect, 3, "a", pong}}) ==
        1); // nothing left
  CHECK(problems_of(
            {ping, {step_kind::anything, 2, "a", ""}, {step_kind::closed, 3, "a", "{any}"}}) ==
        1); // it is open
  CHECK(problems_of(
            {ping, {step_kind::anything, 2, "a", ""}, {step_kind::event, 3, "", "JOIN {any}"}}) ==
        1); // no such event
}
