// SPDX-License-Identifier: MIT
//
// confabd's log: a line for each event in both forms, levels, and that nobody can forge a line by
// the text they choose.
#include "support/catch.hpp"

#include "log.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>

using namespace confabd;

namespace {

// A log in a file of its own.
struct logged {
  std::string file =
      std::filesystem::temp_directory_path() / ("confabd-log-test-" + std::to_string(getpid()));
  logger log;

  logged(log_level level, log_format format) {
    std::remove(file.c_str());
    REQUIRE(log.configure({level, format, file}).empty());
  }
  ~logged() { std::remove(file.c_str()); }

  // What was written, without the time that each line begins with.
  std::string text() const {
    std::ifstream stream(file);
    std::ostringstream out;
    for (std::string line; std::getline(stream, line);) {
      out << (line.starts_with('{') ? line.substr(line.find("\"level\"")) : line.substr(25))
          << '\n';
    }
    return out.str();
  }
};

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text);
  return out;
}

} // namespace

TEST_CASE("confabd: a line as text") {
  logged l(log_level::info, log_format::text);
  l.log.write(log_level::info, "conn.connected",
              {{"conn", log_id{0x1a2b}},
               {"address", "::1"},
               {"count", std::uint64_t{7}},
               {"reason", "two words"},
               {"empty", ""}});
  CHECK(l.text() ==
        "info conn.connected conn=1a2b address=::1 count=7 reason=\"two words\" empty=\"\"\n");
}

TEST_CASE("confabd: a line as JSON") {
  logged l(log_level::info, log_format::json);
  l.log.write(log_level::warning, "x.y",
              {{"conn", log_id{255}}, {"count", std::uint64_t{7}}, {"text", "a \"b\" \\ c"}});
  CHECK(l.text() == "\"level\":\"warning\",\"event\":\"x.y\",\"conn\":\"ff\",\"count\":7,"
                    "\"text\":\"a \\\"b\\\" \\\\ c\"}\n");
}

TEST_CASE("confabd: what is below the level is not written") {
  logged l(log_level::warning, log_format::text);
  l.log.write(log_level::debug, "a", {});
  l.log.write(log_level::info, "b", {});
  l.log.write(log_level::warning, "c", {});
  l.log.write(log_level::error, "d", {});
  CHECK(l.text() == "warning c\nerror d\n");
}

TEST_CASE("confabd: a value cannot end its line or its quotes") {
  logged l(log_level::info, log_format::text);
  l.log.write(log_level::info, "a", {{"x", "1\n2026 info forged y=\"2\""}, {"z", "k=v"}});
  CHECK(l.text() == "info a x=\"1\\u000a2026 info forged y=\\\"2\\\"\" z=\"k=v\"\n");
}

TEST_CASE("confabd: escapes leave UTF-8 alone and replace what is none") {
  CHECK(escaped("h\u00e9 \u20ac \U0001f600") == "h\u00e9 \u20ac \U0001f600");
  CHECK(escaped("\xff") == "\\ufffd");
  CHECK(escaped("a\xc3") == "a\\ufffd");
  CHECK(escaped("\xc0\xaf") == "\\ufffd\\ufffd");                       // overlong
  CHECK(escaped("\xed\xa0\x80") == "\\ufffd\\ufffd\\ufffd");            // surrogate
  CHECK(escaped("\xf4\x90\x80\x80") == "\\ufffd\\ufffd\\ufffd\\ufffd"); // beyond U+10FFFF
  CHECK(escaped(std::string_view("\0\x1b\x7f", 3)) == "\\u0000\\u001b\\u007f");
}

TEST_CASE("confabd: a log file that cannot be opened leaves the log as it is") {
  logged l(log_level::info, log_format::text);
  CHECK_FALSE(l.log.configure({log_level::error, log_format::json, "/dev/null/x.log"}).empty());
  l.log.write(log_level::info, "still.here", {});
  CHECK(l.text() == "info still.here\n");
}
