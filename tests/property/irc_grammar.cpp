// SPDX-License-Identifier: MIT
//
// Laws of the IRC grammar over generated input: parse and serialise are inverse; a parser reads
// nothing outside its input, which lies flush against unreadable pages; a written line keeps its
// limit, ends in CR LF and holds no other line end. The seed is fixed and shown on failure, so a
// failure comes again. Transcripts of whole sessions are other programs' business.
#include "proto/irc/message.hpp"
#include "proto/irc/names.hpp"
#include "text/mask.hpp"
#include "text/utf8.hpp"

#include "support/catch.hpp"
#include "support/guard_page.hpp"
#include "support/irc_atoms.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace confab;

namespace {

constexpr std::uint64_t seed = 20260101;

// Choices that are the same on every machine: the distributions of <random> are not.
class chooser {
public:
  explicit chooser(std::uint64_t from) : engine_(from) {}

  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool one_in(std::size_t n) { return below(n) == 0; }
  char from(std::string_view set) { return set[below(set.size())]; }
  char any_byte() { return static_cast<char>(below(256)); }

private:
  std::mt19937_64 engine_;
};

constexpr std::string_view letters = "abcxyzABCXYZ";

std::string word(chooser &choose, std::string_view set, std::size_t bytes_max) {
  std::string out(1 + choose.below(bytes_max), '\0');
  for (char &c : out)
    c = choose.from(set);
  return out;
}

// Any bytes that a line may hold, now and then with spaces in runs.
std::string free_text(chooser &choose, std::size_t bytes_max) {
  std::string out(choose.below(bytes_max + 1), '\0');
  for (char &c : out) {
    c = choose.one_in(4) ? choose.from(" :@;=\\") : choose.any_byte();
    if (c == '\r' || c == '\n' || c == '\0')
      c = ' ';
  }
  return out;
}

std::string middle(chooser &choose, std::size_t bytes_max) {
  std::string out = free_text(choose, bytes_max) + "x";
  std::replace(out.begin(), out.end(), ' ', '_');
  if (out.front() == ':')
    out.front() = '#';
  return out;
}

std::string utf8_text(chooser &choose, std::size_t chars_max) {
  constexpr std::string_view chars[] = {
      "a", " ", "\r", "\n", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
  std::string out;
  for (std::size_t i = choose.below(chars_max + 1); i > 0; --i)
    out += chars[choose.below(std::size(chars))];
  return out;
}

test::irc_atoms generate(chooser &choose) {
  test::irc_atoms out;
  if (choose.one_in(2))
    for (std::size_t i = choose.below(5); i > 0; --i) {
      std::string value = free_text(choose, 12);
      if (choose.one_in(4))
        value += "\r\n";
      out.tags[word(choose, "abc-./+0", 8)] = value;
    }
  if (choose.one_in(2))
    out.source = middle(choose, 30);
  out.verb = choose.one_in(3) ? std::to_string(100 + choose.below(900)) : word(choose, letters, 8);
  for (std::size_t i = choose.below(15); i > 0; --i)
    out.params.push_back(middle(choose, 10));
  if (choose.one_in(2))
    out.params.push_back(free_text(choose, 60));
  return out;
}

// Lines that are nearly right: pieces of the grammar in any order.
std::string noise(chooser &choose) {
  constexpr std::string_view pieces[] = {"@",   ":",    " ",   "  ",   "a=b;c", ";",  "=",    "\\",
                                         "\\s", "JOIN", "433", "#a,b", "n!u@h", "\t", "\xff", "x"};
  std::string out;
  for (std::size_t i = choose.below(25); i > 0; --i)
    out += pieces[choose.below(std::size(pieces))];
  if (choose.one_in(4))
    for (std::size_t i = choose.below(20); i > 0; --i)
      out.push_back(choose.any_byte());
  return out;
}

bool lies_within(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Reads everything that can be read out of a line, and checks that all of it is of the line.
bool all_parts_within(std::string_view line) {
  irc::message message;
  irc::parse(line, message);
  bool within = lies_within(message.tags, line) && lies_within(message.source, line) &&
                lies_within(message.verb, line) && message.param_count <= irc::params_max;
  for (std::size_t i = 0; i < message.param_count; ++i)
    within = within && lies_within(message.param(i), line);
  irc::tag_reader reader(message.tags);
  irc::tag tag;
  while (reader.next(tag))
    within = within && lies_within(tag.key, line) && lies_within(tag.raw_value, line);
  return within;
}

// A verb and parameters of any kind, written as far as they fit.
struct written_line {
  std::vector<std::string> params;
  std::string_view line;
  bool cut = false;
};

written_line write_any(chooser &choose, char *buffer, std::size_t size, std::size_t limit) {
  written_line out;
  irc::line_writer writer(buffer, size, limit);
  for (std::size_t i = choose.below(4); i > 0; --i) {
    // One after the other: arguments would be chosen in whatever order the compiler likes.
    const std::string key = word(choose, letters, 6);
    writer.tag(key, free_text(choose, 20) + "\r\n");
  }
  if (choose.one_in(2))
    writer.source(middle(choose, 20));
  writer.verb(word(choose, letters, 8));
  for (std::size_t i = choose.below(15); i > 0; --i) {
    out.params.push_back(middle(choose, 30));
    writer.param(out.params.back());
  }
  if (choose.one_in(2)) {
    out.params.push_back(choose.one_in(2) ? free_text(choose, 300) : utf8_text(choose, 100));
    writer.text(out.params.back());
  }
  out.line = writer.finish();
  out.cut = writer.cut();
  return out;
}

std::string_view without_tags(std::string_view line) {
  return line.substr(line.front() == '@' ? line.find(' ') + 1 : 0);
}

} // namespace

TEST_CASE("grammar: parse undoes serialise") {
  chooser choose(seed);
  for (int i = 0; i < 50000; ++i) {
    const test::irc_atoms atoms = generate(choose);
    const std::string line = test::serialise(atoms, 4096);
    irc::message message;
    CAPTURE(seed, i, line);
    REQUIRE(irc::parse(line, message) == irc::parse_result::ok);
    REQUIRE(test::to_atoms(message) == atoms);
  }
}

TEST_CASE("grammar: whatever parses can be written and read again") {
  chooser choose(seed + 1);
  int parsed = 0;
  for (int i = 0; i < 50000; ++i) {
    std::string line = noise(choose);
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; }, '.');
    irc::message message;
    if (irc::parse(line, message) != irc::parse_result::ok)
      continue;
    test::irc_atoms atoms = test::to_atoms(message);
    atoms.tags.erase("");
    CAPTURE(seed, i, line);
    irc::message again;
    const std::string written = test::serialise(atoms, 4096);
    REQUIRE(irc::parse(written, again) == irc::parse_result::ok);
    REQUIRE(test::to_atoms(again) == atoms);
    ++parsed;
  }
  // The generator has to hit good lines often enough for the law to mean something.
  CHECK(parsed > 1000);
}

