// SPDX-License-Identifier: MIT
//
// What plugins share to write files (examples/plugins/support): names of files, directories that
// are validated and locked, rotation and retention, and the thread that writes what is queued. The
// plugins that use it are tested beside this.
#include "unit/plugins/with_plugin.hpp"

#include "support/catch.hpp"
#include "support/file_writer.hpp"
#include "support/safe_name.hpp"
#include "support/timestamp.hpp"

#include <atomic>
#include <random>
#include <set>

using namespace confab::plugins;
using confab::test::scratch_directory;
using confab::test::soon;

namespace {

constexpr std::int64_t a_day = day_ns;
constexpr std::int64_t begin_ns = 1'700'000'000'000'000'000; // 2023-11-14T22:13:20Z

// A line whose making can be held up, so that a test decides when the writer goes on.
struct slow_line {
  std::int64_t unix_ns = begin_ns;
  std::string where, said;
  std::atomic<bool> *gate = nullptr;

  std::string folder() const { return where; }
  std::size_t bytes() const { return 100; }
  std::string heading(std::uint32_t style) const { return style == 1 ? "# " + where + "\n" : ""; }
  std::string rendered(std::uint32_t) const {
    while (gate && !*gate)
      std::this_thread::yield();
    return said + "\n";
  }
  std::string lost(std::uint32_t, std::uint64_t n) const {
    return "(" + std::to_string(n) + " lost from " + said + ")\n";
  }
};
using writer = file_writer<slow_line>;

std::shared_ptr<const locked_directory> locked(const std::string &path) {
  return std::make_shared<const locked_directory>(path);
}

std::string refusal(const std::string &path) {
  try {
    const locked_directory made(path);
    return {};
  } catch (const std::runtime_error &why) {
    return why.what();
  }
}

// Names of channels that people have, or would make to do harm.
std::vector<std::string> corpus() {
  std::vector<std::string> out{"",          ".",          "..",
                               "/",         "#",          "#.",
                               "#..",       "#/",         "#../x",
                               "#/../x",    "#a/b",       "#a%2fb",
                               "#a.b",      "#a~b",       "#con",
                               "nul",       "#.lock",     "#a",
                               "#A",        "#%",         "%",
                               "%%",        "%25",        "#\xc3\xa4",
                               "#\xe4",     "#a\xcc\x88", "#\xf0\x9f\x98\x80",
                               "#\xff\xfe", "#\x7f",      "#\x01"};
  for (int a = 0; a < 256; ++a) { // every byte, and every pair of them
    out.push_back({'#', static_cast<char>(a)});
    for (int b = 0; b < 256; ++b)
      out.push_back({'#', static_cast<char>(a), static_cast<char>(b)});
  }
  std::mt19937 random(7);
  for (int i = 0; i < 2000; ++i) { // long ones, that differ little and late
    std::string name(1 + random() % 200, '\xff');
    for (char &c : name)
      if (random() % 50 == 0)
        c = static_cast<char>(random() % 256);
    out.push_back(name);
  }
  for (std::size_t length = 1; length <= 200; ++length)
    for (const char c : {'a', '/', '\xe4'})
      out.push_back("#" + std::string(length, c));
  return out;
}

} // namespace

