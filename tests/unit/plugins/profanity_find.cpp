// SPDX-License-Identifier: MIT
//
// The inside of the profanity filter: how texts fold, what entries match and where, and that a list
// is never half changed. What the plugin does in an engine is in profanity.cpp.

#include "profanity/commands.hpp"

#include "support/catch.hpp"

#include <algorithm>
#include <random>

using namespace profanity;

namespace {

// Marks are shown as bars.
std::string folds(std::string_view text, bool look_alikes = true) {
  folded out;
  folding::get(look_alikes).fold(text, true, true, out);
  CHECK(out.begin.size() == out.text.size());
  CHECK(out.end.size() == out.text.size());
  for (std::size_t i = 0; i < out.text.size(); ++i) {
    CHECK(out.begin[i] <= out.end[i]);
    CHECK(out.end[i] <= text.size());
  }
  std::replace(out.text.begin(), out.text.end(), mark, '|');
  return out.text;
}

// What an entry finds, with a slash between; or what is wrong with it.
std::string finds(entry_kind kind, std::string_view text, std::string_view in) {
  const folding &with = folding::get(true);
  std::string why;
  const entry e{kind, std::string(text)};
  auto compiled = compile(with, e, why);
  if (!compiled)
    return why;
  const auto made = matcher::make({{e, compiled}});
  folded_text form(with);
  form.set(in);
  std::vector<found> places;
  made->find(form, places);
  std::string out;
  for (const found &place : places)
    out += (out.empty() ? "" : "/") + std::string(in.substr(place.begin, place.end - place.begin));
  return out;
}

std::string word(std::string_view text, std::string_view in) {
  return finds(entry_kind::word, text, in);
}
std::string wild(std::string_view text, std::string_view in) {
  return finds(entry_kind::wildcard, text, in);
}

} // namespace

TEST_CASE("folding: what looks the same becomes the same") {
  CHECK(folds("Hello, World") == "|hello|,| |world|");
  for (const char *same : {
           "darn", "DARN", "dArN",
           "\xef\xbd\x84\xef\xbd\x81\xef\xbd\x92\xef\xbd\x8e", // full width
           "d\xd0\xb0rn",                                      // Cyrillic a
           "d\xce\xb1rn",                                      // Greek alpha
           "d\xc3\xa1r\xc5\x84",                               // accents
           "da\xcc\x81\xcc\xa3rn",                             // combining ones
           "d\xe2\x80\x8b"
           "a\xe2\x80\x8dr\xc2\xadn\xef\xbb\xbf", // what cannot be seen
           "d\x02"
           "ar\x0fn",
           "d\x03"
           "04,12arn",
           "d\x04"
           "ff0000arn",                                                        // formatting
           "\xf0\x9d\x93\xad\xf0\x9d\x93\xaa\xf0\x9d\x93\xbb\xf0\x9d\x93\xb7", // script letters
           "\xe2\x93\x93\xe2\x93\x90\xe2\x93\xa1\xe2\x93\x9d",                 // in circles
           "\xf0\x9f\x85\xb3\xf0\x9f\x85\xb0\xf0\x9f\x86\x81\xf0\x9f\x85\xbd", // in black squares
           "\xe1\xb4\x85\xe1\xb4\x80\xca\x80\xc9\xb4",                         // small capitals
       }) {
    INFO(same);
    CHECK(folds(same) == "|darn|");
  }
  CHECK(folds("  a \t b ") == " |a| |b| ");
  CHECK(folds("f**k") == "|f|*|*|k|");
  CHECK(folds("_a_") == "|_|a|_|");
  CHECK(folds("\xe6\x93\x8d\xe4\xbd\xa0") == "|\xe6\x93\x8d|\xe4\xbd\xa0|");
  CHECK(folds("\xd0\x96\xd0\xb8\xd0\xb2") == folds("\xd0\xb6\xd0\x98\xd0\x92"));
  CHECK(folds("d\xd0\xb0rn", false) == "|d\xd0\xb0rn|");
  CHECK(folds("D\xc3\x81RN", false) == "|darn|");
  CHECK(folds("a\xff"
              "b\xc3") == "|a|\xef\xbf\xbd|b|\xef\xbf\xbd|");
  CHECK(folds("") == "");
  CHECK(folds("\x03") == "");
  CHECK(folds("clock ILl 1") == "|clock| |ill| |1|"); // ASCII stays what it is
}

