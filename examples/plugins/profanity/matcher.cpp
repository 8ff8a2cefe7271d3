// SPDX-License-Identifier: MIT
//
// Matching. The set is asked first: nearly every text is clean, and then it is all that is done.
// When a set runs out of memory while it matches, which a hostile list could bring about, each of
// its entries is asked alone: slower, and right.
#include "profanity/matcher.hpp"

#include <algorithm>

namespace profanity {
namespace {

constexpr std::int64_t set_memory_max = 32 << 20;

// A run at either end says nothing about whether an expression matches, and costs states.
re2::StringPiece trimmed(re2::StringPiece expression, bool marks) {
  const re2::StringPiece run(any_run.data(), any_run.size());
  while (marks && expression.starts_with(run))
    expression.remove_prefix(run.size());
  while (marks && expression.ends_with(run))
    expression.remove_suffix(run.size());
  return expression;
}

} // namespace

void folded_text::set(std::string_view text) {
  text_ = text;
  for (bool &made : made_)
    made = false;
}

const folded &folded_text::form(bool marks, bool places) {
  const std::size_t i = (marks ? 1U : 0U) + (places ? 2U : 0U);
  if (!made_[i])
    with_->fold(text_, marks, places, forms_[i]);
  made_[i] = true;
  return forms_[i];
}

const std::string &folded_text::marked() { return form(true, false).text; }
const std::string &folded_text::plain() { return form(false, false).text; }
const folded &folded_text::placed(bool marks) { return form(marks, true); }

bool matcher::fill(part &p, const std::vector<compiled> &entries) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(set_memory_max);
  options.set_case_sensitive(p.marks);
  auto set = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    if ((entries[i].from.kind != entry_kind::expression) != p.marks)
      continue;
    if (set->Add(trimmed(entries[i].expression->pattern(), p.marks), nullptr) < 0)
      return false;
    p.entries.push_back(i);
  }
  if (p.entries.empty())
    return true;
  if (!set->Compile())
    return false;
  p.set = std::move(set);
  return true;
}

std::shared_ptr<const matcher> matcher::make(std::vector<compiled> entries) {
  auto made = std::make_shared<matcher>();
  if (!fill(made->marked_, entries) || !fill(made->plain_, entries))
    return nullptr;
  made->entries_ = std::move(entries);
  made->warm(made->marked_);
  made->warm(made->plain_);
  return made;
}

// The automaton grows with the texts it sees. A first one that has something of each entry makes
// the bulk of it now rather than while somebody waits.
void matcher::warm(const part &p) const {
  std::string all;
  for (const compiled &c : entries_) {
    all += c.from.text;
    all += ' ';
  }
  folded_text text(folding::get(true));
  text.set(all);
  std::vector<int> hits;
  if (p.set)
    p.set->Match(p.marks ? text.marked() : text.plain(), &hits);
}

bool matcher::find(folded_text &text, std::vector<found> &out) const {
  const std::size_t before = out.size();
  if (marked_.set)
    find_in(marked_, text, out);
  if (plain_.set)
    find_in(plain_, text, out);
  return out.size() > before;
}

void matcher::find_in(const part &p, folded_text &text, std::vector<found> &out) const {
  std::vector<int> hits;
  RE2::Set::ErrorInfo error{RE2::Set::kNoError};
  const std::string &folded_form = p.marks ? text.marked() : text.plain();
  if (p.set->Match(folded_form, &hits, &error)) {
    for (const int hit : hits)
      places_of(p.entries[static_cast<std::size_t>(hit)], text.placed(p.marks), p.marks, out);
  } else if (error.kind != RE2::Set::kNoError) {
    for (const std::uint32_t number : p.entries)
      places_of(number, text.placed(p.marks), p.marks, out);
  }
}

void matcher::places_of(std::uint32_t number, const folded &text, bool marks,
                        std::vector<found> &out) const {
  const RE2 &expression = *entries_[number].expression;
  const re2::StringPiece all(text.text);
  re2::StringPiece match;
  for (std::size_t at = 0; at < all.size() && out.size() < found_max;) {
    if (!expression.Match(all, at, all.size(), RE2::UNANCHORED, &match, 1))
      return;
    auto begin = static_cast<std::size_t>(match.data() - all.data());
    auto end = begin + match.size();
    // A mark behind this match may be the one before the next.
    at = std::max(end - (marks && match.size() > 1 ? 1 : 0), begin + 1);
    while (begin < end && text.text[begin] == mark)
      ++begin;
    while (begin < end && text.text[end - 1] == mark)
      --end;
    if (begin < end)
      out.push_back({text.begin[begin], text.end[end - 1], number});
  }
}

} // namespace profanity