TEST_CASE("grammar: a parser reads nothing outside its line") {
  chooser choose(seed + 2);
  const test::guard_page page(8192);
  for (int i = 0; i < 30000; ++i) {
    const std::string line = choose.one_in(2) ? noise(choose) : test::serialise(generate(choose));
    CAPTURE(seed, i, line);
    REQUIRE(all_parts_within(page.place_at_end(line)));
    REQUIRE(all_parts_within(page.place_at_begin(line)));
  }
}

TEST_CASE("grammar: every beginning of a line parses alike") {
  chooser choose(seed + 3);
  const test::guard_page page(8192);
  for (int i = 0; i < 300; ++i) {
    const std::string line = choose.one_in(2) ? noise(choose) : test::serialise(generate(choose));
    CAPTURE(seed, i, line);
    for (std::size_t n = 0; n <= line.size(); ++n)
      REQUIRE(all_parts_within(page.place_at_end(std::string_view(line).substr(0, n))));
  }
}

TEST_CASE("grammar: the small readers read nothing outside their input") {
  chooser choose(seed + 4);
  const test::guard_page page(4096);
  const test::guard_page mask_page(4096);
  std::size_t readings = 0;
  for (int i = 0; i < 30000; ++i) {
    const std::string bytes = choose.one_in(2) ? free_text(choose, 40) : utf8_text(choose, 20);
    const std::string_view placed = page.place_at_end(bytes);
    const std::string_view mask = mask_page.place_at_end(word(choose, "*?\\a\xc3\xa9", 6));
    CAPTURE(seed, i);
    const std::size_t cut = text::utf8_cut(placed, choose.below(50));
    REQUIRE(cut <= placed.size());
    // Cutting keeps good text good.
    REQUIRE((!text::utf8_valid(placed) || text::utf8_valid(placed.substr(0, cut))));
    REQUIRE(text::mask_match(text::casemap::rfc1459, "*", placed));
    readings += text::mask_match(text::casemap::rfc1459, mask, placed) ? 1 : 0;
    readings += irc::nick_valid(placed, 40) ? 1 : 0;
    readings += irc::channel_name_valid(placed, 40, "#") ? 1 : 0;
    readings += irc::hostname_valid(placed) ? 1 : 0;
    const irc::userhost parts = irc::split_userhost(placed);
    REQUIRE(lies_within(parts.host, placed));
  }
  CHECK(readings > 0);
}