TEST_CASE("folding is its own fixed point, whatever the bytes") {
  std::mt19937 random(20260101);
  const char *pieces[] = {"a",
                          "\xd0\xb0",
                          "\xcc\x81",
                          " ",
                          "\x03"
                          "12",
                          "*",
                          "\xe6\x93\x8d",
                          "\xff",
                          "\xe2\x80\x8b",
                          "\xef\xbd\x81",
                          "\xf0\x9f\x98\x80",
                          "_",
                          "\xe0\xa4\x95\xe0\xa5\x8d"};
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto i = random() % 12; i > 0; --i)
      text += pieces[random() % std::size(pieces)];
    folded once, twice;
    folding::get(true).fold(text, false, false, once);
    folding::get(true).fold(once.text, false, false, twice);
    CHECK(once.text == twice.text);
    folds(text);
  }
}

TEST_CASE("leet is read within words that have letters, and nowhere else") {
  const auto reads = [](std::string text, char one = 'i') {
    read_leet(text, one);
    return text;
  };
  CHECK(reads("d4rn") == "darn");
  CHECK(reads("$h1t") == "shit");
  CHECK(reads("sh!t!") == "shit!");
  CHECK(reads("s1ut", 'l') == "slut");
  CHECK(reads("1337 at 8:45, 100$ wow!!!") == "1337 at 8:45, 100$ wow!!!");
  CHECK(reads("d\x02"
              "4rn") == "d\x02"
                        "arn");
}

TEST_CASE("plain words are matched whole, and literally") {
  CHECK(word("darn", "Darn it, DARN!") == "Darn/DARN");
  CHECK(word("darn", "darnel undarn darns") == "");
  CHECK(word("darn", "you-darn_fool") == "darn");
  CHECK(word("ass", "ass ass") == "ass/ass");
  CHECK(word("f**k", "f**k fork f*k") == "f**k");
  CHECK(word("what?", "what? what!") == "what?");
  CHECK(word("kill  you", "I kill\t you") == "kill\t you");
  CHECK(word("kill you", "killyou") == "");
  CHECK(word("\xe6\x93\x8d\xe4\xbd\xa0", "\xe9\xaa\x82\xe6\x93\x8d\xe4\xbd\xa0\xe5\xa6\x88") ==
        "\xe6\x93\x8d\xe4\xbd\xa0");
  CHECK(word("d\xd0\xb0rn", "darn") == "darn"); // lists fold, too
  CHECK(word("darn", "d\xcc\xa3"
                     "arn\xcc\xa3!") == "d\xcc\xa3"
                                        "arn\xcc\xa3");
  CHECK(word("\xe2\x80\x8b", "x") == "nothing is left of it that could be matched");
}

TEST_CASE("wildcard expressions: runs, one character, classes") {
  CHECK(wild("*darn*", "undarned, (darn)") == "undarned,/(darn)");
  CHECK(wild("darn*", "darning undarn") == "darning");
  CHECK(wild("*darn", "undarn darning") == "undarn");
  CHECK(wild("d*n", "don damn dn d n") == "don/damn/dn");
  CHECK(wild("d?rn", "darn d*rn d-rn drn daarn") == "darn/d*rn/d-rn");
  CHECK(wild("?ass", "bass ass embass $ass") == "bass/$ass");
  CHECK(wild("[bg]ad", "bad gad mad") == "bad/gad");
  CHECK(wild("[a-c]x", "ax bx cx dx") == "ax/bx/cx");
  CHECK(wild("[A-C]x", "ax Bx") == "ax/Bx");
  CHECK(wild("[^a]x", "ax bx *x") == "bx/*x");
  CHECK(wild("[$s]hit", "$hit shit xshit chit") == "$hit/shit");
  CHECK(wild("[*]x", "*x ax") == "*x");
  CHECK(wild("a[-b]c", "a-c abc axc") == "a-c/abc");
  CHECK(wild("[\xc3\xa9]a", "ea \xc3\x89"
                            "a") == "ea/\xc3\x89"
                                    "a");
}

TEST_CASE("bad expressions are refused, by RE2 in its own words") {
  CHECK(wild("[d-a]x", "") == "invalid character class range: d-a");
  CHECK(wild("[ab", "").starts_with("missing ]"));
  CHECK(wild("[]", "").starts_with("missing ]"));
  CHECK(wild("[\xe2\x80\x8b]", "") == "'\xe2\x80\x8b' cannot be in a class");
  CHECK(wild("[\xc3\x9f]", "") == "'\xc3\x9f' cannot be in a class"); // ss
  CHECK(wild("***", "") == "nothing is left of it that could be matched");
  const auto own = [](std::string_view text, std::string_view in = "") {
    return finds(entry_kind::expression, text, in);
  };
  CHECK(own("(x") == "missing ): (x");
  CHECK(own("x**") == "bad repetition operator: **");
  CHECK(own("x{2000}") == "invalid repetition size: {2000}");
  CHECK(own("(?:(?:a{100}){10}b{90}){90}c").find("repetition") != std::string::npos);
  CHECK(own("(\\pL{200}\\pN{200}){2}") == "pattern too large - compile failed");
  CHECK(own("x*") == "it matches the empty text");
  CHECK(own("\\bb[a4]+d\\b", "BAD, b444d; abad") == "BAD/b444d");
  CHECK(own("D\xd0\x90RN", "darn") == "darn");
}

