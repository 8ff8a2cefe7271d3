// SPDX-License-Identifier: MIT
//
// Entries to expressions. Words and wildcard expressions are matched against text with marks around
// words, so their expressions have marks too: see between(). What is not understood here, a class
// that never ends or a range that goes down, is left to RE2 to refuse.
#include "profanity/pattern.hpp"

namespace profanity {
namespace {

constexpr std::int64_t expression_memory_max = 1 << 18;

// What an expression is put together from. `edge` is its begin, its end, or a space.
enum class piece { edge, word, single, any_char, any_run };

// The marks between two pieces. A `*` stands for marks, too; beside `?` and classes there may be
// one, because they may stand for a letter or for a sign.
std::string_view between(piece left, piece right) {
  const bool at_edge = left == piece::edge || right == piece::edge;
  if (left == piece::any_run || right == piece::any_run || (left == right && at_edge))
    return "";
  if (!at_edge && (left == piece::any_char || right == piece::any_char))
    return "\\x01?";
  return left == piece::word && right == piece::word ? "" : "\\x01";
}

std::string quoted(std::string_view text) {
  return RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
}

class builder {
public:
  void character(const folded_char &c) {
    switch (c.kind) {
    case glyph::gone:
    case glyph::combined:
      return;
    case glyph::space: // several are one
      if (spaced_)
        return;
      add(piece::edge, " ");
      spaced_ = true;
      return;
    case glyph::word:
      return add(piece::word, quoted(c.text));
    case glyph::single:
      return add(piece::single, quoted(c.text));
    }
  }
  void add(piece next, std::string_view expression) {
    out_ += between(last_, next);
    out_ += expression;
    last_ = next;
    spaced_ = false;
    empty_ = empty_ && (next == piece::edge || next == piece::any_run);
  }
  // Empty when it would match anything.
  std::string finish() {
    out_ += between(last_, piece::edge);
    return empty_ ? std::string() : out_;
  }

private:
  std::string out_;
  piece last_ = piece::edge;
  bool spaced_ = false, empty_ = true;
};

// Reads a class from behind its `[`; `at` is behind its `]` afterwards, or at the end.
std::string class_at(const folding &with, std::string_view text, std::size_t &at,
                     std::string &why) {
  std::string out = "[";
  if (at < text.size() && text[at] == '^') {
    out += "^\\x01 ";
    ++at;
  }
  const std::size_t first = at;
  while (at < text.size() && text[at] != ']') {
    const bool range = text[at] == '-' && at > first && at + 1 < text.size() && text[at + 1] != ']';
    const std::size_t from = at;
    const folded_char c = with.next(text, at);
    std::size_t behind_one = 0;
    const bool one =
        !c.text.empty() && (with.next(c.text, behind_one), true) && behind_one == c.text.size();
    if (c.kind == glyph::gone || c.kind == glyph::combined || c.kind == glyph::space || !one)
      why = "'" + std::string(text.substr(from, at - from)) + "' cannot be in a class";
    out += range ? std::string("-") : quoted(c.text);
  }
  if (at < text.size()) {
    out += ']';
    ++at;
  }
  return out;
}

std::string word_expression(const folding &with, std::string_view text) {
  builder made;
  for (std::size_t at = 0; at < text.size();)
    made.character(with.next(text, at));
  return made.finish();
}

std::string wildcard_expression(const folding &with, std::string_view text, std::string &why) {
  builder made;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '*') {
      made.add(piece::any_run, any_run);
      ++at;
    } else if (text[at] == '?') {
      made.add(piece::any_char, "[^\\x01 ]");
      ++at;
    } else if (text[at] == '[') {
      made.add(piece::any_char, class_at(with, text, ++at, why));
    } else {
      made.character(with.next(text, at));
    }
  }
  return made.finish();
}

// RE2's own syntax is ASCII and stays; other letters are folded like the text they are to match.
std::string own_expression(const folding &with, std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (static_cast<unsigned char>(text[at]) < 128)
      out += text[at++];
    else
      out += with.next(text, at).text;
  }
  return out;
}

} // namespace

std::shared_ptr<const RE2> compile(const folding &with, const entry &from, std::string &why) {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(expression_memory_max);
  why.clear();
  std::string expression;
  if (from.kind == entry_kind::expression) {
    expression = own_expression(with, from.text);
    options.set_case_sensitive(false);
  } else {
    expression = from.kind == entry_kind::word ? word_expression(with, from.text)
                                               : wildcard_expression(with, from.text, why);
  }
  if (why.empty() && expression.empty())
    why = "nothing is left of it that could be matched";
  if (!why.empty())
    return nullptr;
  auto made = std::make_shared<const RE2>(expression, options);
  if (!made->ok())
    why = made->error();
  else if (RE2::PartialMatch("", *made))
    why = "it matches the empty text";
  return why.empty() ? made : nullptr;
}

} // namespace profanity