TEST_CASE("grammar: unescaping stays within its input and undoes escaping") {
  chooser choose(seed + 5);
  const test::guard_page page(4096);
  for (int i = 0; i < 30000; ++i) {
    const std::string raw = free_text(choose, 40);
    const std::string_view placed = page.place_at_end(raw);
    char *out = page.before_end(raw.size());
    CAPTURE(seed, i, raw);
    REQUIRE(irc::tag_unescape(placed, out) <= raw.size());

    char *escaped = page.before_end(2 * raw.size());
    std::size_t used = 0;
    REQUIRE(irc::tag_escape(raw, escaped, 2 * raw.size(), used));
    REQUIRE(irc::tag_unescape({escaped, used}, escaped) == raw.size());
    REQUIRE(std::string_view(escaped, raw.size()) == raw);
  }
}

TEST_CASE("grammar: a written line keeps its limits and ends in CR LF") {
  chooser choose(seed + 6);
  const test::guard_page page(8192);
  int cuts = 0;
  for (int i = 0; i < 50000; ++i) {
    const std::size_t limit = 2 + choose.below(600);
    const std::size_t size = choose.one_in(4) ? limit : limit + choose.below(200);
    const written_line out = write_any(choose, page.before_end(size), size, limit);
    CAPTURE(seed, i, limit, size, std::string(out.line));
    cuts += out.cut ? 1 : 0;
    if (out.line.empty()) {
      REQUIRE(out.cut);
      continue;
    }
    REQUIRE(out.line.size() <= size);
    REQUIRE(without_tags(out.line).size() <= limit);
    REQUIRE(out.line.substr(out.line.size() - 2) == "\r\n");
    const std::string_view body = out.line.substr(0, out.line.size() - 2);
    REQUIRE(body.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos);
  }
  CHECK(cuts > 1000);
}

TEST_CASE("grammar: a cut line has the first parameters whole and the last one's beginning") {
  chooser choose(seed + 7);
  std::string buffer(9000, '\0');
  for (int i = 0; i < 50000; ++i) {
    const written_line out =
        write_any(choose, buffer.data(), buffer.size(), 40 + choose.below(600));
    CAPTURE(seed, i, std::string(out.line));
    if (out.line.empty())
      continue;
    irc::message message;
    REQUIRE(irc::parse(out.line.substr(0, out.line.size() - 2), message) == irc::parse_result::ok);
    REQUIRE(message.param_count <= out.params.size());
    REQUIRE((out.cut || message.param_count == out.params.size()));
    for (std::size_t p = 0; p < message.param_count; ++p) {
      std::string sent = out.params[p];
      std::replace_if(
          sent.begin(), sent.end(), [](char c) { return c == '\r' || c == '\n'; }, ' ');
      const bool last = p + 1U == message.param_count;
      const std::string_view got = message.param(p);
      REQUIRE(got == std::string_view(sent).substr(0, last && out.cut ? got.size() : sent.size()));
      REQUIRE((!text::utf8_valid(sent) || text::utf8_valid(got)));
    }
  }
}