TEST_CASE("many entries: each is found, and where") {
  const folding &with = folding::get(true);
  std::vector<matcher::compiled> entries;
  std::string why;
  for (int i = 0; i < 1000; ++i) {
    const entry e{i % 3 == 0 ? entry_kind::wildcard : entry_kind::word,
                  "w" + std::to_string(i) + (i % 3 == 0 ? "a*x" : "y")};
    entries.push_back({e, compile(with, e, why)});
    REQUIRE(entries.back().expression);
  }
  const auto made = matcher::make(entries);
  REQUIRE(made);
  folded_text form(with);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const std::string hit = "w" + std::to_string(i) + (i % 3 == 0 ? "azzx" : "y");
    const std::string text = "so, " + hit + "!";
    form.set(text);
    std::vector<found> places;
    REQUIRE(made->find(form, places));
    REQUIRE(places.size() == 1);
    CHECK(places[0].entry == i);
    CHECK(text.substr(places[0].begin, places[0].end - places[0].begin) == hit);
  }
  form.set("so, w5 w5yy ww5y!");
  std::vector<found> places;
  CHECK_FALSE(made->find(form, places));
}

TEST_CASE("a list takes so many entries and no more, and a refused change changes nothing") {
  book b(true);
  std::vector<entry> entries;
  for (std::size_t i = 0; i < entries_per_list_max; ++i)
    entries.push_back({entry_kind::word, "w" + std::to_string(i)});
  REQUIRE(b.add_entries("default", false, entries) == "");
  CHECK(b.add_entries("default", false, {{entry_kind::word, "one-more"}}) != "");
  CHECK(b.remove_entry("default", false, {entry_kind::word, "w17"}) == "");
  CHECK(b.add_entries("default", false, {{entry_kind::word, "fits"}, {entry_kind::word, "not"}}) !=
        "");
  CHECK(b.add_entries("default", false, {{entry_kind::expression, "(bad"}}) ==
        "'(bad': missing ): (bad");
  CHECK(b.find("default")->bad->entries().size() == entries_per_list_max - 1);
  CHECK(b.add_entries("default", false, {{entry_kind::word, "fits"}}) == "");
  CHECK(b.find("default")->bad->entries().size() == entries_per_list_max);

  for (std::size_t i = 1; i < lists_max; ++i)
    REQUIRE(b.add_list("l" + std::to_string(i), {}) == "");
  CHECK(b.add_list("more", {}) == "there are 64 lists already");
  CHECK(b.add_list("l1", {}) == "there is a list 'l1' already");
  CHECK(b.remove_list("l1") == "");
  CHECK(b.add_list("no name", {}) != "");
  CHECK(b.add_list(std::string(33, 'x'), {}) != "");
  CHECK(b.add_list("", {}) != "");
  CHECK(b.remove_list("default") == "the default list stays");
  CHECK(b.add_entries("l2", false, {{entry_kind::word, std::string(129, 'x')}}) != "");
  CHECK(b.add_entries("l2", false, {{entry_kind::word, "\xff"}}) != "");
  CHECK(b.add_entries("l2", false, {{entry_kind::word, ""}}) != "");
  CHECK(b.add_entries("l2", false, {{entry_kind::word, std::string(128, 'x')}}) == "");
  CHECK(b.change_list("l2", {{}, std::string(301, 'x'), {}, {}}) != "");
  CHECK(b.change_list("l2", {{}, "two\nlines", {}, {}}) != "");
  for (std::size_t i = 0; i < channels_max; ++i)
    REQUIRE(b.set_channel("#c" + std::to_string(i), "l2") == "");
  CHECK(b.set_channel("#more", "l2") != "");
  CHECK(b.set_channel("#C1[", "l3") != "");
  CHECK(b.set_channel("#C1", "l3") == "");
  CHECK(b.set_channel("#c1", "") == "");
  CHECK(b.set_channel("#c1", "") == "no list is set for that channel");
}

TEST_CASE("entries of all lists together have a bound, too") {
  book b(true);
  std::vector<entry> entries;
  for (std::size_t i = 0; i < entries_per_list_max; ++i)
    entries.push_back({entry_kind::word, "w" + std::to_string(i)});
  for (const char *name : {"a", "b", "c", "d"}) {
    REQUIRE(b.add_list(name, {}) == "");
    REQUIRE(b.add_entries(name, false, entries) == "");
  }
  CHECK(b.add_entries("default", false, {{entry_kind::word, "x"}}) != "");
}
