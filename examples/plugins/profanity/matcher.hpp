// SPDX-License-Identifier: MIT
//
// All entries of one kind of list as one automaton: a pass over the text says which of them match,
// however many there are; only those are asked where. A matcher never changes: another list is
// another matcher. What is done about a match is not known here.
#pragma once

#include "profanity/pattern.hpp"

#include <re2/set.h>

#include <memory>
#include <vector>

namespace profanity {

// Bytes of the original text, and the entry that was found there.
struct found {
  std::uint32_t begin, end;
  std::uint32_t entry;
};

// Places are looked for until there are so many in one text.
inline constexpr std::size_t found_max = 4096;

// A text with its foldings, made when they are first wanted, and room that is used again.
class folded_text {
public:
  explicit folded_text(const folding &with) : with_(&with) {}
  // `text` is looked at until the next call.
  void set(std::string_view text);

  const std::string &marked();
  const std::string &plain();
  const folded &placed(bool marks);

private:
  const folding *with_;
  std::string_view text_;
  folded forms_[4];
  bool made_[4] = {};
  const folded &form(bool marks, bool places);
};

class matcher {
public:
  struct compiled {
    entry from;
    std::shared_ptr<const RE2> expression;
  };

  // Null when RE2 has not the memory for them together.
  static std::shared_ptr<const matcher> make(std::vector<compiled> entries);

  // Appends all places where an entry matches; true when there is any.
  bool find(folded_text &text, std::vector<found> &out) const;

  const std::vector<compiled> &entries() const { return entries_; }

private:
  // The entries that are matched against one form of the text, as a set.
  struct part {
    bool marks;
    std::unique_ptr<RE2::Set> set;
    std::vector<std::uint32_t> entries;
  };
  void warm(const part &p) const;
  static bool fill(part &p, const std::vector<compiled> &entries);
  void find_in(const part &p, folded_text &text, std::vector<found> &out) const;
  void places_of(std::uint32_t number, const folded &text, bool marks,
                 std::vector<found> &out) const;

  std::vector<compiled> entries_;
  part marked_{true, nullptr, {}}, plain_{false, nullptr, {}};
};

} // namespace profanity
