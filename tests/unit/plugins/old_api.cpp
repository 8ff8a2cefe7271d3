// SPDX-License-Identifier: MIT
//
// "The old API, mapped", in examples/plugins/README.md: the table is read here, and each row that
// does not say that there is none is exercised. A row without an exercise fails, and so does an
// exercise without a row.

#include "unit/plugins/old_api.hpp"

#include <map>
#include <set>

using namespace confab::test;

namespace {

struct table {
  std::vector<std::string> there, missing; // names of rows
  std::map<std::string, unsigned> counts;  // by what stands before the dot
};

// Rows are `| `Name` | what |`; other lines are not.
table read_table() {
  table out;
  std::ifstream file(CONFAB_TESTS_DIR "/../examples/plugins/README.md");
  bool inside = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## "))
      inside = line == "## The old API, mapped";
    if (!inside || !line.starts_with("| `"))
      continue;
    const std::size_t end = line.find('`', 3), cell = line.find("| ", end);
    const std::string name = line.substr(3, end - 3);
    const bool missing = line.substr(cell + 2).starts_with("none: ");
    (missing ? out.missing : out.there).push_back(name);
    ++out.counts[name.substr(0, name.find('.'))];
  }
  return out;
}

} // namespace

TEST_CASE("the old API: every callback, method and property has its row") {
  table t = read_table();
  CHECK(t.counts["Extension"] == 7); // 6 and the property Name
  CHECK(t.counts["Server"] == 6);
  CHECK(t.counts["Channel"] == 7);
  CHECK(t.counts["User"] == 10);
  CHECK(t.counts["Registrar"] == 3);
  CHECK(t.counts["ChatUser"] == 27); // 22 properties, Close of two kinds, two methods, and Channels
  CHECK(t.counts["ChatChannel"] == 30);
  std::set<std::string> names(t.there.begin(), t.there.end());
  names.insert(t.missing.begin(), t.missing.end());
  CHECK(names.size() == t.there.size() + t.missing.size());
}

TEST_CASE("the old API: every row that is there is exercised") {
  std::map<std::string, void (*)()> exercises;
  for (const auto &rows :
       {old_extension(), old_callbacks(), old_objects(), old_users(), old_channels()})
    for (const old_row &row : rows)
      CHECK(exercises.emplace(row.name, row.exercise).second);
  const table t = read_table();
  for (const std::string &name : t.there) {
    INFO(name);
    const auto found = exercises.find(name);
    if (found == exercises.end()) {
      FAIL_CHECK("no exercise");
      continue;
    }
    found->second();
    exercises.erase(found);
  }
  for (const auto &[name, exercise] : exercises) {
    INFO(name);
    FAIL_CHECK("no such row, or it says that there is none");
  }
}
