// SPDX-License-Identifier: MIT
//
// The profanity filter with 1,000 words and a text of 200 bytes, beside the loop that one would
// write first: one strstr for each word. The goal is less than 5 microseconds; what is judged is
// the ratio to that loop, which has none of the folding. Also what it costs where it is used: a
// message through an engine, with the plugin and without.

#include "bench/bench.hpp"

#include "profanity/matcher.hpp"

#include <confab/plugin.h>

#include <cstring>
#include <random>

extern "C" const confab_plugin_entry confab_plugin_profanity;

namespace {

constexpr std::size_t word_count = 1000, text_count = 64, text_bytes = 200;
constexpr int rounds = 60;

std::string random_word(std::mt19937 &random, std::size_t least, std::size_t most) {
  std::string word(least + random() % (most - least + 1), ' ');
  for (char &c : word)
    c = "eeeetttaaoooiinnsshhrrdlcumwfgypbvk"[random() % 35];
  return word;
}

// Clean texts of words that begin like the bad ones do.
std::vector<std::string> make_texts(std::mt19937 &random, const char *letters) {
  std::vector<std::string> texts(text_count);
  for (std::string &text : texts) {
    while (text.size() < text_bytes) {
      const std::string word = random_word(random, 2, 5);
      text += random() % 4 == 0 ? letters + word : word;
      text += ' ';
    }
    text.resize(text_bytes);
  }
  return texts;
}

double scan_ns(const profanity::matcher &with, const std::vector<std::string> &texts) {
  profanity::folded_text form(profanity::folding::get(true));
  std::vector<profanity::found> places;
  return bench::best_ns(rounds,
                        [&] {
                          for (const std::string &text : texts) {
                            places.clear();
                            form.set(text);
                            const bool found = with.find(form, places);
                            bench::keep(found);
                          }
                        }) /
         text_count;
}

double loop_ns(const std::vector<std::string> &words, const std::vector<std::string> &texts) {
  return bench::best_ns(rounds / 6,
                        [&] {
                          for (const std::string &text : texts) {
                            bool found = false;
                            for (const std::string &word : words)
                              found |= std::strstr(text.c_str(), word.c_str()) != nullptr;
                            bench::keep(found);
                          }
                        }) /
         text_count;
}

// Messages of one user to another, through the whole engine.
double message_ns(const std::vector<std::string> &texts, const std::string *words) {
  bench::world w;
  const std::vector<confab_id> people = w.clients(2);
  confab_plugin_options o = confab_plugin_options_init();
  const confab_setting_value settings[] = {
      {CONFAB_STR("mode"), CONFAB_STR("enforce")},
      {CONFAB_STR("words"), words ? confab_str{words->data(), words->size()} : confab_str{}}};
  o.entry = &confab_plugin_profanity;
  o.settings = settings;
  o.settings_count = 2;
  confab_id plugin = 0;
  if (words)
    bench::check(confab_plugin_add(w.engine, &o, &plugin), "plugin");
  std::string lines;
  for (const std::string &text : texts)
    lines += "PRIVMSG user1 :" + text + "\r\n";
  return bench::best_ns(rounds,
                        [&] {
                          w.feed(people[0], lines);
                          w.flush();
                        }) /
         text_count;
}

} // namespace

int main() {
  std::mt19937 random(1);
  const profanity::folding &folds = profanity::folding::get(true);
  std::vector<std::string> words;
  std::vector<profanity::matcher::compiled> entries;
  std::string lines, why;
  while (words.size() < word_count) {
    const std::string word = random_word(random, 6, 10);
    if (std::find(words.begin(), words.end(), word) != words.end())
      continue;
    const profanity::entry entry{profanity::entry_kind::word, word};
    entries.push_back({entry, profanity::compile(folds, entry, why)});
    lines += (lines.empty() ? "" : "\n") + word;
    words.push_back(word);
  }
  const auto matcher = profanity::matcher::make(entries);
  const std::vector<std::string> ascii = make_texts(random, "sh"),
                                 mixed = make_texts(random, "\xc3\xa9\xd0\xb0");
  const double make = bench::best_ns(3, [&] {
    const auto again = profanity::matcher::make(entries);
    bench::keep(again);
  });
  const double scan = scan_ns(*matcher, ascii), accents = scan_ns(*matcher, mixed),
               loop = loop_ns(words, ascii);
  const double without = message_ns(ascii, nullptr), with = message_ns(ascii, &lines);

  bench::table t;
  bench::table::show("strstr of 1,000 words over 200 bytes", loop / 1000, "us");
  bench::table::show("the filter over them (less than 5 is the goal)", scan / 1000, "us");
  bench::table::show("the same with accents and look-alikes", accents / 1000, "us");
  bench::table::show("a message through the engine", without / 1000, "us");
  bench::table::show("the same with the filter", with / 1000, "us");
  bench::table::show("making the automaton of 1,000 words", make / 1e6, "ms");
  t.row("the filter over strstr", scan / loop, 0.45, "times", "");
  t.row("with accents and look-alikes", accents / loop, 0.45, "times", "");
  t.row("the filter in an engine over strstr", (with - without) / loop, 0.5, "times", "");
  return t.finish();
}
