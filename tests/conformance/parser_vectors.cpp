// SPDX-License-Identifier: MIT
//
// Runs every case of the public parser vectors (conformance/parser-tests; its README says where
// they come from and what a case demands). The number of cases of each file is fixed here, so that
// a file that was cut or half read fails. What the vectors leave open is tested in unit/.
#include "proto/irc/message.hpp"
#include "proto/irc/names.hpp"
#include "text/mask.hpp"

#include "support/catch.hpp"
#include "support/irc_atoms.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace confab;

namespace {

using strings = std::vector<std::string>;

YAML::Node cases_of(const std::string &file, std::size_t count) {
  const YAML::Node cases =
      YAML::LoadFile(CONFAB_TESTS_DIR "/conformance/parser-tests/" + file)["tests"];
  REQUIRE(cases.IsSequence());
  REQUIRE(cases.size() == count);
  return cases;
}

test::irc_atoms atoms_of(const YAML::Node &node) {
  test::irc_atoms out;
  if (node["tags"])
    for (const auto &tag : node["tags"])
      out.tags[tag.first.as<std::string>()] = tag.second.as<std::string>();
  out.source = node["source"].as<std::string>("");
  out.verb = node["verb"].as<std::string>("");
  if (node["params"])
    out.params = node["params"].as<strings>();
  return out;
}

void check_equal(const test::irc_atoms &actual, const test::irc_atoms &expected) {
  CHECK(actual.tags == expected.tags);
  CHECK(actual.source == expected.source);
  CHECK(actual.verb == expected.verb);
  CHECK(actual.params == expected.params);
}

test::irc_atoms parsed(const std::string &line) {
  irc::message message;
  CHECK(irc::parse(line, message) == irc::parse_result::ok);
  return test::to_atoms(message);
}

} // namespace

TEST_CASE("parser vectors: msg-split") {
  for (const auto &vector : cases_of("msg-split.yaml", 35)) {
    const auto input = vector["input"].as<std::string>();
    INFO(input);
    check_equal(parsed(input), atoms_of(vector["atoms"]));
  }
}

TEST_CASE("parser vectors: msg-join") {
  std::size_t lines = 0;
  for (const auto &vector : cases_of("msg-join.yaml", 18)) {
    INFO(vector["desc"].as<std::string>());
    const test::irc_atoms atoms = atoms_of(vector["atoms"]);
    const strings matches = vector["matches"].as<strings>();
    lines += matches.size();
    const std::string line = test::serialise(atoms);
    INFO(line);
    CHECK(std::count(matches.begin(), matches.end(), line) == 1);
    for (const std::string &match : matches)
      check_equal(parsed(match), atoms);
  }
  CHECK(lines == 26);
}

TEST_CASE("parser vectors: userhost-split") {
  for (const auto &vector : cases_of("userhost-split.yaml", 7)) {
    const auto source = vector["source"].as<std::string>();
    INFO(source);
    const irc::userhost actual = irc::split_userhost(source);
    const YAML::Node atoms = vector["atoms"];
    CHECK(actual.nick == atoms["nick"].as<std::string>(""));
    CHECK(actual.user == atoms["user"].as<std::string>(""));
    CHECK(actual.host == atoms["host"].as<std::string>(""));
  }
}

TEST_CASE("parser vectors: mask-match") {
  std::size_t matching = 0, failing = 0;
  for (const auto &vector : cases_of("mask-match.yaml", 6)) {
    const auto mask = vector["mask"].as<std::string>();
    INFO(mask);
    for (const text::casemap map : {text::casemap::ascii, text::casemap::rfc1459}) {
      for (const auto &name : vector["matches"].as<strings>()) {
        INFO(name);
        CHECK(text::mask_match(map, mask, name));
        ++matching;
      }
      for (const auto &name : vector["fails"].as<strings>()) {
        INFO(name);
        CHECK_FALSE(text::mask_match(map, mask, name));
        ++failing;
      }
    }
  }
  CHECK(matching == 2 * 14);
  CHECK(failing == 2 * 12);
}

TEST_CASE("parser vectors: validate-hostname") {
  for (const auto &vector : cases_of("validate-hostname.yaml", 19)) {
    const auto host = vector["host"].as<std::string>();
    INFO("host '" << host << "'");
    CHECK(irc::hostname_valid(host) == vector["valid"].as<bool>());
  }
}