TEST_CASE("Q198820: every name has a file of its own, and the way back is exact") {
  std::set<std::string> names, folders;
  for (const std::string &name : corpus()) {
    if (!names.insert(name).second)
      continue;
    const std::string folder = folder_name(name);
    const bool cut = folder.find('~') != std::string::npos; // what is too long says so
    const bool good =
        unspelled(spelled(name)) == name && folders.insert(folder).second && folder.size() <= 255 &&
        folder.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_%~") == std::string::npos &&
        (folder == spelled(name)) != cut;
    if (!good)
      FAIL_CHECK(name << " in " << folder);
  }
  CHECK(names.size() > 66'000);
  CHECK(folder_name("#a") == "%23a");
  CHECK(folder_name("#../x") == "%23%2e%2e%2fx");
  CHECK(folder_name(std::string(200, '\xe4')).size() == 120 + 1 + 64);
  for (const char *never : {"", "#", "A", "%2", "%2g", "%2F", "%61", "a.b", "a~b", "%%", "%2e%"})
    CHECK_FALSE(unspelled(never).has_value());
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("Q242106: a directory that cannot be written to is refused, with the reason") {
  const scratch_directory at;
  CHECK(confab::test::has(refusal(""), "no absolute path"));
  CHECK(confab::test::has(refusal("\\"), "no absolute path"));
  CHECK(confab::test::has(refusal("relative/path"), "no absolute path"));
  CHECK(confab::test::has(refusal("./here"), "no absolute path"));
  std::ofstream(at.path + "/file") << "x";
  CHECK(refusal(at.path + "/file") == at.path + "/file is not a directory");
  CHECK(confab::test::has(refusal(at.path + "/file/below"), "cannot be made: Not a directory"));
  CHECK(confab::test::has(refusal("/proc/confab"), "cannot be made"));
  CHECK(confab::test::has(refusal("/proc"), "cannot be written to"));
  CHECK(confab::test::has(refusal(at.path + "/" + std::string(300, 'x')), "File name too long"));

  const auto first = locked(at.path + "/a//deep/"); // made, for its owner alone
  CHECK(first->path() == at.path + "/a/deep");
  CHECK(std::filesystem::status(first->path()).permissions() == std::filesystem::perms::owner_all);
  CHECK(refusal(at.path + "/a/deep") == at.path + "/a/deep is in use by another instance");
  CHECK(refusal(at.path + "/a/./deep/../deep") ==
        at.path + "/a/deep is in use by another instance");
  CHECK(at.files() == std::vector<std::string>{"a", "file"});
}

TEST_CASE("a small file is replaced whole, and read whole") {
  const scratch_directory at;
  const auto where = locked(at.path);
  CHECK_FALSE(where->read_file("state").has_value());
  const std::string big(100'000, 'x');
  where->replace_file("state", big);
  CHECK(where->read_file("state") == big);
  where->replace_file("state", "small");
  CHECK(where->read_file("state") == "small");
  CHECK(at.files() == std::vector<std::string>{"state"});
  std::filesystem::create_directory(at.path + "/state.new"); // in the way
  CHECK_THROWS_WITH(where->replace_file("state", "other"), Catch::Contains("Is a directory"));
  CHECK(where->read_file("state") == "small");
}

TEST_CASE("files are followed by new ones by size and by day, and go by count and by age") {
  const scratch_directory at;
  rotating_files files;
  const auto put = [&](std::int64_t ns, const std::string &text) {
    const file_line line{ns, text + "\n"};
    return files.append("f", "# head\n", {&line, 1});
  };
  rotation how{.extension = "log", .bytes_max = 20};
  files.use(at.path, how);
  CHECK(put(begin_ns, "one") == 1);
  CHECK(put(begin_ns, "two") == 1);
  CHECK(put(begin_ns, "three") == 1); // 7 + 4 + 4 + 6 is more than 20
  CHECK(at.files("f") == std::vector<std::string>{"2023-11-14.0001.log", "2023-11-14.0002.log"});
  CHECK(at.one("f/2023-11-14.0001.log") == "# head\none\ntwo\n");
  CHECK(put(begin_ns, std::string(50, 'x')) == 1); // larger than a file: alone in one
  CHECK(put(begin_ns + a_day, "next day") == 1);
  CHECK(put(begin_ns, "back") == 1); // a clock that was set back
  CHECK(at.files("f").back() == "2023-11-15.0002.log");
  CHECK(at.one("f/2023-11-15.0002.log") == "# head\nback\n");

  rotating_files again; // another run goes on with the newest
  how.bytes_max = 0;
  again.use(at.path, how);
  const file_line line{begin_ns + a_day, "on\n"};
  CHECK(again.append("f", "# head\n", {&line, 1}) == 1);
  CHECK(at.one("f/2023-11-15.0002.log") == "# head\nback\non\n");
  how.daily = false;
  again.use(at.path, how);
  const file_line later{begin_ns + 9 * a_day, "much later\n"};
  CHECK(again.append("f", "", {&later, 1}) == 1);
  CHECK(confab::test::has(at.one("f/2023-11-15.0002.log"), "much later"));
  how.extension = "jsonl"; // another form is another file
  again.use(at.path, how);
  CHECK(again.append("f", "", {&later, 1}) == 1);
  CHECK(at.files("f").back() == "2023-11-23.0001.jsonl");

  how.files_max = 2;
  how.bytes_max = 1;
  again.use(at.path, how);
  std::ofstream(at.path + "/f/mine.txt") << "not ours";
  for (int i = 0; i < 5; ++i)
    CHECK(again.append("f", "", {&later, 1}) == 1);
  CHECK(at.files("f") ==
        std::vector<std::string>{"2023-11-23.0005.jsonl", "2023-11-23.0006.jsonl", "mine.txt"});
  how.files_max = 0;
  how.age_ns_max = 7 * a_day;
  again.use(at.path, how);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const std::int64_t now_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(now).count();
  again.prune_all(now_ns + 6 * a_day);
  CHECK(at.files("f").size() == 3);
  again.prune_all(now_ns + 8 * a_day);
  CHECK(at.files("f") == std::vector<std::string>{"mine.txt"});
  CHECK(again.take_error().empty());
}

TEST_CASE("only names that rotation gives are taken for its own") {
  for (const char *name : {"2023-11-14.0001.log", "2023-11-14.12345.jsonl", "1970-01-01.0002."})
    CHECK(file_name::parse(name).value().text() == name);
  for (const char *name :
       {"", "x", "2023-11-14.log", "2023-11-14.1.log", "2023-13-14.0001.log", "2023-02-30.0001.log",
        "2023-11-14.0001", "02023-11-14.0001.log", "+2023-11-14.0001.log", "2023-11-14.-001.log"})
    CHECK_FALSE(file_name::parse(name).has_value());
}

TEST_CASE("what cannot be written is cut off whole, and told") {
  const scratch_directory at;
  rotating_files files;
  files.use(at.path, {.extension = "log"});
  std::ofstream(at.path + "/f") << "a file where a folder should be";
  const file_line line{begin_ns, "text\n"};
  CHECK(files.append("f", "", {&line, 1}) == 0);
  CHECK(confab::test::has(files.take_error(), "Not a directory"));
  CHECK(files.take_error().empty());
  std::filesystem::remove(at.path + "/f");
  CHECK(files.append("f", "", {&line, 1}) == 1);
}

TEST_CASE("a writer writes everything, in order, and at its end what is left") {
  const scratch_directory at;
  {
    writer w({locked(at.path), {.extension = "log"}, syncing::always, 1}, 1 << 20);
    for (int i = 0; i < 1000; ++i)
      CHECK(w.push({.where = i % 2 == 0 ? "even" : "odd", .said = std::to_string(i)}));
    w.drain();
    CHECK(w.stats().written_total == 1000);
    CHECK(w.push({.where = "even", .said = "last"}));
  }
  std::string even = "# even\n", odd = "# odd\n";
  for (int i = 0; i < 1000; ++i)
    (i % 2 == 0 ? even : odd) += std::to_string(i) + "\n";
  CHECK(at.text("even") == even + "last\n");
  CHECK(at.text("odd") == odd);
}

TEST_CASE("a full queue counts what it cannot keep, and the file says where it is missing") {
  const scratch_directory at;
  std::atomic<bool> gate = false;
  writer w({locked(at.path), {.extension = "log"}, syncing::never, 0}, 300);
  CHECK(w.push({.where = "f", .said = "a", .gate = &gate}));
  REQUIRE(soon([&] { return w.stats().queued_lines == 0; })); // the thread has it, and waits
  for (const char *text : {"b", "c", "d"})
    CHECK(w.push({.where = "f", .said = text}));
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 100; ++i)
    CHECK_FALSE(w.push({.where = i < 99 ? "f" : "g", .said = "e" + std::to_string(i)}));
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds(5)); // it never waited
  CHECK(w.stats().lost_total == 100);
  gate = true;
  w.drain();
  CHECK(w.push({.where = "f", .said = "after"}));
  w.drain();
  CHECK(at.text("f") == "a\nb\nc\nd\n(99 lost from e0)\nafter\n");
  CHECK(at.text("g") == "(1 lost from e99)\n");
  CHECK(w.stats().written_total == 5);
  CHECK(w.stats().lost_total == 100);
}

TEST_CASE("what a broken disk did not take is said when it takes something again") {
  const scratch_directory at;
  std::ofstream(at.path + "/f") << "a file where a folder should be";
  writer w({locked(at.path), {.extension = "log"}, syncing::second, 0}, 1 << 20);
  CHECK(w.push({.where = "f", .said = "a"}));
  CHECK(w.push({.where = "g", .said = "unharmed"}));
  w.drain();
  CHECK(w.push({.where = "f", .said = "b"}));
  w.drain();
  writer_stats is = w.stats();
  CHECK(confab::test::has(is.error, "Not a directory"));
  CHECK(is.lost_total == 2);
  CHECK(is.written_total == 1);
  std::filesystem::remove(at.path + "/f");
  CHECK(w.push({.where = "f", .said = "c"}));
  w.drain();
  CHECK(at.text("f") == "(2 lost from a)\nc\n");
  CHECK(at.text("g") == "unharmed\n");
  CHECK(w.stats().lost_total == 2);
}

TEST_CASE("a change of place or form holds from where it was made, and frees the old directory") {
  const scratch_directory a, b;
  std::atomic<bool> gate = false;
  writer w({locked(a.path), {.extension = "log"}, syncing::second, 0}, 1 << 20);
  CHECK(w.push({.where = "f", .said = "old", .gate = &gate}));
  w.change({locked(b.path), {.extension = "txt"}, syncing::second, 1}, 1 << 20);
  CHECK(w.push({.where = "f", .said = "new"}));
  CHECK(refusal(a.path) == a.path + " is in use by another instance"); // still written to
  gate = true;
  w.drain();
  CHECK(refusal(a.path).empty());
  CHECK(a.text("f") == "old\n");
  CHECK(b.text("f") == "# f\nnew\n");
  CHECK(b.files("f").front().ends_with(".txt"));
}

TEST_CASE("a writer deletes what is too old once a day") {
  const scratch_directory at;
  writer w({locked(at.path), {.extension = "log", .age_ns_max = a_day}, syncing::never, 0},
           1 << 20);
  CHECK(w.push({.where = "f", .said = "x"}));
  w.drain();
  const std::string file = at.path + "/f/2023-11-14.0001.log";
  w.at(begin_ns); // long before the file was written, by the machine's clock
  w.drain();
  CHECK(std::filesystem::exists(file));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  w.at(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count() + 2 * a_day);
  CHECK(soon([&] { return !std::filesystem::exists(file); }));
}

TEST_CASE("times in files are UTC to the millisecond") {
  CHECK(timestamp(begin_ns) == "2023-11-14T22:13:20.000Z");
  CHECK(timestamp(begin_ns + 1'999'999) == "2023-11-14T22:13:20.001Z");
  CHECK(timestamp(0) == "1970-01-01T00:00:00.000Z");
  CHECK(timestamp(951'782'400'000'000'000) == "2000-02-29T00:00:00.000Z");
}
